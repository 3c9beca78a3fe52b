"""From one cell to many: the level around a cluster and in the medium of a culture.

Both sum the same secretion per cell, once over a ball of tissue and once over a dish; the
formulas are exact and follow from the profile of a point source (``models.reach``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.checks import Array, fraction, non_negative, number, positive
from secretome_edu.models.units import (
    PM_PER_MOLECULE_PER_UM3,
    SECONDS_PER_HOUR,
    UM3_PER_ML,
    diffusion_length,
)


def cluster_radius_um(
    cells: ArrayLike, cell_radius_um: ArrayLike = 10.0, packing: ArrayLike = 0.64
) -> Array:
    """Return the radius of a round cluster of cells.

    Parameters
    ----------
    cells : array_like
        Number of cells N, at least 1.
    cell_radius_um : array_like
        Radius of one cell (um).
    packing : array_like
        Share of the volume that is cell; 0.64 is random close packing of spheres.

    Returns
    -------
    ndarray
        R = a (N/packing)^(1/3) (um), for one cell a itself.

    Examples
    --------
    >>> float(cluster_radius_um(1)), round(float(cluster_radius_um(1000)), 1)
    (10.0, 116.0)
    """
    count = number("cells", cells, 1.0)
    radius = positive("cell_radius_um", cell_radius_um)
    share = number("packing", fraction("packing", packing), 0.0, open_low=True)
    return radius * np.where(count == 1, 1.0, (count / share) ** (1 / 3))


def cluster_profile(
    distance_um: ArrayLike,
    cells: ArrayLike,
    radius_um: ArrayLike,
    secretion_rate: ArrayLike,
    diffusivity_um2_s: ArrayLike,
    uptake_rate_per_s: ArrayLike = 0.0,
) -> Array:
    """Return the steady profile inside and around a round cluster of secreting cells.

    The cells are spread evenly over a ball of radius R; uptake is the same inside and outside.
    Without uptake the surface level is N q / (4 pi D R).

    Parameters
    ----------
    distance_um : array_like
        r (um) from the center of the cluster, at least 0.
    cells : array_like
        Number of cells N, at least 1.
    radius_um : array_like
        R (um), above 0; see :func:`cluster_radius_um`.
    secretion_rate, diffusivity_um2_s, uptake_rate_per_s : array_like
        As in :func:`point_source_3d`.

    Returns
    -------
    ndarray
        Concentration (pM).

    Examples
    --------
    500 MSC in a ball of 100 um, VEGF (pM) at its center and at its surface:

    >>> cluster_profile([0, 100], 500, 100, 0.7776, 104).round(2)
    array([7.41, 4.94])
    """
    distance = non_negative("distance_um", distance_um)
    count = number("cells", cells, 1.0)
    radius = positive("radius_um", radius_um)
    secretion = non_negative("secretion_rate", secretion_rate)
    diffusivity = positive("diffusivity_um2_s", diffusivity_um2_s)
    length = diffusion_length(diffusivity, uptake_rate_per_s)
    arguments = np.broadcast_arrays(distance, radius, length)
    shape = np.vectorize(_ball_shape, otypes=[float])(*arguments)
    return count * secretion * shape / (4 * np.pi * diffusivity) * PM_PER_MOLECULE_PER_UM3


def cluster_surface(
    cells: ArrayLike,
    secretion_rate: ArrayLike,
    diffusivity_um2_s: ArrayLike,
    uptake_rate_per_s: ArrayLike = 0.0,
    *,
    cell_radius_um: ArrayLike = 10.0,
) -> Array:
    """Return the steady level at the surface of a round, packed cluster.

    Parameters
    ----------
    cells, secretion_rate, diffusivity_um2_s, uptake_rate_per_s : array_like
        As in :func:`cluster_profile`.
    cell_radius_um : array_like
        As in :func:`cluster_radius_um`.

    Returns
    -------
    ndarray
        Concentration (pM). Without uptake it grows with the number of cells to the power 2/3.

    Examples
    --------
    >>> ratio = cluster_surface(1000, 1, 100) / cluster_surface(100, 1, 100)
    >>> round(float(ratio), 3), round(10 ** (2 / 3), 3)
    (4.642, 4.642)
    """
    radius = cluster_radius_um(cells, cell_radius_um)
    return cluster_profile(
        radius, cells, radius, secretion_rate, diffusivity_um2_s, uptake_rate_per_s
    )


def conditioned_medium(
    time_h: ArrayLike,
    cells: ArrayLike,
    volume_mL: ArrayLike,
    secretion_rate: ArrayLike,
    loss_rate_per_h: ArrayLike = 0.0,
) -> Array:
    """Return the level in well-mixed medium: N q (1 - exp(-k t)) / (k V).

    Parameters
    ----------
    time_h : array_like
        Collection time (h), at least 0.
    cells : array_like
        Number of cells N, at least 0.
    volume_mL : array_like
        Medium volume V (mL), above 0.
    secretion_rate : array_like
        q (molecules per cell and second).
    loss_rate_per_h : array_like
        k (1/h), at least 0; 0 collects everything.

    Returns
    -------
    ndarray
        Concentration (pM).

    Examples
    --------
    1e5 marrow MSC in 1 mL for a day reach a tenth of the Kd of VEGFR2 (100 pM):

    >>> round(float(conditioned_medium(24, 1e5, 1.0, 0.7776)), 2)
    11.16
    """
    time = non_negative("time_h", time_h)
    loss = non_negative("loss_rate_per_h", loss_rate_per_h)
    made = non_negative("cells", cells) * non_negative("secretion_rate", secretion_rate)
    with np.errstate(divide="ignore", invalid="ignore"):
        hours = np.where(loss > 0, -np.expm1(-loss * time) / loss, time)
    density = made * hours * SECONDS_PER_HOUR / (positive("volume_mL", volume_mL) * UM3_PER_ML)
    return density * PM_PER_MOLECULE_PER_UM3


def _ball_shape(distance: float, radius: float, length: float) -> float:
    """Return 4 pi D c / (N q) of an even ball of sources (1/um)."""
    from scipy.special import gammainc, ive

    if np.isinf(length):
        if distance >= radius:
            return 1 / distance
        return (3 - (distance / radius) ** 2) / (2 * radius)
    x, y = radius / length, distance / length
    # 3 lambda^2 / R^3 turns a unit source density into a unit total source. Scaled Bessel
    # functions and the incomplete gamma function keep both limits, x to 0 and x to infinity.
    scale = 3 * length**2 / radius**3
    if y >= x:
        return scale * x**2 * np.sqrt(np.pi / (2 * x)) * ive(1.5, x) * np.exp(x - y) / y
    if y > 0.5:
        excess = np.sqrt(np.pi / (2 * y)) * ive(0.5, y) * np.exp(y - x) - np.exp(-x)
    else:
        excess = np.exp(-x) * _sinhc_m1(y)
    return scale * (gammainc(2, x) - (1 + x) * excess)


def _sinhc_m1(y: float) -> float:
    """Return sinh(y)/y - 1 for small y without cancellation."""
    s = y * y
    return s / 6 * (1 + s / 20 * (1 + s / 42 * (1 + s / 72 * (1 + s / 110))))
