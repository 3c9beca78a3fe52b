"""The solver behind the models: exact where the answer is known, and plain about where it stops."""

from __future__ import annotations

import numpy as np
import pytest

from secretome_edu.models.integration import integrate
from secretome_edu.models.mass_action import Network
from secretome_edu.ui.messages import CourseError


def test_a_decay_is_the_exponential():
    times = np.linspace(0.0, 10.0, 21)
    found = integrate(lambda t, x: -x, [2.0], times, ["A"], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(found[0], 2 * np.exp(-times), rtol=1e-7)


def test_one_time_returns_the_start():
    assert integrate(lambda t, x: -x, [2.0], [3.0], ["A"], rtol=1e-6, atol=1e-6).tolist() == [[2.0]]


def test_a_solver_that_fails_says_at_which_time_and_state():
    # A grows as its square and is infinite at time 1.
    network = Network(["A"], "A + A -> A + A + A ; k")
    with pytest.raises(CourseError, match=r"stopped after 0\.75 in \{'A': 4\.0"):
        network.solve(np.array([1.0]), np.linspace(0, 2, 9), network.constants({"k": 1.0}))


def test_a_state_that_is_no_number_is_a_failure():
    with pytest.raises(CourseError, match="stopped after 0 in"):
        integrate(lambda t, x: x * np.nan, [1.0], [0.0, 1.0], ["A"], rtol=1e-6, atol=1e-6)
