"""Checks of lesson 13: the pool from counts, a p-value from percentages, uneven intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isclose

from secretome_edu.exercises.check import Task
from secretome_edu.models import effect_sizes

Counts = tuple[Sequence[float], Sequence[float], Sequence[float], Sequence[float]]
Pooled = Callable[[Sequence[float], Sequence[float], Sequence[float], Sequence[float]], float]
TREATED, CONTROL, PRINTED_P = 14, 15, 1e-4
SURVIVED, SURVIVED_CONTROL = 8, 4
INTUBATED, INTUBATED_CONTROL = 7, 12
UNEVEN, RESULTS = {2, 4, 5, 7}, range(1, 9)
ESTIMATE, LOW, HIGH = -4.02, -5.28, -2.23
# Hidden trials: one without deaths with cells, unequal groups.
HIDDEN: Counts = ((1, 9, 0), (40, 30, 8), (4, 12, 2), (20, 60, 16))
# Why each even result is even, said to those who pick it.
EVEN = {
    1: "Result 1: the square root of 0.64 times 1.21 is 0.88. As factors both sides are equal.",
    3: "Result 3: 4.22/1.14 and 15.68/4.22 are the same factor, though it looks lopsided.",
    6: "Result 6: -3.38 lies 1.20 from both ends. It is even.",
    8: "Result 8: the interval is even as factors. Its P may test whether the trials agree.",
}


def covid_counts() -> Counts:
    """Return the counts of the five trials of the published pool with known deaths."""
    from secretome_edu.figures.weighing_the_evidence import FIVE, counts

    a, n1, c, n2 = (list(map(float, column)) for column in counts(FIVE))
    return a, n1, c, n2


def pooled(
    a: Sequence[float], n1: Sequence[float], c: Sequence[float], n2: Sequence[float]
) -> float:
    """Return the Mantel-Haenszel risk ratio; the reference of the first exercise."""
    return effect_sizes.mantel_haenszel_risk_ratio(a, n1, c, n2)[0]


def _crude(
    a: Sequence[float], n1: Sequence[float], c: Sequence[float], n2: Sequence[float]
) -> float:
    return (sum(a) / sum(n1)) / (sum(c) / sum(n2))


def _mean(
    a: Sequence[float], n1: Sequence[float], c: Sequence[float], n2: Sequence[float]
) -> float:
    ratios = [(w / x) / (y / z) for w, x, y, z in zip(a, n1, c, n2, strict=True)]
    return sum(ratios) / len(ratios)


def _odds(
    a: Sequence[float], n1: Sequence[float], c: Sequence[float], n2: Sequence[float]
) -> float:
    rows = list(zip(a, n1, c, n2, strict=True))
    over = sum(w * (z - y) / (x + z) for w, x, y, z in rows)
    return over / sum(y * (x - w) / (x + z) for w, x, y, z in rows)


def check_pooled(function: Pooled) -> str:
    """Return what to look at, or nothing when the function pools as Mantel and Haenszel did."""
    if not callable(function):
        return "Give the function itself, without calling it: `lesson.check('e1', pooled)`."
    for columns in (covid_counts(), HIDDEN):
        value = function(*(list(column) for column in columns))
        if value is None:
            return "Your function returns nothing; end it with `return`."
        if message := _judge_pool(float(value), columns):
            return message
    return ""


def _judge_pool(value: float, columns: Counts) -> str:
    right = pooled(*columns)
    if isclose(value, right, rel_tol=1e-6):
        return ""
    if isclose(value, 1 / right, rel_tol=1e-6):
        return "Upside down: deaths with cells belong above the line."
    if isclose(value, _crude(*columns), rel_tol=1e-6):
        return (
            "You added the patients of all trials. That mixes trials whose groups differ in size."
        )
    if isclose(value, _mean(*columns), rel_tol=1e-6):
        return (
            "You averaged the ratios, so twenty patients count as much as forty. Add terms first."
        )
    if isclose(value, _odds(*columns), rel_tol=1e-6):
        return "That is the odds ratio. Above the line stand a and all n2, not those who survived."
    return f"Your function returns {value:.3g}; right is {right:.3g}. Add up first, divide last."


def fisher_p(alive: float) -> float:
    """Return Fisher's two-sided p for survivors of 14 beside 4 of 15."""
    from scipy.stats import fisher_exact

    rows = [[alive, TREATED - alive], [SURVIVED_CONTROL, CONTROL - SURVIVED_CONTROL]]
    return float(fisher_exact(rows).pvalue)


def p_values() -> dict[str, float]:
    """Return the counts behind the percentages, their p, and the survivors the print would need."""
    enough = [n for n in range(SURVIVED, TREATED + 1) if fisher_p(n) < PRINTED_P]
    return {
        "treated": float(SURVIVED),
        "control": float(SURVIVED_CONTROL),
        "p": fisher_p(SURVIVED),
        "needed": float(min(enough)),
    }


