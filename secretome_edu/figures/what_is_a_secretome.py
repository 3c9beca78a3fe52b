"""Figures of lesson 01: turning points in time, and which products were studied."""

from __future__ import annotations

from secretome_edu.figures.describe import count, number
from secretome_edu.figures.scene import Scene, Span, SpanPanel

# Row of the timeline -> words short enough for an axis; the years come from the table.
TURNS = {
    "the cell": {
        "Y002": "colony-forming cells of marrow",
        "Y008": "named mesenchymal stem cells",
        "Y010": "first published trial",
        "Y015": "ISCT minimal criteria",
        "Y034": "call to change the name",
        "Y048": "first MSC product in the USA",
    },
    "the vesicle": {
        "Y005": "first use of the word exosome",
        "Y011": "B-cell exosomes activate T cells",
        "Y019": "MSC vesicles, mouse kidney",
        "Y027": "MSC exosomes, one patient",
    },
    "the medium": {
        "Y014": "medium of Akt-MSC, infarct",
        "Y017": "fresh medium helps as much",
        "Y032": "first human use, bone",
    },
}


def turns() -> Scene:
    """Return the turning points of the timeline, one row each, in three strands."""
    from secretome_edu import data

    years = data.load("timeline").set_index("row_id")["year"]
    rows: list[Span] = []
    first: dict[str, float] = {}
    for color, (strand, events) in enumerate(TURNS.items()):
        for row_id, words in events.items():
            year = float(years[row_id])
            rows.append(Span(f"{strand}: {words}", year, year, year, color=color))
            first[strand] = min(year, first.get(strand, year))
    starts = "; ".join(f"{strand} in {year:.0f}" for strand, year in first.items())
    last = max(row.high for row in rows)
    description = (
        f"{count(len(rows), 'turning point')} from {min(row.low for row in rows):.0f} to "
        f"{last:.0f}, in three strands that begin with {starts}. "
        f"MSC vesicles appear {years['Y019'] - years['Y005']:.0f} years after the word exosome, "
        f"and the medium as a treatment {years['Y014'] - years['Y010']:.0f} years after the first "
        "published trial of the cells."
    )
    panel = SpanPanel("One square per event", "year", rows, x_range=(1965.0, 2028.0))
    return Scene("Three strands, fifty years", [panel], description)


def products() -> Scene:
    """Return how many rows of the table of studies used each kind of product."""
    from secretome_edu import data

    table = data.load("applications")
    classes = ["EV", "conditioned medium", "secretome", "cells"]
    rows, clauses = [], []
    for name in classes:
        chosen = table[table["product_class"] == name]
        people = int((chosen["species"] == "human").sum())
        clauses.append(f"{name} {number(len(chosen))} (in people {number(people)})")
        rows.append(Span(f"{name}: all", 0.0, float(len(chosen)), color=0))
        rows.append(Span(f"{name}: in people", 0.0, float(people), color=1))
    others = len(table) - sum(int((table["product_class"] == name).sum()) for name in classes)
    description = (
        f"Rows of the course's table of studies by product: {'; '.join(clauses)}; "
        f"several or engineered {number(others)}. The table is a selection, not a census."
    )
    panel = SpanPanel("One row per result", "rows of the table", rows, style="bar")
    return Scene("What was tested", [panel], description)


FIGURES = {"turns": turns, "products": products}
