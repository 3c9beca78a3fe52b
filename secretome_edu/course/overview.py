"""The course as a whole: its lessons, what is due, what was learned, and your own data."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from typing import Any

from secretome_edu.course.manifest import manifest
from secretome_edu.course.memory import store
from secretome_edu.ui.bundle import Bundle
from secretome_edu.ui.messages import BadValue, shown, whole_number

_LEFT = 'style="text-align:left"'  # JupyterLab aligns cells to the right, as for numbers


def course() -> Bundle:
    """Return the table of lessons with your progress in each.

    Examples
    --------
    >>> print(course().text.splitlines()[0])
    Secretome Edu: 17 lessons
    """
    from secretome_edu.course.lesson import Lesson

    rows = []
    for entry in manifest().lessons:
        done = Lesson(entry).progress() if entry.status == "ready" else "in preparation"
        rows.append((entry.place, entry.title, entry.question, done))
    head = f"Secretome Edu: {len(rows)} lessons"
    text = "\n".join([head, *(f"{n} {title}: {q} [{done}]" for n, title, q, done in rows)])
    body = "".join(
        f'<tr style="text-align:left"><th scope="row">{n}</th><td {_LEFT}>{escape(title)}</td>'
        f"<td {_LEFT}>{escape(q)}</td><td {_LEFT}>{escape(done)}</td></tr>"
        for n, title, q, done in rows
    )
    html = (
        f"<table><caption>{head}</caption><thead><tr>"
        f'<th scope="col" {_LEFT}>No.</th><th scope="col" {_LEFT}>Lesson</th>'
        f'<th scope="col" {_LEFT}>Question</th>'
        f'<th scope="col" {_LEFT}>Your progress</th></tr></thead><tbody>{body}</tbody></table>'
    )
    return Bundle(text, html)


def review(limit: int = 10) -> Any:
    """Return up to ``limit`` due questions of all lessons, confident errors first."""
    from secretome_edu.course.report import due_items
    from secretome_edu.quiz import view

    due = due_items(limit=whole_number("limit", limit))
    if not due:
        return _say("Nothing is due for review. Answer some questions in a lesson first.")
    return view.show([item for _, item in due], title="Review", recorder=AskAgain(due))


class AskAgain:
    """A recorder for questions of several lessons: files each answer under its own, and asks anew.

    Parameters
    ----------
    due : list of (str, Item)
        Lesson slug and question.
    """

    def __init__(self, due: list[tuple[str, Any]]):
        self._of = {item.id: store().recorder(slug) for slug, item in due}
        self._here: dict[str, list[dict[str, Any]]] = {}

    def record(self, kind: str, *, item: str, **fields: Any) -> None:
        """Append one event to the store."""
        self._of[item].record(kind, item=item, **fields)
        self._here.setdefault(item, []).append({"kind": kind, "item": item, **fields})

    def last(self, item: str) -> dict[str, Any] | None:
        """Return the newest answer of this sitting; older ones would give the question away."""
        given = [event for event in self.history(item) if event["kind"] == "answered"]
        return given[-1] if given else None

    def history(self, item: str) -> list[dict[str, Any]]:
        """Return what happened in this sitting, oldest first."""
        return list(self._here.get(item, []))


def progress() -> Any:
    """Return your report: done, mastered, misconceptions to repair, what is due."""
    from secretome_edu.course.report import learner_report

    return learner_report()


def export_progress(path: str | Path = "my_progress.jsonl") -> Bundle:
    """Write all your answers to one file that you can keep or hand in.

    Parameters
    ----------
    path : str or Path
        A JSON Lines file; an existing one is not overwritten.
    """
    target = _path(path)
    if os.path.lexists(target):  # also false for a name that no file can have
        return _say(f"{target} exists already and was left as it is; choose another name.")
    try:
        count = store().export_jsonl(target)
    except OSError as problem:
        return _say(f"{target} could not be written ({problem.strerror}); choose another folder.")
    return _say(f"Wrote {count} entries to {target}.")


def import_progress(path: str | Path) -> Bundle:
    """Add the answers of an exported file to yours; what you have already is not doubled."""
    source = _path(path)
    if not os.path.isfile(source):
        return _say(f"There is no file {source}; export_progress() writes one.")
    return _say(str(store().import_jsonl(source)))


def delete_progress(confirm: bool = False) -> Bundle:
    """Delete everything this course stored about you. Cannot be undone; export first."""
    if not confirm:
        return _say(
            "Nothing deleted yet. se.delete_progress(confirm=True) deletes all your answers on "
            "this computer for good; se.export_progress() keeps a copy."
        )
    count = store().delete_all()
    return _say(f"Deleted {count} entries. Nothing about you is stored any more.")


def _path(given: Any) -> Path:
    """Return a learner's file name as a path, if this system takes it for one."""
    try:
        path = Path(given).expanduser()
        os.fsencode(path)
        path.exists()
    except (TypeError, ValueError, OSError, RuntimeError):
        raise BadValue(
            f"{shown(given)} cannot name a file here; write for example 'my_progress.jsonl'."
        ) from None
    return path


def _say(words: str) -> Bundle:
    return Bundle(words, f"<p>{escape(words)}</p>")
