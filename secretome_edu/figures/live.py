"""A matplotlib picture that follows a slider: redraws what moved and leaves the frame alone.

Drawing axes and ticks anew costs most of a matplotlib figure. Here they are drawn once and kept
as a background; each new scene only adds its curves, map and labels on top.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from secretome_edu.figures.draw import empty, fill, frame
from secretome_edu.figures.scene import FieldPanel, LinePanel, Panel, Scene


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
        self._key: Any = None

    def png(self, scene: Scene) -> bytes:
        """Return the scene as PNG bytes."""
        key = [_key(panel) for panel in scene.panels]
        if key != self._key:
            self._start(scene)
            self._key = key
        self._canvas.restore_region(self._background)
        for axis, panel in zip(self._axes, scene.panels, strict=True):
            artists = fill(axis, panel)
            for artist in artists:
                axis.draw_artist(artist)
            for artist in artists:
                artist.remove()
        return self._encode()

    def _start(self, scene: Scene) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        figure, self._axes = empty(scene)
        self._canvas = FigureCanvasAgg(figure)
        filled = []
        for axis, panel in zip(self._axes, scene.panels, strict=True):
            frame(axis, panel)
            filled += fill(axis, panel)
        # The first layout leaves room for legends; then it is kept and the background taken.
        self._canvas.draw()
        figure.set_layout_engine("none")
        for artist in filled:
            artist.remove()
        self._canvas.draw()
        self._background = self._canvas.copy_from_bbox(figure.bbox)

    def _encode(self) -> bytes:
        import io

        from PIL import Image

        buffer = io.BytesIO()
        picture = Image.fromarray(np.asarray(self._canvas.buffer_rgba())).convert("RGB")
        picture.save(buffer, format="png", compress_level=1)
        return buffer.getvalue()


def _key(panel: Panel) -> tuple:
    """Return all that the frame of a panel depends on."""
    if isinstance(panel, LinePanel):
        ranges = (panel.limits("x"), panel.limits("y"), panel.x_scale, panel.y_scale)
        return (panel.title, panel.x_label, panel.y_label, ranges, len(panel.lines))
    if isinstance(panel, FieldPanel):
        colors = (panel.low, panel.high, panel.unit, panel.scale)
        return (panel.title, panel.extent_um, colors, len(panel.kinds), panel.mask_label)
    rows = tuple(row.label for row in panel.rows)
    return (panel.title, panel.x_label, panel.limits(), panel.x_scale, rows)
