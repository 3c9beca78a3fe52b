"""The book as a reader opens it: from a folder, the network off, light, dark, phone, no scripts.

Set ``SECRETOME_EDU_PICTURES`` to a folder to keep the screenshots, to look at.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from secretome_edu.authoring.notebooks import ROOT
from secretome_edu.course.manifest import manifest

LONGEST_BUILD_S = 90
LARGEST_SITE_MB = 30
DESK, PHONE = 1280, 360
LESSON = "05_paracrine_reach"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The book, built once by the command and in the time it may take."""
    out = tmp_path_factory.mktemp("book") / "site"
    begun = time.monotonic()
    command = [sys.executable, "-m", "secretome_edu.cli", "site", "book", "--out", str(out)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    took_s = time.monotonic() - begun
    assert ran.returncode == 0, ran.stdout + ran.stderr
    print(f"{ran.stdout.strip()} {took_s:.0f} s")
    assert took_s <= LONGEST_BUILD_S
    return out


@pytest.fixture
def reader(browser):
    """A function options -> page and the list of what it asked other hosts for; all is refused."""
    contexts = []

    def open_(width=DESK, scheme="light", **options):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, **options
        )
        contexts.append(context)
        asked: list[str] = []
        page = context.new_page()
        page.on("pageerror", lambda error: asked.append(f"error: {error}"))

        def refuse(route):
            asked.append(route.request.url)
            route.abort()

        context.route(re.compile(r"^(?!file:|data:|blob:)"), refuse)
        return page, asked

    yield open_
    for context in contexts:
        context.close()


def names(site):
    return sorted(path.stem for path in site.glob("*.html"))


def keep(page, name):
    if folder := os.environ.get("SECRETOME_EDU_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def test_every_lesson_has_its_page_and_the_whole_is_small(site):
    wanted = {Path(entry.notebook).stem for entry in manifest().ready()}
    wanted |= {"index", "glossary", "references", "live", "search", "claims", "classroom"}
    assert wanted <= set(names(site))
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    assert size <= LARGEST_SITE_MB * 1e6


@pytest.mark.parametrize(("scheme", "width"), [("light", DESK), ("dark", PHONE)])
def test_every_page_is_accessible_and_fits_and_asks_nobody(site, reader, axe, scheme, width):
    page, asked = reader(width, scheme)
    wrong = []
    for name in names(site):
        page.goto((site / f"{name}.html").as_uri())
        page.wait_for_function("s => document.documentElement.dataset.theme === s", arg=scheme)
        keep(page, f"{name}_{scheme}_{width}")
        if (over := overflow(page)) > 0:
            wrong.append((name, f"{over} px too wide"))
        wrong += [(name, *violation) for violation in axe(page, "html")]
    assert wrong == []
    assert asked == []


def test_the_refusal_works(site, reader, tmp_path):
    """The test of the test: a page that does ask another host is found out."""
    asking = tmp_path / "asking.html"
    asking.write_text('<img src="https://cdn.example/x.png"><script src="http://a.example/x.js">')
    page, asked = reader()
    page.goto(asking.as_uri())
    assert sorted(asked) == ["http://a.example/x.js", "https://cdn.example/x.png"]


def test_dark_on_a_desk_and_light_on_a_phone(site, reader, axe):
    for scheme, width in (("dark", DESK), ("light", PHONE)):
        page, asked = reader(width, scheme)
        for name in ("index", LESSON, "search"):
            page.goto((site / f"{name}.html").as_uri())
            page.wait_for_function("s => document.documentElement.dataset.theme === s", arg=scheme)
            keep(page, f"{name}_{scheme}_{width}")
            assert axe(page, "html") == []
            assert overflow(page) <= 0
        assert asked == []


def test_a_lesson_is_whole_and_formulas_and_figures_are_described(site, reader):
    page, _ = reader()
    page.goto((site / f"{LESSON}.html").as_uri())
    figures = page.locator("article figure img")
    assert figures.count() >= 3
    for figure in figures.all():
        assert len(figure.get_attribute("alt")) > 40
        assert figure.evaluate("image => image.naturalWidth") > 300
    assert page.locator("article math[display=block]").count() >= 1
    assert page.locator("article math merror").count() == 0
    live = page.get_by_role("link", name="Answer it live").first
    live.click()
    page.wait_for_url("**/live.html#open-05")
    page.locator("#open-05").wait_for(state="attached")  # the address changes before the page does
    save = page.get_by_role("link", name="Save the notebook of 05 Paracrine reach")
    assert (site / save.get_attribute("href")).is_file()


def test_search_finds_a_word_of_an_output_from_a_folder(site, reader):
    page, asked = reader()
    page.goto((site / "search.html").as_uri() + "?q=paracrine")
    page.wait_for_function("document.querySelectorAll('#search-results li').length > 3")
    page.goto((site / "search.html").as_uri() + "?q=xylophone")
    page.get_by_text("did not match any documents").wait_for()
    assert asked == []


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_without_scripts_it_still_reads(site, reader, width):
    page, asked = reader(width, java_script_enabled=False)
    page.goto((site / "index.html").as_uri())
    page.locator("article").get_by_role("link", name="05 Paracrine reach").click()
    assert page.url.endswith(f"{LESSON}.html")
    assert page.locator("article figure img").first.is_visible()
    assert page.locator("article math").first.is_visible()
    assert page.get_by_role("link", name="Answer it live").first.is_visible()
    assert page.locator(".sidebar-toggle:visible").count() == 0
    keep(page, f"{LESSON}_no_scripts_{width}")
    ink, ground = page.locator("article p").first.evaluate_all(
        "all => [getComputedStyle(all[0]).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert (ink, ground) == ("rgb(34, 40, 50)", "rgb(255, 255, 255)")
    assert asked == []


def test_on_paper_only_the_lesson_is_left(site, reader):
    page, _ = reader()
    page.goto((site / f"{LESSON}.html").as_uri())
    page.emulate_media(media="print")
    keep(page, f"{LESSON}_print")
    assert not page.locator("header.bd-header").is_visible()
    assert not page.locator(".bd-sidebar-secondary").is_visible()
    assert not page.get_by_role("link", name="Answer it live").first.is_visible()
    assert page.locator("article figure img").first.is_visible()
