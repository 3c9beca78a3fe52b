"""Which misconceptions a class holds, on which objective, and what to do first.

A learner showed a misconception if a first answer did. The share is of those who answered a
question that can show it. The order is by the lower end of Wilson's 95 % interval
(doi 10.1080/01621459.1927.10502953), so that one learner of one does not come before forty of
sixty. Tests before the course count only while there is nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from secretome_edu.classroom.course_facts import CourseFacts
from secretome_edu.classroom.marks import Marks
from secretome_edu.progress.answers import Key

_Z95 = 1.959963984540054  # the 97.5 % point of the normal distribution


@dataclass(frozen=True)
class Held:
    """A misconception on one objective, or (``objective`` empty) in all.

    Attributes
    ----------
    asked, showed, still : int
        Learners who answered a question that can show it; whose first answer did; whose newest
        answer still does.
    repair : str
        Where the course repairs it; empty if no lesson does yet.
    """

    belief: str
    objective: str
    asked: int
    showed: int
    still: int
    repair: str = ""

    @property
    def share(self) -> float:
        """Fraction of the asked who showed it."""
        return self.showed / self.asked if self.asked else float("nan")

    @property
    def at_least(self) -> float:
        """Lower end of Wilson's interval for the share."""
        return wilson_low(self.showed, self.asked)


@dataclass(frozen=True)
class Beliefs:
    """What a class believes.

    Attributes
    ----------
    ranked : tuple of Held
        All misconceptions that can be shown by what was answered, most urgent first; each on the
        objective where most learners showed it is the first of its ``by_objective``.
    by_objective : dict
        Belief -> Held on each objective, most learners first.
    before_the_course : bool
        There were only answers to the test before the course.
    """

    ranked: tuple[Held, ...]
    by_objective: dict[str, list[Held]]
    before_the_course: bool


def wilson_low(part: int, whole: int) -> float:
    """Return the lower end of the 95 % interval of a share.

    Examples
    --------
    >>> round(wilson_low(1, 1), 3), round(wilson_low(40, 60), 3), wilson_low(0, 0)
    (0.207, 0.541, 0.0)
    """
    if not whole:
        return 0.0
    share, z2 = part / whole, _Z95**2
    middle = share + z2 / (2 * whole)
    reach = _Z95 * ((share * (1 - share) + z2 / (4 * whole)) / whole) ** 0.5
    return max(0.0, (middle - reach) / (1 + z2 / whole))


def beliefs(marks: Marks, course: CourseFacts) -> Beliefs:
    """Return the misconceptions of a class, most urgent first."""
    asking = [key for key in marks.of if course.named[key]]
    later = [key for key in asking if course.items[key].pool != "pretest"]
    keys = later or asking
    ranked, by_objective = [], {}
    for belief in sorted({name for key in keys for name in course.named[key]}):
        own = [key for key in keys if belief in course.named[key]]
        objectives = sorted({course.items[key].objective for key in own})
        parts = [
            _held(belief, o, [k for k in own if course.items[k].objective == o], marks, course)
            for o in objectives
        ]
        parts.sort(key=lambda held: (-held.showed, -held.share, held.objective))
        by_objective[belief] = parts
        whole = _held(belief, "", own, marks, course)
        ranked.append(Held(belief, "", whole.asked, whole.showed, whole.still, parts[0].repair))
    ranked.sort(key=lambda held: (-held.at_least, -held.asked, held.belief))
    return Beliefs(tuple(ranked), by_objective, bool(keys) and not later)


def _held(
    belief: str, objective: str, keys: Iterable[Key], marks: Marks, course: CourseFacts
) -> Held:
    asked: set[str] = set()
    showed: set[str] = set()
    still: set[str] = set()
    for key in keys:
        for learner, mark in marks.of[key].items():
            asked.add(learner)
            if belief in mark.first.misconceptions:
                showed.add(learner)
            if belief in mark.newest.misconceptions:
                still.add(learner)
    repair = course.repair(belief, objective) if objective else ""
    return Held(belief, objective, len(asked), len(showed), len(still), repair)
