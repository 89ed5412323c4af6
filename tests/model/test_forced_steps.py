"""Responses of different lengths: those that have ended go on in forced steps, which are not drawn and cost nothing."""

from dataclasses import replace

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.algorithms.mtss import MTSS
from reference.exact import log
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.interaction import At, Budget, BudgetExceeded, Event, Seeded, World
from reference.interaction.meter import Reading
from reference.interaction.runs import play_tokens
from reference.interaction.world import Listing
from reference.laws.mtss import ideal_token_policy
from reference.model import (
    Edge,
    NodePolicy,
    Problem,
    Start,
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
from reference.model.parts import END
from reference.model.policy import sequence_law
from reference.testing import node_policies, problems
from tests.interaction.scripted import Scripted
from tests.model.measures import MEASURES, same, three_ways


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
    assert [problem.reward_of(0, response) for response in problem.expanded(0)] == [log(2), 0, log(3)]
    assert list(problem.expanded(0)) == [(0, 0), (1, 0), (1, 1)]
    assert [problem.is_forced(h, i) for h, i in ((0, 0), (1, 0), (1, 1))] == [False, True, False]


@pytest.mark.parametrize("name", MEASURES)
def test_the_laws_of_different_lengths_agree_three_ways(name: str) -> None:
    problem = ending()
    for policy in (optimum(problem), base_policy(problem), softmax(problem, [log(3)], [log(5)])):
        three_ways(problem, policy, MEASURES[name])


def test_the_two_lengths_of_the_optimum_by_hand() -> None:
    problem = ending()
    assert sequence_law(problem, optimum(problem), 0) == Law.of({(0, 0): "1/2", (1, 0): "1/8", (1, 1): "3/8"})
    # KL = 1/2 log 1 + 1/8 log(1/2) + 3/8 log(3/2), and E_pi*[pi*/pi_ref] = 1/2 + 1/16 + 9/16
    assert kl(problem).exact == log(3) * fmpq(3, 8) - log(2) / 2
    assert l1_coverage(problem).exact == fmpq(9, 8)
    assert objective(problem).exact == log(2)


def test_a_forced_step_is_never_drawn_and_costs_no_query() -> None:
    problem, seen = ending(), list[Event]()
    script = Scripted([0, fmpq(0)])
    world = World(problem, script, budget=Budget(weak=1, t_comp=1), observer=seen.append)
    assert world.tokens.weak(At(0, ()))[0] == 0
    for _ in range(2):  # beyond the budget, and unseen
        assert world.tokens.weak(At(0, (0,))) == (0, Vector.of([0]))
        assert world.tokens.listing(At(0, (0,))) == Listing(problem.base(1, 0), (Vector.of([0]),))
    assert problem.base(1, 0) == Law.point(0)
    assert world.meter.reading == Reading(weak=(1, 0), listed=(0, 0))
    assert world.tokens.reward(0, (0, 0)) == log(2)
    assert script.left == []
    assert [oracle for oracle, _ in seen] == ["weak", "reward"]
    with pytest.raises(BudgetExceeded, match="weak allows 1"):
        world.tokens.weak(At(0, (1,)))  # no forced step


def test_mtss_learns_where_responses_differ_in_length() -> None:
    problem = ending()
    for seed in range(5):
        outcome = play_tokens(problem, MTSS(8), Seeded(seed))
        assert outcome.policy is not None
        assert gap(problem, ideal_token_policy(problem, outcome.policy)).exact == 0


@pytest.mark.parametrize("name", MEASURES)
@given(problems("log-rational", max_horizon=2, max_tokens=2, max_prompts=1), st.data())
def test_they_agree_where_responses_differ_in_length(name: str, problem: Problem, data: st.DataObject) -> None:
    longer = data.draw(lengthened(problem))
    three_ways(longer, data.draw(node_policies(longer)), MEASURES[name])


@st.composite
def lengthened(draw: st.DrawFn, problem: Problem) -> Problem:
    """The same problem, but that some responses end where they did and the others have one token more."""
    ended = [Edge.of(END, 1, [0])]
    more = [Edge.of("a", "1/3", [0]), Edge.of("b", "2/3", [1], reward=log(2) * problem.beta)]
    last = problem.layers[-1]
    children = [[draw(st.integers(0, 1)) for _ in node] for node in last]
    kept = sorted({child for row in children for child in row})
    led = [
        [replace(edge, child=kept.index(child)) for edge, child in zip(node, row, strict=True)]
        for node, row in zip(last, children, strict=True)
    ]
    layers = [*problem.layers[:-1], led, [(ended, more)[child] for child in kept]]
    R_max = problem.R_max + problem.beta
    return Problem.of("lengthened", problem.prompts, layers, beta=problem.beta, R_max=R_max)


@given(problems("log-rational", max_horizon=2), st.data())
def test_a_forced_step_after_every_response_changes_nothing(problem: Problem, data: st.DataObject) -> None:
    last = [[replace(edge, child=0) for edge in node] for node in problem.layers[-1]]
    layers = [*problem.layers[:-1], last, [[Edge.of(END, 1, [0])]]]
    longer = Problem.of(problem.name, problem.prompts, layers, beta=problem.beta, R_max=problem.R_max)
    policy = data.draw(node_policies(problem))
    forced = NodePolicy(longer, lambda h, i: policy.at(h, i) if h < problem.horizon else Law.point(0))
    for measure in MEASURES.values():
        assert same(measure(longer, forced), measure(problem, policy))
        assert same(measure(longer, optimum(longer)), measure(problem, optimum(problem)))
    assert token_coverage(longer, forced) == token_coverage(problem, policy)
    assert longer.sequences() == problem.sequences()
