"""Forty broken or sloppy files of each readable format, and what must become of each.

``refused``: one error with the line (where the format has lines) that holds the words given; no
bank exists. ``read``: a bank of so many questions, and the words in the loss report.
"""

from __future__ import annotations

import base64
import json
import math
from pathlib import Path

import pytest

from secretome_edu.quiz.bank import BankError
from secretome_edu.quiz.exchange import import_bank

# -- GIFT ---------------------------------------------------------------------------------------

GOOD = "::good::2 + 2?{=4 ~5}\n\n"
GIFT = {
    # name: (text, "refused" or number of questions, words said)
    "no closing brace": (GOOD + "::x::Why?{=a ~b", "refused", "line 3: 1 opening and 0 closing"),
    "no opening brace": ("Why? =a ~b}", "refused", "line 1: 0 opening and 1 closing"),
    "braces swapped": ("Why? }=a ~b{", "refused", "comes before the opening one"),
    "braces inside an answer": ("Why?{=a {b} ~c}", "refused", r"others are written \{"),
    "brace of TeX not escaped": (r"$\frac{1}{2}$ is?{=half ~two}", "refused", "3 opening"),
    "two answer blocks": ("A {=a ~b} and {=c ~d}", "refused", "2 opening and 2 closing"),
    "name never ends": ("::x What?{=a ~b}", "refused", "no second ::"),
    "one answer only": ("What?{~a}", "refused", "two answers or more"),
    "empty answer": ("What?{=a ~ ~c}", "refused", "behind '~' is empty"),
    "empty right answer": ("What?{= ~c}", "refused", "behind '=' is empty"),
    "two right answers": ("What?{=a =b ~c}", "refused", "exactly one answer must earn 100 %, 2"),
    "weights without a right one": ("What?{~%50%a ~%50%b}", "refused", "at least one wrong"),
    "all wrong": ("What?{~a ~b}", "refused", "0 of 2 are correct"),
    "weight above 100": ("What?{=a ~%150%b}", "refused", "a weight of 150 %"),
    "weight is a word": ("What?{=a ~%half%b}", "refused", "a weight that is not a number"),
    "percent signs in answers": ("What?{=50% ~100 % ~5%}", 1, ""),
    "percent sign never closed": ("What?{=a ~%50b}", 1, ""),
    "same answer twice": ("What?{=a ~a ~b}", "refused", "is there twice"),
    "thirteen options": ("What?{=a" + "".join(f" ~b{n}" for n in range(12)) + "}", "refused",
                         "at most 10"),
    "number is a word": ("How many?{#many}", "refused", "'many', which is not a number"),
    "number with a comma": ("How many?{#1,5:0.1}", "refused", "'1,5', which is not a number"),
    "numeric without number": ("How many?{#}", "refused", "without a number"),
    "tolerance is a word": ("How many?{#5:about}", "refused", "the tolerance is 'about'"),
    "tolerance below zero": ("How many?{#5:-1}", "refused", "below 0"),
    "range turned round": ("How many?{#9..2}", "refused", "ends before it begins"),
    "infinite number": ("How many?{#1e999}", "refused", "too large"),
    "no full mark": ("How many?{#=%50%4:1}", "refused", "no number earns 100 %"),
    "match without arrow": ("Pair{=a -> b =c}", "refused", "'c' has no '->'"),
    "match without a match": ("Pair{=a -> =c -> d}", "refused", "a row has no match"),
    "one pair": ("Pair{=a -> b}", "refused", "at least 2 items"),
    "no question text": ("::x::{=a ~b}", "refused", "no question text"),
    "text before the answers": ("What?{a =b ~c}", "refused", "stands before the first"),
    "category runs on": ("$CATEGORY: x\nWhat?{=a ~b}", "refused", "line 1: $CATEGORY needs"),
    "no question at all": ("Just a description.\n", "refused", "no question in it"),
    "not UTF-8": (GOOD.encode() + "Größe?{=a ~b}".encode("latin-1"), "refused",
                  "line 3: not UTF-8"),
    "zero bytes": (b"What?{=a ~b\0}", "refused", "a zero byte"),
    "million characters in an answer": ("What?{=" + "a" * 1_000_000 + " ~b}", "refused",
                                        "a question of 10000"),
    "long answer": ("What?{=" + "a" * 30_000 + " ~b}", "refused", "has 30000 characters"),
    "million openings of mathematics": ("What?{=" + "\\\\(" * 4_000 + " ~b}", "refused",
                                        "at most 4000"),
    "deeply nested HTML": ("[html]" + "<b>" * 3000 + "What?{=a ~b}", 1, "nested deeper"),
    "script in a question": ("[html]<script>alert(1)</script>What?{=a ~b}", 1,
                             "<script> is not imported"),
    "picture with a path": ('[html]<img src="../../etc/passwd">What?{=a ~b}', 1,
                            "picture '../../etc/passwd'"),
    "description between questions": (GOOD + "Read this first.\n\n" + GOOD, 2, "a description"),
    "lower-case true": ("Water is wet.{true}", 1, "is read as TRUE"),
    "unknown format": ("[word]What?{=a ~b}", 1, ""),
    "star in a short answer": ("What?{=ab*}", 1, "a star stands only for itself"),
    "partial marks": ("What?{=a ~%50%b ~c}", 1, "partial marks are not kept"),
    "UTF-16": (GOOD.encode("utf-16"), 1, "is UTF-16"),
    "byte order mark": (b"\xef\xbb\xbf" + GOOD.encode(), 1, ""),
    "old Macintosh line ends": (GOOD.replace("\n", "\r").encode(), 1, ""),
    "foreign tags": ("// [id:7] [tag:biology]\nWhat?{=a ~b}", 1, "no tags: biology"),
    "same name twice": (GOOD + GOOD, 2, ""),
    "blank line inside": ("What?{\n=a\n\n~b\n}", "refused", "1 opening and 0 closing"),
    "essay without key": ("Discuss.{}", 1, "the file has none"),
}  # fmt: skip

