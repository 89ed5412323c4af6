"""The soft Bellman recursion: by hand, against fractions, and against the sequence-level problem."""

import pytest
from flint import fmpq
from hypothesis import given

from reference.constructions.fair_bit_strings import fair_bits
from reference.exact import exp, log, real_log
from reference.exact.expsum import ExpSum, exp_sum, exp_total
from reference.model import LinearProblem, coverage, gap, objective, optimal_value, optimum
from reference.model.checks import rational_mass
from reference.model.expansion import sequence_name
from reference.model.fast import partition as quick_partition
from reference.model.parts import Edge, Start
from reference.model.policy import sequence_law
from reference.model.problem import Problem, TreeTooLarge
from reference.model.ratios import token_coverage
from reference.model.soft_bellman import SoftValues, SumTooLong, soft_values
from reference.testing import linear_problems, problems
from tests.model import tree_peer
from tests.model.tree_peer import as_graph, two_step


def test_two_steps_by_hand() -> None:
    # U(1) = (1 + 1/2)/2 = 3/4, U() = (1 + 3/4)/2 = 7/8, pi*(.|1) = (2/3, 1/3), pi*() = (4/7, 3/7)
    problem = two_step(log(fmpq(1, 2)))
    values = soft_values(problem)
    assert values.q_value(0, problem.edge(0, 0, 1)).exact == log(fmpq(3, 4))  # no reward yet: the value of (1)
    assert values.partition(1, 1) == fmpq(3, 4)
    assert values.partition(0, 0) == fmpq(7, 8)
    assert values.value(0, 0).exact == log(fmpq(7, 8))
    assert dict(values.optimal(1, 1).items()) == {0: fmpq(2, 3), 1: fmpq(1, 3)}
    assert dict(values.optimal(0, 0).items()) == {0: fmpq(4, 7), 1: fmpq(3, 7)}
    assert values.optimal(0, 0).weights == (4, 3)  # integers


@given(problems("log-rational"))
def test_the_integers_agree_with_fractions(problem: Problem) -> None:
    values = soft_values(problem)
    assert values.is_log_rational
    for x in range(len(problem.prompts)):
        partitions, laws = tree_peer.soft_recursion(problem, x)
        for prefix, expected in partitions.items():
            h, i = len(prefix), problem.node(x, prefix)
            value = values.partition(h, i)
            assert isinstance(value, fmpq)
            assert tree_peer.fraction(value) == expected
            found = {t: tree_peer.fraction(m) for t, m in values.optimal(h, i).items() if isinstance(m, fmpq)}
            assert found == laws[prefix]


@given(problems())
def test_every_partition_is_the_definition(problem: Problem) -> None:
    values = soft_values(problem)
    for h, layer in enumerate(problem.layers):
        for i in range(len(layer)):
            assert by_edges(problem, h, i) == values.partition(h, i)


def by_edges(problem: Problem, h: int, i: int) -> ExpSum:
    """``U`` without sharing, types or limits: once more, from the edges alone."""
    if h == problem.horizon:
        return exp(0)
    rows = [(rational_mass("pi_ref", e.pi_ref), e) for e in problem.supported(h, i)]
    return exp_total(exp_sum([(w, e.reward / problem.beta)]) * by_edges(problem, h + 1, e.child) for w, e in rows)


@given(problems(max_horizon=2, max_tokens=2))
def test_the_sequence_problem_agrees(problem: Problem) -> None:
    flat = problem.sequences()
    best = optimum(problem)
    for x in range(len(problem.prompts)):
        law = sequence_law(problem, best, x).map(lambda s, x=x: sequence_name(problem.spelled(x, s)))  # type: ignore[misc]  # bound at once
        assert law == optimum(flat).law(x).map(lambda y, x=x: flat.responses(x)[y])  # type: ignore[misc]  # bound at once
        assert soft_values(problem).value(0, problem.prompts[x].root) == soft_values(flat).tilt(x).log_partition() * (
            problem.beta
        )
    assert coverage(problem) == coverage(flat, optimum(flat))
    assert gap(problem, best).exact == 0


