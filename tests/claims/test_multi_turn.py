"""Section 9, values and coverage: token by token against whole sequences, on generated problems."""

import mpmath
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.constructions.fair_bit_strings import fair_bits
from reference.exact import LogLinear, log
from reference.model.parts import Edge, Start
from reference.model.policy import Parameters, optimum, softmax
from reference.model.problem import Problem
from reference.model.ratios import coverage, layer_product, token_coverage
from reference.model.realizability import Realizable, decide_realizability
from reference.model.soft_bellman import soft_values
from reference.testing import problems, realizable_problems
from tests.claims.second_opinion import at_most, below, close, dot, mp, number, numbers, rank, same, tilt
from tests.claims.token_second_opinion import Prefix, Tree, minus


def agrees(problem: Problem, tree: Tree, x: int, prefix: Prefix) -> bool:
    """Whether the package's ``pi*`` after a prefix is that of the recursion."""
    law = optimum(problem).law(x, prefix)
    return all(close(law.mass(token), mass) for token, mass in tree.best(x, prefix).items())


@pytest.mark.claim("soft-bellman")
@given(problems())
@settings(max_examples=25)
def test_tokens_one_by_one_give_the_optimum_over_sequences(problem: Problem) -> None:
    tree, values = Tree(problem), soft_values(problem)
    for x in tree.prompts:
        for sequence, mass in tree.optimum(x).items():
            tokens = mp.fprod(tree.best(x, sequence[:h])[a] for h, a in enumerate(sequence))
            assert same(mass, tokens)
        value = tree.beta * mp.log(tree.partition(x))
        assert same(tree.value(x, ()), value)
        assert close(values.value(0, tree.roots[x]), value)
    assert all(agrees(problem, tree, x, prefix) for x, prefix in tree.contexts())


def equations(tree: Tree) -> list[list[list[mpmath.mpf]]]:
    """By layer: differences of features with the difference of Q at the end."""
    found: list[list[list[mpmath.mpf]]] = [[] for _ in range(tree.horizon)]
    for x, prefix in tree.contexts():
        first, *others = [(s.phi, tree.value(x, (*prefix, token))) for token, s in tree.steps(x, prefix).items()]
        found[len(prefix)] += [[*minus(phi, first[0]), q - first[1]] for phi, q in others]
    return found


def has_parameters(tree: Tree, thetas: list[list[mpmath.mpf]]) -> bool:
    """Whether ``Q - Q' = <theta_h, phi - phi'>`` everywhere."""
    rows = equations(tree)
    return all(same(dot(theta, row[:-1]), row[-1]) for theta, layer in zip(thetas, rows, strict=True) for row in layer)


def is_softmax(tree: Tree, thetas: list[list[mpmath.mpf]]) -> bool:
    """Whether ``pi*_h = pi_{h,theta}`` everywhere."""
    for x, prefix in tree.contexts():
        steps = tree.steps(x, prefix)
        law = tilt(
            [s.base for s in steps.values()], [dot(thetas[len(prefix)], s.phi) for s in steps.values()], tree.beta
        )
        if not all(same(mass, tree.best(x, prefix)[token]) for token, mass in zip(steps, law, strict=True)):
            return False
    return True


@pytest.mark.claim("q-linear")
@given(realizable_problems(), st.integers(0, 2))
@settings(max_examples=25)
def test_a_softmax_optimum_has_linear_differences_of_values(member: tuple[Problem, Parameters], factor: int) -> None:
    """For the parameter of the rewards, and for multiples of it, which as a rule are wrong."""
    problem, given_thetas = member
    tree = Tree(problem)
    thetas = [[factor * entry for entry in numbers(theta)] for theta in given_thetas]
    assert has_parameters(tree, thetas) == is_softmax(tree, thetas)
    assert factor != 1 or is_softmax(tree, thetas)
    assert decide_realizability(problem)
    policy = softmax(problem, *([entry * factor for entry in theta] for theta in given_thetas))
    exactly = all(
        policy.at(h, i) == optimum(problem).at(h, i) for h in range(tree.horizon) for i in problem.reachable[h]
    )
    assert exactly == is_softmax(tree, thetas)


@pytest.mark.claim("q-linear")
@given(problems(max_horizon=2))
@settings(max_examples=60)
def test_realizability_is_solvability_of_the_equations(problem: Problem) -> None:
    tree = Tree(problem)
    solvable = all(rank(row[:-1] for row in layer) == rank(layer) for layer in equations(tree))
    answer = decide_realizability(problem)
    assert bool(answer) == solvable
    if isinstance(answer, Realizable):
        thetas = [numbers(theta) for theta in answer.thetas]
        assert has_parameters(tree, thetas)
        assert is_softmax(tree, thetas)


