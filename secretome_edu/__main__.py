"""``python3 -m secretome_edu``: set up on first use, then open, test or run a command.

Standard library only: this file runs before anything is installed. In a checkout it makes
``.venv`` from the hashed lock, without a network where an offline bundle's folder ``wheels``
stands beside it; where the package is installed already (Binder, a class server)
it uses the Python that runs it.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"  # what a learner needs
TEST_LOCK = ROOT / "requirements-test.lock"  # the same and what the tests need
NOTEBOOKS = ROOT / "notebooks"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST_PYTHON = (3, 11)
FIRST_NOTEBOOK = "00_start_here.ipynb"
HELP = """\
python3 -m secretome_edu COMMAND        (COMMAND --help says more)

  open        open the course in JupyterLab; sets it up on first use
  test        run all tests of the course
  doctor      look for trouble with the set-up and say how to remedy it
  course, progress, quiz, review, export, import  for learners, in the terminal
  report, regrade, bank, links                    for instructors
  check, refresh, new-lesson                      for authors
  site                                            for readers: book, browser edition, bundle"""


class SetUpError(Exception):
    """One sentence that says what is missing and what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        return _dispatch(arguments)
    except SetUpError as problem:
        print(f"secretome_edu: {problem}", file=sys.stderr)
        return 1
    except OSError as problem:  # a full or locked disk can stop any step of the set-up
        where = f" ({problem.filename})" if problem.filename else ""
        print(
            f"secretome_edu: cannot go on: {problem.strerror or problem}{where}; remedy that and "
            "run the same command again.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return 130


def _dispatch(arguments: list[str]) -> int:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("--help", [])
    if command in ("-h", "--help"):
        print(HELP)
        return 0
    if command == "open":
        options, jupyter_options = _open_parser().parse_known_args(rest)
        return _open(options, jupyter_options)
    if command == "test":
        return _run(_python(TEST_LOCK), "-m", "pytest", *rest, cwd=ROOT)
    # What builds a site comes with what the tests need.
    python = _python(TEST_LOCK) if command == "site" else _python()
    return _run(python, "-m", "secretome_edu.cli", *arguments)


def _open_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m secretome_edu open", description="Open the course in JupyterLab."
    )
    parser.add_argument("--no-browser", action="store_true", help="print the address only")
    parser.add_argument("--port", type=int, help="port to use (default: the first free from 8888)")
    parser.add_argument(
        "--folder",
        type=Path,
        metavar="DIR",
        help="work on your own copy: notebooks that are not yet in DIR are copied there, "
        "those that are stay untouched",
    )
    return parser


