"""A learner without a mouse, who finishes a lesson in JupyterLab with the keyboard alone.

Nothing here clicks, focuses or scrolls: keys are pressed, and the page is read.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from lab import ERRORS, OPEN, Lab
from playwright.sync_api import TimeoutError

from secretome_edu.authoring.notebooks import FOLDER
from secretome_edu.course import lesson
from secretome_edu.course.manifest import manifest
from secretome_edu.quiz.answers import right_response
from secretome_edu.quiz.session import Session

WATCH = Path(__file__).with_name("learner.js").read_text(encoding="utf-8")
PALETTE = "document.activeElement.matches('.lm-CommandPalette-input')"
RAN = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells].every(cell =>
  cell.type !== 'code' || !cell.sharedModel.source.trim() || cell.executionState === 'idle'
  && cell.executionCount)"""
DRAWN = """() => !document.querySelector('.jp-OutputArea-output:empty') &&
  [...document.querySelectorAll('.se-x-panel canvas')].every(c => c.height > 0)"""
SWITCH = """async (path) => { const app = window.jupyterapp, old = app.shell.currentWidget;
  await app.commands.execute('docmanager:open', {path});
  if (old?.context && old.context.path !== path) {
    await old.sessionContext.shutdown(); await old.context.save(); old.close(); } }"""
CLOSING = """() => { const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells];
  const outputs = cells.at(-1).outputs.toJSON();
  return outputs.length ? String(outputs[0].data['text/plain']) : ''; }"""
# anywidget gives a widget two seconds to start. On a machine that is busier than that the widget is
# drawn and hears nothing from its kernel; it asks to run its cell again, and a learner does.
SLOW = "[anywidget] Failed to initialize model."
MOST_STOPS = 700
ANSWERED = ("warmup", "prediction", "quiz", "part_quiz")


def lesson_notebook(name: str) -> dict:
    """Return a lesson's notebook without its stored outputs."""
    content = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return content


