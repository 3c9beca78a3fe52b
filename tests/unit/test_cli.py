"""The commands in the terminal: each runs, and a mistake is a sentence."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from secretome_edu.authoring.doctor import Check
from secretome_edu.cli import main
from secretome_edu.course import lesson, memory
from secretome_edu.ui.findings import Finding
from secretome_edu.ui.messages import BadValue, CourseError, UnknownName


@pytest.fixture(autouse=True)
def fresh_store(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_STORE", "memory:")
    monkeypatch.delenv("SECRETOME_EDU_UI", raising=False)
    memory.store.cache_clear()
    yield
    memory.store.cache_clear()


def run(*arguments: str, input: str | None = None, code: int = 0) -> str:
    result = CliRunner().invoke(main, [*arguments], input=input)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


def test_help_lists_every_command_and_the_two_in_front():
    said = run("--help")
    for name in main.commands:
        assert name in said
    assert "'open'" in said
    assert "'test'" in said


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_explains_itself(name):
    said = run(name, "-h")
    assert main.commands[name].help.split(".")[0] in said.replace("\n ", "")


def test_an_unknown_command_is_said():
    assert "No such command 'lern'" in run("lern", code=2)


def test_course_and_progress_can_be_read():
    assert run("course").startswith("Secretome Edu: 17 lessons\n00 Start here:")
    assert run("progress").strip()


def test_quiz_asks_in_the_terminal_and_keeps_the_answers():
    said = run("quiz", "start_here", input="a\n/hint\n/quit\n")
    assert "Why" in said or "why" in said
    assert "answered" in said
    assert memory.store().events(lesson="start_here")
    assert "answered" in run("quiz", "paracrine_reach", "--pool", "prediction", input="/quit\n")


def test_quiz_takes_a_number_and_a_pool():
    said = run("quiz", "05", "--pool", "warmup", input="/quit\n")
    first = lesson("paracrine_reach").bank.pool("warmup")[0]
    assert first.stem.split("**")[0][:20] in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["quiz", "paracrin_reach"], "Did you mean 'paracrine_reach'?"),
        (["quiz", "start_here", "--pool", "quizz"], "'quiz'"),
        (["refresh", "paracrin_reach"], "Did you mean 'paracrine_reach'?"),
        (["new-lesson", "Bad Slug"], "is no slug"),
        (["new-lesson", "start_here"], "There is a lesson 'start_here' already"),
    ],
)
def test_a_mistake_is_a_sentence(arguments, words):
    said = run(*arguments, code=1)
    assert said.startswith("Error: ")
    assert words in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "error", [CourseError("why"), BadValue("why"), UnknownName("x", "y", [], "z")]
)
def test_any_error_of_the_course_is_a_sentence(monkeypatch, error):
    def fail():
        raise error

    monkeypatch.setattr("secretome_edu.course.overview.course", fail)
    assert run("course", code=1) == f"Error: {error}\n"


def test_an_interface_that_does_not_exist_is_a_sentence(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_STORE", "nowhere")
    assert "'nowhere' is not a place for progress" in run("course", code=1)


def test_export_and_import(tmp_path):
    lesson("start_here").check("e1", 400)
    file = tmp_path / "mine.jsonl"
    assert f"Wrote 1 entries to {file}." in run("export", str(file))
    assert "exists already" in run("export", str(file))
    memory.store().delete_all()
    assert "1 event added" in run("import", str(file))
    assert "There is no file" in run("import", str(tmp_path / "gone"))
    file.write_text("nonsense")
    run("import", str(file), code=1)


def test_export_has_a_name_for_its_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("export")
    assert Path("my_progress.jsonl").exists()


def test_doctor_says_what_is_well_and_how_to_remedy_the_rest(monkeypatch):
    checks = [Check("Python", True, "3.12.1"), Check("Disk", False, "0.1 GB free", "Free some.")]
    monkeypatch.setattr("secretome_edu.authoring.doctor.examine", lambda: iter(checks))
    said = run("doctor", code=1)
    assert "ok      Python: 3.12.1" in said
    assert "TROUBLE Disk: 0.1 GB free\n        Free some.\n1 to repair, see above." in said
    monkeypatch.setattr("secretome_edu.authoring.doctor.examine", lambda: iter(checks[:1]))
    assert run("doctor").endswith("All is well.\n")


def test_doctor_examines_this_set_up():
    said = CliRunner().invoke(main, ["doctor"]).output
    for what in ("Python", "pandas", "Notebooks", "Progress", "Disk", "Interface"):
        assert f" {what}: " in said


@pytest.mark.parametrize(
    ("break_it", "what", "remedy"),
    [
        (lambda m: m.setattr("sys.version_info", (3, 10, 1)), "Python", "Python 3.11 or newer"),
        (lambda m: m.setenv("SECRETOME_EDU_UI", "fancy"), "Interface", "it accepts auto"),
        (
            lambda m: m.setattr("shutil.disk_usage", lambda _: type("U", (), {"free": 1e6})),
            "Disk",
            "Free at least",
        ),
        (lambda m: m.setenv("SECRETOME_EDU_STORE", "nowhere"), "Progress", "Accepted are memory:"),
    ],
)
def test_doctor_finds_trouble(monkeypatch, break_it, what, remedy):
    from secretome_edu.authoring.doctor import examine

    break_it(monkeypatch)
    found = {check.what: check for check in examine()}
    monkeypatch.undo()
    assert not found[what].well
    assert remedy in found[what].remedy


def test_doctor_finds_a_missing_package(monkeypatch):
    from secretome_edu.authoring import doctor

    real = doctor.importlib.import_module

    def find(name):
        if name == "anywidget":
            raise ImportError("No module named 'anywidget'")
        return real(name)

    monkeypatch.setattr(doctor.importlib, "import_module", find)
    found = {check.what: check for check in doctor._packages()}
    assert not found["anywidget"].well
    assert ".venv" in found["anywidget"].remedy
    assert found["pandas"].well


def test_check_prints_findings_and_fails_on_them(monkeypatch):
    found = [Finding("a.ipynb x", "N03", "not run.")]
    monkeypatch.setattr("secretome_edu.authoring.check.findings", lambda: found)
    assert run("check", code=1) == "a.ipynb x: N03 not run.\n1 findings.\n"
    monkeypatch.setattr("secretome_edu.authoring.check.findings", list)
    assert run("check", "--quick") == "No findings.\n"


@pytest.mark.parametrize("code", [0, 1])
def test_check_runs_every_notebook_again(monkeypatch, code):
    asked = []

    def pretend(command, **options):
        asked.append(command)
        return subprocess.CompletedProcess(command, code)

    monkeypatch.setattr("secretome_edu.authoring.check.findings", list)
    monkeypatch.setattr("secretome_edu.authoring.nbval_run.subprocess.run", pretend)
    assert run("check", code=code) == "No findings.\n"
    (command,) = asked
    assert "--nbval" in command
    assert command[-1].endswith("notebooks")


def test_check_says_why_notebooks_cannot_run_again(monkeypatch, tmp_path):
    monkeypatch.setattr("secretome_edu.authoring.check.findings", list)
    monkeypatch.setattr("secretome_edu.authoring.nbval_run.CHECKOUT", tmp_path)
    said = run("check", code=1)
    assert "--quick" in said
    assert "sanitize.cfg" in said


def test_refresh_runs_all_or_the_named_notebooks(monkeypatch):
    asked = []

    def pretend(paths):
        asked.append([path.name for path in paths])
        return paths[:1]

    monkeypatch.setattr("secretome_edu.authoring.refresh.refresh", pretend)
    monkeypatch.setattr("secretome_edu.authoring.readme.update_readme", lambda: True)
    monkeypatch.setattr("secretome_edu.authoring.keys.update_keys", lambda: False)
    monkeypatch.setattr("secretome_edu.authoring.claims.update_claims", lambda: False)
    assert run("refresh", "05") == "05_paracrine_reach.ipynb changed.\nREADME.md changed.\n"
    run("refresh")
    assert asked[0] == ["05_paracrine_reach.ipynb", "90_instructor_guide.ipynb"]
    assert {"00_start_here.ipynb", "05_paracrine_reach.ipynb"} <= set(asked[1])


def test_new_lesson_takes_a_title_and_a_question_or_leaves_them_open(monkeypatch):
    asked = []

    def pretend(*arguments):
        asked.append(arguments)
        return [Path("a.yaml")]

    monkeypatch.setattr("secretome_edu.authoring.new_lesson.make", pretend)
    assert run("new-lesson", "my_topic") == "Wrote a.yaml.\n"
    run("new-lesson", "my_topic", "--title", "Mine", "--question", "Why?")
    assert asked == [
        ("my_topic", None, None),
        ("my_topic", "Mine", "Why?"),
    ]
