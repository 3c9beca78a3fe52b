"""Whole files and words damaged at random: a result, or an error of the course with a reason."""

from __future__ import annotations

import pytest
from fuzz_targets import TARGETS, seeds
from hostile import refusal, within
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CASES = {"hand_in": 60, "descriptor": 150, "bank": 60, "moodle": 80, "gift": 80, "course_yaml": 80}
SIGNS = [
    *"{}[]():;,.'\"\\/<>&%$#@!?*+-=_~^|` \t\n\r\0", "null", "true", "NaN", "1e999", "-0", "9" * 400,
    "\ud800".encode("utf-8", "surrogatepass"), b"\xff", "\ufeff", "é", "²", "\u202e", "&a", "*a",
    "<<: ", "!!bool x", "- ", "? ", "{{a}}", "**", "^9^9", "µ", "degC", "]]>", "&x;", '"id"',
    '"time": "0001-01-01T00:00:00Z"', '"score": 1' + "0" * 400, '"learner": ["a"]', "../../x",
]  # fmt: skip
signs = st.sampled_from([s if isinstance(s, bytes) else s.encode() for s in SIGNS])
damage = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), signs | st.binary(max_size=4)), max_size=6
)


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_damaged_below_is_whole_before(name):
    """Most seeds are taken; those of files with another form are refused for that form alone."""
    refused = [
        said for data in seeds()[name] if (said := refusal(lambda data=data: TARGETS[name](data)))
    ]
    assert len(refused) < len(seeds()[name])


@pytest.mark.parametrize("name", TARGETS)
def test_a_damaged_input_is_taken_or_refused_with_a_reason(name):
    @settings(
        max_examples=CASES.get(name, 200), deadline=None,
        suppress_health_check=list(HealthCheck), database=None, derandomize=False,
    )  # fmt: skip
    @given(st.sampled_from(seeds()[name]), damage, st.none() | st.floats(0, 1))
    def damaged(data, damage, cut):
        for place, length, put in damage:
            at = int(place * len(data))
            data = data[:at] + put + data[at + length :]
        if cut is not None:
            data = data[: int(cut * len(data))]
        with within(20):
            refusal(lambda: TARGETS[name](data))

    damaged()


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(data=st.binary(max_size=100) | st.text(max_size=60).map(lambda text: text.encode()))
def test_any_bytes_are_taken_or_refused_with_a_reason(name, data):
    with within(20):
        refusal(lambda: TARGETS[name](data))
