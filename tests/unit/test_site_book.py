"""The static book without a browser: what stops a build, what a page says, whole or not at all."""

from __future__ import annotations

import json
import re
import sys

import pytest
from click.testing import CliRunner

from secretome_edu.authoring.notebooks import FOLDER, read
from secretome_edu.authoring.site import book, movable, pages, stage
from secretome_edu.authoring.site.checks import RULES, SiteError, check_notebooks, check_pages
from secretome_edu.authoring.site.place import replacing
from secretome_edu.cli import main
from secretome_edu.course.manifest import manifest
from secretome_edu.data.package import records
from secretome_edu.data.references import entries
from secretome_edu.ui.findings import Finding
from secretome_edu.ui.messages import BadValue, CourseError


def markdown(text, name="words"):
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": [text]}


def code(text, count=1, outputs=(), name="code"):
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {},
        "source": [text],
        "execution_count": count,
        "outputs": list(outputs),
    }


def shown(html):
    data = {"text/html": [html], "text/plain": ["-"]}
    return {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}


def notebook(folder, *cells, name="05_lesson.ipynb"):
    path = folder / name
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}), encoding="utf-8")
    return path


# -- what stops a build ------------------------------------------------------------------------


def test_the_committed_notebooks_make_a_book():
    paths = [chapter.path for chapter in pages.chapters(FOLDER)]
    assert check_notebooks(paths, pages.PAPERS) == []


ERROR = {"output_type": "error", "ename": "NameError", "evalue": "x", "traceback": []}


@pytest.mark.parametrize(
    ("cell", "code_"),
    [
        (code("1 + 1", count=None), "B03"),
        (code("x", outputs=[ERROR]), "B04"),
        (markdown("see [there](17_not_there.ipynb)"), "B05"),
        (markdown("see [there](../README.md)"), "B05"),
        (markdown("see [there](https:///nowhere)"), "B05"),
        (markdown("see [there](file:///etc/hosts)"), "B05"),
        (markdown("![a picture](picture.png)"), "B05"),
    ],
)
def test_a_planted_fault_is_found_where_it_is(tmp_path, cell, code_):
    (found,) = check_notebooks([notebook(tmp_path, markdown("# fine"), cell)])
    assert (found.code, found.where) == (code_, f"05_lesson.ipynb, {cell['id']}")


@pytest.mark.parametrize(
    "cell",
    [
        markdown("[a](05_lesson.ipynb), [b](#place), [c](https://doi.org/10.1/x), [d](mailto:a@b)"),
        markdown("[a](https://doi.org/10.1016/S0140-6736(20)30183-5)"),
        code("", count=None),
        code("answer = None"),
    ],
)
def test_what_is_fine_is_let_pass(tmp_path, cell):
    assert check_notebooks([notebook(tmp_path, cell)]) == []


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"cells": [{}]}', '{"cells": 3}'])
def test_what_is_no_notebook_is_said(tmp_path, text):
    path = tmp_path / "05_lesson.ipynb"
    path.write_text(text, encoding="utf-8")
    assert [finding.code for finding in check_notebooks([path])] == ["B02"]


def test_a_build_without_notebooks_lists_every_one_and_leaves_nothing(tmp_path):
    with pytest.raises(SiteError) as stopped:
        book.build(tmp_path / "site", folder=tmp_path)
    for entry in manifest().ready():
        assert f"{entry.notebook}: B01" in str(stopped.value)
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_the_list_and_no_traceback(tmp_path, monkeypatch):
    faults = [Finding("a", "B03", "one."), Finding("b", "B05", "two."), Finding("a", "B03", "one.")]
    monkeypatch.setattr(book, "check_notebooks", lambda *_: faults)
    said = CliRunner().invoke(main, ["site", "book", "--out", str(tmp_path / "site")])
    assert said.exit_code == 1
    assert "2 things to repair:\n  a: B03 one.\n  b: B05 two." in said.output
    assert "Traceback" not in said.output
    assert not (tmp_path / "site").exists()


def test_a_second_book_of_one_process_is_built_as_the_first(tmp_path, monkeypatch):
    chapters = pages.chapters(FOLDER)[:1]
    monkeypatch.setattr(pages, "chapters", lambda folder: chapters)
    monkeypatch.setattr(movable, "stored", lambda name: "")  # this is not about explorers
    # The only lesson leads to the others, which are not there.
    monkeypatch.setattr(book, "check_notebooks", lambda *given: [])
    monkeypatch.setattr(book, "check_pages", lambda site: [])
    first, second = (book.build(tmp_path / name) for name in ("one", "two"))
    assert first[1:] == second[1:]


def test_a_machine_without_sphinx_is_told_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "sphinx.application", None)
    with pytest.raises(CourseError, match="Sphinx is not installed"):
        book.build(tmp_path / "site")
    assert list(tmp_path.iterdir()) == []


def test_every_code_is_explained():
    source = (book.HERE / "checks.py").read_text() + (book.HERE / "book.py").read_text()
    assert set(re.findall(r'"(B\d\d)"', source)) == set(RULES)


