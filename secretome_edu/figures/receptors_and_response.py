"""Figures of lesson 06: published Kd values, a washed pulse, a dose-response, one medium."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from secretome_edu.figures.describe import crossings, number, percent
from secretome_edu.figures.scene import Line, LinePanel, Rule, Scene, Span, SpanPanel

# Illustrative readings of a made-up assay, for the fit; no study stands behind them.
DOSE_PM = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)
RESPONSE_PERCENT = (1.2, 0.9, 10.5, 30.1, 65.4, 74.9, 80.8, 78.6)

KD_ROWS = {
    "KD007": "PDGF, 3T3 and muscle cells",
    "KD001": "HGF, high-affinity site",
    "KD021": "TNF with TNFR1",
    "KD012": "VEGF with VEGFR1 (model)",
    "KD013": "VEGF with VEGFR2 (model)",
    "KD030": "EGF, SKBR3 cells",
    "KD032": "EGF, U-343 cells, high site",
    "KD036": "EGF, cheek lining, high site",
    "KD031": "EGF, A431 cells",
    "KD033": "EGF, U-343 cells, low site",
    "KD058": "activin A, isolated domain",
    "KD037": "EGF, cheek lining, low site",
}


def kd_values() -> Scene:
    """Return some published dissociation constants; EGF shows what the cells do to them."""
    from secretome_edu import data

    table = data.load("kd_values").set_index("row_id").loc[list(KD_ROWS)]
    kd_pM = 1000 * table["kd_nm"].to_numpy(float)
    rows = [Span(KD_ROWS[row], kd, kd, kd) for row, kd in zip(table.index, kd_pM, strict=True)]
    egf = [kd for row, kd in zip(table.index, kd_pM, strict=True) if "EGF," in KD_ROWS[row]]
    low, high = int(kd_pM.argmin()), int(kd_pM.argmax())
    description = (
        f"{len(rows)} published dissociation constants, from {number(kd_pM[low], 'pM')} "
        f"({rows[low].label}) to {number(kd_pM[high], 'pM')} ({rows[high].label}). "
        f"The {len(egf)} values for EGF and its receptor, all human, span a factor of "
        f"{number(max(egf) / min(egf), digits=2)}."
    )
    panel = SpanPanel(
        "Published, not averaged",
        "dissociation constant (pM); further left is tighter",
        rows,
        x_scale="log",
        x_range=(1.0, 1e6),
    )
    return Scene("How tightly factors bind", [panel], description)


def after_wash() -> Scene:
    """Return surface and internalized VEGFR2 complexes after a pulse, with and without matrix."""
    from secretome_edu.models import trafficking

    wash_min, total = 30.0, trafficking.RECEPTORS["VEGFR2"].per_cell
    surfaces, insides, halves = [], [], {}
    for matrix, words in ((True, "matrix"), (False, "no matrix")):
        run = trafficking.simulate(5000.0, t_end_min=300.0, wash_at_min=wash_min, matrix=matrix)
        style = "solid" if matrix else "dashed"
        surface = 100 * run.bound["VEGFR2"] / total
        inside = 100 * run.internal["VEGFR2"] / total
        color = int(not matrix)
        surfaces.append(Line(words, run.time_min, surface, style, color))
        insides.append(Line(words, run.time_min, inside, style, color))
        later = run.time_min >= wash_min
        start = float(surface[run.time_min <= wash_min][-1])
        found = crossings(run.time_min[later], surface[later], start / 2)
        halves[words] = number(found[0] - wash_min, "min") if found else "more than is shown"
        halves[f"inside, {words}"] = number(float(np.max(inside)), "percent")
    description = (
        f"VEGF at 5000 pM on a million cells per mL; after the wash at "
        f"{number(wash_min, 'min')}, bound VEGFR2 on the surface halves in "
        f"{halves['matrix']} with matrix and in {halves['no matrix']} without. Complexes inside "
        f"the cell keep rising after the wash, to {halves['inside, matrix']} of the receptor "
        f"number with matrix and {halves['inside, no matrix']} without."
    )
    panels = [
        LinePanel(
            title,
            "time (min)",
            "complexes (% of VEGFR2)",
            lines,
            vlines=[Rule(wash_min, "wash")],
            x_range=(0.0, 300.0),
            y_range=(0.0, 120.0),
        )
        for title, lines in (("On the surface", surfaces), ("Inside the cell", insides))
    ]
    return Scene("What stays after the wash", panels, description)


def fitted(doses: int) -> np.ndarray:
    """Return top (%), EC50 (pM) and Hill coefficient fit to the first readings."""
    from scipy.optimize import curve_fit

    from secretome_edu.models.binding import occupancy

    dose, response = np.array(DOSE_PM[:doses]), np.array(RESPONSE_PERCENT[:doses])
    return curve_fit(
        lambda x, top, ec50, hill: top * occupancy(x, ec50, hill),
        dose,
        response,
        [response.max(), 30.0, 1.0],
        bounds=(0.01, 1e5),
    )[0]


def dose_response() -> Scene:
    """Return the illustrative readings with a fit to all of them and to the lowest four."""
    from secretome_edu.models.binding import occupancy

    x = np.geomspace(0.7, 5000.0, 120)
    every, lowest = fitted(len(DOSE_PM)), fitted(4)
    lines = [
        Line("readings", np.array(DOSE_PM), np.array(RESPONSE_PERCENT), "markers", 0),
        Line("fit to all eight", x, every[0] * occupancy(x, *every[1:]), "solid", 0),
        Line("fit to the lowest four", x, lowest[0] * occupancy(x, *lowest[1:]), "dashed", 1),
    ]
    description = (
        f"Illustrative readings. Fit to all: top {number(every[0], 'percent', 2)}, EC50 "
        f"{number(every[1], 'pM', 2)}, Hill coefficient {number(every[2], digits=2)}. Fit to the "
        f"lowest four: top {number(lowest[0], 'percent', 2)}, EC50 "
        f"{number(lowest[1], 'pM', 2)}; it never saw the plateau."
    )
    panel = LinePanel(
        "A made-up assay",
        "dose (pM)",
        "response (%)",
        lines,
        x_scale="log",
        x_range=(0.7, 5000.0),
        y_range=(0.0, 100.0),
    )
    return Scene("A dose-response and its fit", [panel], description)


def same_medium() -> Scene:
    """Return how much VEGFR2 one conditioned medium occupies, by what is taken into account."""
    from secretome_edu.models import binding, reach, trafficking
    from secretome_edu.models.cards import model_card

    rate = model_card("reach").parameter("secretion_rate").value
    medium_pM = float(reach.conditioned_medium(24, 1e5, 1.0, rate))
    half_pM = float(trafficking.half_occupancy_pM(1e7, 1e-3))
    few = replace(trafficking.RECEPTORS["VEGFR1"], per_cell=1000)

    def most(**well: object) -> float:
        run = trafficking.simulate(medium_pM, t_end_min=300.0, **well)  # type: ignore[arg-type]
        return float(run.bound["VEGFR2"].max()) / trafficking.RECEPTORS["VEGFR2"].per_cell

    shares = {
        "simple curve, Kd": float(binding.occupancy(medium_pM, 100.0)),
        "with internalization": float(binding.occupancy(medium_pM, half_pM)),
        "few cells per mL": most(cells_per_mL=1e4),
        "many cells, 1,000 VEGFR1": most(receptors={**trafficking.RECEPTORS, "VEGFR1": few}),
        "many cells, 65,000 VEGFR1": most(),
    }
    listed = "; ".join(f"{label} {percent(share, 2)}" for label, share in shares.items())
    description = (
        f"Highest share of VEGFR2 bound by medium that holds {number(medium_pM, 'pM', 2)} VEGF: "
        f"{listed}. Few cells are 10,000 per mL, many a million; VEGFR1 is counted per cell."
    )
    panel = SpanPanel(
        "The same medium",
        "VEGFR2 bound at most (%)",
        [Span(label, 0.0, 100 * share, 100 * share) for label, share in shares.items()],
        style="bar",
        x_range=(0.0, 11.0),
    )
    return Scene("One medium, five answers", [panel], description)


FIGURES = {
    "kd_values": kd_values,
    "after_wash": after_wash,
    "dose_response": dose_response,
    "same_medium": same_medium,
}
