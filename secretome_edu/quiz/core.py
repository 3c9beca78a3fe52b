"""The quiz in plain ipywidgets, for front ends that refuse custom widgets.

Less accessible than the rich form (ipywidgets ties no question to its inputs), so it is the
second choice; the text form is the third.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets

from secretome_edu.quiz import static
from secretome_edu.quiz.feedback import CONFIDENCE
from secretome_edu.quiz.session import Session, to_html
from secretome_edu.quiz.text import Actions
from secretome_edu.ui import markup

_WIDE = {"width": "auto", "max_width": "46em"}  # a shared Layout would not survive close_all()
Read = Callable[[], Any]


class CoreQuiz(Actions, ipywidgets.VBox):
    """A quiz as a column of questions.

    Parameters
    ----------
    session : Session
        The items and the learner's answers.
    title : str
        Shown above the first question.
    """

    def __init__(self, session: Session, title: str = ""):
        self.session, self.title = session, title
        self._questions = {item_id: ipywidgets.VBox() for item_id in session.ids}
        super().__init__([ipywidgets.HTML(static.quiz_html(title, [])), *self._questions.values()])
        for item_id in session.ids:
            self._changed(item_id)

    def _changed(self, item_id: str) -> None:
        public, state = self.session.public(item_id), self.session.state(item_id)
        question = ipywidgets.HTML(
            f"<p>{public['number']}. {public['legend']}</p>{public['body']}"
            + "".join(static.picture(media) for media in public["media"])
        )
        inputs, read = _inputs(public, state)
        sure = ipywidgets.Dropdown(
            options=[("not said", None), *((CONFIDENCE[n][0], n) for n in (1, 2, 3))],
            description="How sure?",
        )
        actions: list[Any] = []
        if not state["done"]:
            check = _button(
                "Check" if self.session.mode == "practice" else "Record",
                lambda: self.answer(item_id, read(), sure.value),
            )
            actions.append(check)
            if len(state["hints"]) < public["hints"]:
                actions.append(_button("Hint", lambda: self.hint(item_id)))
        if state["can_reveal"]:
            actions.append(_button("Show the solution", lambda: self.solution(item_id)))
        if state["done"]:
            actions.append(_button("Start over", lambda: self.again(item_id)))
        elif public["confidence"]:
            actions.append(sure)
        said = ipywidgets.HTML(to_html(self.spoken(state)))
        self._questions[item_id].children = [question, *inputs, ipywidgets.HBox(actions), said]

    def __repr__(self) -> str:
        return self.static_text()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        data = super()._repr_mimebundle_(**kwargs)
        return {**data, "text/plain": self.static_text(), "text/html": self.static_html()}


def _button(label: str, action: Callable[[], Any]) -> Any:
    button = ipywidgets.Button(description=label, layout=_WIDE)
    button.on_click(lambda _: action())
    return button


def _inputs(public: dict[str, Any], state: dict[str, Any]) -> tuple[list[Any], Read]:
    """Return the widgets of one item and what reads the response from them."""
    given, kind = state["response"], public["type"]
    if kind == "multiple_choice":
        return _ticks(public["options"], given or [])
    if kind == "two_tier":
        picked = given or {}
        answer, answered = _radio(public["options"], picked.get("answer"))
        reason, reasoned = _radio(public["reasons"], picked.get("reason"))
        because = ipywidgets.HTML(f"<p>{public['reason_stem']}</p>")
        both = [*answer, because, *reason]
        return both, lambda: {"answer": answered(), "reason": reasoned()}
    if kind in ("matching", "categorize"):
        boxes = {
            row["name"]: _drop(row["text"], public["choices"], (given or {}).get(row["name"]))
            for row in public["rows"]
        }
        return [*boxes.values()], lambda: {name: box.value for name, box in boxes.items()}
    if kind == "ordering":
        order = given if isinstance(given, list) else [None] * len(public["steps"])
        places = [_drop(f"{n}.", public["steps"], name) for n, name in enumerate(order, 1)]
        return [*places], lambda: _order([place.value for place in places])
    if kind == "open_answer":
        return _open(state, given if isinstance(given, dict) else {})
    if public.get("options"):
        return _radio(public["options"], given)
    box = ipywidgets.Text(value=given if isinstance(given, str) else "", description="Answer")
    unit = ipywidgets.Label(static.ask(public))
    return [ipywidgets.HBox([box, unit])], lambda: box.value


def _radio(options: list[dict[str, str]], given: Any) -> tuple[list[Any], Read]:
    names = [option["name"] for option in options]
    box = ipywidgets.RadioButtons(
        options=[(option["text"], option["name"]) for option in options],
        value=given if given in names else None,
        layout=ipywidgets.Layout(width="max-content", max_width="100%"),
    )
    return [box], lambda: box.value


def _ticks(options: list[dict[str, str]], given: Any) -> tuple[list[Any], Read]:
    boxes = {
        option["name"]: ipywidgets.Checkbox(
            value=option["name"] in given, description=option["text"], indent=False, layout=_WIDE
        )
        for option in options
    }
    return [*boxes.values()], lambda: [name for name, box in boxes.items() if box.value]


def _drop(label: str, options: list[dict[str, str]], given: Any) -> Any:
    names = [option["name"] for option in options]
    return ipywidgets.Dropdown(
        options=[("Choose …", None), *((option["text"], option["name"]) for option in options)],
        value=given if given in names else None,
        description=label,
        style={"description_width": "initial"},
        layout=_WIDE,
    )


def _order(places: list[Any]) -> list[Any] | None:
    return places if any(places) else None


def _open(state: dict[str, Any], given: dict[str, Any]) -> tuple[list[Any], Read]:
    area = ipywidgets.Textarea(value=given.get("text") or "", rows=5, layout=_WIDE)
    if "rubric" not in state:
        return [area], lambda: {"text": area.value, "met": None}
    model = ipywidgets.HTML(markup.to_html(f"**Model answer:** {state['model_answer']}"))
    criteria = [{**c, "text": markup.to_text(c["text"])} for c in state["rubric"]]
    ticks, ticked = _ticks(criteria, given.get("met") or [])
    return [area, model, *ticks], lambda: {"text": area.value, "met": ticked()}
