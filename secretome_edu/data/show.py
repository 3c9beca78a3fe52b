"""A table on the page: caption, units in the header, sources as citations."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from numbers import Real
from typing import TYPE_CHECKING, Any

from secretome_edu.data.references import cite
from secretome_edu.ui.bundle import Bundle
from secretome_edu.ui.messages import BadValue, UnknownName, shown, whole_number

if TYPE_CHECKING:
    import pandas as pd


def show(frame: pd.DataFrame, columns: Sequence[str] | None = None, rows: int = 8) -> Bundle:
    """Return a table, or a part of it, to look at.

    Parameters
    ----------
    frame : DataFrame
        From ``se.load``, filtered as you like; title and units travel with it.
    columns : sequence of str, optional
        The columns to show; all by default.
    rows : int
        At most this many; the caption says how many there are.

    Raises
    ------
    UnknownName
        If a column does not exist; lists the closest.

    Examples
    --------
    >>> from secretome_edu.data import load
    >>> print(show(load("factors"), ["symbol", "name"], rows=1).text.splitlines()[0])
    Molecules of the MSC secretome: 1 of 138 rows
    """
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise BadValue(
            f"se.show takes a table from se.load, not {shown(frame)}; for example "
            "se.show(se.load('factors'))."
        )
    rows = whole_number("rows", rows)
    chosen = _names(frame.columns if columns is None else columns)
    known = list(frame.columns)
    for name in chosen:
        if name not in known:
            raise UnknownName("column", name, map(str, known), "list(frame.columns)")
    units = frame.attrs.get("units", {})
    heads = [_head(name, units.get(name, "")) for name in chosen]
    part = frame[chosen].head(rows)
    cells = [
        [_cell(name, value) for name, value in zip(chosen, row, strict=True)]
        for row in part.itertuples(index=False, name=None)
    ]
    caption = f"{frame.attrs.get('title', 'Table')}: {len(part)} of {len(frame)} rows"
    text = "\n".join(
        [caption, " | ".join(heads), *(" | ".join(c[0] for c in row) for row in cells)]
    )
    top = "".join(f'<th scope="col" style="text-align:left">{escape(h)}</th>' for h in heads)
    body = "".join(
        "<tr>" + "".join(f'<td style="text-align:left">{c[1]}</td>' for c in row) + "</tr>"
        for row in cells
    )
    # A wide table scrolls in a box of its own, which the keyboard reaches and which has a name.
    html = (
        f'<div style="overflow-x:auto" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{top}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )
    return Bundle(text, html)


def _names(columns: Any) -> list[str]:
    """Return the columns asked for; a single name counts as one."""
    if isinstance(columns, str):
        return [columns]
    try:
        return list(columns)
    except TypeError:
        raise BadValue(
            f"columns is {shown(columns)}; it takes a list of names such as ['symbol', 'name']."
        ) from None


_SPELLED = str.maketrans({"µ": "u", "²": "2", "³": "3", "°": ""})


def _head(name: str, unit: str) -> str:
    if name == "source_keys":
        return "sources"
    words = name.replace("_", " ")
    if not unit or unit in ("1", "count", "year") or unit.startswith("see "):
        return words
    # A column is called kd_nm in code; beside its unit the reader needs no second "nm".
    spelled = unit.lower().translate(_SPELLED).replace("%", "percent").replace("/", " per ")
    return f"{words.removesuffix(f' {spelled}')} ({unit})"


def _cell(name: str, value: Any) -> tuple[str, str]:
    """Return a value as text and as HTML."""
    if name == "source_keys":
        sources = [cite(key) for key in value]
        return "; ".join(map(str, sources)), "; ".join(source.html for source in sources)
    if isinstance(value, (tuple, list)):
        text = "; ".join(map(str, value))
    elif value is None or str(value) == "<NA>" or value != value:  # NaN differs from itself
        text = "" if name == "flag" else "not stated"  # most rows need no flag
    elif isinstance(value, Real) and not isinstance(value, bool):
        text = f"{float(value):g}"
    else:
        text = str(value)
    return text, escape(text)
