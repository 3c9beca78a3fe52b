"""What a model accepts: every check names the parameter, the value and the accepted range."""

from __future__ import annotations

import math
from typing import cast

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.ui.messages import BadValue

Array = np.ndarray  # or numpy.float64, which behaves as an array without dimensions


def number(
    name: str,
    value: ArrayLike,
    low: float = -np.inf,
    high: float = np.inf,
    *,
    open_low: bool = False,
    open_high: bool = False,
) -> Array:
    """Return ``value`` as floats if all of it is finite and between ``low`` and ``high``.

    A plain number comes back as ``numpy.float64``, everything else as an array.

    Parameters
    ----------
    name : str
        The parameter's name as the caller knows it.
    value : array_like
        A number or an array of any shape.
    low, high : float
        Accepted range; ``open_low`` and ``open_high`` exclude its ends.

    Raises
    ------
    BadValue
        Names the parameter, the first bad value and what is accepted.

    Examples
    --------
    >>> float(number("decay_per_s", 0.5, 0.0))
    0.5
    >>> number("decay_per_s", -1, 0.0)
    Traceback (most recent call last):
    secretome_edu.ui.messages.BadValue: decay_per_s is -1; it accepts finite numbers of at least 0.
    """
    if isinstance(value, (float, int)):
        # Sliders pass plain numbers, for which array checks would be most of a model's time.
        above = value > low if open_low else value >= low
        below = value < high if open_high else value <= high
        if above and below and math.isfinite(value):
            return cast(Array, np.float64(value))
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise BadValue(f"{name} is {value!r}; it accepts {_accepted(low, high)}.") from None
    good = np.isfinite(array)
    if low > -np.inf:
        good &= (array > low) if open_low else (array >= low)
    if high < np.inf:
        good &= (array < high) if open_high else (array <= high)
    if not good.all():
        worst = float(array[~good].flat[0])
        accepted = _accepted(low, high, open_low, open_high)
        raise BadValue(f"{name} is {worst:g}; it accepts {accepted}.")
    return array


def positive(name: str, value: ArrayLike) -> Array:
    """Return ``value`` as floats, all of them finite and above zero.

    Examples
    --------
    >>> float(positive("kd", 100))
    100.0
    """
    return number(name, value, 0.0, open_low=True)


def non_negative(name: str, value: ArrayLike) -> Array:
    """Return ``value`` as floats, all of them finite and at least zero.

    Examples
    --------
    >>> float(non_negative("ligand", 0))
    0.0
    """
    return number(name, value, 0.0)


def fraction(name: str, value: ArrayLike) -> Array:
    """Return ``value`` as floats, all of them from 0 to 1.

    Examples
    --------
    >>> float(fraction("recovery", 0.4))
    0.4
    """
    return number(name, value, 0.0, 1.0)


def one_of(name: str, value: str, accepted: tuple[str, ...]) -> str:
    """Return ``value`` if it is one of the accepted words.

    Examples
    --------
    >>> one_of("method", "REML", ("DL", "REML"))
    'REML'
    """
    if value not in accepted:
        raise BadValue(f"{name} is {value!r}; it accepts {', '.join(map(repr, accepted))}.")
    return value


def whole(name: str, value: int, low: int = 1) -> int:
    """Return ``value`` as an integer of at least ``low``.

    Examples
    --------
    >>> whole("cells", 3)
    3
    """
    number(name, value, low)
    if int(value) != value:
        raise BadValue(f"{name} is {value:g}; it accepts whole numbers of at least {low}.")
    return int(value)


def _accepted(low: float, high: float, open_low: bool = False, open_high: bool = False) -> str:
    bottom = f"above {low:g}" if open_low else f"of at least {low:g}"
    top = f"below {high:g}" if open_high else f"at most {high:g}"
    bounds = [b for b, limit in ((bottom, low), (top, high)) if np.isfinite(limit)]
    return " ".join(["finite numbers", " and ".join(bounds)]).strip()
