"""Binding: the simple curve, where it lies, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from secretome_edu.models import binding
from secretome_edu.ui.messages import BadValue


def test_depletion_root_satisfies_mass_action():
    for ligand, receptor, kd in [(10, 50, 100), (1e4, 1e-3, 10), (1e-3, 1e4, 10), (5, 5, 1e-6)]:
        bound = binding.bound_with_depletion(ligand, receptor, kd)
        reference = brentq(
            lambda c, L=ligand, R=receptor, K=kd: (L - c) * (R - c) - K * c,
            0, min(ligand, receptor), xtol=1e-16, rtol=1e-14,
        )  # fmt: skip
        assert bound == pytest.approx(reference, rel=1e-9)


def test_approach_to_equilibrium_equals_the_ode():
    reference = solve_ivp(
        lambda t, y: 1e7 * 250e-12 * (1 - y) - 1e-3 * y, (0, 900), [0.0], rtol=1e-10, atol=1e-12
    ).y[0, -1]
    assert binding.occupancy_at(900, 250, 1e-3, 1e7) == pytest.approx(reference, rel=1e-7)
    assert binding.occupancy_at(900, 0, 0.0, 1e7) == 0


def test_mean_of_ratios_is_not_ratio_of_means():
    """Activin A and ActR-II (10.1186/1741-7007-7-59): printed mean Kd 180 nM, rates give 147."""
    assert binding.kd_from_rates_pM(0.044, 3e5) / 1000 == pytest.approx(147, abs=1)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: binding.occupancy(-1, 100), "ligand is -1"),
        (lambda: binding.occupancy(1, 0), "kd is 0"),
        (lambda: binding.occupancy(1, 1, 0), "hill is 0"),
        (lambda: binding.bound_with_depletion(1, np.inf, 1), "receptor_total is inf"),
        (lambda: binding.kd_with_competitor(1, 1, 0), "ki is 0"),
        (lambda: binding.suppression(1, 1, 1.1), "imax is 1.1; it accepts .* at most 1"),
        (lambda: binding.receptor_level_pM(1, 1, 0), "volume_mL is 0"),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises(BadValue, match=says):
        call()
