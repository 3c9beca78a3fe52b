"""An evidence map: two columns of a table against each other, filtered by others.

Every field says how many papers reported what, in words and signs; a field without a paper says
"no data", which is neither "no effect" nor "not true".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from secretome_edu.figures.describe import count
from secretome_edu.ui.chooser import Choice, Found, chooser

if TYPE_CHECKING:
    import pandas as pd

ALL = "all"
NO_DATA = "no data"


def evidence_map(
    title: str,
    frame: pd.DataFrame,
    rows: str,
    columns: str,
    marks: Callable[[pd.DataFrame], str],
    filters: Mapping[str, str],
    least_papers: int = 2,
) -> Any:
    """Return a map with a select box for each filter.

    Parameters
    ----------
    title : str
    frame : DataFrame
        One published finding a row, with ``source_keys``; e.g. from ``se.load``.
    rows, columns : str
        Columns of the frame that are crossed; findings without one of them are left out.
    marks : callable
        Words for one field of the map from its findings, e.g. how many papers say what.
    filters : mapping of str to str
        Column of the frame -> label of its select box.
    least_papers : int
        The map opens with columns that this many papers report; the last box shows the others.

    Returns
    -------
    object
        A chooser (`secretome_edu.ui.chooser`): ``.set(...)``, ``.found``.
    """
    known = frame[frame[rows].notna() & frame[columns].notna()]
    wide, narrow = f"every {columns}", f"{columns}s of {least_papers} papers or more"
    choices = [
        Choice(name, label, [ALL, *by_frequency(known[name])]) for name, label in filters.items()
    ]
    choices.append(Choice("width", "Columns", [narrow, wide]))

    def find(values: Mapping[str, str]) -> Found:
        part = known
        for name in filters:
            if values[name] != ALL:
                part = part[part[name].astype(str) == values[name]]
        if part.empty:
            return Found("No data: no row of the table has all that.", "", "")
        heads = by_frequency(part[columns])
        if values["width"] == narrow:
            often = {h for h in heads if papers(known[known[columns] == h]) >= least_papers}
            heads = [h for h in heads if h in often]
        if not heads:
            return Found(f"{_counted(part)}, none on {narrow}; show {wide}.", "", "")
        return _crossed(part, rows, columns, heads, marks)

    return chooser(title, choices, find)


def by_frequency(column: pd.Series) -> list[str]:
    """Return the entries of a column, the most frequent first, ties by name."""
    times = column.dropna().astype(str).value_counts()
    return sorted(times[times > 0].index, key=lambda name: (-times[name], name))


def papers(part: pd.DataFrame) -> int:
    """Return how many papers stand behind findings: one paper can fill ten rows."""
    return len({key for keys in part["source_keys"] for key in keys})


def papers_by(column: str, signs: Mapping[str, str]) -> Callable[[pd.DataFrame], str]:
    """Return words for a field of the map: how many papers say each thing a column can say.

    Parameters
    ----------
    column : str
    signs : mapping of str to str
        Entry of the column -> a sign and a word for it.
    """

    def words(part: pd.DataFrame) -> str:
        found = {sign: papers(part[part[column] == name]) for name, sign in signs.items()}
        return ", ".join(f"{sign} {n}" for sign, n in found.items() if n) or "? not said"

    return words


def _counted(part: pd.DataFrame) -> str:
    return f"{count(len(part), 'row')} from {count(papers(part), 'paper')}"


def _crossed(
    part: pd.DataFrame,
    rows: str,
    columns: str,
    heads: list[str],
    marks: Callable[[pd.DataFrame], str],
) -> Found:
    shown = part[part[columns].astype(str).isin(heads)]
    sides = by_frequency(shown[rows])
    fields = {
        (str(side), str(head)): marks(group)
        for (side, head), group in shown.groupby([rows, columns], observed=True)
    }
    empty = len(sides) * len(heads) - len(fields)
    summary = (
        f"{_counted(part)}. On the map: {count(len(fields), 'field')} with a finding, "
        f"{empty} of {len(sides) * len(heads)} without data."
    )
    text = [
        f"{side}: " + ", ".join(f"{h} {fields[side, h]}" for h in heads if (side, h) in fields)
        for side in sides
    ]
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(side)}</th>'
        + "".join(_cell(fields.get((side, head))) for head in heads)
        + "</tr>"
        for side in sides
    )
    html = (
        f"<table><caption>{escape(rows)} by {escape(columns)}: papers that report it</caption>"
        f"<thead><tr><td></td>{top}</tr></thead><tbody>{body}</tbody></table>"
    )
    return Found(summary, "\n".join(text), html)


def _cell(words: str | None) -> str:
    if words is None:
        return f'<td class="se-empty">{NO_DATA}</td>'
    return f'<td class="se-filled">{"<br>".join(escape(w) for w in words.split(", "))}</td>'
