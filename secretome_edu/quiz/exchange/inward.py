"""From questions of another system to a bank, with every problem named before anything is made."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Any

from pydantic import ValidationError

from secretome_edu.quiz import items as kinds
from secretome_edu.quiz.bank import BankError
from secretome_edu.quiz.exchange import richtext
from secretome_edu.quiz.exchange.key import MODEL_ANSWER, read_evidence, read_key
from secretome_edu.quiz.exchange.losses import DEGRADED, DROPPED, KEPT, Loss, content
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
)
from secretome_edu.quiz.items import TYPES, Bank
from secretome_edu.quiz.parts import POOLS
from secretome_edu.quiz.units import parse_unit
from secretome_edu.ui.messages import BadValue

_NO_SOLUTION = "No explanation came with this question."
_TAGS = {
    "pool": "|".join(POOLS),
    "objective": r"[a-z][a-z_]*\.\d+",
    "bloom": "remember|understand|apply|analyze|evaluate|create",
    "topic": "course",
}
_ASSUMED = {"objective": "imported.1", "bloom": "understand", "pool": "quiz"}


class Refused(BadValue):
    """A question that contradicts itself; the whole file is refused with it."""


def to_bank(questions: list[Question], name: str, file: str) -> tuple[Bank, list[Loss]]:
    """Return a bank of all questions and the fates of their parts.

    Parameters
    ----------
    questions : list of Question
        As a reader of a format found them.
    name : str
        Slug of the new bank.
    file : str
        What messages call the file.

    Raises
    ------
    BankError
        If one question contradicts itself or the rules of a bank: names all of them with their
        line. Nothing is made then.
    """
    problems: list[str] = []
    losses: list[Loss] = []
    items: list[kinds.Item] = []
    taken: Counter[str] = Counter()
    for question in questions:
        wanted = slug_of(question.number or question.name, "question")
        item_id = _unique(wanted, taken)
        if item_id != wanted:
            question.note("id", DEGRADED, f"{wanted!r} is there twice")
        where = f"{file}, {question.place}, question {(question.name or item_id)[:80]!r}"
        try:
            fields = _item(question, item_id)
            item = TYPES[fields["type"]].model_validate(fields)
        except ValidationError as found:
            problems += [f"{where}: {_said(error)}." for error in found.errors()]
        except Refused as problem:
            problems.append(f"{where}: {problem}")
        else:
            items.append(item)  # type: ignore[arg-type]
            losses += _fates(item, question)
    if not questions:
        problems.append(f"{file}: there is no question in it that a bank can hold.")
    if problems:
        raise BankError(problems)
    title = next((q.category for q in questions if q.category), "") or name.replace("_", " ")
    return Bank(schema_version=1, bank=name, title=title[:200], items=items), losses


def _said(error: Any) -> str:
    place = ".".join(str(p + 1) if isinstance(p, int) else str(p) for p in error["loc"])
    message = str(error["ctx"]["error"]) if error["type"] == "value_error" else error["msg"]
    return f"{place}: {message}" if place else message


def _fates(item: Any, question: Question) -> list[Loss]:
    noted = {part for part, _, _ in question.notes}
    told = [part for part in content(item) if part not in ("confidence", "typos")]
    kept = [Loss(item.id, part, KEPT) for part in told if part not in noted]
    return kept + [Loss(item.id, *note) for note in question.notes]


def slug_of(text: str, otherwise: str = "imported") -> str:
    """Return a text as a slug of a bank, an item or an option."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    if re.fullmatch(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*", ascii_text) and len(ascii_text) <= 60:
        return ascii_text
    slug = "-".join(re.findall(r"[a-z0-9]+", ascii_text)) or otherwise
    return slug if len(slug) <= 40 else slug[:41].rpartition("-")[0] or slug[:40]


def _unique(slug: str, taken: Counter[str]) -> str:
    name = slug
    while name in taken:
        taken[slug] += 1
        name = f"{slug}-{taken[slug]}"
    taken[name] += 1
    return name


def _named(texts: list[str]) -> list[dict[str, Any]]:
    taken: Counter[str] = Counter()
    return [{"id": _unique(slug_of(text, "x"), taken), "text": text} for text in texts]


