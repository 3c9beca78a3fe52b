"""Colors that survive color blindness, a projector and a dark theme: one list for all pictures.

Lines carry their label and a dash pattern as well, so no color is ever needed to tell them apart.
The light set is for white ground, the dark set for the dark theme; each has a contrast of at
least 4.5 to 1 with its ground. Fields use a map whose lightness rises steadily from dark to light.
"""

from __future__ import annotations

import numpy as np

LINES_LIGHT = ("#0b5cad", "#a84300", "#00694a", "#8f3a73", "#4a4f57", "#6a5200")
LINES_DARK = ("#6db9f2", "#f7a35c", "#52d1a4", "#ea9fcb", "#c9ced6", "#d9c04a")

GROUND_LIGHT = "#ffffff"
GROUND_DARK = "#16191d"

# Anchors of the field map, evenly spaced: night blue over sea green to pale yellow.
_FIELD_ANCHORS = ("#101535", "#1b3f77", "#1f6f8b", "#2f9a84", "#83bf6a", "#dcd86b", "#fff7c9")


def rgb(color: str) -> tuple[int, int, int]:
    """Return red, green and blue (0 to 255) of a ``#rrggbb`` color.

    Examples
    --------
    >>> rgb("#0b5cad")
    (11, 92, 173)
    """
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def field_lut() -> np.ndarray:
    """Return the field map as a table of 256 rows of red, green, blue (uint8)."""
    anchors = np.array([rgb(c) for c in _FIELD_ANCHORS], dtype=float)
    at = np.linspace(0, 255, len(anchors))
    steps = np.arange(256)
    channels = [np.interp(steps, at, anchors[:, i]) for i in range(3)]
    return np.stack(channels, axis=1).round().astype(np.uint8)


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two colors, 1 (none) to 21.

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    a, b = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (a + 0.05) / (b + 0.05)


def _luminance(color: str) -> float:
    parts = [c / 255 for c in rgb(color)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
