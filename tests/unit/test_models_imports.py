"""Models are cheap to import and need numpy and scipy only; scipy waits until it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

from secretome_edu import models

IMPORT_ALL = """
import sys
from secretome_edu import models
assert "numpy" not in sys.modules, "the room itself must cost nothing"
for name in models.MODELS:
    getattr(models, name)
heavy = {"scipy", "pandas", "matplotlib", "yaml", "ipywidgets", "anywidget", "numba", "pydantic"}
print(sorted(heavy & {name.partition(".")[0] for name in sys.modules}))
"""


def test_importing_every_model_loads_numpy_and_nothing_heavy():
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_the_room_lists_its_models():
    assert set(models.MODELS) <= set(dir(models))
    assert models.binding.occupancy(100, 100) == 0.5


def test_an_unknown_model_is_named_with_the_closest():
    with pytest.raises(AttributeError, match=r"no model named 'feild'.*models\.field"):
        models.feild  # noqa: B018
