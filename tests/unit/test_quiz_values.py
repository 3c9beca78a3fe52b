"""Words, expressions, drawn and computed values, confidence: small parts with sharp edges."""

from __future__ import annotations

import pytest

from secretome_edu.quiz import computed
from secretome_edu.quiz.calibration import calibration, levels
from secretome_edu.quiz.expressions import evaluate
from secretome_edu.quiz.grading import grade
from secretome_edu.quiz.items import Numeric, ShortText, SingleChoice
from secretome_edu.quiz.variants import realize
from secretome_edu.ui.messages import BadValue, UnknownName

FIELDS = {"id": "q", "pool": "quiz", "objective": "a.1", "bloom": "apply", "solution": "So."}


def word(**more):
    return ShortText(
        type="short_text", stem="Which?", **{**FIELDS, "accept": ["conditioned medium"], **more}
    )


@pytest.mark.parametrize(
    ("accept", "given", "state"),
    [
        ("conditioned medium", "Conditioned-Medium", "correct"),
        ("conditioned medium", "the condtioned medium", "correct"),
        ("conditioned medium", "conditional media", "incorrect"),
        ("TGF-β", "tgf beta", "correct"),
        ("IL-6", "IL6", "correct"),
        ("IL-6", "IL-8", "incorrect"),
        ("interleukin 6", "interleukin 8", "incorrect"),
        ("interleukin 6", "interleukine 6", "correct"),
        ("EV", "EB", "incorrect"),
        ("naïve", "naive", "correct"),
        ("EV", "...", "invalid"),
        ("EV", "x" * 201, "invalid"),
        ("EV", 7, "invalid"),
    ],
)
def test_what_may_differ_in_a_word(accept, given, state):
    assert grade(word(accept=[accept]), given).state == state


def test_a_wrong_word_is_not_taken_for_a_typo_of_a_right_one():
    item = word(accept=["exosomes"], wrong_texts=[{"text": ["exosome"], "feedback": "One only."}])
    assert grade(item, "exosome").feedback == ("One only.",)
    assert grade(item, "exosmes").state == "correct"
    assert grade(word(accept=["exosomes"], typos=0), "exosmes").state == "incorrect"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3", 7), ("-a ** 2", -4), ("sqrt(a * 8)", 4), ("log10(1e6)", 6),
        ("a < b <= 3 and not a == b", True), ("1 if a > b else 0", 0), ("max(a, b) // 2", 1),
        ("round(pi, 2)", 3.14), ("10 ** -3", 0.001),
    ],
)  # fmt: skip
def test_an_expression_is_arithmetic(expression, value):
    assert evaluate(expression, {"a": 2, "b": 3}) == pytest.approx(value)


@pytest.mark.parametrize(
    "expression",
    ["", "__import__('os')", "a.real", "a[0]", "(lambda: 1)()", "[1, 2]", "'a'", "open('x')", "c",
     "sqrt(-1)", "1 / 0", "9 ** 9 ** 9", "1e308 * 10", "a = 1", "f'{a}'", "sqrt", "1 +",
     "sqrt(x=1)", "(-8) ** 0.5", "(" * 200 + "1" + ")" * 200, "1+" * 200 + "1", "{a}", "a if b",
     "None", "True.real"],
)  # fmt: skip
def test_an_expression_is_nothing_else(expression):
    if expression == "sqrt":
        with pytest.raises(BadValue, match="unknown"):
            evaluate(expression)
        return
    with pytest.raises(BadValue):
        evaluate(expression, {"a": 2, "b": 3})


def test_values_are_drawn_alike_for_ever():
    item = Numeric(
        type="numeric", stem="{{a}} and {{b}}", answer={"expression": "a * b"}, seeds=[1, 2, 3, 40],
        tolerance={"absolute": 0}, parameters={"a": {"choices": [2, 3, 5]},
        "b": {"low": 0.1, "high": 0.9, "step": 0.2}}, **FIELDS,
    )  # fmt: skip
    stems = [realize(item, seed).stem for seed in item.seeds]
    assert stems == ["2 and 0.9", "5 and 0.9", "2 and 0.5", "3 and 0.9"]
    assert realize(item) == realize(item, 1)
    with pytest.raises(BadValue, match="not one of its seeds"):
        realize(item, 4)


def test_a_key_can_be_computed_from_a_table_or_a_model():
    from secretome_edu.data import load

    item = SingleChoice(
        type="single_choice", stem="How many factors does the course list?",
        computed={"rows": {"function": "table_count", "arguments": {"table": "factors"}}},
        options=[{"id": "some", "text": "{{rows}}", "correct_when": "rows > 0"},
                 {"id": "double", "text": "{{2 * rows}}", "correct_when": "rows < 0"},
                 {"id": "half", "text": "{{rows // 2}}", "correct_when": "rows == 0"}], **FIELDS,
    )  # fmt: skip
    whole = realize(item)
    assert whole.options[0].text == str(len(load("factors")))
    assert grade(item, "some").state == "correct"
    assert computed.call("receptor_occupancy", {"ligand": 1.0, "kd": 1.0}) == pytest.approx(0.5)


