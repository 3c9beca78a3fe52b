"""Find the third-party reference files, which tests read when present and never copy."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_DEFAULT = Path(__file__).resolve().parents[2].parent / "shared"


def shared_file(name: str) -> Path:
    """Return ``data/<name>`` of the shared folder, or skip the test and say why."""
    folder = Path(os.environ.get("SECRETOME_EDU_SHARED", _DEFAULT))
    path = folder / "data" / name
    if not path.is_file():
        pytest.skip(f"reference file {name} is not here; set SECRETOME_EDU_SHARED to its folder")
    return path
