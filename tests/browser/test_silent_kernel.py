"""A kernel that is busy or was restarted: every widget that asks it says so, and recovers."""

from __future__ import annotations

import re

import nbformat
import pytest
from lab import RESTART, Lab
from playwright.sync_api import expect

from secretome_edu.authoring.notebooks import METADATA

FIRST = """import secretome_edu as se
from secretome_edu.figures import source_and_priming as pictures
lesson = se.lesson('paracrine_reach')"""
BUSY = """() => { window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
  .requestExecute({code: "import time; time.sleep(12)"}); }"""
SILENT = "The kernel (has not answered yet|does not answer)"


def exercise(cell):
    cell.get_by_role("button", name="Hint").click()


def explorer(cell):
    cell.locator("input[type=range]").first.press("ArrowRight")


def quiz(cell):
    cell.locator("form input").first.check()
    cell.locator("form button[type=submit]").click()


def chooser(cell):
    cell.get_by_label("Species", exact=True).select_option("mouse")


WIDGETS = {  # what a cell says, what a learner does there, what the kernel answers
    exercise: ("lesson.check('e1', None)", r"Hint 1\."),
    explorer: ("lesson.explore('reach')", "How far"),
    quiz: ("lesson.predict('p1')", "[Nn]oted"),
    chooser: ("pictures.evidence_map()", "4 papers"),
}


@pytest.fixture
def cells(tmp_path):
    """The page and, by what a learner does there, its cells."""
    running = Lab(tmp_path / "lab", SECRETOME_EDU_STORE="memory:")
    code = [FIRST, *(source for source, _ in WIDGETS.values())]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in code], metadata=METADATA
    )
    page = running.open(notebook, "silent.ipynb")
    page.set_viewport_size({"width": 1300, "height": 4000})
    assert running.run_all(page) == []
    yield page, {act: page.locator(".jp-Cell").nth(n) for n, act in enumerate(WIDGETS, 1)}
    assert page.problems == []
    running.close()


def test_a_busy_kernel_is_named_and_then_answers(cells):
    page, cell = cells
    page.evaluate(BUSY)
    for act in WIDGETS:
        act(cell[act])
    for act in WIDGETS:
        expect(cell[act], act.__name__).to_contain_text(re.compile(SILENT), timeout=10_000)
    for act, (_, answer) in WIDGETS.items():
        expect(cell[act], act.__name__).not_to_contain_text(re.compile(SILENT), timeout=15_000)
        expect(cell[act], act.__name__).to_contain_text(re.compile(answer))


def test_a_kernel_that_lost_its_widgets_is_named(cells):
    page, cell = cells
    page.evaluate(RESTART)
    for act in WIDGETS:
        act(cell[act])
        expect(cell[act], act.__name__).to_contain_text(re.compile(SILENT), timeout=10_000)
        expect(cell[act], act.__name__).to_contain_text("un this cell again")
