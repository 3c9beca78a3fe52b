"""The part of the class report about its questions: statistics, doubts, and what was answered."""

from __future__ import annotations

from secretome_edu.classroom.course_facts import POOL_WORDS
from secretome_edu.classroom.markup import bullets, folded, number, paragraph, table
from secretome_edu.classroom.report import ClassReport, TestReport, enough, few, people
from secretome_edu.progress.answers import Key
from secretome_edu.quiz.variants import realize
from secretome_edu.ui import markup

_COLUMNS = (
    "Question", "Answers", "Facility", "SD", "Complete attempts", "Discrimination index",
    "Discriminative efficiency", "Intended weight", "Effective weight", "Alpha without it", "Note",
)  # fmt: skip
_STEM = 70


def statistics(report: ClassReport, figure: str) -> str:
    """Return doubts first, then a table for each test."""
    if not report.tests:
        return ""
    html = figure
    doubts = report.doubts
    if doubts:
        html += paragraph("Look at these questions before you blame learners:") + bullets(doubts)
    elif any(enough(test.statistics.attempts) for test in report.tests):
        html += paragraph("No question stands out as doubtful.")
    for test in report.tests:
        html += f"<h3>{markup.to_inline_html(_title(report, test))}</h3>{_test(test)}"
        html += _table(report, test)
    return html


def answers(report: ClassReport) -> str:
    """Return for each question what was answered, folded."""
    html = ""
    for test in report.tests:
        html += f"<h3>{markup.to_inline_html(_title(report, test))}</h3>"
        for key, item in zip(test.keys, test.statistics.items, strict=True):
            whole = realize(report.course.items[key])
            rows = [
                (
                    choice.text, "right" if choice.right else "wrong", number(choice.learners),
                    number(100 * choice.share, 0, "%"), number(choice.correlation, 2),
                    choice.misconception or "–",
                )
                for choice in test.choices[key]
            ]  # fmt: skip
            if not rows:
                continue
            columns = (
                "Answer", "Key", "Learners", "Share", "Correlation with the rest", "Misconception"
            )  # fmt: skip
            title = f"First answers to {key[1]}, {people(item.answered)} {few(item.answered)}"
            shown = table(title.strip(), columns, rows, [not enough(item.answered)] * len(rows))
            stem = f'<div class="question">{markup.to_html(whole.stem)}</div>'
            label = f"{key[1]}: {_cut(markup.to_text(whole.stem))}"
            html += folded(label, stem + shown)
    return html


def _title(report: ClassReport, test: TestReport) -> str:
    return f"{POOL_WORDS[test.pool].capitalize()} of {report.course.title(test.lesson)}"


def _test(test: TestReport) -> str:
    found = test.statistics
    values = (
        ("complete attempts", number(found.attempts)),
        ("mean", number(found.mean, 1, "%")),
        ("standard deviation", number(found.standard_deviation, 1, "%")),
        ("alpha", number(found.alpha, 2)),
        ("error ratio", number(found.error_ratio, 1, "%")),
        ("standard error of measurement", number(found.standard_error, 1, "%")),
    )
    said = ", ".join(f"{name} {cell.text}" for name, cell in values)
    rough = few(found.attempts)
    tail = f" ({rough})" if rough else ""
    return paragraph(f"{people(found.learners)}; {said}{tail}.", "few" if rough else "")


def _table(report: ClassReport, test: TestReport) -> str:
    rows, faint = [], []
    for key, item in zip(test.keys, test.statistics.items, strict=True):
        rough = few(min(item.answered, item.attempts))
        faint.append(bool(rough))
        rows.append((
            _question(report, key), number(item.answered), number(item.facility, 0, "%"),
            number(item.standard_deviation, 0, "%"), number(item.attempts),
            number(item.discrimination_index, 0, "%"),
            number(item.discriminative_efficiency, 0, "%"),
            number(item.intended_weight, 1, "%"), number(item.effective_weight, 1, "%"),
            number(item.alpha_without, 2), rough,
        ))  # fmt: skip
    return table(f"{_title(report, test)}: {len(rows)} questions", _COLUMNS, rows, faint)


def _question(report: ClassReport, key: Key) -> str:
    item = report.course.items[key]
    marked = " (marked by the learner)" if item.type == "open_answer" else ""
    return f"{key[1]}: {_cut(markup.to_text(realize(item).stem))}{marked}"


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _STEM else f"{text[: _STEM - 1].rstrip()}…"
