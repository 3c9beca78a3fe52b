"""Lesson 16: the rows behind each score, what was reported per problem, and what turns a ranking.

The scores are the course's illustration, the same that the decision explorer opens with; which
published rows speak to which criterion is a judgment, made visible here so it can be disputed.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from secretome_edu.figures.describe import count, percent
from secretome_edu.figures.evidence_map import ALL, NO_DATA, by_frequency, papers
from secretome_edu.figures.scene import Rule, Scene, Span, SpanPanel
from secretome_edu.models.decision import Decision, Reversal
from secretome_edu.ui.chooser import Choice, Found, chooser

if TYPE_CHECKING:
    import pandas as pd

OPTIONS = ("living cells", "conditioned medium", "vesicles")
SCORES = {  # criterion -> score of each option, 0 worst to 1 best, illustrative
    "evidence of an effect in patients": (0.6, 0.3, 0.3),
    "safety record": (0.5, 0.5, 0.5),
    "control of dose and batch": (0.3, 0.4, 0.7),
    "storage and readiness": (0.3, 0.7, 0.8),
    "cost": (0.3, 0.7, 0.4),
}
EVIDENCE = {  # criterion -> rows of the table `tradeoffs`
    "evidence of an effect in patients": ("T022", "T023", "T066", "T001", "T067"),
    "safety record": ("T031", "T032", "T029", "T047", "T007", "T017", "T025"),
    "control of dose and batch": ("T061", "T049", "T062", "T016", "T040", "T019", "T039"),
    "storage and readiness": ("T012", "T013", "T033", "T026", "T070", "T041"),
    "cost": ("T021", "T063", "T020", "T034", "T035"),
}
SIDES = ("cell-based", "cell-free", "neither")


def behind(criterion: str) -> pd.DataFrame:
    """Return the rows of the trade-off table that speak to a criterion."""
    from secretome_edu import data

    table = data.load("tradeoffs")
    return table[table["row_id"].isin(EVIDENCE[criterion])]


def choice(weights: Mapping[str, float] | None = None) -> Decision:
    """Return the illustrative decision; all weights alike unless given."""
    scores = list(zip(*SCORES.values(), strict=True))
    given = [(weights or {}).get(name, 0.0 if weights else 1.0) for name in SCORES]
    return Decision(OPTIONS, tuple(SCORES), scores, given)


def evidence() -> Scene:
    """Return how many rows behind each criterion favor cells, and how many their products."""
    rows, told = [], []
    for criterion in EVIDENCE:
        part = behind(criterion)
        cells, free, neither = (int((part["favors"] == side).sum()) for side in SIDES)
        rows.append(Span(f"{criterion}\n{neither} favor neither", -cells, free))
        told.append(f"{criterion}: {cells} cell-based, {free} cell-free, {neither} neither")
    panel = SpanPanel(
        "Rows that favor one side", "cell-based (left), cell-free (right)",
        rows, style="bar", x_range=(-6.0, 6.0), vlines=[Rule(0, "")],
    )  # fmt: skip
    words = (
        f"Rows of the trade-off table by what they favor. {'; '.join(told)}. A count is no score."
    )
    return Scene("The side that the published rows favor", [panel], words)


def turnings() -> list[Reversal]:
    """Return the weights that give the first place away; ties at none or all are left out."""
    return [r for r in choice().reversals() if 1e-9 < r.weight_then < 1 - 1e-9]


def turning() -> Scene:
    """Return, from equal weights, how far each weight has to move to turn the first place."""
    found = {r.criterion: r for r in turnings()}
    now = 1 / len(SCORES)
    order = [*found, *(name for name in SCORES if name not in found)]
    rows = []
    for name in order:
        then = found[name].weight_then if name in found else now
        label = f"{name}\n{found[name].option} first" if name in found else f"{name}\nnothing turns"
        rows.append(Span(label, 100 * min(now, then), 100 * max(now, then)))
    told = "; ".join(
        f"{r.criterion} from {percent(now)} to {percent(r.weight_then)}, then {r.option} first"
        for r in found.values()
    )
    none = ", ".join(name for name in order if name not in found)
    panel = SpanPanel(
        "Weight now and at the turn", "share of all weights (%)",
        rows, style="bar", x_range=(0.0, 100.0), vlines=[Rule(100 * now, "now")],
    )  # fmt: skip
    words = (
        f"With equal weights {choice().rank().options[0]} come first. One weight alone turns that: "
        f"{told}. No weight of these does: {none}. The scores are illustrative."
    )
    return Scene("How far each weight must move", [panel], words)


def criterion() -> Any:
    """Return a select box for a criterion, and the published rows behind its scores."""
    boxes = [Choice("criterion", "Criterion", list(EVIDENCE))]
    return chooser("What stands behind a score?", boxes, _rows_behind)


def _rows_behind(chosen: Mapping[str, str]) -> Found:
    name = chosen["criterion"]
    part = behind(name)
    favors = ", ".join(f"{int((part['favors'] == side).sum())} {side}" for side in SIDES)
    scores = ", ".join(f"{o} {s:g}" for o, s in zip(OPTIONS, SCORES[name], strict=True))
    summary = f"{count(len(part), 'row')}: {favors}. Illustrative scores: {scores}."
    heads = ("row", "criterion", "cell-based", "cell-free", "favors", "strength", "note", "source")
    lines = [
        [
            row["row_id"], row["criterion"], row["cell_based"], row["cell_free"], row["favors"],
            ", ".join(_given(row[n]) for n in ("strength", "strength_note") if _given(row[n])),
            _given(row["note"]), row["source_keys"],
        ]
        for row in part.to_dict("records")
    ]  # fmt: skip
    return _table(summary, f"Rows on {name}", heads, lines)


def problem() -> Any:
    """Return select boxes for an organ system and a product, and what was reported."""
    rows = _applications()
    boxes = [
        Choice("organ_system", "Organ system", by_frequency(rows["organ_system"]), "respiratory"),
        Choice("product_class", "Product", [ALL, *by_frequency(rows["product_class"])]),
        Choice("level", "Show", ["studies in patients", "every row"]),
    ]
    return chooser("What has been reported for your problem?", boxes, _reported)


def _applications() -> pd.DataFrame:
    from secretome_edu import data

    return data.load("applications")


def _reported(chosen: Mapping[str, str]) -> Found:
    rows = _applications()
    rows = rows[rows["organ_system"] == chosen["organ_system"]]
    if chosen["product_class"] != ALL:
        rows = rows[rows["product_class"] == chosen["product_class"]]
    people = rows[rows["evidence_grade"].isin(["randomised", "early_trial"])]
    against = int((rows["result"] == "neutral or unfavorable").sum())
    summary = (
        f"{count(len(rows), 'row')} from {count(papers(rows), 'paper')}: {len(people)} in "
        f"patients, {int((rows['evidence_grade'] == 'randomised').sum())} of them randomized; "
        f"{against} neutral or unfavorable."
        if len(rows)
        else f"{NO_DATA.capitalize()}: the table has no row of that kind."
    )
    shown = people if chosen["level"] == "studies in patients" else rows
    heads = ("row", "disease", "model", "product", "dose", "route", "outcome", "result", "source")
    fields = ("row_id", "disease", "model", "product", "dose", "route", "outcome", "result")
    lines = [
        [*(_given(row[name]) for name in fields), row["source_keys"]]
        for row in shown.assign(dose=_doses(shown)).to_dict("records")
    ]
    return _table(summary, f"Reported: {chosen['organ_system']}, {chosen['level']}", heads, lines)


def _doses(rows: pd.DataFrame) -> list[str]:
    """Return each dose with its unit."""
    pairs = zip(rows["dose"], rows["dose_unit"], strict=True)
    return [" ".join(filter(None, map(_given, pair))) for pair in pairs]


def _given(value: Any) -> str:
    return "" if str(value) in ("None", "nan", "<NA>") else str(value)


def _table(summary: str, caption: str, heads: tuple[str, ...], lines: list[list[Any]]) -> Found:
    """Return lines whose last cell holds reference keys."""
    from secretome_edu import data

    if not lines:
        return Found(summary, "", "")
    cited = [[data.cite(key) for key in line[-1]] for line in lines]
    text = [
        " | ".join([*line[:-1], ", ".join(c.short for c in sources)])
        for line, sources in zip(lines, cited, strict=True)
    ]
    body = "".join(
        "<tr>"
        + "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in line[:-1])
        + f'<td style="text-align:left">{", ".join(c.html for c in sources)}</td></tr>'
        for line, sources in zip(lines, cited, strict=True)
    )
    top = "".join(f'<th scope="col" style="text-align:left">{head}</th>' for head in heads)
    html = (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{top}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )
    return Found(summary, "\n".join(text), html)


FIGURES = {"evidence": evidence, "turning": turning}
