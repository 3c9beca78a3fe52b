"""The parts of the class report about learners: pace, gain, who they are, what they handed in."""

from __future__ import annotations

from secretome_edu.classroom.markup import folded, number, paragraph, table
from secretome_edu.classroom.report import ClassReport, enough, few, people


def progress(report: ClassReport, figure: str) -> str:
    """Return the curve and how many are through with each lesson."""
    if not report.learners:
        return ""
    whole = len(report.learners)
    rows = [
        (
            report.course.title(lesson.lesson), number(lesson.begun), number(lesson.quiz_done),
            number(100 * lesson.quiz_done / whole, 0, "%"),
        )
        for lesson in report.pace.lessons
    ]  # fmt: skip
    columns = ("Lesson", "Learners who began", "Finished the closing quiz", "Share of the class")
    return figure + table("Where the class is", columns, rows)


def gain(report: ClassReport, figure: str) -> str:
    """Return the tests before and after, in all and by objective."""
    if not report.gains:
        return paragraph("The course has no test after it yet, so there is no gain to show.")
    if not any(found.learners for found in report.gains):
        return paragraph("Nobody has taken both tests yet.")
    rows = [
        (
            f"{found.objective}: {report.course.objectives.get(found.objective, '')}"
            if found.objective else "All",
            number(found.learners), number(found.before, 0, "%"), number(found.after, 0, "%"),
            number(found.after - found.before, 0, "points"), number(found.spread, 0, "points"),
            number(found.normalized, 2), few(found.learners),
        )
        for found in report.gains
    ]  # fmt: skip
    columns = (
        "Objective", "Learners with both tests", "Before", "After", "Change",
        "SD of the change", "Normalized gain", "Note",
    )  # fmt: skip
    faint = [not enough(found.learners) for found in report.gains]
    note = paragraph("Without a control group a gain does not prove that the course caused it.")
    return figure + table("Tests before and after the course", columns, rows, faint) + note


def learners(report: ClassReport) -> str:
    """Return one row per learner, folded; by name only if the instructor gave names."""
    if not report.learners:
        return ""
    called = {row.learner: report.names.get(row.learner, "") for row in report.learners}
    rows = [
        (
            f"{row.learner} {called[row.learner]}".strip(), number(row.answered),
            number(100 * row.first_mark, 0, "%"), ", ".join(row.still) or "none", row.last_seen,
        )
        for row in sorted(report.learners, key=lambda row: (called[row.learner], row.learner))
    ]  # fmt: skip
    columns = (
        "Learner", "Questions and exercises", "Mean of first marks", "Misconceptions still shown",
        "Last seen",
    )  # fmt: skip
    return folded(
        f"{people(len(rows))}, by {'name' if report.names else 'pseudonym'}",
        table("Learners", columns, rows, kind="tall"),
    )


def hand_ins(report: ClassReport) -> str:
    """Return what was found in the files, and answers the present course cannot count."""
    found = report.found.hand_ins
    html = ""
    if found:
        skipped = sum(bool(file.skipped) for file in found)
        sound = sum(file.sound for file in found)
        html += paragraph(
            f"{len(found)} {'file' if len(found) == 1 else 'files'}: {sound} sound, "
            f"{len(found) - sound - skipped} with something to say, {skipped} skipped."
        )
        rows = [
            (
                file.file, file.learner, number(file.events), number(file.flagged),
                number(file.refused),
                " ".join((*file.messages, *([f"Skipped. {file.skipped}"] if file.skipped else []))),
            )
            for file in found if not file.sound
        ]  # fmt: skip
        columns = ("File", "Learner", "Events", "Flagged", "Refused lines", "What was found")
        if rows:
            html += table("Files with something to say", columns, rows, kind="tall")
    other = [
        (f"{report.course.title(key[0])}, {key[1]}", version or "none", number(count))
        for key, versions in sorted(report.marks.outdated.items())
        for version, count in sorted(versions.items())
    ]
    if other:
        wording = ("Question", "Mark of the wording", "Answers")
        html += table("Answers to another wording or key", wording, other, kind="tall")
    strange = [
        (f"{lesson}, {item}", number(count))
        for (lesson, item), count in sorted(report.marks.unknown.items())
    ]
    if strange:
        title = "Questions this version of the course does not have"
        html += table(title, ("Question", "Answers"), strange, kind="tall")
    return html
