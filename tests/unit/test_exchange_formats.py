"""What is written follows the documentation of each format; every rule names its page.

The checks read the files with the standard library and a few lines of their own, not with the
course's readers.
"""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from secretome_edu.quiz.bank import bank_slugs, load_bank, read_bank
from secretome_edu.quiz.exchange import export_banks
from secretome_edu.quiz.items import Bank

XML = "https://docs.moodle.org/en/Moodle_XML_format"
IMPORTER = "moodle/moodle question/format/xml/format.php"  # what Moodle's importer really asks
ORDERING = "moodle/moodle question/type/ordering/tests/fixtures/testexport.moodle.xml"
GIFT = "https://docs.moodle.org/en/GIFT_format"
GIFT_IMPORTER = "moodle/moodle question/format/gift/format.php"
ANKI = "https://docs.ankiweb.net/importing/text-files.html"

ALL_TYPES = read_bank(Path(__file__).parent / "quiz_banks" / "all_types.yaml")
FIELDS = {"pool": "quiz", "objective": "a.1", "bloom": "apply", "solution": "So."}
TRICKY = Bank(
    schema_version=1,
    bank="tricky",
    title="Slash/and: colon",
    items=[
        {
            "id": "tricky-choice", "type": "single_choice",
            "stem": "// {a} = ~b~ # c: d\n\n$CATEGORY",
            "options": [
                {"id": "a", "text": "[html] 50% ]]> & <b>", "correct": True},
                {"id": "b", "text": "%50% $\\frac{a}{b}$", "feedback": "#### no", "pin": "last"},
                {"id": "c", "text": "=c", "feedback": "{x}"},
            ], **FIELDS,
        },
        {"id": "tricky-word", "type": "short_text", "stem": "Word?",
         "accept": ["a*b", "x -> y", "]]> &"], "feedback_incorrect": "No.", **FIELDS},
        {"id": "tricky-number", "type": "numeric", "stem": "Number?", "answer": {"value": 2.0},
         "tolerance": {"low": 1.0, "high": 3.0}, "unit": "um", "unit_given": True,
         "wrong_numbers": [{"value": -0.5, "feedback": "Sign."}],
         "feedback_incorrect": "No.", **FIELDS},
        {"id": "tricky-essay", "type": "prediction", "form": "text", "stem": "Guess?",
         **FIELDS, "pool": "prediction", "solution": None},
        {"id": "tricky-guess", "type": "prediction", "form": "number", "unit": "um",
         "stem": "Guess?", **FIELDS, "pool": "prediction", "solution": None},
    ],
)  # fmt: skip
BANKS = [*(load_bank(slug) for slug in bank_slugs()), ALL_TYPES, TRICKY]
# question_bank::fraction_options_full in moodle/moodle question/engine/bank.php
GRADES = {100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667,
          14.28571, 12.5, 11.11111, 10, 5, 0}  # fmt: skip


@pytest.fixture(scope="module")
def xml():
    return export_banks(BANKS, "moodle").files[""]


@pytest.fixture(scope="module")
def questions(xml):
    return list(ElementTree.fromstring(xml.encode()))


@pytest.fixture(scope="module")
def asked(questions):
    return [question for question in questions if question.get("type") != "category"]


def of_type(asked, kind):
    found = [question for question in asked if question.get("type") == kind]
    assert found, kind
    return found


def rule(page, sentence):
    """Name the page a rule stands on and what it asks, in our words."""

    def named(test):
        test.__doc__ = f"{page}: {sentence}."
        return test

    return named


# -- Moodle XML, the whole file ----------------------------------------------------------------


@rule(XML, "the declaration is the first line, the root is quiz, the encoding UTF-8")
def test_xml_frame(xml):
    first, second, *_, last, end = xml.split("\n")
    assert first == '<?xml version="1.0" encoding="UTF-8"?>'
    assert (second, last, end) == ("<quiz>", "</quiz>", "")
    assert "µ" in xml


@rule(XML, "a category is a dummy question with a path below $course$")
def test_xml_category(questions):
    paths = [q.findtext("category/text") for q in questions if q.get("type") == "category"]
    assert len(paths) == len(BANKS)
    assert all(path.startswith("$course$/") for path in paths)
    assert paths[-1] == "$course$/top/Slash//and: colon"


@rule(XML, "types are multichoice, truefalse, shortanswer, matching, cloze, essay, numerical, ...")
def test_xml_types(asked):
    known = {"multichoice", "shortanswer", "matching", "essay", "numerical", "ordering"}
    assert {question.get("type") for question in asked} == known