@given(problems("log-rational", max_horizon=2))
def test_values_agree_with_the_sequence_problem(problem: Problem) -> None:
    flat = problem.sequences()
    assert optimal_value(problem).exact == optimal_value(flat).exact
    assert objective(problem, optimum(problem)).exact == objective(flat, optimum(flat)).exact
    assert gap(flat, optimum(flat)).exact == 0


@given(linear_problems("log-rational"))
def test_a_single_turn_problem_is_one_of_horizon_one(problem: LinearProblem) -> None:
    turned = as_graph(problem)
    assert token_coverage(turned) == coverage(turned) == coverage(problem, optimum(problem))
    assert optimal_value(turned).exact == optimal_value(problem).exact


def test_a_product_structure_of_sixty_four_layers_is_not_expanded() -> None:
    problem = fair_bits(64, log(3))
    values = soft_values(problem)
    assert values.partition(0, 0) == fmpq(2) ** 64
    assert coverage(problem) == fmpq(3, 2) ** 64
    rational = soft_values(fair_bits(64, 1)).partition(0, 0)
    assert rational == ((exp(1) + 1) / 2) ** 64
    with pytest.raises(TreeTooLarge, match="18446744073709551616 sequences"):
        problem.sequences()
    with pytest.raises(TreeTooLarge, match="18446744073709551616 sequences"):
        sequence_law(problem, optimum(problem), 0)


def incommensurable(H: int) -> Problem:
    layers = [[[Edge.of("0", "1/2", [0]), Edge.of("1", "1/2", [1], reward=fmpq(1, 2**h))]] for h in range(H)]
    return Problem.of("halves", [Start.of("x")], layers, beta=1, R_max=2)


def test_long_exp_sums_are_refused_and_their_values_enclosed() -> None:
    # Different sums of 2^-h on every path: 2^H terms.
    problem = incommensurable(16)
    values = soft_values(problem)
    with pytest.raises(SumTooLong, match=r"prompt 'x', prefix \(\) has more than 8192 terms"):
        values.partition(0, 0)
    with pytest.raises(SumTooLong):
        values.optimal(0, 0)
    assert values.partition(4, 0).enclosure(64).overlaps(exp(0).enclosure(64)) is False  # type: ignore[union-attr]  # an exp-sum
    product = sum((real_log((exp(fmpq(1, 2**h)) + 1) / 2) for h in range(1, 16)), real_log((exp(1) + 1) / 2))
    difference = values.value(0, 0) - product
    assert abs(difference.enclosure(300)) < fmpq(1, 2**200)
    assert values.value(0, 0) > fmpq(1, 2)


def test_zero_mass_edges_do_not_count() -> None:
    node = [Edge.of("0", 1, [0]), Edge.of("1", 0, [1], reward=7)]
    problem = Problem.of("certain", [Start.of("x")], [[node]], beta=1, R_max=0)
    values = soft_values(problem)
    assert values.is_log_rational
    assert values.partition(0, 0) == 1
    assert values.optimal(0, 0).outcomes == (0,)


def test_values_serve_the_edges_of_an_equal_problem() -> None:
    first, second = two_step(log(5)), two_step(log(5))
    assert soft_values(first) is soft_values(first)
    edge = second.layers[1][1][1]
    assert soft_values(first).branch(1, edge) == 5
    assert soft_values(first).q_value(1, edge).exact == log(5)


def test_enclosed_values_of_equal_problems_are_one_number() -> None:
    first, second = incommensurable(16), incommensurable(16)
    assert soft_values(first) is not soft_values(second)
    assert (soft_values(first).value(0, 0) - soft_values(second).value(0, 0)).exact == 0


@given(problems("log-rational"))
def test_factors_over_their_own_denominators_give_the_same(problem: Problem) -> None:
    values = soft_values(problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quick_partition, "MAX_COMMON_BITS", -1)
        apart = SoftValues(problem)
        apart.partition(0, 0)  # the recursion runs when something is asked
    for h, layer in enumerate(problem.layers):
        for i in range(len(layer)):
            assert apart.partition(h, i) == values.partition(h, i)
            assert apart.optimal(h, i) == values.optimal(h, i)
