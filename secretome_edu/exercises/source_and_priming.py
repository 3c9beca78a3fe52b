"""Checks of the lesson source_and_priming; the texts stand in the YAML file beside this one."""

from __future__ import annotations

from math import isclose

from secretome_edu.exercises.check import Task

PG_PER_NG = 1000.0


def check_amount(amount_pg: float) -> str:
    """Return what to look at, or nothing when the amount is right."""
    if isclose(amount_pg, 2 * PG_PER_NG, rel_tol=0.01):
        return ""
    if isclose(amount_pg, 2 / PG_PER_NG, rel_tol=0.01):
        return "The other way round: picograms are smaller, so there are more of them."
    if isclose(amount_pg, PG_PER_NG, rel_tol=0.01):
        return "That is one nanogram. There are two."
    return "How many picograms are in one nanogram?"


TASKS = {
    "e1": Task(
        check=check_amount,
        reference=lambda: 2 * PG_PER_NG,
        mistakes={
            "other way": lambda: 2 / PG_PER_NG,
            "one nanogram": lambda: PG_PER_NG,
            "How many": lambda: 7.0,
        },
    )
}
