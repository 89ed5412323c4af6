"""Problems are valid by construction, and say what is wrong otherwise."""

import pickle
from fractions import Fraction
from itertools import product

import pytest
from flint import fmpq
from hypothesis import given

from reference.exact import InexactInput, log, loglinear
from reference.exact.linalg import Span
from reference.model import LinearProblem, ProblemError, Prompt, Response
from reference.testing import linear_problems

A = Response.of("a", "1/2", ["1", "0"])
B = Response.of("b", "1/2", ["0", "1"])
Z = Response.of("z", 0, ["0", "-1"])


def build(
    *entries: Prompt, theta: tuple[str, ...] = ("1", "log(2)"), bound: str = "2", spread: str = "2"
) -> LinearProblem:
    return LinearProblem.of("p", entries or [Prompt.of("x", [A, B])], theta=theta, beta="1/2", B=bound, R_max=spread)


def test_a_small_problem() -> None:
    problem = build(Prompt.of("x", [A, Z, B], rho="1/3", baseline="1/4"), Prompt.of("y", [A, B], rho=Fraction(2, 3)))
    assert tuple(prompt.name for prompt in problem.prompts) == ("x", "y")
    assert problem.rho.items() == ((0, fmpq(1, 3)), (1, fmpq(2, 3)))
    assert problem.responses(0) == ("a", "z", "b")
    assert problem.support(0) == (0, 2)
    assert problem.pi_ref(0).weights == (1, 1)
    assert problem.reward(0, 0) == fmpq(5, 4)
    assert problem.reward(0, 1) == loglinear("1/4 - log(2)")
    assert problem.reward(1, 1) == log(2)
    assert problem.dimension == 2
    assert problem.response_count(0) == 3


def test_equality_hash_and_pickle() -> None:
    problem = build()
    _ = problem.rewards(0)
    assert pickle.loads(pickle.dumps(problem)) == problem == build()  # noqa: S301 - our own bytes
    assert hash(problem) == hash(build())
    assert problem != build(bound="3")


def test_floats_are_refused() -> None:
    with pytest.raises(InexactInput, match=r"0\.5 is a float"):
        Response.of("a", 0.5, [1])  # type: ignore[arg-type]  # the mistake under test


@pytest.mark.parametrize(
    ("responses", "message"),
    [
        ([], "prompts[0].responses: the list is empty"),
        ([A], "prompts[0].responses: pi_ref masses sum to 1/2, 1/2 too little; they must sum to exactly 1"),
        ([A, B, Response.of("c", "1/10", [0, 0])], "prompts[0].responses: pi_ref masses sum to 11/10, 1/10 too much"),
        ([A, Response.of("c", "-1/2", [0, 0])], "prompts[0].responses[1].pi_ref: -1/2 is negative"),
        ([Z], "prompts[0].responses: every pi_ref mass is zero, so the support is empty"),
        ([A, A], "prompts[0].responses[1].name: the name 'a' is taken by prompts[0].responses[0]"),
        ([A, Response.of("", "1/2", [0, 0])], "prompts[0].responses[1].name: the name is empty"),
        ([A, Response.of("c", "1/2", [0])], "prompts[0].responses[1].phi: 1 features, but theta has 2 entries"),
        (
            [A, Response.of("c", "1/2", ["3/5", "5/6"])],
            "prompts[0].responses[1].phi: ||phi||_2^2 = 949/900, 49/900 more than 1; scale the features down",
        ),
    ],
)
def test_bad_responses(responses: list[Response], message: str) -> None:
    with pytest.raises(ProblemError) as caught:
        build(Prompt.of("x", responses))
    assert str(caught.value).startswith(message)
    assert str(caught.value) == f"{caught.value.path}: {caught.value.reason}"


def test_the_norm_of_features_may_be_exactly_one() -> None:
    assert build(Prompt.of("x", [Response.of("a", 1, ["3/5", "-4/5"])])).phi(0, 0).norm_squared() == 1


@pytest.mark.parametrize(
    ("theta", "bound", "spread", "message"),
    [
        (("3", "4"), "49/10", "2", "theta: ||theta||_2^2 = 25, 99/100 more than the square of bounds.B = 49/10"),
        (("1", "log(2)"), "6/5", "2", "theta: ||theta||_2 is about 1.21674, about 0.0167387 more than bounds.B = 6/5"),
        (("1", "log(2)"), "2", "3/10", "prompts[0].responses: rewards on the support differ by 1 - log(2), ≈0.00685"),
        (
            ("1", "0"),
            "2",
            "1/2",
            "prompts[0].responses: rewards on the support differ by 1, 0.5 more than bounds.R_max",
        ),
        ((), "2", "2", "theta: the list is empty"),
    ],
)
def test_bad_parameters(theta: tuple[str, ...], bound: str, spread: str, message: str) -> None:
    with pytest.raises(ProblemError) as caught:
        build(theta=theta, bound=bound, spread=spread)
    assert str(caught.value).startswith(message)


def test_bounds_may_be_attained() -> None:
    assert build(theta=("3", "4"), bound="5", spread="1").B == 5


def test_rewards_off_the_support_are_not_bounded() -> None:
    # z has reward -log 2, and base mass zero.
    assert build(Prompt.of("x", [A, B, Z]), spread="1/3").reward(0, 2) == -log(2)


def test_difference_rank_ranges_over_the_support_and_over_prompts() -> None:
    assert build().difference_rank() == 1
    assert build(Prompt.of("x", [A, B, Z])).difference_rank() == 1
    flat = Prompt.of("y", [Response.of("a", "1/2", [1, 0]), Response.of("b", "1/2", ["1/2", 0])], rho="1/2")
    assert build(Prompt.of("x", [A, B], rho="1/2"), flat).difference_rank() == 2
    assert build(Prompt.of("x", [Response.of("a", 1, [1, 0])])).difference_rank() == 0


def test_log_rational_looks_at_differences_on_the_support() -> None:
    assert not build().is_log_rational()
    # (r(a) - r(b))/beta = 2 log 2 - 2 log 2 + ... : integers only
    assert build(theta=("log(2)", "1/2*log(3)")).is_log_rational()
    assert not build(theta=("log(2)", "1/4*log(3)")).is_log_rational()
    # A constant in every reward cancels.
    assert build(theta=("1/2 + log(2)", "1/2")).is_log_rational()


@given(linear_problems(family="log-rational"))
def test_the_log_rational_strategy_keeps_its_word(problem: LinearProblem) -> None:
    assert problem.is_log_rational()


@given(linear_problems(max_responses=6, max_dimension=3))
def test_the_rank_is_the_dimension_of_the_span_of_the_differences(problem: LinearProblem) -> None:
    span = Span.empty(problem.dimension)
    for x in range(len(problem.prompts)):
        for y, z in product(problem.support(x), repeat=2):
            span = span.with_vector(problem.phi(x, y) - problem.phi(x, z))
    assert problem.difference_rank() == span.dimension


def test_the_rank_of_what_the_first_differences_do_not_tell() -> None:
    """Nine responses like the first, then others: two more dimensions come after the first three differences."""
    rows = [["1", "0"]] * 9 + [["0", "1"], ["0", "0"]]
    problem = build(Prompt.of("x", [Response.of(f"{i}", "1/11", row) for i, row in enumerate(rows)]))
    assert problem.difference_rank() == 2
    assert build(Prompt.of("x", [Response.of(f"{i}", "1/9", rows[0]) for i in range(9)])).difference_rank() == 0
