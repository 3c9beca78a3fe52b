"""Wound closure: an exact front, published profiles, recovery of known constants, refusals."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from models_shared import shared_file

from secretome_edu.models import wound
from secretome_edu.ui.messages import BadValue

CAPACITY = 1.7e-3


def test_exact_travelling_front_is_followed():
    """Ablowitz and Zeppetella: u = (1 + exp(sqrt(r/6D)(x - ct)))^-2 with c = 5 sqrt(Dr/6)."""
    spread, growth, width = 1030.0, 0.064, 4.0
    x = (np.arange(1500) + 0.5) * width
    speed = 5 * np.sqrt(spread * growth / 6)
    assert speed == pytest.approx(16.573, abs=1e-3)

    def exact(t):
        return (1 + np.exp(np.sqrt(growth / 6 / spread) * (x - 2500 - speed * t))) ** -2

    ours = wound.simulate(exact(0.0), width, [12, 24, 36, 48], spread, growth, 1.0)
    reference = np.array([exact(t) for t in (12, 24, 36, 48)])
    assert np.abs(ours - reference)[:, 100:-100].max() <= 5e-5


@pytest.mark.parametrize(("exponent", "spread"), [(0.0, 1030.0), (2.0, 6700.0)])
def test_halving_step_and_grid_changes_little(exponent, spread):
    profiles = []
    for cells, step in ((76, 0.5), (152, 0.25), (304, 0.125)):
        width = 1900 / cells
        start = wound.scratch(1900, width, 1.1e-3, 600, edge_um=200)
        late = wound.simulate(
            start, width, [24, 48], spread, 0.064, CAPACITY, exponent=exponent, step_h=step
        )
        profiles.append(late.reshape(2, 76, -1).mean(axis=2))
    first, second = (np.abs(a - profiles[2]).max() / CAPACITY for a in profiles[:2])
    assert second < first < 0.03
    assert second < 0.01


def test_constants_are_recovered_from_noisy_profiles():
    x, times = np.arange(25.0, 1900.0, 50.0), np.array([0.0, 12.0, 24.0, 36.0, 48.0])
    start = wound.scratch(1900, 12.5, 1.1e-3, 600, edge_um=200)
    profiles = [start, *wound.simulate(start, 12.5, times[1:], 1030, 0.064, CAPACITY)]
    clean = np.array(profiles).reshape(5, 38, 4).mean(axis=2)
    noisy = wound.counted(clean, 3e-5, seed=3)
    np.testing.assert_array_equal(wound.counted(clean, 0.0), clean)
    found = wound.fit(x, times, noisy, capacity=CAPACITY)
    assert found.diffusivity_um2_h == pytest.approx(1030, rel=0.1)
    assert found.proliferation_per_h == pytest.approx(0.064, rel=0.05)
    assert found.rms == pytest.approx(3e-5, rel=0.3)
    assert found.predicted.shape == found.residuals.shape == (4, 38)


def published_profiles(cells_per_well):
    """Positions, times and mean densities of 10.1016/j.jtbi.2015.10.040."""
    path = shared_file(f"scratch_assay/fbs{cells_per_well}.csv")
    with path.open(newline="") as lines:
        table = np.array([[float(x) for x in row] for row in csv.reader(lines)])
    if table.shape[0] > table.shape[1]:  # two of the files hold times in columns
        table = table.T
    return table[0, 1:39], table[1:, 0], table[1:, 1:39]


@pytest.mark.parametrize(
    ("cells_per_well", "spread", "within", "rms"),
    [(12000, 263, 0.10, 9.3e-5), (16000, 588, 0.10, 1.02e-4), (20000, 1030, 0.05, 1.28e-4)],
)
def test_published_profiles_give_the_published_constants(cells_per_well, spread, within, rms):
    """D rises with seeding density: the published warning that a constant D is wrong."""
    found = wound.fit(*published_profiles(cells_per_well), capacity=CAPACITY)
    assert found.diffusivity_um2_h == pytest.approx(spread, rel=within)
    assert found.rms == pytest.approx(rms, rel=0.1)
    if cells_per_well == 20000:
        assert found.diffusivity_um2_h == pytest.approx(1052, rel=0.1)
        assert found.proliferation_per_h == pytest.approx(0.064, rel=0.05)


def test_published_profiles_give_the_published_porous_constants():
    found = wound.fit(*published_profiles(20000), capacity=CAPACITY, exponent=2)
    assert found.diffusivity_um2_h == pytest.approx(6700, rel=0.1)
    assert found.proliferation_per_h == pytest.approx(0.065, rel=0.05)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.floats(50, 4000), st.floats(0.005, 0.15), st.floats(3e-4, 1.6e-3), st.floats(100, 1200),
    st.sampled_from([0.0, 1.0, 2.0]),
)  # fmt: skip
def test_density_stays_between_zero_and_full_and_never_falls_in_sum(d, growth, density, gap, m):
    start = wound.scratch(1900, 25, density, gap)
    profiles = wound.simulate(start, 25, [0, 6, 12, 24, 48], d, growth, CAPACITY, exponent=m)
    assert (profiles >= 0).all()
    assert (profiles <= CAPACITY * (1 + 1e-9)).all()
    assert (np.diff(profiles.sum(axis=1)) >= 0).all()
    np.testing.assert_allclose(profiles, profiles[:, ::-1], atol=1e-9 * CAPACITY)


GOOD = wound.scratch(100, 10, 1e-3, 30)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: wound.simulate([-1e-3] * 5, 10, [1], 1, 1, 1), "initial is -0.001"),
        (lambda: wound.simulate([1e-3] * 2, 10, [1], 1, 1, 1), r"initial has shape \(2,\)"),
        (lambda: wound.simulate(GOOD, 0, [1], 1, 1, 1), "spacing_um is 0"),
        (lambda: wound.simulate(GOOD, 10, [2, 1], 1, 1, 1), "times_h accepts rising times"),
        (lambda: wound.simulate(GOOD, 10, [1], np.nan, 1, 1), "diffusivity_um2_h is nan"),
        (lambda: wound.simulate(GOOD, 10, [1], 1, 1, 0), "capacity is 0"),
        (lambda: wound.counted(GOOD, -1e-4), "noise is -0.0001"),
        (lambda: wound.scratch(100, 50, 1, 10), "spacing_um is 50"),
        (lambda: wound.fit([1, 2, 3], [0, 1], np.ones((3, 2))), r"densities has shape \(3, 2\)"),
        (lambda: wound.fit([1, 2, 4], [0, 1], np.ones((2, 3))), "equally spaced"),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises(BadValue, match=says):
        call()
