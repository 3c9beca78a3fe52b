"""Old and broken machines: a sitting at a lesson goes on; answers are kept, or it is said.

Each case is a process of its own. The disk is filled with a limit on the size of files rather than
a small file system, because mounting one needs root; `progress_stress.py full` does that. Locales
are made by `localedef` where their sources are installed; elsewhere their names stand for nothing,
which is a fault of its own. The clock is handed in, so no library has to fake it.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from secretome_edu.progress.place import sqlite_url
from secretome_edu.progress.review import due
from secretome_edu.progress.store import open_store

ROOT = Path(__file__).parents[2]

SITTING = r"""
import json, os, sys

def offline(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo") and isinstance(arguments[-1], tuple):
        raise ConnectionError(f"a lesson asked for {arguments}")

sys.addaudithook(offline)

import secretome_edu as se
from secretome_edu.course import memory
from secretome_edu.quiz.answers import trials
from secretome_edu.ui.messages import CourseError

def sit():
    def show(thing):
        bundle = thing._repr_mimebundle_()
        assert (bundle[0] if isinstance(bundle, tuple) else bundle)["text/html"]
        return thing

    lesson = se.lesson("paracrine_reach")
    show(lesson), show(lesson.warmup())
    guess = show(lesson.predict("p1"))
    guess.answer("p1", guess.session.layout("p1").public()["options"][0]["name"])
    assert repr(show(lesson.explain("p1"))).startswith("You predicted")
    show(lesson.explore("reach")).set(cells=500)
    show(lesson.figure("ladder"))
    task = lesson.exercises["e1"]
    show(lesson.check("e1", task.task.reference()))
    quiz = show(lesson.quiz())
    for id in quiz.session.ids[:3]:
        layout = quiz.session.layout(id)
        quiz.answer(id, layout.to_public(trials(layout.item)[0].response))
    show(lesson.close())
    for path in sys.argv[1:]:
        try:
            print(se.export_progress(path))
        except CourseError as sentence:
            print(sentence)
    store = memory.store()
    print(json.dumps({
        "progress": lesson.progress(), "notice": store.notice, "events": len(store.events()),
        "broken": len(store.verify()),
    }))

def become_nobody():
    # Root may write anywhere, and this user has no entry that names a home. The user may not
    # reach Python's own files either, so all of them are loaded first.
    os.environ["SECRETOME_EDU_STORE"] = "memory:"
    sit()
    del os.environ["SECRETOME_EDU_STORE"]
    memory.store.cache_clear()
    if os.getuid() == 0:
        os.setgid(60123); os.setuid(60123)
"""
HERE = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
DONE = "3 of 8 quiz questions and 1 of 3 exercises right so far."


@pytest.fixture(scope="module", autouse=True)
def fonts_listed(tmp_path_factory):
    """Let matplotlib list the fonts of this machine once, not in every process."""
    folder = tmp_path_factory.mktemp("fonts")
    folder.chmod(0o777)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(HERE, "MPLCONFIGDIR", str(folder))
        yield


def run(code: str, *words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python with nothing but the given environment."""
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, words)], capture_output=True, cwd=ROOT,
        encoding="utf-8", errors="backslashreplace", env={**HERE, **environment}, timeout=300,
    )  # fmt: skip


def sitting(*words: object, before: str = "", how: str = "sit()", **environment: str) -> dict:
    """Sit at a lesson in a process of its own; return what it said at the end."""
    result = run(f"{before}\n{SITTING}\n{how}", *words, **environment)
    assert result.returncode == 0, result.stderr[-2000:]
    said = json.loads(result.stdout.splitlines()[-1])
    said["stderr"] = result.stderr
    said["out"] = result.stdout
    return said


@pytest.fixture
def home():
    """A home folder that a user without privileges reaches; pytest closes its own to them."""
    with tempfile.TemporaryDirectory(prefix="secretome-edu-") as name:
        Path(name).chmod(0o755)
        folder = Path(name) / "home"
        folder.mkdir()
        folder.chmod(0o777)
        yield folder
        for path in [folder, *folder.rglob("*")]:
            if path.is_dir():
                path.chmod(0o777)


def stored(home: Path) -> Path:
    found = list(home.rglob("progress.db"))
    assert len(found) == 1, found
    return found[0]


# -- machines on which all must be as ever ---------------------------------------------------------

