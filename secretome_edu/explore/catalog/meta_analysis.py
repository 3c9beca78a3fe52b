"""Meta-analysis: simulated trials whose truth is known, pooled, with some left in the drawer."""

from __future__ import annotations

import numpy as np

from secretome_edu.explore.controls import Choice, Slider, from_card
from secretome_edu.explore.explorer import Explorer, Preset, Values
from secretome_edu.figures.describe import count, number
from secretome_edu.figures.scene import Line, LinePanel, Rule, Scene, Span, SpanPanel
from secretome_edu.models import meta_analysis
from secretome_edu.models.cards import model_card

CARD = model_card("meta_analysis")
MOST = 20
SMALL_SE, LARGE_SE = 0.6, 0.1
# One fixed draw for every trial: its size, its own truth, its sampling error, its luck in print.
# Of 2000 seeds one whose pooled results stay near the truth and whose funnel is straight while all
# is published, so that what a learner sees is the drawer and not the luck of one set of trials.
_RANDOM = np.random.default_rng(270)
SE = np.exp(_RANDOM.uniform(np.log(LARGE_SE), np.log(SMALL_SE), MOST))
OWN_TRUTH, SAMPLING, PRINTED = (
    _RANDOM.standard_normal(MOST),
    _RANDOM.standard_normal(MOST),
    _RANDOM.uniform(size=MOST),
)
FORMULAS = {"REML": "random effects (REML)", "DL": "random effects (DL)", "FE": "fixed effect"}


def compute(values: Values) -> Scene:
    """Return forest and funnel of the trials that were published."""
    trials = int(values["studies"])
    truth, tau, drawer = values["true_effect"], values["tau"], values["drawer_percent"] / 100
    se = SE[:trials]
    effects = truth + tau * OWN_TRUTH[:trials] + se * SAMPLING[:trials]
    unconvincing = effects + 1.96 * se > 0
    published = ~(unconvincing & (PRINTED[:trials] < drawer))
    if published.sum() < 3:  # fewer cannot be pooled with a prediction interval
        published[np.argsort(effects / se)[:3]] = True
    y, s = effects[published], se[published]
    pooled = meta_analysis.pool(y, s**2, values["method"])
    everything = meta_analysis.pool(effects, se**2, values["method"])
    egger = meta_analysis.egger(y, s**2)
    rows = [
        Span(
            f"trial {i + 1}",
            effects[i] - 1.96 * se[i],
            effects[i] + 1.96 * se[i],
            effects[i],
            1 / se[i] ** 2,
        )
        for i in np.flatnonzero(published)
    ]
    rows.append(
        Span("pooled", pooled.ci_low, pooled.ci_high, pooled.estimate, 1 / SMALL_SE**2, True, 1)
    )
    predicts = np.isfinite(pooled.prediction_low)
    if predicts:
        rows.append(
            Span("a new trial's truth", pooled.prediction_low, pooled.prediction_high, color=2)
        )
    forest = SpanPanel(
        title="Forest: published trials",
        x_label="log risk ratio (below 0 favors treatment)",
        rows=rows,
        x_range=(-3.0, 2.0),
        vlines=[Rule(0.0, "no effect")],
    )
    precision = np.linspace(1 / SMALL_SE * 0.8, 1 / LARGE_SE * 1.05, 60)
    side = 1.96 / precision
    funnel = LinePanel(
        title="Funnel: are small trials missing on one side?",
        x_label="log risk ratio",
        y_label="precision (1 / standard error)",
        x_range=(-3.0, 2.0),
        y_range=(0.0, 11.0),
        lines=[
            Line("published", y, 1 / s, "markers", 0),
            *(
                [Line("in the drawer", effects[~published], 1 / se[~published], "crosses", 1)]
                if (~published).any()
                else []
            ),
            Line(
                "95% if all shared one truth",
                np.concatenate([pooled.estimate - side, [np.nan], pooled.estimate + side]),
                np.concatenate([precision, [np.nan], precision]),
                "dotted",
                4,
            ),
        ],
        vlines=[Rule(truth, "truth"), Rule(pooled.estimate, "pooled")],
    )
    ratio, low, high = np.exp([pooled.estimate, pooled.ci_low, pooled.ci_high])
    readouts = [
        ("Pooled risk ratio", f"{number(ratio)} ({number(low)} to {number(high)})"),
        ("True mean risk ratio", number(np.exp(truth))),
        ("I², τ", f"{number(pooled.i2, 'percent')}, {number(np.sqrt(pooled.tau2))}"),
        ("Egger's p", number(egger.p_value, digits=2)),
    ]
    new = (
        f" A new trial's true risk ratio is expected between "
        f"{number(np.exp(pooled.prediction_low))} and {number(np.exp(pooled.prediction_high))}."
        if predicts
        else ""
    )
    description = (
        f"{count(len(y), 'trial')} of {trials} are published. Pooled risk ratio {number(ratio)} "
        f"(95% interval {number(low)} to {number(high)}); the truth is {number(np.exp(truth))}, "
        f"and all trials together would give {number(np.exp(everything.estimate))}. I² is "
        f"{number(pooled.i2, 'percent')}.{new} Egger's test: p = {number(egger.p_value, digits=2)}."
    )
    return Scene("Pooling trials", [forest, funnel], description, readouts)


EXPLORER = Explorer(
    name="meta_analysis",
    title="How much survives a fair trial?",
    question="Put unconvincing trials into a drawer: when does the pooled result miss the truth?",
    model="meta_analysis",
    controls=[
        from_card(CARD, "studies", label="Trials done", default=13.0, high=float(MOST), step=1.0),
        from_card(
            CARD,
            "true_effect",
            step=0.05,
            high=0.5,
            low=-1.5,
            default=-0.3,
            meaning="The mean over all trials; -0.3 is a risk ratio of 0.74.",
        ),
        from_card(
            CARD,
            "tau",
            label="Spread of true effects",
            step=0.05,
            high=1.0,
            default=0.2,
            meaning="How much the trials' own truths differ.",
        ),
        Slider(
            "drawer_percent",
            "Unconvincing trials never published",
            default=0.0,
            low=0.0,
            high=100.0,
            step=5.0,
            unit="percent",
            meaning="Share of the trials whose interval includes no effect; the three most "
            "convincing are always published.",
            kind="illustrative",
        ),
        Choice(
            "method",
            "Formula",
            FORMULAS,
            "REML",
            meaning="A fixed effect assumes one truth for all trials.",
            kind="published_model",
            source="10.1016/0197-2456(86)90046-2",
        ),
    ],
    compute=compute,
    presets=[
        Preset("All published", {}),
        Preset("Full drawer, no effect", {"true_effect": 0.0, "drawer_percent": 100.0}),
        Preset("Truths that differ", {"tau": 0.6}),
        Preset("Fixed effect on differing truths", {"tau": 0.6, "method": "FE"}),
    ],
)
