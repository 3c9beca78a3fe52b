"""The lessons in a real JupyterLab: run, moved by keyboard, answered, restarted, looked over."""

from __future__ import annotations

import json

import pytest
from lab import Lab, set_theme

from secretome_edu.authoring.notebooks import FOLDER

LESSON_05 = "05_paracrine_reach.ipynb"
# Whole notebooks in the page, so that a test need not scroll.
TALL = {"width": 1280, "height": 16000}


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    running = Lab(folder, SECRETOME_EDU_STORE=f"sqlite:///{folder / 'progress.sqlite'}")
    yield running
    running.close()


def notebook(name: str) -> dict:
    content = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    for cell in content["cells"]:
        cell["source"] = "".join(cell["source"])
        cell.pop("outputs", None)
        if cell["cell_type"] == "code":
            cell["outputs"] = []
    return content


def opened(lab, name: str):
    page = lab.open(notebook(name), name)
    page.set_viewport_size(TALL)
    assert lab.run_all(page) == []
    return page


@pytest.fixture(scope="module")
def lesson_05(lab):
    page = opened(lab, LESSON_05)
    page.wait_for_selector(".se input[type=range]")
    yield page
    page.context.close()


def canvas(page):
    return page.evaluate(
        "() => document.querySelector('.se canvas').getContext('2d')"
        ".getImageData(0, 0, 800, 400).data.reduce((a, b) => (a * 31 + b) % 1e9, 7)"
    )


def test_lesson_00_runs(lab):
    page = opened(lab, "00_start_here.ipynb")
    page.wait_for_selector("text=What you know already")
    assert page.problems == []
    page.context.close()


def test_slider_moves_the_picture_by_keyboard(lesson_05):
    page = lesson_05
    before = canvas(page)
    slider = page.locator(".se input[type=range]").first
    said = slider.locator("xpath=following::*[@role='status'][1]")
    slider.focus()
    old = slider.evaluate("node => node.value")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "([node, old]) => node.value !== old", arg=[slider.element_handle(), old]
    )
    page.wait_for_timeout(600)
    assert canvas(page) != before
    assert said.count() == 1


def test_prediction_opens_its_explanation_and_answers_survive_a_restart(lab, lesson_05):
    page = lesson_05
    form = page.locator("form[data-item='p1']")
    form.locator("input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector(".se strong:has-text('You predicted:')")
    box = page.locator("section.se", has_text="How many cells make a signal?")
    box.locator("input[type=text]").focus()
    page.keyboard.type("1270")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "() => [...document.querySelectorAll('section.se')].some(s => "
        "s.innerText.includes('How many cells') && s.innerText.includes('Correct'))"
    )
    assert lab.restart_and_run_all(page) == []
    page.wait_for_selector(".se strong:has-text('You predicted:')")
    solved = page.locator("section.se", has_text="How many cells make a signal?")
    solved.locator("text=Correct").wait_for()
    assert solved.locator("input[type=text]").input_value() == "1270"
    assert page.problems == []


def test_widgets_of_one_page_leave_each_other_alone(lesson_05):
    page = lesson_05
    twice = page.evaluate(
        "() => { const ids = [...document.querySelectorAll('.se [id]')].map(n => n.id);"
        " return ids.filter((id, i) => ids.indexOf(id) !== i); }"
    )
    assert twice == []
    first = page.locator("form[data-item='p1'] input[type=radio]").first
    second = page.locator("form[data-item='p2'] input[type=radio]").first
    first.check()
    second.check()
    assert first.is_checked()
    assert second.is_checked()


def test_every_control_is_reached_by_the_tab_key(lesson_05):
    page = lesson_05
    selector = (
        ".jp-OutputArea-output :is(button, input, select, textarea, summary, canvas[tabindex])"
    )
    visible = page.locator(selector).evaluate_all(
        "nodes => { nodes = nodes.filter(n => n.offsetParent && !n.disabled);"
        " nodes.forEach((n, i) => n.dataset.reach = i); return nodes.map(n => n.type === 'radio' ?"
        " 'radio:' + n.name : 'own:' + n.dataset.reach); }"
    )
    page.locator(selector).first.focus()
    met = set()
    for _ in range(len(visible) * 3 + 80):
        met.add(
            page.evaluate(
                "() => { const n = document.activeElement; return n.type === 'radio' ?"
                " 'radio:' + n.name : 'own:' + n.dataset.reach; }"
            )
        )
        page.keyboard.press("Tab")
    assert set(visible) - met == set()


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_axe_finds_nothing(lesson_05, axe, theme):
    page = lesson_05
    set_theme(page, theme)
    assert axe(page) == []
