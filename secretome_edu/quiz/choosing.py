"""Choices graded: one of several, some of several, an answer with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from secretome_edu.quiz.items import MultipleChoice, SingleChoice, TwoTier
from secretome_edu.quiz.parts import Option
from secretome_edu.quiz.result import UNANSWERED, Result, blank, counted, invalid, scored


def grade_single(item: SingleChoice, response: Any) -> Result:
    if blank(response):
        return Result(UNANSWERED)
    chosen = _option(item.options, response)
    if chosen is None:
        return invalid("Choose one of the options.")
    return scored(float(chosen.correct), [chosen])


def _option(options: list[Option], response: Any) -> Option | None:
    return next((o for o in options if isinstance(response, str) and o.id == response), None)


def grade_multiple(item: MultipleChoice, response: Any) -> Result:
    if blank(response):
        return Result(UNANSWERED)
    known = {option.id: option for option in item.options}
    if not isinstance(response, (list, tuple)) or not all(
        isinstance(name, str) and name in known for name in response
    ):
        return invalid("Tick options from the list.")
    ticked = {known[name].id for name in response}
    right = {option.id for option in item.options if option.correct}
    wrong = set(known) - right
    score = len(ticked & right) / len(right) - len(ticked & wrong) / len(wrong)
    if score >= 1:
        return scored(1.0, [o for o in item.options if o.correct])
    mistaken = [option for option in item.options if option.id in ticked & wrong]
    missing = len(right - ticked)
    more = [counted(len(mistaken), "tick does", "ticks do") + " not belong."] if mistaken else []
    more += ["Something is still missing."] if missing else []
    parts = {option.id: (option.id in ticked) == option.correct for option in item.options}
    return scored(score, mistaken, more, parts)


def grade_two_tier(item: TwoTier, response: Any) -> Result:
    if blank(response):
        return Result(UNANSWERED)
    if not isinstance(response, Mapping):
        return invalid("Choose an answer and a reason.")
    picked = [response.get("answer"), response.get("reason")]
    if all(blank(choice) for choice in picked):
        return Result(UNANSWERED)
    for choice, name in zip(picked, ("an answer", "a reason"), strict=True):
        if blank(choice):
            return invalid(f"Choose {name} too.")
    answer, reason = _option(item.options, picked[0]), _option(item.reasons, picked[1])
    if answer is None or reason is None:
        return invalid("Choose an answer and a reason from the lists.")
    parts = {"answer": answer.correct, "reason": reason.correct}
    if all(parts.values()):
        return scored(1.0, [answer, reason], parts=parts)
    mistaken = [option for option in (answer, reason) if not option.correct]
    more = ["The answer holds, the reason does not."] if answer.correct else []
    return scored(0.5 if answer.correct else 0.0, mistaken, more, parts)
