"""The forms a quiz is shown in: widget, ipywidgets, text, terminal; what they store."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from secretome_edu.quiz import terminal
from secretome_edu.quiz.bank import bank_slugs, load_bank, read_bank
from secretome_edu.quiz.leaks import leaks
from secretome_edu.quiz.recorder import MemoryRecorder, Recorder
from secretome_edu.quiz.view import show
from secretome_edu.ui import markup

SAMPLE = read_bank(Path(__file__).parent / "quiz_banks" / "all_types.yaml")
BANKS = [SAMPLE, *map(load_bank, bank_slugs())]
ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["rich", "core", "text"])
def mode(request, monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", request.param)
    return request.param


def bundle(shown):
    data = shown._repr_mimebundle_()
    return data[0] if isinstance(data, tuple) else data


def test_a_display_bundle_is_readable_and_never_depends_on_the_answers(mode):
    quiz = show(SAMPLE.items, "All types")
    before = bundle(quiz)
    quiz.answer("one-single", "a")
    quiz.answer("one-number", "1 um")
    quiz.again("one-number")
    after, again = bundle(quiz), bundle(show(SAMPLE.items, "All types"))
    for kind in ("text/plain", "text/html"):
        assert before[kind] == after[kind] == again[kind]
    assert "b) In the capillaries of the lung" in before["text/plain"]
    assert not re.search(r"0x[0-9a-f]{6}", before["text/plain"])
    assert "<script" not in before["text/html"]
    view = "application/vnd.jupyter.widget-view+json"
    assert (view in before) == (mode != "text")


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.bank)
def test_a_quiz_cell_stores_at_most_3_kb_beyond_its_item_text(bank, mode):
    items = bank.items[:10]
    quiz = show(items, bank.title)
    stored = bundle(quiz)
    plain, html = 0, 0
    for item in map(quiz.session.item, quiz.session.ids):
        texts = _asked(item)
        plain += sum(len(markup.to_text(text).encode()) for text in texts)
        html += sum(len(markup.to_inline_html(text).encode()) for text in texts)
    beyond = len(json.dumps(stored, ensure_ascii=False).encode()) - plain - html
    assert beyond <= 3000


def _asked(item):
    texts = [item.stem]
    for name in ("options", "reasons", "steps", "things", "categories"):
        texts += [part.text for part in getattr(item, name, [])]
    for pair in getattr(item, "pairs", []):
        texts += [pair.prompt, pair.match]
    return [*texts, *getattr(item, "extra_matches", [])]


def everything_stored(quiz):
    """Return display bundle and, for a widget, the whole state a notebook may store."""
    stored = json.dumps(bundle(quiz))
    widgets = [quiz] if hasattr(quiz, "get_state") else []
    while widgets:
        widget = widgets.pop()
        state = {k: v for k, v in widget.get_state().items() if k not in ("_esm", "_css")}
        stored += json.dumps(state, default=str)
        widgets += getattr(widget, "children", ())
    return stored


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.bank)
@pytest.mark.parametrize("kind", ["practice", "test"])
def test_nothing_stored_gives_an_answer_away(bank, mode, kind):
    quiz = show(bank.items, bank.title, mode=kind)
    assert leaks(everything_stored(quiz), bank.items) == []


@pytest.mark.parametrize("ui", ["rich", "core"])
def test_a_wrong_answer_brings_its_own_feedback_and_no_other(ui, monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", ui)
    quiz = show(SAMPLE.items)
    quiz.answer("one-single", quiz.session.layout("one-single").to_public("heart"))
    found = leaks(everything_stored(quiz), SAMPLE.items)
    assert found
    assert all("very few arrive there" in leak for leak in found), found


@pytest.mark.parametrize(
    "plant",
    [
        '{"options": [{"name": "a", "correct": true}]}',
        '<input data-correct="true">',
        "<p>They are wider than a <b>capillary</b>.</p>",
        json.dumps({"x": json.dumps({"y": "A vein leads to the lung first, and the cells are "
                                     "wider than its capillaries."})}),
        "Names unconditioned medium as control",
        "PGE2 is a lipid; look for a prostaglandin receptor.",
        "HASH",
    ],
)  # fmt: skip
def test_a_planted_leak_is_caught(plant):
    from secretome_edu.quiz.bank import item_hash

    plant = plant.replace("HASH", item_hash(SAMPLE.item("one-word")))
    quiz = show(SAMPLE.items)
    clean = everything_stored(quiz)
    assert leaks(clean, SAMPLE.items) == []
    assert leaks(f"{clean}{plant}", SAMPLE.items)


def test_a_planted_leak_in_a_trait_is_caught(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", "rich")
    quiz = show(SAMPLE.items)
    hint = SAMPLE.item("one-single").hints[0]
    quiz.items = [{**item, "hint": hint} for item in quiz.items]
    assert leaks(everything_stored(quiz), SAMPLE.items)


def test_the_public_form_of_an_item_has_no_other_field():
    allowed = {
        "id", "type", "legend", "body", "media", "hints", "number", "confidence", "options",
        "reasons", "reason_stem", "reason_stem_text", "rows", "choices", "steps", "unit",
        "needs_unit", "form", "instruction",
    }  # fmt: skip
    quiz = show(SAMPLE.items)
    for item_id in quiz.session.ids:
        view = quiz.session.public(item_id)
        assert set(view) <= allowed
        for role in ("options", "reasons", "rows", "choices", "steps"):
            for part in view.get(role, []):
                assert set(part) == {"name", "html", "text"}
                assert part["name"] in "abcdefghijklmnopqrstuvwxyz123456789XYZ"


def test_messages_of_a_page_are_graded_and_nonsense_is_ignored(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", "rich")
    memory = MemoryRecorder()
    quiz = show(SAMPLE.items, recorder=memory)
    right = quiz.session.layout("one-single").to_public("lung")
    for junk in (
        None,
        3,
        {},
        {"item": "none", "action": "answer"},
        {"item": "one-single"},
        {"item": ["x"], "action": "answer"},
        {"item": "one-single", "action": "__init__"},
        {"item": "one-single", "action": "answer", "response": right, "confidence": "9"},
    ):
        quiz._on_message(quiz, junk, [])  # fmt: skip
    assert len(memory.events) == 1
    assert memory.events[0]["confidence"] is None
    assert quiz.states["one-single"]["state"] == "correct"
    assert "Evidence" in quiz.states["one-single"]["solution"]
    again = {"item": "one-single", "action": "again"}
    quiz._on_message(quiz, again, [])
    assert quiz.states["one-single"]["state"] == "unanswered"


@pytest.mark.parametrize("junk", [object(), {1, 2}, float("nan"), b"b", [object()], {"text": 1j}])
def test_an_answer_no_page_could_send_does_not_break_the_page(junk, monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", "rich")
    quiz = show(SAMPLE.items)
    for item_id in quiz.session.ids:
        quiz.answer(item_id, junk)
    json.dumps(quiz.states, allow_nan=False)


def test_the_same_answer_twice_is_two_changes(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", "rich")
    quiz = show(SAMPLE.items)
    quiz.answer("one-number", "12")
    first = quiz.states["one-number"]
    quiz.answer("one-number", "12")
    assert quiz.states["one-number"] != first


def test_plain_ipywidgets_can_be_clicked_through(monkeypatch):
    import ipywidgets

    monkeypatch.setenv("SECRETOME_EDU_UI", "core")
    quiz = show(SAMPLE.items)

    def find(item_id, kind, description=None):
        found, todo = [], [quiz._questions[item_id]]
        while todo:
            widget = todo.pop(0)
            todo = [*getattr(widget, "children", ()), *todo]
            if isinstance(widget, kind) and description in (None, widget.description):
                found.append(widget)
        return found

    def check(item_id):
        find(item_id, ipywidgets.Button, "Check")[0].click()
        return quiz.session.state(item_id)

    assert check("one-single")["state"] == "unanswered"
    find("one-single", ipywidgets.RadioButtons)[0].value = "b"
    assert check("one-single")["state"] == "correct"
    for box in find("one-multiple", ipywidgets.Checkbox):
        box.value = True
    assert check("one-multiple")["state"] == "incorrect"
    find("one-number", ipywidgets.Text)[0].value = "53.85 um"
    assert check("one-number")["state"] == "correct"
    for place, step in zip(find("one-order", ipywidgets.Dropdown), "ebcda", strict=False):
        place.value = step
    assert check("one-order")["state"] == "correct"
    for row, name in zip(find("one-match", ipywidgets.Dropdown), "acd", strict=False):
        row.value = name
    assert check("one-match")["state"] == "correct"
    for row, name in zip(find("one-sort", ipywidgets.Dropdown), "baab", strict=False):
        row.value = name
    assert check("one-sort")["state"] == "correct"
    for radio in find("one-two-tier", ipywidgets.RadioButtons):
        radio.value = "a"
    assert check("one-two-tier")["state"] == "correct"
    find("one-open", ipywidgets.Textarea)[0].value = "A control."
    assert check("one-open")["state"] == "invalid"
    for box in find("one-open", ipywidgets.Checkbox):
        box.value = True
    assert check("one-open")["state"] == "correct"
    find("one-guess", ipywidgets.RadioButtons)[0].value = "a"
    assert check("one-guess")["state"] == "noted"
    find("one-word", ipywidgets.Text)[0].value = "exosome"
    assert check("one-word")["state"] == "incorrect"
    find("one-word", ipywidgets.Button, "Show the solution")[0].click()
    find("one-word", ipywidgets.Button, "Start over")[0].click()
    assert quiz.session.state("one-word")["state"] == "unanswered"


def test_the_terminal_asks_hints_marks_and_ends(monkeypatch):
    lines = iter(
        ["/hint", "c", "", "b", "3", "/solution", "c b", "1", "/solution", "53.85 um", "",
         "/solution", "exosome", "", "/solution", "1a 2c 3d", "", "e b c d a", "", "1b 2a 3a 4b",
         "", "a a", "2", "A control.", "y", "n", "a"]
    )  # fmt: skip
    said = []
    memory = MemoryRecorder()
    end = terminal.run_items(SAMPLE.items, "All", memory, lambda prompt: next(lines), said.append)
    text = "\n".join(said)
    assert "Which capillary bed" in text
    assert "+3 confidence marks" in text
    assert "That names one way to be made" in text
    assert end["answered"] == 9
    assert end["right"] == 6
    assert "Noted" in text


def test_the_terminal_stops_when_asked_or_when_the_input_ends():
    def ended(prompt):
        raise EOFError

    for answer in (lambda prompt: "/quit", ended):
        assert terminal.run("start_here", ask=answer, say=lambda line: None)["answered"] == 0


def test_both_recorders_keep_the_protocol():
    from secretome_edu.progress.store import open_store

    assert isinstance(MemoryRecorder(), Recorder)
    assert isinstance(open_store("memory:").recorder("units"), Recorder)


def test_importing_the_room_is_cheap_and_needs_no_widget_library():
    heavy = ("ipywidgets", "anywidget", "pint", "pandas", "scipy", "matplotlib", "fsrs")
    code = (
        "import sys, secretome_edu.quiz.view, secretome_edu.quiz.bank, secretome_edu.quiz.terminal;"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
    assert done.stdout.strip() == "[]", done.stderr
