"""What grading returns: a state, a score and what to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from secretome_edu.quiz.parts import Section, Wrong

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
        misconceptions=tuple(dict.fromkeys(w.misconception for w in said if w.misconception)),
        review=tuple(dict.fromkeys(w.review for w in said if w.review)),
    )


def blank(response: Any) -> bool:
    """Tell whether nothing was answered."""
    if isinstance(response, str):
        return not response.strip()
    return response is None or (isinstance(response, (list, tuple, dict)) and not response)


def counted(number: int, one: str, several: str) -> str:
    """Return a number with the word that fits it."""
    return f"{number} {one if number == 1 else several}"
