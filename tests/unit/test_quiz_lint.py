"""The bank linter: every rule finds its flaw, and the banks of the course have none."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from secretome_edu.quiz import lint
from secretome_edu.quiz.bank import read_bank
from secretome_edu.quiz.guessing import guess_score
from secretome_edu.quiz.items import Bank
from secretome_edu.quiz.variants import realize

SAMPLE = Path(__file__).parent / "quiz_banks" / "all_types.yaml"
GOOD = {
    "id": "x", "type": "single_choice", "pool": "quiz", "objective": "a.1", "bloom": "apply",
    "stem": "How far does it reach?", "solution": "So far.",
    "evidence": [{"reference": "lee2009", "strength": "established", "as_of": "2024-01-01"}],
    "options": [
        {"id": "a", "text": "One cell wide", "correct": True},
        {"id": "b", "text": "Ten cells wide", "feedback": "Too many."},
        {"id": "c", "text": "A whole organ", "feedback": "Far too many."},
    ],
}  # fmt: skip


def bank_of(*items) -> Bank:
    return Bank(schema_version=1, bank="x", title="X", items=list(items))


def codes(*items) -> set[str]:
    return {finding.code for finding in lint.lint_bank(bank_of(*items))}


def both(**changes):
    """Return two items on one objective, so that only the flaw planted in the first is found."""
    return {**GOOD, **changes}, {**GOOD, "id": "y"}


def option(text, **more):
    return {"id": text[:3].lower().strip(), "text": text, **more}


def test_a_good_bank_has_no_finding():
    assert codes(*both()) == set()
    assert lint.lint_bank(read_bank(SAMPLE)) == []


LONG = "One cell wide, because the tissue takes the factor up on its way through it"
ROW = {"type": "numeric", "answer": {"value": 94}, "tolerance": {"relative": 0.1}}
NUMBER = {k: v for k, v in GOOD.items() if k != "options"} | ROW
FLAWS = [
    ("Q01", {"options": [{**GOOD["options"][0], "text": LONG}, *GOOD["options"][1:]]}),
    ("Q03", {"options": [*GOOD["options"], {**option("All of the above"), "feedback": "No."}]}),
    ("Q03", {"options": [*GOOD["options"], {**option("None of these"), "feedback": "No."}]}),
    ("Q04", {"stem": "Which is not true?"}),
    ("Q04", {"stem": "All hold except which?"}),
    ("Q05", {"options": [
        {"id": "a", "text": "10 to 20 µm", "correct": True},
        {"id": "b", "text": "15-30 µm", "feedback": "No."},
        {"id": "c", "text": "above 40 µm", "feedback": "No."}]}),
    ("Q05", {"options": [
        {"id": "a", "text": "less than 10 µm", "correct": True},
        {"id": "b", "text": "at most 5 µm", "feedback": "No."},
        {"id": "c", "text": "above 40 µm", "feedback": "No."}]}),
    ("Q06", {"options": [*GOOD["options"][:2], {"id": "c", "text": "A whole organ"}]}),
    ("Q07", {"stem": "What is this? ![](x.png)"}),
    ("Q08", {"options": GOOD["options"][:2]}),
    ("Q10", {"evidence": []}),
    ("Q11", {"hints": ["It is one cell wide."]}),
    ("Q11", {"options": [GOOD["options"][0], GOOD["options"][2],
                         {**GOOD["options"][1], "feedback": "One **cell** wide!"}]}),
    ("Q12", {"options": [*GOOD["options"][:2],
                         {"id": "c", "text": "An organ", "misconception": "M999"}]}),
    ("Q12", {"evidence": [{**GOOD["evidence"][0], "reference": "nobody1900"}]}),
    ("Q13", {"stem": "How far at {{speed}}?"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "changes"), FLAWS, ids=[f"{c}-{n}" for n, (c, _) in enumerate(FLAWS)]
)
def test_each_rule_finds_its_flaw_and_no_other(code, changes):
    assert codes(*both(**changes)) == {code}


def test_marked_negations_and_touching_ranges_are_fine():
    assert codes(*both(stem="Which is **not** true?")) == set()
    assert codes(*both(stem="It does not decay. How far does it reach?")) == set()
    ranges = [
        {"id": "a", "text": "10 to 20 µm", "correct": True},
        {"id": "b", "text": "20 to 30 µm", "feedback": "No."},
        {"id": "c", "text": "above 30 µm", "feedback": "No."},
    ]
    assert codes(*both(options=ranges)) == set()


def test_numbers_with_their_own_feedback_may_not_be_right_or_alike():
    near = {**NUMBER, "wrong_numbers": [{"value": 95, "feedback": "No."}]}
    alike = {**NUMBER, "wrong_numbers": [{"value": 50, "feedback": "No."},
                                         {"value": 52, "feedback": "No."}]}  # fmt: skip
    for item in (near, alike):
        assert codes(item, {**GOOD, "id": "y"}) == {"Q05"}


def test_a_picture_needs_a_text_alternative():
    item = {**GOOD, "media": [{"file": "x.png"}]}
    assert "Q07" in {code for code, _ in lint._pictures(bank_of(item).items[0])}


def test_an_objective_needs_two_items():
    assert codes(GOOD) == {"Q09"}
    assert codes({**GOOD, "pool": "warmup"}) == set()


def test_a_key_that_stands_always_at_one_place_is_found():
    items, n = [], 0
    while len(items) < 8:
        n += 1
        item = {**GOOD, "id": f"x{n}"}
        from secretome_edu.quiz.layout import Layout

        if Layout(bank_of(item).items[0]).names["options"]["a"] == "a":
            items.append(item)
    assert codes(*items) == {"Q02"}
    mixed = [{**GOOD, "id": f"z{n}"} for n in range(12)]
    assert codes(*mixed) == set()


def test_guessing_is_computed_by_type():
    found = {item.type: guess_score(realize(item)) for item in read_bank(SAMPLE).items}
    assert found["single_choice"] == pytest.approx(1 / 3)
    assert found["two_tier"] == pytest.approx(1 / 3)
    assert found["multiple_choice"] == pytest.approx((1 + 4 * 0.5) / 16)
    assert found["categorize"] < 0.34
    assert found["numeric"] == found["prediction"] == found["open_answer"] == 0


def test_every_rule_is_tried_here():
    tried = {code for code, _ in FLAWS} | {"Q02", "Q09"}
    assert tried == set(lint.RULES)
    assert yaml.safe_load(SAMPLE.read_text())["bank"] == "all_types"
