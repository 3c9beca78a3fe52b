"""Scene to matplotlib: the static picture of an explorer and every figure of a lesson.

Uses matplotlib's object interface, so nothing is kept alive and no window system is touched.
A panel is drawn in three steps: ``frame`` is what a moved slider leaves alone (axes, ticks, color
bar), ``legend`` names the signs, ``fill`` is the rest. ``figures.live`` repeats what changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from secretome_edu.figures import palette
from secretome_edu.figures.scene import (
    FieldPanel,
    Line,
    LinePanel,
    Panel,
    Rule,
    Scene,
    SpanPanel,
)
from secretome_edu.figures.style import own_style

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 100
SAMPLE = "#1f6f8b"  # a middle color of the map, behind the marks of its legend
INK, MUTED, GRID = "#1b1f24", "#57606a", "#d5dae0"
MARKERS = {"circle": "o", "square": "s", "triangle": "^", "diamond": "D"}
DASHES = {"solid": "-", "dashed": "--", "dotted": ":", "steps": "-", "markers": "", "crosses": ""}
SIGNS = {"markers": "o", "crosses": "x"}
_HALO = {"facecolor": "#ffffff", "edgecolor": "none", "alpha": 0.8, "pad": 1}
_NOTE = {"facecolor": "#000000", "edgecolor": "none", "alpha": 0.55, "pad": 2}


@own_style
def draw(scene: Scene) -> Figure:
    """Return the scene as a matplotlib ``Figure``, panels side by side, two to a row.

    Parameters
    ----------
    scene : Scene

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = empty(scene)
    for axis, panel in zip(axes, scene.panels, strict=True):
        frame(axis, panel)
        legend(axis, panel)
        fill(axis, panel)
    return figure


