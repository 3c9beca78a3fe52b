"""jupyterquiz JSON, read: its README and schema name the fields.

Its texts are HTML with ``$TeX$``; its keys are in the open, so nothing is written back.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import Any

from secretome_edu.quiz.bank import BankError
from secretome_edu.quiz.exchange import richtext
from secretome_edu.quiz.exchange.losses import DEGRADED, DROPPED
from secretome_edu.quiz.exchange.question import (
    ANYTHING,
    CHOICE,
    MATCH,
    NUMBER,
    SHORT,
    Answer,
    Question,
    half_a_figure,
    number,
)
from secretome_edu.quiz.exchange.reading import Skipped, decoded, limited
from secretome_edu.quiz.numbers import round_to_figures

_COMMON = {"question", "type", "code", "answers", "hint"}
_LARGEST_INTEGER_DIGITS = 300


def read(content: bytes, file: str) -> tuple[list[Question], list[Skipped]]:
    """Return the questions of a jupyterquiz file, and what is none of the course's kinds.

    Raises
    ------
    BankError
        If it is not JSON of that form: every question with its line.
    """
    text, skipped = decoded(content, file)
    questions: list[Question] = []
    problems: list[str] = []
    for place, (line, entry) in enumerate(_entries(text, file), 1):
        where = f"{file}, line {line}, question {place}"
        try:
            found = _question(entry, line, place)
        except ValueError as problem:
            problems.append(f"{where}: {problem}")
            continue
        if isinstance(found, Skipped):
            skipped.append(found)
        else:
            questions.append(found)
    if problems:
        raise BankError(problems)
    return questions, skipped


def _entries(text: str, file: str) -> list[tuple[int, Any]]:
    """Return the entries of the outer list with their lines."""
    decoder = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant,
                               parse_int=_integer)  # fmt: skip
    space = re.compile(r"\s*")
    found: list[tuple[int, Any]] = []
    at = _skip(space, text, 0)
    try:
        if text[at : at + 1] == "{":  # one question without a list around it
            entry, end = decoder.raw_decode(text, at)
            found.append((1, entry))
            at = _skip(space, text, end)
        elif text[at : at + 1] == "[":
            at = _skip(space, text, at + 1)
            line, counted = 1, 0
            while text[at : at + 1] != "]":
                line, counted = line + text.count("\n", counted, at), at
                entry, end = decoder.raw_decode(text, at)
                found.append((line, entry))
                at = _skip(space, text, end)
                if text[at : at + 1] == ",":
                    at = _skip(space, text, at + 1)
                    if text[at : at + 1] == "]":
                        raise json.JSONDecodeError("a comma before the closing bracket", text, at)
                elif text[at : at + 1] != "]":
                    raise json.JSONDecodeError("a comma or a bracket is missing", text, at)
            at = _skip(space, text, at + 1)
        else:
            raise json.JSONDecodeError("jupyterquiz is a list of questions: [ {...} ]", text, at)
        if at < len(text):
            raise json.JSONDecodeError("something follows the list", text, at)
    except json.JSONDecodeError as problem:
        raise BankError([f"{file}, line {problem.lineno}: not JSON: {problem.msg}."]) from None
    except (ValueError, RecursionError) as problem:
        line = text.count("\n", 0, at) + 1
        why = "nested too deep" if isinstance(problem, RecursionError) else problem
        raise BankError([f"{file}, line {line}: {why}."]) from None
    return found


def _skip(space: re.Pattern[str], text: str, at: int) -> int:
    found = space.match(text, at)
    return found.end() if found else at


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        often = Counter(name for name, _ in pairs)
        twice = next(name for name, times in often.items() if times > 1)
        raise ValueError(f"{twice[:40]!r} is there twice in one part")
    return found


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number of JSON")


def _integer(text: str) -> int:
    if len(text) > _LARGEST_INTEGER_DIGITS:
        raise ValueError(f"a number of {len(text)} digits")
    return int(text)


def _question(entry: Any, line: int, place: int) -> Question | Skipped:
    if not isinstance(entry, dict):
        raise ValueError("a question is {...} with question, type and answers.")
    kind = entry.get("type")
    if not isinstance(kind, str):
        raise ValueError("type is missing; multiple_choice, many_choice, numeric, string or match.")
    if kind not in _BODIES:
        what = f"question {place}"
        return Skipped(what, f"line {line}", f"type {kind[:40]!r} has no place in a bank")
    q = Question("", f"question {place}", "", place=f"line {line}")
    q.stem = _rich(q, entry.get("question"), "question", "stem")
    q.name = f"question-{place}"
    if "code" in entry:
        q.stem += f"\n\n```\n{_string(entry['code'], 'code').strip()}\n```"
    if "hint" in entry:
        q.hints = [_rich(q, entry["hint"], "hint", "hints")]
    known = _COMMON | _MORE.get(kind, set())
    unknown = sorted(set(entry) - known)
    if unknown:
        q.note("fields", DROPPED, f"unknown: {', '.join(unknown)[:200]}")
    _BODIES[kind](q, entry)
    return q


def _string(value: Any, what: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{what} is missing or not a text.")
    return limited(value, what)


def _rich(q: Question, value: Any, what: str, part: str) -> str:
    found = richtext.from_html(_string(value, what), dollars=True)
    for note in found.notes:
        q.note(part, DEGRADED, note)
    for source, _ in found.pictures:
        q.note("media", DROPPED, f"picture {source[:60]!r} is not in the file")
    if not found.text:
        raise ValueError(f"{what} shows nothing.")
    return found.text


def _rows(entry: dict[str, Any], name: str = "answers") -> list[dict[str, Any]]:
    rows = entry.get(name)
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise ValueError(f"{name} is missing or not a list of {{...}}.")
    return rows


def _correct(row: dict[str, Any]) -> bool:
    correct = row.get("correct")
    if not isinstance(correct, bool):
        raise ValueError(f"correct is {str(correct)[:40]!r}; true or false is needed.")
    return correct


def _said(q: Question, row: dict[str, Any]) -> str:
    if row.get("feedback") in (None, ""):
        return ""
    return _rich(q, row["feedback"], "feedback", "options.feedback")


def _choice(q: Question, entry: dict[str, Any]) -> None:
    q.kind = CHOICE
    for row in _rows(entry):
        if "code" in row and "answer" not in row:
            code = " ".join(_string(row["code"], "code").split())
            text = f"`{code}`" if "`" not in code else richtext.escape(code)
        else:
            text = _rich(q, row.get("answer"), "answer", "options.text")
            if "code" in row:
                text += f" `{' '.join(_string(row['code'], 'code').split())}`"
        q.answers.append(Answer(text, 100.0 * _correct(row), _said(q, row)))
    right = sum(answer.percent > 0 for answer in q.answers)
    q.single = entry["type"] == "multiple_choice"
    if q.single and right > 1:  # its front end takes any of them; only many_choice asks for all
        q.single = False
        q.note("type", DEGRADED, f"{right} right answers: all of them are asked for")
    if not right:
        raise ValueError("no answer is correct.")


def _finite(value: Any, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{what} is {str(value)[:40]!r}; a number is needed.")
    if not math.isfinite(float(value)):
        raise ValueError(f"{what} is too large.")
    return float(value)


def _numbers(q: Question, entry: dict[str, Any]) -> None:
    q.kind = NUMBER
    figures = entry.get("precision")
    if figures is not None and (isinstance(figures, bool) or not isinstance(figures, int)
                                or not 1 <= figures <= 8):  # fmt: skip
        raise ValueError(f"precision is {str(figures)[:40]!r}; from 1 to 8 significant figures.")
    for row in _rows(entry):
        if "value" in row:
            value = _finite(row["value"], "value")
            answer = Answer(number(value), 100.0 * _correct(row), _said(q, row))
            if figures:  # its page rounds both before it compares
                half, rounded = half_a_figure(value, figures), round_to_figures(value, figures)
                answer.interval = (rounded - half, rounded + half)
                q.note("tolerance", DEGRADED, f"as the range that rounds to {rounded:g}")
            q.answers.append(answer)
        elif "range" in row:
            _range(q, row)
        elif row.get("type") == "default":
            q.answers.append(Answer(ANYTHING, 0.0, _said(q, row)))
        else:
            raise ValueError("a numeric answer has value, range or type default.")
    q.answers.sort(key=lambda answer: (answer.text == ANYTHING, -answer.percent))


def _range(q: Question, row: dict[str, Any]) -> None:
    ends = row["range"]
    if not isinstance(ends, list) or len(ends) != 2:
        raise ValueError("range is [low, high].")
    low, high = (_finite(end, "an end of the range") for end in ends)
    if low > high:
        raise ValueError(f"the range [{low:g}, {high:g}] ends before it begins.")
    if not _correct(row):
        q.note("wrong_numbers", DROPPED, f"feedback on the range {low:g} to {high:g}")
        return
    q.note("tolerance", DEGRADED, "the upper end of the range counts, too")
    middle = number((low + high) / 2)
    q.answers.append(Answer(middle, 100.0, _said(q, row), interval=(low, high)))


def _words(q: Question, entry: dict[str, Any]) -> None:
    q.kind = SHORT
    for row in _rows(entry):
        if row.get("type") == "default":
            q.answers.append(Answer(ANYTHING, 0.0, _said(q, row)))
            continue
        text = _string(row.get("answer"), "answer").strip()
        q.answers.append(Answer(text, 100.0 * _correct(row), _said(q, row)))
        for name in ("match_case", "fuzzy_threshold"):
            if name in row:
                q.note("accept", DEGRADED, f"{name} is not kept: case never matters here")


def _matching(q: Question, entry: dict[str, Any]) -> None:
    q.kind = MATCH
    for row in _rows(entry, "pairs"):
        label = _rich(q, row.get("label"), "label", "pairs.prompt")
        q.pairs.append((label, _string(row.get("answer"), "answer").strip()))
    options = entry.get("options")
    if not isinstance(options, list) or not all(isinstance(o, str) and o for o in options):
        raise ValueError("options is missing or not a list of texts.")
    used = {match for _, match in q.pairs}
    if not used <= {option.strip() for option in options}:
        raise ValueError("the answer of a pair is not among the options.")
    q.pairs += [("", option.strip()) for option in options if option.strip() not in used]


_MORE = {"numeric": {"precision"}, "string": {"input_width"}, "many_choice": {"answer_cols"},
         "multiple_choice": {"answer_cols"},
         "match": {"pairs", "options", "shuffle_pairs", "shuffle_options"}}  # fmt: skip
_BODIES = {
    "multiple_choice": _choice, "many_choice": _choice, "numeric": _numbers, "string": _words,
    "match": _matching,
}  # fmt: skip
