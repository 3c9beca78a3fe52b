"""The evidence map in a real JupyterLab: chosen by keyboard, announced, looked over by axe."""

from __future__ import annotations

import nbformat
import pytest
from lab import Lab, set_theme

from secretome_edu.authoring.notebooks import METADATA

CODE = """from secretome_edu.figures import source_and_priming as pictures
view = pictures.evidence_map()
view"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    running = Lab(tmp_path_factory.mktemp("lab"), SECRETOME_EDU_STORE="memory:")
    cells = [nbformat.v4.new_code_cell(CODE), nbformat.v4.new_code_cell("view.chosen['species']")]
    page = running.open(nbformat.v4.new_notebook(cells=cells, metadata=METADATA), "map.ipynb")
    assert running.run_all(page) == []
    page.wait_for_selector(".se-chooser select")
    yield page
    assert page.problems == []
    running.close()


def test_a_letter_chooses_and_is_no_command_of_the_lab(page):
    before = page.locator(".jp-Cell").count()
    page.get_by_label("Species", exact=True).focus()
    page.keyboard.press("m")  # in JupyterLab's command mode this would make a Markdown cell
    status = page.locator(".se-chooser [role=status]")
    page.wait_for_function("() => document.querySelector('.se-chooser table').rows.length < 6")
    assert "4 papers" in status.inner_text()
    assert page.get_by_label("Species", exact=True).input_value() == "mouse"
    assert page.locator(".jp-Cell").count() == before
    assert page.locator(".jp-MarkdownCell").count() == 0


def test_the_found_table_is_reached_by_the_tab_key(page):
    page.get_by_label("Columns", exact=True).focus()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "se-chooser-found"


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_axe_finds_nothing(page, axe, theme):
    set_theme(page, theme)
    assert axe(page) == []