def _item(q: Question, item_id: str) -> dict[str, Any]:
    """Return the fields of the item a question becomes."""
    if not q.stem.strip() and not q.pictures:
        raise Refused("it has no question text.")
    fields: dict[str, Any] = {"id": item_id, "stem": q.stem.strip() or "See the picture."}
    fields |= _tagged(q)
    explanation, evidence = read_evidence(q.explanation.strip())
    fields |= {"solution": explanation, "evidence": evidence, "hints": q.hints}
    if q.incorrect:
        fields["feedback_incorrect"] = q.incorrect
    if q.pictures:
        fields["media"] = [{"file": p.name, "alt": p.alt} for p in q.pictures]
    fields |= _READERS[q.kind](q, fields)
    if fields["type"] == "prediction":
        fields["pool"] = "prediction"
        if fields["solution"]:
            fields["explanation"] = fields["solution"]
        del fields["solution"]
        fields.pop("feedback_incorrect", None)
    elif not fields["solution"]:
        fields["solution"] = _NO_SOLUTION
        q.note("solution", DEGRADED, "the file has none; a placeholder stands there")
    return {name: value for name, value in fields.items() if value not in ([], "", None)}


def _tagged(q: Question) -> dict[str, Any]:
    """Return what our own tags say; foreign tags have no place in a bank."""
    found: dict[str, Any] = {}
    foreign = []
    for tag in q.tags:
        name, _, value = tag.partition(":")
        if name in _TAGS and re.fullmatch(_TAGS[name], value):
            found[name] = value
        elif re.fullmatch(r"M\d{2,3}", tag):
            q.note("misconception", DROPPED, f"{tag} does not say to which answer it belongs")
        else:
            foreign.append(tag)
    if foreign:
        q.note("tags", DROPPED, f"a bank has no tags: {', '.join(foreign)[:200]}")
    for name, otherwise in _ASSUMED.items():
        if name not in found:
            found[name] = otherwise
            q.note(name, DEGRADED, f"the file names none; {otherwise!r} stands there")
    return found


# -- one reader per kind -----------------------------------------------------------------------


def _choice(q: Question, fields: dict[str, Any]) -> dict[str, Any]:
    if len(q.answers) < 2:
        raise Refused("a choice needs two answers or more.")
    options = _named([answer.text for answer in q.answers])
    for option, answer in zip(options, q.answers, strict=True):
        if answer.feedback:
            option["feedback"] = answer.feedback
    shares = [answer.percent for answer in q.answers]
    if q.single and all(share == 100 for share in shares):
        if any(answer.feedback for answer in q.answers):
            q.note("options.feedback", DROPPED, "a prediction has no feedback per option")
        plain = [{"id": option["id"], "text": option["text"]} for option in options]
        return {"type": "prediction", "options": plain}
    for option, share in zip(options, shares, strict=True):
        option["correct"] = share == 100 if q.single else share > 0
    if q.single and shares.count(100) != 1:
        raise Refused(f"exactly one answer must earn 100 %, {shares.count(100)} do.")
    right = [share for share in shares if share > 0]
    if max(right, default=0) - min(right, default=0) > 5.1:
        weights = "only the full answer counts" if q.single else "each right answer counts alike"
        q.note("options.correct", DEGRADED, f"partial marks are not kept; {weights}")
    if not q.shuffle:
        q.note("options", DEGRADED, "the course mixes options")
    return {"type": "single_choice" if q.single else "multiple_choice", "options": options}


def _words(q: Question, fields: dict[str, Any]) -> dict[str, Any]:
    catch = [a for a in q.answers if a.text.strip() == ANYTHING]
    answers = [a for a in q.answers if a not in catch]
    right = [a.text for a in answers if a.percent >= 100]
    if not right:
        raise Refused("no answer earns 100 %.")
    if any(0 < a.percent < 100 for a in q.answers):
        q.note("accept", DEGRADED, "answers with part of the marks are not kept")
    accept = list(dict.fromkeys(right))
    wrong: dict[str, list[str]] = {}
    for answer in answers:
        if answer.percent <= 0:
            if answer.feedback:
                wrong.setdefault(answer.feedback, []).append(answer.text)
            else:
                q.note("wrong_texts", DROPPED, "a wrong answer without feedback says nothing")
    if any(a.feedback for a in answers if a.percent >= 100):
        q.note("accept", DEGRADED, "feedback on right words is not kept; see the solution")
    patterns = [{"text": texts, "feedback": feedback} for feedback, texts in wrong.items()]
    return {"type": "short_text", "accept": accept, "typos": 0, "wrong_texts": patterns,
            **_catch_all(catch, fields)}  # fmt: skip


