"""The instructor guide: plans that fit, questions that expose, sourced notes, no key."""

from __future__ import annotations

import json

import pytest

from secretome_edu.authoring.lint import lint_guide
from secretome_edu.authoring.notebooks import FOLDER, GUIDE, lesson_notebooks
from secretome_edu.classroom import exposing, guide, plans
from secretome_edu.course.manifest import manifest
from secretome_edu.data import cite, misconception
from secretome_edu.quiz.bank import bank_slugs, load_bank
from secretome_edu.quiz.items import OpenAnswer
from secretome_edu.quiz.leaks import leaks
from secretome_edu.ui.messages import CourseError, UnknownName

READY = [pytest.param(entry, id=entry.slug) for entry in manifest().ready()]
PLANS = [pytest.param(plan, id=plan.id) for plan in plans.plans()]
BANKS = [item for slug in bank_slugs() for item in load_bank(slug).items]
SHOWN = {
    belief
    for e in manifest().ready()
    for item in load_bank(e.slug).items
    if item.pool not in ("pretest", "posttest")
    for belief, _ in exposing.showing(item)
}


# -- plans -------------------------------------------------------------------------------------


def test_the_four_plans_of_the_curriculum_are_there():
    assert guide.plan_names() == ["50 minutes", "90 minutes", "one day", "12 weeks"]
    minutes = {plan.id: [s.minutes for s in plan.sessions] for plan in plans.plans()}
    assert minutes["50 minutes"] == [50]
    assert minutes["90 minutes"] == [90]
    assert 300 <= sum(minutes["one day"]) <= 420
    assert len(minutes["12 weeks"]) == 12


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_fits_its_time_and_leaves_some_for_talk(plan):
    for session in plan.sessions:
        assert plans.left_minutes(session) >= 5, session.title


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_adds_up_to_the_minutes_of_its_sessions(plan):
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in guide.plan(plan.id).text.splitlines()
        if line.startswith("| ") and not line.startswith(("| Minute", "| :"))
    ]
    assert sum(int(minutes) for *_, minutes in rows) == sum(s.minutes for s in plan.sessions)
    for clock, _, minutes in rows:
        begin, end = map(int, clock.split("–"))
        assert end - begin == int(minutes)


def test_twelve_weeks_hold_every_lesson_once_and_in_order():
    term = plans.plan_named("12 weeks")
    given = [step.lesson for session in term.sessions for step in session.steps if step.lesson]
    assert given == [entry.slug for entry in manifest().lessons]
    assert plans.lessons_missing_before(term) == []


def test_what_a_plan_leaves_out_is_said():
    assert "not in this plan: 01 What is a secretome?" in guide.plan("50 minutes").text


def test_a_section_that_is_gone_is_named():
    step = plans.Step(lesson="paracrine_reach", sections=("Songs",))
    with pytest.raises(CourseError, match="no section 'Songs'"):
        plans.step_minutes(step)


def test_a_lesson_that_is_not_ready_counts_with_assumed_minutes():
    planned = [e for e in manifest().lessons if e.status != "ready"]
    for entry in planned:
        assert plans.step_minutes(plans.Step(lesson=entry.slug)) == 45
        assert f"{entry.title} (in preparation; minutes assumed)" in guide.plan("12 weeks").text


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({}, "either a lesson or something"),
        ({"lesson": "start_here", "do": "Break", "minutes": 5}, "either a lesson or something"),
        ({"do": "Break"}, "minutes go with something to do"),
        ({"lesson": "start_here", "minutes": 5}, "minutes go with something to do"),
    ],
)
def test_a_step_is_one_thing(step, said):
    with pytest.raises(ValueError, match=said):
        plans.Step(**step)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: guide.plan("90 minute"), "90 minutes"),
        (lambda: guide.lesson_page("paracrine"), "paracrine_reach"),
        (lambda: plans.step_minutes(plans.Step(lesson="capstones")), "capstone"),
    ],
)
def test_unknown_names_get_the_closest(call, said):
    with pytest.raises(UnknownName, match=said):
        call()


# -- lessons -----------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", READY)
def test_each_ready_lesson_has_timing_misconceptions_and_points(entry):
    text = guide.lesson_page(entry.slug).text
    assert f"–{entry.minutes} | {entry.sections[-1].title} |" in text
    for section in entry.sections:
        assert f"| {section.title} | {section.minutes} |" in text
    beliefs = exposing.likely(entry)
    named = {b for item in load_bank(entry.slug).items for b, _ in exposing.showing(item)}
    assert len(set(beliefs)) == len(beliefs) == min(3, len(named | set(entry.misconceptions)))
    for belief in beliefs:
        assert misconception(belief).misconception in text
    points = len(load_bank(entry.slug).pool("quiz"))
    assert f"Closing quiz: {points} points" in text


@pytest.mark.parametrize("entry", READY)
def test_each_misconception_has_a_question_whose_answer_is_wrong(entry):
    for belief in exposing.likely(entry):
        asked = exposing.exposing(entry, belief)
        if belief not in SHOWN:
            assert asked is None
            assert "No question of the course yet." in guide.lesson_page(entry.slug).text
            continue
        place, _, name = asked.where.removeprefix("lesson ").partition(", `")
        slug = next(e.slug for e in manifest().ready() if e.place == place)
        item = next(i for i in load_bank(slug).items if i.id == name.rstrip("`"))
        assert belief in json.dumps(item.model_dump(mode="json"))
        assert item.pool not in ("pretest", "posttest"), "it would spoil the test"
        right = [o.text for o in getattr(item, "options", []) if o.correct]
        assert asked.answer not in right


