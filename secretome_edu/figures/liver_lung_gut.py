"""Lesson 12: what was reported in which organ, in whom, and how fast a product can be there.

The map of organ by mechanism to filter, and three pictures: patients by organ, three results
beside a margin, and hours until a dose. The course sorts the free text of the table into
mechanisms by words (``WORDS``); that sorting is the course's own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from secretome_edu.figures.describe import number
from secretome_edu.figures.evidence_map import evidence_map, papers_by
from secretome_edu.figures.scene import Rule, Scene, Span, SpanPanel

if TYPE_CHECKING:
    import pandas as pd

# The six systems that the 2019 review names, and the kidney, on which the table holds most rows.
ORGANS = {
    "hepatobiliary": "liver",
    "respiratory": "lung",
    "gastrointestinal": "gut",
    "renal": "kidney",
    "cardiovascular": "heart",
    "nervous": "nervous system",
    "musculoskeletal": "bone, joint, muscle",
}
IN_PATIENTS = ("early_trial", "randomised", "meta_analysis")
# Neutral names: a row on scars may report less scar or more. A row can belong to several.
WORDS = {
    "inflammation": r"inflam|immun|macrophage|microgli|cytokine|TNF|IL-\d|\bTh2|Treg|NF-kB"
    r"|NLRP3|CXCL8|TLR4|neutrophil|eosinophil|leukocyte|allerg",
    "cell death": r"apopto|necrosis|pyropto|cell death|neuroprotection|neuron loss|neuron damage"
    r"|tissue protection|Bcl",
    "growth and repair": r"(?<!Treg )(?<!muscle )prolifer|regenerat(?!ion from donor)|repair"
    r"|growth support|axon|myogen|satellite|neurogen|cell-cycle|pro-healing|trophic factor",
    "scar": r"fibro(?!blast)|scar|sclerosis|collagen|mesenchymal transition|EndMT|thinning",
    "vessels": r"angiogen|vessel|vascul|endotheli",
    "oxidative stress": r"oxida|peroxid|ROS|Nrf2",
    "leaks and barriers": r"permeab|fluid clearance|barrier",
    "bone and cartilage": r"osteo|bone|cartilage|chondro|proteoglycan",
}
OTHER = "other, or not shown"
SIGNS = {"favorable as reported": "+ helped", "neutral or unfavorable": "o no gain"}
FILTERS = {"product_class": "Product", "species": "Species", "evidence_grade": "Evidence"}


def mechanisms(words: str) -> list[str]:
    """Return the mechanisms that a text of the table speaks of.

    Examples
    --------
    >>> mechanisms("anti-apoptosis, proliferation")
    ['cell death', 'growth and repair']
    >>> mechanisms("none shown")
    ['other, or not shown']
    """
    return [name for name, parts in WORDS.items() if re.search(parts, words)] or [OTHER]


def table() -> pd.DataFrame:
    """Return the rows of ``applications`` on the seven organ systems, with their ``organ``."""
    from secretome_edu import data

    rows = data.load("applications")
    rows = rows[rows["organ_system"].isin(list(ORGANS))].copy()
    rows["organ"] = rows["organ_system"].astype(str).map(ORGANS)
    return rows


def sorted_table() -> pd.DataFrame:
    """Return the same rows, one for each mechanism that a row speaks of."""
    rows = table()
    rows["mechanism"] = [mechanisms(str(words)) for words in rows["mechanism"]]
    return rows.explode("mechanism")


def organ_map() -> Any:
    """Return the map of organ by mechanism, to filter by product, species and evidence."""
    return evidence_map(
        "Which organ, which mechanism?",
        sorted_table(),
        "organ",
        "mechanism",
        papers_by("result", SIGNS),
        FILTERS,
    )


def patients() -> Scene:
    """Return, for each organ, the rows on patients: with cells, and without."""
    rows = table()
    treated = rows[rows["evidence_grade"].isin(IN_PATIENTS)]
    bars, cells_only = [], []
    for organ in ORGANS.values():
        part = treated[treated["organ"] == organ]
        cells = int((part["product_class"] == "cells").sum())
        free = len(part) - cells
        rest = int((rows["organ"] == organ).sum()) - len(part)
        bars.append(Span(f"{organ} ({rest} other rows)", -cells, free))
        cells_only += [organ] if not free else []
    cells = int((treated["product_class"] == "cells").sum())
    description = (
        f"{len(rows)} rows on seven organ systems; {len(treated)} of them are on patients: {cells} "
        f"with cells, {len(treated) - cells} with a product without cells. No row on patients "
        f"with a product without cells: {', '.join(cells_only)}."
    )
    panel = SpanPanel(
        "Rows on patients", "left: rows with cells; right: without",
        bars, style="bar", x_range=(-3.8, 3.8), vlines=[Rule(0, "")],
    )  # fmt: skip
    return Scene("Who was treated, and with what", [panel], description)


# Invented: standardized mean differences of medium against cells, 95 % intervals, margin.
MARGIN = 0.5
COMPARED = {"A": (-0.8, 1.0), "B": (-0.2, 0.3), "C": (0.1, 0.4)}


def margin() -> Scene:
    """Return three invented comparisons of medium with cells beside a margin."""
    spans = [Span(f"comparison {n}", lo, hi, (lo + hi) / 2) for n, (lo, hi) in COMPARED.items()]
    found = [
        f"{name} from {number(low)} to {number(high)} ({_verdict(low, high)})"
        for name, (low, high) in COMPARED.items()
    ]
    description = (
        f"Invented numbers, in standard deviations. 95 % intervals: {'; '.join(found)}. The margin "
        f"reaches from {number(-MARGIN)} to {number(MARGIN)}."
    )
    panel = SpanPanel(
        "Invented", "medium against cells, in standard deviations", spans,
        x_range=(-1.2, 1.2),
        vlines=[Rule(-MARGIN, f"margin, from here to {MARGIN}"), Rule(0, ""), Rule(MARGIN, "")],
    )  # fmt: skip
    return Scene("Three results and a margin", [panel], description)


def _verdict(low: float, high: float) -> str:
    zero = "zero inside" if low <= 0 <= high else "zero outside"
    inside = low > -MARGIN and high < MARGIN
    return f"{zero}, {'within' if inside else 'beyond'} the margin"


def waiting() -> Scene:
    """Return the hours that products took or were given after, from the tables."""
    from secretome_edu import data

    rows = data.load("pharmacokinetics").set_index("row_id")
    low_h, high_h = (24 * float(rows.loc["P113", side]) for side in ("low", "high"))
    spans = [
        Span("own cells: marrow taken to\ninfusion, trial of 1995", low_h, high_h),
        Span("banked cells: given after\na stroke, 206 patients", *STROKE_H),
        Span("thawed cells: rest until\nthey work as before", RECOVERY_H, RECOVERY_H, RECOVERY_H),
        Span("vesicles: given after the\nstart of a sepsis, mice", SEPSIS_H, SEPSIS_H, SEPSIS_H),
    ]
    description = (
        f"Hours on a logarithmic scale. Own cells took {low_h:,.0f} to {high_h:,.0f} h, "
        f"that is {number(low_h / 24)} to {number(high_h / 24)} days. Banked cells of a donor were "
        f"given {number(STROKE_H[0])} to {number(STROKE_H[1])} h after a stroke; thawed cells need "
        f"about {number(RECOVERY_H)} h of rest until they work as before. Mice got vesicles "
        f"{number(SEPSIS_H)} h after the start of a sepsis. The shortest wait for own cells is "
        f"{number(low_h / STROKE_H[1])} times the end of the stroke window."
    )
    panel = SpanPanel(
        "Waiting", "hours; each step is ten times as long", spans,
        x_scale="log", x_range=(1.0, 2000.0), vlines=[Rule(24, "a day"), Rule(168, "a week")],
    )  # fmt: skip
    return Scene("How long a patient waits", [panel], description)


STROKE_H = (18.0, 36.0)  # row A153 of applications, route
RECOVERY_H = 24.0  # row T033 of tradeoffs, about
SEPSIS_H = 3.0  # row A071 of applications, route

FIGURES = {"patients": patients, "margin": margin, "waiting": waiting}