def empty(scene: Scene) -> tuple[Figure, list[Axes]]:
    """Return a figure with empty axes, one for each panel."""
    from matplotlib.figure import Figure

    across = min(2, len(scene.panels))
    down = -(-len(scene.panels) // across)
    # Many rows need their own height, or their labels touch.
    rows = max((len(p.rows) for p in scene.panels if isinstance(p, SpanPanel)), default=0)
    tall = max(4.0, 1.0 + 0.23 * rows)
    figure = Figure(figsize=(4.6 * across + 1.4, tall * down), dpi=DPI, layout="constrained")
    axes = list(figure.subplots(down, across, squeeze=False).ravel())
    for axis in axes[len(scene.panels) :]:
        axis.set_visible(False)
    return figure, axes[: len(scene.panels)]


def frame(axes: Axes, panel: Panel) -> None:
    """Draw what stays while a slider moves: title, axes, grid, color bar."""
    above = isinstance(panel, SpanPanel) and panel.vlines  # their labels stand over the rows
    axes.set_title(panel.title, fontsize=12, color=INK, loc="left", pad=22 if above else 6)
    axes.tick_params(colors=INK, labelsize=10)
    if isinstance(panel, FieldPanel):
        width, height = panel.extent_um
        axes.set(xlim=(0, width), ylim=(0, height), aspect="equal")
        axes.set_xlabel("µm", fontsize=11, color=INK)
        bar = axes.figure.colorbar(_colors(panel), ax=axes, shrink=0.85)
        bar.set_label(panel.unit, fontsize=11, color=INK)
        return
    axes.grid(True, color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_xlabel(panel.x_label, fontsize=11, color=INK)
    axes.set_xscale(panel.x_scale)
    if isinstance(panel, LinePanel):
        axes.set_yscale(panel.y_scale)
        axes.set(xlim=panel.limits("x"), ylim=panel.limits("y"))
        axes.set_ylabel(panel.y_label, fontsize=11, color=INK)
    else:
        axes.set(xlim=panel.limits(), ylim=(-0.7, len(panel.rows) - 0.3))
        axes.set_yticks(range(len(panel.rows))[::-1], [row.label for row in panel.rows])


def legend(axes: Axes, panel: Panel) -> list[Artist]:
    """Draw what the signs of a panel mean and return the artists."""
    from matplotlib.legend_handler import HandlerTuple
    from matplotlib.lines import Line2D

    handles: list[Any] = []
    texts: list[str] = []
    if isinstance(panel, LinePanel) and len(panel.lines) > 1:
        handles = [Line2D([], [], **_line_style(line)) for line in panel.lines]
        texts = [line.label for line in panel.lines]
    elif isinstance(panel, FieldPanel):
        # White marks need the ground of a map, or a filled one looks hollow on paper.
        ground = Line2D([], [], marker="s", markersize=15, color=SAMPLE, linestyle="")
        for text, shape, on in panel.signs():
            handles.append((ground, Line2D([], [], **_cell_style(shape, on))))
            texts.append(text)
        if panel.mask_label:
            place = Line2D([], [], marker="s", color="#ffffff", mec="#000000", linestyle="")
            handles.append((ground, place))
            texts.append(panel.mask_label)
    if not handles:
        return []
    below = axes.legend(
        handles,
        texts,
        handler_map={tuple: HandlerTuple(ndivide=1)},
        loc="upper center",
        bbox_to_anchor=(0.5, -0.14 if isinstance(panel, FieldPanel) else -0.16),
        frameon=False,
        fontsize=10,
        ncols=2,
        handlelength=2.8,
    )
    return [below]


def fill(axes: Axes, panel: Panel) -> list[Artist]:
    """Draw what a slider moves and return its artists, lowest first."""
    if isinstance(panel, LinePanel):
        return _lines(axes, panel)
    if isinstance(panel, FieldPanel):
        return _field(axes, panel)
    return _spans(axes, panel)


@own_style
def png_bytes(figure: Figure) -> bytes:
    """Return a figure as PNG bytes with 256 colors, a third of the size, for small notebooks."""
    import io

    from PIL import Image

    drawn, small = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DPI)
    picture = Image.open(drawn).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    picture.save(small, format="png", optimize=True)
    return small.getvalue()


def _line_color(index: int) -> str:
    return palette.LINES_LIGHT[index % len(palette.LINES_LIGHT)]


def _lines(axes: Axes, panel: LinePanel) -> list[Artist]:
    artists: list[Any] = []
    for line in panel.lines:
        artists += axes.plot(line.x, line.y, **_line_style(line))
    for rule in panel.hlines:
        artists.append(axes.axhline(rule.value, color=MUTED, linewidth=1.4, linestyle=(0, (6, 3))))
        if panel.limits("y")[0] <= rule.value <= panel.limits("y")[1]:
            artists.append(
                axes.annotate(
                    rule.label,
                    (1, rule.value),
                    (-2, 3),
                    xycoords=("axes fraction", "data"),
                    textcoords="offset points",
                    ha="right",
                    va="bottom",
                    fontsize=10,
                    color=INK,
                    bbox=_HALO,
                )
            )
    return artists + _vertical(axes, panel.vlines)


def _line_style(line: Line) -> dict[str, Any]:
    return {
        "color": _line_color(line.color),
        "linestyle": DASHES[line.style],
        "linewidth": 2.2,
        "drawstyle": "steps-post" if line.style == "steps" else "default",
        "marker": SIGNS.get(line.style, ""),
        "markersize": 6,
        "markeredgewidth": 2,
    }


def _vertical(axes: Axes, rules: Sequence[Rule], above: bool = False) -> list[Artist]:
    artists: list[Any] = []
    low, high = axes.get_xlim()
    for place, rule in enumerate(rules):
        if not low <= rule.value <= high:
            continue
        in_pixels = axes.transData.transform((rule.value, 1))
        left = axes.transAxes.inverted().transform(in_pixels)[0] > 0.6
        artists.append(axes.axvline(rule.value, color=MUTED, linewidth=1.4, linestyle=(0, (2, 2))))
        artists.append(
            axes.annotate(
                rule.label,
                (rule.value, 1),
                (-3 if left else 3, 4 + 13 * place if above else -4 - 14 * place),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                ha="right" if left else "left",
                va="bottom" if above else "top",
                fontsize=10,
                color=INK,
                bbox=_HALO,
            )
        )
    return artists


def _colors(panel: FieldPanel) -> Any:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap, LogNorm, Normalize

    norm = (LogNorm if panel.scale == "log" else Normalize)(panel.low, panel.high)
    return ScalarMappable(norm, ListedColormap(palette.field_lut() / 255.0))


def _field(axes: Axes, panel: FieldPanel) -> list[Artist]:
    from secretome_edu.figures.raster import FieldImage

    width, height = panel.extent_um
    artists: list[Any] = [axes.add_artist(FieldImage(panel.pixels()))]
    level = panel.level
    if level is not None:
        artists += _contour(axes, panel, level)
        artists.append(
            axes.annotate(
                f"dashed line: {level.label}",
                (0.5, 1),
                (0, -6),
                xycoords="axes fraction",
                textcoords="offset points",
                ha="center",
                va="top",
                fontsize=10,
                color="#ffffff",
                bbox=_NOTE,
            )
        )
    if panel.mask is not None:
        rows, columns = np.nonzero(panel.mask)
        x = (columns + 0.5) * width / panel.values.shape[1]
        y = (rows + 0.5) * height / panel.values.shape[0]
        for color, size in (("#000000", 22), ("#ffffff", 7)):
            artists += axes.plot(x, y, "s", markersize=size**0.5, mew=0, color=color)
    for kind in panel.kinds:
        for on in (True, False):
            here = [p for p in panel.points if p.kind == kind.name and p.on is on]
            if here:
                x, y = [p.x_um for p in here], [p.y_um for p in here]
                artists += axes.plot(x, y, **_cell_style(kind.shape, on))
    return artists


def _contour(axes: Axes, panel: FieldPanel, level: Rule) -> list[Artist]:
    """A white dashed line on a black one, which shows on every color of the map."""
    from contourpy import contour_generator  # what matplotlib itself uses, without its overhead

    rows, columns = panel.values.shape
    x = (np.arange(columns) + 0.5) * panel.extent_um[0] / columns
    y = (np.arange(rows) + 0.5) * panel.extent_um[1] / rows
    loops = contour_generator(x, y, panel.values).lines(level.value)
    if not loops:
        return []
    gap = np.full((1, 2), np.nan)
    path = np.concatenate([part for loop in loops for part in (loop, gap)])
    artists: list[Any] = []
    for color, dash in (("#000000", "-"), ("#ffffff", "--")):
        artists += axes.plot(path[:, 0], path[:, 1], dash, color=color, linewidth=1.6)
    return artists


def _cell_style(shape: str, on: bool) -> dict[str, Any]:
    """Filled markers for cells that are on, hollow ones for the rest."""
    return {
        "linestyle": "",
        "marker": MARKERS[shape],
        "markersize": 8.4,
        "markeredgewidth": 1.4,
        "markeredgecolor": "#000000" if on else "#ffffff",
        "markerfacecolor": "#ffffff" if on else "#00000055",
    }


def _spans(axes: Axes, panel: SpanPanel) -> list[Artist]:
    artists: list[Any] = []
    heaviest = max((row.weight for row in panel.rows), default=1.0) or 1.0
    for place, row in enumerate(reversed(panel.rows)):
        color = _line_color(row.color)
        if panel.style == "bar":
            artists += axes.barh(place, row.high - row.low, left=row.low, height=0.6, color=color)
            continue
        artists += axes.plot([row.low, row.high], [place, place], color=color, linewidth=2)
        if row.middle is not None:
            artists += axes.plot(
                [row.middle],
                [place],
                color=color,
                marker="D" if row.summary else "s",
                markersize=4 + 7 * (row.weight / heaviest) ** 0.5,
            )
    return artists + _vertical(axes, panel.vlines, above=True)
