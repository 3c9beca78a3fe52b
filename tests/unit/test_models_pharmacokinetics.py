"""Two compartments in closed form against an ODE solver, schedules, patients, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp

from secretome_edu.models import binding
from secretome_edu.models import pharmacokinetics as pk
from secretome_edu.models.cards import model_card
from secretome_edu.ui.messages import BadValue

IL10 = pk.TwoCompartment(65.0, 45.0, 25.0, 10.9)


def solved(rate, times, start=(0.0, 0.0), pk=IL10):
    cl, v1, v2, q = pk.clearance, pk.central_volume, pk.peripheral_volume, pk.exchange

    def change(t, c):
        flow = q * (c[0] - c[1])
        return [(rate(t) * 1000 - cl * c[0] - flow) / v1, flow / v2]

    return solve_ivp(
        change, (0, times[-1]), start, t_eval=times, method="LSODA", rtol=1e-10, atol=1e-12
    ).y[0]


TIMES = np.linspace(0.0, 48.0, 97)


def test_bolus_equals_the_ode():
    reference = solved(lambda t: 0.0, TIMES, (25e3 / 45, 0.0))
    np.testing.assert_allclose(pk.bolus(TIMES, 25.0, IL10), reference, rtol=1e-6, atol=1e-8)


def test_living_source_equals_the_ode():
    reference = solved(lambda t: 2e6 * 1e-3 * 1e-6 * 2 ** (-t / 24), TIMES)
    ours = pk.living_source(TIMES, 2e6, 1e-3, 24.0, IL10)
    np.testing.assert_allclose(ours, reference, rtol=1e-6, atol=1e-9)


def test_depot_equals_the_ode_also_when_rates_coincide():
    for absorption in (0.3, float(IL10.modes[0]), float(IL10.modes[1])):
        reference = solved(lambda t, ka=absorption: 0.42 * 25 * ka * np.exp(-ka * t), TIMES)
        ours = pk.depot(TIMES, 25.0, 0.42, absorption, IL10)
        np.testing.assert_allclose(ours, reference, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("curve", "dose"),
    [
        (lambda t: pk.living_source(t, 2e6, 1e-3, 24, IL10), pk.equal_exposure_dose(2e6, 1e-3, 24)),
        (lambda t: pk.bolus(t, 25.0, IL10), 25.0),
        (lambda t: pk.depot(t, 25.0, 0.42, 0.3, IL10), 25.0 * 0.42),
    ],
)  # fmt: skip
def test_exposure_is_dose_over_clearance(curve, dose):
    area = quad(lambda t: float(curve(t)), 0, 600, limit=400, epsabs=1e-12, epsrel=1e-10)[0]
    assert area == pytest.approx(float(pk.exposure(dose, 65.0)), rel=1e-6)


def test_equal_exposure_has_a_lower_peak_and_lasts_longer():
    time = np.linspace(0, 240, 2401)
    cells = pk.living_source(time, 2e6, 1e-3, 24.0, IL10)
    shot = pk.bolus(time, pk.equal_exposure_dose(2e6, 1e-3, 24.0), IL10)
    assert cells.max() < shot.max() / 10
    assert pk.time_above_h(time, cells, 0.015) > 3 * pk.time_above_h(time, shot, 0.015)
    suppressed = binding.suppression(cells, 0.03, 0.85)
    assert 0 <= suppressed.min() <= suppressed.max() < 0.85


def test_infused_cells_are_there_after_a_day_and_almost_gone_after_three():
    """Viable donor cells at 24 h, none at 72 h (10.3389/fimmu.2012.00297); half-life a day."""
    half_life = model_card("pharmacokinetics").parameter("half_life_h").value
    left = 2 ** (-np.array([24.0, 72.0]) / half_life)
    assert left[0] == 0.5
    assert left[1] < 0.15


def test_patients_are_rows_and_the_same_for_the_same_seed():
    people = pk.virtual_patients(50, IL10, 0.3, seed=7)
    levels = pk.bolus(TIMES, 25.0, people.each())
    assert levels.shape == (50, TIMES.size)
    one = pk.TwoCompartment(
        people.clearance[3], people.central_volume[3], people.peripheral_volume[3],
        people.exchange[3],
    )  # fmt: skip
    np.testing.assert_allclose(levels[3], pk.bolus(TIMES, 25.0, one))
    again = pk.virtual_patients(50, IL10, 0.3, seed=7)
    np.testing.assert_array_equal(again.clearance, people.clearance)


def test_nothing_happens_before_the_dose():
    assert pk.bolus(-1.0, 25.0, IL10) == 0
    assert pk.infusion(-1.0, 1.0, 5.0, IL10) == 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: pk.TwoCompartment(0, 45, 25, 10), "clearance is 0"),
        (lambda: pk.bolus(1.0, -1.0, IL10), "dose is -1"),
        (lambda: pk.bolus(np.nan, 1.0, IL10), "time_h is nan"),
        (lambda: pk.depot(1.0, 1.0, 1.2, 0.3, IL10), "bioavailability is 1.2"),
        (lambda: pk.repeated_bolus(1.0, 1.0, 24, 0, IL10), "count is 0"),
        (lambda: pk.repeated_bolus(1.0, 1.0, 24, 1.5, IL10), "count is 1.5"),
        (lambda: pk.living_source(1.0, 1.0, 1.0, 0, IL10), "half_life_h is 0"),
        (lambda: pk.exchange_for_half_life(65, 45, 25, 0.5), "accepts values above 0.746"),
        (lambda: pk.time_above_h([0, 0], [1, 1], 0), "rising times"),
        (lambda: pk.virtual_patients(5, IL10, -0.1), "spread is -0.1"),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises(BadValue, match=says):
        call()
