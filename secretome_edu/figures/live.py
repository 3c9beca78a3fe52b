"""A matplotlib picture that follows a slider: redraws what moved and leaves the frame alone.

Drawing axes, ticks and legends anew costs most of a matplotlib figure. Here they are drawn once
and kept as a background; each new scene only adds its curves, map and labels on top.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from secretome_edu.figures.draw import empty, fill, frame, legend
from secretome_edu.figures.scene import FieldPanel, LinePanel, Panel, Scene
from secretome_edu.figures.style import own_style

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes


class LivePicture:
    """PNG pictures of one scene after another.

    Examples
    --------
    >>> from secretome_edu.figures import Line, LinePanel, Scene
    >>> panel = LinePanel("t", "x", "y", [Line("a", [0, 1], [0, 1])])
    >>> LivePicture().png(Scene("s", [panel], "A line."))[1:4]
    b'PNG'
    """

    def __init__(self) -> None:
        self._frame: Any = None
        self._names: Any = None

    @own_style
    def png(self, scene: Scene) -> bytes:
        """Return the scene as PNG bytes."""
        frames = [_frame_of(panel) for panel in scene.panels]
        if frames != self._frame:
            self._start(scene)
            self._frame, self._names = frames, None
        names = [_names_of(panel) for panel in scene.panels]
        if names != self._names:
            self._canvas.restore_region(self._empty)
            self._add(legend, scene)
            self._background = self._canvas.copy_from_bbox(self._canvas.figure.bbox)
            self._names = names
        self._canvas.restore_region(self._background)
        self._add(fill, scene)
        return self._encode()

    def _start(self, scene: Scene) -> None:
        """Lay the axes out with all that stands around them, and keep them without it."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        figure, self._axes = empty(scene)
        self._canvas = FigureCanvasAgg(figure)
        extra = []
        for axis, panel in zip(self._axes, scene.panels, strict=True):
            frame(axis, panel)
            extra += legend(axis, panel) + fill(axis, panel)
        if (engine := figure.get_layout_engine()) is not None:
            engine.execute(figure)
        figure.set_layout_engine("none")
        for artist in extra:
            artist.remove()
        self._canvas.draw()
        self._empty = self._canvas.copy_from_bbox(figure.bbox)

    def _add(self, draw: Callable[[Axes, Panel], list[Artist]], scene: Scene) -> None:
        """Draw on top of what the canvas holds, and leave no artist behind."""
        for axis, panel in zip(self._axes, scene.panels, strict=True):
            artists = draw(axis, panel)
            for artist in artists:
                axis.draw_artist(artist)
            for artist in artists:
                artist.remove()

    def _encode(self) -> bytes:
        import io

        from PIL import Image

        buffer = io.BytesIO()
        picture = Image.fromarray(np.asarray(self._canvas.buffer_rgba())).convert("RGB")
        picture.save(buffer, format="png", compress_level=1)
        return buffer.getvalue()


def _frame_of(panel: Panel) -> tuple:
    """Return all that the frame of a panel depends on."""
    if isinstance(panel, LinePanel):
        ranges = (panel.limits("x"), panel.limits("y"), panel.x_scale, panel.y_scale)
        return (panel.title, panel.x_label, panel.y_label, ranges, len(panel.lines))
    if isinstance(panel, FieldPanel):
        return (panel.title, panel.extent_um, panel.low, panel.high, panel.unit, panel.scale)
    rows = tuple(row.label for row in panel.rows)
    return (panel.title, panel.x_label, panel.limits(), panel.x_scale, rows)


def _names_of(panel: Panel) -> tuple:
    """Return all that the legend of a panel depends on."""
    if isinstance(panel, LinePanel):
        return tuple((line.label, line.style, line.color) for line in panel.lines)
    if isinstance(panel, FieldPanel):
        return (*panel.signs(), panel.mask_label)
    return ()
