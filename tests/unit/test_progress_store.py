"""The store keeps what it was given, wherever it lives, and says so when it cannot."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from secretome_edu.progress import keeping, place
from secretome_edu.progress.events import START, BadValue, check_links, new_event
from secretome_edu.progress.logs import UNREACHABLE, Trouble
from secretome_edu.progress.store import open_store
from secretome_edu.ui.messages import CourseError

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["memory", "jsonl", "sqlite"])
def url(request, tmp_path):
    return {
        "memory": "memory:",
        "jsonl": f"jsonl:{tmp_path}/p.jsonl",
        "sqlite": f"sqlite:///{tmp_path}/p.db",
    }[request.param]


def answer(store, item, score=1.0, **fields):
    return store.append("answered", lesson="units", item=item, score=score, max_score=1.0, **fields)


def test_what_was_appended_is_read_back_in_order(url):
    store = open_store(url)
    made = [answer(store, f"q{n}", response=["a", "b"], variant=None) for n in range(5)]
    assert store.events() == made
    assert [e.item for e in store.events(item="q3")] == ["q3"]
    assert store.events(lesson="other") == []
    assert store.verify() == []
    assert store.notice == ""


def test_recorder_restores_the_newest_answer(url):
    recorder = open_store(url).recorder("units")
    common = {"item": "q1", "item_hash": "h", "variant": 3, "max_score": 2.0}
    recorder.record("answered", response="a", state="incorrect", score=0.0, **common)
    recorder.record("hint", response=None, state="incorrect", score=0.0, **common)
    recorder.record(
        "answered", response={"x": 1.5}, state="correct", score=2.0, confidence=3, **common
    )
    last = recorder.last("q1")
    assert (last["response"], last["state"], last["score"]) == ({"x": 1.5}, "correct", 2.0)
    assert (last["max_score"], last["variant"], last["confidence"]) == (2.0, 3, 3)
    assert last["item_hash"] == "h"
    assert [entry["kind"] for entry in recorder.history("q1")] == ["answered", "hint", "answered"]
    assert recorder.last("q2") is None


def test_recorders_of_two_lessons_do_not_mix(url):
    store = open_store(url)
    common = {"item": "q1", "item_hash": "h", "variant": None, "state": "correct"}
    store.recorder("a").record("answered", response="x", score=1, max_score=1, **common)
    assert store.recorder("b").last("q1") is None


@pytest.mark.parametrize("kind", ["jsonl", "sqlite"])
def test_a_second_store_sees_the_same_learner_and_events(kind, tmp_path):
    url = f"jsonl:{tmp_path}/p" if kind == "jsonl" else f"sqlite:///{tmp_path}/p"
    first, second = open_store(url), open_store(url)
    answer(first, "q1")
    answer(second, "q2")
    answer(first, "q3")
    assert [e.item for e in second.events()] == ["q1", "q2", "q3"]
    assert first.learner == second.learner
    assert second.verify() == []
    hashes = [e.hash for e in first.events()]
    assert [e.previous for e in first.events()] == ["", *hashes[:-1]]  # one chain, not two


def test_numpy_and_odd_values_are_kept_as_json(url):
    store = open_store(url)
    odd = {
        "response": np.array([1.5, 2.0]), "score": np.float64(0.5), "state": "µ\ud800\x00 ok",
        "n": np.int64(3), "big": 2**80, "nan": float("nan"), "set": {"b", "a"}, "t": (1, True),
    }  # fmt: skip
    store.append("answered", lesson="units", item="q1", **odd)
    (event,) = store.events()
    assert event["response"] == [1.5, 2.0]
    assert (event["score"], event["n"], event["big"]) == (0.5, 3, str(2**80))
    assert (event["nan"], event["set"], event["t"]) == ("nan", ["a", "b"], [1, True])
    assert event["state"] == "µ\ud800\x00 ok"
    assert store.verify() == []


@pytest.mark.parametrize(
    ("kind", "fields", "word"),
    [
        ("", {}, "kind"),
        ("k" * 41, {}, "kind"),
        ("answered", {"item": "a\nb"}, "item"),
        ("answered", {"lesson": 3}, "lesson"),
        ("answered", {"response": object()}, "response"),
        ("answered", {"hash": "x"}, "hash"),
    ],
)
def test_what_cannot_be_stored_is_named_and_nothing_is_remembered(url, kind, fields, word):
    store = open_store(url)
    with pytest.raises(BadValue, match=word):
        store.append(kind, **fields)
    assert store.events() == []


@pytest.mark.parametrize("url", ["nonsense", "/home/me/x.db", "sqlite", "oracle:x"])
def test_an_address_that_is_none_is_refused_with_what_is_accepted(url):
    with pytest.raises(BadValue, match="Accepted are memory:"):
        open_store(url)


def test_address_comes_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv(place.VARIABLE, f"jsonl:{tmp_path}/here.jsonl")
    answer(open_store(), "q1")
    assert (tmp_path / "here.jsonl").exists()


def test_default_is_sqlite_in_the_users_data_folder(monkeypatch, tmp_path):
    monkeypatch.delenv(place.VARIABLE, raising=False)
    monkeypatch.setattr(place, "user_folder", lambda: tmp_path / "new" / "folder")
    answer(open_store(), "q1")
    assert (tmp_path / "new" / "folder" / "progress.db").read_bytes().startswith(b"SQLite")
    assert len(open_store().events()) == 1


def test_sqlite_uses_a_write_ahead_log(tmp_path):
    open_store(f"sqlite:///{tmp_path}/p.db")
    with sqlite3.connect(tmp_path / "p.db") as link:
        assert link.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_clock_going_back_keeps_order_and_chain(url):
    times = iter(datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=h) for h in (5, 4, -9000, 6, 5))
    store = open_store(url, clock=lambda: next(times))
    for n in range(5):
        answer(store, f"q{n}")
    events = store.events()
    assert [e.item for e in events] == ["q0", "q1", "q2", "q3", "q4"]
    assert all(a.seq < b.seq for a, b in pairwise(events))
    assert events[2].time < events[0].time  # what the clock said is kept as it was
    assert store.verify() == []


def test_delete_all_removes_everything_and_the_learner_id(url, tmp_path):
    store = open_store(url)
    for n in range(20):
        answer(store, f"secretword{n}", response="y" * 300)
    before = store.learner
    assert store.delete_all() == 20
    assert store.events() == []
    assert store.learner != before
    for file in tmp_path.iterdir():
        assert b"secretword" not in file.read_bytes(), file
    answer(store, "q1")
    assert [e.previous for e in store.events()] == [""]
    assert open_store(url).learner == store.learner or url == "memory:"


# Damage ------------------------------------------------------------------------------------------


def filled_database(tmp_path, count=200, long=0):
    path = tmp_path / "p.db"
    store = open_store(f"sqlite:///{path}")
    made, tail = [], START
    for n in range(count):
        fields = {"response": "x" * long, "score": 1.0}
        made.append(new_event(tail, learner=store.learner, kind="answered", item=f"q{n}",
                              fields=fields))  # fmt: skip
        tail = made[-1].tail
    store._keeper.log.add(made)  # one transaction, which is fast
    store.close()
    assert not path.with_name("p.db-wal").exists()
    return path, made


@pytest.mark.parametrize("long", [0, 9000], ids=["short", "rows over several pages"])
@pytest.mark.parametrize("keep", [0.3, 0.7, 0.99])
def test_truncated_database_is_set_aside_and_read_as_far_as_possible(tmp_path, keep, long):
    path, made = filled_database(tmp_path, 100, long)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    store = open_store(f"sqlite:///{path}")
    kept = store.events()
    assert (tmp_path / "p.db.damaged-1").stat().st_size == int(len(data) * keep)
    assert "damaged" in store.notice
    assert f"{len(kept)} events" in store.notice
    whole = {e.line.encode() for e in made if e.line.encode() in data[: int(len(data) * keep)]}
    assert {e.line.encode() for e in kept} >= whole
    assert all(event in made for event in kept)
    assert len(kept) >= {0.3: 3, 0.7: 30, 0.99: 60}[keep]
    if kept:
        assert store.learner == made[0].learner
    answer(store, "afterwards")
    assert [e.item for e in open_store(f"sqlite:///{path}").events()][-1] == "afterwards"


def test_destroyed_header_costs_no_event(tmp_path):
    path, made = filled_database(tmp_path)
    data = bytearray(path.read_bytes())
    data[:100] = b"\0" * 100
    path.write_bytes(data)
    store = open_store(f"sqlite:///{path}")
    assert store.events() == made
    assert store.verify() == []


def test_file_of_rubbish_is_set_aside_and_work_goes_on(tmp_path):
    path = tmp_path / "p.db"
    path.write_bytes(os.urandom(20000))
    store = open_store(f"sqlite:///{path}")
    assert "0 events could be read" in store.notice
    answer(store, "q1")
    store.close()
    path.write_bytes(os.urandom(20000))
    open_store(f"sqlite:///{path}")
    assert sorted(p.name for p in tmp_path.glob("*damaged-?")) == [
        "p.db.damaged-1", "p.db.damaged-2",
    ]  # fmt: skip


def test_database_damaged_while_open_is_repaired_without_losing_the_new_event(tmp_path):
    path, made = filled_database(tmp_path)
    store = open_store(f"sqlite:///{path}")
    store.close()  # drops its page cache; the next use connects again
    with path.open("r+b") as file:
        for page in range(1, path.stat().st_size // 4096, 2):
            file.seek(page * 4096)
            file.write(b"\xff" * 200)
    event = answer(store, "afterwards")
    assert event in store.events()
    assert event in open_store(f"sqlite:///{path}").events()
    assert "damaged" in store.notice
    assert len(store.events()) > len(made) / 2


def test_a_tab_that_was_open_while_another_repaired_writes_to_the_new_file(tmp_path):
    path, _ = filled_database(tmp_path)
    early = open_store(f"sqlite:///{path}")
    answer(early, "before")
    with path.open("r+b") as file:
        file.write(b"\0" * 100)
    for suffix in ("-wal", "-shm"):  # as after a crash of the machine
        path.with_name(f"p.db{suffix}").unlink()
    late = open_store(f"sqlite:///{path}")
    assert "damaged" in late.notice
    event = answer(early, "after")
    assert event in late.events()
    assert event in open_store(f"sqlite:///{path}").events()


def test_the_same_file_is_used_after_the_folder_changed(tmp_path, monkeypatch):
    for url in ("sqlite:///p.db", "jsonl:p.jsonl"):
        monkeypatch.chdir(tmp_path)
        store = open_store(url)
        answer(store, "q1")
        store.close()
        (tmp_path / "elsewhere").mkdir(exist_ok=True)
        monkeypatch.chdir(tmp_path / "elsewhere")
        answer(store, "q2")
        assert len(store.events()) == 2
        assert list((tmp_path / "elsewhere").iterdir()) == []


def test_another_tab_sees_that_everything_was_deleted(tmp_path):
    for url in (f"sqlite:///{tmp_path}/p.db", f"jsonl:{tmp_path}/p.jsonl"):
        first, second = open_store(url), open_store(url)
        for n in range(5):
            answer(first, f"q{n}")
        assert len(second.events()) == 5
        first.delete_all()
        for n in range(9):
            answer(first, f"new{n}", response="x" * 200)
        assert [e.item for e in second.events()] == [f"new{n}" for n in range(9)]
        answer(second, "last")
        assert [e.item for e in first.events()][-1] == "last"


def test_a_file_deleted_while_it_is_open_is_made_anew(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/p.db")
    answer(store, "q1")
    for file in tmp_path.iterdir():
        file.unlink()
    assert store.events() == []
    event = answer(store, "q2")
    assert store.events() == open_store(f"sqlite:///{tmp_path}/p.db").events() == [event]


def test_deleting_says_so_if_what_is_saved_cannot_be_reached(tmp_path):
    (tmp_path / "folder").write_text("a file where a folder should be")
    store = open_store(f"sqlite:///{tmp_path}/folder/p.db")
    answer(store, "q1")
    assert store.notice
    with pytest.raises(CourseError, match="folder"):
        store.delete_all()
    assert len(store.events()) == 1


def test_a_row_of_which_bits_changed_is_passed_over_and_said(tmp_path):
    path, _ = filled_database(tmp_path, 5)
    with sqlite3.connect(path) as link:
        link.execute("UPDATE secretome_edu_events SET line = '{\"id' WHERE item = 'q2'")
        link.execute("UPDATE secretome_edu_events SET line = '[]' WHERE item = 'q0'")
    store = open_store(f"sqlite:///{path}")
    assert [e.item for e in store.events()] == ["q1", "q3", "q4"]
    assert "2 entries are cut off or damaged" in store.notice
    assert [(e.item, e.flag) for e in store.verify()] == [("q1", "unlinked"), ("q3", "unlinked")]


def test_deleted_events_are_not_salvaged(tmp_path):
    path, _ = filled_database(tmp_path)
    store = open_store(f"sqlite:///{path}")
    store.delete_all()
    answer(store, "q1")
    store.close()
    path.write_bytes(b"\0" * 100 + path.read_bytes()[100:])
    assert [e.item for e in open_store(f"sqlite:///{path}").events()] == ["q1"]


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_torn_last_line_of_a_json_lines_store(tmp_path, cut):
    path = tmp_path / "p.jsonl"
    store = open_store(f"jsonl:{path}")
    made = [answer(store, f"q{n}") for n in range(3)]
    path.write_bytes(path.read_bytes()[:-cut])
    again = open_store(f"jsonl:{path}")
    assert again.events()[:2] == made[:2]
    answer(again, "next")
    third = open_store(f"jsonl:{path}")
    assert ("1 entry is cut off" in third.notice) == (cut > 1)
    assert [e.item for e in third.events()][-1] == "next"
    assert len(third.events()) == (4 if cut == 1 else 3)  # only the line end was lost
    assert third.verify() == []
    assert third.learner == store.learner


# Faults of the place -----------------------------------------------------------------------------


USE = """
import os, sys
import platformdirs.unix
from secretome_edu.progress import sql
from secretome_edu.progress.store import open_store
if os.getuid() == 0:  # root may write anywhere; and this id has no entry that names a home
    os.setgid(60123); os.setuid(60123)
