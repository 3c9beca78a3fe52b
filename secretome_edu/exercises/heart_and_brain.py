"""Checks of lesson 11: the right comparison, two readings of a spread, six lines of a review."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isclose
from typing import Any

from secretome_edu.exercises.check import Task

Z = 1.96  # half-width of a 95 % interval in standard errors, large groups
LINES = range(1, 7)
FLAWS = {"comparator": 6, "species": 4, "product": 5, "null": 2, "standing": 2}
WHY_WRONG = {
    "comparator": "Which line beats saline only, though more was tested beside it?",
    "species": "Which line speaks of people where every row is about animals?",
    "product": "In one line living cells were given and something else is judged.",
    "null": "Which line makes one study without a gain a rule for all?",
}


def _arm(outcome: str, product: str) -> dict[str, float]:
    from secretome_edu.data import load

    rows = load("outcomes_numeric")
    rows = rows[(rows["set_id"] == "cm_vs_msc_rat_mi") & (rows["outcome"] == outcome)]
    row = rows[rows["product_class"] == product].iloc[0]
    return {name: float(row[f"{name}_treated"]) for name in ("mean", "spread", "n")} | {
        "saline": float(row["mean_control"])
    }


def gains() -> dict[str, float]:
    """Return the four differences of the first exercise, from the table."""
    medium, fresh, cells = (
        _arm("LVEF at 4 weeks", name) for name in ("conditioned medium", "control medium", "cells")
    )
    thick, plain = (_arm("scar thickness", name) for name in ("cells", "control medium"))
    return {
        "cm_saline": medium["mean"] - medium["saline"],
        "cm_fresh": medium["mean"] - fresh["mean"],
        "cells_fresh": cells["mean"] - fresh["mean"],
        "scar": thick["mean"] - plain["mean"],
    }


def check_gains(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when all four differences are right."""
    right = gains()
    over_saline = {
        "cm_fresh": right["cm_saline"],
        "cells_fresh": right["cells_fresh"] - right["cm_fresh"] + right["cm_saline"],
        "scar": _arm("scar thickness", "cells")["mean"] - _arm("scar thickness", "cells")["saline"],
    }
    labels = {
        "cm_saline": "Medium over saline",
        "cm_fresh": "Medium over fresh medium",
        "cells_fresh": "MSC over fresh medium",
        "scar": "Scar",
    }
    for name, label in labels.items():
        if _close(given[name], right[name]):
            continue
        if _close(given[name], -right[name]):
            return f"{label}: the sign is wrong. Take the product minus its control."
        if name in over_saline and _close(given[name], over_saline[name]):
            return f"{label}: that is the difference to saline. Asked is fresh medium."
        return f"{label}: not yet. Subtract the two means of the figure's text."
    return ""


def _close(value: float, right: float) -> bool:
    return isclose(value, right, abs_tol=0.051)


def intervals() -> dict[str, tuple[float, float]]:
    """Return the interval of medium minus fresh medium under both readings of the spread."""
    medium, fresh = (_arm("LVEF at 4 weeks", n) for n in ("conditioned medium", "control medium"))
    middle = medium["mean"] - fresh["mean"]
    as_sem = (medium["spread"] ** 2 + fresh["spread"] ** 2) ** 0.5
    as_sd = (medium["spread"] ** 2 / medium["n"] + fresh["spread"] ** 2 / fresh["n"]) ** 0.5
    return {
        name: (middle - Z * error, middle + Z * error)
        for name, error in (("sem", as_sem), ("sd", as_sd))
    }


def check_intervals(given: Mapping[str, Sequence[float]]) -> str:
    """Return what to look at, or nothing when both intervals are right."""
    if not isinstance(given, Mapping) or set(given) != {"sem", "sd"}:
        return 'Give a dictionary with the two names "sem" and "sd".'
    right = intervals()
    try:
        ends = {name: (float(low), float(high)) for name, (low, high) in given.items()}
    except (TypeError, ValueError):
        return "Each of the two needs a lower and an upper end: (low, high)."
    for name, label in (("sem", "Standard error"), ("sd", "Standard deviation")):
        low, high = ends[name]
        middle, half = (low + high) / 2, (high - low) / 2
        wanted = (right[name][1] - right[name][0]) / 2
        if not isclose(middle, sum(right[name]) / 2, abs_tol=0.02):
            return f"{label}: the middle should be medium minus fresh medium."
        if isclose(half, wanted, abs_tol=0.02):
            continue
        if isclose(half, wanted / Z, abs_tol=0.02):
            return f"{label}: that is one standard error to each side. Take 1.96 of them."
        other = right["sd" if name == "sem" else "sem"]
        if isclose(half, (other[1] - other[0]) / 2, abs_tol=0.02):
            return f"{label}: this is the other reading. Which of the two is divided by √n?"
        return f"{label}: not yet. Errors add as squares; then the root, then 1.96."
    return ""


def check_lines(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when each flaw stands by its line."""
    for name, message in WHY_WRONG.items():
        if given[name] not in LINES:
            return f"There is no line {given[name]:g}; the lines have the numbers 1 to 6."
        if given[name] != FLAWS[name]:
            return message
    if given["standing"] != FLAWS["standing"]:
        return "Count again: four different lines have a flaw, out of six."
    return ""


def _with(right: Callable[[], dict[str, Any]], **changes: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {**right(), **changes}


def _flaws() -> dict[str, Any]:
    return dict(FLAWS)


TASKS = {
    "e1": Task(
        check=check_gains,
        reference=gains,
        mistakes={
            "Medium over fresh medium: the sign": _with(gains, cm_fresh=1.0),
            "Medium over fresh medium: that is the difference to saline": _with(
                gains, cm_fresh=4.8
            ),
            "MSC over fresh medium: that is the difference": _with(gains, cells_fresh=6.2),
            "Scar: that is the difference to saline": _with(gains, scar=165),
            "Medium over saline: not yet": _with(gains, cm_saline=48.5),
        },
    ),
    "e2": Task(
        check=check_intervals,
        reference=intervals,
        mistakes={
            "two names": lambda: (-5.6, 3.6),
            "lower and an upper end": _with(intervals, sd=1.58),
            "medium minus fresh medium": _with(intervals, sem=(0.24, 9.36)),
            "one standard error": _with(intervals, sem=(-3.326, 1.326)),
            "other reading": lambda: {"sem": intervals()["sd"], "sd": intervals()["sem"]},
            "Errors add as squares": _with(intervals, sem=(-7.08, 5.08)),
        },
    ),
    "e3": Task(
        check=check_lines,
        reference=_flaws,
        mistakes={
            "beats saline only": _with(_flaws, comparator=3),
            "speaks of people": _with(_flaws, species=1),
            "living cells were given": _with(_flaws, product=4),
            "a rule for all": _with(_flaws, null=1),
            "no line 8": _with(_flaws, null=8),
            "four different lines": _with(_flaws, standing=3),
        },
    ),
}
