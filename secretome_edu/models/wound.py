"""Wound closure: cells that spread and divide, fitted to density profiles of a scratch assay.

Simulation is in ``models.cell_layer`` and offered here too. Sources: Jin et al. 2016
(10.1016/j.jtbi.2015.10.040) for the assay, Warne, Baker and Simpson 2019
(10.1007/s11538-019-00589-x) for the constants of PC-3 cells. Lengths in um, times in h,
densities in cells/um2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.cell_layer import counted, front_speed_um_h, scratch, simulate
from secretome_edu.models.checks import Array, non_negative, number
from secretome_edu.ui.messages import BadValue, CourseError

__all__ = ["WoundFit", "counted", "fit", "front_speed_um_h", "scratch", "simulate"]

_REFINE = 4  # grid cells per measured position


@dataclass(frozen=True)
class WoundFit:
    """What a fit found and how far the data are from it.

    Attributes
    ----------
    diffusivity_um2_h, proliferation_per_h, capacity : float
        D (um2/h), lambda (1/h) and K (cells/um2).
    exponent : float
        m of D (C/K)^m; 0 is Fisher-KPP.
    predicted, residuals : ndarray, shape (times - 1, positions)
        Model, and data minus model, at all times after the first (cells/um2).
    rms : float
        Root mean square of the residuals (cells/um2).
    """

    diffusivity_um2_h: float
    proliferation_per_h: float
    capacity: float
    exponent: float
    predicted: Array
    residuals: Array

    @property
    def rms(self) -> float:
        """Root mean square of the residuals (cells/um2)."""
        return float(np.sqrt(np.mean(self.residuals**2)))


def fit(
    positions_um: ArrayLike,
    times_h: ArrayLike,
    densities: ArrayLike,
    *,
    capacity: float | None = None,
    exponent: float = 0.0,
) -> WoundFit:
    """Fit D, lambda and, unless it is given, K to measured profiles by least squares.

    The first profile is the start of the simulation; the later ones are fitted.

    Parameters
    ----------
    positions_um : array_like, shape (n,)
        Equally spaced centers of the counted strips (um).
    times_h : array_like, shape (k,)
        Rising times (h), the first is the start; k at least 2.
    densities : array_like, shape (k, n)
        Counts per area (cells/um2), at least 0.
    capacity : float, optional
        K if it is known (cells/um2).
    exponent : float
        m of D (C/K)^m.

    Returns
    -------
    WoundFit

    Raises
    ------
    BadValue
        If the shapes do not agree.
    CourseError
        If the search does not settle; says where it stopped.

    Examples
    --------
    >>> x = np.arange(25.0, 1900.0, 50.0)
    >>> data = simulate(scratch(1900, 50, 1.1e-3, 600), 50, [12, 24, 48], 900, 0.05, 1.7e-3)
    >>> found = fit(x, [0, 12, 24, 48], [scratch(1900, 50, 1.1e-3, 600), *data], capacity=1.7e-3)
    >>> 700 < found.diffusivity_um2_h < 1100
    True
    """
    from scipy.optimize import least_squares

    place, time = number("positions_um", positions_um), number("times_h", times_h)
    data = non_negative("densities", densities)
    if data.shape != (time.size, place.size) or time.size < 2 or place.size < 3:
        raise BadValue(
            f"densities has shape {data.shape}; with {time.size} times and {place.size} positions "
            f"it accepts ({time.size}, {place.size}), at least 2 times and 3 positions."
        )
    if not np.allclose(np.diff(place), place[1] - place[0]) or place[1] <= place[0]:
        raise BadValue("positions_um accepts rising, equally spaced positions.")
    spacing = float(place[1] - place[0])
    fine = spacing / _REFINE
    grid = place[0] - spacing / 2 + (np.arange(place.size * _REFINE) + 0.5) * fine
    start = np.interp(grid, place, data[0])
    later = time[1:] - time[0]

    def predicted(logs: Array) -> Array:
        spread, growth = np.exp(logs[:2])
        limit = capacity if capacity is not None else np.exp(logs[2])
        fields = simulate(start, fine, later, spread, growth, limit, exponent=exponent, step_h=2.0)
        return fields.reshape(later.size, place.size, _REFINE).mean(axis=2)

    guess = [np.log(1000.0), np.log(0.05)]
    if capacity is None:
        guess.append(np.log(1.2 * data.max()))
    scale = data.max()
    found = least_squares(
        lambda logs: ((predicted(logs) - data[1:]) / scale).ravel(), guess, x_scale=0.3, xtol=1e-6
    )
    if not found.success:
        raise CourseError(f"The fit stopped at D, lambda = {np.exp(found.x[:2])}: {found.message}")
    model = predicted(found.x)
    spread, growth = np.exp(found.x[:2])
    limit = capacity if capacity is not None else float(np.exp(found.x[2]))
    return WoundFit(float(spread), float(growth), limit, exponent, model, data[1:] - model)
