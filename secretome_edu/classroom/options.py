"""What was chosen: for every question the answers given first, how often, and by whom.

An option that strong learners choose more often than weak ones (a positive correlation with the
rest of the test) though it is wrong points at a question to look at, not at a learner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from secretome_edu.classroom.item_analysis import correlation
from secretome_edu.classroom.marks import Mark
from secretome_edu.quiz import items as kinds
from secretome_edu.quiz.arranging import match_ids
from secretome_edu.quiz.variants import realize
from secretome_edu.ui.markup import to_text

_WRITTEN_SHOWN = 5  # free answers listed per question, the most frequent first
_LONGEST_WRITTEN = 60


class Choice(NamedTuple):
    """One possible answer, or one part of one.

    ``share`` is of the learners who answered; ``correlation`` is the point-biserial one with the
    rest of the test, NaN where undefined.
    """

    text: str
    right: bool
    misconception: str
    learners: int
    share: float
    correlation: float


def choices(item: kinds.Item, marks: Mapping[str, Mark], rest: Mapping[str, float]) -> list[Choice]:
    """Return the answers to one question, in the author's order.

    Parameters
    ----------
    item : Item
    marks : mapping of str to Mark
        Learner -> mark.
    rest : mapping of str to float
        Learner -> score in the rest of the test, for complete attempts.
    """
    whole = realize(item)
    offered = {name: Choice(text, right, belief, 0, 0.0, 0.0)
               for name, text, right, belief in _offered(whole)}  # fmt: skip
    picked = {who: set(_picked(whole, mark.response)) for who, mark in marks.items()}
    if isinstance(whole, kinds.Numeric | kinds.ShortText | kinds.Ordering):
        counts = Counter(name for names in picked.values() for name in names)
        often = sorted(counts, key=lambda name: (-counts[name], name))[:_WRITTEN_SHOWN]
        for name in often:
            who = next(w for w, names in picked.items() if name in names)
            first = marks[who].first
            belief = ", ".join(first.misconceptions)
            offered[name] = Choice(name, first.state == "correct", belief, 0, 0.0, 0.0)
    found = []
    for name, choice in offered.items():
        chose = {who for who, names in picked.items() if name in names}
        both = [who for who in picked if who in rest]
        r = correlation(
            np.array([float(who in chose) for who in both]), np.array([rest[who] for who in both])
        )
        share = len(chose) / len(picked) if picked else float("nan")
        found.append(choice._replace(learners=len(chose), share=share, correlation=r))
    return found


def _offered(item: kinds.Item) -> Iterator[tuple[str, str, bool, str]]:
    """Yield name, text, whether right, and misconception of all that can be chosen."""
    if isinstance(item, kinds.SingleChoice | kinds.MultipleChoice | kinds.TwoTier):
        for o in item.options:
            yield f"o {o.id}", to_text(o.text), o.correct, o.misconception or ""
    if isinstance(item, kinds.TwoTier):
        for o in item.reasons:
            text = f"{to_text(item.reason_stem)} … {to_text(o.text)}"
            yield f"r {o.id}", text, o.correct, o.misconception or ""
    elif isinstance(item, kinds.Matching):
        texts = match_ids(item)
        for pair in item.pairs:
            for name, text in texts.items():
                right = text == pair.match
                belief = "" if right else pair.misconception or ""
                said = f"{to_text(pair.prompt)} → {to_text(text)}"
                yield f"{pair.id} {name}", said, right, belief
    elif isinstance(item, kinds.Categorize):
        for thing in item.things:
            for category in item.categories:
                right = category.id == thing.category
                belief = "" if right else thing.misconception or ""
                said = f"{to_text(thing.text)} → {to_text(category.text)}"
                yield f"{thing.id} {category.id}", said, right, belief
    elif isinstance(item, kinds.OpenAnswer):
        for criterion in item.rubric:
            yield f"c {criterion.id}", f"says: {to_text(criterion.text)}", True, ""


def _picked(item: kinds.Item, response: Any) -> Iterator[str]:
    """Yield the names of what a response, which grading understood, chose."""
    if isinstance(item, kinds.SingleChoice):
        yield f"o {response}"
    elif isinstance(item, kinds.MultipleChoice):
        yield from (f"o {name}" for name in response)
    elif isinstance(item, kinds.TwoTier):
        yield f"o {response['answer']}"
        yield f"r {response['reason']}"
    elif isinstance(item, kinds.Matching | kinds.Categorize):
        yield from (f"{row} {name}" for row, name in response.items())
    elif isinstance(item, kinds.OpenAnswer):
        yield from (f"c {name}" for name in response["met"])
    elif isinstance(item, kinds.Ordering):
        texts = {step.id: to_text(step.text) for step in item.steps}
        yield " → ".join(texts[name] for name in response)
    else:
        text = " ".join(str(response).split())
        yield text if len(text) <= _LONGEST_WRITTEN else text[: _LONGEST_WRITTEN - 1] + "…"
