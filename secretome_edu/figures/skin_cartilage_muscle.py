"""Figures of lesson 10: what was tried in which tissue, two models of a scratch, three effects.

The scratch assay is made by the course's own model with known constants and seeded luck: it is
illustrative, nobody counted these cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from secretome_edu.figures.describe import count, number, percent
from secretome_edu.figures.scene import Line, LinePanel, Panel, Scene, Span, SpanPanel
from secretome_edu.ui.chooser import Choice, Found, chooser

if TYPE_CHECKING:
    import pandas as pd

    from secretome_edu.models.wound import WoundFit

SYSTEMS = ("musculoskeletal", "skin and wound")
GRADES = {
    "in_vitro": "in a dish", "animal": "animals", "early_trial": "early human trial",
    "randomised": "randomized human trial",
}  # fmt: skip
TISSUES = {  # words of the disease that tell the tissue, asked from the top
    "scar": ("scar",),
    "wound or burn": ("wound", "skin defect", "burn"),
    "hair": ("alopecia",),
    "other skin": ("psoriasis",),
    "muscle": ("muscle", "hind-limb"),
    "tendon": ("tend",),
    "cartilage and joint": ("arth", "cartilage", "osteochondral"),
    "bone": ("bone", "osteoporosis", "sinus floor", "calvarial"),
}
ALL = "all"
FAVORABLE, UNSEEN = "favorable as reported", "not seen"

WIDTH_UM, STRIP_UM, GAP_UM, EDGE_UM = 1900.0, 50.0, 600.0, 50.0
FINE = 4  # grid cells a strip
ASSAY_H = (0.0, 12.0, 24.0, 36.0, 48.0)
SEED, SHOWN_H = 1, 24.0
PER_MM2 = 1e6


def table() -> pd.DataFrame:
    """Return the rows on skin and the musculoskeletal system, with tissue and grade in words."""
    from secretome_edu import data

    rows = data.load("applications")
    rows = rows[rows["organ_system"].isin(SYSTEMS)].copy()
    rows["tissue"] = rows["disease"].map(_tissue)
    rows["grade"] = rows["evidence_grade"].astype(str).map(GRADES)
    return rows


def _tissue(disease: str) -> str:
    return next(
        name for name, words in TISSUES.items() if any(word in disease.lower() for word in words)
    )


def evidence() -> Any:
    """Return select boxes and, for what is chosen, favorable rows by tissue and grade."""
    rows = table()
    boxes = {"product_class": "Product", "species": "Species"}
    choices = [
        Choice(name, label, [ALL, *sorted(rows[name].astype(str).unique())])
        for name, label in boxes.items()
    ]
    return chooser("Favorable rows by tissue and grade", choices, _crossed)


def _crossed(chosen: Mapping[str, str]) -> Found:
    rows = table()
    for name, value in chosen.items():
        if value != ALL:
            rows = rows[rows[name].astype(str) == value]
    if rows.empty:
        return Found("No data: no row has both.", "", "")
    good = int((rows["result"] == FAVORABLE).sum())
    summary = f"{count(len(rows), 'row')}, {good} favorable as reported. By grade: " + ", ".join(
        f"{grade} {_share(part)}" for grade in GRADES.values()
        if not (part := rows[rows["grade"] == grade]).empty
    )  # fmt: skip
    lines, body = [], ""
    for tissue in TISSUES:
        parts = {
            g: rows[(rows["tissue"] == tissue) & (rows["grade"] == g)] for g in GRADES.values()
        }
        known = {grade: _share(part) for grade, part in parts.items() if not part.empty}
        if known:
            lines.append(f"{tissue}: " + ", ".join(f"{g} {words}" for g, words in known.items()))
            body += f'<tr><th scope="row">{escape(tissue)}</th>'
            body += "".join(_cell(known.get(grade)) for grade in parts) + "</tr>"
    top = "".join(f'<th scope="col">{escape(grade)}</th>' for grade in GRADES.values())
    html = (
        "<table><caption>Rows that are favorable as reported, of all rows</caption>"
        f"<thead><tr><td></td>{top}</tr></thead><tbody>{body}</tbody></table>"
    )
    return Found(summary + ".", "\n".join(lines), html)


def _share(part: pd.DataFrame) -> str:
    unseen = int((part["result"] == UNSEEN).sum())
    words = f"{int((part['result'] == FAVORABLE).sum())} of {len(part)}"
    return f"{words} ({unseen} not seen)" if unseen else words


def _cell(words: str | None) -> str:
    if words is None:
        return '<td class="se-empty">no row</td>'
    return f'<td class="se-filled">{escape(words)}</td>'


@lru_cache(maxsize=1)
def assay() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return positions (um), times (h) and densities (cells/um2) of an illustrative scratch.

    The cells of the course's porous model with the published constants of PC-3 cells, counted
    with the spread of the published assay; the first profile is counted exactly.
    """
    from secretome_edu.models import wound
    from secretome_edu.models.cards import model_card

    card = model_card("wound")
    spread, density, limit = (
        card.parameter(name).value for name in ("porous_diffusivity_um2_h", "density", "capacity")
    )
    rate = 0.065  # what the authors found together with this diffusivity, as the card notes
    fine = wound.scratch(WIDTH_UM, STRIP_UM / FINE, density, GAP_UM, EDGE_UM)
    runs = wound.simulate(fine, STRIP_UM / FINE, ASSAY_H, spread, rate, limit, exponent=2.0)
    strips = runs.reshape(len(ASSAY_H), -1, FINE).mean(axis=2)
    seen = wound.counted(strips, card.parameter("noise").value, seed=SEED)
    seen[0] = strips[0]
    places = (np.arange(strips.shape[1]) + 0.5) * STRIP_UM
    return places, np.array(ASSAY_H), seen


