"""An exercise and its check: unanswered, not yet (with the reason), correct."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, SupportsFloat

from pydantic import BaseModel, ConfigDict

from secretome_edu.ui.messages import BadValue, CourseError, as_text
from secretome_edu.ui.yaml_file import read_yaml

_HERE = Path(__file__).parent
_MOST_YIELDED = 10_000
STATES = ("unanswered", "invalid", "not_yet", "correct")


@dataclass(frozen=True)
class CheckResult:
    """What a check found.

    Parameters
    ----------
    state : str
        ``unanswered`` and ``invalid`` cost nothing; ``not_yet`` says what to look at; ``correct``.
    message : str
        One or two sentences in Markdown.
    """

    state: str
    message: str


@dataclass(frozen=True)
class AnswerField:
    """One labeled box of the form that answers an exercise without code."""

    name: str
    label: str
    unit: str = ""

    @property
    def shown(self) -> str:
        """The label with its unit as people write it."""
        from secretome_edu.models.writing import unit_text

        return f"{self.label} ({unit_text(self.unit)})" if self.unit else self.label


@dataclass(frozen=True)
class Task:
    """The part of an exercise that needs Python: how an answer is judged.

    Parameters
    ----------
    check : callable
        Takes the answer, returns an empty string when it is right, else what to look at.
    reference : callable
        Returns a right answer; the tests give it to the check.
    mistakes : mapping of str to callable
        Words the message must hold -> a wrong answer that must cause it. At least three.
    """

    check: Callable[[Any], str]
    reference: Callable[[], Any]
    mistakes: Mapping[str, Callable[[], Any]]


@dataclass(frozen=True)
class Exercise:
    """One exercise of a lesson: text from YAML, check from Python."""

    id: str
    lesson: str
    objective: str
    title: str
    prompt: str
    hints: tuple[str, ...]
    solution: str
    task: Task
    solution_code: str = ""
    fields: tuple[AnswerField, ...] = field(default=())

    def check(self, answer: Any) -> CheckResult:
        """Judge an answer; never raises.

        Parameters
        ----------
        answer : object
            ``None`` or ``...`` means not answered yet. An exercise with one field takes a
            number or text, one with several takes a dict by field name; one without fields
            takes whatever its prompt asks for (a function, a table).

        Returns
        -------
        CheckResult
        """
        if answer is None or answer is ...:
            return CheckResult("unanswered", self._how_to_answer())
        if self.fields:
            try:
                answer, missing = self._read(answer)
            except KeyboardInterrupt:
                raise  # the learner stopped it
            except BaseException as problem:
                missing = f"Your answer cannot be read: it stopped with `{_named(problem)}`."
            if missing:
                return CheckResult("invalid", missing)
        try:
            message = self.task.check(_finite(answer))
        except KeyboardInterrupt:
            raise
        except BaseException as problem:  # a learner's function may raise anything, even SystemExit
            return CheckResult(
                "not_yet",
                f"Your answer stopped with `{_named(problem)}`. "
                "Try it on one number first, then check again.",
            )
        if message:
            return CheckResult("not_yet", message)
        return CheckResult("correct", "That is right.")

    def _how_to_answer(self) -> str:
        if self.fields:
            return (
                "Not answered yet. Fill in the boxes if there are any, or set `answer` in the code "
                "and run it again."
            )
        return "Not answered yet. Write your answer in the code and run the cell again."

    def _read(self, answer: Any) -> tuple[Any, str]:
        given = answer if isinstance(answer, Mapping) else {self.fields[0].name: answer}
        if len(self.fields) > 1 and not isinstance(answer, Mapping):
            names = ", ".join(repr(f.name) for f in self.fields)
            return None, f"This answer needs one value each for {names}, as a dict or in the boxes."
        known = [box.name for box in self.fields]
        strange = [name for name in given if name not in known]
        if strange:
            names = ", ".join(map(repr, known))
            return None, f"There is no box named `{as_text(strange[0])[:40]}`; use {names}."
        values: dict[str, float] = {}
        for box in self.fields:
            value = given.get(box.name)
            if value is None or value is ... or (isinstance(value, str) and not value.strip()):
                return None, f"**{box.label}** is still empty."
            try:
                values[box.name] = read_number(value, box.unit)
            except ValueError as problem:
                return None, f"**{box.label}**: {problem}"
        return (values if len(self.fields) > 1 else values[self.fields[0].name]), ""


def _finite(answer: Any) -> Any:
    """Return what an iterator yields as a list: a check would wait for an endless one forever."""
    if not issubclass(type(answer), Iterator):
        return answer
    held = list(islice(answer, _MOST_YIELDED + 1))
    if len(held) > _MOST_YIELDED:
        raise BadValue(f"it yields more than {_MOST_YIELDED} values")
    return held


def read_number(value: Any, unit: str = "") -> float:
    """Return what a person typed, or a number from code, in ``unit``.

    Parameters
    ----------
    value : number or str
        ``0.5``, ``"1,5"``, ``"1.5e-3"``, ``"0.1 mm"`` for a unit of um.
    unit : str
        The unit the box asks for; a text may name another one of the same kind.

    Raises
    ------
    BadValue
        Says what could not be read and what can.

    Examples
    --------
    >>> read_number("0.1 mm", "um")
    100.0
    """
    from secretome_edu.quiz.numbers import parse_number

    if isinstance(value, str):
        if not unit and re.fullmatch(r"\s*\d{1,3}(,\d{3})+\s*", value):
            value = value.replace(",", "")  # a count, written as the course writes it
        read = parse_number(value)
        number = _in_unit(read.value, read.rest, unit) if read.rest else read.value
    else:
        number = _float(value)
    if not math.isfinite(number):
        raise BadValue("That is not a finite number; type one such as 12.5.")
    return number


def _float(value: Any) -> float:
    truth = isinstance(value, bool) or str(getattr(value, "dtype", "")) == "bool"
    several = bool(getattr(value, "ndim", False))
    if truth or several or not isinstance(value, SupportsFloat):
        raise BadValue(f"{type(value).__name__} is not a number; type one such as 12.5.")
    try:
        return float(value)
    except OverflowError:
        return math.inf
    except (TypeError, ValueError):
        raise BadValue(f"{type(value).__name__} is not a number; type one such as 12.5.") from None


def _in_unit(value: float, written: str, unit: str) -> float:
    from secretome_edu.quiz.units import convert, same_kind

    wanted = unit or "dimensionless"
    if same_kind(written, wanted):
        return convert(value, written, wanted)
    if not unit and same_kind(written, "cell"):
        return value  # a box that asks how many may be told of what
    if unit:
        raise BadValue(f"{written!r} does not measure what {unit!r} does; the box asks for {unit}.")
    raise BadValue(f"The box asks for a number without a unit; leave {written!r} out.")


def _named(problem: BaseException) -> str:
    """Return an error in a few words, whatever its own text does."""
    name = type(problem).__name__
    words = as_text(problem)[:200]
    return name if words in ("", name) else f"{name}: {words}"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Box(_Strict):
    name: str
    label: str
    unit: str = ""


class _Text(_Strict):
    """What the YAML file says of one exercise; see `Exercise`."""

    id: str
    objective: str
    title: str
    prompt: str
    fields: tuple[_Box, ...] = ()
    hints: tuple[str, ...]
    solution: str
    solution_code: str = ""


class _Texts(_Strict):
    exercises: tuple[_Text, ...]


def load_exercises(slug: str) -> dict[str, Exercise]:
    """Return the exercises of a lesson by id, in order; empty when it has none.

    Raises
    ------
    CourseError
        If the file does not follow the form, a text has no check or a check no text.
    """
    texts = exercise_texts(slug)
    if not texts:
        return {}
    tasks: dict[str, Task] = import_module(f"secretome_edu.exercises.{slug}").TASKS
    if {text.id for text in texts} != set(tasks):
        raise CourseError(
            f"exercises/{slug}.yaml describes {sorted(text.id for text in texts)} but "
            f"exercises/{slug}.py checks {sorted(tasks)}; every exercise needs both."
        )
    return {text.id: _join(text, slug, tasks[text.id]) for text in texts}


@lru_cache(maxsize=64)
def exercise_texts(slug: str) -> tuple[_Text, ...]:
    """Return what a lesson's exercises say (``.id``, ``.title``, ...), without what checks them.

    Examples
    --------
    >>> [text.id for text in exercise_texts("paracrine_reach")]
    ['e1', 'e2', 'e3']
    """
    file = _HERE / f"{slug}.yaml"
    if not re.fullmatch(r"\w+", slug) or not file.exists():
        return ()
    return read_yaml(file, _Texts).exercises


def _join(text: _Text, slug: str, task: Task) -> Exercise:
    boxes = tuple(AnswerField(**box.model_dump()) for box in text.fields)
    rest = text.model_dump(exclude={"fields"})
    return Exercise(lesson=slug, task=task, fields=boxes, **rest)
