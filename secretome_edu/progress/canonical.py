"""The one form of JSON that is hashed, and the values that can stand in it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from secretome_edu.ui.messages import BadValue

DEEPEST = 100  # levels; a reader in a deep stack of calls must still manage
LARGEST_INTEGER = 2**53  # above it other readers of JSON lose digits
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


def plain(value: Any, name: str = "value", deeper: int = DEEPEST) -> Any:
    """Return ``value`` as what JSON can hold and every reader reads alike.

    NumPy arrays and scalars become lists and numbers, sets become sorted lists, NaN and infinity
    become words, whole numbers beyond 2**53 become text.

    Raises
    ------
    BadValue
        The type is none of these, or it is nested deeper than `DEEPEST` levels.

    Examples
    --------
    >>> plain({"a": (1, float("nan")), "b": {"y", "x"}})
    {'a': [1, 'nan'], 'b': ['x', 'y']}
    """
    if deeper < 0:
        raise BadValue(f"{name} is nested deeper than {DEEPEST} levels; give plainer values.")
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        try:
            return int(value) if abs(value) <= LARGEST_INTEGER else str(value)
        except ValueError:  # Python writes at most 4300 digits
            raise BadValue(f"{name} holds a whole number of thousands of digits.") from None
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(part, name, deeper - 1) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part, name, deeper - 1) for part in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(part, name, deeper - 1) for part in value), key=canonical)
    if hasattr(value, "tolist"):  # NumPy, without importing it
        return plain(value.tolist(), name, deeper - 1)
    raise BadValue(
        f"{name} holds {type(value).__name__}, which progress cannot store; give numbers, text, "
        "lists or dictionaries of them."
    )


def canonical(value: Any) -> str:
    """Return JSON in the one form that is hashed: sorted keys, no spaces, ASCII.

    Examples
    --------
    >>> canonical({"b": 1, "a": "µ"})
    '{"a":"\\\\u00b5","b":1}'
    """
    return _ENCODER.encode(value)


def too_deep(value: Any, deeper: int = DEEPEST) -> bool:
    """Tell whether a value read from JSON is nested deeper than `DEEPEST` levels.

    Examples
    --------
    >>> too_deep([[1]]), too_deep([[1]], 1)
    (False, True)
    """
    if not isinstance(value, (dict, list)):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return deeper <= 0 or any(too_deep(part, deeper - 1) for part in inner)
