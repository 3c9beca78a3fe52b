"""What holds for every item, every response and every number."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secretome_edu.quiz.answers import trials
from secretome_edu.quiz.bank import read_bank
from secretome_edu.quiz.expressions import evaluate
from secretome_edu.quiz.grading import CORRECT, INCORRECT, STATES, UNANSWERED, grade
from secretome_edu.quiz.guessing import guess_score
from secretome_edu.quiz.items import Categorize, Matching, MultipleChoice, Ordering
from secretome_edu.quiz.layout import Layout
from secretome_edu.quiz.leaks import leaks
from secretome_edu.quiz.numbers import FORMS, format_number, parse_number
from secretome_edu.quiz.session import Session
from secretome_edu.quiz.variants import realize
from secretome_edu.quiz.words import distance
from secretome_edu.ui.messages import BadValue

BANK = Path(__file__).parents[1] / "unit" / "quiz_banks" / "all_types.yaml"
ITEMS = read_bank(BANK).items
FIELDS = {"id": "q", "pool": "quiz", "objective": "a.1", "bloom": "apply", "stem": "Which?",
          "solution": "So."}  # fmt: skip
finite = st.floats(allow_nan=False, allow_infinity=False)
PARTS = ("options", "reasons", "steps", "things", "pairs", "categories", "rubric")
IDS = [part.id for item in ITEMS for name in PARTS for part in getattr(item, name, [])]
words = st.text(max_size=12) | st.sampled_from(IDS)
unhurried = settings(deadline=None)  # the first unit loads Pint
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words | st.binary(max_size=4),
    lambda part: (
        st.lists(part, max_size=6)
        | st.dictionaries(words, part, max_size=5)
        | st.fixed_dictionaries({"answer": part, "reason": part})
        | st.fixed_dictionaries({"text": part, "met": part})
        | st.tuples(part, part)
        | st.frozensets(words, max_size=3)
    ),
    max_leaves=12,
)


@given(value=finite, form=st.sampled_from(FORMS))
@settings(max_examples=400, deadline=None)
def test_a_written_number_is_read_back_exactly(value, form):
    assert parse_number(format_number(value, form)).value == value


@given(value=st.floats(-1e6, 1e6), form=st.sampled_from(FORMS), unit=st.sampled_from(["mg", "h"]))
@unhurried
def test_a_unit_behind_a_number_stays_a_unit(value, form, unit):
    number = parse_number(f"{format_number(value, form)} {unit}")
    assert (number.value, number.rest) == (value, unit)


@given(text=st.text(max_size=60) | st.text("0123456789.,eEx*^/+-− \u2009%µ", max_size=20))
@unhurried
def test_reading_a_number_ends_in_a_number_or_a_reason(text):
    with contextlib.suppress(BadValue):
        assert isinstance(parse_number(text).value, float)


@given(item=st.sampled_from(ITEMS), response=anything)
@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_grading_never_raises(item, response):
    result = grade(item, response)
    assert result.state in STATES
    assert 0 <= result.score <= 1
    assert (result.state == CORRECT) == (result.score == 1 and result.max_score == 1)
    assert result.state != INCORRECT or result.score == 0


class _Spiteful:
    def __eq__(self, other):
        raise RuntimeError

    def __bool__(self):
        raise RuntimeError

    def __len__(self):
        raise RuntimeError

    __hash__ = None


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_grading_never_raises_for_arrays_and_spiteful_objects(item):
    import numpy as np

    for response in (np.zeros(3), np.array(["a"]), np.float64(3), _Spiteful(), [_Spiteful()],
                     {"answer": _Spiteful(), "text": _Spiteful()}, 10**6000, range(3)):  # fmt: skip
        assert grade(item, response).score == 0


@given(right=st.integers(1, 8), wrong=st.integers(1, 8))
@unhurried
def test_ticking_all_or_nothing_scores_nothing(right, wrong):
    options = [
        {"id": f"o{n}", "text": f"Option {n}", "correct": n < right} for n in range(right + wrong)
    ][:12]
    if all(option["correct"] for option in options):
        return
    item = MultipleChoice(type="multiple_choice", options=options, **FIELDS)
    assert grade(item, [option["id"] for option in options]).score == 0
    assert (grade(item, []).state, grade(item, []).score) == (UNANSWERED, 0)
    key = [option["id"] for option in options if option["correct"]]
    assert grade(item, key).state == CORRECT
    assert guess_score(item) < 0.5


@given(sizes=st.lists(st.integers(1, 4), min_size=2, max_size=3))
@unhurried
def test_sorting_everything_alike_scores_nothing(sizes):
    categories = [{"id": f"c{n}", "text": f"Category {n}"} for n in range(len(sizes))]
    things = [
        {"id": f"t{n}-{k}", "text": f"Thing {n} {k}", "category": f"c{n}"}
        for n, size in enumerate(sizes)
        for k in range(size)
    ]
    item = Categorize(type="categorize", categories=categories, things=things, **FIELDS)
    for category in categories:
        assert grade(item, {t["id"]: category["id"] for t in things}).score < 1e-9


@given(count=st.integers(2, 9), extra=st.integers(0, 3))
@unhurried
def test_matching_everything_alike_scores_nothing(count, extra):
    pairs = [{"id": f"p{n}", "prompt": f"Prompt {n}", "match": f"Match {n}"} for n in range(count)]
    more = [f"Extra {n}" for n in range(extra)]
    item = Matching(type="matching", pairs=pairs, extra_matches=more, **FIELDS)
    for name in [pair["id"] for pair in pairs]:
        assert grade(item, {pair["id"]: name for pair in pairs}).score < 1e-9


@given(order=st.permutations([f"s{n}" for n in range(5)]))
@unhurried
def test_an_order_and_its_mirror_cannot_both_score(order):
    steps = [{"id": f"s{n}", "text": f"Step {n}"} for n in range(5)]
    item = Ordering(type="ordering", steps=steps, **FIELDS)
    scores = grade(item, order).score, grade(item, order[::-1]).score
    assert min(scores) == 0
    assert (max(scores) == 1) == (
        order in ([s["id"] for s in steps], [s["id"] for s in steps][::-1])
    )


@given(item=st.sampled_from(ITEMS))
@unhurried
def test_public_names_come_back_to_the_authors_ids(item):
    whole = realize(item)
    layout = Layout(whole)
    for trial in trials(whole):
        there_and_back = layout.to_author(layout.to_public(trial.response))
        assert grade(whole, there_and_back) == grade(whole, trial.response)


@given(response=anything, item=st.sampled_from(ITEMS))
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_page_may_send_anything(response, item):
    session = Session([item])
    state = session.answer(item.id, response)
    assert session.state(item.id) == state
    if state["tries"] == 0 and "rubric" not in state:
        assert not leaks(repr(session.public(item.id)) + repr(state), [item])


@given(text=st.text("0123456789.+-*/() abxsqrtlogmin,<>=", max_size=30))
@unhurried
def test_an_expression_ends_in_a_value_or_a_reason(text):
    with contextlib.suppress(BadValue):
        assert isinstance(evaluate(text, {"a": 2.0, "b": 3}), (int, float, bool))


@given(a=st.text("abc", max_size=6), b=st.text("abc", max_size=6))
@unhurried
def test_the_typo_distance_is_a_distance(a, b):
    near = distance(a, b, 9)
    assert near == distance(b, a, 9)
    assert (near == 0) == (a == b)
    assert near <= max(len(a), len(b))
