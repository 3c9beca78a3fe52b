"""Checks of lesson 02: filter the table of factors, convert units, find comparable rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import isclose
from typing import Any

from secretome_edu.exercises.check import Task

FUNCTION = "immunomodulation_anti_inflammatory"
IGF1_PG_PER_ML, IGF1_KDA = 1515.6, 7.649
VEGF_PG_PER_ML, VEGF_KDA = 465.8, 38.2
VEGF_PG, CELLS, SECONDS = 502.0, 1e5, 86_400.0
MOLECULES_PER_PG_KDA = 6.02214076e8  # 1 pg of a 1-kDa molecule is 1 fmol
COMPARABLE, NO_AMOUNT, ROWS = {4, 5}, 6, range(1, 8)


def _calming(released: bool = True, human: bool = True, settled: bool = True) -> list[str]:
    """Return the symbols that calm inflammation and pass the filters that are switched on."""
    from secretome_edu.data import load

    table = load("factors")
    keep = table["functions"].map(lambda names: isinstance(names, tuple) and FUNCTION in names)
    if released:
        keep &= table["location"] == "released"
    if human:
        keep &= table["species"] == "human"
    if settled:
        keep &= table["flag"].isna()
    return list(table["symbol"][keep])


def remaining() -> list[str]:
    """Return the symbols the first exercise asks for."""
    return _calming()


def check_symbols(given: Iterable[str]) -> str:
    """Return what to look at, or nothing when the right symbols were collected."""
    if callable(given) or isinstance(given, (str, int, float)):
        return 'Give a list of symbols, such as `["A", "B"]`.'
    if hasattr(given, "columns"):
        return 'That is a whole table. Take its column: `list(table["symbol"])`.'
    found, wanted = {str(name) for name in given}, set(remaining())
    if not found:
        return "No symbol is left. Test one condition at a time and count what passes."
    from secretome_edu.data import load

    rows = load("factors").set_index("symbol")
    if unknown := sorted(found - set(rows.index)):
        return f"{unknown[0]!r} is no symbol of the table; take the column `symbol`."
    extra = rows.loc[sorted(found - wanted)]
    kept = extra[extra["location"] != "released"]
    if len(kept):
        return f"{kept.index[0]} is not released: its location is '{kept['location'].iloc[0]}'."
    disputed = extra[extra["flag"].notna()]
    if len(disputed):
        return f"{disputed.index[0]} carries a flag ('{disputed['flag'].iloc[0]}'); leave it out."
    other = extra[extra["species"] != "human"]
    if len(other):
        return f"For {other.index[0]} the species is '{other['species'].iloc[0]}', not 'human'."
    if len(extra):
        return f"No text read says that {extra.index[0]} calms inflammation."
    if missing := len(wanted - found):
        return f"All of yours fit, but {missing} more would pass the filter."
    return ""


def conversions() -> dict[str, float]:
    """Return the two molar concentrations (pM) and the rate the second exercise asks for."""
    return {
        "igf1": IGF1_PG_PER_ML / IGF1_KDA,
        "vegf": VEGF_PG_PER_ML / VEGF_KDA,
        "rate": VEGF_PG / CELLS / VEGF_KDA * MOLECULES_PER_PG_KDA / SECONDS,
    }


def check_conversions(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when all three numbers are right."""
    right = conversions()
    for name, mass_kda in (("igf1", IGF1_KDA), ("vegf", VEGF_KDA)):
        value, label = given[name], name.upper()
        if _close(value, right[name]):
            continue
        if _close(value, right[name] * mass_kda**2):
            return f"{label}: you multiplied by the mass. Heavier molecules are fewer: divide."
        if _close(value, right[name] / 1000):
            return f"{label}: that number fits nM; the box asks for pM, a thousand times smaller."
        if _close(value, right[name] * mass_kda):
            return f"{label}: that is still pg/mL. Divide by the mass in kDa."
        return f"{label}: not yet. Divide pg/mL by the mass in kDa; the result is in pM."
    value, rate = given["rate"], right["rate"]
    if _close(value, rate):
        return ""
    slips = {
        rate * SECONDS: "That is per cell in a whole day. Divide by its seconds.",
        rate * CELLS: "That is what all cells release. Divide by their number.",
        rate * 3600: "That is per cell and hour. An hour has 3600 seconds.",
        rate * VEGF_KDA: "The mass is missing: divide by 38.2 kDa.",
    }
    for slip, message in slips.items():
        if _close(value, slip):
            return message
    return "Rate: not yet. Picograms per cell, then molecules per cell, then per second."


