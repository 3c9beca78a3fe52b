"""The learner's report: what is done, mastered, misunderstood, due; and how well doubt is placed.

Pure functions of events and facts. Thresholds: an objective is mastered at 80 % over at least two
questions, a lesson is passed at 80 % of its objectives. A mastery threshold helps weaker learners
most (Kulik et al. 1990, doi 10.3102/00346543060002265), though not in every review, so it is shown
and nothing is locked by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from secretome_edu.progress.answers import Answer, ItemFacts, Key, answers
from secretome_edu.progress.events import EDITED, Event
from secretome_edu.progress.review import DueItem, schedule
from secretome_edu.ui.bundle import Bundle

MASTERED_FROM = 0.8
LEAST_ITEMS = 2
PASSED_FROM = 0.8
Diagnose = Callable[[Answer], Iterable[str]]


@dataclass(frozen=True)
class LessonFacts:
    """A lesson's slug and title."""

    lesson: str
    title: str


@dataclass(frozen=True)
class ObjectiveFacts:
    """An objective's id, sentence and lesson."""

    objective: str
    text: str
    lesson: str


@dataclass(frozen=True)
class MisconceptionFacts:
    """A misconception, what is true instead, and the section of the course that repairs it."""

    misconception: str
    correction: str
    repair: str = ""


@dataclass(frozen=True)
class ObjectiveState:
    """How far an objective is: ``items`` exist, ``answered`` of them were, ``fraction`` right."""

    facts: ObjectiveFacts
    items: int
    answered: int
    fraction: float

    @property
    def measurable(self) -> bool:
        """Whether the course has enough questions on it."""
        return self.items >= LEAST_ITEMS

    @property
    def mastered(self) -> bool:
        """At least two questions answered without the solution, and 80 % of the score."""
        return self.answered >= LEAST_ITEMS and self.fraction >= MASTERED_FROM - 1e-9


@dataclass(frozen=True)
class LessonState:
    """How far a lesson is."""

    facts: LessonFacts
    items: int
    answered: int
    objectives: int
    mastered: int

    @property
    def passed(self) -> bool:
        """Whether 80 % of the objectives that can be measured are mastered."""
        return self.objectives > 0 and self.mastered >= PASSED_FROM * self.objectives - 1e-9


@dataclass(frozen=True)
class MisconceptionState:
    """A misconception an answer showed; ``open`` until each such question was answered without."""

    id: str
    facts: MisconceptionFacts
    open: bool


@dataclass(frozen=True)
class Calibration:
    """How often first answers given with this confidence were right."""

    confidence: int
    answers: int
    right: int


@dataclass(frozen=True)
class LearnerReport:
    """What :func:`learner_report` found; displays itself.

    Attributes
    ----------
    due : tuple of DueItem
        What to answer again now.
    next_due : DueItem or None
        What comes after that.
    not_counted : int
        Events that were edited after they were written.
    """

    lessons: tuple[LessonState, ...]
    objectives: tuple[ObjectiveState, ...]
    misconceptions: tuple[MisconceptionState, ...]
    calibration: tuple[Calibration, ...]
    due: tuple[DueItem, ...]
    next_due: DueItem | None
    not_counted: int
    answered: int
    now: datetime
    titles: Mapping[Key, str]

    @property
    def bundle(self) -> Bundle:
        """The report as text and as HTML tables with captions."""
        from secretome_edu.progress.report_view import render

        return render(self)

    def __repr__(self) -> str:
        return self.bundle.text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return self.bundle._repr_mimebundle_()


