"""Checks of lesson 14: matched exposures, a column of absolute risks, evidence for both sides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import isclose, log, log10
from typing import TYPE_CHECKING, Any

import numpy as np

from secretome_edu.exercises.check import Task
from secretome_edu.models import pharmacokinetics
from secretome_edu.models.cards import model_card

if TYPE_CHECKING:
    import pandas as pd

CELLS_PER_KG, SECRETION_PG_H, HALF_LIFE_H, LONG_H = 2e6, 0.02, 24.0, 48.0
WANTED_H = 33.0
WEEK_H = np.arange(0.0, 168.0, 0.05)
TRIALS = ("O010", "O014", "O184")
INVENTED = {
    "events_treated": [8, 0, 30],
    "n_treated": [40, 50, 60],
    "events_control": [2, 5, 15],
    "n_control": [20, 25, 30],
}
TOLERANCE = 0.02
# Box -> the line of evidence that fits.
SPEAKERS = {
    "reject_for": 7,
    "reject_against": 4,
    "tumor_against": 1,
    "tumor_cells": 2,
    "delivery_for": 6,
    "target_against": 5,
}
NAMES = {
    "reject_for": "Less rejection",
    "reject_against": "Rejection is open",
    "tumor_against": "A tumor risk can stay",
    "tumor_cells": "No tumors in trials",
    "delivery_for": "Less invasive",
    "target_against": "Not targeted",
}
# What is wrong with a line for any other speaker than its own.
WRONG_LINES = {
    1: "line 1 is about vesicles and tumors of mice.",
    2: "line 2 counts tumors in patients who got cells.",
    3: "line 3 compares effects in animals, and no difference is no equivalence.",
    4: "line 4 says what was not measured about vesicles.",
    5: "line 5 says where injected vesicles end up.",
    6: "line 6 says which routes are tried.",
    7: "line 7 shows that cells are noticed, and cells only.",
    8: "line 8 is about fever, which is not rejection and no tumor.",
}


def _kinetics() -> pharmacokinetics.TwoCompartment:
    card = model_card("pharmacokinetics")
    names = ("clearance", "central_volume", "peripheral_volume", "exchange")
    return pharmacokinetics.TwoCompartment(*(card.parameter(name).value for name in names))


def _ic50() -> float:
    return float(model_card("pharmacokinetics").parameter("ic50").value)


@lru_cache(maxsize=32)
def hours_above(injections: int) -> float:
    """Return the hours above half effect within a week, of daily injections that match."""
    source = (CELLS_PER_KG, SECRETION_PG_H, HALF_LIFE_H)
    dose = float(pharmacokinetics.equal_exposure_dose(*source)) / injections
    since = WEEK_H - 24.0 * np.arange(injections)[:, None]
    each = pharmacokinetics.bolus(np.maximum(since, 0.0), dose, _kinetics())
    level = np.where(since >= 0, each, 0.0).sum(axis=0)
    return float(pharmacokinetics.time_above_h(WEEK_H, level, _ic50()))


@lru_cache(maxsize=1)
def _matched() -> tuple[float, float, float]:
    dose = float(pharmacokinetics.equal_exposure_dose(CELLS_PER_KG, SECRETION_PG_H, LONG_H))
    peak = float(pharmacokinetics.bolus(0.0, dose, _kinetics()))
    return dose, peak, float(next(n for n in range(1, 15) if hours_above(n) >= WANTED_H))


def matched() -> dict[str, float]:
    """Return the matching dose (ug/kg), the level after it (ng/mL) and the injections needed."""
    return dict(zip(("dose", "peak", "count"), _matched(), strict=True))


def _close(given: float, right: float) -> bool:
    return isclose(given, right, rel_tol=TOLERANCE)


def _power_of_ten(given: float, right: float) -> bool:
    if given <= 0:
        return False
    power = log10(given / right)
    return abs(power) > 0.5 and abs(power - round(power)) < 0.01


def check_matched(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when dose, level and number are right."""
    return (
        _judge_dose(given["dose"], matched()["dose"])
        or _judge_peak(given["peak"], matched()["peak"])
        or _judge_count(given["count"], int(matched()["count"]))
    )


