"""Point consumers in a field, exactly: Woodbury's identity instead of a new matrix per cell.

With A the diffusion-decay operator and consumers at m grid points, ``(A + U K U^T) c = s`` needs
only the m x m matrix G of A's inverse between those points. For closed edges G is a sum of four
mirror images of one table, and that table is one cosine transform.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from secretome_edu.models.checks import Array
from secretome_edu.models.cosine import field_of_modes, modes_of_points
from secretome_edu.ui.messages import CourseError

# Midpoint rule on Talbot's contour (Trefethen, Weideman and Schmelzer 2006,
# 10.1007/s10543-006-0077-9): the error falls as 3.89 to the power of minus the number of nodes.
# Nodes come in conjugate pairs, so half of them are computed.
_NODES = 16
_MOST_GRADIENTS = 40  # weak consumers need few; for strong ones Cholesky is faster


def steady_field(
    loss_per_s: Array,
    between: Array,
    source_modes: Array,
    cells: Array,
    clearance_per_s: Array,
    half_saturation: float,
) -> Array:
    """Return the steady field with consumers, Michaelis-Menten if the half saturation is finite.

    Parameters
    ----------
    loss_per_s : ndarray, shape (rows, columns)
        Eigenvalues k + D mu of decay and diffusion, all above 0.
    between : ndarray, shape (m, m)
        From :func:`inverse_between`.
    source_modes : ndarray, shape (rows, columns)
        Cosine modes of the sources (concentration per second).
    cells : ndarray of int, shape (2, m)
        Rows and columns of the consumers.
    clearance_per_s : ndarray, shape (m,)
        Share of its grid cell a consumer clears per second at low concentration.
    half_saturation : float
        Concentration of half-maximal uptake.
    """
    alone = source_modes / loss_per_s
    reached = field_of_modes(alone.copy())[cells[0], cells[1]]
    uptake = _linear_uptake(between, clearance_per_s, reached)
    if np.isfinite(half_saturation):
        uptake = _saturating_uptake(between, clearance_per_s, reached, uptake, half_saturation)
    return field_of_modes(alone - modes_of_points(alone.shape, cells, uptake) / loss_per_s)


def field_at(
    time_s: float, loss_per_s: Array, source_modes: Array, cells: Array, clearance_per_s: Array
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
    modes = np.zeros(source_modes.shape)
    for z, w in zip(node, weight, strict=True):
        loss = loss_per_s + z
        alone = source_modes / loss
        reached = field_of_modes(alone.copy())[cells[0], cells[1]]
        system = inverse_between(loss, cells) + np.diag(1 / clearance_per_s)
        uptake = np.linalg.solve(system, reached)
        with_cells = alone - modes_of_points(alone.shape, cells, uptake) / loss
        modes += 2 / _NODES * (w * with_cells).imag
    return field_of_modes(modes)


def _linear_uptake(between: Array, clearance_per_s: Array, reached: Array) -> Array:
    """Solve (1/clearance + between) uptake = reached; conjugate gradients, else Cholesky."""
    root = np.sqrt(clearance_per_s)
    left = root * reached
    found, ahead = np.zeros_like(left), left.copy()
    size = goal = left @ left
    for _ in range(_MOST_GRADIENTS):
        if size <= 1e-28 * goal:
            return root * found
        image = ahead + root * (between @ (root * ahead))
        length = size / (ahead @ image)
        found += length * ahead
        left -= length * image
        size, before = left @ left, size
        ahead = left + size / before * ahead
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


def inverse_between(loss_per_s: Array, cells: Array) -> Array:
    """Return the inverse of decay and diffusion between the cells, shape (m, m)."""
    from scipy.fft import dctn

    rows, columns = loss_per_s.shape
    padded = np.zeros((rows + 1, columns + 1), dtype=loss_per_s.dtype)
    padded[:-1, :-1] = 0.25 / (rows * columns) / loss_per_s
    table = dctn(padded, type=1, overwrite_x=True).ravel()
    first, *others = _image_indices(loss_per_s.shape, cells.tobytes())
    inverse = table.take(first)
    for image in others:
        inverse += table.take(image)
    return inverse


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
