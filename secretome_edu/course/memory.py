"""The one progress store of this process, opened when a lesson first needs it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=1)
def store() -> Any:
    """Return the learner's store; says once, in one sentence, if it had to be set aside."""
    from secretome_edu.progress.store import open_store

    opened = open_store()
    if opened.notice:
        print(opened.notice)
    return opened
