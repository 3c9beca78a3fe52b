"""Where answers go: what the quiz asks of whoever remembers them, and a memory for one session."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class Recorder(Protocol):
    """What a quiz needs to remember a learner's answers. The progress room has one that lasts."""

    def record(
        self,
        kind: str,
        *,
        item: str,
        item_hash: str,
        variant: int | None,
        response: Any,
        state: str,
        score: float,
        max_score: float,
        confidence: int | None = None,
        duration_s: float | None = None,
    ) -> None:
        """Append one event; ``kind`` is answered, drafted, hint, revealed or reset."""

    def last(self, item: str) -> dict[str, Any] | None:
        """Return the newest ``answered`` event of an item, or None."""

    def history(self, item: str) -> list[dict[str, Any]]:
        """Return all events of an item, oldest first."""


class MemoryRecorder:
    """A recorder that forgets when the kernel stops.

    Examples
    --------
    >>> memory = MemoryRecorder()
    >>> memory.record("answered", item="q1", item_hash="0", variant=None, response="a",
    ...               state="correct", score=1.0, max_score=1.0)
    >>> memory.last("q1")["state"]
    'correct'
    """

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def record(self, kind: str, *, item: str, **fields: Any) -> None:
        """Append one event."""
        self.events.append({"kind": kind, "item": item, **fields})

    def last(self, item: str) -> dict[str, Any] | None:
        """Return the newest ``answered`` event of an item, or None."""
        return next((e for e in reversed(self.history(item)) if e["kind"] == "answered"), None)

    def history(self, item: str) -> list[dict[str, Any]]:
        """Return all events of an item, oldest first."""
        return [dict(event) for event in self.events if event["item"] == item]
