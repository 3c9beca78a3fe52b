"""The pictures of a class report, each with the sentences that say the same."""

from __future__ import annotations

import numpy as np

from secretome_edu.classroom.report import ENOUGH, ClassReport, people, percent
from secretome_edu.figures.scene import Line, LinePanel, Rule, Scene, Span, SpanPanel

_BARS = 8
_LABEL = 36


def scenes(report: ClassReport) -> dict[str, Scene]:
    """Return the pictures there is data for: misconceptions, pace, questions, gain."""
    found = {
        "misconceptions": _misconceptions(report), "pace": _pace(report),
        "questions": _questions(report), "gain": _gain(report),
    }  # fmt: skip
    return {name: scene for name, scene in found.items() if scene is not None}


def _misconceptions(report: ClassReport) -> Scene | None:
    held = [h for h in report.beliefs.ranked if h.showed][:_BARS]
    if not held:
        return None
    rows = [Span(_short(report, h.belief), 0.0, 100 * h.share, 100 * h.share) for h in held]
    panel = SpanPanel("Share of the learners asked", "%", rows, style="bar", x_range=(0.0, 100.0))
    said = "; ".join(f"{h.belief} {percent(h.share)} of {h.asked}" for h in held)
    return Scene(
        f"Misconceptions in first answers{_rough(len(report.learners))}", [panel],
        f"Of the learners asked, the share whose first answer showed it: {said}.",
    )  # fmt: skip


def _pace(report: ClassReport) -> Scene | None:
    pace = report.pace
    if not len(pace.days):
        return None
    words = {75: "a quarter has answered more", 50: "median learner", 25: "a quarter fewer"}
    styles = {75: "dashed", 50: "solid", 25: "dotted"}
    lines = [
        Line(words[q], pace.days, values, styles[q], number)
        for number, (q, values) in enumerate(pace.answered.items())
    ]
    panel = LinePanel(
        "Questions and exercises answered", f"days since {pace.first_day}", "answered", lines
    )
    median = pace.answered[50]
    half = int(pace.days[np.argmax(median >= median[-1] / 2)])
    return Scene(
        f"Progress of {people(len(report.learners))}{_rough(len(report.learners))}", [panel],
        f"By {pace.last_day} (day {pace.days[-1]}) the median learner had answered "
        f"{median[-1]:.0f} different questions and exercises, half of these by day {half}; a "
        f"quarter of the learners had answered {pace.answered[75][-1]:.0f} or more, a quarter "
        f"{pace.answered[25][-1]:.0f} or fewer.",
    )  # fmt: skip


def _questions(report: ClassReport) -> Scene | None:
    points: dict[str, list[tuple[float, float]]] = {}
    for test in report.tests:
        for item in test.statistics.items:
            if item.discrimination_index == item.discrimination_index:
                where = "closing quizzes" if test.pool == "quiz" else "other tests"
                points.setdefault(where, []).append((item.facility, item.discrimination_index))
    if not points:
        return None
    lines = []
    for place, (name, found) in enumerate(sorted(points.items())):
        facility, discrimination = np.array(found).T
        style = "markers" if name == "closing quizzes" else "crosses"
        lines.append(Line(name, facility, discrimination, style, place))
    every = np.array([point for found in points.values() for point in found])
    low = min(0.0, float(every[:, 1].min())) - 5
    panel = LinePanel(
        "Each mark is a question", "facility (%)", "discrimination index (%)", lines,
        hlines=[Rule(0.0, "")], x_range=(0.0, 100.0),
        y_range=(low, float(every[:, 1].max()) + 8),
    )  # fmt: skip
    below = int((every[:, 1] < 0).sum())
    return Scene(
        f"Questions by facility and discrimination{_rough(_attempts(report))}", [panel],
        f"{len(every)} questions: facility from {every[:, 0].min():.0f} to "
        f"{every[:, 0].max():.0f} %, discrimination index from {every[:, 1].min():.0f} to "
        f"{every[:, 1].max():.0f} %; {below} of them below the dashed line at 0.",
    )  # fmt: skip


def _gain(report: ClassReport) -> Scene | None:
    gains = [gain for gain in report.gains if gain.learners]
    if not gains:
        return None
    rows = []
    for gain in gains:
        low, high = sorted((gain.before, gain.after))
        rows.append(Span(gain.objective or "all", low, high, gain.after))
    panel = SpanPanel("From before (line end) to after (square)", "% right", rows,
                      x_range=(0.0, 100.0))  # fmt: skip
    said = "; ".join(
        f"{gain.objective or 'all'} from {gain.before:.0f} to {gain.after:.0f} %" for gain in gains
    )
    return Scene(
        f"Before and after the course{_rough(gains[0].learners)}", [panel],
        f"Mean score of the {people(gains[0].learners)} who took both tests: {said}.",
    )  # fmt: skip


def _attempts(report: ClassReport) -> int:
    return max((test.statistics.attempts for test in report.tests), default=0)


def _rough(count: int) -> str:
    return "" if count >= ENOUGH else f" (rough: n = {count}, below {ENOUGH})"


def _short(report: ClassReport, belief: str) -> str:
    known = report.course.beliefs.get(belief)
    said = f"{belief} {known.misconception}" if known else belief
    return said if len(said) <= _LABEL else f"{said[: _LABEL - 1].rstrip()}…"
