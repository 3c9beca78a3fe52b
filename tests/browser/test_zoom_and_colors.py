"""All outputs of all lessons at 200 % zoom, in forced colors and without motion, in JupyterLab.

One notebook holds the code of every lesson; each output is looked at in a window of 640 by 512
pixels at double density, which is what 1280 by 1024 shows at 200 %.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from lab import Lab, set_theme
from learner import DRAWN, RAN, SLOW, lesson_notebook

from secretome_edu.course.manifest import manifest

LOOK = Path(__file__).with_name("zoomed.js").read_text(encoding="utf-8")
ZOOMED = {"width": 640, "height": 512}
SHOWN = """async () => { const drawn = [];
  for (const area of document.querySelectorAll('.jp-OutputArea-output')) {
    area.scrollIntoView({block: 'start'});
    await new Promise(r => requestAnimationFrame(() => setTimeout(r, 0)));
    drawn.push(...zoomed.wide(area)); }
  return drawn; }"""
EACH = """async () => { for (const canvas of document.querySelectorAll('.se-x')) {
    canvas.scrollIntoView({block: 'start'}); await new Promise(r => setTimeout(r, 150)); } }"""
KINDS = {
    "explorer": ".se-x",
    "chooser": ".se-chooser",
    "quiz": ".se-quiz",
    "exercise": "section.se[aria-labelledby]",
    "model card": ".jp-OutputArea-output:has([aria-label=Parameters])",
    "figure": ".jp-OutputArea-output:has(figure)",
}


def whole_course() -> dict:
    """Return one notebook with the code cells of every lesson."""
    content = lesson_notebook(manifest().ready()[0].notebook)
    content["cells"] = []
    for entry in manifest().ready():
        for cell in lesson_notebook(entry.notebook)["cells"]:
            if cell["cell_type"] == "code":
                content["cells"].append({**cell, "id": f"{entry.number:02}-{cell['id']}"[:64]})
    return content


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    running = Lab(tmp_path_factory.mktemp("lab") / "lab", SECRETOME_EDU_STORE="memory:")
    yield running
    running.close()


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open(whole_course(), "course.ipynb", device_scale_factor=2)
    page.evaluate(LOOK)
    page.set_viewport_size(ZOOMED)
    page.keyboard.press("Control+b")  # the list of files would leave half of the window
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
    page.wait_for_function(RAN, timeout=480_000)
    page.wait_for_function(DRAWN, timeout=120_000)
    yield page
    assert set(page.problems) <= {SLOW}


@pytest.fixture(scope="module")
def quiz(lab):
    """A page with one quiz in forced colors."""
    content = lesson_notebook(manifest().ready()[0].notebook)
    first = next(cell for cell in content["cells"] if cell["cell_type"] == "code")
    first["source"] = "import secretome_edu as se\nse.lesson('start_here').quiz()"
    page = lab.open({**content, "cells": [first]}, "quiz.ipynb", forced_colors="active")
    assert lab.run_all(page) == []
    page.wait_for_selector(".se-quiz form")
    return page


@pytest.fixture
def forced(page):
    page.emulate_media(forced_colors="active")
    yield page
    page.emulate_media(forced_colors="none", color_scheme="light")
    set_theme(page, "Light")


def test_no_output_is_wider_than_the_window_at_200_percent(page):
    assert page.locator(".jp-OutputArea-output").count() > 200
    wide = page.evaluate(SHOWN)
    assert wide == [], "\n".join(wide)


def test_no_word_of_a_picture_is_cut_or_covered_at_200_percent(page):
    page.evaluate(EACH)
    assert page.locator(".se-x canvas").count() >= 16
    assert page.evaluate("zoomed.pictures()") == []


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_at_200_percent_and_in_forced_colors(page, axe, kind):
    box = page.locator(KINDS[kind]).first
    box.scroll_into_view_if_needed()
    box.evaluate("(node, kind) => { node.dataset.looked = kind; }", kind)
    for colors in ("none", "active"):
        page.emulate_media(forced_colors=colors)
        assert axe(page, f'[data-looked="{kind}"]') == []
    page.emulate_media(forced_colors="none")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_curves_and_words_of_pictures_stand_out_in_forced_colors(forced, scheme):
    set_theme(forced, scheme.capitalize())
    forced.emulate_media(forced_colors="active", color_scheme=scheme)
    forced.wait_for_timeout(4500)  # the last time a picture looks for colors that come late
    forced.evaluate(EACH)
    assert forced.evaluate("zoomed.faint()") == []


def test_states_are_words_and_edges_in_forced_colors(quiz):
    form = quiz.locator(".se-quiz form:has(input[type=radio])").first
    seen = []
    for option in form.locator("input[type=radio]").all():
        option.check()
        assert option.evaluate("node => getComputedStyle(node).appearance") != "none"
        said = form.locator(".se-feedback")
        said.evaluate("node => node.replaceChildren()")  # not what was said to the one before
        form.locator(".se-primary").click()
        said.locator(".se-verdict").first.wait_for()
        edge = said.evaluate("node => getComputedStyle(node).borderTopWidth")
        assert float(edge.removesuffix("px")) >= 1
        seen.append(said.inner_text().split("\n")[0])
        if form.locator("input:disabled").count():
            break
    assert seen[-1].endswith("Right")
    assert all("Not yet" in word for word in seen[:-1])
    flat = quiz.locator(".se button, .se select, .se input[type=text]").evaluate_all(
        "all => all.filter(n => n.checkVisibility() &&"
        " parseFloat(getComputedStyle(n).borderTopWidth) < 1).map(n => n.outerHTML.slice(0, 120))"
    )
    assert flat == []


def test_the_focus_shows_in_forced_colors(quiz):
    button = quiz.locator(".se-primary").first
    button.press("Shift")  # a key, so that the focus is one of the keyboard
    style, width, ink, ground = button.evaluate(
        "node => { const s = getComputedStyle(node); return [s.outlineStyle, s.outlineWidth,"
        " s.outlineColor, getComputedStyle(document.body).backgroundColor]; }"
    )
    assert style == "solid"
    assert float(width.removesuffix("px")) >= 2
    assert ink != ground


def test_nothing_moves_for_who_asked_for_less_motion(page):
    page.emulate_media(reduced_motion="reduce")
    page.locator(".se-x summary").first.click()
    page.locator(".se-x input[type=range]").first.press("End")
    page.locator(".se-choice").last.hover()
    assert page.evaluate("zoomed.moving('.jp-OutputArea-output')") == []
    page.emulate_media(reduced_motion="no-preference")


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    """The pages outside of JupyterLab: the class report and the printable quiz."""
    from secretome_edu.classroom import page
    from secretome_edu.classroom.course_facts import this_course
    from secretome_edu.classroom.report import class_report
    from secretome_edu.classroom.simulate import simulate, write_hand_ins
    from secretome_edu.quiz.bank import load_bank
    from secretome_edu.quiz.exchange import export_banks

    folder, course = tmp_path_factory.mktemp("papers"), this_course()
    start, now = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    write_hand_ins(folder / "class", simulate(course, 5, seed=5, start=start))
    report = class_report(folder / "class", course=course, now=now)
    written, _ = page.write(report, folder / "report.html")
    export_banks([load_bank("paracrine_reach")], "print").save(folder / "quiz.html")
    return {"report": written, "quiz": folder / "quiz.html"}


@pytest.mark.parametrize("paper", ["report", "quiz"])
def test_papers_at_200_percent_in_forced_colors_without_motion(page, papers, axe, paper):
    context = page.context.browser.new_context(
        viewport=ZOOMED, device_scale_factor=2, forced_colors="active", reduced_motion="reduce"
    )
    tab = context.new_page()
    tab.goto(papers[paper].as_uri())
    tab.evaluate(LOOK)
    tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert tab.evaluate("zoomed.moving('html')") == []
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(tab, "html") == []
    context.close()
