"""The base of every widget of the course: deterministic to compare, readable without a kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget

_UI = Path(__file__).parent
THEME_CSS = (_UI / "theme.css").read_text(encoding="utf-8")
PATIENCE_JS = (_UI / "patience.js").read_text(encoding="utf-8")


class CourseWidget(anywidget.AnyWidget):
    """An anywidget whose display bundle holds no id, address or clock.

    Subclasses set ``_esm`` and ``_css`` (start the latter with ``THEME_CSS``) and implement
    ``static_text`` and ``static_html``: what a reader sees without a kernel, and what strict
    nbval compares. A script that asks the kernel starts with ``PATIENCE_JS`` and is told by
    ``answered`` that it was heard. Whatever is a synced trait ends in the page: never put an
    answer key there.
    """

    def static_text(self) -> str:
        """Return the whole content as readable, deterministic text."""
        raise NotImplementedError

    def static_html(self) -> str:
        """Return the content as deterministic HTML without scripts."""
        raise NotImplementedError

    def answered(self) -> None:
        """Tell the page that its question was heard, also if nothing changed."""
        self.send({"kind": "answered"})

    def __repr__(self) -> str:
        return self.static_text()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        ours = {**(data or {}), "text/plain": self.static_text(), "text/html": self.static_html()}
        return (ours, bundle[1]) if isinstance(bundle, tuple) else ours
