"""Meta-analysis: pooling studies, and asking whether they should be pooled at all.

Effects are additive (log risk ratios, mean differences, standardized differences) with known
sampling variances. Methods: inverse variance; DerSimonian and Laird 1986
(10.1016/0197-2456(86)90046-2); restricted maximum likelihood (Viechtbauer 2005,
10.3102/10769986030003261); Egger et al. 1997 (10.1136/bmj.315.7109.629). Effects from counts and
means, and the Mantel-Haenszel ratio, are in ``models.effect_sizes`` and offered here too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.checks import Array, fraction, number, one_of, positive
from secretome_edu.models.effect_sizes import (
    hedges_g,
    log_risk_ratio,
    mantel_haenszel_risk_ratio,
)
from secretome_edu.ui.messages import BadValue

__all__ = [
    "METHODS",
    "Egger",
    "Pooled",
    "egger",
    "equivalent",
    "hedges_g",
    "leave_one_out",
    "log_risk_ratio",
    "mantel_haenszel_risk_ratio",
    "pool",
]

METHODS = ("FE", "DL", "REML")


@dataclass(frozen=True)
class Pooled:
    """A pooled effect and how far the studies disagree.

    Attributes
    ----------
    estimate, se, ci_low, ci_high : float
        Pooled effect, its standard error and 95 percent interval (normal).
    tau2 : float
        Variance of the true effects between studies; 0 under a fixed effect.
    q, q_p_value, i2 : float
        Cochran's Q, its p-value, and (Q - df)/Q in percent, not below 0.
    prediction_low, prediction_high : float
        Where the true effect of a new study is expected, t with k - 2 degrees of freedom
        (Higgins et al. 2009, 10.1111/j.1467-985X.2008.00552.x); NaN under a fixed effect and
        with fewer than three studies.
    weights : ndarray, shape (k,)
        Share of each study in percent.
    method : str
    """

    estimate: float
    se: float
    ci_low: float
    ci_high: float
    tau2: float
    q: float
    q_p_value: float
    i2: float
    prediction_low: float
    prediction_high: float
    weights: Array
    method: str


@dataclass(frozen=True)
class Egger:
    """Regression of effect over standard error on precision; intercept 0 is a straight funnel."""

    intercept: float
    se: float
    t: float
    p_value: float


def pool(effects: ArrayLike, variances: ArrayLike, method: str = "REML") -> Pooled:
    """Pool studies.

    Parameters
    ----------
    effects : array_like, shape (k,)
        Effects on an additive scale; log ratios, not ratios.
    variances : array_like, shape (k,)
        Their sampling variances, above 0.
    method : str
        ``FE`` (fixed effect), ``DL`` (DerSimonian-Laird) or ``REML``.

    Returns
    -------
    Pooled

    Raises
    ------
    BadValue
        If shapes differ, there are fewer than two studies, or a variance is not positive.

    Examples
    --------
    >>> result = pool([np.log(0.7), np.log(0.9)], [0.1**2, 0.2**2], "DL")
    >>> round(result.tau2, 8), round(result.i2, 4), round(result.estimate, 7)
    (0.00657947, 20.8346, -0.2907039)
    """
    from scipy.special import chdtrc, ndtri, stdtrit

    y, v = _studies(effects, variances)
    one_of("method", method, METHODS)
    df = y.size - 1
    q = float(np.sum((y - np.average(y, weights=1 / v)) ** 2 / v))
    tau2 = {"FE": lambda: 0.0, "DL": lambda: _tau2_dl(v, q), "REML": lambda: _tau2_reml(y, v)}[
        method
    ]()
    w = 1 / (v + tau2)
    estimate, se = float(np.average(y, weights=w)), float(w.sum() ** -0.5)
    half = ndtri(0.975) * se
    around = np.nan
    if method != "FE" and y.size > 2:
        around = float(stdtrit(y.size - 2, 0.975) * np.sqrt(tau2 + se**2))
    return Pooled(
        estimate, se, estimate - half, estimate + half, tau2,
        q, float(chdtrc(df, q)), max(0.0, 100 * (q - df) / q) if q > 0 else 0.0,
        estimate - around, estimate + around, 100 * w / w.sum(), method,
    )  # fmt: skip


def leave_one_out(effects: ArrayLike, variances: ArrayLike, method: str = "REML") -> list[Pooled]:
    """Return the pooled result without each study in turn.

    Parameters
    ----------
    effects, variances, method
        As in :func:`pool`; at least three studies.

    Returns
    -------
    list of Pooled
        Entry i leaves out study i.

    Examples
    --------
    >>> len(leave_one_out([0.1, 0.2, 0.9], [0.01, 0.01, 0.01]))
    3
    """
    y, v = _studies(effects, variances, least=3)
    return [pool(np.delete(y, i), np.delete(v, i), method) for i in range(y.size)]


def egger(effects: ArrayLike, variances: ArrayLike) -> Egger:
    """Test whether small studies show other effects than large ones.

    Parameters
    ----------
    effects, variances : array_like, shape (k,)
        As in :func:`pool`; at least three studies, ten before the test says much.

    Returns
    -------
    Egger
        Intercept of effect/se on 1/se, by ordinary least squares with k - 2 degrees of freedom.

    Examples
    --------
    A straight funnel has no intercept:

    >>> y, v = [0.3, 0.3, 0.3, 0.31], [0.01, 0.04, 0.09, 0.2]
    >>> abs(egger(y, v).intercept) < 0.05
    True
    """
    from scipy.special import stdtr

    y, v = _studies(effects, variances, least=3)
    if np.ptp(v) == 0:
        raise BadValue("variances are all equal; Egger's test needs studies of different size.")
    se = np.sqrt(v)
    design = np.stack([np.ones_like(se), 1 / se], axis=1)
    coefficients, *_ = np.linalg.lstsq(design, y / se, rcond=None)
    left = y / se - design @ coefficients
    df = y.size - 2
    scale = left @ left / df
    error = float(np.sqrt(scale * np.linalg.inv(design.T @ design)[0, 0]))
    t = float(coefficients[0] / error)
    return Egger(float(coefficients[0]), error, t, float(2 * stdtr(df, -abs(t))))


def equivalent(result: Pooled, margin: float, level: float = 0.05) -> bool:
    """Return whether a pooled effect is shown to lie within plus or minus a margin.

    "Not significantly different" is not this: two one-sided tests must both reject.

    Parameters
    ----------
    result : Pooled
        From :func:`pool`.
    margin : float
        Largest difference that does not matter, above 0, on the scale of the effect.
    level : float
        Error rate of each one-sided test.

    Examples
    --------
    >>> wide, narrow = pool([0.0, 0.1], [1.0, 1.0]), pool([0.0, 0.1], [0.001, 0.001])
    >>> equivalent(wide, 0.3), equivalent(narrow, 0.3)
    (False, True)
    """
    from scipy.special import ndtri

    half = -ndtri(float(fraction("level", level))) * result.se
    return bool(abs(result.estimate) + half < float(positive("margin", margin)))


def _tau2_dl(v: Array, q: float) -> float:
    w = 1 / v
    return max(0.0, float((q - (v.size - 1)) / (w.sum() - (w**2).sum() / w.sum())))


def _tau2_reml(y: Array, v: Array) -> float:
    """Return the root of the restricted likelihood's slope in tau2, or 0 if it falls from 0."""
    from scipy.optimize import brentq

    def slope(tau2: float) -> float:
        w = 1 / (v + tau2)
        left = y - np.average(y, weights=w)
        return float(np.sum(w**2 * left**2) - w.sum() + np.sum(w**2) / w.sum())

    if slope(0.0) <= 0:
        return 0.0
    high = float(np.var(y, ddof=1) + v.max())
    while slope(high) > 0:
        high *= 4
    return float(brentq(slope, 0.0, high, xtol=1e-14, rtol=1e-12))


def _studies(effects: ArrayLike, variances: ArrayLike, least: int = 2) -> tuple[Array, Array]:
    y, v = number("effects", effects), positive("variances", variances)
    if y.ndim != 1 or y.shape != v.shape or y.size < least:
        raise BadValue(
            f"effects has shape {y.shape} and variances {v.shape}; they accept one value per "
            f"study and at least {least} studies."
        )
    return y, v
