"""Checks of lesson 01: cultures by criteria, events in decades, infused cells, products."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isclose, log
from typing import SupportsFloat

from secretome_edu.exercises.check import Task

# Box -> row of the timeline, which holds the year.
EVENTS = {
    "named": "Y008",
    "criteria": "Y015",
    "rename": "Y034",
    "trial": "Y010",
    "approved": "Y048",
    "word": "Y005",
    "kidney": "Y019",
    "medium": "Y014",
    "fresh": "Y017",
    "bone": "Y032",
}
LABELS = {
    "named": "the name mesenchymal stem cells",
    "criteria": "the minimal criteria",
    "rename": "the call for another name",
    "trial": "the first trial",
    "kidney": "vesicles and mouse kidneys",
    "medium": "the medium of Akt-MSC",
    "fresh": "fresh medium in rats",
    "bone": "the medium in people",
}
DOSE, ELSEWHERE, HALF_LIFE_DAYS = 2e6, 1000.0, 1.0
PROBES = [
    ("EV", "human"),
    ("EV", "mouse"),
    ("conditioned medium", "rat"),
    ("cells", "human"),
    ("secretome", "cattle"),
]

CULTURES = {"passed": 2.0, "blood": 5.0, "open": 4.0, "stem": 5.0}


def check_cultures(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when all five cultures are judged right."""
    if given["stem"] != CULTURES["stem"]:
        return "No criterion tests for stem cells, so passing shows it of none of the five."
    if given["passed"] == 3 and given["blood"] == CULTURES["blood"]:
        return "You let a culture pass of which one test is missing. It may pass later."
    if given["blood"] == 3:
        return "Culture 3 fails by its *positive* markers: too few cells carry them."
    if given["blood"] != CULTURES["blood"]:
        return "At most 2 % may carry blood-cell markers. In which culture are there more?"
    if given["open"] != CULTURES["open"]:
        return "That culture was tested in full. Which one lacks a test?"
    if given["passed"] != CULTURES["passed"]:
        return "Take the cultures one by one: 95 % or more, 2 % or less, three lineages shown."
    return ""


def decades() -> dict[str, float]:
    """Return the decade of each event, from the years in the timeline."""
    from secretome_edu import data

    years = data.load("timeline").set_index("row_id")["year"]
    return {name: _decade(float(years[row])) for name, row in EVENTS.items()}


