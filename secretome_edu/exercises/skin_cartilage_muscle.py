"""Checks of lesson 10: two constants of a scratch, votes against effects, doses in many units.

The readings of the first exercise are illustrative: made by the wound model with the constants
below and seeded luck, then rounded as the prompt gives them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isclose, log, pi, sqrt
from typing import Any

from secretome_edu.exercises.check import Task
from secretome_edu.exercises.slips import first_slip

TRUE_D_UM2_PER_H, TRUE_RATE_PER_H = 800.0, 0.05
FULL, START, BESIDE = 1700.0, 500.0, 1100.0  # cells per mm2
HOURS = 24.0
LATER, CROSSED = 987.0, 87.0  # cells per mm2, cells per mm of edge
ROWS, STATED = 37, 3
UG_PER_G, GRAMS, TIMES_A_DAY, DAYS = 100.0, 0.5, 3, 20
PARTICLES, ML = 3e11, 4.0
Z = 1.96
BOXES = {
    "rate": "Division", "movement": "Movement", "speed": "Front",
    "share": "Share", "total": "Ointment", "per_mL": "Knee",
}  # fmt: skip
Judge = Callable[[Sequence[float], Sequence[float]], Any]
# Invented studies: gain in points of closure and its standard error.
STUDIES: tuple[tuple[list[float], list[float]], ...] = (
    ([6.0, 8.0, 5.0, 7.0, 9.0, 6.0], [4.0, 5.0, 4.0, 5.0, 6.0, 4.0]),
    ([30.0, 25.0, 28.0, 0.0], [8.0, 9.0, 8.0, 1.0]),
)


def readings() -> tuple[float, float]:
    """Return what the wells of the first exercise show, before rounding.

    Means of 25 wells, so a fifth of the assay's spread: density of an even layer (cells/mm2), and
    cells across a millimeter of edge where division is blocked.
    """
    import numpy as np

    from secretome_edu.models import wound

    constants = (TRUE_D_UM2_PER_H, TRUE_RATE_PER_H, FULL / 1e6)
    even = wound.simulate(np.full(38, START / 1e6), 50.0, [HOURS], *constants)[0]
    half = np.where(np.arange(152) < 76, BESIDE / 1e6, 0.0)
    moved = wound.simulate(half, 12.5, [HOURS], TRUE_D_UM2_PER_H, 0.0, FULL / 1e6)[0]
    strips = wound.counted(moved.reshape(-1, 4).mean(axis=1), 2e-5, seed=2)
    later = wound.counted(even, 2e-5, seed=1).mean() * 1e6
    return float(later), float(strips[19:27].sum() * 50.0 * 1000.0)


def constants() -> dict[str, float]:
    """Return division rate (1/h), movement (um2/h) and front speed (um/h) of the readings."""
    rate = log(LATER / (FULL - LATER) * (FULL - START) / START) / HOURS
    spread = pi * (1000 * CROSSED / BESIDE) ** 2 / HOURS
    return {"rate": rate, "movement": spread, "speed": 2 * sqrt(spread * rate)}


def check_constants(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when all three numbers are right."""
    right = constants()
    slips = {
        "rate": {
            log(LATER / START) / HOURS: "Division: that is growth without a limit. The layer "
            "fills, so compare C/(K − C) then and now.",
            right["rate"] * HOURS: "Division: per 24 hours. Asked for is the rate per hour.",
            right["rate"] / log(10): "Division: use the natural logarithm.",
        },
        "movement": {
            right["movement"] / 1e6: "Movement: right in mm²/h. The box asks for µm²/h.",
            right["movement"] / pi: "Movement: π is missing. Solve ℓ = √(D·t/π) for D.",
            1000 * CROSSED / BESIDE: "Movement: that is the length ℓ. Square it, times π, over t.",
            right["movement"] * HOURS: "Movement: divide by the 24 hours.",
        },
        "speed": {
            right["speed"] / 2: "Front: the factor 2 is missing.",
            right["speed"] ** 2 / 4: "Front: that is D·λ. Take the root, times 2.",
        },
    }

    def otherwise(name: str) -> str:
        return f"{BOXES[name]}: not yet. {given[name]:g} does not follow from the readings."

    return first_slip(given, right, slips, otherwise, rel_tol=0.03)


def judge(gains: Sequence[float], errors: Sequence[float]) -> tuple[int, float, float, float]:
    """Return votes, pooled gain and its 95 % interval; the reference of the second exercise."""
    votes = sum(gain - Z * error > 0 for gain, error in zip(gains, errors, strict=True))
    return (votes, *_pooled(gains, [error**-2 for error in errors], Z))


def _pooled(
    gains: Sequence[float], weights: Sequence[float], width: float
) -> tuple[float, float, float]:
    middle = sum(g * w for g, w in zip(gains, weights, strict=True)) / sum(weights)
    half = width / sqrt(sum(weights))
    return middle, middle - half, middle + half


def check_judge(function: Judge) -> str:
    """Return what to look at, or nothing when the function is right on two sets of studies."""
    if not callable(function):
        return "Give the function itself, without calling it: `lesson.check('e2', judge)`."
    for gains, errors in STUDIES:
        given = function(list(gains), list(errors))
        if given is None:
            return "Your function returns nothing; end it with `return`."
        four = list(given) if hasattr(given, "__len__") and not isinstance(given, str) else []
        if len(four) != 4:
            return "Return four numbers: votes, pooled gain, low and high end."
        message = _look_at([float(value) for value in four], gains, errors)
        if message:
            return message
    return ""


