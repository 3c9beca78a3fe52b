"""Checks of lesson 08: rescues before and after the switch, a survival curve, births and deaths."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import isclose

import numpy as np

from secretome_edu.exercises.check import Task
from secretome_edu.models import survival

STRESS_NM, XIAP_NM, PREPARED_NM, RESCUE_XIAP_NM, LATE_MIN = 20.0, 40.0, 48.0, 120.0, 20.0
XIAP_STEP_NM = 3.0  # the explorer's slider
START, ALIVE_A, DEAD_A, ALIVE_B, DEAD_B = 100_000, 90_000, 20_000, 90_000, 50_000
BLOCKED_DIVISION = 2
# Cells of hidden cultures (nM XIAP) and the stress they meet (nM).
CULTURES = ((36.0, 42.0, 45.0, 48.0, 60.0), (45.0, 48.0, 60.0, 66.0))
STRESSES_NM = (1.0, 5.0, 10.0, 18.0, 30.0)
Survivors = Callable[[Sequence[float], Sequence[float]], Sequence[float]]


@lru_cache(maxsize=256)
def _saved(xiap_nM: float, minute: float, stress_nM: float, rescue_xiap_nM: float) -> bool:
    return not survival.simulate(
        STRESS_NM,
        xiap_nM,
        rescue_at_min=minute,
        rescue_apaf1_nM=stress_nM,
        rescue_xiap_nM=rescue_xiap_nM,
        samples=3,
    ).dead


def _latest_min(xiap_nM: float) -> float:
    minute = 0
    while _saved(xiap_nM, minute + 1, STRESS_NM, RESCUE_XIAP_NM):
        minute += 1
    return float(minute)


def _least_xiap_nM() -> float:
    level = XIAP_STEP_NM * round(XIAP_NM / XIAP_STEP_NM)
    while not _saved(XIAP_NM, LATE_MIN, 0.0, level):
        level += XIAP_STEP_NM
    return level


@lru_cache(maxsize=1)
def _rescues() -> tuple[tuple[str, float], ...]:
    return (
        ("plain", _latest_min(XIAP_NM)),
        ("prepared", _latest_min(PREPARED_NM)),
        ("least", _least_xiap_nM()),
    )


def rescues() -> dict[str, float]:
    """Return the latest rescues (min) and the least XIAP that brings a cell back (nM)."""
    return dict(_rescues())


def check_rescues(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when both times and the level are right."""
    for name, xiap_nM in (("plain", XIAP_NM), ("prepared", PREPARED_NM)):
        if message := _judge_time(given[name], xiap_nM, rescues()[name]):
            return message
    least, right = given["least"], rescues()["least"]
    if isclose(least, right):
        return ""
    if isclose(least, RESCUE_XIAP_NM):
        return "Third box: 120 nM brings it back, but less does, too. Lower the slider."
    if least < right:
        return (
            f"Third box: with {least:g} nM after the rescue the cell still dies, although the "
            "stress has ended. Its switch stays on."
        )
    if least < right + XIAP_STEP_NM:
        return "Third box: close. Give the level that the slider shows; it moves in steps of 3 nM."
    return f"Third box: {least:g} nM brings the cell back, but so does one step less."


def _judge_time(minute: float, xiap_nM: float, right: float) -> str:
    cell = f"Cell with {xiap_nM:g} nM XIAP:"
    if isclose(minute, right):
        return ""
    if not 0 <= minute <= 60:
        return f"{cell} the slider goes from 0 to 60 minutes."
    if minute != int(minute):
        return f"{cell} give whole minutes."
    if not _saved(xiap_nM, minute, STRESS_NM, RESCUE_XIAP_NM):
        first = " It is the first that comes too late." if minute == right + 1 else ""
        seen = " By then half its caspase-3 is active." if (xiap_nM, minute) == (40, 11) else ""
        return f"{cell} a rescue at {minute:g} min comes too late.{first}{seen}"
    return f"{cell} a rescue at {minute:g} min saves it, but a later one does, too."


def survivors(stress_nM: Sequence[float], xiap_nM: Sequence[float]) -> list[float]:
    """Return the share of cells that live at each stress; the reference of exercise two."""
    limits = np.array([survival.death_threshold_nM(x) for x in xiap_nM])
    return [float((limits >= s).mean()) for s in stress_nM]


def check_survivors(function: Survivors) -> str:
    """Return what to look at, or nothing when the function gives every hidden curve."""
    if not callable(function):
        return "Give the function itself, without calling it: `lesson.check('e2', survivors)`."
    for cells in CULTURES:
        given = function(list(STRESSES_NM), list(cells))
        if given is None:
            return "Your function returns nothing; end it with `return`."
        values = np.asarray(given, dtype=float)
        if values.shape != (len(STRESSES_NM),):
            return "Return one share for each stress, as a list or array."
        if message := _compare(values, cells):
            return message
    return ""


