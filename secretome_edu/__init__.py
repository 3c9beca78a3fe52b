"""Secretome Edu: the secretome of mesenchymal stromal cells, taught with data and models.

The names below are all a notebook needs. They are imported when first used, so that
``import secretome_edu`` costs next to nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

__version__ = "0.1.0"

# Name in this module -> (module, attribute). The only list of the public face.
_PUBLIC = {
    "tables": ("secretome_edu.data", "tables"),
    "load": ("secretome_edu.data", "load"),
    "show": ("secretome_edu.data.show", "show"),
    "describe": ("secretome_edu.data", "describe"),
    "cite": ("secretome_edu.data", "cite"),
    "bibliography": ("secretome_edu.data", "bibliography"),
    "define": ("secretome_edu.data", "define"),
    "misconception": ("secretome_edu.data", "misconception"),
    "model_card": ("secretome_edu.models.cards", "model_card"),
    "explore": ("secretome_edu.explore", "explore"),
    "lesson": ("secretome_edu.course", "lesson"),
    "course": ("secretome_edu.course", "course"),
    "review": ("secretome_edu.course", "review"),
    "progress": ("secretome_edu.course", "progress"),
    "export_progress": ("secretome_edu.course", "export_progress"),
    "import_progress": ("secretome_edu.course", "import_progress"),
    "delete_progress": ("secretome_edu.course", "delete_progress"),
}
_ROOMS = ("models", "data", "figures")

__all__ = ["__version__", *_PUBLIC, *_ROOMS]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        module, attribute = _PUBLIC[name]
        return getattr(import_module(module), attribute)
    if name in _ROOMS:
        return import_module(f"secretome_edu.{name}")
    from secretome_edu.ui.messages import UnknownAttribute

    raise UnknownAttribute("part of secretome_edu", name, __all__, "dir(se)")


def __dir__() -> list[str]:
    return sorted(__all__)


class _CallableRoom(ModuleType):
    """A room whose name is also a function of the public face, for example ``se.explore``."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return __getattr__(self.__name__.rpartition(".")[2])(*args, **kwargs)


class _Package(ModuleType):
    # Once Python imports a room it puts the module here under the room's name, in front of the
    # function of that name; a callable module keeps both true.
    def __setattr__(self, name: str, value: Any) -> None:
        if name in _PUBLIC and isinstance(value, ModuleType):
            value.__class__ = _CallableRoom
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
