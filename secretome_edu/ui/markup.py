"""Markdown with mathematics to HTML and MathML, in Python: no script, no CDN, nothing to break.

Raw HTML in the source is escaped, and links other than http, https, mailto and fragments are
refused by the Markdown parser, so that text from a bank or a hand-in stays text. Comments,
``<!--=fact-->`` marks of checked numbers among them (``authoring.prose``), are not shown.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

_MATHML = {
    *("math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot"),
    *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts"),
    *("none", "mtable", "mtr", "mlabeledtr", "mtd", "mstyle", "mpadded", "mphantom", "menclose"),
    *("mfenced", "merror"),
}


@lru_cache(maxsize=1)
def _parser():
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    md = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
    md.add_render_rule("link_open", _link)
    md.disable("image")  # a picture from elsewhere would tell its host who reads
    md.validateLink = _is_link  # type: ignore[method-assign,assignment]
    md.use(
        dollarmath_plugin,
        renderer=_mathml,
        allow_space=False,  # "$5 or $6" is money
        allow_digits=True,
        double_inline=True,
    )
    return md


def _is_link(address: str) -> bool:
    """Tell whether an address leads to the web, to a letter or to a place on this page."""
    return re.match(r"(?:https?://|mailto:|#)", address, re.I) is not None


def _link(renderer, tokens, place: int, options: dict, env: dict) -> str:
    """Underline a link, also on pages without the theme: color alone does not tell it from text."""
    tokens[place].attrSet("style", "text-decoration:underline")
    return renderer.renderToken(tokens, place, options, env)


def _mathml(source: str, options: dict) -> str:
    from latex2mathml.converter import convert

    display = "block" if options.get("display_mode") else "inline"
    try:
        math = convert(source, display=display)
    except Exception:  # latex2mathml raises many kinds on broken input
        math = ""
    return math if _is_mathml(math) else f"<code>{html.escape(source)}</code>"


def _is_mathml(math: str) -> bool:
    """Tell whether this is MathML and nothing else: ``\\text{<b>}`` comes through unescaped."""
    from xml.etree import ElementTree

    if not math or "<!" in math or "<?" in math:
        return False
    try:
        elements = list(ElementTree.fromstring(math).iter())
    except ElementTree.ParseError:
        return False
    tags = {element.tag.rpartition("}")[2] for element in elements}
    attributes = {name.lower() for element in elements for name in element.attrib}
    return tags <= _MATHML and not any(re.match(r"on|.*href|src|style", a) for a in attributes)


def _without_comments(source: str) -> str:
    return re.sub(r"<!--.*?-->", "", source, flags=re.S)


def to_html(source: str) -> str:
    """Return Markdown as block-level HTML.

    Examples
    --------
    >>> to_html("*a* <b>")
    '<p><em>a</em> &lt;b&gt;</p>'
    """
    return _parser().render(_without_comments(source)).strip()


def to_inline_html(source: str) -> str:
    """Return one line of Markdown as HTML without a paragraph around it.

    Examples
    --------
    >>> to_inline_html("**a** & b")
    '<strong>a</strong> &amp; b'
    """
    return _parser().renderInline(_without_comments(source)).strip()


def to_text(source: str) -> str:
    """Return Markdown as plain text: marks removed, mathematics left as typed.

    Examples
    --------
    >>> to_text("a **bold** `word`, $x^2$")
    'a bold word, x^2'
    """
    text = re.sub(r"!\[([^\]]*)\]\([^)]*\)", r"\1", _without_comments(source))
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"(\*\*|__)(.+?)\1", r"\2", text)
    text = re.sub(r"(?<![\w*])\*(?!\s)([^*\n]+)(?<!\s)\*(?![\w*])", r"\1", text)
    text = re.sub(r"\$\$([^$]+)\$\$|\$(?!\s)([^$]+)(?<!\s)\$", r"\1\2", text)
    return text.replace("`", "").strip()
