"""Token instance files: what is written is read back."""

import json

import pytest
from hypothesis import given

from reference.catalog import dump, load, parse, tree_names
from reference.catalog.loading import DATA
from reference.catalog.token_format import TOKEN_SCHEMA_PATH, token_schema_text
from reference.model.parts import Edge
from reference.model.problem import Problem
from reference.testing import problems
from tests.catalog.token_files import clean_sweep


def test_the_shipped_schema_is_the_generated_one() -> None:
    assert TOKEN_SCHEMA_PATH.read_text() == token_schema_text()


@pytest.mark.parametrize("name", tree_names())
def test_a_shipped_instance_is_written_as_it_is_read(name: str) -> None:
    problem = load(f"catalog:{name}")
    assert load(name) == problem
    assert dump(problem) == (DATA / "tokens" / f"{name}.json").read_text()


# -------------------------------------------------------------------------------------------------- round trip


def same_along_paths(one: Problem, other: Problem) -> bool:
    """Whether every path has the same tokens, base masses, features and rewards; nodes may be numbered otherwise."""
    assert len(one.prompts) == len(other.prompts)
    assert one.horizon == other.horizon
    pairs = {(a.root, b.root) for a, b in zip(one.prompts, other.prompts, strict=True)}
    for h in range(one.horizon):
        longer: set[tuple[int, int]] = set()
        for i, j in pairs:
            left, right = one.layers[h][i], other.layers[h][j]
            if [_without_child(edge) for edge in left] != [_without_child(edge) for edge in right]:
                return False
            if h + 1 < one.horizon:
                longer |= {(a.child, b.child) for a, b in zip(left, right, strict=True)}
        pairs = longer
    return True


def _without_child(edge: Edge) -> tuple[object, ...]:
    return edge.token, edge.pi_ref, edge.phi, edge.reward


@given(problems())
def test_a_written_problem_is_read_back(problem: Problem) -> None:
    text = dump(problem)
    again = parse(text)
    assert (again.name, again.prompts, again.rho, again.alphabet, again.beta, again.R_max) == (
        problem.name,
        problem.prompts,
        problem.rho,
        problem.alphabet,
        problem.beta,
        problem.R_max,
    )
    assert same_along_paths(problem, again)
    for x in range(len(problem.prompts)):
        assert list(again.expanded(x)) == list(problem.expanded(x))
        assert all(again.reward_of(x, s) == problem.reward_of(x, s) for s in problem.expanded(x))
    assert dump(again) == text


@pytest.mark.parametrize("key", ["pi_ref", "phi"])
def test_the_comparison_along_paths_sees_one_changed_number(key: str) -> None:
    raw = clean_sweep()
    before = parse(json.dumps(raw))
    changed = {"pi_ref": ("13/15", "2/15"), "phi": (["1/2"], ["1"])}[key]
    for token, value in zip(raw["prompts"][0]["prefixes"][2]["tokens"], changed, strict=True):
        token[key] = value
    assert same_along_paths(before, before)
    assert not same_along_paths(before, parse(json.dumps(raw)))


def test_a_reward_of_a_sequence_is_added_to_those_of_its_tokens() -> None:
    raw = clean_sweep()
    raw["prompts"][0]["rewards"] = [{"sequence": ["1", "0"], "reward": "1/2"}, {"sequence": ["1", "1"], "reward": "-1"}]
    before, after = parse(json.dumps(clean_sweep())), parse(json.dumps(raw))
    added = {s: after.reward_of(0, s) - before.reward_of(0, s) for s in before.expanded(0)}
    assert {s: str(r) for s, r in added.items()} == {(0, 0): "0", (1, 0): "1/2", (1, 1): "-1"}
