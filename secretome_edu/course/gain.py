"""What the tests before and after the course say about one learner, and how little they can say.

Few questions make a noisy measure. The statement therefore names the change that luck alone makes
in fewer than one case of twenty: twice as many fair coins as a test has questions, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import comb
from typing import NamedTuple

from secretome_edu.course.manifest import manifest
from secretome_edu.course.memory import store
from secretome_edu.course.report import questions
from secretome_edu.ui.bundle import Bundle

RARE = 0.05
PROMISE = "Answer both tests wholly; what changed then appears here."
LIMITS = (
    "Look at an objective to choose what to read again, not for a mark: so few questions cannot "
    "tell knowing from guessing. The two tests are parallel, not equal, nobody has measured "
    "whether they are equally hard, and you have no twin who did without the course. The first "
    "answer to each question counts, as in the report of a class."
)


class Answered(NamedTuple):
    """One question of a test with the points of its first answer, None if there is none."""

    objective: str
    points: float | None
    time: str = ""


def taken(pool: str) -> list[Answered]:
    """Return the questions of ``pretest`` or ``posttest`` with the learner's first answers."""
    from secretome_edu.quiz.grading import grade

    found = []
    for (slug, id), item in questions().items():
        if item.pool != pool:
            continue
        history = store().recorder(slug).history(id)
        first = next((e for e in history if e["kind"] == "answered"), None)
        if first is None:
            found.append(Answered(item.objective, None))
            continue
        # Graded with the key of today, as the class's report does.
        result = grade(item, first["response"], first["variant"])
        found.append(Answered(item.objective, result.score, str(first["time"])))
    return found


def luck(test_questions: int) -> tuple[int, float]:
    """Return the difference that two tests rarely reach by luck alone, and how often they do.

    Parameters
    ----------
    test_questions : int
        Questions in each of two tests, each right by an even chance both times: the case in
        which luck scatters most.

    Returns
    -------
    tuple of (int, float)
        Smallest difference, in points, whose probability (either way) is at most 0.05; and
        that probability.

    Examples
    --------
    >>> difference, probability = luck(12)
    >>> difference, round(probability, 3)
    (6, 0.023)
    """
    coins, beyond, difference = 2 * test_questions, 0.0, test_questions + 1
    while True:
        more = beyond + 2 * comb(coins, test_questions + difference - 1) / 2**coins
        if difference == 1 or more > RARE:
            return difference, beyond
        difference, beyond = difference - 1, more


def learning_gain() -> Bundle:
    """Return the statement on the learner's own tests, as far as they were taken."""
    return statement(taken("pretest"), taken("posttest"))


def statement(before: Sequence[Answered], after: Sequence[Answered]) -> Bundle:
    """Return what changed between two tests in words and as a table.

    Parameters
    ----------
    before, after : sequence of Answered

    Examples
    --------
    >>> statement([Answered("course.1", 1.0)], [Answered("course.1", None)]).text.splitlines()[0]
    'Test before the course: 1 of 1 answered. Test after it: 0 of 1.'
    """
    done = [sum(a.points is not None for a in test) for test in (before, after)]
    head = (
        f"Test before the course: {done[0]} of {len(before)} answered. "
        f"Test after it: {done[1]} of {len(after)}."
    )
    if done[1] < len(after) or not after:
        return _said([head, PROMISE])
    if done[0] < len(before) or not before:
        return _said(
            [
                f"{head} Afterwards you have {_points(after)}.",
                "Without the whole first test there is no gain to state, and taken now it would "
                "no longer tell what you knew before.",
            ]
        )
    change = _sum(after) - _sum(before)
    limit, often = luck(min(len(before), len(after)))
    words = [
        f"Before the course {_points(before)}, after it {_points(after)}: "
        + (f"{abs(change):g} {'more' if change > 0 else 'fewer'}." if change else "no change."),
        f"By luck alone, with even chances on every question both times, two such tests differ by "
        f"{limit} points or more in {100 * often:.1g} % of cases. Your change is "
        + (
            "larger than luck usually makes."
            if abs(change) >= limit
            else "smaller: it may be luck."
        ),
    ]
    if max(a.time for a in before) > min(a.time for a in after):
        words.append("You began the second test before the first was done, so this is no gain.")
    return _said(words, _by_objective(before, after))


def _by_objective(
    before: Sequence[Answered], after: Sequence[Answered]
) -> list[tuple[str, str, str]]:
    rows = []
    for objective in manifest().course_objectives:
        tests = [[a for a in test if a.objective == objective.id] for test in (before, after)]
        if all(tests):
            rows.append((objective.text, _points(tests[0]), _points(tests[1])))
    return rows


def _sum(test: Sequence[Answered]) -> float:
    return round(sum(a.points or 0.0 for a in test), 2)


def _points(test: Sequence[Answered]) -> str:
    return f"{_sum(test):g} of {len(test)} points"


def _said(words: list[str], rows: Sequence[tuple[str, str, str]] = ()) -> Bundle:
    text, html = "\n".join(words), "".join(f"<p>{escape(w)}</p>" for w in words)
    if not rows:
        return Bundle(text, html)
    left = 'style="text-align:left"'
    body = "".join(
        f'<tr><th scope="row" {left}>{escape(name)}</th><td {left}>{low}</td>'
        f"<td {left}>{high}</td></tr>"
        for name, low, high in rows
    )
    table = (
        f"<table><caption>By objective of the course</caption><thead><tr>"
        f'<th scope="col" {left}>Objective</th><th scope="col" {left}>Before</th>'
        f'<th scope="col" {left}>After</th></tr></thead><tbody>{body}</tbody></table>'
    )
    lines = [f"  {name} Before {low}, after {high}." for name, low, high in rows]
    return Bundle("\n".join([text, *lines, LIMITS]), f"{html}{table}<p>{escape(LIMITS)}</p>")
