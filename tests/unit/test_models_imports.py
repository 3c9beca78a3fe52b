"""Models are cheap to import and need numpy and scipy only; scipy waits until it is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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


# Everything outside the standard library but numpy and scipy is refused, as if not installed.
IMPORT_AND_COMPUTE = """
import csv, sys
allowed = {*sys.stdlib_module_names, "numpy", "scipy", "secretome_edu"}
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in allowed and not name.startswith("_"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Refuse())
import numpy as np
from secretome_edu import models
for name in models.MODELS:
    getattr(models, name)
with open(sys.argv[1], encoding="utf-8", newline="") as lines:
    rows = {row["model"]: row for row in csv.DictReader(lines)}
for row in rows.values():
    eval(row["compute"], {"models": models, "np": np})
print(len(rows))
"""


def test_every_model_imports_and_computes_with_numpy_and_scipy_only():
    table = Path(__file__).with_name("model_benchmarks.csv")
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_AND_COMPUTE, str(table)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 11


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
