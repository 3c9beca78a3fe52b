"""Sources: one key scheme, findable by DOI, safe to show."""

from __future__ import annotations

import json
import re

import pytest

import secretome_edu as se
from secretome_edu.data import package, references
from secretome_edu.data.check import DOI


def test_the_first_source_of_the_course():
    citation = se.cite("harrell2019")
    assert str(citation) == "Harrell 2019"
    assert citation.doi == "10.3390/cells8050467"
    assert citation.html == '<a href="https://doi.org/10.3390/cells8050467">Harrell 2019</a>'


@pytest.mark.parametrize("entry", references.entries(), ids=lambda e: e["id"])
def test_every_reference_can_be_cited(entry):
    citation = se.cite(entry["id"])
    assert citation.short.strip()
    assert citation.url.startswith("https://")
    if citation.doi:
        assert DOI.fullmatch(citation.doi)
        assert citation.url == f"https://doi.org/{citation.doi}"
        assert se.cite(citation.doi) == citation


def test_no_work_is_listed_twice():
    for identifier in ("DOI", "PMID", "PMCID"):
        found = [e[identifier].lower() for e in references.entries() if identifier in e]
        assert len(found) == len(set(found)), identifier


def test_no_two_works_read_the_same():
    shorts = [se.cite(entry["id"]).short for entry in references.entries()]
    assert len(shorts) == len(set(shorts))
    first, second = se.cite("katagiri2017"), se.cite("katagiri2017b")
    assert first.short[:-1] == second.short[:-1] == "Katagiri 2017"
    assert f"({first.short[-5:]})" in first.full


def test_every_reference_is_used_by_a_row_a_lesson_or_a_model_card():
    rows = {
        key
        for name in package.resources()
        for row in package.records(name)
        for field in package.fields(name)
        if field.get("refersTo") == "references"
        for key in row[field["name"]]
    }
    spare = [e for e in references.entries() if e["id"] not in rows]
    course = package.HOME.parents[0]
    texts = "".join(file.read_text(encoding="utf-8") for file in course.rglob("*.yaml"))
    # Lessons name a source by its key, model cards by its DOI.
    assert not [
        e["id"]
        for e in spare
        if not re.search(rf"\b{e['id']}\b", texts) and e.get("DOI", "none") not in texts
    ]


def test_the_file_is_csl_json():
    kinds = {"article-journal", "book", "chapter", "webpage", "dataset"}
    for entry in json.loads((package.HOME / "references.json").read_text(encoding="utf-8")):
        assert entry["type"] in kinds
        assert entry["title"]
        for person in entry.get("author", []):
            assert set(person) <= {"family", "given", "literal"}


def test_a_bibliography_is_numbered_in_the_order_asked_and_lists_once():
    listed = se.bibliography(["lee2009", "harrell2019", "10.1016/j.stem.2009.05.003"])
    assert [line[:2] for line in listed.text.splitlines()] == ["1.", "2."]
    assert listed.text.splitlines()[0].startswith("1. Lee")
    assert listed.html.count("<li>") == 2
    assert se.bibliography(["lee2009", "harrell2019"]).html == listed.html


def test_without_keys_the_bibliography_lists_everything():
    assert se.bibliography().html.count("<li>") == len(references.entries())


def test_titles_cannot_break_out_of_the_page(monkeypatch):
    entry = {
        "id": "x2020",
        "title": "<script>alert(1)</script>",
        "author": [{"family": 'O"Neil <b>'}],
        "issued": {"date-parts": [[2020]]},
        "URL": 'https://doi.org/10.1000/a"b',
    }
    citation = references._citation(entry)
    monkeypatch.setattr(references, "cite", lambda key: citation)
    for shown in (citation.html, references.bibliography(["x2020"]).html):
        assert "<script>" not in shown
        assert "<b>" not in shown
        assert 'a"b' not in shown


@pytest.mark.parametrize("key", ["harrel2019", "", None, 5])
def test_an_unknown_key_says_how_to_list_all(key):
    with pytest.raises(KeyError, match=r"se\.bibliography\(\) lists all"):
        se.cite(key)
