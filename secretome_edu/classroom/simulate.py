"""Classes that do not exist, to try a report on: seeded, so the same class comes again.

A simulated learner has an ability and holds some misconceptions; questions have a difficulty and a
discrimination (the two-parameter logistic model, Birnbaum 1968, with blind guessing below it). A
wrong answer prefers an option that stands for a misconception the learner holds. Learners come at
their own pace, skip questions, open hints, try again after feedback, come back to review, and some
stop. All numbers here are illustrative.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from secretome_edu import __version__
from secretome_edu.classroom.course_facts import CourseFacts
from secretome_edu.progress.answers import Key
from secretome_edu.progress.events import START, Event, Tail, canonical, plain
from secretome_edu.quiz.answers import Trial, trials
from secretome_edu.quiz.grading import grade
from secretome_edu.quiz.guessing import guess_score
from secretome_edu.quiz.items import Prediction
from secretome_edu.quiz.variants import realize, seeds_of

_ORDER = ("pretest", "warmup", "prediction", "quiz", "part_quiz", "posttest")
_GIVES_UP = 0.04  # after a lesson
_SKIPS = 0.03  # a question
_LEARNS = 0.6  # ability from the test before to the test after
_MOST_TRIES = 3


@dataclass(frozen=True)
class _Question:
    """A question with what can be answered to it."""

    key: Key
    pool: str
    item_hash: str
    variant: int | None
    guess: float
    difficulty: float
    discrimination: float
    right: Trial
    wrong: tuple[tuple[Trial, frozenset[str]], ...]  # with the misconceptions it shows


def simulate(
    course: CourseFacts, learners: int, *, seed: int, start: datetime, events_each: int = 0
) -> dict[str, list[Event]]:
    """Return learner id -> events, oldest first, of a class that never was.

    Parameters
    ----------
    course : CourseFacts
    learners, seed : int
    start : datetime
        Aware; the first day of the class.
    events_each : int
        Learners come back for reviews until each has at least so many events, or none gives up;
        0: one pass through the course.

    Examples
    --------
    >>> from datetime import UTC
    >>> from secretome_edu.classroom.course_facts import this_course
    >>> start = datetime(2026, 9, 1, tzinfo=UTC)
    >>> once = simulate(this_course(), 2, seed=1, start=start)
    >>> once == simulate(this_course(), 2, seed=1, start=start), len(once)
    (True, 2)
    """
    questions = _questions(course, seed)
    held = sorted({belief for names in course.named.values() for belief in names})
    common = {belief: random.Random(f"{seed} {belief}").betavariate(2, 4) for belief in held}
    found = {}
    for number in range(learners):
        dice = random.Random(f"{seed} learner {number}")
        person = _Learner(dice, {b for b in held if dice.random() < common[b]}, start)
        person.study(questions, list(course.banks), events_each)
        found[person.id] = person.events
    return found


def write_hand_ins(folder: Path, learners: dict[str, list[Event]]) -> None:
    """Write one hand-in per learner into a folder, as an export would.

    Parameters
    ----------
    folder : Path
        Made if it does not exist.
    learners : dict
        From `simulate`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for learner, events in learners.items():
        manifest = {
            "manifest": 1, "export": True, "format": 1, "course": __version__,
            "learner": learner, "events": len(events), "head": events[-1].hash if events else "",
        }  # fmt: skip
        lines = [canonical(manifest), *(event.line for event in events)]
        path = folder / f"progress-{learner}.jsonl"
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _questions(course: CourseFacts, seed: int) -> list[_Question]:
    found = []
    for key, item in course.items.items():
        for variant in seeds_of(item)[:1]:
            whole = realize(item, variant)
            dice = random.Random(f"{seed} {item.stem}")  # asked again, it is as hard as before
            right, *wrong = trials(whole)
            found.append(
                _Question(
                    key, item.pool, course.hashes[key], variant, guess_score(whole),
                    dice.gauss(-0.4, 0.8), dice.lognormvariate(0.1, 0.3), right,
                    tuple(
                        (trial, frozenset(grade(whole, trial.response).misconceptions))
                        for trial in wrong if trial.score < 1
                    ),
                )
            )  # fmt: skip
            assert isinstance(item, Prediction) or found[-1].wrong, key
    return found


