"""From arrays to words: the numbers a reader of the picture would look for.

Every sentence under a figure is built from these, out of the arrays that were plotted, so that a
changed curve changes its text and a test that compares text sees it.
"""

from __future__ import annotations

import numpy as np

from secretome_edu.models.writing import number, unit_text

__all__ = [
    "count", "course_of", "crossings", "half_x", "number", "peak", "percent", "unit_text",
]  # fmt: skip


def percent(fraction: float, digits: int = 3) -> str:
    """Return a fraction in percent.

    Examples
    --------
    >>> percent(0.000988), percent(0.5)
    ('0.0988%', '50%')
    """
    return number(100 * fraction, "percent", digits)


def count(how_many: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> count(1, "cell"), count(3, "cell"), count(0, "cell")
    ('1 cell', '3 cells', 'no cells')
    """
    noun = one if how_many == 1 else (many or one + "s")
    return f"{how_many or 'no'} {noun}" if how_many < 1000 else f"{how_many:,} {noun}"


def crossings(x: np.ndarray, y: np.ndarray, level: float) -> list[float]:
    """Return every ``x`` at which a curve passes ``level``, by linear interpolation.

    Parameters
    ----------
    x, y : array of float, shape (n,)
    level : float

    Examples
    --------
    >>> crossings([0, 1, 2], [0, 2, 0], 1)
    [0.5, 1.5]
    """
    x, y = np.asarray(x, float), np.asarray(y, float) - level
    above = y > 0
    places = np.flatnonzero((above[1:] != above[:-1]) & np.isfinite(y[1:]) & np.isfinite(y[:-1]))
    step = y[places] / (y[places] - y[places + 1])
    return [float(v) for v in x[places] + step * (x[places + 1] - x[places])]


def peak(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Return where a curve is highest and how high it is there.

    Examples
    --------
    >>> peak([0, 1, 2], [0, 5, 3])
    (1.0, 5.0)
    """
    place = int(np.nanargmax(y))
    return float(np.asarray(x)[place]), float(np.asarray(y)[place])


def half_x(x: np.ndarray, y: np.ndarray) -> float | None:
    """Return the first ``x`` at which a curve is half-way between its first and last value.

    Examples
    --------
    >>> half_x([0, 10], [0, 8]), half_x([0, 1], [3, 3])
    (5.0, None)
    """
    y = np.asarray(y, float)
    found = crossings(x, y, (y[0] + y[-1]) / 2)
    return found[0] if found and y[0] != y[-1] else None


def course_of(label: str, x: np.ndarray, y: np.ndarray, x_unit: str, y_unit: str) -> str:
    """Return a clause on how a curve runs: from where, to where, and its peak if it has one.

    Examples
    --------
    >>> course_of("VEGF", [10, 100], [2.0, 0.5], "um", "pM")
    'VEGF falls from 2 pM at 10 µm to 0.5 pM at 100 µm'
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    keep = np.isfinite(y)
    x, y = x[keep], y[keep]
    if y.size == 0:
        return f"{label} has no value"
    at, top = peak(x, y)
    first, last = number(y[0], y_unit), number(y[-1], y_unit)
    ends = f"from {first} at {number(x[0], x_unit)} to {last} at {number(x[-1], x_unit)}"
    if top > max(y[0], y[-1]) * (1 + 1e-6):
        return f"{label} runs {ends}, with a peak of {number(top, y_unit)} at {number(at, x_unit)}"
    if first == last:
        return f"{label} stays at {first}"
    return f"{label} {'rises' if y[-1] > y[0] else 'falls'} {ends}"
