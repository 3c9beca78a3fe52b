"""What is moved: explorers, each a model with labeled controls and a picture that follows at once.

``explore(name)`` opens one. A file in ``explore/catalog`` defines one; the list of names is the
list of files.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from secretome_edu.explore.explorer import Explorer
from secretome_edu.ui.messages import UnknownName
from secretome_edu.ui.mode import ui_mode

__all__ = ["definition", "explore", "explorers"]


def explorers() -> list[str]:
    """Return the names of all explorers.

    Examples
    --------
    >>> "reach" in explorers()
    True
    """
    files = (Path(__file__).parent / "catalog").glob("*.py")
    return sorted(path.stem for path in files if not path.stem.startswith("_"))


def definition(name: str) -> Explorer:
    """Return the definition of an explorer: controls, presets, ``compute``.

    Raises
    ------
    UnknownName
        Lists the closest names.
    """
    if name not in explorers():
        raise UnknownName("explorer", name, explorers(), "se.explore.explorers()")
    return import_module(f"secretome_edu.explore.catalog.{name}").EXPLORER


def explore(name: str, **initial: Any) -> Any:
    """Open an explorer.

    Parameters
    ----------
    name : str
        One of `explorers`.
    **initial
        Control values that differ from the defaults.

    Returns
    -------
    Exploration
        Shows itself as the last line of a cell: a widget, plain widgets or text, as
        ``SECRETOME_EDU_UI`` says. ``.set(...)`` moves controls from code.

    Raises
    ------
    UnknownName
        If there is no such explorer or control.
    BadValue
        If a value is outside its range.

    Examples
    --------
    >>> view = explore("reach")
    >>> view.values["cells"]
    100.0
    """
    chosen, mode = definition(name), ui_mode()
    if mode == "rich":
        from secretome_edu.explore.canvas import CanvasExplorer

        return CanvasExplorer(chosen, initial)
    if mode == "core":
        from secretome_edu.explore.core import CoreExplorer

        return CoreExplorer(chosen, initial)
    from secretome_edu.explore.text import TextExplorer

    return TextExplorer(chosen, initial)
