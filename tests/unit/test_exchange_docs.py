"""The table in docs/exchange.md is what the exporters say, type by type."""

from __future__ import annotations

from pathlib import Path

from secretome_edu.quiz.bank import read_bank
from secretome_edu.quiz.exchange import EXPORTS, export_banks
from secretome_edu.quiz.exchange.losses import DEGRADED, DROPPED

ROOT = Path(__file__).resolve().parents[2]
BANK = read_bank(Path(__file__).parent / "quiz_banks" / "all_types.yaml")
EVERYWHERE = ("confidence", ".id", ".misconception", "review")  # said once, above the tables


def table(target: str) -> str:
    """Return one table of the page: type, what is degraded, what is dropped."""
    report = export_banks([BANK], target).report
    lines = ["| Type | Arrives in another form | Left behind |", "| --- | --- | --- |"]
    for item in BANK.items:
        losses = [x for x in report.of(item.id).values() if not x.part.endswith(EVERYWHERE)]
        cells = [
            "; ".join(f"`{x.part}`: {x.reason}" for x in losses if x.fate == fate)
            for fate in (DEGRADED, DROPPED)
        ]
        lines.append(f"| {item.type} | {' | '.join(cell or '–' for cell in cells)} |")
    return "\n".join(lines)


def test_the_page_holds_the_table_of_every_target():
    page = (ROOT / "docs" / "exchange.md").read_text(encoding="utf-8")
    for target in EXPORTS:
        assert table(target) in page, f"docs/exchange.md needs:\n{table(target)}"
