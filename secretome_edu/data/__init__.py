"""What is known: the tables, references, terms and misconceptions of the course.

One descriptor (``datapackage.json``) says what every table and column means; loading, cards,
checks and the documentation are read from it. Adding a table touches no Python.
"""

from __future__ import annotations

from secretome_edu.data.cards import describe
from secretome_edu.data.glossary import Definition, define
from secretome_edu.data.misconceptions import Misconception, misconception
from secretome_edu.data.references import Citation, bibliography, cite
from secretome_edu.data.tables import load, tables

__all__ = [
    "Citation",
    "Definition",
    "Misconception",
    "bibliography",
    "cite",
    "define",
    "describe",
    "load",
    "misconception",
    "tables",
]
