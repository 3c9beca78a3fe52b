"""A lesson as a notebook uses it: pages, names, predictions and their explanations, warm-up."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta

import pytest

from secretome_edu.course import Lesson, lesson, memory, report
from secretome_edu.course.explanation import CLOSED, Explanation
from secretome_edu.course.manifest import manifest
from secretome_edu.progress.store import open_store
from secretome_edu.quiz.answers import trials
from secretome_edu.quiz.bank import load_bank
from secretome_edu.ui.markup import to_text
from secretome_edu.ui.messages import CourseError, UnknownName

SLUGS = [entry.slug for entry in manifest().ready()]
ID_OR_CLOCK = re.compile(
    r"0x[0-9a-f]{6}|(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])|\d\d[T ]\d\d:\d\d|\d\d:\d\d:\d\d"
)


@pytest.fixture(autouse=True)
def fresh_store(monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_STORE", "memory:")
    memory.store.cache_clear()
    yield
    memory.store.cache_clear()


@pytest.fixture(params=["rich", "core", "text"])
def mode(request, monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", request.param)
    return request.param


def shown(thing) -> dict[str, str]:
    bundle = thing._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    return {mime: data[mime] for mime in ("text/plain", "text/html")}


def right_answer(quiz, item_id):
    """Return the right response of a question in the names a page uses."""
    layout = quiz.session.layout(item_id)
    return layout.to_public(trials(layout.item)[0].response)


# -- pages -------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", SLUGS)
def test_head_and_close_are_the_same_every_time_and_hold_the_manifest(slug):
    entry = manifest().entry(slug)
    for page in (lesson(slug), lesson(slug).close()):
        assert shown(page) == shown(page)
        assert not ID_OR_CLOCK.search(str(shown(page)))
        assert "<script" not in shown(page)["text/html"]
    head, end = shown(lesson(slug)), shown(lesson(slug).close())
    assert shown(lesson(slug)) == head
    assert repr(lesson(slug)) == head["text/plain"]
    for text in [entry.question, *(o.text for o in entry.objectives)]:
        assert text in head["text/plain"]
    for section in entry.sections:
        assert f"{section.title} ({section.minutes} min)" in head["text/plain"]
    assert f"about {entry.minutes} minutes" in head["text/plain"]
    for point in entry.key_points:
        assert to_text(point) in end["text/plain"]
    for before in entry.prerequisites:
        assert manifest().entry(before).title in head["text/plain"]


def test_the_first_lesson_needs_nothing_and_leads_on():
    assert "You need: nothing." in repr(lesson("start_here"))
    following = manifest().next_ready("start_here")
    end = lesson("start_here").close().text
    assert end.endswith(f"Next: {following.place} {following.title}")  # its mark is its own
    assert "You need: 01 What is a secretome?\n" in repr(lesson("soluble_factors"))
    assert "This was the last lesson." in lesson(SLUGS[-1]).close().text


def test_each_term_of_the_close_has_its_definition():
    from secretome_edu import data

    end = lesson("paracrine_reach").close().text
    for term in manifest().entry("paracrine_reach").terms:
        assert data.define(term).definition in end


# -- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "given", "closest", "how"),
    [
        ("explore", "feild", "field", "lesson.ids('explorer')"),
        ("predict", "p11", "p1", "lesson.ids('prediction')"),
        ("explain", "p22", "p2", "lesson.ids('prediction')"),
        ("check", "e33", "e3", "lesson.ids('exercise')"),
        ("hint", "e11", "e1", "lesson.ids('exercise')"),
        ("solution", "e22", "e2", "lesson.ids('exercise')"),
        ("figure", "laddder", "ladder", "lesson.ids('figure')"),
    ],
)
def test_an_unknown_name_lists_the_closest(call, given, closest, how):
    here = lesson("paracrine_reach")
    with pytest.raises(UnknownName) as error:
        getattr(here, call)(given)
    assert closest in error.value.close
    assert how in str(error.value)
    with pytest.raises(KeyError):
        getattr(here, call)(None)


def test_an_explorer_of_another_lesson_is_not_this_ones():
    with pytest.raises(UnknownName, match="'field'"):
        lesson("start_here").explore("field")


def test_what_can_be_listed_can_be_shown(mode):
    for slug in SLUGS:
        here = lesson(slug)
        for kind, call in {
            "explorer": here.explore,
            "prediction": here.predict,
            "exercise": here.check,
            "figure": here.figure,
        }.items():
            for name in here.ids(kind):
                assert shown(call(name))["text/plain"]


def test_an_unknown_kind_is_said():
    with pytest.raises(CourseError, match="explorers"):
        lesson("paracrine_reach").ids("explorers")


def test_a_bad_start_value_of_an_explorer_is_said():
    with pytest.raises(CourseError, match="cells"):
        lesson("paracrine_reach").explore("reach", cells=-1)


def test_a_lesson_without_figures_of_its_own_has_none():
    assert lesson("start_here").ids("figure") == []


def test_a_figure_module_that_needs_something_missing_is_not_taken_for_none(monkeypatch):
    def fail(name):
        raise ModuleNotFoundError("No module named 'gone'", name="gone")

    monkeypatch.setattr(sys.modules["secretome_edu.course.lesson"], "import_module", fail)
    with pytest.raises(ModuleNotFoundError, match="gone"):
        lesson("paracrine_reach").ids("figure")


def test_a_lesson_named_like_a_module_of_the_figures_room_has_no_figures():
    entry = manifest().entry("start_here").model_copy(update={"slug": "draw"})
    assert Lesson(entry).ids("figure") == []


# -- predict, then explain ---------------------------------------------------------------------


def test_an_explanation_opens_with_the_answer_and_stays_open(mode):
    here = lesson("paracrine_reach")
    question, closed = here.predict("p1"), here.explain("p1")
    explanation = load_bank("paracrine_reach").pool("prediction")[0].explanation[:40]
    assert repr(closed) == CLOSED
    assert explanation not in str(shown(question)) + str(shown(closed))
    letter = "a"
    said = question.session.layout("p1").to_author(letter)
    question.answer("p1", letter)
    option = next(o for o in question.session.item("p1").options if o.id in (said, *[said][:1]))
    assert repr(closed).startswith(f"You predicted: {option.text}")
    assert "You predicted" in shown(closed)["text/html"]
    restarted = lesson("paracrine_reach")
    assert repr(restarted.explain("p1")) == repr(closed)
    assert repr(restarted.explain("p2")) == CLOSED


def test_a_changed_prediction_changes_every_open_explanation():
    here = lesson("paracrine_reach")
    question, first, second = here.predict("p1"), here.explain("p1"), here.explain("p1")
    question.answer("p1", "a")
    before = repr(first)
    question.answer("p1", "b")
    assert repr(first) == repr(second) != before


@pytest.mark.parametrize("blank", [None, "", "zz", 99, [], {}])
def test_no_answer_opens_nothing(blank):
    here = lesson("paracrine_reach")
    question, closed = here.predict("p1"), here.explain("p1")
    question.answer("p1", blank)
    assert repr(closed) == CLOSED
    assert memory.store().events() == []


@pytest.mark.parametrize("response", [None, "gone", 5, {"a": 1}, [None], [{"a": 1}], [[]]])
def test_a_damaged_record_still_opens_the_explanation(response):
    item = load_bank("paracrine_reach").pool("prediction")[0]
    text = repr(Explanation(item, {"response": response}))
    assert text.startswith("You ")
    assert CLOSED not in text


def test_a_prediction_that_holds_markup_is_text():
    item = load_bank("paracrine_reach").pool("prediction")[0]
    page = shown(Explanation(item, {"response": "<script>alert(1)</script>"}))["text/html"]
    assert "<script" not in page


# -- hints and solutions from code -------------------------------------------------------------


def test_hint_and_solution_from_code_follow_the_ladder():
    here = lesson("start_here")
    exercise = here.exercises["e1"]
    assert here.solution("e1").text.startswith("The solution opens after your first try.")
    hints = [here.hint("e1").text for _ in range(3)]
    assert hints[0] != hints[1] == hints[2]
    here.check("e1", 40)
    assert "400" in here.solution("e1").text
    assert repr(lesson("start_here").check("e1")).count("Hint") == len(exercise.hints)


# -- warm-up -----------------------------------------------------------------------------------


def test_without_anything_due_the_warm_up_comes_from_the_pool():
    here = lesson("paracrine_reach")
    assert here.warmup().session.ids == here.ids("warmup")[:2]
    assert here.warmup(1).session.ids == here.ids("warmup")[:1]
    assert lesson("start_here").warmup().session.ids == []


def answer_in(slug, pool="quiz", wrong=()):
    quiz = getattr(lesson(slug), pool)()
    for id in quiz.session.ids:
        if id in wrong:
            layout = quiz.session.layout(id)
            miss = next(t for t in trials(layout.item) if t.state == "incorrect")
            quiz.answer(id, layout.to_public(miss.response), 3)
        else:
            quiz.answer(id, right_answer(quiz, id))
    return quiz


class Later(datetime):
    """A clock a month ahead, so that every answer is due."""

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz or UTC) + timedelta(days=30)


def test_due_questions_of_earlier_lessons_warm_up(monkeypatch):
    answer_in("start_here")
    answer_in("paracrine_reach")
    monkeypatch.setattr(report, "datetime", Later)
    warm = lesson("paracrine_reach").warmup()
    assert len(warm.session.ids) == 2
    assert set(warm.session.ids) <= set(lesson("start_here").ids("quiz"))
    state = warm.session.state(warm.session.ids[0])
    assert not state["feedback"], "asked anew, without the old answer"
    before = len(memory.store().events(lesson="start_here"))
    warm.answer(warm.session.ids[0], right_answer(warm, warm.session.ids[0]))
    assert len(memory.store().events(lesson="start_here")) == before + 1


def test_one_due_question_is_too_few(monkeypatch):
    quiz = lesson("start_here").quiz()
    quiz.answer("q-why-predict", right_answer(quiz, "q-why-predict"))
    monkeypatch.setattr(report, "datetime", Later)
    here = lesson("paracrine_reach")
    assert here.warmup().session.ids == here.ids("warmup")[:2]


def test_the_pretest_is_never_reviewed_and_shows_no_marks(monkeypatch):
    pretest = answer_in("start_here", "pretest")
    assert "right" not in str(pretest.report())
    monkeypatch.setattr(report, "datetime", Later)
    assert report.due_items() == []


# -- a store that had to be set aside ----------------------------------------------------------


def test_a_damaged_progress_file_is_said_once_and_the_lesson_goes_on(monkeypatch, tmp_path, capsys):
    file = tmp_path / "progress.db"
    file.write_bytes(b"this is no database" * 100)
    monkeypatch.setenv("SECRETOME_EDU_STORE", f"sqlite:///{file}")
    memory.store.cache_clear()
    here, again = lesson("start_here"), lesson("start_here")
    for page in (here, again, here):
        shown(page)
    said = capsys.readouterr().out
    assert str(tmp_path) in said or "progress" in said
    assert len(said.strip().splitlines()) == 1
    here.check("e1", 400)
    assert "1 of 1 exercise" in again.progress()


def test_progress_survives_a_restart(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRETOME_EDU_STORE", f"sqlite:///{tmp_path / 'p.db'}")
    memory.store.cache_clear()
    lesson("start_here").check("e1", 400)
    memory.store.cache_clear()
    assert open_store().events()
    assert "1 of 1 exercise" in lesson("start_here").progress()
    assert "Correct." in repr(lesson("start_here").check("e1"))
