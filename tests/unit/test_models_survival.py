"""Survival: the curated model, the fold, rescue before and after, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from models_shared import shared_file

from secretome_edu.models import caspase_network, survival
from secretome_edu.models.cards import model_card
from secretome_edu.models.mass_action import Network
from secretome_edu.ui.messages import BadValue

SAME_EVERY_RUN = settings(max_examples=20, deadline=None, derandomize=True)
SBML_NAMES = {"C9s": "C9_star", "C9sX": "C9_starX", "AC9s": "AC9_star", "AC9sX": "AC9_starX",
              "C3s": "C3_star", "C3sX": "C3_starX"}  # fmt: skip


def test_the_card_and_the_code_hold_the_same_constants():
    card = model_card("survival").defaults
    assert {name: card[name] for name in caspase_network.RATES} == caspase_network.RATES


def test_the_trajectory_is_that_of_the_curated_model():
    roadrunner = pytest.importorskip("roadrunner")
    runner = roadrunner.RoadRunner(str(shared_file("BIOMD0000000102.xml")))
    runner.integrator.relative_tolerance = 1e-10
    runner.integrator.absolute_tolerance = 1e-12
    names = [SBML_NAMES.get(name, name) for name in survival.SPECIES]
    runner.timeCourseSelections = ["time", *(f"[{name}]" for name in names)]
    reference = runner.simulate(0, 6000, 501)[:, 1:].T
    ours = survival.simulate(20.0, t_end_min=100.0, samples=501).state_nM
    assert np.abs(ours - reference).max() <= 1e-3 * reference.max()


def test_the_jacobian_is_the_derivative():
    net, rates = survival.network(), caspase_network.constants(20.0, 40.0)
    state = np.random.default_rng(1).uniform(1, 50, len(survival.SPECIES))
    shifts = np.eye(state.size) * 1e-4
    numeric = np.array(
        [(net.change(state + s, rates) - net.change(state - s, rates)) / 2e-4 for s in shifts]
    ).T
    np.testing.assert_allclose(net.jacobian(state, rates), numeric, rtol=1e-6, atol=1e-7)


def test_rescue_works_before_the_point_of_no_return_and_not_after():
    early = survival.simulate(20.0, rescue_at_min=2.0, rescue_apaf1_nM=0.0, rescue_xiap_nM=120.0)
    late = survival.simulate(20.0, rescue_at_min=60.0, rescue_apaf1_nM=0.0, rescue_xiap_nM=40.0)
    assert late.dead
    slow = survival.simulate(46.0, 80.0, 3000.0)
    assert slow.dead
    saved = survival.simulate(46.0, 80.0, 3000.0, rescue_at_min=5.0, rescue_apaf1_nM=10.0)
    assert not saved.dead
    assert early.active_caspase3_nM[-1] < late.active_caspase3_nM[-1]


def test_the_switch_is_irreversible_with_little_xiap_and_not_with_much():
    """Without stress the on state survives at 40 nM XIAP: its fold lies below zero stress."""
    on = {x: survival.simulate(60.0, x, 6000.0, rescue_at_min=3000.0, rescue_apaf1_nM=0.0)
          for x in (40.0, 80.0)}  # fmt: skip
    assert on[40.0].dead
    assert not on[80.0].dead


def test_the_curve_bends_back_and_its_middle_is_unstable():
    stress, level, stable = survival.steady_curve(60.0)
    assert stress[stable & (level < 5)].max() == pytest.approx(
        survival.death_threshold_nM(60.0), rel=1e-3
    )
    assert (np.diff(level) > 0).all()
    assert stable[0]
    assert stable[-1]
    assert 10 < (~stable).sum() < stable.size
    assert stress.max() > 95


@pytest.mark.parametrize("xiap", [60.0, 93.0, 100.0, 120.0, 150.0])
@pytest.mark.parametrize("points", [60, 100, 200])
def test_only_the_middle_branch_is_unstable_also_where_it_leaves_the_axis(xiap, points):
    stress, level, stable = survival.steady_curve(xiap, 100.0, points)
    turns = np.flatnonzero(np.diff(stable.astype(int)))
    assert len(turns) == 2
    assert (np.diff(level) > 0).all()
    assert stable[0]
    assert stable[-1]
    # Where the fold lies beyond the axis, both branches run up to its end.
    if survival.death_threshold_nM(xiap, 1e3) > 100:
        assert stress[turns[0]] > 85
        assert stress[turns[0] + 1] > 85


def test_more_stress_and_less_xiap_kill_more():
    stress = np.linspace(0, 100, 30)
    share = survival.survival_fraction(stress[:, None], [50.0, 70.0, 90.0], 0.2)
    assert (np.diff(share, axis=0) <= 0).all()
    assert (np.diff(share, axis=1) >= 0).all()


def test_a_share_of_cells_is_what_drawn_cells_do():
    drawn = 70.0 * np.exp(0.2 * np.random.default_rng(5).standard_normal(40))
    dead = [survival.simulate(25.0, x, 6000.0, samples=2).dead for x in drawn]
    expected = np.mean([survival.death_threshold_nM(x) > 25.0 for x in drawn])
    assert 1 - np.mean(dead) == pytest.approx(expected, abs=0.026)
    assert expected == pytest.approx(float(survival.survival_fraction(25.0, 70.0, 0.2)), abs=0.2)


@SAME_EVERY_RUN
@given(st.floats(0, 100), st.floats(30, 120))
def test_every_cell_stays_finite_non_negative_and_keeps_its_caspase3(apaf1, xiap):
    course = survival.simulate(apaf1, xiap, 300.0, samples=50)
    assert np.isfinite(course.state_nM).all()
    assert (course.state_nM >= 0).all()
    index = [survival.SPECIES.index(name) for name in ("C3", "C3s", "C3sX")]
    # All caspase-3 forms are made at 0.2 nM/s and lost at 0.001 1/s: their sum stays 200 nM.
    np.testing.assert_allclose(course.state_nM[index].sum(axis=0), 200.0, rtol=1e-5)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: survival.simulate(-1.0), "apaf1_nM is -1"),
        (lambda: survival.simulate(1.0, np.nan), "xiap_nM is nan"),
        (lambda: survival.simulate(1.0, t_end_min=0), "t_end_min is 0"),
        (lambda: survival.simulate(1.0, rescue_at_min=700.0), "rescue_at_min is 700"),
        (lambda: survival.simulate(1.0, rescue_at_min=7.0, rescue_xiap_nM=-2.0), "rescue_xiap_nM"),
        (lambda: survival.survival_fraction(300.0, 60.0, 0.2), "apaf1_nM is 300"),
        (lambda: survival.survival_fraction(10.0, 60.0, 0.0), "xiap_spread is 0"),
        (lambda: Network(["A"], "A + A + A -> 0 ; k"), "three reactants"),
        (lambda: Network(["A"], "A -> B ; k"), "unknown species"),
        (lambda: Network(["A", "B"], "A <-> B ; k"), "one rate constant per arrow head"),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises(BadValue, match=says):
        call()
