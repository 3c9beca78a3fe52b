"""What all readers share: text from bytes, numbers from text, and how much is too much."""

from __future__ import annotations

import codecs
import math
import re
from dataclasses import dataclass

from secretome_edu.quiz.bank import BankError

LARGEST_FILE = 50_000_000
LONGEST_TEXT = 20_000  # of HTML; a bank holds 4000 characters of Markdown
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
          (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip


@dataclass(frozen=True)
class Skipped:
    """Something in a file that is readable and has no place in a bank."""

    what: str
    place: str
    why: str


def decoded(content: bytes, file: str) -> tuple[str, list[Skipped]]:
    """Return the text of a file and what was odd about its encoding.

    Raises
    ------
    BankError
        If it is not UTF-8 (or UTF-16 with a byte order mark): a guess could garble the answers.
    """
    odd = []
    encoding = "utf-8"
    for mark, name in _MARKS:
        if content.startswith(mark):
            content, encoding = content[len(mark) :], name
            if name != "utf-8":
                odd.append(Skipped("encoding", "line 1", "is UTF-16; Moodle reads UTF-8 only"))
            break
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise BankError(
            [f"{file}, line {line}: not UTF-8 text. Save the file as UTF-8 and try again."]
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise BankError([f"{file}, line {line}: a zero byte: this is not a text file."])
    return text.replace("\r\n", "\n").replace("\r", "\n"), odd


def limited(text: str, what: str) -> str:
    """Return a text, or refuse one that is longer than any question."""
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"{what} has {len(text)} characters; at most {LONGEST_TEXT}.")
    return text


def decimal(text: str, what: str) -> float:
    """Return a number written with a decimal point, or refuse it."""
    text = text.strip()
    if len(text) > 40 or not re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", text, re.A):
        shown = text if len(text) <= 40 else f"{text[:37]}..."
        raise ValueError(f"{what} is {shown!r}, which is not a number with a decimal point.")
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{what} is {text!r}, which is too large.")
    return value


def plain_number(text: str, what: str) -> str:
    """Return the text of a number after checking that it is one."""
    decimal(text, what)
    return text.strip()