# -- what a built page must not have ------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "codes"),
    [
        ('<a href="other.html#here">x</a><a href="">y</a><a href="folder/">z</a>', []),
        ('<a href="https://doi.org/10.1/x">leads away, loads nothing</a>', []),
        ('<img src="data:image/png;base64,AA==" alt="">', []),
        ('<a href="gone.html">x</a>', ["B06"]),
        ('<a href="other.html#gone">x</a>', ["B06"]),
        ('<a href="#gone">x</a>', ["B06"]),
        ('<img src="gone.png" alt="">', ["B06"]),
        ('<script src="https://cdn.example/x.js"></script>', ["B07"]),
        ('<script src="//cdn.example/x.js"></script>', ["B07"]),
        ('<link rel="stylesheet" href="https://cdn.example/x.css">', ["B07"]),
        ('<img srcset="https://cdn.example/x.png 2x" src="data:," alt="">', ["B07"]),
        ('<p style="background: url(https://cdn.example/x.png)">x</p>', ["B07"]),
        ('<iframe src="http://cdn.example/"></iframe>', ["B07"]),
    ],
)
def test_a_page_is_followed(tmp_path, html, codes):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "index.html").write_text("<p>")
    (tmp_path / "other.html").write_text('<h2 id="here">x</h2>')
    (tmp_path / "page.html").write_text(html)
    found = check_pages(tmp_path)
    assert [finding.code for finding in found] == codes
    assert all(finding.where == "page.html" for finding in found)


def test_a_style_that_loads_a_font_is_found(tmp_path):
    (tmp_path / "a.css").write_text("@import 'https://fonts.example/a';")
    (tmp_path / "b.css").write_text("a { background: url(b.png); color: red }")
    assert [(f.where, f.code) for f in check_pages(tmp_path)] == [("a.css", "B07")]


# -- whole or not at all -------------------------------------------------------------------------


@pytest.mark.parametrize("stop", [KeyboardInterrupt, CourseError("stop"), OSError(28, "disk full")])
def test_an_interrupted_build_leaves_the_old_site_and_nothing_else(tmp_path, monkeypatch, stop):
    site = tmp_path / "site"
    with replacing(site) as fresh:
        (fresh / "index.html").write_text("old")

    def half(chapters, out, where):
        (out / "index.html").write_text("half")
        raise stop

    monkeypatch.setattr(book, "_run_sphinx", half)
    with pytest.raises((KeyboardInterrupt, CourseError)):
        book.build(site)
    assert (site / "index.html").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_new_site_replaces_the_old_one_wholly(tmp_path):
    for name in ("a", "b"):
        with replacing(tmp_path / "deep" / "site") as fresh:
            (fresh / name).touch()
    assert not (tmp_path / "deep" / "site" / "a").exists()
    assert (tmp_path / "deep" / "site" / "b").exists()
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["site"]


def test_what_somebody_else_put_there_is_not_replaced(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(BadValue, match="no earlier build wrote"), replacing(tmp_path):
        pass
    with pytest.raises(BadValue, match="is a file"), replacing(tmp_path / "thesis.txt"):
        pass
    assert (tmp_path / "thesis.txt").read_text() == "mine"


# -- what a page says ---------------------------------------------------------------------------


def test_a_lesson_keeps_its_words_and_outputs():
    for chapter in pages.chapters(FOLDER):
        before = read(chapter.path)
        after = stage.page(before, chapter.anchor)
        for old, new in zip(before["cells"], after["cells"], strict=True):
            assert "<!--" not in new["source"]
            assert "](../" not in new["source"]
            for one, other in zip(old.get("outputs", []), new.get("outputs", []), strict=False):
                html = "".join(other.get("data", {}).get("text/html", ""))
                html = re.sub(
                    r'<div class="se-scroll"[^>]*>(<table.*?</table>)</div>',
                    r"\1",
                    html,
                    flags=re.S,
                )
                assert html == "".join(one.get("data", {}).get("text/html", ""))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("lesson.quiz()", "Answer it live"),
        ('lesson.predict("p1")', "Predict it live"),
        ('lesson.explore("field")', "Move it live"),
        ('answer = None\nlesson.check("e1", answer)', "Answer it live"),
        ('lesson.figure("turns")', None),
        ('se.show(se.load("factors"))', None),
    ],
)
def test_what_wants_an_answer_says_where_to_give_it(call, words):
    made = stage.page({"cells": [code(call, outputs=[shown("<p>Q</p>")])]}, "open-05")
    first, *rest = made["cells"][0]["outputs"]
    assert first["data"]["text/html"] == "<p>Q</p>"
    notes = [output["data"]["text/html"] for output in rest]
    link = f'<p class="se-live"><a href="live.html#open-05">{words}</a></p>'
    assert notes == ([link] if words else [])


def test_a_caption_cannot_break_out_of_its_label():
    html = stage.scrollable('<table><caption>a "b" <em>c</em> &lt;d&gt;</caption></table>')
    assert 'aria-label="Table: a &quot;b&quot; c &lt;d&gt;"' in html


def test_a_table_that_scrolls_already_gets_no_second_box():
    from secretome_edu.data import load
    from secretome_edu.data.show import show

    html = show(load("factors"), ["symbol"], rows=2).html
    assert 'tabindex="0" role="region" aria-label="Molecules of the MSC secretome' in html
    assert stage.scrollable(html) == html


def test_glossary_and_references_are_complete():
    made = pages.all_pages(pages.chapters(FOLDER))
    for name, kind, count in (
        ("glossary.md", "term", len(records("glossary"))),
        ("references.md", "ref", len(entries())),
    ):
        ids = re.findall(rf'id="({kind}-[^"]*)"', made[name])
        assert len(ids) == len(set(ids)) == count
    for entry in manifest().ready():
        assert f"]({entry.notebook}): {entry.question}" in made["index.md"]
        assert f"(open-{entry.place})=" in made["live.md"]


def test_the_instructor_guide_comes_last_when_there_is_one(tmp_path):
    assert pages.chapters(tmp_path)[-1].slug
    (tmp_path / pages.INSTRUCTOR_GUIDE).touch()
    guide = pages.chapters(tmp_path)[-1]
    assert (guide.part, guide.anchor) == ("For instructors", "open-90")
    assert "## For instructors" in pages.index(pages.chapters(tmp_path))
