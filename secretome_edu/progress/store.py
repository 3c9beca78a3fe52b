"""The learner's progress: open it, add to it, read it, hand it in, delete it.

>>> store = open_store("memory:")
>>> event = store.append("answered", lesson="units", item="q1", state="correct", score=1.0)
>>> [event.item for event in store.events(lesson="units")]
['q1']

Nothing here raises because a disk is full, a folder read-only or a file damaged: the store goes on
in memory, says so in ``notice``, and moves to the disk as soon as it can.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from secretome_edu.progress import place, rescue
from secretome_edu.progress.events import (
    START,
    Clock,
    Event,
    Tail,
    check_links,
    new_event,
    utc_now,
)
from secretome_edu.progress.logs import DAMAGED, JsonLinesLog, Log, MemoryLog, Trouble
from secretome_edu.ui.messages import BadValue

if TYPE_CHECKING:
    from secretome_edu.progress.handin import ImportReport

RETRY_SECONDS = 5  # how long a place that failed is left alone before it is tried again


def open_store(url: str | None = None, *, clock: Clock = utc_now) -> Store:
    """Open the learner's progress.

    Parameters
    ----------
    url : str, optional
        ``memory:``, ``jsonl:<path>`` or a SQLAlchemy URL such as ``sqlite:////home/me/progress.db``
        or ``postgresql://host/class``. Default: ``SECRETOME_EDU_STORE``; if that is unset, an
        SQLite file in the user's data folder.
    clock : callable, optional
        Returns the time now as an aware datetime.

    Returns
    -------
    Store
        Always usable; ``store.notice`` is empty or says what was wrong.

    Raises
    ------
    BadValue
        ``url`` is not a store's address.

    Examples
    --------
    >>> open_store("memory:")
    Progress: 0 events, in memory, notice: none
    """
    url = url or os.environ.get(place.VARIABLE) or ""
    if not url:
        try:
            url = place.default_url()
        except Trouble as trouble:
            return Store(None, MemoryLog(), clock, [_for_this_run(trouble)])
    if url in ("memory:", "sqlite://", "sqlite:///:memory:"):
        return Store(None, MemoryLog(), clock, [])
    if url.startswith("jsonl:"):
        path = Path(url.removeprefix("jsonl:") or place.user_folder() / "progress.jsonl")
        return _open(lambda: (JsonLinesLog(path), []), path, clock)
    file = _sqlite_file(url)
    if file is None and not re.match(r"[a-z][a-z0-9+]*://", url):
        raise BadValue(
            f"{_without_password(url)!r} is not a place for progress. Accepted are memory:, "
            "jsonl:<path>, sqlite:///<path> and any other SQLAlchemy URL."
        )
    return _open(lambda: _open_database(url, file), file, clock)


class Store:
    """Progress of one learner (or, for an instructor, of many); see :func:`open_store`.

    Attributes
    ----------
    notice : str
        What the learner should know about where progress is kept; empty if all is well.
    learner : str
        Random id, made once per store.
    """

    def __init__(
        self,
        log: Log | None,
        memory: MemoryLog | None,
        clock: Clock,
        notices: list[str],
        reopen: Callable[[], tuple[Log, list[str]]] | None = None,
    ):
        self._log = log
        self._memory = memory  # holds what the log could not take, or everything if there is none
        self._clock = clock
        self._notices = notices
        self._reopen = reopen
        self._retry_at = time.monotonic() + RETRY_SECONDS
        self._tail = START
        self._lock = RLock()  # a widget's callback may come from another thread

    @property
    def notice(self) -> str:
        """What the learner should know; empty if all is well."""
        return " ".join(self._notices)

    @property
    def learner(self) -> str:
        """The learner's random id."""
        return self._place.learner

    @property
    def _place(self) -> Log:
        log = self._log or self._memory
        assert log is not None
        return log

    def append(self, kind: str, *, lesson: str = "", item: str = "", **fields: Any) -> Event:
        """Remember one event; it is safe when this returns, unless ``notice`` says otherwise.

        Parameters
        ----------
        kind : str
            ``opened``, ``done``, ``answered``, ``hint``, ``revealed``, ``reset`` or another word.
        lesson, item : str
            What it is about.
        **fields
            Numbers, text, lists and dictionaries of them; NumPy values are welcome.

        Raises
        ------
        BadValue
            A name or a field cannot be stored; nothing was remembered.
        """

        def draft(tail: Tail) -> Event:
            return new_event(
                tail, learner=self.learner, kind=kind, lesson=lesson, item=item, fields=fields,
                clock=self._clock,
            )  # fmt: skip

        with self._lock:
            self._try_again()
            if self._memory is None:
                try:
                    event = self._place.append(draft)
                    self._tail = event.tail
                    return event
                except Trouble as trouble:
                    if trouble.why == DAMAGED and self._repair():
                        return self.append(kind, lesson=lesson, item=item, **fields)
                    self._to_memory(trouble)
            assert self._memory is not None
            return self._memory.append(draft)

    def events(self, lesson: str = "", item: str = "", *, everyone: bool = False) -> list[Event]:
        """Return events, oldest first.

        Parameters
        ----------
        lesson, item : str, optional
            Only those about this lesson, this item.
        everyone : bool
            Also those of other learners, in a class's store.
        """
        with self._lock:
            self._try_again()
            kept: list[Event] = []
            if self._log is not None:
                try:
                    kept = self._log.read(everyone, lesson, item)
                except Trouble as trouble:
                    if trouble.why == DAMAGED and self._repair():
                        return self.events(lesson, item, everyone=everyone)
                    self._say(f"{trouble} What it holds is not shown for now.")
            waiting = self._memory.read(everyone, lesson, item) if self._memory else []
            return kept + waiting

    def recorder(self, lesson: str) -> Recorder:
        """Return what a quiz of this lesson needs to remember and restore answers."""
        return Recorder(self, lesson)

    def verify(self, *, everyone: bool = False) -> list[Event]:
        """Return the events that break the chain, with ``flag`` saying how; empty if all is well.

        Examples
        --------
        >>> store = open_store("memory:")
        >>> _ = store.append("opened", lesson="units"), store.append("done", lesson="units")
        >>> store.verify()
        []
        """
        return check_links(self.events(everyone=everyone))

    def names(self) -> dict[str, str]:
        """Return learner id -> name for the learners who gave one with their hand-in."""
        return self._place.names()

    def export_jsonl(self, path: str | os.PathLike[str], *, name: str = "") -> int:
        """Write the learner's events to a file to hand in or to keep; return how many.

        Parameters
        ----------
        path : path
            A new file, or an earlier export, which is replaced.
        name : str, optional
            Written only if given.

        Raises
        ------
        BadValue
            ``path`` is another file that must not be overwritten.
        CourseError
            The file cannot be written.
        """
        from secretome_edu.progress.handin import write

        return write(self, Path(path), name)

    def import_jsonl(self, path: str | os.PathLike[str], *, mine: bool = True) -> ImportReport:
        """Add the events of an exported file; those already here are passed over.

        Parameters
        ----------
        path : path
        mine : bool
            True: the file is this learner's, from another machine or an earlier time. False: an
            instructor collects hand-ins and each keeps its own learner.

        Returns
        -------
        ImportReport
            How many were added, known, flagged as broken and refused, with messages.

        Raises
        ------
        CourseError
            The file cannot be read, or is no progress file.
        """
        from secretome_edu.progress.handin import read

        with self._lock:
            return read(self._place, Path(path), mine)

    def delete_all(self) -> int:
        """Delete the learner's events here for good and take a new id; return how many.

        Also deletes damaged files that were set aside, as they hold events too. Other learners'
        events in a class's store stay, and so do files that were exported.
        """
        with self._lock:
            self._try_again()
            count = self._memory.forget() if self._memory else 0
            if self._log is not None:
                count += self._log.forget()
                for file in rescue.set_aside_files(_file_of(self._log)):
                    file.unlink(missing_ok=True)
                self._memory = None
            self._tail = START
            return count

    def close(self) -> None:
        """Let go of files and connections."""
        if self._log is not None:
            self._log.close()

    def __repr__(self) -> str:
        where = "in memory" if self._log is None else "kept"
        return f"Progress: {len(self.events())} events, {where}, notice: {self.notice or 'none'}"

    def _say(self, sentence: str) -> None:
        if sentence not in self._notices:
            self._notices.append(sentence)

    def _to_memory(self, trouble: Trouble) -> None:
        """Go on in memory; what is in the log stays there."""
        self._memory = MemoryLog(self.learner, self._tail)
        self._retry_at = time.monotonic() + RETRY_SECONDS
        self._say(_for_this_run(trouble))

    def _try_again(self) -> None:
        """Move what waits in memory to where it belongs, if that works again."""
        if self._memory is None or (self._log is None and self._reopen is None):
            return
        if time.monotonic() < self._retry_at:
            return
        self._retry_at = time.monotonic() + RETRY_SECONDS
        with suppress(Trouble):
            if self._log is None:
                assert self._reopen is not None
                self._log, _ = self._reopen()
            self._log.enrol(self._memory.learner, True)
            self._log.add(self._memory.read())
            self._memory = None
            self._notices = ["Your progress is saved again; nothing was lost."]

    def _repair(self) -> bool:
        """Set a file aside that turned out damaged while it was open."""
        if self._log is None or self._reopen is None:
            return False
        self._log.close()
        try:
            self._log, notices = self._reopen()
        except Trouble:
            return False
        for sentence in notices:
            self._say(sentence)
        return bool(notices)


