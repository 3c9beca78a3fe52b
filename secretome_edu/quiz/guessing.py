"""What blind guessing earns: the expected score of a random answer, exactly, by type."""

from __future__ import annotations

from collections import Counter
from itertools import permutations, product
from math import comb

from secretome_edu.quiz import items as kinds
from secretome_edu.quiz.arranging import grade_ordering
from secretome_edu.quiz.items import Item

_LONGEST_ORDER = 6  # 720 orders; with more steps guessing earns less


def guess_score(item: Item) -> float:
    """Return the expected score of a random answer to a realized item.

    Free text and predictions count as 0. Each option of a multiple choice is ticked with
    probability one half, each row is filled at random, each order is equally likely.

    Examples
    --------
    >>> from secretome_edu.quiz.items import SingleChoice
    >>> item = SingleChoice(id="q", type="single_choice", pool="quiz", objective="a.1",
    ...     bloom="remember", stem="2 + 2?", solution="4", options=[
    ...     {"id": "four", "text": "4", "correct": True}, {"id": "five", "text": "5"}])
    >>> guess_score(item)
    0.5
    """
    if isinstance(item, kinds.SingleChoice):
        return 1 / len(item.options)
    if isinstance(item, kinds.TwoTier):
        return (1 / len(item.options)) * (0.5 + 0.5 / len(item.reasons))
    if isinstance(item, kinds.MultipleChoice):
        return _multiple(item)
    if isinstance(item, kinds.Matching):
        return _rows([1] * len(item.pairs), len(item.matches))
    if isinstance(item, kinds.Categorize):
        sizes = Counter(thing.category for thing in item.things)
        return _rows(list(sizes.values()), len(item.categories))
    if isinstance(item, kinds.Ordering) and len(item.steps) <= _LONGEST_ORDER:
        scores = [
            grade_ordering(item, list(o)).score for o in permutations(s.id for s in item.steps)
        ]
        return sum(scores) / len(scores)
    return 0.0


def _multiple(item: kinds.MultipleChoice) -> float:
    right = sum(option.correct for option in item.options)
    wrong = len(item.options) - right
    total = sum(
        comb(right, hits) * comb(wrong, slips) * max(0.0, hits / right - slips / wrong)
        for hits, slips in product(range(right + 1), range(wrong + 1))
    )
    return float(total / 2 ** (right + wrong))


def _rows(sizes: list[int], choices: int) -> float:
    """Return the expected score of filling groups of rows at random."""
    chance, groups, total = 1 / choices, len(sizes), 0.0
    for hits in product(*(range(size + 1) for size in sizes)):
        likely = 1.0
        for size, hit in zip(sizes, hits, strict=True):
            likely *= comb(size, hit) * chance**hit * (1 - chance) ** (size - hit)
        mean = sum(hit / size for hit, size in zip(hits, sizes, strict=True)) / groups
        total += likely * max(0.0, (mean * groups - 1) / (groups - 1))
    return total
