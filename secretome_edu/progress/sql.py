"""Events in any database SQLAlchemy knows: SQLite for one learner, PostgreSQL for a class.

A row holds the event's line; the other columns only help to find it. In SQLite the database
belongs to one learner, whose id it holds. On a server many learners share the tables, and each
brings an id from their own machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from secretome_edu.progress.database import Database
from secretome_edu.progress.events import START, Event, Tail, trusted_line
from secretome_edu.progress.logs import Draft, new_learner

_BATCH = 500  # below the number of parameters every database accepts
_NAME_LENGTH = 200

_TABLES = sa.MetaData()
_EVENTS = sa.Table(
    "secretome_edu_events",
    _TABLES,
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
    _TABLES,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False),  # whose events they are, after a merge
    sa.Column("name", sa.String(_NAME_LENGTH), nullable=False),
    sa.Column("here", sa.Boolean, nullable=False),  # SQLite: the learner this file belongs to
)


def open_database(url: str) -> Database:
    """Return a database with the tables of progress, connected when first used."""
    return Database(url, _TABLES)


class SqlLog:
    """Events in a database.

    Parameters
    ----------
    place : str or Database
        A server for a class opens its database once and hands it to the log of each learner.
    learner : str, optional
        The learner's id on a shared server; in SQLite the file knows it.

    Raises
    ------
    Trouble
        The database cannot be opened; ``why`` says in which way.
    """

    def __init__(self, place: str | Database, learner: str = ""):
        self._database = place if isinstance(place, Database) else open_database(place)
        self.file = self._database.file
        self.unreadable = 0
        with self._database.writing() as link:
            self.learner = self._who(link, learner)

    def _who(self, link: sa.Connection, learner: str) -> str:
        """Return the learner's id, noted in the database."""
        if self.file:
            here = sa.select(_LEARNERS.c.id).where(_LEARNERS.c.here)
            learner = link.scalar(here) or learner or new_learner()
        known = sa.select(_LEARNERS.c.owner).where(_LEARNERS.c.id == learner)
        if link.scalar(known) is None:
            row = {"id": learner, "owner": learner, "name": "", "here": bool(self.file)}
            with suppress(IntegrityError), link.begin_nested():  # another tab was faster
                link.execute(_LEARNERS.insert(), row)
        return learner

    def append(self, draft: Draft) -> Event:
        with self._database.writing() as link:
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
        if self.file:  # another tab may have deleted everything, the id or the file included
            self.learner = self._who(link, self.learner)
        own = sa.select(_LEARNERS.c.id).where(_LEARNERS.c.owner == self.learner)
        return list(link.scalars(own))

    def add(self, events: Iterable[Event]) -> dict[str, str]:
        unique = {event.id: event for event in events}
        while True:
            before: dict[str, str] = {}
            with self._database.writing() as link:
                for batch in _batches(list(unique)):
                    there = sa.select(_EVENTS.c.id, _EVENTS.c.hash).where(_EVENTS.c.id.in_(batch))
                    before.update((row.id, row.hash) for row in link.execute(there))
                rows = [_row(event) for event in unique.values() if event.id not in before]
                with suppress(IntegrityError), link.begin_nested():
                    if rows:
                        link.execute(_EVENTS.insert(), rows)
                    return before
            # Somebody added one of them in between: look again.

    def read(self, everyone: bool = False, lesson: str = "", item: str = "") -> list[Event]:
        query = sa.select(_EVENTS.c.line, _EVENTS.c.flag).order_by(_EVENTS.c.seq, _EVENTS.c.id)
        if lesson:
            query = query.where(_EVENTS.c.lesson == lesson)
        if item:
            query = query.where(_EVENTS.c.item == item)
        with self._database.reading() as link:
            if not everyone:
                query = query.where(_EVENTS.c.learner.in_(self._own(link)))
            rows = link.execute(query).all()
        events, self.unreadable = [], 0
        for row in rows:
            try:
                events.append(trusted_line(row.line, row.flag))
            except (ValueError, TypeError, KeyError, AttributeError):  # bits of the disk changed
                self.unreadable += 1
        return events

    def hashes(self, among: Iterable[str]) -> set[str]:
        found: set[str] = set()
        with self._database.reading() as link:
            for batch in _batches(list(among)):
                query = sa.select(_EVENTS.c.hash).where(_EVENTS.c.hash.in_(batch))
                found.update(link.scalars(query))
        return found

    def enrol(self, learner: str, mine: bool, name: str = "") -> bool:
        known = sa.select(_LEARNERS.c.owner, _LEARNERS.c.name).where(_LEARNERS.c.id == learner)
        this = _LEARNERS.update().where(_LEARNERS.c.id == learner)
        name = name[:_NAME_LENGTH]
        with self._database.writing() as link:
            row = link.execute(known).first()
            if row is None:
                owner = self.learner if mine else learner
                values = {"id": learner, "owner": owner, "name": name, "here": False}
                with suppress(IntegrityError), link.begin_nested():  # another tab was faster
                    link.execute(_LEARNERS.insert(), values)
                    return True
                row = link.execute(known).one()
            if name and not row.name:
                link.execute(this.values(name=name))
            if mine and self.file:  # a file is one person's: what was collected may be claimed
                link.execute(this.values(owner=self.learner))
                return True
            return not mine or row.owner == self.learner

    def names(self) -> dict[str, str]:
        query = sa.select(_LEARNERS.c.id, _LEARNERS.c.name).where(_LEARNERS.c.name != "")
        with self._database.reading() as link:
            return {row.id: row.name for row in link.execute(query)}

    def owners(self) -> dict[str, str]:
        query = sa.select(_LEARNERS.c.id, _LEARNERS.c.owner).where(
            _LEARNERS.c.id != _LEARNERS.c.owner
        )
        with self._database.reading() as link:
            return {row.id: row.owner for row in link.execute(query)}

    def forget(self) -> int:
        with self._database.writing() as link:
            own = self._own(link)
            gone = link.execute(_EVENTS.delete().where(_EVENTS.c.learner.in_(own)))
            link.execute(_LEARNERS.delete().where(_LEARNERS.c.id.in_(own)))
            # On a server the id stays: it lives on the learner's machine and names nobody.
            self.learner = self._who(link, "" if self.file else self.learner)
        self._database.wipe()
        return gone.rowcount

    def close(self) -> None:
        self._database.close()


def _row(event: Event) -> dict[str, Any]:
    return {
        "id": event.id, "learner": event.learner, "seq": event.seq, "lesson": event.lesson,
        "item": event.item, "hash": event.hash, "flag": event.flag, "line": event.line,
    }  # fmt: skip


def _batches(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
