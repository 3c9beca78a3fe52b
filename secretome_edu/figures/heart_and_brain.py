"""Lesson 11: four arms of one rat experiment, pooled effects on the heart, and a map of claims.

Every number is a row of ``outcomes_numeric`` or ``applications``; nothing is computed from a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from secretome_edu.figures.describe import number
from secretome_edu.figures.evidence_map import evidence_map as make_map
from secretome_edu.figures.scene import Rule, Scene, Span, SpanPanel

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = {"LVEF at 4 weeks": "percent", "scar thickness": "µm"}
ARMS = {
    "control medium": "fresh medium",
    "conditioned medium": "conditioned medium",
    "cells": "MSC",
}
POOLED = {  # one row for each pooled analysis, near 6 months where it has several times
    "Animals, vesicles v control": ("O033", "O036", "O041"),
    "Patients, cells v control": ("O050", "O154", "O155", "O047"),
}
CONDITIONS = {  # words of the table's disease -> row of the map; the first that fits
    "Myocardial": "infarction",
    "myocardial": "infarction",
    "Heart failure": "heart failure",
    "stroke": "stroke",
    "Cerebral ischemia": "stroke",
    "Parkinson": "Parkinson's",
    "Alzheimer": "Alzheimer's",
    "Spinal cord": "spinal cord or brain injury",
    "Traumatic": "spinal cord or brain injury",
}
RESULTS = {
    "favorable as reported": "↑ {} favorable",
    "neutral or unfavorable": "○ {} neutral or worse",
}


def _rows() -> pd.DataFrame:
    from secretome_edu import data

    return data.load("outcomes_numeric")


def arms() -> Scene:
    """Return mean and printed spread of four groups of rats, for two outcomes."""
    rows = _rows()
    rows = rows[rows["set_id"] == "cm_vs_msc_rat_mi"]
    panels, told = [], []
    for outcome, unit in OUTCOMES.items():
        part = {row["product_class"]: row for row in _dicts(rows[rows["outcome"] == outcome])}
        spans = [_arm("saline", part["cells"], "control")]
        spans += [_arm(label, part[key], "treated") for key, label in ARMS.items()]
        panels.append(
            SpanPanel(outcome[0].upper() + outcome[1:], f"{unit}; bars: spread as printed", spans)
        )
        means = ", ".join(f"{s.label.split(' (')[0]} {number(s.middle or 0)}" for s in spans)
        told.append(f"{panels[-1].title} ({unit}): {means}.")
    description = (
        f"Four groups of rats after infarction. {' '.join(told)} The abstract does not say "
        "whether the spread is a standard deviation or a standard error."
    )
    return Scene("One experiment, four groups (Dai 2007)", panels, description)


def _arm(label: str, row: Mapping[str, Any], side: str) -> Span:
    mean, spread, size = (row[f"{name}_{side}"] for name in ("mean", "spread", "n"))
    return Span(f"{label} (n={int(size)})", mean - spread, mean + spread, mean)


def pooled() -> Scene:
    """Return pooled gains in ejection fraction: vesicles in animals, cells in patients."""
    from secretome_edu import data

    rows = {row["row_id"]: row for row in _dicts(_rows())}
    panels, told = [], []
    for title, ids in POOLED.items():
        spans = []
        for row in (rows[i] for i in ids):
            source = data.cite(row["source_keys"][0]).short
            known = row["ci_low"] == row["ci_low"]  # NaN differs from itself
            low, high = (row["ci_low"], row["ci_high"]) if known else (row["effect"],) * 2
            bare = "" if known else "\n(no interval in abstract)"
            disease = row["disease"].replace("myocardial infarction", "infarction")
            spans.append(Span(f"{disease}\n{_short(source)}{bare}", low, high, row["effect"]))
            told.append(f"{title}, {disease}, {row['year']}: {number(row['effect'])}.")
        panels.append(
            SpanPanel(
                title,
                "gain in LVEF, percentage points",
                spans,
                x_range=(-1.0, 14.0),
                vlines=[Rule(0.0, "no difference")],
            )
        )
    description = (
        f"Pooled gain in ejection fraction over control, percentage points. {' '.join(told)} "
        "Other species, products, diseases and studies: the two halves are no comparison."
    )
    return Scene("Pooled gains in ejection fraction", panels, description)


def _short(source: str) -> str:
    return source.replace("Stem Cell Research & Therapy", "SCRT").replace(
        "Stem Cells and Development", "SC&D"
    )


def claims() -> pd.DataFrame:
    """Return the rows on heart and nervous system with their condition and kind of subject."""
    from secretome_edu import data

    rows = data.load("applications")
    rows = rows[rows["organ_system"].isin(["cardiovascular", "nervous"])].copy()
    rows["condition"] = [_condition(row) for row in _dicts(rows)]
    rows["subject"] = rows["species"].astype(str)
    return rows


def _condition(row: Mapping[str, Any]) -> str:
    for words, name in CONDITIONS.items():
        if words in row["disease"]:
            return name
    return "other heart" if row["organ_system"] == "cardiovascular" else "other nervous"


def claims_map() -> Any:
    """Return the map of condition by kind of subject, to filter by product and kind of evidence."""
    filters = {"product_class": "Product", "evidence_grade": "Kind of evidence"}
    return make_map("Who was treated for what?", claims(), "condition", "subject", _marks, filters)


def _marks(part: pd.DataFrame) -> str:
    seen = {name: int((part["result"] == name).sum()) for name in RESULTS}
    return ", ".join(RESULTS[name].format(times) for name, times in seen.items() if times)


def _dicts(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    return frame.to_dict("records")


FIGURES = {"arms": arms, "pooled": pooled}
