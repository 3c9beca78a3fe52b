"""Every lesson as nbconvert exports it to HTML, light and dark, looked over by axe-core.

The outputs are the course's own. The frame around them is nbconvert's: prompts and code, and the
style of links in its Markdown cells. It is left out of the page and so out of the findings.
"""

from __future__ import annotations

from functools import cache

import nbformat
import pytest

from secretome_edu.authoring.notebooks import lesson_notebooks

LESSONS = [pytest.param(path, id=path.stem) for _, path in lesson_notebooks()]
OUTPUTS = ".jp-OutputArea-output"
# A theme changes colors and nothing else: in the dark only they are looked at again.
COLORS = ["color-contrast", "link-in-text-block"]


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_page()
    # The template asks the network for MathJax and RequireJS; what is looked at needs neither.
    page.route("http*://**", lambda route: route.abort())
    return page


@cache
def exporter(theme: str):
    from nbconvert import HTMLExporter

    return HTMLExporter(template_name="lab", theme=theme, exclude_input=True, exclude_markdown=True)


@pytest.mark.parametrize(
    ("theme", "rules"), [("light", None), ("dark", COLORS)], ids=["light", "dark"]
)
@pytest.mark.parametrize("path", LESSONS)
def test_axe_finds_nothing_in_an_exported_lesson(path, theme, rules, page, axe, tmp_path):
    file = tmp_path / "lesson.html"
    html, _ = exporter(theme).from_notebook_node(nbformat.read(path, as_version=4))
    file.write_text(html, encoding="utf-8")
    page.goto(file.as_uri())
    assert page.locator(OUTPUTS).count() > 5
    assert axe(page, OUTPUTS, rules) == []
