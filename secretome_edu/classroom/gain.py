"""What the course changed: the tests before and after it, learner by learner.

The normalized gain is Hake's (1998, doi 10.1119/1.18809): the part of what could still be gained
by the class that was, from the class's averages. Only learners who answered both tests wholly are
compared. A gain has no control group: it does not prove that the course caused it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from secretome_edu.classroom.course_facts import CourseFacts
from secretome_edu.classroom.marks import Marks


class Gain(NamedTuple):
    """Change on one objective, or (``objective`` empty) in all.

    ``before``, ``after`` and ``spread`` (standard deviation of the differences) are in percent;
    ``normalized`` is a fraction. NaN where undefined.
    """

    objective: str
    learners: int
    before: float
    after: float
    spread: float
    normalized: float


def gains(marks: Marks, course: CourseFacts) -> list[Gain]:
    """Return the change in all, then on each objective; empty if the course lacks a test."""
    pools = {
        pool: [key for key, item in course.items.items() if item.pool == pool]
        for pool in ("pretest", "posttest")
    }
    if not all(pools.values()):
        return []
    objectives = {
        pool: {course.items[key].objective for key in keys} for pool, keys in pools.items()
    }
    both = sorted(objectives["pretest"] & objectives["posttest"])
    found = []
    for objective in ("", *both):
        before, after = (
            marks.matrix(
                [key for key in keys if objective in ("", course.items[key].objective)]
            ).mean(axis=1)
            for keys in pools.values()
        )
        found.append(gain(objective, before, after))
    return found


def gain(objective: str, before: np.ndarray, after: np.ndarray) -> Gain:
    """Return the change between two scores of the same learners.

    Parameters
    ----------
    objective : str
    before, after : array of float, shape (learners,)
        Fractions; NaN for a test that was not answered wholly.

    Examples
    --------
    >>> gain("", np.array([0.25, 0.75, np.nan]), np.array([0.75, 0.75, 1.0]))
    Gain(objective='', learners=2, before=50.0, after=75.0, spread=35.35..., normalized=0.5)
    """
    there = ~(np.isnan(before) | np.isnan(after))
    before, after = before[there], after[there]
    if not len(before):
        return Gain(objective, 0, *[float("nan")] * 4)
    low, high = float(before.mean()), float(after.mean())
    spread = float(np.std(after - before, ddof=1)) if len(before) > 1 else float("nan")
    normalized = (high - low) / (1 - low) if low < 1 - 1e-12 else float("nan")
    return Gain(objective, len(before), 100 * low, 100 * high, 100 * spread, normalized)
