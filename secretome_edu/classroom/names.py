"""Names for pseudonyms: only what the instructor brings, never what a hand-in says."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from pathlib import Path

from secretome_edu.classroom.merge import Class
from secretome_edu.ui.messages import BadValue


def read_names(path: str | Path) -> dict[str, str]:
    """Return learner id -> name from an instructor's file.

    Parameters
    ----------
    path : str or Path
        CSV with the columns ``learner`` and ``name``.

    Raises
    ------
    BadValue
        It is not such a file; says what is missing.
    """
    if os.path.exists(path) and not os.path.isfile(path):  # a device may never end
        raise BadValue(f"The names in {path} cannot be read: it is not a file.")
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise BadValue(f"The names in {path} cannot be read: {problem}.") from None
    if not rows or not {"learner", "name"} <= set(rows[0]):
        raise BadValue(
            f"{path} needs a first line with the columns learner and name (CSV), then one line "
            "for each learner."
        )
    pairs = [((row["learner"] or "").strip(), (row["name"] or "").strip()) for row in rows]
    return {learner: name for learner, name in pairs if learner and name}


def called_by(found: Class, names: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return pseudonym -> name, and what could not be matched."""
    called: dict[str, str] = {}
    strangers = []
    for given, name in names.items():
        fitting = [who for who in found.learners if who.startswith(given) or given.startswith(who)]
        if len(fitting) == 1:
            called[fitting[0]] = name
        else:
            strangers.append(given)
    if not strangers:
        return called, []
    shown = ", ".join(strangers[:5]) + (" …" if len(strangers) > 5 else "")
    return called, [f"The file of names has {len(strangers)} ids that fit no learner: {shown}."]