class Learner:
    """One page of JupyterLab and what a learner does in it; ``found`` lists what is wrong."""

    def __init__(self, lab: Lab, slug: str, page: Any = None):
        self.lab, self.slug, self.entry = lab, slug, manifest().entry(slug)
        self.lesson = lesson(slug)
        name = self.entry.notebook
        if page is None:
            page = lab.open(lesson_notebook(name), name)
            page.set_viewport_size({"width": 1280, "height": 900})
            page.evaluate(WATCH)
        else:
            (lab.notebooks / name).write_text(json.dumps(lesson_notebook(name)), encoding="utf-8")
            page.evaluate(SWITCH, name)
            page.evaluate(OPEN, name)
            page.evaluate("Object.assign(watched, {stops: [], heard: [], mouse: []})")
        self.page, self.press = page, page.keyboard.press
        self.questions = {item.id: item for item in self.lesson.bank.items}
        self.done: set[str] = set()
        self.found: list[str] = []
        self.counts: dict[str, int] = {}

    # -- what a learner can do ------------------------------------------------------------------

    def command(self, words: str) -> None:
        """Give a command of JupyterLab through its palette."""
        for _ in range(12):  # a JupyterLab that has just started does not know its keys yet
            self.press("Control+Shift+C")
            with suppress(TimeoutError):
                self.page.wait_for_function(PALETTE, timeout=5000)
                break
        self.page.keyboard.type(words)
        self.page.wait_for_selector(".lm-CommandPalette-item.lm-mod-active")
        self.press("Enter")

    def run_all(self) -> None:
        """Run the notebook and wait until every output is drawn."""
        for _ in range(3):
            self.page.problems.clear()
            self.command("Run All Cells")
            self.page.wait_for_timeout(500)  # until the first cell has begun
            self.page.wait_for_function(RAN, timeout=120_000)
            self.page.wait_for_function(DRAWN, timeout=60_000)
            assert self.page.evaluate(ERRORS) == []
            if SLOW not in self.page.problems:
                break
            self.count("run again, since a widget did not start in two seconds")

    def here(self) -> dict[str, Any]:
        """Return what has the focus."""
        return self.page.evaluate("watched.here()")

    def step(self, key: str = "Tab") -> dict[str, Any]:
        """Press Tab, or Shift and Tab, and return what has the focus then."""
        self.press(key)
        return self.here()

    def hear(self, key: str, words: str, cell: int, what: str) -> bool:
        """Press a key and wait until something new is announced from a cell."""
        since = self.page.evaluate("watched.heard.length")
        self.press(key)
        self.count(what)
        try:
            self.page.wait_for_function(
                "([since, words, cell]) => watched.heard.slice(since).some(([at, said]) =>"
                " at === cell && said.includes(words))",
                arg=[since, words, cell],
                timeout=8000,
            )
        except TimeoutError:
            self.found.append(f"{what}: not announced in cell {cell}: {words!r}")
            return False
        return True

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    # -- the lesson, from its first control to its last -----------------------------------------

    def walk(self) -> None:
        """Tab once through the whole lesson and do everything on the way."""
        before = set(self.page.evaluate("watched.controls()"))
        for _ in range(MOST_STOPS):  # round to the top of the page, wherever the focus was
            if self.step()["body"]:
                break
        else:
            self.found.append("trap: Tab does not leave the notebook")
        last = -1
        for _ in range(MOST_STOPS):
            here = self.step()
            if last >= 0 and here["body"]:
                break
            if 0 <= here["cell"] < last:
                self.found.append(f"backwards: Tab leads from cell {last} to {here['name']}")
            last = here["cell"] if here["inside"] else last
            if here["part"]:
                getattr(self, f"at_{here['part']}")(here)
            elif here["inside"] and here["tag"] == "summary":
                self.unfold(here)
        else:
            self.found.append(f"trap: {MOST_STOPS} stops and no end, last {here['name']}")
        stops = self.page.evaluate("watched.stops")
        met = {stop["name"] for stop in stops}
        self.counts["controls reached"] = len(before & met)
        self.found += [f"never reached: {name}" for name in sorted(before - met)]
        self.found += [f"{s['name']}: {'; '.join(s['found'])}" for s in stops if s["found"]]
        self.found += [f"mouse only: {what}" for what in self.page.evaluate("watched.mouseOnly()")]

    def unfold(self, here: dict[str, Any]) -> None:
        self.press("Enter")
        self.count("folds opened")
        now = self.here()
        if now["name"] != here["name"] or now["open"] == here["open"]:
            self.found.append(
                f"Enter at {here['name']} leads to {now['name']}, open: {now['open']}"
            )

    # -- explorers and choosers -----------------------------------------------------------------

    def at_explorer(self, here: dict[str, Any]) -> None:
        if here["name"] in self.done:
            return
        self.done.add(here["name"])
        if here["type"] == "range":
            self.slide(here)
        elif here["tag"] == "select":
            self.change(here)
        elif here["tag"] == "canvas":
            self.press("ArrowUp")
            self.hear("ArrowRight", " µm", here["cell"], "cursors moved")
            self.hear("Enter", "placed at", here["cell"], "cells placed")
            self.hear("Delete", "removed", here["cell"], "cells removed")
        elif here["tag"] == "summary":
            self.unfold(here)
        elif here["words"] == "Show as table":
            self.press("Enter")
            self.page.wait_for_selector(".se-x-tables:not([hidden]) table")
            self.count("tables shown")
        elif here["words"] == "Reset":
            self.hear("Enter", "Reset.", here["cell"], "explorers reset")

    def slide(self, here: dict[str, Any]) -> None:
        """Move a slider to another end by its keys; the first of an explorer is listened to."""
        key = "Home" if here["value"] == here["max"] else "End"
        if f"moved {here['cell']}" in self.done:
            self.press(key)
        else:
            self.done.add(f"moved {here['cell']}")
            self.hear(key, "", here["cell"], "explorers described")
        self.count("sliders moved")
        now = self.here()
        if now["value"] == here["value"] or now["said"] == here["said"]:
            self.found.append(f"{key} does not move {here['name']}")

    def at_chooser(self, here: dict[str, Any]) -> None:
        if here["tag"] == "select" and here["name"] not in self.done:
            self.done.add(here["name"])
            self.change(here)

    def change(self, here: dict[str, Any]) -> None:
        """Choose another option of a select box by the arrow keys and listen."""
        last = here["option"] == here["options"] - 1
        self.hear("ArrowUp" if last else "ArrowDown", "", here["cell"], "boxes changed")
        if self.here()["value"] == here["value"]:
            self.found.append(f"the arrow keys do not change {here['name']}")

    # -- exercises ------------------------------------------------------------------------------

    def at_exercise(self, here: dict[str, Any]) -> None:
        title = here["heading"].splitlines()[0].removeprefix("Exercise: ")
        exercise = next(e for e in self.lesson.exercises.values() if e.title == title)
        if exercise.id in self.done:
            return
        self.done.add(exercise.id)
        answer = exercise.task.reference() if exercise.fields else {}
        if exercise.fields and not isinstance(answer, dict):
            answer = {exercise.fields[0].name: answer}
        boxes = {name: repr(value) for name, value in answer.items()}
        cell = here["cell"]
        while here["part"] == "exercise" and here["cell"] == cell:
            if here["tag"] == "input":
                self.press("Control+A")
                self.page.keyboard.type(boxes[here["id"].split("-", 3)[3]])
            elif here["words"].startswith("Hint ("):
                for number in range(1, len(exercise.hints) + 1):
                    self.hear("Enter", f"Hint {number}.", cell, "exercise hints")
                if self.here()["cell"] != cell:
                    self.found.append(f"the last hint of {title!r} takes the focus away")
            here = self.step()
        if exercise.fields and self.back_to(cell, "se-primary", "Check"):
            self.hear("Enter", "Correct.", cell, "exercises solved")
        elif self.back_to(cell, "", "Solution"):  # code alone can try; the hints have opened it
            self.hear("Enter", "Solution.", cell, "solutions read")

    def back_to(self, cell: int, cls: str, words: str, item: str = "") -> bool:
        """Go back with Shift and Tab to a button of the cell or question that was left."""
        for _ in range(80):
            here = self.step("Shift+Tab")
            there = here["cell"] == cell and here["item"] == item and cls in here["cls"]
            if there and here["words"].startswith(words):
                return True
        self.found.append(f"trap: Shift and Tab do not lead back to {words!r} in cell {cell}")
        return False

    # -- questions ------------------------------------------------------------------------------

    def at_question(self, here: dict[str, Any]) -> None:
        item = self.questions.get(here["item"])
        if item is None or item.pool not in ANSWERED or item.id in self.done:
            return
        self.done.add(item.id)
        layout = Session([item]).layout(item.id)
        wanted = layout.to_public(right_response(layout.item))
        cell, name = here["cell"], item.id
        self.given: set[str] = set()
        while here["item"] == name and here["cell"] == cell:
            self.give(here, item.type, wanted)
            here = self.step()
        if not self.back_to(cell, "se-primary", "", name):
            return
        if item.type == "open_answer":  # the rubric opens with the model answer
            self.hear("Enter", "Not counted", cell, "open answers read")
            self.tick_rubric(cell, name)
        word = "Noted" if item.type == "prediction" else "Right"
        if self.hear("Enter", word, cell, f"{item.type} answered"):
            region = f'form[data-item="{name}"] .se-feedback'
            state = "noted" if item.type == "prediction" else "correct"
            self.page.wait_for_selector(f"{region}.se-is-{state}", state="attached")
            if not self.page.evaluate("s => document.activeElement.matches(s)", region):
                self.found.append(f"the focus is not at what is said about {name}")

    def give(self, here: dict[str, Any], kind: str, wanted: Any) -> None:
        """Answer with the control that has the focus."""
        if "se-hint" in here["cls"]:
            if "hint" not in self.done:
                self.done.add("hint")
                self.hear("Enter", "Hint 1", here["cell"], "hints")
        elif here["type"] == "radio":
            part = here["id"].rsplit("-", 2)[-2]
            self.pick(wanted[part] if isinstance(wanted, dict) else wanted)
        elif here["type"] == "checkbox":
            if (here["value"][0] in wanted) != here["value"][1]:
                self.press("Space")
        elif here["type"] == "text":
            self.press("Control+A")
            self.page.keyboard.type(wanted)
        elif here["tag"] == "textarea":
            self.page.keyboard.type(wanted["text"])
        elif here["tag"] == "select" and not here["id"].endswith("-sure"):
            self.choose(wanted[here["id"].rsplit("-", 1)[1]])
        elif here["line"] and "arranged" not in self.given:
            self.given.add("arranged")
            self.arrange(wanted)

    def pick(self, wanted: str) -> None:
        """Choose a radio button: Space for the first, arrows for the others."""
        self.press("Space")
        for _ in range(12):
            if self.here()["value"] == [wanted, True]:
                return
            self.press("ArrowDown")
        self.found.append(f"the arrow keys do not lead to {wanted!r} in {self.here()['name']}")

    def choose(self, wanted: str) -> None:
        """Choose an option of a select box."""
        for _ in range(14):
            if self.here()["value"] == wanted:
                return
            self.press("ArrowDown")
        self.found.append(f"the arrow keys do not lead to {wanted!r} in {self.here()['name']}")

    def arrange(self, wanted: list[str]) -> None:
        """Bring steps into order with their buttons, the first one first."""
        order = "[...document.activeElement.closest('ol').children].map(li => li.dataset.name)"
        for place, name in enumerate(wanted):
            here = self.here()
            now = self.page.evaluate(order)
            key = "Tab" if now.index(name) >= now.index(here["line"]) else "Shift+Tab"
            for _ in range(2 * len(wanted)):
                if here["line"] == name and "se-up" in here["cls"]:
                    break
                here = self.step(key)
            for _ in range(now.index(name) - place):
                self.press("Enter")
        if self.page.evaluate(order) != wanted:
            self.found.append(f"the steps are not in order: {self.page.evaluate(order)}")

    def tick_rubric(self, cell: int, name: str) -> None:
        """Tick each point of the rubric and check again."""
        self.back_to(cell, "se-primary", "", name)
        here = self.step("Shift+Tab")
        while here["item"] == name and here["type"] == "checkbox":
            if not here["value"][1]:
                self.press("Space")
            here = self.step("Shift+Tab")
        for _ in range(20):
            here = self.step()
            if here["item"] == name and "se-primary" in here["cls"]:
                break

    # -- the end --------------------------------------------------------------------------------

    def close(self) -> str:
        """Run the last cell again, whose references had the focus last; return what it says."""
        before = self.page.evaluate(CLOSING)
        self.command("Run Selected Cell and Do not Advance")
        self.page.wait_for_function(
            f"before => ({CLOSING})() && ({CLOSING})() !== before", arg=before
        )
        return self.page.evaluate(CLOSING)
