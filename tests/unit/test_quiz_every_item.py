"""Every item of every bank is answered: right, each wrong way, blank and garbage."""

from __future__ import annotations

from pathlib import Path

import pytest

from secretome_edu.quiz.answers import BLANKS, GARBAGE, trials
from secretome_edu.quiz.bank import bank_slugs, load_bank, read_bank
from secretome_edu.quiz.grading import CORRECT, INCORRECT, INVALID, UNANSWERED, grade
from secretome_edu.quiz.items import TYPES
from secretome_edu.quiz.session import Session
from secretome_edu.quiz.variants import realize, seeds_of
from secretome_edu.quiz.view import show

SAMPLE = read_bank(Path(__file__).parent / "quiz_banks" / "all_types.yaml")
BANKS = [SAMPLE, *map(load_bank, bank_slugs())]
_WITH_KEY = ("single_choice", "multiple_choice", "two_tier")
ITEMS = [pytest.param(item, id=f"{bank.bank}:{item.id}") for bank in BANKS for item in bank.items]

CHOICES = [param for param in ITEMS if param.values[0].type in _WITH_KEY]


def test_the_sample_has_every_type():
    assert {item.type for item in SAMPLE.items} == set(TYPES)


@pytest.mark.parametrize("item", ITEMS)
def test_each_answer_gets_its_state_score_and_feedback(item):
    for seed in seeds_of(item):
        for trial in trials(realize(item, seed)):
            result = grade(item, trial.response, seed)
            assert (result.state, round(result.score, 9)) == (trial.state, round(trial.score, 9))
            if trial.feedback:
                assert trial.feedback in result.feedback


@pytest.mark.parametrize("item", ITEMS)
def test_blank_is_unanswered_and_garbage_costs_nothing(item):
    assert {grade(item, blank).state for blank in BLANKS} == {UNANSWERED}
    for junk in GARBAGE:
        result = grade(item, junk)
        assert result.score == 0
        if isinstance(junk, (str, float)) and item.type in ("short_text", "numeric"):
            continue  # a word or a number, only not the right one
        if item.type == "prediction" and item.form != "choice":
            continue
        assert result.state in (INVALID, UNANSWERED), junk
        assert not result.counts


@pytest.mark.parametrize("mode", ["rich", "core", "text"])
@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.bank)
def test_each_interface_takes_the_right_answer(bank, mode, monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", mode)
    quiz = show(bank.items, bank.title)
    for item in bank.items:
        layout = quiz.session.layout(item.id)
        said = quiz.answer(item.id, layout.to_public(trials(layout.item)[0].response))
        word = "Noted" if item.type == "prediction" else "Right"
        assert word in str(said).splitlines()[0]
    marked = [item for item in bank.items if item.type != "prediction"]
    assert quiz.session.summary().get("right") == len(marked)


@pytest.mark.parametrize("item", CHOICES)
def test_a_wrong_try_does_not_show_the_right_options(item):
    for trial in trials(realize(item)):
        if trial.state == CORRECT:
            continue
        session = Session([item])
        state = session.answer(item.id, session.layout(item.id).to_public(trial.response))
        assert state["solution"] == []
        options = [*session.item(item.id).options, *getattr(session.item(item.id), "reasons", [])]
        said = " ".join(state["feedback"])
        for option in options:
            if option.correct and len(option.text) > 3:
                assert option.text not in said


def test_every_wrong_option_of_a_quiz_is_answered_with_a_reason():
    for bank in BANKS:
        for item in bank.items:
            if item.type == "single_choice":
                for option in realize(item).options:
                    result = grade(item, option.id)
                    assert result.state == (CORRECT if option.correct else INCORRECT)
                    assert option.correct or result.feedback or result.misconceptions
