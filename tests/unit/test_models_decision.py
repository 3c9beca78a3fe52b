"""Decision: reversals are exact, uncertain scores are counted, nonsense is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secretome_edu.models.decision import Decision
from secretome_edu.ui.messages import BadValue

OPTIONS, CRITERIA = ("cells", "medium", "vesicles"), ("effect", "safety", "cost")
CHOICE = Decision(OPTIONS, CRITERIA, [[0.7, 0.4, 0.3], [0.5, 0.6, 0.8], [0.5, 0.8, 0.4]], [3, 1, 1])


def test_a_reversal_is_where_the_first_place_changes():
    leader = CHOICE.rank().options[0]
    for reversal in CHOICE.reversals():
        toward = np.sign(reversal.weight_then - reversal.weight_now)
        shares = reversal.weight_then + toward * np.array([-1e-6, 1e-6])
        values = CHOICE.values_over_weight(reversal.criterion, np.clip(shares, 0, 1))
        first = [OPTIONS[i] for i in values.argmax(axis=0)]
        assert first[0] == leader
        assert first[1] == reversal.option


def test_a_close_lead_is_lost_more_often_when_scores_are_uncertain():
    shares = [max(CHOICE.first_place_shares(s).values()) for s in (0.01, 0.1, 0.3)]
    assert shares == sorted(shares, reverse=True)
    assert sum(CHOICE.first_place_shares(0.2).values()) == pytest.approx(1)


def test_parts_add_up_to_values():
    ranking = CHOICE.rank()
    np.testing.assert_allclose(ranking.parts.sum(axis=1), ranking.values)
    assert ranking.lead >= 0


SCORES = st.lists(st.floats(0, 1), min_size=9, max_size=9).map(lambda x: np.reshape(x, (3, 3)))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(SCORES, st.lists(st.floats(0.1, 10), min_size=3, max_size=3))
def test_a_better_score_never_lowers_an_option(scores, weights):
    before = Decision(OPTIONS, CRITERIA, scores, weights).rank()
    better = scores.copy()
    better[1] = np.minimum(better[1] + 0.1, 1)
    after = Decision(OPTIONS, CRITERIA, better, weights).rank()
    assert after.options.index("medium") <= before.options.index("medium")


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Decision(OPTIONS, CRITERIA, np.ones((2, 3)), [1, 1, 1]), r"shape \(2, 3\)"),
        (lambda: Decision(OPTIONS, CRITERIA, 2 * np.ones((3, 3)), [1, 1, 1]), "scores is 2"),
        (lambda: Decision(OPTIONS, CRITERIA, np.ones((3, 3)), [0, 0, 0]), "not all 0"),
        (lambda: Decision(OPTIONS, CRITERIA, np.ones((3, 3)), [1, -1, 1]), "weights is -1"),
        (lambda: Decision(("a", "a"), ("x",), [[1], [1]], [1]), "differ"),
        (lambda: CHOICE.values_over_weight("price", [0.5]), "criterion is 'price'"),
        (lambda: CHOICE.values_over_weight("cost", [1.5]), "shares is 1.5"),
        (lambda: CHOICE.first_place_shares(-0.1), "score_spread is -0.1"),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises(BadValue, match=says):
        call()
