"""In: a file of another system becomes a bank, or one error that names every problem."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from secretome_edu.quiz.bank import BankError, read_bank
from secretome_edu.quiz.exchange import gift_read, jupyterquiz, moodle_read
from secretome_edu.quiz.exchange.inward import slug_of, to_bank
from secretome_edu.quiz.exchange.losses import DROPPED, Loss, LossReport
from secretome_edu.quiz.exchange.question import Question
from secretome_edu.quiz.exchange.reading import LARGEST_FILE
from secretome_edu.quiz.exchange.writing import write_all
from secretome_edu.quiz.items import Bank
from secretome_edu.ui.messages import BadValue, UnknownName

_READERS = {"jupyterquiz": jupyterquiz.read, "gift": gift_read.read, "moodle": moodle_read.read}
IMPORTS = tuple(_READERS)
_FIRST = ("schema_version", "bank", "id", "type", "pool", "objective", "bloom", "stem", "text",
          "correct")  # fmt: skip
_LAST = ("hints", "solution", "evidence")


@dataclass(frozen=True)
class Import:
    """A bank read from another system.

    Parameters
    ----------
    bank : Bank
        Valid by the course's own rules.
    report : LossReport
        The fate of every part.
    pictures : dict of str to bytes
        Files the bank's ``media`` name.
    """

    bank: Bank
    report: LossReport
    pictures: dict[str, bytes]

    def save(self, path: str | Path) -> None:
        """Write the bank as YAML and its pictures into ``media`` beside it; all or nothing.

        Raises
        ------
        BadValue
            If something of that name is there already, or the place cannot be written.
        """
        path = Path(path)
        pictures = {path.parent / "media" / name: data for name, data in self.pictures.items()}
        for place in [path, *pictures]:
            if place.exists():
                raise BadValue(f"{place} is there already. Choose another name, or move it away.")
        content = _ordered(self.bank.model_dump(exclude_defaults=True))
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=98)
        write_all({path: text.encode(), **pictures}, self._reads_back)

    def _reads_back(self, draft: Path) -> None:
        if read_bank(draft) != self.bank:
            raise BadValue("The bank would not read back as it is; please report this file.")


def _ordered(content: Any) -> Any:
    """Return content with the fields in the order people write them."""
    if isinstance(content, list):
        return [_ordered(part) for part in content]
    if not isinstance(content, dict):
        return content
    names = [name for name in _FIRST if name in content]
    names += [name for name in content if name not in _FIRST and name not in _LAST]
    names += [name for name in _LAST if name in content]
    return {name: _ordered(content[name]) for name in names}


def guess_format(content: bytes) -> str:
    """Return which of `IMPORTS` a file looks like, from its first signs.

    Examples
    --------
    >>> guess_format(b"<?xml version='1.0'?><quiz/>"), guess_format(b"[{}]")
    ('moodle', 'jupyterquiz')
    """
    start = content[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith(b"<"):
        return "moodle"
    if re.match(rb"\[\s*(\{|\]|$)|\{\s*\"", start):
        return "jupyterquiz"
    return "gift"


def import_bank(path: str | Path, origin: str | None = None, name: str | None = None) -> Import:
    """Read a file of another system.

    Parameters
    ----------
    path : str or Path
        The file.
    origin : str, optional
        One of `IMPORTS`; guessed from the content if omitted.
    name : str, optional
        Slug of the bank; from the file's name if omitted.

    Returns
    -------
    Import
        Nothing is written until its ``save``.

    Raises
    ------
    BankError
        If the file, or one question in it, is broken: every problem with line and question.
    """
    path = Path(path)
    if origin is not None and origin not in IMPORTS:
        raise UnknownName("format to import", origin, IMPORTS, "quiz.exchange.IMPORTS")
    try:
        if path.exists() and not path.is_file():  # a device may never end
            raise BankError([f"{path.name}: cannot be read: it is no file."])
        if path.stat().st_size > LARGEST_FILE:
            raise BankError([f"{path.name}: larger than {LARGEST_FILE // 1_000_000} MB; split it."])
        content = path.read_bytes()
    except OSError as problem:
        raise BankError([f"{path.name}: cannot be read ({problem.strerror})."]) from None
    if not content.strip():
        raise BankError([f"{path.name}: the file is empty."])
    origin = origin or guess_format(content)
    return read_content(content, origin, name or slug_of(path.stem), path.name)


def read_content(content: bytes, origin: str, name: str, file: str) -> Import:
    """Read the content of a file; `import_bank` says how."""
    questions, skipped = _READERS[origin](content, file)
    left = tuple(Loss(s.what[:80], "question", DROPPED, f"{s.place}: {s.why}") for s in skipped)
    categories = list(dict.fromkeys(q.category for q in questions if q.category))
    if len(categories) > 1:
        left += (
            Loss("the file", "categories", DROPPED, f"one bank for {len(categories)} of them"),
        )
    pictures = _pictures(questions)
    bank, losses = to_bank(questions, name, file)
    report = LossReport(f"{file} ({origin}) to bank {name}", (*losses, *left))
    return Import(bank, report, pictures)


def _pictures(questions: list[Question]) -> dict[str, bytes]:
    """Return all pictures; the same name for another picture gets a number."""
    found: dict[str, bytes] = {}
    for question in questions:
        for picture in question.pictures:
            stem, _, kind = picture.name.partition(".")
            number = 1
            while found.get(picture.name, picture.content) != picture.content:
                number += 1
                picture.name = f"{stem}-{number}.{kind}"
            found[picture.name] = picture.content
    return found
