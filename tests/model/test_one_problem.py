"""One problem, whatever it is taken for: linear or a graph; node by node, prefix by prefix, or whole responses."""

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.catalog import linear_names, load_linear
from reference.exact.law import Law
from reference.model import (
    Edge,
    LinearProblem,
    Problem,
    ProblemError,
    Prompt,
    Response,
    Start,
    base_policy,
    coverage,
    optimal_value,
    optimum,
    softmax,
    token_coverage,
)
from reference.testing import node_policies, problems
from tests.model.measures import MEASURES, same, three_ways
from tests.model.tree_peer import as_graph


@pytest.mark.parametrize("name", linear_names())
def test_a_linear_problem_is_a_problem_of_horizon_one(name: str) -> None:
    problem = load_linear(name)
    graph = as_graph(problem)
    assert (type(graph), type(problem)) == (Problem, LinearProblem)
    assert graph.layers == problem.layers
    for x in range(len(problem.prompts)):
        assert graph.pi_ref(x) == problem.pi_ref(x)
        assert optimum(graph).law(x) == optimum(problem).law(x)
    assert same(optimal_value(graph), optimal_value(problem))
    for measure in MEASURES.values():
        for policy in (optimum, base_policy, lambda p: softmax(p, ["1/3"] * problem.dimension)):
            assert same(measure(graph, policy(graph)), measure(problem, policy(problem)))
    assert token_coverage(graph) == token_coverage(problem) == coverage(problem)


@pytest.mark.parametrize("name", MEASURES)
@given(problems(max_horizon=3, max_tokens=2), st.data())
def test_nodes_prefixes_and_whole_responses_agree(name: str, problem: Problem, data: st.DataObject) -> None:
    three_ways(problem, data.draw(node_policies(problem)), MEASURES[name])


def test_noise_with_a_mean_is_refused() -> None:
    bit = [Edge.of("0", "1/2", [0]), Edge.of("1", "1/2", [1])]
    noise, message = Law.uniform([fmpq(0), fmpq(1)]), "noise: the noise has mean 1/2; subtract it"
    with pytest.raises(ProblemError, match=message):
        Problem.of("n", [Start.of("x")], [[bit]], beta=1, R_max=0, noise=noise)
    prompt = Prompt.of("x", [Response.of("a", 1, [0])])
    with pytest.raises(ProblemError, match=message):
        LinearProblem.of("n", [prompt], theta=[0], beta=1, B=0, R_max=0, noise=noise)
