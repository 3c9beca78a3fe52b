"""What a report has to know about the course: its questions, objectives and repairs.

The class's arithmetic takes these as an argument, so it can be tested on banks of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from secretome_edu.progress.answers import Key
from secretome_edu.quiz.bank import Bank, item_hash
from secretome_edu.quiz.items import Item

#: The pools a class is measured by, in the order of the report.
TESTS = ("pretest", "warmup", "quiz", "part_quiz", "posttest")
POOL_WORDS = {
    "pretest": "test before the course", "warmup": "warm-up", "quiz": "closing quiz",
    "part_quiz": "quiz of the part", "posttest": "test after the course",
}  # fmt: skip
_NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


@dataclass(frozen=True)
class Belief:
    """A misconception, what its sources support instead, and whose DOI stands behind that."""

    id: str
    misconception: str
    correction: str
    doi: str = ""


@dataclass(frozen=True)
class CourseFacts:
    """The questions of a course and what they are for.

    Parameters
    ----------
    lessons : mapping of str to str
        Slug -> what to call the lesson, in the course's order.
    banks : mapping of str to Bank
        Slug -> its questions.
    objectives : mapping of str to str
        Id -> sentence.
    beliefs : mapping of str to Belief
        Misconception id -> Belief.
    sections : mapping
        (lesson, activity) -> heading of the notebook under which it stands.
    activities : mapping
        Objective -> (lesson, names of its activities).
    taught : mapping
        Misconception id -> the lesson that sets out to repair it.
    others : frozenset of (str, str)
        (lesson, item) that are known but no questions: exercises.
    """

    lessons: Mapping[str, str]
    banks: Mapping[str, Bank]
    objectives: Mapping[str, str]
    beliefs: Mapping[str, Belief]
    sections: Mapping[Key, str] = field(default_factory=dict)
    activities: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    taught: Mapping[str, str] = field(default_factory=dict)
    others: frozenset[Key] = frozenset()

    @cached_property
    def items(self) -> dict[Key, Item]:
        """(lesson, id) -> question, in the course's order."""
        return {(slug, item.id): item for slug, bank in self.banks.items() for item in bank.items}

    @cached_property
    def hashes(self) -> dict[Key, str]:
        """(lesson, id) -> hash of the question's present content."""
        return {key: item_hash(item) for key, item in self.items.items()}

    @cached_property
    def named(self) -> dict[Key, frozenset[str]]:
        """(lesson, id) -> the misconceptions its wrong answers can show."""
        return {key: frozenset(_named(item.model_dump())) for key, item in self.items.items()}

    def tests(self) -> Iterator[tuple[str, str, list[Key]]]:
        """Yield lesson, pool and questions of everything that is answered together."""
        for slug, bank in self.banks.items():
            for pool in TESTS:
                if keys := [(slug, item.id) for item in bank.pool(pool)]:
                    yield slug, pool, keys

    def title(self, lesson: str) -> str:
        """Return what to call a lesson."""
        return self.lessons.get(lesson, lesson)

    def repair(self, belief: str, objective: str) -> str:
        """Return the place in the course that repairs a misconception, as exactly as is known.

        A question may name the place itself; else it is where the objective's activities stand,
        in the lesson that teaches the objective, or else the misconception.
        """
        if written := self._written.get((belief, objective)) or self._written.get((belief, "")):
            return written
        lesson, names = self.activities.get(objective) or self._asked_in(belief)
        for name in names:
            if section := self.sections.get((lesson, name)):
                return f"{self.title(lesson)}, section “{section}”"
        return self.title(lesson) if lesson else ""

    def _asked_in(self, belief: str) -> tuple[str, tuple[str, ...]]:
        """Return the lesson that teaches about a belief and the activities of its objective.

        That is a lesson with a question on it under an objective of its own, best the one that
        sets out to repair it.
        """
        taught = self.taught.get(belief, "")
        found: dict[str, tuple[str, ...]] = {}
        for key, item in self.items.items():
            lesson, names = self.activities.get(item.objective, ("", ()))
            if key[0] == lesson and belief in self.named[key]:
                found.setdefault(lesson, names)
        if found:
            lesson = taught if taught in found else next(iter(found))
            return lesson, found[lesson]
        return taught, ()

    @cached_property
    def _written(self) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for item in self.items.values():
            for belief, place in _reviews(item.model_dump()):
                said = f"{self.title(place['lesson'])}, section “{place['section']}”"
                found.setdefault((belief, item.objective), said)
                found.setdefault((belief, ""), said)
        return found


def this_course() -> CourseFacts:
    """Return the facts of the installed course.

    Examples
    --------
    >>> facts = this_course()
    >>> facts.title("soluble_factors").startswith("lesson 02")
    True
    >>> facts.beliefs["M13"].misconception
    'The secretome is only exosomes'
    """
    from secretome_edu import data
    from secretome_edu.course.manifest import manifest
    from secretome_edu.course.report import item_facts
    from secretome_edu.quiz.bank import bank_slugs, load_bank

    ready = manifest().ready()
    there = set(bank_slugs())
    banks = {entry.slug: load_bank(entry.slug) for entry in ready if entry.slug in there}
    named = {
        id for bank in banks.values() for item in bank.items for id in _named(item.model_dump())
    }
    beliefs = {}
    for id in sorted(named):
        known = data.misconception(id)
        beliefs[id] = Belief(id, known.misconception, known.correction, known.doi)
    return CourseFacts(
        lessons={e.slug: f"lesson {e.place}, {e.title}" for e in ready},
        banks=banks,
        objectives=manifest().objective_ids(),
        beliefs=beliefs,
        sections={
            (e.slug, name): heading
            for e in ready
            for name, heading in _headings(_NOTEBOOKS / e.notebook).items()
        },
        activities={o.id: (e.slug, o.activities) for e in ready for o in e.objectives},
        taught={id: e.slug for e in reversed(ready) for id in e.misconceptions},
        others=frozenset(f.key for f in item_facts() if f.pool == "exercise"),
    )


def _headings(notebook: Path) -> dict[str, str]:
    """Return activity -> the second-level heading it stands under; empty without the notebook."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return {}  # installed without the notebooks: the lesson alone is named
    found: dict[str, str] = {}
    heading = ""
    for cell in cells:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            for match in re.finditer(r"^## +(.+?) *$", text, re.M):
                heading = match[1]
        elif heading:
            for name in re.findall(r"\b(?:explore|predict|check|figure)\(\s*\"([\w-]+)\"", text):
                found.setdefault(name, heading)
    return found


def _named(part: Any) -> Iterator[str]:
    """Yield every misconception id in an item's content."""
    for part_ in _dicts(part):
        if part_.get("misconception"):
            yield part_["misconception"]


def _reviews(part: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (misconception, place) wherever a wrong answer, or else its item, names a place."""
    for part_ in _dicts(part):
        place = part_.get("review") or part.get("review")
        if part_.get("misconception") and place:
            yield part_["misconception"], place


def _dicts(part: Any) -> Iterator[dict[str, Any]]:
    parts: Iterable[Any] = ()
    if isinstance(part, dict):
        yield part
        parts = part.values()
    elif isinstance(part, list):
        parts = part
    for inner in parts:
        yield from _dicts(inner)
