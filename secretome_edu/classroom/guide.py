"""The instructor guide: pages made from the manifest, the banks and a few notes.

``guide.yaml`` holds what cannot be computed: discussion questions with model answers, and the
checklist of the room. The guide shows no key, so that it may lie beside the lessons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from secretome_edu.classroom import plans
from secretome_edu.classroom.exposing import exposing, likely
from secretome_edu.course.manifest import LessonEntry, manifest
from secretome_edu.course.markdown import cited, table
from secretome_edu.data import misconception
from secretome_edu.quiz.items import OpenAnswer
from secretome_edu.ui.bundle import Bundle
from secretome_edu.ui.yaml_file import read_yaml

NOTES = Path(__file__).with_name("guide.yaml")
_POOLS = {
    "pretest": "test before the course", "warmup": "warm-up", "prediction": "prediction",
    "quiz": "closing quiz", "part_quiz": "quiz of the part", "posttest": "test after the course",
}  # fmt: skip


class Discussion(BaseModel):
    """A question to talk about, an answer to steer towards, and the sources behind it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    answer: str
    sources: tuple[str, ...] = Field(min_length=1)


class _Notes(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    checklist: dict[str, tuple[str, ...]]
    scoring: dict[str, str]
    discussions: dict[str, tuple[Discussion, ...]]


@lru_cache(maxsize=1)
def notes() -> _Notes:
    """Return the typed part of the guide.

    Raises
    ------
    CourseError
        If ``guide.yaml`` does not follow the schema; says where.
    """
    return read_yaml(NOTES, _Notes)


def plan_names() -> list[str]:
    """Return the names of the plans.

    Examples
    --------
    >>> plan_names()
    ['50 minutes', '90 minutes', 'one day', '12 weeks']
    """
    return [plan.id for plan in plans.plans()]


def plan(name: str) -> Bundle:
    """Return a plan for a class, minute by minute.

    Parameters
    ----------
    name : str
        One of :func:`plan_names`.

    Raises
    ------
    UnknownName
        A KeyError that lists the plans there are.
    """
    chosen = plans.plan_named(name)
    lines = [f"**{chosen.title}.** {chosen.aim}", ""]
    for session in chosen.sessions:
        rows, clock = [], 0
        for step in session.steps:
            minutes = plans.step_minutes(step)
            rows.append((f"{clock}–{clock + minutes}", _step(step), str(minutes)))
            clock += minutes
        if left := plans.left_minutes(session):
            rows.append((f"{clock}–{clock + left}", "Talk, tasks and questions", str(left)))
        lines += [f"{session.title}, {session.minutes} minutes:", ""]
        lines += [*table(("Minute", "What", "Minutes"), rows), ""]
    if before := plans.lessons_missing_before(chosen):
        named = ", ".join(f"{entry.place} {entry.title}" for entry in before)
        lines += [f"Builds on lessons that are not in this plan: {named}. Say what is needed."]
    return _bundle(lines)


def lesson_page(slug: str) -> Bundle:
    """Return what an instructor needs for one lesson.

    Parameters
    ----------
    slug : str
        Slug or number of a ready lesson.

    Returns
    -------
    Bundle
        Timing, what to prepare, likely misconceptions with questions that expose them,
        questions to discuss with model answers, marking.

    Raises
    ------
    UnknownName
        Lists the closest slugs.
    """
    return _bundle(_lesson(manifest().entry(slug)))


def lesson_pages() -> Bundle:
    """Return the pages of all ready lessons in order, and what is missing."""
    lines: list[str] = []
    for entry in manifest().ready():
        lines += [*_lesson(entry), ""]
    planned = [f"{e.place} {e.title}" for e in manifest().lessons if e.status != "ready"]
    if planned:
        lines += [f"In preparation, without a page yet: {', '.join(planned)}."]
    return _bundle(lines)


def marking() -> Bundle:
    """Return the marking scheme: points by lesson and pool, and how each type is scored."""
    rows = []
    used: set[str] = set()
    for entry in manifest().ready():
        for pool, items in _scored_pools(entry):
            types = Counter(_type(item.type) for item in items)
            used |= {item.type for item in items}
            what = ", ".join(f"{n} {name}" for name, n in types.items())
            rows.append((f"{entry.place} {entry.title}", _POOLS[pool], what, str(len(items))))
    lines = ["Each question counts one point.", ""]
    lines += table(("Lesson", "Questions", "Types", "Points"), rows)
    lines += ["", "How the point is given:", ""]
    scoring = notes().scoring
    lines += table(("Type", "Points"), ((_type(t), scoring[t]) for t in scoring if t in used))
    return _bundle(lines)


def rubrics() -> Bundle:
    """Return model answers and rubrics of all open answers; these are keys, so store them nowhere.

    The notebook of the guide names this function and does not call it.
    """
    from secretome_edu.quiz.bank import load_bank

    lines = []
    for entry in manifest().ready():
        for item in load_bank(entry.slug).items:
            if isinstance(item, OpenAnswer):
                lines += [f"**{entry.place} {entry.title}, `{item.id}`.** {item.stem}", ""]
                lines += [f"- {part.text} ({part.points:g})" for part in item.rubric]
                lines += ["", f"Model answer: {item.model_answer}", ""]
    return _bundle(lines or ["No bank has an open answer."])


def checklist() -> Bundle:
    """Return what to see to before, during and after a class."""
    lines: list[str] = []
    for when, things in notes().checklist.items():
        lines += [f"**{when}**", "", *(f"- {thing}" for thing in things), ""]
    return _bundle(lines)


def _lesson(entry: LessonEntry) -> list[str]:
    return [
        f"### {entry.place} {entry.title}",
        "",
        f"*{entry.question}* {entry.minutes} minutes.",
        "",
        "#### Timing",
        "",
        *_timing(entry),
        "",
        "#### To prepare",
        "",
        *_prepare(entry),
        "",
        "#### Likely misconceptions",
        "",
        *_misconceptions(entry),
        "",
        "#### To discuss",
        "",
        *_discussions(entry),
        "",
        "#### Marking",
        "",
        *(
            f"- {_POOLS[pool].capitalize()}: {len(items)} points, {_open(items)}"
            for pool, items in _scored_pools(entry)
        ),
    ]


def _timing(entry: LessonEntry) -> list[str]:
    rows, clock = [], 0
    for section in entry.sections:
        until = clock + section.minutes
        rows.append((f"{clock}–{until}", section.title, str(section.minutes)))
        clock = until
    return table(("Minute", "Section", "Minutes"), rows)


def _prepare(entry: LessonEntry) -> list[str]:
    from secretome_edu.exercises import load_exercises

    exercises = load_exercises(entry.slug).values()
    boxes = [e.title for e in exercises if e.fields]
    code = [e.title for e in exercises if not e.fields]
    before = [e.place for e in map(manifest().entry, entry.prerequisites)]
    lines = [
        f"- Learners need lessons {', '.join(before)}." if before else "- Nothing is needed before."
    ]
    if entry.explorers:
        names = ", ".join(f"`se.explore({name!r})`" for name in entry.explorers)
        lines.append(f"- Move the models yourself: {names}.")
    if boxes:
        lines.append(f"- Tasks with boxes: {'; '.join(boxes)}")
    if code:
        lines.append(f"- Tasks in code, to be skipped on the track without: {'; '.join(code)}")
    if entry.terms:
        lines.append(f"- Words that are defined here: {', '.join(entry.terms)}")
    return lines


def _misconceptions(entry: LessonEntry) -> list[str]:
    rows = []
    for belief in likely(entry):
        known = misconception(belief)
        asked = exposing(entry, belief)
        rows.append(
            (
                f"{known.misconception} ({belief})",
                f"{known.correction} ({cited(known.source_keys)})",
                f"{asked.stem} ({asked.where})" if asked else "No question of the course yet.",
                asked.answer if asked else "none yet",
            )
        )
    if not rows:
        return ["No question of this lesson names a misconception."]
    return table(("Belief", "What its source supports", "Question", "Answer that shows it"), rows)


def _discussions(entry: LessonEntry) -> list[str]:
    found = notes().discussions.get(entry.slug, ())
    if not found:
        return ["No notes for this lesson yet."]
    lines = []
    for one in found:
        lines += [f"- **{one.question}** {one.answer} ({cited(one.sources)})"]
    return lines


def _scored_pools(entry: LessonEntry):
    from secretome_edu.quiz.bank import load_bank

    bank = load_bank(entry.slug)
    for pool in _POOLS:
        if pool != "prediction" and (items := bank.pool(pool)):
            yield pool, items


def _open(items: Iterable) -> str:
    rubric = [item for item in items if isinstance(item, OpenAnswer)]
    if not rubric:
        return "all graded by the course."
    parts = sum(len(item.rubric) for item in rubric)
    return f"{len(rubric)} of them open, marked against {parts} criteria; see `guide.rubrics()`."


def _step(step: plans.Step) -> str:
    entry = step.entry
    if entry is None:
        return step.do
    name = f"Lesson {entry.place} {entry.title}"
    if entry.status != "ready":
        return f"{name} (in preparation; minutes assumed)"
    return f"{name}: {'; '.join(step.sections)}" if step.sections else name


def _type(name: str) -> str:
    return name.replace("_", " ")


def _bundle(lines: Iterable[str]) -> Bundle:
    from secretome_edu.ui.markup import to_html, to_text

    source = "\n".join(lines)
    return Bundle(to_text(source), to_html(source))
