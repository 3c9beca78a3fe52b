"""What a class hands in, a service is sent and a command is told: harmless whatever it is."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import socket
import threading
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from fuzz_targets import _event
from hostile import within

from secretome_edu.classroom import page, service
from secretome_edu.classroom.merge import read_class
from secretome_edu.classroom.report import class_report
from secretome_edu.cli import main
from secretome_edu.course import memory
from secretome_edu.progress.sql import open_database
from secretome_edu.quiz.bank import load_bank
from secretome_edu.ui.messages import CourseError

NOW = datetime(2026, 12, 1, tzinfo=UTC)
HEAD = {"manifest": 1, "export": True, "format": 1, "course": "0.1.0", "learner": "a1",
        "events": 1, "head": ""}  # fmt: skip


def head(**fields):
    return json.dumps({**HEAD, **fields}).encode() + b"\n"


def deep(levels):
    return _event().replace(b'"response": "x"', b'"response": ' + b"[" * levels + b"]" * levels)


HAND_INS = {
    "a score of 400 digits": _event(score=10**400),
    "a maximum of 4000 digits": _event(max_score=10**4000),
    "half a character as wording": _event(item_hash="\ud800"),
    "a list as wording": _event(item_hash=[["a"]]),
    "a wording of a million signs": _event(item_hash="a" * 900_000),
    "the first day of all": _event(time="0001-01-01T00:00:00Z") + _event(id="e2", seq=2),
    "the last day of all": _event() + _event(id="e2", seq=2, time="9999-12-31T23:59:59Z"),
    "half a character in a time": _event(time="20260901\ud80000:00:00Z"),
    "half a character as learner": head(learner="\ud800") + _event(),
    "a learner of a million signs": head(learner="a" * 900_000) + _event(),
    "a list as learner": head(learner=["a"], name={"a": 1}, course=[1]) + _event(),
    "half a character as version": head(course="\ud800") + _event(),
    "a number of events of 4000 digits": head(events=10**4000) + _event(),
    "fifty levels": deep(50),
    "nine hundred levels": deep(900),
    "a hundred thousand levels": deep(100_000),
    "NaN": _event().replace(b'"score": 1.0', b'"score": NaN'),
    "a name twice": _event().replace(b'"score": 1.0', b'"score": 0, "score": 1.0'),
    "zero bytes": b"\0" * 1_000_000,
    "UTF-16": _event().decode().encode("utf-16"),
    "a mark and Windows' line ends": b"\xef\xbb\xbf" + _event().replace(b"\n", b"\r\n"),
    "old Macintosh line ends": _event().replace(b"\n", b"\r") * 2,
    "cut in the middle": _event()[:200],
    "the same thousand times": _event() * 1000,
    "a thousand kinds of rubbish": b"".join(b'{"format": %d}\n' % n for n in range(9, 1009)),
    "an event that follows itself": _event(previous="x" * 64),
    "another's id": _event() + _event(response="y"),
}  # fmt: skip


@pytest.mark.parametrize("name", HAND_INS)
def test_one_hand_in_never_stops_the_report(name, tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "good.jsonl").write_bytes(head(learner="good") + _event(id="g", learner="good"))
    (folder / "bad.jsonl").write_bytes(HAND_INS[name])
    with within(30):
        report = class_report(folder, now=NOW)
        report.headline.encode()
        shown = page.page_class.hand_ins(report) + page.page_class.learners(report)
    assert "good" in report.found.learners
    assert len(shown.encode()) < 100_000
    assert all(len(file.messages) <= 60 for file in report.found.hand_ins)


def test_two_long_ids_that_begin_alike_take_no_time(tmp_path):
    for end in "ab":
        file = tmp_path / f"{end}.jsonl"
        file.write_bytes(head(learner="z" * 100_000 + end) + _event(id=end))
    with within(10):
        assert read_class(tmp_path, NOW).events == 2


def test_a_link_does_not_lead_out_of_the_folder(tmp_path):
    secret = tmp_path / "secret.jsonl"
    secret.write_bytes(_event())
    folder = tmp_path / "class"
    (folder / "sub").mkdir(parents=True)
    (folder / "own.jsonl").write_bytes(_event(id="own"))
    for name, goal in {
        "out": secret, "up": "../secret.jsonl", "in": "own.jsonl", "round": "round",
        "gone": "nothing", "zero": "/dev/zero", "root": "/", "folder": "..",
    }.items():  # fmt: skip
        (folder / name).symlink_to(goal)
    os.mkfifo(folder / "pipe")
    with within(10):
        found = read_class(folder, NOW)
    said = {file.file: file.skipped for file in found.hand_ins}
    assert found.events == 1
    assert said.pop("own.jsonl") == said.pop("in") == ""
    assert all(said.values())
    assert len(said) == 8


def test_names_of_files_that_are_no_text_are_written_out(tmp_path):
    for name in (b"\xff\xfe.jsonl", b"a\x1b[31m\n.jsonl"):
        (tmp_path / os.fsdecode(name)).write_bytes(b"nothing")
    names = [file.file for file in read_class(tmp_path, NOW).hand_ins]
    assert all(name.isprintable() for name in names)
    assert "".join(names).encode()


def test_a_whole_disk_is_not_taken_for_a_class(tmp_path, monkeypatch):
    monkeypatch.setattr("secretome_edu.classroom.merge._MOST_FILES", 3)
    for number in range(4):
        (tmp_path / str(number)).touch()
    with pytest.raises(CourseError, match="more than 3 files"):
        read_class(tmp_path)


@pytest.mark.parametrize(
    "name", ["../start_here", "/etc/passwd", "start_here/../x", "", "\0", ".."]
)
def test_a_name_is_no_path(name):
    from secretome_edu.data import load
    from secretome_edu.exercises import load_exercises
    from secretome_edu.models.cards import model_card

    for lookup in (load_bank, load, model_card):
        with pytest.raises(CourseError):
            lookup(name)
    assert load_exercises(name) == {}


# -- the service of a class ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """The service on a loopback port; whoever asks is Ada."""
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('service') / 'class.db'}")
    patch = pytest.MonkeyPatch()
    patch.setattr(service._Handler, "get_current_user", lambda self: {"name": "ada"})
    started, here = threading.Event(), {}

    async def serve():
        app = service.make_app("/s/", database, lambda: "report")
        server = service.make_server(app, patience_s=1.0)
        server.listen(0, "127.0.0.1")
        here["port"] = next(iter(server._sockets.values())).getsockname()[1]
        here["stop"], here["loop"] = asyncio.Event(), asyncio.get_running_loop()
        started.set()
        await here["stop"].wait()
        server.stop()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert started.wait(20)
    yield here["port"]
    here["loop"].call_soon_threadsafe(here["stop"].set)
    thread.join(10)
    patch.undo()


def ask(port, content, timeout=20):
    """Send bytes as they are; return the status, 0 if the connection is closed without one."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as link:
        said = b""
        try:
            link.sendall(content)
            while piece := link.recv(65536):
                said += piece
        except (ConnectionError, TimeoutError):
            pass
    parts = said.split(b" ", 2)
    return (int(parts[1]) if len(parts) == 3 and parts[1].isdigit() else 0), said