ASCII_ONLY = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
PROXIES = dict.fromkeys(
    ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"),
    "http://192.0.2.1:9",
)
LOCALE = "import locale, contextlib\nwith contextlib.suppress(locale.Error):\n    locale.setlocale("
SMALL_STACK = "import threading; threading.stack_size(2**20); t = threading.Thread(target=sit); "
NO_FONTS = """
import matplotlib, matplotlib.font_manager as fonts
fonts.findSystemFonts = lambda *a, **k: []
own = matplotlib.get_data_path()  # the fonts matplotlib brings; nothing draws without them
known = fonts.fontManager
known.ttflist[:] = [font for font in known.ttflist if font.fname.startswith(own)]
"""
DECIMAL_COMMA = """
import locale
comma = {**locale.localeconv(), "decimal_point": ",", "thousands_sep": ".", "grouping": [3, 3, 0]}
locale.localeconv = lambda: comma
import matplotlib; matplotlib.rcParams["axes.formatter.use_locale"] = True
"""
MACHINES = {
    "nothing is wrong": {},
    "no UTF-8: C": {"LC_ALL": "C", **ASCII_ONLY},
    "no UTF-8: POSIX": {"LANG": "POSIX", **ASCII_ONLY},
    "a locale that is not installed": {"LC_ALL": "xx_YY.UTF-8"},
    "German": {"LC_ALL": "de_DE.UTF-8", "before": f"{LOCALE}locale.LC_ALL, '')"},
    "Turkish": {"LC_ALL": "tr_TR.UTF-8", "before": f"{LOCALE}locale.LC_ALL, '')"},
    "a decimal comma": {"before": DECIMAL_COMMA},
    "ahead of all others": {"TZ": "Pacific/Kiritimati"},
    "a time zone of half hours": {"TZ": "America/St_Johns"},
    "a time zone that is none": {"TZ": "Nowhere/At_all"},
    "proxies that do not answer": PROXIES,
    "no folder for what is passing": {"TMPDIR": "/nonexistent"},
    "nobody else may read": {"before": "import os; os.umask(0o077)"},
    "no fonts": {"before": NO_FONTS},
    "a thread with 1 MB stack": {"how": f"{SMALL_STACK}t.start(); t.join()"},
    "a folder that is gone": {
        "before": "import os, tempfile; os.chdir(tempfile.mkdtemp()); os.rmdir(os.getcwd())"
    },
    "no assertions": {"PYTHONOPTIMIZE": "2"},
}


@pytest.fixture(scope="module")
def locales(tmp_path_factory):
    """Return a folder with German and Turkish, empty where they cannot be made."""
    folder = tmp_path_factory.mktemp("locales")
    if shutil.which("localedef") and Path("/usr/share/i18n/locales/de_DE").exists():
        for name in ("de_DE", "tr_TR"):
            command = ["localedef", "-i", name, "-f", "UTF-8", str(folder / f"{name}.UTF-8")]
            subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("machine", MACHINES)
def test_a_sitting_is_as_ever_and_kept(machine, home, locales, record_property):
    record_property("tried", 1)
    given = {"HOME": str(home), "LOCPATH": str(locales), **MACHINES[machine]}
    said = sitting(**given)
    assert said["progress"] == DONE
    assert (said["notice"], said["broken"]) == ("", 0)
    assert said["events"] == 5
    assert not [line for line in said["stderr"].splitlines() if "findfont" not in line]
    kept = open_store(f"sqlite:///{stored(home)}")  # by this process, on a machine that is well
    assert [e.kind for e in kept.events()] == ["answered"] * 5
    assert kept.verify() == []
    kept.close()
    if machine == "nobody else may read":
        assert stat.S_IMODE(stored(home).stat().st_mode) & 0o077 == 0


@pytest.mark.parametrize(
    "name", ["with spaces and Ümläuts ßø", "x" * 200, "per%20cent?and=#hash", 'quote\'s "two"']
)
def test_a_home_with_an_odd_name(name, home, record_property):
    record_property("tried", 1)
    odd = home / name
    said = sitting(
        home / name / "handed in.jsonl", HOME=str(odd), before=f"import os; os.mkdir({str(odd)!r})"
    )
    assert (said["progress"], said["notice"], said["stderr"]) == (DONE, "", "")
    assert "Wrote 5 entries" in said["out"]
    assert len(open_store(sqlite_url(stored(odd))).events()) == 5
    again = sitting(HOME=str(odd))
    assert again["events"] == 7  # what is right is not asked again


