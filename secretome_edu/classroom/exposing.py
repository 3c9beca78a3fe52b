"""Which misconceptions a lesson is likely to meet, and a question whose answer exposes each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from secretome_edu.course.manifest import LessonEntry, manifest
from secretome_edu.quiz import items as kinds
from secretome_edu.quiz.bank import load_bank
from secretome_edu.quiz.variants import realize

LISTED = 3
_OF_OTHERS = ("warmup", "pretest", "posttest")
# Where to look, in this order. The two tests stay out: asked in class, they measure nothing.
_POOLS = ("quiz", "part_quiz", "warmup")


class Exposing(NamedTuple):
    """A question, where it stands, and the answer that shows the misconception; no key."""

    stem: str
    where: str
    answer: str


def likely(entry: LessonEntry) -> list[str]:
    """Return the misconceptions a class is most likely to show in a lesson, at most three.

    Those the lesson sets out to repair come first, then by how many wrong answers show them;
    warm-ups and the tests of the whole course ask about other lessons and decide between equals.
    Where the bank names fewer than three, the manifest's list fills up.

    Examples
    --------
    >>> from secretome_edu.course.manifest import manifest
    >>> likely(manifest().entry("paracrine_reach"))[0]
    'M56'
    """
    here: Counter[str] = Counter()
    elsewhere: Counter[str] = Counter()
    for item in load_bank(entry.slug).items:
        counts = elsewhere if item.pool in _OF_OTHERS else here
        counts.update(belief for belief, _ in showing(realize(item)))
    own = set(entry.misconceptions)
    ranked = sorted(here | elsewhere, key=lambda b: (b not in own, -here[b], -elsewhere[b], b))
    return [*ranked, *(b for b in entry.misconceptions if b not in ranked)][:LISTED]


def exposing(entry: LessonEntry, belief: str) -> Exposing | None:
    """Return a question that exposes a misconception: of this lesson, or else of another."""
    others = [other for other in manifest().ready() if other.slug != entry.slug]
    for lesson in (entry, *others):
        if belief in (asked := _asked(lesson.slug)):
            item, answer = asked[belief]
            return Exposing(item.stem, f"lesson {lesson.place}, `{item.id}`", answer)
    return None


@cache
def _asked(slug: str) -> dict[str, tuple[kinds.Item, str]]:
    """Return misconception -> the best question of a bank to show it, and the answer.

    A question with options can be put to a class aloud, so it comes before the other types.
    """
    bank = load_bank(slug)
    items = [realize(item) for pool in _POOLS for item in bank.pool(pool)]
    found: dict[str, tuple[kinds.Item, str]] = {}
    for item in sorted(items, key=lambda item: not hasattr(item, "options")):
        for belief, answer in showing(item):
            found.setdefault(belief, (item, answer))
    return found


def showing(item: kinds.Item) -> Iterator[tuple[str, str]]:
    """Yield (misconception, answer that shows it) of a realized question."""
    if isinstance(item, kinds.SingleChoice | kinds.MultipleChoice | kinds.TwoTier):
        reasons = item.reasons if isinstance(item, kinds.TwoTier) else []
        for option in (*item.options, *reasons):
            if option.misconception:
                yield option.misconception, option.text
    elif isinstance(item, kinds.Numeric):
        for wrong in item.wrong_numbers:
            if wrong.misconception and wrong.value is not None:
                yield wrong.misconception, f"{wrong.value:g} {item.unit or ''}".strip()
    elif isinstance(item, kinds.ShortText):
        for pattern in item.wrong_texts:
            if pattern.misconception:
                yield pattern.misconception, pattern.text[0]
    elif isinstance(item, kinds.Matching):
        for pair in item.pairs:
            if pair.misconception:
                yield pair.misconception, f"A wrong match of “{pair.prompt}”"
    elif isinstance(item, kinds.Categorize):
        for thing in item.things:
            if thing.misconception:
                yield thing.misconception, f"“{thing.text}” in a wrong group"
