"""A map as pixels: drawn as large as its axes, resampled before it gets its colors.

matplotlib's own image resamples colors in floating point, which costs more than all the rest of
a moved picture. Here the 8-bit places of a map are enlarged first and then looked up, so every
pixel also has exactly a color of the table.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.artist import Artist

from secretome_edu.figures import palette


class FieldImage(Artist):
    """A map that fills its axes.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (rows, columns)
        Places in the color table, rows from bottom to top.
    """

    def __init__(self, pixels: np.ndarray):
        super().__init__()
        self.pixels = pixels

    def draw(self, renderer: Any) -> None:
        """Draw the map, smoothed, into the box of its axes."""
        from PIL import Image

        if self.axes is None:
            return
        box = self.axes.bbox
        left, low = round(box.x0), round(box.y0)
        size = (max(1, round(box.x1) - left), max(1, round(box.y1) - low))
        places = Image.fromarray(self.pixels).resize(size, Image.Resampling.BILINEAR)
        pen = renderer.new_gc()
        renderer.draw_image(pen, left, low, _colors()[np.asarray(places)])
        pen.restore()


@lru_cache(maxsize=1)
def _colors() -> np.ndarray:
    """Return the color table of maps with full opacity, shape (256, 4)."""
    return np.column_stack([palette.field_lut(), np.full(256, 255, np.uint8)])
