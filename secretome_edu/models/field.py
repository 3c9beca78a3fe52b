"""Field: a secreted factor in a thin rectangle of tissue with secreting and consuming cells.

``dc/dt = D lap c - k c + sources - uptake`` on square grid cells with closed edges. The cosine
transform diagonalizes the five-point operator, so a steady field costs two transforms, any time
costs the same without stepping, and point consumers are added exactly by Woodbury's identity.
Concentrations are in pM, secretion in molecules per cell and second, uptake in um3 cleared per
cell and second, lengths in um.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models import consumers
from secretome_edu.models.checks import Array, number, positive, whole
from secretome_edu.models.cosine import curvature, field_of_modes, modes_of_points
from secretome_edu.models.units import PM_PER_MOLECULE_PER_UM3
from secretome_edu.ui.messages import BadValue

Points = tuple[ArrayLike, ArrayLike, ArrayLike]

_NO_LIMIT_PM = 1e30  # above any concentration: uptake that never saturates


class Field2D:
    """One factor in one rectangle of tissue; several factors are several fields.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns of the grid, each at least 2.
    spacing_um : float
        Edge of a grid cell (um), above 0.
    diffusivity_um2_s : float
        D (um2/s), above 0.
    decay_per_s : float
        Decay and uptake by bulk tissue k (1/s), at least 0.
    depth_um : float
        Thickness of the tissue slab (um); turns molecules per area into a concentration.

    Raises
    ------
    BadValue
        If an argument is outside its range; names it.

    Examples
    --------
    >>> field = Field2D((64, 64), 10.0, 100.0, 0.01)
    >>> level = field.steady(([32], [32], [0.78]))
    >>> level.shape, bool(level.argmax() == 32 * 64 + 32)
    ((64, 64), True)
    """

    def __init__(
        self,
        shape: tuple[int, int],
        spacing_um: float,
        diffusivity_um2_s: float,
        decay_per_s: float,
        *,
        depth_um: float = 20.0,
    ):
        if np.shape(shape) != (2,):
            raise BadValue(f"shape is {shape!r}; it accepts two whole numbers, rows and columns.")
        self.shape = (whole("shape", shape[0], 2), whole("shape", shape[1], 2))
        self.spacing_um = float(positive("spacing_um", spacing_um))
        self.diffusivity_um2_s = float(positive("diffusivity_um2_s", diffusivity_um2_s))
        self.decay_per_s = float(number("decay_per_s", decay_per_s, 0.0))
        self.depth_um = float(positive("depth_um", depth_um))
        bend = [curvature(n, self.spacing_um) for n in self.shape]
        # Loss of each cosine mode is a sum of a row and a column part; decay is in the rows'.
        self._row_loss = self.diffusivity_um2_s * bend[0] + self.decay_per_s
        self._column_loss = self.diffusivity_um2_s * bend[1]
        self._loss = self._row_loss[:, None] + self._column_loss
        self._kept_modes = self._kept_inverse = (b"none", np.empty((0, 0)))

    def steady(
        self, sources: Points, *, sinks: Points | None = None, half_saturation_pM: float = np.inf
    ) -> Array:
        """Return the field that no longer changes.

        Parameters
        ----------
        sources : tuple of array_like
            Rows, columns and secretion rates (molecules/s) of the secreting cells.
        sinks : tuple of array_like, optional
            Rows, columns and uptake (um3/s) of the consuming cells; see
            :func:`secretome_edu.models.units.uptake_um3_per_s`.
        half_saturation_pM : float
            Local level at which uptake is half of its maximum (Michaelis-Menten); infinite
            means that uptake stays proportional to concentration.

        Returns
        -------
        ndarray
            Concentration (pM), shape ``shape``.

        Raises
        ------
        BadValue
            If a point lies outside the grid, or nothing ever removes the factor.

        Examples
        --------
        What is secreted per second is removed per second:

        >>> field = Field2D((32, 32), 10.0, 100.0, 0.01)
        >>> round(field.removed_by_decay_per_s(field.steady(([3], [4], [2.0]))), 9)
        2.0
        """
        if self.decay_per_s == 0:
            raise BadValue("decay_per_s is 0; a steady field accepts finite numbers above 0.")
        made = self._source_modes(sources)
        cells, clearance = self._consumers(sinks)
        half = float(positive("half_saturation_pM", min(half_saturation_pM, _NO_LIMIT_PM)))
        if not len(clearance):
            return field_of_modes(made / self._loss)
        unlimited = half >= _NO_LIMIT_PM
        return consumers.steady_field(
            self._loss,
            self._inverse_between(cells),
            made,
            cells,
            clearance,
            np.inf if unlimited else half,
        )

    def at(self, time_s: float, sources: Points, *, sinks: Points | None = None) -> Array:
        """Return the field at a time after secretion starts in empty tissue.

        Exact in time: there is no step. A pulse of duration T is the difference of two calls,
        ``at(t) - at(t - T)``.

        Parameters
        ----------
        time_s : float
            Time since the start (s), at least 0.
        sources, sinks : tuple of array_like
            As in :meth:`steady`; uptake stays proportional to concentration.

        Returns
        -------
        ndarray
            Concentration (pM), shape ``shape``.

        Examples
        --------
        >>> field = Field2D((32, 32), 10.0, 100.0, 0.01)
        >>> source = ([3], [4], [2.0])
        >>> bool(np.allclose(field.at(1e5, source), field.steady(source)))
        True
        """
        time = float(number("time_s", time_s, 0.0))
        made = self._source_modes(sources)
        cells, clearance = self._consumers(sinks)
        if time == 0:
            return np.zeros(self.shape)
        if len(clearance):
            return consumers.field_at(time, self._loss, made, cells, clearance)
        # 1 - exp(-(r + c) t) from its row and column parts, without cancellation.
        rows, columns = (-np.expm1(-loss * time) for loss in (self._row_loss, self._column_loss))
        filled = (1 - rows)[:, None] * columns
        filled += rows[:, None]
        if self.decay_per_s == 0:
            filled[0, 0] = time * self._loss[0, 1]  # without decay the mean grows with time
            loss = self._loss.copy()
            loss[0, 0] = loss[0, 1]
            return field_of_modes(made * filled / loss)
        filled /= self._loss
        filled *= made
        return field_of_modes(filled)

    def removed_by_decay_per_s(self, level_pM: Array) -> float:
        """Return how many molecules decay per second in the whole field (molecules/s)."""
        molecules = float(np.sum(level_pM)) * self._volume_um3 / PM_PER_MOLECULE_PER_UM3
        return self.decay_per_s * molecules

    @property
    def _volume_um3(self) -> float:
        return self.spacing_um**2 * self.depth_um

    def _source_modes(self, sources: Points) -> Array:
        """Return the cosine modes of the sources (pM per second)."""
        cells, rate = self._points("sources", sources)
        key = cells.tobytes() + rate.tobytes()
        if self._kept_modes[0] != key:  # a time slider asks for the same sources again and again
            density = rate * (PM_PER_MOLECULE_PER_UM3 / self._volume_um3)
            self._kept_modes = (key, modes_of_points(self.shape, cells, density))
        return self._kept_modes[1]

    def _inverse_between(self, cells: Array) -> Array:
        """Return how consumers see each other; kept while the same ones stay in place."""
        key = cells.tobytes()
        if self._kept_inverse[0] != key:
            self._kept_inverse = (key, consumers.inverse_between(self._loss, cells))
        return self._kept_inverse[1]

    def _consumers(self, sinks: Points | None) -> tuple[Array, Array]:
        """Return places and clearance (1/s) of the sinks that take up anything."""
        if sinks is None:
            return np.empty((2, 0), dtype=np.int64), np.empty(0)
        cells, uptake = self._points("sinks", sinks)
        active = uptake > 0
        return np.ascontiguousarray(cells[:, active]), uptake[active] / self._volume_um3

    def _points(self, name: str, points: Points) -> tuple[Array, Array]:
        if len(points) != 3:
            raise BadValue(f"{name} has {len(points)} parts; it accepts rows, columns and rates.")
        rates = np.atleast_1d(number(f"{name} rate", points[2], 0.0))
        places = [
            np.atleast_1d(number(f"{name} {label}", place, 0, size - 1))
            for label, place, size in zip(("row", "column"), points, self.shape, strict=False)
        ]
        count = max(part.size for part in (*places, rates))
        if any(part.ndim > 1 or part.size not in (1, count) for part in (*places, rates)):
            sizes = ", ".join(str(part.shape) for part in (*places, rates))
            raise BadValue(f"{name} has parts of shapes {sizes}; it accepts lists of one length.")
        given = np.empty((2, count))
        given[0], given[1] = places
        cells = given.astype(np.int64)
        if (cells != given).any():
            label, place = (
                ("row", given[0]) if (cells[0] != given[0]).any() else ("column", given[1])
            )
            raise BadValue(f"{name} {label} is {place}; it accepts whole numbers.")
        return cells, rates if rates.size == count else np.full(count, rates[0])
