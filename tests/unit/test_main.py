"""`python3 -m secretome_edu` before anything is installed: each failure is one sentence, code 1."""

from __future__ import annotations

import ast
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from secretome_edu import __main__ as room
from secretome_edu.cli import main as cli

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def checkout(monkeypatch, tmp_path):
    """A small checkout of its own, and no command that really runs."""
    for name in ("requirements.lock", "requirements-test.lock", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    for name in ("00_start_here.ipynb", "05_paracrine_reach.ipynb"):
        (notebooks / name).write_text(f"new {name}")
    (notebooks / "notes.txt").write_text("not a notebook")
    monkeypatch.delenv("SECRETOME_EDU_NO_VENV", raising=False)
    monkeypatch.setattr(room, "ROOT", tmp_path)
    monkeypatch.setattr(room, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(room, "TEST_LOCK", tmp_path / "requirements-test.lock")
    monkeypatch.setattr(room, "NOTEBOOKS", notebooks)
    monkeypatch.setattr(room, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(room, "VENV_PYTHON", tmp_path / ".venv" / "bin" / "python")
    return tmp_path


@pytest.fixture
def commands(monkeypatch):
    """Commands instead of running them; ``codes`` maps a word in a command to its exit code."""
    ran = []
    codes: dict[str, int] = {}

    def run(command, cwd=None):
        ran.append(([*map(str, command)], cwd))
        code = next((c for word, c in codes.items() if word in command), 0)
        return subprocess.CompletedProcess(command, code)

    monkeypatch.setattr(room.subprocess, "run", run)
    run.ran, run.codes = ran, codes
    return run


@pytest.fixture
def venv_made(monkeypatch):
    """Make a .venv as the real builder does, only empty."""
    import venv

    def create(self, where):
        (Path(where) / "bin").mkdir(parents=True)
        (Path(where) / "bin" / "python").write_text("")

    monkeypatch.setattr(venv.EnvBuilder, "create", create)


def fails(capsys, *arguments: str) -> str:
    """Run, expect exit code 1 and one sentence on stderr; return it."""
    assert room.main([*arguments]) == 1
    said = capsys.readouterr().err
    assert said.startswith("secretome_edu: ")
    assert said.count("\n") == 1
    assert "Traceback" not in said
    return said


# -- standard library only ---------------------------------------------------------------------


def test_only_the_standard_library_is_imported():
    code = (
        "import sys; before = set(sys.modules); import secretome_edu.__main__; "
        "print(*{m.partition('.')[0] for m in set(sys.modules) - before})"
    )
    ran = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert set(ran.stdout.split()) - {"secretome_edu"} <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("name", ["__main__.py", "__init__.py"])
def test_an_old_python_can_read_the_files_that_refuse_it(name):
    source = (ROOT / "secretome_edu" / name).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 8))
    assert "from __future__ import annotations" in source


# -- set-up ------------------------------------------------------------------------------------


def test_the_first_run_makes_the_venv_from_the_hashed_lock_and_the_second_does_not(
    commands, venv_made, checkout
):
    assert room.main(["doctor"]) == 0
    lines = [" ".join(command) for command, _ in commands.ran]
    assert any(f"--require-hashes -r {checkout / 'requirements.lock'}" in line for line in lines)
    assert any(f"--no-deps -e {checkout}" in line for line in lines)
    assert lines[-1].endswith("-m secretome_edu.cli doctor")
    settings = checkout / ".venv/share/jupyter/lab/settings/overrides.json"
    assert '"fetchNews": "false"' in settings.read_text()
    json.loads(settings.read_text())
    commands.ran.clear()
    assert room.main(["doctor"]) == 0
    assert len(commands.ran) == 1


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_sets_up_again(commands, venv_made, checkout, name):
    room.main(["doctor"])
    commands.ran.clear()
    (checkout / name).write_text("changed")
    room.main(["doctor"])
    assert any("--require-hashes" in command for command, _ in commands.ran)


def test_the_tests_bring_their_own_packages_and_the_course_then_needs_no_others(
    commands, venv_made, checkout
):
    room.main(["open", "--no-browser"])
    assert not any("requirements-test.lock" in " ".join(command) for command, _ in commands.ran)
    commands.ran.clear()
    room.main(["test"])
    assert any(str(checkout / "requirements-test.lock") in command for command, _ in commands.ran)
    shutil.rmtree(checkout / ".venv")
    room.main(["test"])
    commands.ran.clear()
    room.main(["open", "--no-browser"])
    assert len(commands.ran) == 1


def test_without_uv_pip_installs(commands, venv_made):
    commands.codes["uv"] = 1
    assert room.main(["doctor"]) == 0
    install = [c for c, _ in commands.ran if "--require-hashes" in c]
    assert len(install) == 1
    assert install[0][1:4] == ["-m", "pip", "install"]


def test_a_failed_install_is_a_sentence_and_is_tried_again(commands, venv_made, capsys, checkout):
    commands.codes["--require-hashes"] = 2
    assert "could not be installed" in fails(capsys, "open")
    assert not (checkout / ".venv" / ".requirements-stamp").exists()
    commands.codes.clear()
    assert room.main(["doctor"]) == 0
    assert (checkout / ".venv" / ".requirements-stamp").exists()


def test_a_failed_install_of_the_course_itself_is_a_sentence(commands, venv_made, capsys):
    commands.codes["--no-deps"] = 1
    assert "check the network" in fails(capsys, "test")


def test_an_old_python_is_a_sentence(monkeypatch, capsys, commands):
    monkeypatch.setattr(room.sys, "version_info", (3, 10, 4, "final", 0))
    assert "this is Python 3.10.4; the course needs Python 3.11 or newer" in fails(capsys, "open")
    assert commands.ran == []


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (PermissionError(13, "Permission denied"), "cannot write to"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (OSError(30, "Read-only file system"), "Read-only file system"),
        (ImportError("No module named 'ensurepip'"), "apt install python3."),
        (subprocess.CalledProcessError(1, ["ensurepip"]), "apt install python3."),
    ],
)
def test_a_venv_that_cannot_be_made_is_a_sentence(monkeypatch, capsys, commands, problem, words):
    import venv

    def create(self, where):
        raise problem

    monkeypatch.setattr(venv.EnvBuilder, "create", create)
    assert words in fails(capsys, "open")
    assert commands.ran == []


