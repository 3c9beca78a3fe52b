"""Answers reach the class behind the learner's back, whatever the class server does."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from secretome_edu.progress import delivery
from secretome_edu.progress.handin import read_lines
from secretome_edu.progress.logs import MemoryLog
from secretome_edu.progress.store import open_store
from secretome_edu.ui.messages import CourseError

TOKEN = "a-token"


class ClassServer(ThreadingHTTPServer):
    """Takes events like the class service; ``answers`` are states to give first."""

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.log, self.answers, self.posts = MemoryLog("class"), [], []
        self.refuse = False
        self.held, self.arrived = threading.Lock(), threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/services/secretome/"

    def ids(self):
        return [event.id for event in self.log.read(everyone=True)]


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *words):
        pass

    def say(self, said, status=200):
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers["Authorization"] != f"token {TOKEN}":
            return self.say("who?", 403)
        if self.server.answers:
            return self.say("later", self.server.answers.pop(0))
        if self.command == "GET":
            return self.say(self.server.ids())
        if self.command == "DELETE":
            self.server.log = MemoryLog("class")
            return self.say({"deleted": 1})
        self.server.arrived.set()
        with self.server.held:  # a test may keep what has arrived waiting
            self.take(body.splitlines(keepends=True))

    def take(self, lines):
        self.server.posts.append(len(lines))
        if self.server.refuse:
            return self.say({"kept": [], "messages": ["It belongs to another learner."]})
        report = read_lines(self.server.log, lines, mine=False)
        kept = [json.loads(line)["id"] for line in lines]
        return self.say({"kept": kept, "messages": report.messages})

    do_GET = do_POST = do_DELETE = handle_one


@pytest.fixture
def server():
    with ClassServer() as running:
        yield running
        running.shutdown()


@pytest.fixture
def open_here(server, tmp_path, monkeypatch):
    """Opens the learner's store as a kernel on a class server does."""
    monkeypatch.setenv(delivery.CLASS_VARIABLE, server.url)
    monkeypatch.setenv(delivery.TOKEN_VARIABLE, TOKEN)
    monkeypatch.setattr(delivery, "FIRST_RETRY_SECONDS", 0.05)
    return lambda: open_store(f"sqlite:///{tmp_path / 'progress.db'}")


def answer(store, count=3):
    return [store.append("answered", lesson="units", item=f"q{n}").id for n in range(count)]


def test_what_is_answered_is_delivered_once(open_here, server):
    store = open_here()
    ids = answer(store)
    assert store.delivered(10)
    assert server.ids() == ids
    ids += answer(store, 1)
    assert store.delivered(10)
    assert server.ids() == ids
    assert sum(server.posts) == len(ids), "sent twice"


def test_an_answer_does_not_wait_for_a_server_that_fails(open_here, server):
    server.answers = [500, 503, 403]
    store = open_here()
    started = time.perf_counter()
    ids = answer(store)
    assert time.perf_counter() - started < 1.0
    assert store.delivered(10)
    assert server.ids() == ids
    assert store.notice == ""


def test_a_server_that_is_away_costs_nothing(open_here, server):
    server.shutdown()
    server.server_close()
    store = open_here()
    ids = answer(store)
    assert not store.delivered(0.5)
    assert "safe here" in store.notice
    with ClassServer(server.server_port) as again:
        store.append("opened", lesson="units")
        assert store.delivered(20)
        assert again.ids()[:-1] == ids
        again.shutdown()


def test_the_next_kernel_delivers_what_the_last_one_could_not(open_here, server, monkeypatch):
    monkeypatch.delenv(delivery.CLASS_VARIABLE)
    offline = open_here()
    ids = answer(offline)
    assert offline.delivered()
    offline.close()
    monkeypatch.setenv(delivery.CLASS_VARIABLE, server.url)
    assert open_here().delivered(10)
    assert server.ids() == ids


def test_many_events_go_in_batches(open_here, server, monkeypatch):
    monkeypatch.setattr(delivery, "BATCH", 10)
    monkeypatch.delenv(delivery.CLASS_VARIABLE)
    ids = answer(open_here(), 25)
    monkeypatch.setenv(delivery.CLASS_VARIABLE, server.url)
    assert open_here().delivered(10)
    assert server.ids() == ids
    assert server.posts == [10, 10, 5]


def test_what_the_class_refuses_is_said_and_not_sent_forever(open_here, server):
    server.refuse = True
    store = open_here()
    answer(store, 2)
    assert store.delivered(10)
    assert "refused" in store.notice
    assert "another learner" in store.notice
    before = len(server.posts)
    server.refuse = False
    (late,) = answer(store, 1)
    assert store.delivered(10)
    assert server.ids() == [late]
    assert len(server.posts) == before + 1


def test_deleting_reaches_the_class_first(open_here, server):
    store = open_here()
    answer(store)
    assert store.delivered(10)
    server.answers = [503]
    with pytest.raises(CourseError, match="503"):
        store.delete_all()
    assert len(store.events()) == len(server.ids()) == 3, "nothing is deleted halfway"
    assert store.delete_all() == 3
    assert server.ids() == []


def test_what_is_being_sent_while_it_is_deleted_does_not_come_back(open_here, server):
    kernels = [open_here()]
    for _ in range(10):  # one kernel deletes while the others still send, or ask what is there
        answer(kernels[-1])
        kernels.append(open_here())
        kernels[-1].delete_all()
        assert all(kernel.delivered(10) for kernel in kernels)
        assert server.ids() == []


def test_what_arrives_after_the_deletion_is_deleted_again(open_here, server):
    """The worst moment: the class has forgotten, then takes what was on its way."""
    sender, other = open_here(), open_here()
    assert sender.delivered(10)
    assert other.delivered(10)
    with server.held:  # a request arrives, and waits
        answer(sender)
        assert server.arrived.wait(10)
        assert other.delete_all() == 3
    assert sender.delivered(10)
    assert other.delivered(10)
    assert server.posts, "nothing arrived late"
    assert server.ids() == []
    (late,) = answer(other, 1)
    assert other.delivered(10)
    assert server.ids() == [late]


@pytest.mark.parametrize("missing", [delivery.CLASS_VARIABLE, delivery.TOKEN_VARIABLE])
def test_without_a_class_there_is_nobody_to_tell(open_here, server, monkeypatch, missing):
    monkeypatch.delenv(missing)
    store = open_here()
    answer(store)
    assert store.delivered()
    assert server.posts == []


def test_what_lives_in_memory_only_stays_here(open_here, server):
    store = open_store("memory:")
    answer(store)
    assert store.delivered()
    assert server.posts == []
