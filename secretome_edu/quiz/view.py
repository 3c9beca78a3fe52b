"""`show`: a list of items as a widget, as plain ipywidgets or as text, by ``SECRETOME_EDU_UI``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secretome_edu.quiz.items import Item
from secretome_edu.quiz.recorder import Recorder
from secretome_edu.quiz.session import OnAnswer, Session, to_html
from secretome_edu.ui.mode import ui_mode

if TYPE_CHECKING:
    from secretome_edu.quiz.text import Actions

_HERE = Path(__file__).parent


def show(
    items: Sequence[Item],
    title: str = "",
    recorder: Recorder | None = None,
    mode: str = "practice",
    on_answer: OnAnswer | None = None,
) -> Actions:
    """Return a quiz to display.

    Parameters
    ----------
    items : sequence of Item
        From `quiz.bank.load_bank`, for example ``load_bank("paracrine_reach").pool("quiz")``.
    title : str
        Shown above the first question.
    recorder : Recorder, optional
        Where answers are kept and come back from; memory if omitted.
    mode : str
        ``practice``, ``test`` (recorded, no marks shown) or ``prediction``.
    on_answer : callable, optional
        Called with item id, response and `Result` after each answer that counts.

    Returns
    -------
    Actions
        A widget or a text form; all have ``answer``, ``hint``, ``solution``, ``again``,
        ``question`` and ``report``.
    """
    session = Session(items, recorder, mode, on_answer)
    chosen = ui_mode()
    if chosen == "rich":
        return _rich()(session, title)
    if chosen == "core":
        from secretome_edu.quiz.core import CoreQuiz

        return CoreQuiz(session, title)
    from secretome_edu.quiz.text import TextQuiz

    return TextQuiz(session, title)


def page_state(state: dict[str, Any]) -> dict[str, Any]:
    """Return an item's state with its Markdown turned into HTML."""
    from secretome_edu.ui import markup

    html: dict[str, Any] = {name: to_html(state[name]) for name in ("feedback", "solution")}
    html["hints"] = [markup.to_html(hint) for hint in state["hints"]]
    if "rubric" in state:
        html["model_answer"] = markup.to_html(state["model_answer"])
        html["rubric"] = [
            {"name": c["name"], "html": markup.to_inline_html(c["text"])} for c in state["rubric"]
        ]
    return {**state, **html, "response": _as_json(state["response"])}


def _as_json(response: Any) -> Any:
    """Return a response a page can show again; what it cannot have sent is left out."""
    try:
        json.dumps(response, allow_nan=False)
    except (TypeError, ValueError):
        return None
    return response


@lru_cache(maxsize=1)
def _rich() -> Any:
    """Return the widget class; made late, so that this module imports without anywidget."""
    import traitlets

    from secretome_edu.quiz.text import Actions
    from secretome_edu.ui.widget import THEME_CSS, CourseWidget

    class QuizWidget(Actions, CourseWidget):
        """The quiz in a page: public items and states go down, actions come up."""

        _esm = _HERE / "view.js"
        _css = THEME_CSS + (_HERE / "view.css").read_text(encoding="utf-8")
        title = traitlets.Unicode().tag(sync=True)
        mode = traitlets.Unicode().tag(sync=True)
        items: Any = traitlets.List().tag(sync=True)
        states = traitlets.Dict().tag(sync=True)

        def __init__(self, session: Session, title: str = ""):
            self.session = session
            super().__init__(
                title=title, mode=session.mode, items=self._public(), states=self._states()
            )
            self.on_msg(self._on_message)

        def _public(self) -> list[dict[str, Any]]:
            return [self.session.public(item_id) for item_id in self.session.ids]

        def _states(self) -> dict[str, dict[str, Any]]:
            states = {name: page_state(self.session.state(name)) for name in self.session.ids}
            return {name: {**state, "count": 0} for name, state in states.items()}

        def _on_message(self, _widget: Any, content: Any, _buffers: Any) -> None:
            if isinstance(content, dict):
                self.act(content)

        def _changed(self, item_id: str) -> None:
            if self.items != (public := self._public()):  # a fresh variant asks something else
                self.items = public
            # The count makes the same answer twice two changes, so that both are announced.
            count = self.states[item_id]["count"] + 1
            state = {**page_state(self.session.state(item_id)), "count": count}
            self.states = {**self.states, item_id: state}

    return QuizWidget
