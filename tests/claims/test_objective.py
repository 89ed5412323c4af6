"""Section 3: the optimum, coverage and the gap, on generated problems, with both sides from the definitions."""

from itertools import pairwise

import mpmath
import pytest
from flint import fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reference.catalog import LinearName, load_linear
from reference.exact import LogLinear
from reference.model.linear_problem import LinearProblem
from reference.model.policy import Policy, optimum, softmax, tilted
from reference.model.profile import coverage_profile, coverage_profile_at
from reference.model.ratios import coverage, coverage_at
from reference.model.values import (
    gap,
    kl_at,
    log_partition,
    objective,
    optimal_value,
    oscillation,
)
from reference.testing import linear_problems, loglinears, policies, rationals
from tests.claims.second_opinion import (
    at_most,
    below,
    close,
    divergence,
    dot,
    masses,
    mp,
    number,
    numbers,
    plain,
    same,
    tilt,
)

Scores = tuple[tuple[LogLinear, ...], ...]


def laws_of(problem: LinearProblem, policy: Policy) -> list[list[mpmath.mpf]]:
    """The masses that the package gives a policy."""
    return [masses(policy.law(x), len(entry.responses)) for x, entry in enumerate(problem.prompts)]


@st.composite
def with_policies(draw: st.DrawFn) -> tuple[LinearProblem, Policy]:
    problem = draw(linear_problems())
    return problem, draw(policies(problem))


@st.composite
def with_parameters(draw: st.DrawFn) -> tuple[LinearProblem, list[LogLinear]]:
    problem = draw(linear_problems())
    return problem, [draw(loglinears()) for _ in range(problem.dimension)]


@st.composite
def with_scores(draw: st.DrawFn) -> tuple[LinearProblem, Scores]:
    problem = draw(linear_problems())
    return problem, tuple(tuple(draw(loglinears(1)) for _ in entry.responses) for entry in problem.prompts)


def with_zero_scores(name: LinearName) -> tuple[LinearProblem, Scores]:
    """A named instance with ``f = 0``: the base model."""
    problem = load_linear(name)
    return problem, tuple(tuple(LogLinear(fmpq(0)) for _ in entry.responses) for entry in problem.prompts)


@st.composite
def with_errors(draw: st.DrawFn) -> tuple[LinearProblem, Scores, list[fmpq]]:
    """Scores ``f = r + c + e`` with baselines ``c`` and ``e >= -beta``, which may be attained."""
    problem = draw(linear_problems())
    rows, shifts = [], [draw(rationals()) for _ in problem.prompts]
    for x, shift in enumerate(shifts):
        errors = [draw(rationals(-1, 3)) * problem.beta for _ in problem.rewards(x)]
        rows.append(tuple(r + shift + e for r, e in zip(problem.rewards(x), errors, strict=True)))
    return problem, tuple(rows), shifts


@pytest.mark.claim("gibbs-optimum")
@given(with_policies())
@settings(max_examples=30)
def test_the_loss_of_a_policy_is_its_divergence_from_the_optimum(case: tuple[LinearProblem, Policy]) -> None:
    problem, policy = case
    p, laws = plain(problem), laws_of(problem, policy)
    best = p.optimum()
    loss = p.objective(best) - p.objective(laws)
    apart = p.beta * p.mean(divergence(law, star) for law, star in zip(laws, best, strict=True))
    assert same(loss, apart)
    different = any(
        not same(a, b) for law, star in zip(laws, best, strict=True) for a, b in zip(law, star, strict=True)
    )
    assert below(mp.mpf(0), apart) if different else same(apart, mp.mpf(0))
    sums = [dot(row.base, [mp.exp((r - row.baseline) / p.beta) for r in row.rewards]) for row in p.rows]
    value = p.mean(row.baseline + p.beta * mp.log(z) for row, z in zip(p.rows, sums, strict=True))
    assert same(p.objective(best), value)
    # and the package says the same
    assert close(objective(problem, policy), p.objective(laws))
    assert close(optimal_value(problem), value)
    assert close(gap(problem, policy), loss)
    for x, (row, law) in enumerate(zip(p.rows, laws_of(problem, optimum(problem)), strict=True)):
        assert all(map(same, law, best[x]))
        assert close(log_partition(problem, x), mp.log(dot(row.base, [mp.exp(r / p.beta) for r in row.rewards])))


@pytest.mark.claim("policy-is-reward")
@given(with_parameters())
@settings(max_examples=30)
def test_log_ratios_of_a_softmax_are_differences_of_its_scores(case: tuple[LinearProblem, list[LogLinear]]) -> None:
    problem, theta = case
    p, parameter = plain(problem), numbers(theta)
    for row, law in zip(p.rows, laws_of(problem, softmax(problem, theta)), strict=True):
        scores = [dot(parameter, phi) for phi in row.phi]
        assert all(map(same, law, tilt(row.base, scores, p.beta)))
        for y in row.support:
            for z in row.support:
                ratio = p.beta * (mp.log(law[y] / row.base[y]) - mp.log(law[z] / row.base[z]))
                difference = dot(parameter, [a - b for a, b in zip(row.phi[y], row.phi[z], strict=True)])
                assert same(ratio, difference)


