"""Checks of lesson 15: a shelf life, doses from one donor, what to fix first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import exp, isclose, log, log2
from typing import Any

from secretome_edu.exercises.check import Task
from secretome_edu.models import manufacturing, stability

R_KJ_PER_MOL_K = 0.008314
HALF_25_H, HALF_37_H = 1.0, 0.5
ROOM_C, WARM_C, FRIDGE_C = 25.0, 37.0, 4.0
T90 = 0.9

START_CELLS, DOUBLINGS = 1e5, (7.7, 6.98)
MEDIUM_ML_PER_MILLION, HARVESTS, TITER_PER_ML, RECOVERY = 10.0, 3, 3.66e9, 0.3
LARGE_DOSE, SMALL_DOSE = 8e11, 2e8

Fixes = dict[str, tuple[dict[str, float], int]]
# In each set another shortcut ranks wrongly: the cost of a made dose, or the pass rate, alone.
FIX_SETS: tuple[Fixes, ...] = (
    {
        "release tests at half": ({"release_cost": 5000.0}, 1),
        "ten donors": ({}, 10),
        "purify twice as well": ({"recovery": 0.6}, 1),
    },
    {
        "labor at half": ({"labor_cost": 6000.0}, 1),
        "five donors, dearer tests": ({"release_cost": 20000.0}, 5),
        "as it is": ({}, 1),
    },
    {"twenty donors": ({}, 20), "richer medium": ({"titer_per_mL": 1e10}, 2)},
    {"as it is": ({}, 1), "ten donors, cheaper tests": ({"release_cost": 5000.0}, 10)},
)


def shelf_life() -> dict[str, float]:
    """Return activation energy (kJ/mol), half-life (h) and t90 (min) at 4 C."""
    energy = float(stability.activation_energy_kJ_mol(HALF_25_H, ROOM_C, HALF_37_H, WARM_C))
    half_life = float(stability.half_life_h(FRIDGE_C, HALF_25_H, ROOM_C, energy))
    t90 = 60 * float(stability.shelf_life_h(half_life, T90))
    return {"energy": energy, "half_life": half_life, "t90": t90}


def _energy(ratio: float, one: float, other: float) -> float:
    return R_KJ_PER_MOL_K * ratio / (1 / one - 1 / other)


def _straight_line_h() -> float:
    """Return the half-life that a straight line through both points would give at 4 C."""
    return HALF_25_H + (HALF_25_H - HALF_37_H) / (WARM_C - ROOM_C) * (ROOM_C - FRIDGE_C)


def check_shelf_life(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when all three are within 3 %."""
    right = shelf_life()
    energy, half_life, t90 = given["energy"], given["half_life"], given["t90"]
    if not isclose(energy, right["energy"], rel_tol=0.03):
        if isclose(abs(energy), _energy(log(2), ROOM_C, WARM_C), rel_tol=0.03):
            return "The temperatures are in °C there. Arrhenius' law needs kelvin: add 273.15."
        if isclose(energy, right["energy"] / log(10), rel_tol=0.03):
            return "That comes from the logarithm to base ten. Take the natural one, ln 2 = 0.693."
        if isclose(energy, right["energy"] * 1000, rel_tol=0.03):
            return "Right in J/mol; the box asks for kJ/mol."
        if isclose(energy, -right["energy"], rel_tol=0.03):
            return "The sign is turned: the longer half-life belongs to the colder side."
        return "The energy first: ln 2, over the difference of the two 1/T, times R."
    if not isclose(half_life, right["half_life"], rel_tol=0.03):
        if isclose(half_life, _straight_line_h(), rel_tol=0.03):
            return "That is a straight line through two half-lives. The law is exponential in 1/T."
        if isclose(half_life, 2 ** ((ROOM_C - FRIDGE_C) / (WARM_C - ROOM_C)), rel_tol=0.03):
            return "Doubling every 12 °C is near, but the step in 1/T grows in the cold: use 1/T."
        if isclose(half_life, 1 / right["half_life"], rel_tol=0.03):
            return "Upside down: it keeps longer in the cold."
        return "For the half-life at 4 °C start from 1 h at 25 °C, and use your energy."
    if not isclose(t90, right["t90"], rel_tol=0.04):
        if isclose(t90, right["t90"] / 60, rel_tol=0.04):
            return "The last box is right in hours; it asks for minutes."
        if isclose(t90, 60 * right["half_life"] * -log2(0.1), rel_tol=0.04):
            return "That is when one tenth is *left*. Nine tenths are left much sooner."
        return "Nine tenths are left for 0.152 half-lives. The box asks for minutes."
    return ""


