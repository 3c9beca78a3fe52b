"""GIFT, written as https://docs.moodle.org/en/GIFT_format describes it.

Every text is marked ``[html]``; ``~ = # { } :`` and the backslash are escaped; a new line inside a
text is ``\\n``, so that a blank line always ends a question. Id and tags stand in a comment.
"""

from __future__ import annotations

import re

from secretome_edu.quiz.exchange import richtext
from secretome_edu.quiz.exchange.question import (
    ANYTHING,
    CHOICE,
    ESSAY,
    MATCH,
    NUMBER,
    SHORT,
    Answer,
    Question,
    number,
)


def write(groups: list[tuple[str, list[Question]]]) -> str:
    """Return questions as GIFT.

    Parameters
    ----------
    groups : list of (str, list of Question)
        Category and its questions.
    """
    blocks: list[str] = []
    for category, questions in groups:
        # On one line of its own; a slash would begin a category inside.
        name = " ".join(category.split()).replace("/", "//")
        blocks.append(f"$CATEGORY: $course$/top/{name}")
        blocks += [_question(question) for question in questions]
    return "\n\n".join(blocks) + "\n"


def _question(q: Question) -> str:
    marks = [f"[id:{_token(q.number)}]", *(f"[tag:{_token(tag)}]" for tag in q.tags)]
    rows = [f"\t{row}" for row in _BODIES[q.kind](q)]
    opening = "{#" if q.kind == NUMBER else "{"
    if q.explanation:
        rows.append(f"\t####{_rich(q.explanation)}")
    head = f"::{escaped(q.name)}::{_rich(q.stem)}{opening}"
    return "\n".join([f"// {' '.join(marks)}", head, *rows, "}"])


def _token(text: str) -> str:
    return re.sub(r"[\[\]<>`\x00-\x1f]", "-", text)


def escaped(text: str) -> str:
    """Return a text in which no sign means anything to GIFT.

    Examples
    --------
    >>> escaped("a = {b}")
    'a \\\\= \\\\{b\\\\}'
    """
    text = richtext.clean(text).strip()
    return re.sub(r"[\\~=#{}:]", r"\\\g<0>", text).replace("\n", "\\n")


def _rich(markdown: str) -> str:
    return "[html]" + escaped(richtext.to_html(markdown))


def _plain(text: str) -> str:
    # A text that begins with a bracket could be read as the name of a format.
    return ("[plain]" if text.startswith("[") else "") + escaped(text)


def _feedback(answer: Answer) -> str:
    return f"#{_rich(answer.feedback)}" if answer.feedback else ""


def _choice(q: Question) -> list[str]:
    rows = []
    told = False
    for answer in q.answers:
        # "=" anywhere says that one answer is right; further full marks follow as weights.
        first = q.single and answer.percent == 100 and not told
        told = told or first
        weight = "=" if first else f"~%{number(answer.percent)}%" if answer.percent else "~"
        rows.append(f"{weight}{_rich(answer.text)}{_feedback(answer)}")
    return rows


def _words(q: Question) -> list[str]:
    rows = []
    for answer in q.answers:
        text = answer.text if answer.text == ANYTHING else answer.text.replace("*", r"\*")
        text = text.replace("->", "→")  # "->" would make it a matching question
        rows.append(f"=%{number(answer.percent)}%{_plain(text)}{_feedback(answer)}")
    return rows


def _numbers(q: Question) -> list[str]:
    rows = []
    for answer in q.answers:
        if answer.text == ANYTHING and answer.percent == 0:
            rows.append(f"~{_feedback(answer)}")
            continue
        if answer.interval:
            written = "..".join(number(end) for end in answer.interval)
        elif answer.text == ANYTHING:
            written = ANYTHING
        else:
            written = f"{answer.text}:{number(answer.tolerance)}"
        rows.append(f"=%{number(answer.percent)}%{written}{_feedback(answer)}")
    return rows


def _matching(q: Question) -> list[str]:
    return [f"={_rich(prompt) if prompt else ''} -> {escaped(match)}" for prompt, match in q.pairs]


def _essay(q: Question) -> list[str]:
    return []


_BODIES = {CHOICE: _choice, SHORT: _words, NUMBER: _numbers, MATCH: _matching, ESSAY: _essay}
