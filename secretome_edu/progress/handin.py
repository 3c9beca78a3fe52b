"""Progress as a file: what a learner hands in, keeps, or carries to another machine.

The first line is a manifest (who, how many events, the newest hash), so a file that was cut off is
recognized; each other line is an event. A file is read as a stream, in any size, and every line
that is whole is kept: an edited one is kept and flagged, not silently dropped.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secretome_edu import __version__
from secretome_edu.progress.events import EDITED, FORMAT, UNLINKED, Event, event_from, flagged
from secretome_edu.progress.logs import Log, trouble_from
from secretome_edu.ui.messages import BadValue, CourseError, shown

if TYPE_CHECKING:
    from secretome_edu.progress.store import Store

LONGEST_LINE_BYTES = 1_000_000
_BATCH = 5000
_BAR_EVERY = 500  # lines
_LONGEST_NAME = 200
_KINDS_NAMED = 50  # of findings; a hostile file can have another one in each line
_LINES_NAMED = 10  # how many line numbers a message lists
_PROGRESS_BAR_AFTER_S = 2.0


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    Attributes
    ----------
    added, duplicates : int
        Events that are new here, and that were here already.
    broken : int
        Events among both that were edited, or whose predecessor was edited or is missing.
    refused : int
        Lines that are no event.
    messages : tuple of str
        One sentence for each kind of finding, with line numbers.
    learner, name, course : str
        From the manifest; the name only if the learner gave one.
    """

    added: int = 0
    duplicates: int = 0
    broken: int = 0
    refused: int = 0
    messages: tuple[str, ...] = ()
    learner: str = ""
    name: str = ""
    course: str = ""

    def __str__(self) -> str:
        head = (
            f"{_count(self.added, 'event')} added, {self.duplicates} known already, "
            f"{self.broken} flagged, {_count(self.refused, 'line')} refused."
        )
        return "\n".join((head, *self.messages))

    __repr__ = __str__


