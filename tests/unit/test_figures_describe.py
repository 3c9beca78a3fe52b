"""Numbers and sentences: three digits, units as people write them, crossings where they are."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secretome_edu.figures.describe import (
    count,
    course_of,
    crossings,
    half_x,
    number,
    peak,
    percent,
    unit_text,
)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.09876, "pM", "0.0988 pM"),
        (999.6, "", "1,000"),
        (99.96, "", "100"),
        (0, "h", "0 h"),
        (-2.5, "", "-2.5"),
        (123456, "cells", "123,000 cells"),
        (1.0e-9, "M", "1×10⁻⁹ M"),
        (float("inf"), "um", "infinite µm"),
        (float("nan"), "", "no value"),
        (12.3, "percent", "12.3%"),
        (1000, "um2/s", "1,000 µm²/s"),
    ],
)
def test_number(value, unit, text):
    assert number(value, unit) == text


@given(st.floats(min_value=1e-30, max_value=1e30))
def test_number_keeps_three_digits(value):
    text = number(value).replace(",", "")
    mantissa, _, exponent = text.partition("×10")
    power = int(exponent.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")) or 0)
    assert float(mantissa) * 10.0**power == pytest.approx(value, rel=5.1e-3)


def test_units():
    assert unit_text("ug/mL") == "µg/mL"
    assert unit_text("um3") == "µm³"
    assert unit_text("molecules/s") == "molecules/s"
    assert unit_text("1e6/cc") == "1e6/cc"
    assert unit_text("fraction") == ""


def test_crossings_find_every_passage():
    x = np.linspace(0, 2 * np.pi, 2001)
    assert crossings(x, np.sin(x), 0.5) == pytest.approx([np.pi / 6, 5 * np.pi / 6], abs=1e-5)
    assert crossings(x, np.sin(x), 2.0) == []


def test_crossings_skip_gaps():
    assert crossings([0, 1, 2, 3], [0, np.nan, 5, 0], 1) == pytest.approx([2.8])


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30), st.floats(-1e6, 1e6))
def test_crossings_lie_between_their_neighbors(values, level):
    found = crossings(np.arange(len(values)), values, level)
    assert all(0 <= x <= len(values) - 1 for x in found)
    changes = sum((a > level) != (b > level) for a, b in itertools.pairwise(values))
    assert len(found) == changes


def test_peak_and_half():
    assert peak([1, 2, 3], [5, np.nan, 7]) == (3.0, 7.0)
    assert half_x([0, 1, 2], [4, 2, 0]) == 1.0
    assert half_x([0, 1], [1, 1]) is None


def test_course_of_a_curve():
    assert course_of("a", [0, 1], [1, 1], "h", "nM") == "a stays at 1 nM"
    assert "peak of 9 nM at 1 h" in course_of("a", [0, 1, 2], [0, 9, 1], "h", "nM")
    assert course_of("a", [0, 1], [0, 3], "h", "nM").startswith("a rises from 0 nM at 0 h to 3 nM")
    assert course_of("a", [0], [np.nan], "h", "nM") == "a has no value"


def test_percent_and_count():
    assert percent(1 / 3) == "33.3%"
    assert count(1500, "cell") == "1,500 cells"
    assert count(2, "MSC", "MSC") == "2 MSC"
