"""All checks of all lessons in one list: what `check` prints and the tests assert to be empty."""

from __future__ import annotations

from pathlib import Path

from secretome_edu.authoring.claims import claims_findings
from secretome_edu.authoring.coverage import lint_coverage
from secretome_edu.authoring.keys import key_findings
from secretome_edu.authoring.lint import lint, lint_guide
from secretome_edu.authoring.minutes import lint_minutes
from secretome_edu.authoring.notebooks import FOLDER, GUIDE, lesson_notebooks
from secretome_edu.authoring.prose import lint_prose
from secretome_edu.authoring.readme import readme_findings
from secretome_edu.ui.findings import Finding


def findings(folder: Path = FOLDER) -> list[Finding]:
    """Return everything to repair, over all ready lessons, the guide and the README."""
    from rich.progress import track

    found = [*readme_findings(), *key_findings(), *claims_findings(), *lint_guide(folder / GUIDE)]
    for entry, path in track(lesson_notebooks(folder), "Checking lessons", transient=True):
        found += lint(entry, path)
        if path.exists():
            found += lint_prose(entry, path)
            found += lint_minutes(entry, path)
        found += lint_coverage(entry)
        found += _questions(entry.slug)
    return sorted(found)


def _questions(slug: str) -> list[Finding]:
    from secretome_edu.quiz.bank import BANKS, check_values, load_bank
    from secretome_edu.quiz.lint import lint_bank

    bank = load_bank(slug)
    check_values(bank, BANKS / f"{slug}.yaml")
    return lint_bank(bank)
