"""How far a class is: questions and exercises answered over the days, and lesson by lesson."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from secretome_edu.classroom.course_facts import CourseFacts
from secretome_edu.classroom.marks import Marks

_EARLIEST = datetime(2025, 1, 1)
QUARTERS = (75, 50, 25)


@dataclass(frozen=True)
class LessonPace:
    """How many learners answered anything in a lesson, and all of its closing quiz."""

    lesson: str
    begun: int
    quiz_done: int


@dataclass(frozen=True)
class Pace:
    """The progress of a class.

    Attributes
    ----------
    days : array of int, shape (days,)
        Since the first answer of the class.
    answered : dict of int to array, shape (days,)
        Percentile (75, 50, 25) -> questions and exercises a learner has answered by then.
    first_day, last_day : str
        ISO dates in UTC; empty without answers.
    lessons : tuple of LessonPace
    """

    days: np.ndarray
    answered: dict[int, np.ndarray]
    first_day: str
    last_day: str
    lessons: tuple[LessonPace, ...]


def pace(marks: Marks, course: CourseFacts, now: datetime) -> Pace:
    """Return how far the class is.

    Parameters
    ----------
    marks : Marks
    course : CourseFacts
    now : datetime
        Aware. Answers dated later, or before the course existed, are left out of the curve.
    """
    lessons = tuple(_lesson(slug, marks, course) for slug in course.lessons)
    latest = now + timedelta(days=1)
    dated = {
        learner: [t for t in times.values() if _EARLIEST.replace(tzinfo=t.tzinfo) <= t <= latest]
        for learner, times in marks.when.items()
    }
    every = [t for times in dated.values() for t in times]
    if not every:
        return Pace(np.array([], dtype=int), {}, "", "", lessons)
    start = min(every).date()
    length = (max(every).date() - start).days + 1
    counts = np.zeros((len(dated), length))
    for row, times in enumerate(dated.values()):
        for t in times:
            counts[row, (t.date() - start).days] += 1
    done = counts.cumsum(axis=1)
    answered = {q: np.percentile(done, q, axis=0) for q in QUARTERS}
    days = np.arange(length)
    return Pace(days, answered, start.isoformat(), max(every).date().isoformat(), lessons)


def _lesson(slug: str, marks: Marks, course: CourseFacts) -> LessonPace:
    begun = sum(any(key[0] == slug for key in keys) for keys in marks.when.values())
    quiz = [key for key, item in course.items.items() if key[0] == slug and item.pool == "quiz"]
    done = sum(set(quiz) <= set(keys) for keys in marks.when.values()) if quiz else 0
    return LessonPace(slug, begun, done)
