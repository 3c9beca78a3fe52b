"""Loading: the right types, a fresh frame, units, caveats, and help with a wrong name."""

from __future__ import annotations

import pandas as pd
import pytest

import secretome_edu as se
from secretome_edu.data import package
from secretome_edu.ui.messages import UnknownName

TABLES = list(package.resources())
DTYPES = {"string": "string", "number": "float64"}


@pytest.mark.parametrize("name", TABLES)
def test_every_column_has_the_type_of_its_descriptor(name):
    frame = se.load(name)
    assert list(frame.columns) == [field["name"] for field in package.fields(name)]
    assert len(frame) == len(package.records(name)) > 0
    for field in package.fields(name):
        column = frame[field["name"]]
        if field["type"] == "list":
            assert all(isinstance(cell, tuple) for cell in column)
        elif "vocabulary" in field:
            assert isinstance(column.dtype, pd.CategoricalDtype)
            ordered = package.descriptor()["vocabularies"][field["vocabulary"]]["ordered"]
            assert column.cat.ordered is ordered
        elif field["type"] in DTYPES:
            assert column.dtype == DTYPES[field["type"]]
        else:
            assert str(column.dtype).lower() in ("int64", "bool", "boolean")


@pytest.mark.parametrize("name", TABLES)
def test_no_cell_is_lost_between_file_and_frame(name):
    frame = se.load(name)
    for field in package.fields(name):
        filled = sum(bool(row[field["name"]]) for row in package.records(name))
        column = frame[field["name"]]
        present = column.map(bool) if field["type"] == "list" else column.notna()
        assert present.sum() == filled, field["name"]


def test_each_call_returns_a_fresh_frame():
    first = se.load("kd_values")
    first.loc[0, "kd_nm"] = -1.0
    first.attrs["units"]["kd_nm"] = "furlong"
    del first["ligand"]
    second = se.load("kd_values")
    assert second.loc[0, "kd_nm"] > 0
    assert second.attrs["units"]["kd_nm"] == "nM"
    assert "ligand" in second


def test_evidence_grades_are_ordered_from_dish_to_approval():
    grades = se.load("applications")["evidence_grade"]
    assert list(grades.cat.categories) == [
        "in_vitro",
        "animal",
        "early_trial",
        "randomised",
        "meta_analysis",
        "approved",
    ]
    assert (grades >= "randomised").sum() > 5


@pytest.mark.parametrize("name", TABLES)
def test_every_number_has_a_unit_in_attrs(name):
    frame = se.load(name)
    numbers = set(frame.select_dtypes("number").columns)
    assert numbers <= set(frame.attrs["units"])
    for unit in frame.attrs["units"].values():
        assert unit
        if unit.startswith("see "):
            assert unit.removeprefix("see ") in frame


def test_values_that_may_not_be_compared_say_so():
    frame = se.load("secretion_levels")
    apart = frame.attrs["separate_by"]
    assert apart == "quantity"
    assert frame[apart].nunique() > 3
    assert any("do not share an axis" in caveat for caveat in frame.attrs["caveats"])
    assert not frame.loc[frame[apart] == "fold change", "value_pm"].notna().any()


def test_the_list_of_tables_names_every_table():
    listing = se.tables()
    assert list(listing.index) == TABLES
    assert (listing["rows"] > 0).all()


def test_an_unknown_table_names_the_closest_and_the_list():
    with pytest.raises(KeyError) as caught:
        se.load("factor")
    assert isinstance(caught.value, UnknownName)
    assert "'factors'" in str(caught.value)
    assert "se.tables()" in str(caught.value)


@pytest.mark.parametrize("name", [None, 3, "", ["factors"]])
def test_a_name_that_is_no_name_is_refused(name):
    with pytest.raises(UnknownName):
        se.load(name)


def test_a_shown_head_names_its_unit_once():
    from secretome_edu.data.show import show

    heads = {
        "kd_values": "kd (nM)",
        "timeline": "year",
        "diffusion_coefficients": "diffusion (µm²/s)",
        "outcomes_numeric": "i2 (%)",
        "factors": "precursor length aa (amino acids)",
    }
    for name, head in heads.items():
        table = se.load(name)
        shown = show(table, rows=1).text.splitlines()[1].split(" | ")
        assert head in shown, (name, shown)
        assert len(shown) == len(set(shown)) == len(table.columns)
