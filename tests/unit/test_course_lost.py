"""What a learner reads below Python's error when names of the lesson are gone."""

from __future__ import annotations

import pytest

import secretome_edu as se
from secretome_edu.course.lost import CELLS_ABOVE, FIRST_CELL, advice
from secretome_edu.ui.messages import BadValue, UnknownName

OURS = {"se": se, "lesson": se.lesson("paracrine_reach")}
NO_QUIZ = AttributeError("'NoneType' object has no attribute 'quiz'")


@pytest.mark.parametrize("gone", [{"lesson": None}, {"lesson": "x"}, {}])
def test_a_lesson_that_is_none_any_more(gone):
    names = {"se": se, **gone}
    said = advice(NO_QUIZ, "lesson.quiz()", names)
    assert said == f"`lesson` is not what the lesson made. {FIRST_CELL}"


def test_both_names_overwritten():
    said = advice(TypeError("no"), "lesson.check(se.load('x'))", {"se": 3, "lesson": 4})
    assert said == f"`lesson` and `se` are not what the lesson made. {FIRST_CELL}"


def test_a_name_of_an_earlier_cell():
    error = NameError("name 'table' is not defined", name="table")
    said = advice(error, "lesson.check('e1', table)", OURS)
    assert said == f"`table` is not there. {CELLS_ABOVE}"


@pytest.mark.parametrize(
    ("error", "cell", "names"),
    [
        (None, "lesson.quiz()", {}),
        (NameError("no", name="y"), "x = y + 1", {}),  # no cell of a lesson
        (TypeError("no"), "lesson.check('e1', 1 + 'a')", OURS),
        (ZeroDivisionError("no"), "lesson.check('e1', 1 / 0)", {"lesson": None}),
        (BadValue("a sentence of its own"), "lesson.check('e1')", {}),
        (UnknownName("step", "quizz", [], "dir"), "lesson.quizz()", OURS),
        (TypeError("no"), "se = 3; se + 'a'", {"se": 3}),  # a standard error, not the course
    ],
)
def test_everything_else_is_left_to_python(error, cell, names):
    assert advice(error, cell, names) == ""
