"""Figures of lesson 14: a balance of arguments, harms of cells in trials, risks, and zero events.

The balance is a kind of picture that scenes lack; it is drawn here and comes with a description
computed from the rows that were drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from secretome_edu.figures.describe import number
from secretome_edu.figures.scene import Line, LinePanel, Rule, Scene, Span, SpanPanel
from secretome_edu.figures.style import own_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from secretome_edu.ui.bundle import Bundle

LEVELS = {"weak": 1, "moderate": 2, "strong": 3}
SIDES = ("cell-based", "cell-free")
# Rows of `outcomes_numeric` with counts in two randomized arms: place, event.
COUNTED = {
    "O010": ("COVID-19 lung", "death by day 30"),
    "O014": ("injured lung", "death by day 28"),
    "O184": ("failing heart", "infarction or stroke"),
}
SHORT = {"acute infusional toxicity without fever": "infusion toxicity, no fever"}
SIGNIFICANCE = 0.05


@own_style
def balance() -> Bundle:
    """Return all arguments for one side: cells to the left, cell-free to the right."""
    from matplotlib.figure import Figure

    from secretome_edu import data
    from secretome_edu.figures.show import show

    table = data.load("tradeoffs")
    figure = Figure(figsize=(10.0, 7.8), dpi=100, layout="constrained")
    for axes, side, direction in zip(figure.subplots(1, 2), SIDES, (-1, 1), strict=True):
        _side(axes, _sorted(table, side), direction)
        axes.set_title(f"for {'cells' if side == 'cell-based' else 'cell-free'}", fontsize=13)
    return show(figure, _balance_description(table), "Criteria that favor one side")


def _sorted(table: pd.DataFrame, side: str) -> pd.DataFrame:
    rows = table[table["favors"] == side]
    return rows.assign(level=rows["strength"].astype(str).map(LEVELS)).sort_values(
        ["level", "criterion"], ascending=[False, True]
    )


def _side(axes: Axes, rows: pd.DataFrame, direction: int) -> None:
    """Draw one bar per criterion, its length the strength, its name on the outer side."""
    from secretome_edu.figures.draw import GRID, INK
    from secretome_edu.figures.palette import LINES_LIGHT

    color = LINES_LIGHT[0 if direction < 0 else 1]
    for place, (name, level) in enumerate(zip(rows["criterion"], rows["level"], strict=True)):
        axes.barh(-place, direction * level, height=0.62, color=color)
        axes.text(
            direction * (level + 0.15),
            -place,
            name,
            ha="right" if direction < 0 else "left",
            va="center",
            fontsize=9.5,
            color=INK,
        )
    ends = (0.0, direction * 11.5)
    axes.set(xlim=(min(ends), max(ends)), ylim=(-20.8, 0.8))
    axes.set_xticks([direction * n for n in LEVELS.values()], list(LEVELS), fontsize=9)
    axes.tick_params(axis="x", rotation=60, colors=INK)
    axes.set_yticks([])
    for x in LEVELS.values():
        axes.axvline(direction * x, color=GRID, linewidth=0.7, zorder=0)
    for edge in ("top", "bottom", "left", "right"):
        axes.spines[edge].set_visible(False)


def _balance_description(table: pd.DataFrame) -> str:
    clauses = []
    for side in SIDES:
        rows = _sorted(table, side)
        counts = [f"{(rows['level'] == level).sum()} {name}" for name, level in LEVELS.items()]
        examples = list(rows["criterion"])[:3]
        clauses.append(
            f"{len(rows)} favor {'cells' if side == 'cell-based' else 'cell-free products'} "
            f"({', '.join(counts)} support; for example {'; '.join(examples)})"
        )
    neither = (table["favors"] == "neither").sum()
    return (
        f"Of {len(table)} criteria {' and '.join(clauses)}. {neither} favor neither and are not "
        "drawn. The longer a bar, the better supported is its statement."
    )


def safety() -> Scene:
    """Return pooled risk ratios of harms after cells into a vessel, with their intervals."""
    from secretome_edu import data

    table = data.load("outcomes_numeric")
    keep = (table["set_id"] == "pooled_safety") & (table["study"] == "Pooled: Thompson")
    rows = table[keep].sort_values("effect", ascending=False)
    spans, clauses = [], []
    for row in rows.to_dict("records"):
        name = row["outcome"].removesuffix(" (safety)")
        name = SHORT.get(name, name)
        spans.append(Span(name, row["ci_low"], row["ci_high"], row["effect"]))
        clauses.append(f"{name} {row['effect']:g} ({row['ci_low']:g} to {row['ci_high']:g})")
    above = sum(span.low > 1 for span in spans)
    below = sum(span.high < 1 for span in spans)
    description = (
        f"Pooled risk ratios of {len(spans)} outcomes after cells against control, with 95% "
        f"intervals: {'; '.join(clauses)}. {above} interval lies wholly above 1, {below} wholly "
        f"below, {len(spans) - above - below} hold 1. {int(rows['n_studies'].iloc[0])} randomized "
        "trials in humans; the table has no numbers of events."
    )
    panel = SpanPanel(
        "After cells, compared with control",
        "risk ratio (below 1: fewer with cells)",
        spans,
        x_scale="log",
        x_range=(0.1, 10.0),
        vlines=[Rule(1.0, "no difference")],
    )
    return Scene("Harms of cells in trials: ratios", [panel], description)


def wilson_percent(events: float, people: float) -> tuple[float, float]:
    """Return the 95% interval of a risk by Wilson's method, in percent.

    Examples
    --------
    >>> [round(x, 1) for x in wilson_percent(3, 20)]
    [5.2, 36.0]
    """
    from scipy.stats import norm

    z = norm.isf(SIGNIFICANCE / 2)
    share = events / people
    middle = (share + z**2 / (2 * people)) / (1 + z**2 / people)
    half = z * np.sqrt(share * (1 - share) / people + z**2 / (4 * people**2)) / (1 + z**2 / people)
    return float(100 * max(0.0, middle - half)), float(100 * (middle + half))


def risks() -> Scene:
    """Return risks per 100 people in both arms of trials whose events were counted."""
    from secretome_edu import data

    table = data.load("outcomes_numeric").set_index("row_id")
    spans, clauses = [], []
    for key, (place, event) in COUNTED.items():
        row, per_100 = table.loc[key], []
        for color, arm in enumerate(("treated", "control")):
            events, people = int(row[f"events_{arm}"]), int(row[f"n_{arm}"])
            per_100.append(100 * events / people)
            arm_name = "cells" if arm == "treated" else "control"
            label = f"{place}, {arm_name} {events}/{people}"
            spans.append(Span(label, *wilson_percent(events, people), per_100[-1], color=color))
        difference = per_100[0] - per_100[1]
        arms = [span.label.removeprefix(f"{place}, ") for span in spans[-2:]]
        clauses.append(
            f"{place}, {event}: {number(per_100[0])} ({arms[0]}) and {number(per_100[1])} "
            f"({arms[1]}), {number(abs(difference), '', 2)} "
            f"{'more' if difference > 0 else 'fewer'} with cells"
        )
    description = (
        f"Events per 100 people with 95% intervals, in {len(COUNTED)} randomized trials of cells. "
        f"{'; '.join(clauses)}. Each trial has its own disease, cells and comparator."
    )
    panel = SpanPanel("Counted events", "events per 100 people", spans, x_range=(0, 60))
    return Scene("Harms of cells in trials: people", [panel], description)


def largest_risk_percent(people: np.ndarray | float) -> np.ndarray:
    """Return the largest risk (%) that zero events among so many people leave open at 95%.

    The risk with which zero events would still have a chance of 1 in 20: 1 - 0.05**(1/n), about
    3/n.

    Examples
    --------
    >>> round(float(largest_risk_percent(300)), 2)
    0.99
    """
    return 100 * -np.expm1(np.log(SIGNIFICANCE) / np.asarray(people, dtype=float))


def zero() -> Scene:
    """Return the largest risk that zero events leave open, over the number of people seen."""
    from secretome_edu import data

    trials = data.load("clinical_trials").set_index("trial_id")
    finished = (trials["product_class"] == "EV") & (trials["status"] == "completed")
    pooled = data.load("outcomes_numeric").set_index("row_id").loc["O098", "note"]
    marks = {
        "healthy volunteers": int(trials.loc["NCT04313647", "n_participants"]),
        "largest finished EV trial": int(trials.loc[finished, "n_participants"].max()),
        "trials of cells": int(pooled.split()[0]),  # "2696 patients"
    }
    people = np.geomspace(10, 5000, 120)
    line = Line("zero events", people, largest_risk_percent(people))
    dots = Line(
        "examples",
        np.array(list(marks.values())),
        largest_risk_percent(np.array(list(marks.values()))),
        "markers",
        1,
    )
    clauses = [
        f"{name}, {size:,} people: {number(float(largest_risk_percent(size)), '', 2)} in 100"
        for name, size in marks.items()
    ]
    panel = LinePanel(
        "No event seen. How large may the risk still be?",
        "people treated and watched",
        "largest risk left open (%)",
        [line, dots],
        x_scale="log",
        y_scale="log",
        x_range=(10, 5000),
        y_range=(0.05, 30),
        vlines=[Rule(size, name) for name, size in marks.items()],
    )
    description = (
        "The largest risk that zero events leave open falls as three over the number of people. "
        f"Had all these people been treated: {'; '.join(clauses)}."
    )
    return Scene("Zero events are not zero risk", [panel], description)


FIGURES = {"balance": balance, "safety": safety, "risks": risks, "zero": zero}
