"""Checks of lesson 06: depletion, half occupancy with internalization, a dose-response fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isclose, log

import numpy as np

from secretome_edu.exercises.check import Task
from secretome_edu.models import binding, trafficking

LIGAND_PM, RECEPTOR_PM, KD_PM = 10.0, 50.0, 100.0
EXCESS = 1.1
KON_PER_M_S = {"vegfr2": 1e7, "vegfr1": 3e7}
KOFF_PER_S, KINT_PER_S = 1e-3, trafficking.INTERNALIZATION_PER_S
DOSES_PM = np.geomspace(0.5, 5000.0, 10)
# Top (%), EC50 (pM), Hill coefficient of the hidden readings.
CURVES = ((80.0, 40.0, 1.5), (55.0, 120.0, 1.0), (100.0, 15.0, 2.0))
# A fixed spread of the readings in percent points, small beside each top.
SPREAD = np.array([0.2, -0.3, 0.4, -0.2, 0.5, -0.5, 0.3, -0.4, 0.2, -0.2])
Fit = Callable[[np.ndarray, np.ndarray], Sequence[float]]


def well() -> dict[str, float]:
    """Return what the first exercise asks for, in pM."""
    share = float(binding.occupancy(LIGAND_PM, KD_PM))
    bound_share = share / EXCESS
    # At that bound share the free level is Kd s/(1 - s); the rest of the ligand is bound.
    free_pM = KD_PM * bound_share / (1 - bound_share)
    return {
        "simple": share * RECEPTOR_PM,
        "bound": float(binding.bound_with_depletion(LIGAND_PM, RECEPTOR_PM, KD_PM)),
        "limit": (LIGAND_PM - free_pM) / bound_share,
    }


def check_well(given_pM: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when all three levels are right."""
    right = well()
    simple, bound, limit = (given_pM[name] for name in ("simple", "bound", "limit"))
    if isclose(simple, 100 * LIGAND_PM / (LIGAND_PM + KD_PM), rel_tol=0.02):
        return "Simple curve: that is the share in percent. Take that share of the 50 pM receptors."
    if isclose(simple, RECEPTOR_PM * LIGAND_PM / KD_PM, rel_tol=0.02):
        return "Simple curve: L/Kd holds only far below the Kd. The share is L/(L + Kd)."
    if not isclose(simple, right["simple"], rel_tol=0.02):
        return f"Not yet for the simple curve: you have {simple:g} pM. Its share is L/(L + Kd)."
    if isclose(bound, right["simple"], rel_tol=0.02):
        return "With depletion less is bound: what is bound is no longer free to bind."
    if bound > LIGAND_PM:
        return f"{bound:g} pM bound is more than the 10 pM of VEGF in the well."
    if not isclose(bound, right["bound"], rel_tol=0.02):
        return f"Not yet with depletion: you have {bound:g} pM. The free level is 10 pM less that."
    if isclose(limit, right["limit"], rel_tol=0.06):
        return ""
    excess = _excess_percent(limit)
    way = "Fewer receptors" if excess > 10 else "More receptors"
    return f"At {limit:g} pM of receptors the simple curve is {excess:.2g} % too high. {way}."


def _excess_percent(receptor_pM: float) -> float:
    level = max(receptor_pM, 1e-9)
    exact = float(binding.bound_with_depletion(LIGAND_PM, level, KD_PM))
    return 100 * (float(binding.occupancy(LIGAND_PM, KD_PM)) * level / exact - 1)


def half_levels() -> dict[str, float]:
    """Return half occupancy of both receptors (pM) and the half-time after a wash (min)."""
    levels = {
        name: float(trafficking.half_occupancy_pM(kon, KOFF_PER_S, KINT_PER_S))
        for name, kon in KON_PER_M_S.items()
    }
    return levels | {"half_time": log(2) / (KOFF_PER_S + KINT_PER_S) / 60}


