"""Files and answers made to do harm: bounded in time and memory, and answered with a sentence.

Time is counted as the processor's, so that a busy machine does not make a test fail.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hostile import Late, attacks, patterns, refusal, within

from secretome_edu.classroom.names import read_names
from secretome_edu.course.manifest import Manifest
from secretome_edu.exercises import check as exercises
from secretome_edu.exercises.check import read_number
from secretome_edu.progress.store import open_store
from secretome_edu.quiz.bank import read_bank
from secretome_edu.quiz.exchange.importing import import_bank, read_content
from secretome_edu.quiz.expressions import evaluate
from secretome_edu.quiz.grading import STATES, grade
from secretome_edu.quiz.items import Numeric
from secretome_edu.quiz.numbers import parse_number
from secretome_edu.quiz.session import Session
from secretome_edu.quiz.units import parse_unit
from secretome_edu.ui.messages import CourseError
from secretome_edu.ui.yaml_file import read_yaml

NOW = datetime(2026, 12, 1, tzinfo=UTC)
SAMPLE = Path(__file__).parents[1] / "unit" / "quiz_banks" / "all_types.yaml"
ITEMS = read_bank(SAMPLE).items
MILLION = 1_000_000


# -- what a learner types ----------------------------------------------------------------------

UNITS = [
    "m^9^9^9^9", "9**9**9**9 m", "10^999999999 m", "m^(9^9^9)", "m**999999999999999999",
    "(2)**99999999*m", "1.5 ** 9e9 ** 9e9", "m^-9^9^9", "((((((((((m))))))))))", "m" * 60,
    "m*" * 29 + "m", "°C" * 30, "1" * 60, "-" * 60, "dB^9999", "degC*degC", "1/0 m",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_is_read_or_refused_at_once(unit):
    parse_unit("m")  # the registry itself takes a second to make
    with within(1):
        assert len(refusal(lambda: parse_unit(unit))) < 1000
        assert len(refusal(lambda: read_number(f"1e308 {unit}", "um"))) < 1000


NUMBERS = [
    "1" * 800, "1" + "0" * 308 + ".0/0.001", "1e" + "9" * 700, "1/" + "9" * 700, "0/0",
    "10^" + "9" * 700, "1e308", "-1e308", "1e-320", "-1e-320", "5e-324/" + "9" * 300, "1e400",
    "1e-400", "9" * 309, "½" * 700, "10⁹⁹⁹⁹⁹", " " * 700 + "1", "1" + ",111" * 200, "٣", "1٣", "²",
]  # fmt: skip


@pytest.mark.parametrize("text", NUMBERS)
@pytest.mark.parametrize("answer", [1e-300, -1e-300, 0.001, 0.0, 5e-324, 42.0, 1e308])
def test_a_number_at_the_edge_is_graded(text, answer):
    item = Numeric(
        id="n", type="numeric", pool="quiz", objective="a.1", bloom="apply", stem="?",
        solution="!", answer={"value": answer}, tolerance={"relative": 0.01},
    )  # fmt: skip
    with within(1):
        assert grade(item, text).state in STATES
    if not refusal(lambda: parse_number(text)):
        assert abs(parse_number(text).value) < float("inf")


def hostile_responses():
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    endless: list = []
    endless.append(endless)
    long = "<!--[" * (MILLION // 5)
    return {
        "a million signs": long, "a million digits": "1" * MILLION, "a long number": 10**MILLION,
        "deep": deep, "endless": endless, "list of a million": ["a"] * MILLION,
        "names": {"text": long, "met": ["a"] * MILLION}, "rows": {"a": long, long: "a"},
        "half a character": "\ud800", "zero": "\0", "nan": float("nan"), "infinite": float("inf"),
        "two": {"answer": long, "reason": deep}, "bytes": b"\xff", "turned": "\u202egnp.exe",
    }  # fmt: skip


@pytest.mark.parametrize("name", hostile_responses())
def test_every_kind_of_question_survives_every_response(name):
    response = hostile_responses()[name]
    store = open_store("memory:")
    for item in ITEMS:
        session = Session([item], store.recorder("all_types"))
        with within(10):
            assert grade(item, response).state in STATES
            state = session.answer(item.id, response)
        assert len(json.dumps(state["feedback"])) < 10_000
    assert store.verify() == []


@pytest.mark.parametrize("name", hostile_responses())
def test_what_cannot_be_kept_is_said_and_nothing_is_kept(name):
    store = open_store("memory:")
    response = hostile_responses()[name]
    with within(10):
        refused = refusal(lambda: store.append("answered", item="q", response=response))
    assert len(store.events()) == (not refused)
    assert store.verify() == []


# -- question banks and other files of the course ------------------------------------------------

LAUGHS = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)
YAML = {
    "a billion laughs": LAUGHS,
    "a list that holds itself": "a: &a [*a]",
    "a mapping that holds itself": "&a {b: *a}",
    "lists without end": "[" * 20_000,
    "mappings without end": "{a: " * 10_000,
    "dashes without end": "- " * 20_000 + "a",
    "indented without end": "".join(" " * n + "a:\n" for n in range(1000)),
    "question marks": "? " * 5000,
    "code": "!!python/object/apply:os.system ['id']",
    "month 13": "a: 2026-13-45",
    "hour 99": "a: 2026-11-01T99:99:99",
    "no bool": "!!bool maybe",
    "no time": "!!timestamp soon",
    "no number": "!!int ''",
    "a long number": "a: " + "1" * 900_000,
    "a list as a name": "? [a]\n: b",
    "half a character": 'a: "\\ud800"',
    "no UTF-8": b"\xff\xfe\xfa",
    "a zero byte": "\0",
    "only a mark": "\ufeff",
    "two million signs": "#" * 2_000_000,
    "twenty thousand items": "schema_version: 1\nbank: a\ntitle: b\nx: &x {id: 1}\nitems: ["
    + ",".join(["*x"] * 20_000)
    + "]",
}


@pytest.mark.parametrize("name", YAML)
def test_hostile_yaml_is_a_sentence_in_every_loader(name, tmp_path, monkeypatch):
    content = YAML[name]
    file = tmp_path / "hostile.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    monkeypatch.setattr(exercises, "_HERE", tmp_path)
    loaders = (
        lambda: read_bank(file),
        lambda: read_yaml(file, Manifest),
        lambda: exercises.load_exercises("hostile"),
    )
    for load in loaders:
        with within(20), pytest.raises(CourseError) as refused:
            load()
        assert len(str(refused.value)) < 10_000


def test_aliases_that_stay_small_are_welcome(tmp_path):
    text = SAMPLE.read_text(encoding="utf-8").replace("title:", "title: &t", 1)
    (tmp_path / "b.yaml").write_text(text, encoding="utf-8")
    assert read_bank(tmp_path / "b.yaml").items == ITEMS


@pytest.mark.parametrize("read", [read_bank, import_bank, read_names])
def test_a_device_that_never_ends_is_not_read(read):
    with within(2), pytest.raises(CourseError, match="cannot be read"):
        read("/dev/zero")


@pytest.mark.parametrize("read", [read_bank, lambda path: read_yaml(path, Manifest)])
@pytest.mark.parametrize("place", ["", "gone.yaml", "x" * 300])
def test_a_folder_or_nothing_in_place_of_a_file_is_a_sentence(tmp_path, read, place):
    with pytest.raises(CourseError, match="cannot be read"):
        read(tmp_path / place)


EXPRESSIONS = [
    "9**9**9**9**9", "round(5, -1000000000)", "round(5, 1000000000)", "a*3000000000", "a%5",
    "-a", "max(a, 1)", "(" * 100 + "1" + ")" * 100, "-" * 290 + "1", "not " * 70 + "1",
    "1e308*1e308", "floor(1e308)**floor(1e308)", "0/0", "exp(1e9)", "9" * 290, "a.b", "[1]*9",
    "__import__('os')", "(lambda: 1)()", "'a'*9", "1 if 1 else 1/0", "f'{1}'", "1_0**9", "\0",
]  # fmt: skip


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_arithmetic_of_a_bank_ends_at_once(expression):
    with within(1):
        said = refusal(lambda: evaluate(expression, {"a": "xx"}))
    assert len(said) < 1000
    assert said or isinstance(evaluate(expression, {"a": "xx"}), (int, float))


# -- questions of other systems ------------------------------------------------------------------

ENTITIES = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
BILLION = f'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]><quiz>&j;</quiz>'
MULTI = (
    '<question type="multichoice"><name><text>a</text></name><questiontext format="html"><text>'
    '{}</text></questiontext><answer fraction="100"><text>a</text></answer>'
    '<answer fraction="0"><text>b</text></answer></question>'
)
ESSAY = (
    '<question type="essay"><name><text>a</text></name><questiontext><text>Q</text></questiontext>'
    '<graderinfo format="markdown"><text>{}</text></graderinfo></question>'
)


def moodle(template: str, text: str) -> str:
    return f"<quiz>{template.format(text.replace('&', '&amp;').replace('<', '&lt;'))}</quiz>"


FILES = {
    ("moodle", "a billion entities"): BILLION,
    ("moodle", "a billion entities in UTF-16"): BILLION.encode("utf-16"),
    ("moodle", "a file from elsewhere"): '<!DOCTYPE q SYSTEM "file:///etc/passwd"><quiz/>',
    ("moodle", "elements without end"): "<quiz>" + "<a>" * 100_000,
    ("moodle", "many attributes"): "<quiz " + " ".join(f'a{n}="1"' for n in range(20_000)) + "/>",
    ("moodle", "an encoding that packs"): '<?xml version="1.0" encoding="zlib_codec"?><quiz/>',
    ("moodle", "a rubric without a number"): moodle(ESSAY, "x\n\n**Rubric**\n\n1. a (e points)"),
    ("moodle", "a rubric of spaces"): moodle(
        ESSAY, "x\n\n**Rubric**\n\n1. a" + " " * 19_000 + "x"
    ),
    ("moodle", "hard spaces in bold"): moodle(MULTI, "<b>" * 39 + "a" + "\xa0" * 19_000 + "a"),
    ("jupyterquiz", "lists without end"): "[" * 100_000,
    ("jupyterquiz", "objects without end"): '[{"a":' * 100_000,
    ("jupyterquiz", "a million digits"): '[{"type": "numeric", "precision": ' + "1" * MILLION,
    ("jupyterquiz", "one name twice"): "[{" + ",".join(['"n": 1'] * 50_000) + "}]",
    ("jupyterquiz", "many entries"): "[" + ",\n".join(["1"] * 50_000) + "]",
    ("jupyterquiz", "many lines"): "[" + ",".join(['{"type":"x"}' + "\n" * 100] * 10_000) + "]",
    ("gift", "many braces"): "{" * MILLION,
    ("gift", "many comments"): "// [tag:\n" * 100_000 + "Q{=a ~b}",
    ("gift", "many answers"): "Q{" + "~a" * 20_000 + "}",
    ("gift", "backslashes"): "Q{=" + "\\" * 300_000 + "}",
}  # fmt: skip


@pytest.mark.parametrize(("origin", "name"), FILES)
def test_a_hostile_file_is_read_or_refused_in_time(origin, name):
    content = FILES[origin, name]
    content = content if isinstance(content, bytes) else content.encode()
    with within(20):
        said = refusal(lambda: read_content(content, origin, "x", "f"))
    assert len(said) < 10_000


SIGNS = ["[", "\\[", "\\(", "<", "<!--", "<a ", "<a href=", '<a x="', "<![CDATA[", "</", "<b>",
         "<?", "&", "`", "$", "*", "<i>_", "<table><tr><td>", "<ul><li>", "<pre>`", "\\", "<br>",
         "<script>", "<textarea><"]  # fmt: skip


@pytest.mark.parametrize("end", ["", ">", '">', "]("])
def test_html_of_one_sign_takes_no_longer_than_a_moment(end):
    for sign in SIGNS:
        file = moodle(MULTI, "a" + sign * (19_000 // len(sign)) + end).encode()
        with within(5):
            refusal(lambda file=file: read_content(file, "moodle", "x", "f"))


# -- patterns ------------------------------------------------------------------------------------

OURS_ALONE = {"classroom/page.py"}  # reads theme.css of the package and nothing else


def test_no_pattern_tries_every_way():
    """Thousands of signs made for each pattern: a second, where a careless one takes years."""
    late = []
    found = patterns()
    assert len(found) > 120
    for (file, pattern), use in found.items():
        if file in OURS_ALONE:
            continue
        for text in attacks(pattern, 800 if file == "quiz/numbers.py" else 2500):
            try:
                with within(1):
                    getattr(pattern, use)(text)
            except Late:
                late.append((file, pattern.pattern, text[:30]))
    assert late == []


def test_the_attack_finds_a_careless_pattern():
    careless = re.compile(r"x(a+)+y")
    with pytest.raises(Late), within(0.2):
        list(map(careless.search, attacks(careless, 60)))
