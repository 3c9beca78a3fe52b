"""Moodle's published formulas once more, with fractions and loops, to compare with.

Written from the text of https://docs.moodle.org/dev/Quiz_statistics_calculations (sections "Item
statistics" and "Test statistics"), not from the package. Everything up to the last square root is
exact arithmetic, so a variance is zero exactly when it is. ``None`` is undefined.

x is a mark, T the total of an attempt, T - x the rest; V and C have n - 1 below the line.
"""

from __future__ import annotations

from fractions import Fraction
from math import sqrt


def exact(rows):
    """Marks as fractions with small denominators, so that 1/3 is a third; None where missing."""
    return [[None if v is None else Fraction(v).limit_denominator(1000) for v in row]
            for row in rows]  # fmt: skip


def mean(values):
    return sum(values) / Fraction(len(values)) if values else None


def covariance(xs, ys):
    if len(xs) < 2:
        return None
    x0, y0 = mean(xs), mean(ys)
    total = Fraction(0)
    for x, y in zip(xs, ys, strict=True):
        total += (x - x0) * (y - y0)
    return total / (len(xs) - 1)


def variance(xs):
    return covariance(xs, xs)


def root(value):
    return None if value is None else sqrt(value)


def cronbach(rows):
    """Coefficient of internal consistency as a fraction: n/(n-1) (1 - sum V(x) / V(T))."""
    if not rows or len(rows[0]) < 2:
        return None
    spread = variance([sum(row) for row in rows])
    if not spread:
        return None
    questions = len(rows[0])
    inner = sum(variance([row[i] for row in rows]) for i in range(questions))
    return Fraction(questions, questions - 1) * (1 - inner / spread)


def statistics(rows, most, omitted_as_zero=False):
    rows = [row for row in exact(rows) if any(v is not None for v in row)]
    most = [Fraction(m).limit_denominator(1000) for m in most]
    if omitted_as_zero:
        rows = [[Fraction(0) if v is None else v for v in row] for row in rows]
    whole = [row for row in rows if all(v is not None for v in row)]
    totals = [sum(row) for row in whole]
    possible = sum(most)
    alpha = cronbach(whole)
    spread = root(variance(totals))
    error_ratio = None if alpha is None else 100 * sqrt(1 - alpha)
    test = {
        "learners": len(rows),
        "attempts": len(whole),
        "mean": 100 * mean(totals) / possible if totals else None,
        "standard_deviation": None if spread is None else 100 * spread / possible,
        "alpha": alpha,
        "error_ratio": error_ratio,
        "standard_error": None if alpha is None else error_ratio * spread / possible,
    }
    with_total = [covariance([row[i] for row in whole], totals) for i in range(len(most))]
    roots = [sqrt(c) for c in with_total if c is not None and c >= 0]
    items = []
    for i, highest in enumerate(most):
        given = [row[i] for row in rows if row[i] is not None]
        x = [row[i] for row in whole]
        rest = [sum(row) - row[i] for row in whole]
        vx, vr, c = variance(x), variance(rest), covariance(x, rest)
        greatest = covariance(sorted(x), sorted(rest))
        own, sd = with_total[i], root(variance(given))
        items.append(
            {
                "answered": len(given),
                "attempts": len(whole),
                "facility": 100 * mean(given) / highest if given else None,
                "standard_deviation": None if sd is None else 100 * sd / highest,
                "discrimination_index": 100 * float(c) / sqrt(vx * vr) if vx and vr else None,
                "discriminative_efficiency": 100 * c / greatest if greatest else None,
                "intended_weight": 100 * highest / possible,
                "effective_weight": (
                    100 * sqrt(own) / sum(roots)
                    if own is not None and own >= 0 and sum(roots) > 0
                    else None
                ),
                "alpha_without": cronbach([row[:i] + row[i + 1 :] for row in whole]),
            }
        )
    return test, items


def differences(found, rows, most, omitted_as_zero=False):
    """Yield name, the package's value and the oracle's for everything that is not the same."""
    test, items = statistics(rows, most, omitted_as_zero)
    pairs = [(name, getattr(found, name), value) for name, value in test.items()]
    for number, (own, expected) in enumerate(zip(found.items, items, strict=True)):
        pairs += [(f"{number} {n}", getattr(own, n), value) for n, value in expected.items()]
    for name, value, expected in pairs:
        undefined = value != value
        if expected is None:
            if not undefined:
                yield name, value, "undefined"
        elif undefined or abs(value - float(expected)) > 1e-9:
            yield name, value, float(expected)
