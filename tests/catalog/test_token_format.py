"""Token instance files: what is written is read back, and what is wrong is named by its prefix, in one line."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from reference.catalog import InstanceError, dump, load_any, load_tokens, parse_tokens, token_names
from reference.catalog.load import DATA
from reference.catalog.token_format import TOKEN_SCHEMA_PATH, token_schema_text
from reference.exact import log
from reference.model.tokens import TokenProblem
from reference.testing import token_problems

Change = Callable[[list[dict[str, Any]]], object]
"""Spoils the list of prefixes of ``clean-sweep``: the entries (), (0) and (1)."""


def test_the_shipped_schema_is_the_generated_one() -> None:
    assert TOKEN_SCHEMA_PATH.read_text() == token_schema_text()


@pytest.mark.parametrize("name", token_names())
def test_a_shipped_instance_is_written_as_it_is_read(name: str) -> None:
    problem = load_tokens(f"catalog:{name}")
    assert load_any(name) == problem
    assert dump(problem) == (DATA / "tokens" / f"{name}.json").read_text()


@given(token_problems())
def test_a_written_problem_is_read_back(problem: TokenProblem) -> None:
    again = parse_tokens(dump(problem))
    assert (again.rho, again.alphabet, again.beta, again.R_max) == (
        problem.rho,
        problem.alphabet,
        problem.beta,
        problem.R_max,
    )
    for x in range(len(problem.entries)):
        assert set(again.sequences(x)) == set(problem.sequences(x))
        assert all(again.reward(x, s) == problem.reward(x, s) for s in problem.sequences(x))


def test_the_clean_sweep_instance_is_that_of_the_theory() -> None:
    problem = load_tokens("catalog:clean-sweep")
    assert problem.reward(0, (1, 1)) == log(16)
    assert problem.sequence_count() == 3


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda p: p.pop(), "1"),
        (lambda p: p[2]["tokens"][1].update(pi_ref="1/16"), "sum to"),
        (lambda p: p[2]["tokens"][1].update({"token": "2"}), "'2'"),
        (lambda p: p[2]["tokens"][1].update(phi=["1", "0"]), "2 features"),
        (lambda p: p.append({"prefix": ["1", "1"], "tokens": p[1]["tokens"]}), "1"),
        (lambda p: p[1].update(tokens=[]), "0"),
        (lambda p: p[1].update(prefix=["1"]), "1"),
        (lambda p: p[2]["tokens"][1].update(reward="0.1.1"), "0.1.1"),
        (lambda p: p[0]["tokens"][0].update(next="nowhere"), "nowhere"),
    ],
)
def test_what_is_wrong_is_one_line_that_names_the_place(change: Change, says: str) -> None:
    raw = json.loads((DATA / "tokens" / "clean-sweep.json").read_text())
    change(raw["prompts"][0]["prefixes"])
    with pytest.raises(InstanceError) as caught:
        parse_tokens(json.dumps(raw), "file.json")
    message = str(caught.value)
    assert message.startswith("file.json: ")
    assert says in message
    assert "\n" not in message
