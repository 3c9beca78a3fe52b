"""Figures of lesson 09: a readable slope, two pulls on a tip, many runs, a tube assay."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from secretome_edu.figures.describe import crossings, number, peak
from secretome_edu.figures.scene import Line, LinePanel, Rule, Scene, Span, SpanPanel

GAP_MM = 2.0
GRID = 60
CELL_UM = 10.0  # the two points that a cell compares, illustrative
OPEN, MATRIX = 2.0, 0.3  # reach of VEGF in distances: as published runs and the explorer's preset
SEEDS, SHOWN_UNITS = range(1, 11), 4.0

# Made-up readings of one tube-formation assay (mm of tubes per field); no study stands behind them.
TUBES_MM = {
    "fresh medium (control)": 3.0,
    "fresh medium + VEGF": 4.0,
    "conditioned medium": 8.0,
    "conditioned + isotype antibody": 7.6,
    "conditioned + antibody to VEGF": 5.0,
}
PULLS: dict[str, tuple[float, Mapping[str, float]]] = {
    "both pulls, open tissue": (OPEN, {}),
    "chemotaxis alone": (OPEN, {"haptotaxis": 0.0}),
    "haptotaxis alone": (OPEN, {"chemotaxis": 0.0}),
    "both pulls, matrix holds VEGF": (MATRIX, {}),
    "the same, chemotaxis alone": (MATRIX, {"haptotaxis": 0.0}),
}


def _across() -> np.ndarray:
    """Return the places of the grid between vessel and pellet (mm)."""
    return (np.arange(GRID) + 0.5) * GAP_MM / GRID


@lru_cache(maxsize=4)
def _level(reach: float) -> np.ndarray:
    """Return the share of the pellet's level on the straight line from vessel to pellet."""
    from secretome_edu.models.angiogenesis import pellet_factor

    return pellet_factor(GRID, diffusion_length=reach)[GRID // 2]


def _kd_pM(row: str) -> float:
    """Return a dissociation constant of the table `kd_values`."""
    from secretome_edu.data import load

    return 1000 * float(load("kd_values").set_index("row_id")["kd_nm"][row])


def slope_read() -> Scene:
    """Return how much the occupancy of a VEGF receptor differs between two ends of a cell."""
    from secretome_edu.models.binding import occupancy
    from secretome_edu.models.cards import model_card
    from secretome_edu.models.reach import cluster_surface

    card = model_card("reach")
    rate, spread = (card.parameter(n).value for n in ("secretion_rate", "diffusivity_um2_s"))
    vegfr1_pM, vegfr2_pM = (_kd_pM(row) for row in ("KD012", "KD013"))
    place, share = _across(), _level(OPEN)
    # The last grid cells lie inside the pellet.
    place, share, slope = place[:-2], share[:-2], np.gradient(share, place)[:-2]

    def told(pellet_pM: float, kd_pM: float) -> np.ndarray:
        back = pellet_pM * share
        front = back + pellet_pM * slope * CELL_UM / 1000
        return 100 * (occupancy(front, kd_pM) - occupancy(back, kd_pM))

    weak, pellet = (float(cluster_surface(cells, rate, spread)) for cells in (1e3, 1e5))
    curves = {
        f"VEGFR2, pellet at {number(weak, 'pM', 2)}": (told(weak, vegfr2_pM), "dotted", 0),
        f"VEGFR2, pellet at {number(pellet, 'pM', 2)}": (told(pellet, vegfr2_pM), "solid", 0),
        "VEGFR2, a hundred times that": (told(100 * pellet, vegfr2_pM), "dashed", 1),
        f"VEGFR1, pellet at {number(pellet, 'pM', 2)}": (told(pellet, vegfr1_pM), "crosses", 2),
    }
    middle = int(np.argmin(abs(place - GAP_MM / 2)))
    told_there = "; ".join(
        f"{name}: {number(y[middle], digits=2)}" for name, (y, *_) in curves.items()
    )
    description = (
        f"Difference in occupancy, in percentage points, between two points "
        f"{number(CELL_UM, 'um')} apart, half-way between vessel and pellet: {told_there}. "
        f"Beside the vessel the strongest pellet tells "
        f"{number(curves['VEGFR2, a hundred times that'][0][0], digits=2)} points."
    )
    panel = LinePanel(
        "What a receptor can tell",
        "distance from the vessel (mm)",
        "occupancy, front minus back (points)",
        # Crosses at every point would run together.
        [
            Line(name, *((place[::4], y[::4]) if style == "crosses" else (place, y)), style, color)
            for name, (y, style, color) in curves.items()
        ],
        y_scale="log",
        x_range=(0.0, GAP_MM),
        y_range=(0.003, 40.0),
    )
    return Scene("Reading a slope", [panel], description)


def pulls() -> Scene:
    """Return the two pulls on a tip along its way, at the start, in micrometers per hour."""
    from secretome_edu.models.angiogenesis import PUBLISHED, time_unit_h, vessel_fibronectin

    place = _across()
    speed = 1000 * GAP_MM / float(time_unit_h(GAP_MM))  # one unit of the model in um/h

    def toward(reach: float) -> np.ndarray:
        level = _level(reach)
        slope = np.gradient(level, place / GAP_MM)
        return speed * PUBLISHED.chemotaxis * slope / (1 + PUBLISHED.saturation * level)

    back = -np.gradient(vessel_fibronectin(GRID)[0], place / GAP_MM) * PUBLISHED.haptotaxis * speed
    free, held = toward(OPEN), toward(MATRIX)
    far, most = peak(place, back)
    passes = crossings(place, held - back, 0.0)
    description = (
        f"Fibronectin pulls back hardest, with {number(most, 'um/h', 2)}, at "
        f"{number(far, 'mm', 2)} from the vessel. In open tissue VEGF pulls forward with at least "
        f"{number(float(free.min()), 'um/h', 2)}, more than that. Where matrix holds VEGF back its "
        f"pull is the weaker one between {number(passes[0], 'mm', 2)} and "
        f"{number(passes[-1], 'mm', 2)}, and a tip stalls."
    )
    panel = LinePanel(
        "Two pulls on a tip",
        "distance from the vessel (mm)",
        "pull (µm/h)",
        [
            Line("VEGF forward, open tissue", place, free, "solid", 0),
            Line("VEGF forward, held back", place, held, "dashed", 0),
            Line("fibronectin, backward", place, back, "dotted", 1),
        ],
        x_range=(0.0, GAP_MM),
        y_range=(0.0, 40.0),
    )
    return Scene("Two pulls", [panel], description)


def many_runs() -> Scene:
    """Return how far the furthest tip came in ten runs with other luck, by what pulls."""
    from secretome_edu.models import angiogenesis

    fibronectin = angiogenesis.vessel_fibronectin(GRID)
    shown_h = SHOWN_UNITS * float(angiogenesis.time_unit_h(GAP_MM))
    rows, said = [], []
    for label, (reach, changed) in PULLS.items():
        factor = angiogenesis.pellet_factor(GRID, diffusion_length=reach)
        constants = angiogenesis.Constants(**changed)
        far_mm = []
        for seed in SEEDS:
            run = angiogenesis.sprout(factor, fibronectin, SHOWN_UNITS, constants, seed=seed)
            columns = np.nonzero(run.grown(SHOWN_UNITS).any(axis=0))[0]
            far_mm.append((columns.max() + 1) * GAP_MM / GRID)
        low, middle, high = np.quantile(far_mm, [0.0, 0.5, 1.0])
        rows.append(Span(label, low, high, middle))
        said.append(
            f"{label}: {number(middle, 'mm', 2)} ({number(low, '', 2)} to {number(high, '', 2)})"
        )
    description = (
        f"Furthest tip after {number(shown_h, 'h')} in {len(SEEDS)} runs that differ in luck "
        f"alone, median and range: {'; '.join(said)}."
    )
    panel = SpanPanel(
        f"Ten runs each, after {number(shown_h, 'h')}",
        "furthest tip (mm from the vessel)",
        rows,
        x_range=(0.0, GAP_MM + 0.1),
        vlines=[Rule(GAP_MM, "pellet")],
    )
    return Scene("One run is one throw of the dice", [panel], description)


def tube_assay() -> Scene:
    """Return the made-up readings of a tube-formation assay, with all its controls."""
    control = TUBES_MM["fresh medium (control)"]
    listed = "; ".join(f"{label}: {number(mm, 'mm')}" for label, mm in TUBES_MM.items())
    panel = SpanPanel(
        "A made-up tube-formation assay",
        "length of tubes per field (mm)",
        [Span(label, 0.0, mm, mm) for label, mm in TUBES_MM.items()],
        style="bar",
        x_range=(0.0, 9.0),
        vlines=[Rule(control, "control")],
    )
    return Scene("Tubes and their controls", [panel], f"Made-up readings: {listed}.")


FIGURES = {
    "slope_read": slope_read,
    "pulls": pulls,
    "many_runs": many_runs,
    "tube_assay": tube_assay,
}