def _compare(values: np.ndarray, cells: Sequence[float]) -> str:
    right = np.array(survivors(STRESSES_NM, cells))
    if np.allclose(values, right, atol=1e-6):
        return ""
    if np.allclose(values, 1 - right, atol=1e-6):
        return "You return the share that dies. Turn the comparison round."
    if np.allclose(values, 100 * right, atol=1e-4):
        return "Those are percent; return shares from 0 to 1."
    if np.allclose(values, len(cells) * right, atol=1e-4):
        return "You return how many cells live. Divide by the number of cells."
    for middle in (np.median(cells), np.mean(cells)):
        if np.allclose(values, survivors(STRESSES_NM, [float(middle)])):
            return "You asked one typical cell. Ask each cell for its own threshold, then average."
    shown = ", ".join(f"{v:.2g}" for v in values)
    return (
        f"For cells with {', '.join(f'{x:g}' for x in cells)} nM and stress "
        f"{', '.join(f'{s:g}' for s in STRESSES_NM)} nM you return {shown}; "
        f"{', '.join(f'{v:.2g}' for v in right)} live."
    )


def births() -> dict[str, float]:
    """Return births in both wells, the experiment that tells them apart and what B then holds."""
    return {
        "born_a": float(ALIVE_A - START + DEAD_A),
        "born_b": float(ALIVE_B - START + DEAD_B),
        "control": float(BLOCKED_DIVISION),
        "blocked_b": float(START - DEAD_B),
    }


def check_births(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when all four boxes are right."""
    wells = (("born_a", "A", ALIVE_A, DEAD_A), ("born_b", "B", ALIVE_B, DEAD_B))
    for name, well, alive, dead in wells:
        value = given[name]
        if isclose(value, births()[name]):
            continue
        if isclose(abs(value), abs(alive - START)):
            return f"Well {well}: that is the change of the living. Add those that died."
        if isclose(value, alive + dead):
            return f"Well {well}: that is everybody; {START:,} were there from the start."
        if isclose(abs(value), abs(alive - START - dead)):
            return f"Well {well}: deaths make room for more births, so add them."
        return f"Well {well}: not yet. Alive = start + born - dead."
    wrong = {
        1: "Fresh medium shows that both media do something. It cannot tell saved from born.",
        3: "Double amounts may give more of both. Saved and born look alike again.",
        4: "More wells make the same equal counts more certain.",
    }
    choice = given["control"]
    if not isclose(choice, BLOCKED_DIVISION):
        return wrong.get(int(choice), "Experiment: write 1, 2, 3 or 4.")
    if isclose(given["blocked_b"], births()["blocked_b"]):
        return ""
    if isclose(given["blocked_b"], ALIVE_B):
        return "Living cells in B: it owed its count to births, and now nothing is born."
    if isclose(given["blocked_b"], START - DEAD_A):
        return "Living cells in B: that is well A. In B as many die as in the control."
    return "Living cells in B: start without the dead, since nothing is born."


TASKS = {
    "e1": Task(
        check=check_rescues,
        reference=rescues,
        mistakes={
            "half its caspase-3": lambda: rescues() | {"plain": 11},
            "first that comes too late": lambda: rescues() | {"plain": 6},
            "a later one does": lambda: rescues() | {"prepared": 5},
            "whole minutes": lambda: rescues() | {"prepared": 15.5},
            "from 0 to 60": lambda: rescues() | {"plain": 300},
            "less does, too": lambda: rescues() | {"least": 120},
            "Its switch stays on": lambda: rescues() | {"least": 42},
            "steps of 3 nM": lambda: rescues() | {"least": 52},
            "one step less": lambda: rescues() | {"least": 60},
        },
    ),
    "e2": Task(
        check=check_survivors,
        reference=lambda: survivors,
        mistakes={
            "without calling it": lambda: [1.0, 0.5],
            "returns nothing": lambda: lambda stress, xiap: None,
            "one share for each": lambda: lambda stress, xiap: 0.5,
            "share that dies": lambda: lambda s, x: [1 - v for v in survivors(s, x)],
            "percent": lambda: lambda s, x: [100 * v for v in survivors(s, x)],
            "how many cells": lambda: lambda s, x: [len(x) * v for v in survivors(s, x)],
            "one typical cell": lambda: lambda s, x: survivors(s, [float(np.median(x))]),
            "you return": lambda: lambda s, x: [0.3 for _ in s],
        },
    ),
    "e3": Task(
        check=check_births,
        reference=births,
        mistakes={
            "change of the living": lambda: births() | {"born_a": -10_000},
            "everybody": lambda: births() | {"born_b": 140_000},
            "room for more births": lambda: births() | {"born_a": -30_000},
            "Well B: not yet": lambda: births() | {"born_b": 1},
            "Fresh medium": lambda: births() | {"control": 1},
            "Double amounts": lambda: births() | {"control": 3},
            "More wells": lambda: births() | {"control": 4},
            "write 1, 2, 3": lambda: births() | {"control": 7},
            "owed its count": lambda: births() | {"blocked_b": 90_000},
            "that is well A": lambda: births() | {"blocked_b": 80_000},
            "start without the dead": lambda: births() | {"blocked_b": 10},
        },
    ),
}
