"""Several tabs, killed writers and a class on one server: every acknowledged event is there.

The numbers here are small; ``tests/benchmarks/progress_stress.py`` runs the same with 200 kills and
20 processes of 200 events.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from progress_postgres import programs, temporary_server

from secretome_edu.progress import keeping
from secretome_edu.progress.place import LEARNER_VARIABLE
from secretome_edu.progress.store import open_store

ROOT = Path(__file__).parents[2]
STRESS = ROOT / "tests" / "benchmarks" / "progress_stress.py"


@pytest.fixture(scope="module")
def server():
    if programs() is None:
        pytest.skip("PostgreSQL's server is not installed (apt-get install postgresql)")
    pytest.importorskip("psycopg")
    with temporary_server() as running:
        yield running


@pytest.fixture
def as_learner(monkeypatch, server):
    def opened(name):
        monkeypatch.setenv(LEARNER_VARIABLE, name)
        return open_store(server.url)

    return opened


def stress(*words: object) -> dict:
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "tests" / "unit")))
    result = subprocess.run(
        [sys.executable, STRESS, *map(str, words)], capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("kind", ["sqlite", "jsonl"])
def test_a_killed_writer_loses_nothing_that_was_acknowledged(kind):
    found = stress("kill", kind, 8)
    assert (found["lost"], found["doubled"], found["broken"]) == (0, 0, 0)
    assert found["acknowledged"] > 0
    assert found["acknowledged"] <= found["found"] <= found["acknowledged"] + 8
    assert found["learners"] == 1
    assert all("cut off" in notice for notice in found["notices"])


@pytest.mark.parametrize("kind", ["sqlite", "jsonl"])
def test_many_processes_write_at_once(kind):
    found = stress("crowd", kind, 5, 15)
    assert (found["acknowledged"], found["found"], found["failed"]) == (75, 75, 0)
    assert (found["lost"], found["doubled"], found["broken"]) == (0, 0, 0)
    assert (found["notices"], found["learners"]) == ([], 1)


@pytest.mark.parametrize("learners", [1, 5])
def test_many_processes_write_to_a_server_at_once(server, learners):
    before = len(open_store(server.url).events(everyone=True))
    found = stress("crowd", server.url, 5, 15, "--learners", learners)
    assert (found["acknowledged"], found["found"], found["failed"]) == (75, before + 75, 0)
    assert (found["lost"], found["doubled"], found["broken"]) == (0, 0, 0)


def test_a_writer_killed_while_it_talks_to_a_server(server):
    found = stress("kill", server.url, 8)
    assert (found["lost"], found["doubled"], found["broken"]) == (0, 0, 0)
    assert found["acknowledged"] > 0


def test_threads_share_a_store(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/p.db")
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: store.append("answered", item=f"q{n}"), range(80)))
    assert sorted(e.id for e in store.events()) == sorted(e.id for e in made)
    assert store.verify() == []


def test_tabs_that_find_the_same_damage_repair_it_once(tmp_path):
    path = tmp_path / "p.db"
    store = open_store(f"sqlite:///{path}")
    for n in range(50):
        store.append("answered", item=f"q{n}")
    store.close()
    path.write_bytes(b"\0" * 100 + path.read_bytes()[100:])
    code = (
        "from secretome_edu.progress.store import open_store\n"
        f"s = open_store('sqlite:///{path}'); s.append('opened'); print(len(s.events()) > 50)"
    )
    tabs = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [tab.communicate()[0].strip() for tab in tabs] == ["True"] * 3
    assert len(open_store(f"sqlite:///{path}").events()) == 53
    assert sorted(p.name for p in tmp_path.glob("*damaged*") if p.name[-1].isdigit()) == [
        "p.db.damaged-1"
    ]
    assert not list(tmp_path.glob("*.repairing"))


def test_learners_on_one_server_see_their_own_progress(as_learner):
    ada, ben = as_learner("ada"), as_learner("ben")
    recorder = ada.recorder("units")
    recorder.record(
        "answered", item="q1", item_hash="h", variant=None, response={"a": [1, "µ\x00\ud800"]},
        state="correct", score=1.0, max_score=1.0, confidence=2,
    )  # fmt: skip
    ben.append("answered", lesson="units", item="q1", score=0.0)
    assert as_learner("ada").recorder("units").last("q1")["response"] == {"a": [1, "µ\x00\ud800"]}
    assert [e["score"] for e in ben.events()] == [0.0]
    assert {"ada", "ben"} <= {e.learner for e in ben.events(everyone=True)}
    assert ada.verify() == ben.verify() == []
    assert ben.delete_all() == 1
    assert ben.events() == []
    assert len(ada.events()) == 1


def test_progress_of_a_laptop_moves_to_the_server_and_back(as_learner, tmp_path):
    laptop = open_store("memory:")
    for n in range(3):
        laptop.append("answered", item=f"q{n}")
    laptop.export_jsonl(tmp_path / "me.jsonl")
    cleo = as_learner("cleo")
    assert cleo.import_jsonl(tmp_path / "me.jsonl").added == 3
    cleo.append("answered", item="q3")
    assert [e.item for e in cleo.events()] == ["q0", "q1", "q2", "q3"]
    cleo.export_jsonl(tmp_path / "me.jsonl")
    assert laptop.import_jsonl(tmp_path / "me.jsonl").added == 1
    assert laptop.verify() == cleo.verify() == []


def test_nobody_adopts_the_events_of_another_learner_of_the_server(as_learner, tmp_path):
    dora = as_learner("dora")
    dora.append("answered", item="q1")
    dora.export_jsonl(tmp_path / "dora.jsonl")
    thief = as_learner("thief")
    report = thief.import_jsonl(tmp_path / "dora.jsonl")
    assert (report.added, report.refused) == (0, 1)
    assert "belongs to another learner" in report.messages[0]
    assert thief.events() == []


def test_a_server_that_stops_costs_no_event(as_learner, server, monkeypatch):
    monkeypatch.setattr(keeping, "RETRY_SECONDS", 0)
    eve = as_learner("eve")
    eve.append("answered", item="q0")
    server.stop()
    try:
        eve.append("answered", item="q1")
        assert "for this run only" in eve.notice
        late = as_learner("eve")
        late.append("answered", item="q2")
        assert "for this run only" in late.notice
    finally:
        server.start()
    eve.append("answered", item="q3")
    late.append("answered", item="q4")
    assert "saved again" in eve.notice
    again = as_learner("eve")
    assert sorted(e.item for e in again.events()) == ["q0", "q1", "q2", "q3", "q4"]
    assert again.verify() == []
