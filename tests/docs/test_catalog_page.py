"""The catalog page: a card for each instance, with its facts and a picture whose bars are its masses."""

import doctest
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "_ext"))

import catalog_cards
from catalog_cards import BARS, SIZE, card, facts, thumbnail

from reference.catalog import load, names


def test_examples() -> None:
    assert doctest.testmod(catalog_cards).failed == 0


@pytest.mark.parametrize("name", names())
def test_every_instance_has_a_card_with_two_bars_an_outcome_and_a_text(name: str) -> None:
    problem = load(f"catalog:{name}")
    text = card(problem)
    outcomes = len(problem.layers[0][problem.prompts[0].root])
    assert f'id="catalog-{name}"' in text
    assert text.count("<rect") == 2 * min(outcomes, BARS)
    assert 'role="img" aria-label="From base model to optimum: ' in text
    heights = [float(height) for height in re.findall(r'width="[\d.]+" height="([\d.]+)"', thumbnail(problem))]
    assert all(0 <= height <= SIZE[1] for height in heights)
    if outcomes <= BARS:  # all of the mass is drawn, twice
        assert sum(heights) == pytest.approx(2 * (SIZE[1] - 4), abs=0.2 * outcomes)


def test_facts_of_two_arms_and_of_tokens() -> None:
    assert facts(load("catalog:two-arms")) == {
        "prompts": "1", "responses": "2", "dimension": "1", "&beta;": "1", "C<sub>cov</sub>": "4/3", "KL": "0.05663",
        "gap of base": "0.05889",
    }  # fmt: skip
    assert facts(load("catalog:fair-bits-3"))["C<sub>cond</sub>"] == "8/5"
