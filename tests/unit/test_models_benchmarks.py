"""Published and analytic numbers: each row of model_benchmarks.csv, at its tolerance.

``compute`` is a Python expression over ``models`` and ``np``; ``value`` is what it must give.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from secretome_edu import models

TABLE = Path(__file__).with_name("model_benchmarks.csv")
with TABLE.open(encoding="utf-8", newline="") as lines:
    ROWS = list(csv.DictReader(lines))


@pytest.mark.parametrize("row", ROWS, ids=[f"{r['model']}-{i}" for i, r in enumerate(ROWS)])
def test_model_reproduces_the_number(row):
    computed = eval(row["compute"], {"models": models, "np": np})
    if row["tolerance"] == "exact":
        assert str(computed) == row["value"], row["quantity"]
        return
    size, kind = row["tolerance"].split()
    allowed = float(size) * (abs(float(row["value"])) if kind == "rel" else 1.0)
    assert computed == pytest.approx(float(row["value"]), rel=0, abs=allowed), row["quantity"]


def test_every_row_names_its_source():
    assert all(row["source"] and row["unit"] for row in ROWS)
