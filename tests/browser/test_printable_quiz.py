"""The printed quiz in a browser: complete on its own, accessible, legible on paper."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest

from secretome_edu.quiz.bank import load_bank, read_bank
from secretome_edu.quiz.exchange import export_banks

ROOT = Path(__file__).resolve().parents[2]
BANKS = [
    read_bank(ROOT / "tests" / "unit" / "quiz_banks" / "all_types.yaml"),
    load_bank("paracrine_reach"),
]


@pytest.fixture(scope="module", params=["quiz.html", "quiz-key.html"])
def page(browser, request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("print")
    export_banks(BANKS, "print").save(folder / "quiz.html")
    page = browser.new_page(viewport={"width": 900, "height": 1200})
    page.asked, page.problems = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.problems.append(message.text))
    page.goto((folder / request.param).as_uri())
    page.name = request.param
    yield page
    page.close()


def test_it_stands_alone(page):
    assert len(page.asked) == 1
    assert page.problems == []
    assert page.locator("script, link, iframe").count() == 0


def test_axe_finds_nothing(page, axe):
    assert axe(page, "html") == []
    page.emulate_media(media="print")
    assert axe(page, "html") == []
    page.emulate_media(media="screen")


def test_every_question_is_there_and_mathematics_is_drawn(page):
    count = sum(len(bank.items) for bank in BANKS)
    assert page.locator("article").count() == count
    assert page.locator("math").count() >= 2
    assert "$" not in page.inner_text("main")


def test_headings_step_down_one_by_one(page):
    levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(e => +e.tagName[1])")
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_no_question_is_cut_between_two_pages(page, tmp_path):
    broken = page.locator("article").evaluate_all(
        "all => all.filter(e => getComputedStyle(e).breakInside !== 'avoid').length"
    )
    assert broken == 0
    paper = page.pdf(format="A4")
    assert paper.count(b"/Type /Page\n") >= 3
    if shots := os.environ.get("SECRETOME_EDU_SCREENSHOTS"):
        Path(shots, f"{page.name}.pdf").write_bytes(paper)
        page.screenshot(path=Path(shots, f"{page.name}.png"), full_page=True)


def test_nothing_is_wider_than_the_page_of_a_phone(page):
    page.set_viewport_size({"width": 360, "height": 800})
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 900, "height": 1200})
    assert wide <= 360
