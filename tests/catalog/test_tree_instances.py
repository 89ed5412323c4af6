"""Each hand-made token instance is what the tool writes, and does what its ``shows`` says."""

import pytest
from flint import fmpq

from reference.catalog import dump, load, tree_names
from reference.catalog.handmade_tokens import token_instances
from reference.catalog.loading import TOKEN_DATA
from reference.constructions.needle_paths import needle_path
from reference.exact import LogLinear, exp, log, real, real_log
from reference.exact.law import Law
from reference.model import coverage, optimum
from reference.model.checks import rational_mass
from reference.model.policy import base_policy, softmax
from reference.model.problem import MAX_SEQUENCES, Problem, TreeTooLarge
from reference.model.ratios import token_coverage
from reference.model.realizability import NotRealizable, Realizable, decide_realizability
from reference.model.soft_bellman import soft_values
from reference.model.values import gap, objective, optimal_value

ZERO = LogLinear(fmpq(0))
HANDMADE = {problem.name: problem for problem in token_instances()}


def thetas(problem: Problem) -> object:
    found = decide_realizability(problem)
    assert isinstance(found, Realizable)
    return found.log_linear()


@pytest.mark.parametrize("name", sorted(HANDMADE))
def test_the_file_is_what_the_tool_writes(name: str) -> None:
    text = (TOKEN_DATA / f"{name}.json").read_text(encoding="utf-8")
    assert text == dump(HANDMADE[name])
    assert load(name) == HANDMADE[name]
    assert load(name).about == HANDMADE[name].about


