"""Prepare a stand-in of Pyodide's CDN, so that the browser edition can be tested with no network.

    python tests/browser/fetch_pyodide.py FOLDER

Run it before the tests, with a network, and name FOLDER in SECRETOME_EDU_PYODIDE. Pyodide comes
from the npm registry, its packages from the Python registry, at the versions Pyodide names where
the registry has them. Two things differ from the CDN: pydantic is the version that is installed
here, since its compiled part exists for the browser from that version on, and PyYAML runs without
its compiled part. What the registries do not carry for the browser at all (STAND_INS) is listed
there as empty packages: installing them works, importing them does not.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from importlib.metadata import version
from pathlib import Path

from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION
from packaging.utils import canonicalize_name, parse_wheel_filename

from secretome_edu.authoring.site.lite_wheels import FROM_DISTRIBUTION, pure_wheel

STAND_INS = {"contourpy", "kiwisolver", "matplotlib", "numpy", "pandas", "pillow", "scipy"}
OF_KERNEL = {"jedi", "micropip"}  # what the kernel itself asks for
AS_INSTALLED = {
    "annotated-types",
    "pydantic",
    "pydantic-core",
    "typing-extensions",
    "typing-inspection",
}
RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
LOCK = "pyodide-lock.json"


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _fetch_runtime(folder)
    lock = json.loads((folder / LOCK).read_text(encoding="utf-8"))
    (folder / "as-published.json").write_text(json.dumps(lock), encoding="utf-8")
    packages = _closure(lock["packages"], FROM_DISTRIBUTION | OF_KERNEL)
    _fetch_wheels(lock, packages, folder)
    wheels = {parse_wheel_filename(path.name)[0]: path for path in folder.glob("*.whl")}
    for name, package in packages.items():
        wheel = wheels[name]
        package["version"] = str(parse_wheel_filename(wheel.name)[1])
        package["file_name"] = wheel.name
        package["sha256"] = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock["packages"] = packages
    (folder / LOCK).write_text(json.dumps(lock), encoding="utf-8")
    print(f"{folder}: Pyodide {PYODIDE_VERSION}, {len(packages)} packages.")


def _fetch_runtime(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as workshop:
        command = ["npm", "pack", "--silent", f"pyodide@{PYODIDE_VERSION}"]
        subprocess.run(command, cwd=workshop, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(next(Path(workshop).glob("*.tgz"))) as packed:
            for name in (*RUNTIME, LOCK):
                member = packed.extractfile(f"package/{name}")
                (folder / name).write_bytes(member.read())


def _closure(packages: dict, wanted: frozenset[str]) -> dict:
    by_name = {canonicalize_name(name): package for name, package in packages.items()}
    found: dict = {}
    todo = sorted(wanted)
    while todo:
        name = canonicalize_name(todo.pop())
        if name not in found:
            found[name] = by_name[name]
            todo += by_name[name]["depends"]
    return found


def _fetch_wheels(lock: dict, packages: dict, folder: Path) -> None:
    wanted = []
    for name, package in packages.items():
        if name in STAND_INS:
            _stand_in(package["name"], package["version"], folder)
        elif name == "pyyaml":
            pure_wheel(name, folder, without={"yaml/_yaml"})
        else:
            pin = version(name) if name in AS_INSTALLED else package["version"]
            wanted.append(f"{name}=={pin}")
    info = lock["info"]
    python = ".".join(info["python"].split(".")[:2])
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--disable-pip-version-check", "--only-binary=:all:", "--implementation=cp"]
    command += [f"--python-version={python}", f"--abi=cp{python.replace('.', '')}"]
    command += [f"--platform=pyemscripten_{info['abi_version']}_{info['arch']}"]
    subprocess.run([*command, f"--dest={folder}", *wanted], check=True)


def _stand_in(name: str, release: str, folder: Path) -> None:
    stem = f"{name.replace('-', '_')}-{release}"
    info = f"{stem}.dist-info"
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {release}\n"
        wheel.writestr(f"{info}/METADATA", metadata)
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
