"""A damaged progress file: set it aside, read what can be read, lose nothing that is whole.

Every event carries its own hash, so a line found anywhere in the bytes of a broken database can be
told from rubbish without any help of the database.
"""

from __future__ import annotations

import glob
import json
import os
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from secretome_edu.progress.events import Event, event_from, in_order, parse_line
from secretome_edu.ui.messages import BadValue

_BESIDE = ("", "-wal", "-shm")
_RUN = re.compile(rb"[\x20-\x7e]{100,}")  # printable text long enough to hold an event
_OTHER_TAB_SECONDS = 30
_LEAST_ROW_BYTES = 300  # no event's row is shorter
_LARGEST_REPAIR_BYTES = 2**32


def set_aside(path: Path) -> Path:
    """Give a damaged file, and what SQLite keeps beside it, a second name; return that.

    The new name is ``<name>.damaged-1``, or the next free number: nothing is overwritten. The file
    also keeps its old name until :func:`put_in_place`, so that another tab meanwhile finds it
    damaged and waits, rather than missing and begins a new one.
    """
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    for suffix in _BESIDE:
        with suppress(FileNotFoundError):
            try:
                os.link(f"{path}{suffix}", f"{aside}{suffix}")
            except FileNotFoundError:
                raise
            except (OSError, AttributeError):  # a file system without links
                shutil.copyfile(f"{path}{suffix}", f"{aside}{suffix}")
    return aside


def put_in_place(fresh: Path, path: Path) -> None:
    """Replace a damaged file that was set aside by a new and closed one."""
    for suffix in _BESIDE[1:]:
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    os.replace(fresh, path)


def set_aside_files(path: Path | None) -> list[Path]:
    """Return all files set aside from ``path`` so far."""
    return sorted(path.parent.glob(f"{glob.escape(path.name)}.damaged-*")) if path else []


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let one tab at a time repair ``path``; a lock left by a killed tab is passed after 30 s."""
    lock = path.with_name(f"{path.name}.repairing")
    until = time.monotonic() + _OTHER_TAB_SECONDS
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            if time.monotonic() > until:
                break
            time.sleep(0.1)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def salvage(path: Path) -> list[Event]:
    """Return every whole event that the files of a store still hold, oldest first.

    Rows are read through SQLite as far as it gets, then the bytes are searched, which also finds
    rows of torn pages and of the write-ahead log. Works on a JSON Lines file, too. Changes nothing.
    """
    found: dict[str, Event] = {}
    for event in (*_rows(path), *_search(path)):
        found.setdefault(event.id, event)
    return in_order(found.values())


def likely_learner(events: list[Event]) -> str:
    """Return whose store this was: the learner of most events, or nothing if there are none."""
    most = Counter(event.learner for event in events).most_common(1)
    return most[0][0] if most else ""


def _rows(path: Path) -> Iterator[Event]:
    """Read a copy through SQLite, row by row, so that a torn page costs its own rows only."""
    try:
        import sqlite3
    except ImportError:  # some builds of Python for the browser
        return
    with suppress(OSError, sqlite3.Error), tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        for suffix in ("", "-wal"):
            with suppress(FileNotFoundError):
                shutil.copyfile(f"{path}{suffix}", f"{copy}{suffix}")
        most = _make_up_size(copy) // _LEAST_ROW_BYTES
        with closing(sqlite3.connect(copy)) as link:
            link.execute("SELECT count(*) FROM sqlite_master").fetchone()  # readable at all?
            for number in range(1, most + 1):
                with suppress(sqlite3.Error, BadValue):
                    query = "SELECT line FROM secretome_edu_events WHERE rowid = ?"
                    if row := link.execute(query, (number,)).fetchone():
                        yield parse_line(row[0] or "")


def _make_up_size(copy: Path) -> int:
    """Fill a truncated database with zeros up to the size its header names; return the size.

    SQLite reads nothing at all from a file that is too short.
    """
    with copy.open("r+b") as file:
        header = file.read(32)
        page_bytes = int.from_bytes(header[16:18], "big")
        size = os.fstat(file.fileno()).st_size
        named = int.from_bytes(header[28:32], "big") * (65536 if page_bytes == 1 else page_bytes)
        if header.startswith(b"SQLite format 3") and size < named < _LARGEST_REPAIR_BYTES:
            file.truncate(named)
            size = named
    wal = Path(f"{copy}-wal")
    return size + (wal.stat().st_size if wal.exists() else 0)


def _search(path: Path) -> Iterator[Event]:
    decode = json.JSONDecoder().raw_decode
    for suffix in ("", "-wal"):
        with suppress(OSError):
            data = Path(f"{path}{suffix}").read_bytes()
            for run in _RUN.finditer(data):
                text = run.group().decode("ascii")
                start = text.find('{"')
                while start >= 0:
                    end = start + 1
                    with suppress(ValueError, RecursionError):  # BadValue is a ValueError
                        values, stop = decode(text, start)
                        event = event_from(values)
                        if not event.flag:
                            yield event
                            end = stop
                    start = text.find('{"', end)
