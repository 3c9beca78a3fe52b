"""The same model behind one slider, in each of the ways a notebook author might show it.

Each notebook computes the field of the explorer ``field`` and shows it as a map with a color bar,
the threshold as a contour and the cells as points. The slider has the explorer's own stops. The
peers do not draw the readouts and the description, so what they do is never more than the canvas.
"""

from __future__ import annotations

from typing import Any

MODEL = """
import numpy as np
from secretome_edu.explore import definition
chosen = definition("field")
stops = chosen.controls[0].grid
def level(stop):
    scene = chosen.compute({**chosen.defaults(), "secretion_rate": stop})
    return scene.panels[0]
"""

CANVAS = 'import os; os.environ["SECRETOME_EDU_UI"] = "rich"\nimport secretome_edu as se'
CORE = 'import os; os.environ["SECRETOME_EDU_UI"] = "core"\nimport secretome_edu as se'
SHOW = 'se.explore("field")'

SLIDER = """
import ipywidgets as widgets
start = chosen.controls[0].default
slider = widgets.SelectionSlider(options=stops, value=start, continuous_update=True)
"""

INTERACT = """
%matplotlib inline
import matplotlib.pyplot as plt
from matplotlib.colors import LogNorm
def show(secretion):
    panel = level(secretion)
    fig, ax = plt.subplots(figsize=(6, 4.5))
    image = ax.imshow(np.clip(panel.values, 1e-3, 1e2), origin="lower", norm=LogNorm(1e-3, 1e2),
                      extent=(0, 1000, 0, 1000), cmap="viridis")
    ax.contour(np.linspace(0, 1000, 128), np.linspace(0, 1000, 128), panel.values, [0.1])
    for kind, marker in (("msc", "o"), ("consumer", "s")):
        ax.scatter([p.x_um for p in panel.points if p.kind == kind],
                   [p.y_um for p in panel.points if p.kind == kind], marker=marker)
    fig.colorbar(image, label="pM")
    ax.set(xlabel="µm", title="Level of VEGF")
    plt.show()
_ = widgets.interact(show, secretion=slider)
"""

IPYMPL = """
%matplotlib widget
import matplotlib.pyplot as plt
from matplotlib.colors import LogNorm
plt.ioff()
panel = level(slider.value)
fig, ax = plt.subplots(figsize=(6, 4.5))
image = ax.imshow(np.clip(panel.values, 1e-3, 1e2), origin="lower", norm=LogNorm(1e-3, 1e2),
                  extent=(0, 1000, 0, 1000), cmap="viridis")
for kind, marker in (("msc", "o"), ("consumer", "s")):
    ax.scatter([p.x_um for p in panel.points if p.kind == kind],
               [p.y_um for p in panel.points if p.kind == kind], marker=marker)
fig.colorbar(image, label="pM")
ax.set(xlabel="µm", title="Level of VEGF")
axis = np.linspace(0, 1000, 128)
lines = [ax.contour(axis, axis, panel.values, [0.1])]
def move(change):
    panel = level(change["new"])
    image.set_data(np.clip(panel.values, 1e-3, 1e2))
    lines.pop().remove()
    lines.append(ax.contour(axis, axis, panel.values, [0.1]))
    fig.canvas.draw_idle()
slider.observe(move, names="value")
widgets.VBox([slider, fig.canvas])
"""

PLOTLY = """
import plotly.graph_objects as go
panel = level(slider.value)
axis = np.linspace(0, 1000, 128)
picture = go.FigureWidget([
    go.Heatmap(z=np.log10(np.clip(panel.values, 1e-3, 1e2)), x=axis, y=axis, zmin=-3, zmax=2,
               colorscale="Viridis"),
    go.Contour(z=panel.values, x=axis, y=axis, contours=dict(start=0.1, end=0.1, size=1,
               coloring="none"), showscale=False),
    go.Scatter(x=[p.x_um for p in panel.points], y=[p.y_um for p in panel.points], mode="markers"),
], layout=dict(width=600, height=450))
def move(change):
    panel = level(change["new"])
    with picture.batch_update():
        picture.data[0].z = np.log10(np.clip(panel.values, 1e-3, 1e2))
        picture.data[1].z = panel.values
slider.observe(move, names="value")
widgets.VBox([slider, picture])
"""

# Name in the table -> (cells, what to focus before pressing arrow keys, where the picture is).
NATIVE, HANDLE = ".se-x input[type=range]", ".widget-slider .noUi-handle"
PATHS: dict[str, tuple[list[str], str, str]] = {
    "explorer (canvas)": ([CANVAS, SHOW], NATIVE, ".se-x canvas"),
    "explorer (core fallback)": ([CORE, SHOW], HANDLE, ".widget-html img"),
    "interact + inline matplotlib": ([MODEL, SLIDER + INTERACT], HANDLE, ".jp-OutputArea img"),
    "ipympl": ([MODEL, SLIDER + IPYMPL], HANDLE, ".jupyter-matplotlib canvas"),
    "plotly FigureWidget": ([MODEL, SLIDER + PLOTLY], HANDLE, ".js-plotly-plot .xy"),
}


def notebook(cells: list[str], extra_path: str | None) -> dict[str, Any]:
    """Return a notebook with these code cells; ``extra_path`` goes in front of ``sys.path``."""
    first = f"import sys; sys.path.insert(0, {extra_path!r})\n" if extra_path else ""
    sources = [first + cells[0], *cells[1:]]
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell-{i}",
                "metadata": {},
                "source": source.strip(),
                "outputs": [],
                "execution_count": None,
            }
            for i, source in enumerate(sources)
        ],
    }
