"""Survival: the caspase switch that turns stress into an irreversible decision to die.

Caspase-9, caspase-3 and XIAP (Legewie, Bluthgen and Herzel 2006, 10.1371/journal.pcbi.0020120):
network in ``models.caspase_network``. Stress is active Apaf-1; a secretome acts in two ways: less
active Apaf-1 or more XIAP. Concentrations in nM, times in min.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.caspase_network import (
    CASPASE3_NM,
    RATES,
    SPECIES,
    constants,
    network,
    start,
)
from secretome_edu.models.checks import Array, non_negative, number, positive, whole
from secretome_edu.ui.messages import CourseError

DEAD_ABOVE_NM = 30.0  # active caspase-3; the two stable states lie far on either side
_ACTIVE = SPECIES.index("C3s")


@dataclass(frozen=True)
class SurvivalCourse:
    """One simulated cell.

    Attributes
    ----------
    time_min : ndarray, shape (n,)
    active_caspase3_nM : ndarray, shape (n,)
        Cleaved caspase-3 that is not held by XIAP.
    state_nM : ndarray, shape (13, n)
        All species in the order of ``SPECIES``.
    """

    time_min: Array
    active_caspase3_nM: Array
    state_nM: Array

    @property
    def dead(self) -> bool:
        """Whether the cell is beyond the switch at the end."""
        return bool(self.active_caspase3_nM[-1] > DEAD_ABOVE_NM)


def simulate(
    apaf1_nM: float,
    xiap_nM: float = 40.0,
    t_end_min: float = 600.0,
    *,
    rescue_at_min: float | None = None,
    rescue_apaf1_nM: float | None = None,
    rescue_xiap_nM: float | None = None,
    samples: int = 301,
) -> SurvivalCourse:
    """Simulate one cell under stress, and a rescue if one is given.

    Parameters
    ----------
    apaf1_nM : float
        Active Apaf-1 without binding partners (nM): present at the start and kept up by synthesis.
    xiap_nM : float
        XIAP likewise.
    t_end_min : float
        Simulated time (min), above 0.
    rescue_at_min : float, optional
        When a secretome changes the synthesis of Apaf-1 or XIAP (min).
    rescue_apaf1_nM, rescue_xiap_nM : float, optional
        The levels that the new synthesis alone would keep up (nM).
    samples : int
        Number of returned times.

    Returns
    -------
    SurvivalCourse

    Raises
    ------
    BadValue
        If an argument is outside its range; names it.

    Examples
    --------
    >>> simulate(20.0).dead, simulate(20.0, xiap_nM=120.0).dead
    (True, False)
    """
    apaf1, xiap = float(non_negative("apaf1_nM", apaf1_nM)), float(non_negative("xiap_nM", xiap_nM))
    end = float(positive("t_end_min", t_end_min))
    time = np.linspace(0.0, end, whole("samples", samples, 2))
    cell, before_rescue = start(apaf1, xiap), constants(apaf1, xiap)
    if rescue_at_min is None:
        state = network().solve(cell, time * 60, before_rescue)
    else:
        rescue = float(number("rescue_at_min", rescue_at_min, 0.0, end))
        after_rescue = constants(
            apaf1
            if rescue_apaf1_nM is None
            else float(non_negative("rescue_apaf1_nM", rescue_apaf1_nM)),
            xiap
            if rescue_xiap_nM is None
            else float(non_negative("rescue_xiap_nM", rescue_xiap_nM)),
        )
        before, after = time < rescue, time >= rescue
        first = cell[:, None]
        if rescue > 0:
            first = network().solve(cell, np.append(time[before], rescue) * 60, before_rescue)
        state = first[:, : before.sum()]
        stops = np.unique(np.append(rescue, time[after]))
        second = network().solve(first[:, -1], stops * 60, after_rescue)
        state = np.concatenate([state, second[:, -after.sum() :]], axis=1)
    state = np.maximum(state, 0.0)  # the solver's tolerance may leave -1e-12
    return SurvivalCourse(time, state[_ACTIVE], state)


def steady_curve(
    xiap_nM: float = 40.0, highest_apaf1_nM: float = 100.0, points: int = 200
) -> tuple[Array, Array, Array]:
    """Return all steady states of a cell: the S-shaped curve of active caspase-3 over stress.

    The curve bends back, so it is followed along caspase-3 and solved for Apaf-1.

    Parameters
    ----------
    xiap_nM : float
        XIAP kept up by synthesis (nM), at least 0.
    highest_apaf1_nM : float
        End of the stress axis (nM), above 0.
    points : int
        Number of points asked for.

    Returns
    -------
    apaf1_nM, active_caspase3_nM : ndarray, shape (n,)
        Points of the curve with stress from 0 to the end of the axis, by rising caspase-3.
    stable : ndarray of bool, shape (n,)
        False on the middle branch, the point of no return.

    Examples
    --------
    >>> apaf1, caspase3, stable = steady_curve(40.0)
    >>> bool(stable[0]), bool(stable.all())
    (True, False)
    """
    highest = float(positive("highest_apaf1_nM", highest_apaf1_nM))
    count = whole("points", points, 10)
    rest = _settled(start(0.0, float(non_negative("xiap_nM", xiap_nM))), 0.0, xiap_nM)
    shift = np.zeros(len(SPECIES))
    shift[[_ACTIVE, SPECIES.index("C3")]] = CASPASE3_NM, -CASPASE3_NM
    dying = _settled(start(highest, xiap_nM) + shift, highest, xiap_nM)
    # From the top: first in small steps, because caspase-3 is nearly used up where stress is high.
    top, bottom = dying[_ACTIVE], min(rest[_ACTIVE], dying[_ACTIVE] * 0.5)
    near_top = top * (1 - np.geomspace(1e-6, 0.3, count // 3))
    down = np.concatenate([near_top, np.geomspace(0.7 * top, bottom, count - count // 3 + 1)[1:]])
    arcs = [_traced(down, dying, highest, xiap_nM, highest)]
    reached = arcs[0][1][-1]
    if reached > bottom:
        # The middle branch left the stress axis; the branch of the living cell is apart.
        up = np.geomspace(bottom, reached, count // 2)[:-1]
        arcs.append(_traced(up, rest, 0.0, xiap_nM, highest))
    rising = [(stress, level) if level[0] < level[-1] else (stress[::-1], level[::-1])
              for stress, level in reversed(arcs)]  # fmt: skip
    # A slope across the gap between two arcs would mean nothing, so each has its own.
    stable = np.concatenate([np.gradient(stress, level) > 0 for stress, level in rising])
    stress, level = (np.concatenate(parts) for parts in zip(*rising, strict=True))
    shown = (stress >= 0) & (stress <= highest)
    return stress[shown], level[shown], stable[shown]


@lru_cache(maxsize=256)
def death_threshold_nM(xiap_nM: float, highest_apaf1_nM: float = 200.0) -> float:
    """Return the stress above which a cell at rest dies: the fold of the steady curve.

    Parameters
    ----------
    xiap_nM : float
        XIAP kept up by synthesis (nM), at least 0.
    highest_apaf1_nM : float
        Largest stress considered (nM).

    Returns
    -------
    float
        Apaf-1 (nM); 0 if the cell dies without stress, infinity if none considered kills it.

    Examples
    --------
    >>> round(death_threshold_nM(60.0), 2), death_threshold_nM(120.0)
    (14.54, inf)
    """
    from scipy.optimize import minimize_scalar

    state = _settled(start(0.0, float(non_negative("xiap_nM", xiap_nM))), 0.0, xiap_nM)
    if state[_ACTIVE] > DEAD_ABOVE_NM:
        return 0.0
    level, apaf1 = state[_ACTIVE], 0.0
    while True:
        ahead, stress = _stress_for(level * 1.15, state, apaf1, xiap_nM)
        if stress > highest_apaf1_nM:
            return np.inf
        if stress < apaf1:
            break
        level, state, apaf1 = level * 1.15, ahead, stress
    fold = minimize_scalar(
        lambda c: -_stress_for(c, state, apaf1, xiap_nM)[1],
        bounds=(level / 1.15, level * 1.15),
        method="bounded",
        options={"xatol": 1e-7},
    )
    return max(0.0, -float(fold.fun))


def survival_fraction(
    apaf1_nM: ArrayLike, xiap_median_nM: ArrayLike, xiap_spread: ArrayLike
) -> Array:
    """Return which share of cells survives when they differ in XIAP.

    A cell survives if its own threshold lies above the stress; XIAP is log-normal, so the share
    is exact and no cell is drawn.

    Parameters
    ----------
    apaf1_nM : array_like
        Stress (nM), from 0 to 200.
    xiap_median_nM : array_like
        Median XIAP (nM), above 0.
    xiap_spread : array_like
        Standard deviation of ln XIAP, above 0.

    Returns
    -------
    ndarray
        From 0 to 1.

    Examples
    --------
    >>> survival_fraction([2.0, 20.0, 80.0], 70.0, 0.2).round(2)
    array([1.  , 0.63, 0.11])
    """
    from scipy.interpolate import PchipInterpolator
    from scipy.special import ndtr

    stress = number("apaf1_nM", apaf1_nM, 0.0, 200.0)
    xiap, threshold = _thresholds()
    needed = PchipInterpolator(np.log1p(threshold), xiap)(np.log1p(stress))
    median = positive("xiap_median_nM", xiap_median_nM)
    return ndtr(np.log(median / needed) / positive("xiap_spread", xiap_spread))


@lru_cache(maxsize=1)
def _thresholds() -> tuple[Array, Array]:
    """Return XIAP levels and their thresholds, wherever the switch exists."""
    xiap = np.linspace(30.0, 120.0, 31)
    threshold = np.array([death_threshold_nM(x, 1e3) for x in xiap])
    real = np.isfinite(threshold) & (threshold > 0)
    return xiap[real], threshold[real]


def _traced(
    levels: Array, state: Array, apaf1: float, xiap_nM: float, highest: float
) -> tuple[Array, Array]:
    """Follow the steady states along caspase-3 until stress leaves its axis."""
    stress: list[float] = []
    kept: list[float] = []
    for level in levels:
        ahead, needed = _stress_for(level, state, apaf1, xiap_nM)
        if needed > highest * 1.0001:
            # One more point beside the end of the axis: the curve shall not stop short of it.
            if stress and stress[-1] < 0.99 * highest:
                share = (0.99 * highest - stress[-1]) / (needed - stress[-1])
                between = kept[-1] * (level / kept[-1]) ** share
                stress.append(_stress_for(between, state, apaf1, xiap_nM)[1])
                kept.append(between)
            break
        state, apaf1 = ahead, needed
        stress.append(apaf1)
        kept.append(level)
    return np.array(stress), np.array(kept)


def _settled(state: Array, apaf1: float, xiap_nM: float) -> Array:
    """Return the steady state a cell comes to from a given one."""
    days = np.array([0.0, 1e6])
    return network().solve(state, days, constants(apaf1, xiap_nM))[:, -1]


def _stress_for(level: float, state: Array, apaf1: float, xiap_nM: float) -> tuple[Array, float]:
    """Return the steady state with a given active caspase-3 and the Apaf-1 that keeps it."""
    rates, net = constants(0.0, xiap_nM), network()
    pushed = RATES["loss"] * (np.arange(len(SPECIES)) == SPECIES.index("A"))
    state = np.where(np.arange(len(SPECIES)) == _ACTIVE, level, state)
    for _ in range(60):
        misfit = net.change(state, rates) + pushed * apaf1
        slope = net.jacobian(state, rates)
        slope[:, _ACTIVE] = pushed  # caspase-3 is given; the unknown in its place is Apaf-1
        step = np.linalg.solve(slope, misfit)
        apaf1 -= step[_ACTIVE]
        step[_ACTIVE] = 0.0
        state = state - step
        if np.abs(step).max() < 1e-9:
            return state, float(apaf1)
    raise CourseError(
        f"No steady state with {level:g} nM active caspase-3 was found for {xiap_nM:g} nM XIAP."
    )