def test_a_computed_key_that_is_not_one_option_is_refused():
    item = SingleChoice(
        type="single_choice", stem="How many?", computed={"n": {"value": 1}},
        options=[{"id": "a", "text": "A", "correct_when": "n > 0"},
                 {"id": "b", "text": "B", "correct_when": "n < 2"}], **FIELDS,
    )  # fmt: skip
    with pytest.raises(BadValue, match="2 are"):
        realize(item)


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("nothing", {}, "There is no computed function"),
        ("table_count", {}, "accepts table, column, equals"),
        ("table_count", {"table": "factor"}, "factors"),
        ("table_count", {"table": "factors", "column": "symbl", "equals": "x"}, "symbol"),
        ("table_value", {"table": "factors", "column": "symbol", "equals": "none", "take": "name"},
         "0 rows"),
        ("model_value", {"call": "reach.nothing"}, "no model function"),
        ("model_value", {"call": "nothing.at_all"}, "no model function"),
        ("model_value", {"call": "reach.np"}, "not a function of a model"),
        ("diffusion_length_um", {"diffusivity_um2_per_s": 1, "loss_per_s": 0}, "zero"),
    ],
)  # fmt: skip
def test_a_computed_value_that_fails_says_why(name, arguments, words):
    with pytest.raises((BadValue, UnknownName), match=words):
        computed.call(name, arguments)


def test_one_cell_of_a_table_can_be_the_answer():
    found = computed.call(
        "table_value",
        {"table": "factors", "column": "symbol", "equals": "VEGFA", "take": "uniprot"},
    )
    assert found == "P15692"


def answered(confidence, *rights):
    return [
        {"kind": "answered", "state": "correct" if right else "incorrect", "confidence": confidence}
        for right in rights
    ]


def test_calibration_compares_confidence_with_what_was_right():
    events = [
        *answered(3, *[True] * 3, *[False] * 3),
        *answered(2, *[True] * 7, *[False] * 3),
        *answered(1, *[True] * 6),
        *answered(None, True),
        {"kind": "hint", "state": "unanswered", "confidence": None},
    ]
    assert [level.verdict for level in levels(events)] == [
        "more right than confident", "fits", "more confident than right",
    ]  # fmt: skip
    shown = calibration(events)
    assert f"Confidence marks: {6 + 14 - 6 + 9 - 18}." in shown.text
    assert 'role="img"' in shown.html
    assert shown == calibration(events)
    assert "too few" in calibration(answered(1, True)).text
    assert "No answer" in calibration([]).text


def test_calibration_reads_the_events_of_the_progress_store():
    from secretome_edu.progress.store import open_store

    store = open_store("memory:")
    store.recorder("units").record(
        "answered", item="q", item_hash="h", variant=None, response="a", state="correct", score=1,
        max_score=1, confidence=3,
    )  # fmt: skip
    assert calibration(store.events()).text.startswith("certain: 1 of 1 right")


def test_counts_and_statistics_of_a_table_agree_with_pandas():
    from secretome_edu.data import load

    pairs, molecules = load("kd_values"), load("molecules")
    role = str(molecules["role"].iloc[0])
    fits = molecules["used_in"].map(lambda cell: "factors" in cell)
    count = {"table": "molecules", "contains": {"used_in": "factors"}}
    assert computed.call("table_count", count) == fits.sum() > 0
    assert computed.call("table_count", {**count, "where": {"role": role}}) == (
        (fits & (molecules["role"] == role)).sum()
    )
    number = next(c for c in pairs.columns if pairs[c].dtype.kind == "f")
    for statistic in ("min", "max", "median", "mean", "sum", "nunique", "count"):
        arguments = {"table": "kd_values", "column": number, "statistic": statistic}
        assert computed.call("table_stat", arguments) == getattr(pairs[number], statistic)()


def test_a_fact_may_ask_for_several_columns():
    from secretome_edu.quiz.parts import Source
    from secretome_edu.quiz.variants import value_of

    where = {"stimulus": "hypoxia", "direction": "unchanged"}
    fact = Source(function="table_count", arguments={"table": "preconditioning", "where": where})
    assert value_of(fact, {}) == 4


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("table_stat", {"table": "kd_values", "column": "x", "statistic": "max"}, "column"),
        (
            "table_stat",
            {"table": "molecules", "column": "symbol", "statistic": "eval"},
            "statistic",
        ),
        ("table_count", {"table": "molecules", "contains": {"symbol": "VEGFA"}}, "holds no lists"),
        ("table_count", {"table": "molecules", "where": {"colour": "red"}}, "column"),
        ("model_value", {"call": "trafficking.simulate", "take": "bond"}, "part of"),
        ("model_value", {"call": "trafficking.simulate", "take": "ligand_pM"}, "say pick"),
        ("model_value", {"call": "binding.occupancy", "ligand": 1, "kd": 1, "pick": "b"}, "pick"),
    ],
)
def test_a_wrong_request_is_told_what_is_there(name, arguments, says):
    with pytest.raises((BadValue, UnknownName), match=says):
        computed.call(name, arguments)


def test_one_number_of_a_model_with_several_results():
    from secretome_edu.models.trafficking import simulate

    run = simulate(ligand_pM=50.0, t_end_min=30.0)
    arguments = {"call": "trafficking.simulate", "ligand_pM": 50.0, "t_end_min": 30.0}
    for pick, expected in (("max", run.bound["VEGFR2"].max()), ("last", run.bound["VEGFR2"][-1])):
        take = {"take": "bound.VEGFR2", "pick": pick}
        assert computed.call("model_value", {**arguments, **take}) == pytest.approx(expected)
