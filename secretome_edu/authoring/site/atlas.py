"""A grid of positions of one explorer, each computed by its model: what moves without a kernel.

``atlas.yaml`` names the controls that move and where they stop. All others keep the values they
start with; a preset that sets one of those adds a second grid around its own values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from pydantic import PositiveInt, RootModel

from secretome_edu.explore import definition
from secretome_edu.explore.controls import Choice, Slider
from secretome_edu.explore.explorer import Explorer, Values
from secretome_edu.explore.wire import frame, spec, table_rows
from secretome_edu.ui.messages import CourseError, UnknownName
from secretome_edu.ui.yaml_file import read_yaml

PLANS = Path(__file__).with_name("atlas.yaml")


Stops = PositiveInt | list[float]


class _Plans(RootModel[dict[str, dict[str, Stops]]]):
    pass


@cache
def plans() -> dict[str, dict[str, Stops]]:
    """Return explorer -> the controls that move in the book and where, as ``atlas.yaml`` says."""
    return read_yaml(PLANS, _Plans).root


@dataclass(frozen=True)
class Atlas:
    """The positions of one explorer.

    Parameters
    ----------
    explorer : Explorer
    axes : dict
        Name of a control that moves -> its positions.
    bases : list of dict
        What the other controls are set to, where it differs from the defaults; the first is empty.
    """

    explorer: Explorer
    axes: dict[str, tuple[Any, ...]]
    bases: list[Values]

    def __len__(self) -> int:
        return len(self.bases) * prod(map(len, self.axes.values()))

    def positions(self) -> Iterator[Values]:
        """Yield the values of every position, the last axis fastest."""
        for base in self.bases:
            for place in product(*self.axes.values()):
                yield {
                    **self.explorer.defaults(),
                    **base,
                    **dict(zip(self.axes, place, strict=True)),
                }

    def frames(self) -> Iterator[dict[str, Any]]:
        """Yield the frame of every position, as the widget sends it, with its table."""
        for values in self.positions():
            scene = self.explorer.compute(dict(values))
            yield {**frame(self.explorer, values, scene), "tables": table_rows(scene)}

    def place(self, values: Values) -> list[int]:
        """Return where values stand: the number of the base, then one number for each axis."""
        base = self.bases.index(_fixed(self.explorer, values, self.axes))
        return [base, *(stops.index(values[name]) for name, stops in self.axes.items())]

    def head(self) -> dict[str, Any]:
        """Return what the page must know beside the frames."""
        defaults = self.explorer.defaults()
        return {
            "spec": self._spec(),
            "axes": [[name, list(stops)] for name, stops in self.axes.items()],
            "start": self.place(defaults),
            "presets": {
                preset.label: self.place({**defaults, **self.explorer.check(preset.values)})
                for preset in self.explorer.presets
            },
            "fixed": [[c.name, c.label] for c in self.explorer.controls if c.name not in self.axes],
        }

    def _spec(self) -> dict[str, Any]:
        whole = spec(self.explorer)
        shown = []
        for control, described in zip(self.explorer.controls, whole["controls"], strict=True):
            if stops := self.axes.get(control.name):
                if isinstance(control, Slider):
                    texts = [control.text(value) for value in stops]
                    described = {**described, "grid": list(stops), "texts": texts}
                shown.append(described)
        return {**whole, "controls": shown}


def atlas(name: str) -> Atlas:
    """Return the positions of an explorer that are stored for the book.

    Raises
    ------
    CourseError
        If ``atlas.yaml`` does not name the explorer, or names what cannot move.

    Examples
    --------
    >>> small = atlas("covid_trials")
    >>> len(small.axes["method"]), small.place(small.explorer.defaults())[0]
    (4, 0)
    """
    explorer = definition(name)
    controls = {c.name: c for c in explorer.controls if isinstance(c, Slider | Choice)}
    if name not in plans():
        raise CourseError(f"{PLANS.name} does not say what moves in {name!r}; add a line there.")
    if unknown := set(plans()[name]) - set(controls):
        raise UnknownName(
            f"slider or choice of {name!r}", min(unknown), controls, f"se.explore({name!r}).values"
        )
    presets = [{**explorer.defaults(), **explorer.check(p.values)} for p in explorer.presets]
    named = [explorer.defaults(), *presets]
    axes = {
        moved: _positions(controls[moved], stops, {values[moved] for values in named})
        for moved, stops in plans()[name].items()
    }
    bases: list[Values] = []
    for values in named:
        if (fixed := _fixed(explorer, values, axes)) not in bases:
            bases.append(fixed)
    return Atlas(explorer, axes, bases)


def _fixed(explorer: Explorer, values: Values, axes: dict[str, Any]) -> Values:
    defaults = explorer.defaults()
    return {
        name: value
        for name, value in values.items()
        if name not in axes and value != defaults[name]
    }


def _positions(control: Slider | Choice, stops: Stops, named: set[Any]) -> tuple[Any, ...]:
    """Return where a control stops: as listed, or evenly spread; what has a name comes first."""
    if isinstance(control, Choice):
        return tuple(control.options)
    if isinstance(stops, list):
        return tuple(sorted({*map(control.check, stops), *named}))
    grid = sorted({*control.grid, *named})
    last = len(grid) - 1
    count = min(max(stops, 2), len(grid))
    must = {0, last, *map(grid.index, named)}
    kept = {round(i * last / (count - 1)) for i in range(count)}
    for place in sorted(must - kept):
        if free := kept - must:
            kept.remove(min(free, key=lambda other: abs(other - place)))
        kept.add(place)
    return tuple(grid[place] for place in sorted(kept))
