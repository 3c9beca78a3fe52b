"""A quiz on paper: one file with the questions, another with the key; both stand alone.

Letters and orders are those of the screen, so an answer sheet can be checked against either.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from typing import Any

from secretome_edu.quiz import items as kinds
from secretome_edu.quiz.bank import Bank, Item
from secretome_edu.quiz.exchange import richtext
from secretome_edu.quiz.exchange.losses import Fates
from secretome_edu.quiz.exchange.outward import start
from secretome_edu.quiz.feedback import solution
from secretome_edu.quiz.layout import Layout
from secretome_edu.quiz.static import ask, picture
from secretome_edu.ui import markup

_LINES = {"numeric": 1, "short_text": 1, "prediction": 2, "open_answer": 6}
_CHOSEN = ("single_choice", "multiple_choice", "two_tier", "prediction")


def write(banks: Sequence[Bank]) -> tuple[dict[str, str], list[Fates]]:
    """Return the questions (``""``) and the key (``"-key"``) as HTML, and the items' fates."""
    asked, keyed, all_fates = [], [], []
    number = 0
    for bank in banks:
        questions, answers = [], []
        for item in bank.items:
            number += 1
            whole, fates = start(item)
            layout = Layout(whole)
            questions.append(_question(whole, layout, number))
            answers.append(_answer(whole, layout, number))
            _lose(whole, fates)
            all_fates.append(fates)
        head = f"<h2>{escape(bank.title)}</h2>"
        asked.append(f"<section>{head}{''.join(questions)}</section>")
        keyed.append(f"<section>{head}{''.join(answers)}</section>")
    title = banks[0].title if len(banks) == 1 else "Secretome Edu"
    blank = '<p class="who"><span>Name</span><span>Date</span></p>'
    pages = {
        "": _page(title, blank + "".join(asked)),
        "-key": _page(f"{title}: key", "".join(keyed)),
    }
    return pages, all_fates


def _page(title: str, body: str) -> str:
    style = files(__package__).joinpath("printable.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style></head>\n"
        f"<body><main><h1>{escape(title)}</h1>\n{body}\n</main></body>\n</html>\n"
    )


def _question(item: Item, layout: Layout, number: int) -> str:
    public = layout.public()
    box = "○" if item.type in ("single_choice", "two_tier", "prediction") else "☐"
    parts = [f'<h3><span class="number">{number}.</span> {public["legend"]}</h3>{public["body"]}']
    parts += [picture(media) for media in public["media"]]
    how = "Number the steps in the right order." if item.type == "ordering" else ask(public)
    parts.append(f'<p class="ask">{escape(how)}</p>')
    for role in ("options", "steps", "rows", "choices", "reasons"):
        if not public.get(role):
            continue
        head = {"choices": "Choices", "reasons": public.get("reason_stem", "")}.get(role)
        parts.append(f'<p class="head">{head}</p>' if head else "")
        tick = role in ("options", "reasons") and item.type in _CHOSEN
        blank = role in ("rows", "steps")
        parts.append(_rows(public[role], box if tick else "", blank))
    unit = f" {escape(public['unit'])}" if public.get("unit") else ""
    if not public.get("options"):
        line = f'<p class="line">{unit}</p>'
        parts.append(line * _LINES.get(item.type, 0))
    return f"<article>{''.join(parts)}</article>"


def _rows(rows: list[dict[str, str]], box: str, blank: bool) -> str:
    mark = f'<span class="box" aria-hidden="true">{box}</span> ' if box else ""
    gap = '<span class="gap" aria-hidden="true"></span> ' if blank else ""
    return "<ul>" + "".join(
        f'<li>{mark}{gap}<span class="letter">{escape(row["name"])})</span> {row["html"]}</li>'
        for row in rows
    ) + "</ul>"  # fmt: skip


