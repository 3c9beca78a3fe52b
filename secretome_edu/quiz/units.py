"""Units as biologists write them, compared with Pint; the number is read before, elsewhere.

Cells, vesicles, colony-forming units and international units are kinds of their own: a number of
cells is not a number of particles, and neither is dimensionless.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from secretome_edu.ui.messages import BadValue

_DEFINITIONS = (
    "cell = [cell] = cell",
    "particle = [particle] = particle = vesicle = EV",
    "international_unit = [international_unit] = IU",
    "colony_forming_unit = [colony_forming_unit] = cfu = CFU",
    "passage = [passage] = passage",
)
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
# A number to a power: 9^9^9^9 would be worked out, digit by digit, before any unit is seen.
_POWER_OF_NUMBER = re.compile(r"\d[\s.)]*\*\*")
_ACCEPTED = re.compile(r"[A-Za-z%°ΩÅµ0-9 ./*^()\-]{1,60}")


@lru_cache(maxsize=1)
def _registry() -> Any:
    import logging

    import pint

    registry: Any = pint.UnitRegistry(cache_folder=None)
    logging.getLogger("pint").setLevel(logging.ERROR)  # "redefining particle" is meant
    for definition in _DEFINITIONS:
        registry.define(definition)
    return registry


def tidy(unit: str) -> str:
    """Return a unit in plain characters: µ as u, powers with ``**``, per as a slash.

    Examples
    --------
    >>> tidy("µm²/s"), tidy("molecules per cell"), tidy("per s")
    ('um**2/s', 'molecules/cell', '1/s')
    """
    text = unit.strip().replace("μ", "u").replace("µ", "u").replace("·", "*").replace("⋅", "*")
    text = re.sub(r"[⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda m: "**" + m[0].translate(_SUPERSCRIPT), text)
    text = re.sub(r"^(?:per\s+|/\s*)", "1/", text)
    text = re.sub(r"\s+per\s+|(?<=\w)\s+/\s*|\s*/\s*", "/", text)
    text = re.sub(r"°\s*C|℃|\bCelsius\b", "degC", text).replace("%", "percent")
    text = text.replace("^", "**")
    return re.sub(r"(?<=[A-Za-z])(-[123]|[23])\b", r"**\1", text)


def pretty(unit: str) -> str:
    """Return a unit as it is printed.

    Examples
    --------
    >>> pretty("um2/s"), pretty("ug/mL")
    ('µm²/s', 'µg/mL')
    """
    text = re.sub(r"\bu(?=(m|g|l|L|mol|M|s)\b|m\d)", "µ", unit)
    return re.sub(r"(?<=[A-Za-z])(?:\*\*|\^)?([23])\b", lambda m: "²³"["23".index(m[1])], text)


@lru_cache(maxsize=256)
def parse_unit(unit: str) -> Any:
    """Return a Pint unit.

    Raises
    ------
    BadValue
        If the text is not a unit this course knows.
    """
    text = tidy(unit)
    if not _ACCEPTED.fullmatch(
        unit.replace("μ", "µ").translate(_SUPERSCRIPT).replace("⋅", "*")
    ) or (_POWER_OF_NUMBER.search(text)):
        raise BadValue(f"{unit!r} is not a unit.")
    try:
        found = _registry().parse_units(text)
        _ = found.dimensionality  # dB^2 can be read and measures nothing
        return found
    except Exception:  # Pint raises many kinds on text that is not a unit
        _registry()  # raises again if it is Pint itself that cannot start
        raise BadValue(f"{unit!r} is not a unit this course knows.") from None


def same_kind(unit: str, other: str) -> bool:
    """Tell whether two units measure the same kind of thing."""
    return parse_unit(unit).dimensionality == parse_unit(other).dimensionality


def convert(value: float, unit: str, to: str) -> float:
    """Return a value in another unit of the same kind.

    Raises
    ------
    BadValue
        If one is no unit, or this value cannot be given in the other.

    Examples
    --------
    >>> round(convert(1.5, "ng/mL", "pg/mL"), 6)
    1500.0
    """
    if tidy(unit) == tidy(to):
        return value
    quantity = _registry().Quantity(value, parse_unit(unit))
    try:
        return float(quantity.to(parse_unit(to)).magnitude)
    except Exception:  # Pint raises many kinds: offset and logarithmic units, overflow
        raise BadValue(f"{unit!r} cannot be converted to {to!r}.") from None
