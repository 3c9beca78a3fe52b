"""Vesicles: how they move, what a tracker sees of their sizes, and how long they last in blood.

Motion and sizes come from ``models.brownian`` and ``models.vesicle_sizes`` and are offered here
too. Circulation in mice and uptake: the review 10.3390/pharmaceutics11120649; release:
10.1016/j.jconrel.2017.10.020.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.brownian import (
    diameter_nm,
    diameters_from_tracks,
    diffusivity,
    tracks,
    water_viscosity_mPa_s,
)
from secretome_edu.models.checks import Array, non_negative, positive
from secretome_edu.models.compartments import TwoCompartment, bolus
from secretome_edu.models.units import PM_PER_MOLECULE_PER_UM3
from secretome_edu.models.vesicle_sizes import (
    blank_corrected,
    detected_share,
    detection,
    share_with_cargo,
    size_density,
    sizes,
)
from secretome_edu.ui.messages import BadValue

__all__ = [
    "blank_corrected",
    "blood_level_per_mL",
    "capture_per_s",
    "circulation",
    "detected_share",
    "detection",
    "diameter_nm",
    "diameters_from_tracks",
    "diffusivity",
    "released",
    "share_with_cargo",
    "size_density",
    "sizes",
    "tracks",
    "uptake",
    "water_viscosity_mPa_s",
]


def uptake(concentration: ArrayLike, maximum: ArrayLike, half_saturation: ArrayLike) -> Array:
    """Return saturating uptake, Vmax C / (Km + C), in the unit of ``maximum``.

    Examples
    --------
    >>> float(uptake(55.5, 1.0, 55.5))
    0.5
    """
    level = non_negative("concentration", concentration)
    return (
        non_negative("maximum", maximum)
        * level
        / (positive("half_saturation", half_saturation) + level)
    )


def capture_per_s(
    concentration_pM: ArrayLike, diffusivity_um2_s: ArrayLike, cell_radius_um: ArrayLike
) -> Array:
    """Return the most particles a round cell can catch: 4 pi D a C, limited by diffusion alone.

    Parameters
    ----------
    concentration_pM : array_like
        Far from the cell (pM), at least 0.
    diffusivity_um2_s, cell_radius_um : array_like
        D (um2/s) and a (um), above 0.

    Returns
    -------
    ndarray
        Particles per second.

    Examples
    --------
    >>> round(float(capture_per_s(1.0, diffusivity(100), 10.0)), 2)
    0.5
    """
    density = non_negative("concentration_pM", concentration_pM) / PM_PER_MOLECULE_PER_UM3
    spread = positive("diffusivity_um2_s", diffusivity_um2_s)
    return 4 * np.pi * spread * positive("cell_radius_um", cell_radius_um) * density


def released(time_h: ArrayLike, per_cell: ArrayLike, release_per_h: ArrayLike) -> Array:
    """Return vesicles released per cell from a store that empties: n (1 - exp(-k t)).

    Examples
    --------
    >>> round(float(released(24, 220, 0.105)))
    202
    """
    rate = non_negative("release_per_h", release_per_h)
    return non_negative("per_cell", per_cell) * -np.expm1(-rate * non_negative("time_h", time_h))


def circulation(
    clearance_mL_min: ArrayLike,
    central_volume_mL: ArrayLike,
    fast_half_life_min: ArrayLike,
    slow_half_life_min: ArrayLike,
) -> TwoCompartment:
    """Return the two compartments that give two published half-lives.

    Parameters
    ----------
    clearance_mL_min : array_like
        mL/min, above 0.
    central_volume_mL : array_like
        mL, above 0.
    fast_half_life_min, slow_half_life_min : array_like
        Distribution and elimination half-life (min).

    Returns
    -------
    TwoCompartment
        In mL and min.

    Raises
    ------
    BadValue
        If no two compartments have these constants.

    Examples
    --------
    >>> pk = circulation(0.0104, 1.0, 7.8, 400.0)
    >>> (np.log(2) / np.array(pk.modes[:2])).round(1)
    array([  7.8, 400. ])
    """
    fast = np.log(2) / positive("fast_half_life_min", fast_half_life_min)
    slow = np.log(2) / positive("slow_half_life_min", slow_half_life_min)
    volume = positive("central_volume_mL", central_volume_mL)
    out = positive("clearance_mL_min", clearance_mL_min) / volume
    back = fast * slow / out
    away = fast + slow - out - back
    if np.any(away <= 0):
        raise BadValue(
            "No two compartments have this clearance, central volume and these half-lives; "
            "clearance over volume must lie between the slow and the fast rate."
        )
    return TwoCompartment(out * volume, volume, away * volume / back, away * volume)


def blood_level_per_mL(time_min: ArrayLike, dose: ArrayLike, pk: TwoCompartment) -> Array:
    """Return the level after an injection into blood, in particles per mL.

    Parameters
    ----------
    time_min : array_like
        Time (min).
    dose : array_like
        Particles, at least 0.
    pk : TwoCompartment
        From :func:`circulation`.

    Examples
    --------
    >>> pk = circulation(0.0104, 1.0, 7.8, 400.0)
    >>> float(blood_level_per_mL(0.0, 1e9, pk))
    1000000000.0
    """
    return bolus(time_min, dose, pk) / 1e3  # bolus counts in thousandths of its dose unit
