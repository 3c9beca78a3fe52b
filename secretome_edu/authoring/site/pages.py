"""The pages of the book that are no lesson: start, live, glossary and references."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from secretome_edu.authoring.notebooks import ROOT
from secretome_edu.authoring.site import launch
from secretome_edu.authoring.site.stage import flat
from secretome_edu.course.manifest import LessonEntry, manifest
from secretome_edu.data import cite, define
from secretome_edu.data.package import records
from secretome_edu.data.references import entries

# What the instructor guide leads to; they are pages of the book, too.
PAPERS = ("docs/classroom.md", "docs/claims.md", "docs/data.md", "CONTRIBUTING.md")
INSTRUCTOR_GUIDE = "90_instructor_guide.ipynb"


class Chapter(NamedTuple):
    """One notebook of the book, with what the table of contents says of it."""

    path: Path
    title: str
    question: str
    part: str
    slug: str

    @property
    def document(self) -> str:
        """The page's name without an ending."""
        return self.path.stem

    @property
    def anchor(self) -> str:
        """Where the page ``live`` speaks of it."""
        return f"open-{self.path.stem[:2]}"


def chapters(folder: Path) -> list[Chapter]:
    """Return the notebooks of the book in order: the ready lessons, then the instructor guide."""
    found = [_chapter(entry, folder) for entry in manifest().ready()]
    guide = folder / INSTRUCTOR_GUIDE
    if guide.exists():
        title = "Instructor guide"
        found.append(Chapter(guide, title, "How do you teach with it?", "For instructors", ""))
    return found


def _chapter(entry: LessonEntry, folder: Path) -> Chapter:
    title = f"{entry.place} {entry.title}"
    title, question, part = (" ".join(t.split()) for t in (title, entry.question, entry.part))
    return Chapter(folder / entry.notebook, title, question, part, entry.slug)


def all_pages(book: Sequence[Chapter], where: launch.Places = launch.NOWHERE) -> dict[str, str]:
    """Return file name -> MyST Markdown of every page that is no notebook."""
    return {
        "index.md": index(book),
        "live.md": live(book, where),
        "glossary.md": glossary(book),
        "references.md": references(book),
        **{Path(paper).name: _paper(paper) for paper in PAPERS},
    }


def _paper(name: str) -> str:
    """Return a page for instructors; its anchors in HTML become targets, its comments go."""
    text = re.sub(r"<!--.*?-->", "", (ROOT / name).read_text("utf-8"), flags=re.S)
    return flat(re.sub(r'^<a id="([\w-]+)"></a>$', r"(\1)=", text, flags=re.M))


def index(book: Sequence[Chapter]) -> str:
    """Return the first page: what this is, the lessons with their questions, the contents."""
    parts: dict[str, list[Chapter]] = defaultdict(list)
    for chapter in book:
        parts[chapter.part].append(chapter)
    lines = [
        "# Secretome Edu",
        "**What do mesenchymal stromal cells release, what does it do, and how sure can we be?**",
        "This is the reading edition of an interactive course: every lesson with its pictures, "
        "tables and questions, as they were when the course was last run. Nothing is loaded from "
        "elsewhere, so it can be read without a network. [Explorers](explorers.md) move here, in "
        "steps; to predict, answer, check and move everything, [open a lesson live](live.md). "
        "Terms are explained in the [glossary](glossary.md), and every source is in the "
        "[references](references.md).",
    ]
    for part, members in parts.items():
        lines.append(f"## {part}")
        lines.append("\n".join(f"- [{c.title}]({c.path.name}): {c.question}" for c in members))
    groups = [(part, [f"{c.title} <{c.document}>" for c in m]) for part, m in parts.items()]
    groups.append(("For instructors and authors", [Path(paper).stem for paper in PAPERS]))
    groups.append(("Look up", ["explorers", "glossary", "references", "Open a lesson live <live>"]))
    for part, documents in groups:
        listed = "\n".join(documents)
        lines.append(f"```{{toctree}}\n:hidden:\n:caption: {part}\n\n{listed}\n```")
    return "\n\n".join(lines) + "\n"


