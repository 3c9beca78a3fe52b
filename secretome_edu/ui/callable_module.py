"""Let a room be called like the function a notebook knows by the same name.

``se.explore("field")`` is the public face and ``secretome_edu.explore`` is also a package: once
Python has imported the package, the name means the package. Making it callable keeps both true.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any


class _CallableModule(ModuleType):
    _face: Callable[..., Any]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._face(*args, **kwargs)


def make_callable(module_name: str, face: Callable[..., Any]) -> None:
    """Make calling the imported module ``module_name`` call ``face``."""
    module = sys.modules[module_name]
    module.__class__ = _CallableModule
    module._face = face  # type: ignore[attr-defined]
    module.__call_doc__ = face.__doc__  # type: ignore[attr-defined]
