"""Every lesson: hygiene, prose, coverage; a real run; and the outputs a learner would see."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from secretome_edu.authoring.check import findings
from secretome_edu.authoring.notebooks import lesson_notebooks, normalize

LESSONS = [pytest.param(path, id=path.stem) for _, path in lesson_notebooks()]
ROOT = Path(__file__).resolve().parents[2]


def execute(path: Path) -> nbformat.NotebookNode:
    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(path.parent)}}
    return NotebookClient(notebook, timeout=120, kernel_name="python3", resources=where).execute()


def test_nothing_to_repair():
    assert [str(f) for f in findings()] == []


@pytest.mark.parametrize("path", LESSONS)
def test_a_run_gives_what_is_stored(path):
    stored = nbformat.read(path, as_version=4)
    fresh = normalize(copy.deepcopy(execute(path)))
    for before, now in zip(stored.cells, fresh["cells"], strict=True):
        if before.cell_type != "code":
            continue
        texts = ["".join(o.get("data", {}).get("text/plain", "")) for o in now["outputs"]]
        kept = ["".join(o.get("data", {}).get("text/plain", "")) for o in before.outputs]
        assert texts == kept, before.id


@pytest.mark.parametrize("path", LESSONS)
def test_no_widget_prints_or_fails_in_the_kernel(path):
    notebook = execute(path)
    state = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    assert len(state) >= 4
    for model in state.values():
        assert model["model_name"] != "OutputModel"
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error"
            assert output.get("name") != "stderr"


def test_the_network_is_off_in_kernels_and_tests():
    import socket

    with pytest.raises(ConnectionError, match="network is off"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(
                "import socket\n"
                "try:\n    socket.create_connection(('192.0.2.1', 80), timeout=1)\n"
                "except ConnectionError as refused:\n    print(refused)"
            )
        ]
    )
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    assert "network is off" in notebook.cells[0].outputs[0].text


@pytest.mark.parametrize("seed", ["1", "2"])
def test_strict_nbval_with_any_hash_seed(seed, tmp_path):
    command = [sys.executable, "-m", "pytest", "notebooks", "-n0", "-q", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]
