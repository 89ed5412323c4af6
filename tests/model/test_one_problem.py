"""One problem, whatever it is taken for: linear or a graph; node by node, prefix by prefix, or whole responses."""

from collections.abc import Callable

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.catalog import linear_names, load_linear
from reference.exact import Real, exp_ratio, log, real
from reference.exact.law import Law
from reference.interaction import At, World
from reference.model import (
    Edge,
    LinearProblem,
    NodePolicy,
    Problem,
    ProblemError,
    Start,
    TabularPolicy,
    base_policy,
    coverage,
    gap,
    kl,
    l1_coverage,
    objective,
    optimal_value,
    optimum,
    softmax,
    token_coverage,
)
from reference.model.expansion import sequence_name
from reference.model.parts import END, Prefix
from reference.model.policy import sequence_law
from reference.testing import node_policies, token_problems
from tests.interaction.scripted import Scripted

MEASURES: dict[str, Callable[..., object]] = {
    "objective": objective, "gap": gap, "kl": kl, "coverage": coverage, "l1_coverage": l1_coverage,
}  # fmt: skip


def as_graph(problem: LinearProblem) -> Problem:
    """The same problem, without what makes it linear."""
    prompts = [Start(entry.name, entry.rho, x) for x, entry in enumerate(problem.prompts)]
    return Problem.of(problem.name, prompts, problem.layers, beta=problem.beta, R_max=problem.R_max)


def same(one: object, other: object) -> bool:
    """Equal where that is decided, else as close as 200 bits tell."""
    left, right = (value if isinstance(value, Real) else real(exp_ratio(value)) for value in (one, other))  # type: ignore[arg-type]  # a mass
    if left.exact is not None and right.exact is not None:
        return bool(left.exact == right.exact)
    return bool(abs((left - right).enclosure(256)) < fmpq(1, 2**200))


@pytest.mark.parametrize("name", linear_names())
def test_a_linear_problem_is_a_problem_of_horizon_one(name: str) -> None:
    problem = load_linear(name)
    graph = as_graph(problem)
    assert type(graph) is Problem
    for x in range(len(problem.prompts)):
        assert graph.pi_ref(x) == problem.pi_ref(x)
        assert optimum(graph).law(x) == optimum(problem).law(x)
    assert same(optimal_value(graph), optimal_value(problem))
    for measure in MEASURES.values():
        for policy in (optimum, base_policy, lambda p: softmax(p, ["1/3"] * problem.dimension)):
            assert same(measure(graph, policy(graph)), measure(problem, policy(problem)))
    assert token_coverage(graph) == token_coverage(problem) == coverage(problem)


class ByPrefix:
    """The same policy, but nothing is known of it than its laws."""

    def __init__(self, policy: NodePolicy) -> None:
        self._policy = policy

    def law(self, x: int, prefix: Prefix = (), /) -> Law[int]:
        return self._policy.law(x, prefix)


@pytest.mark.parametrize("name", MEASURES)
@given(token_problems("log-rational", max_horizon=3, max_tokens=2), st.data())
def test_nodes_prefixes_and_whole_responses_agree(name: str, problem: Problem, data: st.DataObject) -> None:
    measure, policy = MEASURES[name], data.draw(node_policies(problem))
    flat = problem.sequences()
    laws = []
    for x in range(len(problem.prompts)):
        index = {response: y for y, response in enumerate(flat.responses(x))}
        names = {response: index[sequence_name(problem.spelled(x, response))] for response in problem.expanded(x)}
        laws.append(sequence_law(problem, policy, x).map(names.__getitem__))
    found = measure(problem, policy)
    assert same(found, measure(problem, ByPrefix(policy)))
    assert same(found, measure(flat, TabularPolicy(flat, laws)))


# ------------------------------------------------------------------------------- responses of different lengths


def ending() -> Problem:
    """``stop`` ends the response, ``go`` is followed by ``a`` or ``b``; ``exp(r)`` is 2, 1, 3 for the three."""
    root = [
        Edge.of("stop", "1/2", [0], reward=log(2), child=0),
        Edge.of("go", "1/2", [1], child=1),
    ]
    ended = [Edge.of(END, 1, [0])]
    more = [Edge.of("a", "1/2", [0]), Edge.of("b", "1/2", [1], reward=log(3))]
    return Problem.of("ending", [Start.of("x")], [[root], [ended, more]], beta=1, R_max=2)


def test_responses_of_different_lengths_by_hand() -> None:
    problem = ending()
    # Z = 1/2 * 2 + 1/2 * (1 + 3)/2 = 2
    assert optimal_value(problem).exact == log(2)
    assert optimum(problem).law("x").mass("stop") == fmpq(1, 2)
    assert optimum(problem).law("x", (1,)).mass("b") == fmpq(3, 4)
    assert token_coverage(problem) == coverage(problem) == fmpq(3, 2)
    assert gap(problem, base_policy(problem)).exact == log(2) - (log(2) / 2 + log(3) / 4)
    assert [problem.spelled(0, response) for response in problem.expanded(0)] == [("stop",), ("go", "a"), ("go", "b")]
    assert problem.sequences().responses(0) == ("stop", "go a", "go b")
    assert problem.alphabet == ("stop", "go", "a", "b")


def test_a_forced_step_is_never_drawn_and_costs_no_query() -> None:
    problem = ending()
    script = Scripted([0])
    world = World(problem, script)
    assert world.tokens.weak(At(0, ()))[0] == 0
    before = world.meter.reading
    assert world.tokens.weak(At(0, (0,)))[0] == 0
    assert world.tokens.listing(At(0, (0,))).base == Law.point(0)
    assert world.meter.reading == before
    assert script.left == []


def test_noise_with_a_mean_is_refused() -> None:
    bit = [Edge.of("0", "1/2", [0]), Edge.of("1", "1/2", [1])]
    with pytest.raises(ProblemError, match="noise: the noise has mean 1/2; subtract it"):
        Problem.of("n", [Start.of("x")], [[bit]], beta=1, R_max=0, noise=Law.uniform([fmpq(0), fmpq(1)]))
