"""Twenty learners through a real Hub: nothing lost, nobody in another one's answers.

JupyterHub with its proxy, the class service and PostgreSQL are started for real; each learner's
kernel answers the closing quiz of a lesson while the service is killed once.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import urllib.error
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))
from progress_postgres import programs, temporary_server
from rehearsal import hub, programs_missing

COUNT = int(os.environ.get("SECRETOME_EDU_HUB_USERS", "20"))
LEARNERS = [f"learner{n:02d}" for n in range(COUNT)]
MISSING = programs_missing() or ("" if programs() else "PostgreSQL")
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {MISSING}")

# What one learner does: open the lesson, answer each question of the closing quiz, wrong and right.
ANSWER = """
import json, os, time
import secretome_edu as se
from secretome_edu.course.memory import store
started = time.perf_counter()
lesson = se.lesson("paracrine_reach")
quiz = lesson.quiz()
seconds = []
for _ in range(2):
    for id in quiz.session.ids:
        public = quiz.session.layout(id).public()
        options = [option["name"] for option in public.get("options", [])]
        answer = options[len(seconds) % len(options)] if options else "1"
        before = time.perf_counter()
        quiz.answer(id, answer)
        seconds.append(time.perf_counter() - before)
mine = store()
said = json.dumps({
    "opened_s": before - started, "seconds": seconds, "notice": mine.notice,
    "token": os.environ["JUPYTERHUB_API_TOKEN"], "learner": mine.learner,
    "delivered": mine.delivered(90), "hashes": [event.hash for event in mine.events()],
})
"""


@pytest.fixture(scope="module")
def rehearsal():
    with temporary_server() as database, hub(database.url) as here:
        yield here


@pytest.fixture(scope="module")
def answered(rehearsal):
    """What each learner's kernel says after answering; the service dies in the middle."""

    door = asyncio.Semaphore(4)

    async def enter(name):
        async with door:  # kernels that all start at once on two cores outwait each other
            return await rehearsal.connect(name)

    async def everybody():
        links = await asyncio.gather(*map(enter, LEARNERS))
        runs = [asyncio.ensure_future(rehearsal.run(link, ANSWER)) for link in links]
        while not any(run.done() for run in runs):
            await asyncio.sleep(0.2)
        rehearsal.kill_service()
        return await asyncio.gather(*runs)

    seconds = rehearsal.start(LEARNERS)
    said = [json.loads(text) for text in asyncio.run(everybody())]
    answers = [second for one in said for second in one["seconds"]]
    print(
        f"\n{len(LEARNERS)} servers started in {seconds:.0f} s; an answer was kept in a median of "
        f"{1e3 * statistics.median(answers):.0f} ms (slowest {1e3 * max(answers):.0f} ms); "
        f"{kernel_mebibytes()} MiB a kernel (median, proportional set size)"
    )
    return dict(zip(LEARNERS, said, strict=True))


def kernel_mebibytes() -> str:
    sizes = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"ipykernel_launcher" in (process / "cmdline").read_bytes():
                words = (process / "smaps_rollup").read_text().split()
                sizes.append(int(words[words.index("Pss:") + 1]) / 1024)
        except OSError:
            continue
    return f"{statistics.median(sizes):.0f}" if sizes else "unknown"


def events(rehearsal, token):
    lines = rehearsal.ask(rehearsal.service + "/events", token=token, text=True).splitlines()
    return [json.loads(line) for line in lines]


def test_every_answer_of_every_learner_reaches_the_class_once(rehearsal, answered):
    for name, said in answered.items():
        assert said["delivered"], (name, said["notice"])
        there = Counter(event["hash"] for event in events(rehearsal, said["token"]))
        assert there == Counter(said["hashes"]), name
        assert len(said["hashes"]) > 5, "the quiz was not answered"


def test_a_learner_reads_and_writes_only_their_own_events(rehearsal, answered):
    ada, bob = (answered[name] for name in LEARNERS[:2])
    hers, his = events(rehearsal, ada["token"]), events(rehearsal, bob["token"])
    assert {event["learner"] for event in hers} == {ada["learner"]}
    assert {event["learner"] for event in his} == {bob["learner"]}
    # Ada sends a copy of what Bob did, and something new in his name.
    forged = {**his[-1], "id": "f" * 32, "seq": his[-1]["seq"] + 1, "hash": "0" * 64}
    body = "".join(json.dumps(event) + "\n" for event in (his[-1], forged)).encode()
    answer = rehearsal.ask(rehearsal.service + "/events", "POST", body, ada["token"])
    assert answer["added"] == 0
    assert answer["refused"] == 2
    assert "another learner" in " ".join(answer["messages"])
    assert answer["kept"] == []
    assert events(rehearsal, bob["token"]) == his
    assert events(rehearsal, ada["token"]) == hers


def test_only_an_instructor_reads_the_report(rehearsal, answered):
    token = answered[LEARNERS[0]]["token"]
    page = rehearsal.ask(rehearsal.service + "/", token=token, text=True)
    assert "for instructors" in page
    assert answered[LEARNERS[1]]["learner"] not in page
    with pytest.raises(urllib.error.HTTPError) as refused:
        rehearsal.ask(rehearsal.service + "/events", token="0" * 32)
    assert refused.value.code == 403
    made = rehearsal.ask(
        "/hub/api/users/instructor/tokens", "POST",
        {"scopes": ["custom:secretome:report", "access:services!service=secretome"]},
    )  # fmt: skip
    report = rehearsal.ask(rehearsal.service + "/", token=made["token"], text=True)
    assert f"{len(LEARNERS)} learners" in report


def test_what_a_learner_deletes_is_gone_from_the_class_too(rehearsal, answered):
    ada, bob = (answered[name] for name in LEARNERS[-2:])
    his = events(rehearsal, bob["token"])
    code = "import secretome_edu as se; from secretome_edu.course.memory import store\n"
    code += "said = str(store().delete_all())"

    async def delete():
        return await rehearsal.run(await rehearsal.connect(LEARNERS[-2]), code)

    assert int(asyncio.run(delete())) == len(ada["hashes"])
    assert events(rehearsal, ada["token"]) == []
    assert events(rehearsal, bob["token"]) == his
