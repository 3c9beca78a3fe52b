"""What can be wrong with a set-up, found before a learner meets it."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Check:
    """One thing looked at, what was found, and the remedy when it is not well."""

    what: str
    well: bool
    found: str
    remedy: str = ""


def examine() -> Iterator[Check]:
    """Yield the state of Python, packages, notebooks, progress file, disk and interface."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check(
        "Python", sys.version_info >= (3, 11), version, "Install Python 3.11 or newer (python.org)."
    )
    yield from _packages()
    yield _notebooks()
    yield _progress()
    yield _disk()
    yield _interface()


def _packages() -> Iterator[Check]:
    for name in ("pandas", "matplotlib", "scipy", "ipywidgets", "anywidget", "jupyterlab"):
        try:
            module = importlib.import_module(name)
        except ImportError as problem:
            yield Check(
                name,
                False,
                str(problem),
                "Delete the folder .venv and run 'python3 -m secretome_edu open' again.",
            )
        else:
            yield Check(name, True, str(getattr(module, "__version__", "installed")))


def _notebooks() -> Check:
    from secretome_edu.authoring.notebooks import lesson_notebooks

    missing = [path.name for _, path in lesson_notebooks() if not path.exists()]
    return Check(
        "Notebooks",
        not missing,
        f"missing: {', '.join(missing)}" if missing else f"{len(lesson_notebooks())} lessons",
        "Fetch the course again, or run the command in the course's own folder.",
    )


def _progress() -> Check:
    from secretome_edu.progress.place import VARIABLE
    from secretome_edu.progress.store import open_store

    try:
        store = open_store()
    except ValueError as problem:
        return Check("Progress", False, os.environ.get(VARIABLE, ""), str(problem))
    return Check(
        "Progress",
        not store.notice,
        store.notice or f"{len(store.events())} entries",
        "Your answers are kept for this run only; free or unlock the folder that is named.",
    )


def _disk() -> Check:
    free_gb = shutil.disk_usage(Path.cwd()).free / 1e9
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"course")
    except OSError as problem:
        return Check("Disk", False, str(problem), "Make the temporary folder writable.")
    return Check("Disk", free_gb > 0.2, f"{free_gb:.1f} GB free", "Free at least 0.2 GB.")


def _interface() -> Check:
    from secretome_edu.ui.mode import VARIABLE, ui_mode

    try:
        return Check("Interface", True, ui_mode())
    except ValueError as problem:
        return Check("Interface", False, os.environ.get(VARIABLE, ""), str(problem))
