"""Survival: stress, XIAP and a rescue that comes before or after the point of no return."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from secretome_edu.explore.controls import from_card
from secretome_edu.explore.explorer import Explorer, Preset, Values
from secretome_edu.figures.describe import crossings, number, percent
from secretome_edu.figures.scene import Line, LinePanel, Rule, Scene
from secretome_edu.models import survival
from secretome_edu.models.cards import model_card

CARD = model_card("survival")
END_MIN, SHOWN_MIN = 600.0, 150.0  # the verdict is read late, the picture shows the decision
SAMPLES = 401
MOST_STRESS_NM = 100.0
MOST_CASPASE_NM = 200.0
# With this limit and steps of 3 nM the thresholds are those the model keeps for populations.
HIGHEST_NM = 1e3

_curve = lru_cache(maxsize=64)(survival.steady_curve)


@lru_cache(maxsize=64)
def _unrescued(apaf1_nM: float, xiap_nM: float) -> survival.SurvivalCourse:
    return survival.simulate(apaf1_nM, xiap_nM, END_MIN, samples=SAMPLES)


def compute(values: Values) -> Scene:
    """Return caspase-3 over time with and without rescue, and the switch it moves on."""
    stress, xiap = values["apaf1_nM"], values["xiap_nM"]
    rescue_at = values["rescue_at_min"]
    new_stress, new_xiap = values["rescue_apaf1_nM"], values["rescue_xiap_nM"]
    alone = _unrescued(stress, xiap)
    rescued = survival.simulate(
        stress,
        xiap,
        END_MIN,
        rescue_at_min=rescue_at,
        rescue_apaf1_nM=new_stress,
        rescue_xiap_nM=new_xiap,
        samples=SAMPLES,
    )
    time = alone.time_min
    course = LinePanel(
        title="Active caspase-3 in one cell",
        x_label="time (min)",
        y_label="active caspase-3 (nM)",
        x_range=(0.0, SHOWN_MIN),
        y_range=(0.0, MOST_CASPASE_NM),
        lines=[
            Line("no rescue", time, alone.active_caspase3_nM, "dashed", 1),
            Line("with rescue", time, rescued.active_caspase3_nM, "solid", 0),
        ],
        vlines=[Rule(rescue_at, "rescue")],
    )
    apaf1, caspase3, stable = _curve(xiap, MOST_STRESS_NM, 100)
    now = (np.array([stress]), np.array([max(alone.active_caspase3_nM[-1], 1e-4)]))
    switch = LinePanel(
        title="The switch before the rescue",
        x_label="stress, active Apaf-1 (nM)",
        y_label="caspase-3 at rest (nM)",
        y_scale="log",
        x_range=(0.0, MOST_STRESS_NM),
        y_range=(1e-4, 1e3),
        lines=[
            Line("stays there", apaf1, np.where(stable, caspase3, np.nan), "solid", 2),
            Line("point of no return", apaf1, np.where(stable, np.nan, caspase3), "dotted", 4),
            Line("cell without rescue", *now, "markers", 1),
        ],
    )
    spread = values["xiap_spread"]
    living = float(survival.survival_fraction([stress], xiap, spread)[0])
    half = crossings(time, alone.active_caspase3_nM, alone.active_caspase3_nM[-1] / 2)
    threshold = survival.death_threshold_nM(xiap, HIGHEST_NM)
    limit = number(threshold, "nM") if np.isfinite(threshold) else f"more than {HIGHEST_NM:g} nM"
    readouts = [
        ("Without rescue", _fate(alone)),
        ("With rescue", _fate(rescued)),
        ("Stress that kills this cell", limit),
        ("Of a population without rescue", f"{percent(living)} survive"),
    ]
    switched = f", half of its caspase-3 after {number(half[0], 'min')}" if alone.dead else ""
    description = (
        f"Under {number(stress, 'nM')} of stress and {number(xiap, 'nM')} XIAP the cell "
        f"{_fate(alone)}{switched}; rescued at {number(rescue_at, 'min')} it {_fate(rescued)} "
        f"with {number(max(rescued.active_caspase3_nM[-1], 1e-4), 'nM')} active caspase-3 at "
        f"{number(END_MIN, 'min')}. This cell dies above {limit} of stress; where XIAP varies "
        f"between cells, {percent(living)} survive without rescue."
    )
    return Scene("A switch between life and death", [course, switch], description, readouts)


def _fate(course: survival.SurvivalCourse) -> str:
    return "dies" if course.dead else "survives"


EXPLORER = Explorer(
    name="survival",
    title="When is it too late?",
    question="Find the latest rescue that saves the cell, and what makes the moment come later.",
    model="survival",
    controls=[
        from_card(CARD, "apaf1_nM", step=1.0),
        from_card(CARD, "xiap_nM", step=3.0),
        from_card(CARD, "rescue_at_min", step=1.0),
        from_card(CARD, "rescue_apaf1_nM", step=1.0, default=20.0),
        from_card(CARD, "rescue_xiap_nM", step=3.0, default=120.0),
        from_card(CARD, "xiap_spread", step=0.05, meaning="Standard deviation of the logarithm."),
    ],
    compute=compute,
    presets=[
        Preset("Early rescue", {"rescue_at_min": 5.0}),
        Preset("Late rescue", {"rescue_at_min": 20.0}),
        Preset("Late, and the stress ends", {"rescue_at_min": 20.0, "rescue_apaf1_nM": 0.0}),
        Preset("More XIAP before the stress", {"xiap_nM": 80.0}),
    ],
)
