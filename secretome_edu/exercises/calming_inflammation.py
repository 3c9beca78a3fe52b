"""Checks of lesson 07: the edges of a therapeutic window, a harm explained, the smallest dose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from math import isclose
from typing import Any, SupportsFloat

import numpy as np

from secretome_edu import models
from secretome_edu.exercises.check import Task

GROWTH_PER_H, PATHOGEN = 0.3, 1.5
PULSE_H, SHOWN_H = 24.0, 400.0
STEP = 0.001
RATES = np.arange(101) * STEP
HEALING_PATHOGEN, HARM_RATE, REASON = 1.0, 0.1, 2
WINDOWS = ((6.0, 24.0), (36.0, 24.0), (6.0, 48.0), (96.0, 24.0))  # the last has no rescue


@lru_cache(maxsize=16)
def healing(start_h: float, duration_h: float = PULSE_H) -> tuple[float, ...]:
    """Return the strengths that heal the patient of the lesson."""
    ends = models.inflammation.outcomes(
        GROWTH_PER_H, PATHOGEN, start_h, duration_h, RATES, t_end_h=SHOWN_H
    )
    return tuple(float(rate) for rate in RATES[ends == "health"])


def edges() -> dict[str, float]:
    """Return the three edges the first exercise asks for (CA-units/h)."""
    return {
        "smallest_6": healing(6.0)[0],
        "smallest_36": healing(36.0)[0],
        "largest_0": healing(0.0)[-1],
    }


def check_edges(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when each edge is right within a step."""
    if isclose(given["largest_0"], healing(0.0)[0], abs_tol=1.2 * STEP):
        return "That is the smallest strength that heals from hour 0. Look for the largest."
    if _near(given["smallest_6"], edges()["smallest_36"]) and _near(
        given["smallest_36"], edges()["smallest_6"]
    ):
        return "Hour 6 and hour 36 are swapped: it is the later start that needs more."
    for name, start_h in (("smallest_6", 6.0), ("smallest_36", 36.0), ("largest_0", 0.0)):
        value, right = given[name], edges()[name]
        if _near(value, right):
            continue
        if isclose(value, right * PULSE_H, rel_tol=0.12):
            return f"From hour {start_h:g} that is the total dose. The box asks for the strength."
        if isclose(value, 0.1, abs_tol=STEP / 2):
            return f"From hour {start_h:g} you are at the end of the slider. Go down."
        heals = value in healing(start_h) or min(healing(start_h)) < value < max(healing(start_h))
        if name == "largest_0":
            return f"From hour 0, {value:g} {'still heals: go up.' if heals else 'does not heal.'}"
        return (
            f"From hour {start_h:g}, {value:g} heals; is there a smaller one?"
            if heals
            else f"From hour {start_h:g}, {value:g} does not heal; go up."
        )
    return ""


def _near(value: float, right: float) -> bool:
    return isclose(value, right, abs_tol=1.2 * STEP)


@lru_cache(maxsize=1)
def harm() -> dict[str, float]:
    """Return pathogen peaks without and with the early strong pulse, and the reason."""
    alone, harmed = (
        models.inflammation.simulate(GROWTH_PER_H, HEALING_PATHOGEN, pulses, SHOWN_H, samples=201)
        for pulses in ((), [(0.0, PULSE_H, HARM_RATE)])
    )
    return {
        "without": float(alone.pathogen.max()),
        "with_pulse": float(harmed.pathogen.max()),
        "reason": REASON,
    }


