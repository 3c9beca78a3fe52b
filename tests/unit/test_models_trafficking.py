"""Trafficking: the closed form, depletion, matrix, conservation, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from secretome_edu.models import trafficking
from secretome_edu.models.cards import model_card
from secretome_edu.ui.messages import BadValue

R2 = trafficking.RECEPTORS["VEGFR2"]
PULSES = [(5.0, 20.0, 300.0), (40.0, 45.0, 1000.0)]


def test_the_card_and_the_code_hold_the_same_constants():
    card = model_card("trafficking").defaults
    assert card["internalization_per_s"] == trafficking.INTERNALIZATION_PER_S
    assert card["matrix_per_cell"] == trafficking.MATRIX.per_cell
    for name, site in trafficking.RECEPTORS.items():
        assert card[f"{name.lower()}_per_cell"] == site.per_cell
    assert (card["association_per_M_s"], card["dissociation_per_s"]) == (
        R2.association_per_M_s,
        R2.dissociation_per_s,
    )


def test_pulses_equal_the_ode():
    def ligand(t):
        return sum(level for start, end, level in PULSES if start <= t < end)

    def change(t, c):
        binding = R2.association_per_M_s * ligand(t) * 1e-12
        loss = R2.dissociation_per_s + trafficking.INTERNALIZATION_PER_S
        return 60 * (binding * (R2.per_cell - c) - loss * c)

    times = np.linspace(0, 80, 161)
    reference = solve_ivp(
        change, (0, 80), [0.0], t_eval=times, max_step=0.05, rtol=1e-8, atol=1e-6
    ).y[0]
    ours = trafficking.bound_under_pulses(times, PULSES)
    np.testing.assert_allclose(ours, reference, atol=2.0)


def test_more_cells_deplete_the_ligand():
    few, many = (trafficking.simulate(100.0, cells_per_mL=n).ligand_pM[-1] for n in (1e3, 1e6))
    assert few > 0.9 * 100
    assert many < 0.5 * 100


def test_matrix_and_endosomes_outlive_the_pulse():
    course = trafficking.simulate(500.0, wash_at_min=30.0)
    at = np.searchsorted(course.time_min, 30.0)
    assert course.ligand_pM[at] < course.ligand_pM[at - 1] / 10
    assert course.bound["VEGFR2"][at + 10] > 0.5 * course.bound["VEGFR2"][at]
    assert course.internal["VEGFR2"].argmax() > at
    assert course.matrix_bound[-1] < course.matrix_bound[at] / 10


def test_a_wash_at_the_start_leaves_nothing():
    course = trafficking.simulate(500.0, wash_at_min=0.0)
    assert course.bound["VEGFR2"].max() == 0
    assert course.time_min.size == course.ligand_pM.size


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.floats(1, 5000), st.floats(0, 100), st.floats(1e3, 1e7), st.floats(1e-5, 5e-3))
def test_levels_stay_non_negative_and_the_surface_total_constant(ligand, q, cells, kint):
    course = trafficking.simulate(
        ligand, q, 120.0, cells_per_mL=cells, internalization_per_s=kint, samples=30
    )
    for name, site in trafficking.RECEPTORS.items():
        total = course.bound[name] + course.free[name]
        np.testing.assert_allclose(total, site.per_cell, rtol=1e-4)
        assert (course.internal[name] >= 0).all()
    assert (course.ligand_pM >= 0).all()


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.floats(1, 5000), st.floats(1.01, 10))
def test_more_ligand_binds_more(ligand, more):
    low, high = (
        trafficking.bound_under_pulses(np.arange(0.0, 60.0), [(0, 30, level)])
        for level in (ligand, ligand * more)
    )
    assert (high >= low).all()
    assert (high <= R2.per_cell).all()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: trafficking.half_occupancy_pM(0, 1e-3), "association_per_M_s is 0"),
        (lambda: trafficking.simulate(-1.0), "ligand_pM is -1"),
        (lambda: trafficking.simulate(1.0, wash_at_min=500.0), "wash_at_min is 500"),
        (lambda: trafficking.simulate(1.0, cells_per_mL=0.0), "cells_per_mL is 0"),
        (lambda: trafficking.bound_under_pulses([1], [(0, 5)]), r"pulses holds \(0, 5\)"),
        (lambda: trafficking.bound_under_pulses([1], [(5, 0, 1)]), "from 5 to 0 min"),
        (lambda: trafficking.bound_under_pulses([1], [(0, 5, 1), (4, 6, 1)]), "do not overlap"),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises(BadValue, match=says):
        call()


def test_a_wash_at_the_very_end_rinses_only_the_medium():
    washed = trafficking.simulate(100.0, t_end_min=60.0, wash_at_min=60.0)
    kept = trafficking.simulate(100.0, t_end_min=60.0)
    assert washed.ligand_pM[-1] == 0.0
    assert washed.bound["VEGFR2"] == pytest.approx(kept.bound["VEGFR2"], rel=1e-4)
