"""Whatever is stored comes back the same, and whatever is changed is noticed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from secretome_edu.progress.events import (
    START,
    check_links,
    in_order,
    new_event,
    parse_line,
    plain,
)
from secretome_edu.progress.store import open_store

NUMBERS = st.floats() | st.integers()
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
CLOCKS = st.lists(
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    min_size=1, max_size=8,
)  # fmt: skip


@given(VALUES)
def test_plain_is_stable_and_json_keeps_it(value):
    once = plain(value)
    assert plain(once) == once
    assert json.loads(json.dumps(once)) == once


@given(VALUES, st.integers(0, 10**15))
def test_a_line_comes_back_as_the_same_event(value, microseconds):
    now = datetime(1990, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    event = new_event(START, learner="a", kind="k", fields={"response": value}, clock=lambda: now)
    again = parse_line(event.line)
    assert again == event
    assert (again.flag, again.line) == ("", event.line)


@given(CLOCKS)
def test_any_clock_gives_a_rising_sequence_and_a_whole_chain(times):
    ticks = iter(times)
    store = open_store("memory:", clock=lambda: next(ticks))
    made = [store.append("k", item=str(n)) for n in range(len(times))]
    assert store.events() == made
    assert store.verify() == []


@settings(max_examples=60)
@given(st.data())
def test_any_change_of_one_character_in_a_line_is_noticed(data):
    store = open_store("memory:")
    lines = [store.append("answered", item=f"q{n}", score=n / 3).line for n in range(3)]
    which = data.draw(st.integers(0, 2))
    at = data.draw(st.integers(0, len(lines[which]) - 1))
    new = data.draw(st.characters(min_codepoint=32, max_codepoint=126))
    text = lines[which][:at] + new + lines[which][at + 1 :]
    if text == lines[which]:
        return
    lines[which] = text
    events = []
    for line in lines:
        try:
            events.append(parse_line(line))
        except ValueError:
            return  # refused: noticed
    assert check_links(events)


@settings(max_examples=30)
@given(st.lists(st.lists(st.integers(0, 2), max_size=6), min_size=1, max_size=4), st.randoms())
def test_merging_is_the_same_in_any_order(plan, random):
    """Machines that write and exchange in any pattern end with the same history."""
    machines = [open_store("memory:") for _ in range(3)]
    for step in plan:
        for who in step:
            machines[who].append("k")
        giver, taker = random.sample(machines, 2)
        taker._keeper.log.add(giver.events())
        for event in giver.events():
            taker._keeper.log.enrol(event.learner, True)
    everything = {e.id: e for machine in machines for e in machine.events()}
    first, second = open_store("memory:"), open_store("memory:")
    first._keeper.log.add(everything.values())
    shuffled = list(everything.values())
    random.shuffle(shuffled)
    second._keeper.log.add(shuffled)
    assert first.events(everyone=True) == second.events(everyone=True)
    assert check_links(everything.values()) == []
    order = {e.hash: n for n, e in enumerate(in_order(everything.values()))}
    assert all(order[e.previous] < order[e.hash] for e in everything.values() if e.previous)
