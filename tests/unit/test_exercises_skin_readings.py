"""The made-up readings of lesson 10 and what its prose says of the explorer still follow."""

from __future__ import annotations

import pytest

from secretome_edu.authoring.prose import facts_of
from secretome_edu.course.manifest import manifest
from secretome_edu.exercises import skin_cartilage_muscle as exercises


@pytest.fixture(scope="module")
def facts():
    return facts_of(manifest().entry("skin_cartilage_muscle"))


def test_readings_are_what_the_model_gives_rounded(facts):
    later, crossed = exercises.readings()
    assert (round(later), round(crossed)) == (exercises.LATER, exercises.CROSSED)
    assert (facts["later"], facts["crossed"]) == (exercises.LATER, exercises.CROSSED)


def test_readings_come_close_to_the_constants_behind_them():
    found = exercises.constants()
    assert found["rate"] == pytest.approx(exercises.TRUE_RATE_PER_H, rel=0.05)
    assert found["movement"] == pytest.approx(exercises.TRUE_D_UM2_PER_H, rel=0.05)


@pytest.mark.parametrize(
    ("changed", "fact"),
    [
        ({"movement_fold": 1.0}, "half_h"),
        ({"movement_fold": 2.0}, "half_move_h"),
        ({"movement_fold": 1.0, "division_fold": 2.0}, "half_divide_h"),
    ],
)
def test_half_filled_as_the_explanation_says(facts, changed, fact):
    from secretome_edu.explore import explore

    readout = dict(explore("wound", **changed).scene.readouts)["Treated: half filled after"]
    assert float(readout.split()[0]) == pytest.approx(facts[fact], abs=0.05)
