"""Model cards: what a model says, what it leaves out, and where each of its numbers is from.

A card is a YAML file beside the model's code, in ``cards/``. Sliders take their label, range and
unit from it, and the tests run its limit cases.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from secretome_edu.models.writing import number, unit_text
from secretome_edu.ui import markup
from secretome_edu.ui.bundle import Bundle
from secretome_edu.ui.messages import BadValue, UnknownName
from secretome_edu.ui.yaml_text import NotYaml, parse_yaml

FOLDER = Path(__file__).with_name("cards")

# Where a value is from. `published_model` is a value printed in a published model, which its
# authors may have measured, fitted or assumed.
KINDS = ("measured", "review_range", "published_model", "computed", "illustrative", "constant")
SCALES = ("linear", "log")


@dataclass(frozen=True)
class Parameter:
    """One number of a model: value, range, unit and origin.

    Attributes
    ----------
    name : str
        The argument's name in the model's function.
    symbol : str
        TeX symbol used in the equation.
    label : str
        What a slider says.
    value : float
        Default.
    low, high : float or None
        Slider range; None where the number is not meant to be moved.
    unit : str
        Empty for a pure number.
    scale : str
        ``linear`` or ``log``.
    kind : str
        One of ``KINDS``; ``illustrative`` is shown as such.
    source : str
        DOI or PMID; empty only for illustrative values and constants.
    note : str
        What a careful reader should know about the value.
    """

    name: str
    symbol: str
    label: str
    value: float
    unit: str
    kind: str
    low: float | None = None
    high: float | None = None
    scale: str = "linear"
    source: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        where = f"parameter {self.name!r}"
        # YAML reads 5e-06 as text; only 5.0e-06 is a number.
        for given in (self.value, self.low, self.high):
            _require(not isinstance(given, str), f"{where} has {given!r}, which is not a number.")
        _require(self.kind in KINDS, f"{where} has kind {self.kind!r}; it accepts {KINDS}.")
        _require(self.scale in SCALES, f"{where} has scale {self.scale!r}; it accepts {SCALES}.")
        sourced = bool(self.source) or self.kind in ("illustrative", "constant")
        _require(sourced, f"{where} has no source; only illustrative values may lack one.")
        _require((self.low is None) == (self.high is None), f"{where} has half a range.")
        if self.low is not None and self.high is not None:
            inside = self.low <= self.value <= self.high and self.low < self.high
            _require(inside, f"{where} is {self.value:g}, outside {self.low:g} to {self.high:g}.")
            _require(
                self.scale == "linear" or self.low > 0, f"{where}: a log scale starts above 0."
            )

    @property
    def range_text(self) -> str:
        """The range with its unit, or "fixed"."""
        if self.low is None or self.high is None:
            return "fixed"
        return f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Limit:
    """A case whose answer is known, as two Python expressions the tests compare.

    They may use ``models``, the model's own module by its name, ``np``, ``p`` (the card's default
    values by name) and what the card defines under ``given``.
    """

    says: str
    compute: str
    expect: str
    rel: float = 1e-9
    abs: float = 0.0


@dataclass(frozen=True)
class ModelCard:
    """A model's equation, assumptions, parameters and limits; displays as text and as HTML."""

    name: str
    title: str
    equation: str
    captures: tuple[str, ...]
    leaves_out: tuple[str, ...]
    not_for: tuple[str, ...]
    limits: tuple[Limit, ...]
    parameters: tuple[Parameter, ...]
    sources: tuple[str, ...]
    given: tuple[tuple[str, str], ...] = ()

    def parameter(self, name: str) -> Parameter:
        """Return one parameter.

        Raises
        ------
        UnknownName
            If the card has no such parameter; lists the closest names.
        """
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = [p.name for p in self.parameters]
        listing = f"[p.name for p in model_card({self.name!r}).parameters]"
        raise UnknownName(f"parameter of the {self.name} card", name, known, listing)

    @property
    def defaults(self) -> dict[str, float]:
        """The default value of each parameter by name."""
        return {p.name: p.value for p in self.parameters}

    def bundle(self) -> Bundle:
        """Return the card to show."""
        return Bundle(_card_text(self), _card_html(self))

    def __repr__(self) -> str:
        return self.bundle().text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return self.bundle()._repr_mimebundle_(include, exclude)


