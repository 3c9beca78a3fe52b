"""The offline bundle: one zip for a USB stick with the book, the course and its wheels.

Unpacked it is a checkout with a folder ``wheels`` beside the lock, from which
``python3 -m secretome_edu`` sets itself up without a network.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from secretome_edu import __version__
from secretome_edu.authoring.notebooks import FOLDER, ROOT
from secretome_edu.authoring.site import book, pages
from secretome_edu.authoring.site.checks import SiteError, check_notebooks, check_pages
from secretome_edu.authoring.site.launch import NOWHERE, Places
from secretome_edu.authoring.site.place import replacing_zip
from secretome_edu.authoring.site.wheels import (
    BUILD_LOCK,
    LOCK,
    TEST_LOCK,
    Target,
    fetch,
    systems,
)
from secretome_edu.ui.findings import Finding
from secretome_edu.ui.messages import CourseError

STICK = Path(__file__).with_name("stick")  # what stands in the bundle alone
TOP = f"secretome_edu-{__version__}"
SUMS = "SHA256SUMS"
CONTENTS = "wheels/CONTENTS.txt"  # secretome_edu.__main__ reads it when a wheel is missing
_ADDED = ("wheels/", "book/")  # what a bundle has and a checkout has not


class Made(NamedTuple):
    """What was made: where, how many files and how large."""

    out: Path
    files: int
    megabytes: float


def build(
    out: str | Path,
    wanted: Sequence[Target],
    tests: bool = False,
    source: Path | None = None,
    reading: Path | None = None,
    where: Places = NOWHERE,
    say: Callable[[str], object] = lambda words: None,
) -> Made:
    """Make the bundle ``out``, whole or not at all.

    Parameters
    ----------
    out : str or Path
        A zip; an earlier one is replaced.
    wanted : sequence of Target
        The systems and Pythons it installs on.
    tests : bool, optional
        Whether what the tests need comes along.
    source : Path, optional
        Take the wheels from this folder and ask no network.
    reading : Path, optional
        A built book; without it one is built.
    where : Places, optional
        Where the lessons can be opened live, for the book.
    say : callable, optional
        Is told in a few words what happens now.

    Raises
    ------
    SiteError
        With the full list, if a file or notebook is missing, a cell unexecuted, a link broken or
        a wheel not to be had.
    CourseError
        If this is no checkout, pip or Sphinx is missing, or the file cannot be written.
    """
    files = course_files()
    with replacing_zip(out) as fresh:
        workshop = fresh.parent
        read = _book(workshop / "book", reading, where, say)
        fetch(workshop / "wheels", wanted, locks(tests), source, say)
        _write_stick(workshop, wanted, tests)
        say("Packing")
        entries = {name: ROOT / name for name in files}
        entries |= _below(read, "book/") | _below(workshop / "wheels", "wheels/")
        entries |= {name: workshop / name for name in _stick_names()}
        _write_sums(workshop / SUMS, entries)
        entries[SUMS] = workshop / SUMS
        _pack(fresh, entries)
        size = fresh.stat().st_size
    return Made(Path(out), len(entries), size / 1e6)


def locks(tests: bool) -> list[Path]:
    """Return the locks a bundle has wheels for; the tests' lock holds the course's."""
    return [TEST_LOCK if tests else LOCK, BUILD_LOCK]


def course_files(root: Path = ROOT) -> list[str]:
    """Return the names of the course's own files: nothing a learner or a tool left beside them.

    Parameters
    ----------
    root : Path, optional
        A git checkout or an unpacked bundle.

    Raises
    ------
    CourseError
        If it is neither.
    SiteError
        If some of the files are missing.
    """
    if (root / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True)
        if listed.returncode:
            raise CourseError(f"git cannot list the course's files: {listed.stderr.strip()}")
        names = listed.stdout.split("\0")[:-1]
    elif (root / SUMS).exists():
        lines = (root / SUMS).read_text(encoding="utf-8").splitlines()
        names = [line.partition("  ")[2] for line in lines]
        names = [n for n in names if not n.startswith(_ADDED) and n not in _stick_names()]
    else:
        raise CourseError(
            f"{root} is neither a git checkout nor an unpacked bundle, so it is not known which "
            "files belong to the course; run the command there."
        )
    remedy = "it belongs to the course and is not there; restore it."
    if missing := [Finding(name, "B10", remedy) for name in names if not (root / name).is_file()]:
        raise SiteError("The bundle", missing)
    return names


def _book(out: Path, reading: Path | None, where: Places, say: Callable[[str], object]) -> Path:
    if reading is None:
        return book.build(out, say=say, where=where).out
    notebooks = (chapter.path for chapter in pages.chapters(FOLDER))
    if not (reading / "index.html").is_file():
        raise CourseError(f"{reading} holds no book; 'site book --out {reading}' builds one.")
    if found := check_notebooks(notebooks, pages.PAPERS) + check_pages(reading):
        raise SiteError("The bundle", found)
    return reading


def _stick_names() -> list[str]:
    return [*(path.name for path in STICK.iterdir()), "start.command"]


def _write_stick(workshop: Path, wanted: Sequence[Target], tests: bool) -> None:
    """Write what stands in the bundle alone, for the systems and Pythons it is made for."""
    series = sorted({target.python for target in wanted}, key=lambda one: int(one[2:]))[::-1]
    names = [*dict.fromkeys(target.system for target in wanted)]
    computers = [f"   {systems()[n].title}: {systems()[n].needs}" for n in names]
    words = {
        "@VERSION@": __version__,
        "@VERSIONS@": " ".join(series),
        "@COMMANDS@": " ".join(f"python{one}" for one in series),
        "@TARGETS@": "\n".join(computers),
        "@TESTS@": "The wheels of the tests are in this bundle."
        if tests
        else "This bundle has no wheels for the tests: 'test' needs a network and a checkout\n"
        "without the folder wheels, or a bundle that was made with --with-tests.",
    }
    for path in STICK.iterdir():
        text = _filled(path.read_text(encoding="utf-8"), words)
        newline = "\n" if path.suffix == ".sh" else "\r\n"  # Notepad and cmd want the latter
        (workshop / path.name).write_text(text, encoding="utf-8", newline=newline)
    shutil.copyfile(workshop / "start.sh", workshop / "start.command")  # what macOS double-clicks
    for name in ("start.sh", "start.command"):
        (workshop / name).chmod(0o755)
    titles = ", ".join(systems()[n].title for n in names)
    with_tests = "with" if tests else "without"
    line = f"Python {', '.join(series)} on {titles}, {with_tests} what the tests need"
    (workshop / CONTENTS).write_text(f"{line}\n", encoding="utf-8")


def _filled(text: str, words: Mapping[str, str]) -> str:
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text


def _below(folder: Path, prefix: str) -> dict[str, Path]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {f"{prefix}{path.relative_to(folder).as_posix()}": path for path in paths}


def _write_sums(place: Path, entries: Mapping[str, Path]) -> None:
    lines = []
    for name, path in sorted(entries.items()):
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n")
    place.write_text("".join(lines), encoding="utf-8", newline="\n")


def _pack(out: Path, entries: Mapping[str, Path]) -> None:
    with zipfile.ZipFile(out, "w") as archive:
        for name, path in sorted(entries.items()):
            # Wheels are zips already.
            how = zipfile.ZIP_STORED if name.endswith(".whl") else zipfile.ZIP_DEFLATED
            archive.write(path, f"{TOP}/{name}", how)
