"""Angiogenesis: tips that leave a vessel for a pellet of MSC, and how they find it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from secretome_edu.explore.controls import Slider, from_card
from secretome_edu.explore.explorer import Explorer, Preset, Values
from secretome_edu.figures.describe import count, number
from secretome_edu.figures.scene import FieldPanel, Line, LinePanel, Point, PointKind, Rule, Scene
from secretome_edu.models import angiogenesis
from secretome_edu.models.cards import model_card

CARD = model_card("angiogenesis")
GRID = 60
LENGTH_MM = 2.0
UNIT_H = float(angiogenesis.time_unit_h(LENGTH_MM))
END = 10.0  # model units; by then every tip has arrived or stopped
STEP_MM = LENGTH_MM / GRID
PELLET = PointKind("pellet", "pellet of MSC", "diamond")


@lru_cache(maxsize=32)
def _grown(
    chemotaxis: float, haptotaxis: float, branch_rate: float, reach: float, height: float
) -> tuple[np.ndarray, angiogenesis.Vessels]:
    """Return the factor at the start and the vessels; moving the time asks for no new run."""
    factor = angiogenesis.pellet_factor(GRID, height, reach)
    constants = angiogenesis.Constants(
        chemotaxis=chemotaxis, haptotaxis=haptotaxis, branch_rate=branch_rate
    )
    fibronectin = angiogenesis.vessel_fibronectin(GRID)
    return factor, angiogenesis.sprout(factor, fibronectin, END, constants)


def compute(values: Values) -> Scene:
    """Return the vessels at one time on the map of the factor, and their growth over time."""
    factor, vessels = _grown(
        values["chemotaxis"],
        values["haptotaxis"],
        values["branch_rate"],
        values["diffusion_length"],
        values["height"],
    )
    shown_h = values["time_h"]
    there = vessels.grown(shown_h / UNIT_H)
    extent_um = (1000 * LENGTH_MM, 1000 * LENGTH_MM)
    field = FieldPanel(
        title="VEGF (1 at the pellet) and the vessels that follow",
        values=factor,
        extent_um=extent_um,
        low=0.0,
        high=1.0,
        unit="level",
        kinds=[PELLET],
        points=[Point("pellet", 0.985 * extent_um[0], values["height"] * extent_um[1])],
        mask=there,
        mask_label="vessel (the parent vessel is the left edge)",
    )
    times_h = np.linspace(0.0, END * UNIT_H, 120)
    arrived = np.sort(vessels.arrival[np.isfinite(vessels.arrival)])
    length_mm = np.searchsorted(arrived, times_h / UNIT_H, side="right") * STEP_MM
    first = np.minimum.accumulate(vessels.arrival.min(axis=0)[::-1])[::-1]
    front_mm = np.searchsorted(first, times_h / UNIT_H, side="right") * STEP_MM
    growth = LinePanel(
        title="Growth",
        x_label="time (h)",
        y_label="length (mm)",
        x_range=(0.0, float(times_h[-1])),
        y_range=(0.0, 25.0),
        lines=[
            Line("all vessels", times_h, length_mm, "solid", 0),
            Line("furthest tip", times_h, front_mm, "dashed", 1),
        ],
        vlines=[Rule(shown_h, number(shown_h, "h"))],
    )
    now_mm = float(there.sum()) * STEP_MM
    far_mm = float((first <= shown_h / UNIT_H).sum()) * STEP_MM
    reached_h = first[-1] * UNIT_H
    arrival = number(reached_h, "h") if np.isfinite(reached_h) else "never"
    spread_mm = float(there.any(axis=1).sum()) * STEP_MM
    readouts = [
        ("Vessels by now", number(now_mm, "mm")),
        ("Furthest tip", f"{number(far_mm, 'mm')} of {number(LENGTH_MM, 'mm')}"),
        ("The other side is reached", arrival),
        ("Branches, fusions in the run", f"{vessels.branches}, {vessels.fusions}"),
    ]
    description = (
        f"After {number(shown_h, 'h')} there are {number(now_mm, 'mm')} of vessel over a height of "
        f"{number(spread_mm, 'mm')}; the furthest tip is {number(far_mm, 'mm')} from the parent "
        f"vessel. The side of the pellet is reached "
        f"{'after ' + arrival if np.isfinite(reached_h) else 'at no time'}. In the whole run tips "
        f"make {count(vessels.branches, 'branch', 'branches')} and "
        f"{count(vessels.fusions, 'fusion')}."
    )
    return Scene("Sprouting towards a pellet", [field, growth], description, readouts)


EXPLORER = Explorer(
    name="angiogenesis",
    title="How does a gradient grow a vessel?",
    question="Which pull brings a tip to the pellet, and which holds it back?",
    model="angiogenesis",
    controls=[
        Slider(
            "time_h",
            "Time",
            default=round(6 * UNIT_H),
            low=0.0,
            high=float(10 * round(END * UNIT_H / 10)),
            step=10.0,
            unit="h",
            play=True,
            meaning="Taken from the published unit of time for a distance of 2 mm.",
            kind="published_model",
            source="10.1006/bulm.1998.0042",
        ),
        from_card(CARD, "chemotaxis", step=0.02, unit=""),
        from_card(CARD, "haptotaxis", step=0.02, unit=""),
        from_card(CARD, "branch_rate", step=0.25, unit=""),
        from_card(CARD, "diffusion_length", label="Reach of VEGF, in distances", unit="", step=0.1),
        from_card(
            CARD, "height", step=0.05, unit="", meaning="0 is the lower, 1 the upper corner."
        ),
    ],
    compute=compute,
    presets=[
        Preset("Published", {}),
        Preset("Chemotaxis alone", {"haptotaxis": 0.0}),
        Preset("Haptotaxis alone", {"chemotaxis": 0.0}),
        Preset("Matrix holds VEGF back", {"diffusion_length": 0.3}),
        Preset("Many branches", {"branch_rate": 5.0}),
    ],
)
