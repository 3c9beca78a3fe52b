"""The documentation page of the claims: each with its lesson, the rows for and against, a verdict.

``refresh`` writes ``docs/claims.md`` and ``check`` says when it is stale.
"""

from __future__ import annotations

from secretome_edu.authoring.notebooks import ROOT
from secretome_edu.course.claims import Claim, claims, evidence
from secretome_edu.course.manifest import manifest
from secretome_edu.course.markdown import cited, table
from secretome_edu.ui.findings import Finding

TARGET = ROOT / "docs" / "claims.md"
_WORDS = {"in_vitro": "in vitro", "early_trial": "early trial", "randomised": "randomized",
          "meta_analysis": "meta-analysis"}  # fmt: skip
_INTRO = """\
What the two source documents of the course claim, where the course tests it, and what its tables
hold for and against. This page is generated from `secretome_edu/course/claims.yaml` and the
tables; do not edit it.

The grade is the best one of a supporting row on a cell-free product, in the words of
[the tables](data.md#vocabularies): in vitro, animal, early trial, randomized, meta-analysis,
approved. Where no row has a grade it is the strength of the trade-off rows: weak, moderate,
strong. A high grade of one row does not settle a claim; the verdict says what it covers. Rows
against a claim also hold what limits it: other species, other products, no result yet.
"""


def page() -> str:
    """Return the page as Markdown: an overview, then one section per claim.

    Examples
    --------
    >>> page().splitlines()[0]
    '# The claims the course tests'
    """
    lines = ["# The claims the course tests", "", _INTRO, *_documents(), ""]
    lines += table(
        ("Claim", "From", "Lesson", "Rows for", "Rows against", "Grade", "Verdict"),
        (
            (
                f"[{claim.claim}](#{claim.id})",
                _document(claim),
                lesson(claim),
                str(len(claim.support)),
                str(len(claim.limits)),
                words(claim.grade),
                claim.verdict,
            )
            for claim in claims().claims
        ),
    )
    for claim in claims().claims:
        lines += ["", *_section(claim)]
    return "\n".join(lines) + "\n"


def update_claims() -> bool:
    """Write the page; return whether the file changed."""
    fresh = page()
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == fresh:
        return False
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(fresh, encoding="utf-8")
    return True


def claims_findings() -> list[Finding]:
    """Return a finding when the page is missing or stale."""
    if not TARGET.parent.exists():
        return []  # a copy of the course without its documents
    stored = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
    return [] if stored == page() else [Finding(TARGET.name, "R03", "stale; run refresh.")]


def words(grade: str) -> str:
    """Return a grade as a reader writes it.

    Examples
    --------
    >>> words("early_trial")
    'early trial'
    """
    return _WORDS.get(grade, grade)


def lesson(claim: Claim) -> str:
    """Return the lesson that tests a claim, linked when its notebook is there."""
    entry = next(e for e in manifest().lessons if e.slug == claim.lesson)
    name = f"{entry.place} {entry.title}"
    ready = entry.status == "ready"
    return f"[{name}](../notebooks/{entry.notebook})" if ready else f"{name} (in preparation)"


def _documents() -> list[str]:
    listed = []
    for document in claims().documents.values():
        source = f": {cited([document.key])}" if document.key else ""
        listed.append(f"- {document.title}{source}.")
    return listed


def _document(claim: Claim) -> str:
    key = claims().documents[claim.document].key
    return cited([key]) if key else claim.document


def _section(claim: Claim) -> list[str]:
    rows = []
    for side, ids in (("for", claim.support), ("against", claim.limits)):
        for row in map(evidence, ids):
            rows.append(
                (
                    side,
                    f"`{row.id}` of [{row.table}](data.md#{row.table})",
                    row.species,
                    row.product,
                    row.result,
                    words(row.grade),
                    cited(row.source_keys),
                )
            )
    heads = ("Side", "Row", "Species or system", "Product", "Result", "Grade", "Source")
    return [
        f'<a id="{claim.id}"></a>',
        "",
        f"## {claim.claim}",
        "",
        f"From: {_document(claim)}. Lesson: {lesson(claim)}. Grade: **{words(claim.grade)}**.",
        "",
        claim.verdict,
        "",
        *table(heads, rows),
    ]
