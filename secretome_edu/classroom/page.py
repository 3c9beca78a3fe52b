"""The class report as one HTML page: no script, nothing loaded, light or dark as the system is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from secretome_edu import ui
from secretome_edu.classroom import page_beliefs, page_class, page_questions
from secretome_edu.classroom.markup import bullets, paragraph
from secretome_edu.classroom.pictures import scenes
from secretome_edu.classroom.report import ENOUGH, ClassReport, enough, people
from secretome_edu.ui.messages import BadValue, CourseError


def write(report: ClassReport, out: str | Path) -> tuple[Path, Path]:
    """Write the page and, beside it, the CSV of everything; return both paths.

    Raises
    ------
    CourseError
        They cannot be written.
    """
    from secretome_edu.classroom.table import to_csv

    return write_pair(out, to_html(report), to_csv(report))


def write_pair(out: str | Path, html: str, csv: str) -> tuple[Path, Path]:
    """Write a page and its CSV beside it; see `write`."""
    page = Path(out)
    beside = page.with_suffix(".csv")
    if page == beside:
        raise BadValue(f"{page} is where the CSV would go; end --out with .html.")
    if page.exists() and not page.is_file():
        raise BadValue(f"{page} is no ordinary file. Choose another place with --out.")
    try:
        page.write_text(html, encoding="utf-8")
        beside.write_text(csv, encoding="utf-8", newline="")
    except OSError as problem:
        raise CourseError(
            f"{page} cannot be written: {problem.strerror}. Choose another place with --out."
        ) from None
    return page, beside


def to_html(report: ClassReport) -> str:
    """Return the whole page; the same for the same report.

    Examples
    --------
    >>> import tempfile
    >>> from secretome_edu.classroom.report import class_report
    >>> html = to_html(class_report(tempfile.mkdtemp()))
    >>> "Nobody has handed in yet." in html, "<script" in html
    (True, False)
    """
    from secretome_edu.figures.show import show

    figures = {name: show(scene).html for name, scene in scenes(report).items()}
    parts = {
        "Misconceptions": page_beliefs.misconceptions(report, figures.get("misconceptions", "")),
        "Progress": page_class.progress(report, figures.get("pace", "")),
        "Before and after": page_class.gain(report, figures.get("gain", "")),
        "Questions": page_questions.statistics(report, figures.get("questions", "")),
        "Answers": page_questions.answers(report),
        "Learners": page_class.learners(report),
        "Hand-ins": page_class.hand_ins(report),
        "How it was computed": _method(report),
    }
    shown = {name: html for name, html in parts.items() if html}
    return frame("Class report", _monday(report), shown)


def frame(title: str, top: str, sections: Mapping[str, str]) -> str:
    """Return a page of sections with links to them.

    Parameters
    ----------
    title : str
    top : str
        HTML above the links.
    sections : mapping of str to str
        Heading -> HTML.
    """
    links = "".join(f'<li><a href="#{_id(name)}">{escape(name)}</a></li>' for name in sections)
    body = "".join(
        f'<section aria-labelledby="{_id(name)}"><h2 id="{_id(name)}">{escape(name)}</h2>{html}'
        "</section>"
        for name, html in sections.items()
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_style()}</style></head><body><main>"
        f'<h1>{escape(title)}</h1>{top}<nav aria-label="Sections"><ul>{links}</ul></nav>'
        f"{body}</main></body></html>"
    )


def _id(name: str) -> str:
    return re.sub(r"\W+", "-", name.lower())


def _style() -> str:
    """Return the page's style with the palette of all widgets, light and dark."""
    theme = (Path(ui.__file__).parent / "theme.css").read_text(encoding="utf-8")
    light, dark = (
        "".join(re.findall(r"--se-[\w-]+:[^;]+;", block))
        for block in re.findall(r"{([^}]*--se-fg:[^}]*)}", theme)
    )
    own = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    return f":root{{{light}}}@media (prefers-color-scheme: dark){{:root{{{dark}}}}}{own}"


def _monday(report: ClassReport) -> str:
    count = len(report.learners)
    first, stop, rest = report.headline.partition("). ")
    html = f'<p class="lead"><strong>{escape(first + stop)}</strong>{escape(rest)}</p>'
    more = "".join(f"<li>{escape(report.sentence(held))}</li>" for held in report.first[1:])
    if more:
        html += f"<p>Then:</p><ol start=2>{more}</ol>"
    html += paragraph(
        f"{people(count)}, {report.found.events} events"
        + (f", the newest from {report.pace.last_day}." if report.pace.last_day else ".")
    )
    box = f'<div class="monday">{html}</div>'
    if count and not enough(count):
        box += paragraph(
            f"Rough: {people(count)}, below {ENOUGH}. Statistics in gray italics rest on fewer "
            f"than {ENOUGH} answers; one learner more or less can turn them.", "rough"
        )  # fmt: skip
    return box + bullets(report.notices)


def _method(report: ClassReport) -> str:
    omitted = (
        "A question left out by a learner who answered others of the test counts 0."
        if report.omitted_as_zero
        else "An unanswered question is not 0: facility and spread come from those who answered, "
        "everything that needs a total from attempts without a gap."
    )
    said = (
        "The first answer to each question is analyzed, as Moodle's statistics do by default: "
        "later ones were given after feedback. Every answer was graded again with the course's "
        "present key.",
        "The formulas are those of https://docs.moodle.org/dev/Quiz_statistics_calculations. "
        f"{omitted} What would divide by zero is undefined.",
        "Facility: mean mark. Discrimination index: correlation of the mark with the rest of the "
        "test. Discriminative efficiency: covariance with the rest, of the greatest these marks "
        "allow. Weights: the intended and the effective share of the test. Alpha: how far the "
        "questions measure one thing. Error ratio: how much of the spread is chance.",
        f"Below {ENOUGH} learners, statistics are gray, in italics and say “n < {ENOUGH}”.",
        "Misconceptions are ordered by the lower end of Wilson's 95 % interval of the share "
        "(doi 10.1080/01621459.1927.10502953), so that few answers do not outrank many.",
        "Hash chains make changed files evident; they are no proof of who answered.",
    )
    return bullets(said)