def _judge_dose(dose: float, right: float) -> str:
    if _close(dose, right):
        return ""
    if _close(dose, right * HALF_LIFE_H / LONG_H):
        return "Matching dose: that is for cells with a half-life of 24 h. The gel gives them 48 h."
    if _close(dose, right * log(2)):
        return (
            "Matching dose: rate times half-life is what the full number would release until then. "
            "The cells fade, but they go on after it: divide by ln 2."
        )
    if _close(dose, right * log(2) ** 2):
        return "Matching dose: divide by ln 2 instead of multiplying by it."
    if _power_of_ten(dose, right):
        return "Matching dose: the digits are right, the power of ten is not. 1 µg is 1e6 pg."
    return "Matching dose: not yet. Cells per kg, times pg per hour, times half-life over ln 2."


def _judge_peak(peak: float, right: float) -> str:
    card = model_card("pharmacokinetics")
    central, outer, clearance = (
        card.parameter(n).value for n in ("central_volume", "peripheral_volume", "clearance")
    )
    if _close(peak, right):
        return ""
    if _close(peak, right * central / (central + outer)):
        return "Level: it enters plasma first, 45 mL/kg. The other volume fills later."
    if _close(peak, right * central / clearance):
        return "Level: over the clearance you get the exposure, an area. Take the volume."
    if _close(peak, right * HALF_LIFE_H / LONG_H):
        return "Level: that belongs to the explorer's dose. Take the dose of your first box."
    if _power_of_ten(peak, right):
        return "Level: the digits are right, the power of ten is not. 1 µg/mL is 1,000 ng/mL."
    return "Level: not yet. The dose of your first box over 45 mL/kg."


def _judge_count(count: float, right: int) -> str:
    if isclose(count, right):
        return ""
    if count != int(count) or not 2 <= count <= 14:
        return "Number: whole injections, 2 to 14, as the slider offers them."
    if hours_above(int(count)) >= WANTED_H:
        return f"Number: {count:g} are enough, but fewer do as well."
    if count > right:
        return (
            f"Number: {count:g} within the week shown are too many: each is small, and the last "
            "fall behind the week's end."
        )
    return f"Number: with {count:g} the level falls below the line too soon after each."


def per_100(rows: pd.DataFrame) -> Any:
    """Return differences per 100 people, one for each row; the reference of exercise two."""
    return 100 * (
        rows["events_treated"] / rows["n_treated"] - rows["events_control"] / rows["n_control"]
    )


@lru_cache(maxsize=1)
def _tables() -> tuple[pd.DataFrame, ...]:
    import pandas as pd

    from secretome_edu import data

    trials = data.load("outcomes_numeric").set_index("row_id").loc[list(TRIALS), list(INVENTED)]
    return trials.astype(float).reset_index(drop=True), pd.DataFrame(INVENTED).astype(float)


def check_per_100(function: Callable[[pd.DataFrame], Sequence[float]]) -> str:
    """Return what to look at, or nothing when the function gives both columns."""
    if not callable(function):
        return "Give the function itself, without calling it: `lesson.check('e2', per_100)`."
    for table in _tables():
        given = function(table.copy())
        if given is None:
            return "Your function returns nothing; end it with `return`."
        values = np.asarray(given, dtype=float)
        if values.shape != (len(table),):
            return "Return one number for each row: no mean, no sum over the trials."
        if message := _compare(values, table):
            return message
    return ""


def _compare(values: np.ndarray, rows: pd.DataFrame) -> str:
    right = np.asarray(per_100(rows), dtype=float)
    treated = np.asarray(rows["events_treated"] / rows["n_treated"])
    control = np.asarray(rows["events_control"] / rows["n_control"])
    everybody = np.asarray(rows["n_treated"] + rows["n_control"])
    slips = {
        "Those are fractions; people of 100 are asked.": right / 100,
        "The sign is the other way round: more with treatment is positive.": -right,
        "That is the risk ratio. Subtract instead of dividing.": treated / control,
        "That is the risk of the treated alone; take the control's away.": 100 * treated,
        "That is the risk ratio in percent, minus 100. It is relative to the control's risk, "
        "not to 100 people.": 100 * (treated / control - 1),
        "You divide by all people of the trial. Each arm has its own number.": 100
        * np.asarray(rows["events_treated"] - rows["events_control"])
        / everybody,
    }
    if np.allclose(values, right, atol=0.01):
        return ""
    for message, wrong in slips.items():
        if np.allclose(values, wrong, atol=1e-6):
            return message
    row = int(np.argmax(~np.isclose(values, right, atol=0.01)))
    counts = ", ".join(f"{name} {rows[name][row]:g}" for name in INVENTED)
    return f"For {counts} you return {values[row]:.3g}. Compute that row by hand first."


