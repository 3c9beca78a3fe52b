"""An explorer that is played with all day must not take more and more memory.

The whole day is ``tests/benchmarks/soak_explorer.py``; here some hundred moves show a growth per
move, since what a leak adds to one move does not depend on how many follow.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

import pytest

import secretome_edu
from secretome_edu.explore import definition

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from soak_explorer import VIEWS, growth, moves, soak, tracing

WARM_UP_MOVES = 60
# Python's own spare lists take up to 150 bytes a move at first; a day long they take nothing.
BYTES_A_MOVE, OBJECTS_A_MOVE = 400, 0.05


def grown(name: str, view: str, count: int, leak=lambda: None) -> tuple[float, float]:
    """Return what one move adds, in bytes and in objects."""
    explorer = definition(name)
    with tracing():
        played, steps = VIEWS[view](explorer), moves(explorer)
        step = played.move
        played.move = lambda message: (step(message), leak())
        soak(played, steps, WARM_UP_MOVES, 1)
        at, traced, objects, _ = soak(played, steps, count, 5)
    return growth(at, traced), growth(at, objects)


@pytest.mark.parametrize(("name", "count"), [("reach", 150), ("field", 150)])
def test_a_move_leaves_nothing_behind(name, count):
    added_bytes, added_objects = grown(name, "canvas", count)
    assert added_bytes < BYTES_A_MOVE
    assert added_objects < OBJECTS_A_MOVE


def test_a_move_of_plain_widgets_leaves_no_picture_behind():
    """Matplotlib keeps the sizes of the words it set, up to a number; a picture would be 20 kB."""
    added_bytes, added_objects = grown("field", "core", 50)
    assert added_bytes < 2000
    assert added_objects < 1


@pytest.mark.parametrize("left", [lambda: bytes(1000), lambda: [0]])
def test_what_a_move_leaves_behind_is_noticed(left):
    kept = []
    added_bytes, added_objects = grown("fate", "canvas", 60, lambda: kept.append(left()))
    assert added_bytes > BYTES_A_MOVE or added_objects > OBJECTS_A_MOVE


def test_every_cache_has_an_upper_bound():
    """Or a day of moves through all values of all sliders would be kept."""
    rooms = ["secretome_edu.models", "secretome_edu.explore", "secretome_edu.figures"]
    found = []
    for module in pkgutil.walk_packages(secretome_edu.__path__, "secretome_edu."):
        if module.name.startswith(tuple(rooms)):
            for name, value in vars(importlib.import_module(module.name)).items():
                if hasattr(value, "cache_parameters"):
                    found.append((module.name, name, value.cache_parameters()["maxsize"]))
    assert len(found) > 10
    # Names of explorers are few, and others are refused before they are kept.
    unbounded = {(module, name) for module, name, most in found if most is None}
    assert {name for _, name in unbounded} <= {"definition"}
