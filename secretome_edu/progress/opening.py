"""From a store's address to the place behind it: what to open, to repair, or to use instead.

A damaged SQLite file is set aside and read as far as possible. Where SQLite or SQLAlchemy is
missing, a text file beside takes over, and is moved into the database once that works.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from secretome_edu.progress import place, rescue
from secretome_edu.progress.jsonlines import JsonLinesLog
from secretome_edu.progress.logs import DAMAGED, UNREACHABLE, Log, Trouble, file_trouble
from secretome_edu.ui.messages import BadValue

Opened = tuple[Log, str]  # with what the learner should know, or nothing
_MEMORY = ("memory:", "sqlite://", "sqlite:///:memory:")


class Address(NamedTuple):
    """How to open a place, and its file if it is one; nothing of both: memory."""

    open: Callable[[], Opened] | None
    file: Path | None


def address_of(url: str) -> Address:
    """Return what a store's URL means.

    Raises
    ------
    BadValue
        It is none; says what is accepted.

    Examples
    --------
    >>> address_of("memory:")
    Address(open=None, file=None)
    >>> address_of("sqlite:////data/me.db").file.name
    'me.db'
    """
    if url in _MEMORY:
        return Address(None, None)
    if url.startswith("jsonl:") and len(url) > len("jsonl:"):
        path = Path(url.removeprefix("jsonl:"))
        return Address(lambda: (JsonLinesLog(path), ""), path)
    if file := place.sqlite_file(url):
        return Address(lambda: _open_sqlite(url, file), file)
    if re.match(r"[a-z][a-z0-9+]*://", url):
        return Address(lambda: (_open_server(url), ""), None)
    shown = re.sub(r"(?<=:)[^:@/]+(?=@)", "***", url)  # without a password
    raise BadValue(
        f"{shown!r} is not a place for progress. Accepted are memory:, jsonl:<path>, "
        "sqlite:///<path> and any other SQLAlchemy URL."
    )


def _open_server(url: str) -> Log:
    try:
        from secretome_edu.progress.sql import SqlLog
    except ImportError as error:
        raise Trouble(UNREACHABLE, f"A class's server needs SQLAlchemy: {error}.") from error
    return SqlLog(
        re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url), place.shared_learner()
    )


def _open_sqlite(url: str, file: Path) -> Opened:
    beside = file.with_name(f"{file.name}.jsonl")
    try:
        import sqlite3  # noqa: F401  missing in some builds of Python for the browser

        from secretome_edu.progress.sql import SqlLog
    except ImportError:
        return JsonLinesLog(beside), ""
    try:
        log = SqlLog(url)
    except Trouble as trouble:
        if trouble.why == UNREACHABLE:  # for one, a network drive without locks
            return JsonLinesLog(beside), f"{trouble} Your progress is kept in {beside} instead."
        if trouble.why != DAMAGED:
            raise
        return _repair(url, file)
    _move(beside, log)
    return log, ""


def _repair(url: str, file: Path) -> Opened:
    """Set a damaged database aside; start a new one with every event that can be read."""
    from secretome_edu.progress.sql import SqlLog

    with file_trouble(file), rescue.alone(file):
        try:
            return SqlLog(url), ""  # another tab has just repaired it
        except Trouble as trouble:
            if trouble.why != DAMAGED:
                raise
        aside = rescue.set_aside(file)
        kept = rescue.salvage(aside)
        fresh = file.with_name(f"{file.name}.new")  # filled before another tab can see it
        fresh.unlink(missing_ok=True)  # of a repair that was killed
        log = SqlLog(place.sqlite_url(fresh), rescue.likely_learner(kept))
        for learner in {event.learner for event in kept}:
            log.enrol(learner, True)
        log.add(kept)
        log.close()
        rescue.put_in_place(fresh, file)
        log = SqlLog(url)
    found = "1 event" if len(kept) == 1 else f"{len(kept)} events"
    return log, (
        f"Your progress file was damaged. It was kept as {aside}; {found} could be read from it "
        "and kept. Nothing else was touched."
    )


def _move(beside: Path, log: Log) -> None:
    """Move into a database what was written to a text file while SQLite did not work."""
    moving = beside.with_name(f"{beside.name}.moving")
    if beside.exists() and not moving.exists():
        with suppress(OSError):  # another tab was faster
            os.replace(beside, moving)
    if moving.exists():
        text = JsonLinesLog(moving)
        log.enrol(text.learner, True)
        log.add(text.read())
        moving.unlink(missing_ok=True)