def _close(value: float, right: float) -> bool:
    return isclose(value, right, rel_tol=0.02)


def check_rows(given: Mapping[str, float]) -> str:
    """Return what to look at, or nothing when pair and limit are named."""
    for value in given.values():
        if value not in ROWS:
            return f"There is no row {value:g}; the rows have the numbers 1 to 7."
    pair = {int(given["first"]), int(given["second"])}
    if len(pair) < 2:
        return "You named one row twice. A comparison needs two."
    if NO_AMOUNT in pair:
        return "Row 6 is a limit of an assay. It says nothing about what any cells released."
    if 7 in pair:
        return "Row 7 is a ratio. Its control is not printed, so it meets no amount."
    if pair == {1, 2}:
        return "Rows 1 and 2 differ in species, and the assay may see the two VEGFs differently."
    if pair in ({1, 3}, {2, 3}):
        return "One unit, two papers: number of cells, volume and time are not known for either."
    if pair != COMPARABLE:
        return "A concentration in medium and an amount per cell number do not share an axis."
    if given["no_amount"] == 7:
        return "Row 7 is a ratio of amounts. Which row says nothing about the cells?"
    if given["no_amount"] != NO_AMOUNT:
        return f"Row {given['no_amount']:g} is an amount of VEGF. Which number belongs to an assay?"
    return ""


def _with(**changes: float) -> Callable[[], dict[str, float]]:
    return lambda: {**conversions(), **changes}


def _rows(first: float, second: float, no_amount: float) -> Callable[[], dict[str, Any]]:
    return lambda: {"first": first, "second": second, "no_amount": no_amount}


TASKS = {
    "e1": Task(
        check=check_symbols,
        reference=remaining,
        mistakes={
            "not released": lambda: _calming(released=False),
            "carries a flag": lambda: _calming(settled=False),
            "the species is": lambda: _calming(human=False),
            "more would pass": lambda: remaining()[:-1],
            "No text read": lambda: [*remaining(), "VEGFA"],
            "is no symbol": lambda: ["TSG-6"],
            "No symbol is left": list,
            "Give a list": lambda: "STC1",
        },
    ),
    "e2": Task(
        check=check_conversions,
        reference=conversions,
        mistakes={
            "you multiplied": _with(igf1=IGF1_PG_PER_ML * IGF1_KDA),
            "fits nM": _with(vegf=VEGF_PG_PER_ML / VEGF_KDA / 1000),
            "still pg/mL": _with(vegf=VEGF_PG_PER_ML),
            "IGF1: not yet": _with(igf1=1.0),
            "whole day": _with(rate=conversions()["rate"] * SECONDS),
            "all cells": _with(rate=conversions()["rate"] * CELLS),
            "per cell and hour": _with(rate=conversions()["rate"] * 3600),
            "mass is missing": _with(rate=conversions()["rate"] * VEGF_KDA),
            "Rate: not yet": _with(rate=3.0),
        },
    ),
    "e3": Task(
        check=check_rows,
        reference=_rows(4, 5, 6),
        mistakes={
            "no row 9": _rows(4, 9, 6),
            "one row twice": _rows(4, 4, 6),
            "limit of an assay": _rows(4, 6, 7),
            "Row 7 is a ratio. Its": _rows(5, 7, 6),
            "differ in species": _rows(2, 1, 6),
            "two papers": _rows(1, 3, 6),
            "do not share an axis": _rows(1, 4, 6),
            "Row 7 is a ratio of": _rows(4, 5, 7),
            "belongs to an assay": _rows(4, 5, 2),
        },
    ),
}
