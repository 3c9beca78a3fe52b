"""What lessons say in words about their explorers, tried on the explorers themselves."""

from __future__ import annotations

import pytest

from secretome_edu.explore import definition


def informed(preset: str, threshold_percent: float) -> int:
    """Return how many listening cells of the map notice, at a preset and a threshold."""
    field = definition("field")
    chosen = next(p for p in field.presets if p.label == preset)
    values = {**field.defaults(), **chosen.values, "threshold_percent": threshold_percent}
    said = dict(field.compute(values).readouts)["Endothelial cells informed"]
    return int(said.split()[0])


def test_lesson_05_five_cells_together_or_apart():
    together, apart = "Five MSC together", "Five MSC apart"
    assert informed(together, 0.1) > informed(apart, 0.1) == 0
    assert informed(together, 0.01) < informed(apart, 0.01)
    assert informed(together, 10.0) == informed(apart, 10.0) == 0


def test_lesson_05_lowest_threshold_and_presets_exist():
    reach = definition("reach")
    threshold = next(c for c in reach.controls if c.name == "threshold_percent")
    assert threshold.low == pytest.approx(0.1)
    one = dict(reach.compute({**reach.defaults(), "threshold_percent": 0.1}).readouts)
    assert one["One cell, at its own surface"].endswith("0.0988% of Kd")
    assert {"One MSC", "Hungry tissue"} <= {p.label for p in reach.presets}


def test_lesson_05_uptake_lowers_far_more_than_near():
    from secretome_edu.models.reach import point_source_3d

    near, far = (
        point_source_3d(r, 0.7776, 104, 0.1) / point_source_3d(r, 0.7776, 104) for r in (10, 300)
    )
    assert near == pytest.approx(0.75, abs=0.05)
    assert far < 0.01


def test_lesson_05_slower_diffusion_can_lengthen_the_informed_distance():
    from secretome_edu.models.reach import informed_radius_um

    fast = informed_radius_um(0.01, 0.7776, 104, 0.01)
    assert informed_radius_um(0.01, 0.7776, 26, 0.01) > fast
    assert fast / 2 < informed_radius_um(0.01, 0.7776, 104, 0.04) < fast
