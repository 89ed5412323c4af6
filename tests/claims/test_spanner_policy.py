"""Section 6, phase 2 and the whole algorithm: truncation, exactness, the rate, and needles, against mpmath."""

from collections.abc import Iterator
from functools import partial
from itertools import combinations

import mpmath
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

import reference as ref
from reference.algorithms.parts.cover import truncated
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.algorithms.spanner_sampling import Spanner, SpannerSampling
from reference.constructions.needles import needle
from reference.exact import LogLinear
from reference.laws.returned import gap_of_masses, ideal_law, spanner_law
from reference.model import LinearProblem, TabularPolicy, Tilt, gap, gap_at, oscillation, tilted
from reference.testing import STRESSES, extreme_problems, linear_problems
from tests.claims.second_opinion_float import (
    at_most,
    binary,
    binomial_tail,
    digits,
    instance,
    mp,
    near,
    number,
    rank,
)
from tests.claims.second_opinion_spanner import Pairs, Setting, left_by_phase_1, phases, played, same_law, sampled

FEW = settings(max_examples=30)


@st.composite
def estimates(draw: st.DrawFn) -> tuple[Setting, Pairs, tuple[LogLinear, ...]]:
    """A setting, some of its differences as accepted ones, and a parameter off by up to ``beta`` in a coordinate."""
    setting = draw(phases(max_n_prompt=0))
    problem, accepted = setting.problem, list[tuple[int, int, int]]()
    for x in range(len(problem.prompts)):
        for y, z in combinations(problem.support(x), 2):
            if not setting.covers(tuple(accepted), setting.phi((x, y, z))) and draw(st.booleans()):
                accepted.append((x, y, z))
    errors = [fmpq(draw(st.integers(-4, 4)), draw(st.sampled_from((4, 16)))) * problem.beta for _ in problem.theta]
    return setting, tuple(accepted), tuple(t + e for t, e in zip(problem.theta, errors, strict=True))


@pytest.mark.claim("truncated-coverage")
@FEW
@given(estimates())
def test_truncation_keeps_coverage(member: tuple[Setting, Pairs, tuple[LogLinear, ...]]) -> None:
    """The truncated scores and their softmax are computed again: truncating what is covered gives other scores."""
    setting, accepted, theta = member
    problem, mine = setting.problem, setting.mine
    (empty,) = left_by_phase_1(setting).outcomes
    cover = empty.cover
    for x, y, z in accepted:
        cover = cover.with_vector(problem.phi(x, y) - problem.phi(x, z))
    estimate = [number(t) for t in theta]
    for x in range(len(mine.rho)):
        best, C = mine.best(x), mine.coverage(x, mine.best(x))
        for anchor in mine.support(x):
            f = setting.truncated(accepted, estimate, x, anchor)
            exact = truncated(cover, theta, problem.phi(x, anchor))
            assert all(near(exact(problem.phi(x, y)), f[y]) for y in mine.support(x))
            reached = mine.coverage(x, mine.tilt(x, f))
            scores = tuple(exact(problem.phi(x, y)) for y in problem.support(x))
            assert near(Tilt(problem.pi_ref(x), scores, problem.beta).coverage(), reached)
            G = [y for y in mine.support(x) if setting.covers(accepted, setting.phi((x, y, anchor)))]
            errors = [abs(f[y] - (mine.reward[x][y] - mine.reward[x][anchor])) for y in G]
            if max(errors) <= mine.beta:
                assert at_most(reached, mp.exp(2) * C / mp.fsum(best[y] for y in G))


def subsets(anchor: int, support: list[int]) -> Iterator[set[int]]:
    """All sets that contain the anchor."""
    others = [y for y in support if y != anchor]
    for size in range(len(others) + 1):
        for chosen in combinations(others, size):
            yield {anchor, *chosen}


FEW_RESPONSES = [stress for stress in STRESSES if stress != "many-responses"]


@pytest.mark.claim("truncation-gap")
@settings(max_examples=15)
@given(st.one_of(linear_problems(), *(extreme_problems(stress) for stress in FEW_RESPONSES)))
def test_what_is_not_covered_costs_little(problem: LinearProblem) -> None:
    """On extreme problems too, at 1000 digits; a wrong gap of one truncated score is seen against its definition."""
    with digits(1000):
        mine, x = instance(problem), 0
        C, R = mine.coverage(x, mine.best(x)), mine.spread(x)
        assert near(oscillation(problem, x), R)
        for anchor in mine.support(x)[:2]:
            for G in subsets(anchor, mine.support(x)):
                f = [r - mine.reward[x][anchor] if y in G else mp.mpf(0) for y, r in enumerate(mine.reward[x])]
                lost = mine.gap(x, mine.tilt(x, f))
                exact = gap_at(problem, tilted(problem, partial(kept, problem, anchor, G)), x)
                assert near(exact, lost, scale=mp.mpf(10) ** -330)
                u = mp.fsum(p for y, p in enumerate(mine.pi[x]) if y not in G)
                assert at_most(lost, R * min(1, C * u))


def kept(problem: LinearProblem, anchor: int, G: set[int], x: int, y: int) -> LogLinear:
    return problem.reward(x, y) - problem.reward(x, anchor) if y in G else LogLinear(fmpq(0))