def _catch_all(catch: list[Answer], fields: dict[str, Any]) -> dict[str, Any]:
    said = next((a.feedback for a in catch if a.percent <= 0 and a.feedback), None)
    return {"feedback_incorrect": said or fields.get("feedback_incorrect")}


def _number(q: Question, fields: dict[str, Any]) -> dict[str, Any]:
    catch = [a for a in q.answers if a.text.strip() == ANYTHING]
    answers = [a for a in q.answers if a not in catch]
    right = [a for a in answers if a.percent >= 100]
    if not right and any(a.percent >= 100 for a in catch):
        return {"type": "prediction", "form": "number"}
    if not right:
        raise Refused("no number earns 100 %.")
    if len(right) > 1 or any(0 < a.percent < 100 for a in answers):
        q.note("answer", DEGRADED, "one number only; other accepted numbers are not kept")
    best = right[0]
    if best.interval:
        low, high = best.interval
        tolerance: dict[str, Any] = {"low": low, "high": high}
    else:
        tolerance = {"absolute": best.tolerance}
    if best.feedback:
        q.note("answer", DEGRADED, "feedback on the right number is not kept; see the solution")
    wrong = []
    for answer in answers:
        if answer.percent <= 0 and answer.feedback:
            wrong.append({"value": float(answer.text), "feedback": answer.feedback})
        elif answer.percent <= 0:
            q.note("wrong_numbers", DROPPED, "a wrong number without feedback says nothing")
    return {"type": "numeric", "answer": {"value": float(best.text)}, "tolerance": tolerance,
            "wrong_numbers": wrong, **_unit(q, fields), **_catch_all(catch, fields)}  # fmt: skip


def _unit(q: Question, fields: dict[str, Any]) -> dict[str, Any]:
    if not q.units:
        return {}
    try:
        parse_unit(q.units[0])
    except BadValue:
        q.note("unit", DEGRADED, f"{q.units[0]!r} is not a unit here; it stands in the question")
        return {"stem": f"{fields['stem']} ({richtext.escape(q.units[0])})"}
    return {"unit": q.units[0], **({"unit_given": True} if q.unit_shown else {})}


def _matching(q: Question, fields: dict[str, Any]) -> dict[str, Any]:
    rows = [(prompt, match) for prompt, match in q.pairs if prompt]
    if any(not match.strip() for _, match in rows):
        raise Refused("a row has no match.")
    extra = list(dict.fromkeys(m for p, m in q.pairs if not p and m not in {r[1] for r in rows}))
    things = _named([prompt for prompt, _ in rows])
    used = list(dict.fromkeys(match for _, match in rows))
    if len(used) < len(rows):
        categories = _named([richtext.escape(text) for text in [*used, *extra]])
        ids = dict(zip([*used, *extra], [c["id"] for c in categories], strict=True))
        for thing, (_, match) in zip(things, rows, strict=True):
            thing["category"] = ids[match]
        return {"type": "categorize", "categories": categories, "things": things}
    pairs = [
        {"id": thing["id"], "prompt": thing["text"], "match": richtext.escape(match)}
        for thing, (_, match) in zip(things, rows, strict=True)
    ]
    return {"type": "matching", "pairs": pairs, "extra_matches": list(map(richtext.escape, extra))}


def _ordering(q: Question, fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "ordering", "steps": _named([answer.text for answer in q.answers])}


def _essay(q: Question, fields: dict[str, Any]) -> dict[str, Any]:
    if fields.get("pool") == "prediction":
        return {"type": "prediction", "form": "text"}
    text = q.key
    if not text:
        explanation, mark, text = q.explanation.partition(f"{MODEL_ANSWER}\n\n")
        if mark:
            solution, evidence = read_evidence(explanation.strip())
            fields |= {"solution": solution, "evidence": evidence}
    answer, rubric = read_key(text)
    if not rubric:
        q.note("rubric", DEGRADED, "the file has none; one row stands for the whole")
        rubric = [{"text": "Says what the model answer says"}]
    if not answer:
        q.note("model_answer", DEGRADED, "the file has none; the explanation stands there")
        answer = fields["solution"] or _NO_SOLUTION
    rows = _named([row["text"] for row in rubric])
    rows = [{**row, **name} for row, name in zip(rubric, rows, strict=True)]
    return {"type": "open_answer", "model_answer": answer, "rubric": rows}


_READERS = {
    CHOICE: _choice, SHORT: _words, NUMBER: _number, MATCH: _matching, ORDER: _ordering,
    ESSAY: _essay,
}  # fmt: skip
