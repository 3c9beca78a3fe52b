"""The caspase network of Legewie, Bluthgen and Herzel 2006 (10.1371/journal.pcbi.0020120).

13 species and 28 reactions, rewritten from the curated public-domain model BIOMD0000000102.
Concentrations in nM, time in s.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from secretome_edu.models.checks import Array
from secretome_edu.models.mass_action import Network

SPECIES = (
    "A", "C9", "X", "C3", "C9X", "AC9", "AC9X", "C9s", "C9sX", "AC9s", "AC9sX", "C3s", "C3sX",
)  # fmt: skip

# A Apaf-1, C9 and C3 procaspases, X XIAP, s for cleaved; complexes by their parts.
REACTIONS = """
    A + C9 <-> AC9 ; k1, kb1
    C3 + C9 -> C3s + C9 ; k2
    C3 + AC9 -> C3s + AC9 ; k3
    C9 + C3s -> C9s + C3s ; k4
    AC9 + C3s -> AC9s + C3s ; k5
    C3 + C9s -> C3s + C9s ; k6
    C3 + AC9s -> C3s + AC9s ; k7
    C9s + A <-> AC9s ; k8, k8b
    C9 + X <-> C9X ; k9, k9b
    AC9 + X <-> AC9X ; k10, k10b
    C9s + X <-> C9sX ; k11, k11b
    AC9s + X <-> AC9sX ; k12, k12b
    C9X + A <-> AC9X ; k13, k13b
    C9sX + A <-> AC9sX ; k14, k14b
    C3s + X <-> C3sX ; k15, k15b
    0 <-> A ; apaf1_source, loss
    0 <-> C9 ; c9_source, loss
    0 <-> X ; xiap_source, loss
    0 <-> C3 ; c3_source, loss
    C9X -> 0 ; loss
    AC9X -> 0 ; loss
    AC9 -> 0 ; loss
    C3s -> 0 ; loss
    C3sX -> 0 ; loss
    C9sX -> 0 ; loss
    C9s -> 0 ; loss
    AC9s -> 0 ; loss
    AC9sX -> 0 ; loss
"""

# 1/(nM s) for two reactants, 1/s for one.
RATES = {
    "k1": 2e-3, "kb1": 0.1, "k2": 5e-6, "k3": 3.5e-4, "k4": 2e-4, "k5": 2e-4, "k6": 5e-5,
    "k7": 3.5e-3, "k8": 2e-3, "k8b": 0.1, "k9": 1e-3, "k9b": 1e-3, "k10": 1e-3, "k10b": 1e-3,
    "k11": 1e-3, "k11b": 1e-3, "k12": 1e-3, "k12b": 1e-3, "k13": 2e-3, "k13b": 0.1,
    "k14": 2e-3, "k14b": 0.1, "k15": 3e-3, "k15b": 1e-3, "loss": 1e-3,
}  # fmt: skip
CASPASE9_NM, CASPASE3_NM = 20.0, 200.0  # procaspases of an unstressed cell


def start(apaf1_nM: float, xiap_nM: float) -> Array:
    """Return a cell before the stress: Apaf-1, XIAP and procaspases, nothing bound or cleaved."""
    state = np.zeros(len(SPECIES))
    state[[SPECIES.index(name) for name in ("A", "C9", "X", "C3")]] = (
        apaf1_nM, CASPASE9_NM, xiap_nM, CASPASE3_NM
    )  # fmt: skip
    return state


@lru_cache(maxsize=1)
def network() -> Network:
    """Return the parsed reaction network."""
    return Network(SPECIES, REACTIONS)


def constants(apaf1_nM: float, xiap_nM: float) -> Array:
    """Return the rate constants with syntheses that keep up these levels in a cell at rest."""
    loss = RATES["loss"]
    return network().constants(
        RATES
        | {
            "apaf1_source": loss * apaf1_nM,
            "xiap_source": loss * xiap_nM,
            "c9_source": loss * CASPASE9_NM,
            "c3_source": loss * CASPASE3_NM,
        }
    )