store = open_store()
for n in range(3): store.append("answered", item=f"q{n}")
print(len(store.events()), store.verify(), store.notice)
"""


@pytest.fixture
def locked():
    """A folder that other users reach; pytest closes its own to them."""
    with tempfile.TemporaryDirectory(prefix="secretome-edu-") as name:
        Path(name).chmod(0o755)
        folder = Path(name) / "locked"
        folder.mkdir()
        yield folder
        folder.chmod(0o755)


def without_privileges(**environment: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", USE], capture_output=True, text=True, cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **environment},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize("kind", ["sqlite:///", "jsonl:"])
@pytest.mark.parametrize("existing", [False, True])
def test_read_only_folder_is_said_in_one_notice_and_work_goes_on(locked, kind, existing):
    url = f"{kind}{locked}/p"
    if existing:  # what was there stays visible
        store = open_store(url)
        answer(store, "old")
        store.close()
        for file in locked.iterdir():
            file.chmod(0o444)
    locked.chmod(0o555)
    out = without_privileges(SECRETOME_EDU_STORE=url)
    assert out.startswith(f"{3 + existing} [] ")
    assert "read-only" in out
    assert "for this run only" in out


def test_damaged_file_in_a_read_only_folder_is_shown_as_far_as_it_can_be_read(locked):
    path, _ = filled_database(locked, 30)
    path.write_bytes(b"\0" * 100 + path.read_bytes()[100:])
    path.chmod(0o444)
    locked.chmod(0o555)
    out = without_privileges(SECRETOME_EDU_STORE=f"sqlite:///{path}")
    assert out.startswith("33 [] ")
    assert "read-only" in out
    assert [p.name for p in locked.iterdir()] == ["p.db"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become a user without a home")
def test_no_home_is_said_and_work_goes_on():
    out = without_privileges(HOME="")
    assert out.startswith("3 [] This user has no home folder.")
    assert "for this run only" in out


def test_full_disk_keeps_events_and_writes_them_when_there_is_room(tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "RETRY_SECONDS", 0)
    path = tmp_path / "p.db"
    store = open_store(f"sqlite:///{path}")
    answer(store, "q0")
    limit(store, 1)  # SQLite then answers "database or disk is full"
    for n in range(1, 60):
        answer(store, f"q{n}", response="x" * 500)
    assert "full" in store.notice
    assert "for this run only" in store.notice
    assert [e.item for e in store.events()] == [f"q{n}" for n in range(60)]
    limit(store, 2**30)
    answer(store, "q60")
    assert "saved again" in store.notice
    reopened = open_store(f"sqlite:///{path}")
    assert [e.item for e in reopened.events()] == [f"q{n}" for n in range(61)]
    assert reopened.verify() == []


def limit(store, pages):
    with store._keeper.log._database._engine.connect() as link:
        link.connection.driver_connection.execute(f"PRAGMA max_page_count={pages}")


def test_full_disk_under_a_json_lines_store(tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "RETRY_SECONDS", 0)
    path = tmp_path / "p.jsonl"
    store = open_store(f"jsonl:{path}")
    answer(store, "q0")
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, data[: len(data) // 2]))
    answer(store, "q1")
    answer(store, "q2")
    assert "full" in store.notice
    monkeypatch.setattr(os, "write", real)
    answer(store, "q3")
    assert [e.item for e in store.events()] == ["q0", "q1", "q2", "q3"]
    assert [e.item for e in open_store(f"jsonl:{path}").events()] == ["q0", "q1", "q2", "q3"]
    assert store.verify() == []


def test_server_that_does_not_answer_is_said_without_its_password(monkeypatch):
    store = open_store("postgresql://me:geheim@127.0.0.1:1/class")
    answer(store, "q1")
    assert "for this run only" in store.notice
    assert "geheim" not in store.notice
    assert len(store.events()) == 1


def test_a_missing_driver_is_said_without_the_password(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    store = open_store("postgresql://me:geheim@127.0.0.1:1/class")
    answer(store, "q1")
    assert "driver that is not installed" in store.notice
    assert "geheim" not in store.notice
    assert len(store.events()) == 1


def test_a_place_that_hangs_is_asked_seldom(tmp_path, monkeypatch):
    store = open_store(f"sqlite:///{tmp_path}/p.db")
    answer(store, "q0")
    calls = []

    def hang(*args):
        calls.append(args)
        raise Trouble(UNREACHABLE, "The server does not answer.")

    monkeypatch.setattr(store._keeper.log, "read", hang)
    monkeypatch.setattr(store._keeper.log, "append", hang)
    monkeypatch.setattr(store._keeper.log, "enrol", hang)
    for n in range(1, 30):
        answer(store, f"q{n}")
        assert len(store.events()) == n
    assert len(calls) == 2  # one write, one read
    monkeypatch.undo()
    store._keeper._retry_at = store._keeper._read_at = 0
    assert [e.item for e in store.events()] == [f"q{n}" for n in range(30)]
    assert store.notice == "Your progress is saved again; nothing was lost."


def test_without_sqlalchemy_a_text_file_takes_over(tmp_path):
    code = f"""