def test_missing_venv_support_leaves_no_half_made_folder(monkeypatch, capsys, checkout, commands):
    import venv

    def create(self, where):
        (Path(where) / "bin").mkdir(parents=True)
        (Path(where) / "bin" / "python").write_text("")
        raise subprocess.CalledProcessError(1, ["ensurepip"])

    monkeypatch.setattr(venv.EnvBuilder, "create", create)
    fails(capsys, "open")
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("name", [".requirements-stamp", "overrides.json"])
def test_a_file_of_the_set_up_that_cannot_be_written_is_a_sentence(
    monkeypatch, capsys, commands, venv_made, name
):
    real = Path.write_text

    def refuse(self, *args, **kwargs):
        if self.name == name:
            raise OSError(28, "No space left on device")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "write_text", refuse)
    assert "No space left on device" in fails(capsys, "doctor")


def test_a_python_that_cannot_be_started_is_a_sentence(monkeypatch, capsys, venv_made):
    def run(command, cwd=None):
        raise PermissionError(13, "Permission denied", str(command[0]))

    monkeypatch.setattr(room.subprocess, "run", run)
    assert "Permission denied" in fails(capsys, "doctor")


def test_where_the_course_is_installed_the_running_python_is_used(monkeypatch, commands, checkout):
    (checkout / "requirements.lock").unlink()
    assert room.main(["doctor"]) == 0
    assert commands.ran == [([sys.executable, "-m", "secretome_edu.cli", "doctor"], None)]


def test_set_up_can_be_switched_off(monkeypatch, commands):
    monkeypatch.setenv("SECRETOME_EDU_NO_VENV", "1")
    room.main(["course"])
    assert commands.ran[0][0][0] == sys.executable


# -- commands ----------------------------------------------------------------------------------


@pytest.fixture
def ready(monkeypatch, commands):
    monkeypatch.setenv("SECRETOME_EDU_NO_VENV", "1")
    return commands


def test_open_starts_jupyterlab_at_the_first_lesson(ready, checkout):
    assert room.main(["open"]) == 0
    command, cwd = ready.ran[-1]
    folder = checkout / "notebooks"
    assert command[:4] == [sys.executable, "-m", "jupyter", "lab"]
    assert f"--ServerApp.root_dir={folder}" in command
    assert "--LabApp.default_url=/lab/tree/00_start_here.ipynb" in command
    assert "--no-browser" not in command
    assert cwd == folder


@pytest.mark.parametrize(("user", "allowed"), [(0, True), (1000, False)])
def test_only_the_administrator_of_a_container_needs_leave(ready, monkeypatch, user, allowed):
    monkeypatch.setattr(room.os, "geteuid", lambda: user, raising=False)
    room.main(["open"])
    assert ("--allow-root" in ready.ran[-1][0]) == allowed


