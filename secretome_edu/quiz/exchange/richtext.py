r"""Markdown with ``$TeX$`` to the HTML of other systems, and their HTML back to Markdown.

Moodle and Anki show mathematics between ``\(`` and ``\)``; a dollar sign is money there. What
cannot be expressed on the way back is named in ``notes``, never lost in silence.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from secretome_edu.ui import markup
from secretome_edu.ui.html_reader import HtmlReader

_UNWRITABLE = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DEEPEST = 40
_VOID = {"br", "img", "hr", "input", "meta", "link", "wbr", "col"}
_SILENT = {"script", "style", "iframe", "object", "embed", "head", "title", "noscript"}
_HEADS = {f"h{n}": n for n in range(1, 7)}
_BLOCKS = {"p", "div", "ul", "ol", "table", "blockquote", "pre", "hr", "section", "article",
           "center", "dl", "figure", "header", "footer", *_HEADS}  # fmt: skip
_PLAIN = {"span", "font", "a", "small", "big", "abbr", "cite", "q", "label", "tbody", "thead",
          "body", "html", "dt", "dd", "figcaption", "nobr", "li", "tr", "td", "th"}  # fmt: skip
# No mathematics inside mathematics: what is never closed costs no second look.
_TEX = r"(?:[^\\]|\\\\|\\(?![()\[\]\\]))+?"
_MATH = rf"\\\((?P<inline>{_TEX})\\\)|\\\[(?P<block>{_TEX})\\\]|\$\$(?P<double>[^$]+)\$\$"
_DOLLAR = _MATH + r"|\$(?P<dollar>[^$\s](?:[^$]*[^$\s])?)\$"


def clean(text: str) -> str:
    """Return a text without the characters that no XML file may hold."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNWRITABLE.sub("\ufffd", text)


@lru_cache(maxsize=1)
def _parser() -> Any:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    # The rules of ui.markup, with TeX left to the reader's MathJax.
    md = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
    md.use(dollarmath_plugin, allow_space=False, allow_digits=True, double_inline=True)
    for rule in ("math_inline", "math_inline_double", "math_block", "math_block_label"):
        md.add_render_rule(rule, _delimited)
    return md


def _delimited(self: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    tex = html.escape(token.content.strip(), quote=False)
    return rf"\({tex}\)" if token.type == "math_inline" else rf"\[{tex}\]"


def to_html(markdown: str) -> str:
    r"""Return Markdown as the HTML of Moodle and Anki; one paragraph comes without ``<p>``.

    Examples
    --------
    >>> to_html("**half** of $x^2$ < 3")
    '<strong>half</strong> of \\(x^2\\) &lt; 3'
    """
    source = re.sub(r"<!--.*?-->", "", clean(markdown), flags=re.S)
    rendered = _parser().render(source).strip()
    single = re.fullmatch(r"<p>((?:(?!</?p>).)*)</p>", rendered, re.S)
    return single[1] if single else rendered


def same(one: str, other: str) -> bool:
    """Tell whether two Markdown texts look the same to a learner."""
    return one == other or _shape(one) == _shape(other)


def _shape(markdown: str) -> str:
    parts = re.split(r"(<pre>.*?</pre>)", markup.to_html(markdown), flags=re.S)
    kept = [p if p.startswith("<pre>") else re.sub(r"\s+", " ", p).strip() for p in parts]
    return "".join(kept).replace("> <", "><")


@dataclass
class Rich:
    """A text read from HTML: Markdown, the pictures in it, and what could not be expressed."""

    text: str
    pictures: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def from_html(source: str, dollars: bool = False) -> Rich:
    r"""Return HTML as Markdown.

    Parameters
    ----------
    source : str
        HTML, however sloppy.
    dollars : bool
        Whether ``$x$`` is mathematics too (jupyterquiz), not only ``\(x\)`` and ``$$x$$``.

    Examples
    --------
    >>> from_html(r"<p><b>half</b> of \(x^2\)</p>").text
    '**half** of $x^2$'
    """
    tree = _Tree()
    whole, end, rest = source.rpartition(">")
    # No tag begins behind the last ">"; the parser would look for its end at each "<" again.
    tree.feed(whole + end + rest.replace("<", "&lt;"))
    tree.close()
    writer = _Writer(re.compile(_DOLLAR if dollars else _MATH, re.S))
    if tree.too_deep:
        writer.note(f"nested deeper than {_DEEPEST}: flattened")
    text = "\n\n".join(writer.blocks(tree.root.children))
    return Rich(text, writer.pictures, writer.notes)


def escape(text: str) -> str:
    """Return plain text as Markdown that shows exactly that text.

    Examples
    --------
    >>> escape("3 * 4 < 5_000")
    '3 \\\\* 4 < 5_000'
    """
    lines = clean(text).split("\n")
    return "\n".join(_at_line_start(_literal(line.strip())) for line in lines)


def _literal(text: str) -> str:
    text = re.sub(r"[\\`*$]", r"\\\g<0>", text)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)
    text = re.sub(r"<(?=!)", "&lt;", text)
    text = re.sub(r"<(?=[\w/?])", r"\\<", text)
    text = re.sub(r"&(?=#?\w+;)", r"\\&", text)
    return "\n".join(map(_no_link, text.split("\n")))


