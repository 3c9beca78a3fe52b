"""Keeping events whatever happens: in their place if possible, else in memory until it is again."""

from __future__ import annotations

import time
from contextlib import suppress

from secretome_edu.progress import place, rescue
from secretome_edu.progress.events import START, Event
from secretome_edu.progress.logs import DAMAGED, Draft, Log, MemoryLog, Trouble
from secretome_edu.progress.opening import Address

RETRY_SECONDS = 5  # how long a place that failed is left alone before it is tried again ...
LONGEST_RETRY_SECONDS = 60  # ... doubled each time: a server that hangs must not stall every answer


class Keeper:
    """A log that never fails to append.

    Parameters
    ----------
    address : Address
        Where to keep events.
    trouble : Trouble, optional
        Why there is no address.

    Attributes
    ----------
    notices : list of str
        What the learner should know.
    """

    def __init__(self, address: Address, trouble: Trouble | None = None):
        self._address = address
        self._log: Log | None = None
        self._memory: MemoryLog | None = None  # what the log could not take
        self._tail = START
        self._wait = RETRY_SECONDS
        self._retry_at = self._read_at = 0.0
        self.notices: list[str] = []
        if trouble is not None:
            self._to_memory(trouble)
        elif address.open is None:
            self._log = MemoryLog()
        else:
            try:
                self._open()
            except Trouble as error:
                self._to_memory(error)
                self._show_what_is_there()

    @property
    def log(self) -> Log:
        """Where events go now."""
        log = self._log or self._memory
        assert log is not None
        return log

    @property
    def saved(self) -> bool:
        """Whether what is appended now outlives this run."""
        return self._memory is None and type(self._log) is not MemoryLog

    def append(self, draft: Draft) -> Event:
        """Keep the event that ``draft`` makes."""
        self._try_again()
        if self._memory is None:
            try:
                event = self.log.append(draft)
                self._tail = event.tail
                return event
            except Trouble as trouble:
                if trouble.why == DAMAGED and self._repaired():
                    return self.append(draft)
                self._to_memory(trouble)
        assert self._memory is not None
        return self._memory.append(draft)

    def read(self, everyone: bool, lesson: str, item: str) -> list[Event]:
        """Return events, oldest first, also those that wait in memory."""
        self._try_again()
        kept: list[Event] = []
        if self._log is not None and time.monotonic() >= self._read_at:
            try:
                kept = self._log.read(everyone, lesson, item)
                self._say_unreadable(self._log)
            except Trouble as trouble:
                if trouble.why == DAMAGED and self._repaired():
                    return self.read(everyone, lesson, item)
                self._read_at = self._later()
                self._say(f"{trouble} What it holds cannot be shown for now.")
        waiting = self._memory.read(everyone, lesson, item) if self._memory else []
        return kept + waiting

    def forget(self) -> int:
        """Delete the learner's events, also in files that were set aside.

        Raises
        ------
        Trouble
            The place cannot be changed now; what it holds is still there.
        """
        if self._log is None and self._address.open is not None:
            self._open()
        deleted = {event.id for event in self.read(False, "", "")}
        for log in (self._log, self._memory):
            if log is not None:
                log.forget()
        if self._log is not None:
            self._memory = None
            for file in rescue.set_aside_files(self._log.file):
                file.unlink(missing_ok=True)
        self._tail = START
        return len(deleted)

    def close(self) -> None:
        """Let go of files and connections."""
        if self._log is not None:
            self._log.close()

    def _open(self) -> None:
        assert self._address.open is not None
        self._log, notice = self._address.open()
        if notice:
            self._say(notice)
        self._say_unreadable(self._log)

    def _say_unreadable(self, log: Log) -> None:
        if log.unreadable:
            found = "1 entry is" if log.unreadable == 1 else f"{log.unreadable} entries are"
            self._say(f"{found} cut off or damaged in {log.file}; all others are here.")

    def _say(self, sentence: str) -> None:
        if sentence not in self.notices:
            self.notices.append(sentence)

    def _to_memory(self, trouble: Trouble) -> None:
        """Go on in memory; what is in the log stays there."""
        self._memory = MemoryLog(self._log.learner if self._log else "", self._tail)
        self._retry_at = self._later()
        self._say(
            f"{trouble} Your progress is kept for this run only; make room or choose another "
            f"place with {place.VARIABLE}, or export it before you stop."
        )

    def _show_what_is_there(self) -> None:
        """Read, without changing anything, a file that cannot be written."""
        file = self._address.file
        kept = rescue.salvage(file) if file and file.is_file() else []  # reading a pipe never ends
        self._memory = MemoryLog(rescue.likely_learner(kept))
        self._memory.add(kept)
        for learner in {event.learner for event in kept}:
            self._memory.enrol(learner, True)

    def _try_again(self) -> None:
        """Move what waits in memory to where it belongs, if that works again."""
        if self._memory is None or time.monotonic() < self._retry_at:
            return
        self._retry_at = self._later()
        with suppress(Trouble):
            if self._log is None:
                if self._address.open is None:
                    return
                self._open()
            assert self._log is not None
            self._log.enrol(self._memory.learner, True)
            self._log.add(self._memory.read())
            self._memory = None
            self._wait, self._read_at = RETRY_SECONDS, 0.0
            self.notices = ["Your progress is saved again; nothing was lost."]

    def _later(self) -> float:
        """Return when to try next."""
        now, wait = time.monotonic(), self._wait
        self._wait = min(2 * wait, LONGEST_RETRY_SECONDS)
        return now + wait

    def _repaired(self) -> bool:
        """Set a file aside that turned out damaged while it was open; return whether it helped."""
        assert self._log is not None
        self._log.close()
        before = len(self.notices)
        try:
            self._open()
        except Trouble:
            return False
        return len(self.notices) > before
