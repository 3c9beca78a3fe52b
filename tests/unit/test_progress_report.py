"""The learner's report: each rule on a log small enough to count by hand."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from test_progress_review import START, Learner

from secretome_edu.progress.answers import ItemFacts
from secretome_edu.progress.events import EDITED, flagged
from secretome_edu.progress.report import (
    LessonFacts,
    MisconceptionFacts,
    ObjectiveFacts,
    learner_report,
)

ITEMS = [
    *(ItemFacts(f"q{n}", "units", "units.1", title=f"Question <{n}>") for n in range(5)),
    ItemFacts("lone", "units", "units.2", misconceptions={"b": "M01", "c": "M02"}),
    ItemFacts("guess", "units", "units.1", pool="prediction"),
    ItemFacts("before", "units", "units.1", pool="pretest", misconceptions={"b": "M01"}),
]
OBJECTIVES = [
    ObjectiveFacts("units.1", "Convert <units>.", "units"),
    ObjectiveFacts("units.2", "Name them.", "units"),
]
LESSONS = [LessonFacts("units", "Units & numbers"), LessonFacts("reach", "Reach")]
MISCONCEPTIONS = {
    "M01": MisconceptionFacts("MSC become the organ.", "They do not.", "Lesson 5, What reaches"),
    "M02": MisconceptionFacts("All EV are exosomes.", "They are not."),
}


@pytest.fixture
def learner():
    return Learner()


def report(learner, **options):
    values = {
        "items": ITEMS, "objectives": OBJECTIVES, "lessons": LESSONS,
        "misconceptions": MISCONCEPTIONS, "now": learner.now, **options,
    }  # fmt: skip
    return learner_report(learner.store.events(), **values)


@pytest.mark.parametrize(
    ("scores", "mastered"),
    [
        ([1.0], False),  # one question is not enough
        ([1.0, 1.0], True),
        ([1.0, 0.6], True),  # 80 %
        ([1.0, 0.59], False),
        ([1.0, 1.0, 1.0, 1.0, 0.0], True),
        ([1.0, 1.0, 1.0, 0.0], False),
        ([0.8, 0.8, 0.8], True),  # the sum of three 0.8 is below 2.4 in binary
    ],
)
def test_an_objective_is_mastered_at_80_percent_over_two_questions(learner, scores, mastered):
    for n, score in enumerate(scores):
        state = "correct" if score == 1 else "partial" if score else "incorrect"
        learner.answer(f"q{n}", state, score=score)
    state = report(learner).objectives[0]
    assert (state.mastered, state.answered, state.items) == (mastered, len(scores), 5)


def test_the_newest_answer_counts(learner):
    for state in ("correct", "incorrect"):
        for n in range(2):
            learner.answer(f"q{n}", state)
    assert not report(learner).objectives[0].mastered
    for n in range(2):
        learner.answer(f"q{n}", "correct")
    assert report(learner).objectives[0].mastered


def test_an_answer_after_the_solution_does_not_count_until_later(learner):
    learner.answer("q0")
    learner.answer("q1", "incorrect")
    learner.do("revealed", "q1")
    learner.answer("q1")
    assert report(learner).objectives[0].fraction == 0.5
    learner.wait(hours=13)
    learner.answer("q1")
    assert report(learner).objectives[0].mastered


def test_an_answer_in_words_counts_although_its_model_answer_was_read(learner):
    """The model answer opens before the learner marks the own words by it."""
    learner.answer("q0")
    learner.do("drafted", "q1")
    learner.answer("q1")
    assert report(learner).objectives[0].mastered


def test_predictions_pretests_and_old_wordings_do_not_count(learner):
    learner.answer("guess")
    learner.answer("before")
    learner.answer("q0", item_hash="old")
    items = [ItemFacts("q0", "units", "units.1", item_hash="new"), *ITEMS[1:]]
    found = report(learner, items=items)
    assert found.objectives[0].answered == 0
    assert found.answered == 0


def test_a_lesson_passes_on_the_objectives_that_can_be_measured(learner):
    learner.answer("q0")
    learner.answer("q1")
    found = report(learner)
    assert [(s.passed, s.objectives, s.mastered) for s in found.lessons] == [
        (True, 1, 1), (False, 0, 0),
    ]  # fmt: skip
    assert not found.objectives[1].measurable  # only one question on it


def test_a_misconception_is_open_until_its_question_is_answered_without_it(learner):
    learner.answer("lone", "incorrect", response="b")
    assert [(m.id, m.open) for m in report(learner).misconceptions] == [("M01", True)]
    learner.answer("lone", "incorrect", response=["c"])
    assert [(m.id, m.open) for m in report(learner).misconceptions] == [
        ("M02", True), ("M01", False),
    ]  # fmt: skip
    learner.answer("lone", "correct", response="a")
    assert [m.open for m in report(learner).misconceptions] == [False, False]


def test_a_misconception_shown_by_two_questions_is_repaired_in_both(learner):
    learner.answer("lone", "incorrect", response="b")
    learner.answer("before", "incorrect", response={"answer": "b", "reason": "x"})
    learner.answer("lone", "correct", response="a")
    assert [m.open for m in report(learner).misconceptions] == [True]


def test_a_diagnosis_may_come_from_grading_again(learner):
    learner.answer("q0", "incorrect", response="12 mg")
    found = report(learner, diagnose=lambda a: ["M02", "unknown"] if a.response == "12 mg" else [])
    assert [m.id for m in found.misconceptions] == ["M02"]


def test_calibration_counts_first_answers_only(learner):
    for n in range(5):
        learner.answer(f"q{n}", "correct" if n < 3 else "incorrect", confidence=3)
        learner.answer(f"q{n}", "correct", confidence=3)  # a second try says nothing about doubt
    learner.answer("lone", "correct", confidence=1)
    found = report(learner)
    assert [(c.confidence, c.answers, c.right) for c in found.calibration] == [
        (1, 1, 1), (2, 0, 0), (3, 5, 3),
    ]  # fmt: skip
    assert "sure; 3 of 5 first answers right; best when right above 80 % of the time; " in repr(
        found
    )
    assert "you were surer than right" in repr(found)
    assert "too few to say" in repr(found)


def test_edited_events_are_not_counted_and_it_is_said(learner):
    learner.answer("q0")
    learner.answer("q1")
    events = [flagged(event, EDITED) for event in learner.store.events()]
    found = learner_report(
        events, items=ITEMS, objectives=OBJECTIVES, lessons=LESSONS, misconceptions={}, now=START
    )
    assert (found.not_counted, found.answered) == (2, 0)
    assert "2 entries were changed after being written; not counted." in found.bundle.text


def test_text_of_a_whole_report(learner):
    learner.answer("q0", confidence=3)
    learner.answer("q1", "partial", score=0.5)
    learner.answer("lone", "incorrect", response="b", confidence=3)
    learner.wait(days=1)
    assert report(learner).bundle.text == (
        "0 of 2 lessons passed, 0 of 2 objectives mastered, 3 questions answered.\n"
        "\n"
        "Lessons:\n"
        "- Units & numbers; 3 of 6 questions answered; 0 of 1 objectives mastered; begun\n"
        "\n"
        "Objectives (mastered: 80 % over at least two questions, without the solution):\n"
        "- Convert <units>.; 2 of 5 questions answered; 75 % of the score; not yet\n"
        "- Name them.; 1 of 1 questions answered; 0 % of the score; "
        "too few questions in the course to say\n"
        "\n"
        "Misconceptions your answers showed:\n"
        "- MSC become the organ.; They do not.; Lesson 5, What reaches; to repair\n"
        "\n"
        "How well you know what you know:\n"
        "- sure; 1 of 2 first answers right; best when right above 80 % of the time; "
        "too few to say\n"
        "\n"
        "Due for review:\n"
        "- lone; Units & numbers; You were sure, and it was not right.\n"
        "- Question <1>; Units & numbers; Your last answer was not right."
    )


def test_what_comes_next_is_said_when_nothing_is_due(learner):
    learner.answer("q0")
    assert "Due for review: nothing now; the next question in 2 days." in repr(report(learner))
    learner.wait(days=1, hours=12)
    assert "the next question in 1 day." in repr(report(learner))


def test_an_empty_log_is_one_sentence(learner):
    found = report(learner)
    assert found.bundle.text == (
        "No answers yet. Open a lesson and answer its questions; they are kept here."
    )
    assert "<table" not in found.bundle.html


class Page(HTMLParser):
    """Collects what a screen reader needs to know of tables, and that tags are balanced."""

    def __init__(self):
        super().__init__()
        self.open, self.tables, self.captions, self.bare_headers = [], 0, 0, 0

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tables += tag == "table"
        self.captions += tag == "caption"
        self.bare_headers += tag == "th" and dict(attrs).get("scope") not in ("col", "row")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_html_is_escaped_captioned_and_without_color_or_script(learner):
    learner.answer("q0", confidence=3)
    learner.answer("q1", "partial", score=0.5, confidence=2)
    learner.answer("lone", "incorrect", response="b")
    learner.wait(days=3)
    html = report(learner).bundle.html
    page = Page()
    page.feed(html)
    assert (page.open, page.tables, page.captions, page.bare_headers) == ([], 5, 5, 0)
    assert "Convert &lt;units&gt;." in html
    assert "Question &lt;1&gt;" in html
    assert not re.search(r"<script|color|id=|\d\d:\d\d", html)
    for words in ("mastered", "to repair", "not yet"):  # every state is a word
        assert words in html


def test_the_same_log_gives_the_same_report(learner):
    for n in range(5):
        learner.answer(f"q{n}", "correct" if n % 2 else "incorrect", confidence=1 + n % 3)
    learner.wait(days=40)
    assert report(learner).bundle == report(learner).bundle
    assert report(learner)._repr_mimebundle_().keys() == {"text/plain", "text/html"}


def test_a_long_list_of_due_questions_is_cut_and_says_so(learner):
    many = [ItemFacts(f"i{n:02}", "units", "units.1") for n in range(30)]
    for facts in many:
        learner.answer(facts.item, "incorrect")
    learner.now += timedelta(days=2)
    found = report(learner, items=many)
    assert len(found.due) == 30
    assert "Due for review (the first 10 of 30):" in found.bundle.text
