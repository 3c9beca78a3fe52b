"""The state of one open explorer: its values, the scene they give and who wants to know.

All views share this class, so that ``.set``, ``.values``, ``.scene`` and ``.description`` mean
the same in a notebook with widgets, without them, and in a test.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from secretome_edu.explore.explorer import Explorer, Values
from secretome_edu.figures.scene import Scene
from secretome_edu.ui.bundle import Bundle

Listener = Callable[[Values, str], None]


class Exploration:
    """An explorer with values; views add how it is shown.

    Parameters
    ----------
    explorer : Explorer
    initial : mapping
        Values that differ from the defaults.
    """

    def __init__(self, explorer: Explorer, initial: Mapping[str, Any]):
        self.explorer = explorer
        self._values = {**explorer.defaults(), **explorer.check(initial)}
        self._start = dict(self._values)
        self._scene = self._compute(self._values)
        self._listeners: list[Listener] = []

    @property
    def values(self) -> Values:
        """The current value of every control."""
        return dict(self._values)

    @property
    def scene(self) -> Scene:
        """What is shown now."""
        return self._scene

    @property
    def description(self) -> str:
        """What the picture shows now, in words."""
        return self._scene.description

    def set(self, **values: Any) -> Bundle:
        """Change controls as if moved by hand.

        Parameters
        ----------
        **values
            Control names and their new values.

        Returns
        -------
        Bundle
            What the picture shows now, in words.

        Raises
        ------
        UnknownName
            If there is no such control.
        BadValue
            If a value is outside its range; names the range. Nothing is changed then.
        """
        self._change(values)
        return self.summary()

    def reset(self) -> Bundle:
        """Go back to the values it was opened with."""
        self._change(self._start)
        return self.summary()

    def preset(self, label: str) -> Bundle:
        """Take the values of a preset."""
        from secretome_edu.ui.messages import UnknownName

        by_label = {preset.label: preset for preset in self.explorer.presets}
        if label not in by_label:
            raise UnknownName(
                f"preset of {self.explorer.name!r}",
                label,
                by_label,
                f"se.explore({self.explorer.name!r}).explorer.presets",
            )
        self._change({**self.explorer.defaults(), **by_label[label].values})
        return self.summary()

    def on_move(self, callback: Listener) -> None:
        """Call ``callback(values, description)`` after every change."""
        self._listeners.append(callback)

    def summary(self) -> Bundle:
        """Return the readouts and the description, without picture."""
        readouts = [f"{label}: {text}" for label, text in self.scene.readouts]
        words = f"<p>{html.escape(self.description)}</p>"
        text = "\n".join([*readouts, self.description])
        return Bundle(text, f"<div>{self.readouts_html()}{words}</div>")

    def readouts_html(self) -> str:
        """Return the few numbers that matter as a list."""
        items = "".join(
            f"<li>{html.escape(label)}: <strong>{html.escape(text)}</strong></li>"
            for label, text in self.scene.readouts
        )
        return f"<ul>{items}</ul>" if items else ""

    def static_text(self) -> str:
        """Return the whole explorer as text: title, question, control values, what is seen."""
        controls = [f"  {c.label}: {c.text(self._values[c.name])}" for c in self.explorer.controls]
        lines = [self.explorer.title, self.explorer.question, *controls, self.summary().text]
        return "\n".join(lines)

    def static_html(self) -> str:
        """Return the whole explorer as HTML with a picture, for pages without a kernel."""
        from secretome_edu.figures.show import show

        rows = "".join(
            f'<tr><th scope="row" style="text-align:left">{html.escape(c.label)}</th>'
            f"<td>{html.escape(c.text(self._values[c.name]))}</td>"
            f"<td>{html.escape(c.accepts)}</td></tr>"
            for c in self.explorer.controls
        )
        head = "".join(f'<th scope="col">{name}</th>' for name in ("control", "value", "accepts"))
        return (
            f"<div><p><strong>{html.escape(self.explorer.title)}</strong><br>"
            f"{html.escape(self.explorer.question)}</p>"
            f"{show(self.scene).html}{self.readouts_html()}"
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )

    def _change(self, given: Mapping[str, Any]) -> None:
        values = {**self._values, **self.explorer.check(given)}
        # The scene comes first: if the model refuses, nothing has changed.
        self._scene = self._compute(values)
        self._values = values
        self._show()
        for listener in self._listeners:
            listener(self.values, self.description)

    def _compute(self, values: Values) -> Scene:
        # NumPy's own settings: a notebook may have told it to raise for a number near zero.
        with np.errstate(all="warn", under="ignore"):
            return self.explorer.compute(dict(values))

    def _show(self) -> None:
        """Bring what is on the screen up to date; views override it."""
