"""Errors that help: what was given, what is accepted, what to do next."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


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
        self.close = closest(str(given), known)
        hint = f" Did you mean {' or '.join(map(repr, self.close))}?" if self.close else ""
        super().__init__(f"There is no {kind} named {given!r}.{hint} {how_to_list} lists all.")

    def __reduce__(self):
        return (CourseError, (str(self),))


class BadValue(CourseError, ValueError):
    """A value that is not accepted, said with what is."""


def closest(given: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Return up to ``count`` known names that look like ``given``, best first.

    Examples
    --------
    >>> closest("VEGF", ["VEGFA", "IL6"])
    ['VEGFA']
    """
    by_lower: dict[str, str] = {}
    for name in known:
        by_lower.setdefault(name.lower(), name)
    return [by_lower[m] for m in difflib.get_close_matches(given.lower(), by_lower, count, 0.5)]
