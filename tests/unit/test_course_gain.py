"""The learning gain: first answers, per objective, and what luck alone would do."""

from __future__ import annotations

import itertools

import pytest

from secretome_edu.course import lesson, memory
from secretome_edu.course.gain import Answered, luck, statement
from secretome_edu.course.report import questions
from secretome_edu.quiz.answers import trials


@pytest.fixture(autouse=True)
def fresh_learner(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", "text")
    monkeypatch.setenv("SECRETOME_EDU_STORE", "memory:")
    memory.store.cache_clear()
    yield
    memory.store.cache_clear()


def result(points: list[float], time: str = "1") -> list[Answered]:
    return [Answered(f"course.{i % 4 + 1}", p, time) for i, p in enumerate(points)]


@pytest.mark.parametrize("questions", [1, 2, 3, 4])
def test_luck_agrees_with_counting_every_pair_of_tests(questions):
    tests = list(itertools.product((0, 1), repeat=questions))
    apart = [abs(sum(a) - sum(b)) for a in tests for b in tests]
    difference, probability = luck(questions)
    share = sum(d >= difference for d in apart) / len(apart)
    assert probability == pytest.approx(share)
    assert share <= 0.05
    assert sum(d >= difference - 1 for d in apart) / len(apart) > 0.05


def test_a_small_change_is_called_possible_luck_and_a_large_one_is_not():
    low, middle, high = ([1.0] * n + [0.0] * (12 - n) for n in (2, 5, 8))
    assert "smaller: it may be luck" in statement(result(low), result(middle, "2")).text
    assert "larger than luck usually makes" in statement(result(low), result(high, "2")).text
    assert "3 fewer." in statement(result(middle), result(low, "2")).text
    assert "no change." in statement(result(low), result(low, "2")).text


def test_an_unfinished_test_gives_no_gain():
    half = [*result([1.0] * 6), *[Answered("course.1", None)] * 6]
    assert "6 of 12 answered" in statement(half, result([1.0] * 12)).text
    assert "no gain to state" in statement(half, result([1.0] * 12)).text
    assert "appears here" in statement(result([1.0] * 12), half).text


def test_a_first_test_taken_last_is_no_gain():
    assert "so this is no gain" in statement(result([0.0] * 12, "3"), result([1.0] * 12, "2")).text


def test_each_objective_is_told():
    said = statement(result([0.0] * 12), result([1.0] * 12, "2"))
    assert said.text.count("Before 0 of 3 points, after 3 of 3 points.") == 4
    assert said.html.count('<th scope="row"') == 4


def test_the_tests_are_parallel():
    pools = [
        sorted(i.objective for i in questions().values() if i.pool == pool)
        for pool in ("pretest", "posttest")
    ]
    assert pools[0] == pools[1]
    assert len(pools[0]) == 12


def _take(test, right: bool) -> None:
    for id in test.session.ids:
        layout = test.session.layout(id)
        options = trials(layout.item)
        chosen = options[0] if right else next(t for t in options if t.score == 0)
        test.answer(id, layout.to_public(chosen.response))


def test_a_learner_who_took_both_tests_reads_the_gain_as_it_grows():
    _take(lesson("start_here").pretest(), right=False)
    here = lesson("capstone")
    shown = here.gain()
    assert "12 of 12 answered. Test after it: 0 of 12." in repr(shown)
    test = here.posttest()
    _take(test, right=True)
    assert "Before the course 0 of 12 points, after it 12 of 12 points: 12 more." in repr(shown)
    _take(test, right=False)  # a change of mind later does not count
    assert "12 more" in repr(here.gain())
