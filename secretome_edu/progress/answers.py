"""From events to answers: what was answered, how sure, and with how much help.

The facts about questions (:class:`ItemFacts`) are arguments: this room knows no bank and no lesson.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from secretome_edu.progress.events import EDITED, Event
from secretome_edu.ui.messages import shown

#: Help fades: an answer this long after the last look at a question is a fresh recall.
SITTING = timedelta(hours=12)
#: Pools of questions that measure before teaching or have no right answer.
NOT_PRACTICE = frozenset({"prediction", "pretest", "posttest"})
_LARGEST_SCORE = 10**9  # a whole number beyond the floats would stop the arithmetic
Key = tuple[str, str]  # lesson and item: an item's id need only be unique in its lesson


@dataclass(frozen=True)
class ItemFacts:
    """What the log does not know about a question.

    Parameters
    ----------
    item, lesson : str
    objective : str
        Id of the objective it measures.
    pool : str
        ``quiz``, ``exercise``, ``warmup``, ``prediction``, ``pretest``, ...
    item_hash : str
        Hash of its present wording; answers to another wording are not mixed in. Empty: all are.
    title : str
        What to call it in a report; its id if empty.
    misconceptions : mapping of str to str
        Option id -> misconception id, for a response that names options.
    """

    item: str
    lesson: str
    objective: str = ""
    pool: str = "quiz"
    item_hash: str = ""
    title: str = ""
    misconceptions: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """Lesson and item."""
        return self.lesson, self.item

    @property
    def practice(self) -> bool:
        """Whether answers count for mastery and come back in the review."""
        return self.pool not in NOT_PRACTICE


@dataclass(frozen=True)
class Answer:
    """One graded answer, with what went before it.

    Attributes
    ----------
    first : bool
        The first answer to this question in this sitting.
    hinted, shown : bool
        A hint was opened, the solution was shown, earlier in this sitting.
    confidence : int or None
        1, 2 or 3.
    fraction : float
        Score divided by what was possible, 0 to 1.
    """

    lesson: str
    item: str
    item_hash: str
    variant: Any
    response: Any
    state: str
    fraction: float
    confidence: int | None
    when: datetime
    first: bool
    hinted: bool
    shown: bool

    @property
    def key(self) -> Key:
        """Lesson and item."""
        return self.lesson, self.item

    @property
    def right(self) -> bool:
        """Whether it was fully right."""
        return self.state == "correct"

    @property
    def confident_error(self) -> bool:
        """Whether the learner was sure and not right."""
        return self.confidence == 3 and not self.right


def answers(events: Iterable[Event]) -> list[Answer]:
    """Return the graded answers in the order they were given.

    Incomplete and ungraded responses are left out, and so are events that were edited after they
    were written.

    Examples
    --------
    >>> from secretome_edu.progress.store import open_store
    >>> store = open_store("memory:")
    >>> for kind, state in (("hint", "unanswered"), ("answered", "invalid"),
    ...                     ("answered", "correct")):
    ...     _ = store.append(kind, lesson="units", item="q1", state=state, score=1, max_score=1)
    >>> [(a.state, a.first, a.hinted, a.shown) for a in answers(store.events())]
    [('correct', True, True, False)]
    """
    found = []
    sittings: dict[Key, _Sitting] = {}
    for event in events:
        key = event.lesson, event.item
        if not event.item or event.flag == EDITED:
            continue
        sitting = sittings.get(key)
        if sitting is None or event.when - sitting.last > SITTING:
            sitting = sittings[key] = _Sitting(event.when)
        sitting.last = event.when
        if event.kind == "answered" and (fraction := _fraction(event)) is not None:
            found.append(_answer(event, fraction, sitting))
            sitting.answered = True
        sitting.hinted |= event.kind == "hint"
        sitting.shown |= event.kind == "revealed"
    return found


@dataclass
class _Sitting:
    last: datetime
    answered: bool = False
    hinted: bool = False
    shown: bool = False


def _answer(event: Event, fraction: float, sitting: _Sitting) -> Answer:
    confidence = event.get("confidence")
    return Answer(
        event.lesson, event.item, _wording(event.get("item_hash")), event.get("variant"),
        event.get("response"), str(event.get("state")), fraction,
        confidence if type(confidence) is int and confidence in (1, 2, 3) else None,
        event.when, not sitting.answered, sitting.hinted, sitting.shown,
    )  # fmt: skip


def _wording(given: object) -> str:
    """Return the hash of a wording; a hand-in may hold anything in its place."""
    fits = isinstance(given, str) and len(given) <= 64 and given.isprintable()
    return str(given) if fits else shown(given) if given else ""


def _fraction(event: Event) -> float | None:
    """Return the share of the score, or None if the event is no graded answer."""
    if event.get("state") not in ("correct", "partial", "incorrect"):
        return None
    score, most = event.get("score"), event.get("max_score")
    if not (_number(score) and _number(most)) or most <= 0:  # a hand-in may hold anything
        return None
    return min(1.0, max(0.0, score / most))


def _number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) <= _LARGEST_SCORE if isinstance(value, int) else math.isfinite(value)
