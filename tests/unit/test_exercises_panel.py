"""An exercise on the page: three interfaces, one state, nothing given away, nothing injected."""

from __future__ import annotations

import json
import re

import pytest

from secretome_edu.exercises import load_exercises, show
from secretome_edu.exercises.check import AnswerField, Exercise, Task
from secretome_edu.quiz.recorder import MemoryRecorder

MODES = ("rich", "core", "text")
LESSONS = ("start_here", "paracrine_reach")
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>[x](javascript:alert(3))\"'>"
REAL = [pytest.param(e, id=f"{s}:{e.id}") for s in LESSONS for e in load_exercises(s).values()]


@pytest.fixture(params=MODES)
def mode(request, monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", request.param)
    return request.param


def exercise(**changes) -> Exercise:
    given = {
        "id": "e1", "lesson": "x", "objective": "x.1", "title": "Title", "prompt": "Prompt",
        "hints": ("HINT-ONE", "HINT-TWO"), "solution": "SOLVED-SO", "solution_code": "code = 'C1'",
        "task": Task(lambda x: "" if x == 1 else "NOT-ONE", lambda: 1, {}),
        "fields": (AnswerField("a", "Label", "um"),),
    }  # fmt: skip
    return Exercise(**{**given, **changes})


def shown(panel) -> dict[str, str]:
    bundle = panel._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    return {mime: data[mime] for mime in ("text/plain", "text/html")}


def synced(panel) -> str:
    """Return everything a page could read: the state of the panel and of what it contains."""
    if not hasattr(panel, "get_state"):
        return json.dumps(shown(panel))
    states, todo = [shown(panel)], [panel]
    while todo:
        widget = todo.pop()
        states.append(
            {k: str(v) for k, v in widget.get_state().items() if not k.startswith("_esm")}
        )
        todo += getattr(widget, "children", ())
    return json.dumps(states)


def press(panel, action: str, **values: str) -> None:
    """Do what a learner's click does in this interface."""
    if hasattr(panel, "_received"):
        panel._received(panel, {"action": action, "values": values}, [])
    elif hasattr(panel, "children"):
        for name, value in values.items():
            panel._boxes[name].value = value
        buttons = {b.description: b for b in panel.children[-2].children}
        buttons[action.capitalize()].click()
    else:
        run = getattr(panel.session, action)
        run(values) if action == "check" else run()


@pytest.mark.parametrize("real", REAL)
def test_what_is_shown_is_readable_and_the_same_every_time(real, mode):
    first, second = (shown(show(real, MemoryRecorder())) for _ in range(2))
    assert first == second
    assert first["text/plain"].startswith(f"Exercise: {real.title}")
    assert "Open. Not answered yet." in first["text/plain"]
    for box in real.fields:
        assert f"{box.shown}: ____" in first["text/plain"]
    assert not re.search(r"0x[0-9a-f]{6}|[0-9a-f]{32}", json.dumps(first))
    assert repr(show(real, MemoryRecorder())) == first["text/plain"]


def test_all_interfaces_show_the_same_words(monkeypatch):
    said = []
    for name in MODES:
        monkeypatch.setenv("SECRETOME_EDU_UI", name)
        said.append(shown(show(exercise(), MemoryRecorder())))
    assert said[0] == said[1] == said[2]


@pytest.mark.parametrize("real", REAL)
def test_no_hint_and_no_solution_is_in_the_page_before_it_is_opened(real, mode):
    page = synced(show(real, MemoryRecorder()))
    for secret in [*real.hints, real.solution, *real.solution_code.splitlines()]:
        plain = re.sub(r"<!--.*?-->", "", secret).strip()
        if len(plain) > 8:
            assert json.dumps(plain[:60])[1:-1] not in page


def test_check_hint_solution_by_click(mode):
    recorder = MemoryRecorder()
    panel = show(exercise(), recorder)
    press(panel, "solution")
    assert "SOLVED-SO" not in synced(panel)
    press(panel, "check", a="two")
    assert "Please complete." in synced(panel)
    assert recorder.events == []
    press(panel, "check", a="2")
    assert "Not yet." in synced(panel)
    assert "NOT-ONE" in synced(panel)
    press(panel, "hint")
    assert "HINT-ONE" in synced(panel)
    assert "HINT-TWO" not in synced(panel)
    press(panel, "solution")
    assert "SOLVED-SO" in synced(panel)
    assert "C1" in synced(panel)
    press(panel, "check", a="0.001 mm")
    assert "Correct." in synced(panel)
    assert [e["kind"] for e in recorder.events] == ["answered", "hint", "revealed", "answered"]


def test_a_restart_fills_the_boxes(mode):
    recorder = MemoryRecorder()
    press(show(exercise(), recorder), "check", a="1 um")
    again = show(exercise(), recorder)
    assert again.session.values == {"a": "1 um"}
    assert "1 um" in synced(again) or mode == "text"
    assert "Correct." in shown(again)["text/plain"]
    assert len(recorder.events) == 1


def test_an_answer_from_code_is_judged_at_once(mode):
    recorder = MemoryRecorder()
    assert "Correct." in shown(show(exercise(), recorder, 1))["text/plain"]
    assert "Not yet. NOT-ONE" in shown(show(exercise(), recorder, {"a": 3}))["text/plain"]
    assert [e["state"] for e in recorder.events] == ["correct", "incorrect"]


def test_an_exercise_for_code_only_has_no_check_button(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", "core")
    panel = show(exercise(fields=()), MemoryRecorder())
    assert [b.description for b in panel.children[-2].children] == ["Hint", "Solution"]
    monkeypatch.setenv("SECRETOME_EDU_UI", "rich")
    assert show(exercise(fields=()), MemoryRecorder()).view["fields"] == []


def test_the_form_without_custom_widgets_has_title_and_labels(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", "core")
    panel = show(exercise(), MemoryRecorder())
    assert "Exercise: Title" in panel.children[0].value
    assert panel._boxes["a"].description == "Label (µm)"


@pytest.mark.parametrize(
    "message",
    [None, 5, "check", [], {}, {"action": None}, {"action": "open"}, {"action": "check"},
     {"action": "check", "values": []}, {"action": "check", "values": {"b": 1}},
     {"action": "check", "values": {"a": None}}, {"action": "check", "values": {"a": {"x": 1}}},
     {"action": "check", "values": {"a": "x" * 100_000}}, {"action": ["check"], "values": None}],
)  # fmt: skip
def test_a_message_that_makes_no_sense_is_no_answer(message, monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", "rich")
    recorder = MemoryRecorder()
    panel = show(exercise(), recorder)
    panel._received(panel, message, [])
    assert recorder.events == []
    assert len(json.dumps(panel.state)) < 3000
    assert "Correct" not in panel.state["html"]


# -- injection ---------------------------------------------------------------------------------

LIVE = re.compile(r"<(?:script|img|iframe|svg|a\b[^>]*javascript)|<[^>]*\bon\w+=", re.I)


@pytest.mark.parametrize("where", ["title", "prompt", "solution", "solution_code"])
def test_text_of_an_exercise_is_text(where, mode):
    panel = show(exercise(**{where: EVIL}), MemoryRecorder(), {"a": 3})
    press(panel, "solution")
    page = shown(panel)["text/html"]
    assert not LIVE.search(page)
    assert "&lt;script&gt;" in page
    if mode == "rich":  # the title travels as text and is set as text
        assert not LIVE.search(panel.view["prompt"] + panel.state["html"])
    if mode == "core":
        assert not LIVE.search(panel.children[0].value + panel._status.value)


def test_hints_labels_and_messages_are_text(mode):
    task = Task(lambda x: EVIL, lambda: 1, {})
    evil = exercise(hints=(EVIL,), fields=(AnswerField("a", EVIL),), task=task)
    panel = show(evil, MemoryRecorder(), 1)
    press(panel, "hint")
    page = shown(panel)["text/html"]
    assert page.count("&lt;script&gt;") == 3
    assert not LIVE.search(page)


def test_what_a_learner_types_is_text(mode):
    recorder = MemoryRecorder()
    panel = show(exercise(), recorder)
    press(panel, "check", a=EVIL)
    assert "&lt;script&gt;" in shown(panel)["text/html"]
    assert not LIVE.search(shown(panel)["text/html"])


def test_the_error_of_a_learners_function_is_text(mode):
    def answer(_):
        raise ValueError(EVIL)

    code = exercise(fields=(), task=Task(lambda f: f(1), lambda: len, {}))
    page = shown(show(code, MemoryRecorder(), answer))["text/html"]
    assert "ValueError" in page
    assert not LIVE.search(page)
