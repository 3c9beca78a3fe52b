"""From an item with placeholders to an item with values: draws, computed values, texts.

A variant is named by its seed. The draw uses only ``random.Random(seed).random()``, whose
sequence Python guarantees, so a frozen seed means the same numbers for ever.
"""

from __future__ import annotations

import random
import re
from typing import Any

from secretome_edu.quiz.expressions import evaluate
from secretome_edu.quiz.items import TYPES, Item
from secretome_edu.quiz.parts import Parameter, Source
from secretome_edu.ui.messages import BadValue, CourseError

_PLACEHOLDER = re.compile(r"\{\{(.+?)\}\}")


def is_open(item: Item) -> bool:
    """Tell whether an item still has values to fill in."""
    answer = getattr(item, "answer", None)
    return bool(item.parameters or item.computed or (answer is not None and answer.value is None))


def seeds_of(item: Item) -> list[int | None]:
    """Return the names of an item's variants: its seeds, or None for an item without."""
    return [*item.seeds] or [None]


def realize(item: Item, variant: int | None = None) -> Item:
    """Return the item with every value drawn, computed and written into its texts.

    Parameters
    ----------
    item : Item
        Any item; one without open values is returned as it is.
    variant : int, optional
        One of the item's frozen seeds; the first if omitted.

    Raises
    ------
    BadValue
        If the seed is not one of the item's, or a value or text cannot be filled in.
    """
    if not is_open(item):
        return item
    if item.seeds and variant is None:
        variant = item.seeds[0]
    if variant is not None and variant not in item.seeds:
        raise BadValue(f"Item {item.id}: variant {variant!r} is not one of its seeds {item.seeds}.")
    values = _draw(item.parameters, variant)
    try:
        for name, source in item.computed.items():
            values[name] = value_of(source, values)
        filled = {
            name: _fill(content, values)
            for name, content in item.model_dump(exclude_unset=True).items()
            if name not in ("parameters", "computed", "seeds", "type")
        }
        if "answer" in filled:
            filled["answer"] = {"value": _number(value_of(item.answer, values))}  # type: ignore[union-attr]
        for pattern in filled.get("wrong_numbers", []):
            if pattern.get("expression") is not None:
                pattern["value"] = _number(evaluate(pattern.pop("expression"), values))
        for option in filled.get("options", []) + filled.get("reasons", []):
            if option.get("correct_when") is not None:
                option["correct"] = bool(evaluate(option.pop("correct_when"), values))
    except CourseError as problem:
        place = f" (seed {variant})" if variant is not None else ""
        raise BadValue(f"Item {item.id}{place}: {problem}") from None
    try:
        return TYPES[item.type].model_validate({**filled, "type": item.type})  # type: ignore[return-value]
    except ValueError as problem:
        why = "; ".join(error["msg"] for error in problem.errors())  # type: ignore[attr-defined]
        raise BadValue(f"Item {item.id} (seed {variant}): {why}") from None


def value_of(source: Source, values: dict[str, Any]) -> Any:
    """Return what a source says: its value, its expression's, or its function's result."""
    if source.value is not None:
        return source.value
    if source.expression is not None:
        return evaluate(source.expression, values)
    from secretome_edu.quiz.computed import call

    arguments = {name: _argument(part, values) for name, part in source.arguments.items()}
    return call(str(source.function), arguments)


def _draw(parameters: dict[str, Parameter], seed: int | None) -> dict[str, Any]:
    generator = random.Random(seed)
    return {name: _pick(parameter, generator.random()) for name, parameter in parameters.items()}


def _pick(parameter: Parameter, share: float) -> float:
    if parameter.choices is not None:
        return _plain(parameter.choices[int(share * len(parameter.choices))])
    low, high, step = parameter.low, parameter.high, parameter.step
    assert low is not None
    assert high is not None
    assert step is not None
    count = int((high - low) / step + 1e-9) + 1
    return _plain(round(low + int(share * count) * step, 12))


def _plain(value: float) -> float:
    return int(value) if float(value).is_integer() and abs(value) < 1e15 else value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadValue(f"the answer must be a number, not {value!r}")
    return float(value)


def _fill(content: Any, values: dict[str, Any]) -> Any:
    """Return content with every ``{{expression}}`` in its texts written out."""
    if isinstance(content, str):
        return _PLACEHOLDER.sub(lambda found: _written(evaluate(found[1], values)), content)
    if isinstance(content, dict):
        return {name: _fill(part, values) for name, part in content.items()}
    if isinstance(content, list):
        return [_fill(part, values) for part in content]
    return content


def _argument(content: Any, values: dict[str, Any]) -> Any:
    """Return an argument: one whole placeholder keeps its kind, a number stays a number."""
    whole = _PLACEHOLDER.fullmatch(content.strip()) if isinstance(content, str) else None
    return evaluate(whole[1], values) if whole else _fill(content, values)


def _written(value: Any) -> str:
    """Write a value into a text: whole numbers as they are, others to four figures."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e6 else f"{value:.4g}"
