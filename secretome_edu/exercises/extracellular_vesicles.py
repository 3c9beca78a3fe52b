"""Checks of lesson 03: copies per vesicle, a count less its blank, names that evidence allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import hypot, log

from secretome_edu.exercises.check import Task
from secretome_edu.exercises.slips import first_slip
from secretome_edu.figures.extracellular_vesicles import COPIES_PER_EXOSOME, SMALL_NM
from secretome_edu.models import vesicles

DOSE = 1e9
TITER_M, TITER_SD_M = 1360.0, 349.0
BLANK_M, BLANK_SD_M = 692.0, 139.0


def copies_answer() -> dict[str, float]:
    """Return vesicles for one copy, vesicles for a chance of 95 %, and millions in a dose."""
    return {
        "per_copy": 1 / COPIES_PER_EXOSOME,
        "sure": -log(0.05) / COPIES_PER_EXOSOME,
        "copies_millions": DOSE * COPIES_PER_EXOSOME / 1e6,
    }


def check_copies(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when all three numbers are right."""
    right, mean = copies_answer(), COPIES_PER_EXOSOME
    slips = {
        "per_copy": {
            mean: "That is copies per vesicle. You want vesicles per copy: the other way round.",
            100 * mean: "That is the percentage of vesicles that hold a copy.",
        },
        "sure": {
            right["per_copy"]: "So many hold one on average, but more than a third of cells get "
            "none.",
            0.95 / mean: "Chances do not add up like this: some cells get two copies and others "
            "none.",
            -log(0.95) / mean: "That is a chance of 5 %. The chance of **none** is to be 5 %.",
        },
        "copies_millions": {
            DOSE * mean: "Right, but in single copies; the box asks for millions.",
            DOSE / mean / 1e6: "You divided. More copies per vesicle make more copies: multiply.",
        },
    }
    places = {
        "per_copy": "the first number: how many vesicles share one copy",
        "sure": "the second number: the chance of none among N vesicles is exp(−0.00825 N)",
        "copies_millions": "the third number: vesicles times copies per vesicle",
    }
    return first_slip(given, right, slips, lambda name: f"Look at {places[name]}.", 0.015)


def blank_answer() -> dict[str, float]:
    """Return the count less its blank, its standard deviation, and the share of the count."""
    left, sd = vesicles.blank_corrected(TITER_M, TITER_SD_M, BLANK_M, BLANK_SD_M)
    return {
        "difference_millions": float(left),
        "sd_millions": float(sd),
        "share_percent": 100 * float(left) / TITER_M,
    }


