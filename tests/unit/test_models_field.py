"""Field: exact against a sparse solver and a matrix exponential, with and without consumers."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sparse
from scipy.linalg import expm
from scipy.sparse.linalg import splu

from secretome_edu.models.field import Field2D
from secretome_edu.models.units import PM_PER_MOLECULE_PER_UM3
from secretome_edu.ui.messages import BadValue


def operator(field: Field2D, sinks=None):
    """The five-point operator with closed edges, written down independently as a matrix."""
    blocks = []
    for n in field.shape:
        main = np.full(n, -2.0)
        main[[0, -1]] = -1.0
        blocks.append(sparse.diags([np.ones(n - 1), main, np.ones(n - 1)], [-1, 0, 1]))
    rows, columns = field.shape
    lap = sparse.kron(blocks[0], sparse.identity(columns))
    lap = lap + sparse.kron(sparse.identity(rows), blocks[1])
    matrix = -field.diffusivity_um2_s / field.spacing_um**2 * lap
    matrix = matrix + field.decay_per_s * sparse.identity(rows * columns)
    if sinks is not None:
        volume = field.spacing_um**2 * field.depth_um
        cleared = np.zeros(field.shape)
        np.add.at(cleared, sinks[:2], np.asarray(sinks[2]) / volume)
        matrix = matrix + sparse.diags(cleared.ravel())
    return matrix.tocsc()


def source_vector(field, sources):
    density = np.zeros(field.shape)
    np.add.at(density, sources[:2], sources[2])
    volume = field.spacing_um**2 * field.depth_um
    return density.ravel() / volume * PM_PER_MOLECULE_PER_UM3


def points(seed, count, shape, low, high):
    rng = np.random.default_rng(seed)
    places = [rng.integers(0, n, count) for n in shape]
    return (*places, rng.uniform(low, high, count))


def worst(ours, reference):
    return np.abs(ours.ravel() - reference).max() / np.abs(reference).max()


def test_steady_field_equals_sparse_lu():
    field = Field2D((128, 128), 7.8125, 100.0, 0.01)
    sources = points(1, 20, field.shape, 0.1, 2.0)
    reference = splu(operator(field)).solve(source_vector(field, sources))
    assert worst(field.steady(sources), reference) <= 1e-12


def test_400_consumers_equal_sparse_lu():
    field = Field2D((128, 128), 7.8125, 100.0, 0.01)
    sources = points(1, 20, field.shape, 0.1, 2.0)
    sinks = points(2, 400, field.shape, 1.0, 2000.0)
    reference = splu(operator(field, sinks)).solve(source_vector(field, sources))
    assert worst(field.steady(sources, sinks=sinks), reference) <= 1e-10


@pytest.mark.parametrize("time_s", [0.5, 20.0, 3000.0])
@pytest.mark.parametrize("with_sinks", [False, True])
def test_any_time_equals_the_matrix_exponential(time_s, with_sinks):
    field = Field2D((9, 12), 10.0, 60.0, 0.004)
    sources = points(3, 4, field.shape, 0.5, 2.0)
    sinks = points(4, 7, field.shape, 10.0, 3000.0) if with_sinks else None
    matrix = operator(field, sinks).toarray()
    rate = source_vector(field, sources)
    reference = np.linalg.solve(matrix, rate - expm(-matrix * time_s) @ rate)
    assert worst(field.at(time_s, sources, sinks=sinks), reference) <= 1e-7


def test_saturating_uptake_balances():
    field = Field2D((32, 40), 10.0, 80.0, 0.005)
    sources = points(5, 6, field.shape, 1.0, 20.0)
    sinks = points(6, 15, field.shape, 100.0, 4000.0)
    level = field.steady(sources, sinks=sinks, half_saturation_pM=0.05)
    local = level[sinks[:2]]
    taken = np.sum(sinks[2] * local / (1 + local / 0.05)) / PM_PER_MOLECULE_PER_UM3
    assert taken + field.removed_by_decay_per_s(level) == pytest.approx(sources[2].sum(), rel=1e-9)
    assert (level >= field.steady(sources, sinks=sinks) * (1 - 1e-12)).all()
    assert (level <= field.steady(sources) * (1 + 1e-12)).all()


def test_several_cells_on_one_grid_cell_add_up():
    field = Field2D((10, 10), 10.0, 80.0, 0.005)
    twice = field.steady(([2, 2], [3, 3], [1.0, 1.0]), sinks=([5, 5], [5, 5], [50.0, 70.0]))
    once = field.steady(([2], [3], [2.0]), sinks=([5], [5], [120.0]))
    np.testing.assert_allclose(twice, once, rtol=1e-12)


def test_changed_sources_and_sinks_are_seen_by_a_field_in_use():
    field = Field2D((10, 12), 10.0, 80.0, 0.01)
    for sources in (([2], [3], [0.5]), ([2], [3], [0.7]), ([], [], []), ([4], [3], [0.7])):
        for sinks in (None, ([5], [5], [50.0]), ([5], [5], [90.0]), ([6], [5], [90.0])):
            fresh = Field2D((10, 12), 10.0, 80.0, 0.01)
            np.testing.assert_array_equal(
                field.steady(sources, sinks=sinks), fresh.steady(sources, sinks=sinks)
            )
            np.testing.assert_array_equal(field.at(50.0, sources), fresh.at(50.0, sources))


def test_without_decay_mass_grows_with_time():
    field = Field2D((10, 12), 10.0, 80.0, 0.0)
    level = field.at(120.0, ([2], [3], [0.5]))
    molecules = level.sum() * 10.0**2 * field.depth_um / PM_PER_MOLECULE_PER_UM3
    assert molecules == pytest.approx(60.0, rel=1e-10)
    assert not field.at(0, ([2], [3], [0.5])).any()


GOOD = Field2D((8, 8), 10.0, 100.0, 0.01)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Field2D((8,), 10, 100, 0.01), "shape is"),
        (lambda: Field2D((8, 1), 10, 100, 0.01), "shape is 1"),
        (lambda: Field2D((8, 8.5), 10, 100, 0.01), "shape is 8.5"),
        (lambda: Field2D((8, 8), 0, 100, 0.01), "spacing_um is 0"),
        (lambda: Field2D((8, 8), 10, -1, 0.01), "diffusivity_um2_s is -1"),
        (lambda: Field2D((8, 8), 10, 100, np.nan), "decay_per_s is nan"),
        (lambda: Field2D((8, 8), 10, 100, 0.01, depth_um=0), "depth_um is 0"),
        (lambda: Field2D((8, 8), 10, 100, 0.0).steady(([1], [1], [1])), "decay_per_s is 0"),
        (lambda: GOOD.steady(([8], [1], [1])), "sources row is 8; it accepts .* at most 7"),
        (lambda: GOOD.steady(([1], [-1], [1])), "sources column is -1"),
        (lambda: GOOD.steady(([1], [1.5], [1])), "sources column is .*whole"),
        (lambda: GOOD.steady(([1], [1], [-1])), "sources rate is -1"),
        (lambda: GOOD.steady(([1, 2], [1, 2, 3], [1])), r"shapes \(2,\), \(3,\), \(1,\)"),
        (lambda: GOOD.steady(([1], [1])), "sources has 2 parts"),
        (lambda: GOOD.steady(([1], [1], [1]), sinks=([9], [1], [1])), "sinks row is 9"),
        (
            lambda: GOOD.steady(([1], [1], [1]), sinks=([1], [1], [1]), half_saturation_pM=0),
            "half_saturation_pM is 0",
        ),
        (lambda: GOOD.at(-1, ([1], [1], [1])), "time_s is -1"),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises(BadValue, match=says):
        call()
