"""The conversation between page and kernel, without a page."""

from __future__ import annotations

import numpy as np
import pytest

from secretome_edu.explore import definition
from secretome_edu.explore.canvas import CanvasExplorer


@pytest.fixture
def view(monkeypatch):
    found = CanvasExplorer(definition("reach"), {})
    found.sent = []
    monkeypatch.setattr(found, "send", lambda content, buffers=None: found.sent.append(content))
    return found


def ask(view, **message):
    view._receive(view, message, [])


def test_a_move_is_answered_with_its_number(view):
    ask(view, kind="move", values={"cells": 10.0}, **{"from": ["page", 3]})
    assert view.frame["answers"] == ["page", 3]
    assert view.frame["values"]["cells"] == 10.0
    assert view.frame["texts"]["cells"] == "10"
    assert "cluster of 10 cells" in view.frame["panels"][0]["lines"][1]["label"]


def test_an_unchanged_picture_is_answered_too(view):
    """Or the page would wait for ever after a reset that changes nothing."""
    changes = []
    view.observe(lambda change: changes.append(change["new"]["answers"]), names="frame")
    for number in (1, 2):
        ask(view, kind="reset", **{"from": ["page", number]})
    assert changes == [["page", 1], ["page", 2]]


def test_curves_travel_as_float32(view):
    line = view.frame["panels"][0]["lines"][0]
    y = np.frombuffer(line["y"], dtype=np.float32)
    assert np.allclose(y, view.scene.panels[0].lines[0].y, rtol=1e-6)


def test_fields_travel_as_bytes():
    view = CanvasExplorer(definition("field"), {})
    panel = view.frame["panels"][0]
    assert len(panel["pixels"]) == panel["rows"] * panel["columns"]
    assert len(view.spec["lut"]) == 768


def test_a_refused_value_is_answered_with_the_reason(view):
    before = view.frame
    ask(view, kind="move", values={"cells": -1}, **{"from": ["page", 1]})
    assert view.sent == [{"kind": "problem", "text": view.sent[0]["text"], "answers": ["page", 1]}]
    assert "cells is -1" in view.sent[0]["text"]
    assert view.frame is before


def test_table_and_picture_on_request(view):
    ask(view, kind="table")
    ask(view, kind="picture")
    assert view.sent[0]["tables"][0]["columns"][0] == "distance from the center (µm)"
    assert view.sent[1]["png"].startswith("iVBOR")


def test_moves_from_code_reach_the_page(view):
    view.set(cells=33.0)
    assert view.frame["answers"] is None
    assert view.frame["values"]["cells"] == 33.0
