"""Anki's text import: one note per item, front and back in HTML, tags; no library needed.

The header lines are those of https://docs.ankiweb.net/importing/text-files.html (Anki 2.1.54 and
later). A package (``.apkg``) would carry the same notes and need a library to write.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from secretome_edu.quiz import items as kinds
from secretome_edu.quiz.bank import Bank, Item
from secretome_edu.quiz.exchange import richtext
from secretome_edu.quiz.exchange.losses import Fates
from secretome_edu.quiz.exchange.outward import start
from secretome_edu.quiz.feedback import answer_text, evidence_line
from secretome_edu.quiz.layout import Layout
from secretome_edu.quiz.static import ask

_HEAD = (
    "#separator:tab",
    "#html:true",
    "#notetype:Basic",
    "#columns:Front\tBack\tDeck\tTags",
    "#deck column:3",
    "#tags column:4",
)
_CARD = "text on the card; Anki does not grade"


def write(banks: Sequence[Bank]) -> tuple[str, list[Fates]]:
    """Return banks as a text file for Anki, and the fates of their items."""
    lines, all_fates = list(_HEAD), []
    for bank in banks:
        deck = "Secretome Edu::" + re.sub(r"\s+", " ", bank.title).replace("::", ":")
        for item in bank.items:
            whole, fates = start(item)
            front, back = _front(whole), _back(whole)
            tags = f"{bank.bank} {item.objective} {item.bloom} {item.pool}"
            lines.append("\t".join([_field(front), _field(back), _field(deck), tags]))
            _lose(whole, fates)
            all_fates.append(fates)
    return "\n".join(lines) + "\n", all_fates


def _field(text: str) -> str:
    text = re.sub(r"[\t\n]+", " ", text)
    return f'"{text.replace(chr(34), chr(34) * 2)}"'


def _front(item: Item) -> str:
    public = Layout(item).public()
    parts = [richtext.to_html(item.stem), f"<p><em>{ask(public)}</em></p>"]
    texts = Layout(item).texts
    for role in ("options", "steps", "rows", "choices", "reasons"):
        if texts.get(role):
            head = f"<p>{richtext.to_html(item.reason_stem)}</p>" if role == "reasons" else ""  # type: ignore[union-attr]
            rows = "".join(f"<li>{richtext.to_html(text)}</li>" for text in texts[role].values())
            style = "decimal" if role == "rows" else "lower-alpha"
            parts.append(f'{head}<ol style="list-style-type:{style}">{rows}</ol>')
    return "".join(parts)


def _back(item: Item) -> str:
    if isinstance(item, kinds.Prediction):
        return richtext.to_html(item.explanation or "There is no right answer.")
    said = [f"**Answer:** {answer_text(item)}"] if not isinstance(item, kinds.OpenAnswer) else [
        f"**Model answer:** {item.model_answer}", *(f"- {row.text}" for row in item.rubric)
    ]  # fmt: skip
    for name in ("options", "reasons"):
        said += [f"*{o.text}:* {o.feedback}" for o in getattr(item, name, [])
                 if getattr(o, "feedback", None) and not getattr(o, "correct", False)]  # fmt: skip
    said += [item.solution, *(evidence_line(evidence) for evidence in item.evidence)]
    return "".join(f"<p>{richtext.to_html(part)}</p>" for part in said)


def _lose(item: Item, fates: Fates) -> None:
    """A card is read, not graded: texts and tags arrive, rules do not."""
    for name in ("options", "reasons", "pairs", "steps", "categories", "things", "rubric"):
        fates.drop("cards have no parts with names", f"{name}.id")
        fates.drop("a card has no tags for one answer", f"{name}.misconception")
        fates.drop("points into the course", f"{name}.review")
    fates.drop("grading rules mean nothing on a card", "tolerance", "typos", "interchangeable",
               "options.pin", "reasons.pin", "attempts", "unit_given", "rubric.points")  # fmt: skip
    fates.drop("you judge your card yourself", "confidence", "wrong_numbers.", "wrong_texts.",
               "feedback_incorrect", "pairs.feedback", "things.feedback")  # fmt: skip
    fates.drop("a card has no hints", "hints")
    fates.drop("points into the course", "review")
    fates.drop("a text file holds no pictures", "media")
    fates.drop("a card shows no topic", "topic")
    fates.degrade("on the back, for wrong options only", "options.feedback", "reasons.feedback")
    fates.degrade("in the answer on the back", "options.correct", "reasons.correct", "answer",
                  "unit", "accept", "things.category")  # fmt: skip
    fates.degrade(_CARD, "type", "id", "options.text", "reasons.text", "reason_stem", "pairs.match",
                  "pairs.prompt", "extra_matches", "steps.text", "categories.text", "things.text",
                  "rubric.text", "model_answer", "form", "evidence", "solution", "explanation",
                  "stem")  # fmt: skip
