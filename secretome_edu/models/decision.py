"""Decision: weighted criteria, and how little it sometimes takes to turn the ranking.

A simple additive value model: options are scored from 0 to 1 on criteria, weights say what
matters. The honest part is the sensitivity: which weight, moved how far, reverses the first place,
and how often uncertain scores do so (Belton and Stewart 2002, 10.1007/978-1-4615-1495-4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.checks import Array, non_negative, number, whole
from secretome_edu.ui.messages import BadValue


@dataclass(frozen=True)
class Ranking:
    """Options in order.

    Attributes
    ----------
    options : tuple of str
        Best first.
    values : ndarray, shape (options,)
        Weighted scores in that order, 0 to 1.
    parts : ndarray, shape (options, criteria)
        What each criterion contributes, in that order.
    """

    options: tuple[str, ...]
    values: Array
    parts: Array

    @property
    def lead(self) -> float:
        """Value of the first option less that of the second."""
        return float(self.values[0] - self.values[1])


@dataclass(frozen=True)
class Reversal:
    """The weight at which a criterion turns the first place over to another option.

    Attributes
    ----------
    criterion, option : str
        What is weighted, and who becomes first.
    weight_now, weight_then : float
        Shares of the total weight, 0 to 1; the other weights keep their proportions.
    """

    criterion: str
    option: str
    weight_now: float
    weight_then: float


@dataclass(frozen=True)
class Decision:
    """Options scored on criteria.

    Parameters
    ----------
    options, criteria : tuple of str
        Names; at least two options and one criterion.
    scores : array_like, shape (options, criteria)
        From 0 (worst) to 1 (best).
    weights : array_like, shape (criteria,)
        At least 0, not all 0; only their proportions matter.

    Raises
    ------
    BadValue
        If shapes do not agree or a number is outside its range.

    Examples
    --------
    >>> scores = [[0.7, 0.4], [0.5, 0.7]]
    >>> choice = Decision(("cells", "vesicles"), ("effect", "safety"), scores, [2, 1])
    >>> choice.rank().options
    ('cells', 'vesicles')
    >>> [(r.criterion, round(r.weight_then, 2)) for r in choice.reversals()]
    [('effect', 0.6), ('safety', 0.4)]
    """

    options: tuple[str, ...]
    criteria: tuple[str, ...]
    scores: ArrayLike
    weights: ArrayLike

    def __post_init__(self) -> None:
        scores = number("scores", self.scores, 0.0, 1.0)
        weights = non_negative("weights", self.weights)
        expected = (len(self.options), len(self.criteria))
        if scores.shape != expected or expected[0] < 2 or expected[1] < 1:
            raise BadValue(
                f"scores has shape {scores.shape}; with {expected[0]} options and {expected[1]} "
                f"criteria it accepts {expected}, at least 2 by 1."
            )
        if weights.shape != expected[1:] or not weights.sum() > 0:
            raise BadValue(f"weights accepts {expected[1]} numbers of at least 0, not all 0.")
        if len(set(self.options)) < expected[0] or len(set(self.criteria)) < expected[1]:
            raise BadValue("options and criteria accept names that differ from each other.")
        object.__setattr__(self, "options", tuple(self.options))
        object.__setattr__(self, "criteria", tuple(self.criteria))
        object.__setattr__(self, "scores", scores)
        object.__setattr__(self, "weights", weights / weights.sum())

    def rank(self) -> Ranking:
        """Return the options in order; ties keep the order given."""
        parts = np.asarray(self.scores) * self.weights
        values = parts.sum(axis=1)
        order = np.argsort(-values, kind="stable")
        return Ranking(tuple(self.options[i] for i in order), values[order], parts[order])

    def values_over_weight(self, criterion: str, shares: ArrayLike) -> Array:
        """Return all values while one criterion's share of the weight goes through a range.

        Parameters
        ----------
        criterion : str
            One of ``criteria``.
        shares : array_like, shape (n,)
            From 0 to 1.

        Returns
        -------
        ndarray, shape (options, n)
            A straight line for each option; the other weights keep their proportions.
        """
        alone, others = self._lines(criterion)
        share = np.atleast_1d(number("shares", shares, 0.0, 1.0))
        return alone[:, None] * share + others[:, None] * (1 - share)

    def reversals(self) -> list[Reversal]:
        """Return for each criterion the nearest weight that changes the first place, if any.

        Lines cross where they are equal, so the result is exact; nearest first.
        """
        first = self.options.index(self.rank().options[0])
        found = []
        for criterion, now in zip(self.criteria, np.asarray(self.weights), strict=True):
            alone, others = self._lines(criterion)
            gap_alone, gap_others = alone[first] - alone, others[first] - others
            with np.errstate(divide="ignore", invalid="ignore"):
                share = gap_others / (gap_others - gap_alone)
            usable = np.isfinite(share) & (share >= 0) & (share <= 1)
            usable[first] = False
            if usable.any():
                nearest = int(np.argmin(np.where(usable, np.abs(share - now), np.inf)))
                found.append(
                    Reversal(criterion, self.options[nearest], float(now), float(share[nearest]))
                )
        return sorted(found, key=lambda r: abs(r.weight_then - r.weight_now))

    def first_place_shares(
        self, score_spread: ArrayLike = 0.1, draws: int = 10_000, seed: int = 1
    ) -> dict[str, float]:
        """Return how often each option comes first when scores are uncertain.

        Parameters
        ----------
        score_spread : array_like
            Standard deviation of each score (a number, or shape (options, criteria)); scores
            are cut at 0 and 1.
        draws, seed : int
            Number of draws and seed; the same seed gives the same luck.

        Returns
        -------
        dict of str to float
            Shares that sum to 1, in the order of ``options``.
        """
        scores = np.asarray(self.scores)
        spread = np.broadcast_to(non_negative("score_spread", score_spread), scores.shape)
        luck = np.random.default_rng(seed).standard_normal((whole("draws", draws), *scores.shape))
        values = np.clip(scores + spread * luck, 0.0, 1.0) @ np.asarray(self.weights)
        counts = np.bincount(values.argmax(axis=1), minlength=len(self.options))
        return {o: float(c) / draws for o, c in zip(self.options, counts, strict=True)}

    def _lines(self, criterion: str) -> tuple[Array, Array]:
        """Return each option's value with all and with no weight on a criterion."""
        if criterion not in self.criteria:
            raise BadValue(f"criterion is {criterion!r}; it accepts {', '.join(self.criteria)}.")
        index = self.criteria.index(criterion)
        scores, weights = np.asarray(self.scores), np.asarray(self.weights).copy()
        weights[index] = 0.0
        # A criterion that holds all the weight leaves no proportions: share it out evenly.
        rest = weights if weights.sum() > 0 else (np.arange(weights.size) != index).astype(float)
        others = scores @ (rest / rest.sum()) if rest.sum() > 0 else np.zeros(len(scores))
        return scores[:, index], others
