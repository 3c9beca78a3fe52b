"""What a picture shows, as arrays and words only: no drawing, no widget.

A ``Scene`` is computed once and drawn anywhere: by matplotlib (``figures.draw``), by the canvas
of an explorer, or as text. Whoever draws it takes every number from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

LINE_STYLES = ("solid", "dashed", "dotted", "steps", "markers", "crosses")
SCALES = ("linear", "log")
SHAPES = ("circle", "square", "triangle", "diamond")


@dataclass(frozen=True, eq=False)
class Line:
    """One curve: ``x`` and ``y`` of the same length; gaps are NaN."""

    label: str
    x: np.ndarray
    y: np.ndarray
    style: str = "solid"
    color: int = 0

    def __post_init__(self) -> None:
        for name in ("x", "y"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=float))
        if self.x.ndim != 1 or self.x.shape != self.y.shape:
            raise ValueError(
                f"line {self.label!r}: x {self.x.shape} and y {self.y.shape} must be "
                "one-dimensional and equally long"
            )
        _one_of("style", self.style, LINE_STYLES)


@dataclass(frozen=True)
class Rule:
    """A labeled straight line across a panel (a threshold, a dissociation constant)."""

    value: float
    label: str


@dataclass(frozen=True, eq=False)
class LinePanel:
    """Curves in one coordinate system.

    ``x_range`` and ``y_range`` fix the axes, so that a moved slider moves the curve and not the
    frame around it; ``None`` takes the range of the data.
    """

    title: str
    x_label: str
    y_label: str
    lines: Sequence[Line]
    x_scale: str = "linear"
    y_scale: str = "linear"
    hlines: Sequence[Rule] = ()
    vlines: Sequence[Rule] = ()
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        _one_of("x_scale", self.x_scale, SCALES)
        _one_of("y_scale", self.y_scale, SCALES)

    def limits(self, axis: str) -> tuple[float, float]:
        """Return the range of an axis, ``"x"`` or ``"y"``: the fixed one or that of the data."""
        fixed = self.x_range if axis == "x" else self.y_range
        if fixed is not None:
            return fixed
        scale = self.x_scale if axis == "x" else self.y_scale
        rules = self.vlines if axis == "x" else self.hlines
        parts = [np.asarray(getattr(line, axis)) for line in self.lines]
        values = np.concatenate([*parts, [rule.value for rule in rules]])
        values = values[np.isfinite(values) & ((values > 0) | (scale == "linear"))]
        if values.size == 0:
            return (0.1, 1.0) if scale == "log" else (0.0, 1.0)
        low, high = float(values.min()), float(values.max())
        if scale == "log":
            return (low / 1.5, high * 1.5)
        pad = 0.05 * (high - low) or 0.5 * abs(high) or 0.5
        low = low if axis == "x" else (0.0 if 0 <= low <= 0.5 * high else low - pad)
        return (low, high if axis == "x" and high > low else high + pad)


@dataclass(frozen=True)
class Point:
    """One cell on a field, in micrometers from the lower left corner; ``on`` fills it."""

    kind: str
    x_um: float
    y_um: float
    on: bool = True


@dataclass(frozen=True)
class PointKind:
    """A kind of cell that can stand on a field and the shape that shows it.

    ``states`` are the legend's words for a filled and for a hollow mark, where both occur.
    """

    name: str
    label: str
    shape: str = "circle"
    states: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        _one_of("shape", self.shape, SHAPES)


@dataclass(frozen=True, eq=False)
class FieldPanel:
    """A map: ``values`` (rows from bottom to top, columns from left to right), in ``unit``.

    ``mask`` marks places of the map (a vessel, a scar) and ``mask_label`` says what they are.
    """

    title: str
    values: np.ndarray
    extent_um: tuple[float, float]
    low: float
    high: float
    unit: str
    scale: str = "linear"
    level: Rule | None = None
    kinds: Sequence[PointKind] = ()
    points: Sequence[Point] = ()
    mask: np.ndarray | None = None
    mask_label: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", np.asarray(self.values, dtype=float))
        if self.mask is not None and np.shape(self.mask) != self.values.shape:
            raise ValueError(
                f"field {self.title!r}: mask has shape {np.shape(self.mask)}, values "
                f"{self.values.shape}"
            )
        if self.values.ndim != 2:
            raise ValueError(
                f"field {self.title!r}: values have shape {self.values.shape}, not 2-D"
            )
        _one_of("scale", self.scale, SCALES)
        if not self.low < self.high or (self.scale == "log" and self.low <= 0):
            raise ValueError(f"field {self.title!r}: cannot color from {self.low} to {self.high}")

    def position(self, value: np.ndarray | float) -> np.ndarray:
        """Return where values lie between ``low`` (0) and ``high`` (1), on the panel's scale."""
        shown = np.clip(value, self.low, self.high)
        if self.scale == "log":
            return np.log(shown / self.low) / np.log(self.high / self.low)
        return (shown - self.low) / (self.high - self.low)

    def signs(self) -> list[tuple[str, str, bool]]:
        """Return the legend of the cells: text, shape, and whether the mark is filled."""
        entries = []
        for kind in self.kinds:
            texts = kind.states or (kind.label,)
            entries += [(text, kind.shape, i == 0) for i, text in enumerate(texts)]
        return entries

    def pixels(self) -> np.ndarray:
        """Return the map as uint8 places in the color table."""
        return (self.position(self.values) * 255 + 0.5).astype(np.uint8)


@dataclass(frozen=True)
class Span:
    """One row of a ``SpanPanel``: an estimate with its interval, or a bar from low to high."""

    label: str
    low: float
    high: float
    middle: float | None = None
    weight: float = 1.0
    summary: bool = False
    color: int = 0


@dataclass(frozen=True)
class SpanPanel:
    """Intervals or bars beside their labels: a forest plot, a tornado plot, a ranking."""

    title: str
    x_label: str
    rows: Sequence[Span]
    style: str = "interval"
    x_scale: str = "linear"
    x_range: tuple[float, float] | None = None
    vlines: Sequence[Rule] = ()

    def __post_init__(self) -> None:
        _one_of("style", self.style, ("interval", "bar"))
        _one_of("x_scale", self.x_scale, SCALES)

    def limits(self) -> tuple[float, float]:
        """Return the range of the axis: the fixed one, or that of all rows and rules."""
        if self.x_range is not None:
            return self.x_range
        values = [v for row in self.rows for v in (row.low, row.high)]
        values += [rule.value for rule in self.vlines]
        low, high = min(values), max(values)
        if self.x_scale == "log":
            return (low / 1.2, high * 1.2)
        pad = 0.05 * (high - low) or 1.0
        return (low - pad, high + pad)


Panel = LinePanel | FieldPanel | SpanPanel


@dataclass(frozen=True)
class Table:
    """Numbers as text, for readers who want them instead of a picture."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, eq=False)
class Scene:
    """Panels, the sentences that describe them, and the few numbers that matter.

    Parameters
    ----------
    title : str
    panels : sequence of Panel
    description : str
        Sentences computed from the plotted arrays, see ``figures.describe``.
    readouts : sequence of (str, str)
        Label and formatted value with unit.
    tables : sequence of Table
        Tables beyond those that ``figures.table`` makes from the panels.
    """

    title: str
    panels: Sequence[Panel]
    description: str
    readouts: Sequence[tuple[str, str]] = ()
    tables: Sequence[Table] = field(default=())


def _one_of(name: str, given: str, accepted: Sequence[str]) -> None:
    if given not in accepted:
        raise ValueError(f"{name} is {given!r}; it accepts {', '.join(accepted)}")
