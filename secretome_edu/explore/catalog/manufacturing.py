"""Manufacturing: lots that differ, what a dose costs, which lots pass, and what drives the cost."""

from __future__ import annotations

import numpy as np

from secretome_edu.explore.controls import Slider, from_card
from secretome_edu.explore.explorer import Explorer, Preset, Values
from secretome_edu.figures.describe import number, percent
from secretome_edu.figures.scene import Line, LinePanel, Rule, Scene, Span, SpanPanel
from secretome_edu.models import manufacturing
from secretome_edu.models.cards import model_card

CARD = model_card("manufacturing")
DRAWS = 10_000
BINS = 48
# Inputs of the tornado and what they are called; each goes to half and to double.
DRIVERS = {
    "titer_per_mL": "particles per mL",
    "recovery": "purification",
    "particles_per_dose": "size of a dose",
    "first_doublings": "doublings, ±1",
    "labor_cost": "labor",
    "consumables_cost": "consumables",
    "fixed_cost": "fixed cost",
    "release_cost": "release tests",
}


def compute(values: Values) -> Scene:
    """Return the spread of the cost of a dose over many lots, and the tornado around it."""
    inputs = ("passages", "harvests", "titer_per_mL", "recovery", "particles_per_dose")
    lot = manufacturing.Lot(
        **{name: values[name] for name in inputs},
        labor_cost=values["labor_cost"],
        consumables_cost=values["labor_cost"] * 0.75,
    )
    spread = values["lot_spread"]
    lots = manufacturing.monte_carlo(
        lot,
        {"titer_per_mL": spread, "recovery": spread / 2},
        donor_cv=values["donor_cv"],
        donors=int(values["donors"]),
        draws=DRAWS,
    )
    cost = lots.cost_per_dose
    middle, low, high = np.percentile(cost, [50, 5, 95])
    released = float(lots.released.mean())
    # Four decades around the median, by whole decades: the axis rests while the curve moves.
    decade = round(float(np.log10(middle)))
    edges = np.logspace(decade - 2, decade + 2, BINS + 1)
    histogram = LinePanel(
        title=f"Cost of a dose in {DRAWS:,} simulated lots",
        x_label="cost of a dose (your currency)",
        y_label="lots (%)",
        x_scale="log",
        x_range=(float(edges[0]), float(edges[-1])),
        y_range=(0.0, 25.0),
        lines=[
            _histogram("all lots", cost, edges, "dashed", 0),
            _histogram("released lots", cost[lots.released], edges, "solid", 1),
        ],
        vlines=[Rule(float(middle), f"half of the lots below {number(middle)}")],
    )
    bars = manufacturing.tornado(lot, {name: _ends(lot, name) for name in DRIVERS})
    at = float(lot.cost_per_dose)
    tornado = SpanPanel(
        title="What one input alone does, at half and at double",
        x_label="cost of a dose (your currency)",
        style="bar",
        x_scale="log",
        x_range=(at / 6, at * 6),
        rows=[Span(DRIVERS[name], min(one, other), max(one, other)) for name, one, other in bars],
        vlines=[Rule(at, number(at))],
    )
    shares = manufacturing.cost_shares(lot)
    readouts = [
        ("Doses from one lot", number(float(np.median(lots.doses)))),
        ("Cost of a dose, median", number(middle)),
        ("Lots that pass the potency test", percent(released)),
        ("Largest item of cost", f"{next(iter(shares))}, {percent(next(iter(shares.values())))}"),
    ]
    description = (
        f"Half of the lots cost less than {number(middle)} a dose, nine in ten between "
        f"{number(low)} and {number(high)}; {percent(released)} of the lots pass the potency "
        f"test. The strongest driver is {DRIVERS[bars[0][0]]}, which moves the cost from "
        f"{number(min(bars[0][1:]))} to {number(max(bars[0][1:]))}; the weakest is "
        f"{DRIVERS[bars[-1][0]]}."
    )
    return Scene("Making doses", [histogram, tornado], description, readouts)


def _ends(lot: manufacturing.Lot, name: str) -> tuple[float, float]:
    now = float(getattr(lot, name))
    if name == "first_doublings":
        return now - 1, now + 1
    return now / 2, min(now * 2, 1.0) if name == "recovery" else now * 2


def _histogram(label: str, cost: np.ndarray, edges: np.ndarray, style: str, color: int) -> Line:
    counts, _ = np.histogram(np.clip(cost, edges[0], edges[-1]), edges)
    return Line(label, np.sqrt(edges[1:] * edges[:-1]), 100 * counts / DRAWS, style, color)


EXPLORER = Explorer(
    name="manufacturing",
    title="What does it take to make the same dose twice?",
    question="Find the two inputs worth improving first, and how many donors to pool.",
    model="manufacturing",
    controls=[
        from_card(CARD, "passages", step=1.0, meaning="Each brings fewer doublings."),
        from_card(CARD, "harvests", step=1.0),
        from_card(CARD, "titer_per_mL", steps=60),
        from_card(CARD, "recovery", steps=85, meaning="Of the particles in the medium."),
        from_card(CARD, "particles_per_dose", steps=60, meaning="Products do not agree on it."),
        from_card(
            CARD,
            "labor_cost",
            unit="",
            steps=60,
            meaning="In your currency; consumables are taken as three quarters of it.",
        ),
        Slider(
            "lot_spread",
            "Spread between lots",
            default=0.5,
            low=0.0,
            high=1.0,
            step=0.05,
            unit="ln units",
            meaning="Standard deviation of the logarithm of the titer; half of it for recovery.",
            kind="illustrative",
        ),
        from_card(CARD, "donor_cv", step=0.05, meaning="Standard deviation of the logarithm."),
        from_card(CARD, "donors", step=1.0, meaning="Pooling divides the spread by its root."),
    ],
    compute=compute,
    presets=[
        Preset("Cell factory", {}),
        Preset("Microcarrier spinner", {"titer_per_mL": 1e11}),
        Preset("Ten donors pooled", {"donors": 10.0}),
        Preset("Large dose", {"particles_per_dose": 1e12}),
    ],
)