# -- Moodle XML ---------------------------------------------------------------------------------

ANSWERS = (
    '<answer fraction="100"><text>a</text></answer><answer fraction="0"><text>b</text></answer>'
)


def question(body=ANSWERS, kind="multichoice", name="<name><text>x</text></name>",
             stem='<questiontext format="html"><text>What?</text></questiontext>'):  # fmt: skip
    return f'<question type="{kind}">\n{name}{stem}{body}</question>'


def quiz(*questions):
    return '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "\n".join(questions) + "\n</quiz>"


def answer(text, fraction="100", more=""):
    return f'<answer fraction="{fraction}"><text>{text}</text>{more}</answer>'


def with_picture(name, content=b"\x89PNG\r\n\x1a\n", source=None):
    source = source or f"@@PLUGINFILE@@/{name}"
    data = content if isinstance(content, str) else base64.b64encode(content).decode()
    stem = f"<text><![CDATA[What? <img src='{source}' alt='A cell'>]]></text>"
    file = f'<file name="{name}" path="/" encoding="base64">{data}</file>'
    return quiz(question(stem=f'<questiontext format="html">{stem}{file}</questiontext>'))


LAUGHS = "".join(
    f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "ha"}&l0;">' for n in range(1, 10)
)
MOODLE = {
    "entity expansion": (f'<!DOCTYPE q [<!ENTITY l0 "ha">{LAUGHS}]><quiz>&l9;</quiz>', "refused",
                         "document type or entities"),
    "external entity": ('<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>',
                        "refused", "document type or entities"),
    "external document type": ('<!DOCTYPE quiz SYSTEM "http://example.org/q.dtd"><quiz/>',
                               "refused", "document type"),
    "undefined entity": (quiz(question(answer("a&nbsp;b") + answer("c", "0"))), "refused",
                         "line 4: not well-formed XML: undefined entity"),
    "truncated": (quiz(question())[:150], "refused", "not well-formed"),
    "cut after the last question": (quiz(question()).removesuffix("</quiz>"), "refused",
                                    "no element found"),
    "tags crossed": (quiz("<question type='essay'><name></question></name>"), "refused",
                     "line 3: not well-formed XML: mismatched tag"),
    "bare ampersand": (quiz(question(answer("R&D") + answer("b", "0"))), "refused",
                       "line 4: not well-formed"),
    "two roots": (quiz(question()) + "<quiz/>", "refused", "junk after document element"),
    "another root": ("<html><body/></html>", "refused", "begins with <quiz>"),
    "empty quiz": ("<quiz></quiz>", "refused", "no question in it"),
    "only a category": (quiz('<question type="category"><category><text>$course$/A</text>'
                             "</category></question>"), "refused", "no question in it"),
    "deep nesting": ("<quiz>" + "<a>" * 100_000, "refused", "nested deeper than 30"),
    "wrong encoding named": ('<?xml version="1.0" encoding="klingon"?><quiz/>', "refused",
                             "encoding"),
    "Latin-1 called UTF-8": (quiz(question(answer("é") + answer("b", "0"))).encode("latin-1"),
                             "refused", "line 4: not well-formed"),
    "zero byte": (quiz(question()).encode().replace(b"What", b"Wh\0t"), "refused",
                  "not well-formed"),
    "no question text": (quiz(question(stem="")), "refused", "no <questiontext>"),
    "empty question text": (quiz(question(stem="<questiontext><text/></questiontext>")), "refused",
                            "line 3, question 'x': it has no question text"),
    "no answers": (quiz(question("")), "refused", "it has no <answer>"),
    "one answer": (quiz(question(answer("a"))), "refused", "two answers or more"),
    "empty answer": (quiz(question(ANSWERS + answer("", "0"))), "refused", "line 4 is empty"),
    "no right answer": (quiz(question(answer("a", "50") + answer("b", "0"))), "refused",
                        "exactly one answer must earn 100 %, 0 do"),
    "two right answers": (quiz(question(ANSWERS + answer("c"))), "refused", "2 do"),
    "many answers, none wrong": (quiz(question("<single>false</single>" + answer("a", "50")
                                               + answer("b", "50"))), "refused",
                                 "at least one wrong"),
    "no fraction": (quiz(question("<answer><text>a</text></answer>" + answer("b", "0"))),
                    "refused", "line 4 has no fraction"),
    "fraction is a word": (quiz(question(answer("a", "all") + answer("b", "0"))), "refused",
                           "the fraction in line 4 is 'all'"),
    "fraction with a percent sign": (quiz(question(answer("a", "100%") + answer("b", "0"))),
                                     "refused", "'100%'"),
    "fraction of 1000": (quiz(question(answer("a", "1000") + answer("b", "0"))), "refused",
                         "not from -100 to 100"),
    "same answer twice": (quiz(question(ANSWERS + answer("a", "0"))), "refused", "there twice"),
    "number is a word": (quiz(question(answer("many"), "numerical")), "refused",
                         "'many', which is not a number"),
    "decimal comma": (quiz(question(answer("1,5"), "numerical")), "refused", "'1,5'"),
    "tolerance below zero": (quiz(question(answer("5", more="<tolerance>-1</tolerance>"),
                                           "numerical")), "refused", "is below 0"),
    "infinite": (quiz(question(answer("1e999"), "numerical")), "refused", "too large"),
    "million characters in an answer": (quiz(question(answer("a" * 1_000_000)
                                                      + answer("b", "0"))), "refused",
                                        "a text has 1000000 characters"),
    "matching without pairs": (quiz(question("", "matching")), "refused", "no <subquestion>"),
    "matching without a match": (quiz(question("<subquestion><text>a</text></subquestion>" * 2,
                                               "matching")), "refused", "a row has no match"),
    "two steps to order": (quiz(question(answer("a", "1") + answer("b", "2"), "ordering")),
                           "refused", "at least 3 items"),
    "true/false with maybe": (quiz(question(answer("true") + answer("maybe", "0"), "truefalse")),
                              "refused", "true and false"),
    "second of two is broken": (quiz(question(), question("")), "refused",
                                "line 5, question 'x': it has no <answer>"),
    # sloppy, and readable
    "no declaration": (f"<quiz>{question()}</quiz>", 1, ""),
    "byte order mark": (b"\xef\xbb\xbf" + quiz(question()).encode(), 1, ""),
    "Latin-1 and says so": (
        quiz(question(answer("é") + answer("b", "0"))).replace("UTF-8", "ISO-8859-1")
        .encode("latin-1"), 1, ""),
    "no name": (quiz(question(name="")), 1, "the question has no name"),
    "no type": (quiz("<question/>", question()), 1, "questions of type ''"),
    "calculated question": (quiz(question(kind="calculated"), question()), 1, "'calculated'"),
    "cloze question": (quiz(question(kind="cloze"), question()), 1, "type 'cloze'"),
    "description": (quiz(question(kind="description"), question()), 1, "type 'description'"),
    "a stranger among questions": (quiz("<note>hello</note>", question()), 1, "is not a question"),
    "unknown text format": (quiz(question(stem='<questiontext format="word"><text>What?</text>'
                                               "</questiontext>")), 1, "unknown format 'word'"),
    "script in the text": (quiz(question(stem="<questiontext><text><![CDATA[<script>x</script>"
                                              "What?]]></text></questiontext>")), 1,
                           "<script> is not imported"),
    "tags of HTML left open": (quiz(question(stem="<questiontext><text><![CDATA[<p><b>What?"
                                                  "]]></text></questiontext>")), 1, ""),
    "picture with a path": (with_picture("../../../tmp/x.png"), 1, "'../../../tmp/x.png': a name"),
    "picture with a drive": (with_picture("C:\\x.png"), 1, "a name is lower-case letters"),
    "hidden picture name": (with_picture("%2e%2e%2fx.png", source="@@PLUGINFILE@@/..%2fx.png"), 1,
                            "'../x.png'"),
    "picture elsewhere": (with_picture("x.png", source="http://example.org/x.png"), 1,
                          "is not in the file"),
    "picture is no base64": (with_picture("x.png", "!!!!"), 1, "is not base64"),
    "picture is a program": (with_picture("x.png", b"MZ\x90\0"), 1, "not what its name says"),
    "partial marks": (quiz(question(ANSWERS + answer("c", "50"))), 1, "partial marks"),
    "no explanation": (quiz(question()), 1, "a placeholder stands there"),
    "unit nobody knows": (quiz(question(answer("5") + "<units><unit><multiplier>1</multiplier>"
                                        "<unit_name>apples</unit_name></unit></units>",
                                        "numerical")), 1, "'apples' is not a unit here"),
    "case matters": (quiz(question("<usecase>1</usecase>" + answer("DNA"), "shortanswer")), 1,
                     "capital and small letters"),
    "worth three marks": (quiz(question("<defaultgrade>3</defaultgrade>" + ANSWERS)), 1,
                          "worth the same"),
}  # fmt: skip

