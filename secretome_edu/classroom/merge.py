"""From hand-ins to a class: every file named, every whole event kept, every doubt said."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path

from secretome_edu.classroom.people import File, people, pseudonyms
from secretome_edu.classroom.waiting import with_bar
from secretome_edu.progress.events import EDITED, Event, check_links, in_order
from secretome_edu.progress.handin import ImportReport, read
from secretome_edu.progress.logs import MemoryLog
from secretome_edu.progress.rescue import likely_learner, salvage
from secretome_edu.ui.messages import BadValue, CourseError

_FIRST_DAY = datetime(2025, 1, 1, tzinfo=UTC)  # no event can be older than the course
_MOST_FILES = 5000
_SKEW = timedelta(minutes=10)  # what clocks may differ by and jump without being named
_ARCHIVES = {
    b"PK\x03\x04": "a zip archive", b"\x1f\x8b": "a gzip archive", b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive", b"7z\xbc\xaf": "a 7z archive", b"Rar!": "a rar archive",
}  # fmt: skip
_SQLITE = b"SQLite format 3\x00"


@dataclass(frozen=True)
class HandIn:
    """What was found in one file.

    Attributes
    ----------
    file : str
        Path within the folder.
    learner : str
        As in `Class.learners`; empty if nothing could be read.
    events, flagged, refused : int
        Events taken; those of them that break the chain; lines that are no event.
    messages : tuple of str
        One sentence for each kind of finding.
    skipped : str
        Why the file was not read at all; empty if it was.
    """

    file: str
    learner: str = ""
    events: int = 0
    flagged: int = 0
    refused: int = 0
    messages: tuple[str, ...] = ()
    skipped: str = ""

    @property
    def sound(self) -> bool:
        """Whether there is nothing to say about the file."""
        return not (self.skipped or self.messages)


@dataclass(frozen=True)
class Class:
    """The learners of a class with their events, oldest first.

    Attributes
    ----------
    learners : mapping of str to list of Event
        Pseudonym (the shortest beginning of the id that is unique here) -> events.
    hand_ins : tuple of HandIn
    notices : tuple of str
        What an instructor should know about the whole.
    """

    learners: Mapping[str, list[Event]]
    hand_ins: tuple[HandIn, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def events(self) -> int:
        """How many different events there are."""
        return len({event.id for events in self.learners.values() for event in events})


def read_class(place: str | Path, now: datetime | None = None) -> Class:
    """Return the class that handed in at a place.

    Parameters
    ----------
    place : str or Path
        A folder of hand-ins (with its subfolders), one hand-in, or a store's URL.
    now : datetime, optional
        Aware; events after it come from a clock that runs ahead.

    Raises
    ------
    CourseError
        There is no such folder or store. A file that cannot be read is named in the result.
    """
    now = now or datetime.now(UTC)
    text = str(place)
    if "://" in text or text.startswith("jsonl:"):
        return _with_clocks(_from_store(text), now)
    path = Path(place)
    if not os.path.exists(path):  # also for a name that no file can have
        raise CourseError(
            f"There is no folder {path}. Give the folder with the hand-ins, or a store's URL such "
            "as postgresql://host/class."
        )
    files = [path] if not path.is_dir() else sorted(islice(_files(path), _MOST_FILES + 1))
    if len(files) > _MOST_FILES:
        raise CourseError(
            f"{path} holds more than {_MOST_FILES} files; give the folder with the hand-ins alone."
        )
    return _with_clocks(_from_files(path, files), now)


def _files(folder: Path) -> Iterable[Path]:
    """Yield what is no hidden file; also links to folders and folders nobody may open."""
    closed: list[Path] = []
    walk = os.walk(folder, onerror=lambda problem: closed.append(Path(problem.filename)))
    for place, folders, names in walk:
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [name for name in folders if os.path.islink(os.path.join(place, name))]
        for name in (*names, *links):
            if not name.startswith("."):
                yield Path(place, name)
    yield from closed


def _printable(name: str) -> str:
    """Return a file's name with what no page or terminal can show written out."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in name)


def _from_store(url: str) -> Class:
    from secretome_edu.progress.opening import address_of
    from secretome_edu.progress.store import open_store

    file = address_of(url).file
    if file is not None and not file.exists():
        raise CourseError(f"There is no store {file}. Give the URL of one that was used.")
    store = open_store(url)
    try:
        events, owners = store.events(everyone=True), store.owners()
    finally:
        store.close()
    if store.notice and not events:
        raise CourseError(f"The store cannot be read. {store.notice}")
    notices = [store.notice] if store.notice else []
    broken = {event.id: event for event in check_links(events)}
    if broken:
        edited = sum(event.flag == EDITED for event in broken.values())
        notices.append(
            f"Of the store's events {edited} were edited after they were written and are not "
            f"counted; {len(broken) - edited} follow one that was changed or removed."
        )
    people: dict[str, list[Event]] = {}
    for event in events:
        owner = owners.get(event.learner, event.learner)
        people.setdefault(owner, []).append(broken.get(event.id, event))
    short = pseudonyms(people)
    return Class({short[id]: events for id, events in people.items()}, (), tuple(notices))


