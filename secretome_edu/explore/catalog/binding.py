"""Binding: how much receptor a ligand occupies, and when the textbook curve lies."""

from __future__ import annotations

import numpy as np

from secretome_edu.explore.controls import from_card
from secretome_edu.explore.explorer import Explorer, Preset, Values
from secretome_edu.figures.describe import number, percent
from secretome_edu.figures.scene import Line, LinePanel, Rule, Scene
from secretome_edu.models import binding
from secretome_edu.models.cards import model_card

CARD = model_card("binding")
LIGAND_PM = np.geomspace(0.1, 1e4, 160)


def compute(values: Values) -> Scene:
    """Return receptor occupancy against ligand, with and without depletion."""
    ligand, receptor = values["ligand"], values["receptor_total"]
    kd = float(binding.kd_with_competitor(values["kd"], values["competitor"], values["ki"]))
    simple = 100 * binding.occupancy(LIGAND_PM, kd)
    depleted = 100 * binding.bound_with_depletion(LIGAND_PM, receptor, kd) / receptor
    bound_pM = float(binding.bound_with_depletion(ligand, receptor, kd))
    naive_pM = float(binding.occupancy(ligand, kd)) * receptor
    half_pM = kd + receptor / 2
    panel = LinePanel(
        title="Receptors bound at equilibrium",
        x_label="ligand added (pM)",
        y_label="receptors bound (%)",
        x_scale="log",
        x_range=(0.1, 1e4),
        y_range=(0.0, 100.0),
        lines=[
            Line("simple curve", LIGAND_PM, simple, "dashed", 1),
            Line("with depletion", LIGAND_PM, depleted),
        ],
        hlines=[Rule(50.0, "half of the receptors")],
        vlines=[Rule(ligand, f"your ligand, {number(ligand, 'pM')}")],
    )
    excess = naive_pM / bound_pM - 1
    readouts = [
        ("Bound, simple curve", number(naive_pM, "pM")),
        ("Bound, with depletion", f"{number(bound_pM, 'pM')} = {percent(bound_pM / receptor)}"),
        ("Free ligand left", percent(1 - bound_pM / ligand)),
        ("Half of the receptors need", number(half_pM, "pM")),
    ]
    competitor = (
        f" The competitor raises the apparent Kd from {number(values['kd'], 'pM')} "
        f"to {number(kd, 'pM')}."
        if values["competitor"]
        else ""
    )
    description = (
        f"At {number(ligand, 'pM')} ligand and {number(receptor, 'pM')} receptor, "
        f"{number(bound_pM, 'pM')} is bound; the simple curve says {number(naive_pM, 'pM')}, "
        f"{percent(excess)} too much. Half of the receptors are bound at "
        f"{number(half_pM, 'pM')} added, not at the Kd of {number(kd, 'pM')}.{competitor}"
    )
    return Scene("Binding with depletion", [panel], description, readouts)


EXPLORER = Explorer(
    name="binding",
    title="When does the textbook curve lie?",
    question="Find how many receptors a well may hold before the simple curve is wrong by a tenth.",
    model="binding",
    controls=[
        from_card(CARD, "ligand", label="Ligand added"),
        from_card(CARD, "kd"),
        from_card(CARD, "receptor_total"),
        from_card(
            CARD,
            "competitor",
            label="Free competing ligand",
            default=0.0,
            zero="none",
            meaning="Occupies the same receptors and is not used up.",
        ),
        from_card(CARD, "ki"),
    ],
    compute=compute,
    presets=[
        Preset("Few receptors", {"receptor_total": 1.0}),
        Preset("Crowded well", {"receptor_total": 500.0}),
        Preset("VEGFR1 (Kd 33 pM)", {"kd": 33.3}),
        Preset("With a competitor", {"competitor": 300.0}),
    ],
)
