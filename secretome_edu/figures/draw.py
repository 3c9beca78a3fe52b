"""Scene to matplotlib: the static picture of an explorer and every figure of a lesson.

Uses matplotlib's object interface, so nothing is kept alive and no window system is touched.
Curves are labeled where they end; a legend under the panel takes over where that gets crowded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from secretome_edu.figures import palette
from secretome_edu.figures.scene import FieldPanel, LinePanel, Panel, Scene, SpanPanel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 100
INK, MUTED, GRID = "#1b1f24", "#57606a", "#d5dae0"
MARKERS = {"circle": "o", "square": "s", "triangle": "^", "diamond": "D"}
DASHES = {"solid": "-", "dashed": "--", "dotted": ":", "steps": "-", "markers": ""}


def draw(scene: Scene) -> Figure:
    """Return the scene as a matplotlib ``Figure``, panels side by side, two to a row.

    Parameters
    ----------
    scene : Scene

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.figure import Figure

    across = min(2, len(scene.panels))
    down = -(-len(scene.panels) // across)
    figure = Figure(figsize=(4.6 * across + 1.4, 4.0 * down), dpi=DPI, layout="constrained")
    axes = figure.subplots(down, across, squeeze=False).ravel()
    for axis, panel in zip(axes, scene.panels, strict=False):
        draw_panel(axis, panel)
    for axis in axes[len(scene.panels) :]:
        axis.set_visible(False)
    return figure


def draw_panel(axes: Axes, panel: Panel) -> None:
    """Draw one panel into matplotlib axes."""
    axes.set_title(panel.title, fontsize=12, color=INK, loc="left")
    if isinstance(panel, LinePanel):
        _lines(axes, panel)
    elif isinstance(panel, FieldPanel):
        _field(axes, panel)
    else:
        _spans(axes, panel)


def line_color(index: int) -> str:
    """Return the color of a line on white ground, counting round the palette."""
    return palette.LINES_LIGHT[index % len(palette.LINES_LIGHT)]


def _frame(axes: Axes) -> None:
    axes.grid(True, color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, labelsize=10)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _lines(axes: Axes, panel: LinePanel) -> None:
    _frame(axes)
    axes.set(xscale=panel.x_scale, yscale=panel.y_scale)
    axes.set(xlim=panel.limits("x"), ylim=panel.limits("y"))
    axes.set_xlabel(panel.x_label, fontsize=11, color=INK)
    axes.set_ylabel(panel.y_label, fontsize=11, color=INK)
    for line in panel.lines:
        axes.plot(
            line.x,
            line.y,
            color=line_color(line.color),
            linestyle=DASHES[line.style],
            linewidth=2.2,
            drawstyle="steps-mid" if line.style == "steps" else "default",
            marker="o" if line.style == "markers" else "",
            markersize=5,
            label=line.label,
        )
    _rules(axes, panel)
    if len(panel.lines) > 1:
        axes.legend(
            loc="upper center",
            bbox_to_anchor=(0.5, -0.16),
            frameon=False,
            fontsize=10,
            ncols=min(2, len(panel.lines)),
            handlelength=2.8,
        )


def _rules(axes: Axes, panel: LinePanel | SpanPanel) -> None:
    halo: dict[str, Any] = {"facecolor": "#ffffff", "edgecolor": "none", "alpha": 0.8, "pad": 1}
    for rule in getattr(panel, "hlines", ()):
        axes.axhline(rule.value, color=MUTED, linewidth=1.4, linestyle=(0, (6, 3)))
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
            bbox=halo,
        )
    for place, rule in enumerate(panel.vlines):
        axes.axvline(rule.value, color=MUTED, linewidth=1.4, linestyle=(0, (2, 2)))
        low, high = axes.get_xlim()
        where = float(
            axes.transAxes.inverted().transform(axes.transData.transform((rule.value, 1)))[0]
        )
        left = where > 0.6
        axes.annotate(
            rule.label,
            (rule.value, 1),
            (-3 if left else 3, -4 - 14 * place),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="right" if left else "left",
            va="top",
            fontsize=10,
            color=INK,
            bbox=halo,
        )
        axes.set_xlim(low, high)


