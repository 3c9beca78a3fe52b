"""Sprouting: both forms agree, chemotaxis makes straight trails, and what is refused."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secretome_edu.models import angiogenesis as ag
from secretome_edu.models.cards import model_card
from secretome_edu.ui.messages import BadValue

FACTOR, FIBRONECTIN = ag.pellet_factor(40), ag.vessel_fibronectin(40)


def test_the_card_and_the_code_hold_the_same_constants():
    card = model_card("angiogenesis").defaults
    assert {name: card[name] for name in asdict(ag.PUBLISHED)} == asdict(ag.PUBLISHED)


def test_tips_walk_as_the_density_spreads():
    """Many tips that neither branch, fuse nor consume have the density's mean position."""
    constants = ag.Constants(
        branch_rate=0.0, factor_used=0.0, fibronectin_used=0.0, fibronectin_made=0.0,
        branch_age=1e9,
    )  # fmt: skip
    start = np.zeros((40, 40))
    start[20, 0] = 1.0
    late = ag.spread(FACTOR, FIBRONECTIN, 1.5, constants, start).density
    mean = (late.sum(axis=0) * np.arange(40)).sum()
    spread = np.sqrt((late.sum(axis=0) * (np.arange(40) - mean) ** 2).sum())
    tips = ag.sprout(FACTOR, FIBRONECTIN, 1.5, constants, heights=np.full(4000, 0.5)).tips
    assert tips[:, 1].mean() == pytest.approx(mean, abs=4 * spread / np.sqrt(4000) + 0.05)
    # Both jump at most every second step, at other step lengths: that shifts the spread a little.
    assert tips[:, 1].std() == pytest.approx(spread, rel=0.15)


def test_fibronectin_holds_sprouts_back():
    def arrival(haptotaxis):
        constants = ag.Constants(haptotaxis=haptotaxis, branch_rate=0.0)
        runs = [
            ag.sprout(FACTOR, FIBRONECTIN, 12.0, constants, seed=s, heights=[0.5]) for s in range(9)
        ]
        return np.median([run.arrival[:, 25].min() for run in runs])

    free, held, stuck = (arrival(haptotaxis) for haptotaxis in (0.0, 0.34, 0.6))
    assert 1.4 * free < held < np.inf
    assert stuck == np.inf


def test_vessels_only_grow_and_the_seed_repeats():
    first, again = (ag.sprout(FACTOR, FIBRONECTIN, 5.0, seed=3) for _ in range(2))
    np.testing.assert_array_equal(first.arrival, again.arrival)
    assert first.grown(1.0).sum() <= first.grown(5.0).sum()
    assert len(first.tips) == 3 + first.branches
    longer = ag.sprout(FACTOR, FIBRONECTIN, 5.0, ag.Constants(branch_rate=5.0), seed=3)
    assert longer.branches > first.branches
    assert len(ag.sprout(FACTOR, FIBRONECTIN, 5.0, ag.Constants(branch_rate=50.0),
                         most_tips=10).tips) <= 10  # fmt: skip


def test_matrix_binding_steepens_the_gradient_at_the_pellet():
    short, long = ag.pellet_factor(40, diffusion_length=0.3), ag.pellet_factor(40)
    assert short[20, 20] < 0.7 * long[20, 20]
    assert long[:, 0].max() < 0.02


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    st.floats(1e-4, 2e-3), st.floats(0, 0.8), st.floats(0, 0.8), st.floats(0.2, 3), st.floats(0, 1)
)
def test_density_stays_positive_and_conserved(motility, chi, rho, length, height):
    constants = ag.Constants(motility=motility, chemotaxis=chi, haptotaxis=rho)
    factor = ag.pellet_factor(20, height, length)
    end = ag.spread(factor, ag.vessel_fibronectin(20), 1.0, constants)
    assert (end.density >= 0).all()
    assert (end.fibronectin >= 0).all()
    assert (end.factor <= factor).all()
    np.testing.assert_allclose(end.density.sum(), ag.three_sprouts(20).sum(), rtol=1e-10)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ag.Constants(motility=-1.0), "motility is -1"),
        (lambda: ag.spread(np.ones((5, 5)), np.ones((5, 5))), "at least 10 by 10"),
        (lambda: ag.spread(np.ones((12, 10)), np.ones((12, 10))), "one square grid"),
        (lambda: ag.spread(-np.ones((12, 12)), np.ones((12, 12))), "factor is -1"),
        (
            lambda: ag.spread(np.ones((12, 12)), np.ones((12, 12)), density=np.ones((3, 3))),
            r"density has shape \(3, 3\)",
        ),
        (lambda: ag.sprout(FACTOR, FIBRONECTIN, np.nan), "time is nan"),
        (lambda: ag.sprout(FACTOR, FIBRONECTIN, heights=[1.5]), "heights is 1.5"),
        (lambda: ag.pellet_factor(5), "grid is 5"),
        (lambda: ag.pellet_factor(20, 2.0), "height is 2"),
        (lambda: ag.time_unit_h(0), "length_mm is 0"),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises(BadValue, match=says):
        call()