def _no_link(line: str) -> str:
    """Escape each opening bracket that could begin a link: one with ``](`` or ``]:`` behind it."""
    last = max(line.rfind("]("), line.rfind("]:"), 0)
    return line[:last].replace("[", r"\[") + line[last:]


def _at_line_start(line: str) -> str:
    line = re.sub(r"^(\d{1,9})([.)])(?=\s|$)", r"\1\\\2", line)
    return re.sub(r"^(?=#{1,6}(?:\s|$)|>|[-+](?:\s|$)|=+\s*$|--+\s*$|~~~)", r"\\", line)


class _Node:
    def __init__(self, tag: str, attributes: dict[str, str]):
        self.tag, self.attributes = tag, attributes
        self.children: list[_Node | str] = []


class _Tree(HtmlReader):
    """Builds the tree; closes what is left open and ignores what closes nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Node("", {})
        self.stack = [self.root]
        self.too_deep = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("p", "li", "tr", "td", "th") and self.stack[-1].tag == tag:
            self.stack.pop()
        node = _Node(tag, {name: value or "" for name, value in attrs})
        self.stack[-1].children.append(node)
        if tag in _VOID:
            return
        if len(self.stack) > _DEEPEST:
            self.too_deep = True
            return
        self.stack.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.stack) - 1, 0, -1):
            if self.stack[place].tag == tag:
                del self.stack[place:]
                return

    def handle_data(self, data: str) -> None:
        self.stack[-1].children.append(data)


class _Writer:
    """Writes a tree as Markdown."""

    def __init__(self, math: re.Pattern[str]):
        self.math = math
        self.pictures: list[tuple[str, str]] = []
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def blocks(self, children: list[_Node | str]) -> list[str]:
        found: list[str] = []
        run: list[_Node | str] = []
        for child in [*children, None]:
            if isinstance(child, _Node) and (child.tag in _BLOCKS or self._holds_block(child)):
                self._flush(run, found)
                found += [block for block in self._block(child) if block.strip()]
            elif child is None:
                self._flush(run, found)
            else:
                run.append(child)
        return found

    def _holds_block(self, node: _Node) -> bool:
        return node.tag in _PLAIN and any(
            isinstance(c, _Node) and (c.tag in _BLOCKS or self._holds_block(c))
            for c in node.children
        )

    def _flush(self, run: list[_Node | str], found: list[str]) -> None:
        text = self._inline(run)
        lines = [line.strip(" ") for line in text.split("\n")]
        text = "\n".join(_at_line_start(line) for line in lines).strip("\n ")
        text = re.sub(r"(?:^|(?<=\n))\\(?=\n|$)|\\$", "", text).strip()  # a break at an end
        if text:
            found.append(text)
        run.clear()

    def _block(self, node: _Node) -> list[str]:
        tag = node.tag
        if tag == "hr":
            return ["---"]
        if tag == "pre":
            code = _raw(node).strip("\n")
            fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", code)), 3)
            return [f"{fence}\n{code}\n{fence}"]
        if tag in ("ul", "ol"):
            return [self._list(node)]
        if tag == "table":
            return [self._table(node)]
        inner = self.blocks(node.children)
        if tag == "blockquote":
            return ["\n".join(f"> {line}".rstrip() for line in "\n\n".join(inner).split("\n"))]
        if tag in _HEADS:
            return [f"{'#' * _HEADS[tag]} {' '.join(inner)}"]
        return inner

    def _list(self, node: _Node) -> str:
        rows = [c for c in node.children if isinstance(c, _Node) and c.tag == "li"]
        start = int(node.attributes.get("start", "1")[:6] or 1) if _digits(node) else 1
        loose = any(isinstance(c, _Node) and c.tag == "p" for row in rows for c in row.children)
        written = []
        for place, row in enumerate(rows, start):
            mark = f"{place}. " if node.tag == "ol" else "- "
            inner = ("\n\n" if loose else "\n").join(self.blocks(row.children))
            written.append(mark + inner.replace("\n", "\n" + " " * len(mark)))
        return ("\n\n" if loose else "\n").join(re.sub(r"\n +(?=\n)", "\n", w) for w in written)

    def _table(self, node: _Node) -> str:
        rows = [
            [" ".join(self.blocks(cell.children)).replace("|", r"\|").replace("\n", " ")
             for cell in _find(row, {"td", "th"})]
            for row in _find(node, {"tr"})
        ]  # fmt: skip
        rows = [row for row in rows if row]
        if not rows:
            return ""
        width = max(map(len, rows))
        lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows]
        return "\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]])

    def _inline(self, children: list[_Node | str]) -> str:
        return "".join(self._text(c) if isinstance(c, str) else self._element(c) for c in children)

    def _text(self, text: str) -> str:
        text = re.sub(r"[ \t\n\r\f]+", " ", clean(text))
        found, last = [], 0
        for match in self.math.finditer(text):
            tex = next(part for part in match.groups() if part is not None).strip()
            mark = "$" if match.lastgroup in ("inline", "dollar") else "$$"
            found += [_literal(text[last : match.start()]), f"{mark}{tex}{mark}" if tex else ""]
            last = match.end()
        return "".join([*found, _literal(text[last:])])

    def _element(self, node: _Node) -> str:
        tag = node.tag
        if tag == "br":
            return "\\\n"
        if tag == "img":
            self.pictures.append((node.attributes.get("src", ""), node.attributes.get("alt", "")))
            return ""
        if tag in _SILENT:
            self.note(f"<{tag}> is not imported")
            return ""
        if tag in ("code", "tt", "kbd", "samp"):
            return _code(re.sub(r"\s+", " ", _raw(node)).strip())
        if tag in ("sub", "sup"):
            self.note(f"<{tag}> as mathematics")
            sign = "_" if tag == "sub" else "^"
            return f"$ {sign}{{{_raw(node).strip()}}}$".replace("$ ", "$")
        inner = self._inline(node.children)
        if tag in ("b", "strong", "i", "em"):
            mark = "**" if tag in ("b", "strong") else "*"
            text = inner.strip()
            return inner.replace(text, f"{mark}{text}{mark}") if text else inner
        if tag == "a" and node.attributes.get("href"):
            address = node.attributes["href"]
            if re.match(r"https?://|mailto:|#", address, re.I) and not re.search(
                r"[<>\s]", address
            ):
                return f"[{inner}](<{address}>)" if inner.strip() else ""
            self.note("a link to another place than the web is not imported")
        elif tag not in _PLAIN:
            self.note(f"<{tag}> is not imported, its text is")
        return inner


def _digits(node: _Node) -> bool:
    return node.attributes.get("start", "1").isdigit()


def _raw(node: _Node) -> str:
    return "".join(clean(c) if isinstance(c, str) else _raw(c) for c in node.children)


def _find(node: _Node, tags: set[str]) -> list[_Node]:
    found: list[_Node] = []
    for child in node.children:
        if isinstance(child, _Node):
            found += [child] if child.tag in tags else _find(child, tags)
    return found


def _code(text: str) -> str:
    if not text:
        return ""
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    space = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{space}{text}{space}{fence}"
