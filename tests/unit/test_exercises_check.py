"""Every exercise of every lesson, found by introspection: blank, mistaken, right and nonsense."""

from __future__ import annotations

import itertools
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from secretome_edu.course.manifest import manifest
from secretome_edu.exercises import check as room
from secretome_edu.exercises.check import STATES, AnswerField, Exercise, Task, load_exercises
from secretome_edu.exercises.session import Session
from secretome_edu.quiz.recorder import MemoryRecorder
from secretome_edu.ui.messages import BadValue, CourseError

EXERCISES = [
    pytest.param(exercise, id=f"{entry.slug}:{exercise.id}")
    for entry in manifest().ready()
    for exercise in load_exercises(entry.slug).values()
]
BOXED = [param for param in EXERCISES if param.values[0].fields]
CODED = [param for param in EXERCISES if not param.values[0].fields]


class Unprintable:
    def __str__(self):
        raise RuntimeError("no words")

    __repr__ = __str__


class BadFloat:
    def __float__(self):
        raise TypeError("not today")


class UnprintableError(Exception):
    def __str__(self):
        raise RuntimeError("no words")


def raises(error):
    def function(*_):
        raise error

    return function


def recursive(threshold):
    # Python 3.13.0 forgets its recursion limit for functions that take *args, so this takes one.
    return recursive(threshold)


JUNK = [
    -1e300, -0.0, 10**400, math.nan, math.inf, -math.inf, 1j, True, False, np.True_, np.nan,
    np.array(1.0e99), np.array([1.0, 2.0]), np.array([]), np.array(["a"]), pd.Series([1.0, 2.0]),
    pd.DataFrame({"a": [1]}), Decimal("sNaN"), Decimal("Infinity"), Fraction(-1, 7), [], [1, 2],
    (), {}, {"nobody": 1}, {1: 2}, set(), "", "   ", "\n", "None", "abc", "<b>1</b>", "1,2,3",
    "12..3", "1e999", "--5", "9" * 700, "x" * 100_000, "\x00", "٣", "5 kg/h/m", "3 degC", "2 :-)",
    "1/0", "1 2", b"12", object(), Unprintable(), BadFloat(), type, range(3),
    iter([]), Ellipsis, NotImplemented,
]  # fmt: skip
FUNCTIONS = [
    raises(ValueError("bad")), raises(UnprintableError()), raises(RecursionError()),
    raises(StopIteration()), raises(AssertionError()), recursive, lambda: 1.0, lambda a, b: 1.0,
    lambda t: None, lambda t: "abc", lambda t: "1", lambda t: math.nan, lambda t: math.inf,
    lambda t: [1.0], lambda t: np.ones(3), lambda t: np.array([]), lambda t: {}, lambda t: True,
    lambda t: 1j, lambda t: 10**400, lambda t: Unprintable(), lambda t: (x for x in []), print,
    str, list, dict, int, Exception, math.sqrt,
]  # fmt: skip


def judged(exercise: Exercise, answer):
    """Return the result and what a recorder got, through the session a panel uses."""
    recorder = MemoryRecorder()
    session = Session(exercise, recorder)
    result = session.check(answer)
    session.text(), session.html()  # what cannot be shown was not judged
    return result, recorder.events


def test_there_are_exercises_in_every_ready_lesson():
    assert {p.values[0].lesson for p in EXERCISES} == {e.slug for e in manifest().ready()}
    assert BOXED
    assert CODED


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize("blank", [None, ...], ids=["None", "..."])
def test_blank_is_unanswered_and_not_recorded(exercise, blank):
    result, events = judged(exercise, blank)
    assert result.state == "unanswered"
    assert result.message.startswith("Not answered yet.")
    assert events == []


@pytest.mark.parametrize("exercise", EXERCISES)
def test_each_listed_mistake_gets_its_own_words(exercise):
    said = set()
    for words, mistake in exercise.task.mistakes.items():
        result, events = judged(exercise, mistake())
        assert result.state == "not_yet", words
        assert words in result.message
        assert [(e["kind"], e["state"], e["score"]) for e in events] == [
            ("answered", "incorrect", 0.0)
        ]
        said.add(result.message)
    assert len(said) >= 3


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_reference_is_correct_and_counts(exercise):
    result, events = judged(exercise, exercise.task.reference())
    assert result.state == "correct"
    assert [(e["kind"], e["state"], e["score"]) for e in events] == [("answered", "correct", 1.0)]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_worked_solution_solves_its_exercise(exercise):
    names: dict = {}
    exec(exercise.solution_code, names)
    answer = names.get("answer") or next(
        value for name, value in names.items() if callable(value) and f"{name}(" in exercise.prompt
    )
    assert exercise.check(answer).state == "correct"


@pytest.mark.parametrize("exercise", EXERCISES)
def test_each_exercise_serves_an_objective_of_its_lesson_and_has_help(exercise):
    entry = manifest().entry(exercise.lesson)
    assert exercise.objective in {o.id for o in entry.objectives}
    assert len(exercise.hints) >= 2
    assert exercise.solution.strip()