def post(body, more=b""):
    return (b"POST /s/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + more
            + b"Content-Length: %d\r\n\r\n" % len(body) + body)  # fmt: skip


CHUNKED = b"POST /s/events HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
REQUESTS = {
    "zero bytes": post(b"\0" * 10_000),
    "no UTF-8": post(b"\xff\xfe" * 10_000),
    "lists without end": post(b"[" * 100_000),
    "objects without end": post(b'{"id":' * 100_000),
    "a line too long": post(b'{"id": "' + b"a" * 2_000_000 + b'"}\n'),
    "ten thousand lines of nothing": post(b"{}\n" * 10_000),
    "old line ends": post(_event().replace(b"\n", b"\r") * 3),
    "a list as id": post(_event().replace(b'"e1"', b'[["e1"]]')),
    "SQL": post(_event(learner="'; DROP TABLE secretome_edu_events; --")),
    "huge numbers": post(_event(score=10**400, seq=2**53 - 1)),
    "a packed body": post(gzip.compress(b"\0" * 10_000_000), b"Content-Encoding: gzip\r\n"),
    "a length that is a word": b"POST /s/events HTTP/1.1\r\nContent-Length: many\r\n\r\nx",
    "a length below zero": b"POST /s/events HTTP/1.1\r\nContent-Length: -1\r\n\r\nx",
    "a length beyond the limit": b"POST /s/events HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
    "two lengths": b"POST /s/events HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
    "chunks that do not fit": CHUNKED + b"ZZ\r\n",
    "a chunk without end": CHUNKED + b"FFFFFFFF\r\n",
    "a large head": b"GET /s/events HTTP/1.1\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    "many heads": b"GET /s/events HTTP/1.1\r\n" + b"X: y\r\n" * 50_000 + b"\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00" * 100,
    "another verb": b"BREW /s/events HTTP/1.1\r\nHost: x\r\n\r\n",
    "PUT": b"PUT /s/events HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    "a way up": b"GET /s/events/../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    "a coded way up": b"GET /s/%2e%2e%2fetc/passwd%00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "two slashes": b"GET //evil.example/s/ HTTP/1.1\r\nHost: x\r\n\r\n",
    "an address without end": b"GET /s/" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("name", REQUESTS)
def test_the_service_refuses_and_goes_on(name, port):
    status, said = ask(port, REQUESTS[name])
    assert status < 500
    assert b"Traceback" not in said
    assert b"root:" not in said
    status, said = ask(port, post(_event(id="good")))
    assert status == 200
    assert b'"good"' in said


def test_a_slow_request_holds_nobody_up(port):
    slow = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(20)]
    for link in slow[:10]:
        link.sendall(b"POST /s/events HTTP/1.1\r\nX-A: b")
    for link in slow[10:]:
        link.sendall(b"POST /s/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx")
    assert ask(port, post(_event(id="good")))[0] == 200
    for link in slow:
        assert link.recv(100) in (b"", b"HTTP/1.1 400 Bad Request\r\n\r\n")
        link.close()


