"""What browser tests share: when they may be skipped, a browser, and axe-core."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

import pytest

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def pytest_collection_modifyitems(items):
    missing = [
        name
        for name, there in {
            "Chromium": shutil.which("chromium"),
            "playwright": importlib.util.find_spec("playwright"),
        }.items()
        if not there
    ]
    # On a learner's machine a missing browser is no fault; in CI it is.
    if missing and not os.environ.get("SECRETOME_EDU_REQUIRE_ALL"):
        reason = f"{' and '.join(missing)} not installed; the rest of the tests ran"
        here = Path(__file__).parent
        for item in items:
            if here in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="module")
def browser():
    """A Chromium for pages that need no JupyterLab."""
    from lab import launch
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


@pytest.fixture(scope="session")
def axe():
    """Return a function page, selector, rules -> what axe-core finds wrong there."""
    spec = importlib.util.find_spec("axe_playwright_python")
    script = Path(spec.origin).with_name("axe.min.js").read_text(encoding="utf-8")

    def violations(page, selector=".jp-Cell-outputArea", rules=None):
        page.evaluate(script)
        found = page.evaluate(
            "([where, rules]) => axe.run({include: [[where]]},"
            " {runOnly: rules, resultTypes: ['violations'], preload: false})",
            [selector, rules or WCAG],
        )
        return [
            (v["id"], node["target"], node["html"][:150])
            for v in found["violations"]
            for node in v["nodes"]
        ]

    return violations
