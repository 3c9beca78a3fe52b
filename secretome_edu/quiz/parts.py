"""What questions are made of: texts, options, evidence, values, and what all items share."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

POOLS = (
    "warmup", "prediction", "quiz", "part_quiz", "pretest", "posttest", "exercise",
)  # fmt: skip
Pool = Literal["warmup", "prediction", "quiz", "part_quiz", "pretest", "posttest", "exercise"]
Bloom = Literal["remember", "understand", "apply", "analyze", "evaluate", "create"]


def _no_truth_value(value: Any) -> Any:
    # Python counts True as 1; in a bank "value: yes" is a slip, not a number.
    if isinstance(value, bool):
        raise ValueError("a number is needed, not true or false")
    return value


Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$", max_length=64)]
Real = Annotated[float, BeforeValidator(_no_truth_value), Field(allow_inf_nan=False)]
Whole = Annotated[int, BeforeValidator(_no_truth_value)]
MisconceptionId = Annotated[str, StringConstraints(pattern=r"^M\d{2,3}$")]


class Part(BaseModel):
    """The base of everything in a bank: no unknown fields, no change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Evidence(Part):
    """Where the key comes from and how far to trust it."""

    reference: Text
    strength: Literal["established", "emerging", "contested"]
    as_of: datetime.date
    claim: Text | None = None


class Section(Part):
    """The place in the course that repairs a misunderstanding."""

    lesson: Slug
    section: Text


class Media(Part):
    """A picture beside the stem: a PNG or SVG file in ``banks/media`` and what it shows."""

    file: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+\.(png|svg)$")]
    alt: str = ""


class Wrong(Part):
    """What to say to one particular wrong answer."""

    feedback: Text | None = None
    misconception: MisconceptionId | None = None
    review: Section | None = None


class Option(Wrong):
    """One choice. ``correct_when`` is an expression of the item's values, for computed keys."""

    id: Slug
    text: Text
    correct: bool = False
    correct_when: Text | None = None
    pin: Literal["last"] | None = None


class Parameter(Part):
    """A value drawn once per frozen seed: one of ``choices``, or low to high in steps."""

    choices: Annotated[list[Real], Field(min_length=2)] | None = None
    low: Real | None = None
    high: Real | None = None
    step: Real | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Parameter:
        grid = (self.low, self.high, self.step)
        if (self.choices is None) == (grid == (None, None, None)):
            raise ValueError("give either choices or low, high and step")
        if self.choices is None:
            if None in grid:
                raise ValueError("low, high and step are needed together")
            if not (self.low < self.high and self.step > 0):  # type: ignore[operator]
                raise ValueError("low must be below high and step above 0")
        return self


class Source(Part):
    """A value: written, an expression of other values, or a registered function."""

    value: Real | None = None
    expression: Text | None = None
    function: Slug | None = None
    arguments: dict[str, str | Real | dict[str, str | Real]] = {}

    @model_validator(mode="after")
    def _one_way(self) -> Source:
        if sum(x is not None for x in (self.value, self.expression, self.function)) != 1:
            raise ValueError("give exactly one of value, expression and function")
        if self.arguments and self.function is None:
            raise ValueError("arguments go with function only")
        return self


class ItemBase(Part):
    """What all items share."""

    id: Slug
    pool: Pool
    objective: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*\.\d+$")]
    bloom: Bloom
    stem: Text
    media: list[Media] = []
    hints: list[Text] = []
    solution: Text
    topic: Literal["science", "course"] = "science"
    evidence: list[Evidence] = []
    review: Section | None = None
    feedback_incorrect: Text | None = None
    attempts: Annotated[Whole, Field(ge=1, le=20)] | None = None
    confidence: bool = True
    parameters: dict[Slug, Parameter] = {}
    computed: dict[Slug, Source] = {}
    seeds: list[Whole] = []

    @model_validator(mode="after")
    def _variants_agree(self) -> ItemBase:
        if bool(self.parameters) != bool(self.seeds):
            raise ValueError("parameters and seeds are needed together")
        distinct("seeds", self.seeds)
        both = set(self.parameters) & set(self.computed)
        if both:
            raise ValueError(f"{sorted(both)} is both a parameter and computed")
        return self


def plain(text: str) -> str:
    """Return a text reduced to what a learner tells apart: case, spaces and marks removed."""
    return re.sub(r"[\s*_`$]+", " ", text).strip().casefold()


def distinct(what: str, values: list[Any]) -> None:
    seen: set[Any] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"{what}: {value!r} is there twice; each must differ")
        seen.add(value)


def distinct_parts(name: str, parts: list[Any]) -> None:
    distinct(f"{name} id", [part.id for part in parts])
    distinct(f"{name} text", [plain(part.text) for part in parts])


def one_right(name: str, options: list[Option]) -> None:
    distinct_parts(name, options)
    if any(option.correct_when for option in options):
        return  # known only when realized
    right = sum(option.correct for option in options)
    if right != 1:
        raise ValueError(f"{name}: exactly one option must be correct, {right} are")
