"""Scene to what travels: one dictionary with binary buffers, fields as uint8, curves as float32."""

from __future__ import annotations

from typing import Any

import numpy as np

from secretome_edu.explore.controls import Choice, Control, Slider
from secretome_edu.explore.explorer import Explorer, Values
from secretome_edu.figures import palette
from secretome_edu.figures.scene import FieldPanel, LinePanel, Panel, Point, Rule, Scene
from secretome_edu.figures.table import tables


def spec(explorer: Explorer) -> dict[str, Any]:
    """Return what never changes while an explorer is open: controls, presets, legend, colors."""
    return {
        "name": explorer.name,
        "title": explorer.title,
        "question": explorer.question,
        "controls": [_control(control) for control in explorer.controls],
        "presets": [preset.label for preset in explorer.presets],
        "legend": explorer.legend_html(),
        "light": list(palette.LINES_LIGHT),
        "dark": list(palette.LINES_DARK),
        "lut": palette.field_lut().tobytes(),
    }


def frame(explorer: Explorer, values: Values, scene: Scene) -> dict[str, Any]:
    """Return one picture with its control values, readouts and description."""
    return {
        "values": {c.name: _plain(values[c.name]) for c in explorer.controls},
        "texts": {c.name: c.text(values[c.name]) for c in explorer.controls},
        "description": scene.description,
        "readouts": [list(pair) for pair in scene.readouts],
        "panels": [_panel(panel) for panel in scene.panels],
    }


def table_rows(scene: Scene) -> list[dict[str, Any]]:
    """Return the scene's tables as plain lists."""
    return [
        {"caption": t.caption, "columns": list(t.columns), "rows": [list(r) for r in t.rows]}
        for t in tables(scene)
    ]


def _control(control: Control) -> dict[str, Any]:
    common = {"name": control.name, "label": control.label}
    if isinstance(control, Slider):
        grid = control.grid
        texts = [control.text(v) for v in grid]
        return {
            **common,
            "type": "slider",
            "grid": list(grid),
            "texts": texts,
            "play": control.play,
        }
    if isinstance(control, Choice):
        return {**common, "type": "choice", "options": [list(o) for o in control.options.items()]}
    return {
        **common,
        "type": "cells",
        "most": control.most,
        "extent": list(control.extent_um),
        "kinds": [[k.name, k.label, k.shape] for k in control.kinds],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [[p.kind, p.x_um, p.y_um] for p in value if isinstance(p, Point)]
    return value


def _panel(panel: Panel) -> dict[str, Any]:
    if isinstance(panel, LinePanel):
        return {
            "type": "lines",
            "title": panel.title,
            "x": _axis(panel.x_label, panel.x_scale, panel.limits("x")),
            "y": _axis(panel.y_label, panel.y_scale, panel.limits("y")),
            "hlines": [_rule(r) for r in panel.hlines],
            "vlines": [_rule(r) for r in panel.vlines],
            "lines": [
                {
                    "label": line.label,
                    "style": line.style,
                    "color": line.color,
                    "x": line.x.astype(np.float32).tobytes(),
                    "y": line.y.astype(np.float32).tobytes(),
                }
                for line in panel.lines
            ],
        }
    if isinstance(panel, FieldPanel):
        rows, columns = panel.values.shape
        level = None
        if panel.level is not None:
            place = float(panel.position(panel.level.value)) * 255
            level = {"place": place, "label": panel.level.label}
        return {
            "type": "field",
            "title": panel.title,
            "rows": rows,
            "columns": columns,
            "extent": list(panel.extent_um),
            "bar": _axis(panel.unit, panel.scale, (panel.low, panel.high)),
            "level": level,
            "kinds": [[k.name, k.label, k.shape] for k in panel.kinds],
            "signs": [list(sign) for sign in panel.signs()],
            "points": [[p.kind, p.x_um, p.y_um, p.on] for p in panel.points],
            "pixels": panel.pixels().tobytes(),
            "mask": None if panel.mask is None else panel.mask.astype(np.uint8).tobytes(),
            "maskLabel": panel.mask_label,
        }
    return {
        "type": "spans",
        "title": panel.title,
        "style": panel.style,
        "x": _axis(panel.x_label, panel.x_scale, panel.limits()),
        "vlines": [_rule(r) for r in panel.vlines],
        "rows": [
            {
                "label": r.label,
                "low": r.low,
                "high": r.high,
                "middle": r.middle,
                "weight": r.weight,
                "summary": r.summary,
                "color": r.color,
            }
            for r in panel.rows
        ],
    }


def _axis(label: str, scale: str, limits: tuple[float, float]) -> dict[str, Any]:
    return {"label": label, "scale": scale, "low": float(limits[0]), "high": float(limits[1])}


def _rule(rule: Rule) -> list[Any]:
    return [float(rule.value), rule.label]
