"""NF-kB: why inflamed cells answer in pulses, and what a shorter alarm changes.

IKK frees NF-kB from its inhibitors, and NF-kB makes the inhibitor that ends its own signal
(Hoffmann, Levchenko, Scott and Baltimore 2002, 10.1126/science.1071914): 24 species in 45
reactions, rewritten from the curated public-domain model BIOMD0000000140. Levels in uM, times in
min after IKK is switched on. A secretome that calms acts as less IKK or as IKK that fades faster.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from secretome_edu.models.checks import Array, non_negative, positive, whole
from secretome_edu.models.mass_action import Network

# a, b, e are the inhibitors IkB-alpha, -beta, -epsilon; N is NF-kB, K is IKK; joined letters are
# complexes, _n is in the nucleus, m is a transcript.
SPECIES = (
    "a", "N", "aN", "b", "bN", "e", "eN", "Ka", "KaN", "K", "Kb", "KbN", "Ke", "KeN", "N_n", "a_n",
    "aN_n", "b_n", "bN_n", "e_n", "ma", "mb", "me", "eN_n",
)  # fmt: skip

REACTIONS = """
    N + a <-> aN ; a4, d4
    N + b <-> bN ; a5, d5
    N + e <-> eN ; a6, d6
    N + Ka <-> KaN ; a4, d4
    KaN -> N + K ; r4
    N + Kb <-> KbN ; a5, d5
    KbN -> N + K ; r5
    N + Ke <-> KeN ; a6, d6
    KeN -> N + K ; r6
    aN -> N ; deg4
    bN -> N ; deg4
    eN -> N ; deg4
    N <-> N_n ; k1, k01
    N_n + a_n <-> aN_n ; a4, d4
    N_n + b_n <-> bN_n ; a5, d5
    N_n + e_n <-> eN_n ; a6, d6
    0 -> ma ; tr2a
    N_n + N_n -> N_n + N_n + ma ; tr2
    ma -> 0 ; tr3
    0 -> mb ; tr2b
    mb -> 0 ; tr3
    0 -> me ; tr2e
    me -> 0 ; tr3
    K + a <-> Ka ; a1, d1
    ma -> ma + a ; tr1
    a -> 0 ; deg1
    a <-> a_n ; tp1, tp2
    K + b <-> Kb ; a2, d2
    mb -> mb + b ; tr1
    b -> 0 ; deg1
    b <-> b_n ; half_tp1, half_tp2
    K + e <-> Ke ; a3, d3
    me -> me + e ; tr1
    e -> 0 ; deg1
    e <-> e_n ; half_tp1, half_tp2
    K + aN <-> KaN ; a7, d1
    aN_n -> aN ; k2
    K + bN <-> KbN ; a8, d2
    bN_n -> bN ; k2_beta_nuclear
    K + eN <-> KeN ; a9, d3
    eN_n -> eN ; half_k2_eps
    Ka -> K ; r1
    Kb -> K ; r2
    Ke -> K ; r3
    K -> 0 ; k02
