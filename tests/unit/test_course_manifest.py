"""The manifest: what is ready, what is planned, and how a mistake in the file is said."""

from __future__ import annotations

from importlib import import_module

import pytest
import yaml

from secretome_edu.course.lesson import lesson
from secretome_edu.course.manifest import manifest
from secretome_edu.quiz.bank import load_bank
from secretome_edu.ui.messages import CourseError, UnknownName

room = import_module("secretome_edu.course.manifest")  # its name means the function too
READY = manifest().ready()


@pytest.fixture
def written(monkeypatch, tmp_path):
    """Return a function that changes a copy of the manifest and reads it."""

    def write(change=None, text: str | None = None):
        content = yaml.safe_load(room.MANIFEST.read_text(encoding="utf-8"))
        if change:
            change(content)
        path = tmp_path / "lessons.yaml"
        path.write_text(text if text is not None else yaml.safe_dump(content), encoding="utf-8")
        monkeypatch.setattr(room, "MANIFEST", path)
        manifest.cache_clear()
        return manifest()

    yield write
    manifest.cache_clear()


def test_the_course_has_seventeen_lessons_in_order():
    assert [entry.number for entry in manifest().lessons] == list(range(17))
    assert len({entry.slug for entry in manifest().lessons}) == 17


@pytest.mark.parametrize("entry", READY, ids=lambda e: e.slug)
def test_a_ready_lesson_is_complete(entry):
    assert entry.minutes == sum(section.minutes for section in entry.sections)
    assert entry.objectives
    assert entry.key_points
    assert entry.terms
    assert entry.references
    slugs = {e.slug for e in READY if e.number < entry.number}
    assert set(entry.prerequisites) <= slugs
    assert {i.objective for i in load_bank(entry.slug).items} <= set(manifest().objective_ids())


def test_a_lesson_is_found_by_slug_and_by_number():
    for given in ("paracrine_reach", "05", "5", 5):
        assert manifest().entry(given).slug == "paracrine_reach"
    assert manifest().entry(0).notebook == "00_start_here.ipynb"


PLANNED = {
    "slug": "waiting_topic", "number": 17, "part": "More", "status": "planned", "title": "Waiting",
    "question": "Why?",
}  # fmt: skip


@pytest.mark.parametrize("given", ["waiting_topic", "17", 17])
def test_a_planned_lesson_says_so(written, given):
    written(lambda content: content["lessons"].append(PLANNED))
    with pytest.raises(CourseError, match=r"Lesson 17 'waiting_topic' is planned.*se\.course"):
        lesson(given)


@pytest.mark.parametrize("given", ["paracrin_reach", "Paracrine_Reach ", "paracrine reach"])
def test_an_unknown_lesson_lists_the_closest(given):
    with pytest.raises(UnknownName, match=r"Did you mean 'paracrine_reach'\? se\.course\(\)"):
        lesson(given)


@pytest.mark.parametrize("given", [None, 99, -1, "", [], {}, 5.5, "xyz"])
def test_anything_else_is_unknown(given):
    with pytest.raises(KeyError):
        lesson(given)


def test_the_next_lesson_is_the_next_ready_one():
    assert manifest().next_ready("start_here").number > 0
    assert manifest().next_ready(READY[-1].slug) is None


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda m: m.update(extra=1), r"lessons\.yaml, extra: "),
        (lambda m: m.update(schema_version=2), r"lessons\.yaml, schema_version: "),
        (lambda m: m.pop("lessons"), r"lessons\.yaml, lessons: Field required"),
        (lambda m: m["lessons"][0].pop("title"), r"lessons\.0\.title: Field required"),
        (lambda m: m["lessons"][3].update(status="soon"), r"lessons\.3\.status: .*'ready'"),
        (lambda m: m["lessons"][5].update(minutes="long"), r"lessons\.5\.minutes: "),
        (lambda m: m["lessons"][5].update(colour="red"), r"lessons\.5\.colour: "),
        (
            lambda m: m["lessons"][5]["objectives"][1].update(bloom="know"),
            r"lessons\.5\.objectives\.1\.bloom: ",
        ),
        (
            lambda m: m["lessons"][5]["facts"].update(x={"value": 1, "expression": "2"}),
            r"lessons\.5\.facts\.x: .*exactly one",
        ),
        (
            lambda m: m["lessons"][1].update(slug="start_here"),
            r"lessons\.yaml.*'start_here'.*twice",
        ),
        (lambda m: m["lessons"][1].update(number=0), r"lessons\.yaml.*number 0 is there twice"),
        (
            lambda m: m["lessons"][5].update(prerequisites=["start_her"]),
            r"lessons\.yaml.*'start_her'",
        ),
    ],
)
def test_a_mistake_in_the_manifest_names_its_place(written, change, where):
    with pytest.raises(CourseError, match=where):
        written(change)


@pytest.mark.parametrize("text", ["", "just words", "- a\n- b", "a: [1", "a: b: c", "\t- x"])
def test_a_file_that_is_no_manifest_is_said(written, text):
    with pytest.raises(CourseError, match=r"^lessons\.yaml"):
        written(text=text)


def test_an_unchanged_manifest_reads_the_same(written):
    before = room.Manifest.model_validate(yaml.safe_load(room.MANIFEST.read_text("utf-8")))
    assert written() == before
