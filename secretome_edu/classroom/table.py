"""Everything in a class report as one CSV: one value per line, for a spreadsheet or for pandas.

A hand-in is a stranger's file: a text that a spreadsheet would run as a formula is disarmed by an
apostrophe. Undefined values are empty.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from secretome_edu.classroom.report import ClassReport
from secretome_edu.ui.markup import to_text

COLUMNS = (
    "section", "lesson", "pool", "objective", "item", "detail", "learner", "measure", "value", "n",
)  # fmt: skip
# Excel also takes the full-width signs, and a list separator of ";" where decimals have a comma.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(rf"(^|[;\t\r\n])(?=\s*[{_SIGNS}])|^(?=[\t\r\n])")
Row = dict[str, Any]


def to_csv(report: ClassReport) -> str:
    """Return the report as CSV.

    Examples
    --------
    >>> import tempfile
    >>> from secretome_edu.classroom.report import class_report
    >>> to_csv(class_report(tempfile.mkdtemp())).splitlines()[:2]
    ['section,lesson,pool,objective,item,detail,learner,measure,value,n', 'class,...,learners,0,']
    """
    return written(COLUMNS, _rows(report))


def written(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """Return rows as CSV, safe in a spreadsheet."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: cell(value) for name, value in row.items()})
    return text.getvalue()


def cell(value: Any) -> Any:
    """Return a value that is safe in a spreadsheet.

    Examples
    --------
    >>> cell("=1+1"), cell(-1.5), cell(float("nan"))
    ("'=1+1", -1.5, '')
    """
    if isinstance(value, float):
        return value if math.isfinite(value) else ""
    return _FORMULA.sub(r"\1'", value) if isinstance(value, str) else value


def _rows(report: ClassReport) -> Iterator[Row]:
    yield {"section": "class", "measure": "learners", "value": len(report.learners)}
    yield {"section": "class", "measure": "events", "value": report.found.events}
    for notice in report.notices:
        yield {"section": "notice", "detail": notice}
    yield from _hand_ins(report)
    yield from _misconceptions(report)
    for test in report.tests:
        where = {"lesson": test.lesson, "pool": test.pool}
        for measure, value in vars(test.statistics).items():
            if measure != "items":
                n = test.statistics.attempts
                yield {"section": "test", **where, "measure": measure, "value": value, "n": n}
        for key, item in zip(test.keys, test.statistics.items, strict=True):
            asked = report.course.items[key]
            about = {**where, "objective": asked.objective, "item": key[1]}
            yield {"section": "item", **about, "measure": "stem", "value": to_text(asked.stem)}
            for measure, value in item._asdict().items():
                of_all = measure in ("answered", "facility", "standard_deviation")
                n = item.answered if of_all else item.attempts
                yield {"section": "item", **about, "measure": measure, "value": value, "n": n}
            for choice in test.choices[key]:
                for measure in ("right", "misconception", "learners", "share", "correlation"):
                    value = getattr(choice, measure)
                    yield {
                        "section": "option", **about, "detail": choice.text, "measure": measure,
                        "value": value, "n": item.answered,
                    }  # fmt: skip
    yield from _progress(report)
    yield from _answers(report)


def _hand_ins(report: ClassReport) -> Iterator[Row]:
    for found in report.found.hand_ins:
        about = {"section": "hand_in", "detail": found.file, "learner": found.learner}
        for measure in ("events", "flagged", "refused", "skipped"):
            yield {**about, "measure": measure, "value": getattr(found, measure)}
        for message in found.messages:
            yield {**about, "measure": "message", "value": message}
    for key, versions in report.marks.outdated.items():
        for version, count in versions.items():
            yield {
                "section": "other_wording", "lesson": key[0], "item": key[1], "detail": version,
                "measure": "answers", "value": count,
            }  # fmt: skip
    for key, count in report.marks.unknown.items():
        yield {
            "section": "unknown_question", "lesson": key[0], "item": key[1],
            "measure": "answers", "value": count,
        }  # fmt: skip


def _misconceptions(report: ClassReport) -> Iterator[Row]:
    for whole in report.beliefs.ranked:
        for held in (whole, *report.beliefs.by_objective[whole.belief]):
            about = {
                "section": "misconception", "detail": held.belief, "objective": held.objective
            }  # fmt: skip
            for measure in ("asked", "showed", "still", "share", "at_least", "repair"):
                value = getattr(held, measure)
                yield {**about, "measure": measure, "value": value, "n": held.asked}
    for gain in report.gains:
        for measure in ("before", "after", "spread", "normalized"):
            value = getattr(gain, measure)
            yield {
                "section": "gain", "objective": gain.objective, "measure": measure,
                "value": value, "n": gain.learners,
            }  # fmt: skip


def _progress(report: ClassReport) -> Iterator[Row]:
    for lesson in report.pace.lessons:
        for measure in ("begun", "quiz_done"):
            value = getattr(lesson, measure)
            yield {"section": "lesson", "lesson": lesson.lesson, "measure": measure, "value": value}
    for quarter, answered in report.pace.answered.items():
        for day, value in zip(report.pace.days, answered, strict=True):
            yield {
                "section": "pace", "detail": int(day), "measure": f"percentile_{quarter}",
                "value": float(value), "n": len(report.learners),
            }  # fmt: skip


def _answers(report: ClassReport) -> Iterator[Row]:
    for row in report.learners:
        about = {"section": "learner", "learner": row.learner}
        if name := report.names.get(row.learner):
            yield {**about, "measure": "name", "value": name}
        for measure in ("answered", "first_mark", "last_seen"):
            yield {**about, "measure": measure, "value": getattr(row, measure)}
        yield {**about, "measure": "still", "value": " ".join(row.still)}
    for key, column in report.marks.of.items():
        item = report.course.items[key]
        for learner, mark in column.items():
            about = {
                "section": "answer", "lesson": key[0], "pool": item.pool, "item": key[1],
                "objective": item.objective, "learner": learner,
            }  # fmt: skip
            yield {**about, "measure": "first_mark", "value": mark.first.score, "n": mark.tries}
