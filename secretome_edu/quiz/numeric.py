"""Numbers with units: what is right, and which slip a wrong one shows."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from secretome_edu.quiz import units
from secretome_edu.quiz.items import Numeric, Tolerance
from secretome_edu.quiz.numbers import Number, parse_number, round_to_figures
from secretome_edu.quiz.parts import Wrong
from secretome_edu.quiz.result import UNANSWERED, Result, blank, invalid, scored
from secretome_edu.ui.messages import BadValue

_NEAR = 5  # times the tolerance: probably rounding


def read(response: Any) -> Number | str:
    """Return the number of a response, or the sentence that says why there is none."""
    if isinstance(response, bool) or not isinstance(response, (str, int, float)):
        return "Write a number."
    try:
        return parse_number(response if isinstance(response, str) else repr(response))
    except ValueError as problem:  # BadValue, or an integer too long to write
        return str(problem)


def grade_numeric(item: Numeric, response: Any) -> Result:
    """Grade a number; the first diagnosis that fits is the feedback."""
    if blank(response):
        return Result(UNANSWERED)
    number = read(response)
    if isinstance(number, str):
        return invalid(number)
    wanted = item.tolerance.significant_figures
    if wanted and number.figures is not None and number.figures < wanted:
        return invalid(f"Give it with {wanted} significant figures.")
    if item.unit is None:
        if number.rest:
            return invalid(f"Write the number alone, without {number.rest!r}.")
        return _judge(item, number.value)
    unit = number.rest or (item.unit if item.unit_given else "")
    if not unit:
        return invalid("Write the unit too, for example after a space.")
    try:
        alike = units.same_kind(unit, item.unit)
    except BadValue as problem:
        return invalid(str(problem))
    fits = near(number.value, answer_of(item), item.tolerance)
    if not alike:
        word = "The number fits, but" if fits else "Look at the unit first:"
        return scored(
            0.5 if fits else 0.0, more=[f"{word} {unit!r} does not measure what is asked."]
        )
    try:
        value = units.convert(number.value, unit, item.unit)
    except BadValue:
        return invalid(f"{unit!r} cannot be converted here.")
    if not math.isfinite(value):
        return invalid("The number is too large.")
    if fits and not near(value, answer_of(item), item.tolerance):
        return scored(0.5, more=[f"The number fits, but not with the unit {unit!r}."])
    return _judge(item, value)


def answer_of(item: Numeric) -> float:
    """Return the number that is right; the item must be realized."""
    if item.answer.value is None:
        raise BadValue(f"Item {item.id} is not realized: call quiz.variants.realize first.")
    return item.answer.value


def near(value: float, answer: float, tolerance: Tolerance, widened: float = 1.0) -> bool:
    """Tell whether a value counts as the answer; bounds are included.

    The last binary digit never decides: 0.1 + 0.2 is 0.3.
    """
    slack = 1e-9 * abs(answer)
    if tolerance.low is not None and tolerance.high is not None:
        spread = (widened - 1) * (tolerance.high - tolerance.low) / 2
        slack = 1e-9 * max(abs(tolerance.low), abs(tolerance.high))
        return tolerance.low - spread - slack <= value <= tolerance.high + spread + slack
    if tolerance.absolute is not None:
        return abs(value - answer) <= widened * tolerance.absolute + slack
    if tolerance.relative is not None:
        return abs(value - answer) <= widened * tolerance.relative * abs(answer) + slack
    figures = tolerance.significant_figures or 1
    if widened == 1.0:
        return round_to_figures(value, figures) == round_to_figures(answer, figures)
    size = 10.0 ** (math.floor(math.log10(abs(answer))) - figures + 1) if answer else 0.0
    return abs(value - answer) <= widened * size / 2 + slack


def _judge(item: Numeric, value: float) -> Result:
    answer, tolerance = answer_of(item), item.tolerance
    if near(value, answer, tolerance):
        return scored(1.0)
    for pattern in item.wrong_numbers:
        if pattern.value is not None and near(value, pattern.value, _around(tolerance)):
            return scored(0.0, [pattern])
    slip = _slip(value, answer, tolerance)
    return scored(0.0, [Wrong(feedback=slip)] if slip else [])


def _around(tolerance: Tolerance) -> Tolerance:
    """Return the tolerance for a wrong number: a range belongs to the right one only."""
    return Tolerance(relative=0.01) if tolerance.low is not None else tolerance


def _slip(value: float, answer: float, tolerance: Tolerance) -> str | None:
    if near(-value, answer, tolerance):
        return "Check the sign."
    if value and answer and value * answer > 0:
        power = round(math.log10(abs(value)) - math.log10(abs(answer)))
        moved = float(Decimal(value).scaleb(-power))  # 10.0**400 would overflow
        if power and near(moved, answer, tolerance):
            return "The digits are right, a power of ten is not: check the prefixes you converted."
    if near(value, answer, tolerance, widened=_NEAR):
        return "Close. Check the rounding of what went before."
    return None
