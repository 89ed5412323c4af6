"""Section 6, ridge mode: the loss of a round, what phase 2 learns, the fast rate, and noise, against mpmath.

What a wrong implementation would have to do to pass is said at each property.
"""

from collections.abc import Iterator, Sequence
from itertools import product

import mpmath
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs_check.claims.spanner_sampling.ridge_arms import Arm
from proofs_check.claims.spanner_sampling.ridge_runs import first_estimates, given_psi, runs
from proofs_check.claims.spanner_sampling.setting import seeded_run
from reference.algorithms.parts.cover import truncated
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.exact import LogLinear, Real, real
from reference.exact.law import Law
from reference.exact.linalg import Gram, Vector
from reference.laws.returned import ideal_law
from reference.model import LinearProblem, TabularPolicy, gap, gap_at, tilted
from reference.model.parameter_set import Theta
from reference.testing import linear_problems, rationals
from tests.claims.second_opinion_float import (
    Numbers,
    at_most,
    binary,
    elliptic,
    gram,
    instance,
    minus,
    mp,
    near,
    number,
    vector,
)
from tests.claims.second_opinion_spanner import Pairs, Setting, left_by_phase_1, phases, sampled
from tests.claims.test_spanner_policy import estimates

TINY = mp.mpf(10) ** -50


@pytest.mark.claim("ridge-round")
@settings(max_examples=30)
@given(estimates())
def test_an_error_costs_its_square(member: tuple[Setting, Pairs, tuple[LogLinear, ...]]) -> None:
    """The truncated scores and their gap a second time: a gap that forgets an error would be another."""
    setting, accepted, theta = member
    problem, mine, estimate = setting.problem, setting.mine, [number(t) for t in theta]
    (empty,) = left_by_phase_1(setting).outcomes
    cover = empty.cover
    for x, y, z in accepted:
        cover = cover.with_vector(problem.phi(x, y) - problem.phi(x, z))
    for x in range(len(mine.rho)):
        best, C, R = mine.best(x), mine.coverage(x, mine.best(x)), mine.spread(x)
        for anchor in mine.support(x):
            f = setting.truncated(accepted, estimate, x, anchor)
            law = mine.tilt(x, f)
            lost = mine.gap(x, law)
            exact = truncated(cover, theta, problem.phi(x, anchor))
            values = {y: exact(problem.phi(x, y)) for y in mine.support(x)}
            assert near(gap_at(problem, tilted(problem, lambda _, y, known=values: known[y]), x), lost)  # type: ignore[misc]  # a default
            G = [y for y in mine.support(x) if setting.covers(accepted, setting.phi((x, y, anchor)))]
            off = {y: f[y] - (mine.reward[x][y] - mine.reward[x][anchor]) for y in G}
            if min(off.values()) < -mine.beta:
                continue
            learnt = (mp.e - 2) / mine.beta * mp.fsum(law[y] * off[y] ** 2 for y in G)
            outside = [1 - mp.fsum(p[y] for y in G) for p in (mine.pi[x], best, law)]
            assert at_most(lost, mp.e * R * C * outside[0] + learnt)
            assert at_most(lost, R * max(outside[1:]) + learnt)


def ridge_fit(rows: Sequence[Numbers], seen: Numbers, dimension: int, ridge: mpmath.mpf) -> list[mpmath.mpf]:
    """Line 10, by the normal equations."""
    moments = [mp.fsum([phi[k] * r for phi, r in zip(rows, seen, strict=True)]) for k in range(dimension)]
    return list(mp.lu_solve(gram(rows, dimension, ridge), mp.matrix(moments)))


