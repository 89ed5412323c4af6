"""The instance of a formula written down a second time, term by term, with ``fractions.Fraction``."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

Terms = Sequence[Sequence[int]]


def true(literal: int, assignment: Sequence[int]) -> bool:
    return (assignment[abs(literal) - 1] == 1) == (literal > 0)


def value(terms: Terms, assignment: Sequence[int]) -> Fraction:
    return Fraction(sum(all(true(n, assignment) for n in term) for term in terms), len(terms))


def answer(A: Fraction, L: Fraction, term: Sequence[int], assignment: Sequence[int]) -> Fraction:
    k = len(term)
    p = L / A**k
    weight = p * A ** sum(1 if true(n, assignment) else -1 for n in term)
    return weight / (1 - p + weight)


def chance(A: Fraction, L: Fraction, terms: Terms, assignment: Sequence[int]) -> Fraction:
    return sum((answer(A, L, term, assignment) for term in terms), Fraction(0)) / len(terms)


def cube(variables: int) -> list[tuple[int, ...]]:
    return [signs[::-1] for signs in product((-1, 1), repeat=variables)]