def live(book: Sequence[Chapter], where: launch.Places = launch.NOWHERE) -> str:
    """Return the page that says how to run each lesson instead of reading it."""
    lines = [
        "# Open a lesson live",
        "Live, the sliders move, the questions answer back and your progress is kept on your own "
        "computer. You need Python 3.11 or newer and the course's folder. In that folder run",
        "```bash\npython3 -m secretome_edu open\n```",
        "(on Windows `py -m secretome_edu open`) and open the notebook named below from the list "
        "at the left. The first start sets the course up and needs a network, later ones do not; "
        "an offline bundle needs none at all. "
        "If you have the course installed in a Jupyter of your own, save the notebook and open it "
        "there.",
    ]
    if elsewhere := launch.about(where):
        lines.append("Without the course on your computer, each lesson opens with one click:")
        lines.append("\n".join(f"- {sentence}" for sentence in elsewhere))
    for chapter in book:
        name = chapter.path.name
        lines.append(f"({chapter.anchor})=\n## {chapter.title}")
        words = f"Save the notebook of {escape(chapter.title)}"
        lines.append(f"Notebook `{name}`: [read it here]({name}), or save it.")
        lines.append(_raw(f'<p><a href="notebooks/{name}" download>{words}</a></p>'))
        # The lesson stands in each link's words: a screen reader lists links without headings.
        opens = launch.links(where, name)
        lines += [f"- [Open {chapter.title} in {one.title}]({one.address})" for one in opens]
    return "\n\n".join(lines) + "\n"


def glossary(book: Sequence[Chapter]) -> str:
    """Return every term with its definition, its sources and the lessons that teach it."""
    taught = _lessons_by(book, lambda entry: [define(term).term for term in entry.terms])
    letters: dict[str, list[str]] = defaultdict(list)
    for row in sorted(records("glossary"), key=lambda row: row["term"].lower()):
        term = row["term"]
        letter = term[0].upper() if term[0].isalpha() else "0-9"
        letters[letter].append(
            f'<div id="{_id("term", term)}">{define(term).html}{_taught(taught[term])}</div>'
        )
    lines = ["# Glossary", f"{len(records('glossary'))} terms, with their sources."]
    for letter, terms in letters.items():
        lines.append(f"## {letter}\n\n{_raw(''.join(terms))}")
    return "\n\n".join(lines) + "\n"


def references(book: Sequence[Chapter]) -> str:
    """Return every source with its address and the lessons that rest on it."""
    used = _lessons_by(book, lambda entry: [cite(key).key for key in entry.references])
    items = []
    for source in sorted((cite(entry["id"]) for entry in entries()), key=lambda c: c.full.lower()):
        address = escape(source.url, quote=True)
        items.append(
            f'<li id="{_id("ref", source.key)}">{escape(source.full.removesuffix(source.url))}'
            f'<a href="{address}">{escape(source.url)}</a>{_taught(used[source.key])}</li>'
        )
    listed = _raw(f'<ol class="se-references">{"".join(items)}</ol>')
    return f"# References\n\n{len(items)} sources of the course, by first author.\n\n{listed}\n"


def _lessons_by(
    book: Sequence[Chapter], names: Callable[[LessonEntry], Iterable[str]]
) -> dict[str, list[Chapter]]:
    found: dict[str, list[Chapter]] = defaultdict(list)
    for chapter in book:
        if chapter.slug:
            for name in names(manifest().entry(chapter.slug)):
                found[name].append(chapter)
    return found


def _taught(where: Sequence[Chapter]) -> str:
    if not where:
        return ""
    links = ", ".join(f'<a href="{c.document}.html">{escape(c.title)}</a>' for c in where)
    return f'<p class="se-taught">Lesson: {links}</p>'


def _id(kind: str, name: str) -> str:
    return f"{kind}-{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}"


def _raw(html: str) -> str:
    """Return HTML for Sphinx, on one line: nothing in it can close the fence."""
    return f"```{{raw}} html\n{' '.join(html.splitlines())}\n```"
