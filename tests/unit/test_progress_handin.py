"""Hand-ins: what is whole is kept, what is not is named by line, nothing accepted is lost."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from secretome_edu import __version__
from secretome_edu.progress import handin
from secretome_edu.progress.events import BadValue
from secretome_edu.progress.store import open_store
from secretome_edu.ui.messages import CourseError


@pytest.fixture(params=["memory", "jsonl", "sqlite"])
def target(request, tmp_path):
    return open_store(
        {
            "memory": "memory:",
            "jsonl": f"jsonl:{tmp_path}/t.jsonl",
            "sqlite": f"sqlite:///{tmp_path}/t.db",
        }[request.param]
    )


@pytest.fixture
def source():
    store = open_store("memory:")
    for n in range(6):
        store.append("answered", lesson="units", item=f"q{n}", score=0.0, max_score=1.0)
    return store


@pytest.fixture
def lines(source, tmp_path):
    source.export_jsonl(tmp_path / "me.jsonl")
    return (tmp_path / "me.jsonl").read_text().splitlines()


def import_lines(target, tmp_path, lines, **options):
    path = tmp_path / "edited.jsonl"
    path.write_text("".join(line + "\n" for line in lines))
    return target.import_jsonl(path, **options)


def test_export_then_import_brings_the_same_events_once(target, source, tmp_path):
    path = tmp_path / "me.jsonl"
    assert source.export_jsonl(path) == 6
    first = target.import_jsonl(path)
    assert (first.added, first.duplicates, first.broken, first.refused) == (6, 0, 0, 0)
    assert first.messages == ()
    assert target.import_jsonl(path).duplicates == 6
    assert target.events() == source.events()
    assert target.verify() == []
    assert path.stat().st_mode & 0o044  # a teacher who collects it can read it


def test_two_machines_merge_into_one_history(target, tmp_path):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    laptop = open_store("memory:", clock=lambda: start)
    desk = open_store("memory:", clock=lambda: start + timedelta(days=1))
    for n in range(3):
        laptop.append("answered", item=f"l{n}")
        desk.append("answered", item=f"d{n}")
    for machine in (desk, laptop):
        machine.export_jsonl(tmp_path / "x.jsonl")
        assert target.import_jsonl(tmp_path / "x.jsonl").messages == ()
    assert [e.item for e in target.events()] == ["l0", "l1", "l2", "d0", "d1", "d2"]
    assert target.verify() == []
    target.append("answered", item="after")
    target.export_jsonl(tmp_path / "all.jsonl")  # and back to the first machine
    assert laptop.import_jsonl(tmp_path / "all.jsonl").added == 4
    assert laptop.verify() == []
    assert [e.item for e in laptop.events()] == [e.item for e in target.events()]


def test_an_edited_line_is_kept_flagged_and_named(target, tmp_path, lines):
    lines[3] = lines[3].replace('"score":0.0', '"score":1.0')
    report = import_lines(target, tmp_path, lines)
    assert (report.added, report.broken, report.refused) == (6, 1, 0)
    assert report.messages == ("Line 4: was edited after it was written; it is kept and flagged.",)
    assert [e.flag for e in target.events()] == ["", "", "edited", "", "", ""]
    assert [(e.item, e.flag) for e in target.verify()] == [("q2", "edited")]


def test_an_edit_with_a_new_hash_is_found_at_the_line_after(target, tmp_path, lines):
    values = json.loads(lines[3])
    values["score"] = 1.0
    event = handin.event_from(dict(values))
    lines[3] = lines[3].replace('"score":0.0', '"score":1.0').replace(event.hash, event.digest())
    report = import_lines(target, tmp_path, lines)
    assert (report.added, report.broken) == (6, 1)
    assert report.messages[0].startswith("Line 5: follows an event that was changed or removed")
    assert [e.flag for e in target.events()] == ["", "", "", "unlinked", "", ""]


def test_a_removed_line_is_noticed(target, tmp_path, lines):
    del lines[2]
    report = import_lines(target, tmp_path, lines)
    assert (report.added, report.broken) == (5, 1)
    assert report.messages[0].startswith("Line 3: follows an event that was changed or removed")
    assert "announces 6 events and holds 5" in report.messages[1]


def test_a_missing_end_is_noticed_by_the_manifest(target, tmp_path, lines):
    report = import_lines(target, tmp_path, lines[:-2])
    assert (report.added, report.broken) == (4, 0)
    assert "announces 6 events and holds 4" in report.messages[0]


def test_order_of_lines_does_not_matter(target, tmp_path, lines):
    report = import_lines(target, tmp_path, [lines[0], *reversed(lines[1:])])
    assert (report.added, report.broken, report.messages) == (6, 0, ())
    assert target.verify() == []


def test_the_first_version_of_an_event_wins(target, tmp_path, lines):
    import_lines(target, tmp_path, lines)
    lines[3] = lines[3].replace('"score":0.0', '"score":1.0')
    report = import_lines(target, tmp_path, lines)
    assert (report.added, report.duplicates, report.broken) == (0, 6, 1)
    assert target.events()[2]["score"] == 0.0


def test_a_changed_event_with_a_new_hash_does_not_replace_the_first(target, tmp_path, lines):
    import_lines(target, tmp_path, lines)
    values = json.loads(lines[3])
    values["score"] = 1.0
    digest = handin.event_from(dict(values)).digest()
    values["hash"] = digest
    report = import_lines(target, tmp_path, [*lines[:3], json.dumps(values), *lines[4:]])
    assert report.added == 0
    assert any("the one here was kept" in message for message in report.messages)
    assert target.events()[2]["score"] == 0.0


def test_a_torn_last_line_is_said_and_the_rest_is_read(target, tmp_path, lines):
    path = tmp_path / "torn.jsonl"
    path.write_text("\n".join(lines)[:-40])
    report = target.import_jsonl(path)
    assert (report.added, report.refused) == (5, 1)
    assert report.messages[0] == "Line 7, the last one, is cut off and was not read."


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"format": 2}, "update the course"),
        ({"format": None}, "lacks format"),
        ({"time": "yesterday"}, "time is 'yesterday'"),
        ({"time": "2026-01-01T00:00:00"}, "time zone"),
        ({"time": "0001-01-01T00:00:00+10:00"}, "time is"),
        ({"score": float("nan")}, "a number"),
        ({"score": float("-inf")}, "a number"),
        ({"seq": "1"}, "seq is '1'"),
        ({"seq": 2**70}, "seq is"),
        ({"seq": True}, "seq is True"),
        ({"item": 3}, "item is 3"),
        ({"item": "a\x00b"}, "item is"),
        ({"learner": ""}, "learner is ''"),
        ({"id": "x" * 65}, "id is"),
        ({"kind": ["answered"]}, "kind is"),
        ({"hash": None}, "hash is None"),
    ],
)
def test_a_line_that_is_no_event_is_refused_with_the_reason(target, tmp_path, lines, change, word):
    values = {**json.loads(lines[2]), **change}
    values = {k: v for k, v in values.items() if not (k == "format" and v is None)}
    lines[2] = json.dumps(values)
    report = import_lines(target, tmp_path, lines)
    assert (report.added, report.refused) == (5, 1)
    assert report.messages[0].startswith("Line 3: refused")
    assert word in report.messages[0]


@pytest.mark.parametrize(
    "junk",
    [b"[]", b"3", b"{}", b"\xff\xfe\x00", b"[" * 100_000, b'{"a": NaN}', b"null", b"9" * 5000],
)
def test_junk_between_events_costs_only_itself(target, tmp_path, lines, junk):
    path = tmp_path / "junk.jsonl"
    path.write_bytes(
        b"\r\n".join([b"\xef\xbb\xbf" + lines[0].encode(), b"", junk, *map(str.encode, lines[1:])])
    )
    report = target.import_jsonl(path)
    assert (report.added, report.refused) == (6, 1)
    assert report.messages[0].startswith("Line 3: refused")


def test_a_giant_line_is_passed_over_without_reading_it_whole(target, tmp_path, lines, monkeypatch):
    monkeypatch.setattr(handin, "LONGEST_LINE_BYTES", 2000)
    lines.insert(3, json.dumps({"x": "y" * 50_000}))
    report = import_lines(target, tmp_path, lines)
    assert (report.added, report.refused) == (6, 1)
    assert report.messages == ("Line 4: refused: longer than 2000 bytes.",)


def test_many_findings_make_one_short_message(target, tmp_path, lines):
    report = import_lines(target, tmp_path, [*lines, *["nonsense"] * 30])
    assert report.refused == 30
    assert report.messages == (
        "Lines 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 and 20 more: refused: it is not complete JSON.",
    )


def test_a_hand_in_of_another_course_version_is_read_and_said(target, tmp_path, lines):
    lines[0] = lines[0].replace(__version__, "0.0.1")
    report = import_lines(target, tmp_path, lines)
    assert report.added == 6
    assert report.course == "0.0.1"
    assert "course version 0.0.1" in report.messages[0]


@pytest.mark.parametrize(
    "content", [b"not json\n", os.urandom(3000), b'{"cells": []}', b"a,b\n1,2\n"]
)
def test_a_file_that_is_no_progress_file_is_refused(target, tmp_path, content):
    path = tmp_path / "lesson.ipynb"
    path.write_bytes(content)
    with pytest.raises(BadValue, match="not a progress file"):
        target.import_jsonl(path)
    assert target.events() == []


def test_an_empty_file_and_an_empty_export_say_so(target, tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    assert target.import_jsonl(tmp_path / "empty").messages == ("The file holds no events.",)
    open_store("memory:").export_jsonl(tmp_path / "none.jsonl")
    assert target.import_jsonl(tmp_path / "none.jsonl").messages == ("The file holds no events.",)


def test_a_missing_file_or_a_folder_is_one_sentence(target, tmp_path):
    with pytest.raises(CourseError, match=r"absent\.jsonl cannot be read"):
        target.import_jsonl(tmp_path / "absent.jsonl")
    with pytest.raises(CourseError, match="cannot be read"):
        target.import_jsonl(tmp_path)


def test_export_never_overwrites_another_file(source, tmp_path):
    path = tmp_path / "lesson.ipynb"
    path.write_text('{"cells": []}')
    with pytest.raises(BadValue, match="not overwritten"):
        source.export_jsonl(path)
    assert path.read_text() == '{"cells": []}'
    own = open_store(f"jsonl:{tmp_path}/own.jsonl")
    with pytest.raises(BadValue, match="not overwritten"):
        own.export_jsonl(tmp_path / "own.jsonl")
    source.export_jsonl(tmp_path / "me.jsonl")
    assert source.export_jsonl(tmp_path / "me.jsonl") == 6


def test_export_to_nowhere_is_one_sentence(source, tmp_path):
    with pytest.raises(CourseError, match="cannot be used"):
        source.export_jsonl(tmp_path / "no" / "folder" / "me.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_an_instructor_keeps_learners_apart_and_names_are_optional(target, tmp_path):
    for n, name in enumerate(["Ada <b>", ""]):
        learner = open_store("memory:")
        learner.append("answered", item=f"q{n}")
        learner.export_jsonl(tmp_path / f"{n}.jsonl", name=name)
        report = target.import_jsonl(tmp_path / f"{n}.jsonl", mine=False)
        assert (report.added, report.name) == (1, name)
    assert target.events() == []
    assert len({e.learner for e in target.events(everyone=True)}) == 2
    assert list(target.names().values()) == ["Ada <b>"]
    target.append("answered", item="mine")
    assert [e.previous for e in target.events()] == [""]  # own chain does not follow others'
    assert target.delete_all() == 1
    assert len(target.events(everyone=True)) == 2
    assert list(target.names().values()) == ["Ada <b>"]


def test_the_name_travels_only_if_given(source, tmp_path):
    source.export_jsonl(tmp_path / "a.jsonl")
    assert "name" not in json.loads((tmp_path / "a.jsonl").read_text().splitlines()[0])


def test_a_long_import_shows_a_progress_bar(target, source, tmp_path, monkeypatch, capsys):
    for n in range(30):
        source.append("answered", item=f"more{n}")
    source.export_jsonl(tmp_path / "me.jsonl")
    monkeypatch.setattr(handin, "_BATCH", 5)
    monkeypatch.setattr(handin, "_BAR_EVERY", 5)
    monkeypatch.setattr(handin, "_PROGRESS_BAR_AFTER_S", -1)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert target.import_jsonl(tmp_path / "me.jsonl").added == 36
    assert "Reading progress" in capsys.readouterr().out


def test_the_report_reads_as_sentences(target, tmp_path, lines):
    report = import_lines(target, tmp_path, [*lines, "x"])
    assert str(report) == (
        "6 events added, 0 known already, 0 flagged, 1 line refused.\n"
        "Line 8: refused: it is not complete JSON."
    )
