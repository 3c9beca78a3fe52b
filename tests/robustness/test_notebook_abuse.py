"""Impatient learners: cells in any order, names overwritten, answers of every type, restarts.

No case may show a traceback that runs through the package or red text of ours. Errors that Python
itself raises in a learner's cell are theirs, with a hint on what to run again.
"""

from __future__ import annotations

import random
import re
import signal
import sys

import abuse
import pytest
from abuse import SLUGS, Learner, Seen, check, code_cells, from_our_code

from secretome_edu.course import memory
from secretome_edu.quiz.answers import trials

MODES = ["rich", "core", "text"]
FIRST = 'import secretome_edu as se\nlesson = se.lesson("{}")'
# Every lesson as text and in one of the two forms with widgets, in turn.
SHARED = [(s, "text") for s in SLUGS] + [(s, MODES[n % 2]) for n, s in enumerate(SLUGS)]
HINT = re.compile("Run the first cell of this lesson again|run the cells above first")
PICTURE = re.compile(r"lesson\.(figure|explore)|pictures\.|network\(")


@pytest.fixture(scope="module", autouse=True)
def shell():
    with abuse.notebook():
        yield


@pytest.fixture(autouse=True, params=MODES)
def mode(request, monkeypatch):
    monkeypatch.setenv("SECRETOME_EDU_UI", request.param)
    monkeypatch.setenv("SECRETOME_EDU_STORE", "memory:")
    abuse.without_drawing(monkeypatch)
    return request.param


# -- cells -----------------------------------------------------------------------------------------


def names(slug: str) -> list[int]:
    """Return the places of cells that make names others use, and of predictions."""
    return [
        place
        for place, cell in enumerate(code_cells(slug))
        if "import" in cell
        or re.search(r"^\w+ = (?!None)", cell, re.MULTILINE)
        or "predict(" in cell
    ]


def unexplained(tried: list[Seen]) -> list[str]:
    """Return errors in cells that use the lesson and came without a word on what to do."""
    lost = [s for s in tried if s.errors and re.search(r"\b(lesson|se)\.", s.cell)]
    theirs = [s for s in lost if isinstance(s.errors[0], (NameError, AttributeError, TypeError))]
    return [f"no hint: {s.errors[0]!r} in\n{s.cell}" for s in theirs if not HINT.search(s.out)]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_cell_twice(slug, record_property):
    cells = code_cells(slug)
    seen = Learner().run_all(cell for cell in cells for _ in range(2))
    check(seen, record_property, [repr(e) for s in seen for e in s.errors])


@pytest.mark.parametrize(("slug", "mode"), SHARED, indirect=["mode"])
def test_any_order(slug, mode, record_property):
    cells = list(code_cells(slug))
    orders = [cells[::-1]]
    for seed in range(2 if mode == "text" else 1):
        orders.append(random.Random(f"{slug}{seed}").sample(cells, len(cells)))
    seen: list[Seen] = []
    for order in orders:
        learner = Learner()
        here = learner.run_all(order)
        first = next(i for i, s in enumerate(here) if s.cell == cells[0])
        seen += here
        more = unexplained(here[first:])  # before that cell, Python has not met the package
    again = learner.run_all(cells)  # top to bottom, and all is well again
    more += [repr(e) for s in again for e in s.errors]
    check(seen + again, record_property, more)


@pytest.mark.parametrize(("slug", "mode"), SHARED, indirect=["mode"])
def test_a_cell_missing_or_moved_to_the_end(slug, mode, record_property):
    cells = list(code_cells(slug))
    places = names(slug) if mode == "text" else random.Random(slug).sample(names(slug)[1:], 1)
    seen: list[Seen] = []
    more: list[str] = []
    for place in places:
        learner = Learner()
        # Of the cells above it only what they make matters; they ran without it elsewhere.
        learner.run_all(cells[i] for i in names(slug) if i < place)
        after = learner.run_all([*cells[place + 1 :], cells[place]])
        more += unexplained(after) if place else []
        seen += after
    check(seen, record_property, more)