def test_open_passes_port_and_no_browser_and_the_rest_on(ready):
    port = _free_port()
    assert room.main(["open", "--no-browser", "--port", str(port), "--ip=0.0.0.0"]) == 0
    command, _ = ready.ran[-1]
    expected = [f"--port={port}", "--ServerApp.port_retries=0", "--no-browser", "--ip=0.0.0.0"]
    assert command[-4:] == expected


def test_test_runs_pytest_in_the_checkout(ready, checkout):
    ready.codes["pytest"] = 5
    assert room.main(["test", "-k", "units"]) == 5
    assert ready.ran[-1] == ([sys.executable, "-m", "pytest", "-k", "units"], checkout)


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_help_needs_no_set_up(commands, checkout, capsys, arguments):
    assert room.main(arguments) == 0
    said = capsys.readouterr().out
    for command in ("open", "test", *cli.commands):
        assert command in said
    assert not (checkout / ".venv").exists()
    assert commands.ran == []


def test_an_interrupt_is_no_traceback(monkeypatch, ready):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(room.subprocess, "run", stop)
    assert room.main(["open"]) == 130


# -- port --------------------------------------------------------------------------------------


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_busy_port_is_a_sentence(ready, capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"port {port} is in use" in fails(capsys, "open", "--port", str(port))
    assert ready.ran == []


@pytest.mark.parametrize("port", ["0", "-1", "65536", "99999999"])
def test_a_number_that_is_no_port_is_a_sentence(ready, capsys, port):
    assert f"{port} is no port" in fails(capsys, "open", f"--port={port}")
    assert ready.ran == []


def test_a_port_that_needs_rights_is_not_called_busy(ready, capsys, monkeypatch):
    class Refusing(socket.socket):
        def bind(self, address):
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(room.socket, "socket", Refusing)
    said = fails(capsys, "open", "--port", "80")
    assert "in use" not in said
    assert "1024" in said


def test_a_word_for_a_port_is_refused(ready, capsys):
    with pytest.raises(SystemExit) as stopped:
        room.main(["open", "--port", "many"])
    assert stopped.value.code == 2
    assert "'many'" in capsys.readouterr().err


# -- the learner's own folder ------------------------------------------------------------------


def test_notebooks_are_copied_once_and_never_overwritten(ready, tmp_path, capsys):
    folder = tmp_path / "mine" / "deep"
    folder.mkdir(parents=True)
    (folder / "05_paracrine_reach.ipynb").write_text("my work")
    assert room.main(["open", "--folder", str(folder)]) == 0
    assert (folder / "05_paracrine_reach.ipynb").read_text() == "my work"
    assert (folder / "00_start_here.ipynb").read_text() == "new 00_start_here.ipynb"
    assert not (folder / "notes.txt").exists()
    assert "1 notebooks copied, 1 kept as they were" in capsys.readouterr().out
    (folder / "00_start_here.ipynb").write_text("answers")
    room.main(["open", "--folder", str(folder)])
    assert (folder / "00_start_here.ipynb").read_text() == "answers"
    command, cwd = ready.ran[-1]
    assert f"--ServerApp.root_dir={folder}" in command
    assert cwd == folder


def test_a_copy_that_breaks_off_leaves_nothing_half_written(monkeypatch, tmp_path, capsys, ready):
    real = shutil.copyfile

    def tear(source, target):
        Path(target).write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(room.shutil, "copyfile", tear)
    folder = tmp_path / "mine"
    assert "No space left on device" in fails(capsys, "open", "--folder", str(folder))
    monkeypatch.setattr(room.shutil, "copyfile", real)
    assert room.main(["open", "--folder", str(folder)]) == 0
    assert (folder / "00_start_here.ipynb").read_text() == "new 00_start_here.ipynb"


@pytest.mark.parametrize("number", [13, 30, 28])
def test_a_folder_that_cannot_be_written_is_a_sentence(
    monkeypatch, tmp_path, capsys, ready, number
):
    def refuse(self, *args, **kwargs):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "mkdir", refuse)
    said = fails(capsys, "open", "--folder", str(tmp_path / "mine"))
    assert os.strerror(number) in said
    assert "--folder" in said
    assert ready.ran == []


def test_a_file_in_the_place_of_the_folder_is_a_sentence(tmp_path, capsys, ready):
    (tmp_path / "mine").write_text("a file")
    assert "mine" in fails(capsys, "open", "--folder", str(tmp_path / "mine"))
    assert "mine" in fails(capsys, "open", "--folder", str(tmp_path / "mine" / "deeper"))
