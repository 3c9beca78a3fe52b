"""Functions a bank may name for a computed value: from the course's tables and models only.

A bank holds names, never code. Register a function here to make it available; it returns one
number or one text. Continuous integration calls them again, so an answer cannot go stale.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from secretome_edu.ui.messages import BadValue, UnknownName

Value = float | int | str
Function = TypeVar("Function", bound=Callable[..., Value])
_REGISTRY: dict[str, Callable[..., Value]] = {}


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


def _rows(table: str, column: str | None, equals: Any) -> Any:
    from secretome_edu.data import load

    frame = load(table)
    if column is None:
        return frame
    if column not in frame.columns:
        raise UnknownName("column", column, frame.columns, f"se.describe({table!r})")
    return frame[frame[column].astype(str) == str(equals)]


@register
def table_count(table: str, column: str | None = None, equals: Value | None = None) -> int:
    """Return how many rows a table has, or how many whose column equals a value."""
    return len(_rows(table, column, equals))


@register
def table_value(table: str, column: str, equals: Value, take: str) -> Value:
    """Return what the column ``take`` says in the only row whose ``column`` equals a value."""
    rows = _rows(table, column, equals)
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
def model_value(call: str, **arguments: Value) -> float:
    """Return a model's result; an argument given as text takes that parameter of the card.

    ``model_value("reach.point_source_3d", distance_um="cell_radius_um", ...)`` is the level at
    a cell's surface with the card's defaults.
    """
    from importlib import import_module

    model, _, name = call.partition(".")
    home = f"secretome_edu.models.{model}"
    try:
        function = getattr(import_module(home), name)
    except (ImportError, AttributeError):
        raise BadValue(f"There is no model function {call!r}.") from None
    made_in = getattr(function, "__module__", "")
    if not made_in.startswith("secretome_edu.models.") or name.startswith("_"):
        raise BadValue(f"{call!r} is not a function of a model.")  # a bank holds no code
    given = {k: card_value(model, v) if isinstance(v, str) else v for k, v in arguments.items()}
    return float(function(**given))
