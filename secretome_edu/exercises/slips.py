"""Several numbers at once: which one is not right yet, and which slip it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isclose


def first_slip(
    given: Mapping[str, float],
    right: Mapping[str, float],
    slips: Mapping[str, Mapping[float, str]],
    otherwise: Callable[[str], str],
    rel_tol: float,
) -> str:
    """Return what to say of the first number that is not right, or nothing.

    Parameters
    ----------
    given, right : mapping of str to float
        By box.
    slips : mapping
        By box: the number that a known slip leads to -> what to say of it.
    otherwise : callable
        Box -> what to say of any other number.
    rel_tol : float
        Relative tolerance.

    Examples
    --------
    >>> slips = {"a": {20.0: "Halve it."}}
    >>> first_slip({"a": 20.1}, {"a": 10.0}, slips, "{}: not yet.".format, 0.02)
    'Halve it.'
    >>> first_slip({"a": 3.0}, {"a": 10.0}, slips, "{}: not yet.".format, 0.02)
    'a: not yet.'
    >>> first_slip({"a": 10.1}, {"a": 10.0}, slips, "{}: not yet.".format, 0.02)
    ''
    """
    for name, value in right.items():
        if isclose(given[name], value, rel_tol=rel_tol):
            continue
        known = slips.get(name, {}).items()
        fits = (message for slip, message in known if isclose(given[name], slip, rel_tol=rel_tol))
        return next(fits, None) or otherwise(name)
    return ""
