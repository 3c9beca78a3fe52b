"""Functions a bank may name for a computed value: from the course's tables and models only.

A bank holds names, never code. Register a function here to make it available; it returns one
number or one text. Continuous integration calls them again, so an answer cannot go stale.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from secretome_edu.ui.messages import BadValue, UnknownName

Value = float | int | str
Function = TypeVar("Function", bound=Callable[..., Value])
_REGISTRY: dict[str, Callable[..., Value]] = {}
_STATISTICS = ("min", "max", "median", "mean", "sum", "nunique", "count")
_PICKS = ("max", "min", "mean", "first", "last")


def register(function: Function) -> Function:
    """Make a function available to banks under its own name."""
    _REGISTRY[function.__name__] = function
    return function


def names() -> list[str]:
    """Return the names of all registered functions."""
    return sorted(_REGISTRY)


def call(name: str, arguments: dict[str, Any]) -> Value:
    """Return the result of a registered function.

    Raises
    ------
    UnknownName
        If no function of that name is registered.
    BadValue
        If the arguments do not fit, or the function cannot answer.

    Examples
    --------
    >>> call("diffusion_length_um", {"diffusivity_um2_per_s": 100.0, "loss_per_s": 0.01})
    100.0
    """
    if name not in _REGISTRY:
        raise UnknownName("computed function", name, names(), "quiz.computed.names()")
    function = _REGISTRY[name]
    try:
        inspect.signature(function).bind(**arguments)
    except TypeError as problem:
        accepted = ", ".join(inspect.signature(function).parameters)
        given = ", ".join(arguments) or "nothing"
        raise BadValue(f"{name} accepts {accepted}; given is {given}: {problem}.") from None
    try:
        return function(**arguments)
    except (KeyError, ArithmeticError, TypeError) as problem:
        raise BadValue(f"{name} with {arguments}: {problem}.") from None


def _rows(
    table: str, where: Mapping[str, Value] | None = None, contains: Mapping[str, str] | None = None
) -> Any:
    from secretome_edu.data import load

    frame = load(table)
    unknown = [name for name in {**(where or {}), **(contains or {})} if name not in frame.columns]
    if unknown:
        raise UnknownName("column", unknown[0], frame.columns, f"se.describe({table!r})")
    for column, value in (where or {}).items():
        frame = frame[frame[column].astype(str) == str(value)]
    for column, part in (contains or {}).items():
        if not frame[column].map(lambda cell: isinstance(cell, tuple)).all():
            raise BadValue(f"{table}.{column} holds no lists; use where, not contains.")
        frame = frame[frame[column].map(lambda cell, part=part: part in cell)]
    return frame


@register
def table_count(
    table: str,
    column: str | None = None,
    equals: Value | None = None,
    where: dict[str, Value] | None = None,
    contains: dict[str, str] | None = None,
) -> int:
    """Return how many rows a table has, or how many fit.

    ``column`` and ``equals`` name one condition, ``where`` several; ``contains`` asks for one
    entry of a column whose cells are lists.
    """
    one = {} if column is None else {column: str(equals)}
    return len(_rows(table, {**one, **(where or {})}, contains))


@register
def table_stat(
    table: str,
    column: str,
    statistic: str,
    where: dict[str, Value] | None = None,
    contains: dict[str, str] | None = None,
) -> float:
    """Return the min, max, median, mean or sum of a column, or how many entries it has.

    ``count`` leaves empty cells out, ``nunique`` counts distinct entries.
    """
    if statistic not in _STATISTICS:
        raise UnknownName("statistic", statistic, _STATISTICS, "min, max, median, mean, sum")
    rows = _rows(table, {}, {})
    if column not in rows.columns:
        raise UnknownName("column", column, rows.columns, f"se.describe({table!r})")
    values = _rows(table, where, contains)[column].dropna()
    if values.empty:
        raise BadValue(f"{table} has no value of {column} in rows with {where or contains}.")
    return float(getattr(values, statistic)())


@register
def table_value(table: str, column: str, equals: Value, take: str) -> Value:
    """Return what the column ``take`` says in the only row whose ``column`` equals a value."""
    rows = _rows(table, {column: equals})
    if len(rows) != 1:
        raise BadValue(f"{table} has {len(rows)} rows with {column} = {equals!r}; one is needed")
    value = rows.iloc[0][take]
    return value.item() if hasattr(value, "item") else value


@register
def diffusion_length_um(diffusivity_um2_per_s: float, loss_per_s: float) -> float:
    """Return lambda = sqrt(D / k) in micrometers, the distance over which a signal falls e-fold."""
    return (diffusivity_um2_per_s / loss_per_s) ** 0.5


@register
def receptor_occupancy(ligand: float, kd: float, hill: float = 1.0) -> float:
    """Return the occupied share of receptors at equilibrium (`models.binding.occupancy`)."""
    from secretome_edu.models.binding import occupancy

    return float(occupancy(ligand, kd, hill))


@register
def card_value(card: str, parameter: str) -> float:
    """Return the default value of a parameter on a model card."""
    from secretome_edu.models.cards import model_card

    return float(model_card(card).parameter(parameter).value)


@register
def field_peak_level() -> float:
    """Return the highest level around one cell in the thin layer of the model ``field``."""
    from secretome_edu.models.field import Field2D

    edge, grid, depth, rate, diffusivity, decay = (
        float(card_value("field", name))
        for name in (
            "edge_um", "grid", "depth_um", "secretion_rate", "diffusivity_um2_s", "decay_per_s",
        )
    )  # fmt: skip
    cells = int(grid)
    layer = Field2D((cells, cells), edge / grid, diffusivity, decay, depth_um=depth)
    return float(layer.steady(([cells // 2], [cells // 2], [rate])).max())


@register
def model_value(
    call: str, take: str | None = None, pick: str | None = None, **arguments: Value
) -> float:
    """Return a model's result; an argument given as text takes that parameter of the card.

    ``model_value("reach.point_source_3d", distance_um="cell_radius_um", ...)`` is the level at
    a cell's surface with the card's defaults. ``take`` names an attribute of a result that has
    several (``bound.VEGFR2`` for an entry of one), ``pick`` one number of a series: max, min,
    mean, first or last.
    """
    from importlib import import_module

    model, _, name = call.partition(".")
    home = f"secretome_edu.models.{model}"
    try:
        function = getattr(import_module(home), name)
    except (ImportError, AttributeError) as missing:
        if isinstance(missing, ImportError) and missing.name != home:
            raise  # the model is there; what it needs is not installed
        raise BadValue(f"There is no model function {call!r}.") from None
    made_in = getattr(function, "__module__", "")
    if not made_in.startswith("secretome_edu.models.") or name.startswith("_"):
        raise BadValue(f"{call!r} is not a function of a model.")  # a bank holds no code
    given = {k: card_value(model, v) if isinstance(v, str) else v for k, v in arguments.items()}
    return _one_number(call, function(**given), take, pick)


def _public(result: Any) -> dict[str, Any]:
    names = (name for name in dir(result) if not name.startswith("_"))
    return {name: getattr(result, name) for name in names}


def _one_number(call: str, result: Any, take: str | None, pick: str | None) -> float:
    import numpy as np

    for part in take.split(".") if take else ():
        held = dict(result) if isinstance(result, Mapping) else _public(result)
        if part not in held:
            raise UnknownName(f"part of {call}", part, held, f"the docstring of {call}")
        result = held[part]
    series = np.asarray(result, dtype=float).ravel()
    if pick is None and series.size != 1:
        raise BadValue(f"{call} returns {series.size} numbers; say pick: {', '.join(_PICKS)}.")
    if pick not in (None, *_PICKS):
        raise UnknownName("pick", str(pick), _PICKS, ", ".join(_PICKS))
    at = {"first": series[0], "last": series[-1]}
    return float(at[pick] if pick in at else getattr(series, pick or "max")())
