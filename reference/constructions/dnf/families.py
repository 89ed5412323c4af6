"""Families of formulas that claims are checked on: all small ones up to symmetry, and planted ones with fixed seeds.

Renaming variables, exchanging a variable with its negation and reordering the terms change neither ``val*`` nor, up to
the same changes of ``theta``, any probability.  So one formula stands for its orbit.  (One convention is not symmetric:
``sgn 0 = +1``.  Where it matters a check goes over closed orthants.)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement, permutations, product

from reference.constructions.dnf.formula import Assignment, Formula
from reference.constructions.dnf.generate import planted_formula
from reference.exact.plain import cached
from reference.interaction.seeded import Seeded

Terms = tuple[tuple[int, ...], ...]

SMALL_SIZE = 29
"""Number of formulas of :func:`small_formulas` without arguments."""


@cached(8)
def small_formulas(most_variables: int = 4, k: int = 2, most_terms: int = 3) -> tuple[Formula, ...]:
    """Return one formula of every orbit with ``n <= most_variables`` and ``m <= most_terms``, smallest first.

    Repeated terms are included: terms are a multiset, and a repeated one counts twice in ``val``.  Every one of the
    ``n`` variables stands in some term: a formula with an unused variable is the same formula over fewer of them.
    """
    found: list[Formula] = []
    for variables in range(k, most_variables + 1):
        symmetries = tuple(_symmetries(variables))
        listed = [
            tuple(v * sign for v, sign in zip(chosen, signs, strict=True))
            for chosen in combinations(range(1, variables + 1), k)
            for signs in product((1, -1), repeat=k)
        ]
        order = {term: place for place, term in enumerate(listed)}
        for count in range(1, most_terms + 1):
            seen: set[tuple[int, ...]] = set()
            for places in combinations_with_replacement(range(len(listed)), count):
                terms = tuple(listed[place] for place in places)
                if places in seen or len({abs(literal) for term in terms for literal in term}) < variables:
                    continue
                for image in symmetries:
                    seen.add(tuple(sorted(order[_renamed(term, image)] for term in terms)))
                found.append(Formula(variables, terms))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Planted:
    """What :func:`~reference.constructions.dnf.generate.planted_formula` is called with, and the seed of its draws."""

    seed: int
    variables: int
    k: int
    terms: int
    satisfied: int

    def formula(self) -> tuple[Formula, Assignment]:
        """Return the formula and the planted assignment."""
        return planted_formula(Seeded(self.seed), self.variables, self.k, self.terms, self.satisfied)

    def __str__(self) -> str:
        numbers = f"n={self.variables}, k={self.k}, m={self.terms}, satisfied={self.satisfied}"
        return f"planted({numbers}, seed {self.seed})"


_SIZES = ((6, 10, 8), (8, 20, 14), (10, 30, 21), (10, 30, 9), (12, 40, 28), (12, 40, 20))

PLANTED = tuple(
    Planted(seed, variables, k, terms, satisfied)
    for seed, (k, (variables, terms, satisfied)) in enumerate(product((3, 4), _SIZES), start=1)
)
"""The planted formulas with fixed seeds: up to ``n = 12``, ``k = 3`` and 4, ``m = 40``."""


def _symmetries(variables: int) -> Iterator[tuple[int, ...]]:
    """Yield the signed permutations: what becomes of ``x1..xn``."""
    for order in permutations(range(1, variables + 1)):
        for signs in product((1, -1), repeat=variables):
            yield tuple(v * sign for v, sign in zip(order, signs, strict=True))


def _renamed(term: tuple[int, ...], image: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted((image[n - 1] if n > 0 else -image[-n - 1] for n in term), key=abs))
