"""Manufacturing: expansion, spread, release and cost behave as a process does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secretome_edu.models import manufacturing as mf
from secretome_edu.models.cards import model_card
from secretome_edu.ui.messages import BadValue, UnknownName

SAME_EVERY_RUN = settings(max_examples=40, deadline=None, derandomize=True)


def test_the_card_and_a_lot_hold_the_same_defaults():
    lot, card = mf.Lot(), model_card("manufacturing").defaults
    for name in vars(lot):
        assert float(getattr(lot, name)) == card[name], name


def test_doublings_fall_from_passage_to_passage():
    total = [np.log2(mf.Lot(passages=n).cells / 1e5) for n in range(1, 11)]
    each = np.diff([0.0, *total])
    assert each[0] == pytest.approx(7.7)
    assert each[9] == pytest.approx(1.2)
    assert (np.diff(each) < 0).all()


def test_first_order_loss_agrees_with_mean_kinetic_temperature():
    """What is left after a changing temperature equals that at the mean kinetic one."""
    temperatures, hours = [4.0, 30.0, 8.0], np.array([100.0, 5.0, 60.0])
    loss = np.log(2) / mf.half_life_h(temperatures, 200.0, 25, 80.0) * hours
    kinetic = mf.mean_kinetic_temperature_C(temperatures, hours, 80.0)
    same = np.log(2) / mf.half_life_h(kinetic, 200.0, 25, 80.0) * hours.sum()
    assert loss.sum() == pytest.approx(float(same))


def test_release_probability_equals_the_simulated_share():
    lots = mf.monte_carlo(
        mf.Lot(), {}, donor_cv=0.0, assay_cv=0.2, limits=(0.9, 1.2), draws=200_000
    )
    expected = mf.release_probability(1.0, 0.9, 1.2, 0.2)
    assert lots.released.mean() == pytest.approx(float(expected), abs=0.004)


def test_pooling_donors_releases_more_lots():
    one, ten = (mf.monte_carlo(mf.Lot(), {}, donors=n).released.mean() for n in (1, 10))
    assert ten > one + 0.1


def test_the_same_luck_for_every_setting():
    a = mf.monte_carlo(mf.Lot(), {"titer_per_mL": 0.4})
    b = mf.monte_carlo(mf.Lot(recovery=0.6), {"titer_per_mL": 0.4, "release_cost": 0.2})
    np.testing.assert_allclose(b.doses, 2 * a.doses)
    np.testing.assert_array_equal(a.released, b.released)


def test_tornado_is_sorted_and_labor_and_consumables_lead_among_costs():
    """With equal relative swings (10.1002/bit.26809 names labor and consumables)."""
    lot = mf.Lot()
    names = [name for name in vars(lot) if name.endswith("_cost")]
    ranges = {name: (getattr(lot, name) * 0.5, getattr(lot, name) * 1.5) for name in names}
    bars = mf.tornado(lot, ranges)
    widths = [abs(high - low) for _, low, high in bars]
    assert widths == sorted(widths, reverse=True)
    assert [name for name, *_ in bars[:2]] == ["labor_cost", "consumables_cost"]


@SAME_EVERY_RUN
@given(st.floats(-20, 40), st.floats(20, 150), st.floats(0.1, 10))
def test_warmer_is_shorter(temperature, energy, more):
    cold, warm = mf.half_life_h([temperature, temperature + more], 1.0, 25, energy)
    assert 0 < warm < cold
    assert mf.shelf_life_h(cold) < cold


@SAME_EVERY_RUN
@given(st.lists(st.tuples(st.floats(-20, 40), st.floats(0.1, 100)), min_size=1, max_size=6))
def test_mean_kinetic_temperature_is_between_mean_and_maximum(stretches):
    temperatures, hours = np.array(stretches).T
    kinetic = mf.mean_kinetic_temperature_C(temperatures, hours, 83.0)
    assert np.average(temperatures, weights=hours) - 1e-9 <= kinetic <= temperatures.max() + 1e-9


@SAME_EVERY_RUN
@given(st.floats(0.05, 0.9), st.floats(1e9, 1e11), st.integers(1, 12), st.floats(1.1, 5))
def test_better_recovery_makes_cheaper_doses(recovery, titer, harvests, factor):
    base = mf.Lot(recovery=recovery / factor, titer_per_mL=titer, harvests=harvests)
    better = mf.Lot(recovery=recovery, titer_per_mL=titer, harvests=harvests)
    assert better.doses == pytest.approx(base.doses * factor)
    assert better.cost_per_dose == pytest.approx(base.cost_per_dose / factor)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: mf.Lot(recovery=1.5), BadValue, "recovery is 1.5"),
        (lambda: mf.Lot(passages=11), BadValue, "passages is 11"),
        (lambda: mf.Lot(labor_cost=-1), BadValue, "labor_cost is -1"),
        (lambda: mf.Lot(titer_per_mL=np.nan), BadValue, "titer_per_mL is nan"),
        (lambda: mf.half_life_h(-300, 1, 25, 40), BadValue, "temperature_C is -300"),
        (lambda: mf.activation_energy_kJ_mol(1, 25, 2, 25), BadValue, "two different"),
        (lambda: mf.mean_kinetic_temperature_C([4, 5], [1], 40), BadValue, "one duration"),
        (lambda: mf.shelf_life_h(1, 0), BadValue, "least_left is 0"),
        (lambda: mf.release_probability(1, 1.2, 0.8, 0.1), BadValue, "must be the lower"),
        (lambda: mf.monte_carlo(mf.Lot(), {"titer": 0.1}), UnknownName, "titer_per_mL"),
        (lambda: mf.tornado(mf.Lot(), {"cost": (1, 2)}), UnknownName, "_cost"),
    ],
)
def test_bad_input_is_named(call, error, says):
    with pytest.raises(error, match=says):
        call()
