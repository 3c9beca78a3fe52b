"""How well questions measure: Moodle's published formulas, on a matrix of marks.

Every name and formula is that of https://docs.moodle.org/dev/Quiz_statistics_calculations, in
percent as there, except alpha, which Moodle prints as 100 times this. ``alpha_without`` is the
same formula on the test without one question. A value whose formula divides by zero is undefined
(NaN), never 0.

The page names three ways to treat an unanswered question: as 0, leave the whole attempt out, or
look at each question with those who answered it. In a self-paced course an empty place means "not
yet", so the default is: facility and spread of a question from all who answered it, everything
that needs a total from the attempts that are complete. ``omitted_as_zero`` is what Moodle does
itself, and right for an exam that is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from secretome_edu.ui.messages import BadValue

UNDEFINED = float("nan")
#: Marks of thirds and sixths: what differs by less than this differs by rounding only.
_ROUNDING = 1e-12


class ItemStatistics(NamedTuple):
    """One question of a test; in percent unless said otherwise, NaN where undefined.

    ``answered`` learners gave an answer, ``attempts`` of them are in what needs a total.
    """

    answered: int
    attempts: int
    facility: float
    standard_deviation: float
    discrimination_index: float
    discriminative_efficiency: float
    intended_weight: float
    effective_weight: float
    alpha_without: float  # a fraction, as alpha


@dataclass(frozen=True)
class TestStatistics:
    """A test: questions that are answered together.

    Attributes
    ----------
    learners, attempts : int
        With any answer; in what needs a total.
    mean, standard_deviation : float
        Of the total, in percent of what was possible.
    alpha : float
        Cronbach's alpha, Moodle's coefficient of internal consistency divided by 100.
    error_ratio : float
        Percent of the spread that is chance.
    standard_error : float
        Standard error of measurement, in percent of what was possible.
    """

    __test__ = False  # the name is not one of pytest's

    learners: int
    attempts: int
    mean: float
    standard_deviation: float
    alpha: float
    error_ratio: float
    standard_error: float
    items: tuple[ItemStatistics, ...]


def analyze(
    marks: np.ndarray, most: np.ndarray | None = None, *, omitted_as_zero: bool = False
) -> TestStatistics:
    """Return the statistics of one test.

    Parameters
    ----------
    marks : array of float, shape (learners, questions)
        NaN where a question was not answered.
    most : array of float, shape (questions,), optional
        Marks for a right answer; 1 if omitted.
    omitted_as_zero : bool
        An unanswered question of a learner who answered another one counts 0.

    Raises
    ------
    BadValue
        The shapes do not fit, or a question is worth nothing.

    Examples
    --------
    >>> found = analyze(np.array([[1, 1], [1, 0], [0, 0.5], [0, 0]]))
    >>> round(found.items[0].facility), round(found.alpha, 3), round(found.error_ratio, 1)
    (50, 0.457, 73.7)
    """
    marks = np.array(marks, dtype=float, ndmin=2)
    most = np.ones(marks.shape[1]) if most is None else np.asarray(most, dtype=float)
    if most.shape != marks.shape[1:] or not (most > 0).all():
        raise BadValue(
            f"marks of shape {marks.shape} need {marks.shape[1]} greatest marks above 0; "
            f"given: {most.tolist()}."
        )
    marks = marks[~np.isnan(marks).all(axis=1)]
    if omitted_as_zero:
        marks = np.nan_to_num(marks, nan=0.0)
    whole = marks[~np.isnan(marks).any(axis=1)]
    total, possible = whole.sum(axis=1), float(most.sum())
    alpha = _alpha(whole)
    spread = _standard_deviation(total) / possible * 100
    noise = 1 - alpha
    # Where all marks agree rounding leaves 1e-14 of either sign; the root makes it 1e-6 or nan.
    error_ratio = 100 * float(np.sqrt(0.0 if abs(noise) < 1e-12 else noise))
    return TestStatistics(
        learners=len(marks),
        attempts=len(whole),
        mean=_mean(total) / possible * 100,
        standard_deviation=spread,
        alpha=alpha,
        error_ratio=error_ratio,
        standard_error=error_ratio * spread / 100,
        items=tuple(_items(marks, whole, most)),
    )


def correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Return Pearson's correlation; NaN if either does not vary.

    Examples
    --------
    >>> correlation(np.array([1, 2, 3]), np.array([2, 4, 6])), correlation(np.ones(3), np.ones(3))
    (1.0, nan)
    """
    spread = _variance(x) * _variance(y)
    return min(1.0, max(-1.0, _covariance(x, y) / spread**0.5)) if spread > 0 else UNDEFINED


def _items(marks: np.ndarray, whole: np.ndarray, most: np.ndarray) -> list[ItemStatistics]:
    total = whole.sum(axis=1)
    roots = [_root(_covariance(mark, total)) for mark in whole.T]
    found = []
    for place, mark in enumerate(whole.T):
        given = marks[~np.isnan(marks[:, place]), place]
        others = np.delete(whole, place, axis=1)
        rest = others.sum(axis=1)
        varies = _variance(mark) * _variance(rest) > 0
        greatest = _covariance(np.sort(mark), np.sort(rest)) if varies else 0.0
        found.append(
            ItemStatistics(
                answered=len(given),
                attempts=len(whole),
                facility=100 * _mean(given) / most[place],
                standard_deviation=100 * _standard_deviation(given) / most[place],
                discrimination_index=100 * correlation(mark, rest),
                discriminative_efficiency=(
                    100 * _covariance(mark, rest) / greatest if greatest > 0 else UNDEFINED
                ),
                intended_weight=100 * float(most[place] / most.sum()),
                effective_weight=(
                    100 * roots[place] / np.nansum(roots) if np.nansum(roots) > 0 else UNDEFINED
                ),
                alpha_without=_alpha(others),
            )
        )
    return found


def _alpha(whole: np.ndarray) -> float:
    questions = whole.shape[1]
    spread = _variance(whole.sum(axis=1))
    if questions < 2 or not spread > 0:
        return UNDEFINED
    return questions / (questions - 1) * (1 - sum(map(_variance, whole.T)) / spread)


def _root(covariance: float) -> float:
    return covariance**0.5 if covariance >= 0 else UNDEFINED


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else UNDEFINED


def _standard_deviation(values: np.ndarray) -> float:
    return _variance(values) ** 0.5


def _variance(values: np.ndarray) -> float:
    """Return the variance with n - 1; exactly 0 for equal values, NaN for fewer than two."""
    return _covariance(values, values)


def _covariance(x: np.ndarray, y: np.ndarray) -> float:
    if len(x) < 2:
        return UNDEFINED
    if not (_differ(x) and _differ(y)):
        return 0.0
    x, y = x - x.mean(), y - y.mean()
    product, size = float(x @ y), float((x @ x) * (y @ y)) ** 0.5
    return product / (len(x) - 1) if abs(product) > _ROUNDING * size else 0.0


def _differ(values: np.ndarray) -> bool:
    size = max(1.0, float(np.abs(values).max()))
    return bool(np.ptp(values) > _ROUNDING * size)
