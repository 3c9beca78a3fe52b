"""Something to show: one readable text and one HTML form, always the same for the same input."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bundle:
    """A display object without a widget.

    Parameters
    ----------
    text : str
        What a terminal, a screen reader or a diff sees.
    html : str
        What a notebook or a web page shows. Must hold no clock, address or random id, so that
        strict nbval can compare it.

    Examples
    --------
    >>> Bundle("one line", "<p>one line</p>")
    one line
    """

    text: str
    html: str

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/plain": self.text, "text/html": self.html}


def figure_html(png_base64: str, description: str, caption: str = "") -> str:
    """Return a picture as an HTML figure whose alternative text is its description.

    JupyterLab drops the alternative text of a plain PNG output; HTML keeps it everywhere. The
    white card keeps labels readable in a dark theme.
    """
    import html

    alt = html.escape(description, quote=True)
    stop = "" if caption.endswith((".", "?", "!")) else "."  # or it reads on into the description
    head = f"<strong>{html.escape(caption)}{stop}</strong> " if caption else ""
    return (
        '<figure class="se-figure" style="margin:0.5em 0;max-width:60em">'
        f'<img src="data:image/png;base64,{png_base64}" alt="{alt}" '
        'style="background:#fff;border-radius:6px;max-width:100%;height:auto">'
        f'<figcaption style="line-height:1.45;margin-top:0.4em">{head}{html.escape(description)}'
        "</figcaption></figure>"
    )
