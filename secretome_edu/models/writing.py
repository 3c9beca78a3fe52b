"""Numbers and units as people write them: three digits, powers of ten, µm² instead of um2."""

from __future__ import annotations

import math
import re

_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def unit_text(unit: str) -> str:
    """Return a unit as people write it.

    Examples
    --------
    >>> unit_text("um2/s"), unit_text("ug/mL"), unit_text("C")
    ('µm²/s', 'µg/mL', '°C')
    """
    if unit in ("", "1", "-", "dimensionless", "fraction"):
        return ""
    if unit == "C":
        return "°C"
    text = re.sub(r"\bu(?=(m|g|M|L|mol)(\d|\b))", "µ", unit)
    # A digit after a letter is an exponent, except in a number such as 1e6.
    text = re.sub(
        r"(?<![\d.])([A-Za-zµ])\^?(-?\d)", lambda m: m[1] + m[2].translate(_SUPERSCRIPT), text
    )
    return text.replace("percent", "%")


def number(value: float, unit: str = "", digits: int = 3) -> str:
    """Return a number with three significant digits and its unit.

    Parameters
    ----------
    value : float
    unit : str
        As in a model card, for example ``um2/s``; see `unit_text`.
    digits : int
        Significant digits.

    Examples
    --------
    >>> number(0.098765, "pM"), number(159.0, "um2/s"), number(1.23e-7), number(1234567.0)
    ('0.0988 pM', '159 µm²/s', '1.23×10⁻⁷', '1.23×10⁶')
    """
    value = float(value)
    if not math.isfinite(value):
        text = "no value" if math.isnan(value) else ("-" if value < 0 else "") + "infinite"
    elif value == 0:
        text = "0"
    else:
        power = math.floor(math.log10(abs(value)))
        rounded = float(f"{value:.{digits - 1}e}")
        power = math.floor(math.log10(abs(rounded)) + 1e-12)
        if -4 <= power < 6:
            text = f"{rounded:,.{max(0, digits - 1 - power)}f}"
            text = text.rstrip("0").rstrip(".") if "." in text else text
        else:
            mantissa = f"{rounded / 10**power:.{digits - 1}f}".rstrip("0").rstrip(".")
            text = f"{mantissa}×10{str(power).translate(_SUPERSCRIPT)}"
    shown = unit_text(unit)
    return f"{text}{'' if shown in ('', '%') else ' '}{shown}"
