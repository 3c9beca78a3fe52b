"""Figures of lesson 07: who calms whom, which pulses heal, and two ways to calm an alarm.

The map of pulses is a kind of picture that scenes lack; it is drawn here and comes with a
description computed from what was drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from secretome_edu.figures.calming_routes import routes
from secretome_edu.figures.describe import count, number
from secretome_edu.figures.scene import Line, LinePanel, Scene
from secretome_edu.figures.style import own_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from secretome_edu.ui.bundle import Bundle

SHOWN_H = 400.0  # as long as the explorer simulates
STEP_H = 0.75  # ends every patient of the map as 0.5 h does, in two thirds of the time
PULSE_H = 24.0
STARTS_H = np.arange(0.0, 73.0, 3.0)
RATES = np.arange(0.0, 0.1001, 0.005)
PATIENTS = ((0.3, 1.5, "Slower pathogen"), (0.4, 1.0, "Faster pathogen"))
ALARMS = (  # share of the published alarm, how much faster it fades
    (1.0, 1.0, "published alarm", "solid"),
    (0.2, 1.0, "a fifth of it", "dashed"),
    (1.0, 5.0, "fades five times as fast", "dotted"),
)
PULSE_SHARE = 0.1  # of the highest; smaller waves are not counted as pulses


def ends() -> np.ndarray:
    """Return how each patient ends, shape (patients, strengths, starts)."""
    from secretome_edu.models import inflammation

    growth, pathogen = (
        np.array([patient[i] for patient in PATIENTS])[:, None, None] for i in (0, 1)
    )
    return inflammation.outcomes(
        growth, pathogen, STARTS_H[None, None, :], PULSE_H, RATES[None, :, None],
        t_end_h=SHOWN_H, step_h=STEP_H,
    )  # fmt: skip


@own_style
def window() -> Bundle:
    """Return which starts and strengths of a pulse heal, for two simulated patients."""
    from matplotlib.figure import Figure

    from secretome_edu.figures.show import show

    ended = ends()
    figure = Figure(figsize=(10.6, 4.6), dpi=100, layout="constrained")
    for axes, patient, outcome in zip(figure.subplots(1, 2), PATIENTS, ended, strict=True):
        _patient(axes, patient, outcome)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, fontsize=10, frameon=False)
    words = " ".join(
        _patient_description(patient, outcome)
        for patient, outcome in zip(PATIENTS, ended, strict=True)
    )
    return show(figure, words, f"Where a pulse of {number(PULSE_H, 'h')} heals, in the model")


def _patient(axes: Axes, patient: tuple[float, float, str], outcome: np.ndarray) -> None:
    from secretome_edu.figures.draw import INK
    from secretome_edu.figures.palette import LINES_LIGHT

    growth, pathogen, name = patient
    starts, rates = np.meshgrid(STARTS_H, RATES)
    heals = outcome == "health"
    looks = (
        ("heals", heals, "o", 42, LINES_LIGHT[0]),
        ("does not heal", ~heals, "x", 16, "#57606a"),
    )
    for label, here, marker, size, color in looks:
        axes.scatter(starts[here], rates[here], s=size, marker=marker, color=color, label=label)
    axes.set_title(
        f"{name}: growth {number(growth, '1/h')}, {number(pathogen)} P-units at start",
        fontsize=12, color=INK, loc="left",
    )  # fmt: skip
    axes.set_xlabel("start of the secretome (h)", fontsize=11, color=INK)
    axes.set_ylabel("strength (CA-units/h)", fontsize=11, color=INK)
    axes.set_xticks(np.arange(0, 73, 12))
    axes.tick_params(colors=INK, labelsize=10)


def _patient_description(patient: tuple[float, float, str], outcome: np.ndarray) -> str:
    heals = outcome == "health"
    clauses = []
    for hour in (0.0, 6.0, 24.0, 48.0):
        rates = RATES[heals[:, hour == STARTS_H].ravel()]
        span = f"{number(rates.min())} to {number(rates.max())}" if rates.size else "none"
        clauses.append(f"from hour {number(hour)}: {span}")
    starts = STARTS_H[heals.any(axis=0)]
    return (
        f"{patient[2]}: {heals.sum()} of {heals.size} pulses heal. Strengths that do: "
        f"{'; '.join(clauses)}. The earliest start that heals is hour {number(starts.min())}, the "
        f"latest hour {number(starts.max())}."
    )


def alarm() -> Scene:
    """Return NF-kB in the nucleus of one cell: published alarm, weaker alarm, shorter alarm."""
    from secretome_edu.models import nfkb

    lines, clauses = [], []
    for place, (share, faster, words, style) in enumerate(ALARMS):
        run = nfkb.simulate(share * nfkb.IKK_UM, faster * nfkb.RATES["k02"])
        level_nM = 1000 * run.nuclear_nfkb_uM
        lines.append(Line(words, run.time_min, level_nM, style, place))
        heights = np.interp(run.peaks_min, run.time_min, level_nM)
        pulses = [
            f"{number(height, 'nM', 2)} at {number(round(at), 'min')}"
            for at, height in zip(run.peaks_min, heights, strict=True)
            if height > PULSE_SHARE * heights.max()
        ]
        clauses.append(f"{words}, {count(len(pulses), 'pulse')}: {', then '.join(pulses)}")
    description = (
        f"NF-kB in the nucleus of one simulated cell in {number(run.time_min[-1], 'min')}: "
        + "; ".join(clauses)
        + "."
    )
    panel = LinePanel(
        "NF-κB free in the nucleus",
        "time (min)",
        "level (nM)",
        lines,
        x_range=(0.0, 360.0),
        y_range=(0.0, 70.0),
    )
    return Scene("Two ways to calm an alarm", [panel], description)


FIGURES = {"routes": routes, "window": window, "alarm": alarm}
