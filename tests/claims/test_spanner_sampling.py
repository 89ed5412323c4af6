"""Section 6, phase 1 and the regression: both sides of each claim in mpmath, on generated problems.

What a wrong implementation would have to do to pass is said at each property.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import mpmath
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.algorithms.parts.cover import RidgeCover
from reference.algorithms.spanner_sampling import Spanner, phase_1_round
from reference.exact import exp_ratio, real_log
from reference.exact.linalg import Gram, Vector
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.world import World
from reference.model import LinearProblem, coverage_at, optimum, uncovered_mass
from reference.testing import features, linear_problems, rationals
from tests.claims.second_opinion_float import (
    Numbers,
    at_most,
    binomial_tail,
    elliptic,
    gram,
    instance,
    minus,
    mp,
    near,
    number,
    rank,
    vector,
)
from tests.claims.second_opinion_spanner import Setting, left_by_phase_1, phases, same_law

FEW = settings(max_examples=20)


@pytest.mark.claim("spanner-size")
@FEW
@given(phases(max_n_prompt=3, max_n_pair=1))
def test_phase_1_accepts_few_pairs(setting: Setting) -> None:
    """Of the law of phase 1, order and rewards included: accepting too much, too little or twice changes it."""
    law = setting.phase_1()
    theirs = left_by_phase_1(setting)
    assert same_law(setting, theirs, law)
    d, ridge, nu = setting.dimension, number(setting.inputs.ridge), number(setting.inputs.nu)
    for accepted in law:
        vectors, n = [setting.phi(pair) for pair in accepted], len(accepted)
        if setting.inputs.mode == "span":
            assert rank(vectors) == n <= rank(setting.everything())
            continue
        growth = mp.det(gram(vectors, d, ridge)) / ridge**d
        assert at_most((1 + nu**2) ** n, growth)
        assert at_most(growth, (1 + 4 * n / (ridge * d)) ** d)
    for spanner in theirs.outcomes:
        if isinstance(spanner.cover, RidgeCover):
            exact = spanner.cover.sigma.determinant()
            assert near(exact, mp.det(gram([vector(phi) for phi, _ in spanner.psi], d, ridge)))


@st.composite
def regressions(draw: st.DrawFn) -> tuple[LinearProblem, fmpq, list[Vector]]:
    """A problem, a ridge, and up to four of its differences as data."""
    problem = draw(linear_problems(max_dimension=3))
    pairs = st.sampled_from(
        [(x, y, z) for x in range(len(problem.prompts)) for y in problem.support(x) for z in problem.support(x)]
    )
    data = draw(st.lists(pairs, max_size=4))
    ridge = draw(rationals(fmpq(1, 8), 4))
    return problem, ridge, [problem.phi(x, y) - problem.phi(x, z) for x, y, z in data]


@pytest.mark.claim("ridge-error")
@FEW
@given(regressions())
def test_noiseless_ridge_regression_errs_little(member: tuple[LinearProblem, fmpq, list[Vector]]) -> None:
    """The estimate itself is solved for a second time: another ridge, or a datum left out, is another estimate."""
    problem, ridge, data = member
    mine, d = instance(problem), problem.dimension
    rows = [vector(phi) for phi in data]
    sigma = gram(rows, d, number(ridge))
    seen = [mp.fdot(phi, mine.theta) for phi in rows]
    moments = [mp.fsum([phi[k] * r for phi, r in zip(rows, seen, strict=True)]) for k in range(d)]
    estimate = list(mp.lu_solve(sigma, mp.matrix(moments)))
    cover = RidgeCover.empty(d, ridge, fmpq(1))
    theirs = cover.least_squares([(phi, phi.dot_numbers(problem.theta)) for phi in data])
    assert all(near(a, b) for a, b in zip(theirs, estimate, strict=True))
    error = minus(estimate, mine.theta)
    pulled = list(mp.lu_solve(sigma, mp.matrix(mine.theta)))
    assert all(abs(e + number(ridge) * u) < mp.mpf(10) ** -50 for e, u in zip(error, pulled, strict=True))
    for x, row in enumerate(mine.phi):
        for y, z in ((y, z) for y in mine.support(x) for z in mine.support(x)):
            phi = minus(row[y], row[z])
            bound = number(ridge) * mp.fdot(mine.theta, mine.theta) * elliptic(sigma, phi)
            assert at_most(mp.fdot(error, phi) ** 2, bound)


@pytest.mark.claim("elliptic-potential")
@FEW
@given(st.integers(1, 3).flatmap(lambda d: st.lists(features(d), min_size=1, max_size=5)), rationals(fmpq(1, 8), 4))
def test_the_elliptic_potential_is_bounded(data: list[Vector], ridge: fmpq) -> None:
    """Norms against each Sigma_t, solved for anew: a potential that forgets to grow Sigma gives others."""
    d, scale = len(data[0]), number(ridge)
    sigma, norms = Gram.ridge(d, ridge), list[mpmath.mpf]()
    for t, phi in enumerate(data):
        norm = elliptic(gram([vector(v) for v in data[:t]], d, scale), vector(phi))
        assert near(sigma.matrix().inverse_quadratic_form(phi), norm)
        for share in (fmpq(99, 100), fmpq(101, 100)):
            if norm:
                threshold = sigma.matrix().inverse_quadratic_form(phi) * share
                assert sigma.exceeds(phi, threshold) == (norm > number(threshold))
        norms.append(norm)
        sigma = sigma.with_vector(phi)
    last = mp.det(gram([vector(v) for v in data], d, scale))
    assert near(real_log(sigma.determinant() / ridge**d), mp.log(last / scale**d))
    assert at_most(mp.log(2) * mp.fsum(min(mp.mpf(1), norm) for norm in norms), mp.log(last / scale**d))


@pytest.mark.claim("uncovered-mass")
@FEW
@given(phases(max_n_prompt=1), st.sampled_from((fmpq(1, 2), fmpq(1, 10), fmpq(9, 10))))
def test_uncovered_pairs_are_found_or_rare(setting: Setting, delta: fmpq) -> None:
    """One prompt of phase 1 after every spanner: drawing one pair more or fewer changes the power."""
    problem, mine, inputs = setting.problem, setting.mine, setting.inputs
    found = {tuple(tuple(map(str, phi)) for phi, _ in s.psi): s for s in left_by_phase_1(setting).outcomes}
    for accepted in setting.phase_1():
        spanner = found[tuple(tuple(map(str, problem.phi(x, y) - problem.phi(x, z))) for x, y, z in accepted)]
        nothing = mp.mpf(0)
        for x, rho in enumerate(mine.rho):
            best = mine.best(x)
            u = setting.uncovered_mass(accepted, x)
            miss = (1 - u) ** inputs.n_pair
            nothing += rho * miss
            if u > -mp.log(number(delta)) / inputs.n_pair + mp.mpf(10) ** -40:
                assert miss < number(delta)
            C = mine.coverage(x, best)
            mixed = setting.uncovered_mass(accepted, x, best, mine.pi[x])
            both = setting.uncovered_mass(accepted, x, best, best)
            assert at_most(mixed, C * u)
            assert at_most(both, C * C * u)
            law, covers = optimum(problem).law(x), spanner.cover.covers
            assert near(uncovered_mass(covers, problem, x), u)
            assert near(uncovered_mass(covers, problem, x, law, problem.pi_ref(x)), mixed)
            assert near(uncovered_mass(covers, problem, x, law, law), both)
            assert near(coverage_at(problem, optimum(problem), x), C)
        assert near(law_of(partial(after_one_prompt, setting, spanner)).mass(spanner), nothing)


def after_one_prompt(setting: Setting, spanner: Spanner, choice: Choice) -> Spanner:
    """Run lines 3 to 7 once."""
    return phase_1_round(World(setting.problem, choice, metered=False).oracles, spanner, setting.inputs.n_pair)


def most_acceptances(setting: Setting, everything: Sequence[Numbers]) -> int:
    """``n_max``: the rank, or the largest ``n`` that ``spanner-size`` allows."""
    if setting.inputs.mode == "span":
        return rank(everything)
    d, ridge, nu = setting.dimension, number(setting.inputs.ridge), number(setting.inputs.nu)
    n = 0
    while (1 + nu**2) ** (n + 1) <= (1 + 4 * (n + 1) / (ridge * d)) ** d:
        n += 1
    return n


@pytest.mark.claim("spanner-coverage")
@FEW
@given(phases())
def test_after_phase_1_little_is_left_to_find(setting: Setting) -> None:
    """The hazard from the exact law and from the second: equal, so the bound is about the algorithm as it is."""
    inputs, mine = setting.inputs, setting.mine
    mean = mp.fsum(mass * mine.mean(partial(setting.hazard, accepted)) for accepted, mass in setting.phase_1().items())
    assert near(left_by_phase_1(setting).expectation(partial(hazard_of, setting)), mean)
    assert at_most(mean, mp.mpf(most_acceptances(setting, setting.everything())) / (inputs.n_prompt + 1))


@pytest.mark.claim("spanner-coverage-tail")
@FEW
@given(phases())
def test_much_is_left_to_find_with_small_probability(setting: Setting) -> None:
    """The law of the hazard, and the most that one more prompt could lead to, from the second phase 1."""
    inputs, mine = setting.inputs, setting.mine
    law = setting.phase_1()
    hazards = {accepted: mine.mean(partial(setting.hazard, accepted)) for accepted in law}
    theirs = left_by_phase_1(setting).map(partial(hazard_of, setting))
    more = replace(setting, inputs=replace(inputs, n_prompt=inputs.n_prompt + 1))
    most = rank(setting.everything()) if inputs.mode == "span" else max(len(pairs) for pairs in more.phase_1())
    for h in {value for value in hazards.values() if value > 0}:
        left = mp.fsum(mass for accepted, mass in law.items() if hazards[accepted] >= h - mp.mpf(10) ** -50)
        exact = theirs.probability(lambda value, h=h: number(value) >= h - mp.mpf(10) ** -50)  # type: ignore[misc]  # a default
        assert near(exact, left)
        assert at_most(left, binomial_tail(inputs.n_prompt, h, most - 1))


def hazard_of(setting: Setting, spanner: Spanner) -> fmpq:
    """The chance that one more prompt leads to an acceptance, by the package."""
    problem = setting.problem
    left = (
        exp_ratio(uncovered_mass(spanner.cover.covers, problem, x)).as_rational() for x in range(len(problem.prompts))
    )
    terms = ((1 - (1 - u) ** setting.inputs.n_pair) * entry.rho for u, entry in zip(left, problem.prompts, strict=True))
    return sum(terms, fmpq(0))
