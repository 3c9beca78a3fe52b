"""Item analysis is Moodle's: 1e-9 from an independent computation, undefined where it must be."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from classroom_oracle import differences

from secretome_edu.classroom.item_analysis import analyze, correlation
from secretome_edu.ui.messages import BadValue

STEPS = {"right or wrong": [0, 1], "thirds": [0, 1 / 3, 2 / 3, 1], "quarters": [0, 0.25, 0.5, 1]}


def simulated(seed, learners, questions, steps, missing=0.0, flat=()):
    """A class by ability and difficulty; ``flat`` questions are answered alike by all."""
    dice = random.Random(seed)
    difficulty = [dice.gauss(0, 1) for _ in range(questions)]
    rows = []
    for _ in range(learners):
        ability = dice.gauss(0, 1)
        row = []
        for number, hard in enumerate(difficulty):
            p = 1 / (1 + math.exp(hard - ability))
            place = sum(dice.random() < p for _ in steps[1:])
            value = steps[place] if number not in flat else steps[-1]
            row.append(None if dice.random() < missing else value)
        rows.append(row)
    return rows


def array(rows):
    return np.array([[np.nan if v is None else v for v in row] for row in rows], dtype=float)


CASES = [
    # learners, questions, missing, flat
    (1, 5, 0.0, ()), (2, 5, 0.0, ()), (2, 4, 0.4, (0,)), (29, 1, 0.05, ()), (29, 2, 0.0, (0,)),
    (29, 2, 0.0, (0, 1)), (30, 8, 0.0, ()), (30, 8, 0.05, (0,)), (40, 4, 0.4, (0, 1)),
    (100, 10, 0.02, (3,)),
]  # fmt: skip


@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
@pytest.mark.parametrize(("learners", "questions", "missing", "flat"), CASES)
@pytest.mark.parametrize("zero", [False, True], ids=["left out", "as zero"])
def test_it_agrees_with_an_independent_computation(steps, learners, questions, missing, flat, zero):
    rows = simulated(learners + questions, learners, questions, steps, missing, flat)
    found = analyze(array(rows), omitted_as_zero=zero)
    assert list(differences(found, rows, [1.0] * questions, zero)) == []


def test_a_whole_class_agrees_too():
    rows = simulated(9, 300, 8, STEPS["quarters"], 0.03)
    assert list(differences(analyze(array(rows)), rows, [1.0] * 8)) == []


@pytest.mark.parametrize("zero", [False, True])
def test_questions_may_be_worth_different_marks(zero):
    most = [1.0, 2.0, 0.5, 4.0]
    rows = [
        [None if v is None else v * m for v, m in zip(row, most, strict=True)]
        for row in simulated(3, 60, 4, STEPS["quarters"], 0.1)
    ]
    found = analyze(array(rows), np.array(most), omitted_as_zero=zero)
    assert list(differences(found, rows, most, zero)) == []
    assert [item.intended_weight for item in found.items] == pytest.approx(
        [100 * m / 7.5 for m in most]
    )


def test_a_question_all_answer_alike_has_no_discrimination_and_no_zero_in_its_place():
    found = analyze(np.array([[1, 0, 1], [1, 1, 0], [1, 1, 1], [1, 0, 0]], dtype=float))
    flat = found.items[0]
    assert flat.facility == 100
    assert flat.standard_deviation == 0
    assert math.isnan(flat.discrimination_index)
    assert math.isnan(flat.discriminative_efficiency)
    assert flat.effective_weight == 0  # the formula is defined: it moves no total


def test_thirds_that_differ_by_rounding_only_do_not_vary():
    third = 0.1 + 0.2
    found = analyze(np.array([[0.3, 1.0], [third, 0.0], [0.3, 1.0]]))
    assert math.isnan(found.items[0].discrimination_index)


def test_no_covariance_by_rounding_is_none_and_not_a_negative_one():
    marks = np.array([[0, 1], [0, 1 / 3], [0.5, 0], [0.5, 1 / 3]])
    assert analyze(marks).items[0].effective_weight == 0


def test_totals_that_are_all_alike_leave_alpha_and_its_followers_undefined():
    found = analyze(np.array([[1, 0], [0, 1], [1, 0], [0, 1]], dtype=float))
    assert math.isnan(found.alpha)
    assert math.isnan(found.error_ratio)
    assert math.isnan(found.standard_error)
    assert found.items[0].discrimination_index == pytest.approx(-100)


def test_a_question_that_works_against_the_test_has_no_effective_weight():
    rows = [[1, 0, 0, 0], [1, 0, 0, 0], [0, 1, 1, 1], [0, 1, 1, 0], [1, 0, 1, 0]]
    found = analyze(np.array(rows, dtype=float))
    assert found.items[0].discrimination_index < 0
    assert math.isnan(found.items[0].effective_weight)
    assert sum(i.effective_weight for i in found.items[1:]) == pytest.approx(100)


def test_an_unanswered_question_is_missing_and_counts_zero_only_if_asked():
    marks = np.array([[1, 1], [1, np.nan], [0, 1], [1, 0], [np.nan, np.nan]])
    left_out = analyze(marks)
    assert (left_out.learners, left_out.attempts) == (4, 3)
    assert left_out.items[1].answered == 3
    assert left_out.items[1].facility == pytest.approx(200 / 3)
    as_zero = analyze(marks, omitted_as_zero=True)
    assert (as_zero.learners, as_zero.attempts) == (4, 4)  # who answered nothing was not there
    assert as_zero.items[1].facility == 50


def test_nobody_and_nothing():
    empty = analyze(np.empty((0, 3)))
    assert (empty.learners, empty.attempts) == (0, 0)
    assert math.isnan(empty.mean)
    assert all(math.isnan(item.facility) for item in empty.items)


@pytest.mark.parametrize("most", [[1.0], [1.0, 0.0], [1.0, -1.0], [[1.0, 1.0]]])
def test_marks_that_fit_no_question_are_refused(most):
    with pytest.raises(BadValue, match="greatest marks above 0"):
        analyze(np.ones((3, 2)), np.array(most))


def test_correlation_stays_within_one():
    x = np.array([0.1, 0.2, 0.3, 0.4])
    assert correlation(x, 3 * x) == 1.0
    assert correlation(x, -7 * x) == -1.0
