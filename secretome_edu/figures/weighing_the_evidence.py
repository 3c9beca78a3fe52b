"""Figures of lesson 13: one pool made wider, pools by year, endpoints of trials, the trial map.

Paired response rates and a map of trials are kinds of picture that scenes lack; they are drawn
here and come with a description computed from the rows that were drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from secretome_edu.figures.describe import count, number
from secretome_edu.figures.scene import Line, LinePanel, Rule, Scene, Span, SpanPanel
from secretome_edu.figures.style import own_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from secretome_edu.ui.bundle import Bundle

COUNTS = ("events_treated", "n_treated", "events_control", "n_control")
FIVE = ("O001", "O002", "O003", "O004", "O005")  # of the published pool, with known deaths
TWO_MORE = ("O009", "O010")  # randomized, deaths known, not in the published pool
CELLS = {"O009": "cord", "O010": "marrow"}
YEARS = {  # row of outcomes_numeric -> what was asked, short enough for an axis
    "O021": "8 studies, 5 not randomized",
    "O022": "11 studies, study end",
    "O023": "same review, day 28",
    "O026": "10 studies, cord",
    "O008": "7 trials, cord (yours)",
    "O027": "8 studies",
    "O028": "17 trials, day 28",
    "O029": "same review, day 60",
    "O030": "same review, day 90",
    "O010": "one trial, day 30",
}
FISTULA = {
    "O192": "ADMIRE-CD 2016\n212 patients, primary: met",
    "O182": "Japan 2023\n22 patients, one arm",
    "O180": "ADMIRE-CD II 2024\n568 patients, primary: not met",
}
GVHD = {
    "O132": "children, one arm\n54 patients, overall response",
    "O134": "registry\n309 patients, overall response",
    "O131": "Kebriaei 2020, cells arm\n163 patients, overall response",
    "O191": "Kebriaei 2020, grade C and D\npost hoc, overall response",
    "O190": "Kebriaei 2020, primary: not met\n260 patients, durable complete response",
}
CLASSES = ("cells", "several", "conditioned medium", "secretome", "EV", "engineered EV")
SIGNS = {  # primary endpoint -> marker, filled, color, legend
    "not stated": ("o", False, 4, "primary endpoint: result not in the table"),
    "not met": ("X", True, 1, "primary endpoint not met"),
    "met": ("D", True, 2, "primary endpoint met"),
}


def _outcomes() -> pd.DataFrame:
    from secretome_edu import data

    return data.load("outcomes_numeric").set_index("row_id")


def counts(rows: tuple[str, ...]) -> list[np.ndarray]:
    """Return deaths and patients, treated and control, of rows of ``outcomes_numeric``."""
    table = _outcomes().loc[list(rows)]
    return [table[name].to_numpy(dtype=float) for name in COUNTS]


def wider() -> Scene:
    """Return the pool of five trials beside a pool with two more, and the funnel of all seven."""
    from secretome_edu.models import meta_analysis

    table = _outcomes()
    ids = FIVE + TWO_MORE
    effects, variances = meta_analysis.log_risk_ratio(*counts(ids))
    pooled = meta_analysis.pool(effects, variances, "REML")
    before = meta_analysis.mantel_haenszel_risk_ratio(*counts(FIVE))
    after = meta_analysis.mantel_haenszel_risk_ratio(*counts(ids))
    rows = []
    for place, effect, variance in zip(ids, effects, variances, strict=True):
        low, middle, high = np.exp(effect + np.array([-1.96, 0, 1.96]) * variance**0.5)
        trial, weight = table.loc[place], float(1 / variance)
        name = f"{trial['study']} {trial['year']}, {CELLS.get(place, 'cord')}"
        rows.append(Span(name, low, high, middle, weight, color=0 if place in FIVE else 2))
    heaviest = max(row.weight for row in rows)
    truth = float(np.exp(pooled.prediction_low)), float(np.exp(pooled.prediction_high))
    rows += [
        Span("first five", before[1], before[2], before[0], heaviest, True, 1),
        Span("all seven", after[1], after[2], after[0], heaviest, True, 1),
        Span("a new trial's truth", truth[0], truth[1], color=4),
    ]
    x = np.exp(effects)
    precision = variances**-0.5
    side = np.linspace(0.4, 6.8, 60)
    edge = 1.96 / side
    funnel = LinePanel(
        "Funnel of the seven",
        "risk ratio of death",
        "precision (1 / standard error)",
        [
            Line("first five", x[:5], precision[:5], "markers", 0),
            Line("two more", x[5:], precision[5:], "crosses", 2),
            Line(
                "95% if all shared one truth",
                np.exp(np.concatenate([pooled.estimate - edge, [np.nan], pooled.estimate + edge])),
                np.concatenate([side, [np.nan], side]),
                "dotted",
                4,
            ),
        ],
        x_scale="log",
        x_range=(0.02, 20.0),
        y_range=(0.0, 7.0),
        vlines=[Rule(1.0, "no effect")],
    )
    forest = SpanPanel(
        "Risk of death, cells against control",
        "risk ratio (below 1 favors cells)",
        rows,
        x_scale="log",
        x_range=(0.02, 20.0),
        vlines=[Rule(1.0, "no effect")],
    )
    share = pooled.weights[-1]
    description = (
        f"Five trials of the published pool give {_ratio(before)} by Mantel-Haenszel. With two "
        f"more randomized trials, {' and '.join(str(table.loc[i]['study']) for i in TWO_MORE)}, "
        f"it is {_ratio(after)}. Random effects expect the true risk ratio of a new trial between "
        f"{number(truth[0], digits=2)} and {number(truth[1], digits=2)}. The largest of the seven "
        f"holds {number(share, 'percent', 2)} of that weight; the other six stand low in the "
        f"funnel, from {number(x[:-1].min(), digits=2)} to {number(x[:-1].max(), digits=2)}."
    )
    return Scene("The pool with two more trials", [forest, funnel], description)


def _ratio(result: tuple[float, float, float]) -> str:
    middle, low, high = (number(value) for value in result)
    return f"{middle} ({low} to {high})"


def years() -> Scene:
    """Return published ratios of death in COVID-19 by year, each with what it asked."""
    table = _outcomes().loc[list(YEARS)]
    rows = [
        Span(
            f"{row['year']} {_name(row['study'])}, {YEARS[place]}",
            row["ci_low"],
            row["ci_high"],
            row["effect"],
            color=1 if row["evidence_grade"] == "randomised" else 0,
        )
        for place, row in table.iterrows()
    ]
    clauses = [f"{row.label}: {_ratio((row.middle or np.nan, row.low, row.high))}" for row in rows]
    panel = SpanPanel(
        "Risk of death in COVID-19",
        "risk ratio (below 1 favors cells)",
        rows,
        x_scale="log",
        x_range=(0.04, 2.0),
        vlines=[Rule(1.0, "no effect")],
    )
    across = sum(row.high >= 1 for row in rows)
    description = (
        f"Nine pooled ratios and, last, one trial. {'; '.join(clauses)}. The intervals of "
        f"{across} of {len(rows)} include no effect. No two rows ask the same question, and rows "
        "of one review share their trials."
    )
    return Scene("Pooled effects by year", [panel], description)


def _name(study: str) -> str:
    """Return the author of a pooled analysis, or its cells where the table names no author."""
    name = study.removeprefix("Pooled: ").removesuffix(" (living review)")
    return "review" if name.startswith("UC-MSC") else name


@own_style
def endpoints() -> Bundle:
    """Return response rates with and without cells, where a control arm is known and where not."""
    from matplotlib.figure import Figure

    from secretome_edu.figures.show import show

    figure = Figure(figsize=(8.8, 6.8), dpi=100, layout="constrained")
    top, bottom = figure.subplots(2, 1, height_ratios=[len(FISTULA), len(GVHD)])
    parts = [
        _pairs(top, FISTULA, "Crohn's fistula: remission, week 24"),
        _pairs(bottom, GVHD, "Steroid-refractory acute GvHD: two kinds of response"),
    ]
    handles, labels = top.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, fontsize=11, frameon=False)
    text = " ".join(parts) + " A row without a second mark has no control arm in the table."
    return show(figure, text, "Response rates with and without a control arm")


def _pairs(axes: Axes, labels: dict[str, str], title: str) -> str:
    from secretome_edu.figures.draw import GRID, INK, MUTED
    from secretome_edu.figures.palette import LINES_LIGHT

    table = _outcomes().loc[list(labels)]
    clauses = []
    for place, (row_id, row) in enumerate(reversed(list(table.iterrows()))):
        cells, control = float(row["mean_treated"]), float(row["mean_control"])
        clause = f"{labels[row_id]}: {number(cells)}%"
        if np.isfinite(control):
            axes.plot([control, cells], [place, place], color=MUTED, linewidth=1.5, zorder=1)
            clause += f" against {number(control)}%"
        clauses.append(clause.replace("\n", ", "))
        axes.plot(
            [control], [place], "o", mfc="#ffffff", mec=LINES_LIGHT[1], mew=2, ms=9, zorder=2,
            label="control" if place == 0 else None,
        )  # fmt: skip
        axes.plot(
            [cells], [place], "s", color=LINES_LIGHT[0], ms=9, zorder=2,
            label="cells" if place == 0 else None,
        )  # fmt: skip
    axes.set_yticks(range(len(labels)), list(labels.values())[::-1], fontsize=10)
    axes.set(xlim=(0, 100), ylim=(-0.6, len(labels) - 0.4))
    axes.set_title(title, fontsize=12, color=INK, loc="left")
    axes.set_xlabel("patients who respond (%)", fontsize=11, color=INK)
    axes.grid(True, axis="x", color=GRID, linewidth=0.8)
    axes.tick_params(colors=INK)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return f"{title}. {'; '.join(clauses[::-1])}."


@own_style
def trial_map() -> Bundle:
    """Return the registered trials by product and size, marked by their primary endpoint."""
    from matplotlib.figure import Figure

    from secretome_edu import data
    from secretome_edu.figures.draw import GRID, INK
    from secretome_edu.figures.palette import LINES_LIGHT
    from secretome_edu.figures.show import show

    table = data.load("clinical_trials")
    drawn = table[table["n_participants"].notna()].sort_values(["n_participants", "trial_id"])
    figure = Figure(figsize=(9.6, 4.6), dpi=100, layout="constrained")
    axes = figure.add_subplot()
    for state, (marker, filled, color, label) in SIGNS.items():
        part = drawn[drawn["primary_endpoint"] == state]
        ink = LINES_LIGHT[color]
        axes.scatter(
            part["n_participants"].to_numpy(dtype=float),
            [_height(drawn, row) for row in part.to_dict("records")],
            marker=marker,
            s=75,
            facecolors=ink if filled else "none",
            edgecolors=ink,
            linewidths=1.6,
            label=label,
            zorder=3 if filled else 2,
        )
    axes.set_xscale("log")
    ticks = [3, 10, 30, 100, 300]
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.set_yticks(range(len(CLASSES)), [_class_label(table, name) for name in CLASSES])
    axes.set(xlim=(2.4, 800), ylim=(len(CLASSES) - 0.5, -0.6))
    axes.set_xlabel("participants", fontsize=11, color=INK)
    axes.grid(True, axis="x", color=GRID, linewidth=0.8)
    axes.tick_params(colors=INK, labelsize=11)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.legend(loc="outside lower center", ncols=2, fontsize=11, frameon=False)
    return show(figure, _map_description(table, drawn), "Trials of the course's table by size")


def _class_label(table: pd.DataFrame, name: str) -> str:
    return f"{name} ({int((table['product_class'] == name).sum())})"


def _height(drawn: pd.DataFrame, row: dict[str, Any]) -> float:
    """Return the place of a trial in its row of the map, spread so that marks stay apart."""
    same = list(drawn.loc[drawn["product_class"] == row["product_class"], "trial_id"])
    return CLASSES.index(row["product_class"]) + (0.0, -0.28, 0.28)[same.index(row["trial_id"]) % 3]


def _map_description(table: pd.DataFrame, drawn: pd.DataFrame) -> str:
    clauses = []
    for name in CLASSES:
        sizes = drawn.loc[drawn["product_class"] == name, "n_participants"]
        largest = f", largest {int(sizes.max())}" if len(sizes) else ", none with a stated size"
        clauses.append(f"{_class_label(table, name)}{largest}")
    known = table[table["primary_endpoint"] != "not stated"]
    missed = int((known["primary_endpoint"] == "not met").sum())
    kinds = " and ".join(sorted(set(known["product_class"])))
    return (
        f"{count(len(table), 'trial')}: {'; '.join(clauses)}. For {len(known)} the table says what "
        f"became of the primary endpoint: {len(known) - missed} met, {missed} not met, all of them "
        f"trials of {kinds}. {count(len(table) - len(drawn), 'trial')} without a size not drawn."
    )


FIGURES = {"wider": wider, "years": years, "endpoints": endpoints, "trial_map": trial_map}
