"""What makes waiting shorter, and bearable: a progress bar for all that takes over two seconds."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TypeVar

_BAR_AFTER_S = 2.0
T = TypeVar("T")


def with_bar(things: Sequence[T], what: str) -> Iterator[T]:
    """Yield each of ``things``; say ``what`` is going on, on standard error, if it takes long.

    Examples
    --------
    >>> list(with_bar([1, 2], "Counting"))
    [1, 2]
    """
    started, bar, task = time.monotonic(), None, None
    with ExitStack() as stack:
        for number, thing in enumerate(things):
            yield thing
            if bar is None and time.monotonic() - started > _BAR_AFTER_S:
                from rich.console import Console
                from rich.progress import Progress

                bar = stack.enter_context(Progress(console=Console(stderr=True), transient=True))
                task = bar.add_task(what, total=len(things))
            if bar is not None and task is not None:
                bar.update(task, completed=number + 1)


@contextmanager
def no_collection() -> Iterator[None]:
    """Pause the search for cycles of garbage while hundreds of thousands of objects are made.

    Events refer to nothing in circles, and looking at all of them again and again takes a quarter
    of the time of reading them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
