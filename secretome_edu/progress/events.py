"""What is remembered: one event per thing a learner did, each naming the one before by its hash.

An event is a line of canonical JSON. The same line is stored in a database row, in a JSON Lines
file and in a hand-in, so its hash means the same everywhere. ``previous`` holds the hash of the
newest event the writer knew: on one machine the events form a chain; two tabs or two machines
make branches, which join when they are merged. Changing or removing an event breaks the link of
the one after it. That makes tampering evident; it proves nothing.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from secretome_edu.progress.canonical import (
    DEEPEST,
    LARGEST_INTEGER,
    canonical,
    plain,
    too_deep,
)
from secretome_edu.ui.messages import BadValue, shown

FORMAT = 1  # version of the line format; a reader refuses lines of a newer one
_HEAD = ("id", "learner", "seq", "time", "kind", "lesson", "item", "previous", "hash")

_LENGTHS = (
    ("id", 1, 64), ("learner", 1, 64), ("kind", 1, 40),
    ("lesson", 0, 120), ("item", 0, 200), ("previous", 0, 64), ("hash", 0, 64),
)  # fmt: skip

EDITED = "edited"  # the hash does not fit the content
UNLINKED = "unlinked"  # the event before it is missing or was changed
Clock = Callable[[], datetime]


class Tail(NamedTuple):
    """The newest event a writer knows: what the next one follows."""

    seq: int
    hash: str


START = Tail(0, "")


@dataclass(frozen=True)
class Event:
    """One thing a learner did.

    Parameters
    ----------
    id : str
        Random, unique everywhere: events of two machines are merged by it.
    learner : str
        Random id of the learner, never a name.
    seq : int
        Sorting key: microseconds since 1970 UTC by the writer's clock, or one more than the newest
        event known to it if that clock went back. So the order survives a wrong clock.
    time : str
        UTC, ISO 8601, as the clock said.
    kind : str
        ``opened``, ``done`` (lessons), ``answered``, ``drafted``, ``hint``, ``revealed``, ``reset``
        (items), or another word a room chooses.
    lesson, item : str
        Slugs; empty if the event is not about one.
    fields : mapping
        Everything else: ``item_hash``, ``variant``, ``response``, ``state``, ``score``,
        ``max_score``, ``confidence``, ``duration_s``.
    previous, hash : str
        SHA-256, hexadecimal.
    flag : str
        Empty, ``edited`` or ``unlinked``; what an import found, not part of the line.

    Examples
    --------
    >>> event = new_event(START, learner="a1", kind="answered", lesson="units", item="q1",
    ...                   fields={"score": 1.0}, clock=lambda: datetime(2026, 1, 2, tzinfo=UTC))
    >>> event.time, event["score"], event.get("confidence")
    ('2026-01-02T00:00:00.000Z', 1.0, None)
    >>> parse_line(event.line) == event
    True
    """

    id: str
    learner: str
    seq: int
    time: str
    kind: str
    lesson: str
    item: str
    fields: Mapping[str, Any]
    previous: str
    hash: str
    flag: str = field(default="", compare=False)

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    def get(self, name: str, default: Any = None) -> Any:
        """Return a field, or ``default`` if the event has none of that name."""
        return self.fields.get(name, default)

    @property
    def line(self) -> str:
        """The event as one line of canonical JSON, without a line end."""
        return canonical({**self._body(), "hash": self.hash})

    @property
    def when(self) -> datetime:
        """``time`` as an aware datetime."""
        return datetime.fromisoformat(self.time)

    @property
    def tail(self) -> Tail:
        """What the next event follows."""
        return Tail(self.seq, self.hash)

    def digest(self) -> str:
        """Return the hash the content should have."""
        return _digest(self._body())

    def _body(self) -> dict[str, Any]:
        head = {name: getattr(self, name) for name in _HEAD if name != "hash"}
        return {**self.fields, **head, "format": FORMAT}


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(body).encode("ascii")).hexdigest()


def utc_now() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


def new_event(
    tail: Tail,
    *,
    learner: str,
    kind: str,
    lesson: str = "",
    item: str = "",
    fields: Mapping[str, Any] | None = None,
    clock: Clock = utc_now,
) -> Event:
    """Return the event that follows ``tail``.

    Raises
    ------
    BadValue
        A name is empty, too long or not printable, or a field cannot be written as JSON.
    """
    now = clock().astimezone(UTC)
    instant = int(now.timestamp() * 1_000_000)
    # A clock beyond the year 2255 does not fit; the answer given under it is kept all the same.
    seq = max(instant if instant < LARGEST_INTEGER else 0, tail.seq + 1)
    time = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    given = dict(fields or {})
    if reserved := sorted(set(given) & {*_HEAD, "format", "flag"}):
        raise BadValue(f"A progress event sets {', '.join(reserved)} itself; rename the field.")
    values = {name: plain(value, name) for name, value in given.items()}
    draft = Event(uuid.uuid4().hex, learner, seq, time, kind, lesson, item, values, tail.hash, "")
    _check(draft)
    return _with_hash(draft, draft.digest())


def _with_hash(event: Event, digest: str) -> Event:
    values = {name: getattr(event, name) for name in _HEAD}
    return Event(**{**values, "hash": digest}, fields=event.fields, flag=event.flag)


def parse_line(text: str | bytes) -> Event:
    """Return the event a line holds, flagged ``edited`` if its hash does not fit.

    Raises
    ------
    BadValue
        The line is no event: cut off, no JSON, a part missing or of the wrong type, or written by
        a newer version of the course.
    """
    try:
        values = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise BadValue("it is not complete JSON") from None
    if not isinstance(values, dict):
        raise BadValue("it is not a JSON object")
    return event_from(values)


def event_from(values: dict[str, Any]) -> Event:
    """Return the event of a parsed line; see :func:`parse_line`."""
    version = values.get("format")
    if isinstance(version, int) and version > FORMAT:
        raise BadValue(
            f"it has format {version} and this version of the course reads up to {FORMAT}; "
            "update the course"
        )
    missing = [name for name in (*_HEAD, "format") if name not in values]
    if missing or version != FORMAT:
        raise BadValue(f"it lacks {', '.join(missing) or 'a format this course knows'}")
    if too_deep(values, DEEPEST + 1):  # the line itself is a level
        raise BadValue(f"it is nested deeper than {DEEPEST} levels")
    given = values.pop("hash")
    try:
        expected = _digest(values)
    except (ValueError, RecursionError):
        raise BadValue("it holds a number or a nesting that JSON does not know") from None
    del values["format"]
    head = {name: values.pop(name) for name in _HEAD if name != "hash"}
    flag = "" if given == expected else EDITED
    event = Event(**head, hash=given, fields=values, flag=flag)
    _check(event)
    return event


def trusted_line(text: str, flag: str) -> Event:
    """Return the event of a line that was checked when it was stored; :func:`check_links` asks."""
    values = json.loads(text)
    head = {name: values.pop(name) for name in _HEAD}
    del values["format"]
    return Event(**head, fields=values, flag=flag)


def flagged(event: Event, flag: str) -> Event:
    """Return the same event with another flag."""
    return Event(**{name: getattr(event, name) for name in _HEAD}, fields=event.fields, flag=flag)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _check(event: Event) -> None:
    for name, least, most in _LENGTHS:
        value = getattr(event, name)
        if not (isinstance(value, str) and least <= len(value) <= most and value.isprintable()):
            raise BadValue(
                f"{name} is {shown(value)}; accepted is printable text of {least} to {most} "
                "characters"
            )
    if type(event.seq) is not int or not 0 <= event.seq < LARGEST_INTEGER:
        raise BadValue(f"seq is {shown(event.seq)}; accepted is a whole number from 0 to 2**53")
    try:
        when = event.when
        # fromisoformat takes any sign between day and hour.
        aware = event.time.isascii() and event.time.isprintable() and when.tzinfo is not None
        aware = aware and bool(when.astimezone(UTC))
    except (TypeError, ValueError, OverflowError):
        aware = False
    if not aware:
        raise BadValue(f"time is {shown(event.time)}; accepted is ISO 8601 with a time zone")


def in_order(events: Iterable[Event]) -> list[Event]:
    """Return events oldest first, in the same order on every machine."""
    return sorted(events, key=lambda event: (event.seq, event.id))


def check_links(events: Iterable[Event], known: Iterable[str] = ()) -> list[Event]:
    """Return the events that break the chain, flagged with how; an empty list is good news.

    Parameters
    ----------
    events : iterable of Event
    known : iterable of str
        Hashes of events that exist elsewhere.

    Examples
    --------
    >>> first = new_event(START, learner="a1", kind="opened", lesson="units")
    >>> second = new_event(first.tail, learner="a1", kind="done", lesson="units")
    >>> check_links([first, second])
    []
    >>> [event.flag for event in check_links([second])]
    ['unlinked']
    """
    events = list(events)
    hashes = {"", *known, *(event.hash for event in events)}
    broken = []
    for event in events:
        if event.digest() != event.hash:
            broken.append(flagged(event, EDITED))
        elif event.previous not in hashes:
            broken.append(flagged(event, UNLINKED))
    return broken
