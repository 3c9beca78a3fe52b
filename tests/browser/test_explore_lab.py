"""Explorers in a real JupyterLab: keyboard, pointer, two views, dark theme, accessibility."""

from __future__ import annotations

import pytest
from lab import Lab, set_theme

SHOW = """async (i) => {
  await window.jupyterapp.shell.currentWidget.content.scrollToItem(i, 'start'); }"""
RESTART = """async () => { const panel = window.jupyterapp.shell.currentWidget;
  await panel.sessionContext.session.kernel.restart(); }"""
QUIET = 700  # ms until the description has settled


def notebook(*cells: str) -> dict:
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell-{i}",
                "metadata": {},
                "source": source,
                "outputs": [],
                "execution_count": None,
            }
            for i, source in enumerate(["import secretome_edu as se", *cells])
        ],
    }


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("explore") / "lab"
    found = Lab(folder, SECRETOME_EDU_STORE="memory:", SECRETOME_EDU_UI="rich")
    yield found
    found.close()


def opened(lab: Lab, name: str, *cells: str):
    page = lab.open(notebook(*cells), f"{name}.ipynb")
    assert lab.run_all(page) == []
    page.wait_for_selector(".se-x canvas")
    page.wait_for_timeout(QUIET)
    return page


def description(page, place: int = 0) -> str:
    page.wait_for_timeout(QUIET)
    return page.locator(".se-x-description").nth(place).inner_text()


def test_keyboard_moves_a_slider_and_says_so(lab):
    page = opened(lab, "keys", "se.explore('reach')")
    assert "0.0988 pM" in description(page)
    page.get_by_label("Secretion of one cell").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    said = description(page)
    assert "0.0988 pM" not in said
    value = page.evaluate("document.activeElement.getAttribute('aria-valuetext')")
    assert value.endswith("molecules/s")
    assert page.locator("output").first.inner_text() == value
    page.keyboard.press("End")
    assert page.locator("output").first.inner_text() == "100 molecules/s"
    assert "12.7 pM" in description(page)
    page.get_by_role("button", name="Reset").press("Enter")
    assert "0.0988 pM" in description(page)
    assert page.problems == []


def test_cells_are_placed_moved_and_removed(lab):
    page = opened(lab, "cells", "se.explore('field')")
    canvas, spoken = page.locator(".se-x canvas").first, page.locator(".se-sr")
    canvas.focus()
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert description(page).startswith("6 MSC")
    assert "placed at" in spoken.inner_text()
    page.keyboard.press("Delete")
    assert description(page).startswith("5 MSC")
    assert "removed" in spoken.inner_text()
    box = canvas.bounding_box()
    page.mouse.click(box["x"] + 60, box["y"] + 60)
    before = description(page)
    assert before.startswith("6 MSC")
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 160, steps=8)
    page.mouse.up()
    after = description(page)
    assert after.startswith("6 MSC")
    assert after != before
    page.mouse.click(box["x"] + 160, box["y"] + 160)
    assert description(page).startswith("5 MSC")
    assert page.problems == []


def test_nothing_is_lost_when_the_learner_is_faster_than_the_kernel(lab):
    page = opened(lab, "fast", "se.explore('field')")
    page.locator(".se-x canvas").first.focus()
    for _ in range(6):
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
    assert description(page).startswith("11 MSC")
    page.evaluate("""() => { const root = document.querySelector('.se-x');
      [...root.querySelectorAll('button')].find((b) => b.textContent === 'Five MSC apart').click();
      const slider = root.querySelector('input[type=range]');
      slider.value = slider.max; slider.dispatchEvent(new Event('input')); }""")
    said = description(page)
    assert said.startswith("5 MSC")
    assert page.locator("output").first.inner_text() == "100 molecules/s"
    assert "at 504, 160" in said


def test_a_second_view_and_code_show_the_same(lab):
    page = opened(lab, "twice", "view = se.explore('reach')\nview", "view")
    page.get_by_label("Cells in the cluster").first.focus()
    page.keyboard.press("End")
    assert description(page, 0) == description(page, 1)
    assert page.locator("output").nth(3).inner_text() == "100,000"
    outputs = page.locator(".se-x").nth(1).locator("output")
    assert outputs.nth(3).inner_text() == "100,000"


def test_table_and_saved_picture(lab):
    page = opened(lab, "table", "se.explore('binding')")
    page.get_by_role("button", name="Show as table").press("Enter")
    table = page.locator(".se-x-tables table")
    table.wait_for()
    assert "ligand added (pM)" in table.inner_text()
    first = table.inner_text()
    page.get_by_role("button", name="Crowded well").press("Enter")
    page.wait_for_timeout(2 * QUIET)
    assert table.inner_text() != first
    with page.expect_download() as download:
        page.get_by_role("button", name="Save picture").press("Enter")
    assert download.value.suggested_filename == "binding.png"


def test_a_lost_kernel_is_said(lab):
    page = opened(lab, "lost", "se.explore('reach')")
    page.evaluate(RESTART)
    page.wait_for_timeout(1500)
    page.get_by_label("Diffusivity").focus()
    page.keyboard.press("ArrowLeft")
    notice = page.locator(".se-x-notice")
    page.wait_for_function("document.querySelector('.se-x-notice')?.textContent", timeout=8000)
    assert "run this cell again" in notice.inner_text().lower()


def test_no_accessibility_violations_in_either_theme(lab, axe):
    names = ["field", "inflammation", "meta_analysis"]
    page = opened(lab, "axe", *(f"se.explore({name!r})" for name in names))
    for theme in ("Light", "Dark"):
        set_theme(page, theme)
        for i, name in enumerate(names):
            page.evaluate(SHOW, i + 1)
            page.wait_for_timeout(300)
            assert axe(page) == [], (theme, name)


def farthest(one: str, other: str) -> int:
    """Return the largest difference of two pictures in one channel of one pixel."""
    from base64 import b64decode
    from io import BytesIO

    from PIL import Image, ImageChops

    pair = [
        Image.open(BytesIO(b64decode(url.split(",")[1]))).convert("RGB") for url in (one, other)
    ]
    return max(high for _, high in ImageChops.difference(*pair).getextrema())


def test_pictures_follow_the_theme_and_stay_sharp_out_of_sight(lab):
    names = ["binding", "inflammation", "wound", "vesicles", "reach"]
    page = opened(lab, "theme", *(f"se.explore({name!r})" for name in names))
    seen = {}
    # Back to light at the end: a theme's colors arrive after it has announced itself.
    for turn, theme in enumerate(("Light", "Dark", "Light")):
        set_theme(page, theme)
        page.wait_for_timeout(1500)
        for i, name in enumerate(names):
            page.evaluate(SHOW, i + 1)
            page.wait_for_timeout(QUIET)
            drawn, wide, seen[turn, name] = page.evaluate(
                """(i) => { const cells = window.jupyterapp.shell.currentWidget.content.widgets;
                const canvas = cells[i].node.querySelector('.se-x canvas');
                const wide = canvas.clientWidth * devicePixelRatio;
                return [canvas.width, wide, canvas.toDataURL()]; }""",
                i + 1,
            )
            assert abs(drawn - wide) <= 1, (theme, name)
    for name in names:
        assert farthest(seen[0, name], seen[1, name]) > 100
        # Edges of thin lines may be blended a little differently when drawn again.
        assert farthest(seen[0, name], seen[2, name]) < 40
