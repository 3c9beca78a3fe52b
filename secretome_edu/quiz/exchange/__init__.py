"""Questions for teachers who live elsewhere: GIFT, Moodle XML, jupyterquiz, Anki, paper.

Every way in and out returns a `LossReport`: what was kept, what arrives in another form, what is
left behind and why. ``docs/exchange.md`` has the table by item type.
"""

from __future__ import annotations

from secretome_edu.quiz.exchange.exporting import EXPORTS, Export, export_banks
from secretome_edu.quiz.exchange.importing import IMPORTS, Import, guess_format, import_bank
from secretome_edu.quiz.exchange.losses import Loss, LossReport

__all__ = [
    "EXPORTS",
    "IMPORTS",
    "Export",
    "Import",
    "Loss",
    "LossReport",
    "export_banks",
    "guess_format",
    "import_bank",
]
