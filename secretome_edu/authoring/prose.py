"""Prose against data: every number is bound to a fact, every term defined, every link a source.

A number in prose carries a mark right behind it, invisible to readers: ``0.1<!--=surface_pM-->``
names a fact of the lesson (``facts`` in ``lessons.yaml``), which is computed from a table or a
model. The number must agree at the digits it is written with; ``<!--=surface_share~-->`` allows
a factor of 1.5, for words such as "about a thousandth". Small whole numbers need no mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from secretome_edu.authoring.notebooks import LINK, read, source
from secretome_edu.course.manifest import LessonEntry
from secretome_edu.ui.findings import Finding

RULES = {
    "P01": "a number in prose is bound to a fact",
    "P02": "a number in prose agrees with its fact",
    "P03": "a link to a source is in the references and named as they name it",
    "P04": "a term in bold is in the glossary",
    "P05": "every term of the lesson is in bold once",
    "P06": "every reference of the lesson is cited, and every cited one listed",
    "P07": "a lesson has 300 to 1,300 words of prose",
}
MARK = re.compile(r"<!--=\s*(\w+)(~?)\s*-->")
_NUMBER = r"(?:(?<=[\s(])[-−])?(?<![\w.,/#])(?<!\w-)\d[\d,]*(?:\.\d+)?(?![\w.]*\d)"
_WORDS = {
    "a tenth": 0.1,
    "a hundredth": 0.01,
    "a thousandth": 0.001,
    "a hundred thousand": 1e5,
    "a hundred": 100,
    "a thousand": 1000,
    "half": 0.5,
    "a quarter": 0.25,
    "four": 4,
}
_BOUND = re.compile(rf"({_NUMBER}|{'|'.join(_WORDS)})\s*<!--=\s*(\w+)(~?)\s*-->", re.I)
SMALL = 12


def lint_prose(entry: LessonEntry, path: Path) -> list[Finding]:
    """Return what is wrong with a lesson's words: notebook, exercises and key points.

    Parameters
    ----------
    entry : LessonEntry
    path : Path
        The notebook file.
    """
    texts = list(_texts(entry, path))
    facts = facts_of(entry)
    notebook = "\n\n".join(text for at, text in texts if at.startswith(path.name))
    found = [f for at, text in texts for f in _numbers(at, text, facts)]
    # Questions may invent their own givens, so only their marked numbers are checked.
    found += [
        f for at, text in _questions(entry) for f in _numbers(at, text, facts) if f.code != "P01"
    ]
    everything = "\n\n".join(text for _, text in texts)
    found += _sources(path.name, everything, entry)
    found += _terms(path.name, notebook, entry)
    words = prose_words(entry, path)
    if not 300 <= words <= 1300:
        found.append(Finding(path.name, "P07", f"{words} words of prose; 300 to 1,300 are wanted."))
    return sorted(found)


def prose_words(entry: LessonEntry, path: Path) -> int:
    """Return how many words of prose a notebook has, without code, links and headings."""
    texts = [text for at, text in _texts(entry, path) if at.startswith(path.name)]
    return len(re.findall(r"\b[A-Za-z][\w'-]*", _bare("\n\n".join(texts))))


def facts_of(entry: LessonEntry) -> dict[str, Any]:
    """Return the facts of a lesson, computed now from tables and models."""
    from secretome_edu.quiz.variants import value_of

    values: dict[str, Any] = {}
    for name, fact in entry.facts.items():
        values[name] = value_of(fact, values)
    return values


def _texts(entry: LessonEntry, path: Path) -> Iterator[tuple[str, str]]:
    from secretome_edu.exercises import load_exercises

    for cell in read(path)["cells"]:
        if cell["cell_type"] == "markdown":
            yield f"{path.name} {cell['id']}", source(cell)
    for exercise in load_exercises(entry.slug).values():
        parts = [exercise.prompt, *exercise.hints, exercise.solution]
        yield f"exercises/{entry.slug}.yaml {exercise.id}", "\n\n".join(parts)
    yield f"lessons.yaml {entry.slug}", "\n\n".join(entry.key_points)


def _questions(entry: LessonEntry) -> Iterator[tuple[str, str]]:
    from secretome_edu.quiz.bank import load_bank

    def texts(part: Any) -> Iterator[str]:
        if isinstance(part, str):
            yield part
        elif isinstance(part, (dict, list)):
            for inner in part.values() if isinstance(part, dict) else part:
                yield from texts(inner)

    for item in load_bank(entry.slug).items:
        yield f"banks/{entry.slug}.yaml {item.id}", "\n".join(texts(item.model_dump(mode="json")))


def _numbers(at: str, text: str, facts: dict[str, Any]) -> Iterator[Finding]:
    for written, name, loose in _BOUND.findall(text):
        if name not in facts:
            yield Finding(at, "P02", f"{written}: lessons.yaml has no fact {name!r}.")
        elif not _agrees(written, float(facts[name]), bool(loose)):
            yield Finding(at, "P02", f"says {written}, but {name} is {facts[name]:.4g}.")
    bound = {name for _, name, _ in _BOUND.findall(text)}
    for name, _ in MARK.findall(text):
        if name not in bound:
            yield Finding(at, "P02", f"the mark {name!r} stands behind no number.")
    free = _bare(_BOUND.sub(" ", text))
    for number in re.findall(_NUMBER, free):
        value = _value(number)
        if value > SMALL or value != int(value):
            yield Finding(at, "P01", f"{number} is bound to no fact; add a mark and a fact.")


def _agrees(written: str, fact: float, loose: bool) -> bool:
    said = _WORDS.get(written.lower())
    digits = written.replace(",", "").lstrip("-−")
    value = _value(written) if said is None else said
    if loose:
        return value > 0 and 1 / 1.5 <= fact / value <= 1.5
    if said is not None:
        return abs(fact - value) <= 0.005 * value
    decimals = len(digits.partition(".")[2])
    trailing = len(digits) - len(digits.rstrip("0")) if value and not decimals else 0
    trailing = min(trailing, max(0, len(digits) - 2))  # two figures always count
    step = 10.0 ** (trailing - decimals)
    return abs(fact - value) <= step / 2 * (1 + 1e-9)


def _value(number: str) -> float:
    return float(number.replace(",", "").replace("−", "-"))


def _bare(text: str) -> str:
    """Return prose without what holds no claim of its own: code, links, formulas, headings."""
    text = re.sub(r"<!--.*?-->", " ", text, flags=re.S)
    text = re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$", " ", text, flags=re.S)
    text = LINK.sub(" ", text)
    return re.sub(r"^#.*$|^\s*\d+\.\s", " ", text, flags=re.M)


@lru_cache(maxsize=1)
def _known_urls() -> dict[str, Any]:
    from secretome_edu import data
    from secretome_edu.data.references import entries

    return {(c := data.cite(entry["id"])).url: c for entry in entries()}


def _sources(at: str, text: str, entry: LessonEntry) -> Iterator[Finding]:
    cited = set()
    for _, words, url in LINK.findall(text):
        if not url.startswith("http"):
            continue
        source_of = _known_urls().get(url)
        if source_of is None:
            yield Finding(at, "P03", f"{url} is not in the references.")
        elif words != source_of.short:
            yield Finding(
                at, "P03", f"{url} is {source_of.short!r} in the references, not {words!r}."
            )
        else:
            cited.add(source_of.key)
    for key in sorted(set(entry.references) - cited):
        yield Finding(at, "P06", f"{key} is listed for the lesson but never cited.")
    for key in sorted(cited - set(entry.references)):
        yield Finding(at, "P06", f"{key} is cited but not listed for the lesson in lessons.yaml.")


def _terms(at: str, text: str, entry: LessonEntry) -> Iterator[Finding]:
    from secretome_edu import data

    bold = set()
    for words in re.findall(r"\*\*([^*]+)\*\*", MARK.sub("", text)):
        if re.search(r"\d|[.:?!]$", words.strip()):
            continue  # a stressed result or a lead-in, not a term
        try:
            bold.add(data.define(words).term)
        except KeyError:
            yield Finding(at, "P04", f"**{words}** is not in the glossary.")
    for term in entry.terms:
        if data.define(term).term not in bold:
            yield Finding(at, "P05", f"the term {term!r} is never in bold.")
