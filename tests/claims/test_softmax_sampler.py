"""Section 4: SoftmaxSampler's law, from its listing by hand, and what it costs in gap."""

import operator
from collections.abc import Iterable

import mpmath
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.algorithms.softmax_sampling import number_of_draws, softmax_sampler
from reference.exact import LogLinear, exp, log
from reference.exact.linalg import Vector
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.world import World
from reference.laws.softmax_sampling import softmax_sampler_law, softmax_sampler_masses
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Prompt, Response
from reference.testing import rationals
from tests.claims.second_opinion import (
    at_most,
    close,
    distance,
    divergence,
    masses,
    mp,
    number,
    numbers,
    plain,
    same,
    tilt,
)

Sampling = tuple[LinearProblem, list[LogLinear], fmpq, fmpq]
"""One prompt, ``f`` by response, how far ``M`` is above ``2 C_cov`` rounded up, and ``delta``."""

RATIOS = (fmpq(1), fmpq(2), fmpq(3), fmpq(1, 2))


@st.composite
def samplings(draw: st.DrawFn) -> Sampling:
    """Responses with features of their own and weights ``exp(f/beta)`` that are rational, or powers of e."""
    beta = draw(st.sampled_from((fmpq(1, 2), fmpq(1), fmpq(2))))
    count = draw(st.integers(1, 3))
    weights = [draw(st.integers(1, 5)) for _ in range(count)]
    responses = [Response(f"y{j}", fmpq(w, sum(weights)), Vector.of([fmpq(j, 4)])) for j, w in enumerate(weights)]
    problem = LinearProblem.of(
        "sampled", [Prompt("x", fmpq(1), responses=tuple(responses))], theta=[0], beta=beta, B=1, R_max=1
    )
    rational = st.sampled_from(RATIOS).map(lambda ratio: log(ratio) * beta)
    powers = st.integers(-2, 2).map(lambda n: LogLinear(fmpq(n, 2) * beta))
    scores = draw(st.one_of(*(st.lists(kind, min_size=count, max_size=count) for kind in (rational, powers))))
    return problem, scores, draw(rationals(0, 1)), draw(st.sampled_from((fmpq(1), fmpq(3, 4), fmpq(1, 2))))


SCALE = 10**60


def sums(base: list[mpmath.mpf], weights: list[mpmath.mpf], N: int) -> list[tuple[mpmath.mpf, mpmath.mpf]]:
    """The mean of ``N`` weights with its probability, draw after draw.

    Sums are integers over ``10^60``, so that equal ones are the same key.
    """
    whole = [int(mp.nint(w * SCALE)) for w in weights]
    found = {0: mp.mpf(1)}
    for _ in range(N):  # 2
        after: dict[int, mpmath.mpf] = {}
        for total, mass in found.items():
            for w, p in zip(whole, base, strict=True):
                after[total + w] = after.get(total + w, 0) + mass * p
        found = after
    return [(mp.mpf(total) / SCALE / N, mass) for total, mass in found.items()]


def of_sums(base: list[mpmath.mpf], weights: list[mpmath.mpf], M: mpmath.mpf, N: int) -> list[mpmath.mpf]:
    """The law of SoftmaxSampler, line by line: the sum of ``N`` weights draw after draw, then trial after trial."""
    law = [mp.mpf(0)] * len(base)
    for z_hat, mass in sums(base, weights, N):
        accepted = [p * min(mp.mpf(1), w / (z_hat * M)) for p, w in zip(base, weights, strict=True)]
        left, refused = mass, 1 - mp.fsum(accepted)
        tries = mp.mpf(0)
        for _ in range(N):  # 3 to 5
            tries += left
            left *= refused
        law = [have + tries * a + left * p for have, a, p in zip(law, accepted, base, strict=True)]  # 5, 6
    return law


@pytest.mark.claim("softmax-sampler-tv")
@given(samplings())
@settings(max_examples=20)
def test_softmax_sampler_is_close_to_the_softmax(case: Sampling) -> None:
    problem, scores, slack, delta = case
    (row,) = plain(problem).rows
    beta, f = number(problem.beta), numbers(scores)
    target, weights = tilt(row.base, f, beta), [mp.exp(value / beta) for value in f]
    C = max(p / q for p, q in zip(target, row.base, strict=True))
    M = fmpq(int(mp.ceil(2 * C * 8)), 8) + slack
    N = int(mp.ceil(4 * number(M) * mp.log(2 / number(delta))))
    assert number_of_draws(M, delta) == mp.ceil(4 * number(M) * mp.log(4 / number(delta)))
    law = of_sums(row.base, weights, number(M), N)
    assert at_most(distance(law, target), number(delta))
    base, table = problem.pi_ref(0), dict(enumerate(scores))
    assert all(map(close, softmax_sampler_masses(base, table.__getitem__, problem.beta, M, N).values(), law))
    if all(exp(value / problem.beta).is_rational for value in scores):
        assert all(map(same, masses(softmax_sampler_law(base, table.__getitem__, problem.beta, M, N), len(law)), law))


