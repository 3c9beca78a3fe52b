"""The Sphinx extension of the book: mathematics becomes MathML at build time, no script needed."""

from __future__ import annotations

from typing import Any

from secretome_edu.ui.markup import to_html, to_inline_html


def setup(app: Any) -> dict[str, Any]:
    """Register the renderer; Sphinx calls this."""
    app.add_html_math_renderer("mathml", (_inline, None), (_display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _inline(translator: Any, node: Any) -> None:
    from docutils.nodes import SkipNode

    translator.body.append(to_inline_html(f"${node.astext().strip()}$"))
    raise SkipNode


def _display(translator: Any, node: Any) -> None:
    from docutils.nodes import SkipNode

    # A wide formula scrolls by itself, and whoever has no mouse must reach it to scroll.
    translator.body.append(
        '<div class="se-scroll" role="region" tabindex="0" aria-label="Formula">'
        f"{to_html(f'$${node.astext().strip()}$$')}</div>"
    )
    raise SkipNode
