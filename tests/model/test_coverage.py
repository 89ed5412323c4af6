"""Coverage: by hand, against mpmath, and its bounds."""

import mpmath
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.catalog import load
from reference.exact import ExpRatio, exp
from reference.exact.law import Law, Mass
from reference.exact.linalg import Span
from reference.model import (
    LinearProblem,
    Prompt,
    Response,
    SupportError,
    TabularPolicy,
    base_policy,
    coverage,
    coverage_at,
    l1_coverage,
    l1_coverage_at,
    largest,
    optimum,
    softmax,
    uncovered_mass,
)
from reference.model.ratios import coverage_rounded_up
from reference.testing import linear_problems, policies
from tests.model import peer


def test_two_arms_by_hand() -> None:
    problem = load("two-arms")
    # pi*/pi_ref = (4/3, 2/3), and E_{pi*} of it = 2/3 * 4/3 + 1/3 * 2/3 = 10/9
    assert coverage(problem, optimum(problem)) == fmpq(4, 3)
    assert isinstance(coverage(problem, optimum(problem)), fmpq)
    assert l1_coverage(problem, optimum(problem)).exact == fmpq(10, 9)
    point = TabularPolicy(problem, [Law.point(1)])
    assert coverage(problem, point) == 2
    assert l1_coverage(problem, point) == 2


def test_rational_rewards_by_hand() -> None:
    problem = load("two-arms-exp")
    assert coverage(problem, optimum(problem)) == ExpRatio(2 * exp(2), 1 + exp(2))
    # sum pi^2/pi_ref = 2 (e^4 + 1)/(1 + e^2)^2
    assert l1_coverage(problem, optimum(problem)).exact == ExpRatio(2 * exp(4) + 2, (1 + exp(2)) ** 2)


@given(linear_problems(), st.integers(1, 5))
def test_coverage_rounded_up_is_the_least_integer(problem: LinearProblem, factor: int) -> None:
    value = coverage(problem) * factor
    found = coverage_rounded_up(problem, factor)
    assert found - 1 < value <= found


@pytest.mark.parametrize("reward", [1, 9, 900, 9000])
def test_a_coverage_just_below_an_integer_is_not_rounded_past_it(reward: int) -> None:
    """``2 e^r/(1 + e^r) < 2``; with a rarer response ``C_cov`` has hundreds of digits."""
    assert coverage_rounded_up(_two_responses(fmpq(1, 2), reward)) == 2
    assert coverage_rounded_up(_two_responses(fmpq(1, 2), reward), 2) == (3 if reward == 1 else 4)
    rare = _two_responses(fmpq(1, 10**300), 9000)  # 10^300 e^9000/(e^9000 + 10^300 - 1)
    assert coverage_rounded_up(rare) == 10**300


def _two_responses(mass: fmpq, reward: int) -> LinearProblem:
    responses = [Response.of("a", mass, [1]), Response.of("b", 1 - mass, [0])]
    return LinearProblem.of("near", [Prompt.of("x", responses)], theta=[reward], beta=1, B=reward, R_max=reward)


def test_the_base_model_covers_itself() -> None:
    problem = load("different-supports")
    assert coverage(problem, base_policy(problem)) == 1
    assert l1_coverage(problem, base_policy(problem)) == 1


def test_the_largest_prompt_decides() -> None:
    problem = load("different-supports")
    at = [coverage_at(problem, optimum(problem), x) for x in range(3)]
    # 3/5 * 5 log 2 + 4/5 * 5 log 3 = log 648 on mass 1/100
    assert at[2] == fmpq(64_800, 747)
    assert coverage(problem, optimum(problem)) == at[2] > at[0]
    assert at[0] == fmpq(64, 33)


def test_leaving_the_support_is_infinite() -> None:
    problem = load("zero-base-mass")
    best = TabularPolicy(problem, [Law.uniform([0, 1])])
    for measure in (coverage, l1_coverage):
        with pytest.raises(
            SupportError,
            match=r"coverage is \+inf: response 'best' to prompt 'x' has positive mass under the policy",
        ):
            measure(problem, best)


