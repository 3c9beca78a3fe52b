"""Brownian motion of small spheres: Stokes and Einstein, tracks, and sizes read back from them.

Water viscosity after Patek et al. 2009 (10.1063/1.3043575). Diameters in nm, diffusivities in
um2/s, temperatures in C.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.checks import Array, number, positive, whole
from secretome_edu.models.units import BOLTZMANN_J_PER_K, KELVIN_AT_0_C
from secretome_edu.ui.messages import BadValue

_COLDEST_C, _HOTTEST_C = -20.0, 110.0  # where the viscosity formula holds


def water_viscosity_mPa_s(temperature_C: ArrayLike) -> Array:
    """Return the viscosity of water at 0.1 MPa.

    Parameters
    ----------
    temperature_C : array_like
        From -20 (supercooled) to 110 C.

    Returns
    -------
    ndarray
        mPa s.

    Examples
    --------
    >>> water_viscosity_mPa_s([25, 37]).round(4)
    array([0.89 , 0.6913])
    """
    celsius = number("temperature_C", temperature_C, _COLDEST_C, _HOTTEST_C)
    reduced = (celsius + KELVIN_AT_0_C) / 300.0
    terms = ((280.68, 1.9), (511.45, 7.7), (61.131, 19.6), (0.45903, 40.0))
    return np.sum([size * reduced**-power for size, power in terms], axis=0) * 1e-3


def diffusivity(
    diameter_nm: ArrayLike,
    temperature_C: ArrayLike = 37.0,
    viscosity_mPa_s: ArrayLike | None = None,
) -> Array:
    """Return the diffusivity of a sphere, kT / (3 pi eta d).

    Parameters
    ----------
    diameter_nm : array_like
        Hydrodynamic diameter (nm), above 0.
    temperature_C : array_like
        Temperature (C).
    viscosity_mPa_s : array_like, optional
        Viscosity of the medium (mPa s); that of water if left out.

    Returns
    -------
    ndarray
        um2/s.

    Examples
    --------
    >>> round(float(diffusivity(100, 37)), 2)
    6.57
    """
    return _stokes_einstein(temperature_C, viscosity_mPa_s) / positive("diameter_nm", diameter_nm)


def diameter_nm(
    diffusivity_um2_s: ArrayLike,
    temperature_C: ArrayLike = 37.0,
    viscosity_mPa_s: ArrayLike | None = None,
) -> Array:
    """Return the hydrodynamic diameter of a sphere with a known diffusivity.

    Parameters
    ----------
    diffusivity_um2_s : array_like
        um2/s, above 0.
    temperature_C, viscosity_mPa_s : array_like
        As in :func:`diffusivity`.

    Returns
    -------
    ndarray
        nm.

    Examples
    --------
    IGF-I, 159 um2/s at 25 C (10.1529/biophysj.106.102699), has a Stokes radius of

    >>> round(float(diameter_nm(159, 25)) / 2, 2)
    1.54
    """
    found = positive("diffusivity_um2_s", diffusivity_um2_s)
    return _stokes_einstein(temperature_C, viscosity_mPa_s) / found


def tracks(
    diameters_nm: ArrayLike,
    frames: int,
    frame_s: float,
    temperature_C: float = 25.0,
    seed: int = 1,
) -> Array:
    """Return Brownian tracks as a tracker sees them; moving the size keeps the noise.

    Parameters
    ----------
    diameters_nm : array_like, shape (n,)
        nm, above 0.
    frames : int
        Positions per track, at least 2.
    frame_s : float
        Time between frames (s), above 0.
    temperature_C : float
        Temperature (C), in water.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    ndarray, shape (n, frames, 2)
        Positions (um), starting at 0.

    Examples
    --------
    >>> tracks([100, 200], 30, 0.033).shape
    (2, 30, 2)
    """
    diameters = np.atleast_1d(positive("diameters_nm", diameters_nm))
    steps = whole("frames", frames, 2) - 1
    luck = np.random.default_rng([seed, 1]).standard_normal((diameters.size, steps, 2))
    size = np.sqrt(2 * diffusivity(diameters, temperature_C) * float(positive("frame_s", frame_s)))
    moved = np.cumsum(luck * size[:, None, None], axis=1)
    return np.concatenate([np.zeros((diameters.size, 1, 2)), moved], axis=1)


def diameters_from_tracks(
    positions_um: ArrayLike, frame_s: float, temperature_C: float = 25.0
) -> Array:
    """Return the diameter a tracker reports for each track, from its mean square step.

    Short tracks give a wide spread of sizes even for identical vesicles.

    Parameters
    ----------
    positions_um : array_like, shape (n, frames, 2)
        As from :func:`tracks`.
    frame_s, temperature_C : float
        As in :func:`tracks`.

    Returns
    -------
    ndarray, shape (n,)
        nm.

    Examples
    --------
    >>> seen = diameters_from_tracks(tracks([100.0], 20000, 0.033), 0.033)
    >>> bool(abs(seen[0] - 100) < 3)
    True
    """
    positions = number("positions_um", positions_um)
    if positions.ndim != 3 or positions.shape[1] < 2 or positions.shape[2] != 2:
        raise BadValue(
            f"positions_um has shape {positions.shape}; it accepts (tracks, 2 or more frames, 2)."
        )
    squared = np.mean(np.sum(np.diff(positions, axis=1) ** 2, axis=2), axis=1)
    return diameter_nm(squared / (4 * float(positive("frame_s", frame_s))), temperature_C)


def _stokes_einstein(temperature_C: ArrayLike, viscosity_mPa_s: ArrayLike | None) -> Array:
    """Return diffusivity times diameter (um2/s nm)."""
    kelvin = number("temperature_C", temperature_C, -KELVIN_AT_0_C, open_low=True) + KELVIN_AT_0_C
    if viscosity_mPa_s is None:
        viscosity = water_viscosity_mPa_s(temperature_C)
    else:
        viscosity = positive("viscosity_mPa_s", viscosity_mPa_s)
    # J / (Pa s) is m3/s: 1e12 um2 per m2 and 1e9 nm per m, and mPa s to Pa s.
    return BOLTZMANN_J_PER_K * kelvin / (3 * np.pi * viscosity * 1e-3) * 1e21
