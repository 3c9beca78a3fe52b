"""Wound: a scratch that closes by movement and by division, with and without a treatment."""

from __future__ import annotations

import numpy as np

from secretome_edu.explore.controls import Choice, Slider, from_card
from secretome_edu.explore.explorer import Explorer, Preset, Values
from secretome_edu.figures.describe import crossings, number, percent
from secretome_edu.figures.scene import Line, LinePanel, Rule, Scene
from secretome_edu.models import wound
from secretome_edu.models.cards import model_card

CARD = model_card("wound")
WIDTH_UM, SPACING_UM = 1900.0, 12.5
TIMES_H = np.linspace(0.0, 72.0, 37)
X_UM = (np.arange(round(WIDTH_UM / SPACING_UM)) + 0.5) * SPACING_UM
CAPACITY = CARD.parameter("capacity").value
EXPONENTS = {"fisher": 0.0, "porous": 2.0}
DIFFUSIVITY = {
    "fisher": CARD.parameter("diffusivity_um2_h").value,
    "porous": CARD.parameter("porous_diffusivity_um2_h").value,
}
PER_MM2 = 1e6


def compute(values: Values) -> Scene:
    """Return density profiles at one time and closure over time, control and treated."""
    start = wound.scratch(WIDTH_UM, SPACING_UM, values["density"], values["gap_um"], 50.0)
    move, divide = values["movement_fold"], values["division_fold"]
    spread = DIFFUSIVITY[values["movement"]]
    rate = values["proliferation_per_h"]
    runs = {
        name: wound.simulate(
            start,
            SPACING_UM,
            TIMES_H,
            spread * a,
            rate * b,
            CAPACITY,
            exponent=EXPONENTS[values["movement"]],
            step_h=2.0,
        )
        for name, a, b in (("control", 1.0, 1.0), ("treated", move, divide))
    }
    closed = {name: _filled(run, start, values["density"]) for name, run in runs.items()}
    at = int(np.argmin(np.abs(TIMES_H - values["time_h"])))
    shown = TIMES_H[at]
    profile = LinePanel(
        title="Cell density across the scratch",
        x_label="position (µm)",
        y_label="cells per mm²",
        x_range=(0.0, WIDTH_UM),
        y_range=(0.0, 1.1 * CAPACITY * PER_MM2),
        lines=[
            Line("start", X_UM, start * PER_MM2, "dotted", 4),
            Line("control", X_UM, runs["control"][at] * PER_MM2, "dashed", 0),
            Line("treated", X_UM, runs["treated"][at] * PER_MM2, "solid", 1),
        ],
        hlines=[Rule(CAPACITY * PER_MM2, "full")],
    )
    closure = LinePanel(
        title="Scratch filled",
        x_label="time (h)",
        y_label="filled (%)",
        x_range=(0.0, float(TIMES_H[-1])),
        y_range=(0.0, 100.0),
        lines=[
            Line("control", TIMES_H, closed["control"], "dashed", 0),
            Line("treated", TIMES_H, closed["treated"], "solid", 1),
        ],
        vlines=[Rule(shown, number(shown, "h"))],
    )
    half = {name: crossings(TIMES_H, y, 50.0) for name, y in closed.items()}
    readouts = [
        (f"{name.capitalize()}: half filled after", number(found[0], "h") if found else "over 72 h")
        for name, found in half.items()
    ]
    readouts.append(
        (
            "Front speed, treated (m = 0)",
            number(
                float(wound.front_speed_um_h(DIFFUSIVITY["fisher"] * move, rate * divide)), "um/h"
            ),
        )
    )
    description = (
        f"At {number(shown, 'h')} the scratch is {percent(closed['control'][at] / 100)} filled in "
        f"the control and {percent(closed['treated'][at] / 100)} with the treatment; its middle "
        f"holds {number(runs['control'][at][X_UM.size // 2] * PER_MM2)} and "
        f"{number(runs['treated'][at][X_UM.size // 2] * PER_MM2)} cells per mm². "
        f"Half is filled after {readouts[0][1]} and {readouts[1][1]}."
    )
    return Scene("Closure of a scratch", [profile, closure], description, readouts)


def _filled(run: np.ndarray, start: np.ndarray, density: float) -> np.ndarray:
    """Return the share of the empty part that is filled to the density beside it (%)."""
    scratch = start < 0.5 * density
    return 100 * np.minimum(run[:, scratch] / density, 1.0).mean(axis=1)


EXPLORER = Explorer(
    name="wound",
    title="Does it move or does it multiply?",
    question=(
        "Find two treatments, one for movement and one for division, "
        "that fill the scratch equally fast."
    ),
    model="wound",
    controls=[
        Choice(
            "movement",
            "How cells move",
            {"fisher": "alike at every density", "porous": "faster in a crowd"},
            "fisher",
            symbol="m",
            meaning="m is 0 or 2. " + CARD.parameter("exponent").note,
            kind=CARD.parameter("exponent").kind,
            source=CARD.parameter("exponent").source,
        ),
        from_card(CARD, "proliferation_per_h"),
        Slider(
            "movement_fold",
            "Treatment: movement times",
            default=2.0,
            low=0.25,
            high=4.0,
            scale="log",
            steps=64,
            meaning="EGF raised movement and division in a published assay, not the full density "
            "(10.1186/s12918-015-0182-y); the sizes here are free.",
            kind="illustrative",
        ),
        Slider(
            "division_fold",
            "Treatment: division times",
            default=1.0,
            low=0.25,
            high=4.0,
            scale="log",
            steps=64,
            meaning="1 leaves division alone.",
            kind="illustrative",
        ),
        from_card(CARD, "density", steps=52),
        from_card(CARD, "gap_um", step=50.0, meaning="Distance between the two edges."),
        Slider(
            "time_h",
            "Time of the profile",
            default=24.0,
            low=0.0,
            high=72.0,
            step=2.0,
            unit="h",
            meaning="When the densities are shown; marked in the second picture.",
            kind="illustrative",
        ),
    ],
    compute=compute,
    presets=[
        Preset("Moves twice as fast", {"movement_fold": 2.0, "division_fold": 1.0}),
        Preset("Divides twice as fast", {"movement_fold": 1.0, "division_fold": 2.0}),
        Preset("Faster in a crowd", {"movement": "porous"}),
    ],
)
