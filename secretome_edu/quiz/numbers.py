"""Numbers as people type them: ``1.5e-3``, ``1.5 x 10^-3``, ``1,5``, ``1 234.5``, ``3/4``, ``½``.

Runs before any unit library: Pint alone reads ``1,5 mg`` as 15 mg. What can be read in two ways
is refused with both readings, because an unreadable answer is not a wrong one.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from secretome_edu.ui.messages import BadValue

_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SPACES = "\u0020\u00a0\u2009\u202f\u2007\u2008\u200a"
_MINUS = str.maketrans(dict.fromkeys("−–‒﹣－", "-"))

# Digits, groups of three behind spaces or apostrophes, points and commas: sorted out later.
_MANTISSA = (
    rf"(?:\d{{1,3}}(?:[{_SPACES}'’]\d{{3}})+(?![\d])(?:[.,]\d*)?|\d[\d.,]*\d|\d[.,]?|[.,]\d+)"
)
# Without the mark of a power a sign must stand there: 1.5x106 is no number, 1.5x10-6 is.
_POWER = r"\s*[x×·⋅*]\s*10\s*(?:(?:\^|\*\*)\s*\(?|(?=[-+]))(?P<power>[-+]?\d+)\)?"
_NUMBER = re.compile(
    rf"(?P<sign>[-+]?)\s*(?:(?P<bare>10\s*(?:\^|\*\*)\s*\(?(?P<bare_power>[-+]?\d+)\)?)"
    rf"|(?P<mantissa>{_MANTISSA})(?:\s*/\s*(?P<over>\d+(?:\.\d+)?)(?![\d.,])"
    rf"|[eE](?P<exponent>[-+]?\d+)(?![\d.,])|{_POWER})?)"
)
LONGEST = 800
FORMS = ("decimal", "comma", "thin", "e", "times", "superscript", "fraction")


@dataclass(frozen=True)
class Number:
    """A number as typed: its value, its significant figures (None for a fraction), what follows."""

    value: float
    figures: int | None
    rest: str


def parse_number(text: str) -> Number:
    """Read the number a text begins with.

    Parameters
    ----------
    text : str
        For example ``"1.5e-3"``, ``"1,5 mg"``, ``"3/4 h"``, ``"2 × 10⁶ cells"``.

    Returns
    -------
    Number
        With ``rest`` the text after the number, usually a unit.

    Raises
    ------
    BadValue
        If there is no number, or it can be read in two ways, or it is too large.

    Examples
    --------
    >>> parse_number("1,5 mg")
    Number(value=1.5, figures=2, rest='mg')
    >>> parse_number("1.5 x 10^-3").value
    0.0015
    """
    if len(text) > LONGEST:
        raise BadValue(f"The answer has {len(text)} characters; at most {LONGEST}.")
    clean = _clean(text)
    found = _NUMBER.match(clean)
    if not found:
        raise BadValue(
            f"{text.strip()!r} does not begin with a number. Write it like 0.0015, 1.5e-3, "
            "1.5x10^-3 or 3/4."
        )
    rest = clean[found.end() :].strip()
    per = re.match(r"1\s*/\s*[A-Za-zµμ]", rest)  # a unit such as 1/s
    if (rest[:1] in set("0123456789.,^'’") and not per) or re.match(r"[-+*/x×·⋅]\s*\d", rest):
        raise BadValue(f"{text.strip()!r} holds more than one number, or one that is not complete.")
    sign = -1.0 if found["sign"] == "-" else 1.0
    if found["bare"]:
        return Number(sign * _float(f"1e{found['bare_power']}", text), 1, rest)
    digits = _decimal(found["mantissa"], text)
    if found["over"]:
        below = float(found["over"])
        if below == 0:
            raise BadValue(f"{text.strip()!r} divides by zero.")
        return Number(sign * _ratio(digits, found["over"], text), None, rest)
    exponent = found["exponent"] or found["power"] or "0"
    return Number(sign * _float(f"{digits}e{exponent}", text), _figures(digits), rest)


def _clean(text: str) -> str:
    text = str(text).strip().translate(_MINUS)
    vulgar = re.match(r"([-+]?)\s*([¼½¾⅐-⅞])", text)
    if vulgar:
        top, bottom = unicodedata.normalize("NFKC", vulgar[2]).split("\u2044")
        text = f"{vulgar[1]}{top}/{bottom}{text[vulgar.end() :]}"
    # 10⁻³ is a power; µm² behind the number stays a unit.
    power = re.search(r"10\s*([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)", text)
    if power:
        exponent = power[1].translate(_SUPERSCRIPT)
        text = f"{text[: power.start()]}10^{exponent}{text[power.end() :]}"
    return text


def _decimal(mantissa: str, text: str) -> str:
    """Return a mantissa with a decimal point and no separators."""
    mantissa = re.sub(rf"[{_SPACES}'’]", "", mantissa)
    points, commas = mantissa.count("."), mantissa.count(",")
    if not commas and points <= 1:
        return mantissa
    if commas == 1 and not points:
        before, after = mantissa.split(",")
        if len(after) == 3 and 1 <= len(before) <= 3 and before.strip("0"):
            raise BadValue(
                f"{text.strip()!r} can mean {before}.{after} or {before}{after}. "
                "Write a point for decimals and nothing between thousands."
            )
        return f"{before}.{after}"
    for group, point in ((",", "."), (".", ",")):  # 1,234.5 and 1.234,5 and 1,234,567
        pattern = rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+(?:{re.escape(point)}\d*)?"
        if re.fullmatch(pattern, mantissa):
            return mantissa.replace(group, "").replace(point, ".")
    raise BadValue(f"{text.strip()!r} is not one number: look at its points and commas.")


def _float(text: str, given: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise BadValue(f"{given.strip()!r} is too large for a number.")
    return value


def _ratio(above: str, below: str, given: str) -> float:
    if above.isdigit() and below.isdigit():
        try:
            return int(above) / int(below)  # exact before one rounding
        except OverflowError:
            raise BadValue(f"{given.strip()!r} is too large for a number.") from None
    value = _float(above, given) / float(below)
    if not math.isfinite(value):
        raise BadValue(f"{given.strip()!r} is too large for a number.")
    return value


def _figures(digits: str) -> int:
    significant = digits.replace(".", "").lstrip("0")
    return max(1, len(significant))


def round_to_figures(value: float, figures: int) -> float:
    """Return a value rounded to a number of significant figures.

    Examples
    --------
    >>> round_to_figures(1234.5, 2)
    1200.0
    """
    return float(f"{value:.{figures - 1}e}")


def format_number(value: float, form: str = "decimal") -> str:
    """Write a number so that `parse_number` reads back exactly the same value.

    Parameters
    ----------
    value : float
        Finite.
    form : str
        One of `FORMS`.

    Examples
    --------
    >>> [format_number(1234.5, form) for form in ("decimal", "comma", "times")]
    ['1234.5', '1234,5', '1.2345x10^3']
    """
    if not math.isfinite(value):
        raise BadValue(f"A finite number is needed, not {value}.")
    if form == "fraction":
        above, below = float(value).as_integer_ratio()
        return f"{above}/{below}"
    exact = Decimal(repr(float(value)))
    if form in ("e", "times", "superscript"):
        sign, figures, _ = exact.as_tuple()
        head = "".join(map(str, figures)).rstrip("0") or "0"
        power = exact.adjusted() if exact else 0
        mantissa = ("-" if sign else "") + head[0] + (f".{head[1:]}" if head[1:] else "")
        if form == "e":
            return f"{mantissa}e{power}"
        if form == "times":
            return f"{mantissa}x10^{power}"
        raised = str(power).translate(str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"))
        return f"{mantissa}×10{raised}"
    plain = f"{exact:f}".removesuffix(".0")
    if form == "decimal":
        return plain
    if form == "comma":
        before, _, after = plain.partition(".")
        # Three decimals after a comma look like thousands: one more zero settles it.
        return f"{before},{after}{'0' if len(after) == 3 else ''}" if after else before
    if form == "thin":
        before, _, after = plain.partition(".")
        grouped = f"{int(before):,}".replace(",", "\u2009")
        grouped = f"-{grouped}" if before.startswith("-0") else grouped
        return f"{grouped}.{after}" if after else grouped
    raise BadValue(f"There is no number form {form!r}; accepted are {', '.join(FORMS)}.")
