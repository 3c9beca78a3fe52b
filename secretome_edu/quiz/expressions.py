"""Arithmetic from a bank, evaluated without ``eval``: a short list of allowed syntax and names."""

from __future__ import annotations

import ast
import math
import operator
import warnings
from collections.abc import Callable, Mapping
from numbers import Real
from typing import Any

from secretome_edu.ui.messages import BadValue

LONGEST = 300
_MOST_DIGITS = 20


def _round(value: float, digits: int | None = None) -> float:
    """Round, but not to a billion places: a whole number would be worked out to all of them."""
    if digits is not None and abs(digits) > _MOST_DIGITS:
        raise BadValue(f"round takes at most {_MOST_DIGITS} digits, not {digits}.")
    return round(value, digits)


_BINARY: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod,
    ast.Pow: lambda base, power: float(base) ** float(power),  # floats overflow, ints would hang
}  # fmt: skip
_UNARY: dict[type[ast.AST], Callable[[Any], Any]] = {
    ast.UAdd: operator.pos, ast.USub: operator.neg, ast.Not: operator.not_,
}  # fmt: skip
_COMPARE: dict[type[ast.AST], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sqrt": math.sqrt, "exp": math.exp, "log": math.log, "log10": math.log10, "log2": math.log2,
    "abs": abs, "round": _round, "min": min, "max": max, "floor": math.floor, "ceil": math.ceil,
}  # fmt: skip
CONSTANTS = {"pi": math.pi, "e": math.e}


def evaluate(expression: str, values: Mapping[str, Any] | None = None) -> Any:
    """Return the value of an arithmetic expression.

    Parameters
    ----------
    expression : str
        Numbers, names from ``values``, ``+ - * / // % **``, comparisons, ``and or not``,
        ``a if c else b``, the functions in `FUNCTIONS` and the constants ``pi`` and ``e``.
    values : mapping, optional
        Names the expression may use.

    Raises
    ------
    BadValue
        For anything else, naming the part that is not accepted.

    Examples
    --------
    >>> evaluate("sqrt(diffusion / loss)", {"diffusion": 100.0, "loss": 0.01})
    100.0
    """
    if len(expression) > LONGEST:
        raise BadValue(f"The expression has {len(expression)} characters; at most {LONGEST}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # "1a" is refused below anyway
            tree = ast.parse(expression.strip(), mode="eval")
        result = _value(tree.body, {**CONSTANTS, **(values or {})})
    except BadValue as problem:
        raise BadValue(f"The expression {expression!r} is not accepted: {problem}") from None
    except SyntaxError:
        raise BadValue(f"The expression {expression!r} is not arithmetic.") from None
    except (ArithmeticError, ValueError, TypeError, RecursionError, MemoryError) as problem:
        raise BadValue(f"The expression {expression!r} has no value: {problem}.") from None
    if isinstance(result, complex) or (isinstance(result, float) and not math.isfinite(result)):
        raise BadValue(f"The expression {expression!r} has no finite value.")
    return result


def _value(node: ast.AST, names: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float, bool):
        return node.value
    if isinstance(node, ast.Name):
        if node.id in names:
            return names[node.id]
        raise BadValue(f"{node.id!r} is unknown; known are {', '.join(sorted(names))}.")
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        return _BINARY[type(node.op)](_number(node.left, names), _number(node.right, names))
    if isinstance(node, ast.UnaryOp) and type(node.op) in _UNARY:
        return _UNARY[type(node.op)](_number(node.operand, names))
    if isinstance(node, ast.BoolOp):
        parts = [bool(_value(part, names)) for part in node.values]
        return all(parts) if isinstance(node.op, ast.And) else any(parts)
    if isinstance(node, ast.IfExp):
        return _value(node.body if _value(node.test, names) else node.orelse, names)
    if isinstance(node, ast.Compare) and all(type(op) in _COMPARE for op in node.ops):
        sides = [_value(side, names) for side in (node.left, *node.comparators)]
        checks = zip(node.ops, sides, sides[1:], strict=False)
        return all(_COMPARE[type(op)](left, right) for op, left, right in checks)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        if node.func.id in FUNCTIONS:
            return FUNCTIONS[node.func.id](*(_number(part, names) for part in node.args))
        raise BadValue(f"the function {node.func.id!r}; accepted are {', '.join(FUNCTIONS)}.")
    raise BadValue(f"{type(node).__name__} is not arithmetic.")


def _number(node: ast.AST, names: Mapping[str, Any]) -> Any:
    """Return a value to reckon with: a text times a billion would fill the memory."""
    value = _value(node, names)
    if not isinstance(value, Real):
        raise BadValue(f"{str(value)[:40]!r} is not a number.")
    return value
