"""Files of teachers, read as they write them; files of ours, written whole or not at all."""

from __future__ import annotations

import base64
import errno
import json
import os

import pytest
from click.testing import CliRunner

from secretome_edu.classroom.page import write_pair
from secretome_edu.cli import main
from secretome_edu.quiz.bank import BankError, load_bank, read_bank
from secretome_edu.quiz.exchange import export_banks, exporting, guess_format, import_bank, outward
from secretome_edu.quiz.exchange.writing import write_all
from secretome_edu.quiz.grading import grade
from secretome_edu.quiz.items import TYPES, Bank
from secretome_edu.ui.messages import BadValue, UnknownName

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)  # one white dot
FIELDS = {"pool": "quiz", "objective": "a.1", "bloom": "apply", "solution": "So."}

JUPYTERQUIZ = [
    {"question": "Which <i>two</i> leave a cell?", "type": "many_choice", "answers": [
        {"answer": "Proteins", "correct": True, "feedback": "Yes."},
        {"answer": "Vesicles", "correct": True},
        {"answer": "The nucleus", "correct": False, "feedback": "It <b>stays</b>."}]},
    {"question": "What is $2^3$?", "type": "numeric", "precision": 2, "answers": [
        {"type": "value", "value": 6, "correct": False, "feedback": "Not 2 times 3."},
        {"type": "value", "value": 8, "correct": True},
        {"type": "default", "feedback": "Multiply 2 three times."}]},
    {"question": "A level between?", "type": "numeric", "answers": [
        {"type": "range", "range": [1, 3], "correct": True}]},
    {"question": "Name it.", "type": "string", "answers": [
        {"answer": "exosome", "correct": False, "feedback": "One kind only."},
        {"answer": "vesicle", "correct": True},
        {"type": "default", "feedback": "It has a membrane."}]},
    {"question": "Who binds whom?", "type": "match", "options": ["CD44", "MET", "VEGFR2"],
     "pairs": [{"label": "TSG-6", "answer": "CD44"}, {"label": "HGF", "answer": "MET"}]},
    {"question": "What does it print?", "type": "multiple_choice", "code": "print(1 < 2)",
     "answers": [{"code": "True", "correct": True}, {"code": "False", "correct": False}]},
]  # fmt: skip

GIFT = """\
// a comment of nobody
$CATEGORY: $course$/top/Cells

// [id:c-1] [tag:bloom:apply]
::Release::Which leave a cell?{
    ~%50%Proteins
    ~%50%Vesicles#In two ways
    ~%-100%The nucleus#It stays\\: always.
####Both are \\{released\\}.
}

Vesicles have {=a membrane#Right.} around them.

MSC are cells.{T#They are.#Right.}

How many?{#=100:5 =%0%10:1#A power of ten. ~#Count again.}

::Range::How many?{#1.5..2.5}

Match.{=PGE2 -> EP2 =HGF -> MET = -> CD44}

[markdown]What is *half* of $x$?{=x/2 ~[plain]*x*}

Say why.{####Because.}
"""


def write(tmp_path, content, name="quiz.txt"):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return path


def test_jupyterquiz_of_every_kind_is_read(tmp_path):
    bank = import_bank(write(tmp_path, json.dumps(JUPYTERQUIZ))).bank
    many, number, interval, word, match, code = bank.items
    assert [item.type for item in bank.items] == [
        "multiple_choice", "numeric", "numeric", "short_text", "matching", "single_choice",
    ]  # fmt: skip
    assert many.stem == "Which *two* leave a cell?"
    assert many.options[2].feedback == "It **stays**."
    assert number.stem == "What is $2^3$?"
    assert [grade(number, x).state for x in ("8", "8.04", "8.2")] == ["correct"] * 2 + ["incorrect"]
    assert grade(number, "6").feedback == ("Not 2 times 3.",)
    assert grade(number, "1").feedback == ("Multiply 2 three times.",)
    assert grade(interval, "2.9").state == "correct"
    assert grade(word, "Vesicle").state == "correct"
    assert grade(word, "exosome").feedback == ("One kind only.",)
    assert match.extra_matches == ["VEGFR2"]
    assert code.stem.endswith("```\nprint(1 < 2)\n```")
    assert code.options[0].text == "`True`"


