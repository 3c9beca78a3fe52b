"""Fate: how many infused cells are left as time goes by, and how much they still released."""

from __future__ import annotations

import numpy as np

from secretome_edu.explore.controls import Slider, from_card
from secretome_edu.explore.explorer import Explorer, Preset, Values
from secretome_edu.figures.describe import number, percent
from secretome_edu.figures.scene import Line, LinePanel, Rule, Scene
from secretome_edu.models.cards import model_card

CARD = model_card("pharmacokinetics")
SOURCE = "10.1016/j.stem.2009.05.003"
ELSEWHERE = 1000 / 2e6  # fewer than 1000 of 2 million cells in six tissues other than the lung
DAYS = np.linspace(0.0, 28.0, 225)


def left(days: np.ndarray | float, half_life_h: float) -> np.ndarray:
    """Return the share of cells left, falling by half in every half-life.

    Parameters
    ----------
    days : array_like
        Time since the infusion in days.
    half_life_h : float
        In hours; about 24 for human MSC in the lung of mice (10.1016/j.stem.2009.05.003).

    Returns
    -------
    ndarray
        A share from 0 to 1, of the shape of ``days``.

    Examples
    --------
    >>> left([0.0, 1.0, 3.0], 24.0).tolist()
    [1.0, 0.5, 0.125]
    """
    return np.exp2(-np.asarray(days, dtype=float) * 24.0 / half_life_h)


def compute(values: Values) -> Scene:
    """Return cells left against time, and the share of their whole secretion that is out."""
    dose, half_life_h, day = values["cells_given"], values["half_life_h"], values["day"]
    remaining = dose * left(DAYS, half_life_h)
    out = 1.0 - left(DAYS, half_life_h)  # at a constant rate per living cell
    here, done = float(dose * left(day, half_life_h)), float(1.0 - left(day, half_life_h))
    # The area under the curve of the living: dose times mean life, half-life / ln 2.
    cell_days = dose * half_life_h / 24.0 / np.log(2)
    cells = LinePanel(
        title="Cells left",
        x_label="days after infusion",
        y_label="cells",
        y_scale="log",
        x_range=(0.0, 28.0),
        y_range=(1.0, 1e8),
        lines=[Line("in the lung, falling by half-lives", DAYS, np.maximum(remaining, 1e-3))],
        hlines=[Rule(dose * ELSEWHERE, "most seen elsewhere, 1 in 2,000")],
        vlines=[Rule(day, f"day {day:g}")],
    )
    released = LinePanel(
        title="Released so far",
        x_label="days after infusion",
        y_label="share of all they ever release (%)",
        x_range=(0.0, 28.0),
        y_range=(0.0, 100.0),
        lines=[Line("released by the cells so far", DAYS, 100 * out, "dashed", 1)],
        vlines=[Rule(day, f"day {day:g}")],
    )
    alive = number(here) if here >= 1 else "fewer than one"
    after = number(day, "d")
    ninety = number(half_life_h * np.log2(10.0) / 24.0, "d")
    description = (
        f"Of {number(dose)} cells with a half-life of {number(half_life_h, 'h')}, {alive} are left "
        f"after {after} ({percent(here / dose, 2)} of the dose). By then they have "
        f"released {percent(done)} of all they ever release, if each living cell secretes "
        f"steadily; 90% is out after {ninety}. Together they release as much as "
        f"{number(cell_days)} cells that live for one day."
    )
    readouts = [
        (f"Cells left after {after}", alive),
        ("Released by then", percent(done)),
        ("As much as this many cells in one day", number(cell_days)),
        ("Most seen elsewhere, 1 in 2,000", number(dose * ELSEWHERE)),
    ]
    return Scene("Fate of infused cells", [cells, released], description, readouts)


EXPLORER = Explorer(
    name="fate",
    title="Where does the dose go?",
    question="How long do infused cells last, and how much have they released when they are gone?",
    model="pharmacokinetics",
    controls=[
        Slider(
            "cells_given",
            "Cells infused",
            default=2e6,
            low=1e5,
            high=1e8,
            scale="log",
            steps=60,
            symbol="N_0",
            meaning="Human MSC into the vein of a mouse; fewer than 1 in 2,000 were found in six "
            "tissues other than the lung. Range illustrative.",
            kind="measured",
            source=SOURCE,
        ),
        from_card(CARD, "half_life_h", label="Half-life of the cells in the lung"),
        Slider(
            "day",
            "Days after infusion",
            default=7.0,
            low=0.0,
            high=28.0,
            step=1.0,
            unit="d",
            meaning="The day at which the numbers are read.",
            kind="illustrative",
        ),
    ],
    compute=compute,
    presets=[
        Preset("As in the mouse", {}),
        Preset("Cells that last a week", {"half_life_h": 168.0}),
        Preset("Ten times the dose", {"cells_given": 2e7}),
    ],
)
