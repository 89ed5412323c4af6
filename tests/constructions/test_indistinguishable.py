"""The second instance: by hand, with random queries, and where there is none."""

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.constructions.twins import indistinguishable
from reference.exact.linalg import Vector
from reference.model import LinearProblem, Prompt, Response, optimum
from reference.testing import linear_problems


def two_arms(B: int = 2, R_max: int = 3) -> LinearProblem:
    half = fmpq(1, 2)
    arms = (Response("a", half, Vector((1,))), Response("b", half, Vector((0,))))
    return LinearProblem.of("arms", [Prompt("x", fmpq(1), responses=arms)], theta=[1], beta=1, B=B, R_max=R_max)


def test_one_reward_says_nothing_about_two_arms() -> None:
    found = indistinguishable(two_arms(), [(0, 0)])
    assert found is not None
    # w = (1), t = 1: theta' = 2, and the baseline moves by -1.
    assert [str(t) for t in found.problem.theta] == ["2"]
    assert found.problem.baseline(0) == -1
    assert found.problem.reward(0, 0) == two_arms().reward(0, 0) == 1
    assert optimum(found.problem).law(0) != optimum(two_arms()).law(0)


def test_both_rewards_determine_it() -> None:
    assert indistinguishable(two_arms(), [(0, 0), (0, 1)]) is None


def test_attained_bounds_leave_no_room() -> None:
    with pytest.raises(ValueError, match="leave no room"):
        indistinguishable(two_arms(B=1, R_max=1), [(0, 0)])


@pytest.mark.parametrize("query", [(1, 0), (0, 2), (-1, 0)])
def test_a_query_that_is_not_there(query: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no such prompt or response"):
        indistinguishable(two_arms(), [query])


@given(linear_problems(max_dimension=3), st.data())
def test_answers_agree_on_random_instances(problem: LinearProblem, data: st.DataObject) -> None:
    roomy = LinearProblem.of(
        problem.name,
        problem.prompts,
        theta=problem.theta,
        beta=problem.beta,
        B=problem.B + 1,
        R_max=problem.R_max + 1,
    )
    pairs = [(x, y) for x in range(len(roomy.prompts)) for y in range(roomy.response_count(x))]
    queried = data.draw(st.lists(st.sampled_from(pairs), max_size=4))
    found = indistinguishable(roomy, queried)
    if found is not None:
        assert all(found.problem.reward(x, y) == roomy.reward(x, y) for x, y in queried)
        assert optimum(found.problem).law(found.prompt) != optimum(roomy).law(found.prompt)