def _decade(year: float) -> float:
    return 10.0 * (year // 10)


def check_decades(given_years: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when all ten events are in their decade."""
    if any(not 1900 <= year < 2100 for year in given_years.values()):
        return "Each box takes a decade by its first year, in four digits."
    right = decades()
    given = {name: _decade(given_years[name]) for name in right}
    wrong = [name for name in right if given[name] != right[name]]
    if not wrong:
        return ""
    if "trial" in wrong and given["trial"] >= given["medium"]:
        return (
            "You put the trial not before the medium. Patients were infused years before "
            "anybody showed what the medium of the cells does."
        )
    if "word" in wrong:
        return "The word exosome is older than the name of MSC: it comes from other fields."
    if "criteria" in wrong and given["criteria"] <= right["named"]:
        return "Name and criteria are years apart: the cells were named long before being defined."
    if "approved" in wrong:
        return "Other countries approved MSC products earlier; the USA only in the present decade."
    if "bone" in wrong and given["bone"] == right["medium"]:
        return "From the infarct to a person took longer: look at the first human use again."
    placed = len(right) - len(wrong)
    return f"{placed} of ten are in place. Look up this one in the tables: {LABELS[wrong[0]]}."


def fates() -> dict[str, float]:
    """Return the three numbers the second exercise asks for."""
    return {
        "share": 100 * ELSEWHERE / DOSE,
        "left": DOSE * 0.5 ** (3 / HALF_LIFE_DAYS),
        "one_day": DOSE * HALF_LIFE_DAYS / log(2),
    }


def check_fates(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when all three numbers are right."""
    slips = {
        "share": [
            (0.0005, "That is the fraction. The box asks for percent: times a hundred."),
            (100 * ELSEWHERE / DOSE / 6, "You shared them out evenly. At most means: all in one."),
            (100 - 0.05, "That is the share outside these six tissues. Where can the heart be?"),
        ],
        "left": [
            (DOSE / 3, "You divided by three. In each half-life half of the rest goes."),
            (DOSE / 6, "You divided by six. Halve, then halve the rest, then again."),
            (DOSE * 7 / 8, "That is how many are gone. How many are left?"),
        ],
        "one_day": [
            (DOSE, "They live longer than one day on average: half of them outlive the first."),
            (2 * DOSE, "The mean life is less than two half-lives: divide by ln 2 = 0.693."),
            (DOSE * log(2), "Upside down: divide by ln 2, so that more than the dose comes out."),
        ],
    }
    labels = {"share": "the share", "left": "the cells left", "one_day": "the last box"}
    for name, right in fates().items():
        value = given[name]
        if isclose(value, right, rel_tol=0.05):
            continue
        for slip, message in slips[name]:
            if isclose(value, slip, rel_tol=0.02):
                return message
        return f"Not yet for {labels[name]}. Take the three boxes one by one; the hints help."
    return ""


def studied(product: str, species: str) -> int:
    """Return how many rows have this product and species; the reference of the third exercise."""
    from secretome_edu import data

    table = data.load("applications")
    return int(((table["product_class"] == product) & (table["species"] == species)).sum())


def _rows(column: str, value: str) -> int:
    from secretome_edu import data

    return int((data.load("applications")[column] == value).sum())


def check_studied(function: Callable[[str, str], int]) -> str:
    """Return what to look at, or nothing when the function counts right."""
    if not callable(function):
        return "Give the function itself, without calling it: `lesson.check('e3', studied)`."
    for product, species in PROBES:
        right, value = studied(product, species), function(product, species)
        if value is None:
            return "Your function returns nothing; end it with `return`."
        if getattr(value, "ndim", 0) or not isinstance(value, SupportsFloat):
            return (
                f"Your function returns a {type(value).__name__}; `sum()` makes one number of it."
            )
        if float(value) == right:
            continue
        if float(value) == _rows("product_class", product):
            return f"{value} rows have the product {product!r}, whatever the species. Use both."
        if float(value) == _rows("species", species):
            return f"{value} rows are in the species {species!r}, whatever the product. Use both."
        return f"For {product!r} in {species!r} you return {value}; the table has {right} rows."
    return ""


TASKS = {
    "e4": Task(
        check=check_cultures,
        reference=lambda: dict(CULTURES),
        mistakes={
            "tests for stem cells": lambda: {**CULTURES, "stem": 3.0},
            "one test is missing": lambda: {**CULTURES, "passed": 3.0},
            "positive": lambda: {**CULTURES, "blood": 3.0},
            "At most 2": lambda: {**CULTURES, "blood": 1.0},
            "tested in full": lambda: {**CULTURES, "open": 3.0},
            "one by one": lambda: {**CULTURES, "passed": 4.0},
        },
    ),
    "e1": Task(
        check=check_decades,
        reference=decades,
        mistakes={
            "four digits": lambda: {**decades(), "named": 91.0},
            "before the medium": lambda: {**decades(), "trial": 2000.0},
            "older than the name": lambda: {**decades(), "word": 2010.0},
            "being defined": lambda: {**decades(), "criteria": 1990.0},
            "Other countries": lambda: {**decades(), "approved": 2010.0},
            "took longer": lambda: {**decades(), "bone": 2000.0},
            "9 of ten": lambda: {**decades(), "rename": 2000.0},
        },
    ),
    "e2": Task(
        check=check_fates,
        reference=fates,
        mistakes={
            "percent": lambda: {**fates(), "share": 0.0005},
            "all in one": lambda: {**fates(), "share": 0.05 / 6},
            "outside these": lambda: {**fates(), "share": 99.95},
            "divided by three": lambda: {**fates(), "left": DOSE / 3},
            "divided by six": lambda: {**fates(), "left": DOSE / 6},
            "are gone": lambda: {**fates(), "left": DOSE * 7 / 8},
            "longer than one day": lambda: {**fates(), "one_day": DOSE},
            "two half-lives": lambda: {**fates(), "one_day": 2 * DOSE},
            "Upside down": lambda: {**fates(), "one_day": DOSE * log(2)},
            "Not yet for": lambda: {**fates(), "one_day": 5.0},
        },
    ),
    "e3": Task(
        check=check_studied,
        reference=lambda: studied,
        mistakes={
            "without calling it": lambda: 14,
            "returns nothing": lambda: lambda product, species: None,
            "makes one number": lambda: lambda product, species: [product, species],
            "whatever the species": lambda: lambda p, s: _rows("product_class", p),
            "whatever the product": lambda: lambda p, s: _rows("species", s),
            "the table has": lambda: lambda p, s: 3,
        },
    ),
}