# -- commands ------------------------------------------------------------------------------------

WORDS = ["", "folder", "file", "gone", "x" * 300, "gone/gone", "file/x", "\udcff", "é\u202e", "-",
         "--", "empty.yaml", "/dev/full", "sqlite:///folder", "foo://x", "{{7*7}}"]  # fmt: skip
COMMANDS = [
    ["quiz"], ["quiz", "start_here", "--pool"], ["review", "--limit"], ["export"], ["import"],
    ["report"], ["report", "folder", "--out"], ["report", "folder", "--names"], ["regrade"],
    ["regrade", "folder", "--bank"], ["new-lesson"], ["bank", "export", "start_here", "--to"],
    ["bank", "export", "start_here", "--to", "gift", "--out"],
    ["bank", "export", "--to", "gift", "--out", "o.gift"], ["bank", "import", "--out", "i.yaml"],
    ["bank", "import", "file", "--from", "gift", "--out"], ["bank", "strip-keys", "--out", "s"],
    ["bank", "strip-keys", "start_here", "--out"], ["course"], [], ["bank"], ["refresh", "--"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_takes_any_word(command, tmp_path, monkeypatch):
    """A result, an error of the course or one of usage; never a traceback."""
    monkeypatch.setattr("secretome_edu.authoring.new_lesson.make", lambda *given: [])
    monkeypatch.setattr("secretome_edu.classroom.page.to_html", lambda report: "")
    monkeypatch.setattr("secretome_edu.authoring.refresh.refresh", lambda paths: [])
    for name in ("readme.update_readme", "keys.update_keys", "claims.update_claims"):
        monkeypatch.setattr(f"secretome_edu.authoring.{name}", lambda: False)
    for word in WORDS:
        here = tmp_path / str(WORDS.index(word))
        (here / "folder").mkdir(parents=True)
        (here / "file").write_text("x")
        (here / "empty.yaml").touch()
        monkeypatch.chdir(here)
        memory.store.cache_clear()
        with within(30):
            ran = CliRunner().invoke(main, [*command, word], input="/quit\n")
        assert ran.exception is None or isinstance(ran.exception, SystemExit), (word, ran.exception)
        assert "Traceback" not in ran.output
    memory.store.cache_clear()
