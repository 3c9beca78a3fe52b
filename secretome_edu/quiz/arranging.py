"""Arrangements graded: matched rows, sorted things, ordered steps. Chance earns nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from secretome_edu.quiz.items import Categorize, Matching, Ordering
from secretome_edu.quiz.result import UNANSWERED, Result, blank, counted, invalid, scored


def share_above_constant(expected: Mapping[str, str], given: Mapping[str, str]) -> float:
    """Return how much better a sorting is than one that always says the same.

    The mean share right per group, stretched so that all right is 1 and a constant answer 0.
    """
    groups: dict[str, list[bool]] = {}
    for name, group in expected.items():
        groups.setdefault(group, []).append(given[name] == group)
    mean = sum(sum(hits) / len(hits) for hits in groups.values()) / len(groups)
    return max(0.0, (mean * len(groups) - 1) / (len(groups) - 1))


def _sorted_rows(
    rows: list[Any], expected: dict[str, str], known: Iterable[str], response: Any
) -> Result:
    known = set(known)
    if blank(response):
        return Result(UNANSWERED)
    if not isinstance(response, Mapping) or not set(response) <= set(expected):
        return invalid("Choose one entry for every row.")
    given = {name: choice for name, choice in response.items() if not blank(choice)}
    if not given:
        return Result(UNANSWERED)
    if not all(isinstance(choice, str) and choice in known for choice in given.values()):
        return invalid("Choose from the list for every row.")
    open_rows = len(expected) - len(given)
    if open_rows:
        return invalid(counted(open_rows, "row has", "rows have") + " no choice yet.")
    parts = {name: given[name] == choice for name, choice in expected.items()}
    if all(parts.values()):
        return scored(1.0, parts=parts)
    mistaken = [row for row in rows if not parts[row.id]]
    more = [f"{sum(parts.values())} of {len(parts)} rows are right."]
    return scored(share_above_constant(expected, given), mistaken, more, parts)


def match_ids(item: Matching) -> dict[str, str]:
    """Return match id -> text: a pair's id for its match, ``+1``, ``+2`` for the extra ones."""
    own = {pair.id: pair.match for pair in item.pairs}
    return own | {f"+{n}": text for n, text in enumerate(item.extra_matches, 1)}


def grade_matching(item: Matching, response: Any) -> Result:
    return _sorted_rows(item.pairs, {p.id: p.id for p in item.pairs}, match_ids(item), response)


def grade_categorize(item: Categorize, response: Any) -> Result:
    expected = {thing.id: thing.category for thing in item.things}
    return _sorted_rows(item.things, expected, [c.id for c in item.categories], response)


def grade_ordering(item: Ordering, response: Any) -> Result:
    if blank(response):
        return Result(UNANSWERED)
    right = [step.id for step in item.steps]
    if not isinstance(response, (list, tuple)) or not all(isinstance(s, str) for s in response):
        return invalid("Put all steps in order.")
    if sorted(response) != sorted(right):
        return invalid("Each step must be there once.")
    group = {name: n for n, names in enumerate(item.interchangeable) for name in names}
    place = {name: n for n, name in enumerate(response)}
    pairs = [
        (a, b)
        for n, a in enumerate(right)
        for b in right[n + 1 :]
        if a not in group or group[a] != group.get(b)
    ]
    kept = sum(place[a] < place[b] for a, b in pairs)
    if kept == len(pairs):
        return scored(1.0)
    more = [f"{kept} of {len(pairs)} pairs of steps are in the right order."]
    own = [item.feedback_incorrect] if item.feedback_incorrect else []
    return scored(2 * kept / len(pairs) - 1, more=more + own)
