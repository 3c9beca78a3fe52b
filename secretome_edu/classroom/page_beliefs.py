"""The part of the class report about misconceptions: how urgent, on which objective, what helps."""

from __future__ import annotations

from secretome_edu.classroom.beliefs import Held
from secretome_edu.classroom.markup import Cell, bullets, folded, number, paragraph, table
from secretome_edu.classroom.report import ENOUGH, ClassReport, enough, few, percent

_STEPS = (0.0, 0.15, 0.3, 0.5)  # shares from which a cell is one step darker
_COLUMNS = (
    "Misconception", "Learners asked", "Showed it first", "Share", "Still show it", "Note",
    "What is known", "Repaired in",
)  # fmt: skip


def misconceptions(report: ClassReport, figure: str) -> str:
    """Return the picture, the table, most urgent first, and a map for each lesson."""
    ranked = report.beliefs.ranked
    if not ranked:
        return paragraph("Nothing was answered yet that could show one.")
    html = figure
    if report.beliefs.before_the_course:
        html = paragraph("Only the test before the course was answered: they arrive with this.")
        html += figure
    rows = [
        (
            _named(report, held), number(held.asked), number(held.showed),
            number(100 * held.share, 0, "%"), number(held.still), few(held.asked),
            Cell(_correction(report, held), "words"), held.repair or "no lesson yet",
        )
        for held in ranked
    ]  # fmt: skip
    faint = [not enough(held.asked) for held in ranked]
    html += table("Misconceptions, most urgent first", _COLUMNS, rows, faint, "tall")
    html += paragraph(
        "The maps: of the learners asked on an objective, the share whose first answer showed "
        "the misconception. A stronger color is more, an empty cell was not asked, gray italics "
        f"were asked of fewer than {ENOUGH}."
    )
    asked = {held.objective for parts in report.beliefs.by_objective.values() for held in parts}
    known = list(report.course.objectives)
    groups: dict[str, list[str]] = {}
    for objective in sorted(asked, key=lambda o: (known.index(o) if o in known else len(known), o)):
        groups.setdefault(objective.split(".")[0], []).append(objective)
    return html + "".join(_map(report, objectives) for objectives in groups.values())


def _map(report: ClassReport, objectives: list[str]) -> str:
    """Return the map of one lesson's objectives and what they are."""
    cells = {
        belief: {held.objective: held for held in parts if held.objective in objectives}
        for belief, parts in report.beliefs.by_objective.items()
    }
    rows: list[list[str | Cell]] = [
        [_named(report, held), *(_shade(cells[held.belief].get(name)) for name in objectives)]
        for held in report.beliefs.ranked
        if cells[held.belief]
    ]
    span = " to ".join(dict.fromkeys((objectives[0], objectives[-1])))
    title = f"Misconceptions by objective: {span}"
    sentences = (f"{name}: {report.course.objectives.get(name, '')}" for name in objectives)
    return table(title, ("Misconception", *objectives), rows, kind="heat") + folded(
        f"What learners should be able to do: {span}", bullets(sentences)
    )


def _shade(held: Held | None) -> Cell:
    if held is None or not held.asked:
        return Cell("", "number")
    step = sum(held.share > low for low in _STEPS)
    text = f"{percent(held.share)} of {held.asked}"
    return Cell(text, f"number h{step}" if enough(held.asked) else f"number h{step} few")


def _named(report: ClassReport, held: Held) -> str:
    known = report.course.beliefs.get(held.belief)
    return f"{held.belief} {known.misconception}" if known else held.belief


def _correction(report: ClassReport, held: Held) -> str:
    known = report.course.beliefs.get(held.belief)
    if known is None:
        return ""
    return f"{known.correction} (doi {known.doi})" if known.doi else known.correction
