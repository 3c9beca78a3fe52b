"""Markdown that pages made from data share: a table, and sources as links."""

from __future__ import annotations

from collections.abc import Iterable

from secretome_edu.data import cite


def cited(keys: Iterable[str]) -> str:
    """Return references as links, short form.

    Examples
    --------
    >>> cited(["harrell2019"])
    '[Harrell 2019](https://doi.org/10.3390/cells8050467)'
    """
    return "; ".join(f"[{cite(key)}]({cite(key).url})" for key in keys)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Return the lines of a table; a cell is one line, and its bars are escaped.

    Examples
    --------
    >>> table(["a", "b"], [["1|2", "3"]])
    ['| a | b |', '| :--- | :--- |', '| 1\\\\|2 | 3 |']
    """

    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(" ".join(c.split()).replace("|", r"\|") for c in cells) + " |"

    heads = list(heads)
    return [line(heads), "|" + " :--- |" * len(heads), *map(line, rows)]
