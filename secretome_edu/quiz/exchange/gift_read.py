"""GIFT, read block by block; a blank line ends a question, ``//`` begins a comment."""

from __future__ import annotations

import re
from dataclasses import dataclass

from secretome_edu.quiz.bank import BankError
from secretome_edu.quiz.exchange import richtext
from secretome_edu.quiz.exchange.losses import DEGRADED
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
from secretome_edu.quiz.exchange.reading import Skipped, decimal, decoded, limited, plain_number

_FORMATS = ("html", "moodle", "plain", "markdown")
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d*)?)%")
_LARGEST_BLOCK = 400_000
_BLANK = "_____"
# A sign behind a backslash, kept out of the way of all that looks for signs.
_HIDDEN = {sign: chr(0xE000 + place) for place, sign in enumerate("\\~=#{}:n")}
_SHOWN = {ord(hidden): "\n" if sign == "n" else sign for sign, hidden in _HIDDEN.items()}


@dataclass(frozen=True)
class _Block:
    line: int
    text: str
    comment: str


def read(content: bytes, file: str) -> tuple[list[Question], list[Skipped]]:
    """Return the questions of a GIFT file, and what is none of the course's kinds.

    Raises
    ------
    BankError
        If a block is not GIFT: every such block with its line.
    """
    text, skipped = decoded(content, file)
    questions: list[Question] = []
    problems: list[str] = []
    category = ""
    for block in _blocks(text):
        place = f"line {block.line}"
        if block.text.startswith("$CATEGORY:"):
            category = block.text.removeprefix("$CATEGORY:").split("\n")[0].strip()
            category = re.split(r"(?<!/)/(?!/)", category)[-1].replace("//", "/").strip()
            if "\n" in block.text:
                problems.append(f"{file}, {place}: $CATEGORY needs a blank line behind it.")
            continue
        try:
            found = _question(block)
        except ValueError as problem:
            problems.append(f"{file}, {place}: {problem}")
            continue
        if isinstance(found, Skipped):
            skipped.append(found)
        else:
            found.category = category
            questions.append(found)
    if problems:
        raise BankError(problems)
    return questions, skipped


def _blocks(text: str) -> list[_Block]:
    found: list[_Block] = []
    lines: list[str] = []
    comments: list[str] = []
    start = 0
    for place, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip().startswith("//"):
            comments.append(line.strip()[2:])
        elif line.strip():
            start = start if lines else place
            lines.append(line)
        else:
            if lines:
                found.append(_Block(start, "\n".join(lines).strip(), "\n".join(comments)))
            lines, comments = [], []
    return found


def _question(block: _Block) -> Question | Skipped:
    if len(block.text) > _LARGEST_BLOCK:
        raise ValueError(f"a question of {len(block.text)} characters; at most {_LARGEST_BLOCK}.")
    text = re.sub(r"\\([\\~=#{}:n])", lambda found: _HIDDEN[found[1]], block.text)
    q = Question(CHOICE, "", "", place=f"line {block.line}")
    q.number = _first(r"\[id:([^\[\]]+)\]", block.comment)
    q.tags = [tag.strip() for tag in re.findall(r"\[tag:([^\[\]<>`]+)\]", block.comment)]
    if text.startswith("::"):
        name, closed, rest = text[2:].partition("::")
        if not closed:
            raise ValueError("a name begins with :: and has no second ::.")
        q.name, text = limited(_plain(name), "a name"), rest.strip()
    opened, closed_at = text.count("{"), text.count("}")
    if opened != closed_at or opened > 1:
        raise ValueError(f"{opened} opening and {closed_at} closing braces; one of each holds the "
                         r"answers, others are written \{ and \}.")  # fmt: skip
    if not opened:
        name = q.name or _plain(text)[:60]
        return Skipped(name, q.place, "a text without {answers} is a description, not a question")
    before, answers, after = re.split(r"[{}]", text)
    if text.index("{") > text.index("}"):
        raise ValueError("the closing brace comes before the opening one.")
    stem, default = _format(before.strip() + (f" {_BLANK}{after}" if after.strip() else ""))
    q.stem = _markdown(q, stem, default, "stem")
    q.name = q.name or re.sub(r"\s+", " ", q.stem)[:60]
    answers, mark, explanation = answers.rpartition("####")
    answers = answers if mark else explanation
    q.explanation = _text(q, explanation, default, "solution") if mark else ""
    _answers(q, answers.strip(), default)
    return q


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    return found[1].strip() if found else ""


def _plain(text: str) -> str:
    return richtext.clean(text.translate(_SHOWN)).strip()


def _format(text: str) -> tuple[str, str]:
    """Return a text without the name of its format, and that name."""
    found = re.match(r"\[(\w+)\]", text.lstrip())
    if found and found[1] in _FORMATS:
        return text.lstrip()[found.end() :], found[1]
    return text, "moodle"


def _text(q: Question, text: str, default: str, part: str) -> str:
    named = re.match(r"\s*\[(\w+)\]", text)
    if named and named[1] in _FORMATS:
        text, default = text[named.end() :], named[1]
    return _markdown(q, text, default, part)


def _markdown(q: Question, text: str, form: str, part: str) -> str:
    text = limited(_plain(text), "a text")
    if form == "markdown":
        return text
    if form == "plain":
        return richtext.escape(text)
    if form == "moodle":  # plain lines in which HTML is allowed
        text = text.replace("\n", "<br>")
    found = richtext.from_html(text)
    for note in found.notes:
        q.note(part, DEGRADED, note)
    for source, _ in found.pictures:
        q.note("media", "dropped", f"picture {source[:60]!r}: a text file holds no pictures")
    return found.text