def check_half(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when both levels and the half-time are right."""
    right = half_levels()
    for name, kon in KON_PER_M_S.items():
        value = given[name]
        if isclose(value, right[name], rel_tol=0.02):
            continue
        slips = (
            (KOFF_PER_S, "That is the Kd. A complex leaves by being taken in as well."),
            (KINT_PER_S, "That counts internalization alone. Unbinding goes on, too."),
            (KOFF_PER_S - KINT_PER_S, "Both rates remove complexes: add them."),
        )
        for leaving, message in slips:
            if isclose(value, leaving / kon * 1e12, rel_tol=0.02):
                return f"{name.upper()}: {message}"
        if isclose(value, right[name] / 1000, rel_tol=0.02):
            return f"{name.upper()}: right in nM; the box asks for pM."
        return f"Not yet for {name.upper()}: (koff + kint)/kon, times 10¹² pM per M."
    time_min = given["half_time"]
    if isclose(time_min, right["half_time"], rel_tol=0.03):
        return ""
    if isclose(time_min, 60 * right["half_time"], rel_tol=0.03):
        return "Half-time: right in seconds; the box asks for minutes."
    if isclose(time_min, right["half_time"] / log(2), rel_tol=0.03):
        return "That is one over the rate, when 37 % are left. For half, multiply by ln 2."
    if isclose(time_min, log(2) / KOFF_PER_S / 60, rel_tol=0.03):
        return "Half-time: that is unbinding alone. Complexes are taken in as well."
    return "Not yet for the half-time: ln 2 over (koff + kint), then seconds to minutes."


def readings(curve: tuple[float, float, float]) -> np.ndarray:
    """Return hidden readings (%) at the hidden doses."""
    top, ec50_pM, hill = curve
    return top * binding.occupancy(DOSES_PM, ec50_pM, hill) + SPREAD


def fit(dose_pM: np.ndarray, response: np.ndarray, **fixed: float) -> list[float]:
    """Return top, EC50 and Hill coefficient by least squares; the reference of exercise three."""
    from scipy.optimize import curve_fit

    free = [name for name in ("top", "ec50", "hill") if name not in fixed]
    start = {"top": float(np.max(response)), "ec50": 100.0, "hill": 1.0}

    def curve(dose: np.ndarray, *values: float) -> np.ndarray:
        at = dict(zip(free, values, strict=True)) | fixed
        return at["top"] * binding.occupancy(dose, at["ec50"], at["hill"])

    best, _ = curve_fit(curve, dose_pM, response, [start[n] for n in free], bounds=(0.01, 1e5))
    at = dict(zip(free, best.tolist(), strict=True)) | fixed
    return [at[name] for name in ("top", "ec50", "hill")]


def check_fit(function: Fit) -> str:
    """Return what to look at, or nothing when the function fits all hidden readings."""
    if not callable(function):
        return "Give the function itself, without calling it: `lesson.check('e3', fit)`."
    for curve in CURVES:
        response = readings(curve)
        given = function(DOSES_PM.copy(), response.copy())
        if given is None:
            return "Your function returns nothing; end it with `return`."
        values = np.asarray(given, dtype=object).ravel()
        if values.size != 3:
            return "Return three numbers: top, EC50 and Hill coefficient. `curve_fit(...)[0]` is."
        message = _compare(values.astype(float), fit(DOSES_PM, response), response)
        if message:
            return message
    return ""


def _compare(values: np.ndarray, right: list[float], response: np.ndarray) -> str:
    if np.allclose(values, right, rtol=0.03):
        return ""
    if np.allclose(values, [right[1], right[0], right[2]], rtol=0.03):
        return "Right values, wrong order: first the top, then the EC50, then the Hill coefficient."
    if np.allclose(values, [right[0], np.log10(right[1]), right[2]], rtol=0.03):
        return "Your EC50 is its logarithm. Return it in pM."
    if np.allclose(values, fit(DOSES_PM, response, hill=1.0), rtol=0.03):
        return "You fixed the Hill coefficient at 1. Let the fit find it; it moves the EC50, too."
    if np.allclose(values, fit(DOSES_PM, response, top=100.0), rtol=0.03):
        return "You fixed the top at 100 %. These responses level off elsewhere."
    shown = ", ".join(f"{v:.3g}" for v in values)
    return f"You return {shown}; the best fit is {', '.join(f'{v:.3g}' for v in right)}."


TASKS = {
    "e1": Task(
        check=check_well,
        reference=well,
        mistakes={
            "share in percent": lambda: well() | {"simple": 100 * 10 / 110},
            "only far below": lambda: well() | {"simple": 5.0},
            "Not yet for the simple": lambda: well() | {"simple": 40.0},
            "no longer free": lambda: well() | {"bound": well()["simple"]},
            "more than the 10 pM": lambda: well() | {"bound": 20.0},
            "Not yet with depletion": lambda: well() | {"bound": 2.0},
            "Fewer receptors": lambda: well() | {"limit": 50.0},
            "More receptors": lambda: well() | {"limit": 5.0},
        },
    ),
    "e2": Task(
        check=check_half,
        reference=half_levels,
        mistakes={
            "That is the Kd": lambda: half_levels() | {"vegfr2": 100.0},
            "internalization alone": lambda: half_levels() | {"vegfr2": 28.0},
            "add them": lambda: half_levels() | {"vegfr2": 72.0},
            "right in nM": lambda: half_levels() | {"vegfr1": 0.0427},
            "Not yet for VEGFR1": lambda: half_levels() | {"vegfr1": 1.0},
            "right in seconds": lambda: half_levels() | {"half_time": 541.5},
            "one over the rate": lambda: half_levels() | {"half_time": 13.02},
            "unbinding alone": lambda: half_levels() | {"half_time": 11.55},
            "Not yet for the half-time": lambda: half_levels() | {"half_time": 1.0},
        },
    ),
    "e3": Task(
        check=check_fit,
        reference=lambda: fit,
        mistakes={
            "without calling it": lambda: [80.0, 40.0, 1.5],
            "returns nothing": lambda: lambda dose, response: None,
            "three numbers": lambda: lambda dose, response: [1.0, 2.0],
            "wrong order": lambda: lambda d, r: [fit(d, r)[i] for i in (1, 0, 2)],
            "logarithm": lambda: lambda d, r: [fit(d, r)[0], np.log10(fit(d, r)[1]), fit(d, r)[2]],
            "fixed the Hill": lambda: lambda d, r: fit(d, r, hill=1.0),
            "fixed the top": lambda: lambda d, r: fit(d, r, top=100.0),
            "best fit is": lambda: lambda d, r: [1.0, 1.0, 1.0],
        },
    ),
}