def write(store: Store, path: Path, name: str = "") -> int:
    """Write a store's own events to ``path``; see :meth:`Store.export_jsonl`."""
    if path.exists() and not _is_export(path):
        raise BadValue(
            f"{path} is not an earlier export of your progress, so it is not overwritten; choose "
            "another name, for example progress.jsonl."
        )
    events = store.events()
    manifest: dict[str, Any] = {
        "manifest": 1, "export": True, "format": FORMAT, "course": __version__,
        "learner": store.learner, "events": len(events),
        "head": events[-1].hash if events else "",
    }  # fmt: skip
    if name:
        manifest["name"] = name[:_LONGEST_NAME]
    try:
        handle, draft = tempfile.mkstemp(dir=path.absolute().parent, prefix=path.name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(json.dumps(manifest) + "\n")
                file.writelines(event.line + "\n" for event in events)
            os.chmod(draft, 0o644)  # a teacher who collects files must be able to read it
            os.replace(draft, path)
        finally:
            Path(draft).unlink(missing_ok=True)
    except OSError as error:
        raise trouble_from(error, path) from error
    return len(events)


def _is_export(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            first = json.loads(file.readline(LONGEST_LINE_BYTES))
        return isinstance(first, dict) and "manifest" in first and bool(first.get("export"))
    except (OSError, ValueError, RecursionError):
        return False


def read(log: Log, path: Path, mine: bool) -> ImportReport:
    """Add the events of a file to a log; see :meth:`Store.import_jsonl`."""
    reader = _Reader(log, mine)
    try:
        with path.open("rb") as file, ExitStack() as stack:
            for number, line in _lines(file, path.stat().st_size, stack):
                reader.take(number, line)
        report = reader.finish()
    except OSError as error:
        raise CourseError(
            f"{path} cannot be read: {error.strerror or error}. Give the path of a file made by "
            "export_progress."
        ) from error
    if report.refused and not (report.added or report.duplicates or reader.manifest):
        raise BadValue(
            f"{path} is not a progress file: none of its lines is an event. Accepted is a file "
            "made by export_progress."
        )
    return report


def read_lines(log: Log, lines: Iterable[bytes], mine: bool) -> ImportReport:
    """Add the events of a hand-in's lines to a log, as they come from a network or a form."""
    reader = _Reader(log, mine)
    for number, line in enumerate(lines, 1):
        reader.take(number, line)
    return reader.finish()


def _lines(file: Any, size_bytes: int, stack: ExitStack) -> Iterator[tuple[int, bytes]]:
    """Yield numbered lines, with a progress bar as soon as it takes long."""
    started, bar, task, done = time.monotonic(), None, None, 0
    number = 0
    while line := file.readline(LONGEST_LINE_BYTES + 1):
        number += 1
        done += len(line)
        whole = line
        while len(line) > LONGEST_LINE_BYTES and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE_BYTES + 1)  # pass over the rest of a giant
            done += len(line)
            if not line:
                break
        yield number, whole
        if number % _BAR_EVERY == 0:
            if bar is None and time.monotonic() - started > _PROGRESS_BAR_AFTER_S:
                from rich.console import Console
                from rich.progress import Progress

                # A console of its own: the shared one may stand for an output of long ago.
                bar = stack.enter_context(Progress(console=Console(), transient=True))
                task = bar.add_task("Reading progress", total=size_bytes)
            if bar is not None and task is not None:
                bar.update(task, completed=done)


@dataclass
class _Reader:
    """Takes the lines of one file, batch by batch, and counts what it finds."""

    log: Log
    mine: bool
    manifest: dict[str, Any] = field(default_factory=dict)
    added: int = 0
    duplicates: int = 0
    found: dict[str, list[int]] = field(default_factory=dict)  # finding -> line numbers
    events: int = 0
    last_number: int = 0
    _hashes: set[str] = field(default_factory=lambda: {""})
    _batch: list[tuple[int, Event]] = field(default_factory=list)
    _dangling: list[tuple[int, Event]] = field(default_factory=list)
    _enrolled: dict[str, bool] = field(default_factory=dict)
    _torn: str = ""

    def take(self, number: int, line: bytes) -> None:
        self.last_number, self._torn = number, ""
        text = line.strip().removeprefix(b"\xef\xbb\xbf")  # editors on Windows add a mark
        if not text:
            return
        if len(line) > LONGEST_LINE_BYTES:
            self._note(f"refused: longer than {LONGEST_LINE_BYTES} bytes", number)
            return
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            if line.endswith(b"\n"):
                self._note("refused: it is not complete JSON", number)
            else:
                self._torn = f"Line {number}, the last one, is cut off and was not read."
            return
        if isinstance(values, dict) and "manifest" in values:
            self.manifest = self.manifest or values
            return
        if not isinstance(values, dict):
            self._note("refused: it is not a JSON object", number)
            return
        try:
            event = event_from(values)
        except BadValue as error:
            self._note(f"refused: {error}", number)
            return
        self.events += 1
        if event.hash in self._hashes and not event.flag:
            self.duplicates += 1  # twice in the same file
            return
        self._hashes.add(event.hash)
        self._batch.append((number, event))
        if len(self._batch) >= _BATCH:
            self._store_batch()

    def _store_batch(self) -> None:
        lost = {e.previous for _, e in self._batch} - self._hashes
        lost -= self.log.hashes(lost) if lost else set()
        ready: list[tuple[int, Event]] = []
        for number, event in self._batch:
            (self._dangling if event.previous in lost else ready).append((number, event))
        self._batch = []
        self._add(ready)

    def _add(self, numbered: list[tuple[int, Event]]) -> None:
        accepted = [(number, event) for number, event in numbered if self._may(number, event)]
        first: dict[str, Event] = {}
        for number, event in accepted:
            if event.flag == EDITED:
                self._note("was edited after it was written; it is kept and flagged", number)
            if first.setdefault(event.id, event) is not event:
                self._note("has the id of another line; the first one was kept", number)
        before = self.log.add(first.values())
        self.added += len(first) - len(before)
        self.duplicates += len(before) + len(accepted) - len(first)
        for number, event in accepted:
            if before.get(event.id, event.hash) != event.hash:
                self._note(
                    "differs from the event of the same id that is here; the one here was kept",
                    number,
                )

    def _may(self, number: int, event: Event) -> bool:
        if event.learner not in self._enrolled:
            name = self._said("name", _LONGEST_NAME) if not self.mine else ""
            name = name if event.learner == self.manifest.get("learner") else ""
            self._enrolled[event.learner] = self.log.enrol(event.learner, self.mine, name)
        if not self._enrolled[event.learner]:
            self._note("refused: it belongs to another learner of this store", number)
        return self._enrolled[event.learner]

    def _note(self, finding: str, number: int) -> None:
        self.found.setdefault(finding, []).append(number)

    def finish(self) -> ImportReport:
        self._store_batch()
        resolved = []
        for number, event in self._dangling:  # the event before may have stood further down
            if event.previous not in self._hashes:
                self._note("follows an event that was changed or removed; it is flagged", number)
                event = event if event.flag else flagged(event, UNLINKED)
            resolved.append((number, event))
        for start in range(0, len(resolved), _BATCH):
            self._add(resolved[start : start + _BATCH])
        refused = sum(len(at) for what, at in self.found.items() if what.startswith("refused"))
        broken = {
            n for what, at in self.found.items() if not what.startswith("refused") for n in at
        }
        return ImportReport(
            self.added, self.duplicates, len(broken), refused + bool(self._torn),
            tuple(self._messages()), self._said("learner", 64),
            self._said("name", _LONGEST_NAME), self._said("course", 64),
        )  # fmt: skip

    def _said(self, name: str, most: int) -> str:
        """Return a word of the manifest; nothing if it is no printable text or too long."""
        value = self.manifest.get(name)
        fits = isinstance(value, str) and len(value) <= most and value.isprintable()
        return str(value) if fits else ""

    def _messages(self) -> Iterator[str]:
        kinds = list(self.found.items())
        for finding, numbers in kinds[:_KINDS_NAMED]:
            yield f"{_lines_named(numbers)}: {finding}."
        if more := sum(len(numbers) for _, numbers in kinds[_KINDS_NAMED:]):
            yield f"{_count(more, 'line')} more with something to say."
        if self._torn:
            yield self._torn
        promised = self.manifest.get("events")
        if isinstance(promised, int) and 0 <= promised != self.events:
            yield (
                f"The file announces {_count(promised, 'event')} and holds {self.events}: it was "
                "cut off or changed; ask for it again if you can."
            )
        course = self.manifest.get("course", __version__)
        if course != __version__:
            course = self._said("course", 64) or shown(course)
            yield (
                f"The file comes from course version {course}, this is {__version__}. Answers to "
                "questions that changed in between keep the mark of the old question and are not "
                "mixed with new ones."
            )
        if not (self.events or self.found or self._torn):
            yield "The file holds no events."


def _lines_named(numbers: list[int]) -> str:
    named = ", ".join(map(str, numbers[:_LINES_NAMED]))
    more = len(numbers) - _LINES_NAMED
    return f"Line{'s' if len(numbers) > 1 else ''} {named}{f' and {more} more' if more > 0 else ''}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
