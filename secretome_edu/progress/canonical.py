"""The one form of JSON that is hashed, and the values that can stand in it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from secretome_edu.ui.messages import BadValue

LARGEST_INTEGER = 2**53  # above it other readers of JSON lose digits
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


def plain(value: Any, name: str = "value") -> Any:
    """Return ``value`` as what JSON can hold and every reader reads alike.

    NumPy arrays and scalars become lists and numbers, sets become sorted lists, NaN and infinity
    become words, whole numbers beyond 2**53 become text.

    Raises
    ------
    BadValue
        The type is none of these.

    Examples
    --------
    >>> plain({"a": (1, float("nan")), "b": {"y", "x"}})
    {'a': [1, 'nan'], 'b': ['x', 'y']}
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) <= LARGEST_INTEGER else str(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(part, name) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part, name) for part in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(part, name) for part in value), key=canonical)
    if hasattr(value, "tolist"):  # NumPy, without importing it
        return plain(value.tolist(), name)
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