"""

# uM and min.
RATES = {
    "a4": 30.0, "d4": 0.03, "a5": 30.0, "d5": 0.03, "a6": 30.0, "d6": 0.03, "r4": 1.224, "r5": 0.45,
    "r6": 0.66, "deg4": 0.00135, "k1": 5.4, "k01": 0.0048, "tr2a": 9.25e-05, "tr2": 0.99,
    "tr3": 0.0168, "tr2b": 1.068e-05, "tr2e": 7.62e-06, "a1": 1.35, "d1": 0.075, "tr1": 0.2448,
    "deg1": 0.00678, "tp1": 0.018, "tp2": 0.012, "a2": 0.36, "d2": 0.105, "a3": 0.54, "d3": 0.105,
    "a7": 11.1, "k2": 0.828, "a8": 2.88, "a9": 4.2, "k2_eps": 0.624, "r1": 0.2442, "r2": 0.09,
    "r3": 0.132, "k02": 0.0072, "k2_beta_nuclear": 0.0069,
}  # fmt: skip
IKK_UM = 0.1  # switched on at time 0
_INHIBITOR_UM, _NFKB_UM, _NUCLEAR_UM = 0.1, 0.1, 0.001  # before the 2000 min of rest
_REST_MIN = 2000.0


@dataclass(frozen=True)
class NfkbCourse:
    """One simulated cell.

    Attributes
    ----------
    time_min : ndarray, shape (n,)
        After IKK is switched on.
    nuclear_nfkb_uM : ndarray, shape (n,)
        Free NF-kB in the nucleus.
    inhibitor_uM : ndarray, shape (n,)
        All IkB-alpha outside the nucleus, free or bound.
    ikk_uM : ndarray, shape (n,)
        Free IKK.
    state_uM : ndarray, shape (24, n)
        All species in the order of ``SPECIES``.
    """

    time_min: Array
    nuclear_nfkb_uM: Array
    inhibitor_uM: Array
    ikk_uM: Array
    state_uM: Array

    @property
    def peaks_min(self) -> Array:
        """Times of the maxima of nuclear NF-kB, between samples by a parabola."""
        y, t = self.nuclear_nfkb_uM, self.time_min
        top = np.flatnonzero((y[1:-1] > y[:-2]) & (y[1:-1] >= y[2:])) + 1
        bend = y[top - 1] - 2 * y[top] + y[top + 1]
        return t[top] + (t[1] - t[0]) * (y[top - 1] - y[top + 1]) / (2 * bend)


@lru_cache(maxsize=1)
def network() -> Network:
    """Return the parsed reaction network."""
    return Network(SPECIES, REACTIONS)


def simulate(
    ikk_uM: float = IKK_UM,
    ikk_loss_per_min: float = RATES["k02"],
    t_end_min: float = 360.0,
    *,
    samples: int = 361,
) -> NfkbCourse:
    """Simulate one cell after its alarm, IKK, is switched on.

    Parameters
    ----------
    ikk_uM : float
        IKK at time 0 (uM), at least 0; the published value is 0.1.
    ikk_loss_per_min : float
        How fast IKK fades (1/min), at least 0; the published value is 0.0072.
    t_end_min : float
        Simulated time (min), above 0.
    samples : int
        Number of returned times.

    Returns
    -------
    NfkbCourse

    Raises
    ------
    BadValue
        If an argument is outside its range; names it.
    CourseError
        If the solver fails; says at which time and state.

    Examples
    --------
    >>> simulate().peaks_min.round().tolist()
    [30.0, 138.0, 238.0]
    """
    time = np.linspace(0.0, float(positive("t_end_min", t_end_min)), whole("samples", samples, 3))
    state = _rested().copy()
    state[SPECIES.index("K")] = float(non_negative("ikk_uM", ikk_uM))
    loss = float(non_negative("ikk_loss_per_min", ikk_loss_per_min))
    rates = _constants(loss)
    exported = network().rate_names.index("k2_beta_nuclear")
    full = rates[exported]

    def at(minute: float) -> Array:
        # The curated model lets this export fade after the alarm; its rate rule integrates to this.
        rates[exported] = full * 0.5 / (1.0 + max(minute, 0.0))
        return rates

    levels = np.maximum(network().solve(state, time, at, rtol=1e-6, atol=1e-9), 0.0)
    place = SPECIES.index
    inhibitor = levels[[place(name) for name in ("a", "aN", "Ka", "KaN")]].sum(axis=0)
    return NfkbCourse(time, levels[place("N_n")], inhibitor, levels[place("K")], levels)


@lru_cache(maxsize=1)
def _rested() -> Array:
    """Return a cell that has rested without IKK, as the curated model lets it."""
    state = np.zeros(len(SPECIES))
    for name, level in (("a", _INHIBITOR_UM), ("N", _NFKB_UM), ("N_n", _NUCLEAR_UM)):
        state[SPECIES.index(name)] = level
    rest = np.array([0.0, _REST_MIN])
    return network().solve(state, rest, _constants(RATES["k02"]), rtol=1e-8, atol=1e-11)[:, -1]


def _constants(ikk_loss_per_min: float) -> Array:
    halves = {f"half_{name}": RATES[name] / 2 for name in ("tp1", "tp2", "k2_eps")}
    return network().constants(RATES | halves | {"k02": ikk_loss_per_min})
