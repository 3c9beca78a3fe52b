"""The plan on one page: escapes, cites, says what is open, and never fails or destroys."""

from __future__ import annotations

import re

import pytest

from secretome_edu.course.plan import FIELDS, MARK, plan

ALL = {name: f"words on {name}" for name in FIELDS}


def test_an_empty_plan_names_every_field_as_empty():
    assert plan().empty == (*(head for head, _ in FIELDS.values()), "Sources")
    assert repr(plan()).endswith("Still empty: " + ", ".join(plan().empty) + ".")


def test_a_whole_plan_has_nothing_empty():
    made = plan(**ALL, sources="lightner2023")
    assert made.empty == ()
    assert "Every field has a text." in made.page()
    assert "still empty" not in made.page()


@pytest.mark.parametrize("name", [*FIELDS, "sources"])
def test_nothing_a_learner_types_becomes_markup(name):
    made = plan(**{name: '<script>alert("x")</script> & "q"'})
    for html in (made.page(), made._repr_mimebundle_()["text/html"]):
        assert "<script" not in html
        assert "&lt;script&gt;" in html


def test_the_page_loads_nothing_and_knows_light_dark_and_print():
    page = plan(**ALL, sources="T022").page()
    assert "<script" not in page
    assert "<link" not in page
    assert "src=" not in page
    assert "url(" not in page
    assert "@import" not in page
    assert "color-scheme:light dark" in page
    assert "@media print" in page
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("<h1>") == 1


def test_rows_bring_their_sources_and_the_sources_their_doi():
    made = plan(against="T066 weighs heavily")
    assert {"mautner2023", "houkin2024", "perin2023", "panes2018"} <= set(made.keys)
    assert "10.1038/s41591-023-02632-w" in made.page()
    assert any(row.startswith("T066 (criterion: large controlled trials") for row in made.rows)


def test_an_unknown_source_or_field_is_said_with_what_was_meant():
    made = plan(sources="lightner2032, T022", doze="ten")
    assert made.notices[0] == "There is no field named doze. Did you mean dose?"
    assert made.notices[1].startswith("There is no reference or row named lightner2032. Did you")
    assert "qin2024" in made.keys  # what is known is used all the same


@pytest.mark.parametrize("value", [None, 3, ["a", "b"], ("a",), {"a": 1}, "", "  ", "é\n\x00"])
def test_no_value_makes_it_fail(value):
    made = plan(dose=value, sources=value, file="")
    assert made.page()
    assert repr(made)


def test_a_long_text_is_kept_and_said():
    made = plan(dose="word " * 200)
    assert len(made.fields["dose"]) == 999
    assert made.notices == ("Dose has 999 characters; one page has room for about 400 each.",)


def test_it_saves_and_overwrites_an_earlier_plan_only(tmp_path):
    path = tmp_path / "my plan.html"
    assert "Saved as" in plan(file=path, dose="one").notices[-1]
    assert "one" in path.read_text("utf-8")
    assert MARK in path.read_text("utf-8")
    plan(file=path, dose="two")
    assert "two" in path.read_text("utf-8")
    path.write_text("a thesis", encoding="utf-8")
    assert "is no plan" in plan(file=path, dose="three").notices[-1]
    assert path.read_text("utf-8") == "a thesis"


@pytest.mark.parametrize("name", ["plan", "plan.ipynb", "no/such/folder/plan.html", "a\0b.html"])
def test_a_name_that_cannot_be_written_is_said(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert plan(file=name, dose="one").notices[-1].startswith("Not saved: ")
    assert not list(tmp_path.rglob("*"))


def test_the_same_texts_give_the_same_page():
    pages = {plan(**ALL, sources="T066 lightner2023").page() for _ in range(3)}
    assert len(pages) == 1
    assert not re.search(r"0x[0-9a-f]{6,}", pages.pop())
