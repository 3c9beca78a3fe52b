"""Field: a map of tissue with cells that secrete and cells that take up, placed by the learner."""

from __future__ import annotations

import numpy as np

from secretome_edu.explore.controls import Cells, Slider, from_card
from secretome_edu.explore.explorer import Explorer, Preset, Values
from secretome_edu.figures.describe import count, number, percent
from secretome_edu.figures.scene import FieldPanel, Point, PointKind, Rule, Scene
from secretome_edu.models import reach
from secretome_edu.models.cards import model_card
from secretome_edu.models.field import Field2D

CARD = model_card("field")
KD_PM = model_card("reach").parameter("threshold_pM").value
EDGE_UM = float(CARD.parameter("edge_um").value)
GRID = int(CARD.parameter("grid").value)
DEPTH_UM = float(CARD.parameter("depth_um").value)

KINDS = (
    PointKind("msc", "MSC (secretes)", "circle"),
    PointKind(
        "consumer",
        "endothelial cell (takes up)",
        "square",
        ("endothelial cell, informed", "not informed"),
    ),
)
CLUSTER = ((400, 560), (440, 600), (440, 520), (480, 560), (440, 560))
LONERS = ((160, 200), (800, 240), (780, 820), (180, 820), (500, 160))
LISTENERS = (
    (480, 500), (360, 640), (560, 620), (230, 150),
    (870, 300), (850, 760), (110, 760), (560, 220),
)  # fmt: skip


def _cells(secreting: tuple, listening: tuple = LISTENERS) -> tuple[Point, ...]:
    return tuple(Point("msc", *xy) for xy in secreting) + tuple(
        Point("consumer", *xy) for xy in listening
    )


def compute(values: Values) -> Scene:
    """Return the steady map of the factor and which cells it informs."""
    threshold_pM = values["threshold_percent"] / 100 * KD_PM
    spacing_um = EDGE_UM / GRID
    field = Field2D(
        (GRID, GRID),
        spacing_um,
        values["diffusivity_um2_s"],
        values["decay_per_s"],
        depth_um=DEPTH_UM,
    )
    cells = values["cells"]
    secreting = [_place(p, spacing_um) for p in cells if p.kind == "msc"]
    consuming = [_place(p, spacing_um) for p in cells if p.kind == "consumer"]
    level = np.maximum(
        field.steady(
            _with_rate(secreting, values["secretion_rate"]),
            sinks=_with_rate(consuming, values["uptake_um3_s"]) if consuming else None,
        ),
        0.0,
    )
    reached = [bool(level[place] >= threshold_pM) for place in consuming]
    shown = iter(reached)
    points = [
        Point(p.kind, p.x_um, p.y_um, next(shown) if p.kind == "consumer" else True) for p in cells
    ]
    area = float((level >= threshold_pM).mean())
    panel = FieldPanel(
        title="Level of VEGF in a thin layer of tissue, steady state",
        values=level,
        extent_um=(EDGE_UM, EDGE_UM),
        low=1e-3,
        high=1e2,
        unit="pM",
        scale="log",
        level=Rule(threshold_pM, f"threshold, {number(threshold_pM, 'pM')}"),
        kinds=KINDS,
        points=points,
    )
    length_um = float(reach.diffusion_length(values["diffusivity_um2_s"], values["decay_per_s"]))
    readouts = [
        ("Area above the threshold", percent(area)),
        ("Endothelial cells informed", f"{sum(reached)} of {len(reached)}"),
        ("Highest level", f"{number(level.max(), 'pM')} = {percent(level.max() / KD_PM)} of Kd"),
        ("Diffusion length", number(length_um, "um")),
    ]
    return Scene(
        "A field of VEGF",
        [panel],
        _describe(level, secreting, reached, area, threshold_pM),
        readouts,
    )


def _describe(
    level: np.ndarray, secreting: list, reached: list[bool], area: float, threshold_pM: float
) -> str:
    if not secreting:
        return "No cell secretes: the map is empty. Place an MSC to begin."
    row, column = np.unravel_index(int(np.argmax(level)), level.shape)
    spacing_um = EDGE_UM / GRID
    where = f"{number((column + 0.5) * spacing_um)}, {number((row + 0.5) * spacing_um, 'um')}"
    filled = f"{sum(reached)} of {count(len(reached), 'endothelial cell')}"
    informed = f"{filled} {'is' if sum(reached) == 1 else 'are'} informed (filled squares)."
    return (
        f"{count(len(secreting), 'MSC', 'MSC')} raise the level to at most "
        f"{number(level.max(), 'pM')} at {where}, {percent(level.max() / KD_PM)} of the Kd of "
        f"VEGFR2; the lowest level is {number(level.min(), 'pM')}. "
        f"{percent(area)} of the area is above the threshold of {number(threshold_pM, 'pM')}. "
        + (informed if reached else "No endothelial cell is on the map.")
    )


def _place(point: Point, spacing_um: float) -> tuple[int, int]:
    return (
        min(int(point.y_um / spacing_um), GRID - 1),
        min(int(point.x_um / spacing_um), GRID - 1),
    )


def _with_rate(places: list[tuple[int, int]], rate: float) -> tuple:
    rows, columns = [p[0] for p in places], [p[1] for p in places]
    return rows, columns, np.full(len(places), rate)


EXPLORER = Explorer(
    name="field",
    title="Who hears whom?",
    question=(
        "Place cells and find how few MSC inform every endothelial cell: "
        "close together or spread out?"
    ),
    model="field",
    controls=[
        from_card(CARD, "secretion_rate"),
        from_card(CARD, "diffusivity_um2_s"),
        from_card(CARD, "decay_per_s", label="Decay and uptake by the tissue"),
        from_card(CARD, "uptake_um3_s", label="Uptake of one endothelial cell"),
        Slider(
            "threshold_percent",
            "Share of Kd that counts as a signal",
            default=0.1,
            low=0.01,
            high=100.0,
            unit="percent",
            scale="log",
            steps=80,
            symbol=r"\theta / K_d",
            meaning="Kd of VEGFR2 is 100 pM.",
            kind="illustrative",
        ),
        Cells(
            "cells",
            "Cells on the map",
            KINDS,
            _cells(CLUSTER),
            (EDGE_UM, EDGE_UM),
            meaning="A filled square is informed: the level there is above the threshold.",
            kind="illustrative",
        ),
    ],
    compute=compute,
    presets=[
        Preset("Five MSC together", {"cells": _cells(CLUSTER)}),
        Preset("Five MSC apart", {"cells": _cells(LONERS)}),
        Preset("Threshold at a tenth of Kd", {"threshold_percent": 10.0}),
        Preset("Secretion 50 times higher (invented)", {"secretion_rate": 38.9}),
    ],
)
