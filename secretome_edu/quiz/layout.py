"""What of an item may leave the kernel: texts in a frozen order, behind names that tell nothing.

An author's ids and order would give keys away (steps are written in the right order, a matching
pair shares its id), so the page sees ``a``, ``b``, ``c`` by place. The order follows from the
item's id alone, so it never changes between runs, machines and hash seeds.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from string import ascii_lowercase
from typing import Any

from secretome_edu.quiz import items as kinds
from secretome_edu.quiz.arranging import grade_ordering, match_ids
from secretome_edu.quiz.bank import BANKS
from secretome_edu.quiz.parts import Option
from secretome_edu.quiz.result import CORRECT
from secretome_edu.quiz.units import pretty
from secretome_edu.ui import markup

_NOBODY = "?"  # not a possible id: grades as invalid


def shown_order(seed: str, names: list[str]) -> list[str]:
    """Return names in an order that follows from ``seed`` and nothing else.

    Examples
    --------
    >>> shown_order("q1", ["x", "y", "z"]) == shown_order("q1", ["z", "y", "x"])
    True
    """
    return sorted(names, key=lambda name: hashlib.sha256(f"{seed}|{name}".encode()).hexdigest())


class Layout:
    """The public form of one realized item.

    Parameters
    ----------
    item : Item
        Realized (`quiz.variants.realize`).

    Attributes
    ----------
    names : dict
        Role (``options``, ``reasons``, ``rows``, ``choices``, ``steps``, ``rubric``) ->
        public name -> author's id.
    """

    def __init__(self, item: kinds.Item):
        self.item = item
        self.names: dict[str, dict[str, str]] = {}
        self.texts: dict[str, dict[str, str]] = {}
        if isinstance(item, kinds.SingleChoice | kinds.MultipleChoice | kinds.TwoTier):
            self._place("options", {o.id: o.text for o in item.options}, _pinned(item.options))
            if isinstance(item, kinds.TwoTier):
                self._place("reasons", {o.id: o.text for o in item.reasons}, _pinned(item.reasons))
        elif isinstance(item, kinds.Prediction):
            self._keep("options", {o.id: o.text for o in item.options}, ascii_lowercase)
        elif isinstance(item, kinds.Matching):
            self._keep("rows", {p.id: p.prompt for p in item.pairs}, "123456789X")
            self._place("choices", match_ids(item))
        elif isinstance(item, kinds.Categorize):
            self._place("rows", {t.id: t.text for t in item.things}, marks="123456789XYZ")
            self._keep("choices", {c.id: c.text for c in item.categories}, ascii_lowercase)
        elif isinstance(item, kinds.Ordering):
            self._place("steps", {s.id: s.text for s in item.steps}, order=_unsolved(item))
        elif isinstance(item, kinds.OpenAnswer):
            self._keep("rubric", {c.id: c.text for c in item.rubric}, ascii_lowercase)

    def _place(
        self,
        role: str,
        texts: Mapping[str, str],
        last: tuple[str, ...] = (),
        order: list[str] | None = None,
        marks: str = ascii_lowercase,
    ) -> None:
        # By text, not by id: an author who always names the key "a" must not fix its place.
        by_text = {text: name for name, text in texts.items()}
        seed = f"{self.item.id}|{role}"
        order = order or [by_text[text] for text in shown_order(seed, list(by_text))]
        order = [n for n in order if n not in last] + [n for n in order if n in last]
        self._keep(role, {name: texts[name] for name in order}, marks)

    def _keep(self, role: str, texts: Mapping[str, str], marks: str) -> None:
        self.names[role] = dict(zip(marks, texts, strict=False))
        self.texts[role] = {mark: texts[name] for mark, name in self.names[role].items()}

    def to_author(self, response: Any) -> Any:
        """Return a response with the author's ids for the public names."""
        return self._translated(response, self.names)

    def to_public(self, response: Any) -> Any:
        """Return a response with public names for the author's ids."""
        back = {r: {name: mark for mark, name in part.items()} for r, part in self.names.items()}
        return self._translated(response, back)

    def _translated(self, response: Any, names: dict[str, dict[str, str]]) -> Any:
        def one(role: str, name: Any) -> Any:
            if name is None or name == "":
                return None
            return names[role].get(name, _NOBODY) if isinstance(name, str) else name

        def several(role: str, given: Any) -> Any:
            return [one(role, n) for n in given] if isinstance(given, (list, tuple)) else given

        kind = self.item.type
        if kind == "single_choice" or (kind == "prediction" and self.names.get("options")):
            return one("options", response)
        if kind == "multiple_choice":
            return several("options", response)
        if kind == "ordering":
            return several("steps", response)
        if not isinstance(response, Mapping):
            return response
        if kind in ("matching", "categorize"):
            return {one("rows", row): one("choices", name) for row, name in response.items()}
        if kind == "two_tier":
            return {
                "answer": one("options", response.get("answer")),
                "reason": one("reasons", response.get("reason")),
            }
        if kind == "open_answer":
            met = response.get("met")
            return {"text": response.get("text"), "met": several("rubric", met)}
        return response

    def public(self) -> dict[str, Any]:
        """Return everything the page needs to ask, and nothing that answers."""
        item = self.item
        first, _, rest = item.stem.partition("\n\n")
        view: dict[str, Any] = {
            "id": item.id,
            "type": item.type,
            "legend": markup.to_inline_html(first.replace("\n", " ")),
            "body": markup.to_html(rest) if rest else "",
            "media": [{"src": _data_uri(media.file), "alt": media.alt} for media in item.media],
            "hints": len(item.hints),
        }
        for role, texts in self.texts.items():
            if role == "rubric":
                continue  # a rubric says what a good answer holds: shown after the answer
            view[role] = [
                {"name": mark, "html": markup.to_inline_html(text), "text": markup.to_text(text)}
                for mark, text in texts.items()
            ]
        if isinstance(item, kinds.TwoTier):
            view["reason_stem"] = markup.to_inline_html(item.reason_stem)
            view["reason_stem_text"] = markup.to_text(item.reason_stem)
        if isinstance(item, kinds.Numeric):
            view["unit"] = pretty(item.unit) if item.unit and item.unit_given else None
            view["needs_unit"] = bool(item.unit and not item.unit_given)
        if isinstance(item, kinds.Prediction):
            view["form"] = item.form
            view["unit"] = pretty(item.unit) if item.unit else None
        return view


def _pinned(options: list[Option]) -> tuple[str, ...]:
    return tuple(option.id for option in options if option.pin == "last")


def _unsolved(item: kinds.Ordering) -> list[str]:
    """Return a frozen order of the steps that is not a right one."""
    texts = {step.text: step.id for step in item.steps}
    order = [texts[text] for text in shown_order(f"{item.id}|steps", list(texts))]
    while grade_ordering(item, order).state == CORRECT:
        order = order[1:] + order[:1]
    return order


def _data_uri(name: str) -> str:
    kind = "svg+xml" if name.endswith(".svg") else "png"
    content = base64.b64encode((BANKS / "media" / name).read_bytes()).decode()
    return f"data:image/{kind};base64,{content}"
