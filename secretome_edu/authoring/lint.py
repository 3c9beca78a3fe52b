"""Hygiene of notebooks: what nbval cannot see. Every rule has a code and a reason."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from secretome_edu.authoring.notebooks import LINK, METADATA, WIDGET_VIEW, read, source
from secretome_edu.course.manifest import LessonEntry
from secretome_edu.ui.findings import Finding

RULES = {
    "N01": "valid notebook, format 4.5, kernelspec python3, no widget state",
    "N02": "cell ids are unique slugs that begin with the lesson's",
    "N03": "every code cell was run, counted from 1 to n",
    "N04": "no error, no stderr, no path, address, date or widget view in an output",
    "N05": "at most 400 kB",
    "N06": "at most 12 lines a code cell, no def or class outside exercises, no trailing ;",
    "N07": "prose before each code cell",
    "N08": "one first-level heading, no level skipped, sections and minutes as in the manifest",
    "N09": "links say where they lead; pictures have alternative text",
    "N10": "a prediction comes before its explorer and an explanation after it",
    "N11": "every question, task, explorer and figure of the lesson is used, and exists",
    "N12": "no nbval tags: every cell is compared",
}
LONGEST_CELL = 12
LARGEST_BYTES = 400_000
_PRIVATE = {
    "a path of this machine": r"(?<![\w.])/(?:home|root|tmp|Users|usr|opt|var)/\w",
    "a memory address": r"\b0x[0-9a-fA-F]{6,}",
    "a clock": r"\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d",
}


@dataclass(frozen=True)
class Page:
    """A notebook beside its manifest entry, with what several rules look at."""

    entry: LessonEntry
    path: Path

    @cached_property
    def notebook(self) -> dict[str, Any]:
        return read(self.path)

    @property
    def cells(self) -> list[dict[str, Any]]:
        return self.notebook["cells"]

    @cached_property
    def code(self) -> list[dict[str, Any]]:
        return [c for c in self.cells if c["cell_type"] == "code"]

    @cached_property
    def prose(self) -> list[dict[str, Any]]:
        return [c for c in self.cells if c["cell_type"] == "markdown"]

    @cached_property
    def headings(self) -> list[tuple[int, str]]:
        """Level and title of each heading in order."""
        text = "\n".join(source(c) for c in self.prose)
        found = re.finditer(r"^(#{1,6})\s+(.+)$", text, re.M)
        return [(len(m[1]), m[2].strip()) for m in found]

    @property
    def prefix(self) -> str:
        return self.entry.slug.replace("_", "-") + "-"

    def calls(self) -> list[tuple[str, str]]:
        """Return the lesson calls in order, for example ``("explore", "reach")``."""
        pattern = r"\blesson\.(\w+)\(\s*(?:[\"']([^\"']+)[\"'])?"
        return [m.groups("") for c in self.code for m in re.finditer(pattern, source(c))]  # type: ignore[misc]


Rule = Callable[[Page], Iterator[tuple[str, str, str]]]


def lint(entry: LessonEntry, path: Path) -> list[Finding]:
    """Return what is wrong with a lesson's notebook, empty when nothing is.

    Parameters
    ----------
    entry : LessonEntry
    path : Path
        The notebook file.
    """
    if not path.exists():
        return [Finding(path.name, "N01", "the lesson is ready but has no notebook.")]
    page = Page(entry, path)
    if invalid := _not_a_notebook(page):
        return [Finding(path.name, "N01", f"not a valid notebook: {invalid}.")]
    rules: list[Rule] = [
        _format,
        _ids,
        _runs,
        _outputs,
        _code,
        _rhythm,
        _levels,
        _sections,
        _links,
        _order,
        _names,
    ]
    return _found(page, rules)


def lint_guide(path: Path) -> list[Finding]:
    """Return what is wrong with the instructor guide: all that is no matter of a lesson's order.

    Parameters
    ----------
    path : Path
        The notebook file.
    """
    if not path.exists():
        return [Finding(path.name, "N01", "the instructor guide is missing.")]
    number, _, slug = path.stem.partition("_")
    page = Page(
        LessonEntry(
            slug=slug, number=int(number), part="", status="planned", title="", question=""
        ),
        path,
    )
    if invalid := _not_a_notebook(page):
        return [Finding(path.name, "N01", f"not a valid notebook: {invalid}.")]
    return _found(page, [_format, _ids, _runs, _outputs, _code, _rhythm, _levels, _links])


def _found(page: Page, rules: list[Rule]) -> list[Finding]:
    hits = (hit for rule in rules for hit in rule(page))
    name = page.path.name
    return sorted(Finding(f"{name}{at and ' ' + at}", code, say) for at, code, say in hits)


def _not_a_notebook(page: Page) -> str:
    import nbformat

    try:
        if not isinstance(page.notebook, dict):
            return "it holds no cells"
        with warnings.catch_warnings():  # that an id is missing is found below
            warnings.simplefilter("ignore", FutureWarning)
            nbformat.validate(nbformat.from_dict(page.notebook))
    except ValueError as problem:
        return f"it cannot be read ({problem})"
    except nbformat.ValidationError as problem:
        return problem.message
    return "" if all("id" in cell for cell in page.cells) else "a cell has no id"


def _format(page: Page) -> Iterator[tuple[str, str, str]]:
    if page.notebook.get("metadata") != METADATA:
        yield "", "N01", "metadata differs from the course's; run refresh."
    size = page.path.stat().st_size
    if size > LARGEST_BYTES:
        yield "", "N05", f"{size:,} bytes; at most {LARGEST_BYTES:,}."


def _ids(page: Page) -> Iterator[tuple[str, str, str]]:
    seen: set[str] = set()
    for cell in page.cells:
        if not re.fullmatch(re.escape(page.prefix) + r"[a-z0-9]+(-[a-z0-9]+)*", cell["id"]):
            yield cell["id"], "N02", f"the id must read {page.prefix}some-name."
        if cell["id"] in seen:
            yield cell["id"], "N02", "two cells have this id."
        seen.add(cell["id"])


def _runs(page: Page) -> Iterator[tuple[str, str, str]]:
    for number, cell in enumerate(page.code, 1):
        if cell.get("execution_count") != number:
            yield cell["id"], "N03", "not run, or not in order; run refresh."
        for tag in cell.get("metadata", {}).get("tags", []):
            yield cell["id"], "N12", f"the tag {tag} would keep a test from looking; remove it."


def _outputs(page: Page) -> Iterator[tuple[str, str, str]]:
    for cell in page.code:
        for output in cell["outputs"]:
            if output["output_type"] == "error" or output.get("name") == "stderr":
                yield cell["id"], "N04", "an error or a warning is stored."
            data = output.get("data", {})
            if WIDGET_VIEW in data:
                yield cell["id"], "N04", "a widget view is stored; run refresh."
            text = "".join(
                "".join(v)
                for v in [*data.values(), output.get("text", "")]
                if not isinstance(v, dict)
            )
            text = re.sub(r"data:image/png;base64,[\w+/=]+", "", text)
            for what, pattern in _PRIVATE.items():
                if found := re.search(pattern, text):
                    yield cell["id"], "N04", f"{what} is stored: {found.group()!r}."


def _code(page: Page) -> Iterator[tuple[str, str, str]]:
    for cell in page.code:
        text = source(cell)
        if len(text.splitlines()) > LONGEST_CELL:
            yield cell["id"], "N06", f"more than {LONGEST_CELL} lines; move logic to the package."
        if re.search(r"^\s*(async +def|def|class) ", text, re.M) and not re.search(
            r"-e\d", cell["id"]
        ):
            yield cell["id"], "N06", "def or class outside an exercise; move it to the package."
        if re.search(r";\s*(#[^\"']*)?\Z", text):
            yield cell["id"], "N06", "a trailing ; silences nothing here; write _ = ... instead."


def _rhythm(page: Page) -> Iterator[tuple[str, str, str]]:
    before = None
    for cell in page.cells:
        if cell["cell_type"] == "code" and before != "markdown":
            yield cell["id"], "N07", "say in a sentence what this cell shows, in a cell before it."
        before = cell["cell_type"]


def _levels(page: Page) -> Iterator[tuple[str, str, str]]:
    headings = page.headings
    levels = [level for level, _ in headings]
    if levels.count(1) != 1 or (levels and levels[0] != 1):
        yield "", "N08", "exactly one first-level heading, at the top."
    for (above, _), (level, title) in pairwise(headings):
        if level > above + 1:
            yield "", "N08", f"{title!r} skips a heading level."


def _sections(page: Page) -> Iterator[tuple[str, str, str]]:
    have = [title for level, title in page.headings if level == 2]
    want = [section.title for section in page.entry.sections]
    if have != want:
        yield "", "N08", f"sections are {have}, the manifest says {want}."
    minutes = sum(section.minutes for section in page.entry.sections)
    if minutes != page.entry.minutes:
        yield "", "N08", f"sections take {minutes} min, the manifest says {page.entry.minutes}."


def _links(page: Page) -> Iterator[tuple[str, str, str]]:
    for cell in page.prose:
        for bang, words, _ in LINK.findall(source(cell)):
            if not words.strip():
                yield cell["id"], "N09", "a picture or link without words."
            elif not bang and words.strip().lower() in {"here", "this", "link", "click here"}:
                yield cell["id"], "N09", f"the link {words!r} does not say where it leads."
    for cell in page.code:
        for output in cell["outputs"]:
            markup = "".join(output.get("data", {}).get("text/html", ""))
            for image in re.findall(r"<img\b[^>]*>", markup):
                alt = re.search(r'\balt="([^"]*)"', image)
                if not alt or len(alt[1]) < 40:
                    yield cell["id"], "N09", "a picture without a description of 40 characters."


def _order(page: Page) -> Iterator[tuple[str, str, str]]:
    steps = [(m, name) for m, name in page.calls() if m in ("predict", "explore", "explain")]
    for place, (method, name) in enumerate(steps):
        if method != "explore":
            continue
        if place == 0 or steps[place - 1][0] != "predict":
            yield "", "N10", f"the explorer {name!r} comes without a prediction just before it."
        if place + 1 == len(steps) or steps[place + 1][0] != "explain":
            yield "", "N10", f"the explorer {name!r} comes without an explanation just after it."


def _names(page: Page) -> Iterator[tuple[str, str, str]]:
    from secretome_edu.course.lesson import Lesson

    lesson = Lesson(page.entry)
    calls = page.calls()
    kinds = {
        "predict": "prediction",
        "explain": "prediction",
        "explore": "explorer",
        "check": "exercise",
        "figure": "figure",
    }
    for method, kind in kinds.items():
        known, used = lesson.ids(kind), [name for m, name in calls if m == method]
        for name in sorted(set(used) - set(known)):
            yield "", "N11", f"lesson.{method}({name!r}): there is no {kind} of that name."
        for name in sorted(set(known) - set(used)):
            yield "", "N11", f"the {kind} {name!r} is never used by lesson.{method}."
    for pool in ("warmup", "quiz", "part_quiz", "pretest", "posttest"):
        if lesson.ids(pool) and pool not in [m for m, _ in calls]:
            yield "", "N11", f"the bank has {pool} items but the notebook never shows them."
