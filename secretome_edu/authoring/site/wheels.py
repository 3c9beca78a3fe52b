"""Wheels for a computer without network: what the hashed locks ask for there, fetched by pip.

``pip download --platform`` evaluates environment markers for the machine that runs it, so the
markers are evaluated here, for the system and the Python the wheels are meant for.
"""

from __future__ import annotations

import platform
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel

from secretome_edu.authoring.notebooks import ROOT
from secretome_edu.authoring.site.checks import SiteError
from secretome_edu.ui.findings import Finding
from secretome_edu.ui.messages import BadValue, CourseError, UnknownName
from secretome_edu.ui.yaml_file import read_yaml

LOCK, TEST_LOCK = ROOT / "requirements.lock", ROOT / "requirements-test.lock"
BUILD_LOCK = ROOT / "requirements-build.lock"  # what installing the course itself asks for
THIS = "this"  # stands for the system or the Python that runs the command
_CLASSIFIER = re.compile(r"Programming Language :: Python :: (3\.\d+)")


class System(BaseModel, extra="forbid"):
    """One kind of computer: see the head of ``systems.yaml``."""

    title: str
    platforms: list[str]
    needs: str
    markers: dict[str, str]


class _Systems(BaseModel, extra="forbid"):
    systems: dict[str, System]


class Target(NamedTuple):
    """A system and a Python series, for example ``linux`` and ``3.12``."""

    system: str
    python: str

    def __str__(self) -> str:
        return f"{systems()[self.system].title}, Python {self.python}"


@cache
def systems() -> dict[str, System]:
    """Return every system a bundle can be made for, by name."""
    return read_yaml(Path(__file__).with_name("systems.yaml"), _Systems).systems


