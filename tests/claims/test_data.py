"""Section 5, data: what rewards leave open, and how few of them the enumerating learner asks for."""

from dataclasses import replace

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.algorithms.enumerating import Enumerating
from reference.constructions.twins import indistinguishable
from reference.interaction.seeded import Seeded
from reference.interaction.world import Event, World
from reference.model.linear_problem import LinearProblem
from reference.testing import linear_problems
from tests.claims.second_opinion import Plain, at_most, dot, number, numbers, plain, rank, same, tilt

Queries = list[tuple[int, int]]
Vectors = list[list[mpmath.mpf]]


@st.composite
def with_queries(draw: st.DrawFn) -> tuple[LinearProblem, Queries]:
    """A problem whose declared bounds leave room, and queries, off the support too."""
    problem = draw(linear_problems(max_responses=4, max_dimension=3))
    pairs = [(x, y) for x, entry in enumerate(problem.prompts) for y in range(len(entry.responses))]
    queries = [pair for pair in pairs if draw(st.booleans())]
    return replace(problem, B=problem.B + 1, R_max=problem.R_max + 1), queries


def differences(p: Plain, pairs: Queries) -> Vectors:
    """``phi(x,y) - phi(x,y')`` of all pairs at the same prompt."""
    return [
        [a - b for a, b in zip(p.rows[x].phi[y], p.rows[x].phi[z], strict=True)]
        for x, y in pairs
        for w, z in pairs
        if x == w and y < z
    ]


def supported(p: Plain) -> Vectors:
    return differences(p, [(x, y) for x, row in enumerate(p.rows) for y in row.support])


@pytest.mark.claim("data-lower-bound")
@given(with_queries())
@settings(max_examples=80)
def test_rewards_that_do_not_span_leave_the_optimum_open(case: tuple[LinearProblem, Queries]) -> None:
    problem, queries = case
    p = plain(problem)
    asked = differences(p, queries)
    open_ = rank([*asked, *supported(p)]) > rank(asked)
    twin = indistinguishable(problem, queries)
    assert (twin is not None) == open_
    if twin is None:
        return
    q = plain(twin.problem)
    for x, y in queries:
        assert same(p.rows[x].rewards[y], q.rows[x].rewards[y])
    for row, other in zip(p.rows, q.rows, strict=True):  # the weak oracle
        assert (row.rho, row.base, row.phi) == (other.rho, other.base, other.phi)
        assert at_most(other.oscillation(other.rewards), number(problem.R_max))
    theta = numbers(twin.problem.theta)
    assert at_most(dot(theta, theta), number(problem.B) ** 2)
    (mine, yours), (y, z) = (w.optimum()[twin.prompt] for w in (p, q)), twin.responses
    assert not same(mine[y] / mine[z], yours[y] / yours[z])


@pytest.mark.claim("data-without-coverage")
@given(linear_problems(max_responses=4, max_dimension=3))
@settings(max_examples=80)
def test_twice_the_rank_of_rewards_is_enough(problem: LinearProblem) -> None:
    p = plain(problem)
    table = [
        [(y, response.phi) for y, response in enumerate(entry.responses) if response.pi_ref > 0]
        for entry in problem.prompts
    ]
    asked: list[Event] = []
    theta = numbers(Enumerating(table)(World(problem, Seeded(0), observer=asked.append).oracles).theta)
    assert {oracle for oracle, _ in asked} <= {"reward"}  # nothing is drawn
    assert len(asked) <= 2 * rank(supported(p))
    for row, best in zip(p.rows, p.optimum(), strict=True):
        law = tilt(row.base, [dot(theta, phi) for phi in row.phi], p.beta)
        assert all(map(same, law, best))
