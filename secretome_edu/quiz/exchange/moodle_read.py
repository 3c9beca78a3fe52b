"""Moodle XML, read: through defusedxml, with the line of every question.

Document types, entities and external references are refused. What is missing but can be guessed is
noted, what contradicts itself is refused later with its line.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import unquote

from secretome_edu.quiz.bank import BankError
from secretome_edu.quiz.exchange import richtext
from secretome_edu.quiz.exchange.losses import DEGRADED, DROPPED
from secretome_edu.quiz.exchange.question import (
    CHOICE,
    ESSAY,
    MATCH,
    NUMBER,
    ORDER,
    SHORT,
    Answer,
    Picture,
    Question,
)
from secretome_edu.quiz.exchange.reading import Skipped, decimal, limited, plain_number
from secretome_edu.quiz.exchange.xmltree import Node, parse

_PICTURE = re.compile(r"[a-z0-9_-]+\.(png|svg)")
_LARGEST_PICTURE = 5_000_000


def read(content: bytes, file: str) -> tuple[list[Question], list[Skipped]]:
    """Return the questions of a Moodle XML file, and what is none of the course's kinds.

    Raises
    ------
    BankError
        If the file is not well-formed, not Moodle XML, or a part of it has no value at all.
    """
    root = parse(content, file)
    if root.tag != "quiz":
        raise BankError([f"{file}, line {root.line}: Moodle XML begins with <quiz>, "
                         f"this file with <{root.tag[:40]}>."])  # fmt: skip
    questions: list[Question] = []
    skipped: list[Skipped] = []
    problems: list[str] = []
    category = ""
    for node in root.children:
        place = f"line {node.line}"
        kind = node.attributes.get("type", "").strip()
        name = _plain(node.child("name"))
        if node.tag != "question":
            skipped.append(Skipped(f"<{node.tag[:40]}>", place, "is not a question"))
        elif kind == "category":
            category = _category(_plain(node.child("category")))
        elif kind not in _BODIES:
            why = f"questions of type {kind[:40]!r} have no place in a bank"
            skipped.append(Skipped(name or f"question in {place}", place, why))
        else:
            try:
                questions.append(_question(node, kind, category))
            except ValueError as problem:
                problems.append(f"{file}, {place}, question {name[:80]!r}: {problem}")
    if problems:
        raise BankError(problems)
    return questions, skipped


def _category(path: str) -> str:
    return re.split(r"(?<!/)/(?!/)", path)[-1].replace("//", "/").strip()


def _plain(node: Node | None) -> str:
    if node is None:
        return ""
    inner = node.child("text")
    return limited((inner or node).text.strip(), "a text")


def _question(node: Node, kind: str, category: str) -> Question:
    q = Question(_KINDS.get(kind, kind), "", "", category=category, place=f"line {node.line}")
    q.name = _plain(node.child("name"))
    if not q.name:
        q.note("id", DEGRADED, "the question has no name; its place stands for it")
        q.name = f"question-line-{node.line}"
    number = node.child("idnumber")
    q.number = limited(number.text.strip(), "an idnumber") if number else ""
    if node.child("questiontext") is None:
        raise ValueError("it has no <questiontext>.")
    q.stem = _rich(q, node.child("questiontext"), "stem")
    q.explanation = _rich(q, node.child("generalfeedback"), "solution")
    q.incorrect = _rich(q, node.child("incorrectfeedback"), "feedback_incorrect")
    grade = node.child("defaultgrade")
    q.grade = decimal(grade.text, "defaultgrade") if grade and grade.text.strip() else 1.0
    if q.grade not in (0.0, 0.5, 1.0):
        q.note("defaultgrade", DROPPED, "every item of a bank is worth the same")
    for hint in node.named("hint"):
        q.hints.append(_rich(q, hint, "hints"))
    q.hints = [hint for hint in q.hints if hint]
    tags = node.child("tags")
    q.tags = [_plain(tag) for tag in tags.named("tag")] if tags else []
    for correct in node.named("correctfeedback"):
        if _plain(correct):
            q.note("correctfeedback", DROPPED, "feedback on the whole right answer; see options")
    _BODIES[kind](q, node)
    return q


def _rich(q: Question, node: Node | None, part: str) -> str:
    """Return a formatted text as Markdown and note what it loses."""
    if node is None:
        return ""
    text, kind = _plain(node), node.attributes.get("format", "html").strip()
    if kind == "markdown":
        return richtext.clean(text)
    if kind == "plain_text":
        return richtext.escape(text)
    if kind not in ("html", "moodle_auto_format"):
        q.note(part, DEGRADED, f"unknown format {kind[:40]!r}, read as HTML")
    if kind == "moodle_auto_format":
        text = text.replace("\n", "<br>")
    found = richtext.from_html(text)
    for note in found.notes:
        q.note(part, DEGRADED, note)
    files = {unquote(file.attributes.get("name", "")): file for file in node.named("file")}
    for source, alt in found.pictures:
        _picture(q, part, source, alt, files)
    return found.text


def _picture(q: Question, part: str, source: str, alt: str, files: dict[str, Node]) -> None:
    name = unquote(source.removeprefix("@@PLUGINFILE@@/"))
    inside = source.startswith("@@PLUGINFILE@@/") and name in files
    shown = name if len(name) <= 60 else name[:57] + "..."
    if part != "stem":
        q.note(part, DEGRADED, f"picture {shown!r} is not imported; pictures stand in the stem")
        return
    if not inside:
        q.note("media", DROPPED, f"picture {shown!r} is not in the file")
        return
    if PurePosixPath(name).name != name or "\\" in name or not _PICTURE.fullmatch(name):
        q.note("media", DROPPED, f"picture {shown!r}: a name is lower-case letters, digits, - and "
               "_, and ends in .png or .svg")  # fmt: skip
        return
    try:
        content = base64.b64decode("".join(files[name].text.split()), validate=True)
    except (binascii.Error, ValueError):
        q.note("media", DROPPED, f"picture {shown!r} is not base64")
        return
    kind_fits = content.startswith(b"\x89PNG\r\n") if name.endswith(".png") else (
        b"<svg" in content[:2000]
    )  # fmt: skip
    if not kind_fits or len(content) > _LARGEST_PICTURE:
        q.note("media", DROPPED, f"picture {shown!r} is not what its name says, or too large")
        return
    q.pictures.append(Picture(name, alt, content))


def _share(node: Node) -> float:
    given = node.attributes.get("fraction")
    if given is None:
        raise ValueError(f"the answer in line {node.line} has no fraction.")
    share = decimal(given, f"the fraction in line {node.line}")
    if not -100 <= share <= 100:
        raise ValueError(f"the fraction {given!r} in line {node.line} is not from -100 to 100.")
    return share


def _answer(q: Question, node: Node, rich: bool) -> Answer:
    text = _rich(q, node, "options.text") if rich else _plain(node)
    if not text:
        raise ValueError(f"the answer in line {node.line} is empty.")
    return Answer(text, 0.0, _rich(q, node.child("feedback"), "options.feedback"))


def _flag(node: Node, tag: str, default: bool) -> bool:
    found = node.child(tag)
    return default if found is None else found.text.strip() not in ("", "0", "false")


def _answers(q: Question, node: Node, rich: bool) -> None:
    for child in node.named("answer"):
        answer = _answer(q, child, rich)
        answer.percent = _share(child)
        q.answers.append(answer)
    if not q.answers:
        raise ValueError("it has no <answer>.")


def _choice(q: Question, node: Node) -> None:
    q.single = _flag(node, "single", True)
    q.shuffle = _flag(node, "shuffleanswers", True)
    _answers(q, node, rich=True)


def _truefalse(q: Question, node: Node) -> None:
    _answers(q, node, rich=False)
    for answer in q.answers:
        answer.text = answer.text.capitalize()
    if sorted(answer.text for answer in q.answers) != ["False", "True"]:
        raise ValueError("a true/false question has the answers true and false.")


def _words(q: Question, node: Node) -> None:
    _answers(q, node, rich=False)
    if _flag(node, "usecase", False):
        q.note("accept", DEGRADED, "capital and small letters are the same here")
    for answer in q.answers:
        if re.search(r"(?<!\\)\*", answer.text) and answer.text.strip() != "*":
            q.note("accept", DEGRADED, f"{answer.text[:40]!r}: a star stands only for itself here")
        elif answer.text.strip() != "*":
            answer.text = answer.text.replace(r"\*", "*")


def _numbers(q: Question, node: Node) -> None:
    _answers(q, node, rich=False)
    for answer, child in zip(q.answers, node.named("answer"), strict=True):
        if answer.text != "*":
            answer.text = plain_number(answer.text, f"the answer in line {child.line}")
        spread = child.child("tolerance")
        if spread is not None and spread.text.strip() and answer.text != "*":
            answer.tolerance = decimal(spread.text, f"the tolerance in line {spread.line}")
            if answer.tolerance < 0:
                raise ValueError(f"the tolerance in line {spread.line} is below 0.")
    units = node.child("units")
    for unit in units.named("unit") if units else []:
        name, factor = unit.child("unit_name"), unit.child("multiplier")
        scale = decimal(factor.text, "a unit's multiplier") if factor and factor.text else 1.0
        if name is None or not name.text.strip():
            continue
        if scale == 1:
            q.units.append(limited(name.text.strip(), "a unit"))
        else:
            q.note(
                "unit", DEGRADED, f"{name.text.strip()[:40]!r} is converted by the course itself"
            )
    shown = node.child("showunits")
    q.unit_shown = shown is not None and shown.text.strip() in ("1", "2")
    if shown is not None and shown.text.strip() == "3":
        q.units = []


def _matching(q: Question, node: Node) -> None:
    for child in node.named("subquestion"):
        answer = child.child("answer")
        q.pairs.append((_rich(q, child, "pairs.prompt"), _plain(answer)))
    if not q.pairs:
        raise ValueError("it has no <subquestion>.")


def _ordering(q: Question, node: Node) -> None:
    ranked = []
    for place, child in enumerate(node.named("answer")):
        given = child.attributes.get("fraction", str(place + 1))
        rank = decimal(given, f"the place of the answer in line {child.line}")
        ranked.append((rank, place, _answer(q, child, rich=True)))
    q.answers = [answer for _, _, answer in sorted(ranked, key=lambda row: row[:2])]


def _essay(q: Question, node: Node) -> None:
    q.key = _rich(q, node.child("graderinfo"), "model_answer")


_KINDS = {"truefalse": CHOICE, "matching": MATCH}
_BODIES: dict[str, Callable[[Question, Node], None]] = {
    CHOICE: _choice, "truefalse": _truefalse, SHORT: _words, NUMBER: _numbers, MATCH: _matching,
    "matching": _matching, ORDER: _ordering, ESSAY: _essay,
}  # fmt: skip
