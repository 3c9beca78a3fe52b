"""Every explorer, driven without a browser: the corners of its controls and fifty places inside."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from secretome_edu.explore import definition, explorers
from secretome_edu.explore.controls import Cells, Choice, Control
from secretome_edu.explore.explorer import Explorer, Values
from secretome_edu.explore.wire import frame, spec
from secretome_edu.figures.draw import draw, png_bytes
from secretome_edu.figures.scene import FieldPanel, LinePanel, Point, Scene
from secretome_edu.figures.table import tables

NAMES = explorers()
CORNERS, INSIDE = 32, 50


def _ends(control: Control) -> list[Any]:
    if isinstance(control, Cells):
        return [(), control.default]
    if isinstance(control, Choice):
        return list(control.options)
    return [control.grid[0], control.grid[-1]]


def _anywhere(control: Control, random: np.random.Generator) -> Any:
    if isinstance(control, Cells):
        width, height = control.extent_um
        kinds = random.choice([k.name for k in control.kinds], random.integers(0, control.most))
        return tuple(
            Point(str(kind), random.uniform(0, width), random.uniform(0, height)) for kind in kinds
        )
    stops = list(control.options) if isinstance(control, Choice) else list(control.grid)
    return stops[random.integers(len(stops))]


def places(explorer: Explorer) -> Iterator[Values]:
    """Defaults, presets, corners (a seeded share where there are many), seeded points inside."""
    yield explorer.defaults()
    for preset in explorer.presets:
        yield {**explorer.defaults(), **preset.values}
    random = np.random.default_rng(2019)
    names = [control.name for control in explorer.controls]
    corners = list(itertools.product(*(_ends(control) for control in explorer.controls)))
    for i in random.permutation(len(corners))[:CORNERS]:
        yield dict(zip(names, corners[i], strict=True))
    for _ in range(INSIDE):
        yield {control.name: _anywhere(control, random) for control in explorer.controls}


def shows_something(scene: Scene) -> bool:
    """Whether any curve, map or bar is inside its axes."""
    for panel in scene.panels:
        if isinstance(panel, LinePanel):
            (left, right), (low, high) = panel.limits("x"), panel.limits("y")
            for line in panel.lines:
                inside = (line.x >= left) & (line.x <= right) & (line.y >= low) & (line.y <= high)
                if inside.any():
                    return True
        elif isinstance(panel, FieldPanel):
            if np.ptp(panel.pixels()) > 0 or panel.points:
                return True
        elif any(row.high > panel.limits()[0] for row in panel.rows):
            return True
    return False


@pytest.mark.parametrize("name", NAMES)
def test_every_place_gives_finite_described_visible_scenes(name):
    explorer = definition(name)
    for values in places(explorer):
        scene = explorer.compute(dict(values))
        assert len(scene.description) >= 40, values
        assert "nan" not in scene.description.lower(), (values, scene.description)
        assert all(text.strip() and "nan" not in text.lower() for _, text in scene.readouts), values
        for panel in scene.panels:
            if isinstance(panel, LinePanel):
                bounds = (*panel.limits("x"), *panel.limits("y"))
                assert np.isfinite(bounds).all(), (values, bounds)
                for line in panel.lines:
                    assert np.isfinite(line.y).any(), (values, line.label)
                    assert not np.isinf(line.y).any(), (values, line.label)
                    if panel.limits("y")[0] >= 0:
                        assert np.nanmin(line.y) >= 0, (values, line.label)
            elif isinstance(panel, FieldPanel):
                assert np.isfinite(panel.values).all(), values
                assert panel.values.min() >= 0, values
        empty_map = any(
            isinstance(values[c.name], tuple) and not values[c.name] for c in explorer.controls
        )
        assert shows_something(scene) or empty_map, values


@pytest.mark.parametrize("name", NAMES)
def test_noise_is_the_same_whenever_it_is_drawn(name):
    """Also after moves to elsewhere and back: a slider shows its parameter, not new luck."""
    explorer = definition(name)
    random = np.random.default_rng(7)
    seen = []
    for seed in (1, 2):
        np.random.seed(seed)
        for _ in range(3):
            explorer.compute({c.name: _anywhere(c, random) for c in explorer.controls})
        seen.append(frame(explorer, explorer.defaults(), explorer.compute(explorer.defaults())))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("name", NAMES)
def test_compute_leaves_its_values_alone(name):
    explorer = definition(name)
    values = explorer.defaults()
    explorer.compute(values)
    assert values == explorer.defaults()


@pytest.mark.parametrize("name", NAMES)
def test_static_picture_is_not_blank(name):
    from io import BytesIO

    from PIL import Image

    explorer = definition(name)
    picture = Image.open(BytesIO(png_bytes(draw(explorer.compute(explorer.defaults())))))
    assert np.asarray(picture.convert("L")).std() > 5


@pytest.mark.parametrize("name", NAMES)
def test_what_travels_is_small_and_tables_are_full(name):
    explorer = definition(name)
    scene = explorer.compute(explorer.defaults())
    sent = frame(explorer, explorer.defaults(), scene)
    buffers = [v for panel in sent["panels"] for v in _bytes(panel)]
    assert sum(map(len, buffers)) < 100_000
    found = tables(scene)
    assert found
    assert all(len(row) == len(table.columns) for table in found for row in table.rows)


@pytest.mark.parametrize("name", NAMES)
def test_definition_is_complete(name):
    explorer = definition(name)
    assert explorer.name == name
    assert explorer.question.endswith(("?", "."))
    for preset in explorer.presets:
        explorer.check(preset.values)
    for control in explorer.controls:
        assert control.label
        assert control.meaning, f"{control.name} has no meaning for the legend"
        assert control.kind, f"{control.name} does not say where its default comes from"
        assert control.kind == "illustrative" or control.source, control.name
    assert "<script" not in spec(explorer)["legend"]


def _bytes(node: Any) -> Iterator[bytes]:
    if isinstance(node, bytes):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _bytes(value)
    elif isinstance(node, list):
        for value in node:
            yield from _bytes(value)