def check_harm(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when both peaks and the reason fit."""
    right = harm()
    without, with_pulse, reason = given["without"], given["with_pulse"], given["reason"]
    if isclose(without, right["with_pulse"], rel_tol=0.1) and isclose(
        with_pulse, right["without"], rel_tol=0.1
    ):
        return "The two peaks are swapped: strength 0 is without secretome."
    if any(isclose(peak, 17.4, rel_tol=0.02) or isclose(peak, 3.41, rel_tol=0.02)
           for peak in (without, with_pulse)):  # fmt: skip
        return "That is the peak of the damage. Read where the *pathogen* peaks."
    if isclose(without, 1.66, rel_tol=0.02):
        return "That is the patient who starts with 1.5 P-units. Set the pathogen to 1.0."
    if not isclose(without, right["without"], rel_tol=0.05):
        return "Without secretome: strength 0, growth 0.3, 1.0 P-units. The pathogen hardly grows."
    if not isclose(with_pulse, right["with_pulse"], rel_tol=0.05):
        return "With the pulse: strength 0.1, start 0, duration 24. Check all three sliders."
    reasons = {
        1: "In the equations the mediator does no damage; it only brakes.",
        3: "Look at the mediator in the right panel: it is high, and does not run out.",
        4: "Before hour 0 there was no damage. It comes after the pulse.",
    }
    if reason != REASON:
        return reasons.get(int(reason), "Give the number of one of the four reasons.")
    return ""


def check_smallest(function: Callable[[float, float], Any]) -> str:
    """Return what to look at, or nothing when the function is right in four cases."""
    if not callable(function):
        return "Give the function itself, without calling it: `lesson.check('e3', smallest)`."
    for start_h, duration_h in WINDOWS:
        heals = healing(start_h, duration_h)
        value = function(start_h, duration_h)
        case = f"From hour {start_h:g} for {duration_h:g} h"
        if not heals:
            if value is None:
                continue
            return f"{case} no strength heals: return `None`, not {value!r}."
        if value is None:
            return f"{case} your function returns nothing, but {heals[0]:g} heals."
        if np.ndim(value) or not isinstance(value, SupportsFloat):
            return f"{case} you return a {type(value).__name__}; let it return one number."
        number = float(value)
        if _near(number, heals[0]):
            continue
        if isclose(number, heals[-1], abs_tol=STEP / 2):
            return f"{case} that is the largest strength; `rates.min()` of those that heal."
        if isclose(number, heals[0] / STEP, abs_tol=1.2):
            return f"{case} {number:g} is the place in the array, not the strength there."
        if number == 0:
            return f"{case} strength 0 does not heal. Do you compare with `health`?"
        return f"{case} you return {number:.3g}, but {heals[0]:g} is the smallest that heals."
    return ""


def _smallest(start_h: float, duration_h: float) -> float | None:
    heals = healing(start_h, duration_h)
    return heals[0] if heals else None


def _changed(right: dict[str, float], **values: float) -> dict[str, float]:
    return {**right, **values}


TASKS = {
    "e1": Task(
        check=check_edges,
        reference=edges,
        mistakes={
            "smallest strength that heals from hour 0": lambda: _changed(
                edges(), largest_0=healing(0.0)[0]
            ),
            "swapped": lambda: _changed(
                edges(), smallest_6=edges()["smallest_36"], smallest_36=edges()["smallest_6"]
            ),
            "total dose": lambda: _changed(edges(), smallest_6=edges()["smallest_6"] * PULSE_H),
            "end of the slider": lambda: _changed(edges(), largest_0=0.1),
            "is there a smaller one": lambda: _changed(edges(), smallest_36=0.04),
            "go up": lambda: _changed(edges(), smallest_6=0.005),
        },
    ),
    "e2": Task(
        check=check_harm,
        reference=harm,
        mistakes={
            "swapped": lambda: _changed(
                harm(), without=harm()["with_pulse"], with_pulse=harm()["without"]
            ),
            "peak of the damage": lambda: _changed(harm(), with_pulse=17.4),
            "1.5 P-units": lambda: _changed(harm(), without=1.66),
            "only brakes": lambda: _changed(harm(), reason=1),
            "does not run out": lambda: _changed(harm(), reason=3),
            "after the pulse": lambda: _changed(harm(), reason=4),
            "all three sliders": lambda: _changed(harm(), with_pulse=12.8),
        },
    ),
    "e3": Task(
        check=check_smallest,
        reference=lambda: _smallest,
        mistakes={
            "without calling it": lambda: 0.011,
            "returns nothing": lambda: lambda start_h, duration_h: None,
            "return `None`": lambda: (
                lambda start_h, duration_h: _smallest(start_h, duration_h) or 0.0
            ),
            "largest strength": lambda: lambda start_h, duration_h: 0.1,
            "place in the array": lambda: (
                lambda start_h, duration_h: (_smallest(start_h, duration_h) or 0.0) / STEP
            ),
            "one number": lambda: lambda start_h, duration_h: list(healing(start_h, duration_h)),
            "strength 0": lambda: lambda start_h, duration_h: 0.0,
        },
    ),
}
