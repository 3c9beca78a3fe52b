"""Releases that change under the course: bounds that were tried, warnings that are errors.

What the oldest and the newest releases do is tried by ``.ci/drift``; here stands what needs no
other environment.
"""

from __future__ import annotations

import re
import tomllib
import warnings
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from secretome_edu.quiz import units

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DEPRECATED = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)


def pins(lock: str) -> dict[str, Version]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    found = re.findall(r"^([a-z0-9][\w.-]*)==([^\s;]+)", text, re.M)
    return {canonicalize_name(name): Version(version) for name, version in found}


@pytest.mark.parametrize("text", PROJECT["project"]["dependencies"])
def test_the_oldest_release_tried_is_the_one_that_is_promised(text):
    requirement = Requirement(text)
    (bound,) = requirement.specifier
    assert bound.operator == ">=", "an upper bound keeps repairs out"
    tried = pins("requirements-lowest.lock")[canonicalize_name(requirement.name)]
    assert tried == Version(bound.version)


def test_the_lock_of_the_oldest_releases_hashes_everything():
    lock = (ROOT / "requirements-lowest.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    for block in re.split(r"^(?=[a-z0-9])", lock, flags=re.M)[1:]:
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_pythons_promised_are_those_that_are_tried():
    said = [c.rpartition(" ")[2] for c in PROJECT["project"]["classifiers"] if "Python ::" in c]
    assert said == ["3.11", "3.12", "3.13"]
    assert PROJECT["project"]["requires-python"] == f">={said[0]}"
    for version in said:
        assert version in (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("category", DEPRECATED)
@pytest.mark.parametrize("module", ["secretome_edu.quiz.grading", "test_quiz_numbers", "numpy"])
def test_what_will_stop_working_is_an_error(category, module):
    with pytest.raises(category):
        warnings.warn_explicit("old", category, "file.py", 1, module=module, registry={})


def test_only_others_packages_may_warn():
    excused = [f for f in PROJECT["tool"]["pytest"]["ini_options"]["filterwarnings"]
               if not f.startswith("error::")]  # fmt: skip
    assert {f.split(":")[0] for f in excused} <= {"ignore"}
    modules = [f.split(":")[3] for f in excused]
    assert all(modules), "an excuse without a module excuses the course, too"
    assert not any(re.match(m, name) for m in modules for name in ("secretome_edu.ui", "test_cli"))


def test_a_library_that_cannot_start_is_not_blamed_on_the_learner(monkeypatch):
    """With a Pint that did not load, every right answer was called 'not a unit'."""

    def broken():
        raise TypeError("cannot inherit frozen dataclass from a non-frozen one")

    monkeypatch.setattr(units, "_registry", broken)
    units.parse_unit.cache_clear()
    with pytest.raises(TypeError, match="frozen"):
        units.parse_unit("um")