class Recorder:
    """What a quiz remembers of one lesson; satisfies the quiz room's recorder protocol.

    Examples
    --------
    >>> recorder = open_store("memory:").recorder("units")
    >>> recorder.record("answered", item="q1", item_hash="h", variant=None, response="b",
    ...                 state="correct", score=1.0, max_score=1.0, confidence=3)
    >>> recorder.last("q1")["response"], recorder.last("q2")
    ('b', None)
    """

    def __init__(self, store: Store, lesson: str):
        self._store, self._lesson = store, lesson

    def record(
        self,
        kind: str,
        *,
        item: str,
        item_hash: str,
        variant: Any,
        response: Any,
        state: str,
        score: float,
        max_score: float,
        confidence: int | None = None,
        duration_s: float | None = None,
    ) -> None:
        """Remember an answer, a hint, a look at the solution or a fresh start."""
        self._store.append(
            kind, lesson=self._lesson, item=item, item_hash=item_hash, variant=variant,
            response=response, state=state, score=score, max_score=max_score,
            confidence=confidence, duration_s=duration_s,
        )  # fmt: skip

    def last(self, item: str) -> dict[str, Any] | None:
        """Return the newest answer to an item, or None."""
        answers = [entry for entry in self.history(item) if entry["kind"] == "answered"]
        return answers[-1] if answers else None

    def history(self, item: str) -> list[dict[str, Any]]:
        """Return all that happened to an item, oldest first."""
        events = self._store.events(self._lesson, item)
        return [{"kind": e.kind, "time": e.time, "item": e.item, **e.fields} for e in events]


