"""A picture as tables: the same numbers, for a screen reader, a spreadsheet or a doubt."""

from __future__ import annotations

import numpy as np

from secretome_edu.figures.describe import number
from secretome_edu.figures.scene import FieldPanel, Line, LinePanel, Panel, Scene, SpanPanel, Table

ROWS = 12


def tables(scene: Scene) -> list[Table]:
    """Return one table per panel, then the scene's own tables.

    A curve is sampled at up to twelve of its points, evenly from the first to the last; a map is
    given as the values along its middle row and, where cells stand on it, at each cell.
    """
    return [table for panel in scene.panels for table in _of(panel)] + list(scene.tables)


def _of(panel: Panel) -> list[Table]:
    if isinstance(panel, LinePanel):
        return _lines(panel)
    if isinstance(panel, FieldPanel):
        return _field(panel)
    return [_spans(panel)]


def _lines(panel: LinePanel) -> list[Table]:
    """Curves that share their x share a table."""
    groups: list[list[Line]] = []
    for line in panel.lines:
        for group in groups:
            if np.array_equal(group[0].x, line.x):
                group.append(line)
                break
        else:
            groups.append([line])
    found = []
    for group in groups:
        places = _sample(len(group[0].x))
        columns = [panel.x_label, *(f"{line.label}: {panel.y_label}" for line in group)]
        rows = [[number(group[0].x[i]), *(number(line.y[i]) for line in group)] for i in places]
        found.append(Table(panel.title, columns, rows))
    return found


def _field(panel: FieldPanel) -> list[Table]:
    rows, columns = panel.values.shape
    middle, width = rows // 2, panel.extent_um[0] / columns
    across = Table(
        f"{panel.title}, along the middle row",
        ["distance from the left (µm)", panel.unit],
        [[number((i + 0.5) * width), number(panel.values[middle, i])] for i in _sample(columns)],
    )
    if not panel.points:
        return [across]
    labels = {kind.name: kind.label for kind in panel.kinds}
    height = panel.extent_um[1] / rows
    at_points = [
        [
            labels.get(point.kind, point.kind),
            number(point.x_um),
            number(point.y_um),
            number(
                panel.values[
                    min(int(point.y_um / height), rows - 1),
                    min(int(point.x_um / width), columns - 1),
                ]
            ),
        ]
        for point in panel.points
    ]
    cells = Table(
        f"{panel.title}, at the cells", ["cell", "x (µm)", "y (µm)", panel.unit], at_points
    )
    return [cells, across]


def _spans(panel: SpanPanel) -> Table:
    has_middle = any(row.middle is not None for row in panel.rows)
    columns = ["", *(["estimate"] if has_middle else []), "low", "high"]
    rows = [
        [
            row.label,
            *([number(row.middle) if row.middle is not None else ""] if has_middle else []),
            number(row.low),
            number(row.high),
        ]
        for row in panel.rows
    ]
    return Table(f"{panel.title}: {panel.x_label}", columns, rows)


def _sample(length: int) -> np.ndarray:
    return np.unique(np.linspace(0, length - 1, min(length, ROWS)).round().astype(int))
