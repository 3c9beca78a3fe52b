"""A figure as a display object: picture, alternative text and caption in one piece of HTML."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from secretome_edu.figures.scene import Scene
from secretome_edu.figures.style import own_style
from secretome_edu.ui.bundle import Bundle, figure_html
from secretome_edu.ui.messages import CourseError

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@own_style
def show(
    figure: Scene | Bundle | Figure | Any, description: str | None = None, caption: str = ""
) -> Bundle:
    """Return a described figure that a notebook, a reading page and a screen reader can show.

    Parameters
    ----------
    figure : Scene, Bundle or matplotlib.figure.Figure
        A scene brings its own description, a finished bundle is passed on; a matplotlib figure
        needs a description.
    description : str, optional
        Replaces the scene's description.
    caption : str
        A short title in front of the description.

    Returns
    -------
    Bundle
        Text is the caption and description; HTML is a ``figure`` with the picture.

    Raises
    ------
    CourseError
        If there is no description: a figure without words is a full stop for some readers.
    """
    from secretome_edu.figures.draw import draw, png_bytes

    if isinstance(figure, Bundle):
        return figure
    if isinstance(figure, Scene):
        description = figure.description if description is None else description
        caption = caption or figure.title
        figure = draw(figure)
    if not (description or "").strip():
        raise CourseError(
            "This figure has no description. Pass description= with one or two sentences "
            "computed from the plotted numbers; figures.describe helps."
        )
    text = f"{caption}. {description}" if caption else str(description)
    png = b64encode(png_bytes(figure)).decode()
    return Bundle(text, figure_html(png, str(description), caption))
