"""Conversions between what an assay reports, what a cell does and what a receptor feels."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.checks import Array, non_negative, positive

AVOGADRO_PER_MOL = 6.02214076e23  # exact by the definition of the mole (SI, 2019)
GAS_CONSTANT_J_PER_MOL_K = 8.314462618  # exact, product of two defined SI constants
BOLTZMANN_J_PER_K = 1.380649e-23  # exact by the definition of the kelvin (SI, 2019)
KELVIN_AT_0_C = 273.15
SECONDS_PER_HOUR = 3600.0

PM_PER_MOLECULE_PER_UM3 = 1e15 / AVOGADRO_PER_MOL * 1e12  # 1 liter is 1e15 um3
UM3_PER_ML = 1e12
UM3_PER_MM3 = 1e9


def molecules_per_um3_to_pM(density: ArrayLike) -> Array:
    """Return a number density as a molar concentration.

    Parameters
    ----------
    density : array_like
        Molecules per um3.

    Returns
    -------
    ndarray
        pM, same shape.

    Examples
    --------
    >>> round(float(molecules_per_um3_to_pM(1.0)), 2)
    1660.54
    """
    return np.asarray(density, dtype=float) * PM_PER_MOLECULE_PER_UM3


def pg_per_mL_to_pM(concentration_pg_per_mL: ArrayLike, mass_kDa: ArrayLike) -> Array:
    """Return a mass concentration as a molar one: pg/mL divided by kDa is pM.

    Parameters
    ----------
    concentration_pg_per_mL : array_like
    mass_kDa : array_like
        Mass of the secreted form (VEGF-A165 as a dimer: about 45 kDa).

    Returns
    -------
    ndarray
        pM.

    Examples
    --------
    >>> round(float(pg_per_mL_to_pM(502, 45)), 2)
    11.16
    """
    concentration = non_negative("concentration_pg_per_mL", concentration_pg_per_mL)
    return concentration / positive("mass_kDa", mass_kDa)


def secretion_rate_molecules_per_s(
    amount_pg: ArrayLike, cells: ArrayLike, hours: ArrayLike, mass_kDa: ArrayLike
) -> Array:
    """Return the mean secretion of one cell from what a culture collected.

    Parameters
    ----------
    amount_pg : array_like
        Collected mass (pg).
    cells : array_like
        Number of cells that made it.
    hours : array_like
        Collection time (h).
    mass_kDa : array_like
        Molecular mass (kDa).

    Returns
    -------
    ndarray
        Molecules per cell and second; a lower bound, since loss in culture is not added back.

    Examples
    --------
    502 pg VEGF from 1e5 marrow MSC in 24 h (10.1152/ajpregu.90383.2008):

    >>> round(float(secretion_rate_molecules_per_s(502, 1e5, 24, 45)), 4)
    0.7776
    """
    # pg / kDa is 1e-12 g / 1e3 g/mol = 1e-15 mol.
    moles = non_negative("amount_pg", amount_pg) / positive("mass_kDa", mass_kDa) * 1e-15
    cell_seconds = positive("cells", cells) * positive("hours", hours) * SECONDS_PER_HOUR
    return moles * AVOGADRO_PER_MOL / cell_seconds


def uptake_um3_per_s(association_per_M_s: ArrayLike, receptors_per_cell: ArrayLike) -> Array:
    """Return the volume one consumer cell clears per second if binding is followed by uptake.

    Parameters
    ----------
    association_per_M_s : array_like
        Association rate constant kon (1/(M s)).
    receptors_per_cell : array_like
        Free receptors per cell.

    Returns
    -------
    ndarray
        um3/s; an upper bound, because what dissociates again is not taken up.

    Examples
    --------
    VEGFR2 on endothelium (10.1186/1752-0509-5-170):

    >>> round(float(uptake_um3_per_s(1e7, 12000)))
    199
    """
    association = non_negative("association_per_M_s", association_per_M_s)
    receptors = non_negative("receptors_per_cell", receptors_per_cell)
    return association * receptors / AVOGADRO_PER_MOL * 1e15


def diffusion_length(diffusivity_um2_s: ArrayLike, uptake_rate_per_s: ArrayLike) -> Array:
    """Return lambda = sqrt(D/k), the distance over which uptake beats spreading.

    Parameters
    ----------
    diffusivity_um2_s : array_like
        D (um2/s), above 0.
    uptake_rate_per_s : array_like
        k (1/s), at least 0; 0 gives infinity.

    Returns
    -------
    ndarray
        lambda (um).

    Examples
    --------
    >>> float(diffusion_length(100, 0.01))
    100.0
    """
    diffusivity = positive("diffusivity_um2_s", diffusivity_um2_s)
    uptake = non_negative("uptake_rate_per_s", uptake_rate_per_s)
    with np.errstate(divide="ignore"):
        return np.sqrt(diffusivity / uptake)