@pytest.mark.claim("path-consistency")
@given(problems())
@settings(max_examples=25)
def test_one_rollout_reveals_a_value(problem: Problem) -> None:
    tree, values = Tree(problem), soft_values(problem)
    for x in tree.prompts:
        law = tree.optimum(x)
        # pi* and pi_ref of prefixes, from whole sequences alone
        star = {p: mp.fsum(m for s, m in law.items() if s[: len(p)] == p) for s in law for p in starts(s)}
        for sequence in law:
            ratios = [
                star[after] / star[before] / tree.path(x, after)[-1].base
                for before, after in zip(starts(sequence), starts(sequence)[1:], strict=False)
            ]
            for h in range(tree.horizon):
                prefix = sequence[:h]
                left = tree.reward(x, sequence) - tree.beta * mp.fsum(map(mp.log, ratios[h:]))
                assert same(left, tree.value(x, prefix))
                i = tree.at(x, prefix)
                assert close(values.value(h, i), tree.value(x, prefix) - tree.reward(x, prefix))
                assert close(values.ratio(h, i, problem.edge(h, i, sequence[h])), ratios[h])


def starts(sequence: Prefix) -> list[Prefix]:
    return [sequence[:h] for h in range(len(sequence) + 1)]


@pytest.mark.claim("coverage-tokens")
@given(problems())
@settings(max_examples=25)
def test_coverage_of_sequences_is_below_that_of_tokens_multiplied(problem: Problem) -> None:
    tree = Tree(problem)
    C_cov = max(mass / tree.base(x, s) for x in tree.prompts for s, mass in tree.optimum(x).items())
    layers = [mp.mpf(0)] * tree.horizon
    for x, prefix in tree.contexts():
        steps, h = tree.steps(x, prefix), len(prefix)
        layers[h] = max(layers[h], *(mass / steps[token].base for token, mass in tree.best(x, prefix).items()))
    C_cond = max(layers)
    assert at_most(C_cov, mp.fprod(layers))
    assert at_most(mp.fprod(layers), C_cond**tree.horizon)
    assert at_most(C_cond, mp.exp(number(problem.R_max) / tree.beta))
    assert tree.horizon > 1 or same(C_cond, C_cov)
    assert close(coverage(problem), C_cov)
    assert close(layer_product(problem), mp.fprod(layers))
    assert close(token_coverage(problem), C_cond)


@pytest.mark.claim("coverage-tokens")
@given(st.integers(1, 99))
@settings(max_examples=15)
def test_coverage_of_tokens_can_exceed_that_of_sequences(hundredths: int) -> None:
    v = fmpq(hundredths, 100)
    root = (Edge.of("0", "1/2", [0], child=0), Edge.of("1", "1/2", [1], child=1))
    ends = [(Edge.of(".", 1, [0]),), (Edge.of("0", "1/2", [0]), Edge.of("1", "1/2", [1], reward=log(v)))]
    problem = Problem.of("leaves 0., 10, 11", [Start.of("x")], [[root], ends], beta=1, R_max=5)
    tree, w = Tree(problem), number(v)
    C_cov = max(mass / tree.base(0, s) for s, mass in tree.optimum(0).items())
    C_cond = max(mass / tree.steps(0, p)[a].base for _, p in tree.contexts() for a, mass in tree.best(0, p).items())
    assert same(C_cov, 4 / (3 + w))
    assert same(C_cond, 2 / (1 + w))
    assert below(C_cov, C_cond)
    assert close(coverage(problem), C_cov)
    assert close(token_coverage(problem), C_cond)


REWARDS = st.one_of(st.integers(1, 12).map(lambda n: LogLinear(fmpq(n, 3))), st.integers(2, 10**4).map(log))


@pytest.mark.claim("coverage-gap")
@given(st.integers(1, 6), REWARDS, st.sampled_from((fmpq(1, 2), fmpq(1), fmpq(2))))
@settings(max_examples=20)
def test_fair_bits_separate_the_coverages(H: int, reward: LogLinear, beta: fmpq) -> None:
    problem = fair_bits(H, reward, beta=beta)
    tree, odds = Tree(problem), mp.exp(number(reward) / number(beta))
    C_cov, C_cond = max(tree.optimum(0).values()) * 2**H, 2 * odds / (1 + odds)
    assert below(C_cond, mp.mpf(2))
    assert same(C_cov, C_cond**H)
    assert below(C_cov, mp.mpf(2) ** H)
    assert at_most(2**H * (1 - H / odds), C_cov)
    assert close(coverage(problem), C_cov)
    assert close(token_coverage(problem), C_cond)
