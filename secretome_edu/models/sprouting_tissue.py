"""The tissue a sprout grows into: factor around a pellet, fibronectin, and the first sprouts.

Squares of side 1 in the units of ``models.angiogenesis``; the parent vessel is the left edge, the
pellet of MSC sits at the right one. The shapes are the course's own and illustrative.
"""

from __future__ import annotations

import numpy as np

from secretome_edu.models.checks import Array, non_negative, number, positive, whole
from secretome_edu.models.field import Field2D

_WASHOUT = 1e3  # far faster than diffusion: the factor is gone where blood flows


def pellet_factor(
    grid: int = 60, height: float = 0.5, diffusion_length: float = 2.0, strength: float = 1.0
) -> Array:
    """Return the steady level of the factor around a pellet at the right edge.

    Blood in the parent vessel, the left edge, carries away what arrives there.

    Parameters
    ----------
    grid : int
        Grid cells per edge, at least 10.
    height : float
        Place of the pellet along the edge, 0 to 1.
    diffusion_length : float
        sqrt(D/k) in units of L, above 0: binding to matrix shortens it.
    strength : float
        Level at the pellet, 0 to 1; 1 is the unit of the model.

    Returns
    -------
    ndarray, shape (grid, grid)

    Examples
    --------
    >>> level = pellet_factor(40)
    >>> float(level.max()), bool(level[20, 0] < level[20, 20])
    (1.0, True)
    """
    n = whole("grid", grid, 10)
    length = float(positive("diffusion_length", diffusion_length))
    top = float(number("strength", strength, 0.0, 1.0))
    middle = float(number("height", height, 0.0, 1.0)) * n
    # A pellet is some grid cells high; a single one would be a spike that no tip reaches.
    half = n // 8
    rows = np.unique(np.clip(np.round(middle + np.arange(-half, half + 1)), 0, n - 1))
    tissue = Field2D((n, n), 1 / n, 1.0, length**-2, depth_um=1.0)
    carried_away = (np.arange(n), 0, _WASHOUT / n)
    level = tissue.steady((rows, n - 1, 1.0), sinks=carried_away)
    return top * level / level.max()


def vessel_fibronectin(grid: int = 60, level: float = 0.3, depth: float = 0.67) -> Array:
    """Return fibronectin that leaked from the parent vessel: level exp(-(x/depth)^2).

    Examples
    --------
    >>> bool(vessel_fibronectin(20)[0, 0] > vessel_fibronectin(20)[0, 10])
    True
    """
    n = whole("grid", grid, 10)
    x = (np.arange(n) + 0.5) / n / float(positive("depth", depth))
    return np.tile(float(non_negative("level", level)) * np.exp(-(x**2)), (n, 1))


def three_sprouts(grid: int = 60) -> Array:
    """Return the density at time 0: three small sprouts on the left edge.

    Examples
    --------
    >>> bool(three_sprouts(40)[:, 30:].max() < 1e-6)
    True
    """
    n = whole("grid", grid, 10)
    at = (np.arange(n) + 0.5) / n
    return np.sin(3 * np.pi * at)[:, None] ** 2 * np.exp(-((at / 0.05) ** 2))