@pytest.mark.parametrize(("slug", "mode"), SHARED, indirect=["mode"])
def test_two_copies_of_every_quiz_and_exercise(slug, mode, record_property):
    """A cell was copied: what is answered in one copy counts once, whichever it was."""
    learner = Learner()
    seen = [learner.run(FIRST.format(slug))]
    here = learner["lesson"]
    problems = []
    for pool in ("prediction", "quiz", "part_quiz"):
        items = here.ids(pool)
        if not items:
            continue
        call = f"lesson.predict({items[0]!r})" if pool == "prediction" else f"lesson.{pool}()"
        copies = [learner.run(call) for _ in range(2)]
        seen += copies
        for number, id in enumerate(items[:1] if pool == "prediction" else items):
            quiz = copies[number % 2].value
            layout = quiz.session.layout(id)
            right = layout.to_public(trials(layout.item)[0].response)
            quiz.answer(id, right)
            copies[1 - number % 2].value.answer(id, right)
    for id, exercise in here.exercises.items():
        one, two = (here.check(id) for _ in range(2))
        one.session.check(next(iter(exercise.task.mistakes.values()))())
        two.session.check(exercise.task.reference())
        repr(one), repr(two)
    done, tasks = len(here.ids("quiz")), len(here.exercises)
    if f"{done} of {done} quiz questions and {tasks} of {tasks}" not in here.progress():
        problems.append(here.progress())
    seen += learner.run_all(code_cells(slug))  # shown again, answered as they are
    problems += [repr(e) for s in seen for e in s.errors]
    check(seen, record_property, problems)


# -- names -----------------------------------------------------------------------------------------

OVERWRITTEN = {
    "se = 3": HINT, "lesson = None": HINT, "lesson = 'growing_vessels'": HINT, "del lesson": HINT,
    "lesson = se.lesson": HINT, "del se": HINT, "se = lesson = float('nan')": HINT,
    "import numpy as se": HINT, "lesson = [lesson]": HINT, "lesson = lesson.quiz()": HINT,
    "se = se.load('factors')": HINT, "%reset -f": HINT, "print = len = list = sum = 0": None,
    "lesson = se.lesson('start_here')": None, "del sys.modules['secretome_edu']": None,
    "import importlib; importlib.reload(se)": None, "import gc; gc.collect()": None,
}  # fmt: skip


@pytest.fixture
def package_kept(monkeypatch):
    """Put back what a reload replaces."""
    monkeypatch.setitem(sys.modules, "secretome_edu", sys.modules["secretome_edu"])


@pytest.mark.usefixtures("package_kept")
@pytest.mark.parametrize("mode", ["text"], indirect=True)
@pytest.mark.parametrize("crime", OVERWRITTEN)
def test_names_overwritten_after_the_first_cell(crime, mode, record_property):
    seen: list[Seen] = []
    more: list[str] = []
    place = list(OVERWRITTEN).index(crime)
    for slug in SLUGS[place % 4 :: 4]:  # every lesson meets four or five of them
        cells = code_cells(slug)
        learner = Learner()
        learner.run_all([cells[0], "import sys", crime])
        rest = learner.run_all(cell for cell in cells[1:] if not PICTURE.search(cell))
        more += unexplained(rest) if OVERWRITTEN[crime] else []
        again = learner.run_all([cells[0], "lesson.quiz()", "lesson.close()"])
        more += [f"{e!r} after {crime}" for s in again for e in s.errors]
        seen += rest + again
    check(seen, record_property, more)


# -- answers ---------------------------------------------------------------------------------------

