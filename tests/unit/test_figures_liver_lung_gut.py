"""Lesson 12: its sorting by words, its map and its pictures agree with the tables."""

from __future__ import annotations

import pytest

from secretome_edu.data import load
from secretome_edu.figures import liver_lung_gut as pictures


def test_every_row_is_sorted_and_few_remain_other():
    rows, sorted_rows = pictures.table(), pictures.sorted_table()
    assert set(sorted_rows["row_id"]) == set(rows["row_id"])
    other = sorted_rows[sorted_rows["mechanism"] == pictures.OTHER]
    assert len(other) < len(rows) / 6


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("anti-apoptosis, proliferation", ["cell death", "growth and repair"]),
        ("Treg proliferation up", ["inflammation"]),
        ("less collagen and inflammation", ["inflammation", "scar"]),
        ("fibroblast support", [pictures.OTHER]),
        ("", [pictures.OTHER]),
    ],
)
def test_words_decide_the_mechanism(words, found):
    assert pictures.mechanisms(words) == found


def test_the_map_shows_what_the_lesson_says_of_it(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", "text")
    view = pictures.organ_map()
    assert "kidney" not in view.set(product_class="cells").text
    assert "gut" in view.set(product_class="EV").text
    gut = pictures.table().query("organ == 'gut' and product_class == 'EV'")
    assert set(gut["species"]) == {"mouse"}
    left = view.set(product_class="all", evidence_grade="randomised").text
    assert "liver" not in left
    assert "lung: inflammation" in left


def test_patients_are_counted_from_the_table():
    rows = pictures.table()
    treated = rows[rows["evidence_grade"].isin(pictures.IN_PATIENTS)]
    bars = pictures.patients().panels[0].rows
    assert sum(bar.high - bar.low for bar in bars) == len(treated)
    assert -sum(bar.low for bar in bars) == (treated["product_class"] == "cells").sum()


def test_times_are_those_of_their_rows():
    uses = load("applications").set_index("row_id")["route"]
    assert "{:.0f}-{:.0f} h".format(*pictures.STROKE_H) in uses["A153"]
    assert f"{pictures.SEPSIS_H:.0f} h after" in uses["A071"]
    costs = load("tradeoffs").set_index("row_id")["cell_based"]
    assert f"about {pictures.RECOVERY_H:.0f} h" in costs["T033"]
    assert "672 to 1,176 h" in pictures.waiting().description


def test_only_b_and_c_lie_within_the_margin():
    words = pictures.margin().description
    assert words.count("within the margin") == 2
    assert "A from -0.8 to 1 (zero inside, beyond the margin)" in words
    assert "C from 0.1 to 0.4 (zero outside, within the margin)" in words
