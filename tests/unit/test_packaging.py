"""The package as a stranger meets it: lock, environment, architecture, style, import cost."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONDA_NAMES = {"matplotlib-base": "matplotlib"}


def run(*command: object, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )


LOCKS = {"requirements.lock": "lab", "requirements-test.lock": "test"}


def pins(name):
    lock = (ROOT / name).read_text()
    return {
        canonicalize_name(n): v for n, v in re.findall(r"^([a-z0-9][\w.-]*)==(\S+)", lock, re.M)
    }


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address_and_hashes_everything(name):
    lock = (ROOT / name).read_text()
    assert "://" not in lock
    assert len(pins(name)) > 80
    for block in re.split(r"^(?=[a-z0-9])", lock, flags=re.M)[1:]:
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_no_setting_of_uv_keeps_a_lock_from_being_installed():
    # uv reads constraints when it installs a lock, too, and refuses those without a hash.
    assert "uv" not in PROJECT["tool"]


@pytest.mark.parametrize(("name", "group"), LOCKS.items())
def test_a_lock_holds_every_requirement(name, group):
    groups = {"lab": ["lab"], "test": PROJECT["dependency-groups"]}[group]
    wanted = [*PROJECT["project"]["dependencies"]]
    for one in groups:
        wanted += [entry for entry in PROJECT["dependency-groups"][one] if isinstance(entry, str)]
    assert {canonicalize_name(Requirement(w).name) for w in wanted} <= set(pins(name))


def test_learners_get_the_versions_that_are_tested_and_no_test_tools():
    course, tests = pins("requirements.lock"), pins("requirements-test.lock")
    assert course.items() <= tests.items()
    assert not {"playwright", "libroadrunner", "mypy", "jupyterhub"} & set(course)


def test_conda_environment_agrees_with_the_project():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    *conda, last = environment["dependencies"]
    assert conda[0] == "python=3.12"
    assert last["pip"][-1] == "-e ."
    have = {}
    for text in conda[2:] + last["pip"][:-1]:
        requirement = Requirement(text)
        name = CONDA_NAMES.get(requirement.name, requirement.name)
        have[canonicalize_name(name)] = requirement.specifier
    extras = PROJECT["project"]["optional-dependencies"]["lab"]
    wanted = map(Requirement, PROJECT["project"]["dependencies"] + extras)
    assert have == {canonicalize_name(r.name): r.specifier for r in wanted}


def test_binder_reads_the_environment():
    tool = Path(sys.executable).with_name("jupyter-repo2docker")
    done = run(tool, "--no-build", "--debug", "--user-id", "1000", "--user-name", "jovyan", ".")
    said = done.stdout + done.stderr
    assert "python=3.12" in said
    assert "Python version unspecified" not in said


def test_rooms_depend_one_way():
    done = run(Path(sys.executable).with_name("lint-imports"), "--no-cache")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("tool", [["ruff", "check", "."], ["ruff", "format", "--check", "."]])
def test_style(tool):
    done = run(Path(sys.executable).with_name(tool[0]), *tool[1:])
    assert done.returncode == 0, done.stdout


def test_types():
    done = run(sys.executable, "-m", "mypy")
    assert done.returncode == 0, done.stdout


def test_import_is_light():
    code = "import sys, secretome_edu; print(sorted(sys.modules))"
    loaded = run(sys.executable, "-c", code).stdout
    for heavy in ("numpy", "pandas", "scipy", "matplotlib", "ipywidgets", "sqlalchemy", "yaml"):
        assert f"'{heavy}'" not in loaded


def test_public_names_exist_and_are_documented():
    import secretome_edu as se

    for name in se.__all__:
        value = getattr(se, name)
        assert name == "__version__" or value.__doc__, name
    with pytest.raises(AttributeError, match=r"Did you mean 'lesson'"):
        se.lessen  # noqa: B018


def test_rooms_stay_callable_under_their_public_name():
    code = (
        "import secretome_edu as se, secretome_edu.explore, secretome_edu.course, "
        "secretome_edu.progress; "
        "print(se.explore('reach').values['cells'], se.course().text[:13], callable(se.progress))"
    )
    done = run(sys.executable, "-c", code, SECRETOME_EDU_STORE="memory:")
    assert done.stdout.split() == ["100.0", "Secretome", "Edu", "True"], done.stderr


def test_no_file_says_where_it_was_made():
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("needs a git checkout to know which files are tracked")
    private = re.compile(r"(?<![\w.])/(?:work|root|farm)/")
    for name in run(git, "ls-files").stdout.split():
        path = ROOT / name
        if path.suffix in {".py", ".md", ".yaml", ".yml", ".toml", ".ipynb", ".js", ".lock"}:
            assert not private.search(path.read_text(encoding="utf-8")), name
