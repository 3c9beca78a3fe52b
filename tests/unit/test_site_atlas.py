"""Stored frames of explorers: which positions there are, and that packing loses nothing."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secretome_edu.authoring.notebooks import FOLDER, read
from secretome_edu.authoring.site import atlas as atlases
from secretome_edu.authoring.site import movable, pages
from secretome_edu.authoring.site.atlas import atlas, plans
from secretome_edu.authoring.site.packing import pack
from secretome_edu.course.manifest import manifest
from secretome_edu.explore import definition, explorers
from secretome_edu.explore.wire import frame, spec, table_rows
from secretome_edu.ui.messages import BadValue, CourseError, UnknownName

LARGEST_KB = 300


def unpack(block):
    """Read what `pack` wrote, as its description says and as the page does."""
    block = zlib.decompress(block)
    at = 4 + int.from_bytes(block[:4], "little")
    content = json.loads(block[4:at])
    buffers = []
    for count, length, width, order in content.pop("columns"):
        planes = np.frombuffer(block[at : at + count * length], np.uint8).reshape(width, -1)
        at += count * length
        numbers = planes.T.copy().view(f"<u{width}").reshape(count, -1)
        for _ in range(order):
            numbers = np.cumsum(numbers, axis=1, dtype=numbers.dtype)
        buffers += [row.tobytes() for row in numbers]
    assert at == len(block)

    def whole(part):
        if isinstance(part, dict):
            found = {key: whole(inner) for key, inner in part.items()}
            return buffers[part["$"]] if "$" in part else found
        return [whole(inner) for inner in part] if isinstance(part, list) else part

    return whole(content)


def as_sent(part):
    """What a page sees of a frame: pairs are lists there."""
    if isinstance(part, dict):
        return {key: as_sent(inner) for key, inner in part.items()}
    return [as_sent(inner) for inner in part] if isinstance(part, list | tuple) else part


# -- packing -----------------------------------------------------------------------------------

curve = st.integers(0, 6).flatmap(lambda n: st.binary(min_size=4 * n, max_size=4 * n))
panel = st.fixed_dictionaries(
    {"x": curve, "y": curve, "pixels": st.binary(max_size=9), "label": st.text(max_size=5)}
)
any_frame = st.fixed_dictionaries({"panels": st.lists(panel, max_size=3), "n": st.integers()})


@settings(deadline=None)
@given(st.lists(any_frame, max_size=5), st.binary(max_size=9))
def test_nothing_is_lost(frames, lut):
    assert unpack(pack({"spec": {"lut": lut}}, frames)) == {"spec": {"lut": lut}, "frames": frames}


@pytest.mark.parametrize("name", ["reach", "field", "covid_trials"])
def test_every_frame_is_the_one_the_widget_sends(name):
    made = atlas(name)
    found = unpack(pack(made.head(), list(made.frames())))["frames"]
    explorer = definition(name)
    positions = list(made.positions())
    assert len(found) == len(positions) == len(made)
    for at in {0, len(made) // 3, len(made) - 1}:
        scene = explorer.compute(dict(positions[at]))
        wanted = {**frame(explorer, positions[at], scene), "tables": table_rows(scene)}
        assert found[at] == as_sent(wanted)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_what_no_page_can_read_is_refused(bad):
    with pytest.raises(ValueError, match="JSON"):
        pack({}, [{"low": bad}])


def test_alike_is_stored_once():
    one = np.random.default_rng(1).bytes(4000)
    assert len(pack({}, [{"y": one}] * 20)) < 1.1 * len(pack({}, [{"y": one}]))


# -- positions ---------------------------------------------------------------------------------


def test_every_explorer_has_a_plan():
    assert sorted(plans()) == explorers()


@pytest.mark.parametrize("name", explorers())
def test_every_explorer_moves_from_its_start_through_its_presets(name):
    made, explorer = atlas(name), definition(name)
    head, positions = made.head(), list(made.positions())
    sizes = [len(made.bases), *(len(stops) for stops in made.axes.values())]

    def at(place):
        return positions[np.ravel_multi_index(place, sizes)]

    assert at(head["start"]) == explorer.defaults()
    for preset in explorer.presets:
        wanted = {**explorer.defaults(), **explorer.check(preset.values)}
        assert at(head["presets"][preset.label]) == wanted
    assert len(head["presets"]) == len(explorer.presets)
    for control in head["spec"]["controls"]:
        stops = made.axes[control["name"]]
        assert len(stops) > 1
        shown = control.get("grid") or [value for value, _ in control["options"]]
        assert tuple(shown) == stops
        if "grid" in control:
            assert list(stops) == sorted(set(stops))
        assert len(control.get("texts", stops)) == len(stops)
    moved = {control["name"] for control in head["spec"]["controls"]}
    assert moved | {name for name, _ in head["fixed"]} == {c.name for c in explorer.controls}
    assert explorer.check(dict(positions[-1])) == positions[-1]


@pytest.mark.parametrize(
    ("explorer", "control", "asked"),
    [
        ("reach", "cells", 1000),  # 00, what a slider is
        ("survival", "rescue_at_min", 5),  # 08, step 1: the last minute that saves
        ("survival", "rescue_at_min", 60),  # 08, step 4
        ("wound", "gap_um", 200),  # 10, step 2
        ("wound", "gap_um", 1200),
        ("pharmacokinetics", "injections", 7),  # 14, step 3
        ("trafficking", "cells_per_mL", 1e4),  # 06, step 2
        ("trafficking", "vegfr1_per_cell", 65000),  # 06, step 3
        ("manufacturing", "passages", 3),  # 15, step 3
        ("meta_analysis", "drawer_percent", 0),  # 13, step 2
    ],
)
def test_what_a_lesson_asks_to_move_to_is_there(explorer, control, asked):
    grid = next(c for c in definition(explorer).controls if c.name == control).grid
    wanted = min(grid, key=lambda stop: abs(stop - asked))
    stops = atlas(explorer).axes[control]
    assert any(np.isclose(stop, wanted, rtol=0.01) for stop in stops), stops


@pytest.mark.parametrize(
    ("plan", "error", "words"),
    [
        ("reach: {cells: [-3]}", BadValue, "cells is -3"),
        ("reach: {cells: 0}", CourseError, "atlas.yaml, reach.cells"),
        ("reach: {cells: many}", CourseError, "atlas.yaml, reach.cells"),
        ("reach: {molecules: 3}", UnknownName, "molecules"),
        ("field: {cells: 3}", CourseError, "does not say what moves in 'reach'"),
        ("reach: {", CourseError, "not readable YAML"),
    ],
)
def test_a_wrong_plan_is_said(tmp_path, monkeypatch, plan, error, words):
    file = tmp_path / "atlas.yaml"
    file.write_text(plan)
    monkeypatch.setattr(atlases, "PLANS", file)
    plans.cache_clear()
    try:
        with pytest.raises(error, match=re.escape(words)):
            atlas("reach")
    finally:
        plans.cache_clear()


# -- pages and files ---------------------------------------------------------------------------


def test_every_explorer_of_a_lesson_comes_alive_with_the_printed_one_inside():
    for chapter in pages.chapters(FOLDER):
        before = read(chapter.path)
        after = movable.moving(before, chapter.anchor)
        found = []
        for old, new in zip(before["cells"], after["cells"], strict=True):
            if old == new:
                continue
            html = "".join(new["outputs"][0]["data"]["text/html"])
            found += re.findall(r'data-explorer="(\w+)" data-live="live\.html#open-\d\d"', html)
            assert "".join(old["outputs"][0]["data"]["text/html"]) in html
            assert new["outputs"][1:] == old["outputs"][1:]
        wanted = manifest().entry(chapter.slug).explorers if chapter.slug else []
        assert sorted(found) == sorted(wanted)


def test_an_explorer_that_starts_elsewhere_stays_printed():
    output = {"output_type": "display_data", "data": {"text/html": "<p>printed</p>"}}
    cell = {"cell_type": "code", "source": 'lesson.explore("reach", cells=7)', "outputs": [output]}
    assert movable.moving({"cells": [cell]}, "open-05")["cells"] == [cell]


def test_the_page_of_all_explorers_has_each_once():
    made = movable.explorers_page(pages.chapters(FOLDER))
    assert sorted(re.findall(r'data-explorer="(\w+)"', made)) == explorers()
    assert made.count("<figure") == len(explorers())


def test_the_scripts_are_classic_and_small(tmp_path, monkeypatch):
    monkeypatch.setattr(movable.explore, "explorers", lambda: ["reach", "covid_trials"])
    movable.write(tmp_path)
    page = (tmp_path / movable.SCRIPT).read_text()
    assert not re.search(r"^\s*(import|export)\b", page, re.M)
    stored = {path.stem: path for path in (tmp_path / "atlas").iterdir()}
    assert sorted(stored) == ["covid_trials", "reach"]
    for name, path in stored.items():
        assert path.stat().st_size <= LARGEST_KB * 1e3
        packed = re.fullmatch(rf'secretomeAtlas\("{name}","([\w+/=]+)"\);\n', path.read_text())[1]
        head = unpack(b64decode(packed))
        assert head["spec"]["lut"] == spec(definition(name))["lut"]


def test_a_changed_page_module_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(movable.CanvasExplorer, "_esm", "export { render };")
    with pytest.raises(CourseError, match="no longer ends"):
        movable.write(tmp_path)
