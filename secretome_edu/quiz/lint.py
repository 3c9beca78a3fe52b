"""Item-writing flaws, found by rule: a bank that loads is not yet a good bank."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from secretome_edu.quiz import items as kinds
from secretome_edu.quiz.bank import bank_slugs, load_bank
from secretome_edu.quiz.feedback import answer_text
from secretome_edu.quiz.guessing import guess_score
from secretome_edu.quiz.items import Bank, Item
from secretome_edu.quiz.layout import Layout
from secretome_edu.quiz.numbers import parse_number
from secretome_edu.quiz.parts import Option, Wrong, plain
from secretome_edu.quiz.variants import realize, seeds_of
from secretome_edu.ui.findings import Finding
from secretome_edu.ui.messages import BadValue, UnknownName

RULES = {
    "Q01": "the right option is not by far the longest one",
    "Q02": "the key does not stand at the same place too often",
    "Q03": "no 'all of the above' and no 'none of the above'",
    "Q04": "a negation in a stem is marked bold or in capitals",
    "Q05": "numeric ranges among options, and numbers with their own feedback, do not overlap",
    "Q06": "every wrong option says why it is wrong",
    "Q07": "every picture has a text alternative",
    "Q08": "blind guessing earns at most 0.34",
    "Q09": "each objective asked in a bank has two items or more",
    "Q10": "every key names its evidence",
    "Q11": "the feedback to a wrong answer and the hints do not contain the right one",
    "Q12": "misconceptions and references exist",
    "Q13": "no placeholder is left in a text",
}
MOST_BY_GUESSING = 0.34
# These pools ask for objectives of other lessons, too.
_ELSEWHERE = ("warmup", "prediction", "part_quiz", "pretest", "posttest")
_ABOVE = re.compile(
    r"\b(all|none|both|neither) of (the|these)( above)?\b|\b(all|none) above\b", re.I
)
_NEGATION = re.compile(r"\b(not|except|never|least|cannot|no longer)\b")
_PICTURE = re.compile(r"!\[\s*\]\(")
_NUMBER = r"([-+]?\d[\d.,]*(?:e[-+]?\d+)?)"
_RANGE = re.compile(rf"(?<![\d.,]){_NUMBER}\s*(?:-|–|to)\s*{_NUMBER}", re.I)
_BELOW = re.compile(rf"(?:less than|below|under|at most|<|≤)\s*{_NUMBER}", re.I)
_OVER = re.compile(rf"(?:more than|above|over|at least|>|≥)\s*{_NUMBER}", re.I)


def lint_all() -> list[Finding]:
    """Return the findings of every bank in the package."""
    return [finding for slug in bank_slugs() for finding in lint_bank(load_bank(slug))]


def lint_bank(bank: Bank) -> list[Finding]:
    """Return the item-writing flaws of a bank, sorted.

    Parameters
    ----------
    bank : Bank
        Loaded; parametrized items are checked in every variant.
    """
    variants = [(item, [realize(item, seed) for seed in seeds_of(item)]) for item in bank.items]
    found = {
        Finding(f"banks/{bank.bank}.yaml {item.id}", code, message)
        for item, wholes in variants
        for whole in wholes
        for rule in _ITEM_RULES
        for code, message in rule(whole)
    }
    first = [wholes[0] for _, wholes in variants]
    found |= {
        Finding(f"banks/{bank.bank}.yaml", code, message)
        for rule in (_key_places, _objectives)
        for code, message in rule(first)
    }
    return sorted(found)


Flaw = Iterator[tuple[str, str]]


def _groups(item: Item) -> list[list[Option]]:
    if isinstance(item, kinds.SingleChoice | kinds.MultipleChoice):
        return [item.options]
    return [item.options, item.reasons] if isinstance(item, kinds.TwoTier) else []


def _longest(item: Item) -> Flaw:
    for options in _groups(item):
        right = [len(plain(o.text)) for o in options if o.correct]
        wrong = [len(plain(o.text)) for o in options if not o.correct]
        if min(right) > 1.3 * max(wrong) and min(right) - max(wrong) > 10:
            yield (
                "Q01",
                f"the right option has {min(right)} characters, the wrong ones at most "
                + (f"{max(wrong)}: shorten it or lengthen them."),
            )


def _key_places(items: list[Item]) -> Flaw:
    """Find a place that holds the key more often than chance allows (one in a hundred)."""
    places: Counter[str] = Counter()
    expected = variance = 0.0
    for item in items:
        if isinstance(item, kinds.SingleChoice):
            right = next(o.id for o in item.options if o.correct)
            names = Layout(item).names["options"]
            places[next(mark for mark, name in names.items() if name == right)] += 1
            share = 1 / len(item.options)
            expected, variance = expected + share, variance + share * (1 - share)
    for mark, count in places.items():
        if sum(places.values()) >= 6 and count > expected + 2.8 * variance**0.5:
            yield "Q02", f"the key is option {mark} in {count} of {sum(places.values())} items."


def _above(item: Item) -> Flaw:
    for option in (option for options in _groups(item) for option in options):
        if _ABOVE.search(option.text):
            yield "Q03", f"option {option.id} refers to the other options: {option.text!r}."


def _negation(item: Item) -> Flaw:
    asked = [s for s in re.split(r"(?<=[.?!])\s+", item.stem) if s.rstrip("*_ ").endswith("?")]
    for sentence in asked:
        unmarked = _NEGATION.search(re.sub(r"\*\*.+?\*\*|__.+?__", "", sentence))
        if unmarked:
            yield "Q04", f"write **{unmarked[0]}** in bold, or ask for what holds."


def _overlaps(item: Item) -> Flaw:
    for options in _groups(item):
        ranges = [(o.id, r) for o in options if (r := _range_of(o.text))]
        for n, (name, (low, high)) in enumerate(ranges):
            for other, (bottom, top) in ranges[n + 1 :]:
                if low < top and bottom < high:
                    yield "Q05", f"the ranges of options {name} and {other} overlap."
    if isinstance(item, kinds.Numeric):
        yield from _numbers_overlap(item)


def _range_of(text: str) -> tuple[float, float] | None:
    try:
        if found := _RANGE.search(text):
            return parse_number(found[1]).value, parse_number(found[2]).value
        if found := _BELOW.search(text):
            return float("-inf"), parse_number(found[1]).value
        if found := _OVER.search(text):
            return parse_number(found[1]).value, float("inf")
    except BadValue:
        pass
    return None


def _numbers_overlap(item: kinds.Numeric) -> Flaw:
    from secretome_edu.quiz.numeric import answer_of, near

    values = [pattern.value for pattern in item.wrong_numbers if pattern.value is not None]
    for value in values:
        if near(value, answer_of(item), item.tolerance):
            yield "Q05", f"the wrong number {value:g} is accepted as right."
    for n, value in enumerate(values):
        if any(near(value, other, item.tolerance) for other in values[n + 1 :]):
            yield "Q05", f"two wrong numbers are {value:g} within the tolerance."


def _feedback(item: Item) -> Flaw:
    for option in (option for options in _groups(item) for option in options):
        if not option.correct and not (option.feedback or option.misconception):
            yield "Q06", f"option {option.id} is wrong and does not say why."


def _pictures(item: Item) -> Flaw:
    for media in item.media:
        if not media.alt.strip():
            yield "Q07", f"the picture {media.file} has no alt."
    if any(_PICTURE.search(text) for text in _texts(item)):
        yield "Q07", "a picture in a text has no alternative between its brackets."


def _guess(item: Item) -> Flaw:
    share = guess_score(item)
    if share > MOST_BY_GUESSING:
        yield "Q08", f"guessing earns {share:.2f}; at most {MOST_BY_GUESSING} is wanted."


def _objectives(items: list[Item]) -> Flaw:
    counts = Counter(item.objective for item in items if item.pool not in _ELSEWHERE)
    for objective, count in sorted(counts.items()):
        if count < 2:
            yield "Q09", f"objective {objective} has one item only."


def _evidence(item: Item) -> Flaw:
    about_science = item.topic == "science" and not isinstance(item, kinds.Prediction)
    if about_science and not item.evidence:
        yield "Q10", "the item names no evidence."


def _gives_away(item: Item) -> Flaw:
    right = {
        plain(option.text) for options in _groups(item) for option in options if option.correct
    }
    if isinstance(item, kinds.ShortText):
        right = {plain(text) for text in item.accept}
    if isinstance(item, kinds.Numeric):
        right = {plain(answer_text(item))}
    right = {text for text in right if len(text) > 3}
    said = {f"hint {n}": hint for n, hint in enumerate(item.hints, 1)}
    said |= {
        f"the feedback of {getattr(part, 'id', 'a wrong answer')}": part.feedback
        for part in _wrong_parts(item)
        if part.feedback
    }
    if item.feedback_incorrect:
        said["feedback_incorrect"] = item.feedback_incorrect
    for place, text in said.items():
        for key in sorted(right):
            if re.search(rf"(?<!\w){re.escape(key)}(?!\w)", plain(text)):
                yield "Q11", f"{place} contains the right answer {key!r}."


def _wrong_parts(item: Item) -> list[Wrong]:
    parts: list[Wrong] = [o for options in _groups(item) for o in options if not o.correct]
    for name in ("wrong_numbers", "wrong_texts", "pairs", "things"):
        parts += getattr(item, name, [])
    return parts


def _references(item: Item) -> Flaw:
    from secretome_edu import data

    for part in _wrong_parts(item):
        if part.misconception:
            yield from _known("misconception", part.misconception, data.misconception)
    for evidence in item.evidence:
        yield from _known("reference", evidence.reference, data.cite)


def _known(kind: str, name: str, look_up: Callable[[str], object]) -> Flaw:
    try:
        look_up(name)
    except UnknownName as problem:
        yield "Q12", f"{kind} {name}: {problem}"


def _placeholders(item: Item) -> Flaw:
    if any("{{" in text for text in _texts(item)):
        yield "Q13", "a text holds '{{', but the item has no values to write there."


def _texts(item: Item) -> list[str]:
    def walk(content: object) -> Iterable[str]:
        if isinstance(content, str):
            yield content
        elif isinstance(content, dict):
            for part in content.values():
                yield from walk(part)
        elif isinstance(content, list):
            for part in content:
                yield from walk(part)

    return list(walk(item.model_dump(exclude_defaults=True)))


_ITEM_RULES: tuple[Callable[[Item], Flaw], ...] = (
    _longest, _above, _negation, _overlaps, _feedback, _pictures, _guess, _evidence, _gives_away,
    _references, _placeholders,
)  # fmt: skip
