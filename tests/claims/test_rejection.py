"""Section 4: the laws of both samplers, written down from their listings, on generated instances."""

from itertools import product

import mpmath
import pytest
from flint import fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reference.algorithms.best_of import Ties, best_of_n
from reference.algorithms.rejection import ideal_rejection
from reference.algorithms.softmax_sampling import number_of_draws, softmax_sampler
from reference.catalog import load_linear
from reference.exact import LogLinear, exp, exp_ratio, log
from reference.exact.linalg import Vector
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.world import World
from reference.laws.best_of import best_of_n_law
from reference.laws.rejection import truncated_rejection
from reference.laws.softmax_sampling import softmax_sampler_law, softmax_sampler_masses
from reference.model.linear import linear_score
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Prompt, Response
from reference.model.policy import Policy, optimum
from reference.model.profile import coverage_profile_at
from reference.model.ratios import coverage_at
from reference.testing import linear_problems, policies, rationals
from tests.claims.second_opinion import (
    at_most,
    below,
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

Rejection = tuple[LinearProblem, Policy, fmpq | None, int]
"""One prompt, a policy, what ``M`` is above the next integer to the coverage, or ``None`` for ``M = C_cov``; ``N``."""


@st.composite
def rejections(draw: st.DrawFn) -> Rejection:
    problem = draw(linear_problems(max_prompts=1))
    slack = draw(st.one_of(st.none(), rationals(0, 3)))
    return problem, draw(policies(problem)), slack, draw(st.integers(1, 3))


def of_strings(base: list[mpmath.mpf], ratios: list[mpmath.mpf], M: mpmath.mpf, N: int) -> list[mpmath.mpf]:
    """The law of ideal rejection, and the mass of failure at its end, over all strings of responses and coins."""
    law = [mp.mpf(0)] * (len(base) + 1)
    for string in product(product(range(len(base)), (True, False)), repeat=N):
        weight = mp.mpf(1)
        for y, accepted in string:
            weight *= base[y] * (ratios[y] / M if accepted else 1 - ratios[y] / M)
        law[next((y for y, accepted in string if accepted), len(base))] += weight
    return law


@pytest.mark.claim("rejection-exact")
@given(rejections())
@settings(max_examples=30)
def test_rejection_has_the_law_of_its_strings(case: Rejection) -> None:
    problem, policy, slack, N = case
    (row,) = plain(problem).rows
    target = masses(policy.law(0), len(row.base))
    ratios = [p / q if q else mp.mpf(0) for p, q in zip(target, row.base, strict=True)]
    smallest = coverage_at(problem, policy, 0)
    assert close(smallest, max(ratios))
    M = smallest if slack is None and isinstance(smallest, fmpq) else fmpq(int(mp.ceil(max(ratios)))) + (slack or 0)
    expected = of_strings(row.base, ratios, number(M), N)
    fails = (1 - 1 / number(M)) ** N
    assert same(expected[-1], fails)
    assert all(same(mass, p * (1 - fails)) for mass, p in zip(expected, target, strict=False))

    def drawn(choice: Choice) -> int:
        base, law = problem.pi_ref(0), policy.law(0)
        found = ideal_rejection(
            World(problem, choice).oracles, lambda y: exp_ratio(law.mass(y)) / base.mass(y), 0, M, N
        )
        return len(target) if found is None else found[0]

    assert all(map(same, masses(law_of(drawn), len(target) + 1), expected))


@st.composite
def capped(draw: st.DrawFn) -> Rejection:
    """One prompt, a policy, a cap that is often below the coverage, and ``N``."""
    problem = draw(linear_problems(max_prompts=1))
    return problem, draw(policies(problem)), draw(rationals(0, 3)) + fmpq(1, 8), draw(st.integers(1, 3))


@pytest.mark.claim("truncated-rejection")
@given(capped())
@example((load_linear("two-arms"), optimum(load_linear("two-arms")), fmpq(1), 2))
@settings(max_examples=40)
def test_a_cap_cuts_off_what_lies_above_it(case: Rejection) -> None:
    problem, policy, M, N = case
    assert M is not None
    (row,) = plain(problem).rows
    target, cap = masses(policy.law(0), len(row.base)), number(M)
    ratios = [p / q if q else mp.mpf(0) for p, q in zip(target, row.base, strict=True)]
    cut = mp.fsum(p * max(1 - cap / w, 0) for p, w in zip(target, ratios, strict=True) if w)
    kept = [q * min(w, cap) for q, w in zip(row.base, ratios, strict=True)]
    assert same(mp.fsum(kept), 1 - cut)
    accepted = [mass / (1 - cut) for mass in kept]
    expected = of_strings(row.base, [min(w, cap) for w in ratios], cap, N)
    fails = (1 - (1 - cut) / cap) ** N
    assert same(expected[-1], fails)
    assert all(same(mass, p * (1 - fails)) for mass, p in zip(expected, accepted, strict=False))
    apart = distance(accepted, target)
    reached = mp.fsum(p for p, w in zip(target, ratios, strict=True) if w >= cap - mp.mpf(10) ** -50)
    assert at_most(apart, cut)
    assert at_most(cut, reached)
    moves = below(cap, max(ratios))
    assert not moves or (below(apart, cut) and below(cut, reached))
    assert below(mp.mpf(0), cut) == moves
    top = max(a / q for a, q in zip(accepted, row.base, strict=True) if q)
    assert same(top, cap / (1 - cut) if moves else max(ratios))
    again = mp.fsum(p * max(1 - cap / (1 - cut) / w, 0) for p, w in zip(target, ratios, strict=True) if w)
    assert same(apart, again)
    # and the package says the same
    found = truncated_rejection(policy.law(0), problem.pi_ref(0), M)
    assert close(found.cut, cut)
    assert close(found.acceptance, (1 - cut) / cap)
    assert all(map(same, masses(found.accepted, len(target)), accepted))
    profile = coverage_profile_at(problem, policy, 0)
    assert close(profile.cut(M), cut)
    assert close(profile.at(M), reached)

    def drawn(choice: Choice) -> int:
        law, base = policy.law(0), problem.pi_ref(0)
        oracles = World(problem, choice).oracles
        draw = ideal_rejection(oracles, lambda y: exp_ratio(law.mass(y)) / base.mass(y), 0, M, N)
        return len(target) if draw is None else draw[0]

    assert all(map(same, masses(law_of(drawn), len(target) + 1), expected))


@pytest.mark.claim("best-of-n")
@given(linear_problems(max_prompts=1), st.integers(1, 4))
@example(load_linear("antipodal"), 4)
@settings(max_examples=40)
def test_the_best_of_n_has_the_law_of_its_strings(problem: LinearProblem, n: int) -> None:
    """With values at 60 digits; responses with equal features have equal values here, too."""
    (row,) = plain(problem).rows
    values = [mp.nint(reward * mp.mpf(10) ** 40) for reward in row.rewards]  # equal ones are the same integer
    by_index, by_draw = [mp.mpf(0)] * len(values), [mp.mpf(0)] * len(values)
    for string in product(row.support, repeat=n):
        weight = mp.fprod(row.base[y] for y in string)
        best = max(values[y] for y in string)
        by_index[min(y for y in string if values[y] == best)] += weight
        by_draw[next(y for y in string if values[y] == best)] += weight
    apart, most = divergence(by_index, row.base), mp.log(n) - mp.mpf(n - 1) / n
    assert below(apart, most) if n > 1 else same(apart, most)
    assert at_most(divergence(by_draw, row.base), apart)
    assert all(at_most(mass, n * q) for mass, q in zip(by_index, row.base, strict=True))
    repeated = len({values[y] for y in row.support}) < len(row.support)
    assert all(map(same, by_index, by_draw)) == (n == 1 or not repeated)
    score = linear_score(problem.theta)
    ways: tuple[tuple[Ties, list[mpmath.mpf]], ...] = (("index", by_index), ("first", by_draw))
    for ties, expected in ways:

        def drawn(choice: Choice, ties: Ties = ties) -> int:
            return best_of_n(World(problem, choice).oracles, score, 0, n, ties=ties)[0]

        closed = best_of_n_law(problem.pi_ref(0), problem.rewards(0).__getitem__, n, ties=ties)
        for law in (law_of(drawn), closed):
            assert all(map(same, masses(law, len(values)), expected))


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


def of_sums(base: list[mpmath.mpf], weights: list[mpmath.mpf], M: mpmath.mpf, N: int) -> list[mpmath.mpf]:
    """The law of SoftmaxSampler, line by line: the sum of ``N`` weights draw after draw, then trial after trial.

    Sums are integers over ``10^60``, so that equal ones are the same key.
    """
    whole = [int(mp.nint(w * SCALE)) for w in weights]
    sums = {0: mp.mpf(1)}
    for _ in range(N):  # 2
        after: dict[int, mpmath.mpf] = {}
        for total, mass in sums.items():
            for w, p in zip(whole, base, strict=True):
                after[total + w] = after.get(total + w, 0) + mass * p
        sums = after
    law = [mp.mpf(0)] * len(base)
    for total, mass in sums.items():
        z_hat = mp.mpf(total) / SCALE / N
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
