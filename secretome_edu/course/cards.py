"""The pages a lesson opens and closes with, as text and as HTML."""

from __future__ import annotations

from html import escape

from secretome_edu.course.manifest import LessonEntry, manifest
from secretome_edu.ui.bundle import Bundle
from secretome_edu.ui.markup import to_inline_html, to_text

_CARD = (
    '<div style="border-left:4px solid #0b5cad;padding:0.2em 0 0.2em 1em;'
    'max-width:60em;line-height:1.5">'
)


def header(entry: LessonEntry, done: str) -> Bundle:
    """Return a lesson's head: question, objectives, minutes, prerequisites, progress."""
    before = [manifest().entry(slug) for slug in entry.prerequisites]
    needs = ", ".join(f"{e.place} {e.title}" for e in before) or "nothing"
    lines = [
        f"Lesson {entry.place}: {entry.title}",
        f"Question: {entry.question}",
        f"Time: about {entry.minutes} minutes. You need: {_stopped(needs)}",
        "Afterwards you can:",
        *[f"  - {o.text}" for o in entry.objectives],
        "Contents:",
        *[f"  - {s.title} ({s.minutes} min)" for s in entry.sections],
        f"Progress: {done}",
    ]
    html = (
        f"{_CARD}<p><strong>Lesson {entry.place}: {escape(entry.title)}</strong><br>"
        f"<em>{escape(entry.question)}</em></p>"
        f"<p>About {entry.minutes} minutes. You need: {escape(_stopped(needs))}</p>"
        f"<p>Afterwards you can:</p>{_list(o.text for o in entry.objectives)}"
        f"<p>Contents:</p>{_list(f'{s.title} ({s.minutes} min)' for s in entry.sections)}"
        f"<p>Progress: {escape(done)}</p></div>"
    )
    return Bundle("\n".join(lines), html)


def _stopped(sentence: str) -> str:
    """End a sentence; a title that asks has its mark already."""
    return sentence if sentence.endswith("?") else f"{sentence}."


LAST = (
    "This was the last lesson. se.review() asks what you may forget; se.course() lists all lessons."
)


def closing(entry: LessonEntry, done: str) -> Bundle:
    """Return a lesson's end: key points, terms, references, progress, what comes next."""
    from secretome_edu import data

    terms = [data.define(term) for term in entry.terms]
    sources = data.bibliography(list(entry.references))
    following = manifest().next_ready(entry.slug)
    onward = _stopped(f"Next: {following.place} {following.title}") if following else LAST
    lines = [
        "Key points",
        *[f"  - {to_text(point)}" for point in entry.key_points],
        "Terms",
        *[f"  - {t.term}: {t.definition}" for t in terms],
        "References",
        sources.text,
        f"Progress: {done}",
        onward,
    ]
    definitions = "".join(
        f'<dt style="float:none;width:auto"><strong>{escape(t.term)}</strong></dt>'
        f'<dd style="float:none;width:auto;margin:0 0 0.5em 1.5em">{escape(t.definition)}</dd>'
        for t in terms
    )
    html = (
        f"{_CARD}<p><strong>Key points</strong></p>{_list(entry.key_points)}"
        f'<p><strong>Terms</strong></p><dl style="display:block">{definitions}</dl>'
        f"<p><strong>References</strong></p>{sources.html}"
        f"<p><strong>Progress:</strong> {escape(done)}</p><p>{escape(onward)}</p></div>"
    )
    return Bundle("\n".join(lines), html)


def _list(items) -> str:
    return "<ul>" + "".join(f"<li>{to_inline_html(item)}</li>" for item in items) + "</ul>"
