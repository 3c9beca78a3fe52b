"""From an item and a response to a result: pure, no clock, no chance, never an exception.

Invalid is not wrong: what cannot be read costs nothing and says what is missing. Choosing
everything, nothing or always the same scores 0. A wrong try never holds the text of a right option.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from secretome_edu.quiz import items as kinds
from secretome_edu.quiz.items import Item, Section, Wrong
from secretome_edu.quiz.variants import realize

UNANSWERED, INVALID, INCORRECT = "unanswered", "invalid", "incorrect"
PARTIAL, CORRECT, NOTED = "partial", "correct", "noted"
#: The states of a graded response; a prediction, which has no right answer, is ``noted``.
STATES = (UNANSWERED, INVALID, INCORRECT, PARTIAL, CORRECT, NOTED)


@dataclass(frozen=True)
class Result:
    """What a response is worth and what to say about it.

    Attributes
    ----------
    state : str
        One of `STATES`.
    score, max_score : float
        ``max_score`` is 1, or 0 for a prediction.
    parts : dict
        Part id -> right or not, for items with several parts.
    feedback : tuple of str
        Markdown for the learner, most important first.
    misconceptions : tuple of str
        Ids of the misunderstandings the response shows.
    review : tuple of Section
        Where the course repairs them.
    """

    state: str
    score: float = 0.0
    max_score: float = 1.0
    parts: Mapping[str, bool] = field(default_factory=dict)
    feedback: tuple[str, ...] = ()
    misconceptions: tuple[str, ...] = ()
    review: tuple[Section, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether the response uses up an attempt."""
        return self.state in (INCORRECT, PARTIAL, CORRECT)


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
    if result.state in (INCORRECT, PARTIAL) and not result.feedback and whole.feedback_incorrect:
        return _with_feedback(result, (whole.feedback_incorrect,), whole)
    return _with_feedback(result, result.feedback, whole)


def _with_feedback(result: Result, feedback: tuple[str, ...], item: Item) -> Result:
    review = result.review
    if not review and item.review and result.state in (INCORRECT, PARTIAL):
        review = (item.review,)
    return Result(
        result.state, result.score, result.max_score, result.parts, feedback,
        tuple(dict.fromkeys(result.misconceptions)), tuple(dict.fromkeys(review)),
    )  # fmt: skip


def invalid(message: str) -> Result:
    """Return a result that costs nothing and says what is missing."""
    return Result(INVALID, feedback=(message,))


def scored(
    score: float,
    said: Iterable[Wrong] = (),
    more: Iterable[str] = (),
    parts: Mapping[str, bool] | None = None,
) -> Result:
    """Return a result for a readable response; the state follows from the score."""
    said = list(said)
    state = CORRECT if score >= 1 else INCORRECT if score <= 0 else PARTIAL
    return Result(
        state,
        min(1.0, max(0.0, score)),
        parts=parts or {},
        feedback=tuple(more) + tuple(w.feedback for w in said if w.feedback),
        misconceptions=tuple(w.misconception for w in said if w.misconception),
        review=tuple(w.review for w in said if w.review),
    )


def blank(response: Any) -> bool:
    """Tell whether nothing was answered."""
    if isinstance(response, str):
        return not response.strip()
    return response is None or (isinstance(response, (list, tuple, dict)) and not response)


def _single(item: kinds.SingleChoice, response: Any) -> Result:
    if blank(response):
        return Result(UNANSWERED)
    chosen = _option(item.options, response)
    if chosen is None:
        return invalid("Choose one of the options.")
    return scored(float(chosen.correct), [chosen])


def _option(options: list[kinds.Option], response: Any) -> kinds.Option | None:
    return next((o for o in options if isinstance(response, str) and o.id == response), None)


def _multiple(item: kinds.MultipleChoice, response: Any) -> Result:
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
    more = [_count(len(mistaken), "tick does", "ticks do") + " not belong."] if mistaken else []
    more += ["Something is still missing."] if missing else []
    parts = {option.id: (option.id in ticked) == option.correct for option in item.options}
    return scored(score, mistaken, more, parts)


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


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
        return invalid(_count(open_rows, "row has", "rows have") + " no choice yet.")
    parts = {name: given[name] == choice for name, choice in expected.items()}
    if all(parts.values()):
        return scored(1.0, parts=parts)
    mistaken = [row for row in rows if not parts[row.id]]
    more = [f"{sum(parts.values())} of {len(parts)} rows are right."]
    return scored(share_above_constant(expected, given), mistaken, more, parts)


def match_ids(item: kinds.Matching) -> dict[str, str]:
    """Return match id -> text: a pair's id for its match, ``+1``, ``+2`` for the extra ones."""
    own = {pair.id: pair.match for pair in item.pairs}
    return own | {f"+{n}": text for n, text in enumerate(item.extra_matches, 1)}


def _matching(item: kinds.Matching, response: Any) -> Result:
    return _sorted_rows(item.pairs, {p.id: p.id for p in item.pairs}, match_ids(item), response)


def _categorize(item: kinds.Categorize, response: Any) -> Result:
    expected = {thing.id: thing.category for thing in item.things}
    return _sorted_rows(item.things, expected, [c.id for c in item.categories], response)


def _ordering(item: kinds.Ordering, response: Any) -> Result:
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


def _two_tier(item: kinds.TwoTier, response: Any) -> Result:
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


def _open(item: kinds.OpenAnswer, response: Any) -> Result:
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


def _prediction(item: kinds.Prediction, response: Any) -> Result:
    if blank(response):
        return Result(UNANSWERED, max_score=0.0)
    if item.form == "choice":
        if not isinstance(response, str) or response not in {o.id for o in item.options}:
            return Result(INVALID, max_score=0.0, feedback=("Choose one of the options.",))
    elif item.form == "number":
        from secretome_edu.quiz.numeric import read

        problem = read(response)
        if isinstance(problem, str):
            return Result(INVALID, max_score=0.0, feedback=(problem,))
    elif not isinstance(response, str):
        return Result(INVALID, max_score=0.0, feedback=("Write your guess in words.",))
    return Result(NOTED, max_score=0.0)


def _numeric(item: kinds.Numeric, response: Any) -> Result:
    from secretome_edu.quiz.numeric import grade_numeric

    return grade_numeric(item, response)


def _short(item: kinds.ShortText, response: Any) -> Result:
    from secretome_edu.quiz.words import grade_words

    return grade_words(item, response)


_GRADERS: dict[str, Callable[[Any, Any], Result]] = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "numeric": _numeric,
    "short_text": _short,
    "matching": _matching,
    "ordering": _ordering,
    "categorize": _categorize,
    "two_tier": _two_tier,
    "open_answer": _open,
    "prediction": _prediction,
}