class _Pool(MemoryLog):
    """All events of the class, and which of them the file being read holds."""

    def __init__(self) -> None:
        super().__init__()
        self.held: set[str] = set()

    def add(self, events: Iterable[Event]) -> dict[str, str]:
        before = {}
        for event in events:
            self.held.add(event.id)
            there = self._events.get(event.id)
            # Nothing is lost because an edited copy happened to come first.
            if there is None or (there.flag and not event.flag):
                self._keep(event)
            else:
                before[event.id] = there.hash
        return before

    def get(self, ids: Iterable[str]) -> list[Event]:
        return in_order(self._events[id] for id in ids)


def _from_files(root: Path, paths: list[Path]) -> Class:
    pool = _Pool()
    files: list[tuple[File, ImportReport]] = []
    found: list[HandIn] = []
    for path in with_bar(paths, "Reading hand-ins"):
        name = _printable(path.name if path == root else str(path.relative_to(root)))
        try:
            _refuse_link_out(root, path)
            files.append(_read(pool, path, name))
        except CourseError as problem:
            found.append(HandIn(name, skipped=str(problem).replace(str(path), name)))
        except OSError as problem:
            found.append(HandIn(name, skipped=f"It cannot be read: {problem.strerror}."))
    joined, notices = people((file for file, _ in files), pool.get)
    short = pseudonyms(person.id for person in joined)
    of_file = {name: short[person.id] for person in joined for name in person.files}
    for file, report in files:
        counts = len(file.held), report.broken, report.refused
        found.append(HandIn(file.name, of_file[file.name], *counts, report.messages))
    if not paths:
        notices.append(
            "The folder holds no files. Put in it what learners export, one file each; the names "
            "of the files do not matter."
        )
    learners = {short[person.id]: pool.get(person.held) for person in joined if person.held}
    found.sort(key=lambda hand_in: hand_in.file)
    return Class(learners, tuple(found), tuple(_shortened(notices, short)))


def _refuse_link_out(root: Path, path: Path) -> None:
    if path != root and path.is_symlink():
        if path.is_dir():
            raise BadValue("It is a link to a folder, which is not followed.")
        if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
            raise BadValue("It is a link to a place outside the folder, which is not read.")


def _read(pool: _Pool, path: Path, name: str) -> tuple[File, ImportReport]:
    if not path.is_file():
        raise BadValue("It is not a file.")
    with path.open("rb") as file:
        start = file.read(len(_SQLITE))
    for magic, kind in _ARCHIVES.items():
        if start.startswith(magic):
            raise BadValue(
                f"It is {kind}, which is not opened; unpack it and run the report again."
            )
    pool.held = set()
    report = _read_database(pool, path) if start == _SQLITE else read(pool, path, mine=False)
    owner = report.learner or likely_learner(pool.get(pool.held))
    return File(name, owner, report.name, pool.held), report


def _read_database(pool: _Pool, path: Path) -> ImportReport:
    """Take the events out of a learner's database that was handed in as it is."""
    events = salvage(path)
    if not events:
        raise BadValue("It is a database without events of the course.")
    before = pool.add(events)
    said = "It is the learner's database, not an export; every whole event was read from it."
    return ImportReport(len(events) - len(before), len(before), messages=(said,))


def _shortened(notices: list[str], short: Mapping[str, str]) -> list[str]:
    return [" ".join(short.get(word, word) for word in notice.split(" ")) for notice in notices]


def _with_clocks(found: Class, now: datetime) -> Class:
    """Add what is odd about the clocks; the order of events does not depend on them."""
    ahead, behind, back = [], [], []
    for learner, events in found.learners.items():
        times = [event.when for event in events]
        if any(time > now + _SKEW for time in times):
            ahead.append(learner)
        if any(time < _FIRST_DAY for time in times):
            behind.append(learner)
        if any(early - late > _SKEW for early, late in pairwise(times)):
            back.append(learner)
    kept = "Their answers count in the order they were given; the curve leaves such times out."
    words = (
        (ahead, f"ran ahead of today's date. {kept}"),
        (behind, f"stood before {_FIRST_DAY:%Y}. {kept}"),
        (back, "went back. Their answers count in the order they were given."),
    )
    notices = [f"The clock of {_listed(who)} {what}" for who, what in words if who]
    return Class(found.learners, found.hand_ins, (*found.notices, *notices))


def _listed(names: list[str], most: int = 5) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
