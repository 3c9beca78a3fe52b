"""Does every table keep what its descriptor promises? Says file, row and column where not.

Frictionless checks types, constraints and keys in the tests; this adds what a Data Package cannot
say (units, vocabularies, lists that point at other tables, intervals, sources) and runs without
any library, so that a teacher can check a table of their own.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from secretome_edu.data.package import HOME
from secretome_edu.ui.messages import BadValue

DOI = re.compile(r"10\.\d{4,9}/\S+")
PERMANENT_PAGES = re.compile(
    r"https://(www\.)?(fda\.gov|ema\.europa\.eu|clinicaltrials\.gov|dailymed\.nlm\.nih\.gov"
    r"|irct\.behdasht\.gov\.ir|reactome\.org|github\.com)/"
)


@dataclass(frozen=True)
class Problem:
    """One broken promise: where, and what is accepted instead."""

    file: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}, column {self.column}: {self.message}"


def problems(home: Path = HOME, only: str | None = None) -> list[Problem]:
    """Return everything that is wrong with the tables below ``home``; empty when all is well.

    Parameters
    ----------
    home : pathlib.Path
        Folder with ``datapackage.json``, ``references.json`` and ``tables/``.
    only : str, optional
        Check this table and leave the others, which it may point at, unchecked.

    Raises
    ------
    BadValue
        A file cannot be read, or is not built like the course's own, so that nothing can be said.

    Examples
    --------
    >>> problems()
    []
    """
    try:
        return _problems(home, only)
    except OSError as problem:
        raise BadValue(f"{problem.filename} cannot be read: {problem.strerror}.") from None
    except _MISBUILT as problem:
        raise BadValue(
            f"The files in {home} are not built like those of the course "
            f"({type(problem).__name__}: {str(problem)[:200]}). Copy the entry of a table like "
            "yours from the course's datapackage.json."
        ) from None


# What reading a part that is missing, or of another kind, raises.
_MISBUILT = (
    LookupError,
    TypeError,
    AttributeError,
    ValueError,
    RecursionError,
    re.error,
    csv.Error,
)


def _problems(home: Path, only: str | None) -> list[Problem]:
    package = json.loads((home / "datapackage.json").read_text(encoding="utf-8"))
    references = json.loads((home / "references.json").read_text(encoding="utf-8"))
    found = list(_check_references(references))
    tables = {}
    wanted = {"vocabulary"}.union(
        *(_points_at(r) | {r["name"]} for r in package["resources"] if only in (None, r["name"]))
    )
    for resource in package["resources"]:
        if resource["name"] not in wanted:
            continue
        if only in (None, resource["name"]):
            found += _check_fields(resource, package)
        if not (home / resource["path"]).resolve().is_relative_to(home.resolve()):
            raise ValueError(f"the path {resource['path']!r} leads out of the folder")
        with (home / resource["path"]).open(encoding="utf-8", newline="") as file:
            header, *body = list(csv.reader(file)) or [[]]
        names = [field["name"] for field in resource["schema"]["fields"]]
        if header != names:
            found.append(Problem(resource["path"], 1, "*", f"the header must be {names}"))
            continue
        tables[resource["name"]] = _Table(resource, body)
    known = {name: table.ids() for name, table in tables.items()}
    known["references"] = {entry["id"] for entry in references}
    words: dict[str, set[str]] = {}
    for row in tables["vocabulary"].rows if "vocabulary" in tables else []:
        words.setdefault(row["vocabulary"], set()).add(row["term"])
    for name, table in tables.items():
        if only in (None, name):
            found += table.check(known, words, tables)
    return found


def _points_at(resource: dict[str, Any]) -> set[str]:
    schema = resource["schema"]
    lists = {field["refersTo"] for field in schema["fields"] if "refersTo" in field}
    return lists | {key["reference"]["resource"] for key in schema.get("foreignKeys", [])}


def _check_references(references: list[dict[str, Any]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, entry in enumerate(references, 1):

        def problem(column: str, message: str, place: int = place) -> Problem:
            return Problem("references.json", place, column, message)

        if entry["id"] in seen or not re.fullmatch(r"[a-z][a-z0-9]*", entry["id"]):
            yield problem(
                "id", f"{entry['id']!r} is taken, or not of lower-case letters and digits"
            )
        seen.add(entry["id"])
        if "DOI" in entry and not DOI.fullmatch(entry["DOI"]):
            yield problem("DOI", f"{entry['DOI']!r} is no DOI; one looks like 10.1000/xyz")
        if not ({"DOI", "PMID", "PMCID"} & set(entry) or PERMANENT_PAGES.match(entry["URL"])):
            yield problem("URL", "a source needs a DOI, PMID, PMCID or a registry or agency page")


def _check_fields(resource: dict[str, Any], package: dict[str, Any]) -> Iterator[Problem]:
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    tables = {r["name"] for r in package["resources"]} | {"references"}
    where = f"datapackage.json ({resource['name']})"
    for name, field in fields.items():
        counts = field["type"] in ("number", "integer")
        if counts and "unit" not in field and field.get("unitField") not in fields:
            yield Problem(where, 0, name, "a number needs a unit, or a unitField that exists")
        if "vocabulary" in field and field["vocabulary"] not in package["vocabularies"]:
            yield Problem(where, 0, name, f"no vocabulary is called {field['vocabulary']!r}")
        if "refersTo" in field and field["refersTo"] not in tables:
            yield Problem(where, 0, name, f"no table is called {field['refersTo']!r}")
        for origin in field.get("derivedFrom", []):
            if origin not in fields:
                yield Problem(where, 0, name, f"is computed from {origin!r}, which does not exist")
        if not field.get("description"):
            yield Problem(where, 0, name, "a column needs a description")
    if resource.get("sourced", True) and "source_keys" not in fields:
        yield Problem(where, 0, "source_keys", "a table needs a column with its sources")


class _Table:
    """The rows of one table as text, with the checks of its descriptor."""

    def __init__(self, resource: dict[str, Any], body: list[list[str]]):
        self.resource = resource
        self.path = resource["path"]
        self.fields = resource["schema"]["fields"]
        names = [field["name"] for field in self.fields]
        self.rows = [dict(zip(names, cells, strict=False)) for cells in body]
        self.ragged = [n for n, cells in enumerate(body, 2) if len(cells) != len(names)]

    def ids(self) -> set[str]:
        first = self.resource["schema"]["primaryKey"][0]
        return {row.get(first, "") for row in self.rows}

    def check(self, known: dict, words: dict, tables: dict[str, _Table]) -> Iterator[Problem]:
        if self.ragged:
            for number in self.ragged:
                yield Problem(self.path, number, "*", f"must have {len(self.fields)} cells")
            return
        yield from self._check_unique()
        for number, row in enumerate(self.rows, 2):
            for field in self.fields:
                for message in _cell_messages(field, row, known, words):
                    yield Problem(self.path, number, field["name"], message)
            for rule in self.resource.get("rules", []):
                message = _RULES[rule["kind"]](rule, row)
                if message and row.get("flag") != "doubtful":
                    column = rule.get("value") or rule.get("small") or rule.get("column")
                    yield Problem(self.path, number, column or rule["low"], message)
            for key in self.resource["schema"].get("foreignKeys", []):
                (column,), target = key["fields"], key["reference"]
                there = tables.get(target["resource"])
                if row[column] and there and row[column] not in there.ids():
                    message = f"{row[column]!r} is not in {target['resource']}"
                    yield Problem(self.path, number, column, message)

    def _check_unique(self) -> Iterator[Problem]:
        keys = [self.resource["schema"]["primaryKey"]]
        keys += [[f["name"]] for f in self.fields if f.get("constraints", {}).get("unique")]
        for key in keys:
            seen: set[tuple[str, ...]] = set()
            for number, row in enumerate(self.rows, 2):
                value = tuple(row[column] for column in key)
                if value in seen:
                    yield Problem(self.path, number, key[0], f"{value} stands there twice")
                seen.add(value)


def _cell_messages(field: dict, row: dict[str, str], known: dict, words: dict) -> Iterator[str]:
    text = row[field["name"]]
    rules = field.get("constraints", {})
    if text != text.strip():
        yield "must not start or end with a space"
    if not text:
        unless = field.get("requiredUnless", {})
        excused = any(row[column] in values for column, values in unless.items())
        partner = field.get("requiredWith")
        if rules.get("required") or (unless and not excused) or (partner and row[partner]):
            yield "must not be empty"
        return
    items = text.split(field["delimiter"]) if field["type"] == "list" else [text]
    if "vocabulary" in field:
        for item in items:
            if item not in words.get(field["vocabulary"], ()):
                yield f"{item!r} is not in the vocabulary {field['vocabulary']}"
    if "refersTo" in field:
        for item in items:
            if item not in known.get(field["refersTo"], ()):
                yield f"{item!r} is not in {field['refersTo']}"
    if field["type"] in ("number", "integer"):
        try:
            value = int(text) if field["type"] == "integer" else float(text)
        except ValueError:
            yield f"{text!r} is not a {field['type']}"
            return
        if not rules.get("minimum", value) <= value <= rules.get("maximum", value):
            yield f"{text} must lie in {rules.get('minimum', '')}..{rules.get('maximum', '')}"
        if "unitField" in field and not row.get(field["unitField"]):
            yield f"has no unit in {field['unitField']}"
    elif field["type"] == "boolean" and text not in ("true", "false"):
        yield f"{text!r} is neither true nor false"
    elif "pattern" in rules and not re.fullmatch(rules["pattern"], text):
        yield f"{text!r} must look like {rules['pattern']}"


def _number(row: dict[str, str], column: str | None) -> float | None:
    try:
        return float(row[column]) if column and row[column] else None
    except ValueError:
        return None  # the type check speaks about it


def _between(rule: dict[str, str], row: dict[str, str]) -> str:
    low, value, high = (_number(row, rule.get(part)) for part in ("low", "value", "high"))
    given = [number for number in (low, value, high) if number is not None]
    return "" if given == sorted(given) else f"low, value and high must rise, not {given}"


def _at_most(rule: dict[str, str], row: dict[str, str]) -> str:
    small, large = _number(row, rule["small"]), _number(row, rule["large"])
    if small is None or large is None or small <= large:
        return ""
    return f"{small:g} is above {rule['large']}, which is {large:g}"


def _positive(rule: dict[str, Any], row: dict[str, str]) -> str:
    value = _number(row, rule["column"])
    applies = all(row[column] in accepted for column, accepted in rule["when"].items())
    if not applies or value is None or value > 0:
        return ""
    return f"a ratio must be above zero, not {value:g}"


_RULES: dict[str, Callable[[dict, dict[str, str]], str]] = {
    "between": _between,
    "at_most": _at_most,
    "positive": _positive,
}
