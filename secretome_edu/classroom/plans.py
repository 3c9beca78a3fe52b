"""Plans for a class: which lessons fit into an hour, a day or a term, with minutes that add up.

``plans.yaml`` names lessons and sections; their minutes come from the manifest.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, model_validator

from secretome_edu.course.manifest import LessonEntry, manifest
from secretome_edu.ui.messages import CourseError, UnknownName
from secretome_edu.ui.yaml_file import read_yaml

PLANS = Path(__file__).with_name("plans.yaml")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Entry):
    """A lesson, some sections of one, or something else that takes minutes."""

    lesson: str = ""
    sections: tuple[str, ...] = ()
    do: str = ""
    minutes: int = 0

    @model_validator(mode="after")
    def _one_kind(self) -> Step:
        if bool(self.lesson) == bool(self.do):
            raise ValueError("a step has either a lesson or something to do")
        if bool(self.do) != bool(self.minutes):
            raise ValueError("minutes go with something to do; a lesson's are in the manifest")
        return self

    @property
    def entry(self) -> LessonEntry | None:
        """The manifest's entry of the lesson, ready or planned; None without one."""
        if not self.lesson:
            return None
        known = {entry.slug: entry for entry in manifest().lessons}
        if self.lesson not in known:
            raise UnknownName("lesson", self.lesson, known, "se.course()")
        return known[self.lesson]


class Session(_Entry):
    """What happens between two entrances into the room, and the minutes there are."""

    title: str
    minutes: int
    steps: tuple[Step, ...]


class Plan(_Entry):
    """One or more sessions with one aim."""

    id: str
    title: str
    aim: str
    sessions: tuple[Session, ...]


class _File(_Entry):
    planned_lesson_minutes: int
    plans: tuple[Plan, ...]


@lru_cache(maxsize=1)
def _file() -> _File:
    return read_yaml(PLANS, _File)


def plans() -> tuple[Plan, ...]:
    """Return all plans, the shortest first."""
    return _file().plans


def plan_named(name: str) -> Plan:
    """Return one plan.

    Raises
    ------
    UnknownName
        A KeyError that lists the plans there are.
    """
    for plan in plans():
        if plan.id == name:
            return plan
    raise UnknownName("plan", name, [plan.id for plan in plans()], "guide.plan_names()")


def step_minutes(step: Step) -> int:
    """Return how many minutes a step takes, a lesson's from the manifest.

    Raises
    ------
    CourseError
        If the lesson has no section of a title the plan names.

    Examples
    --------
    >>> step_minutes(Step(do="Break", minutes=15))
    15
    """
    entry = step.entry
    if entry is None:
        return step.minutes
    if entry.status != "ready":
        return _file().planned_lesson_minutes
    if not step.sections:
        return entry.minutes
    minutes = {section.title: section.minutes for section in entry.sections}
    if missing := [title for title in step.sections if title not in minutes]:
        raise CourseError(
            f"{PLANS.name}: lesson {entry.slug} has no section {missing[0]!r}; "
            f"its sections are {', '.join(minutes)}."
        )
    return sum(minutes[title] for title in step.sections)


def left_minutes(session: Session) -> int:
    """Return the minutes a session has left for talk; negative if the plan does not fit."""
    return session.minutes - sum(map(step_minutes, session.steps))


def lessons_missing_before(plan: Plan) -> list[LessonEntry]:
    """Return the lessons that a plan's lessons build on and the plan leaves out."""
    given = [step.entry for session in plan.sessions for step in session.steps if step.entry]
    needed = {slug for entry in given for slug in entry.prerequisites}
    have = {entry.slug for entry in given}
    return [entry for entry in manifest().lessons if entry.slug in needed - have]
