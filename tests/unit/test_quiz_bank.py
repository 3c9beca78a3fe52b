"""Banks: what loads, and what is refused with file, line and item."""

from __future__ import annotations

import copy
import json
import re
import textwrap
from pathlib import Path

import pytest
import yaml

from secretome_edu.quiz.bank import BANKS, BankError, item_hash, load_bank, read_bank
from secretome_edu.quiz.items import TYPES
from secretome_edu.quiz.schema import PATH, schema_text
from secretome_edu.ui.messages import UnknownName

SAMPLE = Path(__file__).parent / "quiz_banks" / "all_types.yaml"
CONTENT = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
GOOD = {item["type"]: item for item in CONTENT["items"]}


def write(folder: Path, items: list, **changes) -> Path:
    path = folder / "broken.yaml"
    head = {"schema_version": 1, "bank": "broken", "title": "Broken", **changes}
    path.write_text(yaml.safe_dump({**head, "items": items}, sort_keys=False), encoding="utf-8")
    return path


def change(kind: str, where: str, value: object = "DELETE") -> dict:
    """Return a good item of a type with one field set, or deleted; ``a.0.b`` names a place."""
    item = copy.deepcopy(GOOD[kind])
    *path, last = [int(part) if part.isdigit() else part for part in where.split(".")]
    at = item
    for part in path:
        at = at[part]
    if value == "DELETE":
        del at[last]
    elif isinstance(at, list) and last == len(at):
        at.append(value)
    else:
        at[last] = value
    return item


def test_a_good_bank_loads_with_every_type():
    bank = read_bank(SAMPLE)
    assert {item.type for item in bank.items} == set(TYPES)
    assert [item.id for item in bank.pool("prediction")] == ["one-guess"]
    assert bank.item("one-word").accept[2] == "EV"


def test_an_unknown_bank_pool_or_item_names_the_closest():
    with pytest.raises(UnknownName, match="start_here"):
        load_bank("start_her")
    bank = read_bank(SAMPLE)
    with pytest.raises(UnknownName, match="'quiz'"):
        bank.pool("quizz")
    with pytest.raises(UnknownName, match="'one-word'"):
        bank.item("one-wort")


def test_a_hash_follows_the_content_and_nothing_else(tmp_path):
    single = change("single_choice", "stem", "Another stem?")
    same, other = (
        read_bank(write(tmp_path, [GOOD["single_choice"]])).items[0],
        read_bank(write(tmp_path, [single])).items[0],
    )
    assert item_hash(same) == item_hash(read_bank(SAMPLE).item("one-single"))
    assert item_hash(same) != item_hash(other)


