"""What is taught and tested: each objective has at least two questions and one activity."""

from __future__ import annotations

from collections import Counter

from secretome_edu.course.manifest import LessonEntry
from secretome_edu.ui.findings import Finding

RULES = {
    "C01": "each objective of a lesson has at least two questions of its closing quiz",
    "C02": "each objective has at least one activity, and every activity exists",
    "C03": "each question and exercise names an objective that exists",
    "C04": "a lesson has at least two items in the warm-up and six to eight in the quiz",
}


def coverage(entry: LessonEntry) -> dict[str, tuple[int, list[str]]]:
    """Return objective id -> (number of quiz questions, names of activities)."""
    from secretome_edu.course.lesson import Lesson

    lesson = Lesson(entry)
    asked = Counter(item.objective for item in lesson.bank.pool("quiz"))
    own = {e.id: e.objective for e in lesson.exercises.values()}
    return {
        o.id: (asked[o.id], [*o.activities, *(x for x, at in own.items() if at == o.id)])
        for o in entry.objectives
    }


def lint_coverage(entry: LessonEntry) -> list[Finding]:
    """Return the gaps of a lesson's coverage matrix."""
    from secretome_edu.course.lesson import Lesson
    from secretome_edu.course.manifest import manifest

    lesson, at, found = Lesson(entry), f"lessons.yaml {entry.slug}", []
    known = {
        n for kind in ("explorer", "exercise", "prediction", "figure") for n in lesson.ids(kind)
    }
    for id, (questions, activities) in coverage(entry).items():
        if questions < 2:
            found.append(
                Finding(at, "C01", f"{id} has {questions} quiz questions; two are needed.")
            )
        if not activities:
            found.append(Finding(at, "C02", f"{id} has no activity."))
        for name in activities:
            if name not in known:
                found.append(
                    Finding(at, "C02", f"{id} names the activity {name!r}: no such thing.")
                )
    objectives = manifest().objective_ids()
    used = {i.id: i.objective for i in lesson.bank.items}
    used |= {e.id: e.objective for e in lesson.exercises.values()}
    for name, objective in used.items():
        if objective not in objectives:
            found.append(Finding(at, "C03", f"{name} is for {objective!r}, which does not exist."))
    if entry.number > 0 and len(lesson.ids("warmup")) < 2:
        found.append(Finding(at, "C04", "fewer than two warm-up questions."))
    if not 6 <= len(lesson.ids("quiz")) <= 8:
        found.append(
            Finding(at, "C04", f"{len(lesson.ids('quiz'))} quiz questions; 6 to 8 wanted.")
        )
    return found
