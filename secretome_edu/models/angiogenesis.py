"""Sprouting: endothelium that follows a gradient to its source, as a density and as single tips.

Anderson and Chaplain 1998 (10.1006/bulm.1998.0042), in units of the distance L from vessel to
source and of the time L^2/D_c: random motility, chemotaxis up the factor (TAF, here VEGF) and
haptotaxis up fibronectin. Both forms move cells at the same rates between neighboring grid cells;
the density moves shares, a tip moves at random. The source is a pellet of MSC instead of a tumor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.checks import Array, non_negative, number, positive, whole
from secretome_edu.models.sprouting_tissue import (
    pellet_factor,
    three_sprouts,
    vessel_fibronectin,
)
from secretome_edu.ui.messages import BadValue

__all__ = [
    "PUBLISHED",
    "Constants",
    "Tissue",
    "Vessels",
    "pellet_factor",
    "spread",
    "sprout",
    "three_sprouts",
    "time_unit_h",
    "vessel_fibronectin",
]


@dataclass(frozen=True)
class Constants:
    """The published dimensionless constants, and how often a tip branches (illustrative)."""

    motility: float = 0.00035
    saturation: float = 0.6
    chemotaxis: float = 0.38
    haptotaxis: float = 0.34
    fibronectin_made: float = 0.05
    fibronectin_used: float = 0.1
    factor_used: float = 0.1
    branch_age: float = 0.25
    branch_rate: float = 1.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            non_negative(name, value)


PUBLISHED = Constants()


@dataclass(frozen=True)
class Tissue:
    """The continuous form at the end: density, factor and fibronectin, shape (n, n) each.

    Rows run across, columns from the parent vessel (left) to the pellet (right).
    """

    density: Array
    factor: Array
    fibronectin: Array


@dataclass(frozen=True)
class Vessels:
    """The discrete form: where vessels are and since when.

    Attributes
    ----------
    arrival : ndarray, shape (n, n)
        Time at which a vessel reached a grid cell; infinite where there is none.
    tips : ndarray of int, shape (k, 2)
        Rows and columns of all tips at the end, stopped ones too.
    branches, fusions : int
        How often a tip split, and how often one met another vessel and stopped.
    """

    arrival: Array
    tips: Array
    branches: int
    fusions: int

    def grown(self, time: float) -> Array:
        """Return where vessels are at a time, as booleans: one frame of an animation."""
        return self.arrival <= time


def time_unit_h(length_mm: ArrayLike = 2.0, factor_diffusivity_cm2_s: ArrayLike = 2.9e-7) -> Array:
    """Return the model's unit of time, L^2 / D_c.

    Parameters
    ----------
    length_mm : array_like
        L (mm), above 0.
    factor_diffusivity_cm2_s : array_like
        D_c (cm2/s), above 0.

    Returns
    -------
    ndarray
        h.

    Examples
    --------
    >>> round(float(time_unit_h()), 1)
    38.3
    """
    length_cm = positive("length_mm", length_mm) / 10
    return length_cm**2 / positive("factor_diffusivity_cm2_s", factor_diffusivity_cm2_s) / 3600


def spread(
    factor: ArrayLike,
    fibronectin: ArrayLike,
    time: float = 3.0,
    constants: Constants = PUBLISHED,
    density: ArrayLike | None = None,
) -> Tissue:
    """Simulate the density of endothelium from the parent vessel at the left edge.

    Cells are moved between neighbors, so none is made or lost (the model has no division).

    Parameters
    ----------
    factor, fibronectin : array_like, shape (n, n)
        At time 0, at least 0.
    time : float
        Simulated time (model units), at least 0.
    constants : Constants
    density : array_like, shape (n, n), optional
        At time 0; three sprouts at the left edge if left out.

    Returns
    -------
    Tissue

    Examples
    --------
    >>> start = three_sprouts(40)
    >>> end = spread(pellet_factor(40), vessel_fibronectin(40), 1.0).density
    >>> bool(np.isclose(end.sum(), start.sum()))
    True
    """
    c, f = _fields(factor, fibronectin)
    n = three_sprouts(len(c)) if density is None else non_negative("density", density).copy()
    if n.shape != c.shape:
        raise BadValue(f"density has shape {n.shape}; it accepts {c.shape}, that of factor.")
    end, now = float(non_negative("time", time)), 0.0
    while now < end:
        moving = _moves(c, f, constants)
        # Half of what would empty a grid cell in one step keeps the density positive.
        step = min(0.5 / moving.sum(axis=0).max(), end - now)
        leaving = step * moving * n
        n = n - leaving.sum(axis=0)
        n[1:] += leaving[0][:-1]
        n[:-1] += leaving[1][1:]
        n[:, 1:] += leaving[2][:, :-1]
        n[:, :-1] += leaving[3][:, 1:]
        c, f = _consumed(c, f, n, step, constants)
        now += step
    return Tissue(n, c, f)


def sprout(
    factor: ArrayLike,
    fibronectin: ArrayLike,
    time: float = 3.0,
    constants: Constants = PUBLISHED,
    *,
    heights: ArrayLike = (0.17, 0.5, 0.83),
    seed: int = 1,
    most_tips: int = 300,
) -> Vessels:
    """Simulate single tips that move, branch and fuse; their trails are the vessels.

    Parameters
    ----------
    factor, fibronectin, time, constants
        As in :func:`spread`.
    heights : array_like, shape (k,)
        Where sprouts start along the left edge, 0 to 1.
    seed : int
        Seed of the random numbers; the same seed gives the same vessels.
    most_tips : int
        No tip branches beyond this number.

    Returns
    -------
    Vessels

    Examples
    --------
    >>> vessels = sprout(pellet_factor(40), vessel_fibronectin(40), 2.0)
    >>> len(vessels.tips) == 3 + vessels.branches
    True
    """
    c, f = _fields(factor, fibronectin)
    size, luck = len(c), np.random.default_rng(seed)
    # A frame of closed grid cells makes every place one number and every neighbor a sum.
    width = size + 2
    inside = np.pad(np.ones(c.shape, dtype=bool), 1).ravel()
    c, f = np.pad(c, 1).ravel(), np.pad(f, 1).ravel()
    toward = np.array([width, -width, 1, -1, 0])[:, None]
    rows = np.clip(number("heights", heights, 0.0, 1.0) * size, 0, size - 1).astype(int)
    tips = (rows + 1) * width + 1
    owner = np.full(c.size, -1)
    owner[tips] = np.arange(len(tips))
    arrival = np.where(owner >= 0, 0.0, np.inf)
    age, alive = np.zeros(len(tips)), np.ones(len(tips), dtype=bool)
    branches = fusions = 0
    end, now, most = float(non_negative("time", time)), 0.0, whole("most_tips", most_tips)
    while now < end and alive.any():
        around = tips + toward[:4]
        moving = _rates(c[tips], f[tips], c[around], f[around], inside[around], 1 / size, constants)
        step = min(0.5 / (moving.sum(axis=0) * alive).max(), end - now)
        now, age = now + step, age + step
        shares = np.cumsum(step * moving, axis=0)
        choice = (luck.random(len(tips)) > shares).sum(axis=0)  # 4 is to stay
        tips = tips + toward[choice, 0] * alive
        met = owner[tips]
        own = np.arange(len(tips))
        # A tip that has just split is still beside its twin, so it cannot fuse yet.
        old = age >= constants.branch_age
        fused = alive & (met >= 0) & (met != own) & old
        alive, fusions = alive & ~fused, fusions + int(fused.sum())
        fresh = alive & (met < 0)
        owner[tips[fresh]] = own[fresh]
        arrival[tips[fresh]] = now
        at = tips[alive]
        c[at], f[at] = _consumed(c[at], f[at], np.ones(at.size), step, constants)
        split = alive & old & (luck.random(len(tips)) < constants.branch_rate * step * c[tips])
        if split.any():
            split &= len(tips) + np.cumsum(split) <= most
            age = np.where(split, 0.0, age)
            new = int(split.sum())
            branches += new
            tips = np.concatenate([tips, tips[split]])
            age = np.concatenate([age, np.zeros(new)])
            alive = np.concatenate([alive, np.ones(new, dtype=bool)])
    shown = arrival.reshape(width, width)[1:-1, 1:-1]
    return Vessels(shown, np.stack(np.divmod(tips, width), axis=1) - 1, branches, fusions)


def _moves(c: Array, f: Array, k: Constants) -> Array:
    """Return the rates at which cells move down, up, right and left, shape (4, n, n)."""
    size = len(c)
    rows, columns = np.indices(c.shape)
    inside = np.stack([rows < size - 1, rows > 0, columns < size - 1, columns > 0])
    c_next, f_next = (
        np.stack([np.roll(x, shift, axis) for shift, axis in ((-1, 0), (1, 0), (-1, 1), (1, 1))])
        for x in (c, f)
    )
    return _rates(c, f, c_next, f_next, inside, 1 / size, k)


def _rates(
    c: Array, f: Array, c_next: Array, f_next: Array, inside: Array, width: float, k: Constants
) -> Array:
    """Return motility plus what chemotaxis and haptotaxis add uphill (upwind)."""
    chemotaxis = k.chemotaxis / (1 + k.saturation * (c + c_next) / 2)
    speed = (chemotaxis * (c_next - c) + k.haptotaxis * (f_next - f)) / width
    return inside * (k.motility / width + np.maximum(speed, 0.0)) / width


def _consumed(c: Array, f: Array, n: Array, step: float, k: Constants) -> tuple[Array, Array]:
    """Return factor and fibronectin after a step beside a density of cells, exactly."""
    left = np.exp(-k.fibronectin_used * n * step)
    level = k.fibronectin_made / k.fibronectin_used if k.fibronectin_used else 0.0
    made = 0.0 if k.fibronectin_used else k.fibronectin_made * n * step
    return c * np.exp(-k.factor_used * n * step), level + (f - level) * left + made


def _fields(factor: ArrayLike, fibronectin: ArrayLike) -> tuple[Array, Array]:
    c = non_negative("factor", factor).copy()
    f = non_negative("fibronectin", fibronectin).copy()
    if c.ndim != 2 or c.shape[0] != c.shape[1] or c.shape != f.shape or len(c) < 10:
        raise BadValue(
            f"factor has shape {c.shape} and fibronectin {f.shape}; they accept one square grid "
            "of at least 10 by 10."
        )
    return c, f
