"""A product plan on one page: what the learner decided, its evidence, and what is still open.

Texts come in as they are and go out escaped. A plan never fails: what cannot be used is said
beside what can. The page needs no script, no network and no color; it prints on one sheet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from secretome_edu.ui.bundle import Bundle
from secretome_edu.ui.messages import as_text, closest

# Name of a field -> its heading, and what a reader expects there.
FIELDS = {
    "indication": ("Indication", "which patients, at which stage"),
    "product": ("Product", "living cells, conditioned medium or vesicles"),
    "source": ("Source", "tissue, donors, bank"),
    "priming": ("Priming", "stimulus, dose, hours, or none and why"),
    "dose": ("Dose", "amount with its unit, how often"),
    "route": ("Route", "how it reaches the place where it acts"),
    "release_tests": ("Release tests", "identity, purity, potency, sterility; each with a limit"),
    "first_trial": ("First trial", "phase, comparator, primary outcome"),
    "decision": ("Decision", "criteria, weights, and what turns the first place"),
    "against": ("Evidence against", "the strongest finding against the plan"),
    "stop": ("Stop rule", "the result that would end it"),
}
SOURCES = "sources"
TABLES = ("tradeoffs", "applications", "outcomes_numeric")
LONG = 400
MARK = '<meta name="generator" content="Secretome Edu plan">'
_STYLE = (
    ":root{color-scheme:light dark}"  # system colors follow light, dark and forced colors
    "body{font:15px/1.45 system-ui,sans-serif;max-width:48em;margin:1.5em auto;padding:0 1em;"
    "color:CanvasText;background:Canvas;overflow-wrap:anywhere}"
    "h1{font-size:1.5em}h2{font-size:1.1em}dt{font-weight:600;margin-top:.5em}dd{margin:0 0 0 1em}"
    "@page{margin:14mm}@media print{:root{color-scheme:light}"
    "body{font-size:10pt;margin:0;max-width:none}}"
)
_EMPTY = "still empty"


@dataclass(frozen=True)
class Plan:
    """A plan; show it to read it, ``save`` it to print it or hand it in."""

    fields: Mapping[str, str]
    keys: tuple[str, ...]
    rows: tuple[str, ...]
    notices: tuple[str, ...] = ()

    @property
    def empty(self) -> tuple[str, ...]:
        """Headings of the fields without a text."""
        heads = [head for name, (head, _) in FIELDS.items() if not self.fields.get(name)]
        return (*heads, *(() if self.keys else ("Sources",)))

    @property
    def title(self) -> str:
        """What the plan is for."""
        given = [self.fields[name] for name in ("product", "indication") if self.fields.get(name)]
        return f"Plan: {' for '.join(given)}" if given else "Plan"

    def page(self) -> str:
        """Return the whole page as HTML; the same for the same texts."""
        return (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">{MARK}'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(self.title)}</title><style>{_STYLE}</style></head><body><main>"
            f"<h1>{escape(self.title)}</h1>{self._body('h2')}</main></body></html>"
        )

    def save(self, file: str | Path) -> Bundle:
        """Write the page; only an earlier plan is ever overwritten. Says what it did."""
        path = Path(as_text(file))
        if path.suffix.lower() not in (".html", ".htm"):
            return _say(f"Not saved: {path} should end with .html, for example my_plan.html.")
        try:
            if path.exists() and MARK not in path.read_text("utf-8", errors="replace"):
                return _say(f"Not saved: {path} exists and is no plan; choose another name.")
            path.write_text(self.page(), encoding="utf-8")
        except (OSError, ValueError) as problem:
            why = getattr(problem, "strerror", None) or "no valid name"
            return _say(f"Not saved: {path} cannot be written ({why}). Choose another name.")
        return _say(f"Saved as {path}. Open it in a browser to read or print it.")

    def _said(self) -> list[str]:
        left = ", ".join(self.empty)
        return [*self.notices, f"Still empty: {left}." if left else "Every field has a text."]

    def _body(self, heading: str) -> str:
        items = "".join(
            f"<dt>{head}</dt>"
            f"<dd>{escape(self.fields.get(name, '')) or f'<em>{_EMPTY}: {hint}</em>'}</dd>"
            for name, (head, hint) in FIELDS.items()
        )
        html = f"<dl>{items}</dl>"
        if self.rows:
            body = "".join(f"<li>{escape(row)}</li>" for row in self.rows)
            html += f"<{heading}>Rows of the course's tables</{heading}><ul>{body}</ul>"
        if self.keys:
            from secretome_edu.data import bibliography

            html += f"<{heading}>Sources</{heading}>{bibliography(self.keys).html}"
        return html + "".join(f"<p>{escape(words)}</p>" for words in self._said())

    def __repr__(self) -> str:
        lines = [self.title]
        lines += [f"{h}: {self.fields.get(n) or _EMPTY}" for n, (h, _) in FIELDS.items()]
        lines += self.rows
        if self.keys:
            from secretome_edu.data import bibliography

            lines.append(bibliography(self.keys).text)
        return "\n".join([*lines, *self._said()])

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        html = f"<div><p><strong>{escape(self.title)}</strong></p>{self._body('h4')}</div>"
        return {"text/plain": repr(self), "text/html": html}


def plan(file: str | Path = "", **fields: Any) -> Plan:
    """Return a plan from short texts, and save it where a file is named.

    Parameters
    ----------
    file : str or Path, optional
        For example ``"my_plan.html"``; empty saves nothing.
    **fields : str
        Those of ``FIELDS``, and ``sources``: keys of references (``lightner2023``) and rows of
        tables (``T022``). Keys and rows that stand in other texts are found, too.

    Examples
    --------
    >>> print(plan(product="vesicles", indication="ARDS", sources="lightner2023").empty[:2])
    ('Source', 'Priming')
    """
    given = {name: _text(value) for name, value in fields.items()}
    notices = [_unknown("field", name, (*FIELDS, SOURCES)) for name in given if name not in known()]
    named = given.pop(SOURCES, "")
    texts = {name: given[name] for name in FIELDS if given.get(name)}
    notices += [
        f"{FIELDS[name][0]} has {len(text)} characters; one page has room for about {LONG} each."
        for name, text in texts.items()
        if len(text) > LONG
    ]
    keys, rows, unused = _evidence([*texts.values(), named], named)
    made = Plan(texts, keys, rows, (*notices, *unused))
    if not as_text(file):
        return made
    return Plan(texts, keys, rows, (*made.notices, made.save(file).text))


def known() -> tuple[str, ...]:
    """Return the names that a plan accepts."""
    return (*FIELDS, SOURCES)


def _text(value: Any) -> str:
    if value is None:
        return ""
    parts = value if isinstance(value, list | tuple) else [value]
    return " ".join(", ".join(map(as_text, parts)).split())


def _evidence(texts: list[str], named: str) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
    """Return reference keys and rows that texts name, and what is said on unknown ones."""
    from secretome_edu.data.references import entries

    references = {entry["id"] for entry in entries()}
    by_id = _rows()
    words = [word for text in texts for word in re.findall(r"\w+", text)]
    found_rows = list(dict.fromkeys(word for word in words if word in by_id))
    keys = [word for word in words if word in references]
    keys += [key for row in found_rows for key in by_id[row][1]]
    unused = [
        _unknown("reference or row", word, (*references, *by_id))
        for word in dict.fromkeys(re.findall(r"[^\s,;]+", named))
        if word not in references and word not in by_id
    ]
    return tuple(dict.fromkeys(keys)), tuple(by_id[row][0] for row in found_rows), unused


def _rows() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return row id -> what the row says and its sources."""
    from secretome_edu.data import load

    says = {
        "tradeoffs": ("criterion", "cell_based", "cell_free", "favors", "strength"),
        "applications": ("disease", "species", "evidence_grade", "product", "outcome"),
        "outcomes_numeric": ("study", "species", "evidence_grade", "comparison", "outcome"),
    }
    found = {}
    for table in TABLES:
        for row in load(table).to_dict("records"):
            parts = [f"{name.replace('_', ' ')}: {row[name]}" for name in says[table]]
            found[row["row_id"]] = (f"{row['row_id']} ({'; '.join(parts)})", row["source_keys"])
    return found


def _unknown(kind: str, given: str, names: tuple[str, ...]) -> str:
    near = closest(given, sorted(names), 1)
    more = f" Did you mean {near[0]}?" if near else ""
    return f"There is no {kind} named {given}.{more}"


def _say(words: str) -> Bundle:
    return Bundle(words, f"<p>{escape(words)}</p>")
