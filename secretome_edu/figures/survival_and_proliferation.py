"""Figures of lesson 08: survival chains from the table, two switches, and a varied population.

The chains are a kind of picture that scenes lack; they are drawn here and come with a description
computed from the rows that were drawn.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from secretome_edu.figures.describe import crossings, number, percent
from secretome_edu.figures.scene import Line, LinePanel, Rule, Scene
from secretome_edu.figures.style import own_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from secretome_edu.ui.bundle import Bundle

# Steps of the table `pathways` in their order; each box with its column, so that Akt lines up.
LANES: tuple[tuple[tuple[str, ...], tuple[tuple[str, float], ...]], ...] = (
    (
        ("hypoxic_CM_PI3K_Akt.2", "hypoxic_CM_PI3K_Akt.3", "hypoxic_CM_PI3K_Akt.4"),
        (("MSC medium", 0), ("PI3K", 1), ("AKT", 2), ("death of endothelial cells", 3.2)),
    ),
    (
        ("IGF1_PI3K_Akt.1", "IGF1_PI3K_Akt.2", "IGF1_PI3K_Akt.3"),
        (("IGF1", 0), ("IGF1R", 1), ("AKT", 2), ("death of marrow MSC", 3.2)),
    ),
    (
        ("EV_miR21_PTEN.1", "EV_miR21_PTEN.2", "EV_miR21_PTEN.3"),
        (("EV miR-21", 0), ("PTEN", 1), ("AKT", 2), ("death of heart cells", 3.2)),
    ),
    (
        ("EV_miR19a_SOX6.1", "EV_miR19a_SOX6.3"),
        (("EV miR-19a", 0), ("SOX6", 1), ("JNK3, caspase-3", 3.2)),
    ),
    (("BDNF_TrkB.2", "BDNF_TrkB.4"), (("BDNF", 0), ("TrkB", 1), ("BAX", 3.2))),
    (
        tuple(f"HGF_MET_antifibrotic.{step}" for step in (1, 2, 3, 4)),
        (("HGF", 0), ("MET", 1), ("AKT", 2), ("TGIF1", 3.0), ("myofibroblasts", 4.05)),
    ),
)
LISTS_OF_PAIRS = {"cellphonedb5", "cellchatdb2"}  # say that two molecules bind, not what follows

STRESS_NM, XIAP_NM, RESCUE_XIAP_NM = 20.0, 40.0, 120.0
SWITCHES_NM = (40.0, 60.0)
SPREADS = (0.05, 0.2, 0.4)
STYLES = ("solid", "dashed", "dotted")
RESCUES_MIN = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 11.0, 15.0, 20.0, 30.0, 45.0, 60.0)
TIME_MIN = np.linspace(0.0, 60.0, 121)


def chains() -> list[dict[str, Any]]:
    """Return each lane's boxes, relations and sources as the table `pathways` states them."""
    from secretome_edu import data

    table = data.load("pathways").set_index("step_id")
    lanes = []
    for steps, boxes in LANES:
        rows = table.loc[list(steps)]
        keys = [key for row in rows["source_keys"] for key in row if key not in LISTS_OF_PAIRS]
        lanes.append(
            {
                "boxes": boxes,
                "relations": list(rows["relation"]),
                "sources": ", ".join(data.cite(key).short for key in dict.fromkeys(keys)),
            }
        )
    return lanes


@own_style
def pathways() -> Bundle:
    """Return survival chains as lanes of boxes, arrows for activation and bars for inhibition."""
    from matplotlib.figure import Figure

    from secretome_edu.figures.show import show

    lanes = chains()
    figure = Figure(figsize=(9.6, 6.4), dpi=100, layout="constrained")
    axes = figure.add_subplot()
    for place, lane in enumerate(lanes):
        _lane(axes, len(lanes) - place, lane)
    axes.set(xlim=(-0.5, 4.65), ylim=(0.5, len(lanes) + 0.55))
    axes.set_axis_off()
    return show(figure, _chains_description(lanes), "From a signal to the fate of a cell")


def _lane(axes: Axes, height: float, lane: dict[str, Any]) -> None:
    from secretome_edu.figures.draw import INK, MUTED
    from secretome_edu.figures.palette import LINES_LIGHT

    boxes = [
        axes.text(
            x,
            height,
            name,
            ha="center",
            va="center",
            fontsize=11,
            color=INK,
            fontweight="bold" if name == "AKT" else "normal",
            bbox={
                "boxstyle": "round,pad=0.35",
                "facecolor": "#ffffff",
                "edgecolor": INK if name == "AKT" else MUTED,
                "linewidth": 2.0 if name == "AKT" else 1.2,
            },
        )
        for name, x in lane["boxes"]
    ]
    for left, right, relation in zip(boxes, boxes[1:], lane["relations"], strict=False):
        stops = relation == "inhibits"
        axes.annotate(
            "",
            xy=right.get_position(),
            xytext=left.get_position(),
            arrowprops={
                "arrowstyle": "|-|,widthA=0,widthB=0.5" if stops else "-|>,head_width=0.35",
                "color": LINES_LIGHT[1] if stops else LINES_LIGHT[0],
                "linewidth": 2.2,
                "patchA": left.get_bbox_patch(),
                "patchB": right.get_bbox_patch(),
                "shrinkA": 3,
                "shrinkB": 6,
            },
            zorder=0,
        )
    axes.text(-0.45, height + 0.33, lane["sources"], fontsize=10, color=MUTED, va="center")


