"""Grading a class again after a key was corrected: every mark before and after.

Grading is a pure function of question, response and variant, so an old answer can be graded with a
new key as long as the question still asks the same. What was recorded is never changed: the
hand-ins stay as they are, the corrected marks are a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from secretome_edu.classroom.marks import Examiner
from secretome_edu.classroom.merge import Class, read_class
from secretome_edu.classroom.strip import asked
from secretome_edu.progress.answers import Answer, Key, answers
from secretome_edu.quiz.bank import Bank, item_hash, load_bank, read_bank
from secretome_edu.quiz.items import Item
from secretome_edu.ui.messages import BadValue


@dataclass(frozen=True)
class Change:
    """One learner's first answer to one question, before and after."""

    learner: str
    lesson: str
    item: str
    version: str  # hash of the question as it was answered
    before: float
    after: float

    @property
    def changed(self) -> bool:
        """Whether the mark is not what it was."""
        return abs(self.after - self.before) > 1e-9


@dataclass(frozen=True)
class Regrading:
    """A class graded again.

    Attributes
    ----------
    changes : tuple of Change
        Every first answer that could be graded, changed or not.
    corrected : tuple of (str, str)
        (lesson, item) of the questions looked at.
    other_version : dict
        (lesson, item) -> hash -> answers left alone, as they are to a wording that is neither the
        corrected one nor the one it was before.
    not_gradable : int
        Answers the corrected question does not understand, for instance an option that is gone.
    found : Class
    """

    changes: tuple[Change, ...]
    corrected: tuple[Key, ...]
    other_version: Mapping[Key, Mapping[str, int]]
    not_gradable: int
    found: Class

    @property
    def changed(self) -> tuple[Change, ...]:
        """The marks that are not what they were."""
        return tuple(c for c in self.changes if c.changed)

    def totals(self) -> dict[str, tuple[float, float]]:
        """Return learner -> sum of the marks before and after."""
        found: dict[str, tuple[float, float]] = {}
        for change in self.changes:
            before, after = found.get(change.learner, (0.0, 0.0))
            found[change.learner] = before + change.before, after + change.after
        return dict(sorted(found.items()))


def regrade(
    place: str | Path,
    banks: Iterable[str | Path] = (),
    *,
    was: Iterable[str | Path] = (),
    now: datetime | None = None,
) -> Regrading:
    """Return a class's first answers graded with corrected banks.

    Parameters
    ----------
    place : str or Path
        A folder of hand-ins or a store's URL.
    banks : iterable of path, optional
        Corrected banks (YAML). Default: the banks of the installed course.
    was : iterable of path, optional
        The banks as they were handed out. With them, only answers to exactly those questions, or
        to the corrected ones, are graded, and a question that asks something else than before is
        refused. Without them answers to any version are, so give them if you can.
    now : datetime, optional
        Aware; see `merge.read_class`.

    Raises
    ------
    CourseError
        A bank cannot be read, or a question asks something else than before.
    """
    corrected = _items(banks)
    before = _items(was) if was else None
    if before is not None:
        _same_questions(corrected, before)
    found = read_class(place, now)
    changes: list[Change] = []
    others: dict[Key, dict[str, int]] = {}
    not_gradable = 0
    examiner = Examiner()
    for learner, events in found.learners.items():
        for key, answer in _first(answers(events), corrected):
            fits = {item_hash(corrected[key])}
            if before is not None:
                fits.add(item_hash(before[key]))
            if before is not None and answer.item_hash not in fits:
                versions = others.setdefault(key, {})
                versions[answer.item_hash] = versions.get(answer.item_hash, 0) + 1
                continue
            result = examiner.grade(corrected[key], answer.response, answer.variant)
            if result is None:
                not_gradable += 1
                continue
            changes.append(Change(learner, *key, answer.item_hash, answer.fraction, result.score))
    return Regrading(tuple(changes), tuple(corrected), others, not_gradable, found)


def _items(paths: Iterable[str | Path]) -> dict[Key, Item]:
    from secretome_edu.course.manifest import manifest
    from secretome_edu.quiz.bank import bank_slugs

    there = set(bank_slugs())
    banks: list[Bank] = [read_bank(path) for path in paths] or [
        load_bank(entry.slug) for entry in manifest().ready() if entry.slug in there
    ]
    return {(bank.bank, item.id): item for bank in banks for item in bank.items}


def _same_questions(corrected: dict[Key, Item], before: dict[Key, Item]) -> None:
    """Keep the questions both have; refuse one whose wording or answers to choose from changed."""
    for key in [key for key in corrected if key not in before]:
        del corrected[key]
    for key, item in corrected.items():
        if _question(item) != _question(before[key]):
            raise BadValue(
                f"{key[0]}, {key[1]} asks something else than before: old answers say nothing "
                "about the new question. Only keys, marks and feedback may differ; give the "
                "changed question a new id."
            )


def _question(item: Item) -> Any:
    """Return what is asked; steps without their order, which depends on the key."""
    question = asked(item)
    for variant in question["variants"]:
        if "steps" in variant:
            variant["steps"] = sorted(variant["steps"].values())
    return question


def _first(given: list[Answer], items: Mapping[Key, Item]) -> Iterator[tuple[Key, Answer]]:
    """Yield the first answer to each question, unless the solution was shown before."""
    seen: set[Key] = set()
    for answer in given:
        if answer.key in items and answer.key not in seen:
            seen.add(answer.key)
            if not answer.shown:
                yield answer.key, answer
