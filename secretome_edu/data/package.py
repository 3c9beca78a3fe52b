"""The descriptor and the raw files behind every table, read once and without pandas."""

from __future__ import annotations

import csv
import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from secretome_edu.ui.messages import UnknownName

HOME = Path(__file__).parent


@lru_cache(maxsize=1)
def descriptor() -> dict[str, Any]:
    """Return the Data Package descriptor as a dictionary."""
    return json.loads((HOME / "datapackage.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def resources() -> dict[str, dict[str, Any]]:
    """Return the description of each table by its name, in the order of the descriptor."""
    return {resource["name"]: resource for resource in descriptor()["resources"]}


def resource(name: str) -> dict[str, Any]:
    """Return the description of one table.

    Raises
    ------
    UnknownName
        If no table has this name; the message lists the closest ones.
    """
    try:
        return resources()[name]
    except (KeyError, TypeError):
        raise UnknownName("table", name, resources(), "se.tables()") from None


def fields(name: str) -> list[dict[str, Any]]:
    """Return the columns of a table as the descriptor lists them."""
    return resource(name)["schema"]["fields"]


@cache
def records(name: str) -> tuple[dict[str, Any], ...]:
    """Return the rows of a table as text, lists split; treat them as read-only.

    For the parts of the course that need a row or two and not pandas.
    """
    split = {f["name"]: f["delimiter"] for f in fields(name) if f["type"] == "list"}
    with (HOME / resource(name)["path"]).open(encoding="utf-8", newline="") as file:
        return tuple(
            {k: tuple(filter(None, v.split(split[k]))) if k in split else v for k, v in r.items()}
            for r in csv.DictReader(file)
        )


@lru_cache(maxsize=1)
def vocabularies() -> dict[str, dict[str, str]]:
    """Return each vocabulary as its terms in order, with their meanings."""
    found: dict[str, dict[str, str]] = {name: {} for name in descriptor()["vocabularies"]}
    for row in records("vocabulary"):
        found[row["vocabulary"]][row["term"]] = row["meaning"]
    return found