@pytest.mark.claim("ridge-exploration")
@settings(max_examples=20)
@given(
    linear_problems(max_dimension=3), st.integers(0, 2), st.integers(1, 6),
    rationals(fmpq(1, 8), 4), st.sampled_from((fmpq(1, 3), fmpq(1))), st.integers(0, 1000),
)  # fmt: skip
def test_what_phase_2_asks_for_it_learns(
    problem: LinearProblem, n: int, t_exp: int, ridge: fmpq, nu: fmpq, seed: int
) -> None:
    """Every estimate of the run is fitted anew to the pairs of its transcript: a pair left out gives others."""
    run = seeded_run(problem, SpannerSampling(n, 2, t_exp, 1, 1, ridge=ridge, nu=nu), seed)
    mine, d, lam = instance(problem), problem.dimension, number(ridge)
    rows, known = [vector(phi) for phi in run.data], len(run.data) - t_exp
    start, total = gram(rows[:known], d, lam), mp.mpf(0)
    for t, theta in enumerate(run.policy.thetas):
        before = rows[: known + t]
        fitted = ridge_fit(before, [mp.fdot(phi, mine.theta) for phi in before], d, lam)
        assert all(near(a, b) for a, b in zip(theta, fitted, strict=True))
        if elliptic(start, rows[known + t]) <= number(nu) ** 2 + TINY:
            total += mp.fdot(minus(fitted, mine.theta), rows[known + t]) ** 2
    growth = mp.log(mp.det(gram(rows, d, lam)) / mp.det(start))
    assert near(Gram.ridge(d, ridge).with_vectors(run.data).determinant(), mp.det(gram(rows, d, lam)))
    assert at_most(total, lam * mp.fdot(mine.theta, mine.theta) * growth / mp.log(2))


ROOTS = {1: ("8/7", 6), 2: ("12/11", 15), 3: ("17/16", 28)}
"""For ``lambda = 1/k`` a ``theta* = times log(root)`` below ``1/sqrt(lambda)`` for which laws are over Q."""


@st.composite
def arms(draw: st.DrawFn) -> tuple[Arm, SpannerSampling]:
    """An arm beside another, and inputs with a few prompts and rounds."""
    k = draw(st.sampled_from(sorted(ROOTS)))
    root, times = ROOTS[k]
    arm = Arm(draw(rationals(fmpq(1, 10), fmpq(9, 10))), fmpq(*map(int, root.split("/"))), times, fmpq(1, k), fmpq(1))
    return arm, arm.inputs(draw(st.integers(0, 3)), draw(st.integers(1, 2)))


def phase_2(arm: Arm, p: SpannerSampling, n: int, *, covered: bool) -> Iterator[tuple[mpmath.mpf, Numbers, int]]:
    """The ways of phase 2 from ``n`` differing pairs on: probability, estimates used, differing pairs at the end."""
    m, ridge = number(arm.mass), number(arm.ridge)
    for differs in product((True, False), repeat=p.t_exp):
        mass, thetas, k = mp.mpf(1), list[mpmath.mpf](), n
        for new in differs:
            f = number(arm.theta) * k / (ridge + k) if covered else mp.mpf(0)
            up, down = sampled(m, mp.exp(f), number(p.M), p.draws), sampled(1 - m, mp.exp(-f), number(p.M), p.draws)
            other = (1 - m) * up + m * down
            mass, k = mass * (other if new else 1 - other), k + new
            thetas.append(f)
        yield mass, thetas, k


@pytest.mark.claim("ridge-end-to-end")
@settings(max_examples=8)
@given(arms())
def test_the_fast_rate_of_ridge_mode(member: tuple[Arm, SpannerSampling]) -> None:
    """The mean gap from the exact law of runs, and again from binomials: another count of pairs would change it."""
    arm, p = member
    problem, m, ridge, top = arm.problem, number(arm.mass), number(arm.ridge), number(arm.theta)
    best = m * mp.exp(top) / (m * mp.exp(top) + 1 - m)
    missed = (1 - 2 * m * (1 - m)) ** p.n_prompt if ridge < 1 else mp.mpf(1)
    starts = [(missed, 0, ridge >= 1), (1 - missed, 1, True)]
    lost, growth, q = mp.mpf(0), mp.mpf(0), mp.mpf(0)
    for share, n, covered in starts:
        for mass, thetas, k in phase_2(arm, p, n, covered=covered) if share else ():
            b = mp.fsum(m * mp.exp(f) / (m * mp.exp(f) + 1 - m) for f in thetas) / p.t_exp
            lost += share * mass * binary(b, best)
            growth += share * mass * mp.log((ridge + k) / (ridge + n))
            q = max(q, *(shortfall(m, f, p) for f in thetas))

    def exact_gap(policy: SpannerPolicy) -> Real:
        return gap(problem, TabularPolicy(problem, [ideal_law(problem, policy, 0)]))

    law = runs(problem, p)
    assert near(law.expectation(lambda run: exact_gap(run[0])), lost)
    spread, C = top, best / m
    first = mp.e * C * spread * (1 if ridge < 1 else 0) / (p.n_prompt + 1)
    assert at_most(lost, first + (mp.e - 2) * ridge * top**2 * growth / ((1 - q) * p.t_exp * mp.log(2)))


