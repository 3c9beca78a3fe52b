"""The browser edition as a learner opens it: no server, no network but the CDN, nothing lost.

What CI has of the CDN is prepared by ``fetch_pyodide.py`` and lacks numpy, scipy, pandas and
matplotlib; docs/delivery.md says what is therefore not run here.
"""

from __future__ import annotations

import base64
import json
import os
import pickle
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from lite_page import SAVE_FILE, LitePage, served
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from secretome_edu.authoring.notebooks import ROOT
from secretome_edu.authoring.site.lite_wheels import FROM_DISTRIBUTION, FROM_KERNEL
from secretome_edu.course import lesson as open_lesson
from secretome_edu.course.manifest import manifest
from secretome_edu.progress.store import open_store
from secretome_edu.quiz.layout import Layout

LARGEST_MB = 60
LESSON = "05_paracrine_reach.ipynb"
SLUG = "paracrine_reach"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The edition, built once by the command."""
    out = tmp_path_factory.mktemp("lite") / "site"
    command = [sys.executable, "-m", "secretome_edu.cli", "site", "lite", "--out", str(out)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return out


@pytest.fixture(scope="module")
def pyodide():
    """The folder that answers for the CDN."""
    folder = os.environ.get("SECRETOME_EDU_PYODIDE", "")
    if not folder:
        pytest.skip(
            "needs Pyodide: run tests/browser/fetch_pyodide.py FOLDER with a network, then "
            "set SECRETOME_EDU_PYODIDE=FOLDER"
        )
    return Path(folder)


@pytest.fixture(scope="module")
def lite(browser, site, pyodide):
    """Lesson 05, opened by its link, its first cell and its header run."""
    with served(site) as address:
        opened = LitePage(browser, address, pyodide)
        begin(opened)
        yield opened
        opened.context.close()


def begin(lite) -> str:
    lite.open(LESSON)
    lite.run("browser-edition-setup")
    return lite.run(f"{SLUG.replace('_', '-')}-setup")


def wheels(site):
    for path in sorted((site / "pypi").glob("*.whl")):
        with zipfile.ZipFile(path) as held:
            name = next(n for n in held.namelist() if n.endswith(".dist-info/METADATA"))
            yield Parser().parsestr(held.read(name).decode())


# -- what is built -------------------------------------------------------------------------------


def test_the_site_is_small_whole_and_has_no_source_maps(site):
    files = [path for path in site.rglob("*") if path.is_file()]
    size_mb = sum(path.stat().st_size for path in files) / 1e6
    print(f"{size_mb:.1f} MB in {len(files)} files")
    assert size_mb <= LARGEST_MB
    assert not [path for path in files if path.suffix == ".map"]
    lessons = {entry.notebook for entry in manifest().ready()}
    assert lessons <= {path.name for path in (site / "files").iterdir()}
    page = (site / "index.html").read_text()
    assert all(f'href="lab/index.html?path={name}"' in page for name in lessons)


def test_every_requirement_is_met_by_what_is_brought_or_by_the_distribution(site, pyodide):
    published = json.loads((pyodide / "as-published.json").read_text())["packages"]
    there = {canonicalize_name(n): p["version"] for n, p in published.items()}
    brought = {canonicalize_name(m["Name"]): m["Version"] for m in wheels(site)}
    assert not set(brought) & set(there), "these come from the CDN anyway"
    assert set(there) >= FROM_DISTRIBUTION
    browser = {"sys_platform": "emscripten", "python_version": "3.14", "extra": ""}
    for metadata in wheels(site):
        for text in metadata.get_all("Requires-Dist") or []:
            wanted = Requirement(text)
            name = canonicalize_name(wanted.name)
            if wanted.marker and not wanted.marker.evaluate(browser):
                continue
            if name not in FROM_KERNEL:
                assert wanted.specifier.contains((brought | there)[name]), (metadata["Name"], text)


# -- a learner's hour ----------------------------------------------------------------------------


def test_the_lesson_opens_and_says_what_it_says_elsewhere(lite):
    assert lite.run(f"{SLUG.replace('_', '-')}-setup") == repr(open_lesson(SLUG))


ALL_HEADERS = """\
import json
from secretome_edu.course.manifest import manifest
print(json.dumps({e.slug: repr(se.lesson(e.slug)) for e in manifest().ready()}))"""


def test_every_lesson_opens(lite):
    said = json.loads(lite.run_code("all-headers", ALL_HEADERS))
    assert list(said) == [entry.slug for entry in manifest().ready()]
    for slug, header in said.items():
        assert header.splitlines()[:-1] == repr(open_lesson(slug)).splitlines()[:-1]


def test_a_prediction_a_question_and_an_exercise_are_answered_and_outlive_a_reload(lite):
    page = lite.page
    lite.run_code("predict", 'lesson.predict("p1")')
    lite.run_code("explain", 'lesson.explain("p1")')
    page.locator("form[data-item='p1'] input[type=radio]").first.check()
    page.locator("form[data-item='p1'] .se-primary").click()
    page.wait_for_selector(".se strong:has-text('You predicted:')")

    item = next(i for i in open_lesson(SLUG).bank.pool("quiz") if i.type == "single_choice")
    right = next(option.id for option in item.options if option.correct)
    marks = Layout(item).names["options"]
    wrong, mark = (
        next(m for m, name in marks.items() if (name == right) is found) for found in (False, True)
    )
    lite.run_code("quiz", "lesson.quiz()")
    form = page.locator(f"form[data-item='{item.id}']")
    for given, state in ((wrong, "incorrect"), (mark, "correct")):
        form.locator(f"input[value={given}]").check()
        form.locator(".se-primary").click()
        form.locator(f".se-is-{state}").first.wait_for(state="attached")
        assert len(form.locator(".se-feedback").inner_text()) > 40

    lite.run_code("exercise", 'lesson.check("e1")')
    box = page.locator("section.se", has_text="Three diffusion lengths")
    exercise = open_lesson(SLUG).exercises["e1"]
    reference = exercise.task.reference()
    for field, value in zip(exercise.fields, reference.values(), strict=True):
        assert field.name in reference
        box.locator("input[type=text]").nth(exercise.fields.index(field)).fill(str(value))
    box.locator(".se-primary").click()
    box.locator("text=Correct").first.wait_for()

    done = "1 of 8 quiz questions and 1 of 3 exercises right so far."
    assert done in lite.run_code("again", "lesson")
    assert "Paracrine reach" in lite.run_code("report", "se.progress()")
    assert done in begin(lite)  # the page is loaded anew, with a new kernel
    assert "You predicted:" in lite.run_code("explain-again", 'lesson.explain("p1")')


def test_what_was_done_is_handed_in_by_download(lite, tmp_path):
    right = open_lesson(SLUG).exercises["e1"].task.reference()
    lite.run_code("solved", f'lesson.check("e1", {right!r})')
    lite.run_code("export", 'se.export_progress("me.jsonl")')
    listed = lite.page.locator(".jp-DirListing-item", has_text="me.jsonl")
    listed.click(button="right")
    with lite.page.expect_download() as download:
        lite.page.get_by_role("menuitem", name="Download").click()
    assert download.value.suggested_filename == "me.jsonl"
    file = tmp_path / "me.jsonl"
    download.value.save_as(file)
    instructor = open_store("memory:")
    report = instructor.import_jsonl(file, mine=False)
    assert report.added >= 1
    assert not report.refused
    solved = [e for e in instructor.events(everyone=True) if e.item == "e1"]
    assert solved[-1]["state"] == "correct"


def test_what_was_done_is_deleted_and_comes_back_from_the_file(lite):
    right = open_lesson(SLUG).exercises["e1"].task.reference()
    lite.run_code("solved-again", f'lesson.check("e1", {right!r})')
    lite.run_code("keep", 'se.export_progress("kept.jsonl")')
    lite.run_code("delete", "se.delete_progress(confirm=True)")
    nothing = "0 of 8 quiz questions and 0 of 3 exercises"
    assert nothing in lite.run_code("deleted", f'se.lesson("{SLUG}")')
    lite.run_code("import", 'se.import_progress("kept.jsonl")')
    assert "1 of 3 exercises" in lite.run_code("back", f'se.lesson("{SLUG}")')


STORED = """\
import base64, pickle, traitlets, secretome_edu
from pathlib import Path
from secretome_edu.ui.widget import THEME_CSS, CourseWidget

