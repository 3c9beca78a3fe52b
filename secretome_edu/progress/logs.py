"""Where events are kept when there is no database: in memory, or in a JSON Lines file.

Every log offers the same few operations (:class:`Log`); :mod:`secretome_edu.progress.sql` is the
third. A log raises :class:`Trouble` and nothing else when its place fails it.
"""

from __future__ import annotations

import errno
import json
import os
import tempfile
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from secretome_edu.progress.events import (
    START,
    UNLINKED,
    Event,
    Tail,
    canonical,
    event_from,
    flagged,
    in_order,
)
from secretome_edu.ui.messages import CourseError

FULL, READ_ONLY, DAMAGED, UNREACHABLE = "full", "read-only", "damaged", "unreachable"
Draft = Callable[[Tail], Event]


class Trouble(CourseError):
    """The place where progress is kept failed; ``why`` is one of the four words above."""

    def __init__(self, why: str, sentence: str):
        super().__init__(sentence)
        self.why = why


class Log(Protocol):
    """What the store asks of a place that keeps events."""

    learner: str

    def append(self, draft: Draft) -> Event:
        """Keep the event that ``draft`` makes from the newest known one; return when it is safe."""

    def add(self, events: Iterable[Event]) -> dict[str, str]:
        """Keep finished events; return id -> hash as kept of those that were there before."""

    def read(self, everyone: bool = False, lesson: str = "", item: str = "") -> list[Event]:
        """Return events oldest first: the learner's own, or everyone's."""

    def hashes(self, among: Iterable[str]) -> set[str]:
        """Return which of these event hashes are kept here."""

    def enrol(self, learner: str, mine: bool, name: str = "") -> bool:
        """Note whose events may follow; return whether the wish about ``mine`` was granted."""

    def names(self) -> dict[str, str]:
        """Return learner id -> name, as far as names were given."""

    def forget(self) -> int:
        """Delete the learner's own events for good and take a new learner id; return how many."""

    def close(self) -> None:
        """Let go of files and connections."""


def new_learner() -> str:
    """Return a random learner id."""
    return uuid.uuid4().hex


class MemoryLog:
    """Events of this run only."""

    def __init__(self, learner: str = "", tail: Tail = START) -> None:
        self._clear(learner)
        self._start = tail

    def _clear(self, learner: str = "") -> None:
        self.learner = learner or new_learner()
        self._start = START
        self._events: dict[str, Event] = {}
        self._own = {self.learner}
        self._hashes: set[str] = set()
        self._names: dict[str, str] = {}

    def append(self, draft: Draft) -> Event:
        event = draft(self._tail())
        self._keep(event)
        return event

    def _tail(self) -> Tail:
        own = (e.tail for e in self._events.values() if e.learner in self._own and not e.flag)
        return max(own, default=self._start)

    def _keep(self, event: Event) -> None:
        self._events[event.id] = event
        self._hashes.add(event.hash)

    def add(self, events: Iterable[Event]) -> dict[str, str]:
        before = {}
        for event in events:
            if event.id in self._events:
                before[event.id] = self._events[event.id].hash
            else:
                self._keep(event)
        return before

    def read(self, everyone: bool = False, lesson: str = "", item: str = "") -> list[Event]:
        return in_order(
            event
            for event in self._events.values()
            if (everyone or event.learner in self._own)
            and lesson in ("", event.lesson)
            and item in ("", event.item)
        )

    def hashes(self, among: Iterable[str]) -> set[str]:
        return self._hashes.intersection(among)

    def enrol(self, learner: str, mine: bool, name: str = "") -> bool:
        if mine:
            self._own.add(learner)
        if name:
            self._names[learner] = name
        return True

    def names(self) -> dict[str, str]:
        return dict(self._names)

    def forget(self) -> int:
        count = len(self.read())
        others = [event for event in self._events.values() if event.learner not in self._own]
        names = {learner: name for learner, name in self._names.items() if learner not in self._own}
        self._clear()
        self._names = names
        self.add(others)
        return count

    def close(self) -> None:
        pass


