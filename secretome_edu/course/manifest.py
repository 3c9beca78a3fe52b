"""What a lesson is: the manifest ``lessons.yaml``, read and checked once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from secretome_edu.quiz.items import Source
from secretome_edu.ui.messages import CourseError, UnknownName
from secretome_edu.ui.yaml_file import read_yaml

MANIFEST = Path(__file__).with_name("lessons.yaml")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Objective(_Entry):
    """What a learner can do afterwards; ``activities`` name explorers, predictions, exercises."""

    id: str
    text: str
    bloom: Literal["remember", "understand", "apply", "analyze", "evaluate", "create"] = "apply"
    activities: tuple[str, ...] = ()


class Section(_Entry):
    """One second-level heading of the notebook and the minutes it takes."""

    title: str
    minutes: int


class LessonEntry(_Entry):
    """One lesson of the manifest; a planned one has a question and no content yet.

    ``facts`` are numbers the lesson's prose states, computed from tables and models; a mark
    ``<!--=name-->`` behind a number binds it to one, see ``authoring.prose``.
    """

    slug: str
    number: int
    part: str
    status: Literal["ready", "planned"]
    title: str
    question: str
    minutes: int = 0
    prerequisites: tuple[str, ...] = ()
    objectives: tuple[Objective, ...] = ()
    sections: tuple[Section, ...] = ()
    explorers: tuple[str, ...] = ()
    key_points: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    misconceptions: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    facts: dict[str, Source] = {}

    @property
    def place(self) -> str:
        """The number with two digits, as in the notebook's name."""
        return f"{self.number:02d}"

    @property
    def notebook(self) -> str:
        """The notebook's file name."""
        return f"{self.place}_{self.slug}.ipynb"


class Manifest(_Entry):
    """The whole course."""

    schema_version: Literal[1]
    course_objectives: tuple[Objective, ...]
    lessons: tuple[LessonEntry, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Manifest:
        for name in ("slug", "number"):
            values = [getattr(entry, name) for entry in self.lessons]
            for value in values:
                if values.count(value) > 1:
                    raise ValueError(f"the {name} {value!r} is there twice")
        known = {entry.slug for entry in self.lessons}
        for entry in self.lessons:
            if unknown := set(entry.prerequisites) - known:
                raise ValueError(f"{entry.slug} needs {sorted(unknown)}, which is no lesson")
        return self

    def ready(self) -> list[LessonEntry]:
        """Return the lessons that have a notebook, in order."""
        return [entry for entry in self.lessons if entry.status == "ready"]

    def entry(self, slug: str) -> LessonEntry:
        """Return one ready lesson by slug (or by number).

        Raises
        ------
        UnknownName
            Lists the closest slugs.
        """
        for entry in self.lessons:
            if slug not in (entry.slug, entry.place, str(entry.number), entry.number):
                continue
            if entry.status == "ready":
                return entry
            raise CourseError(
                f"Lesson {entry.place} {entry.slug!r} is planned and has no notebook yet. "
                "se.course() lists the lessons that are ready."
            )
        raise UnknownName("lesson", slug, [e.slug for e in self.ready()], "se.course()")

    def next_ready(self, slug: str) -> LessonEntry | None:
        """Return the ready lesson after ``slug``, or ``None``."""
        after = self.entry(slug).number
        return next((e for e in self.ready() if e.number > after), None)

    def objective_ids(self) -> dict[str, str]:
        """Return objective id -> text for the course and every ready lesson."""
        own = {o.id: o.text for e in self.ready() for o in e.objectives}
        return {o.id: o.text for o in self.course_objectives} | own


@lru_cache(maxsize=1)
def manifest() -> Manifest:
    """Return the course's manifest.

    Raises
    ------
    CourseError
        If ``lessons.yaml`` does not follow the schema; says where.

    Examples
    --------
    >>> manifest().entry("paracrine_reach").place
    '05'
    """
    return read_yaml(MANIFEST, Manifest)
