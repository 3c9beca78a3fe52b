"""Trafficking: receptors that are made, bound, taken up, and why a signal outlives its pulse.

VEGF on endothelium with VEGFR1, VEGFR2, neuropilin-1 and matrix; numbers and rates of
10.1186/1752-0509-5-170, generic equations of 10.1007/s12195-014-0363-6. Free and bound receptors
are internalized at one rate and replaced by synthesis, so the surface total stays constant.
Ligand in pM, receptors and complexes per cell, times in min unless a name says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from secretome_edu.models.checks import Array, non_negative, number, positive, whole
from secretome_edu.models.mass_action import Network
from secretome_edu.models.units import PM_PER_MOLECULE_PER_UM3, UM3_PER_ML
from secretome_edu.ui.messages import BadValue

INTERNALIZATION_PER_S = 2.8e-4


@dataclass(frozen=True)
class Site:
    """A binding site: how many a cell has, and its rate constants."""

    per_cell: float
    association_per_M_s: float
    dissociation_per_s: float


RECEPTORS: Mapping[str, Site] = MappingProxyType(
    {
        "VEGFR1": Site(65_000, 3e7, 1e-3),
        "VEGFR2": Site(12_000, 1e7, 1e-3),
        "NRP1": Site(10_000, 3.125e6, 1e-3),
    }
)
MATRIX = Site(1_000_000, 4.2e5, 1e-2)


@dataclass(frozen=True)
class TraffickingCourse:
    """A well with cells, medium and matrix over time.

    Attributes
    ----------
    time_min : ndarray, shape (n,)
    ligand_pM : ndarray, shape (n,)
        Free VEGF in the medium.
    bound, free, internal : dict of str to ndarray, shape (n,)
        Complexes on the surface, free receptors, and internalized complexes, per cell, by
        receptor.
    matrix_bound : ndarray, shape (n,)
        VEGF held by matrix, molecules per cell.
    """

    time_min: Array
    ligand_pM: Array
    bound: dict[str, Array]
    free: dict[str, Array]
    internal: dict[str, Array]
    matrix_bound: Array


def half_occupancy_pM(
    association_per_M_s: ArrayLike,
    dissociation_per_s: ArrayLike,
    internalization_per_s: ArrayLike = INTERNALIZATION_PER_S,
) -> Array:
    """Return the ligand level that holds half of the surface receptors bound.

    Internalization removes complexes as dissociation does: (koff + kint) / kon, above the Kd.

    Parameters
    ----------
    association_per_M_s : array_like
        kon (1/(M s)), above 0.
    dissociation_per_s, internalization_per_s : array_like
        koff and kint (1/s), at least 0.

    Returns
    -------
    ndarray
        pM.

    Examples
    --------
    VEGFR2 has a Kd of 100 pM:

    >>> round(float(half_occupancy_pM(1e7, 1e-3)), 6)
    128.0
    """
    leaving = non_negative("dissociation_per_s", dissociation_per_s)
    leaving = leaving + non_negative("internalization_per_s", internalization_per_s)
    return leaving / positive("association_per_M_s", association_per_M_s) * 1e12


def bound_under_pulses(
    time_min: ArrayLike,
    pulses: Sequence[tuple[float, float, float]],
    site: Site = RECEPTORS["VEGFR2"],
    internalization_per_s: float = INTERNALIZATION_PER_S,
) -> Array:
    """Return surface complexes while the ligand level is set from outside, in closed form.

    Parameters
    ----------
    time_min : array_like, shape (n,)
        Times (min), at least 0.
    pulses : sequence of (start_min, end_min, level_pM)
        Ligand levels; between pulses there is none. They must not overlap.
    site : Site
        The receptor.
    internalization_per_s : float
        kint (1/s), at least 0.

    Returns
    -------
    ndarray, shape (n,)
        Complexes per cell.

    Examples
    --------
    >>> after = bound_under_pulses([0, 30, 60], [(0, 30, 128.0)])
    >>> after.round(-2).tolist()
    [0.0, 5900.0, 600.0]
    """
    time = number("time_min", time_min, 0.0)
    uptake = float(non_negative("internalization_per_s", internalization_per_s))
    steps = _steps(pulses)
    bound = np.zeros(time.shape)
    level = 0.0
    for (start, ligand), (end, _) in zip(steps, [*steps[1:], (np.inf, 0.0)], strict=True):
        binding = site.association_per_M_s * ligand * 1e-12
        rate = binding + site.dissociation_per_s + uptake
        goal = site.per_cell * binding / rate
        inside = (time >= start) & (time < end)
        bound[inside] = goal + (level - goal) * np.exp(-rate * 60 * (time[inside] - start))
        if np.isfinite(end):
            level = goal + (level - goal) * np.exp(-rate * 60 * (end - start))
    return bound


def simulate(
    ligand_pM: float = 0.0,
    secretion_per_cell_s: float = 0.0,
    t_end_min: float = 240.0,
    *,
    wash_at_min: float | None = None,
    matrix: bool = True,
    cells_per_mL: float = 1e6,
    internalization_per_s: float = INTERNALIZATION_PER_S,
    endosome_loss_per_s: float = 2e-4,
    receptors: Mapping[str, Site] = RECEPTORS,
    samples: int = 241,
) -> TraffickingCourse:
    """Simulate a closed well in which cells and matrix use up the ligand.

    Parameters
    ----------
    ligand_pM : float
        VEGF added at time 0 (pM), at least 0.
    secretion_per_cell_s : float
        VEGF secreted by the cells of the well (molecules per cell and second).
    t_end_min : float
        Simulated time (min), above 0.
    wash_at_min : float, optional
        When the medium is replaced: free VEGF goes and secretion ends, what is bound stays.
    matrix : bool
        Whether there is matrix that binds VEGF.
    cells_per_mL : float
        Cells per medium, above 0: the more cells, the more depletion.
    internalization_per_s, endosome_loss_per_s : float
        Uptake of all receptors, and loss of internalized complexes (1/s).
    receptors : mapping of str to Site
    samples : int

    Returns
    -------
    TraffickingCourse

    Examples
    --------
    After a high pulse matrix keeps feeding the receptors:

    >>> held = simulate(5000.0, wash_at_min=30.0).bound["VEGFR2"][-1]
    >>> bare = simulate(5000.0, wash_at_min=30.0, matrix=False).bound["VEGFR2"][-1]
    >>> bool(held > 2 * bare)
    True
    """
    end = float(positive("t_end_min", t_end_min))
    time = np.linspace(0.0, end, whole("samples", samples, 2))
    net = _network(tuple(receptors))
    # The network counts molecules per cell, the ligand too; one of them is this many pM.
    unit = float(positive("cells_per_mL", cells_per_mL)) / UM3_PER_ML * PM_PER_MOLECULE_PER_UM3
    sites = dict(receptors) | {"matrix": MATRIX}
    rates = {
        "kint": float(non_negative("internalization_per_s", internalization_per_s)),
        "kend": float(non_negative("endosome_loss_per_s", endosome_loss_per_s)),
        "secretion": float(non_negative("secretion_per_cell_s", secretion_per_cell_s)),
    }
    start = np.zeros(len(net.species))
    start[0] = float(non_negative("ligand_pM", ligand_pM)) / unit
    for name, site in sites.items():
        count = site.per_cell * (matrix or name != "matrix")
        start[net.species.index(f"R_{name}")] = count
        rates[f"on_{name}"] = site.association_per_M_s * 1e-12 * unit
        rates[f"off_{name}"] = site.dissociation_per_s
        rates[f"made_{name}"] = rates["kint"] * count
    if wash_at_min is None:
        state = net.solve(start, time * 60, net.constants(rates))
    else:
        wash = float(number("wash_at_min", wash_at_min, 0.0, end))
        before = time < wash
        state = start[:, None]
        if wash > 0:
            state = net.solve(start, np.append(time[before], wash) * 60, net.constants(rates))
        rinsed = state[:, -1].copy()
        rinsed[0] = 0.0
        stops = np.unique(np.append(wash, time[~before])) * 60
        later = net.solve(rinsed, stops, net.constants(rates | {"secretion": 0.0}))
        state = np.concatenate([state[:, : before.sum()], later[:, -(~before).sum() :]], axis=1)
    state = np.maximum(state, 0.0)  # the solver's tolerance may leave -1e-12

    def per_cell(prefix: str) -> dict[str, Array]:
        return {name: state[net.species.index(f"{prefix}_{name}")] for name in receptors}

    held = state[net.species.index("C_matrix")]
    return TraffickingCourse(
        time, state[0] * unit, per_cell("C"), per_cell("R"), per_cell("I"), held
    )


@lru_cache(maxsize=8)
def _network(receptors: tuple[str, ...]) -> Network:
    species, lines = ["L", "R_matrix", "C_matrix"], ["0 -> L ; secretion"]
    lines.append("L + R_matrix <-> C_matrix ; on_matrix, off_matrix")
    for name in receptors:
        species += [f"R_{name}", f"C_{name}", f"I_{name}"]
        lines += [
            f"L + R_{name} <-> C_{name} ; on_{name}, off_{name}",
            f"0 <-> R_{name} ; made_{name}, kint",
            f"C_{name} -> I_{name} ; kint",
            f"I_{name} -> 0 ; kend",
        ]
    return Network(species, "\n".join(lines))


def _steps(pulses: Sequence[tuple[float, float, float]]) -> list[tuple[float, float]]:
    """Return when the ligand level changes and to what, from time 0 on."""
    steps = [(0.0, 0.0)]
    for pulse in sorted(pulses):
        if np.shape(pulse) != (3,):
            raise BadValue(f"pulses holds {pulse!r}; it accepts (start_min, end_min, level_pM).")
        start, end, level = (float(x) for x in non_negative("pulses", pulse))
        if start >= end or start < steps[-1][0]:
            raise BadValue(
                f"pulses holds one from {start:g} to {end:g} min; it accepts pulses that end after "
                "they start and do not overlap."
            )
        steps += [(start, level), (end, 0.0)]
    return steps
