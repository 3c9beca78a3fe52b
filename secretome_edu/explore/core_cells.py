"""Placing cells with a form, for front ends where the map itself takes no clicks.

Kind, place and two buttons do what the pointer does on the canvas: add a cell, take the nearest
one away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import hypot

import ipywidgets as widgets

from secretome_edu.explore.controls import Cells
from secretome_edu.figures.scene import Point

_NARROW = {"description_width": "3em"}


def cells_form(
    control: Cells,
    now: Callable[[], Sequence[Point]],
    change: Callable[[tuple[Point, ...]], None],
    said: widgets.HTML,
) -> widgets.VBox:
    """Return the form.

    Parameters
    ----------
    control : Cells
    now : callable
        Returns the cells on the map.
    change : callable
        Takes the new cells.
    said : widgets.HTML
        Where what cannot be done is said; elsewhere the cells are counted there.
    """
    kind = widgets.Dropdown(
        options=[(k.label, k.name) for k in control.kinds],
        description=control.label,
        style={"description_width": "18em"},
        layout=widgets.Layout(width="40em"),
    )
    x, y = (
        widgets.BoundedFloatText(
            value=round(size / 2),
            min=0.0,
            max=size,
            step=size / 50,
            description=f"{axis}, µm",
            style=_NARROW,
            layout=widgets.Layout(width="11em"),
        )
        for axis, size in zip("xy", control.extent_um, strict=True)
    )

    def add(_: object) -> None:
        if len(now()) >= control.most:
            said.value = f"The map holds at most {control.most} cells."
            return
        change((*now(), Point(kind.value, x.value, y.value)))

    def remove(_: object) -> None:
        cells = list(now())
        if not cells:
            said.value = "No cell is on the map."
            return
        cells.remove(min(cells, key=lambda c: hypot(c.x_um - x.value, c.y_um - y.value)))
        change(tuple(cells))

    place, take = (
        widgets.Button(description=text, layout=widgets.Layout(width="auto"))
        for text in ("Place a cell", "Remove the nearest")
    )
    place.on_click(add)
    take.on_click(remove)
    return widgets.VBox([kind, widgets.HBox([x, y, place, take]), said])
