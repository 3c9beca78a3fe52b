"""Inflammation: pulses, populations against single patients, and what is refused."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secretome_edu.models import inflammation
from secretome_edu.models.cards import model_card
from secretome_edu.ui.messages import BadValue


def test_the_card_and_the_code_hold_the_same_constants():
    card = model_card("inflammation").defaults
    assert {name: card[name] for name in asdict(inflammation.PUBLISHED)} == asdict(
        inflammation.PUBLISHED
    )


def test_a_population_ends_like_its_patients():
    starts, rates = [0.0, 6.0, 72.0], [0.0, 0.02, 0.05]
    at_once = inflammation.outcomes(0.3, 1.5, np.array(starts)[:, None], 24.0, rates)
    for i, start in enumerate(starts):
        for j, rate in enumerate(rates):
            pulse = [(start, start + 24.0, rate)] if rate else []
            assert at_once[i, j] == inflammation.simulate(0.3, 1.5, pulse).outcome


def test_halving_the_step_changes_no_outcome():
    grid = np.meshgrid([0.2, 0.3, 0.6], [0.5, 1.0, 1.5, 2.5])
    coarse = inflammation.outcomes(*grid, 0.0, 24.0, 0.02, step_h=0.5)
    fine = inflammation.outcomes(*grid, 0.0, 24.0, 0.02, step_h=0.25)
    assert (coarse == fine).all()


def test_a_pulse_between_samples_is_not_missed():
    narrow = inflammation.simulate(0.3, 1.5, [(10.1, 10.3, 4.0)], samples=11)
    none = inflammation.simulate(0.3, 1.5, samples=11)
    assert narrow.time_h.tolist() == none.time_h.tolist()
    assert narrow.anti_inflammatory[1] > none.anti_inflammatory[1] * 1.0001 or (
        narrow.outcome != none.outcome
    )


def test_a_pulse_may_begin_and_end_where_the_solver_sees_no_distance():
    """LSODA never finishes a stretch of 1e-200 h, so such a stretch is none."""
    odd = inflammation.simulate(0.95, 2.657, [(6.7e-220, 24.0, 0.02)], t_end_h=400)
    plain = inflammation.simulate(0.95, 2.657, [(0.0, 24.0, 0.02)], t_end_h=400)
    assert odd.pathogen == pytest.approx(plain.pathogen)
    late = inflammation.simulate(0.3, 1.5, [(10.0, 400.0 - 1e-12, 0.01)], t_end_h=400)
    assert np.isfinite(late.damage).all()


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.floats(0.05, 1.0), st.floats(0.1, 3.0), st.floats(0, 200), st.floats(0, 0.1))
def test_every_patient_stays_finite_non_negative_and_bounded(k_pg, p0, start, rate):
    course = inflammation.simulate(k_pg, p0, [(start, start + 24, rate)], t_end_h=400)
    k = inflammation.PUBLISHED
    curves = (course.pathogen, course.phagocytes, course.damage, course.anti_inflammatory)
    for curve in curves:
        assert np.isfinite(curve).all()
        assert (curve >= 0).all()
    assert course.pathogen.max() <= k.p_inf
    assert course.phagocytes.max() <= k.s_nr / k.mu_n
    assert course.damage.max() <= k.k_dn / k.mu_d
    assert course.outcome in inflammation.OUTCOMES


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: inflammation.simulate(-0.1, 1), "k_pg is -0.1"),
        (lambda: inflammation.simulate(0.3, np.nan), "p0 is nan"),
        (lambda: inflammation.simulate(0.3, 1, t_end_h=0), "t_end_h is 0"),
        (lambda: inflammation.simulate(0.3, 1, [(0, 24)]), r"pulses holds \(0, 24\)"),
        (lambda: inflammation.simulate(0.3, 1, [(24, 0, 0.1)]), "from 24 to 0 h"),
        (lambda: inflammation.simulate(0.3, 1, [(0, 24, -0.1)]), "pulses is -0.1"),
        (lambda: inflammation.simulate(0.3, 1, samples=1), "samples is 1"),
        (lambda: inflammation.outcomes(0.3, 1, 0, 24, 0.1, step_h=0), "step_h is 0"),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises(BadValue, match=says):
        call()