def test_gift_of_every_kind_is_read(tmp_path):
    made = import_bank(write(tmp_path, GIFT), "gift")
    assert made.bank.title == "Cells"
    many, word, true, number, interval, match, half, essay = made.bank.items
    assert (many.id, many.bloom, many.type) == ("c-1", "apply", "multiple_choice")
    assert many.options[2].feedback == "It stays: always."
    assert many.solution == "Both are {released}."
    assert word.stem == "Vesicles have \\_\\_\\_\\_\\_ around them."
    assert [option.correct for option in true.options] == [True, False]
    assert true.options[1].feedback == "They are."
    assert grade(number, "103").state == "correct"
    assert grade(number, "10").feedback == ("A power of ten.",)
    assert number.feedback_incorrect == "Count again."
    assert (interval.tolerance.low, interval.tolerance.high) == (1.5, 2.5)
    assert match.extra_matches == ["CD44"]
    assert half.stem == "What is *half* of $x$?"
    assert half.options[1].text == "\\*x\\*"
    assert (essay.type, essay.model_answer) == ("open_answer", "Because.")
    assert all(loss.reason for loss in made.report.entries if loss.fate != "kept")


@pytest.mark.parametrize(
    ("content", "format"),
    [
        (b"\xef\xbb\xbf  <quiz/>", "moodle"), (b"\n[\n {}]", "jupyterquiz"), (b"[]", "jupyterquiz"),
        (b'{"question": 1}', "jupyterquiz"), ("[{}]".encode("utf-16"), "jupyterquiz"),
        (b"[html]What?{=a ~b}", "gift"), (b"{=a} begins", "gift"), (b"// [id:1]\n", "gift"),
    ],
)  # fmt: skip
def test_the_format_is_seen_in_the_first_signs(content, format):
    assert guess_format(content) == format


def test_a_wrong_name_lists_the_right_ones(tmp_path):
    with pytest.raises(UnknownName, match="Did you mean 'moodle'"):
        export_banks([load_bank("start_here")], "moodel")
    with pytest.raises(UnknownName, match=r"quiz\.exchange\.IMPORTS"):
        import_bank(write(tmp_path, GIFT), "qti")
    with pytest.raises(BankError, match="cannot be read"):
        import_bank(tmp_path / "nothing.txt")


def test_a_file_too_large_is_not_even_read(tmp_path, monkeypatch):
    monkeypatch.setattr("secretome_edu.quiz.exchange.importing.LARGEST_FILE", 100)
    with pytest.raises(BankError, match="larger than"):
        import_bank(write(tmp_path, GIFT))


def test_an_imported_bank_is_a_bank_and_overwrites_nothing(tmp_path):
    made = import_bank(write(tmp_path, GIFT))
    made.save(tmp_path / "new" / "quiz.yaml")
    assert read_bank(tmp_path / "new" / "quiz.yaml") == made.bank
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["quiz.yaml"]
    with pytest.raises(BadValue, match="is there already"):
        made.save(tmp_path / "new" / "quiz.yaml")


def test_several_categories_become_one_bank_and_it_is_said(tmp_path):
    made = import_bank(write(tmp_path, GIFT + "\n$CATEGORY: B\n\nTwo?{=2 ~3}\n"))
    assert made.bank.title == "Cells"
    assert "one bank for 2 of them" in made.report.text


# -- pictures ----------------------------------------------------------------------------------


@pytest.fixture
def pictured(tmp_path, monkeypatch):
    monkeypatch.setattr(outward, "BANKS", tmp_path)
    monkeypatch.setattr("secretome_edu.quiz.layout.BANKS", tmp_path)
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "cell.png").write_bytes(PNG)
    return Bank(schema_version=1, bank="p", title="P", items=[
        {"id": "p1", "type": "single_choice", "stem": "What is *this*?",
         "media": [{"file": "cell.png", "alt": 'A "cell" & more'}],
         "options": [{"id": "a", "text": "A cell", "correct": True}, {"id": "b", "text": "B"}],
         **FIELDS}])  # fmt: skip