def lot_doses(
    harvests: float = HARVESTS, recovery: float = RECOVERY, growth: float | None = None
) -> dict[str, float]:
    """Return cells in billions and how many doses of both sizes a lot makes."""
    cells = START_CELLS * (2 ** sum(DOUBLINGS) if growth is None else growth)
    medium_mL = cells / 1e6 * MEDIUM_ML_PER_MILLION * harvests
    particles = medium_mL * TITER_PER_ML * recovery
    return {
        "cells_billion": cells / 1e9,
        "large": particles / LARGE_DOSE,
        "small": particles / SMALL_DOSE,
    }


def check_lot(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when all three are within 3 %."""
    right = lot_doses()
    cells, large, small = given["cells_billion"], given["large"], given["small"]
    if not isclose(cells, right["cells_billion"], rel_tol=0.03):
        if isclose(cells, right["cells_billion"] * 1e9, rel_tol=0.03):
            return "Right, but the first box asks for billions: divide by 1e9."
        if isclose(cells, START_CELLS * sum(DOUBLINGS) / 1e9, rel_tol=0.03):
            return "You multiplied by the doublings. Each one doubles: 2 to their power."
        if isclose(cells, START_CELLS * 2 ** DOUBLINGS[0] / 1e9, rel_tol=0.03):
            return (
                "That is after the first passage. The second doubles them nearly seven times more."
            )
        return "Cells first: 100,000 times 2 to the power of all doublings together."
    if isclose(large, right["small"], rel_tol=0.03) and isclose(
        small, right["large"], rel_tol=0.03
    ):
        return "The two doses are swapped: the larger dose makes fewer."
    for value, name, size in ((large, "large", "800 billion"), (small, "small", "200 million")):
        if isclose(value, right[name], rel_tol=0.03):
            continue
        if isclose(value, right[name] / HARVESTS, rel_tol=0.03):
            return f"For {size} particles you count one harvest; there are three."
        if isclose(value, right[name] / RECOVERY, rel_tol=0.03):
            return f"For {size} particles nothing is lost in purification. Three tenths are left."
        if isclose(value, right[name] * 1e6, rel_tol=0.03):
            return "10 mL serve a *million* cells: divide the cells by a million first."
        return f"Not yet for {size} particles: medium, times particles per mL, times 0.3."
    return ""


def ranked(fixes: Fixes, key: Callable[[float, float], float] | None = None) -> list[str]:
    """Return fixes by the cost of a released dose, or by another mix of cost and pass rate."""
    mix = key or (lambda cost, share: cost / share)
    score = {}
    for name, (changes, donors) in fixes.items():
        lot = manufacturing.Lot(**changes)
        share = float(manufacturing.monte_carlo(lot, {}, donors=donors).released.mean())
        score[name] = mix(float(lot.cost_per_dose), share)
    return sorted(score, key=lambda name: score[name])


def check_fix_first(function: Callable[[Fixes], Any]) -> str:
    """Return what to look at, or nothing when four sets of fixes are ranked right."""
    if not callable(function):
        return "Give the function itself, without calling it: `lesson.check('e3', fix_first)`."
    answers: list[list[str]] = []
    for fixes in FIX_SETS:
        value = function(fixes)
        if value is None:
            return "Your function returns nothing; end it with `return`."
        if isinstance(value, str):
            return "You return one name; return the list of all of them, the cheapest first."
        if not isinstance(value, list | tuple):
            return f"You return a {type(value).__name__}; return a list of names."
        if sorted(map(str, value)) != sorted(fixes):
            return f"The list must hold each name once: {', '.join(sorted(fixes))}."
        answers.append(list(value))
    right = [ranked(fixes) for fixes in FIX_SETS]
    if answers == right:
        return ""
    if answers == [names[::-1] for names in right]:
        return "That is the dearest first. Turn the list round."
    if answers == [ranked(fixes, lambda cost, share: cost) for fixes in FIX_SETS]:
        return (
            "That ranks the cost of a dose *made*. Lots that fail cost as well: mind the pass rate."
        )
    if answers == [ranked(fixes, lambda cost, share: -share) for fixes in FIX_SETS]:
        return "That ranks the pass rate alone. Divide the cost of a dose by it."
    if answers == [ranked(fixes, lambda cost, share: cost * share) for fixes in FIX_SETS]:
        return "You multiply by the pass rate; a released dose costs *more*, so divide by it."
    given = next(one for one, other in zip(answers, right, strict=True) if one != other)
    share = "cost of a dose over the share of lots that pass"
    return f"Your order is {', '.join(given)}. Put {share} beside each, the lowest first."


def _changed(right: dict[str, float], **values: float) -> dict[str, float]:
    return {**right, **values}


TASKS = {
    "e1": Task(
        check=check_shelf_life,
        reference=shelf_life,
        mistakes={
            "needs kelvin": lambda: _changed(shelf_life(), energy=_energy(log(2), ROOM_C, WARM_C)),
            "base ten": lambda: _changed(shelf_life(), energy=shelf_life()["energy"] / log(10)),
            "J/mol; the box": lambda: _changed(shelf_life(), energy=44_410.0),
            "sign is turned": lambda: _changed(shelf_life(), energy=-44.41),
            "straight line": lambda: _changed(shelf_life(), half_life=_straight_line_h()),
            "every 12 °C": lambda: _changed(shelf_life(), half_life=2 ** (21 / 12)),
            "Upside down": lambda: _changed(
                shelf_life(), half_life=exp(-log(shelf_life()["half_life"]))
            ),
            "right in hours": lambda: _changed(shelf_life(), t90=0.5907),
            "one tenth is *left*": lambda: _changed(
                shelf_life(), t90=60 * shelf_life()["half_life"] * -log2(0.1)
            ),
        },
    ),
    "e2": Task(
        check=check_lot,
        reference=lot_doses,
        mistakes={
            "divide by 1e9": lambda: _changed(
                lot_doses(), cells_billion=1e9 * lot_doses()["cells_billion"]
            ),
            "multiplied by the doublings": lambda: lot_doses(growth=sum(DOUBLINGS)),
            "after the first passage": lambda: lot_doses(growth=2 ** DOUBLINGS[0]),
            "swapped": lambda: _changed(
                lot_doses(), large=lot_doses()["small"], small=lot_doses()["large"]
            ),
            "one harvest": lambda: lot_doses(harvests=1),
            "nothing is lost": lambda: lot_doses(recovery=1.0),
            "a *million* cells": lambda: _changed(lot_doses(), large=1e6 * lot_doses()["large"]),
        },
    ),
    "e3": Task(
        check=check_fix_first,
        reference=lambda: ranked,
        mistakes={
            "without calling it": lambda: ["ten donors"],
            "returns nothing": lambda: lambda fixes: None,
            "one name": lambda: lambda fixes: ranked(fixes)[0],
            "list of names": lambda: lambda fixes: dict.fromkeys(fixes, 1.0),
            "each name once": lambda: lambda fixes: ranked(fixes)[:1],
            "Turn the list": lambda: lambda fixes: ranked(fixes)[::-1],
            "dose *made*": lambda: lambda fixes: ranked(fixes, lambda cost, share: cost),
            "pass rate alone": lambda: lambda fixes: ranked(fixes, lambda cost, share: -share),
            "You multiply": lambda: lambda fixes: ranked(fixes, lambda cost, share: cost * share),
            "Your order is": lambda: lambda fixes: sorted(fixes),
        },
    ),
}