def learner_report(
    events: Iterable[Event],
    *,
    items: Iterable[ItemFacts],
    objectives: Iterable[ObjectiveFacts],
    lessons: Iterable[LessonFacts],
    misconceptions: Mapping[str, MisconceptionFacts],
    now: datetime,
    diagnose: Diagnose | None = None,
) -> LearnerReport:
    """Return a learner's report.

    Parameters
    ----------
    events : iterable of Event
        Oldest first, as ``store.events()`` returns them.
    items : iterable of ItemFacts
        The questions that exist now; answers to others are passed over.
    objectives, lessons : iterable of ObjectiveFacts, LessonFacts
        In the order of the report.
    misconceptions : mapping
        Id -> MisconceptionFacts.
    now : datetime
        Aware.
    diagnose : callable, optional
        Returns the ids of the misconceptions an answer shows, for instance by grading it again.
        Default: the ids its chosen options stand for.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from secretome_edu.progress.store import open_store
    >>> store = open_store("memory:")
    >>> for item in ("q1", "q2"):
    ...     _ = store.append("answered", lesson="units", item=item, state="correct", score=1.0,
    ...                      max_score=1.0)
    >>> report = learner_report(
    ...     store.events(), items=[ItemFacts(q, "units", "units.1") for q in ("q1", "q2")],
    ...     objectives=[ObjectiveFacts("units.1", "Convert units.", "units")],
    ...     lessons=[LessonFacts("units", "Units")], misconceptions={}, now=datetime.now(UTC))
    >>> report.objectives[0].mastered, report.lessons[0].passed
    (True, True)
    """
    events = list(events)
    known = {facts.key: facts for facts in items}
    given = [a for a in answers(events) if _current(a, known)]
    practised = [a for a in given if known[a.key].practice]
    counted = {a.key: a for a in practised if not a.shown}  # the newest without the solution
    stood = tuple(_objective(o, known, counted) for o in objectives)
    planned = schedule(events, now, known.values())
    waiting = [d for d in planned if d.due > now]
    return LearnerReport(
        lessons=tuple(_lesson(lesson, known, practised, stood) for lesson in lessons),
        objectives=stood,
        misconceptions=_misconceptions(given, known, misconceptions, diagnose),
        calibration=_calibration(practised),
        due=tuple(d for d in planned if d.due <= now),
        next_due=min(waiting, key=lambda d: (d.due, d.lesson, d.item), default=None),
        not_counted=sum(event.flag == EDITED for event in events),
        answered=len({a.key for a in practised}),
        now=now.astimezone(UTC),
        titles={key: facts.title or facts.item for key, facts in known.items()},
    )


def _current(answer: Answer, known: Mapping[Key, ItemFacts]) -> bool:
    facts = known.get(answer.key)
    return facts is not None and facts.item_hash in ("", answer.item_hash)


def _objective(
    objective: ObjectiveFacts, known: Mapping[Key, ItemFacts], counted: Mapping[Key, Answer]
) -> ObjectiveState:
    keys = [k for k, f in known.items() if f.practice and f.objective == objective.objective]
    shares = [counted[key].fraction for key in keys if key in counted]
    fraction = sum(shares) / len(shares) if shares else 0.0
    return ObjectiveState(objective, len(keys), len(shares), fraction)


def _lesson(
    lesson: LessonFacts,
    known: Mapping[Key, ItemFacts],
    practised: list[Answer],
    objectives: Iterable[ObjectiveState],
) -> LessonState:
    own = [o for o in objectives if o.facts.lesson == lesson.lesson and o.measurable]
    return LessonState(
        lesson,
        items=sum(f.practice and f.lesson == lesson.lesson for f in known.values()),
        answered=len({a.key for a in practised if a.lesson == lesson.lesson}),
        objectives=len(own),
        mastered=sum(o.mastered for o in own),
    )


def _misconceptions(
    given: list[Answer],
    known: Mapping[Key, ItemFacts],
    facts: Mapping[str, MisconceptionFacts],
    diagnose: Diagnose | None,
) -> tuple[MisconceptionState, ...]:
    shown: dict[str, set[Key]] = {}  # misconception -> questions whose newest answer shows it
    for answer in given:
        now_shown = set(diagnose(answer) if diagnose else _chosen(answer, known[answer.key]))
        for questions in shown.values():
            questions.discard(answer.key)
        for id in now_shown & set(facts):
            shown.setdefault(id, set()).add(answer.key)
    states = [MisconceptionState(id, facts[id], bool(shown[id])) for id in facts if id in shown]
    return tuple(sorted(states, key=lambda state: not state.open))


def _chosen(answer: Answer, facts: ItemFacts) -> set[str]:
    """Return the misconceptions of the options a response names, however deep they stand."""
    if answer.right:
        return set()
    named, found = [answer.response], set()
    while named:
        part = named.pop()
        if isinstance(part, str) and part in facts.misconceptions:
            found.add(facts.misconceptions[part])
        elif isinstance(part, list):
            named.extend(part)
        elif isinstance(part, dict):
            named.extend(part.values())
    return found


def _calibration(practised: list[Answer]) -> tuple[Calibration, ...]:
    rows = []
    for confidence in (1, 2, 3):
        at = [a for a in practised if a.confidence == confidence and a.first and not a.shown]
        rows.append(Calibration(confidence, len(at), sum(a.right for a in at)))
    return tuple(rows)
