"""An exercise on the page: prompt, labeled boxes, check, hint and solution buttons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from secretome_edu.exercises.check import Exercise
from secretome_edu.exercises.session import Session
from secretome_edu.ui.bundle import Bundle
from secretome_edu.ui.markup import to_html
from secretome_edu.ui.mode import ui_mode


def show(exercise: Exercise, recorder: Any, answer: Any = None) -> Any:
    """Return an exercise to display; with an answer from code it is judged at once.

    Parameters
    ----------
    exercise : Exercise
    recorder : object
        Where answers go (recorder protocol of the quiz room).
    answer : object, optional
        The code track's answer.

    Returns
    -------
    object
        A form in ``rich`` and ``core`` mode, text otherwise. ``.session`` holds the state.
    """
    session = Session(exercise, recorder, answer)
    mode = ui_mode()
    if mode == "rich":
        return _rich_class()(session)
    if mode == "core":
        return _core_class()(session)
    return TextExercise(session)


class TextExercise:
    """An exercise without a widget: read it, answer with ``lesson.check(id, answer)``."""

    def __init__(self, session: Session):
        self.session = session

    def __repr__(self) -> str:
        return self.session.text()

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return Bundle(self.session.text(), self.session.html())._repr_mimebundle_()


def _act(session: Session, action: str, values: dict[str, str]) -> None:
    if action == "check":
        session.values = {name: str(value)[:200] for name, value in values.items()}
        session.check(dict(session.values))
    elif action == "hint":
        session.hint()
    elif action == "solution":
        session.solution()


def _rich_class() -> type:
    import traitlets

    from secretome_edu.ui.widget import PATIENCE_JS, THEME_CSS, CourseWidget

    script = Path(__file__).with_name("panel.js").read_text(encoding="utf-8")

    class ExercisePanel(CourseWidget):
        _esm = PATIENCE_JS + script
        _css = THEME_CSS
        view = traitlets.Dict().tag(sync=True)
        state = traitlets.Dict().tag(sync=True)

        def __init__(self, session: Session):
            self.session = session
            exercise = session.exercise
            boxes = [{"name": f.name, "label": f.shown} for f in exercise.fields]
            super().__init__(
                view={
                    "id": exercise.id,
                    "title": exercise.title,
                    "prompt": to_html(exercise.prompt),
                    "fields": boxes,
                    "hints": len(exercise.hints),
                },
                state=self._state(),
            )
            self.on_msg(self._received)

        def _state(self) -> dict[str, Any]:
            return {
                "state": self.session.result.state,
                "html": self.session.status_html(),
                "values": self.session.values,
                "hints": self.session.hints_shown,
                "attempted": self.session.attempted,
            }

        def _received(self, _widget: Any, message: Any, _buffers: Any) -> None:
            if isinstance(message, dict) and isinstance(message.get("values", {}), dict):
                _act(self.session, str(message.get("action")), message.get("values", {}))
                self.state = self._state()
                self.answered()

        def static_text(self) -> str:
            return self.session.text()

        def static_html(self) -> str:
            return self.session.html()

    return ExercisePanel


def _core_class() -> type:
    import ipywidgets as w

    class ExercisePanel(w.VBox):
        def __init__(self, session: Session):
            self.session = session
            self._status = w.HTML(session.status_html())
            self._boxes = {
                f.name: w.Text(
                    value=session.values.get(f.name, ""),
                    description=f.shown,
                    style={"description_width": "initial"},
                )
                for f in session.exercise.fields
            }
            actions = ["check", "hint", "solution"] if self._boxes else ["hint", "solution"]
            buttons = [w.Button(description=action.capitalize()) for action in actions]
            for button, action in zip(buttons, actions, strict=True):
                button.on_click(lambda _button, action=action: self._clicked(action))
            prompt = w.HTML(session.head_html())
            super().__init__([prompt, *self._boxes.values(), w.HBox(buttons), self._status])

        def _clicked(self, action: str) -> None:
            _act(self.session, action, {name: box.value for name, box in self._boxes.items()})
            self._status.value = self.session.status_html()

        def __repr__(self) -> str:
            return self.session.text()

        def _repr_mimebundle_(self, **kwargs: Any) -> Any:
            data = super()._repr_mimebundle_(**kwargs)
            return {**data, "text/plain": self.session.text(), "text/html": self.session.html()}

    return ExercisePanel
