"""CONTRIBUTING.md keeps its word: a question and a table are added without touching Python."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEW_TABLE = {
    "name": "tried",
    "title": "A table that was added",
    "description": "Two rows to try the steps.",
    "path": "tables/tried.csv",
    "type": "table",
    "format": "csv",
    "mediatype": "text/csv",
    "encoding": "utf-8",
    "schema": {
        "fields": [
            {"name": "row_id", "type": "string", "description": "Identifier of the row"},
            {"name": "level_pm", "type": "number", "description": "Level", "unit": "pM"},
            {"name": "source_keys", "type": "string", "description": "Sources"},
        ],
        "primaryKey": ["row_id"],
    },
}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkout")
    ignore = shutil.ignore_patterns("__pycache__")
    for part in ("secretome_edu", "notebooks", "tests/notebooks"):
        shutil.copytree(ROOT / part, folder / part, ignore=ignore)
    shutil.copy(ROOT / "README.md", folder)
    return folder


def run(checkout: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(checkout), "SECRETOME_EDU_STORE": "memory:"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return done.stdout + done.stderr


def test_the_question_of_the_page_is_taken_and_its_answer_is_asked_to_be_signed(checkout):
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    question = re.search(r"```yaml\n(  - id: q-open.*?)```", page, re.S)[1]
    bank = checkout / "secretome_edu/quiz/banks/paracrine_reach.yaml"
    before = bank.read_text(encoding="utf-8")
    # A lesson has six to eight questions: the new one takes the place of another.
    changed = re.sub(r"  - id: q-slow\n.*?(?=  - id: )", question, before, count=1, flags=re.S)
    bank.write_text(changed, encoding="utf-8")
    found = run(checkout, "-m", "secretome_edu.cli", "check", "--quick")
    bank.write_text(before, encoding="utf-8")
    assert "q-open: K01" in found
    assert "1 findings." in found


def test_a_table_needs_a_file_and_a_descriptor(checkout):
    data = checkout / "secretome_edu/data"
    (data / "tables/tried.csv").write_text("row_id,level_pm,source_keys\nT1,2.5,wang2008\n")
    package = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"].append(NEW_TABLE)
    (data / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    code = (
        "import secretome_edu as se; frame = se.load('tried'); "
        "print(frame['level_pm'].sum(), frame.attrs['units']['level_pm'], 'tried' in "
        "se.tables().index, se.describe('tried').text.splitlines()[0])"
    )
    assert run(checkout, "-c", code).strip() == "2.5 pM True tried: A table that was added"