def test_what_the_lesson_repairs_comes_before_what_a_warm_up_recalls():
    assert exposing.likely(manifest().entry("paracrine_reach"))[0] == "M56"


@pytest.mark.parametrize("slug", list(guide.notes().discussions))
def test_discussions_rest_on_sources_of_their_lesson_and_show_once_it_is_ready(slug):
    entry = next(e for e in manifest().lessons if e.slug == slug)
    for one in guide.notes().discussions[slug]:
        assert one.question.endswith("?") or one.question.endswith(".")
        assert len(one.answer.split()) >= 25
        assert all(cite(key).url for key in one.sources)
        if entry.status == "ready":
            assert set(one.sources) <= set(entry.references)
            assert cite(one.sources[0]).short in guide.lesson_page(slug).text
        else:
            assert one.question not in guide.lesson_pages().text


def test_lessons_without_notes_or_in_preparation_are_listed_as_such():
    text = guide.lesson_pages().text
    without = [e for e in manifest().ready() if e.slug not in guide.notes().discussions]
    assert text.count("No notes for this lesson yet.") == len(without)
    planned = [e for e in manifest().lessons if e.status != "ready"]
    assert all(f"{e.place} {e.title}" in text.splitlines()[-1] for e in planned)


def test_every_type_that_is_asked_has_its_scoring():
    types = {item.type for item in BANKS} - {"prediction"}
    assert types <= set(guide.notes().scoring)


def test_points_of_the_scheme_are_those_of_the_banks():
    rows = [line.split("|") for line in guide.marking().text.splitlines() if line.startswith("| ")]
    points = sum(int(row[4]) for row in rows if len(row) == 6 and row[4].strip().isdigit())
    ready = [item for e in manifest().ready() for item in load_bank(e.slug).items]
    assert points == len([item for item in ready if item.pool != "prediction"])


def test_rubrics_are_shown_on_request_with_their_points():
    asked = [i for e in manifest().ready() for i in load_bank(e.slug).items]
    criteria = [part for i in asked if isinstance(i, OpenAnswer) for part in i.rubric]
    text = guide.rubrics().text
    assert criteria or "No bank has an open answer." in text
    assert text.count("\n- ") == len(criteria)


# -- safety and the notebook -------------------------------------------------------------------


def test_the_guide_shows_no_key_and_is_the_same_on_every_call():
    shown = [guide.lesson_pages(), guide.marking(), guide.checklist()]
    assert shown == [guide.lesson_pages(), guide.marking(), guide.checklist()]
    for bundle in shown:
        assert leaks(json.dumps([bundle.text, bundle.html]), BANKS) == []


def test_markup_in_a_question_stays_text(monkeypatch):
    nasty = exposing.Exposing("<script>alert(1)</script> a | b", "lesson 05, `q`", "<b>x</b>")
    monkeypatch.setattr(guide, "exposing", lambda entry, belief: nasty)
    html = guide.lesson_page("paracrine_reach").html
    assert "<script>" not in html
    assert "<b>x" not in html
    assert html.count("<tr>") == guide.lesson_page("paracrine_reach").html.count("</tr>")
    assert "a | b" in html


def test_the_notebook_is_no_lesson_and_has_nothing_to_repair():
    assert lint_guide(FOLDER / GUIDE) == []
    assert GUIDE not in [path.name for _, path in lesson_notebooks()]
    assert "90" not in [entry.place for entry in manifest().lessons]


def test_the_stored_notebook_shows_what_the_guide_says_now():
    cells = json.loads((FOLDER / GUIDE).read_text(encoding="utf-8"))["cells"]
    stored = {
        cell["id"]: "".join(cell["outputs"][0]["data"]["text/plain"])
        for cell in cells
        if cell["cell_type"] == "code"
    }
    assert stored["instructor-guide-pages"] == guide.lesson_pages().text, "run refresh"
    assert stored["instructor-guide-points"] == guide.marking().text, "run refresh"
    assert stored["instructor-guide-plan-term"] == guide.plan("12 weeks").text, "run refresh"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda n: n["cells"][0].update(source=["## Late"]), "N08"),
        (lambda n: n["cells"][1].update(execution_count=7), "N03"),
        (lambda n: n["cells"][1].update(id="elsewhere"), "N02"),
        (lambda n: n["cells"].pop(2), "N07"),
    ],
)
def test_the_guide_is_held_to_the_hygiene_of_lessons(change, code, tmp_path):
    notebook = json.loads((FOLDER / GUIDE).read_text(encoding="utf-8"))
    change(notebook)
    path = tmp_path / GUIDE
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert code in {finding.code for finding in lint_guide(path)}
    assert [f.code for f in lint_guide(tmp_path / "91_gone.ipynb")] == ["N01"]


@pytest.mark.parametrize(
    ("module", "path_name", "cached", "call"),
    [(guide, "NOTES", guide.notes, guide.notes), (plans, "PLANS", plans._file, plans.plans)],
)
@pytest.mark.parametrize("text", ["a: [", "unknown: 1"])
def test_a_broken_file_is_refused_in_a_sentence(
    module, path_name, cached, call, text, tmp_path, monkeypatch
):
    broken = tmp_path / "broken.yaml"
    broken.write_text(text, encoding="utf-8")
    monkeypatch.setattr(module, path_name, broken)
    cached.cache_clear()
    try:
        with pytest.raises(CourseError, match=r"broken\.yaml"):
            call()
    finally:
        cached.cache_clear()
