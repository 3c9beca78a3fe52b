"""The learner's report and what is due: the progress room's arithmetic with the course's names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from secretome_edu.course.manifest import manifest
from secretome_edu.course.memory import store
from secretome_edu.progress.answers import Answer, ItemFacts, Key

_NOT_REVIEWED = {"pretest", "posttest", "prediction", "exercise"}


@lru_cache(maxsize=1)
def questions() -> dict[Key, Any]:
    """Return (lesson, id) -> item over the banks of all ready lessons."""
    from secretome_edu.quiz.bank import load_bank

    return {(e.slug, i.id): i for e in manifest().ready() for i in load_bank(e.slug).items}


@lru_cache(maxsize=1)
def item_facts() -> tuple[ItemFacts, ...]:
    """Return what the progress room has to know about every question and exercise."""
    return (*_question_facts(), *_exercise_facts())


def _question_facts() -> Iterator[ItemFacts]:
    from secretome_edu.quiz.bank import item_hash
    from secretome_edu.ui.markup import to_text

    for (slug, id), item in questions().items():
        yield ItemFacts(
            item=id,
            lesson=slug,
            objective=item.objective,
            pool=item.pool,
            item_hash=item_hash(item),
            title=to_text(item.stem),
        )


def _exercise_facts() -> Iterator[ItemFacts]:
    from secretome_edu.exercises import exercise_texts

    for entry in manifest().ready():
        for text in exercise_texts(entry.slug):
            yield ItemFacts(
                item=text.id,
                lesson=entry.slug,
                objective=text.objective,
                pool="exercise",
                title=f"Exercise: {text.title}",
            )


def due_items(before: int | None = None, limit: int | None = None) -> list[tuple[str, Any]]:
    """Return (lesson, question) whose review is due, most urgent first.

    Parameters
    ----------
    before : int, optional
        Only from lessons with a smaller number.
    limit : int, optional
        At most this many.
    """
    from secretome_edu.progress.review import due

    events = store().events()
    if not events:
        return []
    found: dict[str, tuple[str, Any]] = {}
    for waiting in due(events, datetime.now(UTC), items=item_facts()):
        item = questions().get((waiting.lesson, waiting.item))
        if item is None or item.pool in _NOT_REVIEWED:
            continue
        if before is None or manifest().entry(waiting.lesson).number < before:
            # Two lessons may use one id, one sitting may not: the other waits its turn.
            found.setdefault(item.id, (waiting.lesson, item))
    return list(found.values())[:limit]


def learner_report() -> Any:
    """Return the report on everything answered so far."""
    from secretome_edu import data
    from secretome_edu.progress import report

    objectives = [
        report.ObjectiveFacts(o.id, o.text, e.slug)
        for e in manifest().ready()
        for o in e.objectives
    ]
    repairs = {m: e for e in reversed(manifest().ready()) for m in e.misconceptions}
    named = {m for item in questions().values() for m in _misconceptions_of(item)}
    corrections = {
        m: report.MisconceptionFacts(
            data.misconception(m).misconception,
            data.misconception(m).correction,
            f"lesson {repairs[m].place}, {repairs[m].title}" if m in repairs else "",
        )
        for m in sorted(named)
    }
    return report.learner_report(
        store().events(),
        items=item_facts(),
        objectives=objectives,
        lessons=[report.LessonFacts(e.slug, e.title) for e in manifest().ready()],
        misconceptions=corrections,
        now=datetime.now(UTC),
        diagnose=_diagnose,
    )


def _diagnose(answer: Answer) -> tuple[str, ...]:
    from secretome_edu.quiz.grading import grade

    item = questions().get(answer.key)
    if item and item.pool in ("pretest", "posttest"):
        return ()  # the tests show no marks, so the report may not give them away
    return grade(item, answer.response, answer.variant).misconceptions if item else ()


def _misconceptions_of(item: Any) -> Iterator[str]:
    """Yield every misconception id an item names, wherever in it."""

    def walk(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            if part.get("misconception"):
                yield part["misconception"]
            for inner in part.values():
                yield from walk(inner)
        elif isinstance(part, list):
            for inner in part:
                yield from walk(inner)

    yield from walk(item.model_dump(mode="json"))
