"""The explorer as one widget: labeled native controls, a canvas, the description beside it.

A slider move arrives as a small message with a number; the answer is one message with the new
picture as binary buffers, the readouts and the description. The page keeps at most one question
open and remembers only the newest value meanwhile, so no queue can grow.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import traitlets

from secretome_edu.explore.explorer import Explorer
from secretome_edu.explore.state import Exploration
from secretome_edu.explore.wire import frame, spec, table_rows
from secretome_edu.ui.messages import CourseError
from secretome_edu.ui.widget import THEME_CSS, CourseWidget

_HERE = Path(__file__).parent
# One module for the page, joined from files that each have one concern.
_PLOT = ("plot_axes.js", "plot_lines.js", "plot_fields.js", "plot_spans.js")
_PAGE = ("canvas_controls.js", "canvas_cells.js", "canvas.js")


def _read(*names: str) -> str:
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)


class CanvasExplorer(Exploration, CourseWidget):
    """An `Exploration` that lives in the page."""

    _esm = _read(*_PLOT, *_PAGE)
    _css = THEME_CSS + _read("canvas.css")

    spec = traitlets.Dict().tag(sync=True)
    frame = traitlets.Dict().tag(sync=True)

    def __init__(self, explorer: Explorer, initial: Mapping[str, Any]):
        Exploration.__init__(self, explorer, initial)
        CourseWidget.__init__(self, spec=spec(explorer), frame=self._frame())
        self._answering: list[Any] | None = None
        self.on_msg(self._receive)

    def _frame(self, answers: list[Any] | None = None) -> dict[str, Any]:
        return {**frame(self.explorer, self._values, self._scene), "answers": answers}

    def _show(self) -> None:
        self.frame = self._frame(self._answering)

    def _receive(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        kind = message.get("kind")
        self._answering = message.get("from")
        try:
            if kind == "move":
                self._change(message["values"])
            elif kind == "preset":
                self.preset(message["label"])
            elif kind == "reset":
                self.reset()
            elif kind == "table":
                self.send({"kind": "table", "tables": table_rows(self.scene)})
            elif kind == "picture":
                self.send({"kind": "picture", "png": self._png()})
        except (CourseError, ArithmeticError) as problem:
            self.send({"kind": "problem", "text": str(problem), "answers": self._answering})
        finally:
            self._answering = None

    def _png(self) -> str:
        from secretome_edu.figures.draw import draw, png_bytes

        return b64encode(png_bytes(draw(self.scene))).decode()
