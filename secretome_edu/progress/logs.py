"""What a place that keeps events must do (:class:`Log`), and the simplest one: memory.

The others are ``jsonlines`` and ``sql``. A log raises :class:`Trouble`, and nothing else, when its
place fails it.
"""

from __future__ import annotations

import errno
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from secretome_edu.progress.events import START, Event, Tail, in_order
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
    unreadable: int  # lines passed over because they are cut off or damaged

    @property
    def file(self) -> Path | None:
        """The file, if it is one."""

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

    def owners(self) -> dict[str, str]:
        """Return learner id -> id of the person, for ids that a merge joined to another."""

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
        self.unreadable = 0
        self._start = START
        self._events: dict[str, Event] = {}
        self._own = {self.learner}
        self._hashes: set[str] = set()
        self._names: dict[str, str] = {}

    @property
    def file(self) -> Path | None:
        return None

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

    def owners(self) -> dict[str, str]:
        return {id: self.learner for id in self._own if id != self.learner}

    def forget(self) -> int:
        count = len(MemoryLog.read(self))
        others = [event for event in self._events.values() if event.learner not in self._own]
        names = {learner: name for learner, name in self._names.items() if learner not in self._own}
        self._clear()
        self._names = names
        for event in others:
            self._keep(event)
        return count

    def close(self) -> None:
        pass


@contextmanager
def file_trouble(path: Path) -> Iterator[None]:
    """Turn an error of the file system into :class:`Trouble`."""
    try:
        yield
    except OSError as error:
        raise trouble_from(error, path) from error


def trouble_from(error: OSError, path: Path) -> Trouble:
    """Return what an error of the file system means for the learner."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Trouble(FULL, f"The disk that holds {path} is full.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Trouble(READ_ONLY, f"{path} cannot be written: it or its folder is read-only.")
    return Trouble(UNREACHABLE, f"{path} cannot be used: {error.strerror or error}.")
