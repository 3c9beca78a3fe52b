"""Checks of lesson 05: diffusion lengths, cluster size, the cells-informed curve."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isclose, pi, sqrt
from typing import SupportsFloat

from secretome_edu import models
from secretome_edu.exercises.check import Task

D_UM2_PER_S = {"igf1_fibrin": 159.0, "albumin_ear": 58.0, "ngf_brain": 27.5}
UPTAKE_PER_S = 0.01
SECRETION_PER_S = 0.7776
D_VEGF_UM2_PER_S = 104.0
TARGET_PM = 10.0
DENSITY_PER_MM3 = 1e5
CELL_RADIUS_UM = 10.0


def diffusion_lengths_um() -> dict[str, float]:
    """Return the three lengths the first exercise asks for."""
    return {name: sqrt(d / UPTAKE_PER_S) for name, d in D_UM2_PER_S.items()}


def check_lengths(given_um: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when all three lengths are right."""
    slips: list[tuple[Callable[[float], float], str]] = [
        (lambda d: d / UPTAKE_PER_S, "That is D/k, in µm². The length is its square root."),
        (
            lambda d: sqrt(d * UPTAKE_PER_S),
            "You multiplied D by k. Divide: more uptake, shorter λ.",
        ),
        (lambda d: sqrt(UPTAKE_PER_S / d), "Upside down: D goes above, k below."),
        (lambda d: sqrt(d), "That is the root of D alone; k has to come in."),
        (lambda d: sqrt(d / UPTAKE_PER_S) / 1000, "Right in millimeters; the boxes ask for µm."),
    ]
    for name, right in diffusion_lengths_um().items():
        value = given_um[name]
        if isclose(value, right, rel_tol=0.02):
            continue
        for slip, message in slips:
            if isclose(value, slip(D_UM2_PER_S[name]), rel_tol=0.02):
                return message
        return f"Not yet for D = {D_UM2_PER_S[name]:g} µm²/s. Divide by k, then take the root."
    return ""


def cells_for_target() -> float:
    """Return the smallest cluster whose surface level reaches the target, by bisection."""
    low, high = 1.0, 1e6
    while high - low > 0.5:
        middle = (low + high) / 2
        low, high = (low, middle) if _surface_pM(middle) >= TARGET_PM else (middle, high)
    return high


def _surface_pM(cells: float) -> float:
    return float(models.reach.cluster_surface(cells, SECRETION_PER_S, D_VEGF_UM2_PER_S))


def check_cells(cells: float) -> str:
    """Return what to look at, or nothing when the cluster is within 25 %."""
    right = cells_for_target()
    if isclose(cells, right, rel_tol=0.25):
        return ""
    one = _surface_pM(1)
    if isclose(cells, TARGET_PM / one, rel_tol=0.15):
        return (
            "That is 10 pM divided by the level of one cell. But a bigger cluster is also wider, "
            "so its surface is farther from most of its cells."
        )
    if isclose(cells, (TARGET_PM / one) ** 3, rel_tol=0.5):
        return "Too many: the level grows with N to the power 2/3, not 1/3."
    if isclose(cells, right * 10**1.5, rel_tol=0.3):
        return "That cluster reaches the whole Kd of 100 pM. You need a tenth of it."
    if cells < right:
        return (
            f"With {cells:g} cells the surface is at {_surface_pM(max(cells, 1)):.2g} pM. Add more."
        )
    level = _surface_pM(cells)
    return f"With {cells:g} cells the surface is already at {level:.3g} pM. Fewer will do."


def informed(threshold_pM: float) -> float:
    """Return how many neighbors one cell informs; the reference of the third exercise."""
    return float(
        models.reach.cells_informed(
            threshold_pM,
            SECRETION_PER_S,
            D_VEGF_UM2_PER_S,
            UPTAKE_PER_S,
            cells_per_mm3=DENSITY_PER_MM3,
            cell_radius_um=CELL_RADIUS_UM,
        )
    )


def check_informed(function: Callable[[float], float]) -> str:
    """Return what to look at, or nothing when the function is right at five thresholds."""
    if not callable(function):
        return "Give the function itself, without calling it: `lesson.check('e3', informed)`."
    for threshold_pM in (0.0005, 0.001, 0.005, 0.02, 1.0):
        right, value = informed(threshold_pM), function(threshold_pM)
        if value is None:
            return "Your function returns nothing; end it with `return`."
        if getattr(value, "ndim", 0) or not isinstance(value, SupportsFloat):
            return f"Your function returns a {type(value).__name__}; let it return one number."
        if isclose(float(value), right, rel_tol=0.01, abs_tol=1e-6):
            continue
        if right > 0 and isclose(float(value), right * 1e9, rel_tol=0.02):
            return "The density is per mm³ and the radius in µm: divide by 1e9 µm³ per mm³."
        own = 4 / 3 * pi * CELL_RADIUS_UM**3 * DENSITY_PER_MM3 / 1e9
        if right > 0 and isclose(float(value), right + own, rel_tol=0.01):
            return "Nearly: leave out the ball of the secreting cell itself (radius 10 µm)."
        if right == 0 and float(value) < 0:
            return (
                f"At {threshold_pM:g} pM you return {float(value):.3g}. The threshold is not "
                "reached even at the surface, so the answer is 0, not a negative number."
            )
        return (
            f"At {threshold_pM:g} pM you return {float(value):.3g}, but {right:.3g} are informed."
        )
    return ""


def _ball(threshold_pM: float, own: float, unit: float) -> float:
    radius = models.reach.informed_radius_um(
        threshold_pM, SECRETION_PER_S, D_VEGF_UM2_PER_S, UPTAKE_PER_S
    )
    return float(4 / 3 * pi * (radius**3 - own**3) * DENSITY_PER_MM3 / unit)


def _for_all(slip: Callable[[float], float]) -> dict[str, float]:
    return {name: slip(d) for name, d in D_UM2_PER_S.items()}


TASKS = {
    "e1": Task(
        check=check_lengths,
        reference=diffusion_lengths_um,
        mistakes={
            "square root": lambda: _for_all(lambda d: d / UPTAKE_PER_S),
            "multiplied": lambda: _for_all(lambda d: sqrt(d * UPTAKE_PER_S)),
            "Upside down": lambda: _for_all(lambda d: sqrt(UPTAKE_PER_S / d)),
            "root of D alone": lambda: _for_all(sqrt),
            "millimeters": lambda: _for_all(lambda d: sqrt(d / UPTAKE_PER_S) / 1000),
            "Not yet for D": lambda: _for_all(lambda d: 1.0),
        },
    ),
    "e2": Task(
        check=check_cells,
        reference=cells_for_target,
        mistakes={
            "divided by the level of one cell": lambda: TARGET_PM / _surface_pM(1),
            "whole Kd": lambda: cells_for_target() * 10**1.5,
            "2/3, not 1/3": lambda: (TARGET_PM / _surface_pM(1)) ** 3,
            "Add more": lambda: 3.0,
            "Fewer will do": lambda: 4000.0,
        },
    ),
    "e3": Task(
        check=check_informed,
        reference=lambda: informed,
        mistakes={
            "without calling it": lambda: 3.5,
            "returns nothing": lambda: lambda threshold_pM: None,
            "1e9": lambda: lambda t: max(0.0, _ball(t, CELL_RADIUS_UM, 1.0)),
            "itself": lambda: lambda t: _ball(t, 0.0, 1e9),
            "not a negative": lambda: lambda t: _ball(t, CELL_RADIUS_UM, 1e9),
            "are informed": lambda: lambda t: 1.0,
            "stopped with": lambda: lambda: 1.0,
        },
    ),
}
