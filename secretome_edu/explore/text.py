"""An explorer without widgets: for screen readers, terminals and tests.

``.set(...)`` answers with the description and a static picture; nothing needs a browser.
"""

from __future__ import annotations

from html import escape
from typing import Any

from secretome_edu.explore.state import Exploration
from secretome_edu.ui.bundle import Bundle


class TextExplorer(Exploration):
    """Shows itself as text and as a static picture."""

    def summary(self) -> Bundle:
        """Return readouts and description; as HTML with the picture."""
        from secretome_edu.figures.show import show

        picture = show(self.scene).html  # its caption is the description
        return Bundle(super().summary().text, f"<div>{picture}{self.readouts_html()}</div>")

    def static_text(self) -> str:
        """Return the explorer as text, with how to change it."""
        names = ", ".join(control.name for control in self.explorer.controls)
        first = self.explorer.controls[0]
        return (
            f"{super().static_text()}\n"
            "To change it, give the explorer a name and write for example "
            f"explorer.set({first.name}={self._values[first.name]!r}); controls: {names}"
        )

    def static_html(self) -> str:
        """Return the explorer as HTML, with how to change it."""
        how = self.static_text().splitlines()[-1]
        return f"{super().static_html()}<p>{escape(how)}</p>"

    def __repr__(self) -> str:
        return self.static_text()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.static_text(), "text/html": self.static_html()}