def pythons() -> list[str]:
    """Return the Python series the course is tested with, as its project file says."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [found[1] for text in project["classifiers"] if (found := _CLASSIFIER.fullmatch(text))]


def targets(names: Iterable[str] = (), series: Iterable[str] = ()) -> list[Target]:
    """Return the systems and Pythons that are meant; all there are if none is named.

    Parameters
    ----------
    names : iterable of str, optional
        Systems, or ``this`` for the one that runs.
    series : iterable of str, optional
        Pythons such as ``3.12``, or ``this``.

    Raises
    ------
    UnknownName, BadValue

    Examples
    --------
    >>> [str(target) for target in targets(["linux"], ["3.12"])]
    ['Linux x86_64, Python 3.12']
    """
    chosen = [_this_system() if name == THIS else name for name in names] or [*systems()]
    for name in chosen:
        if name not in systems():
            raise UnknownName("system", name, systems(), "'site bundle --help'")
    chosen_series = [_this_python() if one == THIS else one for one in series] or pythons()
    for version in chosen_series:
        if version not in pythons():
            raise BadValue(
                f"The course is not tested with Python {version!r}; name one of "
                f"{', '.join(pythons())}."
            )
    return [Target(name, version) for name in chosen for version in chosen_series]


def _this_python() -> str:
    return ".".join(map(str, sys.version_info[:2]))


def _this_system() -> str:
    machine = platform.machine().lower()
    for name, system in systems().items():
        there = system.markers
        if sys.platform == there["sys_platform"] and machine == there["platform_machine"].lower():
            return name
    raise BadValue(
        f"There are no wheels for {sys.platform} on {machine}; name a system with --system: "
        f"{', '.join(systems())}."
    )


# -- what the locks ask for --------------------------------------------------------------------


def pins(locks: Iterable[Path], target: Target, version: str) -> dict[str, str]:
    """Return package name -> its line of the locks without marker, as one machine needs it.

    Parameters
    ----------
    locks : iterable of Path
        Hashed requirement files.
    target : Target
    version : str
        The full version of its Python; a lock may tell 3.11.4 from 3.11.5.

    Raises
    ------
    CourseError
        If two locks name two versions of one package.
    """
    from packaging.requirements import Requirement

    there = {
        "python_version": target.python,
        "python_full_version": version,
        "implementation_name": "cpython",
        "implementation_version": version,
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_version": "",
        **systems()[target.system].markers,
    }
    found: dict[str, str] = {}
    for lock in locks:
        for line in _lines(lock):
            text, *hashes = line.split(" --hash=")
            wanted = Requirement(text)
            if wanted.marker and not wanted.marker.evaluate(there):
                continue
            pin = f"{wanted.name}{wanted.specifier}"
            if found.setdefault(wanted.name, pin).split(" ")[0] != pin:
                raise CourseError(
                    f"{lock.name} wants {pin} where another lock wants "
                    f"{found[wanted.name].split(' ')[0]}; make the locks again (CONTRIBUTING.md)."
                )
            found[wanted.name] = " --hash=".join([pin, *hashes])
    return found


def _lines(lock: Path) -> Iterator[str]:
    text = re.sub(r"\s*\\\n\s*", " ", lock.read_text(encoding="utf-8"))
    return (line for line in text.splitlines() if line.strip() and not line.startswith("#"))


def versions(locks: Iterable[Path], python: str) -> list[str]:
    """Return the full versions of a Python series between which the locks may differ.

    Examples
    --------
    >>> versions([], "3.12")
    ['3.12.0', '3.12.99']
    """
    dots = re.escape(python)
    named = {
        int(patch)
        for lock in locks
        for patch in re.findall(rf"'{dots}\.(\d+)'", lock.read_text(encoding="utf-8"))
    }
    return [f"{python}.{patch}" for patch in sorted({0, *named, 99})]


# -- fetching ----------------------------------------------------------------------------------


def fetch(
    into: Path,
    wanted: Sequence[Target],
    locks: Sequence[Path],
    source: Path | None = None,
    say: Callable[[str], object] = lambda words: None,
) -> None:
    """Put the wheels of every target into a folder, each checked against its hash.

    Parameters
    ----------
    into : Path
        The folder; wheels that are there are kept.
    wanted : sequence of Target
    locks : sequence of Path
    source : Path, optional
        Take them from this folder and ask no network.
    say : callable, optional
        Is told in a few words what happens now.

    Raises
    ------
    SiteError
        With every target that lacks a wheel, and pip's word on it.
    CourseError
        If there is no pip here.
    """
    if find_spec("pip") is None:
        raise CourseError(
            "pip is not installed here; run the command as 'python3 -m secretome_edu site', whose "
            ".venv has it, or run 'python3 -m ensurepip'."
        )
    into.mkdir(parents=True, exist_ok=True)
    found = []
    for target in wanted:
        say(f"Fetching wheels: {target}")
        have: set[str] = set()
        for version in versions(locks, target.python):
            lines = set(pins(locks, target, version).values()) - have
            have |= lines
            if lines and (said := _download(lines, target, version, into, source)):
                found.append(Finding(str(target), "B09", said))
                break
    if found:
        raise SiteError("The bundle", found)


def _download(
    lines: Iterable[str], target: Target, version: str, into: Path, source: Path | None
) -> str:
    """Let pip fetch; return what it said went wrong, or nothing."""
    series = target.python.replace(".", "")
    options = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--quiet"]
    options += ["--disable-pip-version-check", f"--python-version={version}"]
    options += ["--implementation=cp", *(f"--abi={abi}" for abi in (f"cp{series}", "abi3", "none"))]
    options += [f"--platform={tag}" for tag in systems()[target.system].platforms]
    if source is not None:
        options += ["--no-index", f"--find-links={source}"]
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "wanted.txt"
        listed.write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", *options, "-d", str(into)]
        ran = subprocess.run([*command, "-r", str(listed)], capture_output=True, text=True)
    errors = [line for line in ran.stderr.splitlines() if line.startswith("ERROR: ")]
    if ran.returncode == 0:
        return ""
    return errors[-1].removeprefix("ERROR: ") if errors else ran.stderr.strip()[-500:]