HOSTILE = """
import decimal, fractions, itertools, math, sys, types
import numpy as np, pandas as pd

class Bad(Exception):
    def __str__(self): raise RuntimeError("no words")
    __repr__ = __str__

class Silent:
    def __repr__(self): raise RuntimeError("no words")
    __str__ = __repr__

class Unequal:
    def __eq__(self, other): raise RuntimeError("incomparable")
    __hash__ = None

class Liar:
    __class__ = property(lambda self: 1 / 0)

class Nosy:
    def __getattribute__(self, name): raise RuntimeError(name)

class Deep:
    def __getattr__(self, name): return Deep()

class Number(float):
    def __str__(self): raise RuntimeError("no words")
    __repr__ = __str__

class Broken(dict):
    def __iter__(self): raise RuntimeError("no keys")
    keys = items = values = get = __getitem__ = __iter__

class Trap:
    def __float__(self): raise SystemExit(3)
    def __bool__(self): raise KeyError("neither")
    def __len__(self): return -1
    def __hash__(self): raise TypeError("no hash")

class Stop(BaseException): pass

def raising(error):
    def function(*_, **__): raise error
    return function

def endless():
    while True: yield 1

loop = []; loop.append(loop)
table = {}; table["me"] = table
"""
ANSWERS = [
    "None", "...", "True", "False", "0", "-1", "3", "10**400", "10**6000", "-0.0", "2.5", "1e308",
    "float('nan')", "float('inf')", "1j", "''", "'  '", "'abc'", "'1,5'", "'1.5 mg'", "'x' * 10**6",
    "'9' * 10**6", "'(' * 10**5", "'\\x00\\ud800'", "'\\u202e1'", "'<script>alert(1)</script>'",
    "b'12'", "bytearray(b'1')", "memoryview(b'1')", "[]", "[1, 2]", "loop", "()", "(1,)", "{}",
    "{'a': 1}", "table", "{1: 2}", "{None: None}", "{'': ''}", "set()", "{1}", "frozenset()",
    "range(3)", "slice(1)", "object()", "object", "type", "int", "Bad", "Bad()", "ValueError('x')",
    "Silent()", "{Silent(): 1}", "[Silent()]", "Unequal()", "[Unequal()]", "Liar()", "Nosy()",
    "Deep()", "Number(3)", "Broken()", "Broken(a=1)", "Trap()", "[Trap()]", "endless()", "endless",
    "itertools.count()", "iter([])", "(x for x in ())", "lambda: 1", "lambda *a: None",
    "lambda *a: Silent()", "lambda *a: loop", "lambda *a: a", "raising(Bad())",
    "raising(RecursionError())", "raising(StopIteration())", "raising(SystemExit(1))",
    "raising(Stop())", "raising(GeneratorExit())", "raising(MemoryError())", "print", "exit", "sys",
    "types.SimpleNamespace(a=1)", "np.nan", "np.float64(1)", "np.array(1.0)",
    "np.array([1.0, 2.0])", "np.zeros((0, 3))", "np.array([None, 'a'], dtype=object)",
    "np.ma.masked",
    "np.datetime64('NaT')", "np.array(['a'])", "pd.Series([1.0, 2.0])", "pd.NA", "pd.NaT",
    "pd.DataFrame({'a': [1]})", "pd.DataFrame()", "pd.Timestamp(0)", "decimal.Decimal('sNaN')",
    "decimal.Decimal('1e999999')", "fractions.Fraction(10**6000, 10**5999)", "NotImplemented",
    "se", "lesson", "lesson.check", "lesson.quiz()", "se.load('factors')", "lesson.entry",
]  # fmt: skip


@pytest.mark.parametrize(("slug", "mode"), SHARED, indirect=["mode"])
def test_answers_of_every_type(slug, mode, record_property):
    learner = Learner()
    learner.run_all([FIRST.format(slug), HOSTILE])
    exercises = learner["lesson"].exercises
    # Text shows what all forms judge: there one exercise of each lesson gets every answer.
    seen: list[Seen] = []
    more: list[str] = []
    for place, (id, exercise) in enumerate(exercises.items()):
        part = ANSWERS if mode == "text" and not place else ANSWERS[MODES.index(mode) :: 5]
        for answer in part:
            seen.append(learner.run(f"answer = {answer}\nlesson.check({id!r}, answer)"))
            box = exercise.fields[-1].name if exercise.fields else ""
            if box and place == 0:
                right = exercise.task.reference()
                right = right if isinstance(right, dict) else {box: right}
                cell = f"answer = {{**{right!r}, {box!r}: {answer}}}\nlesson.check({id!r}, answer)"
                seen.append(learner.run(cell))
    more += [f"{e!r:.100} in {s.cell}" for s in seen for e in s.errors if not from_our_code(e)]
    check(seen, record_property, more)
    after = learner.run(f"lesson.check({id!r}, None)\nlesson.close()")
    assert not after.errors


# -- calls -----------------------------------------------------------------------------------------

STRANGE = ["None", "3", "-1.5", "''", "'nobody'", "b'x'", "[]", "{}", "loop", "Silent()",
           "print", "'x' * 10**5", "float('nan')", "se", "'\\ud800'"]  # fmt: skip