class JsonLinesLog(MemoryLog):
    """A file that only grows: the JupyterLite form, and wherever SQLite cannot work.

    Lines are events, or notes on who is who (``{"manifest": 1, "learner": ..., "mine": ...}``);
    the first note names the file's own learner. A line is written by one system call in append
    mode, so two tabs do not mix; a line that was cut off by a crash is passed over.
    """

    def __init__(self, path: Path):
        super().__init__()
        self.path = path
        with self._trouble():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._begin(new_learner())
            os.close(os.open(path, os.O_WRONLY | os.O_APPEND))  # says now if it cannot be written
        self._read_to = 0
        self.skipped = 0
        self._catch_up()

    def _begin(self, learner: str) -> None:
        """Create the file with its first note, unless it is there; never half a file."""
        if self.path.exists() and self.path.stat().st_size:
            return
        note = _note(learner, True, "")
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=self.path.name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(note)
            try:
                os.link(name, self.path)  # fails if another tab was faster, which is fine
            except FileExistsError:
                if not self.path.stat().st_size:
                    os.replace(name, self.path)
            except OSError:  # a file system without links
                if not self.path.exists():
                    os.replace(name, self.path)
        finally:
            Path(name).unlink(missing_ok=True)

    def append(self, draft: Draft) -> Event:
        self._catch_up()
        event = draft(self._tail())
        self._write(event.line.encode("ascii") + b"\n")
        return event

    def add(self, events: Iterable[Event]) -> dict[str, str]:
        self._catch_up()
        events = list(events)
        new = {event.id: event for event in events if event.id not in self._events}
        if new:
            self._write(b"".join(e.line.encode("ascii") + b"\n" for e in new.values()))
        return {e.id: self._events[e.id].hash for e in events if e.id not in new}

    def read(self, everyone: bool = False, lesson: str = "", item: str = "") -> list[Event]:
        self._catch_up()
        # Flags are not in the file; they follow from all of it.
        return [
            flagged(event, UNLINKED)
            if not event.flag and event.previous and event.previous not in self._hashes
            else event
            for event in super().read(everyone, lesson, item)
        ]

    def enrol(self, learner: str, mine: bool, name: str = "") -> bool:
        self._catch_up()
        known = (learner in self._own) >= mine and self._names.get(learner, "") == name
        if not known:
            self._write(_note(learner, mine, name))
        return True

    def forget(self) -> int:
        self._catch_up()
        count = super().forget()
        keep = [_note(self.learner, True, "")]
        keep += [_note(learner, False, name) for learner, name in self._names.items()]
        keep += [event.line.encode("ascii") + b"\n" for event in super().read(everyone=True)]
        with self._trouble():
            handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=self.path.name)
            with os.fdopen(handle, "wb") as file:
                file.write(b"".join(keep))
            os.replace(name, self.path)
        self._read_to = self.path.stat().st_size
        return count

    def _write(self, data: bytes) -> None:
        with self._trouble():
            handle = os.open(self.path, os.O_RDWR | os.O_APPEND)
            try:
                size = os.fstat(handle).st_size
                if size:
                    os.lseek(handle, size - 1, os.SEEK_SET)
                    if os.read(handle, 1) != b"\n":  # the last writer was cut off
                        data = b"\n" + data
                written = os.write(handle, data)
                if written < len(data):  # the disk is full: take the half line back
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(handle)
            finally:
                os.close(handle)
        self._catch_up()

    def _catch_up(self) -> None:
        """Read what was written since the last look, by this or another tab."""
        with self._trouble():
            if self.path.stat().st_size < self._read_to:  # deleted and begun anew elsewhere
                self._clear()
                self._read_to = 0
            with self.path.open("rb") as file:
                file.seek(self._read_to)
                data = file.read()
        whole = data.rfind(b"\n") + 1
        first = self._read_to == 0
        for line in data[:whole].splitlines():
            first = self._take(line, first)
        self._read_to += whole

    def _take(self, line: bytes, first: bool) -> bool:
        try:
            values = json.loads(line)
            if isinstance(values, dict) and "manifest" in values:
                learner, mine = str(values.get("learner", "")), bool(values.get("mine"))
                if first and mine:
                    self.learner, self._own = learner, {learner}
                    return False
                super().enrol(learner, mine, str(values.get("name", "")))
            elif isinstance(values, dict):
                event = event_from(values)
                if event.id not in self._events:
                    self._keep(event)
            elif line.strip():
                self.skipped += 1
        except (ValueError, RecursionError):  # cut off, or not ours
            self.skipped += bool(line.strip())
        return first

    def _trouble(self) -> _FileTrouble:
        return _FileTrouble(self.path)


def _note(learner: str, mine: bool, name: str) -> bytes:
    note = {"manifest": 1, "learner": learner, "mine": mine}
    return canonical({**note, "name": name} if name else note).encode("ascii") + b"\n"


class _FileTrouble:
    """Turns an error of the file system into :class:`Trouble`."""

    def __init__(self, path: Path):
        self.path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, OSError):
            raise trouble_from(error, self.path) from error


def trouble_from(error: OSError, path: Path) -> Trouble:
    """Return what an error of the file system means for the learner."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Trouble(FULL, f"The disk that holds {path} is full.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Trouble(READ_ONLY, f"{path} cannot be written: it or its folder is read-only.")
    return Trouble(UNREACHABLE, f"{path} cannot be used: {error.strerror or error}.")
