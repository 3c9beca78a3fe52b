"""What a question is: one pydantic model per item type, told apart by ``type``.

Unknown fields are refused, contradictions are refused, and nothing here grades, shows or stores.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from secretome_edu.quiz.parts import (
    POOLS,
    ItemBase,
    Option,
    Part,
    Real,
    Slug,
    Source,
    Text,
    Whole,
    Wrong,
    distinct,
    distinct_parts,
    one_right,
    plain,
)  # fmt: skip
from secretome_edu.ui.messages import UnknownName


class SingleChoice(ItemBase):
    """One right option among several."""

    type: Literal["single_choice"]
    options: Annotated[list[Option], Field(min_length=2, max_length=10)]

    @model_validator(mode="after")
    def _key(self) -> SingleChoice:
        one_right("options", self.options)
        return self


class MultipleChoice(ItemBase):
    """Any number of right options, and at least one wrong one."""

    type: Literal["multiple_choice"]
    options: Annotated[list[Option], Field(min_length=2, max_length=12)]

    @model_validator(mode="after")
    def _key(self) -> MultipleChoice:
        distinct_parts("options", self.options)
        if not any(option.correct_when for option in self.options):
            right = sum(option.correct for option in self.options)
            if not 0 < right < len(self.options):
                raise ValueError(
                    "options: at least one must be correct and at least one wrong, "
                    f"{right} of {len(self.options)} are correct"
                )
        return self


class Tolerance(Part):
    """How near is right: absolute, relative, significant figures, or a range."""

    absolute: Annotated[Real, Field(ge=0)] | None = None
    relative: Annotated[Real, Field(gt=0, lt=1)] | None = None
    significant_figures: Annotated[Whole, Field(ge=1, le=8)] | None = None
    low: Real | None = None
    high: Real | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Tolerance:
        ways = [self.absolute, self.relative, self.significant_figures]
        given = sum(way is not None for way in ways)
        ranged = self.low is not None or self.high is not None
        if given + ranged != 1:
            raise ValueError("give one of absolute, relative, significant_figures, or low and high")
        if ranged and (self.low is None or self.high is None or self.low > self.high):
            raise ValueError("low and high are needed together, and low may not be above high")
        return self


class WrongNumber(Wrong):
    """A wrong number a known slip leads to, in the item's unit."""

    value: Real | None = None
    expression: Text | None = None
    feedback: Text

    @model_validator(mode="after")
    def _one_way(self) -> WrongNumber:
        if (self.value is None) == (self.expression is None):
            raise ValueError("give either value or expression")
        return self


class Numeric(ItemBase):
    """A number, with a unit the learner writes (or ``unit_given`` beside the box)."""

    type: Literal["numeric"]
    answer: Source
    unit: Text | None = None
    unit_given: bool = False
    tolerance: Tolerance
    wrong_numbers: list[WrongNumber] = Field(default_factory=list)

    @model_validator(mode="after")
    def _answer_in_range(self) -> Numeric:
        if self.unit_given and self.unit is None:
            raise ValueError("unit_given needs a unit")
        low, high, value = self.tolerance.low, self.tolerance.high, self.answer.value
        if low is not None and high is not None and value is not None and not low <= value <= high:
            raise ValueError(f"answer {value:g} is outside the accepted range {low:g} to {high:g}")
        return self


class WrongText(Wrong):
    """Wrong words that deserve their own feedback."""

    text: Annotated[list[Text], Field(min_length=1)]
    feedback: Text


class ShortText(ItemBase):
    """A word or a short phrase; case, hyphens, Greek letters and small typos do not matter."""

    type: Literal["short_text"]
    accept: Annotated[list[Text], Field(min_length=1)]
    typos: Annotated[Whole, Field(ge=0, le=2)] = 1
    wrong_texts: list[WrongText] = Field(default_factory=list)

    @model_validator(mode="after")
    def _not_both(self) -> ShortText:
        distinct("accept", [plain(text) for text in self.accept])
        wrong = {plain(text) for pattern in self.wrong_texts for text in pattern.text}
        both = wrong & {plain(text) for text in self.accept}
        if both:
            raise ValueError(f"{sorted(both)} is both accepted and wrong")
        return self


class Pair(Wrong):
    """One row of a matching item."""

    id: Slug
    prompt: Text
    match: Text


class Matching(ItemBase):
    """Each prompt has one match; ``extra_matches`` belong to none."""

    type: Literal["matching"]
    pairs: Annotated[list[Pair], Field(min_length=2, max_length=10)]
    extra_matches: list[Text] = Field(default_factory=list)

    @model_validator(mode="after")
    def _key(self) -> Matching:
        distinct("pairs id", [pair.id for pair in self.pairs])
        distinct("pairs prompt", [plain(pair.prompt) for pair in self.pairs])
        distinct("match", [plain(text) for text in self.matches])
        return self

    @property
    def matches(self) -> list[str]:
        """All texts that can be chosen, the right ones first."""
        return [pair.match for pair in self.pairs] + list(self.extra_matches)


class Step(Part):
    """One step of an ordering item."""

    id: Slug
    text: Text


