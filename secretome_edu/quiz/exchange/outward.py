"""From an item of the course to questions of another system, and what is lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from secretome_edu.quiz import items as kinds
from secretome_edu.quiz.bank import BANKS
from secretome_edu.quiz.exchange.key import MODEL_ANSWER, key_text, with_evidence
from secretome_edu.quiz.exchange.losses import Fates, content
from secretome_edu.quiz.exchange.question import (
    ANYTHING,
    CHOICE,
    ESSAY,
    MATCH,
    NUMBER,
    ORDER,
    SHORT,
    Answer,
    Picture,
    Question,
    Target,
    half_a_figure,
    number,
)
from secretome_edu.quiz.numeric import answer_of
from secretome_edu.quiz.parts import Option
from secretome_edu.quiz.units import pretty
from secretome_edu.quiz.variants import is_open, realize
from secretome_edu.ui import markup

_LISTS = ("options", "reasons", "pairs", "things", "wrong_numbers", "wrong_texts")
REASON = "-reason"  # behind the name of the second question of a two-tier item


def to_questions(item: kinds.Item, target: Target) -> tuple[list[Question], Fates]:
    """Return an item as one question (two for two tiers) and the fates of its parts.

    Parameters
    ----------
    item : Item
        As in the bank; a parametrized one is fixed at its first seed.
    target : Target
        What the other system can hold.
    """
    whole, fates = start(item)
    question = Question(
        CHOICE, item.id, whole.stem, number=item.id, tags=_tags(whole), hints=list(whole.hints),
        incorrect=whole.feedback_incorrect or "",
        explanation=with_evidence(whole.solution or "", whole.evidence),
    )  # fmt: skip
    questions = _WRITERS[item.type](whole, question, fates, target)
    _common(whole, questions, fates, target)
    return questions, fates


def start(item: kinds.Item) -> tuple[kinds.Item, Fates]:
    """Return the item with its values written in, and its fates: all kept but the drawing."""
    whole = realize(item)
    drawn = [name for name in ("parameters", "computed", "seeds") if getattr(item, name)]
    fates = Fates(item.id, [*content(whole), *drawn])
    if not is_open(item):
        return whole, fates
    seed = item.seeds[0] if item.seeds else None
    names = [*item.parameters, *item.computed]
    probe = item.model_copy(
        update={"stem": "\n".join(f"{name} = {{{{{name}}}}}" for name in names)}
    )
    values = ", ".join(realize(probe, seed).stem.split("\n")) if names else "nothing drawn"
    more = f"; {len(item.seeds) - 1} more variants are not written" if item.seeds else ""
    at = f"fixed at seed {seed} ({values}){more}" if item.seeds else f"written out ({values})"
    fates.degrade(at, "parameters", "computed")
    fates.drop(f"only the variant of seed {seed} is written", "seeds")
    return whole, fates


def _tags(item: kinds.Item) -> list[str]:
    tags = [f"pool:{item.pool}", f"objective:{item.objective}", f"bloom:{item.bloom}"]
    tags += ["topic:course"] if item.topic == "course" else []
    parts = [part for name in _LISTS for part in getattr(item, name, [])]
    slips = dict.fromkeys(getattr(part, "misconception", None) for part in parts)
    return [*tags, *(slip for slip in slips if slip)]


def _common(item: kinds.Item, questions: list[Question], fates: Fates, target: Target) -> None:
    """Say what no question of the other system can hold."""
    for name in (*_LISTS, "steps", "categories", "rubric"):
        fates.drop("the other system gives its own", f"{name}.id")
        fates.degrade("a tag of the question, not of this answer", f"{name}.misconception")
        fates.drop("points into the course", f"{name}.review")
    fates.drop("points into the course", "review")
    fates.drop("set for a whole quiz there, not for a question", "attempts", "confidence")
    hints = target.hints and all(question.kind != ESSAY for question in questions)
    if not hints:
        fates.drop(f"{target.name} has no hints for this kind of question", "hints")
    incorrect = target.incorrect and questions[0].kind in (CHOICE, MATCH, ORDER)
    if questions[0].kind not in (SHORT, NUMBER) and not incorrect:
        fates.drop(f"{target.name} has no feedback on all wrong answers here", "feedback_incorrect")
    for question in questions:
        question.hints = question.hints if hints else []
    if item.media and not target.pictures:
        fates.drop("a text file holds no pictures", "media")
    elif item.media:
        missing = [m.file for m in item.media if not (BANKS / "media" / m.file).is_file()]
        if missing:
            fates.drop(f"not in banks/media: {', '.join(missing)}", "media")
        there = [media for media in item.media if media.file not in missing]
        questions[0].pictures = [
            Picture(m.file, m.alt, (BANKS / "media" / m.file).read_bytes()) for m in there
        ]


# -- one writer per type -----------------------------------------------------------------------

Writer = Callable[[Any, Question, Fates, Target], list[Question]]


def _single(item: kinds.SingleChoice, q: Question, fates: Fates, target: Target) -> list[Question]:
    q.answers = [Answer(o.text, 100.0 * o.correct, o.feedback or "") for o in item.options]
    _pins(q, item.options, fates, target, "options")
    return [q]


def _multiple(
    item: kinds.MultipleChoice, q: Question, fates: Fates, target: Target
) -> list[Question]:
    right = iter(_shares(sum(o.correct for o in item.options)))
    wrong = iter(_shares(sum(not o.correct for o in item.options)))
    q.single = False
    q.answers = [
        Answer(o.text, next(right) if o.correct else -next(wrong), o.feedback or "")
        for o in item.options
    ]
    _pins(q, item.options, fates, target, "options")
    return [q]


def _shares(count: int) -> list[float]:
    """Return percentages that add up to 100 and are on Moodle's list of grades."""
    if count == 11:  # a hundred elevenths are not on the list
        return [10.0] * 9 + [5.0] * 2
    return [round(100 / count, 5)] * count