def _answers(q: Question, text: str, default: str) -> None:
    if not text:
        q.kind = ESSAY
    elif text.startswith("#"):
        q.kind = NUMBER
        _numbers(q, text[1:], default)
    elif "~" in text:
        _choice(q, text, default)
    elif "=" in text and "->" in text:
        q.kind = MATCH
        _matching(q, text, default)
    elif re.match(r"(T|F|TRUE|FALSE)\s*(#|$)", text):
        _truefalse(q, text, default)
    elif re.match(r"(T|F|TRUE|FALSE)\s*(#|$)", text, re.I):
        q.note("options", DEGRADED, f"{text[:5]!r} is read as {text[:5].upper()}, which GIFT asks")
        _truefalse(q, text[:5].upper() + text[5:], default)
    else:
        q.kind = SHORT
        _words(q, text, default)


def _weighed(text: str, full: float) -> tuple[float, str]:
    """Return the percentage an answer begins with, or ``full``, and the rest."""
    text = text.strip()
    found = _WEIGHT.match(text)
    if found:
        share = float(found[1])
        if not -100 <= share <= 100:
            raise ValueError(f"a weight of {share:g} %; from -100 to 100 is possible.")
        return share, text[found.end() :]
    if re.match(r"%[^%\s]{0,8}%", text):
        raise ValueError(f"{text[:20]!r} begins with a weight that is not a number.")
    return full, text


def _divided(q: Question, text: str, default: str) -> tuple[str, str]:
    answer, _, feedback = text.partition("#")
    return answer.strip(), _text(q, feedback, default, "options.feedback")


def _pieces(text: str, signs: str) -> list[tuple[str, str]]:
    """Return the answers behind their signs."""
    parts = re.split(f"([{signs}])", text)
    if parts[0].strip():
        raise ValueError(f"{parts[0].strip()[:40]!r} stands before the first of {signs!r}.")
    return list(zip(parts[1::2], parts[2::2], strict=True))


def _choice(q: Question, text: str, default: str) -> None:
    q.single = "=" in text
    for sign, piece in _pieces(text, "=~"):
        share, rest = (100.0, piece) if sign == "=" else _weighed(piece, 0.0)
        answer, feedback = _divided(q, rest, default)
        shown = _text(q, answer, default, "options.text")
        if not shown:
            raise ValueError(f"an answer behind {sign!r} is empty.")
        q.answers.append(Answer(shown, share, feedback))


def _truefalse(q: Question, text: str, default: str) -> None:
    key, wrong, right, *_ = [*text.split("#"), "", ""]
    holds = key.strip().startswith("T")
    said = [_text(q, part, default, "options.feedback") for part in (right, wrong)]
    q.answers = [
        Answer("True", 100.0 * holds, said[0 if holds else 1]),
        Answer("False", 100.0 * (not holds), said[1 if holds else 0]),
    ]


def _words(q: Question, text: str, default: str) -> None:
    for _, piece in _pieces(text if "=" in text else f"={text}", "="):
        share, rest = _weighed(piece, 100.0)
        answer, feedback = _divided(q, rest, default)
        word = limited(_plain(_format(answer)[0]), "an answer")
        if not word:
            raise ValueError("an answer behind '=' is empty.")
        if re.search(r"(?<!\\)\*", word) and word != ANYTHING:
            q.note("accept", DEGRADED, f"{word[:40]!r}: a star stands only for itself here")
        elif word != ANYTHING:
            word = word.replace(r"\*", "*")
        q.answers.append(Answer(word, share, feedback))


def _numbers(q: Question, text: str, default: str) -> None:
    right, mark, rest = text.partition("~")
    pieces = _pieces(right, "=") if "=" in right else [("=", right)] if right.strip() else []
    for _, piece in pieces:
        share, written = _weighed(piece, 100.0)
        value, feedback = _divided(q, written, default)
        q.answers.append(_number(_plain(value), share, feedback))
    if not q.answers:
        raise ValueError("a numerical question without a number.")
    if mark:
        q.answers.append(Answer(ANYTHING, 0.0, _divided(q, rest, default)[1]))


def _number(text: str, share: float, feedback: str) -> Answer:
    if text == ANYTHING:
        return Answer(ANYTHING, share, feedback)
    if ".." in text:
        ends = [decimal(end, "an end of the range") for end in text.split("..", 1)]
        if ends[0] > ends[1]:
            raise ValueError(f"the range {text!r} ends before it begins.")
        middle = number((ends[0] + ends[1]) / 2)
        return Answer(middle, share, feedback, interval=(ends[0], ends[1]))
    value, _, spread = text.partition(":")
    tolerance = decimal(spread, "the tolerance") if spread.strip() else 0.0
    if tolerance < 0:
        raise ValueError(f"the tolerance {spread.strip()!r} is below 0.")
    return Answer(plain_number(value, "the number"), share, feedback, tolerance)


def _matching(q: Question, text: str, default: str) -> None:
    for _, piece in _pieces(text, "="):
        prompt, arrow, match = piece.partition("->")
        if not arrow:
            raise ValueError(f"{piece.strip()[:40]!r} has no '->'.")
        q.pairs.append(
            (_text(q, prompt, default, "pairs.prompt"), limited(_plain(match), "a match"))
        )
