"""A committed notebook -> the same notebook as a page of the book.

Nothing is executed and no output is changed in what it says; a reader's page differs from a
learner's notebook in four ways: marks of checked numbers go, tables can be scrolled on a phone,
the first cell says that this is the reading edition, and what wants an answer says where to give
it.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from secretome_edu.authoring.notebooks import LINK, source

# What a call of a lesson lacks without a kernel; the page leads to where it works.
LIVE = {
    **dict.fromkeys(("warmup", "quiz", "part_quiz", "pretest", "posttest"), "Answer it live"),
    "predict": "Predict it live",
    "explain": "Compare it live",
    "check": "Answer it live",
    "explore": "Move it live",
}
_CALL = re.compile(rf"^lesson\.({'|'.join(LIVE)})\(", re.M)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
# A table, and the box it may already scroll in.
_TABLE = re.compile(r'(?P<box><div [^>]*role="region"[^>]*>)?<table\b.*?</table>', re.S)
_CAPTION = re.compile(r"<caption\b[^>]*>(.*?)</caption>", re.S)


def page(notebook: dict[str, Any], anchor: str) -> dict[str, Any]:
    """Return a notebook as Sphinx is to read it.

    Parameters
    ----------
    notebook : dict
        As stored.
    anchor : str
        Where the page ``live`` speaks of this notebook.

    Examples
    --------
    >>> cell = {"cell_type": "markdown", "metadata": {}, "source": ["# 3<!--=three-->"]}
    >>> page({"cells": [cell]}, "lesson-03")["cells"][0]["source"].splitlines()[0]
    '# 3'
    """
    cells = [_cell(cell, anchor) for cell in notebook["cells"]]
    if cells and cells[0]["cell_type"] == "markdown":
        cells[0]["source"] += "\n\n" + _reading_edition(anchor)
    return {**notebook, "cells": cells}


def flat(text: str) -> str:
    """Return Markdown whose links to files name them alone: in the book all lie side by side.

    Examples
    --------
    >>> flat("[a](../docs/a.md#b), [c](https://c.example/d.md)")
    '[a](a.md#b), [c](https://c.example/d.md)'
    """
    return LINK.sub(_beside, text)


def _beside(link: re.Match[str]) -> str:
    bang, words, address = link.groups()
    return link[0] if ":" in address else f"{bang}[{words}]({address.rpartition('/')[2]})"


def _cell(cell: dict[str, Any], anchor: str) -> dict[str, Any]:
    text = source(cell)
    if cell["cell_type"] != "code":
        return {**cell, "source": flat(_COMMENT.sub("", text))}
    outputs = [_output(output) for output in cell["outputs"]]
    if asked := _CALL.search(text):
        outputs.append(_html(_live(LIVE[asked[1]], anchor)))
    return {**cell, "source": text, "outputs": outputs}


def _output(output: dict[str, Any]) -> dict[str, Any]:
    html = "".join(output.get("data", {}).get("text/html", ""))
    if not html:
        return output
    return {**output, "data": {**output["data"], "text/html": scrollable(html)}}


def scrollable(html: str) -> str:
    """Return HTML whose tables scroll by themselves, with the keyboard too.

    Examples
    --------
    >>> scrollable("<table><caption>Two</caption></table>").split("><")[0]
    '<div class="se-scroll" role="region" tabindex="0" aria-label="Table: Two"'
    """
    return _TABLE.sub(_in_region, html)


def _in_region(table: re.Match[str]) -> str:
    if table["box"]:
        return table[0]
    caption = _CAPTION.search(table[0])
    words = re.sub(r"<[^>]*>", "", caption[1]) if caption else ""
    label = f"Table: {words}" if words else "Table"
    label = label.replace('"', "&quot;")  # the rest is HTML already
    return (
        f'<div class="se-scroll" role="region" tabindex="0" aria-label="{label}">{table[0]}</div>'
    )


def _html(html: str) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {"text/html": html}}


def _live(words: str, anchor: str) -> str:
    return f'<p class="se-live"><a href="live.html#{escape(anchor)}">{words}</a></p>'


def _reading_edition(anchor: str) -> str:
    return (
        "````{admonition} Reading edition\n:class: note\n"
        "What you see is stored: questions are printed as text, and explorers move in steps.\n\n"
        "```{raw} html\n<p>To answer, check and move everything, "
        f'<a href="live.html#{escape(anchor)}">open this lesson live</a>.</p>\n```\n````'
    )
