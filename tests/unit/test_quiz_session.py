"""What happens when a learner answers, asks, gives up, starts over and comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from secretome_edu.quiz.bank import item_hash, read_bank
from secretome_edu.quiz.items import SingleChoice
from secretome_edu.quiz.recorder import MemoryRecorder, Recorder
from secretome_edu.quiz.session import Session
from secretome_edu.ui.messages import BadValue, UnknownName

BANK = read_bank(Path(__file__).parent / "quiz_banks" / "all_types.yaml")


def session(*ids, **more):
    return Session([BANK.item(item_id) for item_id in ids], **more)


def public(quiz, item_id, author):
    return quiz.layout(item_id).to_public(author)


def test_the_right_answer_brings_solution_and_evidence():
    quiz = session("one-single")
    state = quiz.answer("one-single", public(quiz, "one-single", "lung"))
    assert (state["state"], state["done"], state["tries"]) == ("correct", True, 1)
    said = " ".join(state["solution"])
    assert "wider than its capillaries" in said
    assert "Lee 2009 (established, as of 2024-01-01)" in said


def test_a_wrong_answer_names_the_misconception_its_correction_and_the_section():
    quiz = session("one-single")
    state = quiz.answer("one-single", public(quiz, "one-single", "heart"))
    said = " ".join(state["feedback"])
    assert "settling in the damaged organ" in said
    assert "Lee 2009" in said
    assert "From the cell to what it releases" in said
    assert state["solution"] == []
    assert not state["done"]


def test_an_invalid_answer_costs_nothing_and_is_not_recorded():
    memory = MemoryRecorder()
    quiz = session("one-number", recorder=memory)
    for response in ("", "12", "quick", None, ["a"]):
        assert quiz.answer("one-number", response)["tries"] == 0
    assert memory.events == []


def test_checking_nothing_says_so():
    quiz = session("one-single")
    assert quiz.state("one-single")["feedback"] == []
    state = quiz.answer("one-single", None)
    assert (state["state"], state["tries"]) == ("unanswered", 0)
    assert "Nothing is answered yet" in state["feedback"][0]


def test_hints_come_in_order_and_are_remembered():
    memory = MemoryRecorder()
    quiz = session("one-single", recorder=memory)
    assert quiz.state("one-single")["hints"] == []
    assert len(quiz.hint("one-single")["hints"]) == 1
    assert quiz.hint("one-single")["hints"] == BANK.item("one-single").hints
    assert len(quiz.hint("one-single")["hints"]) == 2
    assert [event["kind"] for event in memory.events] == ["hint", "hint"]
    assert len(session("one-single", recorder=memory).state("one-single")["hints"]) == 2


def test_the_solution_opens_after_a_try_and_is_offered_after_three():
    quiz = session("one-single")
    assert not quiz.state("one-single")["can_reveal"]
    assert quiz.solution("one-single")["solution"] == []
    wrong = public(quiz, "one-single", "marrow")
    assert quiz.answer("one-single", wrong)["can_reveal"]
    quiz.answer("one-single", wrong)
    assert "You may look" not in " ".join(quiz.state("one-single")["feedback"])
    assert "You may look" in " ".join(quiz.answer("one-single", wrong)["feedback"])
    state = quiz.solution("one-single")
    assert state["done"]
    assert state["state"] == "incorrect"
    assert "lung" in " ".join(state["solution"])
    assert quiz.answer("one-single", public(quiz, "one-single", "lung"))["state"] == "incorrect"


def test_attempts_run_out_and_show_the_solution():
    item = BANK.item("one-single").model_copy(update={"attempts": 2})
    quiz = Session([item])
    wrong = quiz.layout(item.id).to_public("marrow")
    assert quiz.state(item.id)["left"] == 2
    assert quiz.answer(item.id, wrong)["left"] == 1
    state = quiz.answer(item.id, wrong)
    assert (state["done"], state["left"]) == (True, None)
    assert state["solution"]


def test_starting_over_asks_the_next_frozen_variant():
    memory = MemoryRecorder()
    quiz = session("one-number", recorder=memory)
    asked = [quiz.item("one-number").stem]
    for _ in range(3):
        quiz.answer("one-number", "1 um")
        quiz.solution("one-number")
        assert quiz.again("one-number")["tries"] == 0
        asked.append(quiz.item("one-number").stem)
    assert len(set(asked[:3])) == 3
    assert asked[3] == asked[0]
    assert quiz.fresh("one-number")[1] == asked[0]


@pytest.mark.parametrize("store", ["memory", "progress"])
def test_answers_come_back_with_their_variant(store):
    memory: Recorder = MemoryRecorder()
    if store == "progress":
        from secretome_edu.progress.store import open_store

        memory = open_store("memory:").recorder("sample")
    quiz = session("one-number", "one-open", "one-order", "one-guess", recorder=memory)
    quiz.answer("one-number", "1 um")
    quiz.again("one-number")
    quiz.answer("one-number", "2 um", confidence=2)
    quiz.answer("one-open", {"text": "A control.", "met": None})
    quiz.answer("one-order", ["a", "b", "c", "d", "e"])
    quiz.answer("one-guess", "b")
    back = session("one-number", "one-open", "one-order", "one-guess", recorder=memory)
    assert {i: back.state(i) for i in back.ids} == {i: quiz.state(i) for i in quiz.ids}
    assert back.item("one-number") == quiz.item("one-number")
    assert back.state("one-open")["response"]["text"] == "A control."
    assert "rubric" in back.state("one-open")
    assert back.state("one-guess")["state"] == "noted"


def test_answers_to_another_wording_or_a_spoiled_log_do_not_count():
    memory = MemoryRecorder()
    item = BANK.item("one-single")
    Session([item], memory).answer(item.id, "a")
    reworded = item.model_copy(update={"stem": "Another question?"})
    assert Session([reworded], memory).state(item.id)["tries"] == 0
    for event in ({"kind": "answered"}, {"kind": "answered", "item_hash": item_hash(item),
                  "response": {"x": 1}, "variant": 9}, {"kind": "odd"}):  # fmt: skip
        memory.events.append({"item": item.id, **event})
    assert Session([item], memory).state(item.id)["state"] in ("invalid", "incorrect")


def test_a_test_records_and_shows_no_marks():
    memory = MemoryRecorder()
    quiz = session("one-single", "one-multiple", recorder=memory, mode="test")
    wrong, right = (public(quiz, "one-single", name) for name in ("heart", "lung"))
    first, second = quiz.answer("one-single", wrong), quiz.answer("one-single", right)
    for state in (first, second):
        assert (state["state"], state["word"]) == ("recorded", "Recorded")
        assert (state["solution"], state["hints"], state["can_reveal"]) == ([], [], False)
    assert {**first, "response": 0, "tries": 0} == {**second, "response": 0, "tries": 0}
    assert [event["state"] for event in memory.events] == ["incorrect", "correct"]
    assert quiz.hint("one-single")["hints"] == []
    assert quiz.solution("one-single")["solution"] == []
    assert quiz.public("one-single")["confidence"] is False
    assert quiz.summary() == {"items": 2, "answered": 1}
    assert quiz.answer("one-single", wrong, confidence=3)["confidence"] is None


def test_a_prediction_is_noted_and_opens_what_waits_for_it():
    heard = []
    quiz = session("one-guess", mode="prediction", on_answer=lambda *all: heard.append(all))
    assert quiz.answer("one-guess", None)["state"] == "unanswered"
    assert quiz.answer("one-guess", "z")["state"] == "invalid"
    assert heard == []
    state = quiz.answer("one-guess", "a")
    assert (state["word"], state["feedback"]) == ("Noted. Now explore.", [])
    (item_id, response, result), *_ = heard
    assert (item_id, response, result.state, result.max_score) == ("one-guess", "half", "noted", 0)
    quiz.answer("one-guess", "b")
    assert [response for _, response, _ in heard] == ["half", "less"]


@pytest.mark.parametrize(("author", "sure", "marks"), [("lung", 3, "+3"), ("heart", 3, "-6"),
                         ("heart", 2, "-2"), ("heart", 1, "+0"), ("lung", 1, "+1")])  # fmt: skip
def test_confidence_is_scored(author, sure, marks):
    memory = MemoryRecorder()
    quiz = session("one-single", recorder=memory)
    state = quiz.answer("one-single", public(quiz, "one-single", author), confidence=sure)
    assert f"{marks} confidence marks" in " ".join(state["feedback"])
    assert memory.events[-1]["confidence"] == sure


def test_open_answers_show_the_model_answer_after_one_was_written():
    memory = MemoryRecorder()
    quiz = session("one-open", recorder=memory)
    assert "rubric" not in quiz.state("one-open")
    assert "rubric" not in quiz.answer("one-open", {"text": " ", "met": None})
    state = quiz.answer("one-open", {"text": "A control group.", "met": None})
    assert state["model_answer"].startswith("A group that gets fresh")
    assert [event["kind"] for event in memory.events] == ["drafted"]
    state = quiz.answer("one-open", {"text": "A control group.", "met": ["b"]})
    assert state["state"] == "partial"
    assert memory.events[-1]["score"] == pytest.approx(2 / 3)


def test_bad_use_is_refused():
    with pytest.raises(BadValue, match="practice, test, prediction"):
        session("one-single", mode="exam")
    with pytest.raises(BadValue, match="twice"):
        session("one-single", "one-single")
    with pytest.raises(UnknownName, match="one-single"):
        session("one-single").answer("one-singel", "a")
    with pytest.raises(BadValue, match="1, 2 and 3"):
        session("one-single").answer("one-single", "a", confidence=5)


def test_questions_go_by_number_too(monkeypatch):
    from secretome_edu.quiz.view import show

    monkeypatch.setenv("SECRETOME_EDU_UI", "text")
    quiz = show([BANK.item("one-single"), BANK.item("one-word")])
    assert '.answer(1, "a")' in repr(quiz)
    assert str(quiz.answer(2, "EV")).startswith("✓ Right")
    assert str(quiz.hint(1)).startswith("Hint 1:")
    assert str(quiz.question(2)).startswith("2. What is the generic term")
    for number in (0, 3, -1):
        with pytest.raises(BadValue, match="1 to 2"):
            quiz.answer(number, "a")


def test_script_in_a_bank_stays_text():
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)> [go](javascript:alert(1))"
    item = SingleChoice(
        id="evil", type="single_choice", pool="quiz", objective="a.1", bloom="apply", stem=evil,
        solution=evil, hints=[evil], feedback_incorrect=evil,
        options=[{"id": "a", "text": evil, "correct": True, "feedback": evil},
                 {"id": "b", "text": f"{evil} too", "feedback": evil}],
    )  # fmt: skip
    from secretome_edu.quiz.view import page_state, show

    quiz = show([item], evil)
    pages = [quiz.static_html(), *_as_html(quiz.session.public("evil"))]
    quiz.hint("evil")
    quiz.answer("evil", quiz.session.layout("evil").to_public("b"))
    pages += _as_html(page_state(quiz.session.state("evil")))
    quiz.solution("evil")
    pages += _as_html(page_state(quiz.session.state("evil")))
    assert len(pages) > 8
    for page in pages:
        for tag in ("<script", "<img", 'href="javascript'):
            assert tag not in page


def _as_html(content, name=""):
    """Return what the page sets as HTML; ``text`` is set as text and may hold anything."""
    if isinstance(content, dict):
        return [page for key, part in content.items() for page in _as_html(part, key)]
    if isinstance(content, list):
        return [page for part in content for page in _as_html(part, name)]
    return [content] if isinstance(content, str) and name != "text" else []
