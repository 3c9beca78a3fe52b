"""What is fuzzed, once for hypothesis and atheris: bytes in, a result or a CourseError out.

By hand, guided by coverage: ``python tests/robustness/fuzz_targets.py gift -max_total_time=300``.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BANK = ROOT / "tests" / "unit" / "quiz_banks" / "all_types.yaml"
PACKAGE = ROOT / "secretome_edu"
Target = Callable[[bytes], object]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


@lru_cache(maxsize=1)
def _room() -> Path:
    return Path(tempfile.mkdtemp(prefix="secretome-fuzz-"))


def _file(data: bytes, name: str = "fuzzed") -> Path:
    path = _room() / name
    path.write_bytes(data)
    return path


def number(data: bytes) -> None:
    """A number as typed, and the answer to a question that asks for one."""
    from secretome_edu.quiz.grading import STATES, grade
    from secretome_edu.quiz.numbers import parse_number

    for item in _numeric():
        assert grade(item, _text(data)).state in STATES
    assert abs(parse_number(_text(data)).value) < float("inf")


@lru_cache(maxsize=1)
def _numeric() -> list[Any]:
    from secretome_edu.quiz.items import Numeric

    common = {"type": "numeric", "pool": "quiz", "objective": "a.1", "bloom": "apply",
              "stem": "?", "solution": "!"}  # fmt: skip
    ways = [
        {"answer": {"value": 1e-9}, "tolerance": {"relative": 0.01}, "unit": "ng/mL"},
        {"answer": {"value": -3}, "tolerance": {"significant_figures": 2}},
        {"answer": {"value": 20.0}, "tolerance": {"low": 15, "high": 25}, "unit": "degC"},
    ]
    return [Numeric(id=f"n{n}", **common, **way) for n, way in enumerate(ways)]  # type: ignore[arg-type]


def unit(data: bytes) -> None:
    """A unit, and a number with one in the box of an exercise."""
    from secretome_edu.exercises.check import read_number
    from secretome_edu.quiz.units import parse_unit
    from secretome_edu.ui.messages import BadValue

    for wanted in ("um", "", "pg/mL", "K"):
        with suppress(BadValue):
            read_number(f"3 {_text(data)}", wanted)
    parse_unit(_text(data))


def expression(data: bytes) -> None:
    """Arithmetic in a bank."""
    from secretome_edu.quiz.expressions import evaluate

    evaluate(_text(data), {"a": 3, "b": 0.5, "text": "word"})


def _exchange(origin: str) -> Target:
    def read(data: bytes) -> None:
        from secretome_edu.quiz.exchange.importing import read_content

        read_content(data, origin, "fuzzed", "f")

    return read


def bank(data: bytes) -> None:
    """A question bank in YAML, with its values drawn."""
    from secretome_edu.quiz.bank import item_hash, read_bank
    from secretome_edu.quiz.variants import realize

    for item in read_bank(_file(data)).items:
        item_hash(item)
        realize(item)


def course_yaml(data: bytes) -> None:
    """Lessons, claims, plans and the guide."""
    from secretome_edu.classroom import guide, plans
    from secretome_edu.course.claims import Claims
    from secretome_edu.course.manifest import Manifest
    from secretome_edu.exercises.check import _Texts
    from secretome_edu.ui.messages import CourseError
    from secretome_edu.ui.yaml_file import read_yaml

    for schema in (Manifest, Claims, plans._File, guide._Notes, _Texts):
        with suppress(CourseError):
            read_yaml(_file(data), schema)


def descriptor(data: bytes) -> None:
    """A Data Package: what stands before the first zero byte describes, the rest is its table."""
    from secretome_edu.data.check import problems

    described, _, table = data.partition(b"\0")
    home = _room() / "data"
    (home / "tables").mkdir(parents=True, exist_ok=True)
    (home / "datapackage.json").write_bytes(described)
    (home / "references.json").write_bytes(b'[{"id": "a", "DOI": "10.1000/x"}]')
    (home / "tables" / "t.csv").write_bytes(table)
    for problem in problems(home):
        assert str(problem)


def hand_in(data: bytes) -> None:
    """A folder with hand-ins; zero bytes divide the files."""
    from secretome_edu.classroom.report import class_report
    from secretome_edu.classroom.table import to_csv

    folder = _room() / "class"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for place, part in enumerate(data.split(b"\0")[:4]):
        (folder / f"{place}.jsonl").write_bytes(part)
    report = class_report(folder)
    list(csv.reader(io.StringIO(to_csv(report))))
    " ".join((report.headline, *report.notices, *report.doubts)).encode()


def names(data: bytes) -> None:
    """The instructor's file of names."""
    from secretome_edu.classroom.names import read_names

    read_names(_file(data))


