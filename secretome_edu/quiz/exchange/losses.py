"""What became of each part of a question on its way: kept, degraded or dropped, and why.

A part is a field that an item really uses (``stem``, ``options.feedback``, ``tolerance``). Every
part of every item has one entry, so that nothing is lost in silence.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from secretome_edu.quiz.exchange.writing import write_all
from secretome_edu.quiz.items import Item

KEPT, DEGRADED, DROPPED = FATES = ("kept", "degraded", "dropped")
_LISTS = (
    "options",
    "reasons",
    "pairs",
    "steps",
    "categories",
    "things",
    "rubric",
    "wrong_numbers",
    "wrong_texts",
)
_MOST_NAMES = 4
# Left out of a bank they still mean something there.
_ALWAYS = {"short_text": ("typos", "confidence"), "prediction": ()}


@dataclass(frozen=True)
class Loss:
    """The fate of one part of one item; ``reason`` is empty only for what is kept."""

    item: str
    part: str
    fate: str
    reason: str = ""
    bank: str = ""

    def __str__(self) -> str:
        return f"{self.item}: {self.part} {self.fate}: {self.reason}"


@dataclass(frozen=True)
class LossReport:
    """All fates of one export or import.

    Parameters
    ----------
    title : str
        What went where, for a reader.
    entries : tuple of Loss
        In the order of the items.
    """

    title: str
    entries: tuple[Loss, ...] = field(default=())

    def of(self, item: str, bank: str | None = None) -> dict[str, Loss]:
        """Return the entries of one item by part; ``bank`` tells items of one name apart."""
        mine = [e for e in self.entries if e.item == item and bank in (None, e.bank)]
        return {entry.part: entry for entry in mine}

    @property
    def text(self) -> str:
        """Return the report to read: counts, then all that is not kept, like with like."""
        counts = Counter(entry.fate for entry in self.entries)
        items = len({(entry.bank, entry.item) for entry in self.entries})
        head = f"{self.title}: {items} questions; " + ", ".join(
            f"{counts[fate]} parts {fate}" for fate in FATES
        )
        lost: dict[str, list[str]] = {}
        for entry in self.entries:
            if entry.fate != KEPT:
                said = f"  {entry.part} {entry.fate}: {entry.reason}"
                lost.setdefault(said, []).append(entry.item)
        rows = [f"{said} ({_listed(names)})" for said, names in sorted(lost.items())]
        return "\n".join([f"{head}.", *rows])

    def as_json(self) -> str:
        """Return the report for a program."""
        entries = [asdict(entry) for entry in self.entries]
        content = {"title": self.title, "entries": entries}
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"

    def save(self, path: str | Path) -> None:
        """Write the report as JSON."""
        write_all({Path(path): self.as_json().encode("utf-8", "replace")})


def _listed(names: list[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


class Fates:
    """Collects what happens to the parts of one item; what nobody mentions is kept."""

    def __init__(self, item_id: str, parts: Iterable[str]):
        self.item_id = item_id
        self._found: dict[str, tuple[str, str]] = dict.fromkeys(parts, (KEPT, ""))

    def degrade(self, reason: str, *parts: str) -> None:
        """Say that parts arrive in another form; ``options.`` means all parts of the options."""
        self._mark(DEGRADED, reason, parts)

    def drop(self, reason: str, *parts: str) -> None:
        """Say that parts do not arrive."""
        self._mark(DROPPED, reason, parts)

    def kept(self) -> list[str]:
        """Return the parts nothing has been said of."""
        return [part for part, (fate, _) in self._found.items() if fate == KEPT]

    def losses(self, bank: str) -> list[Loss]:
        """Return one entry per part."""
        return [Loss(self.item_id, part, *found, bank) for part, found in self._found.items()]

    def _mark(self, fate: str, reason: str, wanted: tuple[str, ...]) -> None:
        for part, (before, _) in self._found.items():
            fits = any(part == w or (w.endswith(".") and part.startswith(w)) for w in wanted)
            if fits and before == KEPT:
                self._found[part] = (fate, reason)


def content(item: Item) -> dict[str, Any]:
    """Return the parts an item uses and what they hold; lists of parts column by column."""
    found: dict[str, Any] = {}
    for name, value in item.model_dump(exclude_defaults=True).items():
        if name in _LISTS and value:
            for key in dict.fromkeys(key for part in value for key in part):
                found[f"{name}.{key}"] = [part.get(key) for part in value]
        else:
            found[name] = value
    if "things.category" in found:  # an id means nothing outside: compare what it stands for
        names = dict(zip(found["categories.id"], found["categories.text"], strict=True))
        found["things.category"] = [names[name] for name in found["things.category"]]
    for name in _ALWAYS.get(item.type, ("confidence",)):
        found.setdefault(name, getattr(item, name))
    return found
