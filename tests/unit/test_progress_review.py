"""What is due when, by the published weights of FSRS 6 and the course's own rules."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from secretome_edu.progress import review
from secretome_edu.progress.answers import ItemFacts, answers
from secretome_edu.progress.events import event_from, flagged
from secretome_edu.progress.store import open_store

START = datetime(2026, 1, 1, 9, tzinfo=UTC)


class Learner:
    """A store with a clock that is set by hand."""

    def __init__(self):
        self.now = START
        self.store = open_store("memory:", clock=lambda: self.now)

    def answer(self, item="q1", state="correct", confidence=None, **fields):
        values = {
            "score": float(state == "correct"), "max_score": 1.0, "item_hash": "h",
            "lesson": "units", **fields,
        }  # fmt: skip
        return self.store.append(
            "answered", item=item, state=state, confidence=confidence, **values
        )

    def do(self, kind, item="q1"):
        self.store.append(kind, lesson="units", item=item)

    def wait(self, **delta):
        self.now += timedelta(**delta)

    def due(self, **options):
        return review.due(self.store.events(), self.now, **options)

    def interval_days(self, item="q1"):
        found = {d.item: d.due for d in review.schedule(self.store.events(), self.now)}
        return (found[item] - self.now).days


@pytest.fixture
def learner():
    return Learner()


# First intervals: initial stability w0..w3 of FSRS 6 (0.212, 1.2931, 2.3065, 8.2956 days) is the
# interval at a retention of 0.9, rounded, at least one day.
@pytest.mark.parametrize(
    ("state", "confidence", "hint", "rated", "days"),
    [
        ("incorrect", None, False, review.AGAIN, 1),
        ("partial", None, False, review.AGAIN, 1),
        ("incorrect", 3, True, review.AGAIN, 1),
        ("correct", None, True, review.HARD, 1),
        ("correct", 3, True, review.HARD, 1),
        ("correct", 1, False, review.HARD, 1),
        ("correct", None, False, review.GOOD, 2),
        ("correct", 2, False, review.GOOD, 2),
        ("correct", 3, False, review.EASY, 8),
    ],
)
def test_rating_and_first_interval(learner, state, confidence, hint, rated, days):
    if hint:
        learner.do("hint")
    learner.answer(state=state, confidence=confidence)
    assert review.rating(answers(learner.store.events())[-1]) == rated
    assert learner.interval_days() == days


def test_ratings_are_those_of_fsrs():
    from fsrs import Rating

    assert [r.value for r in (Rating.Again, Rating.Hard, Rating.Good, Rating.Easy)] == [
        review.AGAIN, review.HARD, review.GOOD, review.EASY,
    ]  # fmt: skip


def test_right_at_the_second_try_is_good_not_easy(learner):
    learner.answer(state="incorrect", confidence=3)
    learner.answer(confidence=3)
    assert review.rating(answers(learner.store.events())[-1]) == review.GOOD


def test_intervals_grow_as_a_direct_use_of_fsrs_says(learner):
    """The event log replayed equals one card reviewed by hand, at the due date each time."""
    from fsrs import Card, Rating, Scheduler

    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card = Card(card_id=1)
    pattern = ["correct"] * 4 + ["incorrect"] + ["correct"] * 3
    intervals = []
    for state in pattern:
        learner.answer(state=state)
        rated = Rating.Good if state == "correct" else Rating.Again
        card, _ = scheduler.review_card(card, rated, learner.now)
        assert review.schedule(learner.store.events(), learner.now)[0].due == card.due
        intervals.append((card.due - learner.now).days)
        learner.now = card.due
    assert intervals[:4] == sorted(intervals[:4])
    assert intervals[0] < intervals[3]
    assert intervals[4] < intervals[3]


def test_at_the_due_date_the_predicted_recall_is_the_desired_retention():
    from fsrs import Card, Rating, Scheduler

    scheduler = review._scheduler()
    assert scheduler.desired_retention == 0.9
    assert not scheduler.enable_fuzzing
    card, _ = Scheduler(learning_steps=(), enable_fuzzing=False).review_card(
        Card(card_id=1), Rating.Easy, START
    )
    assert scheduler.get_card_retrievability(card, card.due) == pytest.approx(0.9, abs=0.01)


def test_confident_errors_come_first_then_the_longest_due(learner):
    learner.answer("old", "incorrect")
    learner.wait(hours=1)
    learner.answer("sure", "incorrect", confidence=3)
    learner.answer("doubt", "incorrect", confidence=1)
    learner.wait(days=3)
    assert [(d.item, d.reason) for d in learner.due()] == [
        ("sure", review.CONFIDENT_ERROR), ("old", review.WRONG), ("doubt", review.WRONG),
    ]  # fmt: skip
    assert [d.item for d in learner.due(limit=1)] == ["sure"]
    assert learner.due(limit=0) == []
    learner.answer("sure", confidence=2)  # repaired: no longer first, no longer due
    assert [d.item for d in learner.due()] == ["old", "doubt"]


def test_nothing_is_due_before_its_day_or_without_answers(learner):
    assert learner.due() == []
    learner.answer()
    assert learner.due() == []
    learner.wait(days=1)
    assert learner.due() == []
    learner.wait(days=1)
    assert [d.reason for d in learner.due()] == [review.FADING]


def test_incomplete_predicted_and_broken_answers_are_no_review(learner):
    for state in ("invalid", "unanswered", "noted", "", 3, None):
        learner.answer(state=state)
    learner.answer(score="lots")
    learner.answer(max_score=0)
    learner.answer(max_score=[1])
    learner.answer(score=True)
    learner.wait(days=100)
    assert learner.due() == []


def test_repeating_a_solution_that_was_just_shown_is_no_recall(learner):
    learner.answer(state="incorrect")
    learner.do("revealed")
    learner.answer()
    learner.wait(days=1)
    assert [d.reason for d in learner.due()] == [review.WRONG]
    learner.answer()  # a day later it is one
    assert learner.interval_days() >= 1
    assert learner.due() == []


def test_only_questions_that_exist_and_are_for_practice(learner):
    for item in ("here", "gone", "guess", "changed"):
        learner.answer(item, "incorrect")
    learner.wait(days=2)
    items = [
        ItemFacts("here", "units", item_hash="h"),
        ItemFacts("guess", "units", pool="pretest"),
        ItemFacts("changed", "units", item_hash="new"),
        ItemFacts("gone", "another_lesson"),
    ]
    assert [d.item for d in learner.due(items=items)] == ["here"]
    assert len(learner.due()) == 4


def test_same_item_id_in_two_lessons_is_two_questions(learner):
    learner.answer("e1", "incorrect", lesson="units")
    learner.answer("e1", "correct", lesson="reach")
    learner.wait(days=1)
    assert [(d.lesson, d.item) for d in learner.due()] == [("units", "e1")]


def test_a_wrong_clock_breaks_nothing(learner):
    learner.now = START + timedelta(days=9000)
    learner.answer(state="incorrect")
    learner.now = START
    learner.answer(state="incorrect", confidence=3)
    learner.wait(days=1)
    assert [d.reason for d in learner.due()] == [review.CONFIDENT_ERROR]


@pytest.mark.parametrize("year", [1, 1969, 2999, 9999])
def test_an_edited_time_of_any_year_breaks_nothing(learner, year):
    event = learner.answer(state="incorrect")
    learner.answer("q2", "incorrect")
    values = {**json.loads(event.line), "time": f"{year:04}-06-01T12:00:00Z"}
    strange = flagged(event_from(values), "")  # as if nobody had noticed
    learner.wait(days=2)
    events = [strange, *learner.store.events()[1:]]
    assert {d.item for d in review.due(events, learner.now)} == {"q1", "q2"}


def test_a_local_time_zone_is_converted(learner):
    learner.answer(state="incorrect")
    learner.wait(days=1)
    local = learner.now.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert review.due(learner.store.events(), local) == learner.due()
    assert len(learner.due()) == 1


def test_the_schedule_is_the_same_every_time(learner):
    for n in range(20):
        learner.answer(f"q{n}", "correct" if n % 3 else "incorrect", confidence=1 + n % 3)
        learner.wait(hours=7)
    learner.wait(days=2)
    assert learner.due() == learner.due()
    assert len(learner.due()) > 5
