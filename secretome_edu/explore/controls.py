"""What a learner can change: sliders, choices and cells on a map, each with unit and meaning.

A slider offers a fixed grid of values inside the range of the model card, so that it can neither
reach an invalid state nor show a number the model did not get.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from secretome_edu.figures.describe import number
from secretome_edu.figures.scene import Point, PointKind
from secretome_edu.ui.messages import BadValue


@dataclass(frozen=True)
class Slider:
    """A number between ``low`` and ``high``.

    Parameters
    ----------
    name : str
        Keyword of ``.set()`` and key of the values.
    label, unit : str
        What a learner reads.
    default, low, high : float
    scale : {"linear", "log"}
    steps : int
        Number of steps from ``low`` to ``high``; on a linear scale ``step`` replaces it.
    step : float, optional
        Distance of two values on a linear scale; 1 makes a counter.
    zero : str
        Name of an extra stop at 0 below a logarithmic range, for example ``"none"``.
    play : bool
        Whether a button lets the slider run to its end, for a time.
    symbol, meaning, kind, source : str
        For the legend: TeX symbol in the equation, one sentence, ``measured`` or ``illustrative``
        and so on, and where the value comes from.
    """

    name: str
    label: str
    default: float
    low: float
    high: float
    unit: str = ""
    scale: str = "linear"
    steps: int = 100
    step: float | None = None
    zero: str = ""
    play: bool = False
    symbol: str = ""
    meaning: str = ""
    kind: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        inside = self.low <= self.default <= self.high or (self.zero and self.default == 0)
        if not inside or self.low >= self.high:
            raise ValueError(
                f"slider {self.name}: default {self.default} must lie in {self.low}..{self.high}"
            )

    @cached_property
    def grid(self) -> tuple[float, ...]:
        """All values the slider stops at, ascending; the default is one of them."""
        if self.scale == "log":
            raw = np.geomspace(self.low, self.high, self.steps + 1)
            stops = [float(f"{value:.3g}") for value in raw]
        elif self.step:
            count = int(np.floor((self.high - self.low) / self.step + 1e-9))
            stops = [float(f"{self.low + i * self.step:.10g}") for i in range(count + 1)]
        else:
            raw = np.linspace(self.low, self.high, self.steps + 1)
            stops = [float(f"{value:.6g}") for value in raw]
        inner = [v for v in stops if self.low < v < self.high]
        zero = [0.0] if self.zero else []
        return tuple(sorted({*zero, self.low, *inner, self.default, self.high}))

    def check(self, given: Any) -> float:
        """Return the value as a float inside the range, or raise `BadValue`."""
        try:
            value = float(given)
        except (TypeError, ValueError):
            value = float("nan")
        if not (self.low <= value <= self.high or (self.zero and value == 0)):
            raise BadValue(f"{self.name} is {given!r}; it accepts numbers from {self.accepts}.")
        if self.step == 1 and not value.is_integer():
            raise BadValue(f"{self.name} is {given!r}; it accepts whole numbers.")
        return value

    def text(self, value: float) -> str:
        """Return a value with its unit, as the output beside the slider shows it."""
        return self.zero if self.zero and value == 0 else number(value, self.unit)

    @property
    def accepts(self) -> str:
        """The accepted range as words."""
        start = f"0 ({self.zero}) or " if self.zero else ""
        return f"{start}{self.text(self.low)} to {self.text(self.high)}"


@dataclass(frozen=True)
class Choice:
    """One of a few named options."""

    name: str
    label: str
    options: Mapping[str, str]
    default: str
    symbol: str = ""
    meaning: str = ""
    kind: str = ""
    source: str = ""

    def check(self, given: Any) -> str:
        """Return the option's name, or raise `BadValue`."""
        if given not in self.options:
            raise BadValue(
                f"{self.name} is {given!r}; it accepts {', '.join(map(repr, self.options))}."
            )
        return str(given)

    def text(self, value: str) -> str:
        """Return the label of an option."""
        return self.options[value]

    @property
    def accepts(self) -> str:
        """All options as words."""
        return ", ".join(self.options.values())


@dataclass(frozen=True)
class Cells:
    """Cells a learner places on a map, by mouse or by keyboard."""

    name: str
    label: str
    kinds: Sequence[PointKind]
    default: tuple[Point, ...]
    extent_um: tuple[float, float]
    most: int = 60
    symbol: str = ""
    meaning: str = ""
    kind: str = ""
    source: str = ""

    def check(self, given: Any) -> tuple[Point, ...]:
        """Return the cells as points on the map, or raise `BadValue`.

        Accepts points or ``(kind, x_um, y_um)``.
        """
        known = [kind.name for kind in self.kinds]
        width, height = self.extent_um
        cells: list[Point] = []
        try:
            entries = list(given)
        except TypeError:
            raise self._refuse(given) from None
        if len(entries) > self.most:
            raise BadValue(f"{self.name} holds {len(entries)} cells; it accepts up to {self.most}.")
        for entry in entries:
            try:
                kind, x, y = (
                    (entry.kind, entry.x_um, entry.y_um) if isinstance(entry, Point) else entry
                )
                point = Point(str(kind), float(x), float(y))
            except (TypeError, ValueError):
                raise self._refuse(entry) from None
            if point.kind not in known or not (
                0 <= point.x_um <= width and 0 <= point.y_um <= height
            ):
                raise self._refuse(entry)
            cells.append(point)
        return tuple(cells)

    def _refuse(self, given: Any) -> BadValue:
        kinds = " or ".join(repr(kind.name) for kind in self.kinds)
        return BadValue(
            f"{self.name} holds {given!r}; each cell is (kind, x_um, y_um) with kind {kinds}, "
            f"x from 0 to {number(self.extent_um[0], 'um')} and y from 0 to "
            f"{number(self.extent_um[1], 'um')}."
        )

    def text(self, value: Sequence[Point]) -> str:
        """Return how many cells of each kind stand on the map."""
        counts = [
            f"{sum(p.kind == kind.name for p in value)} × {kind.label}" for kind in self.kinds
        ]
        return ", ".join(counts)

    @property
    def accepts(self) -> str:
        """What can be placed, as words."""
        return f"up to {self.most} cells: " + ", ".join(kind.label for kind in self.kinds)


Control = Slider | Choice | Cells


def from_card(card: Any, parameter: str, **changes: Any) -> Slider:
    """Return a slider whose label, range, unit and source come from a model card.

    Parameters
    ----------
    card : ModelCard
    parameter : str
        Name of a parameter on the card.
    **changes
        Fields of `Slider` that differ, for example a finer ``steps``.

    Raises
    ------
    KeyError
        If the card has no such parameter: a mistake of the explorer's author.
    """
    found = {p.name: p for p in card.parameters}
    if parameter not in found:
        raise KeyError(f"card has no parameter {parameter!r}; it has {', '.join(found)}")
    p = found[parameter]
    fields: dict[str, Any] = {
        "name": p.name,
        "label": p.label,
        "default": float(p.value),
        "low": float(p.low),
        "high": float(p.high),
        "unit": p.unit,
        "scale": p.scale,
        "symbol": p.symbol,
        "meaning": p.note,
        "kind": p.kind,
        "source": p.source,
    }
    return Slider(**{**fields, **changes})
