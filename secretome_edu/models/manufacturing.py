"""From donor cells to released doses: expansion, yield, cost, batch spread and what drives it.

A lot is a chain of products and one sum of costs, so a hundred thousand lots are one array
operation. Titers: 10.1186/s13578-022-00786-7; doublings: 10.1186/1471-2121-7-14; what leads the
cost: 10.1002/bit.26809. Prices are the user's own; the defaults are illustrative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.checks import Array, fraction, non_negative, number, positive, whole
from secretome_edu.models.stability import (
    activation_energy_kJ_mol,
    half_life_h,
    mean_kinetic_temperature_C,
    shelf_life_h,
)
from secretome_edu.ui.messages import BadValue, UnknownName

__all__ = [
    "Lot",
    "Lots",
    "activation_energy_kJ_mol",
    "cost_shares",
    "expand",
    "half_life_h",
    "mean_kinetic_temperature_C",
    "monte_carlo",
    "release_probability",
    "shelf_life_h",
    "tornado",
]

_LAST_PASSAGE = 10  # the passage of the second published number of doublings


@dataclass(frozen=True)
class Lot:
    """The inputs of one lot of vesicles, or of many when fields are arrays.

    Parameters
    ----------
    cells_start : array_like
        Cells at the start of expansion, above 0.
    passages : array_like
        Number of passages, 1 to 10.
    first_doublings, last_doublings : array_like
        Population doublings of the first and of the tenth passage; between them a straight line.
    medium_mL_per_million : array_like
        Medium per million cells and harvest (mL), above 0.
    harvests : array_like
        Harvests per lot, at least 1.
    titer_per_mL : array_like
        Particles per mL of medium, above 0.
    recovery : array_like
        Share of particles left after purification, 0 to 1.
    particles_per_dose : array_like
        Particles in one dose, above 0.
    fixed_cost, labor_cost, consumables_cost, release_cost : array_like
        Per lot; per harvest; per harvest; per lot (the user's money unit), at least 0.
    """

    cells_start: float | Array = 1e5
    passages: float | Array = 2
    first_doublings: float | Array = 7.7
    last_doublings: float | Array = 1.2
    medium_mL_per_million: float | Array = 10.0
    harvests: float | Array = 3
    titer_per_mL: float | Array = 3.66e9
    recovery: float | Array = 0.3
    particles_per_dose: float | Array = 1e11
    fixed_cost: float | Array = 15_000.0
    labor_cost: float | Array = 12_000.0
    consumables_cost: float | Array = 9_000.0
    release_cost: float | Array = 10_000.0

    def __post_init__(self) -> None:
        for field in fields(self):
            check = non_negative if field.name.endswith(("_cost", "_doublings")) else positive
            object.__setattr__(self, field.name, check(field.name, getattr(self, field.name)))
        fraction("recovery", self.recovery)
        number("passages", self.passages, 1, _LAST_PASSAGE)
        number("harvests", self.harvests, 1)

    @property
    def cells(self) -> Array:
        """Cells at harvest."""
        n = self.passages
        fall = (self.first_doublings - self.last_doublings) / (_LAST_PASSAGE - 1)
        return expand(self.cells_start, n * self.first_doublings - fall * n * (n - 1) / 2)

    @property
    def particles(self) -> Array:
        """Purified particles of the lot."""
        medium_mL = self.cells / 1e6 * self.medium_mL_per_million * self.harvests
        return medium_mL * self.titer_per_mL * self.recovery

    @property
    def doses(self) -> Array:
        """Doses of the lot; fractions of a dose are kept, so that curves stay smooth."""
        return self.particles / self.particles_per_dose

    @property
    def cost(self) -> Array:
        """Cost of the lot."""
        per_harvest = self.labor_cost + self.consumables_cost
        return np.asarray(self.fixed_cost + per_harvest * self.harvests + self.release_cost)

    @property
    def cost_per_dose(self) -> Array:
        """Cost of the lot over its doses."""
        return self.cost / self.doses


@dataclass(frozen=True)
class Lots:
    """What a Monte Carlo run made: one entry per lot.

    Attributes
    ----------
    doses, cost_per_dose : ndarray, shape (draws,)
        Of all lots, released or not.
    potency : ndarray, shape (draws,)
        True potency relative to the label.
    released : ndarray of bool, shape (draws,)
        Whether the measured potency passed.
    """

    doses: Array
    cost_per_dose: Array
    potency: Array
    released: Array


def expand(cells: ArrayLike, doublings: ArrayLike) -> Array:
    """Return cells after a number of population doublings.

    Parameters
    ----------
    cells : array_like
        At the start, above 0.
    doublings : array_like
        At least 0.

    Returns
    -------
    ndarray
        Cells.

    Examples
    --------
    >>> round(float(expand(1, 7.7)), 1)
    207.9
    """
    return positive("cells", cells) * 2.0 ** non_negative("doublings", doublings)


def release_probability(potency: ArrayLike, low: float, high: float, assay_cv: ArrayLike) -> Array:
    """Return the chance that a lot passes a potency test with a noisy assay.

    Parameters
    ----------
    potency : array_like
        True potency relative to the label, above 0.
    low, high : float
        Limits of the measured potency, ``low`` below ``high``.
    assay_cv : array_like
        Standard deviation of the logarithm of the assay, above 0.

    Returns
    -------
    ndarray
        From 0 to 1.

    Examples
    --------
    A lot exactly on the lower limit passes every second time:

    >>> round(float(release_probability(0.7, 0.7, 100, 0.15)), 3)
    0.5
    """
    from scipy.special import ndtr

    bounds = np.log(_limits(low, high))
    true = np.log(positive("potency", potency))
    spread = positive("assay_cv", assay_cv)
    return ndtr((bounds[1] - true) / spread) - ndtr((bounds[0] - true) / spread)


def monte_carlo(
    lot: Lot,
    spreads: Mapping[str, float],
    *,
    donor_cv: float = 0.5,
    donors: int = 1,
    assay_cv: float = 0.15,
    limits: tuple[float, float] = (0.7, 1.5),
    draws: int = 10_000,
    seed: int = 1,
) -> Lots:
    """Return many lots whose inputs vary log-normally around those of one.

    The same seed gives the same lots, so a moved slider changes the process and not the luck.

    Parameters
    ----------
    lot : Lot
        Medians.
    spreads : mapping of str to float
        Standard deviation of the logarithm for each varying field, at least 0.
    donor_cv, donors : float, int
        Spread of potency between donors, and how many are pooled: pooling divides the spread
        by the square root of their number.
    assay_cv : float
        Spread of the potency assay, at least 0.
    limits : tuple of float
        Accepted measured potency relative to the label.
    draws, seed : int
        Number of lots and seed of the random numbers.

    Returns
    -------
    Lots

    Examples
    --------
    >>> lots = monte_carlo(Lot(), {"titer_per_mL": 0.5})
    >>> bool(lots.doses.std() > 0), bool(0 < lots.released.mean() < 1)
    (True, True)
    """
    count, pooled = whole("draws", draws), whole("donors", donors)
    names = [field.name for field in fields(Lot)]
    for name in spreads:
        if name not in names:
            raise UnknownName("input of a lot", name, names, "manufacturing.Lot")

    def luck(name: str) -> Array:
        # A stream of its own per input: choosing another input leaves the rest as it was.
        key = [seed, [*names, "potency", "assay"].index(name)]
        return np.random.default_rng(key).standard_normal(count)

    varied = {
        name: getattr(lot, name)
        * np.exp(float(non_negative(f"spreads[{name!r}]", sd)) * luck(name))
        for name, sd in spreads.items()
    }
    if "recovery" in varied:
        varied["recovery"] = np.minimum(varied["recovery"], 1.0)
    made = replace(lot, **varied)
    potency = np.exp(float(non_negative("donor_cv", donor_cv)) / np.sqrt(pooled) * luck("potency"))
    measured = potency * np.exp(float(non_negative("assay_cv", assay_cv)) * luck("assay"))
    low, high = _limits(*limits)
    released = (measured >= low) & (measured <= high)
    doses, cost = (np.broadcast_to(x, (count,)) for x in (made.doses, made.cost_per_dose))
    return Lots(doses, cost, potency, released)


def tornado(
    lot: Lot, ranges: Mapping[str, tuple[float, float]], result: str = "cost_per_dose"
) -> list[tuple[str, float, float]]:
    """Return how a result moves when each input alone goes to its ends, widest first.

    Parameters
    ----------
    lot : Lot
        The point the inputs are moved from.
    ranges : mapping of str to (low, high)
        Ends of each input.
    result : str
        A property of :class:`Lot`.

    Returns
    -------
    list of (name, result at low, result at high)

    Examples
    --------
    >>> bars = tornado(Lot(), {"recovery": (0.1, 0.6), "release_cost": (5e3, 2e4)})
    >>> bars[0][0]
    'recovery'
    """
    names = [field.name for field in fields(Lot)]
    bars = []
    for name, ends in ranges.items():
        if name not in names:
            raise UnknownName("input of a lot", name, names, "manufacturing.Lot")
        low, high = (float(getattr(replace(lot, **{name: end}), result)) for end in ends)
        bars.append((name, low, high))
    return sorted(bars, key=lambda bar: -abs(bar[2] - bar[1]))


def cost_shares(lot: Lot) -> dict[str, float]:
    """Return each item's share of the cost of a lot, largest first.

    Examples
    --------
    >>> list(cost_shares(Lot()))[:2]
    ['labor', 'consumables']
    """
    parts = {
        "fixed": lot.fixed_cost,
        "labor": lot.labor_cost * lot.harvests,
        "consumables": lot.consumables_cost * lot.harvests,
        "release": lot.release_cost,
    }
    total = float(lot.cost)
    if total == 0:
        raise BadValue("All costs are 0; at least one must be above 0.")
    shares = {name: float(part) / total for name, part in parts.items()}
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def _limits(low: float, high: float) -> tuple[float, float]:
    bottom, top = float(positive("low limit", low)), float(positive("high limit", high))
    if bottom >= top:
        raise BadValue(f"The limits are {low:g} and {high:g}; the first must be the lower one.")
    return bottom, top
