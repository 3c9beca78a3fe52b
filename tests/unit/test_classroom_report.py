"""The class report says what is so, for nobody, one, 29 and 30 learners, and trusts no hand-in."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from secretome_edu.classroom import page, table
from secretome_edu.classroom.beliefs import beliefs
from secretome_edu.classroom.course_facts import this_course
from secretome_edu.classroom.gain import gains
from secretome_edu.classroom.marks import Mark, mark_class
from secretome_edu.classroom.names import read_names
from secretome_edu.classroom.options import choices
from secretome_edu.classroom.pace import pace
from secretome_edu.classroom.report import class_report
from secretome_edu.classroom.simulate import simulate, write_hand_ins
from secretome_edu.progress.events import START, new_event
from secretome_edu.quiz.answers import right_response, trials
from secretome_edu.quiz.bank import Bank, read_bank
from secretome_edu.quiz.grading import grade
from secretome_edu.quiz.variants import realize
from secretome_edu.ui.messages import BadValue

START_DAY = datetime(2026, 9, 1, tzinfo=UTC)
NOW = datetime(2026, 12, 1, tzinfo=UTC)
COURSE = this_course()


def answered(learner, answers):
    """Events of a learner; ``answers`` are (lesson, item, response, more fields)."""
    tail, events = START, []
    for number, (lesson, item, response, more) in enumerate(answers):
        fields = {
            "item_hash": COURSE.hashes.get((lesson, item), ""), "variant": None,
            "response": response, "state": "incorrect", "score": 0.0, "max_score": 1.0, **more,
        }  # fmt: skip
        moment = START_DAY.replace(minute=number)
        events.append(
            new_event(tail, learner=learner, kind=more.get("kind", "answered"), lesson=lesson,
                      item=item, fields={k: v for k, v in fields.items() if k != "kind"},
                      clock=lambda moment=moment: moment)
        )  # fmt: skip
        tail = events[-1].tail
    return events


def report_on(tmp_path, learners, **options):
    write_hand_ins(tmp_path / "in", learners)
    return class_report(tmp_path / "in", course=COURSE, now=NOW, **options)


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    learners = simulate(COURSE, 29, seed=4, start=START_DAY)
    return report_on(tmp_path_factory.mktemp("few"), learners)


IDO = ("soluble_factors", "q-ido")


def test_the_report_opens_with_what_to_address_and_where_it_is_repaired(tmp_path):
    wrong = {c * 32: answered(c * 32, [(*IDO, "irrelevant", {})]) for c in "abc"}
    right = {"d" * 32: answered("d" * 32, [(*IDO, "inside", {})])}
    report = report_on(tmp_path, wrong | right)
    assert report.first[0].belief == "M29"
    assert "by 3 of 4 learners (75 %)" in report.headline
    assert "IDO is a secreted protein" in report.headline
    assert "soluble.1" in report.headline
    assert "lesson 02, Soluble factors, section “One factor, many functions”" in report.headline
    html = page.to_html(report)
    assert html.index("IDO is a secreted protein") < html.index("<h2")


def test_the_first_answer_counts_and_the_newest_says_who_still_believes(tmp_path):
    events = answered("a" * 32, [(*IDO, "irrelevant", {}), (*IDO, "inside", {})])
    marks = mark_class({"a": events}, COURSE)
    mark = marks.of[IDO]["a"]
    assert (mark.first.score, mark.newest.score, mark.tries) == (0.0, 1.0, 2)
    held = beliefs(marks, COURSE).ranked[0]
    assert (held.belief, held.asked, held.showed, held.still) == ("M29", 1, 1, 0)


def test_an_answer_after_the_solution_was_shown_is_none(tmp_path):
    events = answered("a" * 32, [(*IDO, None, {"kind": "revealed"}), (*IDO, "inside", {})])
    report = report_on(tmp_path, {"a" * 32: events})
    assert IDO not in report.marks.of
    assert any("after the solution was shown" in notice for notice in report.notices)


def test_a_score_a_hand_in_claims_is_not_believed(tmp_path):
    forged = answered("a" * 32, [(*IDO, "irrelevant", {"state": "correct", "score": 1.0})])
    report = report_on(tmp_path, {"a" * 32: forged})
    assert report.marks.of[IDO]["a" * 8].first.score == 0
    assert any("another score than grading gives" in notice for notice in report.notices)


def test_answers_to_another_wording_or_course_are_named_and_counted_nowhere(tmp_path):
    events = answered(
        "a" * 32,
        [(*IDO, "inside", {"item_hash": "0ld"}), ("soluble_factors", "q-gone", "a", {}),
         ("lesson_of_the_future", "q1", "a", {})],
    )  # fmt: skip
    report = report_on(tmp_path, {"a" * 32: events})
    assert report.marks.of == {}
    assert report.marks.outdated == {IDO: {"0ld": 1}}
    assert len(report.marks.unknown) == 2
    html = page.to_html(report)
    assert "0ld" in html
    assert "lesson_of_the_future" in html


@pytest.mark.parametrize(
    "response", [None, "", [], {"a": 1}, -987654, "<b>", ["inside"], {"answer": {}}, [[[[]]]]]
)
def test_a_response_no_question_understands_harms_nothing(tmp_path, response):
    events = [
        answered(f"{n:032x}", [(*key, response, {"variant": v})])
        for n, (key, v) in enumerate((k, v) for k in COURSE.items for v in (None, -1, "x"))
    ]
    marks = mark_class({e[0].learner: e for e in events}, COURSE)
    assert sum(mark.first.score for column in marks.of.values() for mark in column.values()) == 0


def test_below_thirty_everything_is_gray_and_says_so(few):
    html = page.to_html(few)
    assert "Rough: 29 learners, below 30" in html
    questions = html[html.index('id="questions"') : html.index('id="answers"')]
    rows = re.findall(r"<tr[^>]*><th scope=.row.*?</tr>", questions, re.S)
    assert len(rows) > 60
    assert all(
        row.startswith('<tr class="few">') and "n\N{NO-BREAK SPACE}&lt;\N{NO-BREAK SPACE}30" in row
        for row in rows
    )
    assert few.doubts == []


def test_from_thirty_on_nothing_is_gray_that_has_thirty_answers(tmp_path):
    wrong = {f"{n:032x}": answered(f"{n:032x}", [(*IDO, "dose", {})]) for n in range(30)}
    report = report_on(tmp_path, wrong)
    html = page.to_html(report)
    assert "Rough" not in html
    heat = html[html.index("Misconceptions by objective") :]
    assert "100 % of 30" in heat
    assert 'class="number h4"' in heat


def test_a_question_worse_than_guessing_and_one_with_a_wrong_key_stand_out(tmp_path):
    bank = COURSE.banks["soluble_factors"]
    keys = bank.pool("quiz")
    learners = {}
    for n in range(40):
        good = n % 2
        answers = []
        for item in keys:
            whole = realize(item, item.seeds[0] if item.seeds else None)
            variant = {"variant": item.seeds[0]} if item.seeds else {}
            if item.id == "q-ido":  # the strong take the wrong option
                response = "vesicle" if good else "inside" if n % 8 == 0 else "dose"
            else:
                response = right_response(whole) if good else trials(whole)[-1].response
            answers.append(("soluble_factors", item.id, response, variant))
        learners[f"{n:032x}"] = answered(f"{n:032x}", answers)
    doubts = "\n".join(report_on(tmp_path, learners).doubts)
    assert "q-ido: learners who do well elsewhere do worse here" in doubts
    assert "q-ido: facility" in doubts
    assert "below blind guessing" in doubts
    assert "IDO must have reached the T cells inside of vesicles" in doubts


def test_what_was_chosen_adds_up(few):
    for test in few.tests:
        for key, item in zip(test.keys, test.statistics.items, strict=True):
            if few.course.items[key].type == "single_choice":
                assert sum(c.learners for c in test.choices[key]) == item.answered
                right = [c for c in test.choices[key] if c.right]
                assert sum(c.share for c in right) * 100 == pytest.approx(item.facility)


def test_statistics_come_from_the_same_marks(few):
    test = next(t for t in few.tests if t.pool == "pretest")
    matrix = few.marks.matrix(test.keys)
    assert test.statistics.learners == np.sum(~np.isnan(matrix).all(axis=1))
    assert test.statistics.attempts == np.sum(~np.isnan(matrix).any(axis=1))
    assert 0 < test.statistics.attempts < test.statistics.learners  # some skipped a question


def test_gain_compares_the_learners_who_took_both_tests():
    pretest = COURSE.banks["start_here"].pool("pretest")
    after = [item.model_copy(update={"pool": "posttest"}) for item in pretest]
    bank = Bank.model_construct(schema_version=1, bank="capstone", title="After", items=after)
    banks = {"start_here": COURSE.banks["start_here"], "capstone": bank}
    course = replace(COURSE, banks=banks)
    learners = simulate(course, 60, seed=2, start=START_DAY)
    found = gains(mark_class(learners, course), course)
    whole = found[0]
    assert 10 < whole.learners < 60
    assert whole.after > whole.before
    by_hand = (whole.after - whole.before) / (100 - whole.before)
    assert whole.normalized == pytest.approx(by_hand)
    assert [g.objective for g in found[1:]] == ["course.1", "course.2", "course.3", "course.4"]
    assert gains(mark_class({}, course), course)[0].learners == 0
    before_only = replace(COURSE, banks={"start_here": COURSE.banks["start_here"]})
    assert gains(mark_class(learners, before_only), before_only) == []


def test_names_come_from_the_instructors_file_only(tmp_path):
    events = answered("a" * 32, [(*IDO, "inside", {})])
    write_hand_ins(tmp_path / "in", {"a" * 32: events})
    path = next((tmp_path / "in").iterdir())
    path.write_text(path.read_text().replace('"manifest":1', '"manifest":1,"name":"Zebedee Q"'))
    plain = class_report(tmp_path / "in", course=COURSE, now=NOW)
    assert "Zebedee" not in page.to_html(plain) + table.to_csv(plain)
    (tmp_path / "names.csv").write_text("learner,name\naaaaaaaa,Ada <i>L.\nffffffff,Nobody\n")
    names = read_names(tmp_path / "names.csv")
    named = class_report(tmp_path / "in", course=COURSE, now=NOW, names=names)
    assert "Ada &lt;i&gt;L." in page.to_html(named)
    assert any("1 ids that fit no learner: ffffffff" in notice for notice in named.notices)


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "\xff\xfe"])
def test_a_file_of_names_that_is_none(tmp_path, content):
    (tmp_path / "names.csv").write_bytes(content.encode("latin-1"))
    with pytest.raises(BadValue, match=r"learner and name|cannot be read"):
        read_names(tmp_path / "names.csv")
    with pytest.raises(BadValue):
        read_names(tmp_path / "no.csv")


def test_hostile_texts_stay_texts(tmp_path):
    evil = "<script>alert(1)</script>"
    events = answered(evil, [(evil, evil, evil, {"item_hash": "x"}),
                             (*IDO, "inside", {"item_hash": evil})])  # fmt: skip
    short = next(key for key, item in COURSE.items.items() if item.type == "numeric")
    events += answered("=cmd()", [(*short, "=1+1", {}), ("=x", "+y", "a", {})])
    write_hand_ins(tmp_path / "in", {"a": events})
    report = class_report(tmp_path / "in", course=COURSE, now=NOW)
    html = page.to_html(report)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    for row in csv.reader(io.StringIO(table.to_csv(report))):
        assert not any(cell.startswith(("=", "+", "@")) for cell in row)


def test_the_page_needs_nothing_from_outside_and_is_the_same_twice(few):
    html = page.to_html(few)
    assert html == page.to_html(few)
    assert "<script" not in html
    assert not re.search(r"\b(src|href)=.(?!data:image/png|#)", html)
    assert "@import" not in html
    assert "url(" not in html
    assert html.count("<img") == html.count('alt="') == html.count("<figcaption")


def test_the_csv_holds_everything(few):
    rows = list(csv.DictReader(io.StringIO(table.to_csv(few))))
    assert set(rows[0]) == set(table.COLUMNS)
    sections = {row["section"] for row in rows}
    assert {"class", "hand_in", "misconception", "test", "item", "option", "lesson", "pace",
            "learner", "answer"} <= sections  # fmt: skip
    test = few.tests[0]
    found = [r for r in rows if r["section"] == "item" and r["item"] == test.keys[0][1]
             and r["measure"] == "discrimination_index"]  # fmt: skip
    assert float(found[0]["value"]) == test.statistics.items[0].discrimination_index
    undefined = [r for r in rows if r["section"] == "item" and r["value"] == "nan"]
    assert undefined == []
    answers = [r for r in rows if r["section"] == "answer"]
    assert len(answers) == sum(map(len, few.marks.of.values()))


def test_the_same_learners_in_other_files_give_the_same_page(tmp_path):
    learners = simulate(COURSE, 3, seed=6, start=START_DAY)
    one = report_on(tmp_path / "1", learners)
    other = report_on(tmp_path / "2", dict(reversed(learners.items())))
    assert page.to_html(one) == page.to_html(other)


def test_every_misconception_a_question_can_show_has_words_and_most_a_place_to_repair_it():
    named = {(b, COURSE.items[k].objective) for k, names in COURSE.named.items() for b in names}
    assert {belief for belief, _ in named} == set(COURSE.beliefs)
    for belief, objective in named:
        place = COURSE.repair(belief, objective)
        if not objective.startswith("course."):
            assert "section" in place, (belief, objective)


def test_tests_before_the_course_speak_only_while_there_is_nothing_else(tmp_path):
    key = ("start_here", "pre-secretome")
    wrong = next(o.id for o in COURSE.items[key].options if o.misconception == "M13")
    before = (*key, wrong, {})
    early = report_on(tmp_path / "1", {"a" * 32: answered("a" * 32, [before])})
    assert early.beliefs.before_the_course
    assert "shown before the course by 1 of 1 learner" in early.headline
    assert "they arrive with this" in page.to_html(early)
    events = answered("a" * 32, [before, (*IDO, "inside", {})])
    late = report_on(tmp_path / "2", {"a" * 32: events})
    assert not late.beliefs.before_the_course
    assert late.headline == "No misconception showed in the answers of 1 learner."


def test_pace_counts_each_question_once_on_its_day_and_a_quiz_only_when_whole():
    quiz = [("start_here", item.id, "x", {}) for item in COURSE.banks["start_here"].pool("quiz")]
    one = [(slug, id, "x", {"state": "incorrect"}) for slug, id, _, _ in quiz]
    learners = {"a": answered("a", [*one, one[0]]), "b": answered("b", one[:2])}
    found = pace(mark_class(learners, COURSE), COURSE, NOW)
    lesson = found.lessons[0]
    assert (lesson.lesson, lesson.begun, lesson.quiz_done) == ("start_here", 2, 1)
    assert found.first_day == found.last_day == "2026-09-01"
    assert found.answered[50].tolist() == [(len(one) + 2) / 2]


def test_a_wrong_clock_does_not_stretch_the_curve():
    events = answered("a", [(*IDO, "inside", {})])
    ahead = [replace(event, time="2031-01-01T00:00:00.000Z") for event in events]
    behind = [replace(event, time="1970-01-01T00:00:00.000Z") for event in events]
    found = pace(mark_class({"a": events, "b": ahead, "c": behind}, COURSE), COURSE, NOW)
    assert len(found.days) == 1
    assert found.lessons[2].begun == 3  # but nobody is left out


def test_exercises_count_for_progress_and_are_no_unknown_questions():
    key = next(iter(COURSE.others))
    marks = mark_class({"a": answered("a", [(*key, {"x": "1"}, {"item_hash": ""})])}, COURSE)
    assert marks.unknown == {}
    assert list(marks.when["a"]) == [key]


def test_every_type_of_question_shows_what_was_answered():
    bank = read_bank("tests/unit/quiz_banks/all_types.yaml")
    marks_ = [item for item in bank.items if item.type != "prediction"]
    for item in marks_:
        whole = realize(item, item.seeds[0] if item.seeds else None)
        given = [trial.response for trial in trials(whole)]
        marks = {
            str(n): Mark(response, grade(item, response, None), grade(item, response, None))
            for n, response in enumerate(given)
        }
        found = choices(item, marks, {name: float(n) for n, name in enumerate(marks)})
        assert found, item.id
        assert sum(choice.learners for choice in found) >= min(len(given), 5)
        assert any(choice.right and choice.learners for choice in found), item.id
        assert all(0 <= choice.share <= 1 for choice in found)
