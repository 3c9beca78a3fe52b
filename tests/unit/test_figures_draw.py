"""Scenes as pictures, tables and display objects; colors that everyone can tell apart."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from secretome_edu import figures
from secretome_edu.figures import (
    FieldPanel,
    Line,
    LinePanel,
    Point,
    PointKind,
    Rule,
    Scene,
    Span,
    SpanPanel,
    palette,
)
from secretome_edu.figures.draw import draw, png_bytes
from secretome_edu.figures.live import LivePicture
from secretome_edu.figures.table import tables
from secretome_edu.ui.messages import CourseError

X = np.linspace(0, 10, 30)


def scene(shift=0.0, panels=slice(None)):
    return Scene(
        "All panels",
        [
            LinePanel(
                "lines",
                "time (h)",
                "level (nM)",
                [Line("a", X, np.exp(-X) + shift), Line("b", X, X / 10, "steps", 1)],
                hlines=[Rule(0.5, "half")],
                vlines=[Rule(4.0, "four"), Rule(99.0, "outside")],
                y_range=(0, 2),
            ),
            FieldPanel(
                "map",
                np.outer(X, X) + 0.1 + shift,
                (100.0, 100.0),
                0.1,
                100.0,
                "pM",
                "log",
                Rule(10.0, "ten"),
                [PointKind("m", "a cell", "square")],
                [Point("m", 50, 50), Point("m", 20, 80, False)],
            ),
            SpanPanel(
                "forest",
                "ratio",
                [Span("one", 0.5, 2, 1.0), Span("all", 0.8, 1.2, 1, 9, True)],
                vlines=[Rule(1.0, "no effect")],
                x_scale="log",
            ),
            SpanPanel("tornado", "cost", [Span("price", -3.0, 4.0)], style="bar"),
        ][panels],
        "Four panels drawn for a test of drawing.",
    )


def pixels(png):
    from io import BytesIO

    from PIL import Image

    return np.asarray(Image.open(BytesIO(png)).convert("L"), dtype=float)


def test_every_panel_is_drawn():
    found = pixels(png_bytes(draw(scene())))
    rows, columns = found.shape
    for quarter in (
        found[: rows // 2, : columns // 2],
        found[: rows // 2, columns // 2 :],
        found[rows // 2 :, : columns // 2],
        found[rows // 2 :, columns // 2 :],
    ):
        assert quarter.std() > 5


@pytest.mark.parametrize("panel", [slice(0, 1), slice(1, 2)], ids=["lines", "field"])
def test_live_picture_equals_a_new_one(panel):
    live = LivePicture()
    first = pixels(live.png(scene(0.0, panel)))
    moved = pixels(live.png(scene(0.5, panel)))
    fresh = pixels(LivePicture().png(scene(0.5, panel)))
    assert moved.shape == fresh.shape
    assert np.abs(moved - fresh).mean() < 0.5
    assert np.abs(moved - first).mean() > 0.5
    # Another frame (here another kind of panel) starts a new background.
    other = scene(0.0, slice(2, 3))
    assert np.abs(pixels(live.png(other)) - pixels(LivePicture().png(other))).mean() < 0.5


def test_the_labels_of_many_rows_do_not_touch():
    rows = [Span(f"stimulus number {n}, by itself", 0, n, color=0) for n in range(20)]
    figure = draw(Scene("Many", [SpanPanel("Bars", "rows", rows, style="bar")], "Many rows."))
    figure.draw_without_rendering()
    boxes = [label.get_window_extent() for label in figure.axes[0].get_yticklabels()]
    assert len(boxes) == 20
    assert all(low.y1 < high.y0 for low, high in pairwise(sorted(boxes, key=lambda b: b.y0)))


def test_tables_hold_the_plotted_numbers():
    found = tables(scene())
    assert [t.caption for t in found] == [
        "lines",
        "map, at the cells",
        "map, along the middle row",
        "forest: ratio",
        "tornado: cost",
    ]
    assert found[0].rows[0] == ["0", "1", "0"]
    assert found[3].rows[1] == ["all", "1", "0.8", "1.2"]
    assert found[4].columns == ["", "low", "high"]


def test_show_needs_words():
    from matplotlib.figure import Figure

    shown = figures.show(scene(panels=slice(0, 1)))
    assert "Four panels" in shown.text
    assert 'alt="Four panels drawn for a test of drawing."' in shown.html
    with pytest.raises(CourseError, match="no description"):
        figures.show(Figure())
    html = figures.show(Figure(), 'a < b & "c"', "T").html
    assert 'alt="a &lt; b &amp; &quot;c&quot;"' in html


@pytest.mark.parametrize(
    "make",
    [
        lambda: Line("a", [1, 2], [1]),
        lambda: Line("a", [1], [1], "wavy"),
        lambda: LinePanel("t", "x", "y", [], x_scale="cubic"),
        lambda: FieldPanel("t", np.zeros(3), (1, 1), 0, 1, "pM"),
        lambda: FieldPanel("t", np.zeros((2, 2)), (1, 1), 0, 1, "pM", "log"),
        lambda: FieldPanel("t", np.zeros((2, 2)), (1, 1), 1, 1, "pM"),
        lambda: PointKind("a", "b", "star"),
        lambda: SpanPanel("t", "x", [], style="pie"),
    ],
)
def test_impossible_scenes_are_refused(make):
    with pytest.raises(ValueError, match=r"accepts|must|shape|cannot"):
        make()


def test_ranges_follow_the_data_unless_fixed():
    panel = LinePanel("t", "x", "y", [Line("a", [1, 3], [2, 4])])
    assert panel.limits("x") == (1, 3)
    low, high = panel.limits("y")
    assert low <= 2
    assert high > 4
    assert LinePanel("t", "x", "y", []).limits("y") == (0.0, 1.0)
    log = LinePanel("t", "x", "y", [Line("a", [1, 3], [0, 4])], y_scale="log")
    assert log.limits("y")[0] > 0


def test_field_pixels_span_the_color_table():
    panel = FieldPanel("t", [[0.01, 1.0], [10.0, 1e9]], (1, 1), 0.1, 10.0, "pM", "log")
    assert panel.pixels().tolist() == [[0, 128], [255, 255]]


def test_line_colors_have_contrast_on_their_ground():
    for colors, ground in (
        (palette.LINES_LIGHT, "#ffffff"),
        (palette.LINES_DARK, palette.GROUND_DARK),
    ):
        assert all(palette.contrast(color, ground) >= 4.5 for color in colors)


def test_field_map_grows_lighter_throughout():
    light = palette.field_lut().astype(float) @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(light) >= -0.6).all()
    assert light[-1] - light[0] > 200