import sys
sys.modules["sqlalchemy"] = None
sys.modules["sqlite3"] = None
from secretome_edu.progress.store import open_store
store = open_store("sqlite:///{tmp_path}/p.db")
store.append("answered", item="q1")
print(len(store.events()), store.notice)
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert out.stdout == "1 \n", out.stderr
    assert (tmp_path / "p.db.jsonl").exists()
    # Once databases work, what the text file holds is taken over.
    store = open_store(f"sqlite:///{tmp_path}/p.db")
    assert [e.item for e in store.events()] == ["q1"]
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".db", ".db-shm", ".db-wal"]


def test_importing_the_room_is_cheap():
    code = (
        "import sys; import secretome_edu.progress, secretome_edu.progress.store; "
        "print([m for m in ('sqlalchemy', 'fsrs', 'rich', 'numpy') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert out.stdout.strip() == "[]"


def test_lines_on_disk_are_json_without_a_name(tmp_path):
    store = open_store(f"jsonl:{tmp_path}/p.jsonl")
    answer(store, "q1", confidence=3)
    manifest, line = map(json.loads, (tmp_path / "p.jsonl").read_text().splitlines())
    assert manifest == {"manifest": 1, "learner": store.learner, "mine": True}
    assert (line["item"], line["confidence"], line["format"]) == ("q1", 3, 1)
    assert check_links(store.events()) == []