def _field(axes: Axes, panel: FieldPanel) -> None:
    from matplotlib.colors import ListedColormap, LogNorm, Normalize

    norm = (LogNorm if panel.scale == "log" else Normalize)(panel.low, panel.high)
    width, height = panel.extent_um
    picture = axes.imshow(
        np.clip(panel.values, panel.low, panel.high),
        origin="lower",
        extent=(0, width, 0, height),
        norm=norm,
        cmap=ListedColormap(palette.field_lut() / 255.0),
        interpolation="bilinear",
    )
    axes.set_xlabel("µm", fontsize=11, color=INK)
    axes.tick_params(colors=INK, labelsize=10)
    bar = axes.figure.colorbar(picture, ax=axes, shrink=0.85)
    bar.set_label(panel.unit, fontsize=11, color=INK)
    if panel.level is not None and panel.values.min() < panel.level.value < panel.values.max():
        rows, columns = panel.values.shape
        x = (np.arange(columns) + 0.5) * width / columns
        y = (np.arange(rows) + 0.5) * height / rows
        for color, dash in (("#000000", "-"), ("#ffffff", "--")):
            axes.contour(
                x,
                y,
                panel.values,
                levels=[panel.level.value],
                colors=color,
                linewidths=1.6,
                linestyles=dash,
            )
    for kind in panel.kinds:
        for on in (True, False):
            here = [p for p in panel.points if p.kind == kind.name and p.on is on]
            if here:
                axes.scatter(
                    [p.x_um for p in here],
                    [p.y_um for p in here],
                    s=70,
                    marker=MARKERS[kind.shape],
                    edgecolors="#000000" if on else "#ffffff",
                    linewidths=1.4,
                    facecolors="#ffffff" if on else "#00000055",
                    label=kind.label
                    if on or not any(p.on for p in _of(panel, kind.name))
                    else None,
                )
    handles, _ = axes.get_legend_handles_labels()
    note = [f"dashed line: {panel.level.label}"] if panel.level is not None else []
    if handles:
        axes.legend(
            loc="upper center", bbox_to_anchor=(0.5, -0.14), frameon=False, fontsize=10, ncols=2
        )
    if note:
        axes.annotate(
            note[0],
            (0.5, 1),
            (0, -6),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=10,
            color="#ffffff",
            bbox={"facecolor": "#000000", "edgecolor": "none", "alpha": 0.55, "pad": 2},
        )
    axes.set(xlim=(0, width), ylim=(0, height))


def _of(panel: FieldPanel, kind: str) -> list:
    return [point for point in panel.points if point.kind == kind]


def _spans(axes: Axes, panel: SpanPanel) -> None:
    _frame(axes)
    axes.set(xscale=panel.x_scale, xlim=panel.limits())
    axes.set_xlabel(panel.x_label, fontsize=11, color=INK)
    places = np.arange(len(panel.rows))[::-1]
    heaviest = max((row.weight for row in panel.rows), default=1.0) or 1.0
    for place, row in zip(places, panel.rows, strict=True):
        color = line_color(row.color)
        if panel.style == "bar":
            axes.barh(place, row.high - row.low, left=row.low, height=0.6, color=color)
        else:
            axes.plot([row.low, row.high], [place, place], color=color, linewidth=2)
            if row.middle is not None:
                axes.plot(
                    [row.middle],
                    [place],
                    color=color,
                    marker="D" if row.summary else "s",
                    markersize=4 + 7 * (row.weight / heaviest) ** 0.5,
                )
    axes.set_yticks(places, [row.label for row in panel.rows])
    axes.set_ylim(-0.7, len(panel.rows) - 0.3)
    _rules(axes, panel)


def png_bytes(figure: Figure) -> bytes:
    """Return a figure as PNG bytes without the drawing library's version in its metadata."""
    import io

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    return buffer.getvalue()