def test_a_picture_travels_through_moodle(pictured, tmp_path):
    made = export_banks([pictured], "moodle")
    assert made.report.of("p1")["media"].fate == "kept"
    back = import_bank(write(tmp_path, made.files[""]))
    assert back.bank.items[0].media == pictured.items[0].media
    assert back.pictures == {"cell.png": PNG}
    back.save(tmp_path / "out" / "bank.yaml")
    assert (tmp_path / "out" / "media" / "cell.png").read_bytes() == PNG
    with pytest.raises(BadValue, match="is there already"):
        back.save(tmp_path / "out" / "other.yaml")
    assert not (tmp_path / "out" / "other.yaml").exists()


def test_the_same_name_for_two_pictures_is_numbered(pictured, tmp_path):
    text = export_banks([pictured], "moodle").files[""]
    question = text[text.index('<question type="multichoice"') : text.index("</quiz>")]
    data = base64.b64encode(PNG).decode()
    other = question.replace(data, base64.b64encode(PNG + b"\0").decode())
    back = import_bank(write(tmp_path, text.replace("</quiz>", other + "</quiz>")))
    assert [item.media[0].file for item in back.bank.items] == ["cell.png", "cell-2.png"]
    assert back.pictures["cell-2.png"] == PNG + b"\0"


def test_a_missing_picture_is_told_and_a_text_file_drops_it(pictured, tmp_path):
    assert export_banks([pictured], "gift").report.of("p1")["media"].fate == "dropped"
    assert "data:image/png;base64," in export_banks([pictured], "print").files[""]
    (tmp_path / "media" / "cell.png").unlink()
    loss = export_banks([pictured], "moodle").report.of("p1")["media"]
    assert (loss.fate, loss.reason) == ("dropped", "not in banks/media: cell.png")


# -- the report --------------------------------------------------------------------------------


def test_what_cannot_come_back_is_never_called_kept():
    lost = "two\x0blines"  # no XML file may hold it
    bank = Bank(schema_version=1, bank="b", title="B", items=[
        {"id": "x", "type": "short_text", "stem": lost, "accept": ["-> a", "b"],
         **FIELDS}])  # fmt: skip
    for target in ("gift", "moodle"):
        report = export_banks([bank], target).report.of("x")
        assert report["stem"].fate == "degraded"
        assert (report["accept"].fate == "kept") == (target == "moodle")


def test_what_our_own_reader_refuses_is_told():
    bank = Bank(schema_version=1, bank="b", title="B", items=[
        {"id": "x", "type": "single_choice", "stem": "S",
         "options": [{"id": "a", "text": "<!-- a -->", "correct": True}, {"id": "b", "text": "b"}],
         **FIELDS}])  # fmt: skip
    found = export_banks([bank], "gift").report.of("x")
    assert found["options.text"].reason.startswith("cannot be imported again")


def test_a_fixed_variant_is_named_with_its_values():
    report = export_banks([load_bank("paracrine_reach")], "moodle").report.of("q-lambda")
    assert report["parameters"].fate == "degraded"
    assert report["parameters"].reason.startswith("fixed at seed 1 (d = ")
    assert report["seeds"].fate == "dropped"


def test_items_of_one_name_in_two_banks_are_told_apart(tmp_path):
    one, two = (
        Bank(schema_version=1, bank=name, title=name, items=[
            {"id": "x", "type": "short_text", "stem": "S", "accept": [name], **FIELDS, **more}])
        for name, more in (("one", {"hints": ["H"]}), ("two", {}))
    )  # fmt: skip
    made = export_banks([one, two], "gift")
    assert "hints" in made.report.of("x", "one")
    assert "hints" not in made.report.of("x", "two")
    assert made.report.text.startswith("one, two to gift: 2 questions;")
    back = import_bank(write(tmp_path, made.files[""]))
    assert [item.id for item in back.bank.items] == ["x", "x-2"]
    assert back.report.of("x-2")["id"].fate == "degraded"


