"""Small finite families of problems and policies that several claims are checked on exhaustively."""

from collections.abc import Iterator
from itertools import product

from flint import fmpq
from hypothesis import strategies as st

from proofs_check.ledger import Family
from reference.exact import LogLinear, log
from reference.exact.law import Law
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Prompt, Response
from reference.model.policy import Policy, TabularPolicy, base_policy, softmax
from reference.model.ratios import coverage_at
from reference.testing import linear_problems, loglinears, policies

FEATURES = ((0,), (1,), (-1,))
WEIGHTS = (1, 3)
_THETAS = (LogLinear(fmpq(1)), log(3), log(2) * fmpq(1, 2) - 1)


def small_problems() -> Iterator[LinearProblem]:
    """Every problem with one prompt, three responses, ``d = 1``, features in {-1, 0, 1}, weights in {1, 3}.

    ``theta`` in {1, log 3, log(2)/2 - 1} and ``beta`` in {1/2, 1}; the first response has weight 1.
    """
    for second, third in product(FEATURES, repeat=2):
        for a, b in product(WEIGHTS, repeat=2):
            for theta, beta in product(_THETAS, (fmpq(1, 2), fmpq(1))):
                rows = zip("abc", (1, a, b), (FEATURES[0], second, third), strict=True)
                responses = [Response.of(name, fmpq(w, 1 + a + b), phi) for name, w, phi in rows]
                label = f"phi={second[0]},{third[0]} w={a},{b} theta={theta} beta={beta}"
                yield LinearProblem.of(label, [Prompt.of("x", responses)], theta=[theta], beta=beta, B=2, R_max=4)


SMALL = Family("small problems", 216, small_problems)
"""The family of :func:`small_problems`."""


def prompts(problem: LinearProblem) -> range:
    """Indices of the prompts."""
    return range(len(problem.prompts))


def some_policies(problem: LinearProblem) -> Iterator[tuple[str, Policy]]:
    """A few policies on the support that differ from each other and, as a rule, from the optimum."""
    yield "pi_ref", base_policy(problem)
    yield "theta/2", softmax(problem, [t * fmpq(1, 2) for t in problem.theta])
    yield "-theta", softmax(problem, [-t for t in problem.theta])
    first = [Law.point(problem.support(x)[0]) for x in prompts(problem)]
    yield "first response", TabularPolicy(problem, first)
    ramps = [Law.weighted(problem.support(x), range(1, len(problem.support(x)) + 1)) for x in prompts(problem)]
    yield "ramp", TabularPolicy(problem, ramps)


@st.composite
def problems_with_policies(draw: st.DrawFn) -> tuple[LinearProblem, Policy]:
    """A random problem and a random policy on its support."""
    problem = draw(linear_problems())
    return problem, draw(policies(problem))


Scores = tuple[tuple[LogLinear, ...], ...]
"""A function ``f(x, y)`` as a table."""


@st.composite
def problems_with_scores(draw: st.DrawFn) -> tuple[LinearProblem, Scores]:
    """A random problem and an arbitrary function ``f`` of prompt and response."""
    problem = draw(linear_problems())
    rows = [tuple(draw(loglinears(1)) for _ in range(problem.response_count(x))) for x in prompts(problem)]
    return problem, tuple(rows)


def rational_coverage(problem: LinearProblem, policy: Policy, x: int) -> fmpq:
    """``C_cov(pi; x)``, or the smallest integer above it where it is irrational."""
    value = coverage_at(problem, policy, x)
    if isinstance(value, fmpq):
        return value
    above = 1
    while above < value:
        above *= 2
    low = above // 2
    while above - low > 1:
        middle = (low + above) // 2
        low, above = (middle, above) if middle < value else (low, middle)
    return fmpq(above)
