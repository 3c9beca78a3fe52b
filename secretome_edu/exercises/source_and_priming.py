"""Checks of lesson 04: count directions, turn ratios into doublings, find flaws of a slide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import isclose, log, log2, log10
from typing import Any

from secretome_edu.exercises.check import Task

DIRECTIONS = ("up", "down", "unchanged")
OXYGEN_FOLD, TGF_FOLD = 5980 / 1203, 332 / 502
SLIDE = {"retracted": 2, "amount": 4, "species": 6, "confounded": 5, "standing": 2}
LINES = range(1, 7)
WHY_WRONG = {
    "retracted": "A withdrawn source says so in its title. Look at the titles once more.",
    "amount": "Which study counted kinds of protein, and which line makes an amount of it?",
    "species": "In which line does the slide speak of people where the study had mice?",
    "confounded": "Which line sets two laboratories side by side, with other oxygen and medium?",
}


def split_factors(stimulus: str = "hypoxia", species: str = "") -> list[str]:
    """Return the factors whose rows on a stimulus have more than one direction."""
    from secretome_edu.data import load

    rows = load("preconditioning")
    rows = rows[rows["direction"].isin(DIRECTIONS)]
    if stimulus:
        rows = rows[rows["stimulus"] == stimulus]
    if species:
        rows = rows[rows["species"] == species]
    ways = rows.groupby("factor")["direction"].nunique()
    return sorted(ways[ways > 1].index)


def check_split(given: Iterable[str]) -> str:
    """Return what to look at, or nothing when the factors that disagree were collected."""
    if callable(given) or isinstance(given, (str, int, float)):
        return 'Give a list of factors, such as `["A", "B"]`.'
    from secretome_edu.data import load

    found, wanted = {str(name) for name in given}, set(split_factors())
    if not found:
        return "The list is empty. How many different directions has each factor?"
    rows = load("preconditioning")
    if unknown := sorted(found - set(rows["factor"].dropna())):
        return f"{unknown[0]!r} is no factor of the table; take the column `factor`."
    hypoxia = rows[rows["stimulus"] == "hypoxia"]
    for name in sorted(found - wanted):
        ways = hypoxia["direction"][hypoxia["factor"] == name].unique()
        if not len(ways):
            return f"{name} has no row on hypoxia. Did you keep other stimuli?"
        return f"{name}: after hypoxia its rows say '{ways[0]}' and nothing else."
    if missing := len(wanted - found):
        return f"Yours are right, but {missing} more would be split. Are all species in?"
    return ""


def doublings() -> dict[str, float]:
    """Return the three numbers of the second exercise."""
    return {"oxygen": log2(OXYGEN_FOLD), "tgf": log2(TGF_FOLD), "typical": 1.0}


def check_doublings(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when all three numbers are right."""
    for name, fold, label in (("oxygen", OXYGEN_FOLD, "Oxygen"), ("tgf", TGF_FOLD, "TGF-alpha")):
        value = given[name]
        if _close(value, log2(fold)):
            continue
        if _close(value, fold):
            return f"{label}: that is the ratio itself. Take its log2."
        if _close(value, log(fold)) or _close(value, log10(fold)):
            return f"{label}: that is a logarithm to another base. Divide by that of 2."
        if _close(value, -log2(fold)):
            return f"{label}: the sign is wrong. Divide after by before."
        return f"{label}: not yet. First after over before, then log2."
    value = given["typical"]
    if _close(value, 1.0):
        return ""
    if _close(value, (8 + 1 / 8) / 2):
        return "That is the plain mean of the two ratios; the rise outweighs the fall in it."
    if isclose(value, 0.0, abs_tol=1e-9):
        return "0 is the mean of the log2 values. Turn it back: 2 to that power."
    return "The mean of 3 and -3, and then 2 to that power."


def _close(value: float, right: float) -> bool:
    return isclose(value, right, rel_tol=0.02, abs_tol=0.005)


def check_slide(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when each flaw stands by its line."""
    for name, message in WHY_WRONG.items():
        if given[name] not in LINES:
            return f"There is no line {given[name]:g}; the lines have the numbers 1 to 6."
        if given[name] != SLIDE[name]:
            return message
    if given["standing"] == 6 - len(WHY_WRONG) + 1:
        return "One line too many stands: four different lines have a flaw."
    if given["standing"] != SLIDE["standing"]:
        return "Count the lines without a flaw. A study of cats may stand as a study of cats."
    return ""


def _with(right: Mapping[str, float], **changes: float) -> Callable[[], dict[str, Any]]:
    return lambda: {**right, **changes}


TASKS = {
    "e1": Task(
        check=check_split,
        reference=split_factors,
        mistakes={
            "and nothing else": lambda: [*split_factors(), "VEGFA"],
            "Did you keep other stimuli": lambda: [*split_factors(), "IDO1"],
            "Are all species in": lambda: split_factors(species="human"),
            "is no factor": lambda: ["bFGF"],
            "list is empty": list,
            "Give a list": lambda: "FGF2",
        },
    ),
    "e2": Task(
        check=check_doublings,
        reference=doublings,
        mistakes={
            "Oxygen: that is the ratio": _with(doublings(), oxygen=OXYGEN_FOLD),
            "Oxygen: that is a logarithm": _with(doublings(), oxygen=log(OXYGEN_FOLD)),
            "TGF-alpha: the sign": _with(doublings(), tgf=-log2(TGF_FOLD)),
            "TGF-alpha: not yet": _with(doublings(), tgf=-34),
            "plain mean": _with(doublings(), typical=4.0625),
            "Turn it back": _with(doublings(), typical=0),
            "The mean of 3 and -3": _with(doublings(), typical=3),
        },
    ),
    "e3": Task(
        check=check_slide,
        reference=lambda: dict(SLIDE),
        mistakes={
            "says so in its title": _with(SLIDE, retracted=4),
            "kinds of protein": _with(SLIDE, amount=1),
            "had mice": _with(SLIDE, species=3),
            "two laboratories": _with(SLIDE, confounded=1),
            "no line 9": _with(SLIDE, confounded=9),
            "One line too many": _with(SLIDE, standing=3),
            "A study of cats": _with(SLIDE, standing=1),
        },
    ),
}
