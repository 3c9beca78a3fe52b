"""Terms and misconceptions are found the way people type them."""

from __future__ import annotations

import pytest

import secretome_edu as se
from secretome_edu.data import package


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("exosome", "exosome"),
        ("Exosomes", "exosome"),
        ("EVs", "extracellular vesicle"),
        ("extracellular vesicles", "extracellular vesicle"),
        ("paracrine", "paracrine effect"),
        ("MSCs", "mesenchymal stromal cell"),
        ("half life", "half-life"),
        ("HALF-LIVES", "half-life"),
        ("multivesicular bodies", "multivesicular body"),
        ("meta-analyses", "meta-analysis"),
        ("Treg", "regulatory T cell"),
        ("juxtacrine signaling", "juxtacrine signaling"),
        ("juxtacrine signalling", "juxtacrine signaling"),
        ("randomised controlled trials", "randomized controlled trial"),
        ("tumourigenicity", "tumorigenicity"),
        ("Kd", "dissociation constant"),
        ("Wharton’s jelly", "Wharton's jelly"),
    ],
)
def test_a_term_is_found_as_typed(typed, term):
    assert se.define(typed).term == term


@pytest.mark.parametrize("row", package.records("glossary"), ids=lambda r: r["term"])
def test_every_term_and_synonym_leads_to_a_definition(row):
    assert se.define(row["term"]).definition == row["definition"]
    for synonym in row["synonyms"]:
        assert se.define(synonym).definition, synonym


def test_no_synonym_belongs_to_two_terms():
    from secretome_edu.data.glossary import _plain

    owners: dict[str, set[str]] = {}
    for row in package.records("glossary"):
        for name in (row["term"], *row["synonyms"]):
            owners.setdefault(_plain(name), set()).add(row["term"])
    assert {name: terms for name, terms in owners.items() if len(terms) > 1} == {}


def test_a_definition_shows_its_source_in_both_forms():
    bundle = se.define("secretome")._repr_mimebundle_()
    assert "[Harrell 2019]" in bundle["text/plain"]
    assert 'href="https://doi.org/10.3390/cells8050467"' in bundle["text/html"]


@pytest.mark.parametrize("typed", ["exosom", "", None, "<b>"])
def test_an_unknown_term_says_how_to_list_all(typed):
    with pytest.raises(KeyError, match=r"glossary.*lists all"):
        se.define(typed)


@pytest.mark.parametrize("row", package.records("misconceptions"), ids=lambda r: r["id"])
def test_every_misconception_has_a_cited_correction(row):
    found = se.misconception(row["id"].lower())
    assert found.correction != found.misconception
    assert found.source_keys
    assert all(se.cite(key).url for key in found.source_keys)
    assert found.doi == "" or found.doi.startswith("10.")


def test_an_unknown_misconception_says_how_to_list_all():
    with pytest.raises(KeyError, match=r"Did you mean 'M\d\d'.*misconceptions.*lists all"):
        se.misconception("M99")
