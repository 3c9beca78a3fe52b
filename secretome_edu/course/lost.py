"""One sentence below Python's own error when a cell lacks what earlier cells of a lesson made.

A learner who overwrites `se` or `lesson`, or runs a cell before those above it, sees an error that
names what is wrong and not what to do. The sentence is printed after the error and changes
nothing about it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Any

from secretome_edu.ui.messages import CourseError

FIRST_CELL = "Run the first cell of this lesson again, then this one."
CELLS_ABOVE = (
    "If an earlier cell makes it, run the cells above first; in JupyterLab: Run, Run All Above "
    "Selected Cell."
)
_USED = re.compile(r"\b(se|lesson)\s*\.")


def watch() -> None:
    """Say what to do whenever a cell fails in this kernel; outside IPython nothing happens."""
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython

    shell = get_ipython()
    if shell is not None:
        shell.events.register("post_run_cell", _after)  # once, however often it is asked for


def _after(result: Any) -> None:
    from IPython import get_ipython

    cell = result.info.raw_cell if result.info else ""
    if shown := advice(result.error_in_exec, cell, get_ipython().user_ns):
        print(shown)


def advice(error: BaseException | None, cell: str, names: Mapping[str, Any]) -> str:
    """Return what to do after an error in a cell of a lesson, or nothing.

    Parameters
    ----------
    error : exception or None
        What Python raised.
    cell : str
        The source of the cell.
    names : mapping
        What the learner's names hold now.

    Examples
    --------
    >>> error = AttributeError("'NoneType' object has no attribute 'quiz'")
    >>> advice(error, "lesson.quiz()", {"lesson": None})
    '`lesson` is not what the lesson made. Run the first cell of this lesson again, then this one.'
    """
    if isinstance(error, CourseError) or not isinstance(
        error, (NameError, AttributeError, TypeError)
    ):
        return ""
    used = dict.fromkeys(_USED.findall(cell))
    if lost := [name for name in used if not _is_ours(name, names)]:
        named = " and ".join(f"`{name}`" for name in lost)
        verb = "is" if len(lost) == 1 else "are"
        return f"{named} {verb} not what the lesson made. {FIRST_CELL}"
    if isinstance(error, NameError) and used:
        return f"`{error.name}` is not there. {CELLS_ABOVE}"
    return ""


def _is_ours(name: str, names: Mapping[str, Any]) -> bool:
    """Whether the learner's name still holds what the first cell put there."""
    from secretome_edu.course.lesson import Lesson

    held = names.get(name)
    return held is sys.modules["secretome_edu"] if name == "se" else isinstance(held, Lesson)
