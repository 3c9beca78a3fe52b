"""Checks of lesson 12: count patients on a map, size an interval, add up hours to a dose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isclose, sqrt
from typing import Any

from secretome_edu.exercises.check import Task

ORGANS = ("hepatobiliary", "respiratory", "gastrointestinal", "renal")
IN_PATIENTS = ("early_trial", "randomised", "meta_analysis")
Z, MARGIN, FISTULA = 1.96, 0.5, (-5.8, 10.6)
INTERVAL = {"reach": Z * sqrt(2 / 10), "animals": 31, "margin": 10.6}
HOURS = {"own": 675, "rested": 29, "dried": 4, "gain": 25, "share": 100 * 15 / 23}


def cell_free(grades: tuple[str, ...] = IN_PATIENTS, cells: bool = False) -> dict[str, int]:
    """Return, for each organ system, how many rows of these grades are not on cells alone."""
    from secretome_edu.data import load

    rows = load("applications")
    rows = rows[rows["evidence_grade"].isin(grades)]
    if not cells:
        rows = rows[rows["product_class"] != "cells"]
    return {name: int((rows["organ_system"] == name).sum()) for name in ORGANS}


def human_rows() -> dict[str, int]:
    """Return the tempting count: species human, whatever was treated."""
    from secretome_edu.data import load

    rows = load("applications")
    rows = rows[(rows["species"] == "human") & (rows["product_class"] != "cells")]
    return {name: int((rows["organ_system"] == name).sum()) for name in ORGANS}


def check_counts(given: Mapping[str, int]) -> str:
    """Return what to look at, or nothing when the four counts are right."""
    if not isinstance(given, Mapping):
        return 'Give a dict of four counts, such as `{"hepatobiliary": 2, ...}`.'
    if strange := sorted(str(name) for name in given if name not in ORGANS):
        return f"{strange[0]!r} is none of the four organ systems."
    if missing := [name for name in ORGANS if name not in given]:
        return f"{missing[0]} is missing. An organ without a row counts 0."
    found = {name: int(given[name]) for name in ORGANS}
    if found == cell_free():
        return ""
    if found == human_rows():
        return "You counted human material. Cells in a dish and a perfused lung are no patients."
    if found == cell_free(cells=True):
        return "These are all rows on patients. Leave the product `cells` out."
    if found == cell_free(grades=("randomised",)):
        return "The lung has one row more: keep `early_trial` and every product without cells."
    if sum(found.values()) > sum(cell_free(cells=True).values()):
        return "So many? Animals are in. Which grades of evidence mean patients?"
    wrong = next(name for name in ORGANS if found[name] != cell_free()[name])
    return f"{wrong}: not yet. Show its rows on patients and read their products."


def check_interval(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when reach, group size and margin are right."""
    reach = given["reach"]
    if not isclose(reach, INTERVAL["reach"], rel_tol=0.02):
        if isclose(reach, sqrt(2 / 10), rel_tol=0.02):
            return "That is the standard error. How many of them does the interval reach?"
        if isclose(reach, 2 * INTERVAL["reach"], rel_tol=0.02):
            return "That is the whole width. Asked is the reach to one side."
        if isclose(reach, Z * 2 / 10, rel_tol=0.02):
            return "Take the root of 2/n before you multiply."
        return "Reach: 1.96 times the root of 2 over 10."
    animals = given["animals"]
    if animals != INTERVAL["animals"]:
        if isclose(animals, (Z / MARGIN) ** 2, rel_tol=0.06):
            return "The 2 under the root got lost: two groups differ more than one."
        if 30 <= animals < INTERVAL["animals"]:
            return "Nearly: with that many the interval still reaches past the margin. Round up."
        return "Animals: set 1.96 times the root of 2/n equal to the margin and solve for n."
    margin = given["margin"]
    if isclose(abs(margin), FISTULA[1], rel_tol=0.005):
        return ""
    if isclose(abs(margin), -FISTULA[0], rel_tol=0.005):
        return "That margin ends before the other end of the interval."
    if isclose(margin, (FISTULA[1] - FISTULA[0]) / 2, rel_tol=0.005):
        return "That is half of the width. The interval is not centered at zero."
    return "Margin: which end of the interval lies further away from zero?"


def check_hours(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when all five values are right."""
    hints = {
        "own": {672: "Own cells: the way to the clinic is missing.", 31: "28 are days, not hours."},
        "rested": {
            26: "Banked cells: the way to the clinic is missing.",
            5: "Banked cells: the rest is missing.",
        },
        "dried": {1: "Dried secretome: the clock starts with the stroke."},
        "gain": {
            671: "That is the gain over own cells. Asked is the one over banked cells.",
            1: "That is the gain over cells given at once. The clinic lets them rest.",
        },
        "share": {35: "That is the share who did not get their cells."},
    }
    for name, right in HOURS.items():
        value = given[name]
        if isclose(value, right, abs_tol=0.5):
            continue
        for slip, message in hints[name].items():
            if isclose(value, slip, abs_tol=0.5):
                return message
        return f"The box `{name}` is not right yet. Write down each step with its hours."
    return ""


def _with(right: Mapping[str, float], **changes: float) -> Callable[[], dict[str, Any]]:
    return lambda: {**right, **changes}


TASKS = {
    "e1": Task(
        check=check_counts,
        reference=cell_free,
        mistakes={
            "counted human material": human_rows,
            "Leave the product": lambda: cell_free(cells=True),
            "one row more": lambda: cell_free(grades=("randomised",)),
            "Animals are in": lambda: cell_free(grades=(*IN_PATIENTS, "animal")),
            "counts 0": lambda: {"respiratory": 3, "renal": 1},
            "none of the four": lambda: {**cell_free(), "liver": 0},
            "Give a dict": lambda: [0, 3, 0, 1],
            "renal: not yet": lambda: {**cell_free(), "renal": 0},
        },
    ),
    "e2": Task(
        check=check_interval,
        reference=lambda: dict(INTERVAL),
        mistakes={
            "standard error": _with(INTERVAL, reach=sqrt(2 / 10)),
            "whole width": _with(INTERVAL, reach=2 * INTERVAL["reach"]),
            "Take the root": _with(INTERVAL, reach=Z * 2 / 10),
            "got lost": _with(INTERVAL, animals=16),
            "Round up": _with(INTERVAL, animals=30),
            "ends before": _with(INTERVAL, margin=5.8),
            "half of the width": _with(INTERVAL, margin=8.2),
            "further away": _with(INTERVAL, margin=2.4),
        },
    ),
    "e3": Task(
        check=check_hours,
        reference=lambda: dict(HOURS),
        mistakes={
            "Own cells: the way": _with(HOURS, own=672),
            "are days": _with(HOURS, own=31),
            "rest is missing": _with(HOURS, rested=5),
            "clock starts": _with(HOURS, dried=1),
            "over own cells": _with(HOURS, gain=671),
            "given at once": _with(HOURS, gain=1),
            "did not get": _with(HOURS, share=34.8),
        },
    ),
}
