"""Whatever the marks are: the formulas hold, and who comes first does not matter."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from secretome_edu.classroom.beliefs import wilson_low
from secretome_edu.classroom.item_analysis import analyze

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))
from classroom_oracle import differences

MARK = st.sampled_from([None, 0, 1, 1 / 3, 0.5, 2 / 3])
CLASSES = st.integers(1, 4).flatmap(
    lambda questions: st.lists(
        st.lists(MARK, min_size=questions, max_size=questions), min_size=1, max_size=8
    )
)


def array(rows):
    return np.array([[np.nan if v is None else v for v in row] for row in rows], dtype=float)


@settings(max_examples=150, deadline=None)
@given(CLASSES, st.booleans())
@example([[1, 2 / 3], [2 / 3, 1 / 3]], False)  # alpha is 1, but for rounding
def test_any_class_agrees_with_the_independent_computation(rows, zero):
    found = analyze(array(rows), omitted_as_zero=zero)
    assert list(differences(found, rows, [1.0] * len(rows[0]), zero)) == []


@settings(max_examples=50, deadline=None)
@given(CLASSES, st.randoms(use_true_random=False))
def test_the_order_of_learners_does_not_matter(rows, dice):
    mixed = rows[:]
    dice.shuffle(mixed)
    one, other = analyze(array(rows)), analyze(array(mixed))
    np.testing.assert_allclose(
        np.array(one.items), np.array(other.items), rtol=1e-9, atol=1e-9, equal_nan=True
    )


@given(st.integers(0, 500), st.integers(0, 500))
def test_wilsons_lower_end_is_below_the_share_and_rises_with_it(showed, more):
    asked = showed + more
    low = wilson_low(showed, asked)
    assert 0 <= low <= (showed / asked if asked else 0) + 1e-12
    if more:
        assert wilson_low(showed + 1, asked) > low
