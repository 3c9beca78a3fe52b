"""Graded use: what is handed out answers nothing, and a corrected key reaches every mark."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import yaml
from click.testing import CliRunner

from secretome_edu.classroom import page_regrade
from secretome_edu.classroom.course_facts import this_course
from secretome_edu.classroom.regrade import regrade
from secretome_edu.classroom.simulate import simulate, write_hand_ins
from secretome_edu.classroom.strip import asked, strip_bank, strip_keys
from secretome_edu.cli import main
from secretome_edu.quiz.bank import BANKS, bank_slugs, load_bank, read_bank
from secretome_edu.quiz.leaks import leaks, secrets_of
from secretome_edu.ui.messages import BadValue, CourseError

ALL_TYPES = "tests/unit/quiz_banks/all_types.yaml"
SOLUBLE = BANKS / "soluble_factors.yaml"
NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def hand_ins(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    start = datetime(2026, 9, 1, tzinfo=UTC)
    write_hand_ins(folder, simulate(this_course(), 12, seed=8, start=start))
    return folder


def corrected(tmp_path, old, new, name="soluble_factors.yaml"):
    text = SOLUBLE.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / name
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def swap_key(tmp_path):
    """The bank with another right option for q-empty."""
    first = corrected(tmp_path, 'text: "No text read for the table names one", correct: true,',
                      'text: "No text read for the table names one",')  # fmt: skip
    text = first.read_text(encoding="utf-8")
    old = 'text: "MSC release too little of it to act",'
    assert text.count(old) == 1
    first.write_text(text.replace(old, old + " correct: true,"), encoding="utf-8")
    return first


# -- banks without keys ------------------------------------------------------------------------


@pytest.mark.parametrize("slug", bank_slugs())
def test_no_secret_of_any_bank_is_in_what_is_handed_out(slug, tmp_path):
    [path] = strip_keys(tmp_path, [slug])
    text = path.read_text(encoding="utf-8")
    bank = load_bank(slug)
    assert leaks(text, bank.items) == []
    for item in bank.items:
        assert not any(secret in text for secret in secrets_of(item))
    for word in ("misconception", "feedback", "solution", "correct", "evidence", "tolerance"):
        assert f"{word}:" not in text
    stripped = yaml.safe_load(text)
    assert [i["id"] for i in stripped["items"]] == [
        item.id for item in bank.items if item.type != "prediction"
    ]


def test_every_type_is_asked_whole_and_in_an_order_that_tells_nothing():
    bank = read_bank(ALL_TYPES)
    stripped = strip_bank(bank)
    kinds = {item["type"] for item in stripped["items"]}
    assert kinds == {item.type for item in bank.items} - {"prediction"}
    for item in stripped["items"]:
        whole = bank.item(item["id"])
        for variant in item["variants"]:
            assert variant["stem"]
            if item["type"] == "ordering":
                shown = list(variant["steps"].values())
                assert sorted(shown) == sorted(step.text for step in whole.steps)
                assert shown != [step.text for step in whole.steps]
            if item["type"] == "open_answer":
                assert set(variant) <= {"stem", "seed", "media"}  # a rubric answers


def test_a_key_that_would_stay_in_the_text_stops_the_writing(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "secretome_edu.classroom.strip.asked", lambda item: item.model_dump(mode="json")
    )
    with pytest.raises(CourseError, match="would give away"):
        strip_keys(tmp_path / "exam", ["soluble_factors"])
    assert not list((tmp_path / "exam").glob("*"))


def test_a_pool_alone_and_nothing_else_overwritten(tmp_path):
    [path] = strip_keys(tmp_path, ["start_here"], ["pretest"])
    assert {i["pool"] for i in yaml.safe_load(path.read_text())["items"]} == {"pretest"}
    strip_keys(tmp_path, ["start_here"])  # its own file may be written again
    path.write_text("my notes")
    with pytest.raises(BadValue, match="is not a stripped bank"):
        strip_keys(tmp_path, ["start_here"])
    assert path.read_text() == "my notes"


def test_a_stripped_bank_cannot_be_taken_for_a_bank(tmp_path):
    [path] = strip_keys(tmp_path, ["start_here"])
    with pytest.raises(BadValue):
        read_bank(path)


# -- grading again -----------------------------------------------------------------------------


def test_with_the_same_key_no_mark_changes(hand_ins):
    found = regrade(hand_ins, now=NOW)
    assert len(found.changes) > 300
    assert found.changed == ()


def test_a_corrected_key_changes_the_marks_of_those_who_chose_either_option(hand_ins, tmp_path):
    found = regrade(hand_ins, [swap_key(tmp_path)], was=[SOLUBLE], now=NOW)
    own = [c for c in found.changes if c.item == "q-empty"]
    assert {(c.before, c.after) for c in own} <= {(1.0, 0.0), (0.0, 1.0), (0.0, 0.0)}
    assert any(c.after < c.before for c in own)
    assert {c.item for c in found.changed} == {"q-empty"}
    for learner, (before, after) in found.totals().items():
        moved = sum(c.after - c.before for c in found.changed if c.learner == learner)
        assert after - before == pytest.approx(moved)
    html = page_regrade.to_html(found)
    assert "soluble_factors, q-empty" in html
    assert f"{len(found.changed)} of {len(found.changes)} marks changed" in html
    assert page_regrade.to_csv(found).count("\n") == len(found.changes) + 1


def test_a_question_that_asks_something_else_is_refused(hand_ins, tmp_path):
    other = corrected(tmp_path, "CSF1 is in the list of molecules", "CSF2 is in the list of them")
    with pytest.raises(BadValue, match=r"soluble_factors, q-empty asks something else"):
        regrade(hand_ins, [other], was=[SOLUBLE], now=NOW)


def test_answers_to_a_third_version_are_left_alone(hand_ins, tmp_path):
    (tmp_path / "was").mkdir()
    hinted = corrected(
        tmp_path / "was", 'stem: "CSF1 is in', 'hints: ["Look."]\n    stem: "CSF1 is in'
    )
    found = regrade(hand_ins, [swap_key(tmp_path)], was=[hinted], now=NOW)
    assert list(found.other_version) == [("soluble_factors", "q-empty")]
    assert not any(c.item == "q-empty" for c in found.changes)
    assert "another version of a question were left alone" in page_regrade.to_html(found)


def test_an_option_that_is_gone_keeps_its_mark_and_is_counted(hand_ins, tmp_path):
    gone = corrected(tmp_path, "{id: unread, text:", "{id: idle, text:")
    found = regrade(hand_ins, [gone], now=NOW)
    assert found.not_gradable > 0
    assert "keep their mark" in page_regrade.to_html(found)


# -- on the command line -----------------------------------------------------------------------


def run(*arguments, code=0):
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result.output


def test_report_regrade_and_strip_keys_on_the_command_line(hand_ins, tmp_path):
    out = tmp_path / "r.html"
    (tmp_path / "names.csv").write_text("learner,name\n")
    said = run("report", hand_ins, "--out", out, "--omitted-as-zero")
    assert said.startswith("Address first: ")
    assert "counts 0" in out.read_text()
    assert out.with_suffix(".csv").exists()
    said = run("regrade", hand_ins, "--bank", swap_key(tmp_path), "--out", tmp_path / "g.html")
    assert "marks changed" in said
    assert (tmp_path / "g.csv").exists()
    assert "soluble_factors.exam.yaml" in run("bank", "strip-keys", "soluble_factors", "--out",
                                              tmp_path / "exam")  # fmt: skip


def test_a_mistake_on_the_command_line_is_a_sentence(tmp_path):
    assert "There is no folder" in run("report", tmp_path / "no", code=1)
    assert "cannot be written" in run("report", tmp_path, "--out", "/proc/x.html", code=1)
    assert "end --out with .html" in run("report", tmp_path, "--out", tmp_path / "r.csv", code=1)
    (tmp_path / "names.csv").write_text("who,what\n")
    assert "learner and name" in run("report", tmp_path, "--names", tmp_path / "names.csv", code=1)
    assert "cannot be read" in run("bank", "strip-keys", "nothing", "--out", tmp_path, code=1)
    assert "cannot be read" in run("regrade", tmp_path, "--bank", tmp_path / "no.yaml", code=1)


def test_asked_names_no_author_id_of_an_option():
    item = load_bank("soluble_factors").item("q-ido")
    assert "inside" not in asked(item)["variants"][0]["options"]
