"""An explorer as data: controls, presets and one pure function from values to a scene.

Each file in ``explore/catalog`` defines one. The views (canvas, core, text) know nothing of
biology and the explorers know nothing of widgets.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from secretome_edu.explore.controls import Control
from secretome_edu.figures.scene import Scene
from secretome_edu.ui.markup import to_inline_html
from secretome_edu.ui.messages import UnknownName

Values = dict[str, Any]


@dataclass(frozen=True)
class Preset:
    """A named starting point worth looking at."""

    label: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Explorer:
    """One model to play with.

    Parameters
    ----------
    name : str
        Its name in ``se.explore(name)``.
    title : str
    question : str
        What to find out; shown above the controls.
    model : str
        Name of the model card, for ``se.model_card``.
    controls : sequence of Control
    compute : callable
        ``compute(values) -> Scene``: pure, and with the same noise for every value, so that a
        moved slider shows the parameter and not new luck.
    presets : sequence of Preset
    """

    name: str
    title: str
    question: str
    model: str
    controls: Sequence[Control]
    compute: Callable[[Values], Scene]
    presets: Sequence[Preset] = ()

    def defaults(self) -> Values:
        """Return the value every control starts with."""
        return {control.name: control.default for control in self.controls}

    def check(self, given: Mapping[str, Any]) -> Values:
        """Return the given values, checked; raises `UnknownName` or `BadValue`."""
        by_name = {control.name: control for control in self.controls}
        for name in given:
            if name not in by_name:
                raise UnknownName(
                    f"control of {self.name!r}", name, by_name, f"se.explore({self.name!r}).values"
                )
        return {name: by_name[name].check(value) for name, value in given.items()}

    def legend_html(self) -> str:
        """Return meaning, accepted values and origin of every control as HTML."""
        entries = []
        for control in self.controls:
            symbol = f" {to_inline_html(f'${control.symbol}$')}" if control.symbol else ""
            words = [to_inline_html(control.meaning), f"Accepts {html.escape(control.accepts)}."]
            origin = ", ".join(
                part for part in (control.kind.replace("_", " "), _link(control.source)) if part
            )
            words += [f"Default: {origin}."] if origin else []
            entries.append(
                f"<dt>{html.escape(control.label)}{symbol}</dt><dd>{' '.join(words).strip()}</dd>"
            )
        return f"<dl>{''.join(entries)}</dl>"


def _link(source: str) -> str:
    """Return a DOI as a link and any other source as text."""
    shown = html.escape(source)
    return f'<a href="https://doi.org/{shown}">{shown}</a>' if source.startswith("10.") else shown
