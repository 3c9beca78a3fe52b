"""What happened after a prediction: closed until the learner has made it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from secretome_edu.ui.markup import to_html, to_text
from secretome_edu.ui.panel import panel

CLOSED = "The explanation opens here as soon as you have made the prediction above."


class Explanation:
    """A panel that stays closed until ``open`` is called with the recorded prediction."""

    def __init__(self, item: Any, last: Mapping[str, Any] | None):
        self.item = item
        self.panel = panel(CLOSED, f"<p>{CLOSED}</p>", "Explanation of the prediction")
        self.open(last)

    def open(self, last: Mapping[str, Any] | None) -> None:
        """Show the explanation and compare it with what was predicted."""
        if not last:
            return
        said = self._said(last.get("response"))
        head = f"You predicted: {said}" if said else "You made a prediction."
        self.panel.update(
            f"{head}\n{to_text(self.item.explanation)}",
            f"<p><strong>{escape(head)}</strong></p>{to_html(self.item.explanation)}",
        )

    def _said(self, response: Any) -> str:
        texts = {option.id: option.text for option in getattr(self.item, "options", [])}
        chosen = response if isinstance(response, list) else [response]
        return "; ".join(to_text(texts.get(c, c)) for c in map(str, chosen) if c != "None")

    def __repr__(self) -> str:
        return repr(self.panel)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.panel._repr_mimebundle_(**kwargs)


def explanation(item: Any, last: Mapping[str, Any] | None) -> Explanation:
    """Return the explanation panel of a prediction item."""
    return Explanation(item, last)
