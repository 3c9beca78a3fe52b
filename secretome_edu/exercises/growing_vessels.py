"""Checks of lesson 09: two pulls on a tip, a block against its controls, donors against wells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isclose
from typing import Any

from secretome_edu.exercises.check import Task
from secretome_edu.figures.growing_vessels import TUBES_MM
from secretome_edu.models.angiogenesis import PUBLISHED, time_unit_h

UNIT_UM_H = 2000.0 / float(time_unit_h(2.0))  # the model's unit of speed
# Level and slope of VEGF and slope of fibronectin at 0.8 mm, rounded, as the prompt gives them.
VEGF = {"open": (0.28, 0.74), "held": (0.07, 0.28)}
FIBRONECTIN_SLOPE = 0.38
BACK = PUBLISHED.haptotaxis * FIBRONECTIN_SLOPE
CONTROL, ALONE, MEDIUM, ISOTYPE, BLOCKED = TUBES_MM.values()
Gain = Callable[[Any], Any]
# Made-up readings (mm) by donor: wells of control medium, wells of conditioned medium.
PLATES: tuple[dict[str, tuple[list[float], list[float]]], ...] = (
    {"D1": ([3.0, 3.4], [8.0, 8.4, 8.2, 8.6]), "D2": ([4.0], [5.0]), "D3": ([2.0, 2.2], [6.5])},
    {"P": ([1.0, 1.2, 1.4], [2.0]), "Q": ([5.0], [9.0, 9.5, 9.1, 9.2, 9.2]), "R": ([2.0], [2.5])},
)


def forward(tissue: str, saturation: float = PUBLISHED.saturation) -> float:
    """Return the pull of VEGF in one tissue, in units of the model."""
    level, slope = VEGF[tissue]
    return PUBLISHED.chemotaxis * slope / (1 + saturation * level)


def drift() -> dict[str, float]:
    """Return what the first exercise asks for: two drifts (um/h) and a chemotaxis constant."""
    speeds = {tissue: UNIT_UM_H * (forward(tissue) - BACK) for tissue in VEGF}
    return speeds | {"chi": PUBLISHED.chemotaxis * BACK / forward("held")}


def check_drift(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when both drifts and the constant are right."""
    right = drift()
    for tissue, name in (("open", "Open tissue"), ("held", "Held back")):
        value = given[tissue]
        slips = {
            right[tissue]: "",
            right[tissue] / UNIT_UM_H: "that is in units of the model. Multiply by 52.2 µm/h.",
            UNIT_UM_H * forward(tissue): "that is VEGF alone. Fibronectin pulls backward.",
            UNIT_UM_H * (forward(tissue) + BACK): "the pulls point in opposite directions.",
            UNIT_UM_H * (forward(tissue, 0.0) - BACK): "the pull of VEGF is divided by 1 + αc.",
            -right[tissue]: "right size, wrong sign. Forward, to the pellet, is positive.",
        }
        message = next(
            (m for slip, m in slips.items() if isclose(value, slip, rel_tol=0.02)),
            "not yet. Forward χ times slope over 1 + αc, backward ρ times slope.",
        )
        if message:
            return f"{name}: {message}"
    if isclose(given["chi"], right["chi"], rel_tol=0.02):
        return ""
    if isclose(given["chi"], PUBLISHED.chemotaxis * BACK / forward("open"), rel_tol=0.02):
        return "χ: that is for open tissue. Take the level and slope where VEGF is held back."
    if isclose(given["chi"], BACK / VEGF["held"][1], rel_tol=0.02):
        return "χ: the saturation 1 + αc is missing; more is needed."
    return "χ: not yet. Set the forward pull equal to the backward one."


def shares() -> dict[str, float]:
    """Return gain (mm) and the two shares (percent) the second exercise asks for."""
    return {
        "gain": MEDIUM - CONTROL,
        "removed": 100 * (ISOTYPE - BLOCKED) / (ISOTYPE - CONTROL),
        "alone": 100 * (ALONE - CONTROL) / (MEDIUM - CONTROL),
    }