def _open(options: argparse.Namespace, jupyter_options: list[str]) -> int:
    if options.port is not None:
        _check_port(options.port)
    python = _python()
    folder = copy_notebooks(options.folder) if options.folder else NOTEBOOKS
    command = ["-m", "jupyter", "lab", f"--ServerApp.root_dir={folder}"]
    command.append(f"--LabApp.default_url=/lab/tree/{FIRST_NOTEBOOK}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # containers; Jupyter would refuse with advice that misleads
    if options.port is not None:
        command += [f"--port={options.port}", "--ServerApp.port_retries=0"]
    if options.no_browser:
        command.append("--no-browser")
    return _run(python, *command, *jupyter_options, cwd=folder)


def copy_notebooks(folder: Path) -> Path:
    """Copy the notebooks a learner does not have yet into ``folder``; never overwrite one.

    Parameters
    ----------
    folder : Path
        Made when it does not exist.

    Returns
    -------
    Path
        The folder, absolute.

    Raises
    ------
    SetUpError
        If the folder cannot be written.
    """
    folder = folder.expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh = [n for n in sorted(NOTEBOOKS.glob("*.ipynb")) if not (folder / n.name).exists()]
        for notebook in fresh:
            # Under another name first: a full disk must not leave half a notebook to be kept.
            draft = folder / f".{notebook.name}.part"
            shutil.copyfile(notebook, draft)
            draft.rename(folder / notebook.name)
    except OSError as problem:
        raise SetUpError(
            f"cannot write to the folder {folder} ({problem.strerror}); "
            "choose another one with --folder."
        ) from None
    kept = len(list(NOTEBOOKS.glob("*.ipynb"))) - len(fresh)
    print(f"{folder}: {len(fresh)} notebooks copied, {kept} kept as they were.")
    return folder


def _check_port(port: int) -> None:
    if not 1 <= port <= 65535:
        raise SetUpError(f"{port} is no port; choose a number from 1024 to 65535.")
    with socket.socket() as probe:
        if os.name != "nt":  # on Windows this option would hide a server that is listening
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise SetUpError(
                f"port {port} needs an administrator's rights; choose a number from 1024 to 65535."
            ) from None
        except OSError:
            raise SetUpError(
                f"port {port} is in use; choose another with --port, or leave the option out."
            ) from None


def _run(*command: object, cwd: Path | None = None) -> int:
    return subprocess.run([str(part) for part in command], cwd=cwd).returncode


def _python(lock: Path | None = None) -> Path:
    """Return the Python that has a lock's packages; in a checkout, make it first."""
    lock = lock or LOCK
    in_checkout = lock.exists() and (ROOT / "pyproject.toml").exists()
    if not in_checkout or os.environ.get("SECRETOME_EDU_NO_VENV"):
        return Path(sys.executable)
    if not (VENV_PYTHON.exists() and any(map(_installed, {lock, TEST_LOCK}))):
        _set_up(lock)
        _stamp(lock).write_text(_print_of(lock))
    return VENV_PYTHON


def _installed(lock: Path) -> bool:
    return _stamp(lock).exists() and _stamp(lock).read_text() == _print_of(lock)


def _stamp(lock: Path) -> Path:
    return VENV / f".{lock.stem}-stamp"


def _print_of(lock: Path) -> str:
    files = [file for file in (lock, ROOT / "pyproject.toml") if file.exists()]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _set_up(lock: Path) -> None:
    if sys.version_info < OLDEST_PYTHON:
        have = ".".join(map(str, sys.version_info[:3]))
        raise SetUpError(
            f"this is Python {have}; the course needs Python 3.11 or newer (python.org/downloads)."
        )
    room_gb = "1.5 GB with what the tests need" if lock == TEST_LOCK else "0.6 GB"
    wheels = ROOT / "wheels"  # only in an offline bundle: what the locks name
    where_from = "from the folder wheels; needs" if wheels.is_dir() else "needs the network and"
    print(f"Setting up the course in .venv (once; {where_from} about {room_gb}) ...", flush=True)
    _make_venv()
    install: list[object] = [
        VENV_PYTHON,
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
    ]
    # uv installs four times faster than pip; where it is not to be had, pip does the same.
    if wheels.is_dir():
        install += ["--no-index", f"--find-links={wheels}", "--no-compile"]  # as uv, when imported
    elif _run(*install, "uv") == 0:
        install = [VENV_PYTHON, "-m", "uv", "pip", "install", "-q", "--python", VENV_PYTHON]
    if _run(*install, "--require-hashes", "-r", lock) or _run(*install, "--no-deps", "-e", ROOT):
        raise SetUpError(
            "the packages could not be installed (the lines above say why); "
            + (_other_wheels(wheels) if wheels.is_dir() else "check the network or proxy")
            + " and run the same command again, it continues where it stopped."
        )
    _quiet_jupyterlab()


def _other_wheels(wheels: Path) -> str:
    version = ".".join(map(str, sys.version_info[:2]))
    contents = wheels / "CONTENTS.txt"
    made_for = contents.read_text(encoding="utf-8").strip() if contents.exists() else "others"
    return (
        f"this is Python {version} and the folder wheels is for {made_for}: use one of these, "
        "or rename the folder to install from the network,"
    )


def _make_venv() -> None:
    if VENV_PYTHON.exists():
        return
    try:
        import venv

        venv.EnvBuilder(with_pip=True, symlinks=os.name != "nt").create(VENV)
    except PermissionError as problem:
        raise SetUpError(
            f"cannot write to {ROOT} ({problem.strerror}); copy the course to a folder of your own."
        ) from None
    except OSError as problem:
        raise SetUpError(f"cannot make {VENV} ({problem.strerror}).") from None
    except (ImportError, subprocess.CalledProcessError):
        shutil.rmtree(VENV, ignore_errors=True)
        version = ".".join(map(str, sys.version_info[:2]))
        raise SetUpError(
            "this Python cannot make virtual environments; on Debian or Ubuntu run "
            f"'sudo apt install python{version}-venv', elsewhere install Python from python.org."
        ) from None


def _quiet_jupyterlab() -> None:
    # JupyterLab asks on first start whether to fetch news; the course runs with the network off.
    settings = VENV / "share" / "jupyter" / "lab" / "settings"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "overrides.json").write_text(
        '{"@jupyterlab/apputils-extension:notification": '
        '{"fetchNews": "false", "checkForUpdates": false}}\n'
    )


if __name__ == "__main__":
    sys.exit(main())
