"""Effect sizes: from the counts and means a paper prints to effects that can be pooled."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.checks import Array, non_negative, number, positive
from secretome_edu.ui.messages import BadValue


def log_risk_ratio(
    events_treated: ArrayLike, n_treated: ArrayLike, events_control: ArrayLike, n_control: ArrayLike
) -> tuple[Array, Array]:
    """Return log risk ratios and their variances from counts.

    Parameters
    ----------
    events_treated, events_control : array_like, shape (k,)
        Events, at least 0 and at most the group size.
    n_treated, n_control : array_like, shape (k,)
        Group sizes, above 0.

    Returns
    -------
    tuple of ndarray, shape (k,)
        Effects and variances; 0.5 is added to the counts of studies with an empty cell.

    Examples
    --------
    >>> effect, variance = log_risk_ratio([5], [50], [10], [50])
    >>> round(float(np.exp(effect[0])), 2), round(float(variance[0]), 2)
    (0.5, 0.26)
    """
    a, n1, c, n2 = _counts(events_treated, n_treated, events_control, n_control)
    empty = (a == 0) | (c == 0) | (a == n1) | (c == n2)
    a, c = a + 0.5 * empty, c + 0.5 * empty
    n1, n2 = n1 + empty, n2 + empty
    return np.log(a / n1 / (c / n2)), 1 / a - 1 / n1 + 1 / c - 1 / n2


def mantel_haenszel_risk_ratio(
    events_treated: ArrayLike, n_treated: ArrayLike, events_control: ArrayLike, n_control: ArrayLike
) -> tuple[float, float, float]:
    """Return the Mantel-Haenszel risk ratio with its 95 percent interval.

    It needs no correction for a single empty cell; studies without any event say nothing.

    Parameters
    ----------
    events_treated, n_treated, events_control, n_control : array_like, shape (k,)
        As in :func:`log_risk_ratio`.

    Returns
    -------
    tuple of float
        Risk ratio, lower and upper end (Greenland and Robins 1985, 10.2307/2530643).

    Examples
    --------
    >>> ratio, low, high = mantel_haenszel_risk_ratio([5, 8], [50, 60], [10, 15], [50, 55])
    >>> round(ratio, 3), low < ratio < high
    (0.493, True)
    """
    from scipy.special import ndtri

    a, n1, c, n2 = _counts(events_treated, n_treated, events_control, n_control)
    total = n1 + n2
    over, under = np.sum(a * n2 / total), np.sum(c * n1 / total)
    if over == 0 or under == 0:
        raise BadValue("One group has no events in any study; a risk ratio needs both.")
    spread = np.sum(((a + c) * n1 * n2 - a * c * total) / total**2) / (over * under)
    ends = np.exp(np.log(over / under) + np.array([-1, 1]) * ndtri(0.975) * np.sqrt(spread))
    return float(over / under), float(ends[0]), float(ends[1])


def hedges_g(
    mean_treated: ArrayLike, sd_treated: ArrayLike, n_treated: ArrayLike,
    mean_control: ArrayLike, sd_control: ArrayLike, n_control: ArrayLike,
) -> tuple[Array, Array]:  # fmt: skip
    """Return standardized mean differences, corrected for small samples, and their variances.

    Parameters
    ----------
    mean_treated, mean_control : array_like
        Means in one unit.
    sd_treated, sd_control : array_like
        Standard deviations (not standard errors), above 0.
    n_treated, n_control : array_like
        Group sizes, at least 2.

    Returns
    -------
    tuple of ndarray
        g and its variance.

    Examples
    --------
    >>> g, v = hedges_g(12.0, 2.0, 10, 10.0, 2.0, 10)
    >>> round(float(g), 3)
    0.958
    """
    n1, n2 = number("n_treated", n_treated, 2), number("n_control", n_control, 2)
    df = n1 + n2 - 2
    pooled = (n1 - 1) * positive("sd_treated", sd_treated) ** 2
    pooled = pooled + (n2 - 1) * positive("sd_control", sd_control) ** 2
    gap = number("mean_treated", mean_treated) - number("mean_control", mean_control)
    g = gap / np.sqrt(pooled / df) * (1 - 3 / (4 * df - 1))
    return g, 1 / n1 + 1 / n2 + g**2 / (2 * (n1 + n2))


def _counts(*columns: ArrayLike) -> tuple[Array, Array, Array, Array]:
    names = ("events_treated", "n_treated", "events_control", "n_control")
    a, n1, c, n2 = (
        np.atleast_1d(non_negative(name, column))
        for name, column in zip(names, columns, strict=True)
    )
    positive("n_treated", n1)
    positive("n_control", n2)
    for events, size, name in ((a, n1, "events_treated"), (c, n2, "events_control")):
        if events.shape != size.shape or np.any(events > size):
            raise BadValue(f"{name} accepts one count per study, at most the size of its group.")
    return a, n1, c, n2
