"""Sources: one key scheme, short forms for the text and numbered lists for the end."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_lowercase
from typing import Any

from secretome_edu.data.package import HOME
from secretome_edu.ui.bundle import Bundle
from secretome_edu.ui.messages import BadValue, UnknownName, as_text, shown

# Underlined wherever it stands: in a sentence a color alone does not tell a link from its text.
_LINK = 'style="text-decoration:underline"'


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
        entry = _index()[as_text(key).strip().removeprefix("https://doi.org/").lower()]
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
    if keys is None:
        wanted: Iterable[str] = [e["id"] for e in entries()]
    elif isinstance(keys, str) or not isinstance(keys, Iterable):
        raise BadValue(
            f"bibliography takes a list of keys, not {shown(keys)}; for example "
            "se.bibliography(['harrell2019'])."
        )
    else:
        wanted = keys
    cited = {c.key: c for c in map(cite, wanted)}.values()
    text = "\n".join(f"{n}. {c.full}" for n, c in enumerate(cited, 1))
    items = "".join(
        f"<li>{html.escape(c.full.removesuffix(c.url))}"
        f'<a {_LINK} href="{html.escape(c.url, quote=True)}">{html.escape(c.url)}</a></li>'
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
    people = _people(entry)
    more = len(people) > 3 or entry.get("custom", {}).get("more_authors", False)
    listed = (", ".join(people[:3]) or _first(entry)) + (" et al." if more else "")
    letter = _letters().get(entry["id"], "")
    parts = [listed, f"({_year(entry)}{letter})", entry["title"].rstrip(".") + "."]
    if journal := entry.get("container-title"):
        parts.append(journal + ".")
    return Citation(
        key=entry["id"],
        short=_short(entry) + letter,
        full=" ".join([*parts, entry["URL"]]),
        doi=entry.get("DOI", ""),
        url=entry["URL"],
    )


@lru_cache(maxsize=1)
def _letters() -> dict[str, str]:
    """Return by key what tells works apart that share author and year; mostly nothing."""
    shorts = {entry["id"]: _short(entry) for entry in entries()}
    often = Counter(shorts.values())
    letters = {short: iter(ascii_lowercase) for short in often}
    return {key: next(letters[s]) if often[s] > 1 else "" for key, s in shorts.items()}


def _short(entry: dict[str, Any]) -> str:
    return entry.get("number") or f"{_first(entry)} {_year(entry)}"


def _first(entry: dict[str, Any]) -> str:
    """Return the first author, or the journal where no author was printed, or a number."""
    journal = re.sub(r" \d.*", "", entry.get("container-title", ""))  # without volume and page
    number = entry.get("PMCID") or entry.get("DOI") or f"PMID {entry.get('PMID')}"
    return (*_people(entry), journal or number)[0]


def _people(entry: dict[str, Any]) -> list[str]:
    return [person.get("literal") or person["family"] for person in entry.get("author", [])]


def _year(entry: dict[str, Any]) -> str:
    return str(entry["issued"]["date-parts"][0][0]) if "issued" in entry else "no date"
