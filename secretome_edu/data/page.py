"""The documentation page of the tables, written from the descriptor.

Run ``python -m secretome_edu.data.page`` to write ``docs/data.md``; a test keeps it fresh.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from secretome_edu.data import package
from secretome_edu.data.cards import source_text, type_text, unit_text

TARGET = Path(__file__).parents[2] / "docs" / "data.md"


def page() -> str:
    """Return the page as Markdown: what is there, then one section per table.

    Examples
    --------
    >>> page().splitlines()[0]
    '# The tables of the course'
    """
    parts = ["# The tables of the course", "", package.descriptor()["description"], ""]
    parts += [
        "This page is generated from `secretome_edu/data/datapackage.json`; do not edit it.",
        "Rows left out, and why, are listed in `secretome_edu/data/CHANGES.md`.",
        "",
        "| Table | Rows | Sources | What it holds |",
        "| --- | ---: | ---: | --- |",
    ]
    for name, resource in package.resources().items():
        sources = {key for row in package.records(name) for key in row.get("source_keys", ())}
        rows = len(package.records(name))
        link = f"[`{name}`](#{name})"
        parts.append(f"| {link} | {rows} | {len(sources)} | {resource['description']} |")
    for name, resource in package.resources().items():
        parts += ["", *_section(name, resource)]
    parts += ["", *_vocabularies()]
    return "\n".join(parts) + "\n"


def _section(name: str, resource: dict[str, Any]) -> list[str]:
    lines = [f"## `{name}`", "", f"{resource['title']}. {resource['description']}", ""]
    lines += [
        "| Column | Type | Unit | Meaning | Source | Points at |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    targets = {
        key["fields"][0]: key["reference"]["resource"]
        for key in resource["schema"].get("foreignKeys", [])
    }
    for field in package.fields(name):
        target = field.get("refersTo") or targets.get(field["name"])
        points = f"`{target}`" if target else ""
        if "vocabulary" in field:
            points = f"vocabulary {field['vocabulary']}"
        cells = (
            f"`{field['name']}`",
            type_text(field),
            unit_text(field),
            field["description"],
            source_text(field, name),
            points,
        )
        lines.append(f"| {' | '.join(cells)} |")
    if resource.get("caveats"):
        lines += ["", "Read with care:", "", *(f"- {caveat}" for caveat in resource["caveats"])]
    return lines


def _vocabularies() -> list[str]:
    lines = ["## Vocabularies", "", "| Vocabulary | Ordered | Words |", "| --- | --- | --- |"]
    for name, words in package.vocabularies().items():
        about = package.descriptor()["vocabularies"][name]
        ordered = "yes" if about["ordered"] else ""
        lines.append(f"| {name}: {about['description']} | {ordered} | {', '.join(words)} |")
    return lines


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(page(), encoding="utf-8")
