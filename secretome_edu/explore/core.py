"""The explorer in plain ipywidgets, for front ends that refuse custom widgets.

The picture is matplotlib's, redrawn without its frame and sent as an HTML figure whose
alternative text is the description. Plain sliders have no accessible name on their handle; who
needs one sets ``SECRETOME_EDU_UI=text``.
"""

from __future__ import annotations

import html
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets

from secretome_edu.explore.controls import Choice, Control, Slider
from secretome_edu.explore.explorer import Explorer
from secretome_edu.explore.state import Exploration
from secretome_edu.figures.live import LivePicture
from secretome_edu.ui.bundle import figure_html

_WIDE = {"description_width": "18em"}


class CoreExplorer(Exploration, widgets.VBox):
    """An `Exploration` made of standard widgets."""

    def __init__(self, explorer: Explorer, initial: Mapping[str, Any]):
        Exploration.__init__(self, explorer, initial)
        self._live = LivePicture()
        self._silent = False
        self._inputs = {c.name: w for c in explorer.controls if (w := _input(c)) is not None}
        for name, widget in self._inputs.items():
            widget.observe(self._moved(name), names="value")
        self._picture = widgets.HTML()
        buttons = [
            _button(p.label, lambda label=p.label: self.preset(label)) for p in explorer.presets
        ]
        buttons.append(_button("Reset", self.reset))
        title = (
            f"<strong>{html.escape(explorer.title)}</strong><br>{html.escape(explorer.question)}"
        )
        row = widgets.HBox(buttons, layout=widgets.Layout(flex_flow="row wrap"))
        widgets.VBox.__init__(
            self, [widgets.HTML(title), *self._inputs.values(), row, self._picture]
        )
        self._show()

    def _moved(self, name: str) -> Any:
        def changed(change: Any) -> None:
            if not self._silent:
                self._change({name: change["new"]})

        return changed

    def _show(self) -> None:
        png = b64encode(self._live.png(self.scene)).decode()
        self._picture.value = figure_html(png, self.description) + self.readouts_html()
        self._silent = True
        try:
            for control in self.explorer.controls:
                if control.name in self._inputs:
                    self._inputs[control.name].value = _nearest(control, self._values[control.name])
        finally:
            self._silent = False

    def __repr__(self) -> str:
        return self.static_text()

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        data = super()._repr_mimebundle_(**kwargs) or {}
        return {**data, "text/plain": self.static_text(), "text/html": self.static_html()}


def _input(control: Control) -> Any:
    """Return the widget of a control; cells on a map are set from code here."""
    wide = widgets.Layout(width="40em")
    if isinstance(control, Slider):
        return widgets.SelectionSlider(
            options=[(control.text(v), v) for v in control.grid],
            value=control.default,
            description=control.label,
            style=_WIDE,
            layout=wide,
            continuous_update=True,
        )
    if isinstance(control, Choice):
        return widgets.Dropdown(
            options=[(text, value) for value, text in control.options.items()],
            value=control.default,
            description=control.label,
            style=_WIDE,
            layout=wide,
        )
    return None


def _nearest(control: Control, value: Any) -> Any:
    """Return the stop of a slider closest to a value that code may have set between two."""
    if isinstance(control, Slider):
        return min(control.grid, key=lambda stop: abs(stop - value))
    return value


def _button(label: str, action: Any) -> Any:
    button = widgets.Button(description=label, layout=widgets.Layout(width="auto"))
    button.on_click(lambda _: action())
    return button
