"""What is due: spaced review with FSRS, confident errors first.

FSRS predicts recall well; that its growing intervals teach better than even ones is not shown
(Latimier et al. 2021, doi 10.1007/s10648-020-09572-8), so the course claims only the former.
Confident errors come first because they are corrected best after feedback (Butterfield and
Metcalfe 2001).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from secretome_edu.progress.answers import Answer, ItemFacts, Key, answers
from secretome_edu.progress.events import Event

DESIRED_RETENTION = 0.9  # a question returns when recall has fallen to this chance
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4  # the ratings of FSRS

CONFIDENT_ERROR = "You were sure, and it was not right."
WRONG = "Your last answer was not right."
FADING = "Time to recall it before it fades."


@dataclass(frozen=True)
class DueItem:
    """A question to ask again.

    Attributes
    ----------
    item, lesson : str
    due : datetime
        UTC.
    reason : str
        One sentence for the learner.
    """

    item: str
    lesson: str
    due: datetime
    reason: str


def rating(answer: Answer) -> int:
    """Return the FSRS rating of an answer: 1 again, 2 hard, 3 good, 4 easy.

    Wrong is again; right after a hint or with confidence 1 is hard; right is good; right at the
    first try with confidence 3 is easy.
    """
    if not answer.right:
        return AGAIN
    if answer.hinted or answer.confidence == 1:
        return HARD
    return EASY if answer.first and answer.confidence == 3 else GOOD


def due(
    events: Iterable[Event],
    now: datetime,
    limit: int | None = None,
    items: Iterable[ItemFacts] | None = None,
) -> list[DueItem]:
    """Return the questions whose review is due, most urgent first.

    Parameters
    ----------
    events : iterable of Event
        Oldest first, as ``store.events()`` returns them.
    now : datetime
        Aware; a time zone other than UTC is converted.
    limit : int, optional
        At most this many.
    items : iterable of ItemFacts, optional
        The questions that exist; others are left out, and so are predictions and tests.

    Returns
    -------
    list of DueItem
        Confident errors first, then by due date.

    Examples
    --------
    >>> from datetime import UTC, datetime, timedelta
    >>> from secretome_edu.progress.store import open_store
    >>> day = datetime(2026, 1, 1, tzinfo=UTC)
    >>> store = open_store("memory:", clock=lambda: day)
    >>> for item, state, sure in (("q1", "incorrect", 1), ("q2", "incorrect", 3)):
    ...     _ = store.append("answered", lesson="units", item=item, state=state, score=0.0,
    ...                      max_score=1.0, confidence=sure)
    >>> due(store.events(), day)
    []
    >>> [(d.item, d.reason) for d in due(store.events(), day + timedelta(days=1), limit=1)]
    [('q2', 'You were sure, and it was not right.')]
    """
    now = now.astimezone(UTC)
    return [item for item in schedule(events, now, items) if item.due <= now][:limit]


def schedule(
    events: Iterable[Event], now: datetime, items: Iterable[ItemFacts] | None = None
) -> list[DueItem]:
    """Return every practised question with its next review; see :func:`due`."""
    now = now.astimezone(UTC)
    wanted = None if items is None else {facts.key: facts for facts in items if facts.practice}
    cards: dict[Key, Any] = {}
    newest: dict[Key, Answer] = {}
    for answer, when in _dated(answers(events), now):
        facts = wanted.get(answer.key) if wanted is not None else None
        if wanted is not None and facts is None:
            continue
        if facts and facts.item_hash and facts.item_hash != answer.item_hash:
            continue  # an answer to an older wording
        if answer.shown:  # repeating a solution that is on the screen is no recall
            continue
        cards[answer.key] = _review(cards.get(answer.key), rating(answer), when)
        newest[answer.key] = answer
    found = [DueItem(key[1], key[0], card.due, _reason(newest[key])) for key, card in cards.items()]
    return sorted(found, key=lambda d: (d.reason != CONFIDENT_ERROR, d.due, d.lesson, d.item))


def _dated(given: list[Answer], now: datetime) -> list[tuple[Answer, datetime]]:
    """Return answers with believable times: one from the future happened before the next one."""
    dated, bound = [], now
    for answer in reversed(given):
        bound = answer.when.astimezone(UTC) if answer.when <= now else bound
        dated.append((answer, bound))
    return dated[::-1]


def _reason(answer: Answer) -> str:
    if answer.confident_error:
        return CONFIDENT_ERROR
    return FADING if answer.right else WRONG


def _review(card: Any, rated: int, when: datetime) -> Any:
    from fsrs import Card, Rating

    if card is None:
        card = Card(card_id=0, due=when)  # without an id FSRS waits to make one from the clock
    elif card.last_review and when < card.last_review:  # the clock went back
        when = card.last_review
    return _scheduler().review_card(card, Rating(rated), when)[0]


@lru_cache(maxsize=1)
def _scheduler() -> Any:
    from fsrs import Scheduler

    # No steps of minutes: within a sitting the quiz itself asks again, the review starts the day
    # after. No fuzz: the same answers give the same schedule.
    return Scheduler(
        desired_retention=DESIRED_RETENTION, learning_steps=(), relearning_steps=(),
        enable_fuzzing=False,
    )  # fmt: skip