SINGLE, NUMBER = "single_choice", "numeric"
MALFORMED = [
    # missing
    (SINGLE, "id", "DELETE", "id is missing"),
    (SINGLE, "type", "DELETE", "type must be one of"),
    (SINGLE, "pool", "DELETE", "pool is missing"),
    (SINGLE, "objective", "DELETE", "objective is missing"),
    (SINGLE, "bloom", "DELETE", "bloom is missing"),
    (SINGLE, "stem", "DELETE", "stem is missing"),
    (SINGLE, "solution", "DELETE", "solution is missing"),
    (SINGLE, "options", "DELETE", "options is missing"),
    (SINGLE, "options.0.id", "DELETE", "options.1.id is missing"),
    (SINGLE, "options.0.text", "DELETE", "options.1.text is missing"),
    (SINGLE, "evidence.0.reference", "DELETE", "reference is missing"),
    (SINGLE, "evidence.0.strength", "DELETE", "strength is missing"),
    (SINGLE, "evidence.0.as_of", "DELETE", "as_of is missing"),
    (SINGLE, "review.section", "DELETE", "section is missing"),
    (NUMBER, "answer", "DELETE", "answer is missing"),
    (NUMBER, "tolerance", "DELETE", "tolerance is missing"),
    (NUMBER, "seeds", "DELETE", "parameters and seeds are needed together"),
    (NUMBER, "wrong_numbers.0.feedback", "DELETE", "feedback is missing"),
    ("short_text", "accept", "DELETE", "accept is missing"),
    ("matching", "pairs.0.match", "DELETE", "match is missing"),
    ("categorize", "things.0.category", "DELETE", "category is missing"),
    ("two_tier", "reasons", "DELETE", "reasons is missing"),
    ("open_answer", "model_answer", "DELETE", "model_answer is missing"),
    ("prediction", "options", "DELETE", "options are needed"),
    # of the wrong kind
    (SINGLE, "id", 7, "text is needed"),
    (SINGLE, "id", "Not A Slug", "accepted"),
    (SINGLE, "type", "essay", "type must be one of"),
    (SINGLE, "pool", "homework", "accepted"),
    (SINGLE, "objective", "three", "accepted"),
    (SINGLE, "bloom", "guess", "accepted"),
    (SINGLE, "stem", "", "at least 1 character"),
    (SINGLE, "stem", ["a"], "text is needed"),
    (SINGLE, "options", "a, b", "list"),
    (SINGLE, "options.0", "lung", "dictionary"),
    (SINGLE, "options.0.text", True, "put it in quotes"),
    (SINGLE, "options.0.correct", "perhaps", "boolean"),
    (SINGLE, "options.1.misconception", "4", "accepted"),
    (SINGLE, "options.0.pin", "first", "accepted"),
    (SINGLE, "evidence.0.strength", "sure", "accepted"),
    (SINGLE, "evidence.0.as_of", "lately", "date"),
    (SINGLE, "attempts", 0, "greater than or equal to 1"),
    (SINGLE, "attempts", True, "not true or false"),
    (SINGLE, "hints", {"a": 1}, "list"),
    (SINGLE, "media", [{"file": "../x.png", "alt": "x"}], "accepted"),
    (NUMBER, "tolerance.relative", "wide", "number"),
    (NUMBER, "tolerance.relative", 2, "less than 1"),
    (NUMBER, "parameters.diffusion", {"choices": [1]}, "at least 2"),
    (NUMBER, "unit_given", "unit", "boolean"),
    ("short_text", "typos", 9, "less than or equal to 2"),
    # unknown
    (SINGLE, "hint", "One hint", "Did you mean 'hints'"),
    (SINGLE, "options.0.feed_back", "So", "not a field here"),
    (NUMBER, "tolerance.percent", 5, "not a field here"),
    ("prediction", "solution", "So", "none"),
    # doubled
    (SINGLE, "options.1.id", "lung", "there twice"),
    (SINGLE, "options.1.text", "In the **capillaries** of the  lung", "there twice"),
    (NUMBER, "seeds", [1, 1], "there twice"),
    ("short_text", "accept", ["EV", "ev"], "there twice"),
    ("matching", "pairs.1.match", "EP2 and EP4", "there twice"),
    ("matching", "extra_matches", ["CD44"], "there twice"),
    ("ordering", "steps.1.id", "collect", "there twice"),
    ("categorize", "things.1.text", "Exosome", "there twice"),
    ("open_answer", "rubric.1.id", "control", "there twice"),
    # contradictory
    (SINGLE, "options.0.correct", False, "0 are"),
    (SINGLE, "options.1.correct", True, "2 are"),
    ("multiple_choice", "options", [{"id": "a", "text": "A", "correct": True},
                                    {"id": "b", "text": "B", "correct": True}],
     "at least one wrong"),
    ("multiple_choice", "options", [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}],
     "at least one must be correct"),
    (NUMBER, "answer", {"value": 3, "expression": "3"}, "exactly one of value"),
    (NUMBER, "answer", {"value": 3, "arguments": {"a": 1}}, "arguments go with function"),
    (NUMBER, "answer", {"expression": "sqrt(diffusion / nothing)"}, "'nothing' is unknown"),
    (NUMBER, "answer", {"expression": "__import__('os')"}, "not accepted"),
    (NUMBER, "answer", {"function": "no_such_function"}, "no_such_function"),
    (NUMBER, "answer", {"function": "table_count", "arguments": {"tabel": "factors"}}, "tabel"),
    (NUMBER, "stem", "How far at {{speed}}?", "'speed' is unknown"),
    (NUMBER, "tolerance", {"relative": 0.1, "absolute": 1}, "give one of"),
    (NUMBER, "tolerance", {"low": 3, "high": 1}, "low may not be above high"),
    (NUMBER, "parameters.loss", {"low": 5, "high": 1, "step": 1}, "low must be below high"),
    (NUMBER, "computed", {"loss": {"value": 1}}, "both a parameter and computed"),
    ("short_text", "wrong_texts", [{"text": ["ev"], "feedback": "No."}], "both accepted and wrong"),
    ("ordering", "interchangeable", [["collect", "high"]], "neighboring"),
    ("ordering", "interchangeable", [["collect", "wash"]], "not among the steps"),
    ("categorize", "things.0.category", "lipid", "not in"),
    ("two_tier", "reasons.0.correct", False, "0 are"),
    ("prediction", "unit", "um", "form 'number' only"),
    ("prediction", "options", [{"id": "a", "text": "A"}], "at least two"),
]  # fmt: skip


def test_there_are_sixty_ways_to_be_wrong():
    assert len(MALFORMED) >= 60


