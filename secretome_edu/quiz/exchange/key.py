"""Model answers with their rubric, and evidence, as text that can be read back.

Moodle has one field for the first (notes for graders) and none for the second.
"""

from __future__ import annotations

import re
from typing import Any

from secretome_edu.quiz.exchange.question import number
from secretome_edu.quiz.items import OpenAnswer
from secretome_edu.quiz.parts import Evidence

MODEL_ANSWER = "**Model answer**"
_RUBRIC = "**Rubric**"
_ROW = re.compile(r"\d+\. (.*\S)\s+\((\d+\.?\d*(?:e[-+]?\d+)?) points?\)", re.A)
_EVIDENCE = re.compile(
    r"\*\*Evidence:\*\* .*\\?\[([\w.:/-]+)\\?\] "
    r"\((established|emerging|contested), as of (\d{4}-\d\d-\d\d)\)(?:: (.+))?"
)


def key_text(item: OpenAnswer) -> str:
    """Return a model answer and its rubric as Markdown."""
    rows = [
        f"{place}. {row.text} ({number(row.points)} {'point' if row.points == 1 else 'points'})"
        for place, row in enumerate(item.rubric, 1)
    ]
    return "\n\n".join([item.model_answer, _RUBRIC, "\n".join(rows)])


def read_key(text: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the model answer and the rows of the rubric; none if the text has no rubric."""
    answer, mark, rubric = text.partition(f"{_RUBRIC}\n\n")
    rows = [_ROW.fullmatch(line) for line in rubric.split("\n")] if mark else []
    if not rows or not all(rows):
        return text.strip(), []
    read = [{"text": row[1], "points": float(row[2])} for row in rows if row]
    return answer.strip(), read


def with_evidence(text: str, evidence: list[Evidence]) -> str:
    """Return an explanation with its evidence under it."""
    return "\n\n".join([part for part in [text, *map(_evidence_text, evidence)] if part])


def read_evidence(text: str) -> tuple[str, list[dict[str, str]]]:
    """Return an explanation without the evidence under it, and the evidence."""
    paragraphs = text.split("\n\n")
    found: list[dict[str, str]] = []
    while paragraphs and (match := _EVIDENCE.fullmatch(paragraphs[-1])):
        reference, strength, as_of, claim = match.groups()
        row = {"reference": reference, "strength": strength, "as_of": as_of}
        found.insert(0, {**row, **({"claim": claim} if claim else {})})
        paragraphs.pop()
    return "\n\n".join(paragraphs), found


def _evidence_text(evidence: Evidence) -> str:
    from secretome_edu import data
    from secretome_edu.ui.messages import UnknownName

    try:
        cited = data.cite(evidence.reference)
        short = f"{cited}, doi {cited.doi}" if cited.doi else str(cited)
    except UnknownName:
        short = evidence.reference
    claim = f": {' '.join(evidence.claim.split())}" if evidence.claim else ""
    return (
        f"**Evidence:** {short} [{evidence.reference}] "
        f"({evidence.strength}, as of {evidence.as_of.isoformat()}){claim}"
    )
