"""A new lesson passes every check at once; a bad name writes nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("secretome_edu", "notebooks", "README.md", "pyproject.toml")
KEY = "tests/notebooks/answer_key.json"
PLANNED = """
  - {slug: waiting_topic, number: 17, part: More, status: planned, title: Waiting, question: "Why?"}
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the course to write in."""
    folder = tmp_path_factory.mktemp("checkout")
    for part in PARTS:
        if (ROOT / part).is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / part, folder / part, ignore=ignore)
        else:
            shutil.copy(ROOT / part, folder / part)
    (folder / KEY).parent.mkdir(parents=True)
    shutil.copy(ROOT / KEY, folder / KEY)
    with (folder / "secretome_edu/course/lessons.yaml").open("a", encoding="utf-8") as manifest:
        manifest.write(PLANNED)
    return folder


SEVERAL = """
import json, sys
from secretome_edu.cli import main

for command in json.loads(sys.argv[1]):
    try:
        main(command)
    except SystemExit as stopped:
        print(command[0], "ended with", stopped.code)
"""


def run(checkout: Path, *arguments: str) -> subprocess.CompletedProcess:
    return _python(checkout, "-m", "secretome_edu.cli", *arguments)


def run_several(checkout: Path, *commands: list[str]) -> subprocess.CompletedProcess:
    """Run commands one after another in one Python, which starts faster."""
    return _python(checkout, "-c", SEVERAL, json.dumps(commands))


def _python(checkout: Path, *arguments: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PYTHONPATH": str(checkout), "SECRETOME_EDU_STORE": "memory:"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
    )


def contents(folder: Path) -> dict[str, bytes]:
    """Return what stands in a checkout, without what Python leaves."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and "__pycache__" not in path.parts
        and ".ipynb_checkpoints" not in path.parts
    }


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("Bad Slug", "is no slug"),
        ("bad-slug", "is no slug"),
        ("_bad", "is no slug"),
        ("bad_", "is no slug"),
        ("../bad", "is no slug"),
        ("1bad", "is no slug"),
        ("", "is no slug"),
        ("schön", "is no slug"),
        ("start_here", "There is a lesson 'start_here' already"),
        ("paracrine_reach", "There is a lesson 'paracrine_reach' already"),
        ("check", "check.py exists already"),
    ],
)
def test_a_name_that_cannot_be_used_writes_nothing(monkeypatch, slug, words):
    from secretome_edu.authoring import new_lesson
    from secretome_edu.ui.messages import BadValue

    def refuse(self, *_, **__):
        raise AssertionError(f"wrote {self}")

    monkeypatch.setattr(Path, "write_text", refuse)
    monkeypatch.setattr(new_lesson, "refresh", refuse)
    with pytest.raises(BadValue, match=words):
        new_lesson.make(slug, "Title", "Question?")


@pytest.mark.parametrize(("title", "question"), [("", "Why?"), ("Two\nlines", "Why?"), ("T", " ")])
def test_a_title_or_question_that_is_no_line_writes_nothing(monkeypatch, title, question):
    from secretome_edu.authoring import new_lesson
    from secretome_edu.ui.messages import BadValue

    def refuse(self, *_, **__):
        raise AssertionError(f"wrote {self}")

    monkeypatch.setattr(Path, "write_text", refuse)
    with pytest.raises(BadValue, match="one line"):
        new_lesson.make("my_topic", title, question)


@pytest.mark.parametrize(
    ("wanted", "free"),
    [
        ("my_topic", "my_topic"),
        ("vegf2_and_il6", "vegf_and_il"),
        ("a_1", "a"),
        ("reach", "reach_new"),
    ],
)
def test_objectives_of_a_new_lesson_are_its_own(wanted, free):
    from secretome_edu.authoring.new_lesson import _objective
    from secretome_edu.course.manifest import manifest

    assert _objective(wanted) == free
    assert not any(id.startswith(f"{free}.") for id in manifest().objective_ids())


def test_new_lessons_pass_every_check_at_once(checkout):
    """A new one with signs in its title that YAML and templates know, and a planned one."""
    before = contents(checkout)
    quoted = 'What is "this": a $test, #1?'
    one = ["new-lesson", "my_topic", "--title", 'My: "topic" #1', "--question", quoted]
    first = run(checkout, *one)
    assert first.returncode == 0, first.stdout + first.stderr
    more = run_several(checkout, ["new-lesson", "waiting_topic"], ["course"], one)
    assert more.stdout.count("ended with 0") == 2, more.stdout + more.stderr
    assert '18 My: "topic" #1: ' + quoted in more.stdout
    assert "17 Waiting: " in more.stdout
    assert more.stdout.endswith("new-lesson ended with 1\n")
    assert "Error: There is a lesson 'my_topic' already" in more.stderr
    after = contents(checkout)
    new = {name for name in after if name not in before}
    assert new == {
        f"secretome_edu/{part}"
        for slug in ("my_topic", "waiting_topic")
        for part in (f"quiz/banks/{slug}.yaml", f"exercises/{slug}.yaml", f"exercises/{slug}.py")
    } | {f"notebooks/{n}" for n in (
        "18_my_topic.ipynb", "17_waiting_topic.ipynb"
    )}  # fmt: skip
    changed = {name for name in before if before[name] != after.get(name)}
    assert changed == {"secretome_edu/course/lessons.yaml", "README.md", KEY}
    checked = run(checkout, "check", "--quick")
    assert checked.stdout.strip().endswith("No findings."), checked.stdout + checked.stderr
    assert checked.returncode == 0