@pytest.mark.parametrize(
    ("kind", "where", "value", "words"),
    MALFORMED,
    ids=[f"{kind}-{where}-{n}" for n, (kind, where, *_) in enumerate(MALFORMED)],
)
def test_a_malformed_item_is_refused_by_name_and_line(tmp_path, kind, where, value, words):
    item = change(kind, where, value)
    path = write(tmp_path, [GOOD["ordering"] if kind != "ordering" else GOOD[SINGLE], item])
    with pytest.raises(BankError) as refused:
        read_bank(path)
    message = str(refused.value)
    named = item["id"] if isinstance(item.get("id"), str) else "item number 2"
    assert named in message, message
    assert words.lower() in message.lower(), message
    line = int(message.split("line ")[1].split(",")[0].split(":")[0])
    assert 3 < line <= len(path.read_text().splitlines())
    assert "Traceback" not in message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("- a\n- b\n", "a bank begins with"),
        ("schema_version: 1\nbank: [x\n", "line 3"),
        ("schema_version: 2\nbank: x\ntitle: T\nitems: []\n", "schema_version"),
        ("schema_version: 1\nbank: x\ntitle: T\nitems: []\n", "at least 1 item"),
        ("schema_version: 1\nbank: x\nitems: [{}]\n", "title is missing"),
        ("schema_version: 1\nbank: x\ntitle: T\nitems: [3]\n", "item number 1"),
        ("schema_version: 1\nbank: x\ntitle: T\nbank: y\nitems: []\n", "'bank' is there twice"),
        ("schema_version: 1\nbank: x\ntitle: T\nitems: [{id: a, id: b}]\n", "'id' is there twice"),
        ("a: !!python/object/apply:os.system ['true']\n", "not readable as YAML"),
        ("schema_version: 1\nbank: x\ntitle: T\nitems: &a [*a]\n", "not readable"),
        ("a: 2020-13-45\n", "not readable"),
        ("{" * 500, "not readable"),
        ("\0", "not readable"),
    ],
)
def test_a_file_that_is_no_bank_is_refused_in_one_sentence(tmp_path, text, words):
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BankError, match=r"broken\.yaml") as refused:
        read_bank(path)
    assert words in str(refused.value)


def test_a_file_that_is_not_text_or_not_there_is_refused(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    for each in (path, tmp_path / "none.yaml"):
        with pytest.raises(BankError, match="cannot be read"):
            read_bank(each)


def test_the_line_is_the_line_of_the_mistake(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text(
        textwrap.dedent("""\
            schema_version: 1
            bank: broken
            title: Broken
            items:
              - id: one
                type: single_choice
                pool: quiz
                objective: a.1
                bloom: apply
                stem: Which?
                solution: So.
                options:
                  - {id: a, text: A, correct: true}
                  - id: b
                    text: B
                    misconception: wrong
            """)
    )
    with pytest.raises(BankError) as refused:
        read_bank(path)
    assert "broken.yaml, line 16, item one: options.2.misconception" in str(refused.value)


def test_two_items_may_not_share_an_id(tmp_path):
    with pytest.raises(BankError, match=r"'one-single' is there twice"):
        read_bank(write(tmp_path, [GOOD[SINGLE], GOOD[SINGLE]]))


def test_options_that_coincide_in_one_variant_are_refused(tmp_path):
    item = change(NUMBER, "id", "twins")
    for name in ("answer", "unit", "tolerance", "wrong_numbers"):
        del item[name]
    item["type"] = SINGLE
    item["parameters"] = {"a": {"choices": [2, 3]}}
    item["stem"] = "What is 2 + {{a}}?"
    item["solution"] = "{{2 + a}}"
    item["options"] = [
        {"id": "sum", "text": "{{2 + a}}", "correct": True},
        {"id": "product", "text": "{{2 * a}}", "feedback": "That is the product."},
    ]
    item["seeds"] = [1, 2, 3, 4, 5, 6, 7, 8]
    with pytest.raises(BankError, match=r"twins \(seed \d\).*there twice"):
        read_bank(write(tmp_path, [item]))


def test_all_problems_are_named_at_once(tmp_path):
    broken = [change(SINGLE, "stem"), change(NUMBER, "tolerance")]
    with pytest.raises(BankError) as refused:
        read_bank(write(tmp_path, broken))
    assert len(refused.value.problems) == 2


def test_an_error_in_a_bank_shows_no_traceback():
    assert BankError(["x.yaml, line 1: wrong."])._render_traceback_() == ["x.yaml, line 1: wrong."]


def test_the_schema_for_editors_is_fresh():
    assert PATH.read_text(encoding="utf-8") == schema_text()
    assert {"SingleChoice", "Numeric", "Prediction"} <= set(json.loads(schema_text())["$defs"])


def test_the_authors_guide_shows_what_loads(tmp_path):
    guide = (BANKS / "README.md").read_text(encoding="utf-8")
    every, types, values = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    common = yaml.safe_load(every)[0]
    del common["media"]  # names a picture that is not in the package
    shown = [yaml.safe_load(chunk) for chunk in types.split("\n\n")]
    options = shown[0]["options"]
    items = []
    for n, fields in enumerate(shown):
        fields = {k: options if v == ["..."] else v for k, v in fields.items()}
        items.append({**common, **fields, "id": f"{common['id']}-{n}"})
        if fields["type"] == "prediction":
            del items[-1]["solution"]
    drawn = {**common, **yaml.safe_load(values), "id": "drawn", "type": "numeric",
             "unit": "um", "tolerance": {"relative": 0.05}}  # fmt: skip
    del drawn["options"]
    bank = read_bank(write(tmp_path, [*items, drawn]))
    assert {item.type for item in bank.items} == set(TYPES)
    fields = set().union(*(cls.model_fields for cls in TYPES.values()))
    assert {name for name in fields if name not in guide} == set()