@pytest.mark.claim("span-mode-exact")
@FEW
@given(linear_problems(max_dimension=3), st.integers(0, 6), st.integers(1, 3), st.integers(0, 10**6))
def test_span_mode_is_exact_where_everything_is_covered(problem: LinearProblem, n: int, t_exp: int, seed: int) -> None:
    """A run, judged by the accepted differences alone: each estimate must give pi* wherever they span everything."""
    learner = SpannerSampling(n, 2, t_exp, 1, 1, mode="span")
    policy, reading = played(problem, learner, seed)
    mine = instance(problem)
    rows = [[number(v) for v in phi] for phi, _ in policy.psi]
    setting = Setting(problem, mine, learner)
    assert rank(rows) == len(rows) <= rank(setting.everything())
    assert reading.t_data == 2 * len(rows) + 2 * t_exp
    assert len(policy.thetas) == t_exp
    for x in range(len(mine.rho)):
        for anchor in mine.support(x):
            phis = {y: setting.phi((x, y, anchor)) for y in mine.support(x)}
            if any(rank([*rows, phi]) > len(rows) for phi in phis.values()):
                continue
            best = mine.best(x)
            for theta in policy.thetas:
                scores = [mp.fdot([number(t) for t in theta], phis.get(y, [0] * len(theta))) for y in range(len(best))]
                assert all(abs(a - b) < mp.mpf(10) ** -50 for a, b in zip(mine.tilt(x, scores), best, strict=True))
                f = truncated(policy.cover, theta, problem.phi(x, anchor))
                law = Tilt(problem.pi_ref(x), tuple(f(problem.phi(x, y)) for y in phis), problem.beta).law()
                assert all(near(law.mass(y), best[y]) for y in phis)


@pytest.mark.claim("spanner-end-to-end")
@settings(max_examples=25)
@given(phases(mode="span", max_n_pair=1))
def test_the_rate_of_span_mode(setting: Setting) -> None:
    """Phase 1, the fit, line 15 and the gap, each a second time: returning pi_ref would give another mean gap."""
    mine, inputs, problem = setting.mine, setting.inputs, setting.problem
    prompts = range(len(mine.rho))
    law, theirs = setting.phase_1(), left_by_phase_1(setting)
    assert same_law(setting, theirs, law)
    gaps: dict[Pairs, mpmath.mpf] = {}
    for accepted in law:
        theta = setting.least_norm(accepted)
        lost = [mine.gap(x, setting.ideal(accepted, theta, x)) for x in prompts]
        gaps[accepted] = mine.mean(lost.__getitem__)
    expected = mp.fsum(mass * gaps[accepted] for accepted, mass in law.items())

    def exact_gap(spanner: Spanner) -> ref.Real:
        fitted = (spanner.cover.least_squares(spanner.psi),)
        policy = SpannerPolicy(spanner.cover, fitted, inputs.M, inputs.draws, spanner.psi)
        return gap(problem, TabularPolicy(problem, [ideal_law(problem, policy, x) for x in prompts]))

    assert near(theirs.expectation(exact_gap), expected)
    loss, most = max(mine.coverage(x, mine.best(x)) * mine.spread(x) for x in prompts), rank(setting.everything())
    assert at_most(expected, loss * most / (inputs.n_prompt + 1))
    for h in (mp.mpf(share) / 8 for share in range(1, 9)):
        missed = mp.fsum(mass for accepted, mass in law.items() if not at_most(gaps[accepted], loss * h))
        assert at_most(missed, binomial_tail(inputs.n_prompt, h, most - 1))


@pytest.mark.claim("spanner-matches")
@settings(max_examples=8)
@given(st.integers(8, 32), st.integers(1, 3))
def test_spanner_sampling_matches_the_lower_bound_on_needles(quarters: int, k: int) -> None:
    """C from 2 to 8 in quarters: the law of the returned policy by a binomial sum, the costs from the listing."""
    C = fmpq(quarters, 4)
    c = number(C)
    m = int(mp.ceil(2 * mp.log(c)))
    problem = needle(C, fmpq(1, m), m, k)
    p, beta = 1 / c, 1 / mp.mpf(m)
    n_pair = int(mp.ceil(mp.log(4) / (2 * p * (1 - p))))
    inputs = SpannerSampling(1, n_pair, 1, 2 * C, fmpq(1, 8), mode="span")
    N = int(mp.ceil(8 * c * mp.log(32)))
    assert inputs.draws == N
    found = 1 - (1 - 2 * p * (1 - p)) ** n_pair
    law = left_by_phase_1(Setting(problem, instance(problem), inputs))
    assert near(law.probability(lambda s: bool(s.psi)), found)
    spanner = next(s for s in law.outcomes if s.psi)
    policy = SpannerPolicy(spanner.cover, (spanner.cover.least_squares(spanner.psi),), inputs.M, N, spanner.psi)
    b, best = sampled(p, mp.exp(1 / beta), 2 * c, N), mp.exp(1 / beta) / (c - 1 + mp.exp(1 / beta))
    masses = spanner_law(problem, policy, 0)
    lost = beta * binary(b, best)
    assert near(masses[1], b)
    assert near(gap_of_masses(problem, 0, masses), lost)
    assert lost <= mp.mpf(1) / 4
    assert mp.mpf(3) / 4 <= found
    most = 2 * n_pair + 2 * (2 * N + 2)
    assert most <= 114 * c + 10
    d = mp.mpf(m) ** 2
    qbar = p / (1 - p) * mp.exp(1 / (2 * d * beta**2))
    assert most <= 4200 * 3 / (32 * qbar)
    returned, reading = played(problem, inputs, quarters)
    assert reading.t_comp + returned.queries_per_draw <= most
    assert reading.t_data == (4 if returned.psi else 2)
