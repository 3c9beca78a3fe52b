"""A stored notebook with one question of each type passes strict nbval under any hash seed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from secretome_edu.quiz.bank import bank_slugs, load_bank, read_bank
from secretome_edu.quiz.items import TYPES
from secretome_edu.quiz.leaks import leaks

TESTS = Path(__file__).parents[1]
NOTEBOOK = TESTS / "notebooks" / "quiz_types.ipynb"
BANK = read_bank(TESTS / "unit" / "quiz_banks" / "all_types.yaml")
CELLS = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_strict_nbval_passes_under_any_hash_seed(seed):
    command = [sys.executable, "-m", "pytest", "-q", "-o", "addopts=", "-p", "no:cacheprovider"]
    command += ["--nbval", "--nbval-current-env", str(NOTEBOOK)]
    env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(TESTS.parent)}
    env["SECRETOME_EDU_UI"] = "rich"
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=TESTS.parent)
    assert done.returncode == 0, done.stdout[-3000:]
    assert f"{sum(cell['cell_type'] == 'code' for cell in CELLS)} passed" in done.stdout


def test_the_notebook_has_one_cell_of_each_type_and_no_key():
    asked = [cell for cell in CELLS if cell["id"].startswith("quiz-") and cell.get("outputs")]
    assert len(asked) >= len(TYPES)
    unanswered = [
        cell["outputs"] for cell in asked if cell["id"] not in ("quiz-wrong", "quiz-right")
    ]
    assert leaks(json.dumps(unanswered), BANK.items) == []
    assert leaks(json.dumps([cell["outputs"] for cell in asked]), BANK.items)


def test_what_is_stored_can_be_read_without_a_kernel():
    plain = "".join(
        next(c for c in CELLS if c["id"] == "quiz-single")["outputs"][0]["data"]["text/plain"]
    )
    assert "Choose one." in plain
    assert "b) In the capillaries of the lung" in plain


NOTEBOOKS = sorted((TESTS.parent / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_lesson_stores_an_answer(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    stored = [cell.get("outputs", []) for cell in notebook["cells"]]
    items = [item for slug in bank_slugs() for item in load_bank(slug).items]
    assert leaks(json.dumps([stored, notebook["metadata"]]), items) == []
