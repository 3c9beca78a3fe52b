"""Trafficking: a pulse of VEGF against VEGF that stays, and why the signal outlives the pulse."""

from __future__ import annotations

from dataclasses import replace

from secretome_edu.explore.controls import Choice, from_card
from secretome_edu.explore.explorer import Explorer, Preset, Values
from secretome_edu.figures.describe import crossings, number, peak, percent
from secretome_edu.figures.scene import Line, LinePanel, Rule, Scene
from secretome_edu.models import trafficking
from secretome_edu.models.cards import model_card

CARD = model_card("trafficking")
END_MIN = 300.0
SAMPLES = 151
VEGFR2 = trafficking.RECEPTORS["VEGFR2"]


def compute(values: Values) -> Scene:
    """Return bound VEGFR2 and free VEGF after a washed pulse and without washing."""
    ligand, wash = values["ligand_pM"], values["pulse_min"]
    decoy = replace(trafficking.RECEPTORS["VEGFR1"], per_cell=values["vegfr1_per_cell"])
    shared = {
        "t_end_min": END_MIN,
        "matrix": values["matrix"] == "yes",
        "cells_per_mL": values["cells_per_mL"],
        "internalization_per_s": values["internalization_per_s"],
        "receptors": {**trafficking.RECEPTORS, "VEGFR1": decoy},
        "samples": SAMPLES,
    }
    pulse = trafficking.simulate(ligand, wash_at_min=wash, **shared)
    constant = trafficking.simulate(ligand, **shared)
    time = pulse.time_min
    share = {
        name: 100 * run.bound["VEGFR2"] / VEGFR2.per_cell
        for name, run in (("pulse, then washed", pulse), ("never washed", constant))
    }
    signal = LinePanel(
        title="VEGFR2 bound on the surface",
        x_label="time (min)",
        y_label="bound (%)",
        x_range=(0.0, END_MIN),
        y_range=(0.0, 100.0),
        lines=[
            Line("pulse, then washed", time, share["pulse, then washed"], "solid", 0),
            Line("never washed", time, share["never washed"], "dashed", 1),
        ],
        vlines=[Rule(wash, "wash")],
    )
    medium = LinePanel(
        title="Free VEGF in the medium",
        x_label="time (min)",
        y_label="level (pM)",
        y_scale="log",
        x_range=(0.0, END_MIN),
        y_range=(1e-3, 1e4),
        lines=[
            Line("pulse, then washed", time, pulse.ligand_pM, "solid", 0),
            Line("never washed", time, constant.ligand_pM, "dashed", 1),
        ],
        hlines=[Rule(100.0, "Kd, 100 pM")],
        vlines=[Rule(wash, "wash")],
    )
    washed = share["pulse, then washed"]
    at_wash = float(washed[time <= wash][-1])
    after = crossings(time[time >= wash], washed[time >= wash], at_wash / 2)
    half = f"{number(after[0] - wash, 'min')}" if after else "longer than shown"
    at, most = peak(time, share["never washed"])
    used = 1 - float(constant.ligand_pM[-1]) / ligand
    half_level = float(
        trafficking.half_occupancy_pM(
            VEGFR2.association_per_M_s, VEGFR2.dissociation_per_s, values["internalization_per_s"]
        )
    )
    readouts = [
        ("Bound when washed", percent(at_wash / 100)),
        ("Signal halves in", half),
        ("Bound at the end, washed", percent(float(washed[-1]) / 100)),
        ("VEGF used up, never washed", percent(used)),
        ("Half occupancy needs", number(half_level, "pM")),
    ]
    description = (
        f"At the wash after {number(wash, 'min')}, {percent(at_wash / 100)} of VEGFR2 is bound; "
        f"the signal then halves in {half} and {percent(float(washed[-1]) / 100)} is left at "
        f"{number(END_MIN, 'min')}. Never washed, it peaks at {percent(most / 100)} at "
        f"{number(at, 'min')} and cells use up {percent(used)} of the VEGF. With internalization "
        f"half occupancy needs {number(half_level, 'pM')} of free VEGF, the Kd alone says 100 pM."
    )
    return Scene("A pulse of VEGF", [signal, medium], description, readouts)


EXPLORER = Explorer(
    name="trafficking",
    title="Why does the signal outlive the pulse?",
    question="Wash early and late, with and without matrix: what keeps VEGFR2 bound?",
    model="trafficking",
    controls=[
        from_card(CARD, "ligand_pM", default=5000.0, meaning="In the medium at the start."),
        from_card(CARD, "pulse_min", step=1.0, meaning="Until the medium is replaced."),
        Choice(
            "matrix",
            "Matrix that binds VEGF",
            {"yes": "present", "no": "absent"},
            "yes",
            meaning="Matrix holds VEGF and gives it back.",
            kind=CARD.parameter("matrix_per_cell").kind,
            source=CARD.parameter("matrix_per_cell").source,
        ),
        from_card(CARD, "cells_per_mL", meaning="More cells use up more VEGF."),
        from_card(CARD, "vegfr1_per_cell"),
        from_card(CARD, "internalization_per_s"),
    ],
    compute=compute,
    presets=[
        Preset("High pulse", {}),
        Preset("High pulse, no matrix", {"matrix": "no"}),
        Preset("At the Kd", {"ligand_pM": 100.0}),
        Preset("Few cells", {"ligand_pM": 128.0, "cells_per_mL": 1e4}),
        Preset("Few decoys", {"ligand_pM": 128.0, "vegfr1_per_cell": 1000.0}),
    ],
)