def check_p_values(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when counts, p and the needed survivors are right."""
    from scipy.stats import fisher_exact

    right = p_values()
    for name, size in (("treated", TREATED), ("control", CONTROL)):
        value = given[name]
        if isclose(value, right[name]):
            continue
        if isclose(value, size - right[name]):
            return f"Of {size}: those are the deaths. The percentages are of survivors."
        if value > size:
            return f"Of {size}: that is a percentage or too many people; give whole persons."
        if value != int(value):
            return f"Of {size}: people are whole. Round to the next whole person."
        return f"Of {size}: not yet. Percentage times {size}, divided by 100, rounded."
    p = given["p"]
    intubation = fisher_exact(
        [[INTUBATED, TREATED - INTUBATED], [INTUBATED_CONTROL, CONTROL - INTUBATED_CONTROL]]
    ).pvalue
    if isclose(p, PRINTED_P, rel_tol=0.01) or p < PRINTED_P:
        return "p: that is the printed one. Compute it from the counts."
    if isclose(p, right["p"] / 2, rel_tol=0.05):
        return "p: that is one-sided. The cell gives the two-sided value."
    if abs(p - float(intubation)) < 0.002:
        return "p: that belongs to intubation, 7 and 12. Change the counts to those of survival."
    if not isclose(p, right["p"], abs_tol=0.006):
        return "p: not yet. The rows are [8, 6] and [4, 11]: survived, did not."
    needed = given["needed"]
    if isclose(needed, right["needed"]):
        return ""
    if SURVIVED <= needed < right["needed"]:
        return (
            f"Needed: with {needed:g} survivors p is {fisher_p(int(needed)):.2g}, still too large."
        )
    return "Needed: a whole number of at most 14 people. Try the counts one by one."


def intervals() -> dict[str, float]:
    """Return the four results that do not fit, and where the end of the second belongs."""
    numbers = dict(
        zip(("first", "second", "third", "fourth"), map(float, sorted(UNEVEN)), strict=True)
    )
    return numbers | {"upper": 2 * ESTIMATE - LOW}


def check_intervals(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when all four are named and the end is right."""
    named = [given[name] for name in ("first", "second", "third", "fourth")]
    if any(value not in RESULTS for value in named):
        return "Name results by their numbers, 1 to 8."
    if len(set(named)) < len(named):
        return "You named one result twice. There are four different ones."
    for value in sorted(set(named) - UNEVEN):
        return EVEN[int(value)]
    upper, right = given["upper"], intervals()["upper"]
    if isclose(upper, right, abs_tol=0.006):
        return ""
    if isclose(upper, HIGH, abs_tol=0.006):
        return "Upper end: that is the printed one. The lower end is 1.26 away from the estimate."
    if isclose(upper, -right, abs_tol=0.006):
        return "Upper end: the sign is missing; the whole interval lies below zero."
    if isclose(upper, ESTIMATE**2 / LOW, abs_tol=0.01):
        return "Upper end: that would be even as factors. This is a difference, not a ratio."
    return "Upper end: as far above the estimate as the lower end is below it."


def _broken(**changes: float) -> Callable[[], dict[str, float]]:
    return lambda: p_values() | changes


def _named(*numbers: float, upper: float = -2.76) -> Callable[[], dict[str, float]]:
    boxes = ("first", "second", "third", "fourth")
    return lambda: {**dict(zip(boxes, numbers, strict=True)), "upper": upper}


TASKS = {
    "e1": Task(
        check=check_pooled,
        reference=lambda: pooled,
        mistakes={
            "without calling it": lambda: 0.59,
            "returns nothing": lambda: lambda a, n1, c, n2: None,
            "Upside down": lambda: lambda a, n1, c, n2: 1 / pooled(a, n1, c, n2),
            "added the patients": lambda: _crude,
            "averaged the ratios": lambda: _mean,
            "odds ratio": lambda: _odds,
            "divide last": lambda: lambda a, n1, c, n2: 0.3,
        },
    ),
    "e2": Task(
        check=check_p_values,
        reference=p_values,
        mistakes={
            "those are the deaths": _broken(treated=6),
            "that is a percentage": _broken(treated=57),
            "people are whole": _broken(control=4.2),
            "Of 15: not yet": _broken(control=5),
            "the printed one": _broken(p=0.0001),
            "one-sided": _broken(p=0.07),
            "belongs to intubation": _broken(p=0.128),
            "p: not yet": _broken(p=0.5),
            "still too large": _broken(needed=13),
            "one by one": _broken(needed=15),
        },
    ),
    "e3": Task(
        check=check_intervals,
        reference=intervals,
        mistakes={
            "1 to 8": _named(2, 4, 5, 9),
            "one result twice": _named(2, 2, 4, 5),
            "Result 1": _named(1, 2, 4, 5),
            "same factor": _named(2, 3, 4, 5),
            "It is even": _named(2, 4, 6, 7),
            "trials agree": _named(2, 4, 5, 8),
            "that is the printed one": _named(7, 5, 4, 2, upper=-2.23),
            "the sign is missing": _named(2, 4, 5, 7, upper=2.76),
            "not a ratio": _named(2, 4, 5, 7, upper=-3.06),
            "as far above": _named(2, 4, 5, 7, upper=0.0),
        },
    ),
}
