"""Inflammation: infection, response, damage, and a secretome given early, late, short or long."""

from __future__ import annotations

from functools import lru_cache

from secretome_edu.explore.controls import from_card
from secretome_edu.explore.explorer import Explorer, Preset, Values
from secretome_edu.figures.describe import number, peak
from secretome_edu.figures.scene import Line, LinePanel, Rule, Scene
from secretome_edu.models import inflammation
from secretome_edu.models.cards import model_card

CARD = model_card("inflammation")
SHOWN_H = 400.0
SAMPLES = 201
ENDS = {
    "health": ("healing", "healing"),
    "aseptic": ("inflammation stays", "inflammation that stays although the pathogen is gone"),
    "septic": ("infection stays", "infection that stays"),
}


@lru_cache(maxsize=64)
def _untreated(k_pg: float, p0: float) -> inflammation.InflammationCourse:
    return inflammation.simulate(k_pg, p0, t_end_h=SHOWN_H, samples=SAMPLES)


def compute(values: Values) -> Scene:
    """Return the course of one patient beside the same patient without secretome."""
    k_pg, p0 = values["k_pg"], values["p0"]
    start, rate = values["pulse_start_h"], values["pulse_rate"]
    stop = start + values["pulse_duration_h"]
    untreated = treated = _untreated(k_pg, p0)
    if rate:
        pulse = [(start, stop, rate)]
        treated = inflammation.simulate(k_pg, p0, pulse, SHOWN_H, samples=SAMPLES)
    edges = [Rule(start, "secretome on"), Rule(stop, "off")] if rate else []
    time = treated.time_h
    harm = LinePanel(
        title="Pathogen and damage",
        x_label="time (h)",
        y_label="P-units, D-units",
        x_range=(0.0, SHOWN_H),
        y_range=(0.0, 20.0),
        lines=[
            Line("damage", time, treated.damage, "solid", 1),
            Line("pathogen", time, treated.pathogen, "dashed", 0),
            Line("damage, no secretome", time, untreated.damage, "dotted", 4),
        ],
        vlines=edges,
    )
    response = LinePanel(
        title="Response and brake",
        x_label="time (h)",
        y_label="N-units, CA-units",
        x_range=(0.0, SHOWN_H),
        y_range=(0.0, 1.5),
        lines=[
            Line("phagocytes", time, treated.phagocytes, "solid", 3),
            Line("mediator", time, treated.anti_inflammatory, "dashed", 2),
        ],
        vlines=edges,
    )
    at, most = peak(time, treated.damage)
    readouts = [
        ("With this secretome", ENDS[treated.outcome][0]),
        ("Without", ENDS[untreated.outcome][0]),
        ("Most damage", f"{number(most)} at {number(at, 'h')}"),
        ("Total dose", number(rate * values["pulse_duration_h"], "CA-units")),
    ]
    end = ENDS[treated.outcome][1]
    outcome = (
        f"With {number(rate, 'CA-units/h')} from {number(start)} to {number(stop, 'h')} it ends in "
        f"{end}; without, in {ENDS[untreated.outcome][1]}."
        if rate
        else f"Without secretome it ends in {end}."
    )
    last = number(SHOWN_H, "h")
    harm_said = (
        f"Damage peaks at {number(most)} at {number(at, 'h')} and is "
        f"{number(round(treated.damage[-1], 3))} at {last}"
        if number(at, "h") != last
        else f"Damage rises to {number(most)} at {last}"
    )
    description = (
        f"{outcome} {harm_said}; the pathogen peaks at "
        f"{number(peak(time, treated.pathogen)[1])} and is "
        f"{number(round(treated.pathogen[-1], 3))} then."
    )
    return Scene("Inflammation with a secretome pulse", [harm, response], description, readouts)


EXPLORER = Explorer(
    name="inflammation",
    title="Calm it, but when and how much?",
    question="Find the smallest dose that heals, then a dose that calms too early.",
    model="inflammation",
    controls=[
        from_card(CARD, "k_pg", steps=95),
        from_card(CARD, "p0", steps=58),
        from_card(CARD, "pulse_start_h", step=1.0),
        from_card(CARD, "pulse_duration_h", step=1.0),
        from_card(CARD, "pulse_rate", step=0.001),
    ],
    compute=compute,
    presets=[
        Preset("Untreated", {}),
        Preset("Moderate, first day", {"pulse_start_h": 0.0, "pulse_rate": 0.02}),
        Preset("Strong from the first hour", {"pulse_start_h": 0.0, "pulse_rate": 0.08}),
        Preset("Strong from hour 6", {"pulse_start_h": 6.0, "pulse_rate": 0.08}),
        Preset("Fast pathogen", {"k_pg": 0.6, "p0": 1.0, "pulse_rate": 0.02}),
    ],
)
