"""The learner's report in words and tables; no color carries meaning."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from secretome_edu.progress.report import LEAST_ITEMS, Calibration, LearnerReport, ObjectiveState
from secretome_edu.ui.bundle import Bundle

_DUE_SHOWN = 10
# JupyterLab sets cells to the right, as for numbers; these hold words.
_CELL = 'style="text-align:left;vertical-align:top;padding:0.2em 1em 0.2em 0"'
_LEAST_TO_JUDGE = 5  # below that many answers a share of right ones says little
_SURE = {1: "not sure", 2: "fairly sure", 3: "sure"}
# Where each mark scheme 1/2/3 against 0/-2/-6 pays best (Gardner-Medwin's thresholds).
_BANDS = {1: (0.0, 2 / 3), 2: (2 / 3, 0.8), 3: (0.8, 1.0)}
_BAND_WORDS = {1: "below 67 %", 2: "67 to 80 %", 3: "above 80 %"}


def render(report: LearnerReport) -> Bundle:
    """Return the report as text and HTML; the same for the same report."""
    if not report.answered and not report.misconceptions:
        parts = ["No answers yet. Open a lesson and answer its questions; they are kept here."]
        tables: list[_Table] = []
    else:
        passed = sum(lesson.passed for lesson in report.lessons)
        mastered = sum(objective.mastered for objective in report.objectives)
        parts = [
            f"{passed} of {len(report.lessons)} lessons passed, {mastered} of "
            f"{len(report.objectives)} objectives mastered, {_count(report.answered, 'question')} "
            "answered."
        ]
        tables = [
            _lessons(report), _objectives(report), _misconceptions(report), _calibration(report),
            _due(report),
        ]  # fmt: skip
    if report.not_counted:
        was = "entry was" if report.not_counted == 1 else "entries were"
        parts.append(f"{report.not_counted} {was} changed after being written; not counted.")
    text = "\n\n".join(["\n".join(parts), *(table.text for table in tables if table)])
    html = "".join(f"<p>{escape(part)}</p>" for part in parts)
    return Bundle(text, html + "".join(table.html for table in tables if table))


class _Table:
    """A caption, column names and rows of text; or a sentence when there are no rows."""

    def __init__(self, caption: str, columns: Sequence[str], rows: list[tuple], empty: str = ""):
        self.caption, self.columns, self.rows, self.empty = caption, columns, rows, empty

    def __bool__(self) -> bool:
        return bool(self.rows or self.empty)

    @property
    def text(self) -> str:
        if not self.rows:
            return f"{self.caption}: {self.empty}"
        return "\n".join([f"{self.caption}:", *("- " + "; ".join(row) for row in self.rows)])

    @property
    def html(self) -> str:
        if not self.rows:
            return f"<p><strong>{escape(self.caption)}:</strong> {escape(self.empty)}</p>"
        head = "".join(f'<th scope="col" {_CELL}>{escape(column)}</th>' for column in self.columns)
        body = "".join(
            f'<tr><th scope="row" {_CELL}>{escape(row[0])}</th>'
            + "".join(f"<td {_CELL}>{escape(cell)}</td>" for cell in row[1:])
            + "</tr>"
            for row in self.rows
        )
        return (
            f'<table style="margin:1.2em 0"><caption {_CELL}><strong>{escape(self.caption)}'
            f"</strong></caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


def _lessons(report: LearnerReport) -> _Table:
    rows = [
        (
            state.facts.title,
            f"{state.answered} of {state.items} questions answered",
            f"{state.mastered} of {state.objectives} objectives mastered",
            "passed" if state.passed else "begun",
        )
        for state in report.lessons
        if state.answered
    ]
    return _Table("Lessons", ("Lesson", "Questions", "Objectives", "State"), rows)


def _objectives(report: LearnerReport) -> _Table:
    rows = [
        (o.facts.text, f"{o.answered} of {o.items} questions answered", _share(o), _state(o))
        for o in report.objectives
        if o.answered
    ]
    caption = "Objectives (mastered: 80 % over at least two questions, without the solution)"
    return _Table(caption, ("Objective", "Questions", "Score", "State"), rows)


def _share(objective: ObjectiveState) -> str:
    return f"{_percent(objective.fraction)} of the score"


def _state(objective: ObjectiveState) -> str:
    if objective.mastered:
        return "mastered"
    if not objective.measurable:
        return "too few questions in the course to say"
    return "not yet" if objective.answered >= LEAST_ITEMS else "answer one more question"


def _misconceptions(report: LearnerReport) -> _Table:
    rows = [
        (
            state.facts.misconception,
            state.facts.correction,
            state.facts.repair or "-",
            "to repair" if state.open else "repaired",
        )
        for state in report.misconceptions
    ]
    columns = ("Misconception", "What is known", "Where to repair it", "State")
    return _Table("Misconceptions your answers showed", columns, rows, "none so far.")


def _calibration(report: LearnerReport) -> _Table:
    rows = [
        (_SURE[row.confidence], f"{row.right} of {_count(row.answers, 'first answer')} right",
         f"best when right {_BAND_WORDS[row.confidence]} of the time", _verdict(row))
        for row in report.calibration
        if row.answers
    ]  # fmt: skip
    columns = ("You said", "Result", "This choice is", "Verdict")
    return _Table("How well you know what you know", columns, rows)


def _verdict(row: Calibration) -> str:
    if row.answers < _LEAST_TO_JUDGE:
        return "too few to say"
    low, high = _BANDS[row.confidence]
    share = row.right / row.answers
    if share < low:
        return "you were surer than right"
    return "you may trust yourself more" if share > high else "fits"


def _due(report: LearnerReport) -> _Table:
    titles = {state.facts.lesson: state.facts.title for state in report.lessons}
    rows = [
        (report.titles[d.lesson, d.item], titles.get(d.lesson, d.lesson), d.reason)
        for d in report.due[:_DUE_SHOWN]
    ]
    more = len(report.due) - len(rows)
    caption = "Due for review" + (f" (the first {len(rows)} of {len(report.due)})" if more else "")
    empty = "nothing now."
    if report.next_due:
        days = max(1, -(-(report.next_due.due - report.now).total_seconds() // 86400))
        empty = f"nothing now; the next question in {_count(int(days), 'day')}."
    return _Table(caption, ("Question", "Lesson", "Why"), rows, empty)


def _percent(fraction: float) -> str:
    return f"{int(100 * fraction + 1e-9)} %"  # rounded down: 79.9 % is not mastered


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
