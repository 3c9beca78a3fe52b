"""Reach: what one cell, a cluster and a dish can do, and what the functions refuse."""

from __future__ import annotations

import numpy as np
import pytest

from secretome_edu.models import reach
from secretome_edu.ui.messages import BadValue


def test_reach_of_one_cell_agrees_with_the_published_domain():
    """Francis and Palsson 1997 (10.1073/pnas.94.23.12258): about 250 um within 10 to 30 minutes."""
    distance = np.arange(1.0, 1000.0)
    minutes = reach.time_to_half_s(distance, 100) / 60
    assert 10 <= minutes[249] <= 30
    reached_um = distance[np.searchsorted(minutes, [10, 30])]
    assert (reached_um >= 125).all()
    assert (reached_um <= 500).all()


def test_one_cell_is_not_enough_but_a_culture_comes_close():
    kd_pM, rate = 100.0, 0.7776
    assert reach.point_source_3d(10, rate, 104) / kd_pM == pytest.approx(1e-3, rel=0.02)
    assert reach.conditioned_medium(24, 1e5, 1.0, rate) / kd_pM == pytest.approx(0.11, abs=0.005)
    assert reach.cells_informed(kd_pM, rate, 104, cells_per_mm3=1e5) == 0


def test_cells_informed_counts_the_shell():
    radius = reach.informed_radius_um(0.005, 0.7776, 104)
    count = reach.cells_informed(0.005, 0.7776, 104, cells_per_mm3=1e5, cell_radius_um=10)
    assert count == pytest.approx(4 / 3 * np.pi * (radius**3 - 1000) * 1e5 / 1e9)


def test_transient_solves_the_diffusion_equation():
    """Finite differences in time and space on the closed form: r c obeys u_t = D u_rr - k u."""
    r, t, dr, dt = 60.0, 25.0, 0.05, 0.01
    d, k = 80.0, 0.03
    u = lambda x, s: x * reach.point_source_3d_at(s, x, 1.0, d, k)  # noqa: E731
    rate = (u(r, t + dt) - u(r, t - dt)) / (2 * dt)
    curvature = (u(r + dr, t) - 2 * u(r, t) + u(r - dr, t)) / dr**2
    assert rate == pytest.approx(d * curvature - k * u(r, t), rel=1e-4)


def test_cluster_conserves_what_it_secretes():
    """All that N cells make is taken up somewhere: k times the integral of c is N q."""
    r = np.linspace(0.0, 4000.0, 40_001)
    level = reach.cluster_profile(r, 500, 100, 1.0, 100.0, 0.01) / 1660.5390671738466
    taken = 0.01 * np.trapezoid(4 * np.pi * r**2 * level, r)
    assert taken == pytest.approx(500.0, rel=1e-5)


def test_cluster_is_smooth_at_its_surface_for_weak_and_strong_uptake():
    for uptake in (1e-9, 1e-3, 1.0, 1e4):
        inside, outside = reach.cluster_profile([100 - 1e-7, 100 + 1e-7], 500, 100, 1, 100, uptake)
        assert inside == pytest.approx(outside, rel=1e-5)


def test_half_time_with_uptake_is_where_the_level_is_half():
    time = reach.time_to_half_s(200, 50, 0.01)
    half = reach.point_source_3d_at(time, 200, 1, 50, 0.01)
    assert half == pytest.approx(reach.point_source_3d(200, 1, 50, 0.01) / 2, rel=1e-9)


def test_cluster_radius_of_one_cell_is_the_cell():
    assert reach.cluster_radius_um(1, 7.5) == 7.5
    assert reach.cluster_radius_um(8, 10, 1.0) == pytest.approx(20)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: reach.point_source_3d(0, 1, 100), "distance_um is 0; it accepts .* above 0"),
        (lambda: reach.point_source_3d(1, -1, 100), "secretion_rate is -1"),
        (lambda: reach.point_source_3d(1, 1, 0), "diffusivity_um2_s is 0"),
        (lambda: reach.point_source_3d(1, 1, 100, np.nan), "uptake_rate_per_s is nan"),
        (lambda: reach.point_source_3d("far", 1, 100), "distance_um is 'far'"),
        (lambda: reach.point_source_3d_at(-1, 1, 1, 100), "time_s is -1"),
        (lambda: reach.layer_source_2d(1, 1, 100, 0, 20), "uptake_rate_per_s is 0"),
        (lambda: reach.cluster_profile(1, 0, 100, 1, 100), "cells is 0"),
        (lambda: reach.cluster_radius_um(10, 10, 1.5), "packing is 1.5"),
        (lambda: reach.conditioned_medium(1, 1, 0, 1), "volume_mL is 0"),
        (lambda: reach.informed_radius_um(0, 1, 100), "threshold_pM is 0"),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises(BadValue, match=says):
        call()
