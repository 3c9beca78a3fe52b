"""Binding and kinetics over wide ranges: bounded, monotone, superposing, never negative."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from secretome_edu.models import binding
from secretome_edu.models import pharmacokinetics as pk

SAME_EVERY_RUN = settings(max_examples=50, deadline=None, derandomize=True)
AMOUNT = st.floats(1e-6, 1e6)
VOLUME = st.floats(1, 500)
MIDDLE = st.floats(20, 100)
ORDINARY = st.builds(pk.TwoCompartment, MIDDLE, MIDDLE, MIDDLE, MIDDLE)
PATIENT = st.builds(pk.TwoCompartment, VOLUME, VOLUME, VOLUME, VOLUME)


@SAME_EVERY_RUN
@given(AMOUNT, AMOUNT, st.floats(0.5, 4), st.floats(1.01, 100))
def test_occupancy_is_a_rising_share(ligand, kd, hill, more):
    low, high = binding.occupancy([ligand, ligand * more], kd, hill)
    assert 0 <= low <= high <= 1


@SAME_EVERY_RUN
@given(AMOUNT, AMOUNT, AMOUNT)
def test_bound_never_exceeds_either_partner_or_the_naive_curve(ligand, receptor, kd):
    bound = binding.bound_with_depletion(ligand, receptor, kd)
    assert 0 <= bound <= min(ligand, receptor) * (1 + 1e-12)
    assert bound <= receptor * binding.occupancy(ligand, kd) * (1 + 1e-12)
    swapped = binding.bound_with_depletion(receptor, ligand, kd)
    np.testing.assert_allclose(bound, swapped, rtol=1e-12)


@SAME_EVERY_RUN
@given(PATIENT, st.floats(0.001, 100), st.floats(0.05, 300), st.floats(0.0, 5.0))
def test_levels_are_non_negative_and_proportional_to_dose(patient, dose, until, fading):
    time = np.linspace(0, until, 50)
    for curve in (
        lambda d: pk.bolus(time, d, patient),
        lambda d: pk.fading_input(time, d, fading, patient),
        lambda d: pk.infusion(time, d, until / 2, patient),
    ):
        level = curve(dose)
        assert (level >= -1e-12 * level.max()).all()
        np.testing.assert_allclose(curve(2 * dose), 2 * level, rtol=1e-9)
    assert (np.diff(pk.bolus(time, dose, patient)) <= 0).all()


@SAME_EVERY_RUN
@given(ORDINARY, st.floats(0.5, 20))
def test_an_infusion_is_many_small_injections(patient, length):
    parts = 4000
    starts = (np.arange(parts) + 0.5) * length / parts
    many = pk.bolus(length * 1.5 - starts, length / parts, patient).sum()
    np.testing.assert_allclose(pk.infusion(length * 1.5, 1.0, length, patient), many, rtol=1e-3)


@SAME_EVERY_RUN
@given(PATIENT)
def test_the_exchange_flow_is_recovered_from_the_half_life(patient):
    flow = pk.exchange_for_half_life(
        patient.clearance,
        patient.central_volume,
        patient.peripheral_volume,
        patient.terminal_half_life_h,
    )
    np.testing.assert_allclose(flow, patient.exchange, rtol=1e-5)
