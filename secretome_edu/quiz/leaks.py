"""Find answers where none belong: in stored notebooks, widget state and pages.

What a learner has not earned yet is secret: feedback, hints, solutions, model answers, rubrics,
evidence claims and the hash of an item (few options make a hash a key).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any

from secretome_edu.quiz.bank import item_hash
from secretome_edu.quiz.items import Item
from secretome_edu.quiz.parts import plain
from secretome_edu.quiz.variants import realize, seeds_of
from secretome_edu.ui import markup

_SECRET_FIELDS = {
    "feedback", "feedback_incorrect", "solution", "hints", "model_answer", "rubric", "claim",
    "explanation",
}  # fmt: skip
_MARKS = ('"correct":', '"correct_when":', "data-correct", '"misconception":', '"answer":{"value"')
_SHORTEST = 12  # shorter phrases stand in many texts by chance


def secrets_of(item: Item) -> set[str]:
    """Return the phrases of an item that may not be seen before it is answered."""
    found = {item_hash(item)}
    for seed in seeds_of(item):
        whole = realize(item, seed)
        asked = _flat(markup.to_html(whole.stem))
        said = {_flat(markup.to_html(text)) for text in _secret_texts(whole.model_dump())}
        found |= {text for text in said if len(text) >= _SHORTEST and text not in asked}
    return found


def leaks(content: str, items: Iterable[Item]) -> list[str]:
    """Return what a stored text gives away, one sentence each.

    Parameters
    ----------
    content : str
        A notebook's outputs and metadata as JSON, a widget's state, or a page.
    items : iterable of Item
        Whose answers to look for.

    Examples
    --------
    >>> leaks('{"options": [{"name": "a", "correct": true}]}', [])
    ['"correct":: the key itself is there.']
    """
    tight = re.sub(r'\\(["/])', r"\1", content)
    tight = re.sub(r"\s*:\s*", ":", tight)
    found = [f"{mark}: the key itself is there." for mark in _MARKS if mark in tight]
    seen = _flat(_unescaped(content))
    for item in items:
        found += [f"{item.id}: {secret!r}" for secret in sorted(secrets_of(item)) if secret in seen]
    return found


def _unescaped(content: str) -> str:
    """Undo JSON's escapes, once or twice nested, so that texts can be compared."""
    for _ in range(2):
        content = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), content)
        content = content.replace("\\n", " ").replace('\\"', '"').replace("\\\\", "\\")
    return content


def _flat(text: str) -> str:
    """Return the words of a text, without tags, marks and punctuation."""
    words = plain(html.unescape(re.sub(r"<[^>]*>", " ", text)))
    return re.sub(r"\W+", " ", words).strip()


def _secret_texts(content: Any, secret: bool = False) -> Iterable[str]:
    if isinstance(content, str):
        if secret:
            yield content
    elif isinstance(content, dict):
        for name, part in content.items():
            if name not in ("id", "reference", "misconception"):
                yield from _secret_texts(part, secret or name in _SECRET_FIELDS)
    elif isinstance(content, list):
        for part in content:
            yield from _secret_texts(part, secret)
