"""Markup and script in every text a stranger can write: shown as text, run nowhere.

Each page is opened in a browser, everything in it that can be clicked or loaded is, and the mark
that every payload would leave is looked for. What must not be in the page at all is looked for too.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from secretome_edu.authoring.site import book, pages
from secretome_edu.authoring.site.checks import SiteError
from secretome_edu.classroom import page, page_regrade
from secretome_edu.classroom.course_facts import this_course
from secretome_edu.classroom.names import read_names
from secretome_edu.classroom.regrade import regrade
from secretome_edu.classroom.report import class_report
from secretome_edu.classroom.simulate import simulate, write_hand_ins
from secretome_edu.course import cards
from secretome_edu.course.manifest import manifest
from secretome_edu.data.glossary import Definition
from secretome_edu.data.references import Citation
from secretome_edu.exercises.check import AnswerField, Exercise, Task
from secretome_edu.exercises.panel import _rich_class
from secretome_edu.exercises.session import Session as ExerciseSession
from secretome_edu.progress import report_view
from secretome_edu.progress.report import (
    MisconceptionFacts,
)
from secretome_edu.quiz.bank import read_bank
from secretome_edu.quiz.exchange import export_banks
from secretome_edu.quiz.exchange.importing import read_content
from secretome_edu.quiz.recorder import MemoryRecorder
from secretome_edu.quiz.session import Session
from secretome_edu.quiz.text import TextQuiz
from secretome_edu.quiz.view import _rich, page_state
from secretome_edu.ui import markup

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 12, 1, tzinfo=UTC)
SEEN = "<img src=x onerror=window.hit=1>"
PAYLOADS = [
    SEEN,
    "</script><script>window.hit=1</script>",
    '"><svg onload=window.hit=1>',
    "' onmouseover=window.hit=1 x='",
    "[go](javascript:window.hit=1)",
    "[go](JaVaScRiPt&colon;window.hit=1)",
    "[go](data:text/html,<script>window.hit=1</script>)",
    "![go](https://evil.example/x.png)",
    "<https://evil.example/><javascript:window.hit=1>",
    r"$\href{javascript:window.hit=1}{x}$ $\text{<img src=x onerror=window.hit=1>}$",
    r"\(\href{javascript:window.hit=1}{y}\)",
    r"$\class{x}{\style{background:url(https://evil.example/y)}{z}}$",
    '<a href="javascript:window.hit=1">go</a>',
    "<iframe srcdoc='<script>parent.hit=1</script>'></iframe>",
    "<style>*{background:url(https://evil.example/c);width:expression(window.hit=1)}</style>",
    "<!-- --><script>window.hit=1</script><!-- -->",
    "{% raw %} ${window.hit=1} <%= 1 %>",
    "`</code><script>window.hit=1</script>`",
    "</textarea></select></title><img src=x onerror=window.hit=1>",
]
HOSTILE = " ".join(PAYLOADS)
WRONG = """(allowed) => [...document.querySelectorAll('*')].flatMap((e) => [
  ...(!e.matches(allowed) && e.matches('script, iframe, object, embed, base, [srcdoc]')
    ? [e.outerHTML] : []),
  ...[...e.attributes].filter((a) => (a.name.startsWith('on') && !e.matches(allowed))
    || /^[\\s\\u0000-\\u001f]*(javascript|vbscript|data:text)/i.test(a.value)
    || ['src', 'srcset', 'style', 'action', 'poster'].includes(a.name)
      && /evil\\.example/.test(a.value)).map((a) => `${e.tagName} ${a.name}=${a.value}`),
])"""
RENDER = """async ([source, traits]) => {
  const file = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const { default: { render } } = await import(file);
  const model = { get: (name) => traits[name], on() {}, off() {}, send() {} };
  render({ model, el: document.body.appendChild(document.createElement('div')) });
}"""


@pytest.fixture
def tab(browser, tmp_path):
    """A page that notes what it asks other hosts for, and refuses it."""
    context = browser.new_context()
    shown = context.new_page()
    shown.asked = []

    def refuse(route):
        shown.asked.append(route.request.url)
        route.abort()

    context.route(lambda url: not url.startswith(("file:", "data:", "blob:")), refuse)
    blank = tmp_path / "blank.html"
    blank.write_text("<!DOCTYPE html><title>blank</title><body></body>")
    shown.goto(blank.as_uri())
    yield shown
    context.close()


def harmless(shown, allowed="never", text=SEEN):
    """Load, point at and click whatever there is; then look for the marks."""
    shown.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    shown.evaluate("""() => document.querySelectorAll('body *').forEach((e) => {
      for (const name of ['mouseover', 'focus', 'load', 'error']) e.dispatchEvent(new Event(name));
      if (e.matches('a') && !/^(https?:|mailto:|#)/.test(e.getAttribute('href') ?? '#')
          && !/\\.(html|ipynb)(#.*)?$/.test(e.getAttribute('href'))) e.click();
    })""")
    shown.wait_for_timeout(200)
    assert shown.evaluate("window.hit") is None
    assert shown.evaluate(WRONG, allowed) == []
    assert shown.asked == []
    if text:
        assert text in shown.evaluate("document.body.textContent")


def planted_bank(folder: Path):
    """The bank with every type, and the payloads in each of its texts."""
    bank = yaml.safe_load(
        (ROOT / "tests" / "unit" / "quiz_banks" / "all_types.yaml").read_text(encoding="utf-8")
    )
    number = 0

    def plant(part, name=""):
        nonlocal number
        if isinstance(part, dict):
            return {key: plant(value, key) for key, value in part.items()}
        if isinstance(part, list):
            return [plant(value, name) for value in part]
        words = ("stem", "text", "feedback", "solution", "hints", "prompt", "match", "title",
                 "extra_matches", "reason_stem", "model_answer", "explanation", "claim", "section",
                 "feedback_incorrect")  # fmt: skip
        if name in words and isinstance(part, str) and "{{" not in part:
            number += 1
            return f"{number} {HOSTILE}"
        return part

    bank["items"] = [plant(item) for item in bank["items"]]
    for item in bank["items"]:
        if item["type"] == "short_text":
            item["wrong_texts"] = [{"text": ["x"], "feedback": HOSTILE}]
    bank["title"] = HOSTILE
    file = folder / "planted.yaml"
    file.write_text(yaml.safe_dump(bank, allow_unicode=True), encoding="utf-8")
    return read_bank(file)


@pytest.fixture
def bank(tmp_path, monkeypatch):
    found = SimpleNamespace(misconception=HOSTILE, correction=HOSTILE, source_keys=(), doi="")
    monkeypatch.setattr("secretome_edu.data.misconception", lambda id: found)
    return planted_bank(tmp_path)


def answered(bank):
    """A session in which every question was answered wrongly, helped and solved."""
    session = Session(bank.items, MemoryRecorder())
    for item in bank.items:
        public = session.public(item.id)
        first = (public.get("options") or public.get("steps") or [{"name": "a"}])[0]["name"]
        tries = ("x", HOSTILE, first, [first], {"text": HOSTILE, "met": []}, f"7 {SEEN}")
        for response in tries:
            session.answer(item.id, response)
        for _ in range(3):
            session.hint(item.id)
        session.solution(item.id)
    return session


def test_the_quiz_as_widget_as_text_and_as_feedback(tab, bank):
    session = answered(bank)
    widget = _rich()(session, HOSTILE)
    source = (ROOT / "secretome_edu" / "quiz" / "view.js").read_text(encoding="utf-8")
    traits = {name: getattr(widget, name) for name in ("title", "mode", "items", "states")}
    tab.evaluate(RENDER, [source, json.loads(json.dumps(traits))])
    assert tab.locator("form").count() == len(bank.items)
    harmless(tab)
    text = TextQuiz(session, HOSTILE)
    html = [text._repr_mimebundle_()["text/html"], widget.static_html()]
    html += [text.question(item.id).html for item in bank.items]
    html += [text.answer(item.id, f"1e3 {SEEN}").html for item in bank.items]
    html += [json.dumps(page_state(session.state(item.id))["feedback"]) for item in bank.items]
    tab.set_content("<body>" + "".join(html))
    harmless(tab)


def test_the_printable_quiz_and_its_key(tab, bank, tmp_path):
    export_banks([bank], "print").save(tmp_path / "quiz.html")
    for name in ("quiz.html", "quiz-key.html"):
        tab.goto((tmp_path / name).as_uri())
        harmless(tab)


def test_questions_from_other_systems(tab, tmp_path):
    """What a reader of a format lets through is as inert as what is typed into a bank."""

    def escaped(text):
        return "".join(f"\\{c}" if c in "~=#{}:\\" else c for c in text)

    for kind in ("html", "markdown", "plain", "moodle"):
        gift = f"::n::[{kind}]{escaped(HOSTILE)} {{=[{kind}]a{escaped(HOSTILE)} ~[{kind}]b}}"
        found = read_content(gift.encode(), "gift", "x", "f").bank
        tab.set_content(
            f"<body>{TextQuiz(Session(found.items), 'x')._repr_mimebundle_()['text/html']}"
        )
        harmless(tab, text="")


def test_an_exercise_its_hints_and_what_it_says(tab):
    exercise = Exercise(
        id="e1", lesson="l", objective="o.1", title=HOSTILE, prompt=HOSTILE,
        hints=(HOSTILE, HOSTILE), solution=HOSTILE, solution_code=HOSTILE,
        task=Task(lambda answer: HOSTILE, lambda: 1, {}),
        fields=(AnswerField("a", HOSTILE, "um"),),
    )  # fmt: skip
    session = ExerciseSession(exercise, MemoryRecorder())
    session.check({HOSTILE: 1})
    strange = session.status_html()
    session.check(f"1 {SEEN}")
    unread = session.status_html()
    session.check(7)
    session.hint(), session.hint(), session.solution()
    widget = _rich_class()(session)
    tab.evaluate(RENDER, [widget._esm, {"view": widget.view, "state": widget.state}])
    harmless(tab)
    tab.set_content(f"<body>{session.html()}{strange}{unread}")
    harmless(tab)


def test_words_of_the_field_sources_and_the_pages_of_a_lesson(tab, monkeypatch):
    monkeypatch.setattr("secretome_edu.data.glossary.cite", lambda key: SOURCE)
    monkeypatch.setattr("secretome_edu.data.define", lambda term: TERM)
    entry = (
        manifest()
        .ready()[5]
        .model_copy(
            update={
                "title": HOSTILE,
                "question": HOSTILE,
                "key_points": (HOSTILE,),
                "terms": ("x",),
            }
        )
    )
    shown = (cards.header(entry, HOSTILE).html, cards.closing(entry, HOSTILE).html, TERM.html,
             SOURCE.html)  # fmt: skip
    tab.set_content(f"<body>{''.join(shown)}")
    harmless(tab)


SOURCE = Citation("k", HOSTILE, HOSTILE + " https://x.example/\"><svg onload=window.hit=1>", "",
                  "https://x.example/\"><svg onload=window.hit=1>")  # fmt: skip
TERM = Definition(HOSTILE, HOSTILE + "\n```\n\n" + HOSTILE, (HOSTILE,), ("k",))


def test_the_report_on_a_class_and_its_table(tab, tmp_path):
    """Names of files, learners, lessons and versions, and the course's own words."""
    course = this_course()
    folder = tmp_path / "class"
    write_hand_ins(folder, simulate(course, 3, seed=1, start=datetime(2026, 9, 1, tzinfo=UTC)))
    first, second, *_ = sorted(folder.iterdir())
    lines = first.read_text(encoding="utf-8").splitlines()
    head = {**json.loads(lines[0]), "name": HOSTILE, "course": SEEN + "=cmd|' /C calc'!A0"}
    event = {**json.loads(lines[1]), "lesson": f"=1+1{SEEN}", "item": f"@{SEEN}"}
    own = [json.dumps(head), *lines[1:], json.dumps(event), json.dumps({"id": HOSTILE})]
    (folder / f"=cmd{SEEN}.jsonl").write_text("\n".join(own) + "\n", encoding="utf-8")
    (folder / f'+a;=cmd|"{SEEN}').write_text("no hand-in")
    learner = json.loads(second.read_text(encoding="utf-8").splitlines()[1])["learner"]
    with (tmp_path / "names.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["learner", "name"], [learner, HOSTILE], ["zz", f"-{HOSTILE}"]])
    planted = replace(
        course,
        objectives=dict.fromkeys(course.objectives, HOSTILE),
        beliefs={
            id: replace(held, misconception=HOSTILE, correction=HOSTILE)
            for id, held in course.beliefs.items()
        },
    )
    report = class_report(folder, course=planted, names=read_names(tmp_path / "names.csv"), now=NOW)
    written = page.write(report, tmp_path / "report.html")
    again = page_regrade.write(regrade(folder, now=NOW), tmp_path / "again.html")
    for shown, table in (written, again):
        tab.goto(shown.as_uri())
        harmless(tab, text=SEEN)
        for row in csv.reader(io.StringIO(table.read_text(encoding="utf-8"))):
            for cell in row:
                try:
                    float(cell)
                except ValueError:
                    assert not cell.lstrip(" ").startswith(tuple("=+-@\t\r\n＝＋－＠")), cell
                    assert ";=" not in cell


def test_the_report_to_a_learner(tab):
    facts = MisconceptionFacts(HOSTILE, HOSTILE, HOSTILE)
    assert facts.repair == HOSTILE
    table = report_view._Table(HOSTILE, (HOSTILE, HOSTILE), [(HOSTILE, HOSTILE)], HOSTILE)
    empty = report_view._Table(HOSTILE, (), [], HOSTILE)
    tab.set_content(f"<body>{table.html}{empty.html}")
    harmless(tab)


# -- the book ----------------------------------------------------------------------------------

# A picture from elsewhere stops the build (B07), so it cannot be looked at.
WORDS = " ".join(payload for payload in PAYLOADS if not payload.startswith("!["))


def notebook(path: Path, *outputs: str) -> Path:
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": [f"# A {WORDS}\n"]},
        {"cell_type": "markdown", "id": "b", "metadata": {},
         "source": [f"## B {SEEN}\n\n{WORDS}"]},
        *(
            {"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": ["1"],
             "execution_count": 1, "outputs": [
                 {"output_type": "display_data", "metadata": {}, "data": {"text/html": [html]}}]}
            for n, html in enumerate(outputs)
        ),
    ]  # fmt: skip
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "output",
    ["<script>window.hit=1</script>", "<p onclick='window.hit=1'>x</p>", "<svg onload=hit()>",
     "<a href=' java\nscript:window.hit=1'>x</a>", "<iframe srcdoc='x'></iframe>",
     "<base href='https://evil.example/'>", "<form action='https://evil.example/'>",
     "<![CDATA[><script>window.hit=1</script>]]>"],
)  # fmt: skip
def test_a_book_with_an_output_that_runs_something_is_not_built(tmp_path, monkeypatch, output):
    path = notebook(tmp_path / "03_planted.ipynb", output)
    chapter = pages.Chapter(path, "T", "Q", "P", "")
    monkeypatch.setattr(pages, "chapters", lambda folder: [chapter])
    monkeypatch.setattr("secretome_edu.authoring.site.checks._wrong_address", lambda a, n: "")
    with pytest.raises(SiteError, match="B11"):
        book.build(tmp_path / "site", tmp_path)


def test_the_book(tab, tmp_path, monkeypatch):
    """Title, question and words of a lesson, a term, a source."""
    path = notebook(tmp_path / "03_planted.ipynb", markup.to_html(HOSTILE))
    chapter = pages.Chapter(path, WORDS, WORDS, "P " + SEEN, "")
    term = {"term": TERM.term, "definition": TERM.definition}
    monkeypatch.setattr(pages, "chapters", lambda folder: [chapter])
    monkeypatch.setattr(pages, "PAPERS", ())
    monkeypatch.setattr(pages, "records", lambda name: (term,))
    monkeypatch.setattr(pages, "define", lambda name: TERM)
    monkeypatch.setattr("secretome_edu.data.glossary.cite", lambda key: SOURCE)
    monkeypatch.setattr(pages, "entries", lambda: ({"id": "k"},))
    monkeypatch.setattr(pages, "cite", lambda key: SOURCE)
    # What the checks would refuse is built here all the same, to see it in the browser.
    monkeypatch.setattr(book, "check_notebooks", lambda *given: [])
    monkeypatch.setattr(book, "check_pages", lambda site: [])
    monkeypatch.setattr(
        book, "_run_sphinx", lambda *given, run=book._run_sphinx: run(*given) and []
    )
    book.build(tmp_path / "site", tmp_path)
    for name in ("index", "03_planted", "live", "glossary", "references"):
        tab.goto((tmp_path / "site" / f"{name}.html").as_uri())
        harmless(tab, allowed="script[src], head script, body > script, nav script, header script")


@pytest.mark.parametrize(
    "payload", [SEEN, "<a href=javascript:window.hit=1>go</a>", "<b onfocus=1>"]
)
def test_the_look_is_not_blind(tab, payload):
    """The test of the test: what is not made harmless is found."""
    tab.set_content(f"<body>{payload}")
    with pytest.raises(AssertionError):
        harmless(tab, text="")