TARGETS: dict[str, Target] = {
    "number": number, "unit": unit, "expression": expression, "gift": _exchange("gift"),
    "moodle": _exchange("moodle"), "jupyterquiz": _exchange("jupyterquiz"), "bank": bank,
    "course_yaml": course_yaml, "descriptor": descriptor, "hand_in": hand_in, "names": names,
}  # fmt: skip


def _event(**fields: Any) -> bytes:
    """A line whose hash fits, for the item the class report knows."""
    from secretome_edu.progress.events import _digest
    from secretome_edu.quiz.bank import item_hash, load_bank

    item = load_bank("paracrine_reach").pool("quiz")[0]
    body = {
        "id": "e1", "learner": "a1", "seq": 1, "time": "2026-09-01T00:00:00Z", "kind": "answered",
        "lesson": "paracrine_reach", "item": item.id, "previous": "", "format": 1,
        "item_hash": item_hash(item), "variant": None, "response": "x", "state": "correct",
        "score": 1.0, "max_score": 1.0, "confidence": 3, **fields,
    }  # fmt: skip
    return json.dumps({**body, "hash": _digest(body)}).encode() + b"\n"


@lru_cache(maxsize=1)
def seeds() -> dict[str, list[bytes]]:
    """Return whole inputs for each target, to be damaged."""
    from secretome_edu.quiz.bank import read_bank
    from secretome_edu.quiz.exchange import export_banks

    written = {kind: export_banks([read_bank(BANK)], kind).files[""] for kind in ("gift", "moodle")}
    manifest = b'{"manifest": 1, "learner": "a1", "events": 1, "name": "A", "course": "0.1.0"}\n'
    field = {"name": "id", "type": "string", "description": "d"}
    table = {"name": "t", "path": "tables/t.csv", "schema": {"fields": [
        field, {**field, "name": "n", "type": "number", "unit": "1", "constraints": {"minimum": 0}},
        {**field, "name": "source_keys", "type": "list", "delimiter": ";",
         "refersTo": "references"}], "primaryKey": ["id"]}}  # fmt: skip
    package = {"resources": [table], "vocabularies": {}, "licenses": [{"name": "x"}]}
    lines = (PACKAGE / "exercises" / "start_here.yaml").read_bytes()
    jupyterquiz = [{"question": "Q?", "type": "numeric", "precision": 2, "answers": [
        {"value": 3.5, "correct": True}, {"range": [1, 2], "correct": False}]}]  # fmt: skip
    return {
        "number": [b"1.5e-3 ng/mL", "1 234,5 µg".encode(), b"3/4", "2 × 10⁶".encode()],
        "unit": [b"ng/mL", "µm²/s".encode(), b"molecules per cell", b"degC", b"m^2/(s*kg)"],
        "expression": [b"sqrt(a / b) + 2**a", b"a if a > b else -b", b"round(a, 2)", b"text"],
        "gift": [written["gift"].encode()],
        "moodle": [written["moodle"].encode()],
        "jupyterquiz": [json.dumps(jupyterquiz).encode()],
        "bank": [BANK.read_bytes()],
        "course_yaml": [lines, b"schema_version: 1\ncourse_objectives: []\nlessons: []\n"],
        "descriptor": [json.dumps(package).encode() + b"\0id,n,source_keys\na,1,a\n"],
        "hand_in": [manifest + _event() + b"\0" + _event(id="e2", seq=2)],
        "names": [b"learner,name\na1,Ada\n"],
    }


def main() -> None:
    """Fuzz one target until atheris is told to stop."""
    import atheris

    name, *options = sys.argv[1:]
    with atheris.instrument_imports(include=["secretome_edu"]):
        from secretome_edu.ui.messages import CourseError

        for data in seeds()[name]:
            TARGETS[name](data)

    def one(data: bytes) -> None:
        with suppress(CourseError):
            TARGETS[name](data)

    corpus = _room() / name
    corpus.mkdir()
    for place, data in enumerate(seeds()[name]):
        (corpus / str(place)).write_bytes(data)
    atheris.Setup([sys.argv[0], str(corpus), "-max_len=20000", "-timeout=20", *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
