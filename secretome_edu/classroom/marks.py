"""What each learner's answers are worth: the first answer to each question, and the newest.

The first answer is the measure, as in Moodle's statistics: later ones were given after feedback.
An answer given after the solution was shown is none. Every answer is graded again here, so a mark
does not depend on what a hand-in claims; answers to another wording of a question are counted and
named, never mixed in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from secretome_edu.classroom.course_facts import CourseFacts
from secretome_edu.classroom.waiting import with_bar
from secretome_edu.progress.answers import Answer, Key, answers
from secretome_edu.progress.events import Event, canonical
from secretome_edu.quiz.grading import grade
from secretome_edu.quiz.items import Item
from secretome_edu.quiz.result import Result
from secretome_edu.ui.messages import BadValue


@dataclass(frozen=True)
class Mark:
    """One learner at one question.

    Attributes
    ----------
    response : object
        The first answer, in the author's ids.
    first, newest : Result
    tries : int
    hinted : bool
        A hint was open at the first answer.
    """

    response: Any
    first: Result
    newest: Result
    tries: int = 1
    hinted: bool = False


@dataclass
class Marks:
    """All marks of a class.

    Attributes
    ----------
    learners : tuple of str
    of : dict
        (lesson, item) -> learner -> Mark.
    when : dict
        Learner -> (lesson, item) -> time of the first answer, exercises included.
    outdated : dict
        (lesson, item) -> number of answers to another wording by its hash.
    unknown : Counter
        Answers to questions the course does not have.
    shown : int
        First answers that were given after the solution was shown.
    differing : int
        Answers whose recorded score is not what grading gives.
    """

    learners: tuple[str, ...]
    of: dict[Key, dict[str, Mark]] = field(default_factory=dict)
    when: dict[str, dict[Key, datetime]] = field(default_factory=dict)
    outdated: dict[Key, Counter[str]] = field(default_factory=dict)
    unknown: Counter[Key] = field(default_factory=Counter)
    shown: int = 0
    differing: int = 0

    def matrix(self, keys: Iterable[Key]) -> np.ndarray:
        """Return first marks, shape (learners, questions); NaN where there is none."""
        columns = [self.of.get(key, {}) for key in keys]
        rows = [
            [column[who].first.score if who in column else np.nan for column in columns]
            for who in self.learners
        ]
        return np.array(rows, dtype=float).reshape(len(self.learners), len(columns))


def mark_class(learners: Mapping[str, list[Event]], course: CourseFacts) -> Marks:
    """Return the marks of a class.

    Parameters
    ----------
    learners : mapping of str to list of Event
        Oldest first, as in `merge.Class`.
    course : CourseFacts
    """
    marks = Marks(tuple(sorted(learners)))
    examiner = Examiner()
    for learner in with_bar(marks.learners, "Grading"):
        _mark_learner(learner, answers(learners[learner]), course, marks, examiner)
    return marks


class Examiner:
    """Grades, each different answer once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, Any, str], Result | None] = {}

    def grade(self, item: Item, response: Any, variant: Any) -> Result | None:
        """Return what a response is worth, or None if it does not fit the question."""
        seed = variant if isinstance(variant, int) and not isinstance(variant, bool) else None
        case = id(item), seed, canonical(response)
        if case not in self._known:
            try:
                result = grade(item, response, seed)
            except BadValue:  # a variant the item does not have
                result = None
            self._known[case] = result if result is not None and result.counts else None
        return self._known[case]


def _mark_learner(
    learner: str, given: list[Answer], course: CourseFacts, marks: Marks, examiner: Examiner
) -> None:
    fitting: dict[Key, list[Answer]] = {}
    for answer in given:
        key = answer.key
        if key not in course.items and key not in course.others:
            marks.unknown[key] += 1
            continue
        marks.when.setdefault(learner, {}).setdefault(key, answer.when)
        if key in course.others:
            continue
        if answer.item_hash != course.hashes[key]:
            marks.outdated.setdefault(key, Counter())[answer.item_hash] += 1
            continue
        fitting.setdefault(key, []).append(answer)
    for key, tries in fitting.items():
        first, newest = tries[0], tries[-1]
        if first.shown:
            marks.shown += 1
            continue
        item = course.items[key]
        result = examiner.grade(item, first.response, first.variant)
        last = examiner.grade(item, newest.response, newest.variant)
        if result is None or last is None:
            marks.differing += 1
            continue
        marks.differing += abs(result.score - first.fraction) > 1e-9
        marks.of.setdefault(key, {})[learner] = Mark(
            first.response, result, last, len(tries), first.hinted
        )
