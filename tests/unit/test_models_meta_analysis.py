"""Meta-analysis against published numbers, statsmodels and brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from models_bcg import EFFECTS, VARIANCES

from secretome_edu.models import meta_analysis as ma
from secretome_edu.ui.messages import BadValue

SAME_EVERY_RUN = settings(max_examples=40, deadline=None, derandomize=True)

# What metafor prints for this set; its inputs have more decimals than ours.
BCG = [
    ("FE", "estimate", -0.4303, 5e-5),
    ("FE", "q", 152.233, 0.01),
    ("DL", "tau2", 0.308758, 5e-6),
    ("DL", "estimate", -0.7141, 5e-5),
    ("DL", "ci_low", -1.0644, 5e-5),
    ("DL", "ci_high", -0.3638, 5e-5),
    ("DL", "i2", 92.117, 0.001),
    ("REML", "tau2", 0.3132, 5e-5),
    ("REML", "estimate", -0.7145, 5e-5),
    ("REML", "se", 0.1798, 5e-5),
    ("REML", "ci_low", -1.0669, 5e-5),
    ("REML", "ci_high", -0.3622, 5e-5),
]


@pytest.mark.parametrize(("method", "field", "value", "within"), BCG)
def test_bcg_trials_give_the_published_numbers(method, field, value, within):
    assert getattr(ma.pool(EFFECTS, VARIANCES, method), field) == pytest.approx(value, abs=within)


def test_bcg_risk_ratio_under_a_fixed_effect():
    result = ma.pool(EFFECTS, VARIANCES, "FE")
    ratio = np.exp([result.estimate, result.ci_low, result.ci_high])
    np.testing.assert_allclose(ratio, [0.6503, 0.6007, 0.7040], atol=5e-5)


def test_egger_on_bcg_gives_the_published_test():
    result = ma.egger(EFFECTS, VARIANCES)
    assert result.t == pytest.approx(-1.4013, abs=5e-4)
    assert result.p_value == pytest.approx(0.1887, abs=2e-4)


def test_dersimonian_laird_equals_statsmodels():
    combine = pytest.importorskip("statsmodels.stats.meta_analysis").combine_effects
    reference = combine(EFFECTS, VARIANCES, method_re="dl")
    ours = ma.pool(EFFECTS, VARIANCES, "DL")
    assert ours.tau2 == pytest.approx(reference.tau2, rel=1e-10)
    assert ours.estimate == pytest.approx(reference.mean_effect_re, rel=1e-10)
    assert ours.q == pytest.approx(reference.q, rel=1e-10)


def test_reml_is_the_maximum_of_the_restricted_likelihood():
    tau2 = np.linspace(0.25, 0.40, 15_001)[:, None]
    w = 1 / (VARIANCES + tau2)
    mean = (w @ EFFECTS / w.sum(axis=1))[:, None]
    log = np.log(w).sum(axis=1) - np.log(w.sum(axis=1)) - (w * (EFFECTS - mean) ** 2).sum(axis=1)
    best = tau2[log.argmax(), 0]
    assert ma.pool(EFFECTS, VARIANCES, "REML").tau2 == pytest.approx(best, abs=1.1e-5)


def test_mantel_haenszel_of_the_covid_trials():
    """Deaths in five trials of umbilical MSC in COVID-19 (PMC10140776)."""
    treated, controls = (
        ([3, 10, 2, 5, 0], [10, 20, 12, 21, 12]),
        ([6, 16, 7, 4, 3], [10, 20, 12, 24, 29]),
    )
    result = ma.mantel_haenszel_risk_ratio(*treated, *controls)
    np.testing.assert_allclose(result, [0.590, 0.389, 0.895], atol=5e-4)
    effects, variances = ma.log_risk_ratio(*treated, *controls)
    pooled = ma.pool(effects, variances, "FE")
    ratio = np.exp([pooled.estimate, pooled.ci_low, pooled.ci_high])
    np.testing.assert_allclose(ratio, [0.615, 0.415, 0.913], atol=5e-4)


def test_prediction_is_wider_than_confidence_and_leave_one_out_has_each():
    result = ma.pool(EFFECTS, VARIANCES)
    assert result.prediction_low < result.ci_low < result.ci_high < result.prediction_high
    assert np.isnan(ma.pool(EFFECTS, VARIANCES, "FE").prediction_low)
    without = ma.leave_one_out(EFFECTS, VARIANCES)
    assert len(without) == 13
    assert min(r.estimate for r in without) < result.estimate < max(r.estimate for r in without)


def test_no_significant_difference_is_not_equivalence():
    unsure = ma.pool([0.05, -0.02], [0.04, 0.05], "FE")
    assert unsure.ci_low < 0 < unsure.ci_high
    assert not ma.equivalent(unsure, 0.2)


STUDIES = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.001, 2)), min_size=3, max_size=15).map(
    lambda rows: np.array(rows).T
)


@SAME_EVERY_RUN
@given(STUDIES, st.floats(-2, 2), st.floats(0.1, 10), st.sampled_from(ma.METHODS))
def test_shift_and_scale_carry_through(studies, shift, scale, method):
    y, v = studies
    base, moved = ma.pool(y, v, method), ma.pool(scale * y + shift, scale**2 * v, method)
    assert moved.estimate == pytest.approx(scale * base.estimate + shift, rel=1e-6, abs=1e-6)
    assert moved.se == pytest.approx(scale * base.se, rel=1e-6)
    assert moved.tau2 == pytest.approx(scale**2 * base.tau2, rel=1e-5, abs=1e-9)
    assert y.min() - 1e-9 <= base.estimate <= y.max() + 1e-9
    assert base.tau2 >= 0
    assert 0 <= base.i2 < 100


@SAME_EVERY_RUN
@given(STUDIES)
def test_random_effects_are_never_more_certain_than_fixed(studies):
    fixed, dl, reml = (ma.pool(*studies, method) for method in ma.METHODS)
    assert dl.se >= fixed.se * (1 - 1e-12)
    assert reml.se >= fixed.se * (1 - 1e-12)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ma.pool([1, 2], [1]), r"shape \(2,\) and variances \(1,\)"),
        (lambda: ma.pool([1], [1]), "at least 2 studies"),
        (lambda: ma.pool([1, np.nan], [1, 1]), "effects is nan"),
        (lambda: ma.pool([1, 2], [1, 0]), "variances is 0"),
        (lambda: ma.pool([1, 2], [1, 1], "PM"), "method is 'PM'; it accepts 'FE', 'DL', 'REML'"),
        (lambda: ma.leave_one_out([1, 2], [1, 1]), "at least 3 studies"),
        (lambda: ma.egger([1, 2, 3], [1, 1, 1]), "variances are all equal"),
        (lambda: ma.log_risk_ratio([5], [4], [1], [4]), "events_treated accepts"),
        (lambda: ma.mantel_haenszel_risk_ratio([0], [4], [1], [4]), "no events"),
        (lambda: ma.hedges_g(1, 0, 5, 1, 1, 5), "sd_treated is 0"),
        (lambda: ma.equivalent(ma.pool([1, 2], [1, 1]), 0), "margin is 0"),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises(BadValue, match=says):
        call()
