"""Each ready lesson done without a line of code, as its notebook leads: only widgets are driven."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from secretome_edu.course import course, lesson, memory, progress
from secretome_edu.course.manifest import manifest
from secretome_edu.explore.controls import Cells, Choice
from secretome_edu.quiz.answers import trials

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SLUGS = [entry.slug for entry in manifest().ready()]


@pytest.fixture(autouse=True, params=["rich", "core", "text"])
def fresh_learner(request, monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", request.param)
    monkeypatch.setenv("SECRETOME_EDU_STORE", "memory:")
    memory.store.cache_clear()
    yield request.param
    memory.store.cache_clear()


def steps(slug: str) -> list[tuple[str, str]]:
    """Return the lesson calls of the notebook in order."""
    cells = json.loads((NOTEBOOKS / manifest().entry(slug).notebook).read_text("utf-8"))["cells"]
    code = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    found = re.findall(r"\blesson\.(\w+)\((?:\"(\w+)\")?", code)
    assert found
    return found


def other_value(control):
    """Return a value of a control that is not its default, from what a page would offer."""
    if isinstance(control, Choice):
        return next(option for option in control.options if option != control.default)
    if isinstance(control, Cells):
        return control.default[:1]
    return control.high if control.default != control.high else control.low


def press(panel, **values):
    """Fill the boxes of an exercise and press Check."""
    if hasattr(panel, "_received"):
        panel._received(panel, {"action": "check", "values": values}, [])
    elif hasattr(panel, "_boxes"):
        for name, value in values.items():
            panel._boxes[name].value = value
        panel._clicked("check")
    else:
        panel.session.check(values)
    return panel.session.result.state


def boxes(exercise, answer) -> dict[str, str]:
    answer = answer if isinstance(answer, dict) else {exercise.fields[0].name: answer}
    return {name: repr(value) for name, value in answer.items()}


def do_exercise(here, id):
    exercise = here.exercises[id]
    wrong, right = next(iter(exercise.task.mistakes.values()))(), exercise.task.reference()
    if not exercise.fields:  # the code track's own; no objective may hang on it alone
        here.check(id, wrong)
        assert "Correct." in repr(here.check(id, right))
        return
    panel = here.check(id)
    assert press(panel, **dict.fromkeys(boxes(exercise, right), "")) == "invalid"
    assert press(panel, **boxes(exercise, wrong)) == "not_yet"
    assert press(panel, **boxes(exercise, right)) == "correct"


def do_quiz(quiz, word="Right"):
    for id in quiz.session.ids:
        layout = quiz.session.layout(id)
        said = quiz.answer(id, layout.to_public(trials(layout.item)[0].response))
        assert word in str(said).splitlines()[0], id


@pytest.mark.parametrize("slug", SLUGS)
def test_a_lesson_is_finished_by_predicting_moving_answering(slug, fresh_learner):
    here = lesson(slug)
    assert " 0 of " in f" {here.progress()}"
    done, opened = set(), {}
    for method, name in steps(slug):
        shown = getattr(here, method)(*filter(None, [name])) if method != "check" else None
        if method == "predict":
            opened[name] = shown
            shown.answer(name, shown.session.layout(name).public()["options"][0]["name"])
        elif method == "explain":
            assert repr(shown).startswith("You predicted: ")
        elif method == "explore":
            heard = []
            shown.on_move(lambda values, words, heard=heard: heard.append(words))
            # Without a widget each move draws a whole picture: one control is enough there.
            for control in shown.explorer.controls[: 1 if fresh_learner == "text" else None]:
                shown.set(**{control.name: other_value(control)})
                assert heard[-1] == shown.description
            shown.reset()
            assert len(set(heard)) > 1, "no control changed what is said"
        elif method == "check":
            do_exercise(here, name)
        elif method in ("pretest", "posttest"):
            do_quiz(shown, word="Recorded")
        elif method in ("warmup", "quiz", "part_quiz"):
            do_quiz(shown)
        done.add((method, name))
    entry, last = manifest().entry(slug), here.progress()
    quiz, tasks = len(here.ids("quiz")), len(here.ids("exercise"))
    everything = f"{quiz} of {quiz} quiz questions and {tasks} of {tasks} exercise"
    everything += ("" if tasks == 1 else "s") + " right so far."
    assert last == everything
    assert everything in here.close().text
    assert everything in repr(lesson(slug))
    row = next(line for line in course().text.splitlines() if f" {entry.title}:" in line)
    assert row.endswith(f"[{everything}]")
    assert entry.title in repr(progress())
    assert set(opened) == set(here.ids("prediction"))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_objective_can_be_reached_without_code(slug):
    here = lesson(slug)
    for objective in manifest().entry(slug).objectives:
        mine = [e for e in here.exercises.values() if e.objective == objective.id]
        without_code = [e.id for e in mine if e.fields] + [
            a for a in objective.activities if a not in here.exercises
        ]
        asked = [i for i in here.bank.pool("quiz") if i.objective == objective.id]
        assert without_code or len(asked) >= 2
