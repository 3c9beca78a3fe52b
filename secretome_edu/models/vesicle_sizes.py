"""Sizes and counts of vesicles, as they are and as an instrument with a limit reports them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.checks import Array, non_negative, positive, whole


def sizes(count: int, median_nm: float, spread: float, seed: int = 1) -> Array:
    """Return diameters of a log-normal population; the same seed gives the same vesicles.

    Parameters
    ----------
    count : int
        Number of vesicles, at least 1.
    median_nm : float
        Median diameter (nm), above 0.
    spread : float
        Standard deviation of the natural logarithm, at least 0.
    seed : int
        Seed of the random numbers.

    Examples
    --------
    >>> sizes(3, 100, 0.0).tolist()
    [100.0, 100.0, 100.0]
    """
    luck = np.random.default_rng([seed, 0]).standard_normal(whole("count", count))
    return float(positive("median_nm", median_nm)) * np.exp(non_negative("spread", spread) * luck)


def detection(diameters_nm: ArrayLike, limit_nm: ArrayLike, sharpness: ArrayLike = 0.15) -> Array:
    """Return the chance that an instrument sees a vesicle, half at its detection limit.

    Parameters
    ----------
    diameters_nm : array_like
        nm, above 0.
    limit_nm : array_like
        Diameter seen every second time (nm), above 0.
    sharpness : array_like
        Width of the transition in units of ln diameter, above 0.

    Returns
    -------
    ndarray
        From 0 to 1.

    Examples
    --------
    >>> float(detection(70, 70))
    0.5
    """
    from scipy.special import ndtr

    ratio = positive("diameters_nm", diameters_nm) / positive("limit_nm", limit_nm)
    return ndtr(np.log(ratio) / positive("sharpness", sharpness))


def size_density(
    diameters_nm: ArrayLike,
    median_nm: float,
    spread: float,
    limit_nm: float = 0.0,
    sharpness: float = 0.15,
) -> Array:
    """Return the size distribution, as it is or as an instrument with a limit reports it.

    Parameters
    ----------
    diameters_nm : array_like
        Where to evaluate (nm), above 0.
    median_nm, spread : float
        As in :func:`sizes`, ``spread`` above 0.
    limit_nm, sharpness : float
        As in :func:`detection`; a limit of 0 sees everything.

    Returns
    -------
    ndarray
        Share of all vesicles, seen or not, per nm; its integral is :func:`detected_share`.

    Examples
    --------
    >>> d = np.linspace(10, 400, 2000)
    >>> peaks = [d[size_density(d, 80, 0.4, limit).argmax()] for limit in (0, 70, 100)]
    >>> [round(float(peak)) for peak in peaks]
    [68, 85, 110]
    """
    diameters, sigma = positive("diameters_nm", diameters_nm), positive("spread", spread)
    score = np.log(diameters / positive("median_nm", median_nm)) / sigma
    density = np.exp(-(score**2) / 2) / (np.sqrt(2 * np.pi) * sigma * diameters)
    limit = float(non_negative("limit_nm", limit_nm))
    return density * detection(diameters, limit, sharpness) if limit else density


def detected_share(
    median_nm: ArrayLike, spread: ArrayLike, limit_nm: ArrayLike, sharpness: ArrayLike = 0.15
) -> Array:
    """Return which share of a log-normal population an instrument sees, in closed form.

    Parameters
    ----------
    median_nm, spread, limit_nm, sharpness : array_like
        As in :func:`size_density`.

    Returns
    -------
    ndarray
        From 0 to 1.

    Examples
    --------
    >>> float(detected_share(80, 0.4, 80))
    0.5
    """
    from scipy.special import ndtr

    ratio = positive("median_nm", median_nm) / positive("limit_nm", limit_nm)
    width = np.hypot(non_negative("spread", spread), positive("sharpness", sharpness))
    return ndtr(np.log(ratio) / width)


def blank_corrected(
    sample: ArrayLike, sample_sd: ArrayLike, blank: ArrayLike, blank_sd: ArrayLike
) -> tuple[Array, Array]:
    """Return a count less the count of the medium blank, and the standard deviation of that.

    Parameters
    ----------
    sample, blank : array_like
        Mean counts in one unit, at least 0.
    sample_sd, blank_sd : array_like
        Their standard deviations, at least 0.

    Returns
    -------
    tuple of ndarray
        Difference (which may be negative) and its standard deviation.

    Examples
    --------
    >>> [float(x) for x in blank_corrected(10, 3, 8, 4)]
    [2.0, 5.0]
    """
    left = non_negative("sample", sample) - non_negative("blank", blank)
    spread = np.hypot(non_negative("sample_sd", sample_sd), non_negative("blank_sd", blank_sd))
    return left, spread


def share_with_cargo(copies_per_vesicle: ArrayLike) -> Array:
    """Return the share of vesicles with at least one copy if copies fall at random (Poisson).

    Parameters
    ----------
    copies_per_vesicle : array_like
        Mean copies, at least 0.

    Returns
    -------
    ndarray
        From 0 to 1.

    Examples
    --------
    >>> round(float(share_with_cargo(0.01)), 4)
    0.01
    """
    return -np.expm1(-non_negative("copies_per_vesicle", copies_per_vesicle))
