"""A question as Moodle sees it: the common ground of Moodle XML, GIFT and jupyterquiz.

All texts are the course's Markdown; ``plain`` answers (short answers, matches) are bare text.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from secretome_edu.quiz.numbers import round_to_figures

CHOICE, SHORT, NUMBER, MATCH, ORDER, ESSAY = KINDS = (
    "multichoice",
    "shortanswer",
    "numerical",
    "match",
    "ordering",
    "essay",
)
ANYTHING = "*"  # the answer that catches what no other caught


@dataclass
class Answer:
    """One answer, and how much of the mark it earns in percent."""

    text: str
    percent: float = 0.0
    feedback: str = ""
    tolerance: float = 0.0
    interval: tuple[float, float] | None = None


@dataclass
class Picture:
    """A picture in the text of a question."""

    name: str
    alt: str
    content: bytes = b""


@dataclass
class Question:
    """One question. ``place`` says where in a file it was read, for messages."""

    kind: str
    name: str
    stem: str
    number: str = ""
    answers: list[Answer] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    single: bool = True
    shuffle: bool = True
    explanation: str = ""
    incorrect: str = ""
    hints: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    grade: float = 1.0
    key: str = ""
    units: list[str] = field(default_factory=list)
    unit_shown: bool = False
    pictures: list[Picture] = field(default_factory=list)
    category: str = ""
    place: str = ""
    notes: list[tuple[str, str, str]] = field(default_factory=list)

    def note(self, part: str, fate: str, reason: str) -> None:
        """Remember what did not come through while reading."""
        if (part, fate, reason) not in self.notes:
            self.notes.append((part, fate, reason))


@dataclass(frozen=True)
class Target:
    """What a system can hold beyond question, answers and feedback."""

    name: str
    hints: bool
    incorrect: bool
    pictures: bool
    units: bool
    ordering: bool
    key: bool
    grade: bool
    shuffle: bool
    interval: bool


MOODLE_XML = Target("Moodle XML", True, True, True, True, True, True, True, True, False)
GIFT = Target("GIFT", False, False, False, False, False, False, False, False, True)


def half_a_figure(value: float, figures: int) -> float:
    """Return half of the last significant figure of a number.

    Examples
    --------
    >>> half_a_figure(53.85, 3), half_a_figure(0.0, 3)
    (0.05, 0.0)
    """
    rounded = abs(round_to_figures(value, figures))
    digits = f"{rounded:e}".partition("e")[2]
    return 0.5 * 10.0 ** (int(digits) - figures + 1) if rounded else 0.0


def number(value: float) -> str:
    """Write a number so that every system reads back the same.

    Examples
    --------
    >>> number(94.0), number(0.05)
    ('94', '0.05')
    """
    return repr(float(value)).removesuffix(".0")
