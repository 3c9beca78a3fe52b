"""From a YAML file to a bank of items, or to one error that names every problem and its line."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from secretome_edu.quiz.items import TYPES, Bank, Item
from secretome_edu.quiz.parts import POOLS, ItemBase
from secretome_edu.quiz.variants import realize, seeds_of
from secretome_edu.ui.messages import BadValue, UnknownName, closest
from secretome_edu.ui.yaml_text import LARGEST_CHARACTERS, NotYaml, parse_yaml

__all__ = [
    "POOLS",
    "Bank",
    "BankError",
    "Item",
    "bank_slugs",
    "check_values",
    "item_hash",
    "load_bank",
    "read_bank",
]

BANKS = Path(__file__).parent / "banks"
_MOST_PROBLEMS = 20


class BankError(BadValue):
    """A bank that cannot be used; ``problems`` lists every one with file, line and item."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        shown = problems[:_MOST_PROBLEMS]
        more = len(problems) - len(shown)
        super().__init__("\n".join([*shown, *([f"... and {more} more."] if more else [])]))

    def __reduce__(self):
        return (BankError, (self.problems,))


def bank_slugs() -> list[str]:
    """Return the slugs of all banks in the package, sorted."""
    return sorted(path.stem for path in BANKS.glob("*.yaml"))


@lru_cache(maxsize=64)
def load_bank(slug: str) -> Bank:
    """Return the bank of a lesson; values are computed when an item is shown.

    Parameters
    ----------
    slug : str
        The lesson's slug, for example ``"paracrine_reach"``.

    Raises
    ------
    UnknownName
        If the lesson has no bank.
    BankError
        If the file is malformed: every problem with file, line, item and what is accepted.
    """
    path = BANKS / f"{slug}.yaml"
    if slug not in bank_slugs():
        raise UnknownName("quiz bank", slug, bank_slugs(), "quiz.bank.bank_slugs()")
    bank = _read(path)
    if bank.bank != slug:
        raise BankError([f"{path.name}: bank is {bank.bank!r}; it must be the file name {slug!r}."])
    return bank


def read_bank(path: str | Path) -> Bank:
    """Return the bank of any YAML file, its values tried; raises like `load_bank`."""
    path = Path(path)
    bank = _read(path)
    check_values(bank, path)
    return bank


def check_values(bank: Bank, path: Path) -> None:
    """Try every drawn and computed value of a bank; a learner's lesson need not, check does.

    Parameters
    ----------
    bank : Bank
    path : Path
        The file it was read from, for the lines of its items.

    Raises
    ------
    BankError
        If a value or text of some items cannot be filled in.
    """
    problems = {}
    for number, item in enumerate(bank.items):
        for seed in seeds_of(item):
            try:
                realize(item, seed)
            except BadValue as problem:
                problems[number] = problem
                break  # the next seed would say the same
    if problems:
        lines = _parse(path.read_text(encoding="utf-8"), path.name)[1]
        places = {number: _line(("items", number), lines)[1] for number in problems}
        raise BankError([f"{path.name}, line {places[n]}: {p}" for n, p in problems.items()])


def _read(path: Path) -> Bank:
    try:
        if path.exists() and not path.is_file():  # a device may never end
            raise BankError([f"{path.name}: cannot be read: it is no file."])
        if path.stat().st_size > 4 * LARGEST_CHARACTERS:
            raise BankError([f"{path.name}: cannot be read: it is too large for a bank."])
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise BankError([f"{path.name}: cannot be read as UTF-8 text ({problem})."]) from None
    content, lines = _parse(text, path.name)
    try:
        return Bank.model_validate(content)
    except ValidationError as found:
        problems = [_problem(error, content, lines, path.name) for error in found.errors()]
        raise BankError(list(dict.fromkeys(problems))) from None


