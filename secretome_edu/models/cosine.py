"""Cosine modes of a rectangle with closed edges: the basis in which diffusion is a division.

The five-point operator on cell-centered grids is diagonal in the orthonormal cosine transform
(type II), so spreading a source is: to modes, divide by each mode's loss, back to space.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from secretome_edu.models.checks import Array

_FEW = 64  # up to here a matrix product beats the transform of a nearly empty grid


@lru_cache(maxsize=16)
def curvature(count: int, spacing: float) -> Array:
    """Return the eigenvalues of minus the second difference with closed ends, shape (count,)."""
    return 4 * np.sin(np.pi * np.arange(count) / (2 * count)) ** 2 / spacing**2


def modes_of_points(shape: tuple[int, int], cells: Array, amounts: Array) -> Array:
    """Return the modes of amounts in single grid cells.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns of the grid.
    cells : ndarray of int, shape (2, m)
        Rows and columns of the points; repeated ones add up.
    amounts : ndarray, shape (m,)

    Returns
    -------
    ndarray, shape ``shape``

    Examples
    --------
    >>> back = field_of_modes(modes_of_points((4, 5), np.array([[2], [3]]), np.array([7.0])))
    >>> round(float(back[2, 3]), 12), round(float(back.sum()), 12)
    (7.0, 7.0)
    """
    if amounts.size <= _FEW:
        by_row, by_column = (_basis(n)[at] for n, at in zip(shape, cells, strict=True))
        return by_row.T @ (amounts[:, None] * by_column)
    grid = np.zeros(shape, dtype=amounts.dtype)
    np.add.at(grid, (cells[0], cells[1]), amounts)
    from scipy.fft import dctn

    return dctn(grid, norm="ortho", overwrite_x=True)


def field_of_modes(modes: Array) -> Array:
    """Return the field of its modes, which are used up as working memory."""
    from scipy.fft import idctn

    return idctn(modes, norm="ortho", overwrite_x=True)


@lru_cache(maxsize=16)
def _basis(count: int) -> Array:
    """Return all modes at all places, shape (places, modes)."""
    from scipy.fft import dct

    return np.ascontiguousarray(dct(np.eye(count), norm="ortho", axis=1))
