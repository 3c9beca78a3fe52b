"""From hand-ins to learners: every file named, every whole event kept, every doubt said.

A hand-in belongs to one person. Two files are the same person's if they share events or the
learner's id, unless that cannot be: a different name was given, or both went on separately at the
same time. That happens when a computer is cloned after its first use, so that many learners have
one id; they are told apart by their files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from secretome_edu.progress import handin, rescue
from secretome_edu.progress.events import EDITED, Event, check_links, in_order
from secretome_edu.progress.logs import MemoryLog
from secretome_edu.ui.messages import BadValue, CourseError

_SHORTEST_ID = 8
_FIRST_DAY = datetime(2025, 1, 1, tzinfo=UTC)  # no event can be older than the course
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
    if not path.exists():
        raise CourseError(
            f"There is no folder {path}. Give the folder with the hand-ins, or a store's URL such "
            "as postgresql://host/class."
        )
    files = [path] if not path.is_dir() else sorted(_files(path))
    return _with_clocks(_from_files(path, files), now)


def _files(folder: Path) -> Iterable[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and not path.is_dir():
            yield path


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
    short = _pseudonyms(people)
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


@dataclass
class _Person:
    """One learner while files are being joined."""

    id: str
    names: set[str]
    held: set[str] = field(default_factory=set)
    files: list[str] = field(default_factory=list)
    owners: set[str] = field(default_factory=set)


@dataclass
class _File:
    name: str
    owner: str
    person_name: str
    held: set[str]
    report: handin.ImportReport


def _from_files(root: Path, paths: list[Path]) -> Class:
    pool, files, found = _Pool(), [], []
    with ExitStack() as stack:
        step = _progress_bar(stack, len(paths))
        for path in paths:
            name = path.name if path == root else str(path.relative_to(root))
            try:
                files.append(_read(pool, path, name))
            except (CourseError, OSError) as problem:
                found.append(HandIn(name, skipped=str(problem)))
            step()
    people, notices = _people(files, pool)
    short = _pseudonyms(person.id for person in people)
    of_file = {name: short[person.id] for person in people for name in person.files}
    for file in files:
        found.append(
            HandIn(
                file.name, of_file[file.name], len(file.held), file.report.broken,
                file.report.refused, file.report.messages,
            )
        )  # fmt: skip
    if not paths:
        notices.append("The folder holds no files.")
    learners = {short[person.id]: pool.get(person.held) for person in people if person.held}
    found.sort(key=lambda hand_in: hand_in.file)
    return Class(learners, tuple(found), tuple(_shortened(notices, short)))


def _read(pool: _Pool, path: Path, name: str) -> _File:
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
    if start == _SQLITE:
        report = _read_database(pool, path)
    else:
        report = handin.read(pool, path, mine=False)
    owner = report.learner or _owner(pool)
    return _File(name, owner, report.name, pool.held, report)


def _read_database(pool: _Pool, path: Path) -> handin.ImportReport:
    """Take the events out of a learner's database that was handed in as it is."""
    events = rescue.salvage(path)
    if not events:
        raise BadValue("It is a database without events of the course.")
    before = pool.add(events)
    said = "It is the learner's database, not an export; every whole event was read from it."
    return handin.ImportReport(len(events) - len(before), len(before), messages=(said,))


def _owner(pool: _Pool) -> str:
    most = Counter(event.learner for event in pool.get(pool.held)).most_common(1)
    return most[0][0] if most else ""


def _people(files: list[_File], pool: _Pool) -> tuple[list[_Person], list[str]]:
    """Join the files of one person, the largest first."""
    people: list[_Person] = []
    by_event: dict[str, list[_Person]] = {}
    by_owner: dict[str, list[_Person]] = {}
    notices: list[str] = []
    for file in sorted(files, key=lambda file: (-len(file.held), file.name)):
        near = {id(p): p for event in file.held for p in by_event.get(event, ())}
        near |= {id(p): p for p in by_owner.get(file.owner, ())}
        same = [p for p in near.values() if _may_be_one(p, file, pool)]
        if same:
            person = same[0]
            if file.owner not in person.owners:
                notices.append(
                    f"{file.name} and {person.files[0]} hold the same events under two ids and "
                    "are taken as one learner with two computers. If they are two people, one "
                    "of them has imported the other's file; ask."
                )
        else:
            taken = {p.id for p in people}
            person = _Person(_free(file.owner or file.name, taken), set())
            people.append(person)
            if near:
                other = next(iter(near.values()))
                notices.append(
                    f"{file.name} and {other.files[0]} share an id or events but went on apart, "
                    "so they are counted as two learners. Was a computer copied after the "
                    "course had been used on it?"
                )
        person.held |= file.held
        person.names |= {file.person_name} - {""}
        person.files.append(file.name)
        person.owners.add(file.owner)
        by_owner.setdefault(file.owner, []).append(person)
        for event in file.held:
            here = by_event.setdefault(event, [])
            if person not in here:
                here.append(person)
    return people, notices


def _may_be_one(person: _Person, file: _File, pool: _Pool) -> bool:
    """Whether a file may be one more of a person's: no other name, no second life."""
    if file.person_name and person.names and file.person_name not in person.names:
        return False
    theirs = pool.get(person.held - file.held)
    own = pool.get(file.held - person.held)
    if not theirs or not own or not person.held & file.held:
        # Without common events nothing was copied: one id is one person's.
        return True
    return own[-1].seq < theirs[0].seq or theirs[-1].seq < own[0].seq


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def _pseudonyms(ids: Iterable[str]) -> dict[str, str]:
    """Return id -> its shortest beginning that is unique; numbered copies keep their number."""
    ids = sorted(set(ids))
    length = _SHORTEST_ID

    def cut(id: str) -> str:
        head, dash, number = id.rpartition("-")
        return f"{head[:length]}-{number}" if dash and number.isdigit() else id[:length]

    while len({cut(id) for id in ids}) < len(ids):
        length += 1
    return {id: cut(id) for id in ids}


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
        if any(late < early - _SKEW for early, late in zip(times, times[1:], strict=False)):
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


def _progress_bar(stack: ExitStack, total: int):
    """Return a function to call after each file; a bar appears if it takes over two seconds."""
    import time

    started, state = time.monotonic(), {}

    def step() -> None:
        if "bar" not in state and time.monotonic() - started > 2:
            from rich.console import Console
            from rich.progress import Progress

            state["bar"] = stack.enter_context(
                Progress(console=Console(stderr=True), transient=True)
            )
            state["task"] = state["bar"].add_task("Reading hand-ins", total=total)
            state["bar"].update(state["task"], completed=state["done"])
        elif "bar" in state:
            state["bar"].advance(state["task"])
        state["done"] = state.get("done", 0) + 1

    return step
