"""The plain-widget explorer: a labeled list beside each slider, and cells placed by a form."""

from __future__ import annotations

import ipywidgets as widgets
import pytest

from secretome_edu.explore import explore


@pytest.fixture
def field(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", "core")
    return explore("field")


def found(root: widgets.Widget, kind: type, text: str = "") -> list:
    inside = [w for child in getattr(root, "children", ()) for w in found(child, kind, text)]
    own = isinstance(root, kind) and text in getattr(root, "description", "")
    return [*([root] if own else []), *inside]


def test_every_slider_has_a_labeled_list_of_the_same_values(field):
    sliders = found(field, widgets.SelectionSlider)
    assert len(sliders) == 5
    for row in (w for w in found(field, widgets.HBox) if found(w, widgets.SelectionSlider)):
        listed, slider = row.children
        assert listed.description
        assert listed.options == slider.options
        assert not slider.readout


def test_the_list_moves_the_picture(field):
    listed = found(field, widgets.Dropdown, "Diffusivity")[0]
    before = field.description
    listed.value = listed.options[0][1]
    assert field.values["diffusivity_um2_s"] == listed.value
    assert field.description != before


def test_cells_are_placed_and_taken_away_by_form(field):
    place, take = (found(field, widgets.Button, t)[0] for t in ("Place a cell", "Remove the near"))
    x, y = found(field, widgets.BoundedFloatText)
    found(field, widgets.Dropdown, "Cells on the map")[0].value = "consumer"
    x.value, y.value = 900.0, 40.0
    place.click()
    new = field.values["cells"][-1]
    assert (new.kind, new.x_um, new.y_um) == ("consumer", 900.0, 40.0)
    counts = [w for w in found(field, widgets.HTML) if "9 × endothelial" in w.value]
    assert len(counts) == 1
    take.click()
    assert len(field.values["cells"]) == 13
    assert "8 × endothelial" in counts[0].value
    field.preset("Five MSC apart")
    field.set(cells=())
    assert "0 × MSC" in counts[0].value
    take.click()
    assert "No cell" in counts[0].value


def test_a_full_map_takes_no_more_cells(field):
    field.set(cells=[("msc", 10.0, 10.0)] * 60)
    found(field, widgets.Button, "Place a cell")[0].click()
    assert len(field.values["cells"]) == 60
    assert any("at most 60" in w.value for w in found(field, widgets.HTML))
