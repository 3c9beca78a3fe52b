"""A changed parameter, table value, answer or description does not go unnoticed."""

from __future__ import annotations

import dataclasses
import re

import nbformat
import pytest

from secretome_edu.authoring import prose
from secretome_edu.authoring.keys import key_findings
from secretome_edu.authoring.notebooks import FOLDER
from secretome_edu.authoring.prose import facts_of, lint_prose
from secretome_edu.course.manifest import manifest
from secretome_edu.quiz.variants import value_of
from secretome_edu.ui.messages import BadValue

ENTRY = manifest().entry("paracrine_reach")
NOTEBOOK = FOLDER / ENTRY.notebook


def codes() -> set[str]:
    return {finding.code for finding in lint_prose(ENTRY, NOTEBOOK)}


def test_unchanged_nothing_is_found():
    assert codes() == set()
    assert list(key_findings()) == []


@pytest.mark.parametrize(
    "name", ["diffusivity_um2_s", "secretion_rate", "threshold_pM", "uptake_rate_per_s", "cells"]
)
def test_a_changed_model_parameter(monkeypatch, name):
    from secretome_edu.quiz import computed

    original = computed._REGISTRY["card_value"]

    def changed(card, parameter):
        return original(card, parameter) * (1.1 if parameter == name else 1.0)

    monkeypatch.setitem(computed._REGISTRY, "card_value", changed)
    assert "P02" in codes()


TABLE_FACTS = [name for name, fact in ENTRY.facts.items() if fact.function == "table_value"]


@pytest.mark.parametrize("name", TABLE_FACTS)
def test_a_changed_table_value(monkeypatch, name):
    from secretome_edu.quiz import computed

    original = computed._REGISTRY["table_value"]
    row = ENTRY.facts[name].arguments["equals"]

    def changed(equals, **arguments):
        value = original(equals=equals, **arguments)
        return value * 1.1 if equals == row else value

    monkeypatch.setitem(computed._REGISTRY, "table_value", changed)
    assert "P02" in codes()


def test_a_changed_answer(monkeypatch):
    from secretome_edu.quiz import bank

    whole = bank.load_bank("paracrine_reach")
    item = whole.item("q-distance")
    options = [o.model_copy(update={"correct": o.id == "quarter"}) for o in item.options]
    items = [i.model_copy(update={"options": options}) if i is item else i for i in whole.items]
    other = whole.model_copy(update={"items": items})
    monkeypatch.setattr(
        bank, "load_bank", lambda slug: other if slug == whole.bank else bank.read_bank(slug)
    )
    monkeypatch.setattr(
        "secretome_edu.authoring.keys.manifest",
        lambda: dataclasses.make_dataclass("M", ["ready"])(lambda: [ENTRY]),
    )
    assert [f.code for f in key_findings()] == ["K01"]


def test_a_changed_description_differs_from_what_is_stored(monkeypatch):
    from secretome_edu.figures import describe
    from secretome_edu.figures.paracrine_reach import ladder

    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    stored = next(c for c in cells if c.id == "paracrine-reach-ladder").outputs[0]
    assert ladder().description in stored.data["text/plain"]
    number = describe.number
    monkeypatch.setattr(
        "secretome_edu.figures.paracrine_reach.percent",
        lambda fraction, digits=3: number(100 * fraction, "percent", digits + 1),
    )
    assert ladder().description not in stored.data["text/plain"]


def test_every_fact_is_used_somewhere():
    text = NOTEBOOK.read_text(encoding="utf-8")
    rooms = FOLDER.parent / "secretome_edu"
    for name in ("exercises", "quiz/banks"):
        text += (rooms / name / f"{ENTRY.slug}.yaml").read_text(encoding="utf-8")
    definitions = " ".join(f.expression or "" for f in ENTRY.facts.values())
    unused = [n for n in facts_of(ENTRY) if f"<!--={n}" not in text and n not in definitions]
    assert unused == []


# -- every number of every lesson --------------------------------------------------------------

READY = manifest().ready()


def changed_facts(entry, known, name, times):
    """Return a lesson's facts as they are when one is another number, dependents included."""
    values = {}
    for fact, source in entry.facts.items():
        if fact == name:
            values[fact] = times * known[fact] if known[fact] else 1
        else:
            values[fact] = known[fact] if source.expression is None else value_of(source, values)
    return values


@pytest.mark.parametrize("entry", READY, ids=lambda entry: entry.slug)
def test_another_value_behind_any_number_of_a_lesson_is_noticed(entry):
    """Three times as much, or a third: nearer values may round to the number that is written."""
    path = FOLDER / entry.notebook
    texts = [*prose._texts(entry, path), *prose._questions(entry)]
    known = facts_of(entry)

    def is_noticed(name, times):
        try:
            facts = changed_facts(entry, known, name, times)
        except BadValue:  # an expression without a value stops the check as well
            return True
        return "P02" in (f.code for at, text in texts for f in prose._numbers(at, text, facts))

    written = {name for _, text in texts for _, name, _ in prose._BOUND.findall(text)}
    numbers = [name for name in written if not isinstance(known[name], str)]
    assert [n for n in numbers if not (is_noticed(n, 3) or is_noticed(n, 0.3))] == []
    # What is not written serves another fact: none is left over.
    used = " ".join(f"{fact.expression} {fact.arguments}" for fact in entry.facts.values())
    assert [n for n in known if n not in written and not re.search(rf"\b{n}\b", used)] == []
