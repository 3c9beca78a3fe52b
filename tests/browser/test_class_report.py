"""The class report in a real browser: nobody, one, 29 and 300 learners, light and dark.

Set ``SECRETOME_EDU_PICTURES`` to a folder to keep the screenshots, to look at.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from secretome_edu.classroom import page, page_regrade
from secretome_edu.classroom.course_facts import this_course
from secretome_edu.classroom.regrade import regrade
from secretome_edu.classroom.report import class_report
from secretome_edu.classroom.simulate import simulate, write_hand_ins

NOW = datetime(2026, 12, 1, tzinfo=UTC)
SIZES = (0, 1, 29, 300)


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Size -> path of the page."""
    folder = tmp_path_factory.mktemp("reports")
    course, pages = this_course(), {}
    for size in SIZES:
        start = datetime(2026, 9, 1, tzinfo=UTC)
        write_hand_ins(folder / str(size), simulate(course, size, seed=5, start=start))
        if size == 29:
            (folder / "29" / "essay.pdf").write_bytes(b"%PDF-1.4 no hand-in")
        report = class_report(folder / str(size), course=course, now=NOW)
        pages[size], _ = page.write(report, folder / f"{size}.html")
    return pages


def opened(browser, path, **options):
    """The page with everything unfolded, and what the browser complained about."""
    tab = browser.new_page(**options)
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("request", lambda request: said.append(request.url))
    tab.goto(path.as_uri())
    asked = [line for line in said if not line.startswith(("file:", "data:"))]
    assert asked == []
    assert len([line for line in said if line.startswith("file:")]) == 1
    return tab


# Beliefs, pace, questions, and before and after where learners took both tests.
PICTURES = {0: 0, 1: 2, 29: 4, 300: 4}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_it_is_accessible_and_whole(browser, reports, axe, size, scheme):
    tab = opened(
        browser, reports[size], viewport={"width": 1200, "height": 900}, color_scheme=scheme
    )
    keep = os.environ.get("SECRETOME_EDU_PICTURES")
    if keep:
        tab.screenshot(path=Path(keep) / f"report_{size}_{scheme}.png", full_page=True)
    ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(22, 25, 29)")
    tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert axe(tab, "main") == []
    assert tab.locator("h1").inner_text() == "Class report"
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    broken = "[...document.images].filter(i => !i.naturalWidth || !i.alt).length"
    assert tab.evaluate(broken) == 0
    assert tab.locator("img").count() == PICTURES[size]
    rough = tab.get_by_text(f"Rough: {size} learner")
    assert rough.count() == (1 if 0 < size < 30 else 0)
    tab.close()


def test_it_works_by_keyboard_alone(browser, reports):
    tab = opened(browser, reports[29])
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Misconceptions"
    tab.keyboard.press("Enter")
    assert tab.url.endswith("#misconceptions")
    tab.locator("summary").first.focus()
    before = tab.evaluate("document.querySelectorAll('details[open]').length")
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.querySelectorAll('details[open]').length") == before + 1
    boxes = tab.locator(".scroll")
    wide = [box for box in boxes.all() if box.evaluate("b => b.scrollHeight > b.clientHeight + 1")]
    wide[0].focus()
    tab.keyboard.press("ArrowDown")
    tab.wait_for_function("b => b.scrollTop > 0", arg=wide[0].element_handle())
    tab.close()


def test_it_fits_a_phone(browser, reports):
    tab = opened(browser, reports[300], viewport={"width": 360, "height": 740})
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tab.close()


def test_it_can_be_read_without_scripts(browser, reports):
    tab = opened(browser, reports[300], java_script_enabled=False)
    assert tab.get_by_text("Address first").is_visible()
    tab.locator("summary").first.click()
    assert tab.locator("details[open]").count() == 1
    tab.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_table_before_and_after_is_accessible(browser, reports, axe, tmp_path, scheme):
    from secretome_edu.quiz.bank import BANKS

    text = (BANKS / "soluble_factors.yaml").read_text(encoding="utf-8")
    right, other = 'text: "No text read for the table names one",', 'text: "MSC release too'
    text = text.replace(f"{right} correct: true,", right).replace(other, f"correct: true, {other}")
    (tmp_path / "soluble_factors.yaml").write_text(text, encoding="utf-8")
    found = regrade(reports[29].with_suffix(""), [tmp_path / "soluble_factors.yaml"], now=NOW)
    assert found.changed
    path, _ = page_regrade.write(found, tmp_path / "regraded.html")
    tab = opened(browser, path, color_scheme=scheme)
    keep = os.environ.get("SECRETOME_EDU_PICTURES")
    if keep:
        tab.screenshot(path=Path(keep) / f"regraded_{scheme}.png", full_page=True)
    assert axe(tab, "main") == []
    tab.close()
