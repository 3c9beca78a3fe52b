"""Vesicles: tracks, detection limits, circulation, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from secretome_edu.models import vesicles
from secretome_edu.ui.messages import BadValue

SAME_EVERY_RUN = settings(max_examples=40, deadline=None, derandomize=True)


def test_two_compartments_equal_the_ode():
    pk = vesicles.circulation(0.0104, 1.0, 7.8, 400.0)
    cl, v1, v2, q = (
        float(x) for x in (pk.clearance, pk.central_volume, pk.peripheral_volume, pk.exchange)
    )
    times = np.linspace(0, 1500, 50)

    def change(_, c):
        return [(-cl * c[0] - q * (c[0] - c[1])) / v1, q * (c[0] - c[1]) / v2]

    reference = solve_ivp(
        change, (0, 1500), [1.0, 0.0], t_eval=times, method="LSODA", rtol=1e-11, atol=1e-14
    ).y[0]
    ours = vesicles.blood_level_per_mL(times, 1.0, pk)
    np.testing.assert_allclose(ours, reference, rtol=1e-6)


def test_volume_of_distribution_lies_in_the_published_range():
    """CL over the slow rate, with the card's values: 2.43 to 8.48 mL are published."""
    assert 2.43 < 0.0104 * 400 / np.log(2) < 8.48


def test_identical_vesicles_look_different_on_short_tracks():
    spread = [
        np.std(np.log(vesicles.diameters_from_tracks(
            vesicles.tracks(np.full(400, 100.0), frames, 0.033), 0.033
        )))
        for frames in (10, 100)
    ]  # fmt: skip
    # The mean of n squared steps in two directions varies with 1/sqrt(n).
    assert spread[0] == pytest.approx(9**-0.5, rel=0.15)
    assert spread[1] == pytest.approx(99**-0.5, rel=0.15)


def test_moving_the_size_keeps_the_noise():
    small, large = (vesicles.tracks([d], 20, 0.033, seed=4)[0] for d in (50.0, 200.0))
    np.testing.assert_allclose(small, 2 * large)


def test_the_reported_mode_rises_with_the_detection_limit():
    d = np.linspace(20, 400, 4000)
    modes = [d[vesicles.size_density(d, 80, 0.4, limit).argmax()] for limit in (0, 50, 80, 120)]
    assert (np.diff(modes) > 0).all()
    population = vesicles.sizes(100_000, 80, 0.4)
    assert np.median(population) == pytest.approx(80, rel=0.01)
    seen = np.mean(vesicles.detection(population, 80))
    assert seen == pytest.approx(float(vesicles.detected_share(80, 0.4, 80)), abs=0.005)


def test_a_blank_may_leave_nothing():
    left, spread = vesicles.blank_corrected(7e8, 1e8, 6.92e8, 1.39e8)
    assert abs(left) < 2 * spread


@SAME_EVERY_RUN
@given(st.floats(20, 1000), st.floats(4, 42), st.floats(1.01, 3))
def test_larger_is_slower_and_warmer_is_faster(diameter, temperature, more):
    assert vesicles.diffusivity(diameter * more, temperature) < vesicles.diffusivity(
        diameter, temperature
    )
    assert vesicles.diffusivity(diameter, temperature + more) > vesicles.diffusivity(
        diameter, temperature
    )


@SAME_EVERY_RUN
@given(st.floats(40, 200), st.floats(0.05, 0.8), st.floats(20, 200), st.floats(1.01, 2))
def test_a_higher_limit_sees_fewer(median, spread, limit, more):
    low, high = vesicles.detected_share(median, spread, [limit, limit * more])
    assert 0 <= high <= low <= 1


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: vesicles.diffusivity(0, 37), "diameter_nm is 0"),
        (lambda: vesicles.diffusivity(100, 200), "temperature_C is 200; it accepts .* at most 110"),
        (lambda: vesicles.diffusivity(100, 37, 0), "viscosity_mPa_s is 0"),
        (lambda: vesicles.sizes(0, 100, 0.4), "count is 0"),
        (lambda: vesicles.tracks([100], 1, 0.03), "frames is 1"),
        (lambda: vesicles.diameters_from_tracks(np.zeros((3, 2)), 0.03), r"shape \(3, 2\)"),
        (lambda: vesicles.detection(100, 0), "limit_nm is 0"),
        (lambda: vesicles.size_density(100, 100, 0), "spread is 0"),
        (lambda: vesicles.circulation(10.0, 1.0, 7.8, 400.0), "No two compartments"),
        (lambda: vesicles.uptake(-1, 1, 1), "concentration is -1"),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises(BadValue, match=says):
        call()
