"""Reach: how far and how high a secreted factor gets from one cell, a cluster or a culture.

Diffusion with first-order uptake, ``dc/dt = D lap c - k c`` plus a source, in closed form.
Concentrations are in pM, secretion in molecules per cell and second, lengths in um.
Sources: Francis and Palsson 1997 (10.1073/pnas.94.23.12258) for the reach of a solitary cell;
Oyler-Yaniv et al. 2017 (10.1016/j.immuni.2017.03.011) for the niche set by consuming cells.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.checks import Array, non_negative, positive
from secretome_edu.models.cluster import (
    cluster_profile,
    cluster_radius_um,
    cluster_surface,
    conditioned_medium,
)
from secretome_edu.models.units import (
    PM_PER_MOLECULE_PER_UM3,
    UM3_PER_MM3,
    diffusion_length,
    uptake_um3_per_s,
)

__all__ = [
    "cells_informed",
    "cluster_profile",
    "cluster_radius_um",
    "cluster_surface",
    "conditioned_medium",
    "diffusion_length",
    "informed_radius_um",
    "layer_source_2d",
    "point_source_3d",
    "point_source_3d_at",
    "time_to_half_s",
    "uptake_by_consumers",
]


def uptake_by_consumers(
    association_per_M_s: ArrayLike, receptors_per_cell: ArrayLike, consumers_per_mm3: ArrayLike
) -> Array:
    """Return the uptake rate k = kon R n of tissue with n consuming cells per volume.

    Parameters
    ----------
    association_per_M_s, receptors_per_cell : array_like
        See :func:`secretome_edu.models.units.uptake_um3_per_s`.
    consumers_per_mm3 : array_like
        Cell density n (1/mm3).

    Returns
    -------
    ndarray
        k (1/s).

    Examples
    --------
    >>> round(float(uptake_by_consumers(1e7, 12000, 1e5)), 4)
    0.0199
    """
    cleared = uptake_um3_per_s(association_per_M_s, receptors_per_cell)
    return cleared * non_negative("consumers_per_mm3", consumers_per_mm3) / UM3_PER_MM3


def point_source_3d(
    distance_um: ArrayLike,
    secretion_rate: ArrayLike,
    diffusivity_um2_s: ArrayLike,
    uptake_rate_per_s: ArrayLike = 0.0,
) -> Array:
    """Return the steady profile q exp(-r/lambda) / (4 pi D r) around one cell in open tissue.

    Parameters
    ----------
    distance_um : array_like
        r (um) from the center of the cell, above 0.
    secretion_rate : array_like
        q (molecules/s), at least 0.
    diffusivity_um2_s : array_like
        D (um2/s), above 0.
    uptake_rate_per_s : array_like
        k (1/s), at least 0.

    Returns
    -------
    ndarray
        Concentration (pM), broadcast shape of the arguments.

    Raises
    ------
    BadValue
        If an argument is outside its range; names it.

    Examples
    --------
    VEGF at the surface of one marrow MSC, a thousandth of the Kd of VEGFR2 (100 pM):

    >>> round(float(point_source_3d(10, 0.7776, 104)), 4)
    0.0988
    """
    distance = positive("distance_um", distance_um)
    amplitude = _amplitude(distance, secretion_rate, diffusivity_um2_s)
    return amplitude * np.exp(-distance / diffusion_length(diffusivity_um2_s, uptake_rate_per_s))


def point_source_3d_at(
    time_s: ArrayLike,
    distance_um: ArrayLike,
    secretion_rate: ArrayLike,
    diffusivity_um2_s: ArrayLike,
    uptake_rate_per_s: ArrayLike = 0.0,
) -> Array:
    """Return the profile at a time after secretion starts; exact, no stepping.

    Parameters
    ----------
    time_s : array_like
        Time since the start (s), at least 0.
    distance_um, secretion_rate, diffusivity_um2_s, uptake_rate_per_s : array_like
        As in :func:`point_source_3d`.

    Returns
    -------
    ndarray
        Concentration (pM). Without uptake it is q erfc(r/sqrt(4Dt)) / (4 pi D r).

    Examples
    --------
    >>> late = point_source_3d_at(1e9, 100, 1, 100, 0.01)
    >>> bool(np.isclose(late, point_source_3d(100, 1, 100, 0.01)))
    True
    """
    from scipy.special import erfc, erfcx

    time = non_negative("time_s", time_s)
    distance = positive("distance_um", distance_um)
    diffusivity = positive("diffusivity_um2_s", diffusivity_um2_s)
    amplitude = _amplitude(distance, secretion_rate, diffusivity)
    length = diffusion_length(diffusivity, uptake_rate_per_s)
    with np.errstate(divide="ignore"):
        spread = distance / np.sqrt(4 * diffusivity * time)
    loss = np.sqrt(np.asarray(uptake_rate_per_s, dtype=float) * time)
    # The textbook form multiplies a huge exponential by a tiny erfc; erfcx keeps both in range.
    outgoing = np.exp(-distance / length) * erfc(spread - loss)
    returning = np.where(time > 0, np.exp(-(spread**2) - loss**2) * erfcx(spread + loss), 0.0)
    return amplitude * 0.5 * (outgoing + returning)


def time_to_half_s(
    distance_um: ArrayLike, diffusivity_um2_s: ArrayLike, uptake_rate_per_s: ArrayLike = 0.0
) -> Array:
    """Return the time until a place has half of its steady concentration.

    Parameters
    ----------
    distance_um, diffusivity_um2_s, uptake_rate_per_s : array_like
        As in :func:`point_source_3d`.

    Returns
    -------
    ndarray
        Time (s). Closed form without uptake, bisection to machine precision with it.

    Examples
    --------
    >>> round(float(time_to_half_s(250, 100)) / 60, 2)
    11.45
    """
    from scipy.special import erfcinv

    distance = positive("distance_um", distance_um)
    diffusivity = positive("diffusivity_um2_s", diffusivity_um2_s)
    uptake = non_negative("uptake_rate_per_s", uptake_rate_per_s)
    no_uptake = (distance / (2 * erfcinv(0.5))) ** 2 / diffusivity
    if not uptake.any():
        return no_uptake + 0 * uptake
    # Uptake shortens the approach, so the time without uptake is an upper bound.
    low, high = np.zeros(np.broadcast(no_uptake, uptake).shape), no_uptake + 0 * uptake
    half = point_source_3d(distance, 1.0, diffusivity, uptake) / 2
    for _ in range(60):
        middle = (low + high) / 2
        reached = point_source_3d_at(middle, distance, 1.0, diffusivity, uptake) >= half
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return high


def layer_source_2d(
    distance_um: ArrayLike,
    secretion_rate: ArrayLike,
    diffusivity_um2_s: ArrayLike,
    uptake_rate_per_s: ArrayLike,
    thickness_um: ArrayLike,
) -> Array:
    """Return the steady profile q K0(r/lambda) / (2 pi D h) in a thin layer with closed faces.

    Parameters
    ----------
    distance_um, secretion_rate, diffusivity_um2_s : array_like
        As in :func:`point_source_3d`.
    uptake_rate_per_s : array_like
        k (1/s), above 0: without uptake a layer never becomes steady.
    thickness_um : array_like
        h (um), above 0.

    Returns
    -------
    ndarray
        Concentration (pM).

    Examples
    --------
    >>> round(float(layer_source_2d(100, 0.7776, 104, 0.01, 20)), 4)
    0.0428
    """
    from scipy.special import k0

    distance = positive("distance_um", distance_um)
    secretion = non_negative("secretion_rate", secretion_rate)
    uptake = positive("uptake_rate_per_s", uptake_rate_per_s)
    thickness = positive("thickness_um", thickness_um)
    shape = k0(distance / diffusion_length(diffusivity_um2_s, uptake))
    flow = 2 * np.pi * np.asarray(diffusivity_um2_s, dtype=float) * thickness
    return secretion * shape / flow * PM_PER_MOLECULE_PER_UM3


def informed_radius_um(
    threshold_pM: ArrayLike,
    secretion_rate: ArrayLike,
    diffusivity_um2_s: ArrayLike,
    uptake_rate_per_s: ArrayLike = 0.0,
) -> Array:
    """Return the distance at which one cell's steady profile falls to a threshold.

    Closed form: r = lambda W(r0/lambda) with r0 = q / (4 pi D threshold) and Lambert's W.
    A radius smaller than the cell means: the threshold is not even reached at the surface.

    Parameters
    ----------
    threshold_pM : array_like
        Concentration that counts as a signal (pM), above 0.
    secretion_rate, diffusivity_um2_s, uptake_rate_per_s : array_like
        As in :func:`point_source_3d`.

    Returns
    -------
    ndarray
        Radius (um).

    Examples
    --------
    >>> r = informed_radius_um(0.01, 0.7776, 104, 0.01)
    >>> round(float(point_source_3d(r, 0.7776, 104, 0.01)), 6)
    0.01
    """
    from scipy.special import lambertw

    threshold = positive("threshold_pM", threshold_pM)
    reach = _amplitude(1.0, secretion_rate, diffusivity_um2_s) / threshold
    length = diffusion_length(diffusivity_um2_s, uptake_rate_per_s)
    limited = np.isfinite(length)
    safe = np.where(limited, length, 1.0)
    return np.where(limited, safe * lambertw(reach / safe).real, reach)


def cells_informed(
    threshold_pM: ArrayLike,
    secretion_rate: ArrayLike,
    diffusivity_um2_s: ArrayLike,
    uptake_rate_per_s: ArrayLike = 0.0,
    *,
    cells_per_mm3: ArrayLike,
    cell_radius_um: ArrayLike = 10.0,
) -> Array:
    """Return how many neighbors see at least the threshold around one secreting cell.

    Parameters
    ----------
    threshold_pM, secretion_rate, diffusivity_um2_s, uptake_rate_per_s : array_like
        As in :func:`informed_radius_um`.
    cells_per_mm3 : array_like
        Density of the neighbors (1/mm3), at least 0.
    cell_radius_um : array_like
        Radius of the secreting cell, whose own volume holds no neighbor (um).

    Returns
    -------
    ndarray
        Expected number of neighbors; 0 where the threshold is not reached at the surface.

    Examples
    --------
    >>> float(cells_informed(100, 0.7776, 104, cells_per_mm3=1e5))
    0.0
    """
    radius = informed_radius_um(threshold_pM, secretion_rate, diffusivity_um2_s, uptake_rate_per_s)
    own = positive("cell_radius_um", cell_radius_um)
    shell = 4 / 3 * np.pi * np.maximum(radius**3 - own**3, 0.0)
    return shell * non_negative("cells_per_mm3", cells_per_mm3) / UM3_PER_MM3


def _amplitude(distance: ArrayLike, secretion_rate: ArrayLike, diffusivity: ArrayLike) -> Array:
    """Return q / (4 pi D r) in pM: the profile without uptake."""
    secretion = non_negative("secretion_rate", secretion_rate)
    diffusion = positive("diffusivity_um2_s", diffusivity)
    flow = 4 * np.pi * diffusion * np.asarray(distance, dtype=float)
    return secretion / flow * PM_PER_MOLECULE_PER_UM3
