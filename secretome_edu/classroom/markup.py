"""Small pieces of the report's HTML: tables that scroll and say what they hold, all escaped."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

_ROWS_AT_ONCE = 10  # what a tall table shows before it scrolls, more or less


@dataclass(frozen=True)
class Cell:
    """A cell of a table; ``kind`` is a class of the style sheet."""

    text: str
    kind: str = ""


Row = Sequence[str | Cell]


def number(value: float, digits: int = 0, unit: str = "") -> Cell:
    """Return a number to read; an undefined one says so.

    Examples
    --------
    >>> number(46.7, 0, "%").text, number(float("nan")).text, number(-0.2).text
    ('47 %', 'undefined', '0')
    """
    if not math.isfinite(value):
        return Cell("undefined", "number")
    text = f"{round(value, digits) + 0.0:.{digits}f}"
    return Cell(f"{text} {unit}" if unit else text, "number")


def table(
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Row],
    few: Iterable[bool] = (),
    kind: str = "",
) -> str:
    """Return a table whose first column names the rows.

    Parameters
    ----------
    caption : str
    columns : sequence of str
    rows : iterable of sequences of str or Cell
    few : iterable of bool, optional
        Which rows to grey out; none if omitted.
    kind : str
        Further classes of the box the table scrolls in.
    """
    whole = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]
    if "tall" in kind and len(whole) > _ROWS_AT_ONCE:
        caption = f"{caption} ({len(whole)} rows, scroll)"
    grey = list(few) or [False] * len(whole)
    head = "".join(
        _cell("th", Cell(name, "number" if _numeric(whole, place) else ""), ' scope="col"')
        for place, name in enumerate(columns)
    )
    body = "".join(_row(row, faint) for row, faint in zip(whole, grey, strict=True))
    return (
        f'<div class="scroll {kind}" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(cells: list[Cell], faint: bool) -> str:
    first, *others = cells
    html = _cell("th", first, ' scope="row"') + "".join(_cell("td", cell) for cell in others)
    return f'<tr class="few">{html}</tr>' if faint else f"<tr>{html}</tr>"


def _cell(tag: str, cell: Cell, more: str = "") -> str:
    kind = f' class="{cell.kind}"' if cell.kind else ""
    return f"<{tag}{more}{kind}>{escape(cell.text)}</{tag}>"


def _numeric(rows: list[list[Cell]], place: int) -> bool:
    return bool(rows) and all("number" in row[place].kind for row in rows)


def paragraph(text: str, kind: str = "") -> str:
    """Return an escaped paragraph."""
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def bullets(texts: Iterable[str]) -> str:
    """Return an escaped list; nothing for no texts."""
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f"<ul>{items}</ul>" if items else ""


def folded(summary: str, html: str) -> str:
    """Return HTML behind a summary that opens with a click or a key."""
    return f"<details><summary>{escape(summary)}</summary>{html}</details>"
