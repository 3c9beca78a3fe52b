"""Cards: complete, honest about their numbers, readable, and every limit case holds."""

from __future__ import annotations

import re

import numpy as np
import pytest

from secretome_edu import models
from secretome_edu.models import cards
from secretome_edu.models.cards import Parameter, card_names, model_card
from secretome_edu.ui.messages import BadValue, UnknownName

REFERENCE = re.compile(r"^(10\.\d{4,9}/\S+|PMID:\d+)$")
LIMITS = [(name, i) for name in card_names() for i in range(len(model_card(name).limits))]


def namespace(name):
    card = model_card(name)
    names = {"np": np, "models": models, name: getattr(models, name), "p": card.defaults}
    for key, expression in card.given:
        names[key] = eval(expression, dict(names))
    return names


@pytest.mark.parametrize(("name", "index"), LIMITS)
def test_limit_case_of_the_card_holds(name, index):
    limit = model_card(name).limits[index]
    names = namespace(name)
    computed, expected = eval(limit.compute, dict(names)), eval(limit.expect, dict(names))
    np.testing.assert_allclose(
        computed, expected, rtol=limit.rel, atol=limit.abs, err_msg=limit.says
    )


def test_every_model_has_a_card_and_every_card_a_model():
    assert card_names() == sorted(models.MODELS)


@pytest.mark.parametrize("name", card_names())
def test_card_says_what_it_must(name):
    card = model_card(name)
    assert all([card.title, card.equation, card.captures, card.leaves_out, card.not_for])
    assert len(card.limits) >= 2
    assert card.parameters
    for source in [*card.sources, *(p.source for p in card.parameters if p.source)]:
        assert REFERENCE.match(source), source
    assert len({p.name for p in card.parameters}) == len(card.parameters)


@pytest.mark.parametrize("name", card_names())
def test_card_is_shown_as_text_and_as_accessible_html(name):
    card = model_card(name)
    bundle = card._repr_mimebundle_()
    page, text = bundle["text/html"], bundle["text/plain"]
    assert repr(card) == text
    assert page == cards._card_html(card)
    assert page.count("<caption>") == page.count("<table>") == 1
    assert page.count('<th scope="row"') == len(card.parameters)
    assert page.count('<th scope="col"') == 7
    assert page.count("<math") > len(card.parameters)
    assert "<code>" not in page, "mathematics that could not be converted is shown as code"
    assert not re.search(r"\\[a-z]+", re.sub(r"<[^>]*>", "", page))
    assert not re.search(r"<script|\bid=|0x[0-9a-f]{6}", page)
    for parameter in card.parameters:
        assert parameter.label in text
    illustrative = sum(p.kind == "illustrative" for p in card.parameters)
    assert text.count("illustrative") >= illustrative


def test_unknown_names_list_the_closest():
    with pytest.raises(UnknownName, match="'reach'"):
        model_card("reech")
    with pytest.raises(UnknownName, match="secretion_rate"):
        model_card("reach").parameter("secretionrate")
    with pytest.raises(AttributeError, match=r"models\.reach"):
        models.reech  # noqa: B018


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "guess"}, "kind 'guess'"),
        ({"scale": "cubic"}, "scale 'cubic'"),
        ({"source": ""}, "no source"),
        ({"low": None}, "half a range"),
        ({"value": 9.0}, "outside"),
        ({"low": 0.0, "scale": "log"}, "above 0"),
    ],
)
def test_a_careless_parameter_is_refused(change, says):
    good = {
        "name": "k", "symbol": "k", "label": "Rate", "value": 1.0, "unit": "1/s",
        "kind": "measured", "low": 0.5, "high": 2.0, "source": "10.1/x",
    }  # fmt: skip
    Parameter(**good)
    with pytest.raises(BadValue, match=says):
        Parameter(**(good | change))