@pytest.mark.claim("coverage-range")
@given(linear_problems())
@example(load_linear("sampler-tight-n"))  # a rare response is worth much: the exponent's constant is seen
@settings(max_examples=40)
def test_coverage_lies_between_one_and_the_range_of_rewards(problem: LinearProblem) -> None:
    p, best = plain(problem), optimum(problem)
    laws = p.optimum()
    coverages, ranges = p.coverages(laws), [row.oscillation(row.rewards) for row in p.rows]
    for x, (row, law) in enumerate(zip(p.rows, laws, strict=True)):
        apart, limit = divergence(law, row.base), mp.exp(ranges[x] / p.beta)
        chain = [(mp.mpf(1), coverages[x]), (coverages[x], limit), (apart, mp.log(coverages[x]))]
        moves = below(mp.mpf(0), ranges[x])
        assert all(below(a, b) if moves else same(a, b) for a, b in chain)
        assert close(coverage_at(problem, best, x), coverages[x])
        assert close(oscillation(problem, x), ranges[x])
        assert close(kl_at(problem, best, x), apart)
    assert at_most(max(coverages), mp.exp(max(ranges) / p.beta))
    assert close(coverage(problem, best), max(coverages))


@st.composite
def with_policies_and_bounds(draw: st.DrawFn) -> tuple[LinearProblem, Policy, fmpq]:
    problem = draw(linear_problems())
    return problem, draw(policies(problem)), draw(rationals(fmpq(1, 2), 4))


@pytest.mark.claim("coverage-profile")
@given(with_policies_and_bounds())
@example((load_linear("sampler-tight-m"), optimum(load_linear("sampler-tight-m")), fmpq(500)))  # two values of w
@settings(max_examples=40)
def test_the_coverage_profile_is_bounded_by_the_divergence(case: tuple[LinearProblem, Policy, fmpq]) -> None:
    problem, policy, bound = case
    p, laws = plain(problem), laws_of(problem, policy)
    tiny = mp.mpf(10) ** -50
    all_ratios = [{y: law[y] / row.base[y] for y in row.support} for row, law in zip(p.rows, laws, strict=True)]
    for N in [number(bound), *(w for ratios in all_ratios for w in ratios.values() if w > 1 + tiny)]:
        covered = [
            mp.fsum(law[y] for y, w in ratios.items() if w >= N - tiny * N)
            for law, ratios in zip(laws, all_ratios, strict=True)
        ]
        for x, (c, ratios) in enumerate(zip(covered, all_ratios, strict=True)):
            apart = divergence(laws[x], p.rows[x].base)
            assert at_most(N * c, mp.fsum(laws[x][y] * w for y, w in ratios.items()))
            if N > 1:
                coins = divergence([c, 1 - c] if c < 1 - tiny else [mp.mpf(1), mp.mpf(0)], [c / N, 1 - c / N])
                assert at_most(coins, apart)
                points = sorted(ratios.values())
                apart_by = [b - a for a, b in pairwise(points) if b - a > tiny]
                if len(apart_by) == 1 and same(N, points[-1]):
                    assert same(coins, apart)
        if N > 1:
            mean = p.mean(map(divergence, laws, (row.base for row in p.rows)))
            assert at_most(p.mean(covered) * mp.log(N), mean + mp.exp(-1))
        if number(bound) == N:  # and the package says the same
            assert close(coverage_profile(problem, policy).at(bound), p.mean(covered))
            for x, c in enumerate(covered):
                assert close(coverage_profile_at(problem, policy, x).at(bound), c)
    for x, ratios in enumerate(all_ratios):
        (found,) = coverage_profile_at(problem, policy, x).prompts
        steps = sorted({w for y, w in ratios.items() if laws[x][y]})
        assert all(close(N, steps[0]) or any(close(N, w) for w in steps) for N in found.ratios)
        for j, N in enumerate(found.ratios):
            assert close(
                found.mass_from(j), mp.fsum(laws[x][y] for y, w in ratios.items() if w >= number(N) * (1 - tiny))
            )


@pytest.mark.claim("gap-oscillation")
@given(with_scores())
@example(with_zero_scores("gap-oscillation-tight"))  # where 8 cannot be 9
@settings(max_examples=30)
def test_the_gap_is_at_most_an_eighth_of_the_squared_oscillation(case: tuple[LinearProblem, Scores]) -> None:
    problem, f = case
    p, scores = plain(problem), [numbers(row) for row in f]
    laws = [tilt(row.base, own, p.beta) for row, own in zip(p.rows, scores, strict=True)]
    loss = p.objective(p.optimum()) - p.objective(laws)
    errors = [[a - r for a, r in zip(own, row.rewards, strict=True)] for row, own in zip(p.rows, scores, strict=True)]
    widths = [row.oscillation(own) for row, own in zip(p.rows, errors, strict=True)]
    assert at_most(loss, p.mean(width**2 for width in widths) / (8 * p.beta))
    assert close(gap(problem, tilted(problem, lambda x, y: f[x][y])), loss)
    for x, width in enumerate(widths):
        assert close(oscillation(problem, x, lambda x, y: f[x][y] - problem.reward(x, y)), width)


@pytest.mark.claim("gap-quadratic")
@given(with_errors())
@example((*with_zero_scores("gap-quadratic-tight"), [fmpq(0)]))  # where e - 2 cannot be 7/10
@settings(max_examples=30)
def test_the_gap_is_quadratic_in_the_error_under_the_learned_policy(
    case: tuple[LinearProblem, Scores, list[fmpq]],
) -> None:
    problem, f, shifts = case
    p, scores = plain(problem), [numbers(row) for row in f]
    laws = [tilt(row.base, own, p.beta) for row, own in zip(p.rows, scores, strict=True)]
    loss = p.objective(p.optimum()) - p.objective(laws)
    squares = [
        [(a - r - number(c)) ** 2 for a, r in zip(own, row.rewards, strict=True)]
        for row, own, c in zip(p.rows, scores, shifts, strict=True)
    ]
    assert at_most(loss, (mp.e - 2) / p.beta * p.mean(map(dot, laws, squares)))
    policy = tilted(problem, lambda x, y: f[x][y])
    assert close(gap(problem, policy), loss)
    for law, own in zip(laws_of(problem, policy), laws, strict=True):
        assert all(map(same, law, own))
