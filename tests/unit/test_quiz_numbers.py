"""How numbers and units are read, and which slip a wrong number shows."""

from __future__ import annotations

import pytest

from secretome_edu.quiz import units
from secretome_edu.quiz.grading import grade
from secretome_edu.quiz.items import Numeric
from secretome_edu.quiz.numbers import Number, parse_number
from secretome_edu.ui.messages import BadValue


@pytest.mark.parametrize(
    ("text", "value", "figures", "rest"),
    [
        ("1.5e-3", 1.5e-3, 2, ""),
        ("1.5E-3mg", 1.5e-3, 2, "mg"),
        ("1.5x10^-3", 1.5e-3, 2, ""),
        ("1.5 × 10⁻³ mg/mL", 1.5e-3, 2, "mg/mL"),
        ("1.5*10**6 cells", 1.5e6, 2, "cells"),
        ("1.5·10^(6)", 1.5e6, 2, ""),
        ("1.5x10-6", 1.5e-6, 2, ""),
        ("10^6", 1e6, 1, ""),
        ("1,5", 1.5, 2, ""),
        ("1,5 mg", 1.5, 2, "mg"),
        ("0,125", 0.125, 3, ""),
        ("12 345.5", 12345.5, 6, ""),
        ("12\u2009345 cells", 12345.0, 5, "cells"),
        ("1\u202f000\u202f000", 1e6, 7, ""),
        ("1'000", 1000.0, 4, ""),
        ("1,234.5", 1234.5, 5, ""),
        ("1.234,5", 1234.5, 5, ""),
        ("1,234,567", 1234567.0, 7, ""),
        ("3/4", 0.75, None, ""),
        ("3/4 h", 0.75, None, "h"),
        ("½ h", 0.5, None, "h"),
        ("-½", -0.5, None, ""),
        ("−2.50", -2.5, 3, ""),
        ("+.5", 0.5, 1, ""),
        ("5 %", 5.0, 1, "%"),
        ("0.0020", 0.002, 2, ""),
        ("5 um2/s", 5.0, 1, "um2/s"),
        ("2 µm²/s", 2.0, 1, "µm²/s"),
        ("0.01 1/s", 0.01, 1, "1/s"),
        ("0.01 /s", 0.01, 1, "/s"),
    ],
)
def test_a_number_is_read_as_people_type_it(text, value, figures, rest):
    assert parse_number(text) == Number(value, figures, rest)


@pytest.mark.parametrize(
    "text",
    ["", "mg", "nan", "inf", "1.5x106", "1 1/2", "1,234", "12,345 mg", "1.2.3", "1,2,3", "5 10",
     "3/0", "1e999", "2-3", "1..2", "e5", "--2", "10^", "1" * 5000, "0x10", "five"],
)  # fmt: skip
def test_what_is_no_number_or_two_is_refused_with_a_reason(text):
    with pytest.raises(BadValue) as refused:
        parse_number(text)
    assert len(str(refused.value)) > 20


def test_a_comma_before_three_digits_is_asked_about_not_guessed():
    with pytest.raises(BadValue, match=r"1\.234 or 1234"):
        parse_number("1,234 mg")


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (1500, "pg/mL", "ng/ml", 1.5),
        (1, "h", "min", 60),
        (2, "cells/µL", "cells/mL", 2000),
        (3, "particles per cell", "particles/cell", 3),
        (104, "um2/s", "µm²/s", 104),
        (104, "um^2/s", "mm**2/h", 0.3744),
        (37, "degC", "K", 310.15),
        (37, "°C", "degC", 37),
        (5, "%", "percent", 5),
        (1, "IU/mL", "IU/L", 1000),
        (1, "cfu", "CFU", 1),
        (1, "nM", "nmol/L", 1),
        (2, "molecules/cell/s", "molecules/(cell*s)", 2),
        (0.094, "mm", "um", 94),
    ],
)
def test_units_as_biologists_write_them(value, unit, to, expected):
    assert units.convert(value, unit, to) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("pair", [("cell", "particle"), ("IU", "mg"), ("cfu", "cell")])
def test_counts_of_different_things_are_different_kinds(pair):
    assert not units.same_kind(*pair)


@pytest.mark.parametrize("text", ["", "banana", "mg;ls", "__import__", "mg" * 40, "m**", "@"])
def test_what_is_no_unit_is_refused(text):
    with pytest.raises(BadValue):
        units.parse_unit(text)


def numeric(**changes):
    fields = {
        "id": "n", "type": "numeric", "pool": "quiz", "objective": "a.1", "bloom": "apply",
        "stem": "How far?", "solution": "So.", "answer": {"value": 94.0}, "unit": "um",
        "tolerance": {"relative": 0.02},
    }  # fmt: skip
    return Numeric(**{**fields, **changes})