def _answer(item: Item, layout: Layout, number: int) -> str:
    letters = _letters(item, layout)
    head = f'<h3><span class="number">{number}.</span> {escape(letters or "See below")}</h3>'
    said = solution(item)
    if isinstance(item, kinds.OpenAnswer):
        rows = [f"{markup.to_inline_html(row.text)} ({row.points:g})" for row in item.rubric]
        said.append("**Rubric** (points):")
        extra = "<ul>" + "".join(f"<li>{row}</li>" for row in rows) + "</ul>"
    else:
        extra = ""
    if isinstance(item, kinds.Prediction):
        said = [item.explanation or "There is no right answer."]
    wrong = "".join(
        f"<li>{markup.to_inline_html(part.text)}: {markup.to_inline_html(part.feedback)}</li>"
        for name in ("options", "reasons") for part in getattr(item, name, [])
        if getattr(part, "feedback", None) and not part.correct
    )  # fmt: skip
    refuted = f'<p class="head">Why the others are wrong</p><ul>{wrong}</ul>' if wrong else ""
    said += _marking(item)
    body = "".join(markup.to_html(part) for part in said)
    name = f'<p class="ask">{escape(item.id)}, objective {escape(item.objective)}</p>'
    return f"<article>{head}{name}{body}{extra}{refuted}</article>"


def _letters(item: Item, layout: Layout) -> str:
    """Return the right answer in the letters of the sheet."""
    found: Any = None
    if isinstance(item, kinds.SingleChoice):
        found = layout.to_public(next(o.id for o in item.options if o.correct))
    elif isinstance(item, kinds.MultipleChoice):
        found = ", ".join(sorted(layout.to_public([o.id for o in item.options if o.correct])))
    elif isinstance(item, kinds.TwoTier):
        both = [next(o.id for o in part if o.correct) for part in (item.options, item.reasons)]
        public = layout.to_public(dict(zip(("answer", "reason"), both, strict=True)))
        found = f"{public['answer']} because {public['reason']}"
    elif isinstance(item, kinds.Ordering):
        found = ", ".join(layout.to_public([step.id for step in item.steps]))
    elif isinstance(item, kinds.Matching | kinds.Categorize):
        rows = (
            {pair.id: pair.id for pair in item.pairs} if isinstance(item, kinds.Matching)
            else {thing.id: thing.category for thing in item.things}
        )  # fmt: skip
        public = layout.to_public(rows)
        found = ", ".join(f"{row} {public[row]}" for row in layout.texts["rows"])
    return str(found or "")


def _marking(item: Item) -> list[str]:
    """Return what a person who marks needs beside the answer."""
    if isinstance(item, kinds.Numeric):
        limits = {name: value for name, value in item.tolerance if value is not None}
        if "relative" in limits:
            limits["relative"] *= 100
        words = {"absolute": "± {:g}", "relative": "± {:.4g} %",
                 "significant_figures": "{} significant figures"}  # fmt: skip
        return [f"Accept {words[n].format(v)}." for n, v in limits.items() if n in words]
    if isinstance(item, kinds.ShortText) and len(item.accept) > 1:
        return [f"Accept also: {', '.join(map(richtext.escape, item.accept[1:]))}."]
    if isinstance(item, kinds.Ordering):
        texts = {step.id: step.text for step in item.steps}
        groups = [", ".join(texts[name] for name in group) for group in item.interchangeable]
        return [f"In any order: {group}." for group in groups]
    return []


def _lose(item: Item, fates: Fates) -> None:
    """Paper shows texts; it neither grades nor reacts."""
    for name in ("options", "reasons", "pairs", "steps", "categories", "things", "rubric"):
        fates.drop("letters stand for them", f"{name}.id")
        fates.drop("paper cannot tell who chose it", f"{name}.misconception", f"{name}.review")
    fates.drop("you mark by hand", "typos", "attempts", "confidence", "options.pin", "reasons.pin",
               "wrong_numbers.", "wrong_texts.")  # fmt: skip
    fates.drop("paper does not react", "feedback_incorrect", "pairs.feedback", "things.feedback",
               "hints", "review")  # fmt: skip
    fates.drop("for the course's own books", "pool", "bloom", "topic")
    fates.degrade("to be marked by hand", "type")
    fates.degrade("to four figures, in the key", "answer")
    fates.degrade("in the key, for wrong options only", "options.feedback", "reasons.feedback")
