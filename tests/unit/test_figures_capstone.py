"""Figures of lesson 16: rows that exist, scores as the explorer's, turns that are turns."""

from __future__ import annotations

import pytest

from secretome_edu import data
from secretome_edu.exercises import capstone as tasks
from secretome_edu.explore.catalog import decision as explorer
from secretome_edu.figures import capstone as pictures


@pytest.fixture(autouse=True)
def as_text(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", "text")


def test_lesson_explorer_and_exercises_share_one_set_of_scores():
    by_option = tuple(zip(*pictures.SCORES.values(), strict=True))
    assert by_option == explorer.SCORES == tasks.SCORES
    assert tuple(explorer.CRITERIA.values()) == tuple(pictures.SCORES)
    assert pictures.OPTIONS == explorer.OPTIONS == tasks.OPTIONS


def test_every_criterion_names_rows_that_exist_and_none_counts_twice():
    named = [row for rows in pictures.EVIDENCE.values() for row in rows]
    assert len(named) == len(set(named))
    assert set(named) <= set(data.load("tradeoffs")["row_id"])
    assert list(pictures.EVIDENCE) == list(pictures.SCORES)


def test_a_turn_is_a_turn_on_its_other_side():
    names, found = list(pictures.SCORES), pictures.turnings()
    assert len(found) == 3
    for turn in found:
        # A little beyond the turning weight, the other four in equal parts.
        beyond = turn.weight_then + 0.01 * (1 if turn.weight_then > turn.weight_now else -1)
        weights = dict.fromkeys(names, (1 - beyond) / 4) | {turn.criterion: beyond}
        assert pictures.choice(weights).rank().options[0] == turn.option


def test_the_rows_behind_each_score_are_shown_with_their_sources():
    view = pictures.criterion()
    for criterion, rows in pictures.EVIDENCE.items():
        view.set(criterion=criterion)
        assert all(f"\n{row} |" in f"\n{view.found.text}" for row in rows)
        assert view.found.html.count("<tr>") == len(rows) + 1
        assert view.found.summary.startswith(f"{len(rows)} rows: ")


def test_reports_of_a_problem_count_what_they_show():
    view = pictures.problem()
    table = data.load("applications")
    table = table[table["organ_system"] == "respiratory"]
    against = int((table["result"] == "neutral or unfavorable").sum())
    assert against
    assert f"; {against} neutral or unfavorable." in view.found.summary
    assert len(view.set(level="every row").text.splitlines()) - 1 == len(table)
    view.set(organ_system="aging", product_class="EV")
    assert view.found.summary == "No data: the table has no row of that kind."


def test_the_control_score_that_the_lesson_lowers_turns_the_ranking():
    scores = [list(row) for row in explorer.SCORES]
    for value, first in ((0.61, "vesicles"), (0.59, "conditioned medium")):
        scores[2][2] = value
        decided = pictures.Decision(pictures.OPTIONS, tuple(pictures.SCORES), scores, [1] * 5)
        assert decided.rank().options[0] == first
