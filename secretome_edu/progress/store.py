"""The learner's progress: open it, add to it, read it, hand it in, delete it.

>>> store = open_store("memory:")
>>> event = store.append("answered", lesson="units", item="q1", state="correct", score=1.0)
>>> [event.item for event in store.events(lesson="units")]
['q1']

Appending does not fail because a disk is full, a folder read-only or a file damaged: the store goes
on in memory, says so in ``notice``, and moves to the disk as soon as it can.
"""

from __future__ import annotations

import os
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from secretome_edu.progress import place
from secretome_edu.progress.delivery import courier_from_environment
from secretome_edu.progress.events import Clock, Event, Tail, check_links, new_event, utc_now
from secretome_edu.progress.keeping import Keeper
from secretome_edu.progress.logs import Trouble
from secretome_edu.progress.opening import Address, address_of
from secretome_edu.progress.recorder import Recorder

if TYPE_CHECKING:
    from secretome_edu.progress.handin import ImportReport


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
    Progress: 0 events, for this run only
    """
    url = url or os.environ.get(place.VARIABLE) or ""
    try:
        return Store(Keeper(address_of(url or place.default_url())), clock)
    except Trouble as trouble:
        return Store(Keeper(Address(None, None), trouble), clock)


class Store:
    """Progress of one learner (or, for an instructor, of many); see :func:`open_store`."""

    def __init__(self, keeper: Keeper, clock: Clock):
        self._keeper = keeper
        self._clock = clock
        self._lock = RLock()  # a widget's callback may come from another thread
        self._courier = courier_from_environment(self.events) if keeper.saved else None
        self._tell_class()  # what an earlier kernel could not deliver

    def _tell_class(self) -> None:
        if self._courier:
            self._courier.wake()

    @property
    def notice(self) -> str:
        """What the learner should know about where progress is kept; empty if all is well."""
        late = [self._courier.notice] if self._courier and self._courier.notice else []
        return " ".join([*self._keeper.notices, *late])

    @property
    def learner(self) -> str:
        """The learner's random id, made once per store."""
        return self._keeper.log.learner

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

        Examples
        --------
        >>> open_store("memory:").append("opened", lesson="units").kind
        'opened'
        """

        def draft(tail: Tail) -> Event:
            return new_event(
                tail, learner=self.learner, kind=kind, lesson=lesson, item=item, fields=fields,
                clock=self._clock,
            )  # fmt: skip

        with self._lock:
            event = self._keeper.append(draft)
        self._tell_class()
        return event

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
            return self._keeper.read(everyone, lesson, item)

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
        with self._lock:
            return self._keeper.log.names()

    def owners(self) -> dict[str, str]:
        """Return learner id -> id of the same person, where machines of one person were merged."""
        with self._lock:
            return self._keeper.log.owners()

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
            report = read(self._keeper.log, Path(path), mine)
        self._tell_class()
        return report

    def delete_all(self) -> int:
        """Delete the learner's events here for good; return how many.

        A file takes a new learner id. Damaged files that were set aside are deleted, too, as they
        hold events. Other learners' events in a class's store stay, and so do exported files. On a
        class server the learner's events are deleted there, too.

        Raises
        ------
        CourseError
            The place cannot be changed now, so nothing was deleted there.
        """
        if self._courier:  # if the class cannot be reached, nothing is deleted here either
            return self._courier.forget(self._forget)
        return self._forget()

    def _forget(self) -> int:
        with self._lock:
            return self._keeper.forget()

    def delivered(self, seconds: float = 0.0) -> bool:
        """Return whether the class has all events, after waiting at most so long.

        True where no class server is set: nothing waits.
        """
        return self._courier is None or self._courier.wait(seconds)

    def close(self) -> None:
        """Let go of files and connections; the next use opens them again."""
        self._keeper.close()

    def __repr__(self) -> str:
        count = len(self.events())
        kept = "saved" if self._keeper.saved else "for this run only"
        return f"Progress: {count} event{'' if count == 1 else 's'}, {kept}"
