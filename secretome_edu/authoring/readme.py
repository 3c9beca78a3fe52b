"""The lesson table of README.md, made from the manifest so that nothing is typed twice."""

from __future__ import annotations

import re
from pathlib import Path

from secretome_edu.authoring.notebooks import ROOT
from secretome_edu.course.manifest import manifest
from secretome_edu.ui.findings import Finding

README = ROOT / "README.md"
_BETWEEN = re.compile(r"(<!-- lessons -->\n).*?(<!-- /lessons -->)", re.S)


def lesson_table() -> str:
    """Return the table of lessons in Markdown."""
    rows = ["| No. | Lesson | Question | Minutes |", "|---|---|---|---|"]
    for entry in manifest().lessons:
        ready = entry.status == "ready"
        title = f"[{entry.title}](notebooks/{entry.notebook})" if ready else entry.title
        minutes = str(entry.minutes) if ready else "in preparation"
        rows.append(f"| {entry.place} | {title} | {entry.question} | {minutes} |")
    return "\n".join(rows) + "\n"


def update_readme(path: Path = README) -> bool:
    """Write the table between its marks; return whether the file changed."""
    text = path.read_text(encoding="utf-8")
    fresh = _fresh(text)
    if fresh == text:
        return False
    path.write_text(fresh, encoding="utf-8")
    return True


def readme_findings(path: Path = README) -> list[Finding]:
    """Return a finding when the table is missing or stale."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if not _BETWEEN.search(text):
        return [Finding(path.name, "R01", "the marks of the lesson table are gone.")]
    if _fresh(text) != text:
        return [Finding(path.name, "R02", "the lesson table is stale; run refresh.")]
    return []


def _fresh(text: str) -> str:
    return _BETWEEN.sub(lambda m: m[1] + lesson_table() + m[2], text)
