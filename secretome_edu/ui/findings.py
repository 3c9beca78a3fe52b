"""What a check found: a code, a place and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to repair.

    Parameters
    ----------
    where : str
        File, and cell, item or line when known.
    code : str
        Short and stable, for example ``N08``; the ``RULES`` of the linter explain each.
    message : str
        What was found and what is accepted.
    """

    where: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.code} {self.message}"
