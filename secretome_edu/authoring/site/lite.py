"""The browser edition: the course in JupyterLite, with Python running in the learner's browser.

Made of the committed notebooks, the course's wheel and a few pure packages. Python itself and its
compiled packages come from the public CDN of Pyodide when a learner opens a page; there is no
server of ours, and progress stays in the browser.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from html import escape
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import Any

from secretome_edu.authoring.notebooks import FOLDER, ROOT, read, source
from secretome_edu.authoring.site import lite_wheels, pages, stage
from secretome_edu.authoring.site.book import Built
from secretome_edu.authoring.site.checks import SiteError, check_notebooks, check_pages
from secretome_edu.authoring.site.place import replacing
from secretome_edu.ui.findings import Finding
from secretome_edu.ui.messages import CourseError

HERE = Path(__file__).parent
KERNEL = "@jupyterlite/pyodide-kernel-extension"
EXTENSIONS = (KERNEL, "@jupyter-widgets/jupyterlab-manager", "anywidget")
APPS = ("lab", "notebooks", "tree", "edit")
SETTINGS = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "appName": "Secretome Edu",
        # Nothing is fetched but from this site and the CDN: also not from a package index.
        "litePluginSettings": {f"{KERNEL}:kernel": {"disablePyPIFallback": True}},
        "exposeAppInBrowser": True,
    },
}
KERNELSPEC = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
FIRST_CELL = """\
# The course runs in your browser: run this cell first. It fetches what the course needs,
# which takes a while the first time.
%pip install -q secretome_edu"""


def build(
    out: str | Path, folder: Path = FOLDER, say: Callable[[str], object] = lambda words: None
) -> Built:
    """Build the browser edition in ``out``, whole or not at all. No network is needed.

    Parameters
    ----------
    out : str or Path
        New, empty, or an earlier site.
    folder : Path, optional
        Where the notebooks are.
    say : callable, optional
        Is told in a few words what happens now.

    Raises
    ------
    SiteError
        With the full list, if a notebook is missing, a cell unexecuted or a link broken.
    CourseError
        If JupyterLite is not installed or the folder cannot be written.
    """
    lessons = pages.chapters(folder)
    say("Looking at the notebooks")
    if found := check_notebooks((lesson.path for lesson in lessons), pages.PAPERS):
        raise SiteError("The browser edition", found)
    with replacing(out) as fresh, tempfile.TemporaryDirectory(prefix="secretome-lite-") as shop:
        workshop = Path(shop)
        say("Packing the wheels")
        _pack_wheels(workshop / "wheels")
        _write_contents(lessons, workshop / "contents")
        say("Building the pages")
        _run_jupyterlite(workshop, fresh)
        _finish(lessons, fresh)
        say("Looking at what was built")
        if found := _check(lessons, fresh):
            raise SiteError("The browser edition", found)
        size = sum(path.stat().st_size for path in fresh.rglob("*") if path.is_file())
        count = len(list((fresh / "files").glob("*.ipynb")))
    return Built(Path(out), count, size / 1e6)


def _pack_wheels(folder: Path) -> None:
    folder.mkdir()
    lite_wheels.course_wheel(folder)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name in lite_wheels.needed(project["dependencies"]):
        lite_wheels.pure_wheel(name, folder)


def _write_contents(lessons: list[pages.Chapter], folder: Path) -> None:
    folder.mkdir()
    for lesson in lessons:
        text = json.dumps(for_browser(read(lesson.path)), ensure_ascii=False, indent=1)
        (folder / lesson.path.name).write_text(text + "\n", encoding="utf-8")
    for paper in pages.PAPERS:
        text = stage.flat((ROOT / paper).read_text(encoding="utf-8"))
        (folder / Path(paper).name).write_text(text, encoding="utf-8")


def for_browser(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook that first fetches the course; its words and outputs stay.

    Examples
    --------
    >>> cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": ["1 + 1"]}
    >>> made = for_browser({"cells": [cell], "metadata": {}})
    >>> [source(cell).splitlines()[-1] for cell in made["cells"]]
    ['%pip install -q secretome_edu', '1 + 1']
    """
    cells = [
        {**cell, "source": stage.flat(source(cell))} if cell["cell_type"] == "markdown" else cell
        for cell in notebook["cells"]
    ]
    first = next((n for n, cell in enumerate(cells) if cell["cell_type"] == "code"), len(cells))
    fetch: dict[str, Any] = {
        "cell_type": "code",
        "id": "browser-edition-setup",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": FIRST_CELL,
    }
    metadata = {**notebook["metadata"], "kernelspec": KERNELSPEC}
    return {**notebook, "cells": [*cells[:first], fetch, *cells[first:]], "metadata": metadata}


def _run_jupyterlite(workshop: Path, out: Path) -> None:
    if not all(map(find_spec, ("jupyterlite_core", "jupyterlite_pyodide_kernel"))):
        raise CourseError(
            "JupyterLite is not installed here; 'python3 -m secretome_edu test' installs what "
            "authors need, or run 'pip install jupyterlite-core jupyterlite-pyodide-kernel'."
        )
    extensions = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    config = {
        "LiteBuildConfig": {
            "contents": ["contents"],
            "output_dir": str(out),
            "apps": APPS,
            "no_sourcemaps": True,
            # Only what the course uses, whatever else is installed here.
            "ignore_sys_prefix": ["federated_extensions"],
            "federated_extensions": [str(extensions / name) for name in EXTENSIONS],
        },
        "PipliteAddon": {"piplite_urls": ["wheels"]},
    }
    (workshop / "jupyter_lite_config.json").write_text(json.dumps(config), encoding="utf-8")
    (workshop / "jupyter-lite.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    ran = subprocess.run(command, cwd=workshop, capture_output=True, text=True)
    if ran.returncode:
        last = "\n".join((ran.stdout + ran.stderr).strip().splitlines()[-8:])
        raise CourseError(f"JupyterLite could not build the site; its last words:\n{last}")


def _finish(lessons: list[pages.Chapter], out: Path) -> None:
    """Put our first page in place and drop what only a builder needs."""
    template = Template((HERE / "lite_index.html").read_text(encoding="utf-8"))
    first = template.substitute(lessons=_contents(lessons))
    (out / "index.html").write_text(first, encoding="utf-8")
    for left_over in (*out.glob("rspack.config*.js"), *out.rglob("*.map")):
        left_over.unlink()
    (out / ".nojekyll").touch()  # GitHub Pages leaves out folders that begin with _ without it
    shutil.rmtree(out / "doc", ignore_errors=True)  # aliases of the first page


def _contents(lessons: list[pages.Chapter]) -> str:
    return "\n".join(
        f'<li><a href="lab/index.html?path={lesson.path.name}">{escape(lesson.title)}</a>: '
        f"{escape(lesson.question)}</li>"
        for lesson in lessons
    )


def _check(lessons: list[pages.Chapter], out: Path) -> list[Finding]:
    """Return what a built site lacks: a notebook, the target of a link, a file of its own."""
    names = [lesson.path.name for lesson in lessons]
    listed = json.loads((out / "api" / "contents" / "all.json").read_text(encoding="utf-8"))
    there = {entry["path"] for entry in listed["content"]} & {
        path.name for path in (out / "files").iterdir()
    }
    found = [
        Finding(name, "B01", "it is not among the built files.")
        for name in names
        if name not in there
    ]
    return found + check_pages(out)
