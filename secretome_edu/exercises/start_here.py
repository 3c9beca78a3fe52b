"""Checks of lesson 00: one easy task, so that a first exercise is about how exercises work."""

from __future__ import annotations

from math import isclose

from secretome_edu.exercises.check import Task

VEGF_PG_PER_ML = 40.0
VOLUME_ML = 10.0


def check_amount(vegf_pg: float) -> str:
    """Return what to look at, or nothing when the amount is right."""
    right = VEGF_PG_PER_ML * VOLUME_ML
    if isclose(vegf_pg, right, rel_tol=0.01):
        return ""
    if isclose(vegf_pg, VEGF_PG_PER_ML, rel_tol=0.01):
        return "That is the amount in **one** milliliter. The bottle holds ten."
    if isclose(vegf_pg, VEGF_PG_PER_ML / VOLUME_ML, rel_tol=0.01):
        return "You divided. Each milliliter **adds** its share, so multiply."
    if isclose(vegf_pg, right / 1000, rel_tol=0.01):
        return "The number fits nanograms; the box asks for picograms, a thousand times smaller."
    return "Multiply what is in each milliliter by the number of milliliters."


TASKS = {
    "e1": Task(
        check=check_amount,
        reference=lambda: VEGF_PG_PER_ML * VOLUME_ML,
        mistakes={
            "one": lambda: VEGF_PG_PER_ML,
            "divided": lambda: VEGF_PG_PER_ML / VOLUME_ML,
            "nanograms": lambda: VEGF_PG_PER_ML * VOLUME_ML / 1000,
            "Multiply what": lambda: -3.0,
        },
    )
}
