"""Published models as pure functions: numbers and arrays in, arrays or small dataclasses out.

Each model is imported when first used: ``from secretome_edu import models`` costs nothing, and
``models.binding.occupancy(...)`` loads numpy and that one file. A card (equation, sources,
limits) stands beside each model; see ``secretome_edu.models.cards``.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

MODELS = (
    "reach",
    "field",
    "binding",
    "pharmacokinetics",
    "inflammation",
    "wound",
    "manufacturing",
    "meta_analysis",
    "vesicles",
    "survival",
    "trafficking",
    "angiogenesis",
    "decision",
    "nfkb",
)
_HELPERS = ("cards", "units")

__all__ = ["MODELS", *MODELS, *_HELPERS]


def __getattr__(name: str) -> ModuleType:
    if name in MODELS or name in _HELPERS:
        return import_module(f"{__name__}.{name}")
    from secretome_edu.ui.messages import closest

    hint = closest(name, MODELS)
    more = f" Did you mean models.{hint[0]}?" if hint else ""
    raise AttributeError(f"There is no model named {name!r}.{more} models.MODELS lists all.")


def __dir__() -> list[str]:
    return sorted(__all__)