@pytest.mark.claim("softmax-sampler-tv")
@given(samplings(), st.integers(1, 2), st.sampled_from((fmpq(1, 4), fmpq(1), fmpq(2))))
@settings(max_examples=20)
def test_softmax_sampler_draws_from_the_law_of_its_listing(case: Sampling, N: int, M: fmpq) -> None:
    """With so few draws, and so small an ``M``, acceptance is cut at 1 and the last line counts."""
    problem, scores, _, _ = case
    (row,) = plain(problem).rows
    weights = [mp.exp(value / number(problem.beta)) for value in numbers(scores)]
    by_feature = {problem.phi(0, y): value for y, value in enumerate(scores)}

    def drawn(choice: Choice) -> int:
        return softmax_sampler(World(problem, choice).oracles, by_feature.__getitem__, 0, M, N)[0]

    expected = of_sums(row.base, weights, number(M), N)
    assert all(map(same, masses(law_of(drawn), len(expected)), expected))


def scores_in(case: Sampling, covered: list[bool]) -> tuple[list[LogLinear], bool]:
    """``f = (r - r(y0)) 1_G`` for the scores as rewards ``r``; with an empty list the scores reversed, any ``f``."""
    _, r, _, _ = case
    if not covered:
        return r[::-1], False
    return [v - r[0] if y == 0 or covered[y % len(covered)] else LogLinear(fmpq(0)) for y, v in enumerate(r)], True


def span_of(values: Iterable[mpmath.mpf]) -> mpmath.mpf:
    """``max - min``."""
    seen = list(values)
    return max(seen) - min(seen)


@pytest.mark.claim("sampler-mixture")
@given(samplings(), st.integers(1, 2), st.sampled_from((fmpq(1, 4), fmpq(1), fmpq(2))), st.lists(st.booleans()))
@settings(max_examples=30)
def test_softmax_sampler_is_a_mixture_of_cut_scores(case: Sampling, N: int, M: fmpq, covered: list[bool]) -> None:
    problem, rewards, _, _ = case
    scores, exact = scores_in(case, covered)
    base, beta, f, r = plain(problem).rows[0].base, number(problem.beta), numbers(scores), numbers(rewards)
    by_feature = {problem.phi(0, y): value for y, value in enumerate(scores)}

    def drawn(choice: Choice) -> int:
        return softmax_sampler(World(problem, choice).oracles, by_feature.__getitem__, 0, M, N)[0]

    law, whole, spans = masses(law_of(drawn), len(f)), [mp.mpf(0)] * len(f), []
    for z_hat, mass in sums(base, [mp.exp(v / beta) for v in f], N):
        t = beta * mp.log(z_hat * number(M))
        cut = [min(v, t) for v in f]
        accepts = mp.fsum(p * mp.exp((v - t) / beta) for p, v in zip(base, cut, strict=True))
        fails = (1 - accepts) ** N
        whole = [
            have + mass * ((1 - fails) * q + fails * p)
            for have, q, p in zip(whole, tilt(base, cut, beta), base, strict=True)
        ]
        spans.append(span_of(a - b for a, b in zip(cut, r, strict=True)))
    assert all(map(same, law, whole))
    assert at_most(
        max(a / p for a, p in zip(law, base, strict=True)),
        max(mp.exp(v / beta) for v in f) / mp.fsum(p * mp.exp(v / beta) for p, v in zip(base, f, strict=True)),
    )
    lost = beta * divergence(law, tilt(base, r, beta))
    assert at_most(lost, max(*spans, span_of(r)))
    assert not exact or at_most(max(spans), span_of(r))


@pytest.mark.claim("sampler-gap")
@given(samplings(), st.lists(st.booleans()))
@settings(max_examples=20)
def test_the_error_of_softmax_sampler_costs_little(case: Sampling, covered: list[bool]) -> None:
    problem, rewards, slack, delta = case
    scores, exact = scores_in(case, covered)
    base, beta, f, r = plain(problem).rows[0].base, number(problem.beta), numbers(scores), numbers(rewards)
    weights, target = [mp.exp(v / beta) for v in f], tilt(base, f, beta)
    Z, C = mp.fsum(p * w for p, w in zip(base, weights, strict=True)), max(map(operator.truediv, target, base))
    M = fmpq(int(mp.ceil(2 * C * 8)), 8) + slack
    N = int(mp.ceil(mp.mpf(33) / 10 * number(M) * mp.log(2 / number(delta))))
    e = mp.fsum(
        mass * (1 if z_hat < Z / 2 else (1 - Z / (z_hat * number(M))) ** N) for z_hat, mass in sums(base, weights, N)
    )
    assert at_most(e, number(delta))
    law = numbers(softmax_sampler_masses(problem.pi_ref(0), scores.__getitem__, problem.beta, M, N).values())
    assert all(map(same, law, of_sums(base, weights, number(M), N)))
    assert all(at_most((1 - e) * q, p) for p, q in zip(law, target, strict=True))
    best = tilt(base, r, beta)
    extra = 0 if exact else beta * mp.log(C)
    assert at_most(beta * divergence(law, best), (1 - e) * beta * divergence(target, best) + e * (span_of(r) + extra))
