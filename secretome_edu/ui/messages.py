"""Errors that help: what was given, what is accepted, what to do next."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from operator import index
from typing import Any, SupportsIndex

_LONGEST_SHOWN = 60


class CourseError(Exception):
    """A problem a person can solve; a notebook shows its sentence and no traceback."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""

    def _render_traceback_(self) -> list[str]:
        # IPython asks an exception for this before it formats a traceback.
        return [str(self)]


class UnknownName(CourseError, KeyError):
    """A name that does not exist: lists the closest ones and how to see all.

    Examples
    --------
    >>> print(UnknownName("table", "factor", ["factors", "pathways"], "se.tables()"))
    There is no table named 'factor'. Did you mean 'factors'? se.tables() lists all.
    """

    def __init__(self, kind: str, given: object, known: Iterable[str], how_to_list: str):
        self.kind, self.given = kind, given
        self.close = closest(as_text(given), known)
        hint = f" Did you mean {' or '.join(map(repr, self.close))}?" if self.close else ""
        super().__init__(f"There is no {kind} named {shown(given)}.{hint} {how_to_list} lists all.")

    def __reduce__(self):
        return (CourseError, (str(self),))


class UnknownAttribute(UnknownName, AttributeError):
    """An attribute that does not exist, where `UnknownName` says more than Python would."""


class BadValue(CourseError, ValueError):
    """A value that is not accepted, said with what is."""


def pick(kind: str, given: object, known: Mapping[str, Any], how_to_list: str) -> Any:
    """Return what stands under a name; whatever else is given is an `UnknownName`.

    Examples
    --------
    >>> pick("table", "factors", {"factors": 138}, "se.tables()")
    138
    >>> pick("table", ["factors"], {"factors": 138}, "se.tables()")
    Traceback (most recent call last):
    ...
    secretome_edu.ui.messages.UnknownName: There is no table named ['factors']. ...
    """
    try:
        return known[given]  # type: ignore[index]
    except (KeyError, TypeError):  # the latter for a list or a dict
        raise UnknownName(kind, given, known, how_to_list) from None


def whole_number(name: str, given: object) -> int:
    """Return a count from 1 on, or say that it is none.

    Examples
    --------
    >>> whole_number("rows", 8)
    8
    """
    if isinstance(given, bool) or not isinstance(given, SupportsIndex) or index(given) < 1:
        raise BadValue(f"{name} is {shown(given)}; it accepts a whole number from 1, such as 5.")
    return index(given)


def as_text(value: object) -> str:
    """Return ``str(value)``, or its type's name where a learner's class has no text."""
    try:
        return str(value)
    except Exception:
        return type(value).__name__


def shown(value: object) -> str:
    """Return a value as a message names it: its ``repr``, cut to 60 characters.

    Examples
    --------
    >>> shown("VEGF"), len(shown("x" * 1000))
    ("'VEGF'", 60)
    """
    try:
        text = repr(value)
    except Exception:
        text = f"<{type(value).__name__}>"
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "..."


def closest(given: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Return up to ``count`` known names that look like ``given``, best first.

    Examples
    --------
    >>> closest("VEGF", ["VEGFA", "IL6"])
    ['VEGFA']
    """
    given = given[:_LONGEST_SHOWN]  # looking for a likeness takes the square of the length
    by_lower: dict[str, str] = {}
    for name in known:
        by_lower.setdefault(name.lower(), name)
    return [by_lower[m] for m in difflib.get_close_matches(given.lower(), by_lower, count, 0.5)]