def test_many_responses_stay_enclosed() -> None:
    responses = [Response.of(str(i), fmpq(1, 100), [fmpq(i, 100)]) for i in range(100)]
    problem = LinearProblem.of("many", [Prompt.of("x", responses)], theta=[1], beta=1, B=1, R_max=1)
    value = l1_coverage(problem, optimum(problem))
    assert value.exact is None
    q = peer.softmax(problem, 0, peer.reward(problem, 0))
    assert peer.close(value, sum(100 * p * p for p in q))


def test_many_prompts_do_not_multiply_out() -> None:
    rows = [Response.of(str(i), fmpq(1, 50), [fmpq(i, 100)]) for i in range(50)]
    entries = [
        Prompt.of(f"x{k}", [*rows[:-1], Response.of("last", fmpq(1, 50), [fmpq(k, 60)])], rho="1/4") for k in range(4)
    ]
    problem = LinearProblem.of("wide", entries, theta=[1], beta=1, B=1, R_max=1)
    value = l1_coverage(problem, optimum(problem))
    assert value.exact is None
    parts = [l1_coverage_at(problem, optimum(problem), x) for x in range(4)]
    assert all(part.exact is not None for part in parts)
    assert peer.close(value, sum(peer.number(part) for part in parts) / 4)


def test_largest_of_many_equal_values_takes_no_time_for_each_pair() -> None:
    assert largest([fmpq(1, 3)] * 50_000 + [fmpq(2, 3), fmpq(1, 3)]) == fmpq(2, 3)
    assert largest([fmpq(2, 3)] * 50_000) == fmpq(2, 3)


def test_largest_compares_exactly_where_enclosures_touch() -> None:
    same: list[Mass] = [ExpRatio(1 + exp(1), 3 + exp(2)), ExpRatio(2 + 2 * exp(1), 6 + 2 * exp(2)), fmpq(1, 3)]
    assert largest(same) == same[0]
    assert largest([fmpq(1, 3)]) == fmpq(1, 3)
    assert largest([fmpq(1, 3), fmpq(1, 3) + fmpq(1, 2**2000)]) == fmpq(1, 3) + fmpq(1, 2**2000)


def test_uncovered_mass_by_hand() -> None:
    problem = load("zero-base-mass")
    nothing, everything = Span.empty(2), Span.empty(2).with_vector(problem.phi(0, 1))
    # Pairs (good, bad) and (bad, good): 2 * 1/4 * 3/4.
    assert uncovered_mass(nothing.contains, problem, 0) == fmpq(3, 8)
    assert uncovered_mass(everything.contains, problem, 0) == 0
    assert uncovered_mass(nothing.contains, problem, 0, Law.point(1)) == fmpq(3, 4)
    assert uncovered_mass(nothing.contains, problem, 0, Law.point(1), Law.point(2)) == 1
    best = optimum(load("two-arms-exp")).law(0)
    assert uncovered_mass(Span.empty(1).contains, load("two-arms-exp"), 0, best) == fmpq(1, 2)


@given(linear_problems(), st.data())
def test_coverage_agrees_with_mpmath_and_its_bounds(problem: LinearProblem, data: st.DataObject) -> None:
    policy = data.draw(policies(problem))
    mean = mpmath.mpf(0)
    ratios = []
    for x, entry in enumerate(problem.prompts):
        pairs = zip(peer.masses(policy.law(x), len(entry.responses)), peer.base(problem, x), strict=True)
        kept = [(p, q) for p, q in pairs if q]
        ratios.append(max(p / q for p, q in kept))
        mean += peer.number(entry.rho) * sum(p * p / q for p, q in kept)
        assert peer.close(coverage_at(problem, policy, x), ratios[-1])
    assert peer.close(coverage(problem, policy), max(ratios))
    assert peer.close(l1_coverage(problem, policy), mean)
    assert coverage(problem, policy) >= 1
    assert l1_coverage(problem, policy) <= coverage(problem, policy)


@given(linear_problems(), st.data())
def test_closed_forms_agree_with_the_definitions(problem: LinearProblem, data: st.DataObject) -> None:
    soft = softmax(problem, [data.draw(st.sampled_from(problem.theta)) for _ in problem.theta])
    table = TabularPolicy(problem, [soft.law(x) for x in range(len(problem.prompts))])
    assert coverage(problem, soft) == coverage(problem, table)
    assert l1_coverage(problem, soft) == l1_coverage(problem, table)
