"""Section 4: the laws of rejection and of best-of-n, written down from their listings, on generated instances."""

from itertools import product

import mpmath
import pytest
from flint import fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reference.algorithms.best_of import Ties, best_of_n
from reference.algorithms.rejection import ideal_rejection
from reference.catalog import load_linear
from reference.exact import exp_ratio
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.world import World
from reference.laws.best_of import best_of_n_law
from reference.laws.rejection import truncated_rejection
from reference.model.linear import linear_score
from reference.model.linear_problem import LinearProblem
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
    plain,
    same,
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