def _look_at(given: list[float], gains: Sequence[float], errors: Sequence[float]) -> str:
    votes, middle, low, high = judge(gains, errors)
    if given[0] != votes:
        if given[0] == sum(gain > 0 for gain in gains):
            return "Votes: you counted every gain above 0. Its own interval has to lie above 0."
        return f"Votes: you count {given[0]:g}; here {votes} studies have an interval above 0."
    if not isclose(given[1], middle, rel_tol=1e-3):
        if isclose(given[1], sum(gains) / len(gains), rel_tol=1e-3):
            return "Pooled: that is the plain mean. Precise studies have to count for more."
        if isclose(given[1], _pooled(gains, [1 / e for e in errors], Z)[0], rel_tol=1e-3):
            return "Pooled: weigh by one over the error *squared*."
        return f"Pooled: you return {given[1]:.3g}; here it is {middle:.3g} points."
    if isclose(given[2], high, rel_tol=1e-3) and isclose(given[3], low, rel_tol=1e-3):
        return "Interval: low comes before high."
    if isclose(given[3] - given[2], (high - low) / Z, rel_tol=1e-3):
        return "Interval: that is one standard error to each side; it takes 1.96 of them."
    if isclose(given[2], low, rel_tol=1e-3) and isclose(given[3], high, rel_tol=1e-3):
        return ""
    return "Interval: the pooled standard error is one over the root of the sum of weights."


def doses() -> dict[str, float]:
    """Return what the third exercise asks for: a share (percent), a mass (ug), particles per mL."""
    return {
        "share": 100 * STATED / ROWS,
        "total": UG_PER_G * GRAMS * TIMES_A_DAY * DAYS,
        "per_mL": PARTICLES / ML,
    }


def check_doses(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when all three numbers are right."""
    right = doses()
    slips = {
        "share": {
            STATED: "Share: that is the number of rows. Asked for is percent of all 37.",
            right["share"] / 100: "Share: right as a fraction; the box asks for percent.",
        },
        "total": {
            right["total"] / TIMES_A_DAY: "Ointment: it is applied three times a day.",
            right["total"] / DAYS: "Ointment: that is one day. The course takes 20.",
            right["total"] / GRAMS: "Ointment: half a gram each time, not a whole one.",
        },
        "per_mL": {
            PARTICLES / 2: "Knee: there are two injections of 2 mL.",
            PARTICLES * ML: "Knee: divide by the volume. More volume, fewer per mL.",
            5e11 / ML: "Knee: take the lower end of the planned dose.",
        },
    }

    def otherwise(name: str) -> str:
        return f"{BOXES[name]}: not yet. Write the units into the line, too."

    return first_slip(given, right, slips, otherwise, rel_tol=0.02)


def _with_interval(width: float, swapped: bool = False) -> Judge:
    def slip(gains: Sequence[float], errors: Sequence[float]) -> tuple[float, ...]:
        votes, middle, low, high = judge(gains, errors)
        half = (high - low) / 2 / Z * width
        return (votes, middle, middle + half, middle - half)[:4] if swapped else (
            votes, middle, middle - half, middle + half,
        )  # fmt: skip

    return slip


def _with_weights(power: float) -> Judge:
    return lambda gains, errors: (
        judge(gains, errors)[0],
        *_pooled(gains, [error**power for error in errors], Z),
    )


def _with_votes(votes: Callable[[Sequence[float]], int]) -> Judge:
    return lambda gains, errors: (votes(gains), *judge(gains, errors)[1:])


TASKS = {
    "e1": Task(
        check=check_constants,
        reference=constants,
        mistakes={
            "without a limit": lambda: constants() | {"rate": log(LATER / START) / HOURS},
            "per 24 hours": lambda: constants() | {"rate": 1.2},
            "natural logarithm": lambda: constants() | {"rate": 0.0217},
            "mm²/h": lambda: constants() | {"movement": 0.000819},
            "π is missing": lambda: constants() | {"movement": 260.6},
            "length ℓ": lambda: constants() | {"movement": 79.1},
            "divide by the 24": lambda: constants() | {"movement": 19652.0},
            "factor 2": lambda: constants() | {"speed": 6.4},
            "that is D·λ": lambda: constants() | {"speed": 40.96},
            "Division: not yet": lambda: constants() | {"rate": 3.0},
        },
    ),
    "e2": Task(
        check=check_judge,
        reference=lambda: judge,
        mistakes={
            "without calling it": lambda: (0, 6.6, 4.7, 8.5),
            "returns nothing": lambda: lambda gains, errors: None,
            "four numbers": lambda: lambda gains, errors: judge(gains, errors)[1],
            "every gain above 0": lambda: _with_votes(lambda gains: sum(g > 0 for g in gains)),
            "you count 99": lambda: _with_votes(lambda gains: 99),
            "plain mean": lambda: _with_weights(0.0),
            "error *squared*": lambda: _with_weights(-1.0),
            "here it is": lambda: _with_weights(2.0),
            "low comes before high": lambda: _with_interval(Z, swapped=True),
            "one standard error": lambda: _with_interval(1.0),
            "root of the sum": lambda: _with_interval(5.0),
        },
    ),
    "e3": Task(
        check=check_doses,
        reference=doses,
        mistakes={
            "number of rows": lambda: doses() | {"share": 3.0},
            "as a fraction": lambda: doses() | {"share": 0.081},
            "three times a day": lambda: doses() | {"total": 1000.0},
            "that is one day": lambda: doses() | {"total": 150.0},
            "half a gram": lambda: doses() | {"total": 6000.0},
            "two injections": lambda: doses() | {"per_mL": 1.5e11},
            "divide by the volume": lambda: doses() | {"per_mL": 1.2e12},
            "lower end": lambda: doses() | {"per_mL": 1.25e11},
            "Ointment: not yet": lambda: doses() | {"total": 7.0},
        },
    ),
}
