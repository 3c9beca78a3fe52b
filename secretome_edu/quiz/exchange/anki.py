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


def _block(markdown: str) -> str:
    shown = richtext.to_html(markdown)
    return shown if re.match(r"<(p|ul|ol|table|pre|blockquote|h\d)\b", shown) else f"<p>{shown}</p>"


def _front(item: Item) -> str:
    layout = Layout(item)
    parts = [_block(item.stem), f"<p><em>{ask(layout.public())}</em></p>"]
    for role in ("options", "steps", "rows", "choices", "reasons"):
        if layout.texts.get(role):
            if isinstance(item, kinds.TwoTier) and role == "reasons":
                parts.append(_block(item.reason_stem))
            rows = "".join(f"<li>{richtext.to_html(t)}</li>" for t in layout.texts[role].values())
            style = "decimal" if role == "rows" else "lower-alpha"
            parts.append(f'<ol style="list-style-type:{style}">{rows}</ol>')
    return "".join(parts)


def _back(item: Item) -> str:
    if isinstance(item, kinds.Prediction):
        return _block(item.explanation or "There is no right answer.")
    if isinstance(item, kinds.OpenAnswer):
        said = [f"**Model answer:** {item.model_answer}"]
        said.append("\n".join(f"- {' '.join(row.text.split())}" for row in item.rubric))
    else:
        said = [f"**Answer:** {answer_text(item)}"]
    said += [
        f"{option.text}: {option.feedback}"
        for name in ("options", "reasons")
        for option in getattr(item, name, [])
        if option.feedback and not option.correct
    ]
    said += [item.solution, *(evidence_line(evidence) for evidence in item.evidence)]
    return "".join(map(_block, said))


def _lose(item: Item, fates: Fates) -> None:
    """A card is read, not graded: texts and tags arrive, rules do not."""
    for name in ("options", "reasons", "pairs", "steps", "categories", "things", "rubric"):
        fates.drop("cards have no parts with names", f"{name}.id")
        fates.drop("a card has no tags for one answer", f"{name}.misconception")
        fates.drop("points into the course", f"{name}.review")
    fates.drop("Anki knows a card by its front", "id")
    fates.drop("grading rules mean nothing on a card", "tolerance", "typos", "interchangeable",
               "options.pin", "reasons.pin", "attempts", "unit_given", "rubric.points")  # fmt: skip
    fates.drop("you judge your card yourself", "confidence", "wrong_numbers.", "wrong_texts.",
               "feedback_incorrect", "pairs.feedback", "things.feedback")  # fmt: skip
    fates.drop("a card has no hints", "hints")
    fates.drop("points into the course", "review")
    fates.drop("a text file holds no pictures", "media")
    fates.drop("a card shows no topic", "topic")
    fates.degrade("a card to turn over", "type")
    fates.degrade("to four figures", "answer")
    fates.degrade("the first accepted answer only", "accept")
    fates.degrade("for wrong options only", "options.feedback", "reasons.feedback")