@pytest.mark.parametrize("name", tree_names())
def test_every_instance_says_what_it_is(name: str) -> None:
    problem = load(name)
    assert problem.name == name
    assert problem.about.title
    assert problem.about.shows
    assert problem.about.source
    assert dump(problem) == (TOKEN_DATA / f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("H", [3, 64])
def test_fair_bits(H: int) -> None:
    problem = load(f"fair-bits-{H}")
    assert [len(layer) for layer in problem.layers] == [1] * H  # one node a layer
    assert token_coverage(problem) == fmpq(8, 5)
    assert coverage(problem) == fmpq(8, 5) ** H
    assert thetas(problem) == ((log(4),),) * H
    assert {edge.reward for layer in problem.layers for node in layer for edge in node} == {ZERO, log(4)}
    assert problem.sequence_count() == 2**H
    assert (problem.sequence_count() > MAX_SEQUENCES) == (H == 64)


def test_only_the_long_fair_bits_are_too_many_to_expand() -> None:
    with pytest.raises(TreeTooLarge, match=str(2**64)):
        load("fair-bits-64").sequences()
    large = {name for name in HANDMADE if load(name).sequence_count() > 64}
    assert large == {"fair-bits-64", "needle-path-8", "needle-path-16"}
    assert load("needle-path-16").sequence_count() == 2**16


@pytest.mark.parametrize("H", [4, 8, 16])
def test_needle_path(H: int) -> None:
    problem = load(f"needle-path-{H}")
    assert problem == needle_path(H)
    assert token_coverage(problem) < 2
    assert fmpq(2) ** (H - 1) < coverage(problem) < 2**H


def test_token_coverage_larger() -> None:
    problem = load("token-coverage-larger")
    assert token_coverage(problem) == fmpq(8, 5)
    assert coverage(problem) == fmpq(16, 13)
    flat = problem.sequences()
    assert coverage(flat, optimum(flat)) == fmpq(16, 13)
    weights = {flat.responses(0)[y]: exp(flat.reward(0, y) / flat.beta) for y in flat.support(0)}
    assert weights == {"0 0": 1, "1 0": 1, "1 1": fmpq(1, 4)}
    # where: at prefix (1), token 0
    one = problem.node(0, (1,))
    assert soft_values(problem).ratio(1, one, problem.edge(1, one, 0)) == fmpq(8, 5)


def test_clean_sweep() -> None:
    problem = load("clean-sweep")
    assert problem.beta == 1
    assert problem.base(0, 0) == Law.of({0: "1/2", 1: "1/2"})
    assert problem.pi_ref(0, (1,)).mass(1) == fmpq(1, 15)
    rewards = {sequence: problem.reward_of(0, sequence) for sequence in problem.expanded(0)}
    assert rewards == {(0, 0): ZERO, (1, 0): ZERO, (1, 1): log(16)}
    assert thetas(problem) == ((log(2),), (log(16),))
    # A sweep that never meets the rare token sees equal rewards everywhere: theta_1 = 0 is wrong by KL(1/2 || 1/3)
    wrong = softmax(problem, *((0,), (log(16),)))
    assert gap(problem, wrong).exact == log(fmpq(9, 8)) / 2


def test_linear_not_realizable() -> None:
    problem = load("linear-not-realizable")
    flat = problem.sequences("concatenated")  # refused if the reward were not linear in the features of the prefixes
    rewards = {flat.responses(0)[y]: flat.reward(0, y) for y in flat.support(0)}
    tabular = problem.sequences()
    differences = {tabular.responses(0)[y]: tabular.reward(0, y) for y in tabular.support(0)}
    assert {name: r - rewards["0 0"] for name, r in rewards.items()} == {
        name: r - differences["0 0"] for name, r in differences.items()
    }
    found = decide_realizability(problem)
    assert isinstance(found, NotRealizable)
    assert found.layer == 0
    values = soft_values(problem)
    assert [values.value(1, i).exact for i in range(3)] == [0, log(2), log(5)]
    assert [problem.edge(0, 0, a).phi for a in range(3)] == [problem.edge(1, a, 1).phi for a in range(3)]
    # The last layer alone is realizable, with theta_2 = 2 log 3
    for i, node in enumerate(problem.layers[1]):
        zero, one = node
        phi = one.phi - zero.phi
        assert values.q_value(1, one) - values.q_value(1, zero) == phi.dot_numbers([log(9)]), i


def test_markov_bits() -> None:
    problem = load("markov-bits")
    assert problem.horizon == 5
    assert soft_values(problem).is_log_rational
    theta = ((log(2), -log(3)),) * 5
    assert thetas(problem) == theta
    assert optimal_value(problem).exact == 0
    assert gap(problem, softmax(problem, *theta)).exact == 0
    # r = beta log(pi_theta/pi_ref) on every sequence
    law, values = optimum(problem), soft_values(problem)
    for x, entry in enumerate(problem.prompts):
        for sequence in problem.expanded(x):
            i, ratio = entry.root, fmpq(1)
            for h, token in enumerate(sequence):
                share, edge = law.at(h, i).mass(token), problem.edge(h, i, token)
                assert isinstance(share, fmpq)
                ratio, i = ratio * share / rational_mass("pi_ref", edge.pi_ref), edge.child
            assert log(ratio) * problem.beta == problem.reward_of(x, sequence)
        assert values.value(0, entry.root).exact == 0
    # Prefixes with the same last bit share a node, and the prompts start from different ones
    assert {problem.node(0, (a, b, 1)) for a in (0, 1) for b in (0, 1)} == {problem.node(1, (0, 0, 1))} == {1}
    assert [entry.root for entry in problem.prompts] == [0, 1]
    assert [len(layer) for layer in problem.layers] == [2] * 5


def test_impossible_token() -> None:
    problem = load("impossible-token")
    values, after_b = soft_values(problem), problem.node(0, (1,))
    impossible, certain = problem.layers[1][after_b]
    assert impossible.pi_ref == 0
    assert impossible.reward == max(edge.reward for layer in problem.layers for node in layer for edge in node)
    assert optimum(problem).at(1, after_b) == Law.point(1)
    assert (impossible.token, certain.token) == ("a", "b")
    assert optimum(problem).law("x", (1,)).mass(impossible.token) == 0
    after_a = values.value(1, problem.node(0, (0,)))
    assert after_a == real_log((1 + exp(1)) / 2)
    assert after_a.exact is None  # neither rational nor log-linear
    assert values.value(1, after_b) == fmpq(1, 2)
    # The reward of the impossible token moves nothing: J(pi*) = log((2/3)(1 + e)/2 + (1/3) e^(1/2))
    best = real_log((1 + exp(1)) / 3 + exp("1/2") / 3)
    assert optimal_value(problem) == best
    assert objective(problem, base_policy(problem)) == fmpq(1, 2)
    assert real(0) < best
