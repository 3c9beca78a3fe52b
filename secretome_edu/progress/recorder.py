"""What a quiz remembers of one lesson; satisfies the quiz room's recorder protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from secretome_edu.progress.store import Store


class Recorder:
    """Answers of one lesson, in the learner's store.

    Examples
    --------
    >>> from secretome_edu.progress.store import open_store
    >>> recorder = open_store("memory:").recorder("units")
    >>> recorder.record("answered", item="q1", item_hash="h", variant=None, response="b",
    ...                 state="correct", score=1.0, max_score=1.0, confidence=3)
    >>> recorder.last("q1")["response"], recorder.last("q2")
    ('b', None)
    """

    def __init__(self, store: Store, lesson: str):
        self._store, self._lesson = store, lesson

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
        """Remember an answer, a hint, a look at the solution or a fresh start."""
        self._store.append(
            kind, lesson=self._lesson, item=item, item_hash=item_hash, variant=variant,
            response=response, state=state, score=score, max_score=max_score,
            confidence=confidence, duration_s=duration_s,
        )  # fmt: skip

    def last(self, item: str) -> dict[str, Any] | None:
        """Return the newest answer to an item, or None."""
        answers = [entry for entry in self.history(item) if entry["kind"] == "answered"]
        return answers[-1] if answers else None

    def history(self, item: str) -> list[dict[str, Any]]:
        """Return all that happened to an item, oldest first."""
        events = self._store.events(self._lesson, item)
        return [{"kind": e.kind, "time": e.time, "item": e.item, **e.fields} for e in events]
