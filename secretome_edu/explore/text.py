"""An explorer without widgets: for screen readers, terminals and tests.

``.set(...)`` answers with the description and a static picture; nothing needs a browser.
"""

from __future__ import annotations

from typing import Any

from secretome_edu.explore.state import Exploration
from secretome_edu.ui.bundle import Bundle


class TextExplorer(Exploration):
    """Shows itself as text and as a static picture."""

    def summary(self) -> Bundle:
        """Return readouts and description; as HTML with the picture."""
        from secretome_edu.figures.show import show

        words = super().summary()
        return Bundle(words.text, words.html.replace("<div>", f"<div>{show(self.scene).html}", 1))

    def static_text(self) -> str:
        """Return the explorer as text, with how to change it."""
        moves = ", ".join(
            f"{c.name}={self._values[c.name]!r}"
            for c in self.explorer.controls[:2]
            if isinstance(self._values[c.name], float)
        )
        return f"{super().static_text()}\nTo change it: explorer.set({moves})"

    def __repr__(self) -> str:
        return self.static_text()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.static_text(), "text/html": self.static_html()}
