"""A panel that Python may rewrite while a reader looks: a heading, HTML and a live region."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from secretome_edu.ui.bundle import Bundle
from secretome_edu.ui.mode import ui_mode


def panel(text: str, html: str, label: str) -> Any:
    """Return something to display that ``update`` can change later.

    Parameters
    ----------
    text, html : str
        The first content, as readable text and as HTML. Both deterministic.
    label : str
        What a screen reader calls the panel.

    Returns
    -------
    object
        Has ``update(text, html)``. A widget in ``rich`` and ``core`` mode, plain text otherwise.

    Examples
    --------
    >>> import os; os.environ["SECRETOME_EDU_UI"] = "text"
    >>> shown = panel("Not yet.", "<p>Not yet.</p>", "Explanation")
    >>> shown.update("Now.", "<p>Now.</p>"); shown
    Now.
    >>> del os.environ["SECRETOME_EDU_UI"]
    """
    mode = ui_mode()
    if mode == "rich":
        return _rich_class()(text=text, html=html, label=label)
    if mode == "core":
        return _core_class()(text, html)
    return TextPanel(text, html)


class TextPanel:
    """A panel without a widget: shows what it holds when it is displayed."""

    def __init__(self, text: str, html: str):
        self.bundle = Bundle(text, html)

    def update(self, text: str, html: str) -> None:
        """Replace the content."""
        self.bundle = Bundle(text, html)

    def __repr__(self) -> str:
        return repr(self.bundle)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.bundle._repr_mimebundle_(**kwargs)


def _rich_class() -> type:
    import traitlets

    from secretome_edu.ui.widget import THEME_CSS, CourseWidget

    class Panel(CourseWidget):
        _esm = Path(__file__).with_name("panel.js")
        _css = THEME_CSS
        html = traitlets.Unicode().tag(sync=True)
        label = traitlets.Unicode().tag(sync=True)
        text = traitlets.Unicode()

        def update(self, text: str, html: str) -> None:
            self.text, self.html = text, html

        def static_text(self) -> str:
            return self.text

        def static_html(self) -> str:
            return self.html

    return Panel


def _core_class() -> type:
    import ipywidgets

    class Panel(ipywidgets.HTML):
        def __init__(self, text: str, html: str):
            super().__init__(value=html)
            self._text = text

        def update(self, text: str, html: str) -> None:
            self._text, self.value = text, html

        def __repr__(self) -> str:
            return self._text

        def _repr_mimebundle_(self, **kwargs: Any) -> Any:
            data = super()._repr_mimebundle_(**kwargs)
            return {**data, "text/plain": self._text, "text/html": self.value}

    return Panel
