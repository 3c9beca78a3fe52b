"""Inflammation that resolves, smolders or kills, and a secretome that may calm it in time.

Pathogen, activated phagocytes, tissue damage and an anti-inflammatory mediator (Reynolds et al.
2006, 10.1016/j.jtbi.2006.02.016). The course adds one term: an outside source of the mediator,
given in pulses, which stands for a secretome. Units are those of the paper (P-, N-, D- and
CA-units); time is in h.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.checks import Array, non_negative, positive, whole
from secretome_edu.models.integration import integrate
from secretome_edu.ui.messages import BadValue

Pulse = tuple[float, float, float]

_VARIABLES = ("pathogen", "phagocytes", "damage", "anti_inflammatory")
OUTCOMES = ("health", "aseptic", "septic")
_PATHOGEN_LEFT = 0.1  # P-units; the septic state has several, the others none
_DAMAGE_LEFT = 1.0  # D-units; the aseptic state has 17


@dataclass(frozen=True)
class Constants:
    """The published constants except the growth rate k_pg; names and units as in the paper."""

    k_pm: float = 0.6
    k_mp: float = 0.01
    s_m: float = 0.005
    mu_m: float = 0.002
    p_inf: float = 20.0
    k_pn: float = 1.8
    k_np: float = 0.1
    k_nn: float = 0.01
    s_nr: float = 0.08
    mu_nr: float = 0.12
    mu_n: float = 0.05
    k_nd: float = 0.02
    k_dn: float = 0.35
    x_dn: float = 0.06
    mu_d: float = 0.02
    c_inf: float = 0.28
    s_c: float = 0.0125
    k_cn: float = 0.04
    k_cnd: float = 48.0
    mu_c: float = 0.1


PUBLISHED = Constants()


@dataclass(frozen=True)
class InflammationCourse:
    """One simulated patient: times, the four variables and how it ended.

    Attributes
    ----------
    time_h : ndarray, shape (n,)
    pathogen, phagocytes, damage, anti_inflammatory : ndarray, shape (n,)
        P, activated N, D and C_A in the paper's units.
    outcome : str
        ``health`` (all back to rest), ``aseptic`` (pathogen gone, inflammation stays) or
        ``septic`` (pathogen stays) at the last time.
    """

    time_h: Array
    pathogen: Array
    phagocytes: Array
    damage: Array
    anti_inflammatory: Array
    outcome: str


def change_per_h(
    state: Sequence[Any] | Array,
    k_pg: float | Array,
    secretome: float | Array = 0.0,
    constants: Constants = PUBLISHED,
) -> tuple[Any, Any, Any, Any]:
    """Return the rate of change of P, N, D and C_A; numbers or arrays of one shape.

    Parameters
    ----------
    state : sequence of four array_like
        P, N, D, C_A.
    k_pg : array_like
        Growth rate of the pathogen (1/h).
    secretome : array_like
        Outside source of C_A (CA-units/h).
    constants : Constants
        The other constants.

    Returns
    -------
    tuple of four ndarray
        Units per h.

    Examples
    --------
    At rest nothing changes:

    >>> [round(float(x), 12) for x in change_per_h((0.0, 0.0, 0.0, 0.125), 0.3)]
    [0.0, 0.0, 0.0, 0.0]
    """
    p, n, d, ca = state
    k = constants
    calm = 1 / (1 + (ca / k.c_inf) ** 2)
    recruited = calm * (k.k_nn * n + k.k_np * p + k.k_nd * d)
    active = calm * n
    harm = active**6
    induced = calm * (n + k.k_cnd * d)
    local = k.k_pm * k.s_m * p / (k.mu_m + k.k_mp * p)
    return (
        k_pg * p * (1 - p / k.p_inf) - local - k.k_pn * active * p,
        k.s_nr * recruited / (k.mu_nr + recruited) - k.mu_n * n,
        k.k_dn * harm / (k.x_dn**6 + harm) - k.mu_d * d,
        k.s_c + k.k_cn * induced / (1 + induced) - k.mu_c * ca + secretome,
    )


def simulate(
    k_pg: float,
    p0: float,
    pulses: Sequence[Pulse] = (),
    t_end_h: float = 1000.0,
    *,
    anti_inflammatory0: float = 0.125,
    samples: int = 501,
    constants: Constants = PUBLISHED,
) -> InflammationCourse:
    """Simulate one patient.

    Parameters
    ----------
    k_pg : float
        Growth rate of the pathogen (1/h), at least 0.
    p0 : float
        Pathogen at time 0 (P-units), at least 0.
    pulses : sequence of (start_h, end_h, rate)
        When and how strongly the secretome adds to the mediator (CA-units/h); overlapping
        pulses add up.
    t_end_h : float
        Simulated time (h), above 0.
    anti_inflammatory0 : float
        C_A at time 0; the published 0.125 is its level at rest.
    samples : int
        Number of returned times.
    constants : Constants
        The other constants.

    Returns
    -------
    InflammationCourse

    Raises
    ------
    BadValue
        If an argument is outside its range; names it.
    CourseError
        If the solver fails; says at which time and state.

    Examples
    --------
    >>> simulate(0.3, 1.5).outcome
    'aseptic'
    >>> simulate(0.3, 1.5, pulses=[(0, 24, 0.02)]).outcome
    'health'
    """
    growth = float(non_negative("k_pg", k_pg))
    end = float(positive("t_end_h", t_end_h))
    doses = _checked(pulses)
    start = [float(non_negative("p0", p0)), 0.0, 0.0]
    state = np.array([*start, float(non_negative("anti_inflammatory0", anti_inflammatory0))])
    time = np.linspace(0.0, end, whole("samples", samples, 2))
    curves = np.empty((4, time.size))
    # A solver that steps over the edge of a pulse can miss it, so each stretch is solved apart.
    edges = sorted({0.0, end, *(edge for dose in doses for edge in dose[:2] if 0 < edge < end)})
    for left, right in pairwise(_apart(edges)):
        rate = sum(r for on, off, r in doses if on < right and off > left)
        inside = (time >= left) & (time < right)
        stops = np.unique(np.concatenate([[left], time[inside], [right]]))

        def change(_: float, y: Array, given: float = rate) -> Sequence[float]:
            return change_per_h(y.tolist(), growth, given, constants)

        solved = integrate(change, state, stops, _VARIABLES, rtol=1e-8, atol=1e-10)
        curves[:, inside] = solved[:, -1 - inside.sum() : -1]
        state = solved[:, -1]
    curves[:, -1] = state
    curves = np.maximum(curves, 0.0)  # the solver's tolerance may leave -1e-12
    p, n, d, ca = curves
    return InflammationCourse(time, p, n, d, ca, str(outcome(p[-1], d[-1])))


def _apart(edges: list[float]) -> list[float]:
    """Return edges without those the solver cannot tell from the one before (0 and 1e-200 h)."""
    least = 1e-9 * edges[-1]
    kept = [edges[0]]
    for edge in edges[1:-1]:
        if edge - kept[-1] > least and edges[-1] - edge > least:
            kept.append(edge)
    return [*kept, edges[-1]]


def outcome(pathogen: ArrayLike, damage: ArrayLike) -> Array:
    """Return how an inflammation ended, from the last values of P and D.

    Parameters
    ----------
    pathogen, damage : array_like
        P and D at the end, one shape.

    Returns
    -------
    ndarray of str
        ``health``, ``aseptic`` or ``septic``.

    Examples
    --------
    >>> outcome([0.0, 0.0, 5.0], [0.0, 17.4, 18.0]).tolist()
    ['health', 'aseptic', 'septic']
    """
    infected = np.asarray(pathogen) > _PATHOGEN_LEFT
    inflamed = np.asarray(damage) > _DAMAGE_LEFT
    return np.where(infected, "septic", np.where(inflamed, "aseptic", "health"))


def outcomes(
    k_pg: ArrayLike,
    p0: ArrayLike,
    start_h: ArrayLike,
    duration_h: ArrayLike,
    rate: ArrayLike,
    *,
    t_end_h: float = 1000.0,
    step_h: float = 0.5,
    constants: Constants = PUBLISHED,
) -> Array:
    """Return how many patients end at once, each with one secretome pulse.

    Parameters
    ----------
    k_pg, p0 : array_like
        As in :func:`simulate`.
    start_h, duration_h, rate : array_like
        When the pulse starts, how long it lasts and how strong it is (h, h, CA-units/h).
    t_end_h, step_h : float
        Simulated time and Runge-Kutta step (h).
    constants : Constants
        The other constants.

    Returns
    -------
    ndarray of str
        Broadcast shape of the arguments.

    Examples
    --------
    A therapeutic window in dose:

    >>> outcomes(0.3, 1.5, 0.0, 24.0, [0.0, 0.01, 0.02, 0.04]).tolist()
    ['aseptic', 'aseptic', 'health', 'aseptic']
    """
    growth, p, on, length, dose = np.broadcast_arrays(
        non_negative("k_pg", k_pg),
        non_negative("p0", p0),
        non_negative("start_h", start_h),
        non_negative("duration_h", duration_h),
        non_negative("rate", rate),
    )
    step, end = float(positive("step_h", step_h)), float(positive("t_end_h", t_end_h))
    rest = constants.s_c / constants.mu_c
    state = np.stack([p, np.zeros_like(p), np.zeros_like(p), np.full_like(p, rest)])
    for i in range(int(np.ceil(end / step))):
        left = i * step
        # The share of the step the pulse covers keeps its total dose exact.
        covered = np.clip(np.minimum(on + length, left + step) - np.maximum(on, left), 0, step)
        given = dose * covered / step
        k1 = np.stack(change_per_h(state, growth, given, constants))
        k2 = np.stack(change_per_h(state + step / 2 * k1, growth, given, constants))
        k3 = np.stack(change_per_h(state + step / 2 * k2, growth, given, constants))
        k4 = np.stack(change_per_h(state + step * k3, growth, given, constants))
        state = np.maximum(state + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4), 0.0)
    return outcome(state[0], state[2])


def _checked(pulses: Sequence[Pulse]) -> list[Pulse]:
    doses = []
    for pulse in pulses:
        if np.shape(pulse) != (3,):
            raise BadValue(f"pulses holds {pulse!r}; it accepts (start_h, end_h, rate).")
        on, off, rate = (float(x) for x in non_negative("pulses", pulse))
        if off <= on:
            raise BadValue(f"pulses holds one from {on:g} to {off:g} h; the end must come later.")
        doses.append((on, off, rate))
    return doses