def test_every_type_has_its_fates(tmp_path):
    from pathlib import Path

    bank = read_bank(Path(__file__).parent / "quiz_banks" / "all_types.yaml")
    assert {item.type for item in bank.items} == set(TYPES)
    for target in exporting.EXPORTS:
        made = export_banks([bank], target)
        content = json.loads(made.report.as_json())
        assert {entry["fate"] for entry in content["entries"]} <= {"kept", "degraded", "dropped"}
        assert {entry["item"] for entry in content["entries"]} == {i.id for i in bank.items}
        assert made.report.text.startswith(f"all_types to {target}: 10 questions; ")


# -- the command line --------------------------------------------------------------------------


def run(*arguments, code=0):
    result = CliRunner().invoke(main, list(map(str, arguments)))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.parametrize("target", ["gift", "moodle"])
def test_out_and_in_by_the_command_line(target, tmp_path):
    out, back, report = tmp_path / "all.txt", tmp_path / "back.yaml", tmp_path / "loss.json"
    said = run("bank", "export", "start_here", "--to", target, "--out", out, "--report", report)
    assert f"start_here to {target}" in said
    assert "dropped" in said
    assert json.loads(report.read_text())["title"] == f"start_here to {target}"
    said = run("bank", "import", out, "--out", back)
    assert f"({target}) to bank back" in said
    assert len(read_bank(back).items) == len(load_bank("start_here").items)
    assert "is there already" in run("bank", "import", out, "--out", back, code=1)
    assert "back to anki" in run("bank", "export", back, "--to", "anki", "--out", tmp_path / "a")


def test_the_key_is_a_file_apart(tmp_path):
    said = run("bank", "export", "all", "--to", "print", "--out", tmp_path / "quiz.html")
    sheet, key = ((tmp_path / name).read_text() for name in ("quiz.html", "quiz-key.html"))
    assert "quiz-key.html" in said
    assert "reach-q1" not in sheet
    for item in load_bank("paracrine_reach").items:
        if item.type in ("single_choice", "multiple_choice"):
            assert item.id in key
            assert item.id not in sheet
            for option in item.options:
                assert not option.feedback or option.feedback[:40] not in sheet


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    said = run("bank", "export", "start_here", "--to", "gift", "--out", tmp_path / "file" / "q.txt",
               code=1)  # fmt: skip
    assert said.lstrip().startswith("Error: ")  # older releases of Rich leave an empty line
    assert "cannot be written" in said


def test_a_full_disk_leaves_nothing_behind(pictured, tmp_path, monkeypatch):
    made = import_bank(write(tmp_path, export_banks([pictured], "moodle").files[""]))
    replace = os.replace

    def full(draft, place):
        if place.suffix == ".yaml":
            raise OSError(errno.ENOSPC, "No space left on device", str(place))
        replace(draft, place)

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(BadValue, match="No space left"):
        made.save(tmp_path / "out" / "bank.yaml")
    assert [path.name for path in (tmp_path / "out").rglob("*")] == ["media"]


def test_a_broken_file_is_a_sentence_on_the_command_line(tmp_path):
    path = write(tmp_path, "What?{=a ~a}")
    said = run("bank", "import", path, "--out", tmp_path / "b.yaml", code=1)
    assert said.startswith("Error: quiz.txt, line 1, question 'What?': ")
    assert not (tmp_path / "b.yaml").exists()


def test_what_is_no_ordinary_file_is_not_replaced(tmp_path):
    """A device as --out, for instance /dev/full, stays a device."""
    pipe = tmp_path / "pipe.html"
    os.mkfifo(pipe)
    with pytest.raises(BadValue, match="no ordinary file"):
        write_all({tmp_path / "key.html": b"key", pipe: b"questions"})
    with pytest.raises(BadValue, match="no ordinary file"):
        write_pair(pipe, "page", "csv")
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe.html"]
