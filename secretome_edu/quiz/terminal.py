"""A quiz in a terminal: the text form, one question at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from secretome_edu.quiz.bank import load_bank
from secretome_edu.quiz.items import Item
from secretome_edu.quiz.recorder import Recorder
from secretome_edu.quiz.session import Session
from secretome_edu.quiz.text import TextQuiz

HINT, SOLUTION, QUIT = "/hint", "/solution", "/quit"
_FORMAT = {
    "single_choice": "a letter",
    "multiple_choice": "letters, for example: a c",
    "numeric": "a number",
    "short_text": "a word or two",
    "matching": "row and letter, for example: 1b 2a",
    "categorize": "row and letter, for example: 1b 2a",
    "ordering": "all letters in order, for example: c a b",
    "two_tier": "the letter of the answer, then of the reason, for example: a c",
    "open_answer": "a few sentences",
    "prediction": "your guess",
}


def run(
    slug: str,
    pool: str = "quiz",
    recorder: Recorder | None = None,
    ask: Callable[[str], str] = input,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Ask the questions of a lesson in the terminal.

    Parameters
    ----------
    slug : str
        The lesson's slug.
    pool : str
        Which questions.
    recorder : Recorder, optional
        Where answers are kept.
    ask, say : callable
        Read a line, write a line.

    Returns
    -------
    dict
        ``items``, ``answered``, ``right`` and ``score``.
    """
    bank = load_bank(slug)
    return run_items(bank.pool(pool), bank.title, recorder, ask, say)


def run_items(
    items: Sequence[Item],
    title: str = "",
    recorder: Recorder | None = None,
    ask: Callable[[str], str] = input,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Ask any items in the terminal; see `run`."""
    quiz = TextQuiz(Session(items, recorder), title)
    if title:
        say(title)
    say(f"An empty line skips a question; {HINT}, {SOLUTION} and {QUIT} work everywhere.")
    for item_id in quiz.session.ids:
        if not _one(quiz, item_id, ask, say):
            break
    say(str(quiz.report()))
    return quiz.session.summary()


def _one(
    quiz: TextQuiz, item_id: str, ask: Callable[[str], str], say: Callable[[str], None]
) -> bool:
    """Ask until the item is done or skipped; return whether to go on."""
    say(f"\n{quiz.question(item_id)}")
    kind = quiz.session.item(item_id).type
    while not quiz.session.state(item_id)["done"]:
        try:
            line = ask(f"Your answer ({_FORMAT[kind]}): ").strip()
        except (EOFError, KeyboardInterrupt):
            return False
        if line == QUIT:
            return False
        if not line:
            return True
        if line == HINT:
            say(str(quiz.hint(item_id)))
        elif line == SOLUTION:
            say(str(quiz.solution(item_id)))
        else:
            sure = _confidence(ask) if quiz.session.public(item_id)["confidence"] else None
            say(str(quiz.answer(item_id, read(kind, line), sure)))
            if "rubric" in quiz.session.state(item_id) and kind == "open_answer":
                met = [
                    criterion["name"]
                    for criterion in quiz.session.state(item_id)["rubric"]
                    if ask(f"Does yours say: {criterion['text']} (y/n) ").lower().startswith("y")
                ]
                say(str(quiz.answer(item_id, {"text": line, "met": met})))
                return True
            if quiz.session.state(item_id)["state"] == "noted":
                return True
    return True


def _confidence(ask: Callable[[str], str]) -> int | None:
    given = ask("How sure? 1 a guess, 2 fairly sure, 3 certain, or nothing: ").strip()
    return int(given) if given in ("1", "2", "3") else None


def read(kind: str, line: str) -> Any:
    """Return the response a typed line stands for.

    Examples
    --------
    >>> read("matching", "1b, 2 a"), read("ordering", "c a b"), read("two_tier", "a c")
    ({'1': 'b', '2': 'a'}, ['c', 'a', 'b'], {'answer': 'a', 'reason': 'c'})
    """
    if kind in ("multiple_choice", "ordering"):
        return re.findall(r"[a-z]", line.lower())
    if kind in ("matching", "categorize"):
        return dict(re.findall(r"([0-9X-Z])\W*([a-z])", line))
    if kind == "two_tier":
        letters = re.findall(r"\b[a-z]\b", line.lower())
        return dict(zip(("answer", "reason"), letters, strict=False))
    if kind == "open_answer":
        return {"text": line, "met": None}
    if kind == "single_choice":
        return line.lower().rstrip(").")
    return line
