"""Binding: how much receptor a ligand occupies, and when the textbook curve lies.

Concentrations share one unit within a call; pM unless a name says otherwise.
Sources: VEGF rate pairs 10.1186/1752-0509-5-170; IL-10 on cytokine release in human blood
10.1023/A:1011918425629.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.checks import Array, fraction, non_negative, positive
from secretome_edu.models.units import PM_PER_MOLECULE_PER_UM3, UM3_PER_ML


def occupancy(ligand: ArrayLike, kd: ArrayLike, hill: ArrayLike = 1.0) -> Array:
    """Return the share of receptors bound at a free ligand level: L^h / (L^h + Kd^h).

    Parameters
    ----------
    ligand : array_like
        Free ligand L, at least 0.
    kd : array_like
        Level of half occupancy Kd, above 0, in the unit of ``ligand``.
    hill : array_like
        Hill coefficient h, above 0.

    Returns
    -------
    ndarray
        Fraction from 0 to 1, broadcast shape of the arguments.

    Raises
    ------
    BadValue
        If an argument is outside its range; names it.

    Examples
    --------
    >>> float(occupancy(100, 100))
    0.5
    """
    level = non_negative("ligand", ligand) / positive("kd", kd)
    with np.errstate(divide="ignore", over="ignore"):
        return 1 / (1 + level ** -positive("hill", hill))


def kd_from_rates_pM(dissociation_per_s: ArrayLike, association_per_M_s: ArrayLike) -> Array:
    """Return Kd = koff / kon.

    Parameters
    ----------
    dissociation_per_s : array_like
        koff (1/s), at least 0.
    association_per_M_s : array_like
        kon (1/(M s)), above 0.

    Returns
    -------
    ndarray
        Kd (pM).

    Examples
    --------
    VEGF with VEGFR2 and VEGFR1 (10.1186/1752-0509-5-170):

    >>> kd_from_rates_pM(1e-3, [1e7, 3e7]).round(1)
    array([100. ,  33.3])
    """
    dissociation = non_negative("dissociation_per_s", dissociation_per_s)
    return dissociation / positive("association_per_M_s", association_per_M_s) * 1e12


def occupancy_at(
    time_s: ArrayLike,
    ligand_pM: ArrayLike,
    dissociation_per_s: ArrayLike,
    association_per_M_s: ArrayLike,
) -> Array:
    """Return occupancy at a time after a constant ligand level is applied.

    Parameters
    ----------
    time_s : array_like
        Time (s), at least 0.
    ligand_pM : array_like
        Free ligand (pM), at least 0, held constant.
    dissociation_per_s, association_per_M_s : array_like
        As in :func:`kd_from_rates_pM`.

    Returns
    -------
    ndarray
        Fraction from 0 to the equilibrium occupancy.

    Examples
    --------
    >>> round(float(occupancy_at(1e6, 100, 1e-3, 1e7)), 3)
    0.5
    """
    kd = kd_from_rates_pM(dissociation_per_s, association_per_M_s)
    ligand = non_negative("ligand_pM", ligand_pM)
    approach = np.asarray(association_per_M_s, dtype=float) * 1e-12 * (ligand + kd)
    share = np.divide(ligand, ligand + kd, out=np.zeros(np.shape(ligand + kd)), where=ligand > 0)
    return share * -np.expm1(-approach * non_negative("time_s", time_s))


def bound_with_depletion(
    ligand_total: ArrayLike, receptor_total: ArrayLike, kd: ArrayLike
) -> Array:
    """Return the bound complex when binding uses up the ligand.

    The root ((R + L + K) - sqrt((R + L + K)^2 - 4 R L)) / 2, written so that it stays exact when
    one partner is scarce.

    Parameters
    ----------
    ligand_total, receptor_total : array_like
        Total ligand L and receptor R, at least 0, in one unit.
    kd : array_like
        Dissociation constant K, at least 0, in the same unit; 0 binds all it can.

    Returns
    -------
    ndarray
        Bound complex in the same unit.

    Examples
    --------
    The naive curve says 4.55 pM:

    >>> round(float(bound_with_depletion(10, 50, 100)), 3)
    3.189
    """
    ligand = non_negative("ligand_total", ligand_total)
    receptor = non_negative("receptor_total", receptor_total)
    total = ligand + receptor + non_negative("kd", kd)
    # The difference below is (R - L)^2 + K^2 + 2K(R + L), never negative but for rounding.
    root = np.sqrt(np.maximum(total**2 - 4 * receptor * ligand, 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, 2 * receptor * ligand / (total + root), 0.0)


def receptor_level_pM(
    receptors_per_cell: ArrayLike, cells: ArrayLike, volume_mL: ArrayLike
) -> Array:
    """Return the receptors of a well as a concentration, to compare with the ligand.

    Parameters
    ----------
    receptors_per_cell, cells : array_like
        At least 0.
    volume_mL : array_like
        Volume of medium (mL), above 0.

    Returns
    -------
    ndarray
        pM.

    Examples
    --------
    1e5 endothelial cells with 12 000 VEGFR2 in 0.1 mL:

    >>> round(float(receptor_level_pM(12000, 1e5, 0.1)), 1)
    19.9
    """
    receptors = non_negative("receptors_per_cell", receptors_per_cell)
    total = receptors * non_negative("cells", cells)
    return total / (positive("volume_mL", volume_mL) * UM3_PER_ML) * PM_PER_MOLECULE_PER_UM3


def kd_with_competitor(kd: ArrayLike, competitor: ArrayLike, ki: ArrayLike) -> Array:
    """Return the apparent Kd beside a competing ligand: Kd (1 + I / Ki).

    Parameters
    ----------
    kd : array_like
        Kd of the ligand of interest, above 0.
    competitor : array_like
        Free competitor I, at least 0.
    ki : array_like
        Its own dissociation constant, above 0, in the unit of ``competitor``.

    Returns
    -------
    ndarray
        Apparent Kd in the unit of ``kd``.

    Examples
    --------
    >>> float(kd_with_competitor(100, 50, 50))
    200.0
    """
    excess = non_negative("competitor", competitor) / positive("ki", ki)
    return positive("kd", kd) * (1 + excess)


def suppression(concentration: ArrayLike, ic50: ArrayLike, imax: ArrayLike = 1.0) -> Array:
    """Return how much of a response an inhibitor removes: Imax C / (IC50 + C).

    Parameters
    ----------
    concentration : array_like
        Inhibitor C, at least 0.
    ic50 : array_like
        Level of half of the maximal suppression, above 0, in the same unit.
    imax : array_like
        Largest share that can be suppressed, 0 to 1.

    Returns
    -------
    ndarray
        Suppressed fraction; the response that is left is one minus this.

    Examples
    --------
    IL-10 at its IC50 of 0.03 ng/mL in human blood (10.1023/A:1011918425629):

    >>> float(suppression(0.03, 0.03, 0.85))
    0.425
    """
    return fraction("imax", imax) * occupancy(concentration, ic50)
