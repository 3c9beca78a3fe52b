"""The explorer in plain ipywidgets, for front ends that refuse custom widgets.

The picture is matplotlib's, redrawn without its frame and sent as an HTML figure whose
alternative text is the description. The handle of a plain slider has no accessible name, and
ipywidgets offers no way to give it one, so each stands beside a labeled list of the same values
that can be used instead; the list also shows the value in full.
"""

from __future__ import annotations

import html
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets

from secretome_edu.explore.controls import Cells, Choice, Control, Slider
from secretome_edu.explore.core_cells import cells_form
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
        self._inputs: dict[str, Any] = {}
        self._counts: dict[str, widgets.HTML] = {}
        rows = [self._row(control) for control in explorer.controls]
        self._picture = widgets.HTML()
        buttons = [
            _button(p.label, lambda label=p.label: self.preset(label)) for p in explorer.presets
        ]
        buttons.append(_button("Reset", self.reset))
        title = (
            f"<strong>{html.escape(explorer.title)}</strong><br>{html.escape(explorer.question)}"
        )
        row = widgets.HBox(buttons, layout=widgets.Layout(flex_flow="row wrap"))
        widgets.VBox.__init__(self, [widgets.HTML(title), *rows, row, self._picture])
        self._show()

    def _row(self, control: Control) -> widgets.Widget:
        """Return what stands in the page for a control, and keep its input."""
        name = control.name
        if isinstance(control, Cells):
            said = self._counts[name] = widgets.HTML()
            return cells_form(
                control,
                lambda: self._values[name],
                lambda cells: self._change({name: cells}),
                said,
            )
        choice = _choice(control)
        self._inputs[name] = choice
        choice.observe(self._moved(name), names="value")
        if not isinstance(control, Slider):
            return choice
        slider = widgets.SelectionSlider(
            options=choice.options, value=choice.value, readout=False, continuous_update=True
        )
        # Both live in the page: what the hand does on one shows on the other at once.
        widgets.jslink((slider, "index"), (choice, "index"))
        return widgets.HBox([choice, slider])

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
                value = self._values[control.name]
                if control.name in self._inputs:
                    self._inputs[control.name].value = _nearest(control, value)
                elif control.name in self._counts:
                    self._counts[control.name].value = html.escape(control.text(value))
        finally:
            self._silent = False

    def __repr__(self) -> str:
        return self.static_text()

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        data = super()._repr_mimebundle_(**kwargs) or {}
        return {**data, "text/plain": self.static_text(), "text/html": self.static_html()}


def _choice(control: Slider | Choice) -> widgets.Dropdown:
    """Return a labeled list of all values of a control."""
    if isinstance(control, Slider):
        options: list[tuple[str, Any]] = [(control.text(v), v) for v in control.grid]
    else:
        options = [(text, value) for value, text in control.options.items()]
    return widgets.Dropdown(
        options=options,
        value=control.default,
        description=control.label,
        style=_WIDE,
        layout=widgets.Layout(width="30em"),
    )


def _nearest(control: Control, value: Any) -> Any:
    """Return the stop of a slider closest to a value that code may have set between two."""
    if isinstance(control, Slider):
        return min(control.grid, key=lambda stop: abs(stop - value))
    return value


def _button(label: str, action: Any) -> Any:
    button = widgets.Button(description=label, layout=widgets.Layout(width="auto"))
    button.on_click(lambda _: action())
    return button