def _pins(q: Question, options: list[Option], fates: Fates, target: Target, name: str) -> None:
    if any(option.pin for option in options):
        q.shuffle = False
        why = "the options keep the order of the bank" if target.shuffle else "no such setting"
        fates.degrade(why, f"{name}.pin")


def _two_tier(item: kinds.TwoTier, q: Question, fates: Fates, target: Target) -> list[Question]:
    _single(item, q, fates, target)  # type: ignore[arg-type]
    second = Question(
        CHOICE, q.name + REASON, f"{item.stem}\n\n{item.reason_stem}", number=q.number + REASON,
        tags=q.tags, explanation=q.explanation,
        answers=[Answer(o.text, 100.0 * o.correct, o.feedback or "") for o in item.reasons],
    )  # fmt: skip
    _pins(second, item.reasons, fates, target, "reasons")
    q.grade = second.grade = 0.5
    worth = "half a mark each" if target.grade else "one mark each"
    fates.degrade(f"two questions, {worth}", "type")
    fates.degrade(f"in a second question, {second.name}", "reason_stem", "reasons.")
    return [q, second]


def _numeric(item: kinds.Numeric, q: Question, fates: Fates, target: Target) -> list[Question]:
    q.kind = NUMBER
    answer, tolerance = answer_of(item), item.tolerance
    right = Answer(number(answer), 100.0)
    if tolerance.absolute is not None:
        right.tolerance = tolerance.absolute
    elif tolerance.low is not None and tolerance.high is not None:
        middle = (tolerance.low + tolerance.high) / 2
        right = Answer(number(middle), 100.0, tolerance=(tolerance.high - tolerance.low) / 2)
        if target.interval:
            right.interval = (tolerance.low, tolerance.high)
        else:
            fates.degrade("as its middle and half its width", "tolerance")
        if middle != answer:
            fates.degrade("the middle of the accepted range stands for it", "answer")
    elif tolerance.relative is not None:
        right.tolerance = tolerance.relative * abs(answer)
        fates.degrade(f"as ± {right.tolerance:.4g}", "tolerance")
    else:
        right.tolerance = half_a_figure(answer, tolerance.significant_figures or 1)
        fates.degrade(f"as ± {right.tolerance:.4g}; figures are not counted", "tolerance")
    q.answers = [right, *(_slip(wrong, item) for wrong in item.wrong_numbers)]
    if q.incorrect:
        q.answers.append(Answer(ANYTHING, 0.0, q.incorrect))
    if item.unit and target.units:
        q.units, q.unit_shown = [pretty(item.unit)], item.unit_given
        if not item.unit_given:  # the learner may write um for µm
            q.units = list(dict.fromkeys([item.unit, *q.units]))
            fates.degrade("only this unit is accepted; without it half the marks", "unit")
    elif item.unit:
        q.stem += f"\n\nGive the number in {pretty(item.unit)}, without the unit."
        fates.degrade("the unit is written under it", "stem")
        fates.degrade("written under the question", "unit", "unit_given")
    return [q]