def check_speakers(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when every speaker has its best line."""
    for box, right in SPEAKERS.items():
        line = given[box]
        if isclose(line, right):
            continue
        if line != int(line) or not 1 <= line <= 8:
            return f"*{NAMES[box]}*: write the number of a line, 1 to 8."
        return f"*{NAMES[box]}*: {WRONG_LINES[int(line)]}"
    return ""


def _with(**changes: float) -> Callable[[], dict[str, float]]:
    return lambda: matched() | changes


def _speaking(**changes: float) -> Callable[[], dict[str, float]]:
    return lambda: {k: float(v) for k, v in SPEAKERS.items()} | changes


TASKS = {
    "e1": Task(
        check=check_matched,
        reference=matched,
        mistakes={
            "half-life of 24 h": lambda: matched() | {"dose": matched()["dose"] / 2},
            "divide by ln 2.": lambda: matched() | {"dose": matched()["dose"] * log(2)},
            "instead of multiplying": lambda: matched() | {"dose": matched()["dose"] * log(2) ** 2},
            "1e6 pg": lambda: matched() | {"dose": matched()["dose"] * 1e6},
            "Matching dose: not yet": _with(dose=5.0),
            "enters plasma first": lambda: matched() | {"peak": matched()["peak"] * 45 / 70},
            "an area": lambda: matched() | {"peak": matched()["peak"] * 45 / 65},
            "first box": lambda: matched() | {"peak": matched()["peak"] / 2},
            "1,000 ng/mL": lambda: matched() | {"peak": matched()["peak"] / 1000},
            "Level: not yet": _with(peak=100.0),
            "2 to 14": _with(count=1.0),
            "fewer do as well": _with(count=6.0),
            "too soon after each": _with(count=4.0),
            "week's end": _with(count=14.0),
        },
    ),
    "e2": Task(
        check=check_per_100,
        reference=lambda: per_100,
        mistakes={
            "without calling it": lambda: [1.0],
            "returns nothing": lambda: lambda rows: None,
            "one number for each row": lambda: lambda rows: float(np.mean(per_100(rows))),
            "Those are fractions": lambda: lambda rows: per_100(rows) / 100,
            "The sign is the other way": lambda: lambda rows: -per_100(rows),
            "That is the risk ratio. Subtract": lambda: (
                lambda r: r.events_treated / r.n_treated / (r.events_control / r.n_control)
            ),
            "treated alone": lambda: lambda r: 100 * r.events_treated / r.n_treated,
            "ratio in percent": lambda: (
                lambda r: (
                    100 * (r.events_treated / r.n_treated / (r.events_control / r.n_control) - 1)
                )
            ),
            "all people of the trial": lambda: (
                lambda r: 100 * (r.events_treated - r.events_control) / (r.n_treated + r.n_control)
            ),
            "by hand first": lambda: lambda rows: per_100(rows) + 1,
        },
    ),
    "e3": Task(
        check=check_speakers,
        reference=lambda: {k: float(v) for k, v in SPEAKERS.items()},
        mistakes={
            "fever, which is not": _speaking(reject_for=8),
            "no equivalence": _speaking(reject_against=3),
            "counts tumors in patients": _speaking(tumor_against=2),
            "tumors of mice": _speaking(tumor_cells=1),
            "where injected vesicles end": _speaking(delivery_for=5),
            "which routes are tried": _speaking(target_against=6),
            "cells only": _speaking(reject_against=7),
            "not measured about": _speaking(reject_for=4),
            "1 to 8": _speaking(reject_for=9),
        },
    ),
}
