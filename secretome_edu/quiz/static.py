"""A quiz on paper: readable text and HTML without scripts, always the same for the same items.

Strict nbval compares both, and they are what a page shows without a kernel. They never depend on
what a learner answered.
"""

from __future__ import annotations

from html import escape
from typing import Any

from secretome_edu.ui import markup

_ASK = {
    "single_choice": "Choose one.",
    "multiple_choice": "Tick all that apply.",
    "numeric": "Give a number.",
    "short_text": "Answer in a word or two.",
    "matching": "Match each row.",
    "ordering": "Put in order.",
    "categorize": "Sort each row.",
    "two_tier": "Choose an answer and its reason.",
    "open_answer": "Answer in a few sentences.",
    "prediction": "There is no wrong answer.",
}
_ROLES = ("options", "steps", "rows", "choices", "reasons")


def instruction(public: dict[str, Any]) -> str:
    """Return what the inputs of a page do not say by themselves."""
    if public["type"] == "ordering":
        return "Put in order with the arrows, or by dragging."
    return ask(public) if public["type"] in ("multiple_choice", "two_tier") else ""


def ask(public: dict[str, Any]) -> str:
    """Return what to do with an item, in one sentence."""
    if public.get("needs_unit"):
        return "Give a number with its unit."
    if public.get("unit"):
        return f"Give a number in {public['unit']}."
    return _ASK[public["type"]]


def item_text(public: dict[str, Any], stem: str) -> str:
    """Return one item as readable text."""
    lines = [f"{public['number']}. {markup.to_text(stem)}"]
    lines += [f"   Picture: {media['alt']}" for media in public["media"]]
    lines.append(f"   {ask(public)}")
    heads = {"choices": "Choices:", "reasons": f"{public.get('reason_stem_text', '')} ..."}
    for role in _ROLES:
        if role in public and role in heads:
            lines.append(f"   {heads[role]}")
        lines += [f"   {part['name']}) {part['text']}" for part in public.get(role, [])]
    return "\n".join(lines)


def item_html(public: dict[str, Any]) -> str:
    """Return one item as HTML without scripts or inputs."""
    parts = [f"<li value={public['number']}><p>{public['legend']}</p>{public['body']}"]
    parts += [picture(media) for media in public["media"]]
    parts.append(f"<p><em>{escape(ask(public))}</em></p>")
    heads = {"choices": "Choices:", "reasons": public.get("reason_stem", "")}
    for role in _ROLES:
        if role in public and role in heads:
            parts.append(f"<p>{heads[role]}</p>")
        if public.get(role):
            rows = "".join(f"<li>{part['html']}" for part in public[role])
            # Set here, or a page's own style would number rows and choices alike.
            kind = "decimal" if role == "rows" else "lower-alpha"
            parts.append(f'<ol style="list-style:{kind}">{rows}</ol>')
    return "".join(parts)


def picture(media: dict[str, str]) -> str:
    """Return a picture with its alternative text."""
    return f'<img src="{media["src"]}" alt="{escape(media["alt"], quote=True)}">'


def quiz_text(title: str, items: list[str]) -> str:
    """Return a whole quiz as readable text."""
    return "\n\n".join([*([title] if title else []), *items])


def quiz_html(title: str, items: list[str]) -> str:
    """Return a whole quiz as static HTML."""
    head = f"<p><strong>{escape(title)}</strong></p>" if title else ""
    return f"<section>{head}<ol>{''.join(items)}</ol></section>"
