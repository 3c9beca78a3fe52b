"""What the numbers must satisfy beyond their type: sums redone, published results reproduced."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import secretome_edu as se
from secretome_edu.data import package

HOURS = {"s": 1 / 3600, "min": 1 / 60, "h": 1.0}


def test_molar_concentrations_follow_from_mass_and_published_value():
    levels = se.load("secretion_levels").dropna(subset=["value_pm"])
    masses = se.load("molecular_weights").set_index("row_id")
    picogram = levels["value"] * levels["unit"].map({"pg/ml": 1.0, "ng/ml": 1000.0}).astype(float)
    kilodalton = masses.loc[levels["mass_row"], "mass_kda"].to_numpy()
    # 1 pg/ml is 1e-9 g/l; divided by kDa * 1000 g/mol it is 1e-12 mol/l, that is 1 pM.
    np.testing.assert_allclose(levels["value_pm"], picogram / kilodalton, rtol=1e-3)
    assert (masses.loc[levels["mass_row"], "factor"].to_numpy() == levels["factor"]).all()
    assert len(levels) > 8


def test_at_most_one_mass_per_factor_is_used_for_molar_values():
    masses = se.load("molecular_weights")
    used = masses[masses["used_for_molar"]]
    assert used["factor"].is_unique
    assert used["mass_kda"].notna().all()


@pytest.mark.parametrize("name", ["secretion_levels", "ev_yields"])
def test_log_fold_follows_from_the_published_ratio(name):
    rows = se.load(name).query("quantity == 'fold change'")
    np.testing.assert_allclose(rows["log2_fold"], np.log2(rows["value"]), atol=1e-3)


def test_log_fold_of_preconditioning_agrees_with_the_direction():
    rows = se.load("preconditioning").dropna(subset=["fold_change"])
    np.testing.assert_allclose(rows["log2_fold"], np.log2(rows["fold_change"]), atol=1e-3)
    signs = rows["direction"].map({"up": 1, "down": -1}).astype(float)
    assert (np.sign(rows["log2_fold"]) == signs).all()


@pytest.mark.parametrize(
    ("published", "hours"),
    [("published_value", "half_life_h"), ("published_low", "low_h"), ("published_high", "high_h")],
)
def test_half_lives_in_hours_follow_from_the_published_unit(published, hours):
    table = se.load("half_lives")
    factor = table["published_unit"].map(HOURS).astype(float)
    np.testing.assert_allclose(table[hours], table[published] * factor, rtol=1e-3)


def test_constants_in_nanomolar_follow_from_the_published_unit():
    scale = {"M": 1e9, "uM": 1e3, "nM": 1.0, "pM": 1e-3}
    table = se.load("kd_values")
    table = table[table["published_unit"].isin(scale) & table["kd_nm"].notna()]
    published = pd.to_numeric(table["published_value"]) * table["published_unit"].map(scale)
    np.testing.assert_allclose(table["kd_nm"], published.astype(float), rtol=1e-6)
    assert len(table) > 30


def test_pooling_the_five_known_covid_trials_gives_the_printed_risk_ratio():
    """Mantel-Haenszel on the trials with known deaths, against 0.58 (0.38-0.87) published."""
    rows = se.load("outcomes_numeric").query("set_id == 'covid_uc7'")
    rows = rows.dropna(subset=["events_treated", "events_control"]).astype(
        dict.fromkeys(("events_treated", "n_treated", "events_control", "n_control"), float)
    )
    n = rows["n_treated"] + rows["n_control"]
    ratio = (rows["events_treated"] * rows["n_control"] / n).sum() / (
        rows["events_control"] * rows["n_treated"] / n
    ).sum()
    assert len(rows) == 5
    assert ratio == pytest.approx(0.590, abs=0.001)
    pooled = se.load("outcomes_numeric").query("set_id == 'covid_uc7_pooled'")
    assert pooled["effect"].item() == pytest.approx(ratio, abs=0.02)


def test_doubtful_rows_are_the_ones_whose_numbers_contradict_themselves():
    rows = se.load("outcomes_numeric").set_index("row_id")
    flagged = rows[rows["flag"] == "doubtful"]
    assert {"O083", "O084", "O171", "O189"} <= set(flagged.index)
    assert flagged["note"].notna().all()


def test_every_soluble_value_stands_apart_from_its_detection_limit():
    levels = se.load("secretion_levels")
    limits = levels[levels["quantity"] == "detection limit"]
    assert len(limits) == 7
    assert limits["condition"].str.contains("not a secretion level").all()


def test_values_of_absent_factors_are_empty_not_zero():
    levels = se.load("secretion_levels")
    absent = levels["quantity"].isin(["not detected", "no change reported"])
    assert absent.any()
    assert levels.loc[absent, "value"].isna().all()
    assert levels.loc[~absent, "value"].notna().all()


def test_every_vocabulary_is_used_and_every_word_is_reachable():
    used = {
        f["vocabulary"] for n in package.resources() for f in package.fields(n) if "vocabulary" in f
    }
    assert used == set(package.vocabularies())
    assert all(words for words in package.vocabularies().values())


def test_the_wording_is_american():
    british = ("tumour", "signalling", "behaviour", "haemat", "oedema", "ischaem", "labelled")
    for name in package.resources():
        for row in package.records(name):
            for column, cell in row.items():
                if isinstance(cell, str):
                    assert not any(word in cell for word in british), (name, column, cell)