@pytest.mark.parametrize(
    ("response", "state", "words"),
    [
        ("94 um", "correct", ""),
        ("0.094 mm", "correct", ""),
        ("94,0 µm", "correct", ""),
        ("9.4x10^1 um", "correct", ""),
        ("", "unanswered", ""),
        ("94", "invalid", "unit"),
        ("94 bananas", "invalid", "not a unit"),
        ("about 94 um", "invalid", "does not begin with a number"),
        ("94,123 um", "invalid", "can mean"),
        ("94 mm", "partial", "not with the unit"),
        ("94 s", "partial", "does not measure"),
        ("12 s", "incorrect", "does not measure"),
        ("-94 um", "incorrect", "sign"),
        ("940 um", "incorrect", "power of ten"),
        ("0.94 um", "incorrect", "power of ten"),
        ("98 um", "incorrect", "rounding"),
        ("8836 um", "incorrect", "square root"),
        ("12 um", "incorrect", ""),
    ],
)
def test_each_slip_has_its_own_words(response, state, words):
    item = numeric(wrong_numbers=[{"value": 8836, "feedback": "Take the square root."}])
    result = grade(item, response)
    assert result.state == state
    assert words in " ".join(result.feedback)
    assert bool(result.feedback) == bool(words)


def test_a_decimal_comma_is_never_dropped():
    item = numeric(answer={"value": 15.0}, unit="mg")
    assert grade(item, "1,5 mg").state == "incorrect"
    assert grade(numeric(answer={"value": 1.5}, unit="mg"), "1,5 mg").state == "correct"


def test_a_printed_unit_need_not_be_typed_but_may_be():
    item = numeric(unit_given=True)
    assert [grade(item, r).state for r in ("94", "94 um", "0.094 mm")] == ["correct"] * 3
    assert grade(numeric(unit=None), "94").state == "correct"
    assert grade(numeric(unit=None), "94 um").state == "invalid"
    assert grade(numeric(unit=None), 94).state == "correct"


def test_the_last_binary_digit_and_the_bounds_do_not_decide():
    exact = numeric(answer={"value": 0.3}, unit=None, tolerance={"absolute": 0})
    assert grade(exact, 0.1 + 0.2).state == "correct"
    ranged = numeric(unit=None, tolerance={"low": 90, "high": 100})
    assert [grade(ranged, r).state for r in ("90", "100", "89.9", "100.1")] == [
        "correct", "correct", "incorrect", "incorrect",
    ]  # fmt: skip


def test_significant_figures_are_asked_for_and_rounding_is_forgiven():
    item = numeric(answer={"value": 94.07}, tolerance={"significant_figures": 3})
    assert grade(item, "94 um").state == "invalid"
    assert "3 significant figures" in grade(item, "94 um").feedback[0]
    assert [grade(item, r).state for r in ("94.1 um", "94.07 um", "94.2 um")] == [
        "correct", "correct", "incorrect",
    ]  # fmt: skip


def test_zero_can_be_an_answer_and_nothing_is_not_zero():
    item = numeric(answer={"value": 0}, unit=None, tolerance={"absolute": 0.1})
    assert grade(item, "0").state == "correct"
    assert grade(item, "").state == "unanswered"
    figures = numeric(answer={"value": 0}, unit=None, tolerance={"significant_figures": 1})
    assert [grade(figures, r).state for r in ("0", "3", "-3")] == [
        "correct", "incorrect", "incorrect",
    ]  # fmt: skip


def test_a_range_is_not_used_for_the_wrong_numbers():
    item = numeric(
        unit=None,
        tolerance={"low": 90, "high": 100},
        wrong_numbers=[{"value": 50, "feedback": "Half."}],
    )
    assert grade(item, "50").feedback == ("Half.",)
    assert grade(item, "94").state == "correct"


@pytest.mark.parametrize("unit", ["1/s", "s^-1", "per s", "s-1", "/s"])
@pytest.mark.parametrize(
    ("response", "state"),
    [
        ("0.01 1/s", "correct"), ("0.01 /s", "correct"), ("0.01 per s", "correct"),
        ("0.01 s-1", "correct"), ("0.01 s^-1", "correct"), ("36 1/h", "correct"),
        ("0.6 per min", "correct"), ("0.01 1/h", "partial"), ("0.01 s", "partial"),
    ],
)  # fmt: skip
def test_a_rate_is_read_in_every_spelling(unit, response, state):
    item = Numeric(
        type="numeric", stem="How fast?", id="q", pool="quiz", objective="a.1", bloom="apply",
        solution="So.", answer={"value": 0.01}, unit=unit, tolerance={"relative": 0.05},
    )  # fmt: skip
    assert grade(item, response).state == state
