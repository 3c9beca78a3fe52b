"""How to talk to a database: connections, the settings of SQLite, and what its errors mean."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from secretome_edu.progress.logs import DAMAGED, FULL, READ_ONLY, UNREACHABLE, Trouble
from secretome_edu.progress.place import sqlite_file

BUSY_SECONDS = 30  # how long a tab waits for another one's write
CONNECT_SECONDS = 5  # how long a learner waits for a server
_BUSY, _EXISTS = "busy", "exists"
_ATTEMPTS = 20

# What databases say (in lower case) and what it means.
_WORDS = (
    ("malformed", DAMAGED), ("not a database", DAMAGED), ("no such table", DAMAGED),
    ("no such column", DAMAGED), ("has no column", DAMAGED),
    ("is full", FULL), ("no space", FULL),
    ("readonly", READ_ONLY), ("read-only", READ_ONLY), ("unable to open", READ_ONLY),
    ("permission denied", READ_ONLY),
    ("locked", _BUSY), ("already exists", _EXISTS), ("duplicate key", _EXISTS),
)  # fmt: skip


class Database:
    """Connections to one database, made when needed, safe after a fork or a repaired file.

    Parameters
    ----------
    url : str
    tables : sqlalchemy.MetaData
        Created if missing.
    """

    def __init__(self, url: str, tables: sa.MetaData):
        self._tables = tables
        with self._explained(_without_password(url)):
            self._url = sa.make_url(url)
            self.file = sqlite_file(url)
            if self.file:  # the kernel's folder may change later
                self._url = self._url.set(database=str(self.file))
            self._engine = _engine(self._url)
        self._opened: tuple[int, int] | None = None

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Yield a connection in a transaction that no other writer overlaps (in SQLite)."""
        with self._trouble(), self._alive().connect() as link:
            link.execution_options(writes=True)
            with link.begin():
                yield link

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Yield a connection."""
        with self._trouble(), self._alive().connect() as link:
            yield link

    def wipe(self) -> None:
        """Take what was deleted out of SQLite's write-ahead log, too."""
        if self.file:
            with self.reading() as link:
                _driver(link).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close all connections; the next use opens new ones."""
        self._engine.dispose()
        self._opened = None

    def _alive(self) -> sa.Engine:
        """Return the engine, with new connections after a fork or if the file was replaced."""
        now = os.getpid(), self._file_number()
        if self._opened is None or now != self._opened:
            if self._opened is not None:
                # A connection of the parent process must not be closed here, only dropped.
                self._engine.dispose(close=now[0] == self._opened[0])
            self._prepare()
            self._opened = os.getpid(), self._file_number()
        return self._engine

    def _file_number(self) -> int:
        try:
            return self.file.stat().st_ino if self.file else 0
        except OSError:
            return 0

    def _prepare(self) -> None:
        """Create the tables; several tabs may do so at once."""
        if self.file:
            self.file.parent.mkdir(parents=True, exist_ok=True)
        for attempt in range(_ATTEMPTS):
            try:
                if self.file:
                    with self._engine.connect() as link:
                        _check_sound(link)
                        _driver(link).execute("PRAGMA journal_mode=WAL").fetchall()
                self._tables.create_all(self._engine)
                return
            except (DBAPIError, sqlite3.Error) as error:
                if _reason(error) not in (_BUSY, _EXISTS) or attempt == _ATTEMPTS - 1:
                    self._engine.dispose()
                    raise
                time.sleep(0.05 * (attempt + 1))

    def _trouble(self) -> Any:
        name = str(self.file) if self.file else self._url.render_as_string(hide_password=True)
        return self._explained(name)

    @contextmanager
    def _explained(self, name: str) -> Iterator[None]:
        """Turn any error of the database into :class:`Trouble`."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError, ImportError) as error:
            raise _explain(error, name) from error


def _without_password(url: str) -> str:
    try:
        return sa.make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "The address of this store"


def _engine(url: sa.URL) -> sa.Engine:
    backend = url.get_backend_name()
    options: dict[str, Any] = {"pool_pre_ping": True}
    if backend == "sqlite":
        options = {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
    elif backend == "postgresql":
        options["connect_args"] = {"connect_timeout": CONNECT_SECONDS}
    engine = sa.create_engine(url, **options)
    if backend == "sqlite":
        sa.event.listen(engine, "connect", _on_connect)
        sa.event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(link: Any, record: object) -> None:
    link.isolation_level = None  # sqlite3 would delay BEGIN; see _on_begin
    link.execute("PRAGMA synchronous=FULL")  # an acknowledged event survives a power cut
    link.execute("PRAGMA secure_delete=ON")  # what a learner deletes is overwritten


def _on_begin(link: sa.Connection) -> None:
    # IMMEDIATE: two tabs that both read the newest event and then write must not overlap.
    writes = link.get_execution_options().get("writes")
    link.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _check_sound(link: sa.Connection) -> None:
    found = link.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    link.rollback()
    if found != "ok":
        raise DBAPIError("PRAGMA quick_check", None, Exception(f"malformed: {found}"))


def _driver(link: sa.Connection) -> Any:
    """Return SQLite's own connection, for what must not stand in a transaction."""
    return link.connection.driver_connection


def _reason(error: Exception) -> str:
    said = str(getattr(error, "orig", None) or error).lower()
    return next((reason for word, reason in _WORDS if word in said), UNREACHABLE)


def _explain(error: Exception, name: str) -> Trouble:
    if isinstance(error, ImportError):
        return Trouble(UNREACHABLE, f"{name} needs a driver that is not installed: {error}.")
    reason = _reason(error)
    sentence = {
        FULL: f"The disk that holds {name} is full.",
        READ_ONLY: f"{name} cannot be written: it or its folder is read-only or missing.",
        DAMAGED: f"{name} is damaged.",
        _BUSY: f"{name} is held by another program.",
    }.get(reason)
    if sentence:
        return Trouble(UNREACHABLE if reason == _BUSY else reason, sentence)
    said = str(getattr(error, "orig", None) or error).strip().splitlines() or [""]
    return Trouble(UNREACHABLE, f"{name} cannot be used: {said[0]}.")
