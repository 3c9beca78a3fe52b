"""How long a product keeps: Arrhenius' law, shelf life and mean kinetic temperature.

Loss is first order in amount and follows one activation energy; a change of mechanism (freezing,
aggregation, a thawing vial) breaks both. FGF-2 in water: 10.3390/pharmaceutics13111762.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.checks import Array, non_negative, number, positive
from secretome_edu.models.units import GAS_CONSTANT_J_PER_MOL_K, KELVIN_AT_0_C
from secretome_edu.ui.messages import BadValue

_J_PER_KJ = 1e3


def activation_energy_kJ_mol(
    half_life_1_h: ArrayLike,
    temperature_1_C: ArrayLike,
    half_life_2_h: ArrayLike,
    temperature_2_C: ArrayLike,
) -> Array:
    """Return the activation energy that joins two half-lives: R ln(t1/t2) / (1/T1 - 1/T2).

    Parameters
    ----------
    half_life_1_h, half_life_2_h : array_like
        Half-lives (h), above 0.
    temperature_1_C, temperature_2_C : array_like
        Their temperatures (C), different.

    Returns
    -------
    ndarray
        kJ/mol.

    Raises
    ------
    BadValue
        If both temperatures are the same.

    Examples
    --------
    FGF-2 in water, 1 h at 25 C and 0.5 h at 37 C (10.3390/pharmaceutics13111762):

    >>> round(float(activation_energy_kJ_mol(1.0, 25, 0.5, 37)), 2)
    44.41
    """
    ratio = positive("half_life_1_h", half_life_1_h) / positive("half_life_2_h", half_life_2_h)
    gap = 1 / _kelvin("temperature_1_C", temperature_1_C)
    gap = gap - 1 / _kelvin("temperature_2_C", temperature_2_C)
    if np.any(gap == 0):
        raise BadValue("temperature_1_C equals temperature_2_C; two different ones are needed.")
    return GAS_CONSTANT_J_PER_MOL_K * np.log(ratio) / gap / _J_PER_KJ


def half_life_h(
    temperature_C: ArrayLike,
    known_half_life_h: ArrayLike,
    known_temperature_C: ArrayLike,
    activation_energy_kJ_mol: ArrayLike,
) -> Array:
    """Return the half-life at another temperature by Arrhenius' law.

    Parameters
    ----------
    temperature_C : array_like
        Temperature asked for (C).
    known_half_life_h, known_temperature_C : array_like
        A measured half-life (h) and its temperature (C).
    activation_energy_kJ_mol : array_like
        kJ/mol, at least 0.

    Returns
    -------
    ndarray
        h. Outside the measured temperatures it is an extrapolation.

    Examples
    --------
    >>> round(float(half_life_h(4, 1.0, 25, 44.41)), 2)
    3.89
    """
    known = 1 / _kelvin("known_temperature_C", known_temperature_C)
    asked = 1 / _kelvin("temperature_C", temperature_C)
    energy = non_negative("activation_energy_kJ_mol", activation_energy_kJ_mol) * _J_PER_KJ
    factor = np.exp(energy / GAS_CONSTANT_J_PER_MOL_K * (asked - known))
    return positive("known_half_life_h", known_half_life_h) * factor


def shelf_life_h(half_life_h: ArrayLike, least_left: ArrayLike = 0.9) -> Array:
    """Return how long at least a given share is left; 0.9 gives the usual t90.

    Parameters
    ----------
    half_life_h : array_like
        h, above 0.
    least_left : array_like
        Share that must be left, above 0 and at most 1.

    Returns
    -------
    ndarray
        h.

    Examples
    --------
    >>> round(float(shelf_life_h(1.0)), 3)
    0.152
    """
    left = number("least_left", least_left, 0.0, 1.0, open_low=True)
    return -np.log2(left) * positive("half_life_h", half_life_h)


def mean_kinetic_temperature_C(
    temperatures_C: ArrayLike, hours: ArrayLike, activation_energy_kJ_mol: float
) -> float:
    """Return the constant temperature that does the same damage as a changing one.

    Parameters
    ----------
    temperatures_C : array_like, shape (n,)
        Temperatures of the stretches (C).
    hours : array_like, shape (n,)
        Their durations (h), at least 0, not all 0.
    activation_energy_kJ_mol : float
        kJ/mol, above 0.

    Returns
    -------
    float
        C; never below the plain mean.

    Examples
    --------
    A week at 4 C with one warm afternoon:

    >>> round(mean_kinetic_temperature_C([4, 30], [164, 4], 83.14), 1)
    7.2
    """
    kelvin = _kelvin("temperatures_C", temperatures_C)
    time = non_negative("hours", hours)
    if kelvin.shape != time.shape or not time.sum() > 0:
        raise BadValue("hours accepts one duration for each temperature, not all of them 0.")
    energy = float(positive("activation_energy_kJ_mol", activation_energy_kJ_mol))
    scale = energy * _J_PER_KJ / GAS_CONSTANT_J_PER_MOL_K
    speed = np.average(np.exp(-scale / kelvin), weights=time)
    return float(-scale / np.log(speed) - KELVIN_AT_0_C)


def _kelvin(name: str, celsius: ArrayLike) -> Array:
    return number(name, celsius, -KELVIN_AT_0_C, open_low=True) + KELVIN_AT_0_C
