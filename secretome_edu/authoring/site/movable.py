"""Explorers that move in the book: what a page shows, and the scripts that bring it to life.

Without scripts, and on paper, the explorer stays as the notebook printed it.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections import defaultdict
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from secretome_edu import explore
from secretome_edu.authoring.notebooks import read, source
from secretome_edu.authoring.site.atlas import atlas
from secretome_edu.authoring.site.packing import pack
from secretome_edu.authoring.site.pages import Chapter
from secretome_edu.authoring.site.stage import scrollable
from secretome_edu.explore.canvas import CanvasExplorer
from secretome_edu.explore.state import Exploration
from secretome_edu.ui.messages import CourseError

STYLE = Path(explore.__file__).with_name("canvas.css")
SCRIPT = "explorers.js"
# With other values than the defaults an explorer starts where no position is stored.
_CALL = re.compile(r'^lesson\.explore\("(\w+)"\)$', re.M)
_EXPORT = "export default { render };"


def moving(notebook: dict[str, Any], anchor: str) -> dict[str, Any]:
    """Return a staged notebook whose printed explorers say which stored frames they take.

    Parameters
    ----------
    notebook : dict
        As `secretome_edu.authoring.site.stage.page` returns it.
    anchor : str
        Where the page ``live`` speaks of this notebook.

    Examples
    --------
    >>> output = {"output_type": "display_data", "data": {"text/html": "<p>printed</p>"}}
    >>> cell = {"cell_type": "code", "source": 'lesson.explore("reach")', "outputs": [output]}
    >>> moving({"cells": [cell]}, "open-05")["cells"][0]["outputs"][0]["data"]["text/html"]
    '<div class="se-atlas" data-explorer="reach" data-live="live.html#open-05"><div
    class="se-atlas-still"><p>printed</p></div></div>'
    """
    cells = []
    for cell in notebook["cells"]:
        called = cell["cell_type"] == "code" and _CALL.search(source(cell))
        if called and cell["outputs"]:
            printed, *others = cell["outputs"]
            html = _box(called[1], _html(printed), anchor)
            printed = {**printed, "data": {**printed["data"], "text/html": html}}
            cell = {**cell, "outputs": [printed, *others]}
        cells.append(cell)
    return {**notebook, "cells": cells}


def explorers_page(book: Sequence[Chapter]) -> str:
    """Return the page that holds every explorer, as MyST Markdown."""
    printed: dict[str, str] = {}
    lessons: dict[str, list[Chapter]] = defaultdict(list)
    for chapter in book:
        for cell in read(chapter.path)["cells"]:
            if cell["cell_type"] == "code" and (called := _CALL.search(source(cell))):
                printed[called[1]] = scrollable(_html(cell["outputs"][0]))
                lessons[called[1]].append(chapter)
    lines = [
        "# Explorers",
        "Every model of the course that can be moved. Here a move is answered by stored pictures, "
        "computed by the same program as in a lesson: some controls move, in steps, and the "
        "others stay. [Open a lesson live](live.md) to move everything.",
    ]
    for name in explore.explorers():
        explorer = explore.definition(name)
        links = ", ".join(f"[{c.title}]({c.path.name})" for c in lessons[name])
        html = printed.get(name) or scrollable(Exploration(explorer, {}).static_html())
        anchor = lessons[name][0].anchor if lessons[name] else ""
        lines.append(f"## {explorer.title}")
        lines.append(f"Lesson: {links}." if links else "In no lesson; for whoever wants more.")
        lines.append(f"```{{raw}} html\n{_box(name, html, anchor)}\n```")
    return "\n\n".join(lines) + "\n"


def write(folder: Path) -> None:
    """Write the scripts into the folder of static files: one for all, one per explorer."""
    frames = folder / "atlas"
    frames.mkdir(parents=True)
    page = CanvasExplorer._esm
    if _EXPORT not in page:
        raise CourseError(f"The explorers' page module no longer ends with {_EXPORT!r}.")
    shim = Path(__file__).with_name("atlas.js").read_text(encoding="utf-8")
    # Pages opened from a folder may load classic scripts only, no modules.
    joined = f"(() => {{\n{page.replace(_EXPORT, '')}\n{shim}}})();\n"
    (folder / SCRIPT).write_text(joined, encoding="utf-8")
    for name in explore.explorers():
        (frames / f"{name}.js").write_text(stored(name), encoding="utf-8")


def stored(name: str) -> str:
    """Return the script that holds all positions of an explorer."""
    made = atlas(name)
    packed = b64encode(pack(made.head(), list(made.frames()))).decode()
    return f'secretomeAtlas("{name}","{packed}");\n'


def _box(name: str, printed: str, anchor: str) -> str:
    live = f"live.html#{anchor}" if anchor else "live.html"
    return (
        f'<div class="se-atlas" data-explorer="{name}" data-live="{escape(live)}">'
        f'<div class="se-atlas-still">{printed}</div></div>'
    )


def _html(output: dict[str, Any]) -> str:
    return "".join(output["data"]["text/html"])
