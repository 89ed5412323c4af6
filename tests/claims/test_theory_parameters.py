"""What theory asks of SpannerSampling: P(gap <= eps), by a Markov chain in mpmath and SoftmaxSampler in numpy."""

from dataclasses import replace
from math import isclose, lgamma, log

import mpmath
import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.algorithms.parts.theory import theory_parameters
from reference.exact import rational
from reference.laws.first_round import gaps_returned, probability_within, returned_policies
from reference.model import LinearProblem, Prompt, Response
from tests.claims.second_opinion_float import instance, mp, near, number
from tests.claims.second_opinion_spanner import MODES, Mode, Pairs, Setting


@st.composite
def arms(draw: st.DrawFn) -> LinearProblem:
    """One or two prompts with two responses each: of features 0, and of features of their own or shared."""
    masses = st.sampled_from((fmpq(1, 2), fmpq(1, 4), fmpq(1, 10)))
    both = draw(st.booleans())
    rho = (fmpq(1, 3), fmpq(2, 3)) if both else (fmpq(1),)
    prompts = []
    for x, share in enumerate(rho):
        p = draw(masses)
        phi = draw(st.sampled_from((("1", "0"), ("1/2", "0")) if x == 0 else (("0", "1"), ("3/4", "0"))))
        prompts.append(Prompt.of(f"x{x}", [Response.of("a", 1 - p, [0, 0]), Response.of("b", p, phi)], rho=share))
    theta = [draw(st.sampled_from(("1", "-1/2"))), "1/2"]
    beta = draw(st.sampled_from(("1/4", "1/2", "1")))
    return LinearProblem.of("arms", prompts, theta=theta, beta=beta, B=2, R_max=1)


def law_of_pairs(setting: Setting, n_prompt: int) -> dict[Pairs, mpmath.mpf]:
    """The law of the accepted pairs, as a Markov chain whose rows are computed once."""
    rows: dict[Pairs, dict[Pairs, mpmath.mpf]] = {}
    law: dict[Pairs, mpmath.mpf] = {(): mp.mpf(1)}
    mine = setting.mine
    for _ in range(n_prompt):
        after: dict[Pairs, mpmath.mpf] = {}
        for accepted, mass in law.items():
            if accepted not in rows:
                row = {
                    (*accepted, (x, y, z)): rho * mine.pi[x][y] * mine.pi[x][z]
                    for x, rho in enumerate(mine.rho)
                    for y, z in setting.uncovered(accepted, x)
                }
                rows[accepted] = {accepted: 1 - mp.fsum(row.values()), **row}
            for longer, chance in rows[accepted].items():
                after[longer] = after.get(longer, mp.mpf(0)) + mass * chance
        law = after
    return law


def least_squares(setting: Setting, accepted: Pairs) -> list[mpmath.mpf]:
    """``theta_1``, fitted to the accepted pairs: of least norm, or by the normal equations of the ridge."""
    if setting.inputs.mode == "span" or not accepted:
        return setting.least_norm(accepted)
    rows = mp.matrix([setting.phi(pair) for pair in accepted])
    seen = mp.matrix([setting.mine.reward[x][y] - setting.mine.reward[x][z] for x, y, z in accepted])
    return list(mp.lu_solve(rows.T * rows + number(setting.inputs.ridge) * mp.eye(setting.dimension), rows.T * seen))


def drawn(p: float, w: float, M: float, N: int) -> float:
    """How often SoftmaxSampler answers the response of base mass ``p`` and weight ``w`` beside one of weight 1."""
    hits = np.arange(N + 1)
    ways = np.array([lgamma(N + 1) - lgamma(k + 1) - lgamma(N - k + 1) for k in range(N + 1)])
    chance = np.exp(ways + hits * log(p) + (N - hits) * log(1 - p))
    z = (hits * w + N - hits) / N
    yes, no = np.minimum(1, w / (z * M)), np.minimum(1, 1 / (z * M))
    some = p * yes + (1 - p) * no
    none = (1 - some) ** N
    return float(np.sum(chance * (p * yes / some * (1 - none) + p * none)))


def gap_of(setting: Setting, accepted: Pairs) -> float:
    """The gap of the mixture over ``y'``, each drawn by SoftmaxSampler."""
    mine, p, theta = setting.mine, setting.inputs, least_squares(setting, accepted)
    total = 0.0
    for x, rho in enumerate(mine.rho):
        second = 0.0
        for anchor in (0, 1):
            f = setting.truncated(accepted, theta, x, anchor)
            mass, w = float(mine.pi[x][1]), float(mp.exp((f[1] - f[0]) / mine.beta))
            second += float(mine.pi[x][anchor]) * drawn(mass, w, float(number(p.M)), p.draws)
        total += float(rho * mine.gap(x, [1 - mp.mpf(second), mp.mpf(second)]))
    return total


def less_often(trials: int, h: mpmath.mpf, below: int) -> mpmath.mpf:
    """``P(Bin(trials, h) < below)``."""
    return mp.fsum(mp.binomial(trials, k) * h**k * (1 - h) ** (trials - k) for k in range(below))


@pytest.mark.claim("theory-parameters")
@settings(max_examples=10)
@given(arms(), st.sampled_from(("1/8", "1/4")), st.sampled_from(("1/8", "1/2")), st.sampled_from(MODES))
def test_the_promise_is_kept(problem: LinearProblem, eps: str, delta: str, mode: Mode) -> None:
    """The probability is the package's, too, and at least ``1 - delta``; with a prompt less the tail is too heavy."""
    mine = instance(problem)
    covered = fmpq(int(mp.ceil(max(mine.coverage(x, mine.best(x)) for x in range(len(mine.rho))) * 16)), 16)
    found = theory_parameters(
        eps, delta, beta=problem.beta, R_max=1, B=2, dimension=problem.difference_rank(), coverage=covered, mode=mode
    )
    h, n_max = (fmpq(one.value) for one in found.quantities)
    N, level = found.parameters.n_prompt, number(rational(delta))
    assert less_often(N, number(h), int(n_max.p)) <= level < less_often(N - 1, number(h), int(n_max.p))

    setting = Setting(problem, mine, found.parameters)
    law = law_of_pairs(setting, N)
    gaps = {accepted: gap_of(setting, accepted) for accepted in law}
    good = [accepted for accepted, value in gaps.items() if value <= float(number(rational(eps)))]
    assert mp.fsum(law[accepted] for accepted in good) >= 1 - level

    few = min(N, 40)  # the exact law of the package takes long for thousands of prompts
    law, policies = law_of_pairs(setting, few), returned_policies(problem, replace(found.parameters, n_prompt=few))
    assert near(probability_within(problem, policies, rational(eps)), mp.fsum(law.get(a, mp.mpf(0)) for a in good))
    mean = policies.expectation(gaps_returned(problem, policies).__getitem__)
    assert isclose(float(number(mean)), float(mp.fsum(law[a] * gaps[a] for a in law)), rel_tol=1e-6, abs_tol=1e-9)
