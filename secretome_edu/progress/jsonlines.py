"""Events in a text file that only grows: the JupyterLite form, and wherever SQLite cannot work.

Lines are events, or notes on who is who (``{"manifest": 1, "learner": ..., "mine": ...}``); the
first note names the file's own learner. A line is written by one system call in append mode, so two
tabs do not mix; a line that a crash cut off is passed over.
"""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from secretome_edu.progress.events import UNLINKED, Event, canonical, event_from, flagged
from secretome_edu.progress.logs import Draft, MemoryLog, file_trouble


class JsonLinesLog(MemoryLog):
    """Events in a file, and a copy in memory that follows it.

    Parameters
    ----------
    path : Path
        Made if it does not exist.

    Raises
    ------
    Trouble
        The file cannot be made, read or written.
    """

    def __init__(self, path: Path):
        super().__init__()
        self._met = False
        self._path = path.expanduser().absolute()  # the kernel's folder may change
        self._read_to, self._number = 0, 0
        with file_trouble(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._path.exists() and not self._path.is_file():  # a device must not be replaced
                raise OSError(errno.EINVAL, "it is no ordinary file")
            if not self._path.exists() or not self._path.stat().st_size:
                self._create(_note(self.learner, True, ""), replace=False)
            os.close(os.open(self._path, os.O_WRONLY | os.O_APPEND))  # fails now if at all
        self._catch_up()

    @property
    def file(self) -> Path:
        return self._path

    def append(self, draft: Draft) -> Event:
        self._catch_up()
        event = draft(self._tail())
        self._write(_line(event))
        return event

    def add(self, events: Iterable[Event]) -> dict[str, str]:
        self._catch_up()
        events = list(events)
        new = {event.id: event for event in events if event.id not in self._events}
        if new:
            self._write(b"".join(map(_line, new.values())))
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
        named = not name or self._names.get(learner) == name
        if not named or (mine and learner not in self._own):
            self._write(_note(learner, mine, name))
        return True

    def forget(self) -> int:
        self._catch_up()
        count = super().forget()
        lines = [_note(self.learner, True, "")]
        lines += [_note(learner, False, name) for learner, name in self._names.items()]
        lines += map(_line, self._events.values())
        with file_trouble(self._path):
            self._create(b"".join(lines), replace=True)
        self._catch_up()
        return count

    def _create(self, content: bytes, replace: bool) -> None:
        """Put a whole file in place, never half of one; another tab's new file stays."""
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if replace or not self._link(name):
                os.replace(name, self._path)
        finally:
            Path(name).unlink(missing_ok=True)

    def _link(self, name: str) -> bool:
        """Give a finished file its name unless that is taken; return whether a file is there."""
        try:
            os.link(name, self._path)
            return True
        except FileExistsError:
            return bool(self._path.stat().st_size)
        except (OSError, AttributeError):  # a file system without links
            return self._path.exists()

    def _write(self, data: bytes) -> None:
        with file_trouble(self._path):
            handle = os.open(self._path, os.O_RDWR | os.O_APPEND)
            try:
                size = os.fstat(handle).st_size
                if size:
                    os.lseek(handle, size - 1, os.SEEK_SET)
                    if os.read(handle, 1) != b"\n":  # the last writer was cut off
                        data = b"\n" + data
                if os.write(handle, data) < len(data):  # readers pass over the half line
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(handle)
            finally:
                os.close(handle)
        self._catch_up()

    def _catch_up(self) -> None:
        """Read what was written since the last look, by this or another tab."""
        with file_trouble(self._path), self._path.open("rb") as file:
            status = os.fstat(file.fileno())
            if status.st_ino != self._number or status.st_size < self._read_to:
                self._clear()  # the first look, or another tab deleted everything
                self._read_to, self._number = 0, status.st_ino
            file.seek(self._read_to)
            data = file.read()
        whole = data.rfind(b"\n") + 1
        for line in data[:whole].splitlines():
            self._take(line)
        self._read_to += whole

    def _take(self, line: bytes) -> None:
        try:
            values = json.loads(line)
            if "manifest" in values:
                self._meet(values)
            else:
                event = event_from(values)
                if event.id not in self._events:
                    self._keep(event)
        except (ValueError, TypeError, AttributeError, RecursionError):  # cut off, or not ours
            self.unreadable += bool(line)

    def _meet(self, note: dict) -> None:
        learner, mine = str(note.get("learner", "")), bool(note.get("mine"))
        if mine and not self._met:
            self.learner, self._own = learner, {learner}
        self._met = True
        super().enrol(learner, mine, str(note.get("name", "")))

    def _clear(self, learner: str = "") -> None:
        super()._clear(learner)
        self._met = False


def _line(event: Event) -> bytes:
    return event.line.encode("ascii") + b"\n"


def _note(learner: str, mine: bool, name: str) -> bytes:
    note = {"manifest": 1, "learner": learner, "mine": mine}
    return canonical({**note, "name": name} if name else note).encode("ascii") + b"\n"