def check_blank(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when difference, spread and share are right."""
    slips = {
        "difference_millions": {
            TITER_M + BLANK_M: "You added the blank. It was there before: take it away.",
            TITER_M: "That is the titer as reported, with the particles of the serum.",
        },
        "sd_millions": {
            TITER_SD_M - BLANK_SD_M: "Spreads are not subtracted: two doubts make a larger one.",
            TITER_SD_M + BLANK_SD_M: "That would hold if both always erred in opposite ways.",
            TITER_SD_M**2 + BLANK_SD_M**2: "That is the sum of the squares. Take its root.",
        },
        "share_percent": {
            100 * BLANK_M / TITER_M: "That is the share of the blank. What is left for the cells?",
            (TITER_M - BLANK_M) / TITER_M: "Right as a fraction; the box asks for percent.",
            100 * (TITER_M - BLANK_M) / BLANK_M: "You divided by the blank, not by the titer.",
        },
    }
    places = {
        "difference_millions": "the difference: with cells less without",
        "sd_millions": "the spread: the root of the sum of both squares",
        "share_percent": "the share: what is left over the titer",
    }
    return first_slip(given, blank_answer(), slips, lambda name: f"Look at {places[name]}.", 0.015)


def name_for(bilayer: str, origin: str | None, diameter_nm: float | None, cd63: bool) -> str:
    """Return the most specific name; the reference of the third exercise.

    Examples
    --------
    >>> name_for("shown", None, 90.0, True)
    'small EV'
    """
    if bilayer == "absent":
        return "non-vesicular extracellular particle"
    if bilayer != "shown":
        return "extracellular particle"
    if origin is not None:
        return {"endosome": "exosome", "plasma membrane": "ectosome"}[origin]
    if diameter_nm is None:
        return "EV"
    return "small EV" if diameter_nm < SMALL_NM else "large EV"


# What the evidence was, and what to say to a name that claims something else.
_PREPARATIONS: list[tuple[tuple, str]] = [
    (("shown", "endosome", 90.0, True), "The origin was shown here, so its name is allowed."),
    (("shown", "plasma membrane", 150.0, True), "Shed from the surface: the origin was shown."),
    (("shown", None, 90.0, True), "CD63 shows no origin, and neither does a size."),
    (("shown", None, 90.0, False), "Origin unknown, membrane shown, below 200 nm."),
    (("shown", None, 600.0, False), "Origin unknown, membrane shown, above 200 nm."),
    (("shown", None, None, True), "Nobody measured a size, so no name may hold one."),
    (("not tested", None, 100.0, True), "Nobody showed a membrane, so it may be no vesicle."),
    (("absent", None, 45.0, False), "There is no membrane, so it is no vesicle."),
]


def check_names(function: Callable[..., str]) -> str:
    """Return what to look at, or nothing when every preparation gets its name."""
    if not callable(function):
        return "Give the function itself, without calling it: `lesson.check('e3', name_for)`."
    for evidence, say in _PREPARATIONS:
        given, right = function(*evidence), name_for(*evidence)
        if given is None:
            return "Your function returns nothing for some evidence; end every way with `return`."
        if not isinstance(given, str):
            return f"Your function returns a {type(given).__name__}; let it return a name."
        if given.strip().lower() != right.lower():
            shown = ", ".join(repr(part) for part in evidence)
            return f"`name_for({shown})` returns {given!r}. {say}"
    return ""


def _copies(**changed: float) -> dict[str, float]:
    return {**copies_answer(), **changed}


def _blank(**changed: float) -> dict[str, float]:
    return {**blank_answer(), **changed}


TASKS = {
    "e1": Task(
        check=check_copies,
        reference=copies_answer,
        mistakes={
            "other way round": lambda: _copies(per_copy=COPIES_PER_EXOSOME),
            "percentage of vesicles": lambda: _copies(per_copy=100 * COPIES_PER_EXOSOME),
            "a third of cells get none": lambda: _copies(sure=1 / COPIES_PER_EXOSOME),
            "do not add up": lambda: _copies(sure=0.95 / COPIES_PER_EXOSOME),
            "chance of **none** is to be": lambda: _copies(sure=-log(0.95) / COPIES_PER_EXOSOME),
            "in single copies": lambda: _copies(copies_millions=DOSE * COPIES_PER_EXOSOME),
            "You divided": lambda: _copies(copies_millions=DOSE / COPIES_PER_EXOSOME / 1e6),
            "Look at the first": lambda: _copies(per_copy=7.0),
        },
    ),
    "e2": Task(
        check=check_blank,
        reference=blank_answer,
        mistakes={
            "added the blank": lambda: _blank(difference_millions=TITER_M + BLANK_M),
            "titer as reported": lambda: _blank(difference_millions=TITER_M),
            "not subtracted": lambda: _blank(sd_millions=TITER_SD_M - BLANK_SD_M),
            "opposite ways": lambda: _blank(sd_millions=TITER_SD_M + BLANK_SD_M),
            "Take its root": lambda: _blank(sd_millions=hypot(TITER_SD_M, BLANK_SD_M) ** 2),
            "share of the blank": lambda: _blank(share_percent=100 * BLANK_M / TITER_M),
            "asks for percent": lambda: _blank(share_percent=1 - BLANK_M / TITER_M),
            "not by the titer": lambda: _blank(share_percent=100 * (TITER_M / BLANK_M - 1)),
            "Look at the spread": lambda: _blank(sd_millions=5.0),
        },
    ),
    "e3": Task(
        check=check_names,
        reference=lambda: name_for,
        mistakes={
            "without calling it": lambda: "small EV",
            "returns nothing": lambda: lambda bilayer, origin, diameter_nm, cd63: None,
            "let it return a name": lambda: lambda bilayer, origin, diameter_nm, cd63: 3,
            "its name is allowed": lambda: lambda bilayer, origin, diameter_nm, cd63: "EV",
            "CD63 shows no origin": lambda: _by_marker,
            "no membrane, so it is no vesicle": lambda: _without_absent,
            "may be no vesicle": lambda: _without_membrane,
            "stopped with": lambda: lambda: "EV",
        },
    ),
}


def _by_marker(bilayer: str, origin: str | None, diameter_nm: float | None, cd63: bool) -> str:
    return name_for(bilayer, origin or ("endosome" if cd63 else None), diameter_nm, cd63)


def _without_membrane(
    bilayer: str, origin: str | None, diameter_nm: float | None, cd63: bool
) -> str:
    return name_for("shown", origin, diameter_nm, cd63)


def _without_absent(bilayer: str, origin: str | None, diameter_nm: float | None, cd63: bool) -> str:
    return name_for("not tested" if bilayer == "absent" else bilayer, origin, diameter_nm, cd63)