@pytest.mark.parametrize("exercise", EXERCISES)
def test_nonsense_never_raises_and_is_never_right(exercise):
    for junk in [*JUNK, *FUNCTIONS]:
        result, events = judged(exercise, junk)
        assert result.state in STATES
        assert result.state != "correct", junk
        assert result.message
        assert len(result.message) < 1500, "a message is a sentence, not a copy of the answer"
        assert bool(events) == (result.state == "not_yet")


@pytest.mark.parametrize("exercise", BOXED)
def test_nonsense_in_any_one_box_never_raises_and_is_never_right(exercise):
    right = exercise.task.reference()
    right = right if isinstance(right, dict) else {exercise.fields[0].name: right}
    for box in exercise.fields:
        for junk in [*JUNK, *FUNCTIONS]:
            result, _ = judged(exercise, {**right, box.name: junk})
            assert result.state in ("invalid", "not_yet"), (box.name, junk)


@pytest.mark.parametrize("exercise", CODED)
def test_an_endless_answer_is_given_up(exercise):
    result = exercise.check(itertools.count())
    assert result.state == "not_yet"
    assert "yields more than" in result.message


def test_a_count_is_read_as_the_course_writes_it():
    cluster = load_exercises("paracrine_reach")["e2"]
    assert cluster.check("1,270").state == "correct"
    lengths = load_exercises("paracrine_reach")["e1"]
    typed = {"igf1_fibrin": "1,234", "albumin_ear": "76", "ngf_brain": "52.4"}
    assert lengths.check(typed).state == "invalid"  # a length might mean 1.234


@pytest.mark.parametrize("exercise", BOXED)
@pytest.mark.parametrize(
    "typed",
    [
        "", "  ", "abc", "12..3", "1,2,3", "1.5.", "one", "1e999", "?", "<script>", "x" * 100_000,
        "7 kg/h", "3 degC", "5 bananas", "4 %%",
    ],
)  # fmt: skip
def test_what_cannot_be_read_costs_nothing_and_names_the_box(exercise, typed):
    result, events = judged(exercise, {box.name: typed for box in exercise.fields})
    assert result.state == "invalid"
    assert exercise.fields[0].label in result.message
    assert events == []


@pytest.mark.parametrize("exercise", BOXED)
def test_an_empty_box_is_named(exercise):
    right = exercise.task.reference()
    right = right if isinstance(right, dict) else {exercise.fields[0].name: right}
    for box in exercise.fields:
        for blank in ("", "  ", None, ...):
            result, events = judged(exercise, {**right, box.name: blank})
            assert (result.state, events) == ("invalid", [])
            assert f"**{box.label}** is still empty." in result.message


def test_several_boxes_ask_for_a_dict():
    exercise = load_exercises("paracrine_reach")["e1"]
    for answer in (126.0, "126", [126.0, 76.0, 52.0]):
        result = exercise.check(answer)
        assert result.state == "invalid"
        assert ", ".join(repr(box.name) for box in exercise.fields) in result.message


def test_boxes_take_other_units_and_ways_of_writing():
    lengths = load_exercises("paracrine_reach")["e1"]
    first, second, third = lengths.task.reference().items()
    typed = {
        first[0]: f"{first[1] / 1000:.6f} mm",
        second[0]: f"{second[1]:.2f} µm".replace(".", ","),
        third[0]: f"{third[1] / 1e6:.5e} m",
    }
    assert lengths.check(typed).state == "correct"
    bottle = load_exercises("start_here")["e1"]
    for text in (
        "400",
        "400 pg",
        "0.4 ng",
        "4e2",
        "4 x 10^2 pg",
        "400,0",
        "0.0004 µg",
        400,
        "+400",
    ):
        assert bottle.check(text).state == "correct", text
    assert "nanograms" in bottle.check("0.4").message


@pytest.mark.parametrize(
    ("value", "unit", "number"),
    [
        ("0.1 mm", "um", 100.0),
        ("100 µm", "um", 100.0),
        ("100", "um", 100.0),
        ("1,5", "", 1.5),
        ("1.5e-3", "", 0.0015),
        ("3/4", "", 0.75),
        ("−2", "", -2.0),
        ("12 cells", "", 12.0),
        (Fraction(1, 2), "um", 0.5),
        (Decimal("2.5"), "um", 2.5),
        (np.float32(4), "um", 4.0),
    ],
)
def test_numbers_are_read_in_the_unit_of_the_box(value, unit, number):
    assert room.read_number(value, unit) == pytest.approx(number)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("5 kg", "um", "kg"),
        ("5 kg", "", "kg"),
        ("5 bananas", "um", "bananas"),
        ("nothing", "um", "does not begin with a number"),
        (True, "", "bool is not a number"),
        (np.True_, "", "is not a number"),
        ([1], "", "list is not a number"),
        (np.array([1.0, 2.0]), "", "is not a number"),
        (math.nan, "", "not a finite number"),
        (10**400, "", "not a finite number"),
        ("1e300 km", "pm", "not a finite number"),
    ],
)
def test_what_is_no_number_is_said(value, unit, words):
    with pytest.raises(BadValue, match=words):
        room.read_number(value, unit)