def check_shares(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when the gain and both shares are right."""
    right = shares()
    for name, slips in {
        "gain": {
            MEDIUM: "Gain: that is all tubes. Cells make some in fresh medium, too.",
            MEDIUM / CONTROL: "Gain: that is a ratio. Asked for are the millimeters added.",
            MEDIUM - ISOTYPE: "Gain: the isotype antibody is no control for the medium.",
        },
        "removed": {
            100 * (MEDIUM - BLOCKED) / (MEDIUM - CONTROL): "Removed: a little is lost by adding "
            "any antibody. Compare with the isotype control.",
            100 * (ISOTYPE - BLOCKED) / ISOTYPE: "Removed: a share of the *gain* is asked for. "
            "Subtract the control below the line as well.",
            100 - right["removed"]: "Removed: that is what remains.",
            right["removed"] / 100: "Removed: right as a fraction; the box asks for percent.",
        },
        "alone": {
            100 * ALONE / MEDIUM: "Alone: most of those tubes form in fresh medium, without VEGF.",
            100 * (ALONE - CONTROL) / CONTROL: "Alone: that is relative to the control. Relate it "
            "to the gain of the conditioned medium.",
            right["alone"] / 100: "Alone: right as a fraction; the box asks for percent.",
        },
    }.items():
        value = given[name]
        if isclose(value, right[name], rel_tol=0.02):
            continue
        for slip, message in slips.items():
            if isclose(value, slip, rel_tol=0.02):
                return message
        return f"Not yet for {name}: you have {value:g}. Subtract the right control first."
    return ""


def plates() -> list[Any]:
    """Return two hidden tables of wells: different donors, different numbers of wells."""
    import pandas as pd

    found = []
    for donors in PLATES:
        rows = [
            (donor, medium, mm)
            for donor, media in donors.items()
            for medium, readings in zip(("control", "conditioned"), media, strict=True)
            for mm in readings
        ]
        found.append(pd.DataFrame(rows, columns=["donor", "medium", "tubes_mm"]))
    return found


def gain(wells: Any) -> tuple[float, int]:
    """Return the mean gain over donors and their number; the reference of exercise three."""
    by_donor = wells.groupby(["donor", "medium"])["tubes_mm"].mean().unstack()
    gains = by_donor["conditioned"] - by_donor["control"]
    return float(gains.mean()), len(gains)


def _pooled(wells: Any) -> float:
    mean = wells.groupby("medium")["tubes_mm"].mean()
    return float(mean["conditioned"] - mean["control"])


def _fold(wells: Any) -> float:
    by_donor = wells.groupby(["donor", "medium"])["tubes_mm"].mean().unstack()
    return float((by_donor["conditioned"] / by_donor["control"]).mean())


def check_gain(function: Gain) -> str:
    """Return what to look at, or nothing when the function is right on the hidden tables."""
    if not callable(function):
        return "Give the function itself, without calling it: `lesson.check('e3', gain)`."
    for wells in plates():
        given = function(wells.copy())
        if given is None:
            return "Your function returns nothing; end it with `return`."
        pair = list(given) if hasattr(given, "__len__") and not isinstance(given, str) else []
        if len(pair) != 2:
            return "Return two numbers: the mean gain and the number of independent repeats."
        message = _compare(float(pair[0]), float(pair[1]), wells)
        if message:
            return message
    return ""


def _compare(mean: float, repeats: float, wells: Any) -> str:
    right, donors = gain(wells)
    slips = {
        _pooled(wells): "You pooled all wells, so the donor with most wells decides. "
        "Average within each donor first.",
        _fold(wells): "That is a ratio. Asked for is the difference to the control, in mm.",
        -right: "Right size, wrong sign: conditioned minus control.",
        right * donors: "That is the sum over donors. Take the mean.",
    }
    if not isclose(mean, right, rel_tol=1e-6):
        for slip, message in slips.items():
            if isclose(mean, slip, rel_tol=1e-6):
                return message
        return f"You return a mean gain of {mean:.3g} mm; here it is {right:.3g} mm."
    if repeats == len(wells):
        return "You counted wells. Wells of one donor repeat the pipetting; count the donors."
    return "" if repeats == donors else f"There are {donors} donors here; you count {repeats:g}."


TASKS = {
    "e1": Task(
        check=check_drift,
        reference=drift,
        mistakes={
            "units of the model": lambda: drift() | {"open": 0.11155},
            "VEGF alone": lambda: drift() | {"open": UNIT_UM_H * forward("open")},
            "opposite directions": lambda: drift() | {"open": UNIT_UM_H * (forward("open") + BACK)},
            "divided by": lambda: drift() | {"held": UNIT_UM_H * (forward("held", 0.0) - BACK)},
            "wrong sign": lambda: drift() | {"held": -drift()["held"]},
            "Open tissue: not yet": lambda: drift() | {"open": 1.0},
            "for open tissue": lambda: drift() | {"chi": 0.2039},
            "saturation": lambda: drift() | {"chi": 0.4614},
            "χ: not yet": lambda: drift() | {"chi": 1.0},
        },
    ),
    "e2": Task(
        check=check_shares,
        reference=shares,
        mistakes={
            "that is all tubes": lambda: shares() | {"gain": 8.0},
            "that is a ratio": lambda: shares() | {"gain": 8 / 3},
            "isotype antibody is no control": lambda: shares() | {"gain": 0.4},
            "adding any antibody": lambda: shares() | {"removed": 60.0},
            "share of the *gain*": lambda: shares() | {"removed": 34.2},
            "what remains": lambda: shares() | {"removed": 43.5},
            "Removed: right as a fraction": lambda: shares() | {"removed": 0.565},
            "most of those tubes": lambda: shares() | {"alone": 50.0},
            "relative to the control": lambda: shares() | {"alone": 33.3},
            "Alone: right as a fraction": lambda: shares() | {"alone": 0.2},
            "Not yet for gain": lambda: shares() | {"gain": 1.0},
        },
    ),
    "e3": Task(
        check=check_gain,
        reference=lambda: gain,
        mistakes={
            "without calling it": lambda: (4.0, 2),
            "returns nothing": lambda: lambda wells: None,
            "two numbers": lambda: lambda wells: gain(wells)[0],
            "You pooled": lambda: lambda wells: (_pooled(wells), wells["donor"].nunique()),
            "That is a ratio": lambda: lambda wells: (_fold(wells), wells["donor"].nunique()),
            "wrong sign": lambda: lambda wells: (-gain(wells)[0], 3),
            "sum over donors": lambda: lambda wells: (3 * gain(wells)[0], 3),
            "You counted wells": lambda: lambda wells: (gain(wells)[0], len(wells)),
            "There are 3 donors": lambda: lambda wells: (gain(wells)[0], 2),
            "here it is": lambda: lambda wells: (1.0, 3),
        },
    ),
}