def item_hash(item: ItemBase) -> str:
    """Return a short hash of an item's content: a changed item starts a new history.

    Examples
    --------
    >>> len(item_hash(load_bank("start_here").items[0]))
    12
    """
    content = item.model_dump(mode="json", exclude_defaults=True)
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def _parse(text: str, name: str) -> tuple[Any, dict[tuple, int]]:
    """Return the content of a YAML text and the line of each of its parts."""
    lines: dict[tuple, int] = {}
    try:
        content, root = parse_yaml(text)
    except NotYaml as problem:
        where = f", line {problem.line}" if problem.line else ""
        raise BankError([f"{name}{where}: not readable as YAML: {problem}."]) from None
    if root is None:
        raise BankError([f"{name}: the file is empty; see banks/README.md."])
    _walk(root, (), lines, name)
    if not isinstance(content, dict):
        raise BankError([f"{name}, line 1: a bank begins with schema_version, bank and title."])
    return content, lines


def _walk(node: Any, path: tuple, lines: dict[tuple, int], name: str) -> None:
    if path in lines:
        return
    lines[path] = node.start_mark.line + 1
    if node.id == "sequence":
        for number, child in enumerate(node.value):
            _walk(child, (*path, number), lines, name)
    elif node.id == "mapping":
        for key, child in node.value:
            here = (*path, key.value)
            if here in lines:
                where = f"{name}, line {key.start_mark.line + 1}{_item_of(path, node)}"
                raise BankError([f"{where}: {key.value!r} is there twice."])
            _walk(child, here, lines, name)
            lines[here] = key.start_mark.line + 1


def _item_of(path: tuple, node: Any) -> str:
    if len(path) < 2 or path[0] != "items":
        return ""
    own = [v.value for k, v in node.value if k.value == "id"] if len(path) == 2 else []
    return f", item {own[0]}" if own else f", item number {path[1] + 1}"


def _line(location: tuple, lines: dict[tuple, int]) -> tuple[tuple, int]:
    """Return the part of a location that is in the file, and its line."""
    path: tuple = ()
    for step in location:
        if (*path, step) in lines:  # pydantic also names the item type, which is no place
            path = (*path, step)
    return path, lines.get(path, 1)


def _problem(error: Any, content: dict, lines: dict[tuple, int], name: str) -> str:
    location = tuple(error["loc"])
    path, line = _line(location, lines)
    where, inside = f"{name}, line {line}", path
    if len(path) >= 2 and path[0] == "items":
        item = content["items"][path[1]]
        label = item.get("id") if isinstance(item, dict) else None
        where += f", item {label}" if isinstance(label, str) else f", item number {path[1] + 1}"
        inside = path[2:]
    field = ".".join(str(part + 1) if isinstance(part, int) else part for part in inside)
    missing = str(location[-1]) if location else ""
    return f"{where}: {_said(error, field, missing, location)}"


def _said(error: Any, field: str, last: str, location: tuple) -> str:
    kind, given, context = error["type"], error.get("input"), error.get("ctx", {})
    if kind == "missing":
        return f"{_joined(field, last)} is missing."
    if kind == "extra_forbidden":
        known = _fields_at(location)
        hint = closest(last, known, 1)
        more = f" Did you mean {hint[0]!r}?" if hint else ""
        accepted = f" Accepted are {', '.join(known)}." if known else ""
        return f"{field} is not a field here.{more}{accepted}"
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return f"type must be one of {', '.join(TYPES)}."
    if kind == "literal_error":
        return f"{field} is {given!r}; accepted: {context['expected']}."
    if kind == "string_type":
        return f"{field} is {given!r}; text is needed (put it in quotes)."
    if kind == "string_pattern_mismatch":
        return f"{field} is {given!r}; accepted: {context['pattern']}."
    if kind == "value_error":
        said = str(context["error"])
        return f"{field}: {said}." if field else f"{said}."
    shown = f" (given: {given!r})" if isinstance(given, (str, int, float, bool, type(None))) else ""
    return f"{field or 'the bank'}: {error['msg'].lower()}{shown}."


def _joined(field: str, last: str) -> str:
    return last if not field or field.split(".")[-1] == last else f"{field}.{last}"


def _fields_at(location: tuple) -> list[str]:
    if len(location) < 3 or location[0] != "items":
        return list(Bank.model_fields)
    cls = TYPES.get(str(location[2]))
    return list(cls.model_fields) if cls and len(location) == 4 else []