def _slip(wrong: kinds.WrongNumber, item: kinds.Numeric) -> Answer:
    value, tolerance = wrong.value or 0.0, item.tolerance
    if tolerance.absolute is not None:
        spread = tolerance.absolute
    elif tolerance.significant_figures:
        spread = half_a_figure(value, tolerance.significant_figures)
    else:
        spread = (tolerance.relative or 0.01) * abs(value)
    return Answer(number(value), 0.0, wrong.feedback, tolerance=spread)


def _words(item: kinds.ShortText, q: Question, fates: Fates, target: Target) -> list[Question]:
    q.kind = SHORT
    q.answers = [Answer(text, 100.0) for text in item.accept]
    for wrong in item.wrong_texts:
        q.answers += [Answer(text, 0.0, wrong.feedback) for text in wrong.text]
    if q.incorrect:
        q.answers.append(Answer(ANYTHING, 0.0, q.incorrect))
    fates.drop("an answer must be spelled exactly there; only case is ignored", "typos")
    return [q]


def _matching(item: kinds.Matching, q: Question, fates: Fates, target: Target) -> list[Question]:
    q.kind = MATCH
    q.pairs = [(pair.prompt, markup.to_text(pair.match)) for pair in item.pairs]
    q.pairs += [("", markup.to_text(text)) for text in item.extra_matches]
    fates.drop("rows have no feedback of their own there", "pairs.feedback")
    return [q]


def _categorize(
    item: kinds.Categorize, q: Question, fates: Fates, target: Target
) -> list[Question]:
    q.kind = MATCH
    names = {category.id: markup.to_text(category.text) for category in item.categories}
    used = [names[thing.category] for thing in item.things]
    q.pairs = list(zip([thing.text for thing in item.things], used, strict=True))
    q.pairs += [("", name) for name in names.values() if name not in used]
    fates.drop("rows have no feedback of their own there", "things.feedback")
    if len(set(used)) == len(used):
        fates.degrade("a matching question: no category is used twice", "type", "things.",
                      "categories.")  # fmt: skip
    elif list(dict.fromkeys(name for _, name in q.pairs)) != list(names.values()):
        fates.degrade("in another order", "categories.text")
    return [q]


def _ordering(item: kinds.Ordering, q: Question, fates: Fates, target: Target) -> list[Question]:
    fates.drop("the order counts inside a group, too", "interchangeable")
    if target.ordering:
        q.kind = ORDER
        q.answers = [Answer(step.text, 100.0) for step in item.steps]
    else:
        q.kind = MATCH
        q.pairs = [(step.text, str(place)) for place, step in enumerate(item.steps, 1)]
        fates.degrade("a matching question: each step and its place", "type", "steps.text")
    return [q]


def _open(item: kinds.OpenAnswer, q: Question, fates: Fates, target: Target) -> list[Question]:
    q.kind = ESSAY
    if target.key:
        q.key = key_text(item)
    else:
        q.explanation += f"\n\n{MODEL_ANSWER}\n\n{key_text(item)}"
    return [q]


def _prediction(
    item: kinds.Prediction, q: Question, fates: Fates, target: Target
) -> list[Question]:
    q.grade = 0.0
    q.explanation = with_evidence(item.explanation or "", item.evidence)
    marks = "no marks" if target.grade else "full marks"
    if item.form == "choice":
        q.answers = [Answer(option.text, 100.0) for option in item.options]
    elif item.form == "number":
        q.kind, q.answers = NUMBER, [Answer(ANYTHING, 100.0)]
    else:
        q.kind = ESSAY
        marks = "graded by hand"
    fates.degrade(f"a graded question in which every answer counts as right; {marks}", "type")
    if item.unit:
        q.stem += f"\n\nGive the number in {pretty(item.unit)}, without the unit."
        fates.degrade("the unit is written under it", "stem")
        fates.degrade("written under the question", "unit")
    return [q]


_WRITERS: dict[str, Writer] = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "numeric": _numeric,
    "short_text": _words,
    "matching": _matching,
    "ordering": _ordering,
    "categorize": _categorize,
    "two_tier": _two_tier,
    "open_answer": _open,
    "prediction": _prediction,
}
