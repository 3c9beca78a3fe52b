"""A folder or file that is there whole or not at all: made beside its place and then moved."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from secretome_edu.ui.messages import BadValue, CourseError

MARK = ".secretome-edu-site"  # says that a folder was made here and may be replaced


@contextmanager
def replacing(out: str | Path) -> Iterator[Path]:
    """Yield an empty folder that takes the place of ``out`` if the block ends well.

    When the block raises or is interrupted, ``out`` stays as it was and nothing is left beside it.

    Parameters
    ----------
    out : str or Path
        A folder that does not exist, is empty, or was made by this function before.

    Yields
    ------
    Path
        Where to build.

    Raises
    ------
    BadValue
        If ``out`` is a file or holds something that was not made here.
    CourseError
        If it cannot be written.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as home:
    ...     with replacing(Path(home) / "site") as fresh:
    ...         _ = (fresh / "index.html").write_text("book")
    ...     sorted(path.name for path in Path(home, "site").iterdir())
    ['.secretome-edu-site', 'index.html']
    """
    place = Path(out).expanduser().resolve()
    _refuse_what_is_not_ours(place)
    with _workshop_beside(place, "folder") as workshop:
        fresh = workshop / "new"
        fresh.mkdir()
        yield fresh
        (fresh / MARK).touch()
        _swap(fresh, place, workshop / "old")


@contextmanager
def replacing_zip(out: str | Path) -> Iterator[Path]:
    """Yield a file to write that takes the place of the zip ``out`` if the block ends well.

    The folder it stands in is free for what is only needed on the way. When the block raises or
    is interrupted, ``out`` stays as it was and nothing is left beside it.

    Parameters
    ----------
    out : str or Path
        A file that does not exist or is a zip.

    Raises
    ------
    BadValue
        If ``out`` is something else.
    CourseError
        If it cannot be written.
    """
    place = Path(out).expanduser().resolve()
    if place.is_dir():
        raise BadValue(f"{place} is a folder; name a file with --out, as in course.zip.")
    if place.exists() and not zipfile.is_zipfile(place):
        raise BadValue(f"{place} is no zip and would be replaced; name another file with --out.")
    with _workshop_beside(place, "file") as workshop:
        fresh = workshop / "new.zip"
        yield fresh
        fresh.replace(place)


@contextmanager
def _workshop_beside(place: Path, kind: str) -> Iterator[Path]:
    """Yield a folder beside a place, so that the move at the end is a rename and not a copy."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{place.name}-", dir=place.parent) as workshop:
            yield Path(workshop)
    except OSError as problem:
        raise CourseError(
            f"{place} cannot be written ({problem.strerror or problem}); "
            f"choose another {kind} with --out."
        ) from None


def _refuse_what_is_not_ours(place: Path) -> None:
    if place.is_dir():
        if any(place.iterdir()) and not (place / MARK).exists():
            raise BadValue(
                f"{place} holds files that no earlier build wrote and would be replaced; "
                "name a new or an empty folder with --out."
            )
    elif place.exists():
        raise BadValue(f"{place} is a file; name a folder with --out.")


def _swap(fresh: Path, place: Path, old: Path) -> None:
    if place.exists():
        place.rename(old)
    try:
        fresh.rename(place)
    except BaseException:
        if old.exists():
            old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)