class _Learner:
    """One learner on the way through the course."""

    def __init__(self, dice: random.Random, held: set[str], start: datetime):
        self.dice, self.held = dice, held
        self.id = f"{dice.getrandbits(128):032x}"
        self.ability = dice.gauss(0, 1)
        self.now = start + timedelta(days=dice.gammavariate(2, 2), hours=dice.uniform(8, 20))
        self.events: list[Event] = []
        self.tail: Tail = START

    def study(self, questions: list[_Question], lessons: list[str], events_each: int) -> None:
        of_lesson: dict[str, list[_Question]] = {lesson: [] for lesson in lessons}
        for question in sorted(questions, key=lambda q: _ORDER.index(q.pool)):
            of_lesson[question.key[0]].append(question)
        for lesson, own in of_lesson.items():
            self._note("opened", (lesson, ""), {})
            for question in own:
                if self.dice.random() >= _SKIPS:
                    self._answer(question)
            self._note("done", (lesson, ""), {})
            self.now += timedelta(days=self.dice.gammavariate(2, 2))
            if not events_each and self.dice.random() < _GIVES_UP:
                return
        practice = [q for q in questions if q.pool in ("warmup", "quiz", "part_quiz")]
        while len(self.events) < events_each:
            for question in self.dice.sample(practice, min(12, len(practice))):
                self._answer(question)
            self.now += timedelta(hours=self.dice.uniform(12, 40))

    def _answer(self, question: _Question) -> None:
        hinted = False
        for attempt in range(_MOST_TRIES):
            trial = self._try(question, 0.9 * attempt + 0.4 * hinted)
            self._record("answered", question, trial)
            if question.pool in ("pretest", "posttest") or trial.score >= 1 or not trial.feedback:
                break
            self.held -= {b for t, names in question.wrong if t is trial for b in names
                          if self.dice.random() < 0.5}  # fmt: skip
            if self.dice.random() < 0.25:
                hinted = True
                self._record("hint", question, Trial(None, "unanswered", 0.0))

    def _try(self, question: _Question, help_: float) -> Trial:
        if not question.wrong:
            return question.right
        known = self.ability + help_ + _LEARNS * (question.pool == "posttest")
        known -= 1.2 * any(names & self.held for _, names in question.wrong)
        knows = 1 / (1 + math.exp(-question.discrimination * (known - question.difficulty)))
        if self.dice.random() < question.guess + (1 - question.guess) * knows:
            return question.right
        weights = [6.0 if names & self.held else 1.0 for _, names in question.wrong]
        return self.dice.choices([trial for trial, _ in question.wrong], weights)[0]

    def _record(self, kind: str, question: _Question, trial: Trial) -> None:
        sure = 2 + (self.dice.random() < 0.35 + 0.1 * self.ability) - (self.dice.random() < 0.3)
        self._note(kind, question.key, {
            "item_hash": question.item_hash, "variant": question.variant,
            "response": trial.response, "state": trial.state, "score": trial.score,
            "max_score": 0.0 if trial.state == "noted" else 1.0,
            "confidence": sure if kind == "answered" and trial.state != "noted" else None,
            "duration_s": round(self.dice.lognormvariate(3.3, 0.5), 1),
        })  # fmt: skip

    def _note(self, kind: str, key: Key, fields: dict[str, Any]) -> None:
        self.now += timedelta(seconds=self.dice.lognormvariate(3.5, 0.6))
        seq = max(int(self.now.timestamp() * 1_000_000), self.tail.seq + 1)
        time = self.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        draft = Event(
            f"{self.dice.getrandbits(128):032x}", self.id, seq, time, kind, *key,
            plain(fields), self.tail.hash, "",
        )  # fmt: skip
        event = replace(draft, hash=draft.digest())
        self.events.append(event)
        self.tail = event.tail
