"""What to say after an answer, as Markdown paragraphs: the same words in every interface."""

from __future__ import annotations

from dataclasses import dataclass

from secretome_edu.quiz import items as kinds
from secretome_edu.quiz.items import Item
from secretome_edu.quiz.numeric import answer_of
from secretome_edu.quiz.parts import Evidence, Section
from secretome_edu.quiz.result import CORRECT, INCORRECT, INVALID, NOTED, PARTIAL, Result
from secretome_edu.quiz.units import pretty

RECORDED = "recorded"
#: state -> icon and word; never a color alone.
WORDS = {
    CORRECT: ("✓", "Right"),
    PARTIAL: ("◐", "Partly right"),
    INCORRECT: ("✗", "Not yet"),
    INVALID: ("!", "Not counted"),
    NOTED: ("•", "Noted. Now explore."),
    RECORDED: ("•", "Recorded"),
}
#: Marks for confidence 1, 2, 3: when right, and when not (Gardner-Medwin's scheme).
CONFIDENCE: dict[int | None, tuple[str, int, int]] = {
    1: ("a guess", 1, 0),
    2: ("fairly sure", 2, -2),
    3: ("certain", 3, -6),
}


@dataclass(frozen=True)
class Correction:
    """A misunderstanding, what holds instead, and who says so."""

    misconception: str
    correction: str
    source: str


def correction_of(misconception_id: str) -> Correction | None:
    """Return a misconception's correction, or None if the data room does not know it."""
    from secretome_edu import data
    from secretome_edu.ui.messages import UnknownName

    try:
        found = data.misconception(misconception_id)
    except UnknownName:
        return None
    sources = "; ".join(str(data.cite(key)) for key in found.source_keys)
    return Correction(found.misconception, found.correction, sources)


def confidence_marks(state: str, confidence: int | None) -> int | None:
    """Return the confidence marks of an answer: 1, 2, 3 if right, else 0, -2, -6.

    Examples
    --------
    >>> confidence_marks("correct", 3), confidence_marks("incorrect", 3)
    (3, -6)
    """
    if confidence not in CONFIDENCE or state not in (CORRECT, PARTIAL, INCORRECT):
        return None
    _, right, wrong = CONFIDENCE[confidence]
    return right if state == CORRECT else wrong


def after_answer(result: Result, confidence: int | None = None) -> list[str]:
    """Return what to say to one answer, without the solution."""
    said = list(result.feedback)
    for misconception_id in result.misconceptions:
        found = correction_of(misconception_id)
        if found:
            said.append(
                f"**A common misunderstanding:** {found.misconception}. "
                f"**What holds:** {found.correction} ({found.source})."
            )
    if result.state != CORRECT:
        said += [_look_again(section) for section in result.review]
    marks = confidence_marks(result.state, confidence)
    if marks is not None and confidence is not None:
        said.append(f"You said: {CONFIDENCE[confidence][0]} ({marks:+d} confidence marks).")
    return said


def solution(item: Item) -> list[str]:
    """Return the answer, the worked solution and the evidence of a realized item."""
    if isinstance(item, kinds.Prediction):
        return []
    said = [f"**Answer:** {answer_text(item)}", item.solution]
    return said + [evidence_line(evidence) for evidence in item.evidence]


def evidence_line(evidence: Evidence) -> str:
    """Return the reference, the strength and the date of a piece of evidence."""
    claim = f"{evidence.claim} " if evidence.claim else ""
    return (
        f"**Evidence:** {claim}{_short(evidence.reference)} "
        f"({evidence.strength}, as of {evidence.as_of.isoformat()})."
    )


def _short(reference: str) -> str:
    from secretome_edu import data
    from secretome_edu.ui.messages import UnknownName

    try:
        return str(data.cite(reference))
    except UnknownName:
        return reference


def _look_again(section: Section) -> str:
    return f"**Look again at:** {section.section} (lesson {section.lesson.replace(chr(95), ' ')})."


def answer_text(item: Item) -> str:
    """Return the right answer of a realized item as one line of Markdown."""
    if isinstance(item, kinds.SingleChoice | kinds.MultipleChoice):
        return "; ".join(option.text for option in item.options if option.correct)
    if isinstance(item, kinds.TwoTier):
        both = [o.text for o in [*item.options, *item.reasons] if o.correct]
        return f"{both[0]}. {item.reason_stem}: {both[1]}"
    if isinstance(item, kinds.Numeric):
        unit = f" {pretty(item.unit)}" if item.unit else ""
        low, high = item.tolerance.low, item.tolerance.high
        spread = f" (from {low:g} to {high:g} is accepted)" if low is not None else ""
        return f"{answer_of(item):.4g}{unit}{spread}"
    if isinstance(item, kinds.ShortText):
        return item.accept[0]
    if isinstance(item, kinds.Matching):
        return "; ".join(f"{pair.prompt} → {pair.match}" for pair in item.pairs)
    if isinstance(item, kinds.Categorize):
        names = {category.id: category.text for category in item.categories}
        return "; ".join(f"{thing.text} → {names[thing.category]}" for thing in item.things)
    if isinstance(item, kinds.Ordering):
        return "; ".join(f"{n}. {step.text}" for n, step in enumerate(item.steps, 1))
    if isinstance(item, kinds.OpenAnswer):
        return item.model_answer
    return ""
