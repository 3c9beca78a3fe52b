"""Ordinary differential equations: LSODA in one call, and a failure that says where it happened.

``odeint`` is the same solver as ``solve_ivp``'s LSODA without Python work between its steps, which
for the small systems here is most of the time.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence

import numpy as np

from secretome_edu.models.checks import Array
from secretome_edu.ui.messages import CourseError

_MOST_STEPS = 5000  # between two returned times


def integrate(
    change: Callable[[float, Array], Array | Sequence[float]],
    state: Array,
    times: Array,
    names: Sequence[str],
    *,
    jacobian: Callable[[float, Array], Array] | None = None,
    rtol: float,
    atol: float,
) -> Array:
    """Return the state at rising times, shape (species, times).

    Parameters
    ----------
    change : callable
        ``change(time, state)``, the derivative.
    state : ndarray, shape (species,)
        At the first time.
    times : ndarray, shape (n,)
    names : sequence of str
        What the entries of the state are called.
    jacobian : callable, optional
        ``jacobian(time, state)``, shape (species, species).
    rtol, atol : float
        Tolerances of the solver.

    Raises
    ------
    CourseError
        If the solver fails; says at which time and state.

    Examples
    --------
    >>> integrate(lambda t, x: -x, [1.0], [0.0, 1.0], ["A"], rtol=1e-8, atol=1e-12).round(4)
    array([[1.    , 0.3679]])
    """
    from scipy.integrate import odeint

    times = np.asarray(times, dtype=float)
    if times.size == 1:
        return np.asarray(state, dtype=float)[:, None]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it warns of is raised below
        course, info = odeint(
            change,
            state,
            times,
            Dfun=jacobian,
            tfirst=True,
            rtol=rtol,
            atol=atol,
            mxstep=_MOST_STEPS,
            full_output=True,
        )
    reached = info["tcur"] >= times[1:]
    if not reached.all() or not np.isfinite(course).all():
        last = int(np.argmin(np.append(reached & np.isfinite(course[1:]).all(axis=1), False)))
        where = dict(zip(names, course[last].round(6).tolist(), strict=True))
        raise CourseError(f"The solver stopped after {times[last]:g} in {where}: {info['message']}")
    return course.T
