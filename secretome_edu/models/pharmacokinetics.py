"""Living source against bolus: the same factor from decaying cells, an injection or an infusion.

Units as in ``models.compartments``, whose schedules are offered here too. Kinetics of IL-10 in
volunteers: 10.1023/A:1011918425629; lifetime of infused MSC: 10.1016/j.stem.2009.05.003.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.checks import Array, fraction, non_negative, number, positive, whole
from secretome_edu.models.compartments import (
    LN_2,
    TwoCompartment,
    bolus,
    depot,
    exchange_for_half_life,
    fading_input,
    infusion,
    repeated_bolus,
)
from secretome_edu.ui.messages import BadValue

__all__ = [
    "TwoCompartment",
    "bolus",
    "depot",
    "equal_exposure_dose",
    "exchange_for_half_life",
    "exposure",
    "fading_input",
    "infusion",
    "living_source",
    "repeated_bolus",
    "time_above_h",
    "virtual_patients",
]

_NG_PER_UG = 1e3
_UG_PER_PG = 1e-6


def living_source(
    time_h: ArrayLike,
    cells_per_kg: ArrayLike,
    secretion_pg_per_cell_h: ArrayLike,
    half_life_h: ArrayLike,
    pk: TwoCompartment,
) -> Array:
    """Return the level from secreting cells that disappear with a half-life.

    Parameters
    ----------
    time_h, pk
        As in :func:`bolus`.
    cells_per_kg : array_like
        Cells at time 0 (1/kg), at least 0.
    secretion_pg_per_cell_h : array_like
        Secretion of one cell (pg/h), at least 0.
    half_life_h : array_like
        Half-life of the cells (h), above 0.

    Examples
    --------
    >>> il10 = TwoCompartment(65.0, 45.0, 25.0, 10.9)
    >>> bool(living_source(24.0, 2e6, 1e-3, 24.0, il10) > 0)
    True
    """
    rate = _source_rate(cells_per_kg, secretion_pg_per_cell_h)
    return fading_input(time_h, rate, LN_2 / positive("half_life_h", half_life_h), pk)


def equal_exposure_dose(
    cells_per_kg: ArrayLike, secretion_pg_per_cell_h: ArrayLike, half_life_h: ArrayLike
) -> Array:
    """Return all that the cells ever secrete: the bolus with the same area under the curve.

    Returns
    -------
    ndarray
        Dose (ug/kg), rate times half-life over ln 2.

    Examples
    --------
    >>> round(float(equal_exposure_dose(2e6, 1e-3, 24.0)), 4)
    0.0692
    """
    rate = _source_rate(cells_per_kg, secretion_pg_per_cell_h)
    return rate * positive("half_life_h", half_life_h) / LN_2


def exposure(dose: ArrayLike, clearance: ArrayLike, bioavailability: ArrayLike = 1.0) -> Array:
    """Return the area under the curve, F dose / CL.

    Returns
    -------
    ndarray
        ng h/mL.

    Examples
    --------
    IL-10, 25 ug/kg into a vein and under the skin (10.1023/A:1011918425629):

    >>> exposure(25.0, 65.0, [1.0, 0.42]).round(1)
    array([384.6, 161.5])
    """
    entering = non_negative("dose", dose) * fraction("bioavailability", bioavailability)
    return entering * _NG_PER_UG / positive("clearance", clearance)


def time_above_h(time_h: ArrayLike, level: ArrayLike, threshold: float) -> Array:
    """Return how long a sampled curve stays above a threshold, linear between samples.

    Parameters
    ----------
    time_h : array_like, shape (m,)
        Rising times (h).
    level : array_like, shape (..., m)
        Levels at these times, one curve per row.
    threshold : float
        In the unit of ``level``.

    Returns
    -------
    ndarray, shape (...)
        Time (h).

    Examples
    --------
    >>> float(time_above_h([0, 1, 2], [0, 2, 0], 1))
    1.0
    """
    time, height = number("time_h", time_h), np.asarray(level, dtype=float) - threshold
    if time.ndim != 1 or np.any(np.diff(time) <= 0) or height.shape[-1:] != time.shape:
        raise BadValue("time_h accepts rising times, one for each sample of level.")
    left, right = height[..., :-1], height[..., 1:]
    high, low = np.maximum(left, right), np.minimum(left, right)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(low >= 0, 1.0, np.where(high <= 0, 0.0, high / (high - low)))
    return share @ np.diff(time)


def virtual_patients(
    count: int, typical: TwoCompartment, spread: float = 0.3, seed: int = 1
) -> TwoCompartment:
    """Return patients whose four constants vary log-normally around the typical ones.

    The same seed gives the same patients, so that a moved slider changes the treatment and not
    the people.

    Parameters
    ----------
    count : int
        Number of patients, at least 1.
    typical : TwoCompartment
        Medians.
    spread : float
        Standard deviation of the natural logarithm, at least 0; about the coefficient of
        variation. Illustrative, as is its independence between the constants.
    seed : int
        Seed of the random numbers.

    Examples
    --------
    >>> people = virtual_patients(1000, TwoCompartment(65.0, 45.0, 25.0, 10.9))
    >>> bool(abs(np.median(people.clearance) / 65.0 - 1) < 0.05)
    True
    """
    size = whole("count", count)
    spread = float(non_negative("spread", spread))
    factor = np.exp(spread * np.random.default_rng(seed).standard_normal((4, size)))
    medians = (
        typical.clearance, typical.central_volume, typical.peripheral_volume, typical.exchange
    )  # fmt: skip
    return TwoCompartment(*(np.asarray(m) * f for m, f in zip(medians, factor, strict=True)))


def _source_rate(cells_per_kg: ArrayLike, secretion_pg_per_cell_h: ArrayLike) -> Array:
    """Return the secretion of all cells (ug/(kg h))."""
    cells = non_negative("cells_per_kg", cells_per_kg)
    each = non_negative("secretion_pg_per_cell_h", secretion_pg_per_cell_h)
    return cells * each * _UG_PER_PG
