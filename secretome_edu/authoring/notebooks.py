"""Notebook files: where they are, how they are read and the one form in which they are written."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from secretome_edu.course.manifest import LessonEntry, manifest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
# For instructors; made of the manifest and the banks, so it is no lesson of the manifest itself.
GUIDE = "90_instructor_guide.ipynb"
# A Markdown link or picture: bang, words, address. DOIs may hold a pair of parentheses.
LINK = re.compile(r"(!?)\[([^\]]*)\]\(((?:[^()\s]|\([^()]*\))*)\)")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def lesson_notebooks(folder: Path = FOLDER) -> list[tuple[LessonEntry, Path]]:
    """Return every ready lesson with the path of its notebook."""
    return [(entry, folder / entry.notebook) for entry in manifest().ready()]


def read(path: Path) -> dict[str, Any]:
    """Return a notebook as the JSON it is."""
    return json.loads(path.read_text(encoding="utf-8"))


def source(cell: dict[str, Any]) -> str:
    """Return a cell's text."""
    return "".join(cell["source"])


def normalize(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return the notebook without what differs between two runs or two machines.

    Widget state and widget views go (the readable text and HTML stay), timings and editor
    metadata go, cells are counted from 1.
    """
    count = 0
    cells = []
    for cell in notebook["cells"]:
        clean = {
            "cell_type": cell["cell_type"],
            "id": cell["id"],
            "metadata": {k: v for k, v in cell.get("metadata", {}).items() if k == "tags"},
            "source": _lines(source(cell)),
        }
        if cell["cell_type"] == "code":
            count += 1
            clean["execution_count"] = count
            clean["outputs"] = [_output(o, count) for o in cell.get("outputs", [])]
        cells.append(clean)
    return {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}


def _output(output: dict[str, Any], count: int) -> dict[str, Any]:
    clean = dict(output)
    if "data" in clean:
        clean["data"] = {
            mime: _lines(value) if isinstance(value, (str, list)) else value
            for mime, value in clean["data"].items()
            if mime != WIDGET_VIEW
        }
        clean["metadata"] = {}
    if "text" in clean:
        clean["text"] = _lines(clean["text"])
    if "execution_count" in clean:
        clean["execution_count"] = count
    return clean


def _lines(text: str | list[str]) -> list[str]:
    return "".join(text).splitlines(keepends=True)


def write(path: Path, notebook: dict[str, Any]) -> bool:
    """Write a normalized notebook; return whether the file changed."""
    text = json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True