def test_a_stack_of_1_mb(home, record_property):
    record_property("tried", 1)
    code = f"{SITTING}\nsit()"
    result = subprocess.run(
        ["sh", "-c", 'ulimit -s 1024 && exec "$0" "$@"', sys.executable, "-c", code],
        capture_output=True, text=True, cwd=ROOT, env={**HERE, "HOME": str(home)}, timeout=300,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr[-2000:]
    assert json.loads(result.stdout.splitlines()[-1])["progress"] == DONE


@pytest.mark.parametrize("words", [["course"], ["progress"], ["quiz", "paracrine_reach"]])
def test_the_commands_in_a_terminal_without_utf_8(words, home, record_property):
    record_property("tried", 1)
    result = subprocess.run(
        [sys.executable, "-m", "secretome_edu.cli", *words], input=b"a\n" * 60, cwd=ROOT,
        capture_output=True, env={**HERE, **ASCII_ONLY, "LC_ALL": "C", "HOME": str(home)},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr[-2000:]
    assert b"Traceback" not in result.stderr
    result.stdout.decode("ascii")


# -- places that cannot keep anything --------------------------------------------------------------

NOBODY = "import platformdirs.unix; from secretome_edu.progress import sql; become_nobody(); sit()"
FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))
"""


def test_a_read_only_home(home, record_property):
    record_property("tried", 1)
    home.chmod(0o555)
    said = sitting(HOME=str(home), how=NOBODY)
    assert said["progress"] == DONE
    assert "read-only" in said["notice"]
    assert said["out"].count("for this run only") == 2, "said once to the learner, once in the end"
    assert list(home.iterdir()) == []


def test_a_home_that_is_not_there(record_property):
    record_property("tried", 1)
    said = sitting(HOME="/nonexistent/anywhere", how=NOBODY)
    assert (said["progress"], said["broken"]) == (DONE, 0)
    assert "for this run only" in said["notice"]


def test_no_home(record_property):
    record_property("tried", 1)
    said = sitting(HOME="", how=NOBODY)
    assert (said["progress"], said["broken"]) == (DONE, 0)
    assert "for this run only" in said["notice"] or os.getuid() != 0  # their own is found


def test_a_home_that_is_a_file(home, record_property):
    record_property("tried", 1)
    (home / "file").write_text("")
    said = sitting(HOME=str(home / "file"))
    assert said["progress"] == DONE
    assert "for this run only" in said["notice"]


@pytest.mark.parametrize("left_bytes", [0, 1, 4096, 20_000])
def test_a_full_disk(left_bytes, home, record_property):
    record_property("tried", 1)
    said = sitting(home / "out.jsonl", HOME=str(home), before=FULL.format(left_bytes))
    assert said["progress"] == DONE
    if " is kept in " in said["notice"]:  # a line needs less room than a database
        beside = next(home.rglob("progress.db.jsonl"))
        assert len(open_store(f"jsonl:{beside}").events()) == 5
    else:
        assert "for this run only" in said["notice"]
    if not left_bytes:
        assert "is full" in said["out"], "for the hand-in"


def test_a_disk_that_fills_and_has_room_again(home, record_property):
    """What was answered meanwhile is written then, and nothing before it is harmed."""
    record_property("tried", 1)
    sitting(HOME=str(home))
    how = """
from secretome_edu.progress import keeping
keeping.RETRY_SECONDS = 0
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
memory.store()
resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))
sit()
assert "for this run only" in memory.store().notice, memory.store().notice
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
sit()
"""
    said = sitting(HOME=str(home), how=how)
    assert said["notice"] == "Your progress is saved again; nothing was lost."
    assert (said["events"], said["broken"]) == (9, 0)  # what is right is not asked again
    assert len(open_store(f"sqlite:///{stored(home)}").events()) == 9


def test_a_place_that_is_no_ordinary_file(tmp_path, record_property):
    """A device or a pipe is not replaced, not even by root."""
    record_property("tried", 1)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    store = open_store(f"jsonl:{pipe}")
    store.append("answered", item="q1")
    assert "for this run only" in store.notice
    assert stat.S_ISFIFO(pipe.stat().st_mode)


# -- a kernel that is killed while it saves --------------------------------------------------------

WRITER = (
    SITTING
    + r"""
import signal
lesson = se.lesson("paracrine_reach")
quiz = lesson.quiz()
answers = {id: quiz.session.layout(id).to_public(trials(quiz.session.layout(id).item)[0].response)
           for id in quiz.session.ids}
