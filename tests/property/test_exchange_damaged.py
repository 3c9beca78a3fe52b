"""A file damaged at random is read or refused with a reason; nothing else ever happens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secretome_edu.quiz.bank import BankError, read_bank
from secretome_edu.quiz.exchange import IMPORTS, export_banks
from secretome_edu.quiz.exchange.importing import read_content

BANK = read_bank(Path(__file__).parents[1] / "unit" / "quiz_banks" / "all_types.yaml")
WHOLE = {target: export_banks([BANK], target).files[""] for target in ("gift", "moodle")} | {
    "jupyterquiz": json.dumps(
        [
            {"question": "Which <b>one</b>?", "type": "many_choice", "hint": "Look.", "answers": [
                {"answer": "a $x$", "correct": True}, {"answer": "b", "correct": False,
                                                       "feedback": "No."}]},
            {"question": "How many?", "type": "numeric", "precision": 2, "answers": [
                {"value": 3.5, "correct": True}, {"range": [1, 2], "correct": False,
                                                  "feedback": "Low."},
                {"type": "default", "feedback": "No."}]},
            {"question": "Word?", "type": "string", "answers": [{"answer": "w", "correct": True}]},
            {"question": "Pair", "type": "match", "pairs": [
                {"label": "a", "answer": "b"}, {"label": "c", "answer": "d"}],
             "options": ["b", "d", "e"]},
        ],
        indent=1,
    )
}  # fmt: skip
SIGNS = st.sampled_from(
    [*"{}=~#:%\\/<>&;\"'[]|,.-*$`\n\t \0", "::", "->", "####", "//", "\n\n", "..", "%50%", "[html]",
     "null", "true", "1e999", "-1", "<![CDATA[", "]]>", "</text>", "<question type='essay'>",
     "fraction='x'", "é", "\ud7ff", "&#0;", "&x;", "$CATEGORY: ", "<!DOCTYPE q>", "\\("]
)  # fmt: skip
damage = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), SIGNS | st.text(max_size=3)),
    min_size=1,
    max_size=6,
)


def problems(content, origin):
    """Return why a file is refused, or nothing for a bank with items."""
    try:
        bank = read_content(content, origin, "damaged", "a.txt").bank
    except BankError as refused:
        return refused.problems or ["refused without a reason"]
    return [] if bank.items else ["a bank without items"]


@pytest.mark.parametrize("origin", IMPORTS)
@given(damage=damage, cut=st.none() | st.floats(0, 1))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_file_never_crashes_a_reader(origin, damage, cut):
    text = WHOLE[origin]
    for place, length, put in damage:
        at = int(place * len(text))
        text = text[:at] + put + text[at + length :]
    content = text.encode("utf-8", "surrogatepass")
    if cut is not None:
        content = content[: int(cut * len(content))]
    assert all(problem.startswith("a.txt") for problem in problems(content, origin))


@given(content=st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused(content):
    for origin in IMPORTS:
        assert all(problem.startswith("a.txt") for problem in problems(content, origin))
