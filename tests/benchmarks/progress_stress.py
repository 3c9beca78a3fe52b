"""Kill writers, crowd them, fill their disk: does every acknowledged event survive?

    export PYTHONPATH=.:tests/unit
    python tests/benchmarks/progress_stress.py kill sqlite 200
    python tests/benchmarks/progress_stress.py kill jsonl 200
    python tests/benchmarks/progress_stress.py crowd postgres 20 200 --learners 20
    python tests/benchmarks/progress_stress.py full sqlite
    python tests/benchmarks/progress_stress.py large - 100

Prints one line of JSON. The unit tests run the same script with small numbers.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from progress_postgres import temporary_server

from secretome_edu.progress import keeping, sql  # noqa: F401  before the forks: they start fast
from secretome_edu.progress.place import LEARNER_VARIABLE
from secretome_edu.progress.store import open_store


def kill(url: str, times: int, seed: int) -> dict[str, Any]:
    """Kill a writer ``times`` times at a random moment; the writer says what was acknowledged.

    Every other one is killed while it opens the store, the rest after its first event, however
    long a busy machine takes for that.
    """
    random.seed(seed)
    acknowledged: list[str] = []
    notices = set()
    during_opening = 0
    for number in range(times):
        read, write = os.pipe()
        child = _fork(lambda out=write: _write_forever(url, out))
        os.close(write)
        if number % 2:
            select.select([read], [], [], 60)
        time.sleep(random.uniform(0, 0.2 if number % 2 else 0.05))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(read) as pipe:
            said = pipe.read().split("\n")[:-1]  # without a half-written id
        during_opening += not said
        acknowledged += said
        store = open_store(url)
        notices.add(store.notice)
        store.close()
    store = open_store(url)
    return {
        "kills": times, "before_first_event": during_opening, "acknowledged": len(acknowledged),
        **_count(store.events(), acknowledged), "notices": sorted(notices - {""}),
        "learners": len({event.learner for event in store.events()}),
    }  # fmt: skip


def _write_forever(url: str, out: int) -> None:
    store = open_store(url)
    while True:
        event = store.append("answered", lesson="units", item="q1", response="x" * 200, score=1.0)
        if "this run only" in store.notice:
            raise SystemExit(store.notice)
        os.write(out, f"{event.id}\n".encode())


def crowd(url: str, processes: int, each: int, learners: int) -> dict[str, Any]:
    """Let many processes write to one store at once, starting with an empty one."""
    started = time.monotonic()
    children = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(processes):
            file = Path(folder) / str(number)
            who = f"learner{number % learners}" if learners else ""
            children.append(_fork(lambda file=file, who=who: _write_some(url, each, file, who)))
        exits = [os.waitpid(child, 0)[1] for child in children]
        acknowledged = [line for f in Path(folder).iterdir() for line in f.read_text().split()]
    seconds = time.monotonic() - started
    store = open_store(url)
    events = store.events(everyone=True)
    return {
        "processes": processes, "failed": sum(map(bool, exits)), "acknowledged": len(acknowledged),
        **_count(events, acknowledged), "learners": len({event.learner for event in events}),
        "events_per_s": round(len(events) / seconds),
        "notices": [store.notice] * bool(store.notice),
    }  # fmt: skip


def full(kind: str) -> dict[str, Any]:
    """Fill a real disk (a small one in memory, which needs root), go on, make room, look."""
    keeping.RETRY_SECONDS = 0
    with tempfile.TemporaryDirectory() as disk:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], check=True)
        try:
            url = {"sqlite": f"sqlite:///{disk}/p.db", "jsonl": f"jsonl:{disk}/p.jsonl"}[kind]
            store, made = open_store(url), []
            while "full" not in store.notice:
                made.append(store.append("answered", item="q1", response="x" * 500).id)
            made += [store.append("answered", item="q1").id for _ in range(20)]
            fresh = open_store(url.replace("/p.", "/new."))  # cannot even be made
            made_fresh = [fresh.append("answered", item="q1").id]
            seen_while_full = len(store.events())
            subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
            made.append(store.append("answered", item="q1").id)
            made_fresh.append(fresh.append("answered", item="q1").id)
            again, again_fresh = open_store(url), open_store(url.replace("/p.", "/new."))
            result = {
                "acknowledged": len(made), "seen_while_full": seen_while_full,
                **_count(again.events(), made), "fresh": _count(again_fresh.events(), made_fresh),
                "notices": [store.notice, fresh.notice],
            }  # fmt: skip
            for opened in (store, fresh, again, again_fresh):
                opened.close()
            return result
        finally:
            subprocess.run(["umount", disk], check=True)


def large(megabytes: int) -> dict[str, Any]:
    """Import a large hand-in into each kind of store."""
    from secretome_edu.progress.events import START, new_event

    seconds: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        path, tail, count = Path(folder) / "handin.jsonl", START, 0
        with path.open("w") as file:
            while file.tell() < megabytes * 1_000_000:
                event = new_event(
                    tail, learner="one", kind="answered", lesson="units", item=f"q{count % 300}",
                    fields={"response": "x" * 200, "state": "correct", "score": 1, "max_score": 1},
                )  # fmt: skip
                tail, count = event.tail, count + 1
                file.write(event.line + "\n")
        for url in ("memory:", f"sqlite:///{folder}/p.db", f"jsonl:{folder}/p.jsonl"):
            store, name = open_store(url), url.split(":")[0]
            started = time.monotonic()
            report = store.import_jsonl(path)
            imported = time.monotonic()
            assert report.added == len(store.events()) == count
            seconds[name] = [round(imported - started, 1), round(time.monotonic() - imported, 1)]
            assert store.verify() == []
            store.close()
    return {"events": count, "seconds_to_import_and_to_read": seconds}


def _write_some(url: str, each: int, file: Path, who: str) -> None:
    if who:
        os.environ[LEARNER_VARIABLE] = who
    store = open_store(url)
    with file.open("w") as out:
        for _ in range(each):
            event = store.append("answered", lesson="units", item="q1", response="b", score=1.0)
            out.write(f"{event.id}\n")
    if store.notice:
        raise SystemExit(store.notice)


def _count(events: list, acknowledged: list[str]) -> dict[str, Any]:
    from secretome_edu.progress.events import check_links

    ids = [event.id for event in events]
    return {
        "found": len(ids), "lost": len(set(acknowledged) - set(ids)),
        "doubled": len(ids) - len(set(ids)), "broken": len(check_links(events)),
    }  # fmt: skip


def _fork(work: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
        finally:
            os._exit(code)
    return child


@contextmanager
def place(kind: str) -> Iterator[str]:
    """Yield the URL of an empty store."""
    with tempfile.TemporaryDirectory() as folder:
        if kind == "postgres":
            with temporary_server() as server:
                yield server.url
        else:
            yield {"sqlite": f"sqlite:///{folder}/p.db", "jsonl": f"jsonl:{folder}/p.jsonl"}[kind]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["kill", "crowd", "full", "large"])
    parser.add_argument("kind", help="sqlite, jsonl, postgres or a URL")
    parser.add_argument("count", type=int, nargs="?", help="kills, processes or megabytes")
    parser.add_argument("each", type=int, nargs="?", default=200)
    parser.add_argument("--learners", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    os.environ.setdefault(LEARNER_VARIABLE, "one")

    def run(url: str) -> dict[str, Any]:
        if given.what == "kill":
            return kill(url, given.count, given.seed)
        return crowd(url, given.count, given.each, given.learners)

    if given.what == "full":
        result = full(given.kind)
    elif given.what == "large":
        result = large(given.count)
    elif ":" in given.kind:
        result = run(given.kind)
    else:
        with place(given.kind) as url:
            result = run(url)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
