"""What a notebook can do with an open explorer, in each kind of interface."""

from __future__ import annotations

import pickle

import pytest

import secretome_edu as se
from secretome_edu.explore import definition, explore, explorers
from secretome_edu.explore.controls import Slider
from secretome_edu.ui.messages import BadValue, UnknownName


@pytest.fixture(params=["rich", "core", "text"])
def mode(request, monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", request.param)
    return request.param


def test_default_reach_shows_the_discovery(mode):
    view = explore("reach")
    assert "0.0988 pM, 0.0988% of the Kd of VEGFR2" in view.description


def test_moving_changes_values_scene_and_description(mode):
    view = explore("reach")
    before = view.scene.panels[0].lines[0].y.copy()
    said = view.set(secretion_rate=100.0)
    assert view.values["secretion_rate"] == 100.0
    assert (view.scene.panels[0].lines[0].y > before).all()
    assert view.description in said.text
    assert "12.7 pM" in view.description


def test_reset_and_presets(mode):
    view = explore("reach", cells=10.0)
    start = view.static_text()
    view.preset("Cluster of 10,000")
    assert view.values["cells"] == 1e4
    view.reset()
    assert view.static_text() == start
    with pytest.raises(UnknownName, match="Cluster of 10,000"):
        view.preset("Cluster of 10000")


def test_listeners_hear_values_and_description(mode):
    view, heard = explore("reach"), []
    view.on_move(lambda values, description: heard.append((values["cells"], description)))
    view.set(cells=7.0)
    assert heard == [(7.0, view.description)]


@pytest.mark.parametrize("bad", [-1.0, 1e9, float("nan"), "much", None])
def test_bad_values_change_nothing_and_name_the_range(monkeypatch, bad):
    monkeypatch.setenv("SECRETOME_EDU_UI", "text")  # all views share the check
    view = explore("reach")
    before = view.static_text()
    with pytest.raises(BadValue, match=r"secretion_rate is .*0\.01 molecules/s to 100 molecules/s"):
        view.set(secretion_rate=bad)
    assert view.static_text() == before


def test_bad_cells_are_refused_with_what_is_accepted():
    view = explore("field")
    for bad in [[("neuron", 1, 1)], [("msc", -1, 5)], [("msc", 1)], 3, [("msc", "a", 1)]]:
        with pytest.raises(BadValue, match="'msc' or 'consumer'"):
            view.set(cells=bad)
    with pytest.raises(BadValue, match="up to 60"):
        view.set(cells=[("msc", 5, 5)] * 61)


def test_unknown_names_list_the_closest(mode):
    with pytest.raises(UnknownName, match="'reach'"):
        explore("raech")
    with pytest.raises(UnknownName, match="secretion_rate"):
        explore("reach", secretion=1.0)


def test_display_is_deterministic_and_holds_a_described_picture(mode):
    bundles = []
    for _ in range(2):
        data = explore("field", secretion_rate=5.0)._repr_mimebundle_()
        bundles.append(data[0] if isinstance(data, tuple) else data)
    assert bundles[0]["text/plain"] == bundles[1]["text/plain"]
    assert bundles[0]["text/html"] == bundles[1]["text/html"]
    page = bundles[0]["text/html"]
    assert "data:image/png;base64," in page
    assert 'alt="5 MSC raise the level' in page
    assert "<script" not in page
    assert ("application/vnd.jupyter.widget-view+json" in bundles[0]) is (mode != "text")


def test_cells_off_and_on_the_map():
    view = explore("field")
    view.set(cells=[])
    assert "No cell secretes" in view.description
    view.set(cells=[("msc", 500, 500), ("consumer", 510, 500)])
    assert "1 of 1 endothelial cell is informed" in view.description


def test_face_of_the_package():
    assert "reach" in explorers()
    assert se.explore("reach").explorer is definition("reach")
    with pytest.raises(UnknownName):
        definition("nothing")


def test_slider_stops_are_ascending_unique_and_hold_default_and_ends():
    for name in explorers():
        for control in definition(name).controls:
            if isinstance(control, Slider):
                grid = control.grid
                assert list(grid) == sorted(set(grid))
                assert {control.default, control.low, control.high} <= set(grid)
                assert len(grid) <= 250, (name, control.name)
                assert [control.check(v) for v in grid] == list(grid)


def test_slider_refuses_a_default_outside_its_range():
    with pytest.raises(ValueError, match=r"default 5 must lie in 0\.\.1"):
        Slider("a", "A", 5, 0, 1)


def test_errors_survive_pickling():
    with pytest.raises(UnknownName) as caught:
        explore("raech")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
