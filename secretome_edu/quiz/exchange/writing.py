"""Files written whole or not at all, and a sentence when a place refuses them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from secretome_edu.ui.messages import BadValue


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Say why a place cannot be written instead of raising the system's error."""
    try:
        yield
    except OSError as problem:
        place = problem.filename or path
        raise BadValue(
            f"{place} cannot be written ({problem.strerror}). Choose another place with --out."
        ) from None


def write_all(contents: Mapping[Path, bytes], check: Callable[[Path], None] | None = None) -> None:
    """Write files so that all are there in the end, or none of them.

    Parameters
    ----------
    contents : mapping of Path to bytes
        What to write where; the first one last, because it names the others.
    check : callable, optional
        Gets the first file as a draft beside its place and may raise.

    Raises
    ------
    BadValue
        A place cannot be written, or is a folder or a device, which is never replaced.
    """
    first = next(iter(contents))
    for place in contents:
        if place.exists() and not place.is_file():
            raise BadValue(f"{place} is no ordinary file. Choose another place with --out.")
    moved: list[Path] = []
    with told(first):
        first.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=first.parent) as folder:
            drafts = {}
            for number, (place, content) in enumerate(contents.items()):
                drafts[place] = Path(folder, f"{number}-{place.name}")
                drafts[place].write_bytes(content)
            if check:
                check(drafts[first])
            try:
                for place, draft in reversed(drafts.items()):
                    place.parent.mkdir(exist_ok=True)
                    os.replace(draft, place)
                    moved.append(place)
            except OSError:
                for place in moved:
                    place.unlink(missing_ok=True)
                raise