@rule(XML, "each question has a name and a questiontext with a text element inside")
def test_xml_name_and_text(asked):
    for question in asked:
        assert question.findtext("name/text").strip()
        assert question.findtext("questiontext/text").strip()
    ids = [question.findtext("idnumber") for question in asked]
    assert all(0 < len(number) <= 100 for number in ids)


@rule(XML, "formatted texts say their format: html, plain_text, markdown or moodle_auto_format")
def test_xml_format_attribute(asked):
    rich = {"questiontext", "generalfeedback", "feedback", "correctfeedback", "incorrectfeedback",
            "partiallycorrectfeedback", "hint", "graderinfo", "subquestion"}  # fmt: skip
    for question in asked:
        for element in question.iter():
            if element.tag in rich:
                assert element.get("format") == "html", element.tag


@rule(XML, "HTML stands in CDATA sections")
def test_xml_cdata(xml):
    bare = re.sub(r"<!\[CDATA\[.*?\]\]>", "", xml, flags=re.S)
    assert "&lt;" not in bare
    assert "<p>" not in bare
    assert "<![CDATA[" in xml
    assert "]]]]><![CDATA[>" in xml  # an end of a section inside a section is split


@rule(XML, "defaultgrade, penalty and hidden are numbers; penalty is a share of the mark")
def test_xml_common_numbers(asked):
    for question in asked:
        assert float(question.findtext("defaultgrade")) in (0, 0.5, 1)
        assert 0 <= float(question.findtext("penalty")) <= 1
        assert question.findtext("hidden") == "0"


@rule(XML, "tags stand as tags/tag/text")
def test_xml_tags(asked):
    for question in asked:
        tags = [tag.findtext("text") for tag in question.findall("tags/tag")]
        assert tags[0].startswith("pool:")
        assert all(0 < len(tag) <= 50 for tag in tags)


@rule(IMPORTER, "a hint is text with a format; Moodle's essay reads none")
def test_xml_hints(asked):
    assert sum(len(question.findall("hint/text")) for question in asked) >= 15
    assert not any(question.findall("hint") for question in of_type(asked, "essay"))


# -- Moodle XML, type by type ------------------------------------------------------------------


@rule(XML, "multichoice has single, shuffleanswers, answernumbering and three combined feedbacks")
def test_xml_multichoice(asked):
    for question in of_type(asked, "multichoice"):
        assert question.findtext("single") in ("true", "false")
        assert question.findtext("shuffleanswers") in ("true", "false")
        assert question.findtext("answernumbering") in ("none", "abc", "ABCD", "123")
        for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
            assert question.find(f"{name}/text") is not None
        assert len(question.findall("answer")) >= 2
        for answer in question.findall("answer"):
            assert answer.findtext("text").strip()
            assert answer.find("feedback/text") is not None


@rule(XML, "a pinned option is not shuffled away")
def test_xml_shuffle(asked):
    by_name = {q.findtext("name/text"): q for q in of_type(asked, "multichoice")}
    assert by_name["tricky-choice"].findtext("shuffleanswers") == "false"
    assert by_name["one-single"].findtext("shuffleanswers") == "true"


@rule("moodle/moodle question/engine/bank.php", "grades are on the list of allowed grades")
def test_xml_fractions(asked):
    for question in asked:
        if question.get("type") == "ordering":
            continue
        shares = [float(answer.get("fraction")) for answer in question.findall("answer")]
        assert all(abs(share) in GRADES for share in shares)
        right = [share for share in shares if share > 0]
        if question.findtext("single") == "false":
            assert sum(right) == pytest.approx(100, abs=1e-3)
            assert sum(s for s in shares if s < 0) == pytest.approx(-100, abs=1e-3)
        elif shares:
            assert max(shares) == 100


@rule(XML, "shortanswer has usecase 0 or 1 and plain answers; a star is a wildcard, \\* a star")
def test_xml_shortanswer(asked):
    for question in of_type(asked, "shortanswer"):
        assert question.findtext("usecase") in ("0", "1")
        assert len(question.findall("answer")) >= 1
    word = next(q for q in asked if q.findtext("name/text") == "tricky-word")
    texts = [answer.findtext("text") for answer in word.findall("answer")]
    assert texts == [r"a\*b", "x -> y", "]]> &", "*"]
    assert word.findall("answer")[-1].get("fraction") == "0"


@rule(XML, "numerical answers have a text and a tolerance; units have multiplier and unit_name")
def test_xml_numerical(asked):
    units = 0
    for question in of_type(asked, "numerical"):
        for answer in question.findall("answer"):
            text = answer.findtext("text")
            assert text == "*" or float(text) is not None
            assert float(answer.findtext("tolerance")) >= 0
        for unit in question.findall("units/unit"):
            units += 1
            assert float(unit.findtext("multiplier")) == 1
            assert unit.findtext("unit_name").strip()
        if question.find("units") is not None:
            assert question.findtext("unitgradingtype") in ("0", "1", "2")
            assert 0 <= float(question.findtext("unitpenalty")) <= 1
            assert question.findtext("showunits") in ("0", "1", "2", "3")
            assert question.findtext("unitsleft") in ("0", "1")
    assert units >= 8