def shortfall(m: mpmath.mpf, f: mpmath.mpf, p: SpannerSampling) -> mpmath.mpf:
    """The least ``q`` with ``law of SoftmaxSampler >= (1-q) pi_f``, for both ``y2``."""
    b = m * mp.exp(f) / (m * mp.exp(f) + 1 - m)
    up, down = sampled(m, mp.exp(f), number(p.M), p.draws), sampled(1 - m, mp.exp(-f), number(p.M), p.draws)
    return max(1 - x for x in (up / b, (1 - up) / (1 - b), down / (1 - b), (1 - down) / b))


@pytest.mark.claim("ridge-noise")
@settings(max_examples=12)
@given(phases(mode="ridge", max_n_prompt=2, max_n_pair=1), st.integers(1, 6), st.integers(1, 20))
def test_noise_in_the_first_estimate(setting: Setting, low: int, times: int) -> None:
    """Each outcome of the noise is fitted anew: noise that is used twice, or not fresh, has another variance."""
    noise = Law.of({fmpq(-low, 4): fmpq(times, times + 1), fmpq(low * times, 4): fmpq(1, times + 1)})
    problem, mine, d, lam = setting.problem, setting.mine, setting.dimension, number(setting.inputs.ridge)
    xi = [(number(value), number(mass)) for value, mass in noise.items()]
    s2 = 2 * mp.fsum(mass * value**2 for value, mass in xi)
    differences = [(a - b, p * q) for (a, p), (b, q) in product(xi, repeat=2)]
    law = first_estimates(problem, setting.inputs, noise)
    for accepted in setting.phase_1():
        rows = [setting.phi(pair) for pair in accepted]
        sigma, seen = gram(rows, d, lam), [mp.fdot(phi, mine.theta) for phi in rows]
        x, y, z = accepted[0] if accepted else (0, mine.support(0)[0], mine.support(0)[-1])
        phi = setting.phi((x, y, z))
        total = mp.mpf(0)
        for errors in product(differences, repeat=len(rows)):
            theta = ridge_fit(rows, [r + error for r, (error, _) in zip(seen, errors, strict=True)], d, lam)
            total += mp.fprod(mass for _, mass in errors) * mp.fdot(minus(theta, mine.theta), phi) ** 2
        w = list(mp.lu_solve(sigma, mp.matrix(phi)))
        norm = elliptic(sigma, phi)
        by_hand = lam**2 * mp.fdot(mine.theta, w) ** 2 + s2 * (norm - lam * mp.fdot(w, w))
        assert abs(total - by_hand) < TINY * max(1, by_hand)
        assert at_most(total, max(lam * mp.fdot(mine.theta, mine.theta), s2) * norm)
        exact = problem.phi(x, y) - problem.phi(x, z)
        part = given_psi(law, tuple(problem.phi(x, y) - problem.phi(x, z) for x, y, z in accepted))
        theirs = part.expectation(lambda fitted, exact=exact: squared_error(problem, fitted[1], exact))  # type: ignore[misc]  # a default
        assert near(theirs, total)


def squared_error(problem: LinearProblem, theta: Theta, phi: Vector) -> Real:
    missed = phi.dot_numbers([a - b for a, b in zip(theta, problem.theta, strict=True)])
    return real(missed) * missed
