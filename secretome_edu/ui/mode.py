"""Which kind of interface to show: ``rich``, ``core`` or ``text``."""

from __future__ import annotations

import importlib.util
import os

from secretome_edu.ui.messages import BadValue

MODES = ("rich", "core", "text")
VARIABLE = "SECRETOME_EDU_UI"


def ui_mode() -> str:
    """Return the interface to use now.

    ``SECRETOME_EDU_UI`` chooses: ``rich`` (anywidget), ``core`` (plain ipywidgets, for front
    ends that refuse custom widgets), ``text`` (no widget at all: screen readers, terminals) or
    ``auto`` (the default: the richest that is installed).

    Returns
    -------
    str
        ``"rich"``, ``"core"`` or ``"text"``.

    Raises
    ------
    BadValue
        If the variable holds another word.

    Examples
    --------
    >>> ui_mode() in MODES
    True
    """
    chosen = os.environ.get(VARIABLE, "auto").strip().lower() or "auto"
    if chosen in MODES:
        return chosen
    if chosen != "auto":
        raise BadValue(
            f"{VARIABLE} is {chosen!r}; it accepts auto, {', '.join(MODES)}. "
            "Unset it to let the course choose."
        )
    if importlib.util.find_spec("anywidget"):
        return "rich"
    return "core" if importlib.util.find_spec("ipywidgets") else "text"
