"""The table before and after a corrected key, as a page and as CSV."""

from __future__ import annotations

from pathlib import Path

from secretome_edu.classroom.markup import bullets, number, paragraph, table
from secretome_edu.classroom.page import frame, write_pair
from secretome_edu.classroom.regrade import Regrading
from secretome_edu.classroom.report import people
from secretome_edu.classroom.table import written

COLUMNS = ("learner", "lesson", "item", "version", "before", "after", "change")


def write(found: Regrading, out: str | Path) -> tuple[Path, Path]:
    """Write the page and, beside it, the CSV of all marks; return both paths."""
    return write_pair(out, to_html(found), to_csv(found))


def summary(found: Regrading) -> str:
    """Return in a sentence what the new grading did."""
    changed = found.changed
    up = sum(change.after > change.before for change in changed)
    learners = len({change.learner for change in changed})
    return (
        f"{len(changed)} of {len(found.changes)} marks changed, {up} up and {len(changed) - up} "
        f"down, of {people(learners)}."
    )


def to_csv(found: Regrading) -> str:
    """Return every mark before and after."""
    rows = (
        {
            "learner": c.learner, "lesson": c.lesson, "item": c.item, "version": c.version,
            "before": c.before, "after": c.after, "change": c.after - c.before,
        }
        for c in found.changes
    )  # fmt: skip
    return written(COLUMNS, rows)


def to_html(found: Regrading) -> str:
    """Return the page."""
    sections = {
        "Questions": _questions(found), "Marks that changed": _marks(found),
        "Learners": _learners(found), "Notes": _notes(found),
    }  # fmt: skip
    top = f'<div class="monday">{paragraph(summary(found), "lead")}</div>'
    return frame("Graded again", top, {name: html for name, html in sections.items() if html})


def _questions(found: Regrading) -> str:
    rows = []
    for key in found.corrected:
        own = [c for c in found.changes if (c.lesson, c.item) == key]
        if not own:
            continue
        changed = sum(c.changed for c in own)
        before = 100 * sum(c.before for c in own) / len(own)
        after = 100 * sum(c.after for c in own) / len(own)
        marks = number(before, 0, "%"), number(after, 0, "%")
        rows.append((f"{key[0]}, {key[1]}", number(len(own)), *marks, number(changed)))
    if not rows:
        return paragraph("Nobody answered one of these questions.")
    columns = ("Question", "First answers", "Mean before", "Mean after", "Marks changed")
    return table("Questions, before and after", columns, rows)


def _marks(found: Regrading) -> str:
    rows = [
        (c.learner, f"{c.lesson}, {c.item}", number(c.before, 2), number(c.after, 2),
         number(c.after - c.before, 2))
        for c in found.changed
    ]  # fmt: skip
    if not rows:
        return paragraph("No mark changed.")
    columns = ("Learner", "Question", "Before", "After", "Change")
    return table("Marks that changed", columns, rows, kind="tall")


def _learners(found: Regrading) -> str:
    rows = [
        (learner, number(before, 2), number(after, 2), number(after - before, 2))
        for learner, (before, after) in found.totals().items()
        if abs(after - before) > 1e-9
    ]
    columns = ("Learner", "Sum before", "Sum after", "Change")
    return table("Learners whose sum changed", columns, rows, kind="tall") if rows else ""


def _notes(found: Regrading) -> str:
    left = sum(count for versions in found.other_version.values() for count in versions.values())
    said = [
        "Only first answers count, as in the class report. The hand-ins were not changed.",
        *([f"{left} answers to another version of a question were left alone."] if left else []),
        *(
            [f"{found.not_gradable} answers do not fit the corrected question and keep their mark."]
            if found.not_gradable else []
        ),
        *found.found.notices,
        *(f"{file.file} was skipped. {file.skipped}" for file in found.found.hand_ins
          if file.skipped),
    ]  # fmt: skip
    return bullets(said)
