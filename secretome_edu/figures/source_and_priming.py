"""Lesson 04: which stimulus changed which factor, by how much, and in which cells.

Two pictures (directions, sizes of the change) and two tables to filter: the map of stimulus by
factor, and the protocol whose consequences are published rows or an honest "no data".
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from secretome_edu.figures.describe import count, number
from secretome_edu.figures.evidence_map import NO_DATA, by_frequency, papers, papers_by
from secretome_edu.figures.evidence_map import evidence_map as make_map
from secretome_edu.figures.scene import Rule, Scene, Span, SpanPanel
from secretome_edu.figures.style import own_style
from secretome_edu.ui.chooser import Choice, Found, chooser

if TYPE_CHECKING:
    import pandas as pd

    from secretome_edu.ui.bundle import Bundle

SIGNS = {"up": "↑ up", "down": "↓ down", "unchanged": "= same"}
FILTERS = {"cell_source": "Cells from", "species": "Species", "measured_as": "Measured as"}
SHORT_STIMULI = {
    "NF-kB inhibitor PDTC on stimulated cells": "stimulus, NF-kB blocked",
    "co-culture with PBMC": "with blood cells",
    "microcarrier stirred-tank culture": "stirred microcarriers",
}
DOSED = {"PC021", "PC022", "PC126", "PC127"}  # rows that differ from another in dose only
SHORT_READOUTS = {
    "several arteriogenic cytokine genes": "several genes",
    "EV particles": "vesicles",
}


def table() -> pd.DataFrame:
    """Return the published changes of a factor by a stimulus."""
    from secretome_edu import data

    return data.load("preconditioning")


def directions() -> Scene:
    """Return, for each stimulus, how many rows report a rise and how many a fall."""
    rows, told, most, lowered = table(), [], ("", 0), []
    for stimulus in by_frequency(rows["stimulus"]):
        part = rows[rows["stimulus"] == stimulus]
        up, down, same = (int((part["direction"] == name).sum()) for name in SIGNS)
        label = f"{stimulus} ({same} unchanged)" if same else stimulus
        told.append(Span(label, -down, up))
        most = max(most, (stimulus, up), key=lambda pair: pair[1])
        lowered += [stimulus] if down else []
    total = {name: int((rows["direction"] == name).sum()) for name in SIGNS}
    silent = len(rows) - sum(total.values())
    description = (
        f"{len(rows)} rows from {papers(rows)} papers: {total['up']} report a rise, "
        f"{total['down']} a fall, {total['unchanged']} no change; {silent} state no direction. "
        f"The longest bar is {most[0]} with {most[1]} rises. "
        f"Falls occur with: {', '.join(lowered)}."
    )
    panel = SpanPanel(
        "Direction of change", "rows: falls to the left of 0, rises to the right", told,
        style="bar", vlines=[Rule(0, "")],
    )  # fmt: skip
    return Scene("What was reported after each stimulus", [panel], description)


@own_style
def folds() -> Bundle:
    """Return the sizes of change drawn one panel above the other.

    Side by side, as scenes are drawn, their long labels would be too small to read.
    """
    from matplotlib.figure import Figure

    from secretome_edu.figures.draw import DPI, fill, frame
    from secretome_edu.figures.show import show

    scene = fold_scene()
    figure = Figure(figsize=(7.2, 9.2), dpi=DPI, layout="constrained")
    many = [len(panel.rows) for panel in scene.panels if isinstance(panel, SpanPanel)]
    for axes, panel in zip(
        figure.subplots(len(many), height_ratios=many), scene.panels, strict=True
    ):
        frame(axes, panel)
        fill(axes, panel)
    return show(figure, scene.description, scene.title)


def fold_scene() -> Scene:
    """Return every change that was printed with a size, on a scale of doublings."""
    rows = table()
    sized = rows[rows["log2_fold"].notna()].sort_values("log2_fold", ascending=False)
    largest, smallest = sized.iloc[0], sized.iloc[-1]
    bounds = int(sized["fold_is_lower_bound"].sum())
    description = (
        f"{len(sized)} of {len(rows)} rows print a size. From {number(smallest['log2_fold'])} "
        f"({smallest['fold_change']:g} times) to {number(largest['log2_fold'])} doublings "
        f"({largest['fold_change']:g} times, {largest['stimulus']}). "
        f"{int((sized['log2_fold'] < 0).sum())} lie below 0, the line of no change. "
        f"{count(bounds, 'row')} gives only a lower bound ('at least'). No spread is printed for "
        "the ratios, so none is drawn."
    )
    vegf = sized["readout"] == "VEGFA"
    panels = [
        SpanPanel(
            title,
            "doublings: log2 of the fold change",
            [_fold_bar(row) for row in part.to_dict("records")],
            style="bar",
            x_range=(-1.5, 8.0),
            vlines=[Rule(0, "no change")],
        )
        for title, part in (("VEGF", sized[vegf]), ("Other readouts", sized[~vegf]))
    ]
    return Scene("Changes with a printed size, human cells", panels, description)


def _fold_bar(row: Mapping[str, Any]) -> Span:
    size = row["log2_fold"]
    return Span(_fold_label(row), min(size, 0.0), max(size, 0.0))


def _fold_label(row: Mapping[str, Any]) -> str:
    from secretome_edu import data

    detail = SHORT_STIMULI.get(row["stimulus_detail"], row["stimulus_detail"])
    if row["row_id"] in DOSED:
        detail = f"{detail}, {row['level']}"
    least = ", at least" if row["fold_is_lower_bound"] else ""
    readout = SHORT_READOUTS.get(row["readout"], row["readout"])
    what = detail if readout == "VEGFA" else f"{readout}: {detail}"
    tissue = str(row["cell_source"]).replace("bone marrow", "marrow").replace(" tissue", "")
    tissue = "cells not stated" if tissue == "not stated" else tissue.replace("umbilical ", "")
    return f"{what}{least}\n{tissue}, {data.cite(row['source_keys'][0]).short}"


def evidence_map() -> Any:
    """Return the map of stimulus by factor, to filter by cells, species and readout."""
    return make_map(
        "Which stimulus changed which factor?",
        table(),
        "stimulus",
        "factor",
        papers_by("direction", SIGNS),
        FILTERS,
    )


def protocol() -> Any:
    """Return select boxes for a priming protocol and what was published on it."""
    rows = table()
    choices = [
        Choice("stimulus", "Prime with", by_frequency(rows["stimulus"]), "TNF"),
        Choice("cell_source", "Cells from", by_frequency(rows["cell_source"]), "adipose tissue"),
        Choice("species", "Species", by_frequency(rows["species"]), "human"),
        Choice("factor", "You want more of", by_frequency(rows["factor"]), "VEGFA"),
    ]
    return chooser("Design a priming protocol", choices, _consequences)


def _consequences(chosen: Mapping[str, str]) -> Found:
    rows, factor = table(), chosen["factor"]
    stimulated = rows[rows["stimulus"] == chosen["stimulus"]]
    same_cells = stimulated
    for name in ("cell_source", "species"):
        same_cells = same_cells[same_cells[name] == chosen[name]]
    cells = f"{chosen['species']} cells from {chosen['cell_source']}"
    wanted = same_cells[same_cells["factor"] == factor]
    summary = f"{factor} after {chosen['stimulus']}, {cells}: {_verdict(wanted)}"
    if wanted.empty:
        summary += _elsewhere(stimulated[stimulated["factor"] == factor])
    unknown = rows["factor"].nunique() - same_cells["factor"].nunique()
    silent = (
        f"For {unknown} of the {rows['factor'].nunique()} factors in the table: {NO_DATA} with "
        "this stimulus and these cells."
    )
    found = [_line(row) for row in same_cells.to_dict("records")]
    text = "\n".join([*(" | ".join(words for words, _ in line) for line in found), silent])
    return Found(summary, text, f"{_table(found, cells, chosen)}<p>{escape(silent)}</p>")


def _verdict(wanted: pd.DataFrame) -> str:
    if wanted.empty:
        return f"{NO_DATA}. "
    told = ", ".join(f"{way} {n}" for way, n in wanted["direction"].value_counts().items() if n)
    sides = int(wanted["direction"].isin(SIGNS).sum())
    split = " The rows disagree: compare dose, time and readout." * (
        wanted["direction"].nunique() > 1 and sides > 1
    )
    return f"{told} ({count(len(wanted), 'row')}, {count(papers(wanted), 'paper')}).{split}"


def _elsewhere(others: pd.DataFrame) -> str:
    if others.empty:
        return "No row of the table joins this stimulus and this factor in any cells."
    places = sorted(
        {f"{r['species']} {r['cell_source']}: {r['direction']}" for r in others.to_dict("records")}
    )
    return f"In other cells ({'; '.join(places)}): a reason to test, not a finding for yours."


HEADS = ("what", "direction", "times", "level", "hours", "measured as", "source")


def _line(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the fields of one row as text and as HTML."""
    from secretome_edu import data

    source = data.cite(row["source_keys"][0])
    review = " (review)" if row["kind"] == "review_range" else ""
    least = "at least " if row["fold_is_lower_bound"] else ""
    words = [
        row["readout"],
        SIGNS.get(row["direction"], row["direction"]),
        _stated(row["fold_change"], least),
        _stated(row["level"]),
        _stated(row["duration_h"]),
        row["measured_as"],
    ]
    return [
        *((str(w), escape(str(w))) for w in words),
        (f"{source.short}{review}", source.html + review),
    ]


def _stated(value: Any, before: str = "") -> str:
    if value is None or value != value or str(value) == "<NA>":  # NaN differs from itself
        return "not stated"
    return f"{before}{value:g}" if isinstance(value, float) else str(value)


def _table(found: list[list[tuple[str, str]]], cells: str, chosen: Mapping[str, str]) -> str:
    if not found:
        return f"<p>No row of the table has {escape(chosen['stimulus'])} on {escape(cells)}.</p>"
    top = "".join(f'<th scope="col">{head}</th>' for head in HEADS)
    body = "".join(
        "<tr>" + "".join(f"<td>{html}</td>" for _, html in line) + "</tr>" for line in found
    )
    caption = f"Published after {escape(chosen['stimulus'])} on {escape(cells)}"
    head = f"<caption>{caption}</caption><thead><tr>{top}</tr></thead>"
    return f"<table>{head}<tbody>{body}</tbody></table>"


FIGURES = {"directions": directions, "folds": folds}
