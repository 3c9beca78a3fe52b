"""Reach: how high and how far one cell, a cluster and a culture raise a factor."""

from __future__ import annotations

import numpy as np

from secretome_edu.explore.controls import Slider, from_card
from secretome_edu.explore.explorer import Explorer, Preset, Values
from secretome_edu.figures.describe import count, crossings, number, percent
from secretome_edu.figures.scene import Line, LinePanel, Rule, Scene
from secretome_edu.models import reach
from secretome_edu.models.cards import model_card

CARD = model_card("reach")
KD_PM = CARD.parameter("threshold_pM").value
CELL_RADIUS_UM = CARD.parameter("cell_radius_um").value
CELLS_IN_CULTURE = CARD.parameter("cells").value
DISTANCE_UM = np.geomspace(CELL_RADIUS_UM, 2000, 120)


def compute(values: Values) -> Scene:
    """Return level against distance for one cell and a cluster, beside the level in a dish."""
    secretion, diffusivity, uptake = (
        values["secretion_rate"],
        values["diffusivity_um2_s"],
        values["uptake_rate_per_s"],
    )
    cells, threshold_pM = values["cells"], values["threshold_percent"] / 100 * KD_PM
    tissue = (secretion, diffusivity, uptake)
    radius_um = float(reach.cluster_radius_um(cells, CELL_RADIUS_UM))
    one = reach.point_source_3d(DISTANCE_UM, *tissue)
    cluster = reach.cluster_profile(DISTANCE_UM, cells, radius_um, *tissue)
    medium = float(reach.conditioned_medium(values["time_h"], CELLS_IN_CULTURE, 1.0, secretion))
    at_surface = float(one[0])
    cluster_surface = float(reach.cluster_profile(radius_um, cells, radius_um, *tissue))
    length_um = float(reach.diffusion_length(diffusivity, uptake))
    panel = LinePanel(
        title="Level of VEGF around its source, steady state",
        x_label="distance from the center (µm)",
        y_label="level (pM)",
        x_scale="log",
        y_scale="log",
        x_range=(CELL_RADIUS_UM, 2000.0),
        y_range=(1e-5, 1e5),
        lines=[
            Line("one cell", DISTANCE_UM, one),
            Line(f"cluster of {count(round(cells), 'cell')}", DISTANCE_UM, cluster, "dashed", 1),
            Line(
                f"100,000 cells in 1 mL, {number(values['time_h'], 'h')}",
                DISTANCE_UM,
                np.full_like(DISTANCE_UM, medium),
                "dotted",
                2,
            ),
        ],
        hlines=[
            Rule(KD_PM, f"Kd of VEGFR2, {number(KD_PM, 'pM')}"),
            *(
                [Rule(threshold_pM, f"threshold, {number(threshold_pM, 'pM')}")]
                if threshold_pM < KD_PM
                else []
            ),
        ],
    )
    readouts = [
        (
            "One cell, at its own surface",
            f"{number(at_surface, 'pM')} = {percent(at_surface / KD_PM)} of Kd",
        ),
        (
            "Cluster, at its surface",
            f"{number(cluster_surface, 'pM')} = {percent(cluster_surface / KD_PM)} of Kd",
        ),
        ("Conditioned medium", f"{number(medium, 'pM')} = {percent(medium / KD_PM)} of Kd"),
        ("Diffusion length", "no limit" if np.isinf(length_um) else number(length_um, "um")),
    ]
    description = " ".join(
        [
            f"One cell raises the level at its own surface to {number(at_surface, 'pM')}, "
            f"{percent(at_surface / KD_PM)} of the Kd of VEGFR2; at 100 µm it is "
            f"{number(float(reach.point_source_3d(100.0, *tissue)), 'pM')}.",
            _reached("One cell", DISTANCE_UM, one, threshold_pM),
            f"At its surface, {number(radius_um, 'um')} from the center, a cluster of "
            f"{count(round(cells), 'cell')} reaches {percent(cluster_surface / KD_PM)} of Kd.",
            _reached("The cluster", DISTANCE_UM, cluster, threshold_pM, radius_um),
            f"Medium that collects for {number(values['time_h'], 'h')} over 100,000 cells "
            f"reaches {percent(medium / KD_PM)}.",
        ]
    )
    return Scene("Reach of a secreted factor", [panel], description, readouts)


def _reached(
    who: str, x: np.ndarray, y: np.ndarray, threshold_pM: float, radius_um: float = 0.0
) -> str:
    """Return a sentence on where a falling profile passes the threshold."""
    level = f"the threshold of {number(threshold_pM, 'pM')}"
    if y.max() < threshold_pM:
        return f"{who} does not reach {level}."
    where = crossings(x, y, threshold_pM)
    if not where:
        return f"{who} stays above {level} as far as {number(float(x[-1]), 'um')}."
    if where[-1] < radius_um:
        return f"{who} passes {level} only inside, within {number(where[-1], 'um')} of its center."
    return f"{who} stays above {level} up to {number(where[-1], 'um')}."


EXPLORER = Explorer(
    name="reach",
    title="How far is one cell heard?",
    question=(
        "Find what it takes to reach the threshold: more secretion, slower diffusion, "
        "more cells, or a closed space?"
    ),
    model="reach",
    controls=[
        from_card(CARD, "secretion_rate", label="Secretion of one cell"),
        from_card(CARD, "diffusivity_um2_s"),
        from_card(
            CARD,
            "uptake_rate_per_s",
            label="Uptake by the tissue",
            default=0.0,
            zero="none",
            meaning="None is the most generous case: nothing is lost on the way. "
            + CARD.parameter("uptake_rate_per_s").note,
        ),
        from_card(
            CARD,
            "cells",
            label="Cells in the cluster",
            default=100.0,
            high=1e5,
            unit="",
            steps=60,
            kind="illustrative",
            source="",
            meaning="A round, closely packed cluster.",
        ),
        Slider(
            "threshold_percent",
            "Share of Kd that counts as a signal",
            default=10.0,
            low=0.1,
            high=100.0,
            unit="percent",
            scale="log",
            steps=60,
            symbol=r"\theta / K_d",
            meaning="Kd of VEGFR2 is 100 pM. How much occupancy a response needs differs by cell "
            "and response.",
            kind="illustrative",
        ),
        from_card(CARD, "time_h", label="Collection time in the dish", step=1.0),
    ],
    compute=compute,
    presets=[
        Preset("One MSC", {"cells": 1.0}),
        Preset("Cluster of 10,000", {"cells": 1e4}),
        Preset("Hungry tissue", {"uptake_rate_per_s": 0.05, "cells": 1e4}),
        Preset("Slow matrix", {"diffusivity_um2_s": 5.0}),
    ],
)
