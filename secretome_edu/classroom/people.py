"""Whose file is whose: hand-ins to people, and people to pseudonyms.

A hand-in belongs to one person. Two files are the same person's if they share events or the
learner's id, unless that cannot be: another name was given, or both went on separately at the same
time. That happens when a computer is copied after its first use, so that many learners have one
id; they are told apart by their files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from secretome_edu.progress.events import Event

_SHORTEST_ID = 8
Ordered = Callable[[Iterable[str]], list[Event]]  # ids -> events, oldest first


@dataclass
class File:
    """What a file holds: event ids, the learner's id and the name it gives, if any."""

    name: str
    owner: str
    person_name: str
    held: set[str]


@dataclass(eq=False)
class Person:
    """One learner while files are being joined."""

    id: str
    names: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    files: list[str] = field(default_factory=list)
    owners: set[str] = field(default_factory=set)


def people(files: Iterable[File], ordered: Ordered) -> tuple[list[Person], list[str]]:
    """Join the files of one person, the largest first; return also what is doubtful.

    Parameters
    ----------
    files : iterable of File
    ordered : callable
        Event ids -> events, oldest first.
    """
    found: list[Person] = []
    seen: set[str] = set()  # events of all people so far
    by_owner: dict[str, list[Person]] = {}
    notices: list[str] = []
    for file in sorted(files, key=lambda file: (-len(file.held), file.name)):
        near = list(by_owner.get(file.owner, ()))
        if not seen.isdisjoint(file.held):
            near += [p for p in found if p not in near and not p.held.isdisjoint(file.held)]
        same = [p for p in near if _may_be_one(p, file, ordered)]
        if same:
            person = same[0]
            if file.owner not in person.owners:
                notices.append(
                    f"{file.name} and {person.files[0]} hold the same events under two ids and "
                    "are taken as one learner with two computers. If they are two people, one "
                    "of them has imported the other's file; ask."
                )
        else:
            taken = {p.id for p in found}
            person = Person(_free(file.owner or file.name, taken))
            found.append(person)
            if near:
                notices.append(
                    f"{file.name} and {near[0].files[0]} share an id or events but went on apart, "
                    "so they are counted as two learners. Was a computer copied after the "
                    "course had been used on it?"
                )
        person.held |= file.held
        person.names |= {file.person_name} - {""}
        person.files.append(file.name)
        person.owners.add(file.owner)
        by_owner.setdefault(file.owner, []).append(person)
        seen |= file.held
    return found, notices


def _may_be_one(person: Person, file: File, ordered: Ordered) -> bool:
    """Whether a file may be one more of a person's: no other name, no second life."""
    if file.person_name and person.names and file.person_name not in person.names:
        return False
    theirs = ordered(person.held - file.held)
    own = ordered(file.held - person.held)
    if not theirs or not own:
        return True
    return own[-1].seq < theirs[0].seq or theirs[-1].seq < own[0].seq


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def pseudonyms(ids: Iterable[str]) -> dict[str, str]:
    """Return id -> its shortest beginning that is unique; numbered copies keep their number."""
    ids = sorted(set(ids))
    length = _SHORTEST_ID

    def cut(id: str) -> str:
        head, dash, number = id.rpartition("-")
        return f"{head[:length]}-{number}" if dash and number.isdigit() else id[:length]

    while len({cut(id) for id in ids}) < len(ids):
        length += 1
    return {id: cut(id) for id in ids}
