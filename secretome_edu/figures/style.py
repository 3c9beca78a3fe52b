"""Pictures look the same whatever a learner's notebook has set in matplotlib and NumPy."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def own_style(draws: Callable[P, R]) -> Callable[P, R]:
    """Return the function that draws with the libraries' defaults, and gives all settings back.

    A style sheet, a font that is not installed, ``text.usetex`` without LaTeX or an error for
    every number near zero would otherwise change or stop the course's pictures.

    Examples
    --------
    >>> import matplotlib
    >>> with matplotlib.rc_context({"axes.facecolor": "black"}):
    ...     print(own_style(lambda: matplotlib.rcParams["axes.facecolor"])())
    ...     print(matplotlib.rcParams["axes.facecolor"])
    white
    black
    """

    @wraps(draws)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        import matplotlib
        import numpy as np

        with matplotlib.rc_context(), np.errstate(all="warn", under="ignore"):
            matplotlib.rcdefaults()
            return draws(*args, **kwargs)

    return drawn
