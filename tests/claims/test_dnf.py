"""Section 7, laws alone: what a parameter answers on the instance of a formula, against mpmath and brute force."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import product

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

import reference as ref
from reference.constructions.dnf.branch_and_bound import supremum
from reference.constructions.dnf.formula import DnfInstance, Formula
from reference.model.parameter_set import Theta
from reference.testing import dnf_instances
from tests.claims.second_opinion_dnf import Formulas, numbers, points
from tests.claims.second_opinion_float import at_most, binary, mp, near, number

SOME = settings(max_examples=30)


@pytest.mark.claim("dnf-completeness")
@SOME
@given(dnf_instances())
def test_a_satisfied_term_is_answered_with_1(exact: DnfInstance) -> None:
    """Every term, satisfied or not, from features and base masses: a wrong feature or base mass is another answer."""
    mine = Formulas(exact)
    k, p = len(mine.terms[0]), mine.p
    best = ref.optimum(exact.problem)
    for j, term in enumerate(mine.terms):
        true = sum((exact.star[abs(n) - 1] > 0) == (n > 0) for n in term)
        w = p * mine.A ** (2 * true - k)
        assert near(best.law(j).mass(1), w / (1 - p + w))
        assert near(best.law(j).mass(1), mine.mine.best(j)[1])
        if true == k:
            assert near(best.law(j).mass(1), mine.a)
        assert near(exact.answers[true], w / (1 - p + w))


@pytest.mark.claim("dnf-soundness")
@SOME
@given(points())
def test_a_parameter_is_no_better_than_what_it_rounds_to(member: tuple[Formulas, Theta]) -> None:
    """Zeros included, where ``sgn 0 = +1`` decides; the supremum over the box must not be below what is found."""
    mine, theta = member
    exact = mine.exact
    v, chance = mine.value([t.sign() for t in theta]), mine.chance(numbers(theta))
    assert near(exact.formula.value(exact.assignment(theta)), v)
    policy = ref.softmax(exact.problem, theta)
    for j, mass in enumerate(mine.answers(numbers(theta))):
        assert near(policy.law(j).mass(1), mass)
    bound = v * mine.a + (1 - v) * mine.b
    assert near(exact.bound(exact.formula.value(exact.assignment(theta))), bound)
    assert at_most(chance, bound)
    assert at_most(bound, v + mine.loss)
    coverage = max(mine.mine.coverage(j, mine.mine.best(j)) for j in range(len(mine.terms)))
    assert near(ref.coverage(exact.problem, ref.optimum(exact.problem)), coverage)
    assert at_most(coverage, mine.A ** len(mine.terms[0]) / mine.L)


@pytest.mark.claim("dnf-soundness")
@settings(max_examples=10)
@given(dnf_instances(max_terms=2))
def test_the_supremum_is_above_every_parameter(exact: DnfInstance) -> None:
    """The enclosure over all real parameters against those of a grid: a supremum over vertices alone is too small."""
    mine, scale = Formulas(exact), numbers((exact.scale,))[0]
    grid = product((-1, 0, 1), repeat=exact.formula.variables)
    most = max(mine.chance([scale * t for t in point]) for point in grid)
    found = supremum(exact)
    value = max(mine.value(a) for a in mine.vertices)
    assert at_most(most, number(found.upper))
    assert at_most(number(found.lower), value * mine.a + (1 - value) * mine.b)
    assert found.upper - found.lower <= fmpq(1, 2**20)


@pytest.mark.claim("dnf-decoding")
@SOME
@given(points())
def test_a_small_gap_means_a_good_assignment(member: tuple[Formulas, Theta]) -> None:
    """The gap from its definition, at theta and at every vertex; ``a*`` may be any assignment."""
    mine, theta = member
    exact, scale = mine.exact, numbers((mine.exact.scale,))[0]
    lost = mine.gap(numbers(theta))
    assert near(ref.gap(exact.problem, ref.softmax(exact.problem, theta)), lost)
    star = mine.value(exact.star)
    grid = [([scale * s for s in vertex], vertex) for vertex in mine.vertices]
    for parameter, signs in [(numbers(theta), [t.sign() for t in theta]), *grid]:
        bound = mine.mine.beta * max(mp.mpf(0), star - mine.value(signs)) * binary(mine.b, mine.a)
        assert at_most(bound, mine.gap(parameter))


# --------------------------------------------------------------------------------------------------- dnf-commitment

A, L = 1000, 9
LEAST = {"chance": (2, 1), "mean": (3, 1), "quarter": (5, 2)}
"""Terms and variables of the smallest formulas on which a chooser breaks the fact."""

WITNESSES = {
    "chance": Formula(1, ((1,), (-1,))),
    "mean": Formula(1, ((1,), (1,), (-1,))),
    "quarter": Formula(2, ((1,), (1,), (1,), (2,), (-2,))),
}


def broken(formula: Formula) -> set[str]:
    """What some chooser breaks on the formula, ``A = 1000, L = 9``: all of them are looked at, in fractions.

    Of a chooser counts how often each pair of ``val`` and chance occurs, so choices are multisets, term by term.
    """
    k, m = formula.k, len(formula.terms)
    p = Fraction(L, A**k)
    loss = Fraction(L, A) / (1 - p)
    a, b = Fraction(L) / (1 - p + L), Fraction(L, A) / (1 - p + Fraction(L, A))

    @cache
    def value(vertex: tuple[int, ...]) -> Fraction:
        return Fraction(sum(all(vertex[abs(n) - 1] * n > 0 for n in term) for term in formula.terms), m)

    def option(vertex: tuple[int, ...], term: Sequence[int]) -> tuple[Fraction, Fraction]:
        true = sum(vertex[abs(n) - 1] * n > 0 for n in term)
        w = p * Fraction(A) ** (2 * true - k)
        return value(vertex), w / (1 - p + w)

    vertices = list(product((-1, 1), repeat=formula.variables))
    top = max(map(value, vertices))
    found = set()
    for row in product(*({option(vertex, term) for vertex in vertices} for term in formula.terms)):
        hit, mean = sum(c for _, c in row) / m, sum(v for v, _ in row) / m
        if hit > top * a + (1 - top) * b:
            found.add("chance")
        if 2 * hit >= 1:
            if mean < Fraction(1, 2) - loss:
                found.add("mean")
            if 4 * sum(v >= Fraction(1, 4) - loss for v, _ in row) < m:
                found.add("quarter")
    return found


def formulas_of(variables: int, k: int) -> Iterator[tuple[int, ...]]:
    """Terms of ``k`` literals over the first variables."""
    for signs in product((1, -1), repeat=k):
        for first in range(1, variables - k + 2):
            yield tuple(s * (first + i) for i, s in enumerate(signs))


@st.composite
def little_formulas(draw: st.DrawFn) -> Formula:
    """Formulas over one or two variables with up to five terms."""
    variables, k = draw(st.sampled_from(((1, 1), (2, 1), (2, 2))))
    listed = list(formulas_of(variables, k))
    return Formula(variables, tuple(draw(st.lists(st.sampled_from(listed), min_size=1, max_size=5))))


@pytest.mark.claim("dnf-commitment-chance")
@pytest.mark.claim("dnf-commitment-mean")
@pytest.mark.claim("dnf-commitment-quarter")
@settings(max_examples=40)
@given(little_formulas())
def test_no_chooser_breaks_a_fact_on_a_smaller_formula(formula: Formula) -> None:
    """All choosers, in fractions; used variables are counted, as an unused one makes no formula larger."""
    size = len(formula.terms), len({abs(n) for term in formula.terms for n in term})
    for name in broken(formula):
        assert size >= LEAST[name]
    exact = DnfInstance.of(formula, A, L, 1, [1] * formula.variables)
    for vertex in product((-1, 1), repeat=formula.variables):
        policy = ref.softmax(exact.problem, exact.theta(vertex))
        for j, mass in enumerate(Formulas(exact).answers(numbers(exact.theta(vertex)))):
            assert near(policy.law(j).mass(1), mass)


def test_the_smallest_formulas_are_broken() -> None:
    for name, formula in WITNESSES.items():
        assert name in broken(formula)
        assert (len(formula.terms), formula.variables) == LEAST[name]
