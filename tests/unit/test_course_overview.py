"""The whole course: what is due, the report, and a learner's own data, kept, moved and deleted."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import secretome_edu as se
from secretome_edu import data
from secretome_edu.course import lesson, memory, overview, report
from secretome_edu.course.manifest import manifest
from secretome_edu.progress import handin
from secretome_edu.quiz import view
from secretome_edu.quiz.answers import trials
from secretome_edu.quiz.grading import grade
from secretome_edu.ui.messages import CourseError


@pytest.fixture(autouse=True)
def fresh_store(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_STORE", "memory:")
    memory.store.cache_clear()
    yield
    memory.store.cache_clear()


class Later(datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz or UTC) + timedelta(days=30)


def answer_quiz(slug: str, wrong: str = "") -> None:
    quiz = lesson(slug).quiz()
    for id in quiz.session.ids:
        layout = quiz.session.layout(id)
        tried = trials(layout.item)
        trial = next(t for t in tried if t.state == "incorrect") if id == wrong else tried[0]
        quiz.answer(id, layout.to_public(trial.response), 3 if id == wrong else None)


def test_the_table_of_lessons_holds_all_of_them():
    table = se.course()
    for entry in manifest().lessons:
        assert f"{entry.place} {entry.title}: {entry.question}" in table.text
    assert table.text.count("[in preparation]") == 17 - len(manifest().ready())
    assert "<caption>Secretome Edu: 17 lessons</caption>" in table.html
    assert table.html.count('scope="row"') == 17
    assert se.course() == table


def test_with_nothing_answered_nothing_is_due():
    assert "Nothing is due" in se.review().text


def test_review_asks_what_is_due_confident_errors_first(monkeypatch):
    answer_quiz("start_here")
    answer_quiz("paracrine_reach", wrong="q-slow")
    monkeypatch.setattr(report, "datetime", Later)
    due = se.review(limit=4)
    assert len(due.session.ids) == 4
    assert due.session.ids[0] == "q-slow"
    assert not due.session.state("q-slow")["feedback"]
    before = len(memory.store().events(lesson="paracrine_reach", item="q-slow"))
    layout = due.session.layout("q-slow")
    due.answer("q-slow", layout.to_public(trials(layout.item)[0].response))
    assert len(memory.store().events(lesson="paracrine_reach", item="q-slow")) == before + 1


def test_the_same_id_in_two_lessons_does_not_stop_a_review(monkeypatch):
    """Ids are unique in a bank only; a review that draws from two banks meets both."""
    item = report.questions()["start_here", "q-why-predict"]
    slugs = ("start_here", "paracrine_reach")
    twins = {(slug, item.id): item for slug in slugs}
    facts = [f for f in report.item_facts() if (f.lesson, f.item) == ("start_here", item.id)]
    facts.append(dataclasses.replace(facts[0], lesson="paracrine_reach"))
    for slug in slugs:
        view.show([item], recorder=lesson(slug).recorder).answer(item.id, "a")
    monkeypatch.setattr(report, "questions", lambda: twins)
    monkeypatch.setattr(report, "item_facts", lambda: tuple(facts))
    monkeypatch.setattr(report, "datetime", Later)
    assert len(memory.store().events()) == 2
    assert se.review().session.ids == [item.id]


def test_asking_again_forgets_what_was_said_before():
    answer_quiz("start_here")
    item = report.questions()["start_here", "q-why-predict"]
    again = overview.AskAgain([("start_here", item)])
    assert again.last(item.id) is None
    assert again.history(item.id) == []
    fields = {"item_hash": "", "variant": None, "state": "correct", "score": 1.0, "max_score": 1.0}
    again.record("hint", item=item.id, response=None, **fields)
    again.record("answered", item=item.id, response="a", **fields)
    assert again.last(item.id)["response"] == "a"
    assert [e["kind"] for e in again.history(item.id)] == ["hint", "answered"]
    assert memory.store().recorder("start_here").last(item.id)["response"] == "a"


# -- the report --------------------------------------------------------------------------------


def test_the_report_of_the_first_day_can_be_read_and_compared():
    first = se.progress()
    assert repr(first) == repr(se.progress())
    assert not re.search(r"0x[0-9a-f]{6}|\d\d:\d\d", repr(first))


def test_the_report_names_what_was_done_and_the_misconception_to_repair():
    answer_quiz("paracrine_reach")
    before = repr(se.progress())
    assert "Paracrine reach" in before
    wrong = None
    for item in lesson("paracrine_reach").bank.pool("quiz"):
        for trial in trials(item) if not item.seeds else ():
            found = grade(item, trial.response).misconceptions
            if found and trial.state == "incorrect":
                wrong = wrong or (item, trial, found)
    assert wrong, "no quiz question names a misconception"
    item, trial, found = wrong
    se.delete_progress(confirm=True)
    quiz = lesson("paracrine_reach").quiz()
    quiz.answer(item.id, quiz.session.layout(item.id).to_public(trial.response))
    text = repr(se.progress())
    assert data.misconception(found[0]).correction[:40] in text


def test_the_facts_of_every_question_and_exercise_are_known():
    keys = {(f.lesson, f.item) for f in report.item_facts()}
    for entry in manifest().ready():
        here = lesson(entry.slug)
        for kind in ("quiz", "prediction", "exercise"):
            assert {(entry.slug, id) for id in here.ids(kind)} <= keys


# -- a learner's own data ----------------------------------------------------------------------


def test_export_import_delete(tmp_path):
    answer_quiz("start_here")
    count = len(memory.store().events())
    file = tmp_path / "mine.jsonl"
    assert se.export_progress(file).text == f"Wrote {count} entries to {file}."
    assert se.import_progress(file).text.startswith(f"0 events added, {count} known already")
    assert "Nothing deleted yet." in se.delete_progress().text
    assert len(memory.store().events()) == count
    assert se.delete_progress(confirm=True).text.startswith(f"Deleted {count} entries.")
    assert memory.store().events() == []
    assert " 0 of " in f" {lesson('start_here').progress()}"
    assert f"{count} events added" in se.import_progress(str(file)).text
    assert lesson("start_here").progress().startswith("6 of 6 quiz questions")


def test_an_open_lesson_sees_that_everything_was_deleted():
    here = lesson("start_here")
    here.check("e1", 400)
    assert "1 of 1 exercise" in here.progress()
    se.delete_progress(confirm=True)
    assert "0 of 1 exercise" in here.progress()
    here.check("e1", 400)
    assert "1 of 1 exercise" in here.progress()


def test_an_existing_file_is_left_as_it_is(tmp_path):
    file = tmp_path / "mine.jsonl"
    file.write_text("precious")
    assert "exists already and was left as it is" in se.export_progress(file).text
    assert file.read_text() == "precious"


def test_a_missing_folder_is_said_in_one_sentence(tmp_path):
    said = _said(lambda: se.export_progress(tmp_path / "no" / "mine.jsonl"))
    assert str(tmp_path / "no") in said
    assert not (tmp_path / "no").exists()


def test_an_unwritable_folder_is_said_in_one_sentence(tmp_path, monkeypatch):
    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(handin.tempfile, "mkstemp", refuse)
    said = _said(lambda: se.export_progress(tmp_path / "mine.jsonl"))
    assert "mine.jsonl" in said
    assert "\n" not in said.strip()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["gone.jsonl", ""])
def test_a_missing_file_is_said(tmp_path, name):
    assert "There is no file" in se.import_progress(tmp_path / name).text


@pytest.mark.parametrize(
    "content", [b"", b"not json", b"{}", b"[1]\n", b"\xff\xfe\x00", b'{"manifest": 1}\n', b"\n\n"]
)
def test_a_file_that_is_no_export_adds_nothing(tmp_path, content):
    file = tmp_path / "strange.jsonl"
    file.write_bytes(content)
    assert _said(lambda: se.import_progress(file))
    assert memory.store().events() == []


def test_a_file_that_cannot_be_read_is_said(tmp_path, monkeypatch):
    file = tmp_path / "mine.jsonl"
    file.write_text("{}")
    real = Path.open

    def refuse(self, *args, **kwargs):
        if self == file:
            raise PermissionError(13, "Permission denied")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    assert "mine.jsonl" in _said(lambda: se.import_progress(file))


def test_an_imported_answer_that_is_nonsense_breaks_no_page(tmp_path):
    """A hand-edited file: responses of any shape, unknown lessons, unknown items."""
    answer_quiz("start_here")
    lesson("start_here").check("e1", 400)
    lesson("start_here").predict("p1").answer("p1", "a")
    file = tmp_path / "mine.jsonl"
    se.export_progress(file)
    lines = file.read_text().splitlines()
    changed, strange = [], [None, {"x": [1]}, [["a"]], 1e300, "<script>alert(1)</script>"]
    for number, line in enumerate(lines[1:]):
        event = json.loads(line)
        event["response"] = strange[number % len(strange)]
        if number % 3 == 0:
            event["lesson"], event["item"] = "no_such_lesson", "no_such_item"
        changed.append(json.dumps(event))
    file.write_text("\n".join([lines[0], *changed]))
    se.delete_progress(confirm=True)
    _said(lambda: se.import_progress(file))
    here = lesson("start_here")
    pages = [here, here.quiz(), here.check("e1"), here.explain("p1"), here.close(), se.course()]
    pages += [se.progress(), se.review()]
    for page in pages:
        assert "<script>" not in str(page._repr_mimebundle_())


def _said(call) -> str:
    """Return the sentence a learner sees, returned or raised without traceback."""
    try:
        return call().text
    except CourseError as problem:
        return "\n".join(problem._render_traceback_())
