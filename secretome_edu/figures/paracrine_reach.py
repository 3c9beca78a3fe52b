"""Figures of lesson 05: measured diffusion coefficients, and the ladder from one cell to a dish."""

from __future__ import annotations

from secretome_edu.figures.describe import number, percent
from secretome_edu.figures.scene import Rule, Scene, Span, SpanPanel


def diffusion() -> Scene:
    """Return the measured diffusion coefficients of proteins as a ranked chart."""
    from secretome_edu import data

    table = data.load("diffusion_coefficients")
    table = table[table["kind"] == "measured"]
    table = table.sort_values("diffusion_um2_per_s")
    values = table["diffusion_um2_per_s"].to_numpy(float)
    spreads = table["error_um2_per_s"].fillna(0.0).to_numpy(float)
    names = [_molecule(row) for row in table.to_dict("records")]
    rows = [
        Span(name, value - spread, value + spread, value)
        for name, value, spread in zip(names, values, spreads, strict=True)
    ]
    description = (
        f"{len(rows)} measured diffusion coefficients. The slowest is {names[0]} with "
        f"{number(values[0], 'um2/s')}, the fastest {names[-1]} with "
        f"{number(values[-1], 'um2/s')}: a factor of {number(values[-1] / values[0], digits=2)}. "
        "Lines are the spread printed in the source, where there is one."
    )
    panel = SpanPanel(
        "Measured",
        "diffusion coefficient (µm²/s)",
        rows,
        x_range=(0.0, 1.1 * float(values[-1])),
    )
    return Scene("Diffusion coefficients of proteins", [panel], description)


def _molecule(row: dict) -> str:
    """Return molecule and medium, short enough for an axis and still different in each row."""
    short = {
        "fibrin gel 0.27%": "fibrin gel",
        "rabbit-ear normal tissue": "rabbit ear",
        "rabbit-ear tumor tissue": "tumor in rabbit ear",
        "rabbit-ear tumour tissue": "tumor in rabbit ear",
    }
    medium = short.get(row["medium"], row["medium"])
    if medium.startswith("PEG"):
        medium = f"{'dense' if 'slowest' in medium else 'loose'} PEG gel"
    return f"{row['molecule'].replace('bovine serum albumin', 'albumin')}, {medium}"


def ladder() -> Scene:
    """Return what one cell, clusters and a dish reach, as shares of the Kd of VEGFR2."""
    cases = ladder_cases()
    rows = [Span(label, *case) for label, case in cases.items()]
    one, dish = cases["one cell, at its surface"], cases["100,000 cells in 1 mL, a day"]
    above = [label for label, case in cases.items() if case[2] >= 0.1]
    description = (
        f"One cell reaches {percent(one[2], 2)} of the Kd at its own surface "
        f"({percent(one[0], 2)} to {percent(one[1], 2)} over two published rates and two values "
        "of D); "
        f"a dish of 100,000 cells in 1 mL reaches {percent(dish[2], 2)} in a day. "
        f"At or above a tenth of the Kd: {'; '.join(above)}."
    )
    panel = SpanPanel(
        "VEGF from MSC",
        "level as a share of the Kd of VEGFR2",
        rows,
        x_scale="log",
        x_range=(1e-4, 10.0),
        vlines=[Rule(1.0, "Kd"), Rule(0.1, "a tenth")],
    )
    return Scene("From one cell to a dish", [panel], description)


def ladder_cases() -> dict[str, tuple[float, float, float]]:
    """Return label -> (low, high, default) share of the Kd; low and high span what was published.

    The rates are those of Wang 2008 (marrow, 24 h) and Rehman 2004 (adipose; the collection time
    is not in the abstract and taken as 24 h), the values of D 29 and 104 um2/s.
    """
    from secretome_edu import data
    from secretome_edu.models import reach
    from secretome_edu.models.cards import model_card

    card = model_card("reach")
    kd_pM, radius_um, q, d = (
        card.parameter(name).value
        for name in ("threshold_pM", "cell_radius_um", "secretion_rate", "diffusivity_um2_s")
    )
    amounts = data.load("secretion_levels").set_index("row_id")["value"]
    # Both papers name a mass per number of cells, so their ratio is a ratio of rates.
    q_low = q * (amounts["SL023"] / 1e6) / (amounts["SL001"] / 1e5)
    rates = {"low": (q_low, d), "high": (q, 29.0), "default": (q, d)}

    def cluster(cells: float) -> list[float]:
        return [float(reach.cluster_surface(cells, *rate)) / kd_pM for rate in rates.values()]

    dish = [
        float(reach.conditioned_medium(24, 1e5, 1.0, rate[0])) / kd_pM for rate in rates.values()
    ]
    one = [float(reach.point_source_3d(radius_um, *rate)) / kd_pM for rate in rates.values()]
    shares = {
        "one cell, at its surface": one,
        "cluster of 100, at its surface": cluster(100),
        "cluster of 10,000, at its surface": cluster(10_000),
        "100,000 cells in 1 mL, a day": dish,
    }
    return {label: (low, high, default) for label, (low, high, default) in shares.items()}


FIGURES = {"diffusion": diffusion, "ladder": ladder}
