"""What a lesson is: manifest, header, the steps of a lesson and its close."""

from secretome_edu.course.lesson import Lesson, lesson
from secretome_edu.course.manifest import manifest
from secretome_edu.course.overview import (
    course,
    delete_progress,
    export_progress,
    import_progress,
    progress,
    review,
)

__all__ = [
    "Lesson",
    "course",
    "delete_progress",
    "export_progress",
    "import_progress",
    "lesson",
    "manifest",
    "progress",
    "review",
]
