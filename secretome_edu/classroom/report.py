"""The class report: everything an instructor sees, computed once, shown by ``page`` and ``table``.

Numbers from fewer than 30 learners are marked as rough: below that, one learner moves a
discrimination index or alpha by more than the differences one would act on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from secretome_edu.classroom.beliefs import Beliefs, Held, beliefs
from secretome_edu.classroom.course_facts import CourseFacts, this_course
from secretome_edu.classroom.gain import Gain, gains
from secretome_edu.classroom.item_analysis import TestStatistics, analyze
from secretome_edu.classroom.marks import Marks, mark_class
from secretome_edu.classroom.merge import Class, read_class
from secretome_edu.classroom.names import called_by
from secretome_edu.classroom.options import Choice, choices
from secretome_edu.classroom.pace import Pace, pace
from secretome_edu.classroom.waiting import no_collection
from secretome_edu.progress.answers import Key
from secretome_edu.quiz.guessing import guess_score
from secretome_edu.quiz.variants import realize

ENOUGH = 30
_FIRST_SHOWN = 3  # misconceptions named at the top


@dataclass(frozen=True)
class TestReport:
    """One test: its statistics, and what was answered to each question."""

    __test__ = False  # the name is not one of pytest's

    lesson: str
    pool: str
    keys: tuple[Key, ...]
    statistics: TestStatistics
    choices: Mapping[Key, list[Choice]]


@dataclass(frozen=True)
class LearnerRow:
    """One learner: what was answered, how well at first, what is still believed."""

    learner: str
    answered: int
    first_mark: float  # mean fraction of first answers
    still: tuple[str, ...]
    last_seen: str


@dataclass(frozen=True)
class ClassReport:
    """A class report; `class_report` makes one."""

    found: Class
    course: CourseFacts
    marks: Marks
    tests: tuple[TestReport, ...]
    beliefs: Beliefs
    gains: tuple[Gain, ...]
    pace: Pace
    learners: tuple[LearnerRow, ...]
    omitted_as_zero: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()

    @property
    def first(self) -> tuple[Held, ...]:
        """What to address first: the most urgent misconceptions anyone showed."""
        shown = [held for held in self.beliefs.ranked if held.showed]
        return tuple(shown[:_FIRST_SHOWN])

    @property
    def headline(self) -> str:
        """The sentence for Monday."""
        if not self.learners:
            return "Nobody has handed in yet."
        if not self.first:
            return f"No misconception showed in the answers of {people(len(self.learners))}."
        return f"Address first: {self.sentence(self.first[0])}"

    def sentence(self, held: Held) -> str:
        """Return what a misconception is, who shows it, on which objective, what repairs it."""
        top = self.beliefs.by_objective[held.belief][0]
        belief = self.course.beliefs.get(held.belief)
        said = f"“{belief.misconception}” ({held.belief})" if belief else held.belief
        when = "before the course" if self.beliefs.before_the_course else "in a first answer"
        objective = self.course.objectives.get(top.objective, top.objective)
        still = {0: "Nobody still shows it.", 1: "1 still shows it."}.get(
            held.still, f"{held.still} still show it."
        )
        place = f"Repair it with {held.repair}." if held.repair else "No lesson repairs it yet."
        return (
            f"{said}, shown {when} by {held.showed} of {people(held.asked)} "
            f"({percent(held.share)}). {still} Most of them on the objective “{objective}” "
            f"({top.objective}). {place}"
        )

    @property
    def doubts(self) -> list[str]:
        """Questions to look at before blaming learners; only where there are enough answers."""
        return [doubt for test in self.tests for doubt in _doubts(test, self.course)]


def enough(count: int) -> bool:
    """Tell whether a number of learners carries statistics."""
    return count >= ENOUGH


def few(count: int) -> str:
    r"""Return the mark of a number that rests on too few learners.

    Examples
    --------
    >>> few(29) == "n\N{NO-BREAK SPACE}<\N{NO-BREAK SPACE}30", few(30)
    (True, '')
    """
    return "" if enough(count) else f"n < {ENOUGH}".replace(" ", "\N{NO-BREAK SPACE}")


def people(count: int) -> str:
    """Return a number of learners in words.

    Examples
    --------
    >>> people(1), people(30)
    ('1 learner', '30 learners')
    """
    return f"{count} learner{'' if count == 1 else 's'}"


def percent(fraction: float) -> str:
    """Return a share in whole percent.

    Examples
    --------
    >>> percent(0.467), percent(float("nan"))
    ('47 %', 'undefined')
    """
    return f"{100 * fraction:.0f} %" if fraction == fraction else "undefined"


def class_report(
    place: str | Path,
    *,
    course: CourseFacts | None = None,
    names: Mapping[str, str] | None = None,
    omitted_as_zero: bool = False,
    now: datetime | None = None,
) -> ClassReport:
    """Return the report on the class that handed in at a place.

    Parameters
    ----------
    place : str or Path
        A folder of hand-ins, one hand-in, or a store's URL; see `merge.read_class`.
    course : CourseFacts, optional
        Default: the installed course.
    names : mapping of str to str, optional
        Learner's id, or its beginning -> name, from `names.read_names`. Without it the report shows
        pseudonyms only, also for learners who put a name into their hand-in.
    omitted_as_zero : bool
        Count an unanswered question 0, as for an exam that is over; see `item_analysis`.
    now : datetime, optional
        Aware; later times come from wrong clocks.

    Raises
    ------
    CourseError
        There is no such place.

    Examples
    --------
    >>> import tempfile
    >>> class_report(tempfile.mkdtemp()).headline
    'Nobody has handed in yet.'
    """
    now = now or datetime.now(UTC)
    course = course or this_course()
    with no_collection():
        found = read_class(place, now)
        marks = mark_class(found.learners, course)
    called, strangers = called_by(found, names or {})
    held = beliefs(marks, course)
    return ClassReport(
        found=found,
        course=course,
        marks=marks,
        tests=tuple(_tests(marks, course, omitted_as_zero)),
        beliefs=held,
        gains=tuple(gains(marks, course)),
        pace=pace(marks, course, now),
        learners=tuple(_learners(marks, found)),
        omitted_as_zero=omitted_as_zero,
        names=called,
        notices=(*found.notices, *strangers, *_about_answers(marks)),
    )


def _tests(marks: Marks, course: CourseFacts, zero: bool) -> Iterator[TestReport]:
    for lesson, pool, keys in course.tests():
        matrix = marks.matrix(keys)
        if np.isnan(matrix).all():
            continue
        statistics = analyze(matrix, omitted_as_zero=zero)
        if zero:
            matrix[~np.isnan(matrix).all(axis=1)] = np.nan_to_num(
                matrix[~np.isnan(matrix).all(axis=1)], nan=0.0
            )
        rows = {
            who: row
            for who, row in zip(marks.learners, matrix, strict=True)
            if not np.isnan(row).any()
        }
        picked = {}
        for place, key in enumerate(keys):
            rest = {who: float(np.delete(row, place).sum()) for who, row in rows.items()}
            picked[key] = choices(course.items[key], marks.of.get(key, {}), rest)
        yield TestReport(lesson, pool, tuple(keys), statistics, picked)


def _learners(marks: Marks, found: Class) -> Iterator[LearnerRow]:
    own: dict[str, list] = {who: [] for who in marks.learners}
    for column in marks.of.values():
        for who, mark in column.items():
            own[who].append(mark)
    for who in marks.learners:
        scores = [mark.first.score for mark in own[who]]
        still = sorted({b for mark in own[who] for b in mark.newest.misconceptions})
        events = found.learners[who]
        yield LearnerRow(
            who,
            len(marks.when.get(who, {})),
            float(np.mean(scores)) if scores else float("nan"),
            tuple(still),
            events[-1].time[:10] if events else "",
        )


def _about_answers(marks: Marks) -> Iterator[str]:
    if marks.outdated:
        versions = sum(marks.outdated.values(), start=type(next(iter(marks.outdated.values())))())
        yield (
            f"{sum(versions.values())} answers to {len(marks.outdated)} questions were given to "
            "another wording or key than the course has now; they are listed below and counted "
            "nowhere. If only a key was corrected, regrade counts them."
        )
    if marks.unknown:
        yield (
            f"{sum(marks.unknown.values())} answers are to {len(marks.unknown)} questions this "
            "version of the course does not have; they are listed below."
        )
    if marks.shown:
        yield f"{marks.shown} first answers came after the solution was shown; they do not count."
    if marks.differing:
        yield (
            f"{marks.differing} answers carry another score than grading gives; grading counts. "
            "The files were changed, or the course was."
        )


def _doubts(test: TestReport, course: CourseFacts) -> Iterator[str]:
    for key, item in zip(test.keys, test.statistics.items, strict=True):
        where = f"{course.title(key[0])}, {key[1]}"
        if enough(item.attempts) and item.discrimination_index < 0:
            yield f"{where}: learners who do well elsewhere do worse here. Is the key right?"
        guess = 100 * guess_score(realize(course.items[key]))
        if enough(item.answered) and item.facility < guess:
            yield (
                f"{where}: facility {item.facility:.0f} % is below blind guessing ({guess:.0f} %)."
            )
        for choice in test.choices[key]:
            if enough(item.attempts) and not choice.right and choice.correlation > 0.1:
                yield f"{where}: strong learners tend to the wrong answer “{choice.text}”."
