"""Sources: one key scheme, short forms for the text and numbered lists for the end."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from secretome_edu.data.package import HOME
from secretome_edu.ui.bundle import Bundle
from secretome_edu.ui.messages import UnknownName


@dataclass(frozen=True)
class Citation:
    """One source of the course.

    Parameters
    ----------
    key : str
        Its name in the tables, for example ``harrell2019``.
    short : str
        What stands in a sentence: first author (or journal) and year.
    full : str
        Authors, year, title, journal and address in one line of plain text.
    doi : str
        Digital object identifier, empty if the source has none.
    url : str
        Where to read it.
    """

    key: str
    short: str
    full: str
    doi: str
    url: str

    def __str__(self) -> str:
        return self.short

    def __repr__(self) -> str:
        return f"{self.short} ({self.url})"

    @property
    def html(self) -> str:
        """The short form as a link."""
        return f'<a href="{html.escape(self.url, quote=True)}">{html.escape(self.short)}</a>'

    def _repr_html_(self) -> str:
        return self.html


def cite(key: str) -> Citation:
    """Return one source by its key or by its DOI, PMID or PMCID.

    Raises
    ------
    UnknownName
        A KeyError that lists the closest keys.

    Examples
    --------
    >>> print(cite("harrell2019"))
    Harrell 2019
    >>> cite("10.3390/cells8050467").key
    'harrell2019'
    """
    try:
        entry = _index()[str(key).strip().removeprefix("https://doi.org/").lower()]
    except KeyError:
        known = (e["id"] for e in entries())
        raise UnknownName("reference", key, known, "se.bibliography()") from None
    return _citation(entry)


def bibliography(keys: Iterable[str] | None = None) -> Bundle:
    """Return a numbered list of sources.

    Parameters
    ----------
    keys : iterable of str, optional
        Keys in the order wanted; a repeated key is listed once. Without it, every source.

    Returns
    -------
    Bundle
        Text and HTML, the same on every call.

    Examples
    --------
    >>> bibliography(["harrell2019"]).text.split(".")[0]
    '1'
    """
    wanted = [e["id"] for e in entries()] if keys is None else keys
    cited = {c.key: c for c in map(cite, wanted)}.values()
    text = "\n".join(f"{n}. {c.full}" for n, c in enumerate(cited, 1))
    items = "".join(
        f"<li>{html.escape(c.full.removesuffix(c.url))}"
        f'<a href="{html.escape(c.url, quote=True)}">{html.escape(c.url)}</a></li>'
        for c in cited
    )
    return Bundle(text, f'<ol class="se-references">{items}</ol>')


@lru_cache(maxsize=1)
def entries() -> tuple[dict[str, Any], ...]:
    """Return all references as CSL-JSON items, sorted by key; treat them as read-only."""
    return tuple(json.loads((HOME / "references.json").read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def _index() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for entry in entries():
        names = [entry["id"], entry.get("DOI"), entry.get("PMCID")]
        if "PMID" in entry:
            names += [entry["PMID"], f"PMID:{entry['PMID']}"]
        for name in filter(None, names):
            found.setdefault(name.lower(), entry)
    return found


def _citation(entry: dict[str, Any]) -> Citation:
    people = [a.get("literal") or a["family"] for a in entry.get("author", [])]
    more = len(people) > 3 or entry.get("custom", {}).get("more_authors", False)
    year = str(entry["issued"]["date-parts"][0][0]) if "issued" in entry else "no date"
    journal = entry.get("container-title", "")
    number = entry.get("PMCID") or entry.get("DOI") or f"PMID {entry.get('PMID')}"
    first = people[0] if people else journal or number
    listed = ", ".join(people[:3]) + (" et al." if more else "")
    parts = [listed, f"({year})", entry["title"].rstrip(".") + ".", journal and journal + "."]
    return Citation(
        key=entry["id"],
        short=entry.get("number") or f"{first} {year}",
        full=" ".join(filter(None, [*parts, entry["URL"]])),
        doi=entry.get("DOI", ""),
        url=entry["URL"],
    )
