"""The one progress store of this process, opened when a lesson first needs it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

_said: set[str] = set()


@lru_cache(maxsize=1)
def store() -> Any:
    """Return the learner's store."""
    from secretome_edu.progress.store import open_store

    return open_store()


def say_trouble() -> None:
    """Print each trouble with the store once: a damaged file set aside, a full disk."""
    notice = store().notice
    if notice and notice not in _said:
        _said.add(notice)
        print(notice)
