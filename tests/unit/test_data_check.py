"""The shipped tables keep their descriptor, and a broken copy of any of them is caught."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from secretome_edu.data import package
from secretome_edu.data.check import problems

TABLES = list(package.resources())


def test_the_shipped_tables_keep_their_descriptor():
    assert [str(problem) for problem in problems()] == []


def test_frictionless_agrees():
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(package.HOME / "datapackage.json"))
    assert report.flatten(["title", "rowNumber", "fieldName", "note"]) == []


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    target = tmp_path_factory.mktemp("data")
    for name in ("datapackage.json", "references.json"):
        shutil.copy(package.HOME / name, target)
    shutil.copytree(package.HOME / "tables", target / "tables")
    return target


@contextmanager
def restored(path: Path) -> Iterator[str]:
    """Lend a file to a mutation and put it back, whatever happens."""
    good = path.read_text(encoding="utf-8")
    try:
        yield good
    finally:
        path.write_text(good, encoding="utf-8")


def write_csv(path: Path, lines: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)


def broken_cells(name: str) -> Iterator[tuple[str, int, str, str]]:
    """Yield (what, row, column, text) for every promise of the descriptor a cell can break."""
    rows = list(package.records(name))
    resource = package.resource(name)

    def first(column: str) -> int | None:
        return next((n for n, row in enumerate(rows) if row[column]), None)

    for field in package.fields(name):
        column, rules = field["name"], field.get("constraints", {})
        at = first(column)
        if at is None:
            continue
        if rules.get("required"):
            yield "emptied", at, column, ""
        for other, accepted in field.get("requiredUnless", {}).items():
            due = [n for n, row in enumerate(rows) if row[other] not in accepted]
            yield "emptied though due", due[0], column, ""
        if partner := field.get("requiredWith"):
            yield "emptied though its partner is there", first(partner), column, ""
        if "vocabulary" in field or "refersTo" in field:
            yield "unknown word", at, column, "no such word"
        if field["type"] in ("number", "integer"):
            yield "no number", at, column, "many"
        if "minimum" in rules:
            yield "too small", at, column, str(rules["minimum"] - 1)
        if "maximum" in rules:
            yield "too large", at, column, str(rules["maximum"] + 1)
        if field["type"] == "boolean":
            yield "neither true nor false", at, column, "perhaps"
        if "pattern" in rules:
            yield "wrong form", at, column, "?"
        if rules.get("unique") and len(rows) > 1:
            yield "repeated", 1, column, rows[0][column]
        yield "padded", at, column, " x"
    for key in resource["schema"].get("foreignKeys", []):
        yield "key to nowhere", first(key["fields"][0]), key["fields"][0], "NOWHERE"
    for rule in resource.get("rules", []):
        yield from broken_rule(rule, rows)


def broken_rule(rule, rows):
    parts = [rule[part] for part in ("low", "value", "high") if part in rule]
    for n, row in enumerate(rows):
        if row.get("flag") == "doubtful":
            continue
        if rule["kind"] == "between" and sum(bool(row[part]) for part in parts) > 1:
            lowest = next(part for part in parts if row[part])
            yield "interval turned round", n, lowest, "1e30"
            return
        if rule["kind"] == "at_most" and row[rule["small"]] and row[rule["large"]]:
            yield "more events than people", n, rule["small"], str(int(row[rule["large"]]) + 1)
            return
        fits = rule["kind"] == "positive" and row[rule["column"]]
        if fits and all(row[c] in accepted for c, accepted in rule["when"].items()):
            yield "negative ratio", n, rule["column"], "-1"
            return
    raise AssertionError(f"no row can break {rule}: the rule is idle")


@pytest.mark.parametrize("name", TABLES)
def test_every_broken_cell_is_caught_with_file_row_and_column(name, home):
    path = home / package.resource(name)["path"]
    tried = 0
    with restored(path) as good:
        header, *body = list(csv.reader(good.splitlines()))
        for what, row, column, text in broken_cells(name):
            place = header.index(column)
            changed = [*body[row][:place], text, *body[row][place + 1 :]]
            write_csv(path, [header, *body[:row], changed, *body[row + 1 :]])
            found = [p for p in problems(home, only=name) if p.row == row + 2]
            assert found, f"{name}: {what} in {column} went unseen"
            assert {p.file for p in found} == {package.resource(name)["path"]}
            if what not in ("interval turned round", "emptied though its partner is there"):
                assert column in {p.column for p in found}, (what, column)
            tried += 1
    assert tried >= 4


@pytest.mark.parametrize("name", TABLES)
def test_a_lost_column_row_end_or_repeated_row_is_caught(name, home):
    path = home / package.resource(name)["path"]
    with restored(path) as good:
        header, *body = list(csv.reader(good.splitlines()))
        for lines in (
            [header[:-1], *[cells[:-1] for cells in body]],
            [header, body[0][:-1], *body[1:]],
            [header, *body, body[0]],
        ):
            write_csv(path, lines)
            assert problems(home, only=name)


LOSSES = (("unit", None), ("unitField", "gone"), ("description", ""), ("derivedFrom", ["gone"]))


@pytest.mark.parametrize("name", TABLES)
def test_a_unit_description_or_origin_removed_is_caught(name, home):
    with restored(home / "datapackage.json") as good:
        for position, field in enumerate(package.fields(name)):
            for loss, instead in LOSSES:
                if loss not in field:
                    continue
                described = json.loads(good)
                there = next(r for r in described["resources"] if r["name"] == name)
                there["schema"]["fields"][position][loss] = instead
                if instead is None:
                    del there["schema"]["fields"][position][loss]
                (home / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
                found = problems(home, only=name)
                assert any(p.column == field["name"] for p in found), (field["name"], loss)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"DOI": "doi:10.1/x"}, "DOI"),
        ({"id": "Harrell 2019"}, "id"),
        ({"DOI": None, "PMID": None, "PMCID": None, "URL": "https://example.org/x"}, "URL"),
    ],
)
def test_a_broken_reference_is_caught(change, column, home):
    path = home / "references.json"
    with restored(path) as good:
        entries = json.loads(good)
        for key, value in change.items():
            entries[3].pop(key, None) if value is None else entries[3].update({key: value})
        path.write_text(json.dumps(entries), encoding="utf-8")
        found = {(p.file, p.row, p.column) for p in problems(home)}
    assert ("references.json", 4, column) in found
