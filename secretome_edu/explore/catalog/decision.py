"""Decision: weighted criteria, and the weight at which another product takes the first place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from secretome_edu.explore.controls import Choice, from_card
from secretome_edu.explore.explorer import Explorer, Preset, Values
from secretome_edu.figures.describe import number, percent
from secretome_edu.figures.scene import Line, LinePanel, Rule, Scene, Span, SpanPanel
from secretome_edu.models.cards import model_card
from secretome_edu.models.decision import Decision

CARD = model_card("decision")
SHARES = np.linspace(0.0, 1.0, 51)
STYLES = ("solid", "dashed", "dotted", "steps")

# Name of a control -> criterion. A learner replaces the scores by ones with evidence behind them.
CRITERIA = {
    "effect": "evidence of an effect in patients",
    "safety": "safety record",
    "control": "control of dose and batch",
    "readiness": "storage and readiness",
    "cost": "cost",
}
OPTIONS = ("living cells", "conditioned medium", "vesicles")
SCORES = ((0.6, 0.5, 0.3, 0.3, 0.3), (0.3, 0.5, 0.4, 0.7, 0.7), (0.3, 0.5, 0.7, 0.8, 0.4))


def compute(
    options: Sequence[str],
    criteria: Mapping[str, str],
    scores: Sequence[Sequence[float]],
    kind: str,
    values: Values,
) -> Scene:
    """Return the ranking, and how it changes with the weight of one criterion."""
    weights = np.array([values[f"weight_{name}"] for name in criteria])
    if not weights.any():
        weights = np.ones(len(criteria))  # nothing matters more than the rest
    labels = tuple(criteria.values())
    choice = Decision(tuple(options), labels, scores, weights)
    ranking = choice.rank()
    wins = choice.first_place_shares(values["score_spread"], draws=2000)
    chosen = criteria[values["criterion"]]
    now = float(np.asarray(choice.weights)[labels.index(chosen)])
    reversals = choice.reversals()
    here = next((r for r in reversals if r.criterion == chosen), None)
    bars = SpanPanel(
        title=f"Weighted scores ({kind})",
        x_label="value (0 worst, 1 best)",
        style="bar",
        x_range=(0.0, 1.0),
        rows=[
            Span(f"{name}, {number(value, digits=2)}", 0.0, float(value), color=options.index(name))
            for name, value in zip(ranking.options, ranking.values, strict=True)
        ],
    )
    turning = [Rule(here.weight_then, f"{here.option} first")] if here else []
    lines = choice.values_over_weight(chosen, SHARES)
    sensitivity = LinePanel(
        title="If that criterion counted more or less",
        x_label=f"weight of: {chosen} (%)",
        y_label="value",
        x_range=(0.0, 100.0),
        y_range=(0.0, 1.0),
        lines=[
            Line(name, 100 * SHARES, lines[i], STYLES[i % len(STYLES)], i)
            for i, name in enumerate(options)
        ],
        vlines=[Rule(100 * now, "now"), *(Rule(100 * r.value, r.label) for r in turning)],
    )
    nearest = reversals[0] if reversals else None
    turn = (
        f"{nearest.criterion}: from {percent(nearest.weight_now)} to {percent(nearest.weight_then)}"
        if nearest
        else "no weight turns it"
    )
    first = ranking.options[0]
    readouts = [
        ("First", first),
        ("Its lead", number(ranking.lead, digits=2)),
        ("First if the scores are uncertain", percent(wins[first])),
        ("Nearest turning point", turn),
    ]
    after = (
        f" The nearest turning point is the weight of {nearest.criterion}, from "
        f"{percent(nearest.weight_now)} to {percent(nearest.weight_then)}; then {nearest.option} "
        "comes first."
        if nearest
        else " No single weight turns the ranking."
    )
    description = (
        f"With these weights and scores the order is {', '.join(ranking.options)}, with a lead of "
        f"{number(ranking.lead, digits=2)}. With uncertain scores {first} stays first in "
        f"{percent(wins[first])} of draws.{after}"
    )
    return Scene("Which product?", [bars, sensitivity], description, readouts)


def make(
    options: Sequence[str] = OPTIONS,
    criteria: Mapping[str, str] = CRITERIA,
    scores: Sequence[Sequence[float]] = SCORES,
    kind: str = "illustrative",
    source: str = "",
) -> Explorer:
    """Return the explorer for other options, criteria and scores.

    Parameters
    ----------
    options : sequence of str
    criteria : mapping of str to str
        A short name for the control, and what the criterion is.
    scores : array_like, shape (options, criteria)
        From 0 (worst) to 1 (best).
    kind, source : str
        Where the scores are from, for the legend.

    Examples
    --------
    >>> explorer = make(("a", "b"), {"x": "effect", "y": "cost"}, ((0.7, 0.4), (0.5, 0.7)))
    >>> explorer.compute(explorer.defaults()).readouts[0]
    ('First', 'b')
    """
    origin = f"The scores are {kind.replace('_', ' ')}; only the proportions of weights matter."
    return Explorer(
        name="decision",
        title="Which product would you take forward?",
        question="Set your weights, then find the smallest change that turns the ranking.",
        model="decision",
        controls=[
            *(
                from_card(
                    CARD,
                    "weight",
                    name=f"weight_{name}",
                    label=f"Weight: {label}",
                    default=5.0,
                    step=1.0,
                    meaning=origin,
                    source=source,
                )
                for name, label in criteria.items()
            ),
            from_card(CARD, "score_spread", step=0.02, meaning="Standard deviation of each score."),
            Choice(
                "criterion",
                "Criterion to vary",
                criteria,
                next(iter(criteria)),
                meaning="Its weight runs from none to all; the others keep their proportions.",
                kind="illustrative",
            ),
        ],
        compute=partial(compute, options, criteria, scores, kind.replace("_", " ")),
        presets=[
            Preset("All alike", {}),
            Preset("One thing above all", {f"weight_{next(iter(criteria))}": 10.0}),
        ],
    )


EXPLORER = make()
