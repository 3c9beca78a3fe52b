"""A quiz without a widget: print it, then ``quiz.answer(3, "b")``.

For screen readers, terminals and tests; the two widgets answer to the same methods.
"""

from __future__ import annotations

from html import escape
from typing import Any

from secretome_edu.quiz import static
from secretome_edu.quiz.session import Session, to_html
from secretome_edu.ui import markup
from secretome_edu.ui.bundle import Bundle
from secretome_edu.ui.messages import BadValue

_HOW = (
    "To answer, give the questions a name, for example q = lesson.quiz(), and write "
    'q.answer(1, "a"); '
    "q.hint(1) and q.solution(1) help, q.report() says how you stand."
)


class Actions:
    """What can be done with every form of a quiz. A form has ``session`` and ``title``."""

    session: Session
    title: Any

    def _changed(self, item_id: str) -> None:
        """Draw an item again after an action."""

    def answer(
        self, item: int | str, response: Any, confidence: int | None = None, **more: Any
    ) -> Bundle:
        """Answer an item and return what there is to say.

        Parameters
        ----------
        item : int or str
            The number of the question, or its id.
        response : object
            The letter of an option; a list of letters (several options, an order); text for a
            number or a word; ``{"1": "b", "2": "a"}`` for rows; ``{"answer": "a", "reason":
            "c"}``; ``{"text": "...", "met": ["a"]}``.
        confidence : int, optional
            1 a guess, 2 fairly sure, 3 certain.
        """
        item_id = self._id(item)
        return self._said(item_id, self.session.answer(item_id, response, confidence, **more))

    def hint(self, item: int | str) -> Bundle:
        """Show the next hint."""
        item_id = self._id(item)
        return self._said(item_id, self.session.hint(item_id))

    def solution(self, item: int | str) -> Bundle:
        """Show the worked solution, once an answer was tried."""
        item_id = self._id(item)
        return self._said(item_id, self.session.solution(item_id))

    def again(self, item: int | str) -> Bundle:
        """Start an item over; an item with variants asks its next one."""
        item_id = self._id(item)
        return self._said(item_id, self.session.again(item_id))

    def question(self, item: int | str) -> Bundle:
        """Return one question as it stands now."""
        item_id = self._id(item)
        public, stem = self.session.public(item_id), self.session.item(item_id).stem
        return Bundle(static.item_text(public, stem), static.item_html(public))

    def report(self) -> Bundle:
        """Return how many items are answered and right."""
        found = self.session.summary()
        text = f"{found['answered']} of {found['items']} answered"
        if "right" in found:
            text += f", {found['right']} right, score {found['score']:.2g} of {found['items']}"
        return Bundle(f"{text}.", f"<p>{text}.</p>")

    def act(self, message: dict[str, Any]) -> None:
        """Do what a page asks for; a message that makes no sense is ignored."""
        item_id, action = message.get("item"), message.get("action")
        if item_id not in self.session.ids:
            return
        if action == "answer":
            confidence, duration = message.get("confidence"), message.get("duration_s")
            self.answer(
                item_id,
                message.get("response"),
                confidence if confidence in (1, 2, 3) else None,
                duration_s=duration if isinstance(duration, (int, float)) else None,
            )
        elif action in ("hint", "solution", "again"):
            getattr(self, action)(item_id)

    def static_text(self) -> str:
        """Return the whole quiz as text that does not depend on the answers."""
        return static.quiz_text(self.title, [static.item_text(*each) for each in self._fresh()])

    def static_html(self) -> str:
        """Return the whole quiz as HTML that does not depend on the answers."""
        return static.quiz_html(self.title, [static.item_html(each[0]) for each in self._fresh()])

    def _id(self, item: int | str) -> str:
        ids = self.session.ids
        if isinstance(item, int) and not isinstance(item, bool):
            if 1 <= item <= len(ids):
                return ids[item - 1]
            raise BadValue(f"There is no question {item}; there are 1 to {len(ids)}.")
        return str(item)

    def _fresh(self) -> list[tuple[dict[str, Any], str]]:
        return [self.session.fresh(item_id) for item_id in self.session.ids]

    def spoken(self, state: dict[str, Any]) -> list[str]:
        """Return what there is to say to an item's state, as Markdown paragraphs."""
        head = f"{state['icon']} {state['word']}".strip()
        hints = [f"**Hint {n}:** {hint}" for n, hint in enumerate(state["hints"], 1)]
        left = [f"Attempts left: {state['left']}."] if state["left"] is not None else []
        return [*([head] if head else []), *state["feedback"], *hints, *state["solution"], *left]

    def _said(self, item_id: str, state: dict[str, Any]) -> Bundle:
        self._changed(item_id)
        said = self.spoken(state)
        if "rubric" in state and not state["done"]:
            said.append(f"**Model answer:** {state['model_answer']}")
            said += [f"{c['name']}) {c['text']}" for c in state["rubric"]]
        said = said or ["Not answered yet."]
        return Bundle("\n".join(markup.to_text(part) for part in said), to_html(said))


class TextQuiz(Actions):
    """A quiz as text.

    Parameters
    ----------
    session : Session
        The items and the learner's answers.
    title : str
        Shown above the first question.
    """

    def __init__(self, session: Session, title: str = ""):
        self.session, self.title = session, title

    def __repr__(self) -> str:
        return f"{self.static_text()}\n\n{_HOW}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        html = f"{self.static_html()}<p>{escape(_HOW)}</p>"
        return {"text/plain": repr(self), "text/html": html}
