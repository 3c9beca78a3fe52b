"""Events in any database SQLAlchemy knows: SQLite for one learner, PostgreSQL for a class.

A row holds the event's line; the other columns only help to find it. In SQLite the database
belongs to one learner, whose id it holds. On a server many learners share the tables, and each
brings an id from their own machine.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from secretome_edu.progress.events import START, Event, Tail, flagged, parse_line
from secretome_edu.progress.logs import (
    DAMAGED,
    FULL,
    READ_ONLY,
    UNREACHABLE,
    Draft,
    Trouble,
    new_learner,
)

BUSY_SECONDS = 30  # how long a tab waits for another one's write
_BATCH = 500  # below the number of parameters every database accepts

_META = sa.MetaData()
_EVENTS = sa.Table(
    "secretome_edu_events",
    _META,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("learner", sa.String(64), nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("lesson", sa.String(120), nullable=False),
    sa.Column("item", sa.String(200), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("flag", sa.String(16), nullable=False),
    sa.Column("line", sa.Text, nullable=False),
    sa.Index("secretome_edu_by_learner", "learner", "seq"),
    sa.Index("secretome_edu_by_item", "learner", "lesson", "item"),
    sa.Index("secretome_edu_by_hash", "hash"),
)
_LEARNERS = sa.Table(
    "secretome_edu_learners",
    _META,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False),  # whose events they are, after a merge
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("here", sa.Boolean, nullable=False),  # SQLite: the learner this file belongs to
)


class SqlLog:
    """Events in a database.

    Parameters
    ----------
    url : str or sqlalchemy.URL
    learner : str, optional
        The learner's id on a shared server; in SQLite the file knows it.

    Raises
    ------
    Trouble
        The database cannot be opened; ``why`` says in which way.
    """

    def __init__(self, url: str | sa.URL, learner: str = ""):
        self.url = sa.make_url(url)
        self.file = _file_of(self.url)
        with self._trouble():
            if self.file:
                self.file.parent.mkdir(parents=True, exist_ok=True)
            self._engine = _engine(self.url)
            self._process = os.getpid()
            try:
                self._prepare()
                self.learner = self._who(learner)
            except BaseException:
                self._engine.dispose()
                raise

    def _prepare(self) -> None:
        """Create the tables; several tabs may do so at once."""
        for attempt in range(20):
            try:
                if self.file:
                    with self._engine.connect() as link:
                        _check_sound(link)
                        _write_ahead(link)
                _META.create_all(self._engine)
                return
            except DBAPIError as error:
                if _reason(error) not in ("busy", "exists") or attempt == 19:
                    raise
                time.sleep(0.05 * (attempt + 1))

    def _who(self, learner: str) -> str:
        with self._begin() as link:
            if self.file:
                here = sa.select(_LEARNERS.c.id).where(_LEARNERS.c.here)
                learner = link.scalar(here) or learner or new_learner()
            known = sa.select(_LEARNERS.c.owner).where(_LEARNERS.c.id == learner)
            if link.scalar(known) is None:
                row = {"id": learner, "owner": learner, "name": "", "here": bool(self.file)}
                try:
                    with link.begin_nested():
                        link.execute(_LEARNERS.insert(), row)
                except IntegrityError:  # another tab of the same learner was faster
                    pass
        return learner

    def append(self, draft: Draft) -> Event:
        with self._trouble(), self._begin() as link:
            event = draft(self._tail(link))
            link.execute(_EVENTS.insert(), _row(event))
        return event

    def _tail(self, link: sa.Connection) -> Tail:
        newest = (
            sa.select(_EVENTS.c.seq, _EVENTS.c.hash)
            .where(_EVENTS.c.learner.in_(self._own(link)), _EVENTS.c.flag == "")
            .order_by(_EVENTS.c.seq.desc())
            .limit(1)
        )
        row = link.execute(newest).first()
        return Tail(*row) if row else START

    def _own(self, link: sa.Connection) -> list[str]:
        own = sa.select(_LEARNERS.c.id).where(_LEARNERS.c.owner == self.learner)
        return list(link.scalars(own))

    def add(self, events: Iterable[Event]) -> dict[str, str]:
        unique = {event.id: event for event in events}
        before: dict[str, str] = {}
        with self._trouble():
            for batch in _batches(list(unique.values())):
                before.update(self._add(batch))
        return before

    def _add(self, batch: list[Event]) -> dict[str, str]:
        ids = [event.id for event in batch]
        while True:
            try:
                with self._begin() as link:
                    there = sa.select(_EVENTS.c.id, _EVENTS.c.hash).where(_EVENTS.c.id.in_(ids))
                    before = {row.id: row.hash for row in link.execute(there)}
                    rows = [_row(event) for event in batch if event.id not in before]
                    if rows:
                        link.execute(_EVENTS.insert(), rows)
                return before
            except IntegrityError:  # somebody added one of them in between: look again
                continue

    def read(self, everyone: bool = False, lesson: str = "", item: str = "") -> list[Event]:
        query = sa.select(_EVENTS.c.line, _EVENTS.c.flag).order_by(_EVENTS.c.seq, _EVENTS.c.id)
        if lesson:
            query = query.where(_EVENTS.c.lesson == lesson)
        if item:
            query = query.where(_EVENTS.c.item == item)
        with self._trouble(), self._connect() as link:
            if not everyone:
                query = query.where(_EVENTS.c.learner.in_(self._own(link)))
            rows = link.execute(query).all()
        events = (flagged(parse_line(row.line), row.flag) if row.flag else parse_line(row.line)
                  for row in rows)  # fmt: skip
        return list(events)

    def hashes(self, among: Iterable[str]) -> set[str]:
        found: set[str] = set()
        with self._trouble(), self._connect() as link:
            for batch in _batches(list(among)):
                query = sa.select(_EVENTS.c.hash).where(_EVENTS.c.hash.in_(batch))
                found.update(link.scalars(query))
        return found

    def enrol(self, learner: str, mine: bool, name: str = "") -> bool:
        with self._trouble(), self._begin() as link:
            known = sa.select(_LEARNERS.c.owner, _LEARNERS.c.name).where(_LEARNERS.c.id == learner)
            row = link.execute(known).first()
            owner = self.learner if mine else learner
            if row is None:
                values = {"id": learner, "owner": owner, "name": name[:200], "here": False}
                link.execute(_LEARNERS.insert(), values)
                return True
            if name and not row.name:
                this = _LEARNERS.update().where(_LEARNERS.c.id == learner)
                link.execute(this.values(name=name[:200]))
            if mine and self.file and row.owner != self.learner:
                this = _LEARNERS.update().where(_LEARNERS.c.id == learner)
                link.execute(this.values(owner=self.learner))
                return True
            return not mine or row.owner == self.learner

    def names(self) -> dict[str, str]:
        query = sa.select(_LEARNERS.c.id, _LEARNERS.c.name).where(_LEARNERS.c.name != "")
        with self._trouble(), self._connect() as link:
            return {row.id: row.name for row in link.execute(query)}

    def forget(self) -> int:
        with self._trouble():
            with self._begin() as link:
                own = self._own(link)
                gone = link.execute(_EVENTS.delete().where(_EVENTS.c.learner.in_(own)))
                link.execute(_LEARNERS.delete().where(_LEARNERS.c.id.in_(own)))
            if self.file:  # what was deleted must not stay in the write-ahead log either
                with self._connect() as link:
                    driver: Any = link.connection.driver_connection
                    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self.learner = self._who("" if self.file else new_learner())
        return gone.rowcount

    def close(self) -> None:
        self._engine.dispose()

    def _alive(self) -> sa.Engine:
        if os.getpid() != self._process:  # after a fork a connection must not be shared
            self._engine.dispose(close=False)
            self._process = os.getpid()
        return self._engine

    @contextmanager
    def _begin(self) -> Iterator[sa.Connection]:
        with self._alive().connect().execution_options(writes=True) as link, link.begin():
            yield link

    @contextmanager
    def _connect(self) -> Iterator[sa.Connection]:
        with self._alive().connect() as link:
            yield link

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError, ImportError) as error:
            raise self._explain(error) from error

    def _explain(self, error: Exception) -> Trouble:
        place = str(self.file) if self.file else self.url.render_as_string(hide_password=True)
        if isinstance(error, ImportError):
            return Trouble(UNREACHABLE, f"{place} needs a driver that is not installed: {error}.")
        reason = _reason(error)
        sentence = {
            FULL: f"The disk that holds {place} is full.",
            READ_ONLY: f"{place} cannot be written: it or its folder is read-only or missing.",
            DAMAGED: f"{place} is damaged.",
            "busy": f"{place} is held by another program.",
        }.get(reason)
        if sentence:
            return Trouble(UNREACHABLE if reason == "busy" else reason, sentence)
        detail = str(getattr(error, "orig", None) or error).strip().splitlines() or [""]
        return Trouble(UNREACHABLE, f"{place} cannot be used: {detail[0]}.")


def _file_of(url: sa.URL) -> Path | None:
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def _engine(url: sa.URL) -> sa.Engine:
    backend = url.get_backend_name()
    options: dict[str, Any] = {"pool_pre_ping": True}
    if backend == "sqlite":
        options = {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
    elif backend == "postgresql":
        options["connect_args"] = {"connect_timeout": 5}
    engine = sa.create_engine(url, **options)
    if backend == "sqlite":
        sa.event.listen(engine, "connect", _on_connect)
        sa.event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(link: Any, record: object) -> None:
    link.isolation_level = None  # sqlite3 would delay BEGIN; see _on_begin
    link.execute("PRAGMA synchronous=FULL")  # an acknowledged event survives a power cut
    link.execute("PRAGMA secure_delete=ON")


def _on_begin(link: sa.Connection) -> None:
    # IMMEDIATE: two tabs that both read the newest event and then write must not overlap.
    writes = link.get_execution_options().get("writes")
    link.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _check_sound(link: sa.Connection) -> None:
    found = link.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    link.rollback()
    if found != "ok":
        raise DBAPIError("PRAGMA quick_check", None, Exception(f"malformed: {found}"))


def _write_ahead(link: sa.Connection) -> None:
    driver: Any = link.connection.driver_connection  # no transaction may be open
    driver.execute("PRAGMA journal_mode=WAL").fetchall()


def _reason(error: Exception) -> str:
    """Return why a database error happened, in the words of :class:`Trouble`."""
    text = str(getattr(error, "orig", None) or error).lower()
    for word, reason in (
        ("malformed", DAMAGED), ("not a database", DAMAGED), ("no such table", DAMAGED),
        ("no such column", DAMAGED), ("has no column", DAMAGED),
        ("is full", FULL), ("no space", FULL), ("readonly", READ_ONLY),
        ("read-only", READ_ONLY), ("unable to open", READ_ONLY),
        ("permission denied", READ_ONLY), ("locked", "busy"), ("already exists", "exists"),
        ("duplicate key", "exists"),
    ):  # fmt: skip
        if word in text:
            return reason
    return UNREACHABLE


def _row(event: Event) -> dict[str, Any]:
    return {
        "id": event.id, "learner": event.learner, "seq": event.seq, "lesson": event.lesson,
        "item": event.item, "hash": event.hash, "flag": event.flag, "line": event.line,
    }  # fmt: skip


def _batches(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
