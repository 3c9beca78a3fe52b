"""From an item and a response to a result: pure, no clock, no chance, never an exception.

Invalid is not wrong: what cannot be read costs nothing and says what is missing. Choosing
everything, nothing or always the same scores 0. A wrong try never holds the text of a right option.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from secretome_edu.quiz.arranging import grade_categorize, grade_matching, grade_ordering
from secretome_edu.quiz.choosing import grade_multiple, grade_single, grade_two_tier
from secretome_edu.quiz.items import Item, OpenAnswer, Prediction
from secretome_edu.quiz.numeric import grade_numeric, read
from secretome_edu.quiz.result import (
    CORRECT,
    INCORRECT,
    INVALID,
    NOTED,
    PARTIAL,
    STATES,
    UNANSWERED,
    Result,
    blank,
    invalid,
    scored,
)  # fmt: skip
from secretome_edu.quiz.variants import realize
from secretome_edu.quiz.words import grade_words

__all__ = [
    "CORRECT", "INCORRECT", "INVALID", "NOTED", "PARTIAL", "STATES", "UNANSWERED", "Result",
    "grade",
]  # fmt: skip


def grade(item: Item, response: Any, variant: int | None = None) -> Result:
    """Grade one response.

    Parameters
    ----------
    item : Item
        From `quiz.bank.load_bank`.
    response : object
        Option id (single choice, prediction), list of option ids (multiple choice), text
        (numeric, short text), ``{pair id: match id}`` (matching), list of step ids (ordering),
        ``{thing id: category id}`` (categorize), ``{"answer": id, "reason": id}`` (two tier),
        ``{"text": text, "met": [criterion ids]}`` (open answer). Anything else is invalid.
    variant : int, optional
        Frozen seed of a parametrized item; the first if omitted.

    Returns
    -------
    Result
        Never raises for any response.

    Examples
    --------
    >>> from secretome_edu.quiz.items import SingleChoice
    >>> item = SingleChoice(id="q", type="single_choice", pool="quiz", objective="a.1",
    ...     bloom="remember", stem="2 + 2?", solution="4", options=[
    ...     {"id": "four", "text": "4", "correct": True}, {"id": "five", "text": "5"}])
    >>> grade(item, "four").state, grade(item, None).state, grade(item, 7).state
    ('correct', 'unanswered', 'invalid')
    """
    whole = realize(item, variant)
    result = _GRADERS[whole.type](whole, response)
    if result.state in (INCORRECT, PARTIAL):
        if not result.feedback and whole.feedback_incorrect:
            result = replace(result, feedback=(whole.feedback_incorrect,))
        if not result.review and whole.review:
            result = replace(result, review=(whole.review,))
    return result


def _open(item: OpenAnswer, response: Any) -> Result:
    given = response if isinstance(response, Mapping) else {"text": response}
    text, met = given.get("text"), given.get("met")
    if blank(text):
        return Result(UNANSWERED)
    if not isinstance(text, str):
        return invalid("Write your answer in words.")
    if met is None:
        return invalid("Compare with the model answer and tick what yours says.")
    points = {criterion.id: criterion.points for criterion in item.rubric}
    if not isinstance(met, (list, tuple)) or not all(
        isinstance(name, str) and name in points for name in met
    ):
        return invalid("Tick criteria from the rubric.")
    parts = {name: name in set(met) for name in points}
    if all(parts.values()):
        return scored(1.0, parts=parts)
    more = [f"Your answer says {sum(parts.values())} of {len(parts)} things."]
    return scored(sum(points[n] for n in set(met)) / sum(points.values()), more=more, parts=parts)


def _prediction(item: Prediction, response: Any) -> Result:
    if blank(response):
        return Result(UNANSWERED, max_score=0.0)
    if item.form == "choice":
        if not isinstance(response, str) or response not in {o.id for o in item.options}:
            return Result(INVALID, max_score=0.0, feedback=("Choose one of the options.",))
    elif item.form == "number":
        problem = read(response)
        if isinstance(problem, str):
            return Result(INVALID, max_score=0.0, feedback=(problem,))
    elif not isinstance(response, str):
        return Result(INVALID, max_score=0.0, feedback=("Write your guess in words.",))
    return Result(NOTED, max_score=0.0)


_GRADERS: dict[str, Callable[[Any, Any], Result]] = {
    "single_choice": grade_single,
    "multiple_choice": grade_multiple,
    "numeric": grade_numeric,
    "short_text": grade_words,
    "matching": grade_matching,
    "ordering": grade_ordering,
    "categorize": grade_categorize,
    "two_tier": grade_two_tier,
    "open_answer": _open,
    "prediction": _prediction,
}
