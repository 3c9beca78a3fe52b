"""The calming routes of lesson 07: who releases what, who listens, what changes.

A kind of picture that scenes lack: a row for each mechanism of the table ``pathways``. Every
arrow is a row of the table; only the places of the boxes and their short words stand here.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from secretome_edu.figures.describe import count
from secretome_edu.figures.style import own_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from secretome_edu.ui.bundle import Bundle

COLUMNS = (
    "what comes in",
    "in the MSC",
    "what leaves",
    "who listens",
    "what changes",
    "in the end",
)
# Mechanism of the table -> name of its row, and for each text of the table the column it stands
# in and the words that fit a box. Texts that are not named here are not drawn.
ROUTES: dict[str, tuple[str, dict[str, tuple[int, str]]]] = {
    "PGE2_macrophage_IL10": (
        "PGE2",
        {
            "LPS or TNF": (0, "LPS or TNF"),
            "TLR4/MyD88 and TNFRSF1A in MSC": (1, "TLR4, TNFR1"),
            "PTGS2 (COX-2) in MSC": (1, "COX-2"),
            "PGE2": (2, "PGE2"),
            "PTGER2 and PTGER4 on macrophage": (3, "EP2 and EP4 of\nmacrophages"),
            "IL10 secretion": (4, "IL-10 from\nmacrophages"),
            "sepsis mortality and organ damage": (5, "deaths, organ\ndamage"),
        },
    ),
    "TSG6_CD44_NFkB": (
        "TSG-6",
        {
            "inflammatory signals from resident macrophages": (0, "signals of\nmacrophages"),
            "TNFAIP6 (TSG-6) secretion by MSC": (2, "TSG-6"),
            "TSG-6": (2, "TSG-6"),
            "CD44 on resident macrophage": (3, "CD44 of\nmacrophages"),
            "TLR2-driven NF-kB nuclear translocation": (4, "NF-κB enters\nthe nucleus"),
            "inflammatory cascade": (5, "inflammatory\ncascade"),
        },
    ),
    "IDO_kynurenine": (
        "IDO",
        {
            "IFNG from activated T cells": (0, "IFN-γ from\nT cells"),
            "JAK/STAT1 in MSC": (1, "JAK/STAT1"),
            "IDO1": (1, "IDO stays\ninside"),
            "tryptophan": (0, "tryptophan"),
            "kynurenine (by IDO1)": (2, "kynurenine"),
            "T-cell proliferation": (4, "T-cell\ndivision"),
        },
    ),
    "Treg_induction": (
        "TGF-β",
        {
            "MSC": (1, "MSC"),
            "CD4+ T cell (direct contact)": (3, "CD4 T cell,\ntouched"),
            "PGE2 and TGFB1 expression": (2, "PGE2 and\nTGF-β1"),
            "FOXP3+ CD25+ CD4+ T cells": (4, "regulatory\nT cells"),
            "alloantigen-driven proliferation": (5, "answer to a\nforeign donor"),
        },
    ),
    "MSC_IL6_monocyte_IL10": (
        "IL-6",
        {
            "BM-MSC (constitutive)": (1, "MSC, without\nalarm"),
            "IL6": (2, "IL-6"),
            "IL10 production by monocytes": (4, "IL-10 from\nmonocytes"),
        },
    ),
    "HLAG_T_cell": (
        "HLA-G",
        {
            "MSC (constitutive)": (1, "MSC, without\nalarm"),
            "HLA-G": (2, "HLA-G"),
            "lymphocyte proliferation in mixed culture": (4, "lymphocyte\ndivision"),
        },
    ),
    "IL1RN_lung": (
        "IL1RN",
        {
            "MSC": (1, "MSC"),
            "IL1RN": (2, "IL1RN"),
            "IL-1alpha-dependent T-cell line proliferation": (4, "T-cell line\ndivision"),
        },
    ),
    "viable_efferocytosis": (
        "living MSC\neaten",
        {
            "viable UC-MSC": (1, "living MSC"),
            "monocyte (efferocytosis)": (3, "monocyte that\neats it"),
            "licensed monocyte": (3, "monocyte that\neats it"),
            "IL10 and kynurenine": (4, "IL-10,\nkynurenine"),
            "activated T cells": (5, "activated\nT cells"),
        },
    ),
    "apoMSC_efferocytosis": (
        "dying MSC\neaten",
        {
            "apoptotic MSC": (1, "dying MSC"),
            "engulfing recipient phagocyte": (3, "phagocyte that\neats it"),
            "IDO expression": (4, "IDO in the\nphagocyte"),
            "GvHD effector cells": (5, "cells of\nGvHD"),
        },
    ),
}


def steps() -> list[dict[str, Any]]:
    """Return the drawn rows of ``pathways``, each with the places of its two ends."""
    from secretome_edu import data

    drawn = []
    for row in data.load("pathways").to_dict("records"):
        boxes = ROUTES.get(row["mechanism"], ("", {}))[1]
        if row["from"] in boxes and row["to"] in boxes:
            drawn.append({**row, "ends": (boxes[row["from"]], boxes[row["to"]])})
    return drawn


@own_style
def routes() -> Bundle:
    """Return the calming routes, a row each, from what starts them to what they change."""
    from matplotlib.figure import Figure

    from secretome_edu.figures.draw import INK, MUTED
    from secretome_edu.figures.show import show

    figure = Figure(figsize=(11.0, 8.6), dpi=100, layout="constrained")
    axes = figure.subplots()
    for row, (mechanism, (name, _)) in enumerate(ROUTES.items()):
        axes.axhline(row + 0.5, color="#d5dae0", linewidth=0.8)
        axes.text(-0.95, row, name, fontsize=11, weight="bold", color=INK, va="center")
        _route(axes, row, [step for step in steps() if step["mechanism"] == mechanism])
    for place, title in enumerate(COLUMNS):
        axes.text(place, -0.75, title, fontsize=11, color=MUTED, ha="center", style="italic")
    axes.set(xlim=(-1.0, len(COLUMNS) - 0.45), ylim=(len(ROUTES) - 0.45, -1.0))
    axes.set_axis_off()
    return show(figure, _routes_description(), "Ways to calm, as the sources state them")


def _route(axes: Axes, row: int, drawn: list[dict[str, Any]]) -> None:
    """Draw boxes and arrows of one mechanism; two boxes in one column stand above each other."""
    from secretome_edu.figures.draw import INK
    from secretome_edu.figures.palette import LINES_LIGHT

    boxes = list(dict.fromkeys(box for step in drawn for box in step["ends"]))
    crowd = Counter(column for column, _ in boxes)
    seen: Counter[int] = Counter()
    frame = {"boxstyle": "round,pad=0.25", "facecolor": "#ffffff", "edgecolor": INK}
    shown = {}
    for column, words in boxes:
        aside = 0.0 if crowd[column] == 1 else 0.27 * (2 * seen[column] - 1)
        seen[column] += 1
        shown[column, words] = axes.text(
            column, row + aside, words, fontsize=9.5, color=INK, ha="center", va="center",
            linespacing=1.0, bbox=frame, zorder=3,
        )  # fmt: skip
    for step in drawn:
        start, end = (shown[box] for box in step["ends"])
        left, right = sorted(column for column, _ in step["ends"])
        over = any(crowd[column] == 1 for column in range(left + 1, right))
        stops = step["relation"] == "inhibits"
        if start is not end:
            axes.annotate(
                "",
                end.get_position(),
                start.get_position(),
                zorder=2,
                arrowprops={
                    "arrowstyle": "|-|,widthA=0,widthB=0.5" if stops else "-|>",
                    "connectionstyle": f"arc3,rad={-0.18 if over else 0}",
                    "linestyle": "--" if stops else "-",
                    "color": LINES_LIGHT[1] if stops else LINES_LIGHT[0],
                    "linewidth": 1.8,
                    "patchA": start.get_bbox_patch(),
                    "patchB": end.get_bbox_patch(),
                    "shrinkA": 0,
                    "shrinkB": 3,
                    "mutation_scale": 11,
                },
            )


def _routes_description() -> str:
    drawn = steps()
    relations = Counter(step["relation"] for step in drawn)
    sources = {key for step in drawn for key in step["source_keys"]}
    begun = {step["mechanism"] for step in drawn if step["ends"][0][0] == 0}
    alarmed = [ROUTES[name][0] for name in ROUTES if name in begun]
    others = [ROUTES[name][0].replace("\n", " ") for name in ROUTES if name not in begun]
    return (
        f"{len(ROUTES)} routes with {len(drawn)} steps from {count(len(sources), 'source')}. "
        f"A source names an alarm that starts {', '.join(alarmed)}; for {', '.join(others)} none "
        f"is drawn. {relations['inhibits']} steps inhibit (dashed lines that end in a bar), the "
        "others lead on (arrows). Boxes without a line between them: the sources read do not "
        "state the step."
    )
