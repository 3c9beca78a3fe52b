"""The offline bundle: which wheels, what is in the zip, whole or not at all, and that it installs.

Most tests use a course of three files and wheels of a few bytes; pip is the real one, asked for
no network. The last ones install the whole course in an unpacked bundle. They need its wheels,
which ``.ci/run`` fetches before the tests (``site wheels``) into ``SECRETOME_EDU_WHEELS``.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement

from secretome_edu import __main__ as room
from secretome_edu.authoring.notebooks import ROOT
from secretome_edu.authoring.site import bundle, commands, wheels
from secretome_edu.authoring.site.checks import SiteError
from secretome_edu.authoring.site.wheels import BUILD_LOCK, LOCK, TEST_LOCK, Target
from secretome_edu.cli import main
from secretome_edu.ui.messages import BadValue, CourseError, UnknownName

LINUX = Target("linux", "3.12")
WINDOWS = Target("windows", "3.12")


# -- what the locks ask for ---------------------------------------------------------------------


def test_the_markers_of_this_machine_are_what_packaging_says():
    """An independent reading of the same locks: the markers as this interpreter sees them."""
    [here] = wheels.targets(["this"], ["this"])
    version = ".".join(map(str, sys.version_info[:3]))
    for lock in (LOCK, TEST_LOCK, BUILD_LOCK):
        wanted = set()
        for line in lock.read_text().splitlines():
            if line[:1].isalnum():
                requirement = Requirement(line.removesuffix("\\"))
                if not requirement.marker or requirement.marker.evaluate():
                    wanted.add(f"{requirement.name}{requirement.specifier}")
        found = wheels.pins([lock], here, version).values()
        assert {line.split(" ")[0] for line in found} == wanted
        assert all(re.fullmatch(r"\S+==\S+( --hash=sha256:[0-9a-f]{64})+", line) for line in found)


def test_each_system_gets_its_own_packages():
    names = {
        system: set(wheels.pins([LOCK], Target(system, "3.12"), "3.12.1"))
        for system in wheels.systems()
    }
    assert names["windows"] - names["linux"] == {"colorama", "pywinpty"}
    assert names["linux"] - names["windows"] == {"pexpect", "ptyprocess"}
    assert names["macos-arm64"] - names["linux"] == {"appnope"}
    assert names["macos-arm64"] == names["macos-x86_64"]


def test_a_lock_that_tells_two_patches_of_python_apart_gets_both():
    """soupsieve: Python 3.11.4 needs another version than 3.11.5."""
    asked = wheels.versions([LOCK], "3.11")
    assert {"3.11.0", "3.11.5", "3.11.99"} <= set(asked)
    found = {wheels.pins([LOCK], Target("linux", "3.11"), v)["soupsieve"][:15] for v in asked}
    assert len(found) == 2


def test_two_locks_that_disagree_are_said(tmp_path):
    for name, version in (("a.lock", 1), ("b.lock", 2)):
        (tmp_path / name).write_text(f"one=={version} --hash=sha256:{'0' * 64}\n")
    with pytest.raises(CourseError, match=r"b\.lock wants one==2 where another lock wants one==1"):
        wheels.pins([tmp_path / "a.lock", tmp_path / "b.lock"], LINUX, "3.12.0")


@pytest.mark.parametrize("tests", [False, True])
def test_the_locks_agree_and_hold_what_installing_the_course_asks_for(tests):
    for target in wheels.targets():
        found = wheels.pins(bundle.locks(tests), target, f"{target.python}.99")
        assert {"hatchling", "editables", "jupyterlab"} <= set(found)
        assert ("pytest-xdist" in found) == tests
    assert "://" not in BUILD_LOCK.read_text()


def test_all_systems_and_pythons_unless_some_are_named():
    assert len(wheels.targets()) == 4 * 3
    assert wheels.targets(["windows"], ["3.11", "3.13"]) == [
        ("windows", "3.11"),
        ("windows", "3.13"),
    ]
    for command in (commands.bundle, commands.wheels):
        said = CliRunner().invoke(command, ["--help"]).output
        for name in (*wheels.systems(), wheels.THIS):
            assert name in said


def test_an_unknown_system_or_python_is_a_sentence(monkeypatch):
    with pytest.raises(UnknownName, match="Did you mean 'windows'"):
        wheels.targets(["window"])
    with pytest.raises(BadValue, match=r"name one of 3\.11, 3\.12, 3\.13"):
        wheels.targets(series=["3.10"])
    monkeypatch.setattr(wheels.platform, "machine", lambda: "riscv64")
    with pytest.raises(BadValue, match="on riscv64; name a system with --system: linux"):
        wheels.targets(["this"])


# -- a course of three files ----------------------------------------------------------------------


def wheel(folder: Path, name: str, tag: str) -> str:
    """Write a wheel that holds nothing but its name; return its line of a lock."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-1.0-{tag}.whl"
    info = f"{name}-1.0.dist-info"
    files = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    record = "".join(
        f"{place},sha256={_digest(text)},{len(text)}\n" for place, text in files.items()
    )
    with zipfile.ZipFile(path, "w") as archive:
        for place, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            archive.writestr(place, text)
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A checkout of a few files, its wheels for Linux and Windows in ``stock``, and a book."""
    root, stock, book = tmp_path / "course", tmp_path / "stock", tmp_path / "book"
    (root / ".git").mkdir(parents=True)
    (root / "notebooks").mkdir()
    (root / "run").write_text("#!/bin/sh\n")
    (root / "run").chmod(0o755)
    (root / "notebooks" / "a lesson.ipynb").write_text("{}")
    (root / "my_progress.jsonl").write_text("a learner's")
    everywhere = wheel(stock, "everywhere", "py3-none-any")
    compiled = wheel(stock, "compiled", "cp312-cp312-manylinux_2_17_x86_64")
    compiled += wheel(stock, "compiled", "cp312-abi3-win_amd64").removeprefix("compiled==1.0")
    windowed = wheel(stock, "windowed", "cp312-cp312-win_amd64")
    windowed = windowed.replace("1.0", "1.0 ; sys_platform == 'win32'")
    lock = f"{everywhere}\n{compiled}\n{windowed}\n".replace(" --hash", " \\\n    --hash")
    (root / "course.lock").write_text(lock)
    book.mkdir()
    (book / "index.html").write_text('<a href="index.html">home</a>')
    tracked = ["run", "notebooks/a lesson.ipynb", "course.lock"]
    real = subprocess.run

    def run(command, **options):
        if command[:2] == ["git", "ls-files"]:
            return subprocess.CompletedProcess(command, 0, "".join(f"{t}\0" for t in tracked), "")
        return real(command, **options)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(bundle, "ROOT", root)
    real_files = bundle.course_files
    monkeypatch.setattr(bundle, "course_files", lambda: real_files(root))
    monkeypatch.setattr(bundle, "locks", lambda tests: [root / "course.lock"])
    return tmp_path


@pytest.fixture
def no_pip(monkeypatch):
    """For what is not about wheels: one comes from nowhere, without the second pip takes."""

    def fetch(into, *_):
        into.mkdir()
        (into / "everywhere-1.0-py3-none-any.whl").write_bytes(b"a wheel")

    monkeypatch.setattr(bundle, "fetch", fetch)


def build(small, *targets, **options):
    out = small / "out" / "stick.zip"
    options.setdefault("reading", small / "book")
    bundle.build(out, targets or [LINUX], source=small / "stock", **options)
    return out


def names(out):
    with zipfile.ZipFile(out) as archive:
        return {
            name.removeprefix(f"{bundle.TOP}/"): archive.getinfo(name)
            for name in archive.namelist()
        }


def text(out, name):
    with zipfile.ZipFile(out) as archive:
        return archive.read(f"{bundle.TOP}/{name}").decode()


def test_the_zip_holds_course_book_wheels_and_starters_and_nothing_of_a_learner(small):
    out = build(small, LINUX, WINDOWS)
    assert set(names(out)) == {
        "run",
        "notebooks/a lesson.ipynb",
        "course.lock",
        "book/index.html",
        "wheels/everywhere-1.0-py3-none-any.whl",
        "wheels/compiled-1.0-cp312-cp312-manylinux_2_17_x86_64.whl",
        "wheels/compiled-1.0-cp312-abi3-win_amd64.whl",
        "wheels/windowed-1.0-cp312-cp312-win_amd64.whl",
        "wheels/CONTENTS.txt",
        "READ_ME_FIRST.txt",
        "start.sh",
        "start.command",
        "start.bat",
        "SHA256SUMS",
    }
    assert [path.name for path in out.parent.iterdir()] == ["stick.zip"]


def test_a_system_gets_no_wheels_of_another(small):
    compiled = {name for name in names(build(small, LINUX)) if name.endswith(".whl")}
    assert not any("win" in name for name in compiled)
    assert len(compiled) == 2


def test_every_checksum_holds_and_every_file_has_one(small, no_pip):
    out = build(small)
    sums = dict(line.split("  ")[::-1] for line in text(out, "SHA256SUMS").splitlines())
    assert set(sums) == set(names(out)) - {"SHA256SUMS"}
    with zipfile.ZipFile(out) as archive:
        for name, expected in sums.items():
            content = archive.read(f"{bundle.TOP}/{name}")
            assert hashlib.sha256(content).hexdigest() == expected


def test_the_starters_can_be_started_and_say_which_pythons(small, no_pip):
    out = build(small, LINUX)
    for name in ("start.sh", "start.command", "run"):
        assert names(out)[name].external_attr >> 16 & 0o111, name
    for name in ("start.sh", "start.command", "start.bat", "READ_ME_FIRST.txt"):
        said = text(out, name)
        assert "3.12" in said
        assert "3.11" not in said
        assert not re.search("@[A-Z]+@", said)
        assert ("\r\n" in said) == name.endswith((".bat", ".txt"))
    assert "py -%%v -m secretome_edu open %*" in text(out, "start.bat")
    assert "Linux x86_64" in text(out, "READ_ME_FIRST.txt")
    assert "Windows" not in text(out, "wheels/CONTENTS.txt")


@pytest.mark.parametrize(("have", "code"), [(["3.12"], 0), (["3.9"], 1), (["3.9", "3.12"], 0)])
def test_the_shell_starter_takes_a_python_the_wheels_are_for(small, no_pip, have, code):
    """Pythons that only know their version and what they are asked to run."""
    folder = small / "unpacked with space"
    folder.mkdir()
    (folder / "start.sh").write_text(text(build(small), "start.sh"))
    for name, version in zip(("python3", "python"), have, strict=False):
        fake = folder / name
        right = "exit 0" if version == "3.12" else "exit 1"
        fake.write_text(
            f'#!/bin/sh\nif [ "$1" = -c ]; then {right}; fi\necho {version} "$PWD" "$@"\n'
        )
        fake.chmod(0o755)
    ran = subprocess.run(
        ["/bin/sh", str(folder / "start.sh"), "--port", "9000"],
        env={"PATH": f"{folder}:/usr/bin:/bin"} if code == 0 else {"PATH": str(folder)},
        capture_output=True,
        text=True,
        cwd=small,
    )
    assert ran.returncode == code
    if code:
        assert "3.12" in ran.stderr
    else:
        assert ran.stdout.split("\n")[0] == f"3.12 {folder} -m secretome_edu open --port 9000"


# -- bad input ------------------------------------------------------------------------------------


def test_every_computer_that_lacks_a_wheel_is_listed_and_nothing_is_left(small):
    for path in (small / "stock").glob("*compiled*"):
        path.unlink()
    with pytest.raises(SiteError) as stopped:
        build(small, LINUX, WINDOWS)
    said = str(stopped.value)
    for target in (LINUX, WINDOWS):
        assert f"{target}: B09 No matching distribution found for compiled==1.0" in said
    assert list((small / "out").iterdir()) == []


def test_a_wheel_that_is_not_the_locked_one_is_refused(small):
    wheel(small / "stock", "everywhere", "py3-none-any")
    with zipfile.ZipFile(small / "stock" / "everywhere-1.0-py3-none-any.whl", "a") as archive:
        archive.writestr("everywhere.py", "changed")
    with pytest.raises(SiteError, match="HASHES"):
        build(small)
    assert list((small / "out").iterdir()) == []


def test_a_missing_file_of_the_course_a_broken_book_and_no_book_are_said(small):
    (small / "book" / "index.html").write_text('<a href="gone.html">x</a>')
    with pytest.raises(SiteError, match=r"index\.html: B06 'gone\.html' is not there"):
        build(small)
    with pytest.raises(CourseError, match="holds no book"):
        build(small, reading=small)
    (small / "course" / "run").unlink()
    with pytest.raises(SiteError, match="run: B10"):
        build(small)
    assert list((small / "out").iterdir()) == []


def test_an_unexecuted_cell_or_a_missing_notebook_stops_the_bundle(small, monkeypatch):
    monkeypatch.setattr(bundle, "FOLDER", small)
    with pytest.raises(SiteError) as stopped:
        build(small)
    assert str(stopped.value).count("B01") == 17


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_an_interrupted_build_leaves_the_old_bundle_and_nothing_else(
    small, no_pip, monkeypatch, stop
):
    out = build(small)
    before = out.read_bytes()

    def half(place, entries):
        place.write_bytes(b"half")
        raise stop

    monkeypatch.setattr(bundle, "_pack", half)
    with pytest.raises((KeyboardInterrupt, CourseError)):
        build(small)
    assert out.read_bytes() == before
    assert [path.name for path in out.parent.iterdir()] == ["stick.zip"]


def test_what_is_no_zip_is_not_replaced(small, no_pip):
    (small / "out").mkdir()
    (small / "out" / "stick.zip").write_text("my thesis")
    with pytest.raises(BadValue, match="is no zip and would be replaced"):
        build(small)
    with pytest.raises(BadValue, match="is a folder"):
        bundle.build(small, [LINUX])
    assert (small / "out" / "stick.zip").read_text() == "my thesis"


def test_an_unpacked_bundle_knows_its_own_files_and_a_bare_folder_does_not(
    small, no_pip, monkeypatch
):
    out = build(small)
    with zipfile.ZipFile(out) as archive:
        archive.extractall(small)
    monkeypatch.undo()
    (small / bundle.TOP / "my_progress.jsonl").write_text("a learner's")
    found = bundle.course_files(small / bundle.TOP)
    assert set(found) == {"run", "notebooks/a lesson.ipynb", "course.lock"}
    with pytest.raises(CourseError, match="neither a git checkout nor an unpacked bundle"):
        bundle.course_files(small)


def test_the_command_says_the_list_and_no_traceback(small):
    for path in (small / "stock").iterdir():
        path.unlink()
    out = small / "stick.zip"
    command = f"site bundle --out {out} --system linux --python 3.12 --wheels {small / 'stock'}"
    said = CliRunner().invoke(main, [*command.split(), "--book", str(small / "book")])
    assert said.exit_code == 1
    assert "Linux x86_64, Python 3.12: B09 " in said.output
    assert "Traceback" not in said.output
    assert not out.exists()


# -- setting up from the wheels -------------------------------------------------------------------


@pytest.fixture
def unpacked(tmp_path, monkeypatch):
    """An unpacked bundle in which no command really runs; yields the commands."""
    (tmp_path / "wheels").mkdir()
    line = "Python 3.12 on Linux x86_64, without what the tests need\n"
    (tmp_path / "wheels" / "CONTENTS.txt").write_text(line)
    for name in ("requirements.lock", "requirements-test.lock", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    monkeypatch.delenv("SECRETOME_EDU_NO_VENV", raising=False)
    monkeypatch.setattr(room, "ROOT", tmp_path)
    monkeypatch.setattr(room, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(room, "TEST_LOCK", tmp_path / "requirements-test.lock")
    monkeypatch.setattr(room, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(room, "VENV_PYTHON", tmp_path / "python")
    (tmp_path / "python").touch()
    ran: list[list[str]] = []

    def run(command, cwd=None):
        ran.append([*map(str, command)])
        return subprocess.CompletedProcess(command, run.code)

    run.ran, run.code = ran, 0
    monkeypatch.setattr(room.subprocess, "run", run)
    return run


def test_where_there_are_wheels_no_install_asks_a_network(unpacked, tmp_path, capsys):
    assert room.main(["doctor"]) == 0
    installs = [command for command in unpacked.ran if "install" in command]
    assert len(installs) == 2
    for command in installs:
        assert "--no-index" in command
        assert f"--find-links={tmp_path / 'wheels'}" in command
        assert "uv" not in command
    assert "--require-hashes" in installs[0]
    assert "from the folder wheels" in capsys.readouterr().out


def test_wheels_for_other_computers_are_a_sentence_that_says_which(unpacked, capsys):
    unpacked.code = 1
    assert room.main(["doctor"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    for words in ("Python 3.12 on Linux x86_64, without", f"this is Python {sys.version_info[0]}"):
        assert words in said


# -- the whole course, network blocked ------------------------------------------------------------

STOCK = Path(os.environ.get("SECRETOME_EDU_WHEELS") or ROOT / "wheels")


@pytest.fixture(scope="module")
def stick(tmp_path_factory):
    """This checkout as a bundle for this system and Python, unpacked."""
    if not STOCK.is_dir():
        pytest.skip("needs the wheels: 'site wheels --system this --python this --out DIR'")
    home = tmp_path_factory.mktemp("stick")
    (home / "book").mkdir()
    (home / "book" / "index.html").write_text("<p>stands for the book, which has its own tests")
    bundle.build(home / "s.zip", wheels.targets(["this"], ["this"]), False, STOCK, home / "book")
    shutil.unpack_archive(home / "s.zip", home)
    (home / "s.zip").unlink()
    return home / bundle.TOP


@pytest.fixture(scope="module")
def no_network(tmp_path_factory):
    """An environment whose Pythons refuse every connection that leaves this machine."""
    folder = tmp_path_factory.mktemp("guard")
    shutil.copyfile(ROOT / "tests" / "network_guard.py", folder / "sitecustomize.py")
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("PIP_", "UV_", "SECRETOME_"))}
    nowhere = "http://127.0.0.1:9"  # nothing listens there
    return kept | {
        "PYTHONPATH": str(folder),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_CACHE_DIR": "1",
        "PIP_INDEX_URL": f"{nowhere}/simple",
        "http_proxy": nowhere,
        "https_proxy": nowhere,
        "no_proxy": "127.0.0.1,localhost",
        "SECRETOME_EDU_STORE": "memory:",
        "PYTHONDONTWRITEBYTECODE": "",
    }


def test_the_guard_of_this_test_holds(no_network):
    code = "import urllib.request; urllib.request.urlopen('http://192.0.2.1', timeout=2)"
    environment = {name: v for name, v in no_network.items() if not name.endswith("_proxy")}
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )
    assert "The network is off in tests" in ran.stderr


def test_the_bundle_installs_and_opens_without_a_network(stick, no_network, free_port):
    python = Path(sys.base_prefix) / ("python.exe" if os.name == "nt" else "bin/python3")
    command = [python, "-m", "secretome_edu", "open", "--no-browser", "--port", str(free_port)]
    said = stick / "said.txt"
    with said.open("w") as file:
        server = subprocess.Popen(
            [*map(str, command), "--IdentityProvider.token=tok"],
            cwd=stick, env=no_network, stdout=file, stderr=file, start_new_session=True,
        )  # fmt: skip
    address = f"http://127.0.0.1:{free_port}/lab/tree/00_start_here.ipynb?token=tok"
    try:
        assert _status(address, server, within_s=600) == 200, said.read_text()
    finally:
        os.killpg(server.pid, signal.SIGTERM)  # JupyterLab runs below it
        server.wait(30)
    # The package is the unpacked one, and its checks are content with what was installed.
    venv_python = stick / ".venv" / room.VENV_PYTHON.relative_to(room.VENV)
    code = "import secretome_edu, anywidget; print(secretome_edu.__file__)"
    where = subprocess.run(
        [venv_python, "-c", code], env=no_network, cwd=stick.parent, capture_output=True, text=True
    )
    assert where.stdout.strip() == str(stick / "secretome_edu" / "__init__.py"), where.stderr
    ran = subprocess.run(
        [str(python), "-m", "secretome_edu", "doctor"],
        cwd=stick, env=no_network, capture_output=True, text=True,
    )  # fmt: skip
    assert "All is well." in ran.stdout, ran.stdout + ran.stderr


@pytest.fixture
def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _status(address: str, server: subprocess.Popen, within_s: float) -> int:
    end = time.monotonic() + within_s
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address) as page:
                return page.status
        except OSError:
            time.sleep(0.5)
    return 0
