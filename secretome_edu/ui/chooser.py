"""Select boxes and what they select: a table or a map that a reader filters.

Made for exploring published rows, where no model computes anything. What is chosen becomes what
is shown through one pure function; the three interfaces share its state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from secretome_edu.ui.bundle import Bundle
from secretome_edu.ui.messages import UnknownName
from secretome_edu.ui.mode import ui_mode

Values = dict[str, str]


@dataclass(frozen=True)
class Choice:
    """One select box: its name in code, its label and the options that it accepts."""

    name: str
    label: str
    options: Sequence[str]
    default: str = ""

    @property
    def start(self) -> str:
        """The option chosen at first: the default, or else the first one."""
        return self.default or self.options[0]


@dataclass(frozen=True)
class Found:
    """What belongs to a choice: a sentence that is announced, and the whole content."""

    summary: str
    text: str
    html: str


def chooser(title: str, choices: Sequence[Choice], find: Callable[[Values], Found]) -> Any:
    """Return select boxes with what they select.

    Parameters
    ----------
    title : str
        A heading that says what can be found out.
    choices : sequence of Choice
    find : callable
        ``find(values) -> Found``: pure, deterministic, its HTML escaped.

    Returns
    -------
    object
        Has ``.chosen``, ``.found`` and ``.set(name=option, ...)``. A widget in ``rich`` and
        ``core`` mode, text otherwise.

    Examples
    --------
    >>> import os; os.environ["SECRETOME_EDU_UI"] = "text"
    >>> view = chooser("Pick", [Choice("n", "Number", ["1", "2"])],
    ...                lambda v: Found(f"Chosen: {v['n']}.", "", ""))
    >>> view.set(n="2")
    Chosen: 2.
    >>> del os.environ["SECRETOME_EDU_UI"]
    """
    mode = ui_mode()
    if mode == "rich":
        return _rich_class()(title, choices, find)
    if mode == "core":
        return _core_class()(title, choices, find)
    return TextChooser(title, choices, find)


class _State:
    """What is chosen and what it gives; views add how it is shown."""

    def _open(self, title: str, choices: Sequence[Choice], find: Callable[[Values], Found]) -> None:
        self._title, self._choices, self._find = title, list(choices), find
        self._chosen = {choice.name: choice.start for choice in self._choices}
        self.found = find(dict(self._chosen))

    @property
    def chosen(self) -> Values:
        """The option chosen in each box."""
        return dict(self._chosen)

    def set(self, **values: str) -> Bundle:
        """Choose from code; returns what is shown then.

        Raises
        ------
        UnknownName
            If there is no such box or option; lists the closest.
        """
        self._choose(values)
        return Bundle(_joined(self.found.summary, self.found.text), _found_html(self.found))

    def _choose(self, values: Mapping[str, str]) -> None:
        boxes = {choice.name: choice for choice in self._choices}
        for name, option in values.items():
            if name not in boxes:
                raise UnknownName("box", name, boxes, ".chosen")
            if option not in boxes[name].options:
                raise UnknownName(f"option of {name!r}", option, boxes[name].options, ".chosen")
        chosen = {**self._chosen, **values}
        self.found = self._find(dict(chosen))
        self._chosen = chosen
        self._show()

    def _show(self) -> None:
        """Bring what is on the screen up to date; views override it."""

    def static_text(self) -> str:
        """Return title, choices and what they select as text."""
        lines = [f"  {c.label}: {self._chosen[c.name]}" for c in self._choices]
        return _joined(self._title, *lines, self.found.summary, self.found.text)

    def static_html(self) -> str:
        """Return the same as HTML, for pages without a kernel."""
        rows = "".join(
            f"<li>{escape(c.label)}: <strong>{escape(self._chosen[c.name])}</strong></li>"
            for c in self._choices
        )
        head = f"<p><strong>{escape(self._title)}</strong></p><ul>{rows}</ul>"
        return f"<div>{head}{_found_html(self.found)}</div>"


def _joined(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _found_html(found: Found) -> str:
    return f'<p>{escape(found.summary)}</p><div style="overflow-x:auto">{found.html}</div>'


class TextChooser(_State):
    """A chooser without a widget; ``.set(...)`` answers with the new content."""

    def __init__(self, title: str, choices: Sequence[Choice], find: Callable[[Values], Found]):
        self._open(title, choices, find)

    def __repr__(self) -> str:
        options = [f"  {c.name}: {', '.join(c.options)}" for c in self._choices]
        how = "To choose, give it a name and write for example "
        first = self._choices[0]
        how += f"view.set({first.name}={first.options[-1]!r}). Options:"
        return _joined(self.static_text(), how, *options)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.static_html()}


def _rich_class() -> type:
    import traitlets

    from secretome_edu.ui.widget import PATIENCE_JS, THEME_CSS, CourseWidget

    script = Path(__file__).with_name("chooser.js").read_text(encoding="utf-8")
    css = Path(__file__).with_name("chooser.css").read_text(encoding="utf-8")

    class Chooser(_State, CourseWidget):
        _esm = PATIENCE_JS + script
        _css = THEME_CSS + css
        view = traitlets.Dict().tag(sync=True)
        shown = traitlets.Dict().tag(sync=True)

        def __init__(self, title: str, choices: Sequence[Choice], find: Any):
            self._open(title, choices, find)
            boxes = [
                {"name": c.name, "label": c.label, "options": list(c.options)} for c in choices
            ]
            super().__init__(view={"title": title, "boxes": boxes}, shown=self._state())
            self.on_msg(self._received)

        def _state(self) -> dict[str, Any]:
            return {
                "chosen": self.chosen,
                "summary": self.found.summary,
                "html": self.found.html,
            }

        def _show(self) -> None:
            self.shown = self._state()

        def _received(self, _widget: Any, message: Any, _buffers: Any) -> None:
            if isinstance(message, dict) and isinstance(message.get("values"), dict):
                self._choose({str(k): str(v) for k, v in message["values"].items()})
                self.answered()

    return Chooser


def _core_class() -> type:
    import ipywidgets

    class Chooser(_State, ipywidgets.VBox):
        def __init__(self, title: str, choices: Sequence[Choice], find: Any):
            self._open(title, choices, find)
            self._boxes = {
                c.name: ipywidgets.Dropdown(
                    options=list(c.options),
                    value=c.start,
                    description=c.label,
                    style={"description_width": "14em"},
                    layout=ipywidgets.Layout(width="40em"),
                )
                for c in choices
            }
            for name, box in self._boxes.items():
                box.observe(self._moved(name), names="value")
            self._body = ipywidgets.HTML(_found_html(self.found))
            head = ipywidgets.HTML(f"<strong>{escape(title)}</strong>")
            super().__init__([head, *self._boxes.values(), self._body])

        def _moved(self, name: str) -> Any:
            return lambda change: self._choose({name: change["new"]})

        def _show(self) -> None:
            self._body.value = _found_html(self.found)
            for name, box in self._boxes.items():
                box.value = self._chosen[name]  # the same value again tells nobody

        def __repr__(self) -> str:
            return self.static_text()

        def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
            data = super()._repr_mimebundle_(**kwargs) or {}
            return {**data, "text/plain": self.static_text(), "text/html": self.static_html()}

    return Chooser
