"""What the loss report calls kept is there when the written file is read again.

The comparison below is this file's own: it does not use the one the report was checked with.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from secretome_edu.quiz.bank import Bank, bank_slugs, load_bank, read_bank
from secretome_edu.quiz.exchange import export_banks, import_bank
from secretome_edu.quiz.exchange.losses import KEPT
from secretome_edu.quiz.exchange.richtext import escape, from_html, same, to_html
from secretome_edu.quiz.items import TYPES
from secretome_edu.quiz.variants import realize
from secretome_edu.ui import markup
from secretome_edu.ui.messages import CourseError

BANKS = [load_bank(slug) for slug in bank_slugs()]
BANKS += [read_bank(Path(__file__).parents[1] / "unit" / "quiz_banks" / "all_types.yaml")]
unhurried = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@cache
def exported(target):
    """Return all banks in one file; several tests look at it."""
    return export_banks(BANKS, target)


def look(text):
    """Return what a learner sees of a Markdown text."""
    return " ".join(markup.to_html(text).replace("><", "> <").split())


def values(item, part):
    """Return the values of a part, an empty place as None."""
    name, _, column = part.partition(".")
    value = getattr(item, name)
    if not column:
        return value
    if part == "things.category":
        names = {category.id: category.text for category in item.categories}
        return [look(names[thing.category]) for thing in item.things]
    return [getattr(row, column) for row in value]


def meaning(value, exact):
    if isinstance(value, str):
        return value if exact else look(value)
    if isinstance(value, list):
        return [meaning(each, exact) for each in value]
    if hasattr(value, "model_dump"):
        return {name: meaning(each, exact) for name, each in value.model_dump().items()}
    return value


def read_again(banks, target, folder):
    made = export_banks(banks, target)
    path = folder / "file.txt"
    made.save(path)
    return made.report, import_bank(path, target).bank


def agree(banks, target, folder):
    """Check every kept part; return how many there are."""
    report, back = read_again(banks, target, folder)
    by_id = {item.id: item for item in back.items}
    kept = 0
    for bank in banks:
        for item in bank.items:
            before, after = realize(item), by_id[item.id]
            for part, loss in report.of(item.id).items():
                if loss.fate != KEPT:
                    assert loss.reason
                    continue
                kept += 1
                exact = part in ("id", "type", "accept", "wrong_texts.text", "pool", "bloom")
                one, other = (meaning(values(each, part), exact) for each in (before, after))
                if part == "unit":
                    one, other = one.replace("u", "µ"), other.replace("u", "µ")
                assert one == other, (item.id, part)
    return kept


@pytest.mark.parametrize("target", ["gift", "moodle"])
@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.bank)
def test_every_shipped_bank_comes_back_as_its_report_says(bank, target, tmp_path):
    kept = agree([bank], target, tmp_path)
    assert kept >= 8 * len(bank.items)


@pytest.mark.parametrize("target", ["gift", "moodle"])
def test_no_text_of_a_shipped_bank_is_changed_by_its_formatting(target):
    found = exported(target).report.entries
    assert not [str(e) for e in found if "characters" in e.reason or "imported again" in e.reason]


@pytest.mark.parametrize("target", ["gift", "moodle", "anki", "print"])
def test_every_field_an_item_uses_is_in_the_report(target):
    report = exported(target).report
    for bank in BANKS:
        for item in bank.items:
            told = {part.partition(".")[0] for part in report.of(item.id, bank.bank)}
            assert set(item.model_dump(exclude_defaults=True)) <= told


# -- items nobody would write ------------------------------------------------------------------

ODD = "ab1 .,:;=~#{}%*_-+>|[]()!?/\\$`\"'&<é½µ→\n"
words = st.text(ODD, min_size=1, max_size=24).filter(lambda t: t.strip())
texts = st.one_of(
    words,
    st.text(min_size=1, max_size=12).filter(lambda t: t.strip()),
    st.sampled_from(
        [
            "**Half** of $x^2$ < 3", "$\\frac{a}{b}$ {=x ~y}", "// not a comment", "::name::",
            "[html]<b>x</b>", "%50%half", "a -> b", "####", "=", "~", "*", "$CATEGORY: x", "]]>",
            "&lt;b&gt;", "<!-- gone -->", "- one\n- two", "1. a\n2. b", "`code` \\n", "T", "#1:2",
            "| a | b |\n| - | - |\n| 1 | 2 |", "line\\\nbreak", "{T}", "x\n\n\ny", "\ud800", "\x0b",
        ]
    ),
)  # fmt: skip
numbers = st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: float(f"{x:.6g}"))
maybe = st.none() | texts


@st.composite
def rows(draw, low, high, **columns):
    count = draw(st.integers(low, high))
    return [
        {"id": f"r{n}", **{name: draw(column) for name, column in columns.items()}}
        for n in range(count)
    ]


def _keyed(options, right):
    return [{**option, "correct": n in right} for n, option in enumerate(options)]


choices = rows(2, 6, text=texts, feedback=maybe)
bodies = {
    "single_choice": st.builds(
        lambda o, n: {"options": _keyed(o, {n % len(o)})}, choices, st.integers(0, 5)
    ),
    "multiple_choice": st.builds(
        lambda o, n: {"options": _keyed(o, set(range(1 + n % (len(o) - 1))))},
        choices, st.integers(0, 5),
    ),
    "numeric": st.builds(
        lambda v, t, w, u, g: {
            "answer": {"value": v}, "tolerance": t, "unit": u, "unit_given": bool(u and g),
            "wrong_numbers": [{"value": x, "feedback": f} for x, f in w],
        },
        numbers,
        st.sampled_from(
            [{"absolute": 2.0}, {"absolute": 0.0}, {"relative": 0.05}, {"significant_figures": 3},
             {"low": -1e9, "high": 1e9}]
        ),
        st.lists(st.tuples(numbers, texts), max_size=2),
        st.sampled_from([None, "um", "pg/mL", "1/h"]), st.booleans(),
    ),
    "short_text": st.builds(
        lambda a, w, f: {"accept": a, "wrong_texts": [{"text": [w], "feedback": f}]},
        st.lists(texts, min_size=1, max_size=3), texts, texts,
    ),
    "matching": st.builds(
        lambda p, e: {"pairs": p, "extra_matches": e},
        rows(2, 4, prompt=texts, match=texts), st.lists(texts, max_size=2),
    ),
    "ordering": st.builds(lambda s: {"steps": s}, rows(3, 5, text=texts)),
    "categorize": st.builds(
        lambda c, t: {"categories": c, "things": [{**x, "category": f"r{n % len(c)}"}
                                                  for n, x in enumerate(t)]},
        rows(2, 3, text=texts), rows(2, 6, text=texts),
    ),
    "two_tier": st.builds(
        lambda o, r: {"options": _keyed(o, {0}), "reasons": _keyed(r, {1})}, choices, choices
    ),
    "open_answer": st.builds(
        lambda m, r: {"model_answer": m, "rubric": r},
        texts, rows(1, 3, text=texts, points=st.sampled_from([1.0, 0.5, 2.0])),
    ),
    "prediction": st.builds(
        lambda o, e: {"options": o, "explanation": e, "pool": "prediction", "solution": None},
        rows(2, 4, text=texts), maybe,
    ),
}  # fmt: skip


@st.composite
def items(draw):
    kind = draw(st.sampled_from(sorted(TYPES)))
    fields = {
        "id": "odd", "type": kind, "pool": "quiz", "objective": "odd.1", "bloom": "apply",
        "stem": draw(texts), "solution": draw(texts), "hints": draw(st.lists(texts, max_size=2)),
        "feedback_incorrect": draw(maybe),
        "evidence": draw(st.sampled_from([[], [{"reference": "lee2009", "strength": "emerging",
                                                "as_of": "2024-01-01", "claim": "So: it is."}]])),
        **draw(bodies[kind]),
    }  # fmt: skip
    try:
        return TYPES[kind].model_validate(fields)
    except ValueError:
        assume(False)


@given(item=items(), target=st.sampled_from(["gift", "moodle"]))
@unhurried
def test_any_item_comes_back_as_its_report_says(item, target, tmp_path_factory):
    bank = Bank(schema_version=1, bank="odd", title="Odd: a/b", items=[item])
    try:
        agree([bank], target, tmp_path_factory.getbasetemp())
    except CourseError:  # then the report must have said so
        assert all(
            "imported again" in loss.reason or loss.fate != KEPT
            for loss in export_banks([bank], target).report.entries
        )


@given(text=texts)
@example(text="a\n=")
@settings(max_examples=300, deadline=None)
def test_plain_text_is_shown_as_it_is(text):
    shown = from_html(to_html(escape(text))).text
    assert same(shown, escape(text))


@given(text=st.text("<>/&;=\"' abpliutd\\()$[]!-", max_size=60))
@example(text="<![x]>")  # an AssertionError of Python 3.11's parser
@settings(max_examples=300, deadline=None)
def test_reading_html_never_fails(text):
    assert isinstance(from_html(text, dollars=True).text, str)
