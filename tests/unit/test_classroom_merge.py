"""Hand-ins as they come: whatever is whole is kept, whatever is not is named, nothing crashes."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from progress_postgres import programs, temporary_server

from secretome_edu.classroom.merge import read_class
from secretome_edu.classroom.people import pseudonyms
from secretome_edu.classroom.simulate import write_hand_ins
from secretome_edu.progress.events import START, canonical, new_event
from secretome_edu.progress.place import LEARNER_VARIABLE
from secretome_edu.progress.store import open_store
from secretome_edu.ui.messages import CourseError

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def chain(learner, count, *, after=(), start=datetime(2026, 10, 1, tzinfo=UTC), item="q"):
    """Events of one learner, an hour apart, behind those of ``after``."""
    events = list(after)
    for number in range(count):
        tail = events[-1].tail if events else START
        moment = start + timedelta(hours=number)
        events.append(
            new_event(tail, learner=learner, kind="answered", lesson="units",
                      item=f"{item}{number}", fields={"score": 1.0, "max_score": 1.0,
                      "state": "correct", "response": "a", "item_hash": "h"},
                      clock=lambda moment=moment: moment)
        )  # fmt: skip
    return events


def hand_in(path, learner, events, **manifest):
    about = {"manifest": 1, "export": True, "learner": learner, "events": len(events), **manifest}
    lines = [canonical(about), *(e.line for e in events)]
    path.write_text("".join(f"{line}\n" for line in lines))


def found_in(result, name):
    return next(f for f in result.hand_ins if f.file == name)


def test_a_class_is_merged_with_subfolders_and_second_hand_ins(tmp_path):
    a, b = chain("a" * 32, 6), chain("b" * 32, 4)
    (tmp_path / "week 2").mkdir()
    hand_in(tmp_path / "early.jsonl", "a" * 32, a[:3])
    hand_in(tmp_path / "week 2" / "late.jsonl", "a" * 32, a)
    hand_in(tmp_path / "other.txt", "b" * 32, b)
    (tmp_path / ".DS_Store").write_bytes(b"\0\1")
    result = read_class(tmp_path, NOW)
    assert {who: len(events) for who, events in result.learners.items()} == {
        "aaaaaaaa": 6,
        "bbbbbbbb": 4,
    }
    assert result.events == 10
    assert result.notices == ()
    assert len(result.hand_ins) == 3
    assert result.learners["aaaaaaaa"] == a


def test_an_empty_folder_and_a_missing_one(tmp_path):
    result = read_class(tmp_path, NOW)
    assert result.learners == {}
    assert "holds no files" in result.notices[0]
    with pytest.raises(CourseError, match="There is no folder"):
        read_class(tmp_path / "nowhere")
    with pytest.raises(CourseError, match="There is no store"):
        read_class(f"sqlite:///{tmp_path}/nowhere.db")
    assert not (tmp_path / "nowhere.db").exists()


def test_files_that_are_no_hand_ins_are_named_and_skipped(tmp_path):
    hand_in(tmp_path / "good.jsonl", "a" * 32, chain("a" * 32, 2))
    (tmp_path / "essay.pdf").write_bytes(b"%PDF-1.4\n" + bytes(range(256)) * 20)
    (tmp_path / "empty.jsonl").write_bytes(b"")
    (tmp_path / "list.json").write_text("[" * 5000)
    os.mkfifo(tmp_path / "pipe")
    os.symlink(tmp_path / "gone", tmp_path / "dangling.jsonl")
    result = read_class(tmp_path, NOW)
    assert list(result.learners) == ["aaaaaaaa"]
    for name in ("essay.pdf", "list.json", "pipe", "dangling.jsonl"):
        assert found_in(result, name).skipped
    assert "holds no events" in found_in(result, "empty.jsonl").messages[0]
    assert found_in(result, "good.jsonl").sound


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    hand_in(tmp_path / "a.jsonl", "a" * 32, chain("a" * 32, 2))
    hand_in(tmp_path / "locked.jsonl", "b" * 32, chain("b" * 32, 2))
    opened = Path.open

    def refuse(path, *args, **options):
        if path.name == "locked.jsonl":
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **options)

    monkeypatch.setattr(Path, "open", refuse)
    result = read_class(tmp_path, NOW)
    assert found_in(result, "locked.jsonl").skipped == "It cannot be read: Permission denied."
    assert list(result.learners) == ["aaaaaaaa"]


def test_archives_are_not_opened_so_a_bomb_stays_asleep(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("zeros.jsonl", bytes(20_000_000))
    (tmp_path / "bomb.jsonl").write_bytes(gzip.compress(bytes(20_000_000)))
    result = read_class(tmp_path, NOW)
    assert "zip archive" in found_in(result, "bomb.zip").skipped
    assert "gzip archive" in found_in(result, "bomb.jsonl").skipped
    assert "unpack" in found_in(result, "bomb.zip").skipped


def test_a_hundred_megabytes_of_rubbish_around_an_answer(tmp_path):
    events = chain("a" * 32, 2)
    path = tmp_path / "huge.jsonl"
    with path.open("wb") as file:
        file.write(events[0].line.encode() + b"\n")
        for _ in range(50):
            file.write(b"x" * 2_000_000)
        file.write(b"\n" + events[1].line.encode() + b"\n")
    assert path.stat().st_size > 100_000_000
    result = read_class(tmp_path, NOW)
    path.unlink()
    assert result.learners["aaaaaaaa"] == events
    assert "longer than" in result.hand_ins[0].messages[0]


def test_an_edited_event_is_flagged_and_the_untouched_copy_wins(tmp_path):
    events = chain("a" * 32, 3)
    forged = replace(events[1], fields={**events[1].fields, "score": 0.5})
    for folder in ("only", "with copy"):
        (tmp_path / folder).mkdir()
        hand_in(tmp_path / folder / "a.jsonl", "a" * 32, [events[0], forged, events[2]])
    alone = read_class(tmp_path / "only", NOW)
    assert [e.flag for e in alone.learners["aaaaaaaa"]] == ["", "edited", ""]
    assert "edited" in alone.hand_ins[0].messages[0]
    hand_in(tmp_path / "with copy" / "b.jsonl", "a" * 32, events)
    both = read_class(tmp_path / "with copy", NOW)
    assert both.learners["aaaaaaaa"] == events
    assert [e.flag for e in both.learners["aaaaaaaa"]] == ["", "", ""]


def test_a_removed_event_breaks_the_chain_and_a_torn_line_is_said(tmp_path):
    events = chain("a" * 32, 4)
    hand_in(tmp_path / "a.jsonl", "a" * 32, [events[0], events[2], events[3]])
    with (tmp_path / "a.jsonl").open("a") as file:
        file.write(events[1].line[:50])
    found = read_class(tmp_path, NOW).hand_ins[0]
    assert (found.events, found.flagged, found.refused) == (3, 1, 1)
    assert any("follows an event that was changed or removed" in m for m in found.messages)
    assert any("cut off" in m for m in found.messages)


def test_a_hand_in_of_another_course_version_is_read_and_said(tmp_path):
    hand_in(tmp_path / "a.jsonl", "a" * 32, chain("a" * 32, 2), course="9.9.9")
    result = read_class(tmp_path, NOW)
    assert len(result.learners["aaaaaaaa"]) == 2
    assert "course version 9.9.9" in result.hand_ins[0].messages[0]


def test_a_hand_in_of_a_newer_format_is_refused_with_a_reason(tmp_path):
    lines = [json.loads(e.line) | {"format": 2} for e in chain("a" * 32, 2)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n")
    assert "is not a progress file" in read_class(tmp_path, NOW).hand_ins[0].skipped


@pytest.mark.parametrize("common", [0, 3], ids=["from the start", "copied in use"])
def test_two_learners_with_one_id_are_told_apart(tmp_path, common):
    first = chain("a" * 32, common)
    later = datetime(2026, 10, 5, tzinfo=UTC)
    one = chain("a" * 32, 5, after=first, start=later, item="x")
    two = chain("a" * 32, 4, after=first, start=later + timedelta(minutes=30), item="y")
    hand_in(tmp_path / "one.jsonl", "a" * 32, one)
    hand_in(tmp_path / "two.jsonl", "a" * 32, two)
    hand_in(tmp_path / "two again.jsonl", "a" * 32, two)
    result = read_class(tmp_path, NOW)
    assert result.learners == {"aaaaaaaa": one, "aaaaaaaa-2": two}
    assert any("counted as two learners" in notice for notice in result.notices)


def test_two_names_under_one_id_are_two_people_even_if_not_at_the_same_time(tmp_path):
    one = chain("a" * 32, 2)
    two = chain("a" * 32, 2, start=datetime(2026, 10, 20, tzinfo=UTC))
    hand_in(tmp_path / "one.jsonl", "a" * 32, one, name="Ada")
    hand_in(tmp_path / "two.jsonl", "a" * 32, two, name="Bob")
    result = read_class(tmp_path, NOW)
    assert len(result.learners) == 2
    assert not any(name in str(result.learners.keys()) for name in ("Ada", "Bob"))


def test_a_learner_who_lost_the_last_events_and_went_on_is_one_person(tmp_path):
    before = chain("a" * 32, 5)
    after = chain("a" * 32, 3, after=before[:4], start=datetime(2026, 10, 9, tzinfo=UTC), item="z")
    hand_in(tmp_path / "before.jsonl", "a" * 32, before)
    hand_in(tmp_path / "after.jsonl", "a" * 32, after)
    result = read_class(tmp_path, NOW)
    assert {who: len(events) for who, events in result.learners.items()} == {"aaaaaaaa": 8}


def test_one_learner_with_two_computers_is_one_person_and_said(tmp_path):
    laptop = chain("a" * 32, 3)
    both = [*laptop, *chain("b" * 32, 2, start=datetime(2026, 10, 3, tzinfo=UTC))]
    hand_in(tmp_path / "laptop.jsonl", "a" * 32, laptop)
    hand_in(tmp_path / "desk.jsonl", "b" * 32, both)
    result = read_class(tmp_path, NOW)
    assert list(result.learners) == ["bbbbbbbb"]
    assert "two computers" in result.notices[0]


def test_clocks_that_are_wrong_are_named_and_lose_nothing(tmp_path):
    ahead = chain("a" * 32, 2, start=datetime(2031, 1, 1, tzinfo=UTC))
    behind = chain("b" * 32, 2, start=datetime(1970, 1, 2, tzinfo=UTC))
    back = chain("c" * 32, 2)
    back = chain("c" * 32, 2, after=back, start=datetime(2026, 9, 1, tzinfo=UTC), item="r")
    for events in (ahead, behind, back):
        hand_in(tmp_path / f"{events[0].learner[0]}.jsonl", events[0].learner, events)
    result = read_class(tmp_path, NOW)
    assert sum(map(len, result.learners.values())) == 8
    assert result.learners["cccccccc"] == back  # in the order they were given
    said = " ".join(result.notices)
    assert "aaaaaaaa ran ahead" in said
    assert "bbbbbbbb stood before" in said
    assert "cccccccc went back" in said


def test_a_learners_database_is_read_without_touching_it(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/a.db")
    event = store.append("opened", lesson="units")
    store.close()
    (tmp_path / "in").mkdir()
    shutil.copy(tmp_path / "a.db", tmp_path / "in" / "a.db")
    result = read_class(tmp_path / "in", NOW)
    assert [e.id for events in result.learners.values() for e in events] == [event.id]
    assert "database" in result.hand_ins[0].messages[0]
    assert os.listdir(tmp_path / "in") == ["a.db"]


def test_a_store_is_a_class_and_an_edited_row_is_said(tmp_path):
    url = f"sqlite:///{tmp_path}/class.db"
    store = open_store(url)
    write_hand_ins(tmp_path / "in", {"a" * 32: chain("a" * 32, 3), "b" * 32: chain("b" * 32, 2)})
    for path in (tmp_path / "in").iterdir():
        store.import_jsonl(path, mine=False)
    store.close()
    result = read_class(url, NOW)
    assert {who: len(events) for who, events in result.learners.items()} == {
        "aaaaaaaa": 3,
        "bbbbbbbb": 2,
    }
    assert result.notices == ()
    import sqlite3

    with sqlite3.connect(tmp_path / "class.db") as link:
        link.execute(
            "UPDATE secretome_edu_events SET line = replace(line, '\"score\":1.0', '\"score\":0.0')"
            " WHERE seq = (SELECT min(seq) FROM secretome_edu_events)"
        )
    said = " ".join(read_class(url, NOW).notices)
    assert "1 were edited" in said or "2 were edited" in said


def test_machines_a_learner_merged_in_a_store_are_one_person(tmp_path):
    url = f"sqlite:///{tmp_path}/me.db"
    store = open_store(url)
    store.append("opened", lesson="units")
    hand_in(tmp_path / "other.jsonl", "b" * 32, chain("b" * 32, 2))
    store.import_jsonl(tmp_path / "other.jsonl")
    assert store.owners() == {"b" * 32: store.learner}
    store.close()
    assert [len(events) for events in read_class(url, NOW).learners.values()] == [3]


def test_pseudonyms_are_as_short_as_they_can_be_and_differ():
    ids = ["a" * 31 + "1", "a" * 31 + "2", "b" * 32, "b" * 32 + "-2", "x"]
    short = pseudonyms(ids)
    assert len(set(short.values())) == len(ids)
    assert pseudonyms(["a" * 32, "b" * 32]) == {"a" * 32: "a" * 8, "b" * 32: "b" * 8}


def test_a_class_in_postgresql_is_read_like_hand_ins(tmp_path, monkeypatch):
    if programs() is None:
        pytest.skip("PostgreSQL's server is not installed (apt-get install postgresql)")
    monkeypatch.setenv(LEARNER_VARIABLE, "instructor")
    write_hand_ins(tmp_path / "in", {c * 32: chain(c * 32, 3) for c in "abc"})
    with temporary_server() as server:
        store = open_store(server.url)
        for path in sorted((tmp_path / "in").iterdir()):
            store.import_jsonl(path, mine=False)
        store.close()
        assert store.notice == ""
        result = read_class(server.url, NOW)
    assert result.learners == read_class(tmp_path / "in", NOW).learners
    assert result.notices == ()
    with pytest.raises(CourseError, match="The store cannot be read"):
        read_class(server.url, NOW)
