"""Out: banks become a file of another system and a report that was checked by reading it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from secretome_edu.quiz.bank import Bank, BankError, Item
from secretome_edu.quiz.exchange import anki, gift_write, moodle_write, printable
from secretome_edu.quiz.exchange.importing import read_content
from secretome_edu.quiz.exchange.losses import Fates, LossReport, content
from secretome_edu.quiz.exchange.outward import to_questions
from secretome_edu.quiz.exchange.question import GIFT, MOODLE_XML, Question, Target
from secretome_edu.quiz.exchange.richtext import same
from secretome_edu.quiz.exchange.writing import write_all
from secretome_edu.quiz.units import pretty
from secretome_edu.quiz.variants import realize
from secretome_edu.ui.messages import UnknownName

_WRITERS: dict[str, tuple[Target, Callable[[list[tuple[str, list[Question]]]], str]]] = {
    "gift": (GIFT, gift_write.write),
    "moodle": (MOODLE_XML, moodle_write.write),
}
Follow = Callable[[Sequence[Bank]], Iterable[Bank]]
EXPORTS = ("gift", "moodle", "anki", "print")


@dataclass(frozen=True)
class Export:
    """Files to write, and what became of every part.

    Parameters
    ----------
    files : dict of str to str
        Ending of the name (``""``, or ``"-key"`` for a file of its own) -> content.
    report : LossReport
        The fate of every part.
    """

    files: dict[str, str]
    report: LossReport

    def save(self, path: str | Path) -> list[Path]:
        """Write the files and return where they are."""
        path = Path(path)
        contents = {
            path.with_name(f"{path.stem}{ending}{path.suffix}"): text.encode("utf-8", "replace")
            for ending, text in self.files.items()
        }
        write_all(contents)
        return list(contents)


def export_banks(banks: Sequence[Bank], target: str, follow: Follow = iter) -> Export:
    """Write banks for another system.

    Parameters
    ----------
    banks : sequence of Bank
        From `quiz.bank.load_bank`.
    target : str
        One of `EXPORTS`.
    follow : callable, optional
        Passes the banks on one by one, for example to draw how far it is.

    Examples
    --------
    >>> from secretome_edu.quiz.bank import load_bank
    >>> made = export_banks([load_bank("start_here")], "gift")
    >>> made.files[""].splitlines()[0]
    '$CATEGORY: $course$/top/Start here'
    """
    if target not in EXPORTS:
        raise UnknownName("format to export", target, EXPORTS, "quiz.exchange.EXPORTS")
    title = f"{', '.join(bank.bank for bank in banks)} to {target}"
    if target == "anki":
        text, fates = anki.write(banks)
        files = {"": text}
    elif target == "print":
        files, fates = printable.write(banks)
    else:
        text, fates = _moodle_family(follow(banks), target)
        files = {"": text}
    homes = [bank.bank for bank in banks for _ in bank.items]
    entries = tuple(loss for home, f in zip(homes, fates, strict=True) for loss in f.losses(home))
    return Export(files, LossReport(title, entries))


def _moodle_family(banks: Iterable[Bank], target: str) -> tuple[str, list[Fates]]:
    holds, write = _WRITERS[target]
    groups, all_fates = [], []
    for bank in banks:
        questions: list[Question] = []
        for item in bank.items:
            found, fates = to_questions(item, holds)
            _read_back(item, write([(bank.title, found)]), target, fates)
            questions += found
            all_fates.append(fates)
        groups.append((bank.title, questions))
    return write(groups), all_fates


def _read_back(item: Item, text: str, target: str, fates: Fates) -> None:
    """Check what is called kept by reading the written question."""
    try:
        back = read_content(text.encode(), target, "back", "the written file").bank.items[0]
    except BankError as problem:
        fates.degrade(f"cannot be imported again: {problem}", *fates.kept())
        return
    before, after = content(realize(item)), content(back)
    for part in fates.kept():
        if not alike(part, before.get(part), after.get(part)):
            fates.degrade("some characters or formatting change", part)


def alike(part: str, one: Any, other: Any) -> bool:
    """Tell whether two values of a part mean the same to a learner."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, [part] * len(one), one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(part, one[k], other[k]) for k in one)
    if isinstance(one, str) and isinstance(other, str):
        if part == "unit":
            return pretty(one) == pretty(other)
        exact = part in ("accept", "wrong_texts.text") or part.endswith(("id", "misconception"))
        return one == other or (not exact and same(one, other))
    return bool(one == other)