CALLS = [
    "se.lesson({})", "se.load({})", "se.describe({})", "se.cite({})", "se.bibliography({})",
    "se.define({})", "se.misconception({})", "se.model_card({})", "se.explore({})",
    "se.explore('reach', nobody={})", "se.show({})", "se.review({})",
    "se.export_progress({})", "se.import_progress({})", "lesson.warmup({})", "lesson.predict({})",
    "lesson.explain({})", "lesson.explore({})", "lesson.explore('reach', nobody={})",
    "lesson.figure({})", "lesson.check({})", "lesson.check('e1', {})", "lesson.hint({})",
    "lesson.solution({})", "lesson.ids({})", "lesson.plan({})", "getattr(se, str({}))",
    "getattr(lesson, str({}))",
]  # fmt: skip
WORDS = [
    "lesson.chek('e1')",
    "lesson.Quiz()",
    "se.lessons('x')",
    "se.quiz()",
    "lesson.hint",
    "lesson.check",
    "se.explore",
    "se",
    "lesson.quiz(3).x",
    "se.lesson",
    "lesson.warmup('2')",
]


@pytest.mark.parametrize("mode", ["text"], indirect=True)
@pytest.mark.parametrize("call", [*CALLS, *WORDS])
def test_the_public_face_called_with_anything(call, mode, record_property, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    learner = Learner()
    learner.run_all([FIRST.format("paracrine_reach"), HOSTILE])
    strange = STRANGE if "{}" in call else [""]
    check([learner.run(call.replace("{}", one)) for one in strange], record_property)


# -- restarts --------------------------------------------------------------------------------------

ANSWER = """
quiz = lesson.quiz()
from secretome_edu.quiz.answers import trials
for id in quiz.session.ids[:2]:
    layout = quiz.session.layout(id)
    quiz.answer(id, layout.to_public(trials(layout.item)[0].response))
"""


@pytest.mark.parametrize("mode", ["text"], indirect=True)
@pytest.mark.parametrize("slug", SLUGS)
def test_a_restart_in_the_middle(slug, mode, record_property, monkeypatch, tmp_path):
    """The middle comes first, then the first cell, then all; what was answered is still there."""
    monkeypatch.setenv("SECRETOME_EDU_STORE", f"sqlite:///{tmp_path}/p.db")
    cells = [cell for cell in code_cells(slug) if not PICTURE.search(cell)]
    half = len(cells) // 2
    before = Learner()
    seen = before.run_all([*cells[:half], ANSWER])
    memory.store().close()
    after = Learner()
    start = after.run_all(cells[half : half + 1])
    again = after.run_all([cells[0], *cells[1:half], *cells[half:]])
    more = [repr(e) for s in again for e in s.errors]
    if "2 of " not in after["lesson"].progress():
        more.append(after["lesson"].progress())
    check(seen + start + again, record_property, more)


@pytest.mark.parametrize("mode", ["rich"], indirect=True)
def test_a_real_kernel_killed_in_the_middle_of_lesson_09(
    mode, record_property, monkeypatch, tmp_path
):
    """Started at lesson 09 without the others; Jupyter's own kernel, as a learner has it."""
    from jupyter_client.manager import start_new_kernel

    monkeypatch.setenv("SECRETOME_EDU_STORE", f"sqlite:///{tmp_path}/p.db")
    monkeypatch.setenv("PYTHONPATH", str(abuse.ROOT))
    cells = [cell for cell in code_cells("growing_vessels") if not PICTURE.search(cell)]
    half = len(cells) // 2
    said: list[str] = []

    def kernel(*given: str) -> list[str]:
        manager, client = start_new_kernel(kernel_name="python3")
        failed = []
        try:
            for cell in given:
                reply = client.execute_interactive(
                    cell, timeout=120, output_hook=lambda m: said.append(str(m["content"]))
                )
                if reply["content"]["status"] != "ok":
                    failed.append(f"{reply['content']['ename']} in {cell}")
        finally:
            client.stop_channels()
            manager.signal_kernel(signal.SIGKILL)
            manager.cleanup_resources()
        return failed

    assert kernel(*cells[:half], ANSWER) == []
    said.clear()
    # A cell of the middle first: Python has not met the package and says so itself.
    failed = kernel("lesson.quiz()", *cells, "lesson = None", "lesson.quiz()", cells[0], cells[-1])
    assert failed == ["NameError in lesson.quiz()", "AttributeError in lesson.quiz()"]
    assert any(HINT.search(words) for words in said)
    assert any("2 of 8 quiz questions" in words for words in said)
    record_property("tried", half + len(cells) + 6)