memory.store().close()
for pause in json.loads(sys.argv[1]):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:  # a kernel of its own, that answers until it is killed
        memory.store.cache_clear()
        quiz = se.lesson("paracrine_reach").quiz()
        while True:
            for id, answer in answers.items():
                quiz.again(id)
                quiz.answer(id, answer)
                line = b"%s\n" % memory.store().events()[-1].id.encode()
                os.write(1, line), os.write(write, line)
    os.close(write)
    assert os.read(read, 1), "it ended by itself"  # else its first answer is kept
    os.close(read)
    import time; time.sleep(pause)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
"""
)


@pytest.mark.parametrize("kind", ["sqlite:///", "jsonl:"])
def test_a_kernel_killed_while_it_saves(kind, tmp_path, record_property):
    chance = random.Random(kind)
    pauses = [chance.uniform(0, 0.2) for _ in range(10)]
    record_property("tried", len(pauses))
    url = f"{kind}{tmp_path}/p"
    result = run(WRITER, json.dumps(pauses), HOME=str(tmp_path), SECRETOME_EDU_STORE=url)
    assert result.returncode == 0, result.stderr[-2000:]
    acknowledged = set(result.stdout.split())
    store = open_store(url)
    found = {event.id for event in store.events()}
    assert len(acknowledged) >= len(pauses)
    assert acknowledged <= found
    # An answer and a fresh start may have been on their way at each kill.
    assert sum(e.kind == "answered" for e in store.events()) <= len(acknowledged) + len(pauses)
    assert store.verify() == []
    assert not store.notice or "cut off" in store.notice


# -- clocks ----------------------------------------------------------------------------------------

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANSWER = {"lesson": "units", "state": "incorrect", "score": 0.0, "max_score": 1.0}


@pytest.mark.parametrize("kind", ["memory:", "sqlite:///{}/p.db", "jsonl:{}/p.jsonl"])
@pytest.mark.parametrize(
    "wrong",
    [
        datetime(1970, 1, 1, tzinfo=UTC), datetime(1969, 7, 20, tzinfo=UTC),
        datetime(2000, 2, 29, tzinfo=UTC), NOON - timedelta(hours=1), NOON + timedelta(hours=1),
        datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC),
        datetime(2300, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
    ],
    ids=str,
)  # fmt: skip
def test_a_clock_that_was_wrong_for_a_while(wrong, kind, tmp_path, record_property):
    """Every answer is there in the order given, and every question returns for review."""
    record_property("tried", 1)
    times = [NOON, NOON + timedelta(minutes=1), wrong, wrong, NOON + timedelta(minutes=2)]
    ticks = iter(times)
    store = open_store(kind.format(tmp_path), clock=lambda: next(ticks))
    for place in range(len(times)):
        store.append("answered", item=f"q{place}", **ANSWER)
    for reopened in [store, *([open_store(kind.format(tmp_path))] if kind != "memory:" else [])]:
        events = reopened.events()
        assert [e.item for e in events] == [f"q{n}" for n in range(len(times))]
        assert reopened.verify() == []
        assert reopened.notice == ""
        soon = due(events, NOON + timedelta(days=3))
        assert {d.item for d in soon} == {e.item for e in events}


EDGES = [  # of Berlin in spring and in fall, Lord Howe, New York
    datetime(2026, month, day, hour, tzinfo=UTC)
    for month, day, hour in ((3, 29, 1), (10, 25, 1), (4, 4, 15), (3, 8, 7))
]
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata"]


@pytest.mark.parametrize("zone", ZONES)
def test_answers_around_a_change_to_summer_time_and_back(zone, monkeypatch, record_property):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        for edge in EDGES:
            every = [edge + timedelta(minutes=m) for m in range(-150, 151, 10)]
            for local in (ZoneInfo(zone), None):  # a zone, and whatever this machine says
                ticks = iter([instant.astimezone(local) for instant in every])
                store = open_store("memory:", clock=partial(next, ticks))
                for place in range(len(every)):
                    store.append("answered", item=f"q{place}", **ANSWER)
                assert [e.when for e in store.events()] == every
                assert [e.item for e in store.events()] == [f"q{n}" for n in range(len(every))]
                now = edge + timedelta(days=2)
                there = [d.item for d in due(store.events(), now.astimezone(local))]
                assert there == [d.item for d in due(store.events(), now)]
                assert len(there) == len(every)
    finally:
        monkeypatch.undo()
        time.tzset()
    record_property("tried", 8)
