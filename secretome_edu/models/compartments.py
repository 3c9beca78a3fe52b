"""Two compartments with linear clearance, in closed form: bolus, infusion, depot, fading source.

Amounts are per kg of body weight (ug/kg), volumes mL/kg, flows mL/(kg h), concentrations ng/mL,
times h. Nothing is stepped, so a curve costs microseconds and patients are rows of an array.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.checks import Array, fraction, non_negative, number, positive, whole
from secretome_edu.ui.messages import BadValue

LN_2 = math.log(2)
_NG_PER_UG = 1e3
_APART = 1e-3  # rates closer than this share need the form without a difference


@dataclass(frozen=True)
class TwoCompartment:
    """Clearance, two volumes and the exchange between them; one patient or an array of them.

    Parameters
    ----------
    clearance : array_like
        CL (mL/(kg h)), above 0.
    central_volume : array_like
        V1 (mL/kg), above 0: where doses enter and levels are read.
    peripheral_volume : array_like
        V2 (mL/kg), above 0.
    exchange : array_like
        Q (mL/(kg h)), above 0.

    Examples
    --------
    >>> il10 = TwoCompartment(65.0, 45.0, 25.0, 10.9)
    >>> round(float(il10.terminal_half_life_h), 2)
    1.94
    """

    clearance: ArrayLike
    central_volume: ArrayLike
    peripheral_volume: ArrayLike
    exchange: ArrayLike

    def __post_init__(self) -> None:
        for name in ("clearance", "central_volume", "peripheral_volume", "exchange"):
            object.__setattr__(self, name, positive(name, getattr(self, name)))

    @cached_property
    def modes(self) -> tuple[Array, Array, Array, Array]:
        """Rates (fast, slow; 1/h) and weights (1/(mL/kg)) of the answer to a unit bolus."""
        cl, v1, v2, q = (
            np.asarray(x, dtype=float)
            for x in (self.clearance, self.central_volume, self.peripheral_volume, self.exchange)
        )
        back = q / v2
        total = cl / v1 + q / v1 + back
        fast = (total + np.sqrt(total**2 - 4 * cl / v1 * back)) / 2
        slow = cl / v1 * back / fast  # the product of both rates; avoids a difference
        weight = (back - slow) / (fast - slow) / v1
        return fast, slow, 1 / v1 - weight, weight

    @property
    def terminal_half_life_h(self) -> Array:
        """Half-life of the slow phase (h)."""
        return LN_2 / self.modes[1]

    def each(self) -> TwoCompartment:
        """Return the same patients as a column, so that a row of times broadcasts over them."""
        columns = (self.clearance, self.central_volume, self.peripheral_volume, self.exchange)
        return TwoCompartment(*(np.atleast_1d(np.asarray(x))[:, None] for x in columns))


def exchange_for_half_life(
    clearance: ArrayLike,
    central_volume: ArrayLike,
    peripheral_volume: ArrayLike,
    terminal_half_life_h: ArrayLike,
) -> Array:
    """Return the exchange flow that gives a known terminal half-life.

    Parameters
    ----------
    clearance, central_volume, peripheral_volume : array_like
        As in :class:`TwoCompartment`.
    terminal_half_life_h : array_like
        Half-life of the slow phase (h); longer than that of one compartment.

    Returns
    -------
    ndarray
        Q (mL/(kg h)).

    Raises
    ------
    BadValue
        If no exchange flow gives that half-life.

    Examples
    --------
    >>> round(float(exchange_for_half_life(65, 45, 25, 1.94)), 1)
    10.9
    """
    v1 = positive("central_volume", central_volume)
    v2 = positive("peripheral_volume", peripheral_volume)
    out = positive("clearance", clearance) / v1
    slow = LN_2 / positive("terminal_half_life_h", terminal_half_life_h)
    # The slow rate solves s^2 - s (out + Q/V1 + Q/V2) + out Q/V2 = 0, which is linear in Q.
    with np.errstate(divide="ignore"):
        flow = slow * (out - slow) / (out / v2 - slow * (1 / v1 + 1 / v2))
    if not np.all(np.isfinite(flow) & (flow > 0)):
        least = np.max(LN_2 * (v1 + v2) / (out * v1))
        shortest = np.min(np.asarray(terminal_half_life_h, dtype=float))
        raise BadValue(
            f"terminal_half_life_h is {shortest:g}; with these volumes and "
            f"this clearance it accepts values above {least:.3g}."
        )
    return flow


def bolus(time_h: ArrayLike, dose: ArrayLike, pk: TwoCompartment) -> Array:
    """Return the level after an injection into the central volume at time 0.

    Parameters
    ----------
    time_h : array_like
        Time (h); before 0 the level is 0.
    dose : array_like
        Dose (ug/kg), at least 0.
    pk : TwoCompartment
        The patient or patients.

    Returns
    -------
    ndarray
        Concentration (ng/mL), broadcast shape.

    Examples
    --------
    >>> il10 = TwoCompartment(65.0, 45.0, 25.0, 10.9)
    >>> bolus([0.0, 6.0], 25.0, il10).round(1)
    array([555.6,   3.7])
    """
    time, given = number("time_h", time_h), non_negative("dose", dose)
    fast, slow, share_fast, share_slow = pk.modes
    after = np.maximum(time, 0.0)
    level = share_fast * np.exp(-fast * after) + share_slow * np.exp(-slow * after)
    return np.where(time >= 0, given * level * _NG_PER_UG, 0.0)


def repeated_bolus(
    time_h: ArrayLike, dose: ArrayLike, interval_h: float, count: int, pk: TwoCompartment
) -> Array:
    """Return the level under equal injections at times 0, interval, 2 interval, ...

    Parameters
    ----------
    time_h, dose, pk
        As in :func:`bolus`; the dose is per injection.
    interval_h : float
        Time between injections (h), above 0.
    count : int
        Number of injections, at least 1.

    Examples
    --------
    >>> il10 = TwoCompartment(65.0, 45.0, 25.0, 10.9)
    >>> bool(repeated_bolus(24.0, 1.0, 24.0, 2, il10) > bolus(0.0, 1.0, il10))
    True
    """
    interval = float(positive("interval_h", interval_h))
    time = number("time_h", time_h)
    return np.sum(
        [bolus(time - i * interval, dose, pk) for i in range(whole("count", count))], axis=0
    )


def fading_input(
    time_h: ArrayLike, rate: ArrayLike, fading_per_h: ArrayLike, pk: TwoCompartment
) -> Array:
    """Return the level under an input rate(t) = rate exp(-fading t) into the central volume.

    One closed form serves an infusion (no fading), a depot under the skin and living cells.

    Parameters
    ----------
    time_h : array_like
        Time (h); before 0 the level is 0.
    rate : array_like
        Input at time 0 (ug/(kg h)), at least 0.
    fading_per_h : array_like
        Rate at which the input fades (1/h), at least 0.
    pk : TwoCompartment
        The patient or patients.

    Returns
    -------
    ndarray
        Concentration (ng/mL).

    Examples
    --------
    A constant input ends at rate over clearance:

    >>> il10 = TwoCompartment(65.0, 45.0, 25.0, 10.9)
    >>> round(float(fading_input(500.0, 1.0, 0.0, il10)), 3), round(1000 / 65, 3)
    (15.385, 15.385)
    """
    time = number("time_h", time_h)
    strength = non_negative("rate", rate) * _NG_PER_UG
    fading = non_negative("fading_per_h", fading_per_h)
    if time.size and time.min() >= 0:
        return strength * _faded(time, fading, pk.modes)
    return strength * (time >= 0) * _faded(np.maximum(time, 0.0), fading, pk.modes)


def infusion(time_h: ArrayLike, rate: ArrayLike, duration_h: float, pk: TwoCompartment) -> Array:
    """Return the level during and after a constant infusion.

    Parameters
    ----------
    time_h, rate, pk
        As in :func:`fading_input`.
    duration_h : float
        Length of the infusion (h), above 0.

    Examples
    --------
    >>> il10 = TwoCompartment(65.0, 45.0, 25.0, 10.9)
    >>> bool(infusion(30.0, 1.0, 24.0, il10) < infusion(24.0, 1.0, 24.0, il10))
    True
    """
    time = number("time_h", time_h)
    end = float(positive("duration_h", duration_h))
    running, since_end = np.clip(time, 0.0, end), np.maximum(time - end, 0.0)
    level = sum(
        share * -np.expm1(-loss * running) / loss * np.exp(-loss * since_end)
        for loss, share in zip(pk.modes[:2], pk.modes[2:], strict=True)
    )
    return non_negative("rate", rate) * _NG_PER_UG * level


def depot(
    time_h: ArrayLike,
    dose: ArrayLike,
    bioavailability: ArrayLike,
    absorption_per_h: ArrayLike,
    pk: TwoCompartment,
) -> Array:
    """Return the level after an injection under the skin, absorbed at a first-order rate.

    Parameters
    ----------
    time_h, dose, pk
        As in :func:`bolus`.
    bioavailability : array_like
        Share that reaches the blood, 0 to 1.
    absorption_per_h : array_like
        Absorption rate (1/h), above 0.

    Examples
    --------
    >>> il10 = TwoCompartment(65.0, 45.0, 25.0, 10.9)
    >>> bool(depot(1.0, 25.0, 0.42, 0.3, il10) < bolus(1.0, 25.0, il10))
    True
    """
    absorption = positive("absorption_per_h", absorption_per_h)
    entering = non_negative("dose", dose) * fraction("bioavailability", bioavailability)
    return fading_input(time_h, entering * absorption, absorption, pk)


def _faded(time: Array, fading: Array, modes: tuple[Array, Array, Array, Array]) -> Array:
    """Return the answer to a unit input that fades."""
    fast, slow, share_fast, share_slow = modes
    gap_fast, gap_slow = fast - fading, slow - fading
    apart = (np.abs(gap_fast) > _APART * fast) & (np.abs(gap_slow) > _APART * slow)
    if apart.all():
        from_fast, from_slow = share_fast / gap_fast, share_slow / gap_slow
        level = (from_fast + from_slow) * np.exp(-fading * time)
        level -= from_fast * np.exp(-fast * time)
        level -= from_slow * np.exp(-slow * time)
        return np.maximum(level, 0.0)  # at time 0 the three parts cancel but for rounding
    return share_fast * _convolved(time, fast, fading) + share_slow * _convolved(time, slow, fading)


def _convolved(time: Array, loss: Array, fading: Array) -> Array:
    """Return (exp(-fading t) - exp(-loss t)) / (loss - fading), also where both are equal."""
    gap = np.abs(loss - fading) * time
    slower = np.minimum(loss, fading)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(gap > 0, -np.expm1(-gap) / gap, 1.0)
    return np.exp(-slower * time) * time * mean
