"""How well a learner's confidence fits: answers per confidence, share right, marks, a picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from secretome_edu.quiz.feedback import CONFIDENCE, confidence_marks
from secretome_edu.quiz.result import CORRECT
from secretome_edu.ui.bundle import Bundle

#: Share right at which each confidence earns the most marks: 1 below 2/3, 3 above 0.8. This is
#: arithmetic: 2p - 2(1-p) = p at p = 2/3, and 3p - 6(1-p) = 2p - 2(1-p) at p = 4/5.
FITTING = {1: (0.0, 2 / 3), 2: (2 / 3, 0.8), 3: (0.8, 1.0)}
_FEW = 5  # fewer answers say nothing yet


@dataclass(frozen=True)
class Level:
    """The answers given with one confidence."""

    confidence: int
    answers: int
    right: int

    @property
    def share(self) -> float | None:
        """Share right, or None without answers."""
        return self.right / self.answers if self.answers else None

    @property
    def verdict(self) -> str:
        """What the share says about the confidence."""
        if self.answers < _FEW or self.share is None:
            return "too few answers to tell"
        low, high = FITTING[self.confidence]
        if self.share < low:
            return "more confident than right"
        return "more right than confident" if self.share > high else "fits"


def levels(events: Iterable[Any]) -> list[Level]:
    """Return the three confidence levels of recorded answers.

    Parameters
    ----------
    events : iterable
        Mappings (or progress events) with ``kind``, ``state`` and ``confidence``.
    """
    kept = [e for e in events if _is_answer(e) and e.get("confidence") in FITTING]
    by_level = {
        n: [e.get("state") == CORRECT for e in kept if e["confidence"] == n] for n in FITTING
    }
    return [Level(n, len(hits), sum(hits)) for n, hits in by_level.items()]


def _is_answer(event: Any) -> bool:
    kind = event.get("kind") if isinstance(event, Mapping) else event.kind
    return kind == "answered"


def calibration(events: Iterable[Any]) -> Bundle:
    """Return a calibration plot with its table, as HTML and as text.

    Examples
    --------
    >>> calibration([{"kind": "answered", "state": "correct", "confidence": 3}])
    certain: 1 of 1 right, too few answers to tell
    Confidence marks: 3.
    """
    events = list(events)
    found = levels(events)
    if not any(level.answers for level in found):
        text = "No answer with a confidence yet. Say how sure you are before you check an answer."
        return Bundle(text, f"<p>{text}</p>")
    marks = sum(
        confidence_marks(e.get("state"), e.get("confidence")) or 0 for e in events if _is_answer(e)
    )
    said = [
        f"{CONFIDENCE[n.confidence][0]}: {n.right} of {n.answers} right, {n.verdict}"
        for n in found
        if n.answers
    ]
    text = "\n".join([*said, f"Confidence marks: {marks}."])
    rows = "".join(
        f"<tr><th scope=row>{CONFIDENCE[n.confidence][0]}</th><td>{n.answers}</td>"
        f"<td>{n.right}</td><td>{n.verdict}</td></tr>"
        for n in found
    )
    table = (
        "<table><thead><tr><th scope=col>Confidence</th><th scope=col>Answers</th>"
        "<th scope=col>Right</th><th scope=col>Verdict</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )
    head = f"<figcaption>Confidence marks: {marks}.</figcaption>"
    return Bundle(text, f"<figure>{_picture(found, '; '.join(said))}{head}</figure>{table}")


def _picture(found: list[Level], description: str) -> str:
    """Draw share right against confidence: the band that fits, the dots that are."""
    parts = []
    for place, level in enumerate(found):
        x, (low, high) = 70 + 100 * place, FITTING[level.confidence]
        parts.append(
            f'<rect x="{x - 30}" y="{_y(high):.0f}" width="60" height="{150 * (high - low):.0f}" '
            'fill="currentColor" opacity="0.15"/>'
            f'<text x="{x}" y="195" text-anchor="middle">{CONFIDENCE[level.confidence][0]}</text>'
        )
        if level.share is not None:
            parts.append(f'<circle cx="{x}" cy="{_y(level.share):.0f}" r="6" fill="currentColor"/>')
    ticks = "".join(
        f'<text x="34" y="{_y(share) + 4:.0f}" text-anchor="end">{100 * share:.0f} %</text>'
        for share in (0.0, 0.5, 1.0)
    )
    return (
        f'<svg role="img" aria-label="{escape(description, quote=True)}" viewBox="0 0 330 205" '
        'width="330" font-size="12" fill="currentColor">'
        '<text x="40" y="14">Share right (dot) and where it fits (band)</text>'
        f'{ticks}<path d="M40 25V175H320" fill="none" stroke="currentColor"/>{"".join(parts)}</svg>'
    )


def _y(share: float) -> float:
    return 175 - 150 * share