def _open(opener: Callable[[], tuple[Log, list[str]]], file: Path | None, clock: Clock) -> Store:
    try:
        log, notices = opener()
        return Store(log, None, clock, notices, opener)
    except Trouble as trouble:
        kept = rescue.salvage(file) if file else []
        memory = MemoryLog(rescue.likely_learner(kept))
        memory.add(kept)
        for event in kept:
            memory.enrol(event.learner, True)
        return Store(None, memory, clock, [_for_this_run(trouble)], opener)


def _open_database(url: str, file: Path | None) -> tuple[Log, list[str]]:
    """Open a database; repair a damaged SQLite file; use a text file where SQLite cannot work."""
    beside = file.with_name(f"{file.name}.jsonl") if file else None
    try:
        import sqlite3  # noqa: F401  missing in some builds of Python for the browser

        from secretome_edu.progress.sql import SqlLog
    except ImportError:
        if beside is None:
            raise Trouble("unreachable", "SQLAlchemy, which opens databases, is missing.") from None
        return JsonLinesLog(beside), []
    learner = "" if file else place.shared_learner()
    url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)
    try:
        log = SqlLog(url, learner)
        if beside:
            _take_over(beside, log)
        return log, []
    except Trouble as trouble:
        if trouble.why != DAMAGED or file is None:
            raise
    with rescue.alone(file):
        try:
            return SqlLog(url, learner), []  # another tab has just repaired it
        except Trouble as trouble:
            if trouble.why != DAMAGED:
                raise
        aside = rescue.set_aside(file)
        kept = rescue.salvage(aside)
        log = SqlLog(url, rescue.likely_learner(kept))
        for owner in {event.learner for event in kept}:
            log.enrol(owner, True)
        log.add(kept)
    return log, [
        f"Your progress file was damaged. It was kept as {aside}; {len(kept)} "
        f"{'event' if len(kept) == 1 else 'events'} could be read from it and "
        f"{'is' if len(kept) == 1 else 'are'} here. Nothing else was touched."
    ]


def _take_over(beside: Path, log: Log) -> None:
    """Move what was written to a text file while SQLite did not work."""
    moving = beside.with_name(f"{beside.name}.moving")
    if beside.exists() and not moving.exists():
        with suppress(FileNotFoundError):  # another tab was faster
            os.replace(beside, moving)
    if moving.exists():
        text = JsonLinesLog(moving)
        log.enrol(text.learner, True)
        log.add(text.read())
        moving.unlink(missing_ok=True)


def _sqlite_file(url: str) -> Path | None:
    match = re.match(r"sqlite(?:\+\w+)?:///([^?]+)", url)
    return Path(match[1]) if match else None


def _file_of(log: Log) -> Path | None:
    return getattr(log, "path", None) or getattr(log, "file", None)


def _without_password(url: str) -> str:
    return re.sub(r"(?<=:)[^:@/]+(?=@)", "***", url)


def _for_this_run(trouble: Trouble) -> str:
    return (
        f"{trouble} Your progress is kept for this run only; make room or choose another place "
        f"with {place.VARIABLE}, or export it before you stop."
    )
