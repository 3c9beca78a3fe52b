"""Cards and the generated page name every column, with unit and source."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

import secretome_edu as se
from secretome_edu.data import cards, package, page

TABLES = list(package.resources())
DOCS = Path(__file__).parents[2] / "docs" / "data.md"


class Balance(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", TABLES)
def test_a_card_names_every_column_unit_and_caveat(name):
    card = se.describe(name)
    resource = package.resource(name)
    for field in package.fields(name):
        line = next(x for x in card.text.splitlines() if x.startswith(f"  {field['name']} ("))
        assert line.endswith(f"From {cards.source_text(field, name)}.")
        assert f"<code>{field['name']}</code>" in card.html
        if field.get("unit", "1") != "1":
            assert field["unit"] in card.text
    for caveat in resource.get("caveats", []):
        assert caveat in card.text
    assert f"{len(package.records(name))} rows" in card.text
    assert "CC-BY-4.0" in card.text
    parser = Balance()
    parser.feed(card.html)
    assert parser.open == []


def test_a_card_is_the_same_on_every_call():
    assert se.describe("factors") == se.describe("factors")


def test_an_unknown_card_names_the_closest():
    with pytest.raises(KeyError, match="half_lives"):
        se.describe("half_life")


def test_the_generated_page_is_fresh():
    assert DOCS.read_text(encoding="utf-8") == page.page(), "run: python -m secretome_edu.data.page"


def test_the_generated_page_lists_every_column_with_unit_and_source():
    text = page.page()
    for name in TABLES:
        section = text.split(f"## `{name}`")[1].split("\n## ")[0]
        for field in package.fields(name):
            row = next(line for line in section.splitlines() if f"| `{field['name']}` |" in line)
            if field.get("unit", "1") != "1":
                assert field["unit"] in row
            assert f"| {cards.source_text(field, name)} |" in row