# -- jupyterquiz --------------------------------------------------------------------------------

A, B, C = (
    {"answer": letter, "correct": letter == "a", "feedback": f"It is {letter}."} for letter in "abc"
)


def jupyter(*answers, kind="multiple_choice", **more):
    """Return one question as JSON."""
    answers = list(answers) or [A, B]
    return json.dumps({"question": "What?", "type": kind, "answers": answers, **more})


def numeric(*answers, **more):
    return "[" + jupyter(*answers, kind="numeric", **more) + "]"


FIVE = {"value": 5, "correct": True}
PAIR = {"question": "Pair", "type": "match", "pairs": [{"label": "a", "answer": "b"},
                                                       {"label": "c", "answer": "d"}]}  # fmt: skip
OK = jupyter()
JUPYTERQUIZ = {
    "truncated": (f"[{OK[:-5]}", "refused", "line 1: not JSON"),
    "list never ends": (f"[{OK}", "refused", "a comma or a bracket is missing"),
    "comma before the end": (f"[{OK},]", "refused", "a comma before the closing bracket"),
    "no comma between": (f"[{OK}\n{OK}]", "refused", "line 2: not JSON: a comma or a bracket"),
    "single quotes": ("[{'question': 'What?'}]", "refused", "line 1: not JSON"),
    "text behind the list": (f"[{OK}] and more", "refused", "something follows"),
    "Python's True": (f"[{OK.replace('true', 'True')}]", "refused", "not JSON"),
    "comment": (f"// quiz\n[{OK}]", "refused", "jupyterquiz is a list"),
    "a number": ("42", "refused", "jupyterquiz is a list"),
    "a text": ('"quiz"', "refused", "jupyterquiz is a list"),
    "empty list": ("[]", "refused", "no question in it"),
    "list of lists": (f"[[{OK}]]", "refused", "a question is {...}"),
    "null among questions": (f"[{OK},\nnull]", "refused", "line 2, question 2"),
    "deep nesting": ("[" * 100_000, "refused", "nested too deep"),
    "field twice": ('[{"type": "numeric", "type": "string"}]', "refused", "'type' is there twice"),
    "not a number": (numeric({"value": math.nan, "correct": True}), "refused", "NaN"),
    "infinite": (numeric(FIVE).replace("5", "1e999"), "refused", "too large"),
    "a million digits": (numeric(FIVE).replace("5", "9" * 1_000_000), "refused",
                         "a number of 1000000 digits"),
    "no type": ('[{"question": "What?"}]', "refused", "type is missing"),
    "no question": (f"[{OK.replace('question', 'Question')}]", "refused", "question is missing"),
    "question is a number": (f"[{jupyter(question=7)}]", "refused", "question is missing"),
    "empty question": (f"[{jupyter(question='  ')}]", "refused", "question is missing"),
    "question shows nothing": (f"[{jupyter(question='<b></b>')}]", "refused", "shows nothing"),
    "no answers": ('[{"question": "What?", "type": "many_choice"}]', "refused", "answers is"),
    "answers are a text": (f"[{OK}, {jupyter(answers='5')}]", "refused",
                           "question 2: answers is missing or not a list"),
    "answers are texts": (f"[{jupyter('a', 'b')}]", "refused", "not a list of {...}"),
    "one answer": (f"[{jupyter(A)}]", "refused", "two answers or more"),
    "no right answer": (f"[{jupyter(B, C)}]", "refused", "no answer is correct"),
    "all right": (f"[{jupyter(A, B | {'correct': True}, kind='many_choice')}]", "refused",
                  "at least one wrong"),
    "correct is a word": (f"[{jupyter(A, B | {'correct': 'no'})}]", "refused", "correct is 'no'"),
    "correct is missing": (f"[{jupyter(A, {'answer': 'b'})}]", "refused", "correct is 'None'"),
    "answer is missing": (f"[{jupyter(A, {'correct': False})}]", "refused", "answer is missing"),
    "same answer twice": (f"[{jupyter(A, B | {'answer': 'A '})}]", "refused", "there twice"),
    "numeric answer is a text": (numeric({"value": "5", "correct": True}), "refused",
                                 "value is '5'; a number is needed"),
    "numeric without value": (numeric({"correct": True}), "refused", "value, range or type"),
    "range of three": (numeric({"range": [1, 2, 3], "correct": True}), "refused",
                       "range is [low, high]"),
    "range turned round": (numeric({"range": [9, 2], "correct": True}), "refused",
                           "ends before it begins"),
    "no right number": (numeric({"value": 5, "correct": False, "feedback": "No."}), "refused",
                        "no number earns"),
    "precision of 40": (numeric(FIVE, precision=40), "refused", "from 1 to 8"),
    "match without options": (json.dumps([PAIR]), "refused", "options is missing"),
    "match with a lost answer": (json.dumps([PAIR | {"options": ["b"]}]), "refused",
                                 "not among the options"),
    "million characters": (f"[{jupyter(question='x' * 1_000_000)}]", "refused",
                           "question has 1000000 characters"),
    "not UTF-8": (f"[{OK.replace('What', 'Wie groß')}]".encode("latin-1"), "refused",
                  "line 1: not UTF-8"),
    "zero byte": (f"[{OK}]".encode().replace(b"What", b"Wh\0t"), "refused", "zero byte"),
    "empty file": ("", "refused", "the file is empty"),
    # sloppy, and readable
    "one question without a list": (OK, 1, ""),
    "byte order mark": (b"\xef\xbb\xbf" + f"[{OK}]".encode(), 1, ""),
    "UTF-16": (f"[{OK}]".encode("utf-16"), 1, "is UTF-16"),
    "unknown type": (f"[{OK}, {jupyter(kind='essay')}]", 1, "type 'essay' has no place"),
    "unknown field": (f"[{jupyter(points=3)}]", 1, "unknown: points"),
    "two right in multiple_choice": (f"[{jupyter(A, B, C | {'correct': True})}]", 1,
                                     "all of them are asked for"),
    "percent sign and dollars": (f"[{jupyter(question='5 % of $100 or $x^2$?')}]", 1, ""),
    "script": (f"[{jupyter(question='<script>x</script>What?')}]", 1, "<script>"),
    "picture with a path": (f"[{jupyter(question='<img src=../../x.png>What?')}]", 1,
                            "'../../x.png'"),
    "wrong range": (numeric(FIVE, {"range": [1, 2], "correct": False, "feedback": "No."}), 1,
                    "feedback on the range 1 to 2"),
    "half-open range": (numeric({"range": [1, 2], "correct": True}), 1, "the upper end"),
    "fuzzy text": (f"[{jupyter(A | {'match_case': True}, kind='string')}]", 1,
                   "case never matters"),
}  # fmt: skip

