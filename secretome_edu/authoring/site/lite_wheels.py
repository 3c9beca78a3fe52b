"""Wheels for the browser: the course's own, and the pure packages the browser's Python lacks.

Nothing is fetched. The course is packed from the checkout, the others from what is installed
here, so that the browser gets the versions that are tested.
"""

from __future__ import annotations

import base64
import hashlib
import os
import zipfile
from collections.abc import Collection, Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from secretome_edu.authoring.notebooks import ROOT
from secretome_edu.ui.messages import CourseError

# What comes from elsewhere when the page runs: the Pyodide distribution, and the kernel's own
# package. A browser test compares this with what the distribution lists.
FROM_DISTRIBUTION = frozenset({
    "click", "ipython", "matplotlib", "networkx", "numpy", "packaging", "pandas", "platformdirs",
    "pydantic", "pyyaml", "rich", "scipy", "sqlalchemy", "traitlets", "typing-extensions",
})  # fmt: skip
FROM_KERNEL = frozenset({"widgetsnbextension"})
_BROWSER = {
    "sys_platform": "emscripten",
    "platform_system": "Emscripten",
    "platform_machine": "wasm32",
    "os_name": "posix",
    "python_version": "3.14",
    "python_full_version": "3.14.2",
    "extra": "",
}
_COMPILED = {".so", ".pyd", ".dylib"}
_LOCAL = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "WHEEL"}
_WHEEL = "Wheel-Version: 1.0\nGenerator: secretome_edu\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same bytes from every build


def course_wheel(folder: Path) -> Path:
    """Build the course's wheel from the checkout into ``folder``.

    Raises
    ------
    CourseError
        If this is no checkout, or what builds it is not installed.
    """
    if not (ROOT / "pyproject.toml").exists():
        raise CourseError("The course's wheel is built from a checkout; run this in one.")
    try:
        from hatchling.builders.wheel import WheelBuilder
    except ImportError:
        raise CourseError(
            "hatchling is not installed here; 'python3 -m secretome_edu test' installs what "
            "authors need, or run 'pip install hatchling'."
        ) from None
    builder = WheelBuilder(str(ROOT))
    return Path(next(iter(builder.build(directory=str(folder), versions=["standard"]))))


def needed(requirements: Iterable[str]) -> list[str]:
    """Return the packages to bring along for requirements, with what those require in turn.

    Parameters
    ----------
    requirements : iterable of str
        As in a package's metadata; what the browser's Python has is passed over.

    Examples
    --------
    >>> needed(["numpy>=2.0", "markdown-it-py>=3.0"])
    ['markdown-it-py', 'mdurl']
    """
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    found: set[str] = set()
    todo = [Requirement(text) for text in requirements]
    while todo:
        wanted = todo.pop()
        name = canonicalize_name(wanted.name)
        applies = wanted.marker is None or wanted.marker.evaluate(_BROWSER)
        if not applies or name in found | FROM_DISTRIBUTION | FROM_KERNEL:
            continue
        found.add(name)
        todo += [Requirement(text) for text in _installed(name).requires or ()]
    return sorted(found)


def _installed(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        raise CourseError(
            f"{name} is not installed here, and the browser edition brings it along; "
            "'python3 -m secretome_edu test' installs what authors need."
        ) from None


def pure_wheel(name: str, folder: Path, without: Collection[str] = ()) -> Path:
    """Pack an installed package as a wheel for any system; compiled copies of modules stay out.

    Parameters
    ----------
    name : str
        As installed.
    folder : Path
        Where to.
    without : collection of str, optional
        Compiled modules it can do without, for example ``"yaml/_yaml"``.

    Raises
    ------
    CourseError
        If it is not installed, or has a compiled module without its Python source.
    """
    found = _installed(name)
    stem = f"{name.replace('-', '_')}-{found.version}"
    path = folder / f"{stem}-py3-none-any.whl"
    inside = [f for f in found.files or () if ".." not in f.parts and "__pycache__" not in f.parts]
    names = {file.as_posix() for file in inside}
    records = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:

        def write(name: str, data: bytes) -> None:
            wheel.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            records.append(f"{name},sha256={digest},{len(data)}\n")

        for file in sorted(inside):
            if file.suffix in _COMPILED:
                _check_source(name, file.as_posix(), names, without)
            elif not (file.parts[0].endswith(".dist-info") and file.name in _LOCAL):
                write(file.as_posix(), Path(str(found.locate_file(file))).read_bytes())
        info = f"{stem}.dist-info"
        write(f"{info}/WHEEL", _WHEEL.encode())
        records.append(f"{info}/RECORD,,\n")
        wheel.writestr(zipfile.ZipInfo(f"{info}/RECORD", _EPOCH), "".join(records))
    return path


def _check_source(name: str, compiled: str, names: set[str], without: Collection[str]) -> None:
    module = compiled.partition(".")[0]
    # What a compiler shares between its modules has no source and is not used without them.
    shared = os.path.basename(module).endswith("__mypyc")
    if f"{module}.py" not in names and module not in without and not shared:
        raise CourseError(f"{name} is compiled ({compiled}) and cannot run in a browser as it is.")