@rule(XML, "matching has subquestions with a text and an answer; a blank text is an extra answer")
def test_xml_matching(asked):
    for question in of_type(asked, "matching"):
        rows = question.findall("subquestion")
        assert len([row for row in rows if row.findtext("text")]) >= 2
        assert all(row.findtext("answer/text").strip() for row in rows)
        assert len(rows) >= 3  # Moodle's form asks for two questions and three answers
        assert question.findtext("shuffleanswers") in ("true", "false")
    match = next(q for q in asked if q.findtext("name/text") == "one-match")
    assert [row.findtext("text") for row in match.findall("subquestion")][-1] == ""


@rule(IMPORTER, "an essay says how to answer and what graders look for")
def test_xml_essay(asked):
    for question in of_type(asked, "essay"):
        assert question.findtext("responseformat") == "editor"
        for name in ("responserequired", "responsefieldlines", "attachments"):
            assert int(question.findtext(name)) >= 0
        assert question.find("graderinfo/text") is not None
    essay = next(q for q in asked if q.findtext("name/text") == "one-open")
    assert "unconditioned medium" in essay.findtext("graderinfo/text")


@rule(ORDERING, "ordering counts its answers 1, 2, 3 and names its settings")
def test_xml_ordering(asked):
    for question in of_type(asked, "ordering"):
        places = [float(answer.get("fraction")) for answer in question.findall("answer")]
        assert places == list(range(1, len(places) + 1))
        for name in ("layouttype", "selecttype", "selectcount", "gradingtype", "showgrading"):
            assert question.findtext(name)


# -- GIFT --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def gift():
    return export_banks(BANKS, "gift").files[""]


@pytest.fixture(scope="module")
def blocks(gift):
    return re.split(r"\n\n+", gift.strip())


def named(blocks, name):
    return next(block for block in blocks if f"::{name}::" in block)


def body(block):
    """Return what stands between the two braces that are not escaped."""
    found = re.fullmatch(r"(?:\\.|[^{}])*\{((?:\\.|[^{}])*)\}", block.split("\n", 1)[1], re.S)
    assert found, block
    return found[1].strip()


@rule(GIFT, "a blank line ends a question and stands nowhere inside one")
def test_gift_blank_lines(blocks):
    count = sum(len(bank.items) for bank in BANKS)
    two_tiers = sum(item.type == "two_tier" for bank in BANKS for item in bank.items)
    assert len(blocks) == count + two_tiers + len(BANKS)


@rule(GIFT, "$CATEGORY: stands alone between blank lines")
def test_gift_category(blocks):
    lines = [block for block in blocks if block.startswith("$CATEGORY: ")]
    assert len(lines) == len(BANKS)
    assert not any("\n" in line for line in lines)


@rule(GIFT, "a comment begins its line with //; id and tags stand in it as [id:x] [tag:y]")
def test_gift_comment(blocks):
    for block in blocks:
        if not block.startswith("$CATEGORY"):
            first, *others = block.split("\n")
            assert re.fullmatch(r"// \[id:[^\[\]<>]+\]( \[tag:[^\[\]<>]+\])+", first)
            assert not any(line.strip().startswith("//") for line in others)


@rule(GIFT, "the name stands between double colons, the format of a text in brackets before it")
def test_gift_name_and_format(blocks):
    for block in blocks:
        if not block.startswith("$CATEGORY"):
            assert re.match(r"::(?:\\.|[^:])+::\[html\]", block.split("\n")[1])


@rule(GIFT, "~ = # { } and : are escaped with a backslash; a new line inside a text is \\n")
def test_gift_escapes(blocks):
    for block in blocks:
        if block.startswith("$CATEGORY"):
            continue
        plain = re.sub(r"\\[\\~=#{}:n]", "", block.split("\n", 1)[1])
        assert "\\" not in plain
        plain = re.sub(r"^::[^:]*::", "", plain)
        assert not re.search(r"(?<!\d):|:(?!\d)", plain)  # only answer:tolerance
        assert not re.search(r"(?<!\n\t)[=~]", plain)  # only before an answer
        assert not re.search(r"#(?!\[html\]|#|\n)", plain)  # only before a feedback, or in {#
        assert plain.count("{") == plain.count("}") == 1
        assert plain.endswith("}")  # answers behind the text: no blank in a sentence
    assert r"\\frac\{a\}\{b\}" in named(blocks, "tricky-choice")


