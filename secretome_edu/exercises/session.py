"""One learner at one exercise: what was answered, which hints are open, what to show."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from secretome_edu.exercises.check import CheckResult, Exercise
from secretome_edu.ui.markup import to_html, to_inline_html, to_text
from secretome_edu.ui.messages import as_text

WORDS = {
    "unanswered": "Open",
    "invalid": "Please complete",
    "not_yet": "Not yet",
    "correct": "Correct",
}
ICONS = {"unanswered": "○", "invalid": "?", "not_yet": "△", "correct": "✓"}


class Session:
    """The state behind an exercise panel; every interface shows the same one.

    Parameters
    ----------
    exercise : Exercise
    recorder : object
        Satisfies the recorder protocol of the quiz room; answers, hints and reveals go there.
    answer : object, optional
        From the code track. ``None`` restores the newest recorded answer.
    """

    def __init__(self, exercise: Exercise, recorder: Any, answer: Any = None):
        self.exercise, self.recorder = exercise, recorder
        self.values: dict[str, str] = {}
        self.note = ""  # why the last button opened nothing
        past = recorder.history(exercise.id)
        kinds = [event["kind"] for event in past]
        self.hints_shown = min(kinds.count("hint"), len(exercise.hints))
        self.solution_open = "revealed" in kinds
        self.attempted = "answered" in kinds
        self._ever_right = any(e["kind"] == "answered" and e["state"] == "correct" for e in past)
        self.result = exercise.check(None)
        if answer is None or answer is ...:
            self._restore(recorder.last(exercise.id))
        else:
            self.check(answer)

    def _restore(self, last: Mapping[str, Any] | None) -> None:
        if not last:
            return
        response = last.get("response")
        if self.exercise.fields and isinstance(response, Mapping):
            self.values = {name: str(value) for name, value in response.items()}
            self.result = self.exercise.check(dict(response))
        elif last.get("state") == "correct":
            self.result = CheckResult("correct", "You solved this one earlier.")

    def check(self, answer: Any) -> CheckResult:
        """Judge and record an answer; blanks and unreadable answers are not recorded."""
        self.note = ""
        self.result = self.exercise.check(answer)
        if self.result.state in ("not_yet", "correct"):
            self.attempted = True
            right = self.result.state == "correct"
            response = self._plain(answer)
            if isinstance(response, Mapping):
                self.values = {name: str(value) for name, value in response.items()}
            self._record("answered", response, right)
        return self.result

    def _plain(self, answer: Any) -> Any:
        if not self.exercise.fields:
            return "code"  # a function or a table stays in the learner's notebook
        if isinstance(answer, Mapping):
            return {f.name: as_text(answer[f.name])[:200] for f in self.exercise.fields}
        return {self.exercise.fields[0].name: as_text(answer)[:200]}

    def hint(self) -> str:
        """Open the next hint and return it; the last one again when all are open."""
        self.note = ""
        if not self.exercise.hints:
            return "This exercise has no hints."
        if self.hints_shown < len(self.exercise.hints):
            self.hints_shown += 1
            self._record("hint", self.hints_shown, False)
        return self.exercise.hints[self.hints_shown - 1]

    def solution(self) -> str:
        """Open the worked solution, once an answer was tried; else say when it opens."""
        # Without boxes only code can try, so for who writes none the last hint opens it.
        led = not self.exercise.fields and self.hints_shown >= len(self.exercise.hints)
        if not (self.attempted or led):
            self.note = "The solution opens after your first try. Any try counts; a hint may help."
            if not self.exercise.fields:
                self.note = f"{self.note} Without code it opens after the last hint."
            return self.note
        self.note = ""
        if not self.solution_open:
            self.solution_open = True
            self._record("revealed", None, False)
        return self.exercise.solution

    def _record(self, kind: str, response: Any, right: bool) -> None:
        self.recorder.record(
            kind,
            item=self.exercise.id,
            item_hash="",
            variant=None,
            response=response,
            state="correct" if right else "incorrect" if kind == "answered" else kind,
            score=1.0 if right else 0.0,
            max_score=1.0,
        )

    @property
    def solved_before(self) -> bool:
        """Whether an earlier answer was right and the present one is not."""
        return self._ever_right and self.result.state != "correct"

    def status_html(self) -> str:
        """Return state, hints and solution as HTML."""
        result = self.result
        tone = {"correct": "se-good", "not_yet": "se-bad"}.get(result.state, "se-muted")
        earlier = "You solved this one earlier. " if self.solved_before else ""
        parts = [
            f'<p>{earlier}<strong class="{tone}">'
            f'<span aria-hidden="true">{ICONS[result.state]}</span> '
            f"{WORDS[result.state]}.</strong> {to_inline_html(result.message)}</p>"
        ]
        for number, hint in enumerate(self.exercise.hints[: self.hints_shown], 1):
            parts.append(f"<p><strong>Hint {number}.</strong> {to_inline_html(hint)}</p>")
        if self.note:
            parts.append(f"<p>{html.escape(self.note)}</p>")
        if self.solution_open:
            parts.append(f"<p><strong>Solution.</strong></p>{to_html(self.exercise.solution)}")
            if self.exercise.solution_code:
                parts.append(f"<pre><code>{html.escape(self.exercise.solution_code)}</code></pre>")
        return "".join(parts)

    def status_text(self) -> str:
        """Return state, hints and solution as text."""
        earlier = "You solved this one earlier. " if self.solved_before else ""
        lines = [f"{earlier}{WORDS[self.result.state]}. {to_text(self.result.message)}"]
        shown = self.exercise.hints[: self.hints_shown]
        lines += [f"Hint {n}. {to_text(h)}" for n, h in enumerate(shown, 1)]
        lines.append(self.note)
        if self.solution_open:
            lines += ["Solution.", to_text(self.exercise.solution), self.exercise.solution_code]
        return "\n".join(filter(None, lines))

    def text(self) -> str:
        """Return the whole exercise as readable text."""
        boxes = [f"  {f.shown}: ____" for f in self.exercise.fields]
        head = f"Exercise: {self.exercise.title}"
        return "\n".join([head, to_text(self.exercise.prompt), *boxes, self.status_text()])

    def html(self) -> str:
        """Return the whole exercise as static HTML, without a form."""
        boxes = "".join(f"<li>{html.escape(f.shown)}: ____</li>" for f in self.exercise.fields)
        return (
            f"<div>{self.head_html()}{f'<ul>{boxes}</ul>' if boxes else ''}"
            f"{self.status_html()}</div>"
        )

    def head_html(self) -> str:
        """Return title and prompt as HTML."""
        title = html.escape(self.exercise.title)
        return f"<p><strong>Exercise: {title}</strong></p>{to_html(self.exercise.prompt)}"
