"""Checks of lesson 16: a weighted ranking, the weight that turns it, and the ranking as code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isclose
from typing import Any

from secretome_edu.exercises.check import Task
from secretome_edu.models.decision import Decision

OPTIONS = ("living cells", "conditioned medium", "vesicles")
FIELDS = ("cells", "medium", "vesicles")
CRITERIA = ("effect", "safety", "control", "readiness", "cost")
SCORES = ((0.6, 0.5, 0.3, 0.3, 0.3), (0.3, 0.5, 0.4, 0.7, 0.7), (0.3, 0.5, 0.7, 0.8, 0.4))
WEIGHTS = (0.5, 0.2, 0.1, 0.1, 0.1)
TRIED = ((1, 1, 1, 1, 1), WEIGHTS, (1, 1, 1, 1, 3), (0, 0, 0, 1, 0), (10, 2, 2, 2, 2))


def _values(weights: Sequence[float]) -> dict[str, float]:
    return {
        name: sum(w * s for w, s in zip(weights, scores, strict=True))
        for name, scores in zip(FIELDS, SCORES, strict=True)
    }


def check_values(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when the three weighted values are right."""
    slips = [
        ([0.2] * 5, "That is the plain mean. Let effect count half, as the prompt says."),
        ([1.0] * 5, "That is the sum of the scores. Multiply each by its weight first."),
        ([100 * w for w in WEIGHTS], "A hundred times too much: write 50 % as 0.5."),
        (WEIGHTS[::-1], "The weights stand in the other order: effect comes first."),
    ]
    for name, right in _values(WEIGHTS).items():
        if isclose(given[name], right, abs_tol=0.005):
            continue
        for weights, message in slips:
            if isclose(given[name], _values(weights)[name], abs_tol=0.005):
                return message
        return f"Not yet for {name}. Multiply its five scores by the five weights, then add."
    return ""


def turning_percent() -> float:
    """Return the weight of effect at which living cells catch up with vesicles, in percent."""
    choice = Decision(OPTIONS, CRITERIA, SCORES, [1] * 5)
    return next(100 * r.weight_then for r in choice.reversals() if r.criterion == "effect")


def check_turning(percent: float) -> str:
    """Return what to look at, or nothing when the weight is right."""
    right = turning_percent()
    if isclose(percent, right, abs_tol=1.0):
        return ""
    if isclose(percent, right / 100, abs_tol=0.01):
        return "Right as a fraction; the box asks for percent."
    if isclose(percent, 100 - right, abs_tol=1.0):
        return "That is the share of the other four together. What is left for effect?"
    if isclose(percent, 20, abs_tol=1.0):
        return "That is the weight now, with all five alike. Vesicles are ahead there."
    if percent < right:
        return "Below that weight vesicles are still ahead of living cells."
    return "With that weight living cells are ahead already; the lines cross earlier."


def first(weights: Sequence[float]) -> str:
    """Return the name of the first product; the reference of the third exercise."""
    return Decision(OPTIONS, CRITERIA, SCORES, list(weights)).rank().options[0]


def check_first(function: Callable[[Sequence[float]], Any]) -> str:
    """Return what to look at, or nothing when the function finds the first place."""
    if not callable(function):
        return "Give the function itself, without calling it: `lesson.check('e3', first)`."
    for weights in TRIED:
        right, value = first(weights), function(weights)
        if value == right:
            continue
        if value is None:
            return "Your function returns nothing; end it with `return`."
        if not isinstance(value, str):
            return f"Your function returns a {type(value).__name__}; let it return the name."
        if value == _named(min, weights):
            return "That is the last place. The best has the highest value."
        if value == _named(max, [1] * 5):
            return (
                f"With the weights {weights} that is the first of the plain means. Use the weights."
            )
        return f"With the weights {weights} {right} come first, not {value}."
    return ""


def _named(best: Callable[..., str], weights: Sequence[float]) -> str:
    values = _values(weights)
    return OPTIONS[FIELDS.index(best(values, key=values.__getitem__))]


TASKS = {
    "e1": Task(
        check=check_values,
        reference=lambda: _values(WEIGHTS),
        mistakes={
            "plain mean": lambda: _values([0.2] * 5),
            "sum of the scores": lambda: _values([1.0] * 5),
            "A hundred times": lambda: _values([100 * w for w in WEIGHTS]),
            "other order": lambda: _values(WEIGHTS[::-1]),
            "Not yet for": lambda: dict.fromkeys(FIELDS, 0.9),
        },
    ),
    "e2": Task(
        check=check_turning,
        reference=turning_percent,
        mistakes={
            "as a fraction": lambda: turning_percent() / 100,
            "other four together": lambda: 100 - turning_percent(),
            "weight now": lambda: 20.0,
            "still ahead": lambda: 33.0,
            "cross earlier": lambda: 80.0,
        },
    ),
    "e3": Task(
        check=check_first,
        reference=lambda: first,
        mistakes={
            "without calling it": lambda: "vesicles",
            "returns nothing": lambda: lambda weights: None,
            "return the name": lambda: lambda weights: 2,
            "last place": lambda: lambda weights: _named(min, weights),
            "plain means": lambda: lambda weights: "vesicles",
            "come first, not": lambda: lambda weights: "conditioned medium",
            "stopped with": lambda: lambda: "vesicles",
        },
    ),
}
