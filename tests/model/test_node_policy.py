"""Token policies, their objective, gap and coverage: by hand and against the sequence-level problem."""

from collections.abc import Callable

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.constructions.fair_bit_strings import fair_bits
from reference.exact import log
from reference.exact.law import Law
from reference.model import ProblemError, SupportError, TabularPolicy, coverage, gap, objective
from reference.model.expansion import sequence_name
from reference.model.parts import Edge, Prefix, Start
from reference.model.policy import NodePolicy, Policy, base_policy, optimum, sequence_law, softmax
from reference.model.problem import Problem, TreeTooLarge
from reference.model.ratios import layer_coverages, layer_product, token_coverage
from reference.testing import node_policies, problems
from tests.model.tree_peer import two_step


def test_fair_bits_by_hand() -> None:
    problem = fair_bits(3, log(3))  # pi*(1) = 3/4, pi*/pi_ref = 3/2 in every layer
    assert layer_coverages(problem) == (fmpq(3, 2),) * 3
    assert token_coverage(problem) == fmpq(3, 2)
    assert layer_product(problem) == coverage(problem) == fmpq(27, 8)
    # J(pi*) - J(pi_ref) = 3 KL(1/2 || 3/4) = 3 (log 2 - (log 3)/2)
    assert gap(problem, base_policy(problem)).exact == log(8) - log(3) * fmpq(3, 2)
    assert objective(problem, base_policy(problem)).exact == log(3) * fmpq(3, 2)


def test_the_smallest_counterexample_by_hand() -> None:
    problem = two_step(log(fmpq(1, 2)))  # leaves 00, 01, 10, 11 with weights 1, 1, 1, 1/2
    assert token_coverage(problem) == fmpq(4, 3)  # pi*(0|1) = 2/3 against 1/2
    assert coverage(problem) == fmpq(8, 7)


class PrefixPolicy:
    """A policy that is known by prefixes only."""

    def __init__(self, law: Callable[[int, Prefix], Law[int]]) -> None:
        self._law = law

    def law(self, x: int, prefix: Prefix = (), /) -> Law[int]:
        return self._law(x, prefix)


@given(problems("log-rational", max_horizon=2), st.data())
def test_the_sequence_problem_agrees(problem: Problem, data: st.DataObject) -> None:
    policy = data.draw(node_policies(problem))
    flat = problem.sequences()
    laws = []
    for x in range(len(problem.prompts)):
        index = {name: y for y, name in enumerate(flat.responses(x))}
        words = sequence_law(problem, policy, x)
        laws.append(words.map(lambda s, x=x, index=index: index[sequence_name(problem.spelled(x, s))]))  # type: ignore[misc]  # bound at once
    sequences = TabularPolicy(flat, laws)
    assert gap(problem, policy).exact == gap(flat, sequences).exact
    assert objective(problem, policy).exact == objective(flat, sequences).exact
    assert coverage(problem, policy) == coverage(flat, sequences)
    by_prefix = PrefixPolicy(policy.law)
    assert gap(problem, by_prefix).exact == gap(problem, policy).exact


@given(problems())
def test_the_base_model_is_covered_exactly_once(problem: Problem) -> None:
    base = base_policy(problem)
    assert token_coverage(problem, base) == coverage(problem, base) == 1
    assert gap(problem, optimum(problem)).exact == 0
    zero = softmax(problem, *[[0] * d for d in problem.dimensions])
    assert all(zero.at(h, i) == base.at(h, i) for h, layer in enumerate(problem.layers) for i in range(len(layer)))


def test_policies_of_sixty_four_layers() -> None:
    problem = fair_bits(64, log(3))
    assert gap(problem, softmax(problem, *[[log(3)]] * 64)).exact == 0
    assert gap(problem, base_policy(problem)).exact == log(2) * 64 - log(3) * 32
    with pytest.raises(TreeTooLarge, match="18446744073709551616 sequences; at most 1000000"):
        gap(problem, PrefixPolicy(lambda _, __: Law.uniform([0, 1])))


def test_what_does_not_fit_is_refused() -> None:
    problem = two_step(log(2))
    with pytest.raises(ProblemError, match="1 parameter for 2 layers"):
        softmax(problem, [1])
    with pytest.raises(ProblemError, match=r"theta\[1\]: 2 entries, but the features of layer 1 have 1"):
        softmax(problem, [1], [1, 2])
    outside = NodePolicy(problem, lambda _, __: Law.point(5))
    with pytest.raises(
        SupportError, match=r"token 5 at prompt 'x', prefix \(\) has positive mass under the policy and base mass 0"
    ):
        gap(problem, outside)
    with pytest.raises(
        SupportError, match=r"token 5 at prompt 'x', prefix \(\) has positive mass under the policy and base mass 0"
    ):
        token_coverage(problem, outside)
    assert isinstance(outside, Policy)


def test_prefixes_without_base_mass_do_not_count() -> None:
    root = [Edge.of("0", 1, [0]), Edge.of("1", 0, [0], child=1)]
    ends = [[Edge.of("0", "1/2", [0]), Edge.of("1", "1/2", [0])] for _ in range(2)]
    ends[1][0] = Edge.of("0", "1/2", [0], reward=9)
    problem = Problem.of("masked", [Start.of("x")], [[root], ends], beta=1, R_max=0)
    assert token_coverage(problem) == coverage(problem) == 1
    assert problem.reachable == ((0,), (0,))


def test_a_long_horizon_is_no_deep_recursion() -> None:
    problem = fair_bits(512, log(3))  # as long as an instance file may be
    assert objective(problem, base_policy(problem)).exact == log(3) * 256
    assert gap(problem, base_policy(problem)).exact == (log(2) * 2 - log(3)) * 256
