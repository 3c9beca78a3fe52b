"""Notebooks are run and stored in one form: twice is once, and a failing one stays as it was."""

from __future__ import annotations

import json
import os

import pytest

from secretome_edu.authoring import refresh as room
from secretome_edu.authoring.notebooks import (
    METADATA,
    WIDGET_VIEW,
    lesson_notebooks,
    normalize,
    read,
    write,
)
from secretome_edu.authoring.refresh import refresh
from secretome_edu.ui.messages import CourseError


def notebook(*sources: str) -> dict:
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for number, source in enumerate(sources)
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def put(path, *sources: str):
    path.write_text(json.dumps(notebook(*sources)), encoding="utf-8")
    return path


def test_refreshing_twice_changes_nothing_the_second_time(tmp_path):
    path = put(tmp_path / "a.ipynb", "x = 1 + 1\nprint(x)", "x * 2")
    assert refresh([path]) == [path]
    once = path.read_bytes()
    assert refresh([path]) == []
    assert path.read_bytes() == once
    cells = read(path)["cells"]
    assert [cell["execution_count"] for cell in cells] == [1, 2]
    assert cells[0]["outputs"][0]["text"] == ["2\n"]
    assert cells[1]["outputs"][0]["data"]["text/plain"] == ["4"]
    assert read(path)["metadata"] == METADATA


def test_a_failing_notebook_stays_as_it_was_and_is_named(tmp_path):
    good, bad = put(tmp_path / "good.ipynb", "1"), put(tmp_path / "bad.ipynb", "1", "1 / 0")
    before = bad.read_bytes()
    with pytest.raises(CourseError, match=r"(?s)bad\.ipynb does not run.*1 / 0.*ZeroDivisionError"):
        refresh([good, bad])
    assert bad.read_bytes() == before
    assert read(good)["cells"][0]["execution_count"] == 1


def test_a_cell_that_takes_too_long_is_stopped(tmp_path):
    path = put(tmp_path / "slow.ipynb", "import time; time.sleep(60)")
    before = path.read_bytes()
    with pytest.raises(CourseError, match=r"slow\.ipynb does not run"):
        refresh([path], timeout_s=1)
    assert path.read_bytes() == before


def test_a_kernel_that_dies_is_said(tmp_path):
    path = put(tmp_path / "dead.ipynb", "import os; os._exit(1)")
    before = path.read_bytes()
    with pytest.raises(CourseError, match=r"dead\.ipynb does not run"):
        refresh([path])
    assert path.read_bytes() == before


@pytest.mark.parametrize("text", ["", "{", "[]", "{}"])
def test_a_file_that_is_no_notebook_is_said(tmp_path, text):
    path = tmp_path / "no.ipynb"
    path.write_text(text)
    with pytest.raises(CourseError, match=r"no\.ipynb"):
        refresh([path])
    assert path.read_text() == text


def test_notebooks_run_as_on_the_first_day(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_STORE", "sqlite:////nowhere/p.db")
    monkeypatch.setenv("SECRETOME_EDU_UI", "text")
    before = dict(os.environ)
    with room._clean_environment():
        assert os.environ["SECRETOME_EDU_STORE"] == "memory:"
        assert "SECRETOME_EDU_UI" not in os.environ
        os.environ["LEFT"] = "over"
    assert dict(os.environ) == before


# -- the one form ------------------------------------------------------------------------------


def test_what_differs_between_two_runs_or_machines_goes():
    raw = notebook("x\ny")
    raw["metadata"] = {"widgets": {"state": {}}, "kernelspec": {"name": "conda"}, "toc": 1}
    cell = raw["cells"][0]
    cell["execution_count"] = 17
    cell["metadata"] = {
        "tags": ["keep"],
        "execution": {"iopub.execute_input": "2026-01-01T00:00:00"},
        "collapsed": True,
        "scrolled": True,
    }
    cell["outputs"] = [
        {
            "output_type": "execute_result",
            "execution_count": 17,
            "metadata": {"isolated": True},
            "data": {
                "text/plain": "a\nb",
                "text/html": ["<p>", "a</p>"],
                WIDGET_VIEW: {"model_id": "abc", "version_major": 2},
                "application/json": {"a": 1},
            },
        },
        {"output_type": "stream", "name": "stdout", "text": "c\nd\n"},
    ]
    clean = normalize(raw)
    assert clean["metadata"] == METADATA
    only = clean["cells"][0]
    assert only["metadata"] == {"tags": ["keep"]}
    assert only["source"] == ["x\n", "y"]
    assert only["execution_count"] == only["outputs"][0]["execution_count"] == 1
    assert only["outputs"][0]["data"] == {
        "text/plain": ["a\n", "b"],
        "text/html": ["<p>a</p>"],
        "application/json": {"a": 1},
    }
    assert only["outputs"][0]["metadata"] == {}
    assert only["outputs"][1]["text"] == ["c\n", "d\n"]
    assert normalize(clean) == clean


def test_normalizing_leaves_the_given_notebook_alone():
    raw = notebook("x")
    before = json.dumps(raw)
    normalize(raw)
    assert json.dumps(raw) == before


def test_prose_keeps_no_outputs_and_is_not_counted():
    raw = notebook("a", "b")
    raw["cells"].insert(
        1, {"cell_type": "markdown", "id": "m", "metadata": {"x": 1}, "source": "#"}
    )
    clean = normalize(raw)["cells"]
    assert clean[1] == {"cell_type": "markdown", "id": "m", "metadata": {}, "source": ["#"]}
    assert [c.get("execution_count") for c in clean] == [1, None, 2]


def test_writing_says_whether_the_file_changed(tmp_path):
    path = tmp_path / "a.ipynb"
    assert write(path, normalize(notebook("x = 'µ'"))) is True
    assert write(path, normalize(notebook("x = 'µ'"))) is False
    assert "µ" in path.read_text(encoding="utf-8")
    assert write(path, normalize(notebook("y"))) is True


def test_the_stored_lessons_are_in_the_one_form():
    for _, path in lesson_notebooks():
        text = json.dumps(normalize(read(path)), indent=1, sort_keys=True, ensure_ascii=False)
        assert path.read_text(encoding="utf-8") == text + "\n"
