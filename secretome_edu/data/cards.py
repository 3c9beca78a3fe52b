"""A card per table: what it holds, in which units, from how many sources, with which caveats."""

from __future__ import annotations

import html
from typing import Any

from secretome_edu.data import package
from secretome_edu.ui.bundle import Bundle

_HEADS = ("Column", "Type", "Unit", "Meaning", "Source")


def describe(name: str) -> Bundle:
    """Return the card of a table.

    Parameters
    ----------
    name : str
        A name listed by :func:`secretome_edu.data.tables`.

    Returns
    -------
    Bundle
        Title, number of rows, every column with type, unit and meaning, the number of sources,
        the caveats and the license, as text and as HTML.

    Raises
    ------
    UnknownName
        A KeyError that lists the closest table names.

    Examples
    --------
    >>> print(describe("kd_values").text.splitlines()[0])
    kd_values: Binding strengths of ligands and receptors
    """
    resource = package.resource(name)
    columns = [
        (
            field["name"],
            type_text(field),
            unit_text(field),
            field["description"],
            source_text(field, name),
        )
        for field in package.fields(name)
    ]
    facts = f"{len(package.records(name))} rows, {len(columns)} columns, {_sources(name)}."
    caveats = resource.get("caveats", [])
    license_ = "License: " + package.descriptor()["licenses"][0]["name"] + "."
    lines = [f"{name}: {resource['title']}", resource["description"], facts, "", "Columns"]
    lines += [f"  {c} ({t}{', ' + u if u else ''}): {d}. From {s}." for c, t, u, d, s in columns]
    if caveats:
        lines += ["", "Read with care", *(f"  - {caveat}" for caveat in caveats)]
    lines += ["", license_]

    e = html.escape
    head = "".join(f'<th scope="col">{h}</th>' for h in _HEADS)
    body = "".join(
        f'<tr><th scope="row"><code>{e(c)}</code></th><td>{e(t)}</td><td>{e(u)}</td>'
        f"<td>{e(d)}</td><td>{e(s)}</td></tr>"
        for c, t, u, d, s in columns
    )
    care = "".join(f"<li>{e(caveat)}</li>" for caveat in caveats)
    return Bundle(
        "\n".join(lines),
        f'<section class="se-card"><p><strong>{e(resource["title"])}</strong> '
        f"(<code>{e(name)}</code>). {e(resource['description'])} {e(facts)}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        + (f"<p>Read with care:</p><ul>{care}</ul>" if care else "")
        + f"<p>{e(license_)}</p></section>",
    )


def type_text(field: dict[str, Any]) -> str:
    """Return the type of a column in words a learner reads."""
    if "vocabulary" in field:
        ordered = package.descriptor()["vocabularies"][field["vocabulary"]]["ordered"]
        kind = "ordered category" if ordered else "category"
        return f"list of {kind} terms" if field["type"] == "list" else kind
    return {"string": "text", "list": "list of text"}.get(field["type"], field["type"])


def unit_text(field: dict[str, Any]) -> str:
    """Return the unit of a column, or where to find it."""
    if "unitField" in field:
        return f"see {field['unitField']}"
    unit = field.get("unit", "")
    return "no unit" if unit == "1" else unit


def source_text(field: dict[str, Any], name: str) -> str:
    """Return where the values of a column come from.

    Examples
    --------
    >>> source_text({"name": "log2_fold", "derivedFrom": ["value"]}, "secretion_levels")
    'a computation with value'
    """
    resource = package.resource(name)
    if "derivedFrom" in field:
        return "a computation with " + ", ".join(field["derivedFrom"])
    if not resource.get("sourced", True) or field["name"] in resource["schema"]["primaryKey"]:
        return "the course"
    if field.get("refersTo") == "references":
        return "the reference list"
    if "vocabulary" in field:
        return "the row's sources, in the course's words"
    return "the row's sources"


def _sources(name: str) -> str:
    keys = {key for row in package.records(name) for key in row.get("source_keys", ())}
    return f"{len(keys)} sources" if keys else "no sources of its own"
