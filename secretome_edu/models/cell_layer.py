"""Layers of cells that spread and divide, on a line with closed ends.

``dC/dt = d/dx(D(C) dC/dx) + lambda C (1 - C/K)`` between closed ends; D constant (Fisher-KPP) or
D (C/K)^m (porous Fisher, which has sharp fronts). Sources: Jin et al. 2016
(10.1016/j.jtbi.2015.10.040) for the assay, Warne, Baker and Simpson 2019
(10.1007/s11538-019-00589-x) for the constants of PC-3 cells. Lengths in um, times in h,
densities in cells/um2.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.checks import Array, non_negative, positive
from secretome_edu.ui.messages import BadValue

_POROUS_STEP_H = 0.5  # keeps a sharp front within half a percent of the capacity


def front_speed_um_h(diffusivity_um2_h: ArrayLike, proliferation_per_h: ArrayLike) -> Array:
    """Return the speed of an invading front of Fisher-KPP, 2 sqrt(D lambda).

    Parameters
    ----------
    diffusivity_um2_h : array_like
        D (um2/h), at least 0.
    proliferation_per_h : array_like
        lambda (1/h), at least 0.

    Returns
    -------
    ndarray
        um/h.

    Examples
    --------
    >>> round(float(front_speed_um_h(1030, 0.064)), 2)
    16.24
    """
    spread = non_negative("diffusivity_um2_h", diffusivity_um2_h)
    return 2 * np.sqrt(spread * non_negative("proliferation_per_h", proliferation_per_h))


def simulate(
    initial: ArrayLike,
    spacing_um: float,
    times_h: ArrayLike,
    diffusivity_um2_h: float,
    proliferation_per_h: float,
    capacity: float,
    *,
    exponent: float = 0.0,
    step_h: float = 1.0,
) -> Array:
    """Return density profiles at given times.

    Growth is exact; constant diffusion is exact by cosine transform; the two alternate (Strang).

    Parameters
    ----------
    initial : array_like, shape (n,)
        Density at time 0 on equal grid cells (cells/um2), at least 0.
    spacing_um : float
        Width of a grid cell (um), above 0.
    times_h : array_like, shape (k,)
        Rising times (h), the first at least 0.
    diffusivity_um2_h : float
        D (um2/h), at least 0.
    proliferation_per_h : float
        lambda (1/h), at least 0.
    capacity : float
        K (cells/um2), above 0.
    exponent : float
        m of D (C/K)^m, at least 0.
    step_h : float
        Longest step (h), above 0; the error falls with its square.

    Returns
    -------
    ndarray, shape (k, n)
        cells/um2.

    Raises
    ------
    BadValue
        If an argument is outside its range; names it.

    Examples
    --------
    >>> start = scratch(1900, 25, 1.1e-3, 600)
    >>> late = simulate(start, 25, [24, 48], 1030, 0.064, 1.7e-3)
    >>> late.shape, bool((late[1] > late[0]).all())
    ((2, 76), True)
    """
    density = np.array(non_negative("initial", initial))
    if density.ndim != 1 or density.size < 3:
        raise BadValue(f"initial has shape {density.shape}; it accepts one row of 3 or more.")
    width, step = float(positive("spacing_um", spacing_um)), float(positive("step_h", step_h))
    times = np.atleast_1d(non_negative("times_h", times_h))
    if times.ndim != 1 or np.any(np.diff(times) <= 0):
        raise BadValue("times_h accepts rising times.")
    spread = float(non_negative("diffusivity_um2_h", diffusivity_um2_h))
    growth = float(non_negative("proliferation_per_h", proliferation_per_h))
    limit, power = float(positive("capacity", capacity)), float(non_negative("exponent", exponent))
    move = _constant_diffusion if power == 0 else _porous_diffusion
    step = step if power == 0 else min(step, _POROUS_STEP_H)
    profiles, now = np.empty((times.size, density.size)), 0.0
    for i, stop in enumerate(times):
        count = int(np.ceil((stop - now) / step - 1e-9))
        if count:
            length = (stop - now) / count
            advance = move(density.size, width, length, spread, limit, power)
            density = _grown(density, growth, limit, length / 2)
            for _ in range(count - 1):
                density = _grown(advance(density), growth, limit, length)
            density = _grown(advance(density), growth, limit, length / 2)
        profiles[i], now = density, stop
    return profiles


def scratch(
    width_um: float, spacing_um: float, density: float, gap_um: float, edge_um: float = 0.0
) -> Array:
    """Return an even cell layer with a scratch in its middle.

    Parameters
    ----------
    width_um, spacing_um : float
        Width of the layer and of a grid cell (um), above 0.
    density : float
        Cells beside the scratch (cells/um2), at least 0.
    gap_um : float
        Width of the scratch (um), at least 0.
    edge_um : float
        Distance over which the density falls at the edges of the scratch (um).

    Returns
    -------
    ndarray, shape (width / spacing,)
        cells/um2.

    Examples
    --------
    >>> scratch(6, 1, 2.0, 2).tolist()
    [2.0, 2.0, 0.0, 0.0, 2.0, 2.0]
    """
    width, spacing = positive("width_um", width_um), positive("spacing_um", spacing_um)
    count = round(float(width / spacing))
    if count < 3:
        raise BadValue(f"spacing_um is {spacing:g}; it accepts at most a third of width_um.")
    from_middle = np.abs((np.arange(count) + 0.5) * spacing - width / 2)
    outside = from_middle - float(non_negative("gap_um", gap_um)) / 2
    edge = max(float(non_negative("edge_um", edge_um)), 1e-9)
    return non_negative("density", density) * np.clip(0.5 + outside / edge, 0.0, 1.0)


def counted(profiles: ArrayLike, noise: float = 1e-4, seed: int = 1) -> Array:
    """Return profiles as an assay counts them: with a normal spread, never below 0.

    The same seed gives the same luck, so that a moved slider changes the cells and not the noise.

    Parameters
    ----------
    profiles : array_like
        Densities of any shape (cells/um2), at least 0.
    noise : float
        Standard deviation between repeats (cells/um2), at least 0; the default is the mean of a
        published assay (10.1016/j.jtbi.2015.10.040).
    seed : int
        Seed of the random numbers.

    Returns
    -------
    ndarray
        cells/um2, shape of ``profiles``.

    Examples
    --------
    >>> bool((counted([0.0, 1e-3]) >= 0).all())
    True
    """
    density = np.asarray(non_negative("profiles", profiles))
    luck = np.random.default_rng(seed).standard_normal(density.shape)
    return np.maximum(density + float(non_negative("noise", noise)) * luck, 0.0)


def _grown(density: Array, growth: float, limit: float, hours: float) -> Array:
    """Return the exact solution of logistic growth after some hours."""
    left = np.exp(-growth * hours)
    return density / (left + density * ((1 - left) / limit))


def _constant_diffusion(
    size: int, width: float, hours: float, spread: float, limit: float, power: float
) -> Callable[[Array], Array]:
    """Return an exact step of diffusion; limit and power do not matter here."""
    from scipy.fft import dct, idct

    modes = (2 * np.sin(np.pi * np.arange(size) / (2 * size)) / width) ** 2
    decay = np.exp(-spread * hours * modes)
    # Rounding may leave -1e-20 where a wound is empty.
    return lambda density: np.maximum(idct(dct(density) * decay, overwrite_x=True), 0.0)


def _porous_diffusion(
    size: int, width: float, hours: float, spread: float, limit: float, power: float
) -> Callable[[Array], Array]:
    """Return a step that is implicit in C and takes D(C) from a half step (second order)."""
    from scipy.linalg import solve_banded

    def implicit(density: Array, frozen: Array, length: float) -> Array:
        local = spread * (frozen / limit) ** power
        face = (local[1:] + local[:-1]) / 2 * length / width**2
        bands = np.zeros((3, size))
        bands[0, 1:] = bands[2, :-1] = -face
        bands[1] = 1.0
        bands[1, :-1] += face
        bands[1, 1:] += face
        return solve_banded((1, 1), bands, density, check_finite=False)

    def step(density: Array) -> Array:
        middle = implicit(density, density, hours / 2)
        ahead = np.maximum(2 * implicit(density, middle, hours / 2) - density, 0.0)
        # Stepping over a sharp front can dip below zero; what is cut off goes back to the cells.
        return ahead * (density.sum() / max(ahead.sum(), np.finfo(float).tiny))

    return step
