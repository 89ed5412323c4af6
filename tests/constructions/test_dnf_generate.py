"""Random formulas: exact laws on tiny cases, the planted value; the family up to symmetry, counted by Burnside."""

from collections import Counter
from itertools import combinations, permutations, product
from math import factorial

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.constructions.dnf.best_vertex import best_assignment
from reference.constructions.dnf.families import PLANTED, SMALL_SIZE, small_formulas
from reference.constructions.dnf.formula import Formula, FormulaError
from reference.constructions.dnf.generate import planted_formula, random_formula
from reference.interaction import Seeded, law_of


def test_the_law_of_a_random_formula() -> None:
    law = law_of(lambda choice: random_formula(choice, 3, 2, 1))
    assert len(law.outcomes) == 12
    assert all(law.mass(formula) == fmpq(1, 12) for formula in law.outcomes)


def test_the_law_of_a_planted_formula() -> None:
    law = law_of(lambda choice: planted_formula(choice, 2, 1, 2, 1))
    # 4 assignments, 2 places for the satisfied term, 2 x 2 variables; one sign is left for each
    assert len(law.outcomes) == 32
    for (formula, star), mass in law.items():
        assert formula.value(star) == fmpq(1, 2)
        satisfied = formula.satisfied(star)
        assert sorted(satisfied) == [0, 1]
        assert mass == fmpq(1, 32)


@given(st.integers(0, 10**6), st.integers(1, 12), st.data())
def test_planted_value_is_exact(seed: int, variables: int, data: st.DataObject) -> None:
    k, terms = data.draw(st.integers(1, min(4, variables))), data.draw(st.integers(1, 20))
    satisfied = data.draw(st.integers(0, terms))
    formula, star = planted_formula(Seeded(seed), variables, k, terms, satisfied)
    assert formula.value(star) == fmpq(satisfied, terms)
    assert (formula.variables, formula.k, len(formula.terms)) == (variables, k, terms)
    assert planted_formula(Seeded(seed), variables, k, terms, satisfied) == (formula, star)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ((3, 4, 1, 0), "k = 4 literals over 3 variables: needs 1 <= k <= variables"),
        ((3, 0, 1, 0), "k = 0 literals over 3 variables: needs 1 <= k <= variables"),
        ((3, 2, 0, 0), "0 terms: needs at least one"),
        ((3, 2, 5, 6), "6 satisfied terms of 5: needs 0 <= satisfied <= terms"),
    ],
)
def test_bad_parameters(parameters: tuple[int, int, int, int], said: str) -> None:
    with pytest.raises(FormulaError) as caught:
        planted_formula(Seeded(1), *parameters)
    assert str(caught.value) == said


def orbits_by_burnside(n: int, k: int, m: int) -> int:
    """Multisets of ``m`` terms over ``n`` variables up to signed permutations: the mean number of fixed ones."""
    terms = [
        frozenset(v * s for v, s in zip(chosen, signs, strict=True))
        for chosen in combinations(range(1, n + 1), k)
        for signs in product((1, -1), repeat=k)
    ]
    fixed = 0
    for order in permutations(range(1, n + 1)):
        for signs in product((1, -1), repeat=n):
            image = {v: w * s for v, w, s in zip(range(1, n + 1), order, signs, strict=True)}
            moved = {t: frozenset(image[n_] if n_ > 0 else -image[-n_] for n_ in t) for t in terms}
            ways = [1] + [0] * m  # multisets fixed by g: any multiset of its cycles
            for length, number in cycle_lengths(moved).items():
                for _ in range(number):
                    for size in range(length, m + 1):
                        ways[size] += ways[size - length]
            fixed += ways[m]
    group = factorial(n) << n
    assert fixed % group == 0
    return fixed // group


def cycle_lengths(moved: dict[frozenset[int], frozenset[int]]) -> Counter[int]:
    left, found = set(moved), Counter[int]()
    while left:
        start = term = left.pop()
        length = 1
        while (term := moved[term]) != start:
            left.discard(term)
            length += 1
        found[length] += 1
    return found


def test_the_small_family_is_complete() -> None:
    # Orbits over exactly n variables are those over n less those over n - 1, where one may stay unused.
    per_size = Counter((f.variables, len(f.terms)) for f in small_formulas())
    for m in (1, 2, 3):
        below = 0
        for n in (2, 3, 4):
            orbits = orbits_by_burnside(n, 2, m)
            assert per_size[n, m] == orbits - below
            below = orbits
    assert per_size.total() == SMALL_SIZE


def test_small_formulas_are_pairwise_inequivalent() -> None:
    # Invariants alone separate most; here every pair is tried with every signed permutation.
    seen: set[tuple[tuple[int, ...], ...]] = set()
    for formula in small_formulas():
        n = formula.variables
        images = {
            tuple(sorted(tuple(sorted(s[abs(v) - 1] * (o[abs(v) - 1]) * (1 if v > 0 else -1) for v in term))
                         for term in formula.terms))
            for o in permutations(range(1, n + 1))
            for s in product((1, -1), repeat=n)
        }  # fmt: skip
        assert not images & seen
        seen |= images


def test_planted_family() -> None:
    assert len(PLANTED) == 12
    assert {p.k for p in PLANTED} == {3, 4}
    assert (max(p.variables for p in PLANTED), max(p.terms for p in PLANTED)) == (12, 40)
    for planted in PLANTED:
        formula, star = planted.formula()
        assert formula.value(star) == fmpq(planted.satisfied, planted.terms) <= best_assignment(formula).value
    assert any(p.formula()[0].value(p.formula()[1]) < best_assignment(p.formula()[0]).value for p in PLANTED)


def test_other_families() -> None:
    assert list(small_formulas(1, 1, 2)) == [Formula(1, ((1,),)), Formula(1, ((1,), (1,))), Formula(1, ((1,), (-1,)))]
