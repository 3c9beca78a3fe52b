"""The page of claims: every row resolves, both sides are there, the grade follows from the rows."""

from __future__ import annotations

import re

import pytest
import yaml

from secretome_edu.authoring import claims as claims_page
from secretome_edu.authoring.notebooks import FOLDER
from secretome_edu.course import claims as claims_room
from secretome_edu.course.claims import CLAIMS, Claims, claims, evidence
from secretome_edu.course.manifest import manifest
from secretome_edu.data import cite, package
from secretome_edu.quiz.bank import BANKS
from secretome_edu.ui.messages import CourseError, UnknownName

ALL = claims().claims
EACH = [pytest.param(claim, id=claim.id) for claim in ALL]
STRENGTHS = list(package.vocabularies()["strength"])
GRADES = list(package.vocabularies()["evidence_grade"])
# What issue and curriculum say both documents claim between them.
TOPICS = {
    "proteins", "lipids", "nucleic-acids", "vesicles", "paracrine", "inflammation", "survival",
    "angiogenesis", "skin", "cartilage", "muscle", "parkinson", "alzheimer", "heart",
    "hepatobiliary", "respiratory", "musculoskeletal", "gastrointestinal", "cardiovascular",
    "nervous", "immediately-available", "cell-lines", "rejection", "tumor", "differentiation",
    "freeze-drying", "off-the-shelf", "targeted", "less-invasive", "several-doses",
}  # fmt: skip


def sources(claim):
    keys = {key for id in claim.support + claim.limits for key in evidence(id).source_keys}
    return keys | {claims().documents[claim.document].key} - {""}


def test_every_topic_of_the_documents_is_there():
    assert {claim.id for claim in ALL} >= TOPICS


@pytest.mark.parametrize("claim", EACH)
def test_every_row_resolves_and_says_something_in_every_column(claim):
    assert claim.support
    assert claim.limits
    for id in claim.support + claim.limits:
        row = evidence(id)
        assert row.source_keys, id
        for word in (row.species, row.product, row.result, row.grade):
            assert word.strip(), id
        for key in row.source_keys:
            assert cite(key).url


@pytest.mark.parametrize("claim", EACH)
def test_the_grade_follows_from_the_supporting_rows(claim):
    rows = [evidence(id) for id in claim.support]
    graded = [r.grade for r in rows if r.grade in GRADES and r.product_class != "cells"]
    strengths = [r.grade.split()[0] for r in rows if r.grade.split()[0] in STRENGTHS]
    if graded:
        assert claim.grade == max(graded, key=GRADES.index)
    elif claim.grade in STRENGTHS:
        assert claim.grade in strengths
    else:  # steps of mechanisms only: the species they were seen in decides
        assert claim.grade == "animal"
        assert all("mouse" in r.species for r in rows)


@pytest.mark.parametrize("claim", EACH)
def test_the_verdict_names_the_grade_and_no_row(claim):
    assert claims_page.words(claim.grade).lower() in claim.verdict.lower()
    assert not re.search(r"\b(?:[AOPT]\d{3}|S[AL]\d{3})\b", claim.verdict)
    assert not re.search(r"\d", claim.verdict.replace("COVID-19", "")), "numbers stand in rows"


@pytest.mark.parametrize("claim", EACH)
def test_the_lesson_exists_and_a_ready_one_uses_a_source_of_the_claim(claim):
    entry = next(e for e in manifest().lessons if e.slug == claim.lesson)
    if entry.status != "ready":
        return
    text = (FOLDER / entry.notebook).read_text(encoding="utf-8")
    for folder in (BANKS, BANKS.parents[1] / "exercises"):
        text += (folder / f"{entry.slug}.yaml").read_text(encoding="utf-8")
    facts = {str(value) for fact in entry.facts.values() for value in fact.arguments.values()}
    used = {key for key in sources(claim) if key in text or (cite(key).doi or key) in text}
    used |= set(entry.references) & sources(claim) | facts & {*claim.support, *claim.limits}
    assert used - {"harrell2019"}, "the lesson names none of the claim's own sources"


def test_species_are_said_for_known_rows_only():
    mechanisms = {row["mechanism"] for row in package.records("pathways")}
    for name in claims().species:
        if name not in mechanisms:
            assert evidence(name).species == claims().species[name]


def test_the_committed_page_is_fresh():
    stored = claims_page.TARGET.read_text(encoding="utf-8")
    assert stored == claims_page.page(), "run: python3 -m secretome_edu refresh"


def test_no_cell_of_the_page_is_empty_and_links_arrive():
    text = claims_page.page()
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert len(lines) > len(ALL) + sum(len(c.support + c.limits) for c in ALL)
    for line in lines:
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        assert all(cells), line
    for target in re.findall(r"\]\(#([\w-]+)\)", text):
        assert f'<a id="{target}"></a>' in text
    for notebook in set(re.findall(r"\(\.\./notebooks/([\w.]+)\)", text)):
        assert (FOLDER / notebook).exists()


def test_event_rows_and_bounds_read_as_printed():
    assert "10 of 20 against 16 of 20" in evidence("O002").result
    assert "at least 60 % of analytes" in evidence("P027").result
    assert "not detected" in evidence("SL070").result


def test_an_unknown_row_names_the_closest():
    with pytest.raises(UnknownName, match="A166"):
        evidence("A1666")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c["claims"].append(c["claims"][0]), "twice"),
        (lambda c: c["claims"][0].update(document="diary"), "diary"),
        (lambda c: c["claims"][0].update(limits=c["claims"][0]["support"]), "for and against"),
        (lambda c: c["claims"][0].update(limits=[]), "limits"),
        (lambda c: c["claims"][0].pop("verdict"), "verdict"),
    ],
)
def test_a_broken_file_is_refused_in_a_sentence(change, said, tmp_path, monkeypatch):
    content = yaml.safe_load(CLAIMS.read_text(encoding="utf-8"))
    change(content)
    broken = tmp_path / "claims.yaml"
    broken.write_text(yaml.safe_dump(content), encoding="utf-8")
    monkeypatch.setattr(claims_room, "CLAIMS", broken)
    claims.cache_clear()
    try:
        with pytest.raises(CourseError, match=said):
            claims()
    finally:
        claims.cache_clear()
    assert Claims.model_validate(yaml.safe_load(CLAIMS.read_text(encoding="utf-8")))