def card_names() -> list[str]:
    """Return the names of all models that have a card.

    Examples
    --------
    >>> "reach" in card_names()
    True
    """
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@lru_cache(maxsize=32)
def model_card(name: str) -> ModelCard:
    """Return the card of a model.

    Parameters
    ----------
    name : str
        A model's name, for example ``"reach"``.

    Returns
    -------
    ModelCard
        Displays itself; ``.parameters`` feeds sliders.

    Raises
    ------
    UnknownName
        If there is no such card; lists the closest names.

    Examples
    --------
    >>> model_card("reach").parameter("diffusivity_um2_s").unit
    'um2/s'
    """
    if name not in card_names():
        raise UnknownName("model card", name, card_names(), "models.cards.card_names()")
    try:
        raw = parse_yaml((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))[0]
        return ModelCard(
            name=name,
            title=raw["title"],
            equation=raw["equation"].strip(),
            captures=tuple(raw["captures"]),
            leaves_out=tuple(raw["leaves_out"]),
            not_for=tuple(raw["not_for"]),
            limits=tuple(Limit(**limit) for limit in raw["limits"]),
            parameters=tuple(Parameter(**parameter) for parameter in raw["parameters"]),
            sources=tuple(raw["sources"]),
            given=tuple(raw.get("given", {}).items()),
        )
    except (KeyError, TypeError, AttributeError, NotYaml) as problem:
        raise BadValue(f"The card {name}.yaml is incomplete: {problem}.") from problem


# JupyterLab aligns table cells to the right, which scatters a column of words.
_LEFT = ' style="text-align:left"'

# The theme's accent keeps a link readable on a dark ground. Without the theme it takes the color of
# the text around it, which the page has made readable, and the line under it says that it is one.
_LINK = 'style="color:var(--se-accent,inherit);text-decoration:underline"'

_DIGITS = 6  # a card shows a value as its source prints it

_LISTS = (
    ("What it captures", "captures"),
    ("What it leaves out", "leaves_out"),
    ("Do not use it for", "not_for"),
)


def _card_text(card: ModelCard) -> str:
    lines = [f"Model card: {card.title}", "", f"Equation (TeX): {card.equation}"]
    for heading, field in _LISTS:
        lines += ["", f"{heading}:"]
        lines += [f"  - {markup.to_text(item)}" for item in getattr(card, field)]
    lines += ["", "Limits the tests run:"]
    lines += [f"  - {markup.to_text(limit.says)}" for limit in card.limits]
    lines += ["", "Parameters:"]
    for p in card.parameters:
        value = f"{p.value:g} {p.unit}".strip()
        origin = f"{p.kind}, {p.source}" if p.source else p.kind
        note = f" {markup.to_text(p.note)}" if p.note else ""
        lines.append(f"  - {p.label} ({p.name}): {value}; range {p.range_text}; {origin}.{note}")
    return "\n".join([*lines, "", "Sources: " + "; ".join(card.sources)])


def _card_html(card: ModelCard) -> str:
    inline, escape = markup.to_inline_html, html.escape
    parts = [
        f'<div class="se se-card"><p><strong>Model card: {escape(card.title)}</strong></p>',
        markup.to_html(f"$$\n{card.equation}\n$$"),
    ]
    for heading, field in _LISTS:
        entries = "".join(f"<li>{inline(item)}</li>" for item in getattr(card, field))
        parts.append(f"<p><strong>{heading}</strong></p><ul>{entries}</ul>")
    limits = "".join(f"<li>{inline(limit.says)}</li>" for limit in card.limits)
    parts.append(
        f"<details><summary>Limits the tests run ({len(card.limits)})</summary>"
        f"<ul>{limits}</ul></details>"
    )
    head = "".join(
        f'<th scope="col"{_LEFT}>{title}</th>'
        for title in ("Parameter", "Symbol", "Value", "Range", "Unit", "Origin", "Note")
    )
    rows = "".join(_row_html(parameter) for parameter in card.parameters)
    parts.append(
        '<div style="overflow-x:auto" tabindex="0" role="region" aria-label="Parameters">'
        f"<table><caption>Parameters of the model {escape(card.name)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    sources = "; ".join(_source_html(source) for source in card.sources)
    return "\n".join([*parts, f"<p><strong>Sources:</strong> {sources}</p></div>"])


def _row_html(p: Parameter) -> str:
    symbol = markup.to_inline_html(f"${p.symbol}$")
    origin = p.kind.replace("_", " ") + (f", {_source_html(p.source)}" if p.source else "")
    cells = (
        symbol,
        number(p.value, digits=_DIGITS),
        _range_html(p),
        html.escape(unit_text(p.unit)) or "none",
        origin,
        markup.to_inline_html(p.note),
    )
    data = "".join(f"<td{_LEFT}>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row"{_LEFT}>{html.escape(p.label)}</th>{data}</tr>'


def _range_html(p: Parameter) -> str:
    if p.low is None or p.high is None:
        return "fixed"
    return f"{number(p.low, digits=_DIGITS)} to {number(p.high, digits=_DIGITS)}"


def _source_html(source: str) -> str:
    shown = html.escape(source)
    if source.startswith("10."):
        return f'<a {_LINK} href="https://doi.org/{html.escape(source, quote=True)}">{shown}</a>'
    if source.startswith("PMID:"):
        return f'<a {_LINK} href="https://pubmed.ncbi.nlm.nih.gov/{shown[5:]}/">{shown}</a>'
    return shown


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise BadValue(f"Model card: {message}")