stored = pickle.loads(base64.b64decode(Path("frames.txt").read_text()))
folder = Path(secretome_edu.__file__).parent / "explore"
read = lambda *names: "\\n".join((folder / name).read_text() for name in names)

class Stored(CourseWidget):
    _esm, _css = read(*stored["scripts"]), THEME_CSS + read("canvas.css")
    spec = traitlets.Dict().tag(sync=True)
    frame = traitlets.Dict().tag(sync=True)
    static_text = static_html = lambda self: "stored frames"

    def answer(self, _widget, message, _buffers):
        value = message["values"][stored["control"]]
        near = min(stored["frames"], key=lambda known: abs(known - value))
        self.frame = {**stored["frames"][near], "answers": message["from"]}

shown = Stored(spec=stored["spec"], frame=stored["frames"][stored["first"]])
shown.on_msg(shown.answer)
shown"""


def stored_frames() -> dict:
    """Some pictures of an explorer, made here by its model, where numpy is."""
    from secretome_edu.explore import canvas, definition
    from secretome_edu.explore.canvas import CanvasExplorer

    explorer = definition("reach")
    control = explorer.controls[0]
    place = control.grid.index(control.default)
    frames = {}
    for value in control.grid[place : place + 3]:
        frames[value] = CanvasExplorer(explorer, {control.name: value}).frame
    return {
        "scripts": [*canvas._PLOT, *canvas._PAGE],
        "control": control.name,
        "first": control.default,
        "spec": canvas.spec(explorer),
        "frames": frames,
    }


def test_an_explorer_moves_in_the_page_on_stored_frames(lite):
    stored = stored_frames()
    text = base64.b64encode(pickle.dumps(stored)).decode()
    lite.page.evaluate(SAVE_FILE, ["frames.txt", text])
    lite.run_code("stored-frames", STORED)
    said = lite.page.locator(".se-x-description")
    said.wait_for()
    first, second, _ = (frame["description"] for frame in stored["frames"].values())
    assert first != second
    lite.page.wait_for_function(
        "s => document.querySelector('.se-x-description').innerText === s", arg=first
    )
    drawn = "() => document.querySelector('.se-x canvas').toDataURL()"
    before = lite.page.evaluate(drawn)
    label = next(c["label"] for c in stored["spec"]["controls"] if c["name"] == stored["control"])
    lite.page.get_by_label(label).first.focus()
    lite.page.keyboard.press("ArrowRight")
    lite.page.wait_for_function(
        "s => document.querySelector('.se-x-description').innerText === s", arg=second
    )
    assert lite.page.evaluate(drawn) != before


def test_nothing_but_the_distribution_was_asked_for(lite):
    assert lite.refused == []
    assert lite.problems == []
    assert "pyodide.asm.wasm" in lite.fetched


# -- the first page --------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_page_is_accessible_and_fits_a_phone(browser, site, axe, scheme):
    with served(site) as address:
        context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme)
        page = context.new_page()
        page.goto(f"{address}/index.html")
        assert axe(page, "body") == []
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        if folder := os.environ.get("SECRETOME_EDU_PICTURES"):
            page.screenshot(path=Path(folder) / f"lite-first-{scheme}.png", full_page=True)
        context.close()
