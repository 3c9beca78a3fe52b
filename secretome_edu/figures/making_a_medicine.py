"""Figures of lesson 15: doses that do not convert, yields, losses, keeping and release."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from secretome_edu.figures.describe import count, number, percent
from secretome_edu.figures.scene import Line, LinePanel, Rule, Scene, Span, SpanPanel

# What a dose is stated in: the first pattern that fits names it.
DOSE_UNITS = {
    "particles or vesicles": r"e\d+ (?:particles|vesicles)",
    "mass (µg or mg)": r"\d (?:ug|mg)\b",
    "lipid (pmol)": r"pmol",
    "cells that made it": r"(?:MSC|cells)/kg",
    "volume alone (mL)": r"\d mL\b",
}
NO_AMOUNT = "no amount given"
DOSE_ROWS = {
    "P037": "inhaled, volunteers",
    "P038": "inhaled, COVID-19",
    "P036": "knee osteoarthritis",
    "P083": "infused, COVID-19",
}
# Rows of ev_yields, lowest and highest, that make one line of the figure.
YIELD_ROWS = {
    "no cells: depleted serum": ("SL059", "SL059"),
    "cord, 10-layer cell factory": ("SL011", "SL012"),
    "marrow, hollow fiber, 48 h": ("SL013", "SL013"),
    "marrow, five donors, 48 h": ("SL054", "SL054"),
    "marrow, hollow fiber, 24 h": ("SL016", "SL016"),
    "marrow, microcarriers, 5% serum": ("SL015", "SL015"),
}
LOSS_ROWS = {
    "buffer, plain tube": "P073",
    "buffer, low-binding or coated tube": "P074",
    "protein-rich medium": "P075",
}
T90 = 0.9
FROZEN_C, FRIDGE_C = 0.0, 4.0
POOLS = np.array([1.0, 2.0, 3.0, 5.0, 10.0, 20.0])
DONOR_CV, LIMITS = 0.5, (0.7, 1.5)  # the defaults of models.manufacturing.monte_carlo


def _values(table: str) -> Any:
    from secretome_edu.data import load

    return load(table).set_index("row_id")


def dose_units() -> dict[str, int]:
    """Return how many vesicle trials of the course state a dose in which unit."""
    from secretome_edu.data import load

    trials = load("clinical_trials")
    doses = trials[trials["product_class"] == "EV"]["dose"].fillna("")
    units = [
        next((name for name, pattern in DOSE_UNITS.items() if re.search(pattern, dose)), NO_AMOUNT)
        for dose in doses
    ]
    return {name: units.count(name) for name in (*DOSE_UNITS, NO_AMOUNT)}


def doses() -> Scene:
    """Return which units trials state a dose in, and how far those in particles lie apart."""
    units = dose_units()
    table = _values("pharmacokinetics").loc[list(DOSE_ROWS)]
    low, high = float(table["low"].min()), float(table["high"].max())
    told = "; ".join(f"{name}: {n}" for name, n in units.items())
    description = (
        f"{count(sum(units.values()), 'registered trial')} of vesicles, by the unit of the dose. "
        f"{told}. Four doses in particles, the infused one calculated from milliliters, reach from "
        f"{number(low)} to {number(high)}, a factor of {number(high / low, digits=2)}."
    )
    by_unit = SpanPanel(
        "Trials of vesicles, by the unit of their dose",
        "number of trials",
        [Span(name, 0, n) for name, n in units.items()],
        style="bar",
        x_range=(0.0, max(units.values()) + 1.0),
    )
    particles = SpanPanel(
        "One dose in particles, four trials",
        "particles in one dose",
        [
            Span(DOSE_ROWS[row], float(at["low"]), float(at["high"]))
            for row, at in table.sort_values("low").iterrows()
        ],
        style="bar",
        x_scale="log",
        x_range=(1e8, 1e13),
    )
    return Scene("A dose of what?", [by_unit, particles], description)


def yields() -> Scene:
    """Return particles per milliliter in five ways to grow the cells, and in a blank."""
    table = _values("ev_yields")["value"].astype(float)
    rows = {label: (table[one], table[other]) for label, (one, other) in YIELD_ROWS.items()}
    blank, *grown = rows.items()
    lowest = min(low for _, (low, _) in grown)
    highest_name, (_, highest) = max(grown, key=lambda row: row[1][1])
    description = (
        f"With cells the published values reach from {number(lowest)} to {number(highest)} "
        f"particles per mL, a factor of {number(highest / lowest, digits=2)}; the highest is "
        f"{highest_name}. Medium with depleted serum and no cells, in another study, had "
        f"{number(blank[1][0])}, {percent(blank[1][0] / lowest, 2)} of the lowest value with "
        "cells. Raw medium and concentrated preparations may be mixed here."
    )
    panel = SpanPanel(
        "Human MSC media, and a blank",
        "particles per mL",
        [Span(label, low, high, (low + high) / 2) for label, (low, high) in rows.items()],
        x_scale="log",
        x_range=(3e8, 3e11),
    )
    return Scene("Yields", [panel], description)


def losses() -> Scene:
    """Return what was lost of vesicles kept two days in a refrigerator, by tube and medium."""
    table = _values("pharmacokinetics").loc[list(LOSS_ROWS.values())]
    lost = {
        name: (
            float(table["low"].fillna(table["value"])[row]),
            float(table["high"].fillna(table["value"])[row]),
        )
        for name, row in LOSS_ROWS.items()
    }
    told = "; ".join(
        f"{name}: {number(low)}" + (f" to {number(high)}" if high > low else "")
        for name, (low, high) in lost.items()
    )
    description = (
        f"Particles lost after 48 h at 4 °C, in percent. {told}. The vesicles came from HT-29 "
        "cancer cells, not from MSC."
    )
    panel = SpanPanel(
        "Cancer-cell vesicles, 48 h at 4 °C",
        "particles lost (%)",
        [Span(name, low, high, (low + high) / 2) for name, (low, high) in lost.items()],
        x_range=(0.0, 60.0),
    )
    return Scene("Lost in the tube", [panel], description)


def keeping() -> Scene:
    """Return half-life and t90 of FGF-2 in water over temperature, with where the law ends."""
    from secretome_edu.models import stability

    table = _values("model_parameters")["value"].astype(float)
    warm, room = table["M12.t12_37"], table["M12.t12_25"]
    energy = float(stability.activation_energy_kJ_mol(room, 25, warm, 37))

    def half(temperature_C: np.ndarray | float) -> np.ndarray:
        return stability.half_life_h(temperature_C, room, 25, energy)

    liquid, ice = np.linspace(FROZEN_C, 40, 41), np.linspace(-45, FROZEN_C, 46)
    wide = np.linspace(-60, 40, 1001)
    day_C = float(np.interp(-24.0, -stability.shelf_life_h(half(wide), T90), wide))
    fridge = float(half(FRIDGE_C))
    description = (
        f"FGF-2 in water. Half-lives of {number(room, 'h')} at 25 °C and {number(warm, 'h')} at "
        f"37 °C give an activation energy of {number(energy, 'kJ/mol')}. The line through them "
        f"reaches {number(fridge, 'h')} at 4 °C, where nine tenths are left for "
        f"{number(60 * float(stability.shelf_life_h(fridge, T90)), 'min', 2)}. It would need "
        f"{number(day_C, digits=2)} °C for nine tenths to last a day: ice, where the law does not "
        "hold."
    )
    panel = LinePanel(
        "FGF-2 in water",
        "temperature (°C)",
        "time (h)",
        [
            Line("half-life, measured", np.array([25.0, 37.0]), np.array([room, warm]), "markers"),
            Line("half-life, by the law", liquid, half(liquid), "solid"),
            Line(
                "nine tenths left (t90)", liquid, stability.shelf_life_h(half(liquid)), "dashed", 1
            ),
            Line("t90 drawn on into ice", ice, stability.shelf_life_h(half(ice)), "dotted", 1),
        ],
        y_scale="log",
        x_range=(-45.0, 40.0),
        y_range=(0.05, 100.0),
        vlines=[Rule(FRIDGE_C, "refrigerator")],
        hlines=[Rule(24.0, "a day")],
    )
    return Scene("How long does it keep?", [panel], description)


def released() -> Scene:
    """Return the share of the model's lots that pass their potency test, by donors and assay."""
    from secretome_edu.models import manufacturing

    assays = {"assay spread 0.15": (0.15, "solid", 0), "assay spread 0.30": (0.30, "dashed", 1)}
    share = {
        label: 100
        * manufacturing.release_probability(1, *LIMITS, np.sqrt(DONOR_CV**2 / POOLS + spread**2))
        for label, (spread, *_) in assays.items()
    }
    told = "; ".join(
        f"{label}: {number(y[0], digits=2)} % with one donor, "
        f"{number(y[list(POOLS).index(10)], digits=2)} % with ten"
        for label, y in share.items()
    )
    description = (
        "Lots of the model that pass a potency test with limits 0.7 and 1.5, for an assumed "
        f"spread between donors. {told}."
    )
    panel = LinePanel(
        "Lots that pass the potency test",
        "donors pooled",
        "lots (%)",
        [
            Line(label, POOLS, share[label], style, color)
            for label, (_, style, color) in assays.items()
        ],
        x_range=(0.0, 24.0),
        y_range=(0.0, 100.0),
    )
    return Scene("Pooling donors", [panel], description)


def approvals() -> Scene:
    """Return how many entries of approved products have which status, by what is given."""
    from secretome_edu.data import load

    table = load("approved_products")
    cells = table["product_class"] == "cells"
    states = table[cells]["status"].astype(str).value_counts()
    rows = {f"cells, {state}": int(n) for state, n in states.items() if n}
    rows["vesicles or secretome, any status"] = int((~cells).sum())
    description = "Entries of the table: " + "; ".join(f"{k}: {n}" for k, n in rows.items()) + "."
    panel = SpanPanel(
        "MSC products by status",
        "entries",
        [Span(name, 0, n) for name, n in rows.items()],
        style="bar",
        x_range=(0.0, max(rows.values()) + 1.0),
    )
    return Scene("Approved products", [panel], description)


FIGURES = {
    "doses": doses,
    "yields": yields,
    "losses": losses,
    "keeping": keeping,
    "released": released,
    "approvals": approvals,
}
