"""Terms of the field, found under their plural, their abbreviation and in any spelling of case."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache

from secretome_edu.data.package import records
from secretome_edu.data.references import cite
from secretome_edu.ui.messages import UnknownName, as_text


@dataclass(frozen=True)
class Definition:
    """A term with its meaning, its other names and the keys of its sources."""

    term: str
    definition: str
    synonyms: tuple[str, ...]
    source_keys: tuple[str, ...]

    @property
    def text(self) -> str:
        """The definition as plain text, with its sources."""
        sources = "; ".join(str(cite(key)) for key in self.source_keys)
        return f"{self._head}: {self.definition}." + (f" [{sources}]" if sources else "")

    @property
    def html(self) -> str:
        """The definition as HTML, with links to its sources."""
        sources = "; ".join(cite(key).html for key in self.source_keys)
        return (
            f"<p><dfn><strong>{html.escape(self._head)}</strong></dfn>: "
            f"{html.escape(self.definition)}." + (f" [{sources}]" if sources else "") + "</p>"
        )

    @property
    def _head(self) -> str:
        return f"{self.term} ({', '.join(self.synonyms)})" if self.synonyms else self.term

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/plain": self.text, "text/html": self.html}


def define(term: str) -> Definition:
    """Return what a term means.

    Parameters
    ----------
    term : str
        A term, its plural, abbreviation or synonym; case, hyphens and British spelling of
        common endings do not matter.

    Raises
    ------
    UnknownName
        A KeyError that lists the closest terms.

    Examples
    --------
    >>> define("Exosomes").term
    'exosome'
    """
    try:
        return _index()[_plain(as_text(term))]
    except KeyError:
        known = [name for d in _definitions() for name in (d.term, *d.synonyms)]
        raise UnknownName("term", term, known, 'se.load("glossary")') from None


@lru_cache(maxsize=1)
def _definitions() -> tuple[Definition, ...]:
    return tuple(
        Definition(r["term"], r["definition"], r["synonyms"], r["source_keys"])
        for r in records("glossary")
    )


@lru_cache(maxsize=1)
def _index() -> dict[str, Definition]:
    found = {_plain(d.term): d for d in _definitions()}
    for definition in _definitions():
        for name in definition.synonyms:
            found.setdefault(_plain(name), definition)
    return found


# Spellings that differ between countries; both sides are folded, so the result need not be a word.
_SPELLINGS = (
    ("’", "'"),
    ("signall", "signal"),
    ("our", "or"),
    ("z", "s"),
    ("ae", "e"),
    ("oe", "e"),
)


def _plain(name: str) -> str:
    """Fold case, hyphens, country and plural, so that spellings of one term meet."""
    folded = name.lower()
    for there, here in _SPELLINGS:
        folded = folded.replace(there, here)
    return " ".join(map(_singular, re.sub(r"[^\w'/+]+", " ", folded).split()))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith("ives"):
        return word[:-3] + "fe"
    if len(word) > 5 and word.endswith("yses"):
        return word[:-2] + "is"
    if len(word) > 4 and word.endswith(("ses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is", "'s")):
        return word[:-1]
    return word