class Ordering(ItemBase):
    """Steps written in the right order; each ``interchangeable`` group has no order inside."""

    type: Literal["ordering"]
    steps: Annotated[list[Step], Field(min_length=3, max_length=10)]
    interchangeable: list[list[Slug]] = Field(default_factory=list)

    @model_validator(mode="after")
    def _key(self) -> Ordering:
        distinct_parts("steps", self.steps)
        ids = [step.id for step in self.steps]
        flat = [name for group in self.interchangeable for name in group]
        distinct("interchangeable", flat)
        unknown = sorted(set(flat) - set(ids))
        if unknown:
            raise ValueError(f"interchangeable: {unknown} is not among the steps {ids}")
        for group in self.interchangeable:
            places = sorted(ids.index(name) for name in group)
            if len(places) < 2 or places[-1] - places[0] != len(places) - 1:
                raise ValueError("interchangeable: a group is two or more neighboring steps")
            if len(places) == len(ids):
                raise ValueError("interchangeable: not all steps may be one group")
        return self


class Category(Part):
    """A drawer to sort into."""

    id: Slug
    text: Text


class Thing(Wrong):
    """Something to sort, and the drawer it belongs to."""

    id: Slug
    text: Text
    category: Slug


class Categorize(ItemBase):
    """Sort each thing into one category."""

    type: Literal["categorize"]
    categories: Annotated[list[Category], Field(min_length=2, max_length=6)]
    things: Annotated[list[Thing], Field(min_length=2, max_length=12)]

    @model_validator(mode="after")
    def _key(self) -> Categorize:
        distinct_parts("categories", self.categories)
        distinct_parts("things", self.things)
        known = [category.id for category in self.categories]
        for thing in self.things:
            if thing.category not in known:
                raise ValueError(
                    f"things {thing.id}: category {thing.category!r} is not in {known}"
                )
        if len({thing.category for thing in self.things}) < 2:
            raise ValueError("things: at least two categories must be used")
        return self


class TwoTier(ItemBase):
    """An answer and the reason for it; full marks for both."""

    type: Literal["two_tier"]
    options: Annotated[list[Option], Field(min_length=2, max_length=8)]
    reason_stem: Text = "Because"
    reasons: Annotated[list[Option], Field(min_length=2, max_length=8)]

    @model_validator(mode="after")
    def _key(self) -> TwoTier:
        one_right("options", self.options)
        one_right("reasons", self.reasons)
        return self


class Criterion(Part):
    """One thing a good answer says, and what it is worth."""

    id: Slug
    text: Text
    points: Annotated[Real, Field(gt=0)] = 1.0


class OpenAnswer(ItemBase):
    """Free text, then the learner marks it against the rubric beside a model answer."""

    type: Literal["open_answer"]
    model_answer: Text
    rubric: Annotated[list[Criterion], Field(min_length=1, max_length=10)]
    solution: Text = "Compare with the model answer."

    @model_validator(mode="after")
    def _key(self) -> OpenAnswer:
        distinct_parts("rubric", self.rubric)
        return self


class Choice(Part):
    """Something to predict; not right, not wrong."""

    id: Slug
    text: Text


class Prediction(ItemBase):
    """A guess before exploring. It has no right answer, so it cannot be failed.

    ``explanation`` says what the model did; ``lesson.explain`` opens it after the guess.
    """

    type: Literal["prediction"]
    form: Literal["choice", "number", "text"] = "choice"
    options: list[Choice] = Field(default_factory=list)
    unit: Text | None = None
    explanation: Text | None = None
    solution: None = None  # type: ignore[assignment]
    confidence: bool = False

    @model_validator(mode="after")
    def _form(self) -> Prediction:
        if (self.form == "choice") != bool(self.options):
            raise ValueError("options are needed for form 'choice', and only there")
        if len(self.options) == 1:
            raise ValueError("options: at least two are needed")
        if self.unit is not None and self.form != "number":
            raise ValueError("unit goes with form 'number' only")
        distinct_parts("options", self.options)
        return self


Item = (
    SingleChoice | MultipleChoice | Numeric | ShortText | Matching | Ordering | Categorize
    | TwoTier | OpenAnswer | Prediction
)  # fmt: skip
TYPES: dict[str, type[ItemBase]] = {
    cls.model_fields["type"].annotation.__args__[0]: cls for cls in Item.__args__
}


class Bank(Part):
    """All items of one lesson."""

    schema_version: Literal[1]
    bank: Slug
    title: Text
    items: Annotated[list[Annotated[Item, Field(discriminator="type")]], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids(self) -> Bank:
        distinct("items id", [item.id for item in self.items])
        return self

    def pool(self, name: str) -> list[Item]:
        """Return the items of one pool, in the bank's order."""
        if name not in POOLS:
            raise UnknownName("pool", name, POOLS, "secretome_edu.quiz.items.POOLS")
        return [item for item in self.items if item.pool == name]

    def item(self, item_id: str) -> Item:
        """Return one item by its id."""
        for item in self.items:
            if item.id == item_id:
                return item
        ids = [item.id for item in self.items]
        raise UnknownName("item", item_id, ids, f"[i.id for i in load_bank({self.bank!r}).items]")
