"""Select boxes and what they select, in three interfaces; and the evidence map made of them."""

from __future__ import annotations

import pytest

from secretome_edu.figures import source_and_priming as pictures
from secretome_edu.figures.evidence_map import ALL, evidence_map
from secretome_edu.ui.chooser import Choice, Found, chooser
from secretome_edu.ui.messages import UnknownName

MODES = ("rich", "core", "text")
EVIL = "<script>alert(1)</script>"


@pytest.fixture(params=MODES)
def mode(request, monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", request.param)
    return request.param


def opened():
    return chooser(
        f"Title {EVIL}",
        [Choice("fruit", "Fruit", ["apple", "pear"]), Choice("size", "Size", ["s", "m"], "m")],
        lambda v: Found(f"{v['fruit']} {v['size']} {EVIL}", "whole text", "<p>whole html</p>"),
    )


def shown(view) -> dict[str, str]:
    bundle = view._repr_mimebundle_()
    return bundle[0] if isinstance(bundle, tuple) else bundle


def test_a_choice_changes_what_is_shown(mode):
    view = opened()
    assert view.chosen == {"fruit": "apple", "size": "m"}
    assert "pear m" in view.set(fruit="pear").text
    assert view.chosen == {"fruit": "pear", "size": "m"}
    assert "Fruit: pear" in shown(view)["text/plain"]
    assert "whole html" in shown(view)["text/html"]


def test_titles_and_sentences_are_escaped(mode):
    assert "<script" not in shown(opened())["text/html"]


@pytest.mark.parametrize("given", [{"fruit": "plum"}, {"fruits": "pear"}])
def test_an_unknown_box_or_option_changes_nothing(mode, given):
    view = opened()
    with pytest.raises(UnknownName, match=r"pear|fruit"):
        view.set(**given)
    assert view.chosen == {"fruit": "apple", "size": "m"}


def test_all_or_nothing_is_chosen(mode):
    view = opened()
    with pytest.raises(UnknownName):
        view.set(fruit="pear", size="xl")
    assert view.chosen["fruit"] == "apple"


def test_a_message_of_the_page_is_read_as_a_choice(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", "rich")
    view = opened()
    view._received(view, {"values": {"fruit": "pear"}}, [])
    assert view.shown["chosen"]["fruit"] == "pear"
    assert view.shown["summary"].startswith("pear m")
    view._received(view, {"values": "pear"}, [])
    view._received(view, None, [])
    assert view.chosen["fruit"] == "pear"


def test_a_box_of_plain_widgets_is_read_as_a_choice(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", "core")
    view = opened()
    view.children[1].value = "pear"
    assert view.chosen["fruit"] == "pear"
    assert "pear m" in view.children[-1].value
    view.set(size="s")
    assert view.children[2].value == "s"


def test_the_map_counts_papers_and_not_rows(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", "text")
    table = pictures.table()
    vegf = table[(table["stimulus"] == "hypoxia") & (table["factor"] == "VEGFA")]
    found = {key for keys in vegf["source_keys"] for key in keys}
    view = pictures.evidence_map()
    assert f"hypoxia: VEGFA ↑ up {len(found)}" in view.found.text
    assert "no data" in view.found.html
    mouse = view.set(species="mouse").text
    assert "CCL2 ↓ down 1" in mouse
    assert "IFN-gamma" not in mouse


def test_the_map_says_when_nothing_is_left(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", "text")
    view = pictures.evidence_map()
    found = view.set(cell_source="umbilical cord", species="rat")
    assert found.text.startswith("No data")
    view.set(cell_source=ALL, species=ALL, width="every factor")
    assert "EDIL3" in view.found.html


def test_a_map_of_another_table_needs_no_new_code(monkeypatch):
    from secretome_edu.data import load

    monkeypatch.setenv("SECRETOME_EDU_UI", "text")
    view = evidence_map(
        "Which organ, which product?",
        load("applications"),
        "organ_system",
        "product_class",
        lambda part: str(len(part)),
        {"species": "Species"},
    )
    assert "On the map:" in view.found.summary


def test_a_protocol_says_what_was_published_or_that_nothing_was(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", "text")
    view = pictures.protocol()
    assert "The rows disagree" in view.found.summary
    assert "Vu 2021" in view.found.text
    nothing = view.set(cell_source="umbilical cord").text
    assert "no data" in nothing
    assert "human bone marrow: up" in nothing
    assert "a reason to test" in nothing
    assert "No row of the table joins" in view.set(factor="EDIL3").text


def test_each_protocol_of_the_table_shows_all_its_rows(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", "text")
    view, table = pictures.protocol(), pictures.table()
    keys = ["stimulus", "cell_source", "species"]
    for (stimulus, source, species), part in table.groupby(keys, observed=True):
        view.set(stimulus=stimulus, cell_source=source, species=species)
        assert view.found.html.count("<tr>") == len(part) + 1


def test_pictures_of_the_lesson_agree_with_the_table():
    table = pictures.table()
    bars = pictures.directions().panels[0].rows
    assert sum(bar.high for bar in bars) == (table["direction"] == "up").sum()
    assert -sum(bar.low for bar in bars) == (table["direction"] == "down").sum()
    panels = pictures.fold_scene().panels
    assert sum(len(panel.rows) for panel in panels) == table["log2_fold"].notna().sum()
