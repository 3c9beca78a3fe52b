"""Point consumers in a field, exactly: Woodbury's identity instead of a new matrix per cell.

With A the diffusion-decay operator and consumers at m grid points, ``(A + U K U^T) c = s`` needs
only the m x m matrix G of A's inverse between those points. For closed edges G is a sum of four
mirror images of one table, and that table is one cosine transform.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from secretome_edu.models.checks import Array
from secretome_edu.ui.messages import CourseError

# Midpoint rule on Talbot's contour (Trefethen, Weideman and Schmelzer 2006,
# 10.1007/s10543-006-0077-9): the error falls as 3.89 to the power of minus the number of nodes.
# Nodes come in conjugate pairs, so half of them are computed.
_NODES = 16


def spread(density: Array, response: Array) -> Array:
    """Return the field of a source density through a response given per cosine mode."""
    from scipy.fft import dctn, idctn

    return idctn(dctn(density, norm="ortho") * response, norm="ortho", overwrite_x=True)


def steady_field(
    loss_per_s: Array, secreted: Array, cells: Array, clearance_per_s: Array, half_saturation: float
) -> Array:
    """Return the steady field with consumers, Michaelis-Menten if the half saturation is finite.

    Parameters
    ----------
    loss_per_s : ndarray, shape (rows, columns)
        Eigenvalues k + D mu of decay and diffusion, all above 0.
    secreted : ndarray, shape (rows, columns)
        Source density (concentration per second).
    cells : ndarray of int, shape (2, m)
        Rows and columns of the consumers.
    clearance_per_s : ndarray, shape (m,)
        Share of its grid cell a consumer clears per second at low concentration.
    half_saturation : float
        Concentration of half-maximal uptake.
    """
    alone = spread(secreted, 1 / loss_per_s)
    between = _between(loss_per_s, cells)
    reached = alone[cells[0], cells[1]]
    uptake = _linear_uptake(between, clearance_per_s, reached)
    if np.isfinite(half_saturation):
        uptake = _saturating_uptake(between, clearance_per_s, reached, uptake, half_saturation)
    return alone - spread(_scatter(secreted.shape, cells, uptake), 1 / loss_per_s)


def field_at(
    time_s: float, loss_per_s: Array, secreted: Array, cells: Array, clearance_per_s: Array
) -> Array:
    """Return the field with consumers at a time after secretion starts, without stepping.

    The Laplace transform in time is inverted on Talbot's contour; each node is a steady problem
    with a complex decay rate. Parameters as in :func:`steady_field`.
    """
    angles = np.pi * (2 * np.arange(_NODES // 2) + 1) / _NODES
    cotangent = 1 / np.tan(0.6407 * angles)
    node = _NODES / time_s * (0.5017 * angles * cotangent - 0.6122 + 0.2645j * angles)
    slope = 0.5017 * (cotangent - 0.6407 * angles / np.sin(0.6407 * angles) ** 2) + 0.2645j
    weight = np.exp(node * time_s) * slope * _NODES / time_s / node
    field = np.zeros(secreted.shape)
    for z, w in zip(node, weight, strict=True):
        loss = loss_per_s + z
        alone = spread(secreted, 1 / loss)
        between = _between(loss, cells)
        system = between + np.diag(1 / clearance_per_s)
        uptake = np.linalg.solve(system, alone[cells[0], cells[1]])
        with_cells = alone - spread(_scatter(secreted.shape, cells, uptake), 1 / loss)
        field += 2 / _NODES * (w * with_cells).imag
    return field


def _linear_uptake(between: Array, clearance_per_s: Array, reached: Array) -> Array:
    from scipy.linalg import cho_factor, cho_solve

    system = between.copy()
    system.flat[:: len(system) + 1] += 1 / clearance_per_s
    factor = cho_factor(system, overwrite_a=True, check_finite=False)
    return cho_solve(factor, reached, check_finite=False)


def _saturating_uptake(
    between: Array, clearance_per_s: Array, reached: Array, uptake: Array, half_saturation: float
) -> Array:
    # Uptake is concave in concentration, so Newton's steps rise to the solution from below.
    level = uptake / clearance_per_s
    for _ in range(60):
        share = 1 / (1 + level / half_saturation)
        misfit = level + between @ (clearance_per_s * level * share) - reached
        jacobian = between * (clearance_per_s * share**2)
        jacobian.flat[:: len(level) + 1] += 1
        step = np.linalg.solve(jacobian, misfit)
        level = level - step
        if np.abs(step).max() <= 1e-12 * np.abs(level).max():
            return clearance_per_s * level / (1 + level / half_saturation)
    raise CourseError(
        "The saturating uptake did not settle after 60 steps; the last step changed the level by "
        f"{np.abs(step).max():g} of {np.abs(level).max():g}. Raise half_saturation_pM."
    )


def _between(loss_per_s: Array, cells: Array) -> Array:
    """Return A's inverse between the cells, shape (m, m)."""
    from scipy.fft import dctn

    rows, columns = loss_per_s.shape
    padded = np.zeros((rows + 1, columns + 1), dtype=loss_per_s.dtype)
    padded[:-1, :-1] = 0.25 / (rows * columns) / loss_per_s
    table = dctn(padded, type=1, overwrite_x=True).ravel()
    images = _image_indices(loss_per_s.shape, cells.tobytes())
    return sum(table.take(image) for image in images)


@lru_cache(maxsize=4)
def _image_indices(shape: tuple[int, int], cells_bytes: bytes) -> tuple[Array, ...]:
    """Return where each pair of cells finds its four mirror images in the table."""
    row, column = np.frombuffer(cells_bytes, dtype=np.int64).reshape(2, -1)
    direct, mirrored = [], []
    for size, at in zip(shape, (row, column), strict=True):
        direct.append(np.abs(at[:, None] - at))
        across = at[:, None] + at + 1
        mirrored.append(np.minimum(across, 2 * size - across))
    width = shape[1] + 1
    return tuple(
        rows * width + columns
        for rows in (direct[0], mirrored[0])
        for columns in (direct[1], mirrored[1])
    )


def _scatter(shape: tuple[int, int], cells: Array, amount: Array) -> Array:
    field = np.zeros(shape, dtype=amount.dtype)
    np.add.at(field, (cells[0], cells[1]), amount)
    return field
