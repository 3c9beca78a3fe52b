"""Run notebooks in a fresh kernel and store them in the one form; running it twice is once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from secretome_edu.authoring.notebooks import normalize, read, write
from secretome_edu.ui.messages import CourseError


def refresh(paths: Iterable[Path], timeout_s: int = 120) -> list[Path]:
    """Execute and rewrite notebooks; return those whose file changed.

    Parameters
    ----------
    paths : iterable of Path
    timeout_s : int
        The longest a cell may take.

    Raises
    ------
    CourseError
        Names the notebook, the cell and the error; the file stays as it was.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from rich.progress import track

    changed = []
    with _clean_environment():
        for path in track(list(paths), description="Running notebooks", transient=True):
            _must_be_notebook(path)
            notebook = nbformat.read(path, as_version=4)
            client = NotebookClient(
                notebook,
                timeout=timeout_s,
                kernel_name="python3",
                resources={"metadata": {"path": str(path.parent)}},
            )
            try:
                client.execute()
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as problem:
                raise CourseError(f"{path.name} does not run: {problem}") from None
            if write(path, normalize(notebook)):
                changed.append(path)
    return changed


def _must_be_notebook(path: Path) -> None:
    try:
        content = read(path)
    except ValueError as problem:
        raise CourseError(f"{path.name} is not a notebook: {problem}.") from None
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        raise CourseError(f"{path.name} is not a notebook: it holds no cells.")


@contextmanager
def _clean_environment() -> Iterator[None]:
    """No progress file, no chosen interface: what a learner sees on the first day."""
    before = dict(os.environ)
    os.environ.update({"SECRETOME_EDU_STORE": "memory:", "SECRETOME_EDU_CI": "1"})
    os.environ.pop("SECRETOME_EDU_UI", None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
