"""What happens when a learner acts: one item after another, the same in every interface.

A session holds the key and never shows it: `Session.public` and `Session.states` are all that an
interface needs, and both are safe to send to a page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from secretome_edu.quiz import feedback as say
from secretome_edu.quiz import static
from secretome_edu.quiz.bank import item_hash
from secretome_edu.quiz.grading import CORRECT, INVALID, NOTED, UNANSWERED, Result, grade
from secretome_edu.quiz.items import Item, OpenAnswer, Prediction
from secretome_edu.quiz.layout import Layout
from secretome_edu.quiz.recorder import MemoryRecorder, Recorder
from secretome_edu.quiz.variants import realize
from secretome_edu.ui import markup
from secretome_edu.ui.messages import BadValue, UnknownName

MODES = ("practice", "test", "prediction")
OFFER_AFTER = 3  # wrong tries, then the solution is offered
_UNSURE = (Prediction, OpenAnswer)  # nothing to be sure of: no key, or marked by oneself
OnAnswer = Callable[[str, Any, Result], None]


class _Turn:
    """Where a learner stands with one item."""

    def __init__(self, item: Item, variant: int | None):
        self.source = item
        self.hash = item_hash(item)
        self.start(variant)

    def start(self, variant: int | None) -> None:
        self.variant = variant
        self.item = realize(self.source, variant)
        self.layout = Layout(self.item)
        self.response: Any = None
        self.result = Result(UNANSWERED)
        self.confidence: int | None = None
        self.tries = self.hints = 0
        self.revealed = self.drafted = self.pressed = False

    @property
    def next_variant(self) -> int | None:
        seeds: list[int | None] = [*self.source.seeds]
        return seeds[(seeds.index(self.variant) + 1) % len(seeds)] if seeds else None

    @property
    def used_up(self) -> bool:
        return self.source.attempts is not None and self.tries >= self.source.attempts

    @property
    def done(self) -> bool:
        return self.result.state == CORRECT or self.revealed or self.used_up


class Session:
    """A list of items being answered.

    Parameters
    ----------
    items : sequence of Item
        From a bank, in the order to show.
    recorder : Recorder, optional
        Where answers go and come back from; memory if omitted.
    mode : str
        ``practice`` (feedback at once), ``test`` (recorded, no marks shown) or ``prediction``.
    on_answer : callable, optional
        Called with item id, response (author's ids) and `Result` after each counted answer.

    Examples
    --------
    >>> from secretome_edu.quiz.items import Prediction
    >>> item = Prediction(id="p", type="prediction", pool="prediction", objective="a.1",
    ...     bloom="apply", stem="Further or nearer?", solution=None,
    ...     options=[{"id": "far", "text": "Further"}, {"id": "near", "text": "Nearer"}])
    >>> session = Session([item], mode="prediction")
    >>> session.answer("p", "a")["word"]
    'Noted. Now explore.'
    """

    def __init__(
        self,
        items: Sequence[Item],
        recorder: Recorder | None = None,
        mode: str = "practice",
        on_answer: OnAnswer | None = None,
    ):
        if mode not in MODES:
            raise BadValue(f"The quiz mode is {mode!r}; accepted are {', '.join(MODES)}.")
        ids = [item.id for item in items]
        if len(set(ids)) != len(ids):
            raise BadValue(f"An item is there twice among {ids}.")
        self.mode = mode
        self.recorder: Recorder = recorder if recorder is not None else MemoryRecorder()
        self.on_answer = on_answer
        self._turns = {
            item.id: _Turn(item, item.seeds[0] if item.seeds else None) for item in items
        }
        for turn in self._turns.values():
            self._restore(turn)

    @property
    def ids(self) -> list[str]:
        """The items' ids, in order."""
        return list(self._turns)

    def public(self, item_id: str) -> dict[str, Any]:
        """Return what may be shown of an item before it is answered."""
        return self._public(item_id, self._turn(item_id).layout)

    def fresh(self, item_id: str) -> tuple[dict[str, Any], str]:
        """Return the public form and the stem of an item's first variant."""
        item = realize(self._turn(item_id).source)
        return self._public(item_id, Layout(item)), item.stem

    def item(self, item_id: str) -> Item:
        """Return the realized item as it is asked now, for interfaces in the kernel."""
        return self._turn(item_id).item

    def layout(self, item_id: str) -> Layout:
        """Return the layout of the item as it is asked now."""
        return self._turn(item_id).layout

    def _public(self, item_id: str, layout: Layout) -> dict[str, Any]:
        source, practice = self._turn(item_id).source, self.mode == "practice"
        public = layout.public()
        return {
            **public,
            "instruction": static.instruction(public),
            "number": self.ids.index(item_id) + 1,
            "confidence": practice and source.confidence and not isinstance(source, _UNSURE),
            "hints": len(source.hints) if practice else 0,
        }

    def state(self, item_id: str) -> dict[str, Any]:
        """Return what may be shown after the answers so far; all texts are Markdown."""
        turn = self._turn(item_id)
        shown = self._shown_state(turn)
        icon, word = say.WORDS.get(shown, ("", ""))
        practice = self.mode == "practice"
        said: list[str] = []
        if shown not in (say.RECORDED, UNANSWERED):
            said = say.after_answer(turn.result, turn.confidence)
        if shown == say.RECORDED:
            said = ["Your answer is kept; you can change it."]
        if shown == UNANSWERED and turn.pressed:
            said = ["Nothing is answered yet. It costs nothing."]
        finished = practice and turn.done and not isinstance(turn.source, Prediction)
        left = None
        if practice and turn.source.attempts is not None and not finished:
            left = turn.source.attempts - turn.tries
        if practice and not finished and turn.tries >= OFFER_AFTER:
            said.append("You may look at the solution now, or try again.")
        return {
            "response": turn.layout.to_public(turn.response),
            "confidence": turn.confidence,
            "state": shown,
            "icon": icon,
            "word": word,
            "feedback": said,
            "tries": turn.tries,
            "left": left,
            "hints": list(turn.item.hints[: turn.hints]),
            "can_reveal": self._may_reveal(turn),
            "done": finished,
            "solution": say.solution(turn.item) if finished else [],
            **self._rubric(turn),
        }

    def answer(
        self,
        item_id: str,
        response: Any,
        confidence: int | None = None,
        duration_s: float | None = None,
    ) -> dict[str, Any]:
        """Grade and keep a response given in public names; return the new state."""
        turn = self._turn(item_id)
        if self.mode == "practice" and turn.done and not isinstance(turn.source, Prediction):
            return self.state(item_id)  # a late click after the solution is no answer
        if confidence is not None and confidence not in say.CONFIDENCE:
            raise BadValue(f"The confidence is {confidence!r}; accepted are 1, 2 and 3.")
        turn.response = turn.layout.to_author(response)
        turn.result = grade(turn.item, turn.response)
        turn.pressed = True
        counts = turn.result.counts or turn.result.state == NOTED
        turn.confidence = confidence if self.mode == "practice" and counts else None
        if counts:
            turn.tries += 1
            self._record("answered", turn, turn.confidence, duration_s)
            if self.on_answer is not None:
                self.on_answer(item_id, turn.response, turn.result)
        elif self._has_draft(turn):
            turn.drafted = True
            self._record("drafted", turn)
        return self.state(item_id)

    def hint(self, item_id: str) -> dict[str, Any]:
        """Show the next hint; return the new state."""
        turn = self._turn(item_id)
        if self.mode == "practice" and turn.hints < len(turn.source.hints):
            turn.hints += 1
            self._record("hint", turn)
        return self.state(item_id)

    def solution(self, item_id: str) -> dict[str, Any]:
        """Show the worked solution, once an answer was tried; return the new state."""
        turn = self._turn(item_id)
        if self._may_reveal(turn):
            turn.revealed = True
            self._record("revealed", turn)
        return self.state(item_id)

    def again(self, item_id: str) -> dict[str, Any]:
        """Start an item over, with its next variant if it has several; return the new state."""
        turn = self._turn(item_id)
        if turn.tries or turn.hints or turn.drafted:
            turn.start(turn.next_variant)
            self._record("reset", turn)
        return self.state(item_id)

    def summary(self) -> dict[str, Any]:
        """Return how many items are answered and, outside a test, right; and the score."""
        turns = [t for t in self._turns.values() if not isinstance(t.source, Prediction)]
        answered = [turn for turn in turns if turn.tries]
        summary = {"items": len(turns), "answered": len(answered)}
        if self.mode != "practice":
            return summary
        right = sum(turn.result.state == CORRECT for turn in answered)
        return {**summary, "right": right, "score": sum(t.result.score for t in answered)}

    def _turn(self, item_id: str) -> _Turn:
        if item_id not in self._turns:
            raise UnknownName("item", item_id, self.ids, "The quiz")
        return self._turns[item_id]

    def _shown_state(self, turn: _Turn) -> str:
        state = turn.result.state
        if self.mode != "practice" and turn.result.counts:
            return say.RECORDED
        return state

    def _may_reveal(self, turn: _Turn) -> bool:
        asked = self.mode == "practice" and not isinstance(turn.source, Prediction)
        return asked and turn.tries > 0 and not turn.done

    def _has_draft(self, turn: _Turn) -> bool:
        return (
            isinstance(turn.source, OpenAnswer)
            and turn.result.state == INVALID
            and isinstance(turn.response, dict)
            and isinstance(turn.response.get("text"), str)
            and turn.response.get("met") is None
        )

    def _rubric(self, turn: _Turn) -> dict[str, Any]:
        if not isinstance(turn.item, OpenAnswer) or not (turn.drafted or turn.tries):
            return {}
        return {
            "model_answer": turn.item.model_answer,
            "rubric": [
                {"name": mark, "text": text} for mark, text in turn.layout.texts["rubric"].items()
            ],
        }

    def _record(
        self,
        kind: str,
        turn: _Turn,
        confidence: int | None = None,
        duration_s: float | None = None,
    ) -> None:
        self.recorder.record(
            kind,
            item=turn.source.id,
            item_hash=turn.hash,
            variant=turn.variant,
            response=turn.response,
            state=turn.result.state,
            score=turn.result.score,
            max_score=turn.result.max_score,
            confidence=confidence,
            duration_s=duration_s,
        )

    def _restore(self, turn: _Turn) -> None:
        """Bring an item back to where the learner left it; events of older wordings are over."""
        for event in self.recorder.history(turn.source.id):
            if event.get("item_hash") != turn.hash:
                continue
            variant, kind = event.get("variant"), event["kind"]
            if turn.source.seeds and variant not in turn.source.seeds:
                continue
            if kind == "reset" or (turn.source.seeds and variant != turn.variant):
                turn.start(variant)
            if kind == "answered":
                turn.response, turn.confidence = event.get("response"), event.get("confidence")
                turn.result = grade(turn.item, turn.response)
                turn.tries += 1
            elif kind == "hint":
                turn.hints = min(turn.hints + 1, len(turn.source.hints))
            elif kind == "drafted" and not turn.tries:
                turn.response, turn.drafted = event.get("response"), True
                turn.result = grade(turn.item, turn.response)
            elif kind == "revealed":
                turn.revealed = True


def to_html(paragraphs: Sequence[str]) -> str:
    """Return Markdown paragraphs as HTML."""
    return "".join(markup.to_html(paragraph) for paragraph in paragraphs)