def test_a_function_that_fails_is_told_its_error():
    exercise = load_exercises("paracrine_reach")["e3"]
    message = exercise.check(raises(ValueError("negative radius"))).message
    assert "`ValueError: negative radius`" in message


def test_a_function_that_returns_text_of_the_right_number_is_not_right():
    from secretome_edu.exercises.paracrine_reach import informed

    exercise = load_exercises("paracrine_reach")["e3"]
    for wrapped in (lambda t: str(informed(t)), lambda t: np.array([informed(t)])):
        result = exercise.check(wrapped)
        assert result.state == "not_yet"
        assert "one number" in result.message


def _exercise(**changes) -> Exercise:
    task = Task(lambda x: "" if x == 1 else "Not 1.", lambda: 1, {})
    given = {
        "id": "e1", "lesson": "x", "objective": "x.1", "title": "T", "prompt": "P",
        "hints": ("H1", "H2"), "solution": "S", "task": task, "fields": (AnswerField("a", "A"),),
    }  # fmt: skip
    return Exercise(**{**given, **changes})


def test_a_check_that_is_broken_does_not_reach_the_learner_as_an_error():
    broken = _exercise(task=Task(raises(KeyError("x")), lambda: 1, {}))
    assert broken.check(1).state == "not_yet"


def test_a_text_without_a_check_is_refused(monkeypatch):
    from secretome_edu.exercises import start_here

    monkeypatch.setitem(start_here.TASKS, "e9", start_here.TASKS["e1"])
    with pytest.raises(CourseError, match=r"start_here\.yaml.*\['e1'\].*start_here\.py.*'e9'"):
        load_exercises("start_here")


def test_a_lesson_without_exercises_has_none():
    assert load_exercises("growing_vessels_not_yet") == {}


# -- one learner at one exercise -------------------------------------------------------------


def test_hints_open_one_by_one_and_the_last_stays():
    recorder = MemoryRecorder()
    session = Session(_exercise(), recorder)
    assert [session.hint() for _ in range(4)] == ["H1", "H2", "H2", "H2"]
    assert [e["kind"] for e in recorder.events] == ["hint", "hint"]
    assert "Hint 2. H2" in session.text()


def test_an_exercise_without_hints_says_so():
    recorder = MemoryRecorder()
    session = Session(_exercise(hints=()), recorder)
    assert "no hint" in session.hint().lower()
    assert recorder.events == []


def test_the_solution_stays_closed_until_something_was_tried():
    recorder = MemoryRecorder()
    session = Session(_exercise(), recorder)
    assert session.solution().startswith("The solution opens after your first try.")
    session.check("nonsense")
    session.check(None)
    assert session.solution() != "S", "an unreadable answer is no try"
    assert "Solution" not in session.html()
    session.check(7)
    assert session.solution() == session.solution() == "S"
    assert [e["kind"] for e in recorder.events] == ["answered", "revealed"]
    assert "Solution" in session.html()


def test_a_restart_brings_back_answer_hints_and_solution():
    recorder = MemoryRecorder()
    before = Session(_exercise(), recorder)
    before.hint()
    before.check({"a": "7"})
    before.solution()
    after = Session(_exercise(), recorder)
    assert after.values == {"a": "7"}
    assert after.result.state == "not_yet"
    assert (after.hints_shown, after.solution_open, after.attempted) == (1, True, True)
    assert after.html() == before.html()
    assert len(recorder.events) == 3, "restoring records nothing"


def test_a_restart_brings_back_a_solved_code_exercise():
    recorder = MemoryRecorder()
    exercise = _exercise(fields=())
    Session(exercise, recorder).check(1)
    assert Session(exercise, recorder).result.state == "correct"
    Session(exercise, recorder).check(2)
    assert Session(exercise, recorder).result.state == "unanswered"
    assert Session(exercise, recorder).attempted


@pytest.mark.parametrize("response", [None, 5, "7", [], {"other": 1}, {"a": None}, {"a": [1]}])
def test_a_damaged_record_does_not_break_an_exercise(response):
    recorder = MemoryRecorder()
    recorder.record("answered", item="e1", response=response, state="incorrect", score=0.0)
    session = Session(_exercise(), recorder)
    assert session.result.state in STATES
    session.text()


def test_more_recorded_hints_than_there_are_is_no_trouble():
    recorder = MemoryRecorder()
    for _ in range(5):
        recorder.record("hint", item="e1", response=1, state="hint", score=0.0)
    assert Session(_exercise(), recorder).hints_shown == 2


def test_a_button_that_opens_no_solution_says_when_it_opens():
    session = Session(_exercise(), MemoryRecorder())
    said = session.solution()
    assert said in session.html()
    assert said in session.text()
    session.check(7)
    assert said not in session.html()


def test_without_boxes_the_last_hint_opens_the_solution():
    session = Session(_exercise(fields=(), hints=("H1", "H2")), MemoryRecorder())
    assert "after the last hint" in session.solution()
    session.hint()
    assert "after the last hint" in session.solution()
    session.hint()
    assert session.solution() == "S"
    assert "after the last hint" not in session.html()
