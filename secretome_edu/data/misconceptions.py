"""What learners believe, and the cited correction a wrong answer leads to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from secretome_edu.data.package import records
from secretome_edu.data.references import cite
from secretome_edu.ui.messages import UnknownName, as_text


@dataclass(frozen=True)
class Misconception:
    """A wrong statement and what its sources support instead."""

    id: str
    topic: str
    misconception: str
    correction: str
    source_keys: tuple[str, ...]

    @property
    def doi(self) -> str:
        """DOI of the first source that has one, else empty."""
        return next((cite(key).doi for key in self.source_keys if cite(key).doi), "")


def misconception(id: str) -> Misconception:
    """Return one misconception by its identifier, for example ``M04``.

    Raises
    ------
    UnknownName
        A KeyError that lists the closest identifiers.

    Examples
    --------
    >>> misconception("m13").misconception
    'The secretome is only exosomes'
    """
    try:
        return _index()[as_text(id).strip().upper()]
    except KeyError:
        raise UnknownName("misconception", id, _index(), 'se.load("misconceptions")') from None


@lru_cache(maxsize=1)
def _index() -> dict[str, Misconception]:
    return {row["id"]: Misconception(**row) for row in records("misconceptions")}