@rule(GIFT, "= marks the right answer, ~ a wrong one, # its feedback")
def test_gift_choice(blocks):
    rows = body(named(blocks, "one-single")).split("\n\t")
    assert [row[0] for row in rows] == ["=", "~", "~", "#"]
    assert rows[0].count("#") == 1


@rule(GIFT, "several right answers share 100 % as weights and wrong ones take marks away")
def test_gift_weights(blocks):
    text = body(named(blocks, "one-multiple"))
    assert re.findall(r"~%(-?[\d.]+)%", text) == ["50", "50", "-50", "-50"]
    assert not re.search(r"(?<!\\)=", text)  # "=" would make it a single choice


@rule(GIFT_IMPORTER, "a weight has two digits or three before the point, nothing else")
def test_gift_weight_form(gift):
    for weight in re.findall(r"[~=]%([^%]*)%", gift):
        assert re.fullmatch(r"-?(100|\d{1,2}(\.\d+)?)", weight)


@rule(GIFT, "a short answer has only = answers")
def test_gift_short_answer(blocks):
    text = re.sub(r"\\.", "", body(named(blocks, "one-word")))
    assert "~" not in text
    assert "->" not in body(named(blocks, "tricky-word"))  # it would be a matching question


@rule(GIFT, "a numerical question begins with {#, has answer:tolerance or low..high, weights, ~#")
def test_gift_numerical(blocks):
    assert re.search(r"=%100%53\.85164807134504:1\.0770329614269007\b",
                     named(blocks, "one-number"))  # fmt: skip
    text = named(blocks, "tricky-number")
    assert "{#\n\t=%100%1..3\n\t=%0%-0.5:0.005#[html]Sign.\n\t~#[html]No." in text


@rule(GIFT, "matching pairs stand as =item -> match")
def test_gift_matching(blocks):
    rows = [row for row in body(named(blocks, "one-match")).split("\n\t") if row[0] == "="]
    assert len(rows) == 4
    assert all(row.count(" -> ") == 1 for row in rows)


@rule(GIFT, "an essay has empty braces; general feedback follows #### as the last part")
def test_gift_essay_and_feedback(blocks):
    assert body(named(blocks, "tricky-essay")) == ""
    for block in blocks:
        if "####" in block:
            tail = re.sub(r"\\.", "", block.rsplit("####", 1)[1])
            assert not re.search(r"[=~#]", tail)


@rule(GIFT_IMPORTER, "no text of ours looks like the placeholders of the importer")
def test_gift_placeholders(gift):
    assert not re.search(r"&&0\d\d", gift)


# -- Anki --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def anki():
    return export_banks(BANKS, "anki").files[""]


@rule(ANKI, "headers are #key:value lines at the top; the separator comes before the columns")
def test_anki_headers(anki):
    head = [line for line in anki.split("\n") if line.startswith("#")]
    keys = [line[1:].partition(":")[0] for line in head]
    assert keys == ["separator", "html", "notetype", "columns", "deck column", "tags column"]
    assert anki.startswith("\n".join(head))
    assert dict(line[1:].split(":", 1) for line in head)["separator"] == "tab"


@rule(ANKI, "a field in quotes doubles the quotes inside; every record has all fields")
def test_anki_records(anki):
    lines = [line for line in anki.strip().split("\n") if not line.startswith("#")]
    rows = list(csv.reader(lines, delimiter="\t", strict=True))
    assert len(rows) == sum(len(bank.items) for bank in BANKS)
    assert {len(row) for row in rows} == {4}
    assert all(front and back for front, back, *_ in rows)
    fronts = [row[0] for row in rows]
    assert len(set(fronts)) == len(fronts)  # the first field tells notes apart


@rule(ANKI, "tags are words separated by spaces; a deck column names a deck")
def test_anki_tags_and_decks(anki):
    rows = csv.reader(anki.strip().split("\n")[6:], delimiter="\t")
    for _, _, deck, tags in rows:
        assert deck.startswith("Secretome Edu::")
        assert len(tags.split()) == 4


@rule("https://docs.ankiweb.net/math.html", r"mathematics stands between \( and \)")
def test_anki_mathematics(anki):
    assert r"\(\frac{a}{b}\)" in anki
    assert not re.search(r"\$\\", anki)


def test_every_rule_of_this_file_is_sourced():
    text = Path(__file__).read_text(encoding="utf-8")
    lines = text.split("\n")
    for before, line in pairwise(lines):
        if re.match(r"def test_(xml|gift|anki)_", line):
            assert before.startswith("@rule("), line
