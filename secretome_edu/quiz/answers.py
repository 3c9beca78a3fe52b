"""The right answer of an item and the wrong ones worth trying, for tests that answer everything.

Continuous integration, and tests of whole lessons, answer every question of every bank with these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from secretome_edu.quiz import items as kinds
from secretome_edu.quiz.arranging import match_ids
from secretome_edu.quiz.items import Item
from secretome_edu.quiz.numeric import answer_of
from secretome_edu.quiz.result import CORRECT, INCORRECT, NOTED, PARTIAL

#: Responses no item understands, or that answer nothing.
GARBAGE: tuple[Any, ...] = (
    object(), 7.5, True, "¿?", b"b", ["?"], [["a"]], {"?": "?"}, {"answer": 1, "reason": []}, {3},
)  # fmt: skip
BLANKS: tuple[Any, ...] = (None, "", "  ", [], {})


@dataclass(frozen=True)
class Trial:
    """A response in the author's ids and what grading must say."""

    response: Any
    state: str
    score: float
    feedback: str | None = None


def right_response(item: Item) -> Any:
    """Return the right response to a realized item; for a prediction, its first option."""
    return trials(item)[0].response


def trials(item: Item) -> list[Trial]:
    """Return the right response first, then wrong ones with the score each must get.

    Parameters
    ----------
    item : Item
        Realized (`quiz.variants.realize`).
    """
    if isinstance(item, kinds.SingleChoice):
        return sorted(
            (_trial(o.id, float(o.correct), o.feedback) for o in item.options),
            key=lambda trial: -trial.score,
        )
    if isinstance(item, kinds.MultipleChoice):
        return _multiple(item)
    if isinstance(item, kinds.Numeric):
        return _numeric(item)
    if isinstance(item, kinds.ShortText):
        wrong = [(text, w.feedback) for w in item.wrong_texts for text in w.text]
        return [_trial(text, 1.0) for text in item.accept] + [_trial(t, 0.0, f) for t, f in wrong]
    if isinstance(item, kinds.Matching):
        right = {pair.id: pair.id for pair in item.pairs}
        constant = [dict.fromkeys(right, name) for name in match_ids(item)]
        return [_trial(right, 1.0), *(_trial(response, 0.0) for response in constant)]
    if isinstance(item, kinds.Categorize):
        right = {thing.id: thing.category for thing in item.things}
        constant = [dict.fromkeys(right, category.id) for category in item.categories]
        return [_trial(right, 1.0), *(_trial(response, 0.0) for response in constant)]
    if isinstance(item, kinds.Ordering):
        order = [step.id for step in item.steps]
        return [_trial(order, 1.0), _trial(order[::-1], 0.0)]
    if isinstance(item, kinds.TwoTier):
        return _two_tier(item)
    if isinstance(item, kinds.OpenAnswer):
        every = [criterion.id for criterion in item.rubric]
        return [_trial({"text": "Words.", "met": every}, 1.0), _trial({"text": "W.", "met": []}, 0)]
    return _prediction(item)


def _trial(response: Any, score: float, feedback: str | None = None) -> Trial:
    state = CORRECT if score >= 1 else INCORRECT if score <= 0 else PARTIAL
    return Trial(response, state, score, feedback)


def _multiple(item: kinds.MultipleChoice) -> list[Trial]:
    right = [option.id for option in item.options if option.correct]
    wrong = [option for option in item.options if not option.correct]
    found = [_trial(right, 1.0), _trial([option.id for option in item.options], 0.0)]
    for option in wrong:
        found.append(_trial([option.id], 0.0, option.feedback))
        found.append(_trial([*right, option.id], 1 - 1 / len(wrong), option.feedback))
    return found


def _numeric(item: kinds.Numeric) -> list[Trial]:
    unit = f" {item.unit}" if item.unit else ""
    found = [_trial(f"{answer_of(item)!r}{unit}", 1.0)]
    for pattern in item.wrong_numbers:
        found.append(_trial(f"{pattern.value!r}{unit}", 0.0, pattern.feedback))
    return found


def _two_tier(item: kinds.TwoTier) -> list[Trial]:
    found = []
    for option in item.options:
        for reason in item.reasons:
            score = float(option.correct) * (1.0 if reason.correct else 0.5)
            said = reason.feedback if option.correct else option.feedback
            found.append(_trial({"answer": option.id, "reason": reason.id}, score, said))
    return sorted(found, key=lambda trial: -trial.score)


def _prediction(item: kinds.Prediction) -> list[Trial]:
    guess = [option.id for option in item.options] or ["12" if item.form == "number" else "Less."]
    return [Trial(response, NOTED, 0.0) for response in guess]