def _chains_description(lanes: list[dict[str, Any]]) -> str:
    parts = []
    for lane in lanes:
        names = [name for name, _ in lane["boxes"]]
        bars = lane["relations"].count("inhibits")
        effect = "raises" if bars % 2 == 0 else "lowers"
        parts.append(f"{names[0]} {effect} {names[-1]} (bars: {bars} of {len(names) - 1} steps)")
    through = sum("AKT" in [name for name, _ in lane["boxes"]] for lane in lanes)
    return (
        f"{len(lanes)} chains from the course's table, {through} of them drawn through AKT. Arrows "
        f"activate, bars inhibit. From end to end: {'; '.join(parts)}."
    )


def switches() -> Scene:
    """Return the steady states of two cells that differ in XIAP, and where each goes on and off."""
    from secretome_edu.models import survival

    panels, clauses = [], []
    for xiap_nM in SWITCHES_NM:
        apaf1, caspase3, stable = survival.steady_curve(xiap_nM, 100.0, 400)
        dies_nM = survival.death_threshold_nM(xiap_nM)
        dying = stable & (caspase3 > survival.DEAD_ABOVE_NM / 2)
        back_nM = float(apaf1[dying].min())
        # Switched on for ten hours, then without stress: does it stay on?
        reversible = not survival.simulate(
            STRESS_NM, xiap_nM, 3000.0, rescue_at_min=600.0, rescue_apaf1_nM=0.0, samples=3
        ).dead
        panels.append(
            LinePanel(
                f"XIAP {xiap_nM:g} nM",
                "stress, active Apaf-1 (nM)",
                "active caspase-3 (nM)",
                [
                    Line("stays there", apaf1, np.where(stable, caspase3, np.nan), "solid", 2),
                    Line(
                        "point of no return",
                        apaf1,
                        np.where(stable, np.nan, caspase3),
                        "dotted",
                        4,
                    ),
                ],
                x_scale="log",
                y_scale="log",
                x_range=(0.05, 100.0),
                y_range=(1e-3, 1e3),
                vlines=[
                    Rule(dies_nM, "on above"),
                    *([Rule(back_nM, "off below")] if reversible else []),
                ],
            )
        )
        way_back = (
            f"goes off again only below {number(back_nM, 'nM', 2)}"
            if reversible
            else "does not go off again, even without any stress"
        )
        clauses.append(
            f"with {xiap_nM:g} nM XIAP it goes on above {number(dies_nM, 'nM')} and {way_back}"
        )
    description = (
        f"The switch of one cell: {'; '.join(clauses)}. In between, the dotted line parts the "
        "two fates: above it caspase-3 rises by itself, below it falls."
    )
    return Scene("The way back is not the way there", panels, description)


def population() -> Scene:
    """Return the share of cells that live, over stress and over the time of a rescue."""
    from scipy.special import ndtr

    from secretome_edu.models import survival

    stress = np.geomspace(0.6, 100.0, 90)
    needed = np.interp(TIME_MIN, RESCUES_MIN, xiap_needed_nM())
    by_stress, by_time, clauses = [], [], []
    for place, (spread, style) in enumerate(zip(SPREADS, STYLES, strict=True)):
        label = f"spread {spread:g}"
        share = 100 * survival.survival_fraction(stress, XIAP_NM, spread)
        late = 100 * ndtr(np.log(XIAP_NM / needed) / spread)
        by_stress.append(Line(label, stress, share, style, place))
        by_time.append(Line(label, TIME_MIN, late, style, place))
        at_20 = float(np.interp(20.0, TIME_MIN, late)) / 100
        clauses.append(f"{label}, {percent(at_20, 2) if at_20 > 0.001 else 'hardly any'}")
    halves = [crossings(line.x, line.y, 50.0)[0] for line in (by_stress[1], by_time[1])]
    description = (
        f"Half of the cells live at {number(halves[0], 'nM', 2)} of stress, and half if the "
        f"rescue comes at {number(halves[1], 'min', 2)} under {STRESS_NM:g} nM. The more cells "
        f"differ in XIAP, the flatter both curves. A rescue at 20 min saves: {'; '.join(clauses)}."
    )
    panels = [
        _share_panel("No rescue", "stress, active Apaf-1 (nM)", by_stress, "log", (0.6, 100.0)),
        _share_panel(
            f"Rescue under {STRESS_NM:g} nM of stress",
            "time of the rescue (min)",
            by_time,
            "linear",
            (0.0, 60.0),
        ),
    ]
    return Scene("Cells that differ in XIAP, median 40 nM", panels, description)


def _share_panel(
    title: str, x_label: str, lines: list[Line], x_scale: str, x_range: tuple[float, float]
) -> LinePanel:
    return LinePanel(
        title,
        x_label,
        "cells that live (%)",
        lines,
        x_scale=x_scale,
        x_range=x_range,
        y_range=(0.0, 102.0),
    )


@lru_cache(maxsize=1)
def xiap_needed_nM() -> tuple[float, ...]:
    """Return, for each time of rescue, the least XIAP (nM) with which a cell is saved in time."""
    found, low = [], 20.0
    for rescue_min in RESCUES_MIN:
        high = 66.0  # a little above what survives this stress without any rescue
        while high - low > 0.1:
            middle = (low + high) / 2
            low, high = (low, middle) if _saved(middle, rescue_min) else (middle, high)
        found.append((low + high) / 2)
    return tuple(found)


def _saved(xiap_nM: float, rescue_min: float) -> bool:
    from secretome_edu.models import survival

    course = survival.simulate(
        STRESS_NM,
        xiap_nM,
        600.0,
        rescue_at_min=rescue_min,
        rescue_xiap_nM=RESCUE_XIAP_NM,
        samples=3,
    )
    return not course.dead


FIGURES = {"pathways": pathways, "switches": switches, "population": population}