CASES = [
    pytest.param(origin, *case, id=f"{origin}: {name}")
    for origin, table in {"gift": GIFT, "moodle": MOODLE, "jupyterquiz": JUPYTERQUIZ}.items()
    for name, case in table.items()
]


@pytest.mark.parametrize(("origin", "content", "outcome", "words"), CASES)
def test_a_broken_file_is_refused_or_read_as_written_down(
    origin, content, outcome, words, tmp_path
):
    path = tmp_path / "quiz.txt"
    path.write_bytes(
        content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    )
    if outcome == "refused":
        with pytest.raises(BankError) as caught:
            import_bank(path, origin)
        assert words in str(caught.value)
        assert "quiz.txt" in str(caught.value)
        assert len(str(caught.value)) < 2500
    else:
        made = import_bank(path, origin)
        assert len(made.bank.items) == outcome
        assert words in made.report.as_json()
        made.save(tmp_path / "bank.yaml")
    left = sorted(p.relative_to(tmp_path).as_posix() for p in Path(tmp_path).rglob("*"))
    assert left == (["quiz.txt"] if outcome == "refused" else ["bank.yaml", "quiz.txt"])


@pytest.mark.parametrize("table", [GIFT, MOODLE, JUPYTERQUIZ])
def test_there_are_forty_different_faults_of_each_format(table):
    assert len({str(case[0]) for case in table.values()}) == len(table) >= 40
    assert sum(case[1] == "refused" for case in table.values()) >= 25
