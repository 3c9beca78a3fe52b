"""Whether a lesson takes the time it says: reading, answering, trying.

The rates are the course's own assumptions, slower than the 238 words a minute that adults read in
English on average (doi 10.1016/j.jml.2019.104047), as new terms are learned on the way.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from secretome_edu.authoring.notebooks import read
from secretome_edu.authoring.prose import prose_words
from secretome_edu.course.manifest import LessonEntry
from secretome_edu.ui.findings import Finding

RULES = {"T01": "the minutes stated agree within a quarter with reading, answering and trying"}
WORDS_A_MINUTE = 180
QUESTION_MIN, BOXES_MIN, CODE_MIN, EXPLORING_MIN, PICTURE_MIN = 0.5, 3.0, 5.0, 4.0, 1.0
AGREES = 0.25
_POOLS = ("prediction", "quiz", "part_quiz", "pretest", "posttest")
_WARMUPS_SHOWN = 2


def estimate_min(entry: LessonEntry, path: Path) -> float:
    """Return how many minutes a lesson takes a learner.

    Parameters
    ----------
    entry : LessonEntry
    path : Path
        The notebook file, with its outputs.
    """
    from secretome_edu.course.lesson import Lesson

    lesson = Lesson(entry)
    asked = [item for pool in _POOLS for item in lesson.bank.pool(pool)]
    asked += lesson.bank.pool("warmup")[:_WARMUPS_SHOWN]
    pages = [_page(cell) for cell in read(path)["cells"]]
    captions = [c for page in pages for c in re.findall(r"<figcaption.*?</figcaption>", page, re.S)]
    words = prose_words(entry, path)
    words += sum(_count(re.sub(r"<[^>]+>", " ", caption)) for caption in captions)
    words += sum(_count(text) for item in asked for text in _read_of(item))
    tried = sum(BOXES_MIN if e.fields else CODE_MIN for e in lesson.exercises.values())
    return (
        words / WORDS_A_MINUTE
        + QUESTION_MIN * len(asked)
        + EXPLORING_MIN * max(len(entry.explorers), len(lesson.ids("prediction")))
        + PICTURE_MIN * len(captions)
        + tried
    )


def lint_minutes(entry: LessonEntry, path: Path) -> list[Finding]:
    """Return a finding where a lesson takes much more or less time than it says."""
    found = estimate_min(entry, path)
    if abs(found - entry.minutes) <= AGREES * entry.minutes:
        return []
    said = f"says {entry.minutes} minutes; reading, answering and trying take about {found:.0f}."
    return [Finding(path.name, "T01", said)]


def _page(cell: dict[str, Any]) -> str:
    outputs = cell.get("outputs", [])
    return "".join("".join(output.get("data", {}).get("text/html", "")) for output in outputs)


def _read_of(item: Any) -> list[str]:
    options = getattr(item, "options", None) or ()
    return [item.stem, *(str(getattr(option, "text", "")) for option in options)]


def _count(text: str) -> int:
    return len(re.findall(r"\b[A-Za-z][\w'-]*", text))
