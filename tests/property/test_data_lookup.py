"""Look-ups for any text: an answer or a helpful KeyError, never anything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import secretome_edu as se
from secretome_edu.data import package
from secretome_edu.data.glossary import _plain

TERMS = [row["term"] for row in package.records("glossary")]


@pytest.mark.parametrize("face", [se.load, se.describe, se.cite, se.define, se.misconception])
@given(text=st.text(max_size=40))
def test_any_text_gets_an_answer_or_a_helpful_keyerror(face, text):
    helpful = ""
    try:
        face(text)
    except KeyError as error:
        helpful = str(error)
    assert not helpful or "lists all" in helpful


@given(term=st.sampled_from(TERMS), swap=st.randoms(use_true_random=False))
def test_case_hyphens_and_spaces_do_not_matter(term, swap):
    typed = "".join(swap.choice([c.upper(), c.lower()]) for c in term).replace("-", " ")
    assert se.define(f"  {typed} ").term == term


@given(term=st.sampled_from(TERMS))
def test_folding_a_name_twice_changes_nothing(term):
    assert _plain(_plain(term)) == _plain(term)


@given(keys=st.lists(st.sampled_from([r["id"] for r in se.data.references.entries()]), max_size=8))
def test_a_bibliography_has_one_line_per_different_key(keys):
    lines = se.bibliography(keys).text.splitlines()
    assert len(lines) == len(set(keys))
