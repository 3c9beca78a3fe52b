"""The static book: the committed notebooks with their stored outputs, read without a kernel.

Sphinx with myst-nb reads them, nothing is executed and nothing is fetched from another host.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from secretome_edu import ui
from secretome_edu.authoring.notebooks import FOLDER, read
from secretome_edu.authoring.site import movable, pages, stage
from secretome_edu.authoring.site.checks import SiteError, check_notebooks, check_pages
from secretome_edu.authoring.site.launch import NOWHERE, Places
from secretome_edu.authoring.site.place import replacing
from secretome_edu.ui.findings import Finding
from secretome_edu.ui.messages import CourseError

HERE = Path(__file__).parent
THEME = Path(ui.__file__).with_name("theme.css")
SETTINGS = {
    "project": "Secretome Edu",
    "author": "The Secretome Edu authors",
    "language": "en",
    "extensions": ["myst_nb", "secretome_edu.authoring.site.render"],
    "nb_execution_mode": "off",
    "nb_ipywidgets_js": {},  # the default is a CDN
    "myst_enable_extensions": ["dollarmath"],
    "myst_dmath_double_inline": True,
    # HTML comes from outputs and {raw}; in words it is words, so that a title runs nothing.
    "myst_disable_syntax": ["html_inline", "html_block"],
    "myst_heading_anchors": 3,
    # Ids in raw HTML are unknown to it; every link of the built pages is followed afterwards.
    "suppress_warnings": ["myst.xref_missing"],
    "html_theme": "pydata_sphinx_theme",
    "html_math_renderer": "mathml",
    "html_title": "Secretome Edu",
    "html_context": {"default_mode": "auto"},
    "html_static_path": [str(HERE / "static"), str(THEME), str(movable.STYLE)],
    "templates_path": [str(HERE / "templates")],
    "html_sidebars": {"**": ["contents.html"]},
    "html_css_files": ["theme.css", movable.STYLE.name, "book.css"],
    "html_js_files": [(movable.SCRIPT, {"defer": "defer"})],
    "html_copy_source": False,
    "html_show_sourcelink": False,
    "html_show_search_summary": False,  # would fetch pages, which browsers refuse for files
    "html_use_index": False,
    "html_theme_options": {
        "search_bar_text": "Search the book",
        "navbar_center": [],
        "navbar_end": ["theme-switcher"],
        "secondary_sidebar_items": ["page-toc"],
        "primary_sidebar_end": [],
        "footer_start": [],
        "footer_end": [],
    },
}


class Built(NamedTuple):
    """What was made: where, how many pages and how large."""

    out: Path
    pages: int
    megabytes: float


def build(
    out: str | Path,
    folder: Path = FOLDER,
    say: Callable[[str], object] = lambda words: None,
    where: Places = NOWHERE,
) -> Built:
    """Build the book in ``out``, whole or not at all.

    Parameters
    ----------
    out : str or Path
        New, empty, or an earlier book.
    folder : Path, optional
        Where the notebooks are.
    say : callable, optional
        Is told in a few words what happens now.
    where : Places, optional
        Where the lessons can be opened live.

    Raises
    ------
    SiteError
        With the full list, if a notebook is missing, a cell unexecuted or a link broken.
    CourseError
        If Sphinx is not installed or the folder cannot be written.
    """
    book = pages.chapters(folder)
    say("Looking at the notebooks")
    if found := check_notebooks((chapter.path for chapter in book), pages.PAPERS):
        raise SiteError("The book", found)
    with replacing(out) as fresh:
        say("Building the pages and what the explorers show")
        warned = _run_sphinx(book, fresh, where)
        _finish(book, fresh)
        say("Following every link")
        if found := warned + check_pages(fresh):
            raise SiteError("The book", found)
        size = sum(path.stat().st_size for path in fresh.rglob("*") if path.is_file())
        count = len(list(fresh.rglob("*.html")))
    return Built(Path(out), count, size / 1e6)


def _run_sphinx(book: list[pages.Chapter], out: Path, where: Places) -> list[Finding]:
    try:
        from sphinx.application import Sphinx
        from sphinx.util.console import nocolor
        from sphinx.util.docutils import docutils_namespace, patch_docutils
    except ImportError:
        raise CourseError(
            "Sphinx is not installed here; 'python3 -m secretome_edu test' installs what authors "
            "need, or run 'pip install sphinx myst-nb pydata-sphinx-theme'."
        ) from None
    nocolor()
    warnings = io.StringIO()
    with tempfile.TemporaryDirectory(prefix="secretome-book-") as workshop:
        sources = Path(workshop) / "sources"
        _write_sources(book, sources, where)
        movable.write(out / "_static")  # before Sphinx looks for them
        doctrees = Path(workshop) / "doctrees"
        with patch_docutils(sources), docutils_namespace():  # a second book finds it as the first
            Sphinx(
                sources, None, out, doctrees, "html", SETTINGS, status=None, warning=warnings
            ).build()
    lines = filter(None, map(str.strip, warnings.getvalue().splitlines()))
    return [Finding(*_place_of(line, sources)) for line in lines]


def _place_of(line: str, sources: Path) -> tuple[str, str, str]:
    where, _, message = line.replace(f"{sources}/", "").partition(": WARNING: ")
    return (where, "B08", message) if message else ("book", "B08", line)


def _write_sources(book: list[pages.Chapter], sources: Path, where: Places) -> None:
    sources.mkdir()
    for chapter in book:
        notebook = stage.page(read(chapter.path), chapter.anchor)
        notebook = movable.moving(notebook, chapter.anchor)
        (sources / chapter.path.name).write_text(json.dumps(notebook), encoding="utf-8")
    written = {**pages.all_pages(book, where), "explorers.md": movable.explorers_page(book)}
    for name, text in written.items():
        (sources / name).write_text(text, encoding="utf-8")


def _finish(book: list[pages.Chapter], out: Path) -> None:
    """Add the notebooks to save, drop what only the builder needs, help who has no scripts."""
    (out / "notebooks").mkdir()
    for chapter in book:
        shutil.copyfile(chapter.path, out / "notebooks" / chapter.path.name)
    left_over = [".buildinfo", "objects.inv", "_static/webpack-macros.html", "_static/**/*.map"]
    for path in [path for pattern in left_over for path in out.glob(pattern)]:
        path.unlink()
    (out / "_sources").rmdir()  # empty, since no source is copied
    (out / ".nojekyll").touch()  # GitHub Pages leaves out folders that begin with _ without it
    for page in out.glob("*.html"):
        # The theme leaves light or dark to a script; without it a page would have no colors.
        html = page.read_text(encoding="utf-8")
        html = re.sub(r'(<html\b[^>]*data-theme=)"[^"]*"', r'\1"light"', html, count=1)
        page.write_text(html, encoding="utf-8")
