"""How long a learner waits: grading, the whole answer in the kernel, opening a quiz.

Run ``python -m pytest tests/benchmarks/bench_quiz.py``. Click to feedback in a real JupyterLab is
measured and bounded (median at most 100 ms) in ``tests/browser/test_quiz_lab.py``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from secretome_edu.quiz.answers import right_response, trials
from secretome_edu.quiz.bank import read_bank
from secretome_edu.quiz.grading import grade
from secretome_edu.quiz.variants import realize
from secretome_edu.quiz.view import show

PATH = Path(__file__).parents[1] / "unit" / "quiz_banks" / "all_types.yaml"
ITEMS = [realize(item) for item in read_bank(PATH).items]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.type)
def test_grading(benchmark, item):
    result = benchmark(grade, item, right_response(item))
    assert result.score == 1 or item.type == "prediction"
    assert benchmark.stats["median"] < 0.005


def test_a_wrong_answer_from_message_to_state(benchmark, monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", "rich")
    quiz = show(ITEMS)
    wrong = quiz.session.layout("one-single").to_public(trials(ITEMS[0])[1].response)
    message = {"item": "one-single", "action": "answer", "response": wrong, "confidence": 2}
    benchmark(quiz._on_message, quiz, message, [])
    assert quiz.states["one-single"]["state"] == "incorrect"
    assert benchmark.stats["median"] < 0.02


def test_reading_a_bank(benchmark):
    benchmark(read_bank, PATH)
    assert benchmark.stats["median"] < 0.5


def test_opening_a_quiz(benchmark, monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", "rich")
    benchmark(show, ITEMS)
    assert benchmark.stats["median"] < 0.2
