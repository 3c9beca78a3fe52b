"""The browser edition without a browser: its wheels, its notebooks, what stops a build."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import subprocess
import sys
import zipfile

import pytest
from click.testing import CliRunner

from secretome_edu.authoring.notebooks import FOLDER, read, source
from secretome_edu.authoring.site import lite, lite_wheels, pages
from secretome_edu.authoring.site.checks import SiteError
from secretome_edu.authoring.site.place import replacing
from secretome_edu.cli import main
from secretome_edu.course.manifest import manifest
from secretome_edu.ui.messages import CourseError

# -- wheels ------------------------------------------------------------------------------------


def test_what_the_browser_has_is_not_brought_and_what_it_lacks_is():
    found = lite_wheels.needed(["ipywidgets>=8.1", "numpy", "anywidget", "SQLAlchemy"])
    assert {"ipywidgets", "anywidget", "comm", "psygnal", "jupyterlab-widgets"} <= set(found)
    assert not {"numpy", "sqlalchemy", "ipython", "widgetsnbextension"} & set(found)


def test_a_requirement_of_other_systems_is_passed_over():
    assert lite_wheels.needed(["no-such-thing; sys_platform == 'win32'"]) == []
    with pytest.raises(CourseError, match="no-such-thing is not installed here"):
        lite_wheels.needed(["no-such-thing"])


def test_a_compiled_package_becomes_a_pure_one(tmp_path):
    wheel = lite_wheels.pure_wheel("psygnal", tmp_path)
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as held:
        names = held.namelist()
        assert not [n for n in names if n.endswith((".so", ".pyd", ".pyc")) or ".." in n]
        record = next(n for n in names if n.endswith(".dist-info/RECORD"))
        rows = list(csv.reader(io.StringIO(held.read(record).decode())))
        assert [row[0] for row in rows] == names
        for name, digest, size in rows[:-1]:
            data = held.read(name)
            made = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            assert (digest, size) == (f"sha256={made}", str(len(data)))
    code = (
        f"import sys; sys.path.insert(0, {str(wheel)!r}); import psygnal; print(psygnal.__file__)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert wheel.name in ran.stdout, ran.stderr


def test_the_same_package_gives_the_same_bytes(tmp_path):
    (tmp_path / "again").mkdir()
    one = lite_wheels.pure_wheel("comm", tmp_path)
    other = lite_wheels.pure_wheel("comm", tmp_path / "again")
    assert one.read_bytes() == other.read_bytes()


def test_a_module_without_python_source_is_refused_unless_it_may_be_missing(tmp_path):
    with pytest.raises(CourseError, match=r"pyyaml is compiled \(yaml/_yaml"):
        lite_wheels.pure_wheel("pyyaml", tmp_path)
    wheel = lite_wheels.pure_wheel("pyyaml", tmp_path, without={"yaml/_yaml"})
    assert "yaml/loader.py" in zipfile.ZipFile(wheel).namelist()


def test_the_course_travels_with_its_data_and_without_tests(tmp_path):
    names = zipfile.ZipFile(lite_wheels.course_wheel(tmp_path)).namelist()
    assert {"secretome_edu/data/tables/factors.csv", "secretome_edu/explore/canvas.js"} <= {*names}
    assert {f"secretome_edu/quiz/banks/{e.slug}.yaml" for e in manifest().ready()} <= {*names}
    assert not [n for n in names if n.startswith("tests") or n.endswith((".pyc", ".ipynb"))]


def test_no_checkout_and_no_builder_are_said(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "hatchling.builders.wheel", None)
    with pytest.raises(CourseError, match="hatchling is not installed"):
        lite_wheels.course_wheel(tmp_path)
    monkeypatch.setattr(lite_wheels, "ROOT", tmp_path)
    with pytest.raises(CourseError, match="built from a checkout"):
        lite_wheels.course_wheel(tmp_path)


# -- notebooks ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_lesson_fetches_the_course_first_and_stays_as_it_is(path):
    before, bytes_before = read(path), path.read_bytes()
    made = lite.for_browser(before)
    code = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
    assert source(code[0]) == lite.FIRST_CELL
    assert code[1:] == [cell for cell in before["cells"] if cell["cell_type"] == "code"]
    ids = [cell["id"] for cell in made["cells"]]
    assert len(ids) == len(set(ids)) == len(before["cells"]) + 1
    assert made["cells"][0]["cell_type"] == "markdown"  # the title comes first
    assert made["metadata"]["kernelspec"]["name"] == "python"
    assert path.read_bytes() == bytes_before


# -- what stops a build --------------------------------------------------------------------------


def test_a_build_without_notebooks_lists_every_one_and_leaves_nothing(tmp_path):
    with pytest.raises(SiteError) as stopped:
        lite.build(tmp_path / "site", folder=tmp_path)
    for entry in manifest().ready():
        assert f"{entry.notebook}: B01" in str(stopped.value)
    assert list(tmp_path.iterdir()) == []


def test_a_machine_without_jupyterlite_is_told_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(lite, "_pack_wheels", lambda folder: None)
    monkeypatch.setattr(lite, "find_spec", lambda name: None)
    said = CliRunner().invoke(main, ["site", "lite", "--out", str(tmp_path / "site")])
    assert said.exit_code == 1
    assert "JupyterLite is not installed here" in said.output
    assert "Traceback" not in said.output
    assert list(tmp_path.iterdir()) == []


def test_what_jupyterlite_says_is_passed_on(tmp_path, monkeypatch):
    monkeypatch.setattr(lite, "_pack_wheels", lambda folder: folder.mkdir())
    monkeypatch.setattr(lite, "EXTENSIONS", ("no/such-extension",))
    with pytest.raises(CourseError, match=r"its last words:\n(.|\n)*no/such-extension"):
        lite.build(tmp_path / "site")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(28, "disk full")])
def test_an_interrupted_build_leaves_the_old_site_and_nothing_else(tmp_path, monkeypatch, stop):
    site = tmp_path / "site"
    with replacing(site) as fresh:
        (fresh / "index.html").write_text("old")

    def half(workshop, out):
        (out / "index.html").write_text("half")
        raise stop

    monkeypatch.setattr(lite, "_pack_wheels", lambda folder: None)
    monkeypatch.setattr(lite, "_run_jupyterlite", half)
    with pytest.raises((KeyboardInterrupt, CourseError)):
        lite.build(site)
    assert (site / "index.html").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_notebook_that_was_not_built_is_found(tmp_path):
    (tmp_path / "files").mkdir()
    (tmp_path / "api" / "contents").mkdir(parents=True)
    (tmp_path / "api" / "contents" / "all.json").write_text('{"content": []}')
    lessons = pages.chapters(FOLDER)
    assert len(lite._check(lessons, tmp_path)) == len(lessons)


# -- what must not wait for compiled packages ----------------------------------------------------

WITHOUT_COMPILED = """
import sys
for name in ("numpy", "scipy", "pandas", "matplotlib", "sqlalchemy", "yaml._yaml"):
    sys.modules[name] = None
import secretome_edu as se
from secretome_edu.course.manifest import manifest
for entry in manifest().ready():
    lesson = se.lesson(entry.slug)
    repr(lesson), repr(lesson.warmup()), repr(lesson.close())
    for id in lesson.ids("prediction"):
        repr(lesson.predict(id)), repr(lesson.explain(id))
    try:
        repr(lesson.quiz())
    except ImportError:
        print(entry.slug)
repr(se.course()), repr(se.progress()), repr(se.review()), repr(se.model_card("field"))
"""
# Their answers are computed from a model or a table, here as everywhere.
COMPUTED_QUIZZES = ["survival_and_proliferation", "cells_or_cell_free"]


def test_reading_asking_and_remembering_need_nothing_compiled():
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_COMPILED], capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == COMPUTED_QUIZZES
