"""Reach and field over the ranges of their cards: positive, monotone, conserving, consistent."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from secretome_edu.models import reach
from secretome_edu.models.cards import model_card
from secretome_edu.models.field import Field2D

SAME_EVERY_RUN = settings(max_examples=40, deadline=None, derandomize=True)
FEWER = settings(SAME_EVERY_RUN, max_examples=20)


def within(card, name):
    parameter = model_card(card).parameter(name)
    return st.floats(parameter.low, parameter.high)


RATE, DIFFUSIVITY, UPTAKE = (
    within("reach", name) for name in ("secretion_rate", "diffusivity_um2_s", "uptake_rate_per_s")
)
DISTANCE = st.floats(5, 2000)


@SAME_EVERY_RUN
@given(RATE, DIFFUSIVITY, UPTAKE, DISTANCE, st.floats(1.01, 5))
def test_level_is_positive_and_falls_with_distance_and_uptake(q, d, k, r, more):
    level = reach.point_source_3d(r, q, d, k)
    assert level > 0
    assert reach.point_source_3d(r * more, q, d, k) < level
    assert reach.point_source_3d(r, q, d, k * more) < level
    np.testing.assert_allclose(reach.point_source_3d(r, q * more, d, k), level * more)


@SAME_EVERY_RUN
@given(RATE, DIFFUSIVITY, UPTAKE, DISTANCE, st.floats(0.1, 1e5), st.floats(1.01, 10))
def test_level_rises_with_time_to_the_steady_one(q, d, k, r, t, more):
    early, late = (reach.point_source_3d_at(s, r, q, d, k) for s in (t, t * more))
    steady = reach.point_source_3d(r, q, d, k)
    assert 0 <= early <= late * (1 + 1e-12)
    assert late <= steady * (1 + 1e-12)


@SAME_EVERY_RUN
@given(RATE, DIFFUSIVITY, UPTAKE, within("reach", "threshold_pM"))
def test_the_informed_radius_is_where_the_threshold_is(q, d, k, threshold):
    radius = reach.informed_radius_um(threshold, q, d, k)
    np.testing.assert_allclose(reach.point_source_3d(radius, q, d, k), threshold, rtol=1e-8)


@SAME_EVERY_RUN
@given(st.integers(1, 10**6), st.floats(20, 2000), RATE, DIFFUSIVITY, UPTAKE)
def test_a_cluster_is_highest_in_its_center_and_never_above_balance(n, radius, q, d, k):
    r = np.linspace(0, 3 * radius, 30)
    level = reach.cluster_profile(r, n, radius, q, d, k)
    assert (level > 0).all()
    assert (np.diff(level) <= level[:-1] * 1e-9).all()
    balance = n * q / (k * 4 / 3 * np.pi * radius**3) * 1660.5390671738466
    assert level[0] <= balance * (1 + 1e-9)


PLACES = st.lists(
    st.tuples(st.integers(0, 15), st.integers(0, 19), st.floats(0.01, 100)), min_size=1, max_size=6
)


@FEWER
@given(PLACES, PLACES, DIFFUSIVITY, UPTAKE, st.floats(1, 1e4))
def test_a_field_is_positive_conserves_and_consumers_only_lower_it(sources, sinks, d, k, t):
    field = Field2D((16, 20), 10.0, d, k)
    made, taken = tuple(zip(*sources, strict=True)), tuple(zip(*sinks, strict=True))
    alone, with_sinks = field.steady(made), field.steady(made, sinks=taken)
    top = alone.max()
    assert (with_sinks >= -1e-12 * top).all()
    assert (with_sinks <= alone + 1e-12 * top).all()
    np.testing.assert_allclose(field.removed_by_decay_per_s(alone), sum(made[2]), rtol=1e-9)
    uptake = np.sum(with_sinks[taken[:2]] * taken[2]) / 1660.5390671738466
    np.testing.assert_allclose(
        field.removed_by_decay_per_s(with_sinks) + uptake, sum(made[2]), rtol=1e-9
    )
    young, old = field.at(t, made), field.at(2 * t, made)
    assert (young >= -1e-12 * top).all()
    assert (young <= old + 1e-12 * top).all()
    assert (old <= alone + 1e-9 * top).all()


@FEWER
@given(DIFFUSIVITY, UPTAKE)
def test_halving_the_grid_keeps_the_far_field(d, k):
    """A source in the middle of four fine cells against one coarse cell, away from the source."""
    coarse = Field2D((40, 40), 25.0, d, k).steady(([20], [20], [1.0]))
    fine = Field2D((80, 80), 12.5, d, k).steady(([40, 40, 41, 41], [40, 41, 40, 41], [0.25] * 4))
    merged = fine.reshape(40, 2, 40, 2).mean(axis=(1, 3))
    r = 25.0 * np.hypot(*(np.indices((40, 40)) - 20))
    length = (d / k) ** 0.5
    zone = (r > 200) & (r < 350) & (r < 3 * length)
    # The five-point operator's error grows with (spacing / diffusion length)^2.
    np.testing.assert_allclose(coarse[zone], merged[zone], rtol=0.02 + 1.5 * (25.0 / length) ** 2)
