"""Section 6, the whole program: its rate with SoftmaxSampler as it is listed, and its costs, against mpmath."""

from functools import partial

import mpmath
import pytest
from flint import fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st

import reference as ref
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.algorithms.spanner_sampling import Spanner, SpannerSampling
from reference.exact import log
from reference.exact.linalg import Vector
from reference.laws.returned import spanner_law
from reference.model import LinearProblem, Prompt, Response, coverage_at, optimum
from tests.claims.second_opinion_float import Numbers, at_most, binomial_tail, instance, mp, near, number, rank, vector
from tests.claims.second_opinion_spanner import Pairs, Setting, left_by_phase_1, played

FEATURES = tuple(Vector.of(v) for v in ((0, 0), (1, 0), (0, 1), (-1, 0)))
RATIOS = (fmpq(1), fmpq(5, 4), fmpq(3, 2))


@st.composite
def runs(draw: st.DrawFn) -> tuple[LinearProblem, SpannerSampling, int]:
    """Up to three responses whose weights differ by a factor of 9/4 at most, inputs with ``M = 4C``, and a seed."""
    weights = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    rows = [Response(f"y{j}", fmpq(w, sum(weights)), draw(st.sampled_from(FEATURES))) for j, w in enumerate(weights)]
    theta = [log(draw(st.sampled_from(RATIOS))) for _ in range(2)]
    problem = LinearProblem.of("few", [Prompt("x", fmpq(1), responses=tuple(rows))], theta=theta, beta=1, B=2, R_max=2)
    C, delta = coverage_at(problem, optimum(problem), 0), draw(st.sampled_from((fmpq(1), fmpq(3, 4))))
    assert isinstance(C, fmpq)
    counts = draw(st.integers(0, 2)), draw(st.integers(1, 2)), draw(st.integers(1, 3))
    return problem, SpannerSampling(*counts, 4 * C, delta, mode="span"), draw(st.integers(0, 10**6))


def two_arms(n_prompt: int, t_exp: int) -> tuple[LinearProblem, SpannerSampling, int]:
    """Fair arms of rewards 0 and log 2."""
    rows = [Response(f"y{j}", fmpq(1, 2), FEATURES[j]) for j in range(2)]
    problem = LinearProblem.of(
        "arms", [Prompt("x", fmpq(1), responses=tuple(rows))], theta=[log(2), 0], beta=1, B=1, R_max=1
    )
    return problem, SpannerSampling(n_prompt, 1, t_exp, fmpq(16, 3), fmpq(1, 16), mode="span"), 0


def sampled_law(base: Numbers, weights: Numbers, M: mpmath.mpf, N: int) -> list[mpmath.mpf]:
    """The law of SoftmaxSampler for up to three responses, by how often each is among the first ``N`` draws."""
    p, w = [*base, 0, 0][:3], [*weights, 1, 1][:3]
    law = [mp.mpf(0)] * len(base)
    for a in range(N + 1 if p[1] else 1):
        for b in range(N - a + 1 if p[2] else 1):
            first = N - a - b
            ways = mp.binomial(N, a) * mp.binomial(N - a, b)
            chance = ways * p[0] ** first * p[1] ** a * p[2] ** b
            z = (first * w[0] + a * w[1] + b * w[2]) / N
            yes = [q * min(mp.mpf(1), v / (z * M)) for q, v in zip(base, weights, strict=True)]
            some = mp.fsum(yes)
            none = (1 - some) ** N
            law = [
                have + chance * (k / some * (1 - none) + q * none) for have, k, q in zip(law, yes, base, strict=True)
            ]
    return law


@pytest.mark.claim("spanner-as-listed")
@settings(max_examples=8)
@given(runs())
@example(two_arms(31, 1))
@example(two_arms(2, 3))
def test_the_rate_of_the_program_as_it_is_listed(member: tuple[LinearProblem, SpannerSampling, int]) -> None:
    problem, p, seed = member
    mine = instance(problem)
    setting = Setting(problem, mine, p)
    C, R, delta = mine.coverage(0, mine.best(0)), mine.spread(0), number(p.delta)
    assert near(p.M, 4 * C)
    assert p.draws == int(mp.ceil(16 * C * mp.log(4 / delta)))
    law, most = setting.phase_1(), rank(setting.everything())
    laws: dict[tuple[str, ...], list[mpmath.mpf]] = {}
    answers: dict[Pairs, list[mpmath.mpf]] = {}
    for accepted in law:
        theta, mixed = setting.least_norm(accepted), [mp.mpf(0)] * len(mine.pi[0])
        for anchor in mine.support(0):
            weights = [mp.exp(f / mine.beta) for f in setting.truncated(accepted, theta, 0, anchor)]
            key = tuple(mp.nstr(w, 30) for w in weights)
            if key not in laws:
                laws[key] = sampled_law(mine.pi[0], weights, number(p.M), p.draws)
            mixed = [have + mine.pi[0][anchor] * q for have, q in zip(mixed, laws[key], strict=True)]
        answers[accepted] = mixed

    def theirs(spanner: Spanner, y: int) -> ref.Real:
        policy = SpannerPolicy(spanner.cover, (spanner.cover.least_squares(spanner.psi),), p.M, p.draws, spanner.psi)
        return spanner_law(problem, policy, 0)[y]

    for y in mine.support(0):
        expected = mp.fsum(mass * answers[accepted][y] for accepted, mass in law.items())
        assert near(left_by_phase_1(setting).expectation(partial(theirs, y=y)), expected)
    gaps = {accepted: mine.gap(0, answer) for accepted, answer in answers.items()}
    expected = mp.fsum(mass * gaps[accepted] for accepted, mass in law.items())
    assert at_most(expected, 2 * C * R * most / (p.n_prompt + 1) + delta * R)
    for h in (mp.mpf(share) / 8 for share in range(1, 9)):
        limit = 2 * C * R * h + delta * R
        missed = mp.fsum(mass for accepted, mass in law.items() if not at_most(gaps[accepted], limit))
        assert at_most(missed, binomial_tail(p.n_prompt, h, most - 1))
    policy, reading = played(problem, p, seed)
    for fitted in policy.thetas:  # every round's estimate interpolates what was accepted
        estimate = [number(t) for t in fitted]
        truths = [(vector(phi), mp.fdot(vector(phi), mine.theta)) for phi, _ in policy.psi]
        assert all(abs(mp.fdot(phi, estimate) - truth) < mp.mpf(10) ** -50 for phi, truth in truths)
    assert len(policy.thetas) == p.t_exp
    assert policy.queries_per_draw == 2 * p.draws + 2
    assert reading.t_data == 2 * len(policy.psi) + 2 * p.t_exp <= 2 * most + 2 * p.t_exp
    stated = 2 * p.n_pair * p.n_prompt + (p.t_exp + 1) * (2 * p.draws + 2)
    assert reading.t_comp + policy.queries_per_draw <= stated
    assert reading.t_comp >= p.t_exp * (p.draws + 2)
