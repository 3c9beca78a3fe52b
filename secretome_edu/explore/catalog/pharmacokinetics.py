"""Pharmacokinetics: the same amount of a factor from living cells, one injection or several."""

from __future__ import annotations

import numpy as np

from secretome_edu.explore.controls import Slider, from_card
from secretome_edu.explore.explorer import Explorer, Preset, Values
from secretome_edu.figures.describe import number, peak, percent
from secretome_edu.figures.scene import Line, LinePanel, Rule, Scene
from secretome_edu.models import binding, pharmacokinetics
from secretome_edu.models.cards import model_card

CARD = model_card("pharmacokinetics")
END_H = 168.0
# Close together where an injection falls fast, so that its curve is smooth.
TIME_H = np.unique(np.concatenate([np.geomspace(0.01, END_H, 200), np.arange(0.0, END_H, 0.5)]))
# For the time above a level: an injection's jump must not be smeared over the grid.
FINE_H = np.arange(0.0, END_H, 0.05)
PK = pharmacokinetics.TwoCompartment(
    *(
        CARD.parameter(name).value
        for name in ("clearance", "central_volume", "peripheral_volume", "exchange")
    )
)


def compute(values: Values) -> Scene:
    """Return plasma level and effect of cells, one bolus and repeated boluses of equal amount."""
    source = (values["cells_per_kg"], values["secretion_pg_per_cell_h"], values["half_life_h"])
    dose_ug_kg = float(pharmacokinetics.equal_exposure_dose(*source))
    count, interval = int(values["injections"]), values["interval_h"]
    ic50, imax = values["ic50"], CARD.parameter("imax").value

    def levels(time_h: np.ndarray) -> dict[str, np.ndarray]:
        each = dose_ug_kg / count
        return {
            "living cells": pharmacokinetics.living_source(time_h, *source, PK),
            "one injection": pharmacokinetics.bolus(time_h, dose_ug_kg, PK),
            f"{count} smaller injections": _injections(time_h, each, count, interval),
        }

    curves = levels(TIME_H)
    styles = ("solid", "dashed", "dotted")
    level = LinePanel(
        title="Level in plasma",
        x_label="time (h)",
        y_label="level (ng/mL)",
        y_scale="log",
        x_range=(0.0, END_H),
        y_range=(1e-5, 1e2),
        lines=[Line(name, TIME_H, y, styles[i], i) for i, (name, y) in enumerate(curves.items())],
        hlines=[Rule(ic50, f"half effect, {number(ic50, 'ng/mL')}")],
    )
    effect = LinePanel(
        title="Cytokine release suppressed",
        x_label="time (h)",
        y_label="suppression (%)",
        x_range=(0.0, END_H),
        y_range=(0.0, 100.0),
        lines=[
            Line(name, TIME_H, 100 * binding.suppression(y, ic50, imax), styles[i], i)
            for i, (name, y) in enumerate(curves.items())
        ],
        hlines=[Rule(100 * imax, "the most IL-10 can do")],
    )
    above = {
        name: float(pharmacokinetics.time_above_h(FINE_H, y, ic50))
        for name, y in levels(FINE_H).items()
    }
    readouts = [("Amount given in all", number(dose_ug_kg, "ug/kg"))]
    readouts += [
        (f"{name[0].upper()}{name[1:]}: time above half effect", number(hours, "h"))
        for name, hours in above.items()
    ]
    clauses = [
        f"{name}: peak {number(peak(TIME_H, y)[1], 'ng/mL')}, above half effect for "
        f"{number(above[name], 'h')}"
        for name, y in curves.items()
    ]
    exposure = float(pharmacokinetics.exposure(dose_ug_kg, PK.clearance))
    later = sum(interval * place >= END_H for place in range(count))
    after = f" {later} of the {count} injections come after that week." if later else ""
    description = (
        f"All three give {number(dose_ug_kg, 'ug/kg')} and the same exposure, "
        f"{number(exposure, 'ng h/mL')}. As they run over a week: {'; '.join(clauses)}. "
        f"{percent(0.5 ** (END_H / source[2]))} of the cells are left after that week."
        f"{after}"
    )
    return Scene("Living source against injections", [level, effect], description, readouts)


def _injections(time_h: np.ndarray, dose_ug_kg: float, count: int, interval_h: float) -> np.ndarray:
    """Return the level after equal doses at equal times."""
    since = time_h - interval_h * np.arange(count)[:, None]
    each = pharmacokinetics.bolus(np.maximum(since, 0.0), dose_ug_kg, PK)
    return np.where(since >= 0, each, 0.0).sum(axis=0)


EXPLORER = Explorer(
    name="pharmacokinetics",
    title="A living source or a dose?",
    question=(
        "The exposure is matched. How many injections keep the level up as long as living cells do?"
    ),
    model="pharmacokinetics",
    controls=[
        from_card(CARD, "cells_per_kg", steps=60),
        from_card(CARD, "secretion_pg_per_cell_h", steps=80),
        from_card(CARD, "half_life_h", label="Half-life of the cells"),
        Slider(
            "injections",
            "Number of injections",
            default=4,
            low=2,
            high=14,
            step=1,
            meaning="The total amount is shared out evenly.",
            kind="illustrative",
        ),
        from_card(
            CARD, "interval_h", label="Time between injections", meaning="From one to the next."
        ),
        from_card(CARD, "ic50"),
    ],
    compute=compute,
    presets=[
        Preset("Short-lived cells", {"half_life_h": 6.0}),
        Preset("Strong secretion", {"secretion_pg_per_cell_h": 0.02}),
        Preset("Twice a day for a week", {"injections": 14.0, "interval_h": 12.0}),
    ],
)
