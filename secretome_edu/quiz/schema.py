"""The JSON Schema of a bank, for editors: ``python -m secretome_edu.quiz.schema`` writes it."""

from __future__ import annotations

import json
from pathlib import Path

from secretome_edu.quiz.items import Bank

PATH = Path(__file__).with_name("bank.schema.json")


def schema_text() -> str:
    """Return the schema as it is stored."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Bank.model_json_schema()}
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")
