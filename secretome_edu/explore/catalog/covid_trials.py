"""COVID-19 trials of MSC: the forest plot redone from the counts, with one trial left out."""

from __future__ import annotations

from typing import Any

import numpy as np

from secretome_edu import data
from secretome_edu.explore.controls import Choice, Slider
from secretome_edu.explore.explorer import Explorer, Preset, Values
from secretome_edu.figures.describe import number, percent
from secretome_edu.figures.scene import Rule, Scene, Span, SpanPanel, Table
from secretome_edu.models import meta_analysis

ALL = data.load("outcomes_numeric")
SET = ALL[ALL["set_id"] == "covid_uc7"]
KNOWN = SET[SET["events_treated"].notna() & SET["events_control"].notna()].reset_index(drop=True)
UNKNOWN = [str(study) for study in SET["study"] if study not in set(KNOWN["study"])]
PUBLISHED = ALL[ALL["set_id"] == "covid_uc7_pooled"].iloc[0]
_CITED = data.cite(KNOWN["source_keys"].iloc[0][0])
SOURCE = _CITED.doi or str(_CITED)
COLUMNS = ("events_treated", "n_treated", "events_control", "n_control")
FORMULAS = {
    "MH": "fixed effect (Mantel-Haenszel)",
    "FE": "fixed effect (inverse variance)",
    "DL": "random effects (DerSimonian-Laird)",
    "REML": "random effects (REML)",
}


def compute(values: Values) -> Scene:
    """Return each trial's risk ratio of death, their pool, and the published pool."""
    kept = KNOWN[KNOWN["study"] != values["left_out"]]
    counts = [kept[name].to_numpy(dtype=float) for name in COLUMNS]
    effects, variances = meta_analysis.log_risk_ratio(*counts)
    half = 1.96 * np.sqrt(variances)
    if values["method"] == "MH":
        ratio, low, high = meta_analysis.mantel_haenszel_risk_ratio(*counts)
    else:
        pooled = meta_analysis.pool(effects, variances, values["method"])
        ratio, low, high = np.exp([pooled.estimate, pooled.ci_low, pooled.ci_high])
    rows = [
        Span(_label(row), *_ratios(y, h), weight=float(1 / v))
        for row, y, h, v in zip(kept.to_dict("records"), effects, half, variances, strict=True)
    ]
    biggest = max(row.weight for row in rows)
    rows.append(Span("pooled here", low, high, ratio, biggest, True, 1))
    their_low, their_high, theirs = (float(PUBLISHED[n]) for n in ("ci_low", "ci_high", "effect"))
    rows.append(Span("published, seven trials", their_low, their_high, theirs, biggest, True, 2))
    forest = SpanPanel(
        title="Risk of death, cells against control",
        x_label="risk ratio (below 1 favors cells)",
        rows=rows,
        x_scale="log",
        x_range=(0.02, 20.0),
        vlines=[Rule(1.0, "no effect")],
    )
    treated, control = counts[1].sum(), counts[3].sum()
    margin = values["margin_percent"] / 100
    gain = (
        f"{percent(1 - high)} to {percent(1 - low)} fewer deaths"
        if high < 1
        else "which includes no effect"
    )
    readouts = [
        ("Pooled risk ratio", f"{number(ratio)} ({number(low)} to {number(high)})"),
        ("Published", f"{number(theirs)} ({number(their_low)} to {number(their_high)})"),
        (
            "Deaths",
            f"{number(counts[0].sum())} of {number(treated)}, "
            f"{number(counts[2].sum())} of {number(control)}",
        ),
        (
            f"At least {percent(margin)} fewer deaths",
            "shown" if high <= 1 - margin else "not shown",
        ),
    ]
    out = "" if values["left_out"] == "none" else f", without {values['left_out']}"
    description = (
        f"{len(kept)} trials with known deaths{out}: {number(counts[0].sum())} of "
        f"{number(treated)} treated and {number(counts[2].sum())} of {number(control)} control "
        f"patients died. Pooled risk ratio {number(ratio)} (95% interval {number(low)} to "
        f"{number(high)}, {gain}); published for seven trials "
        f"{number(theirs)} ({number(their_low)} to {number(their_high)}). Deaths of "
        f"{' and '.join(UNKNOWN)} are not known here."
    )
    patients = [
        [_label(row), *(number(row[name]) for name in COLUMNS)] for row in kept.to_dict("records")
    ]
    heads = ["trial", "deaths, cells", "patients, cells", "deaths, control", "patients, control"]
    table = Table("Deaths and group sizes", heads, patients)
    return Scene("COVID-19 trials", [forest], description, readouts, [table])


def _ratios(effect: float, half: float) -> tuple[float, float, float]:
    """Return low, high and middle of a log ratio as ratios."""
    return float(np.exp(effect - half)), float(np.exp(effect + half)), float(np.exp(effect))


def _shown(holds: bool) -> str:
    return "shown" if holds else "not shown"


def _label(row: dict[str, Any]) -> str:
    return f"{row['study']} {row['year']}"


EXPLORER = Explorer(
    name="covid_trials",
    title="Would one trial change the verdict?",
    question="Redo the published pool from the counts, then leave out one trial at a time.",
    model="meta_analysis",
    controls=[
        Choice(
            "method",
            "Formula",
            FORMULAS,
            "MH",
            meaning="Random effects expect the trials' true effects to differ.",
            kind="review_range",
            source=SOURCE,
        ),
        Choice(
            "left_out",
            "Leave out",
            {"none": "no trial", **{str(s): str(s) for s in KNOWN["study"]}},
            "none",
            meaning="A pool that hangs on one trial is fragile.",
            kind="review_range",
            source=SOURCE,
        ),
        Slider(
            "margin_percent",
            "Smallest reduction that matters",
            default=10.0,
            low=0.0,
            high=60.0,
            step=5.0,
            unit="percent",
            meaning="Has to be chosen before looking at the data.",
            kind="illustrative",
        ),
    ],
    compute=compute,
    presets=[
        Preset("As published, fixed effect", {}),
        Preset("Without the largest weight", {"left_out": "Dilogo"}),
        Preset("Random effects", {"method": "REML"}),
    ],
)