@lru_cache(maxsize=2)
def fitted(exponent: float) -> WoundFit:
    """Return the fit of one model to the illustrative assay, the full density being known."""
    from secretome_edu.models import wound
    from secretome_edu.models.cards import model_card

    return wound.fit(
        *assay(), capacity=model_card("wound").parameter("capacity").value, exponent=exponent
    )


def residuals() -> Scene:
    """Return both models fitted to the assay, and what each of them leaves unexplained."""
    places, times, seen = assay()
    at = int(np.flatnonzero(times == SHOWN_H)[0])
    left = np.abs(places - WIDTH_UM / 2) < GAP_UM / 2
    looks = (
        ("alike (m = 0)", 0.0, "dashed", "crosses"),
        ("in a crowd (m = 2)", 2.0, "solid", "markers"),
    )
    curves = [Line("counted", places, seen[at] * PER_MM2, "markers", 4)]
    leftovers, clauses = [], []
    for place, (name, exponent, style, sign) in enumerate(looks):
        found = fitted(exponent)
        over = found.residuals[at - 1] * PER_MM2
        curves.append(Line(name, places, found.predicted[at - 1] * PER_MM2, style, place))
        leftovers.append(Line(name, places, over, sign, place))
        clauses.append(
            f"{name}: D {number(found.diffusivity_um2_h, 'um2/h')}, division "
            f"{number(found.proliferation_per_h, '1/h')}, residuals "
            f"{number(found.rms * PER_MM2, digits=2)} cells per mm² over all times (root mean "
            f"square) and {number(np.sqrt(np.mean(over[left] ** 2)), digits=2)} in the scratch "
            f"at {number(SHOWN_H, 'h')}"
        )
    description = (
        f"Illustrative counts at {number(SHOWN_H, 'h')} and two fitted models. "
        + ". ".join(c[0].upper() + c[1:] for c in clauses)
        + "."
    )
    panels = [
        LinePanel(
            "Counted and fitted", "position (µm)", "cells per mm²", curves,
            x_range=(0.0, WIDTH_UM), y_range=(0.0, 1900.0),
        ),
        LinePanel(
            "What is left: counted minus fitted", "position (µm)", "cells per mm²", leftovers,
            x_range=(0.0, WIDTH_UM), y_range=(-700.0, 400.0),
        ),
    ]  # fmt: skip
    return Scene("Two models, one scratch", panels, description)


def effects() -> Scene:
    """Return three pooled effects of vesicles on animal wounds, and what one of them looks like."""
    from scipy.special import ndtr

    from secretome_edu import data

    rows = data.load("outcomes_numeric")
    rows = rows[rows["disease"].str.contains("wound") & (rows["effect_measure"] == "SMD")]
    spans = [
        Span(_name(row), row["ci_low"], row["ci_high"], row["effect"])
        for row in rows.sort_values("effect").to_dict("records")
    ]
    first = spans[0]
    assert first.middle is not None
    spot = np.linspace(-3.0, 7.0, 201)
    bell = np.exp(-(spot**2) / 2)
    description = (
        "Standardized mean differences of wound closure in animals, as printed: "
        + "; ".join(f"{s.label}, {s.middle:g} ({s.low:g} to {s.high:g})" for s in spans if s.middle)
        + f". At {first.middle:g}, with bell-shaped groups of equal spread, "
        f"{percent(float(ndtr(first.middle)), 4)} of the treated animals lie above the average "
        f"control animal, and one treated animal beats one control animal in "
        f"{percent(float(ndtr(first.middle / np.sqrt(2))))} of pairs."
    )
    panels: list[Panel] = [
        SpanPanel(
            "Pooled effects with 95% intervals", "standardized mean difference (SD units)",
            spans, x_range=(0.0, 13.0),
        ),
        LinePanel(
            f"What {first.middle:g} looks like", "closure (SD units from the control mean)",
            "share of animals (top = 1)",
            [
                Line("control", spot, bell, "dashed", 0),
                Line("treated", spot, np.exp(-((spot - first.middle) ** 2) / 2), "solid", 1),
            ],
            x_range=(-3.0, 7.0), y_range=(0.0, 1.15),
        ),
    ]  # fmt: skip
    return Scene("How large is favorable?", panels, description)


def _name(row: Mapping[str, Any]) -> str:
    study = f"{row['study'].removeprefix('Pooled: ')} {row['year']}"
    return f"{study}, RNA-enriched" if "enriched" in row["comparison"] else study


FIGURES = {"residuals": residuals, "effects": effects}
