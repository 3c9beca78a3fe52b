"""A learner at a notebook, in this process: run any cell in any order, see what they would see.

A kernel per case would take seconds. Here one IPython shell runs thousands of cells and keeps what
each shows and raises. `Seen.bad` says what must never be seen.
"""

from __future__ import annotations

import functools
import json
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from secretome_edu.course import memory
from secretome_edu.course.manifest import manifest
from secretome_edu.ui.messages import CourseError

ROOT = Path(__file__).parents[2]
PACKAGE = str(ROOT / "secretome_edu")
SLUGS = [entry.slug for entry in manifest().ready()]


@functools.cache
def code_cells(slug: str) -> tuple[str, ...]:
    """Return the code cells of a lesson's notebook, in order."""
    path = ROOT / "notebooks" / manifest().entry(slug).notebook
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return tuple("".join(c["source"]) for c in cells if c["cell_type"] == "code")


def from_our_code(error: BaseException) -> bool:
    """Whether a learner would see a traceback that runs through the package."""
    if isinstance(error, CourseError):  # shown as one sentence
        return False
    frames = traceback.extract_tb(error.__traceback__)
    return any(frame.filename.startswith(PACKAGE) for frame in frames)


@dataclass
class Seen:
    """What running one cell showed."""

    cell: str
    errors: list[BaseException] = field(default_factory=list)
    out: str = ""
    err: str = ""
    value: Any = None

    @property
    def bad(self) -> str:
        """What must never be seen, or nothing: our traceback, or red text of ours."""
        for error in self.errors:
            if from_our_code(error):
                where = traceback.extract_tb(error.__traceback__)[-1]
                return (
                    f"{error!r:.150} at {Path(where.filename).name}:{where.lineno} in\n{self.cell}"
                )
        if self.err and not self.errors:
            return f"stderr {self.err[:300]!r} in\n{self.cell}"
        return ""


class _Shell(InteractiveShell):
    """An IPython shell that keeps what it would print as a traceback."""

    seen: list[BaseException]

    def showtraceback(self, exc_tuple: Any = None, *_: Any, **__: Any) -> None:
        # Also called for what a display method raises.
        error = (exc_tuple or sys.exc_info())[1]
        if error is not None:
            self.seen.append(error)
            render = getattr(error, "_render_traceback_", None)
            print("\n".join(render()) if render else f"{type(error).__name__}: {error!s:.300}")

    def showsyntaxerror(self, *_: Any, **__: Any) -> None:
        self.seen.append(sys.exc_info()[1] or SyntaxError())


class Learner:
    """One kernel of one learner.

    Parameters
    ----------
    keep_store : bool
        Whether progress stays, as after a restart; else this learner is new.
    """

    def __init__(self, keep_store: bool = False):
        shell = _Shell.instance()
        assert isinstance(shell, _Shell)
        self.shell = shell
        for callback in list(self.shell.events.callbacks["post_run_cell"]):
            if callback.__module__.startswith("secretome_edu"):
                self.shell.events.unregister("post_run_cell", callback)
        self.shell.reset(new_session=False)
        _close_widgets()
        if not keep_store:
            memory.store.cache_clear()
            memory._said.clear()

    def run(self, cell: str) -> Seen:
        """Run a cell and return what it showed."""
        self.shell.seen = errors = []
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            result = self.shell.run_cell(cell, store_history=False)
        return Seen(cell, errors, out.getvalue(), err.getvalue(), result.result)

    def run_all(self, cells: Iterable[str]) -> list[Seen]:
        """Run cells one after the other, as *Run All* does when nothing stops it."""
        return [self.run(cell) for cell in cells]

    def __getitem__(self, name: str) -> Any:
        return self.shell.user_ns[name]


def _close_widgets() -> None:
    import ipywidgets

    ipywidgets.Widget.close_all()


@contextmanager
def notebook() -> Iterator[None]:
    """Make this process a kernel, and an ordinary one again afterwards."""
    kept = {name: getattr(sys, name) for name in ("displayhook", "excepthook")}
    main = sys.modules["__main__"]
    try:
        yield
    finally:
        if _Shell.initialized():
            _Shell.instance().reset(new_session=False)
        _close_widgets()
        InteractiveShell.clear_instance()
        _Shell.clear_instance()
        for name, value in kept.items():
            setattr(sys, name, value)
        sys.modules["__main__"] = main
        memory.store.cache_clear()


def without_drawing(monkeypatch: Any) -> None:
    """Leave pictures out: they are pure functions of their scene, and nine tenths of the time.

    What computes them and puts them into words still runs, once per process for a lesson's own
    figures.
    """
    from matplotlib.figure import Figure

    from secretome_edu.figures import draw, live

    monkeypatch.setattr(draw, "draw", lambda scene: Figure())
    monkeypatch.setattr(draw, "png_bytes", lambda figure: b"")
    monkeypatch.setattr(live.LivePicture, "png", lambda self, scene: b"")
    for slug in SLUGS:
        for name, figure in own_figures(slug).items():
            monkeypatch.setitem(own_figures(slug), name, _remembered(figure))


@functools.cache
def _remembered(function: Callable[[], Any]) -> Callable[[], Any]:
    return functools.cache(function)


def own_figures(slug: str) -> dict[str, Callable[[], Any]]:
    """Return the figures of a lesson's own module."""
    name = f"secretome_edu.figures.{slug}"
    try:
        return getattr(import_module(name), "FIGURES", {})
    except ModuleNotFoundError as missing:
        if missing.name != name:
            raise
        return {}


def check(
    tried: list[Seen], record: Callable[[str, object], None], more: Iterable[str] = ()
) -> None:
    """Fail with what was bad; the counts go into the test report for ``docs/reliability.md``."""
    failed = [*filter(None, (seen.bad for seen in tried)), *more]
    record("tried", len(tried))
    record("failed", len(failed))
    assert not failed, f"{len(failed)} of {len(tried)}:\n" + "\n---\n".join(failed[:5])
