"""Short texts: what may differ without being wrong, and what may not."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from secretome_edu.quiz.items import ShortText
from secretome_edu.quiz.result import UNANSWERED, Result, blank, invalid, scored

LONGEST = 200
_TYPO_FROM = 5  # in shorter words one letter makes another word
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "λ": "lambda",
    "μ": "mu", "µ": "mu",
}  # fmt: skip


def normalize(text: str) -> str:
    """Return a text without case, accents, hyphens and articles, and with Greek letters named.

    Examples
    --------
    >>> normalize("The TGF-β"), normalize("TGF beta")
    ('tgfbeta', 'tgfbeta')
    """
    text = "".join(_GREEK.get(letter, letter) for letter in text.casefold())
    text = unicodedata.normalize("NFKD", text)
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = re.sub(r"^(the|an|a)\s+", "", text.strip())
    return re.sub(r"[\W_]+", "", text)


def distance(a: str, b: str, most: int) -> int:
    """Return the typo distance of two words, or ``most + 1`` if it is larger.

    One insertion, deletion, replacement or swap of neighbors counts one.

    Examples
    --------
    >>> distance("exosome", "exsoome", 2), distance("cell", "vesicle", 2)
    (1, 3)
    """
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        before, row, above = row, [i], before
        for j, other in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _alike(given: str, wanted: str, typos: int) -> bool:
    if given == wanted:
        return True
    # IL-6 is not IL-8: digits must agree, and short names must be exact.
    if len(wanted) < _TYPO_FROM or re.findall(r"\d", given) != re.findall(r"\d", wanted):
        return False
    return distance(given, wanted, typos) <= typos


def grade_words(item: ShortText, response: Any) -> Result:
    """Grade a short text."""
    if blank(response):
        return Result(UNANSWERED)
    if not isinstance(response, str):
        return invalid("Write a word or a short phrase.")
    if len(response) > LONGEST:
        return invalid(f"Write at most {LONGEST} characters.")
    given = normalize(response)
    if not given:
        return invalid("Write a word or a short phrase.")
    accepted = [normalize(text) for text in item.accept]
    if given in accepted:
        return scored(1.0)
    for pattern in item.wrong_texts:  # an exact wrong word before a right word with a typo
        if given in map(normalize, pattern.text):
            return scored(0.0, [pattern])
    if any(_alike(given, wanted, item.typos) for wanted in accepted):
        return scored(1.0, more=["Right. Check the spelling."])
    return scored(0.0)
