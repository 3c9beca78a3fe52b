"""Moodle XML, written as https://docs.moodle.org/en/Moodle_XML_format describes it.

HTML stands in CDATA sections, the declaration is the first line, the encoding is UTF-8.
"""

from __future__ import annotations

import base64
import html
from xml.sax.saxutils import escape, quoteattr

from secretome_edu.quiz.exchange import richtext
from secretome_edu.quiz.exchange.question import (
    ANYTHING,
    CHOICE,
    ESSAY,
    MATCH,
    NUMBER,
    ORDER,
    SHORT,
    Answer,
    Question,
    number,
)

_TYPES = {MATCH: "matching"}
_PENALTY = "0.3333333"  # Moodle's default: a third off for each further try


def write(groups: list[tuple[str, list[Question]]]) -> str:
    """Return questions as Moodle XML.

    Parameters
    ----------
    groups : list of (str, list of Question)
        Category and its questions.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    for category, questions in groups:
        place = "$course$/top/" + category.replace("/", "//")  # a doubled slash is one in a name
        inner = _element("category", _text(place))
        lines.append(_element("question", inner, type="category"))
        lines += [_question(question) for question in questions]
    return "\n".join([*lines, "</quiz>", ""])


def _element(tag: str, content: str, **attributes: str) -> str:
    named = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<{tag}{named}>{content}</{tag}>"


def _text(text: str) -> str:
    text = richtext.clean(text)
    if any(sign in text for sign in "<>&"):
        return f"<text><![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]></text>"
    return f"<text>{escape(text)}</text>"


def _rich(tag: str, markdown: str, more: str = "", **attributes: str) -> str:
    content = _text(richtext.to_html(markdown)) + more
    return _element(tag, content, **attributes, format="html")


def _question(q: Question) -> str:
    parts = [
        _element("name", _text(q.name)),
        _stem(q),
        _rich("generalfeedback", q.explanation),
        _element("defaultgrade", number(q.grade)),
        _element("penalty", _PENALTY),
        _element("hidden", "0"),
        _element("idnumber", escape(q.number)),
        *_BODIES[q.kind](q),
        *(_rich("hint", hint) for hint in q.hints),
    ]
    tags = "".join(_element("tag", _text(tag)) for tag in q.tags)
    parts.append(_element("tags", tags))
    inner = "".join(f"\n  {part}" for part in parts)
    return _element("question", f"{inner}\n", type=_TYPES.get(q.kind, q.kind))


def _stem(q: Question) -> str:
    shown = richtext.to_html(q.stem)
    if q.pictures and not shown.startswith("<"):
        shown = f"<p>{shown}</p>"
    for picture in q.pictures:
        alt = html.escape(picture.alt, quote=True)
        shown += f'<p><img src="@@PLUGINFILE@@/{picture.name}" alt="{alt}"></p>'
    files = "".join(
        _element("file", base64.b64encode(p.content).decode(),
                 name=p.name, path="/", encoding="base64")
        for p in q.pictures
    )  # fmt: skip
    return _element("questiontext", _text(shown) + files, format="html")


def _combined(q: Question) -> list[str]:
    return [
        _rich("correctfeedback", ""),
        _rich("partiallycorrectfeedback", q.incorrect),
        _rich("incorrectfeedback", q.incorrect),
    ]


def _rich_answer(answer: Answer, share: str) -> str:
    feedback = _rich("feedback", answer.feedback)
    return _rich("answer", answer.text, feedback, fraction=share)


def _choice(q: Question) -> list[str]:
    return [
        _element("single", "true" if q.single else "false"),
        _element("shuffleanswers", "true" if q.shuffle else "false"),
        _element("answernumbering", "abc"),
        *_combined(q),
        *([] if q.single else ["<shownumcorrect/>"]),
        *(_rich_answer(answer, number(answer.percent)) for answer in q.answers),
    ]


def _plain_answer(answer: Answer, text: str, more: str = "") -> str:
    feedback = _rich("feedback", answer.feedback)
    inner = _text(text) + feedback + more
    return _element("answer", inner, fraction=number(answer.percent), format="plain_text")


def _words(q: Question) -> list[str]:
    literal = [a.text if a.text == ANYTHING else a.text.replace("*", r"\*") for a in q.answers]
    answers = [_plain_answer(a, text) for a, text in zip(q.answers, literal, strict=True)]
    return [_element("usecase", "0"), *answers]


def _numbers(q: Question) -> list[str]:
    parts = [
        _plain_answer(a, a.text, _element("tolerance", number(a.tolerance))) for a in q.answers
    ]
    if not q.units:
        return parts
    units = "".join(
        _element("unit", _element("multiplier", "1") + _element("unit_name", escape(name)))
        for name in q.units
    )
    # Grading type 1 takes the penalty off the marks of the response; 2 shows a menu of units.
    return [
        *parts,
        _element("units", units),
        _element("unitgradingtype", "0" if q.unit_shown else "1"),
        _element("unitpenalty", "0.5"),
        _element("showunits", "2" if q.unit_shown else "0"),
        _element("unitsleft", "0"),
    ]


def _matching(q: Question) -> list[str]:
    rows = [
        _rich("subquestion", prompt, _element("answer", _text(match))) for prompt, match in q.pairs
    ]
    return [_element("shuffleanswers", "true"), *_combined(q), *rows]


def _ordering(q: Question) -> list[str]:
    # Pairs of steps in the right order earn the marks, as in the course.
    settings = {"layouttype": "VERTICAL", "selecttype": "ALL", "selectcount": "0",
                "gradingtype": "RELATIVE_ALL_PREVIOUS_AND_NEXT", "showgrading": "SHOW",
                "numberingstyle": "none"}  # fmt: skip
    steps = [_rich_answer(a, number(place)) for place, a in enumerate(q.answers, 1)]
    return [*(_element(tag, value) for tag, value in settings.items()), *_combined(q), *steps]


def _essay(q: Question) -> list[str]:
    return [
        _element("responseformat", "editor"),
        _element("responserequired", "1"),
        _element("responsefieldlines", "10"),
        _element("attachments", "0"),
        _element("attachmentsrequired", "0"),
        _rich("graderinfo", q.key),
        _rich("responsetemplate", ""),
    ]


_BODIES = {
    CHOICE: _choice, SHORT: _words, NUMBER: _numbers, MATCH: _matching, ORDER: _ordering,
    ESSAY: _essay,
}  # fmt: skip
