"""Mass-action networks: reactions as readable lines, rates and exact Jacobian as array operations.

A line reads ``A + C9 <-> AC9 ; k1, kb1``: at most two reactants a side, ``0`` for nothing, one
rate constant per arrow head. Curated SBML models of this form become a table instead of code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from secretome_edu.models.checks import Array
from secretome_edu.models.integration import integrate
from secretome_edu.ui.messages import BadValue


class Network:
    """A parsed reaction network.

    Parameters
    ----------
    species : sequence of str
        Names, in the order of the state vector.
    reactions : str
        One reaction per line.

    Attributes
    ----------
    rate_names : list of str
        Name of the rate constant of each elementary step.
    stoichiometry : ndarray, shape (species, steps)

    Examples
    --------
    >>> net = Network(["A", "B"], "A <-> B ; forth, back")
    >>> k = net.constants({"forth": 2.0, "back": 1.0})
    >>> net.change(np.array([1.0, 2.0]), k).tolist()
    [0.0, 0.0]
    """

    def __init__(self, species: Sequence[str], reactions: str):
        self.species = list(species)
        place = {name: i for i, name in enumerate(self.species)}
        nothing = len(self.species)  # index of a constant 1 behind the state
        self.rate_names: list[str] = []
        pairs, columns = [], []
        for line in filter(None, (line.strip() for line in reactions.splitlines())):
            equation, names = (part.strip() for part in line.split(";"))
            both_ways = "<->" in equation
            sides = [_names(side) for side in equation.split("<->" if both_ways else "->")]
            rates = [name.strip() for name in names.split(",")]
            if len(rates) != 1 + both_ways:
                raise BadValue(f"The reaction {line!r} needs one rate constant per arrow head.")
            for (left, right), rate in zip([sides, sides[::-1]], rates, strict=False):
                if len(left) > 2 or not set(left + right) <= set(place):
                    raise BadValue(f"The reaction {line!r} has unknown species or three reactants.")
                pairs.append([place[s] for s in left] + [nothing] * (2 - len(left)))
                column = np.zeros(len(self.species))
                np.add.at(column, [place[s] for s in right], 1.0)
                np.add.at(column, [place[s] for s in left], -1.0)
                columns.append(column)
                self.rate_names.append(rate)
        self._first, self._second = np.array(pairs).T
        self.stoichiometry = np.array(columns).T
        self._hits = [
            (index[:, None] == np.arange(len(self.species))).astype(float)
            for index in (self._first, self._second)
        ]

    def constants(self, values: Mapping[str, float]) -> Array:
        """Return the rate constants of all steps from their values by name."""
        return np.array([values[name] for name in self.rate_names])

    def change(self, state: Array, constants: Array) -> Array:
        """Return the rate of change of the state, shape (species,)."""
        padded = _with_one(state)
        return self.stoichiometry @ (constants * padded[self._first] * padded[self._second])

    def jacobian(self, state: Array, constants: Array) -> Array:
        """Return the derivative of :meth:`change` by the state, shape (species, species)."""
        padded = _with_one(state)
        by_first = (constants * padded[self._second])[:, None] * self._hits[0]
        by_second = (constants * padded[self._first])[:, None] * self._hits[1]
        return self.stoichiometry @ (by_first + by_second)

    def solve(
        self,
        state: Array,
        times: Array,
        constants: Array | Callable[[float], Array],
        *,
        rtol: float = 1e-7,
        atol: float = 1e-9,
    ) -> Array:
        """Return the state at rising times, shape (species, times).

        Parameters
        ----------
        state : ndarray, shape (species,)
            At the first time.
        times : ndarray, shape (n,)
        constants : ndarray or function of time
            Rate constants of all steps.
        rtol, atol : float
            Tolerances of the solver.

        Raises
        ------
        CourseError
            If the solver fails; says at which time and state.
        """
        at = constants if callable(constants) else lambda _: constants
        return integrate(
            lambda t, x: self.change(x, at(t)),
            state,
            times,
            self.species,
            jacobian=lambda t, x: self.jacobian(x, at(t)),
            rtol=rtol,
            atol=atol,
        )


def _with_one(state: Array) -> Array:
    """Return the state with a constant 1 behind it; ``np.append`` takes five times as long."""
    padded = np.empty(len(state) + 1)
    padded[:-1] = state
    padded[-1] = 1.0
    return padded


def _names(side: str) -> list[str]:
    return [] if side.strip() == "0" else [name.strip() for name in side.split("+")]
