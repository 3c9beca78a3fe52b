"""What is drawn: arrays become a scene, a picture and the sentences that describe it.

``scene`` holds the arrays, ``describe`` finds the words, ``draw`` makes the matplotlib figure,
``table`` gives the numbers, ``show`` puts picture and words into one display object.
"""

from __future__ import annotations

from secretome_edu.figures.scene import (
    FieldPanel,
    Line,
    LinePanel,
    Point,
    PointKind,
    Rule,
    Scene,
    Span,
    SpanPanel,
    Table,
)
from secretome_edu.figures.show import show

__all__ = [
    "FieldPanel",
    "Line",
    "LinePanel",
    "Point",
    "PointKind",
    "Rule",
    "Scene",
    "Span",
    "SpanPanel",
    "Table",
    "show",
]
