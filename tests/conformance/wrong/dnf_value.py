"""Wrong versions of the fraction of terms that hold; each function is one."""

from collections.abc import Sequence

import numpy as np

from tests.conformance.right.numpy_bounds import dnf_value as right

Floats = Sequence[float]
Rows = Sequence[Floats]


def _held(term: Floats, signs: Floats) -> list[bool]:
    return [n * signs[int(abs(n)) - 1] > 0 for n in term]


def counts_literals(terms: Rows, signs: Floats) -> float:
    """The fraction of literals that hold."""
    right(terms, signs)
    held = [each for term in terms for each in _held(term, signs)]
    return sum(held) / len(held)


def signs_ignored(terms: Rows, signs: Floats) -> float:
    """Negations are left out."""
    return right([[abs(n) for n in term] for term in terms], signs)


def or_of_literals(terms: Rows, signs: Floats) -> float:
    """A term holds if a literal does: of clauses."""
    right(terms, signs)
    return sum(any(_held(term, signs)) for term in terms) / len(terms)


def set_of_terms(terms: Rows, signs: Floats) -> float:
    """A term that stands twice counts once."""
    right(terms, signs)
    return right([list(term) for term in dict.fromkeys(map(tuple, terms))], signs)


def number_not_fraction(terms: Rows, signs: Floats) -> float:
    """How many hold."""
    return right(terms, signs) * len(terms)


def unsatisfied(terms: Rows, signs: Floats) -> float:
    """The fraction that does not hold."""
    return 1 - right(terms, signs)


def satisfiable(terms: Rows, signs: Floats) -> float:
    """Whether one holds."""
    return float(right(terms, signs) > 0)


def variables_from_zero(terms: Rows, signs: Floats) -> float:
    """Variables are counted from 0."""
    right(terms, signs)
    return right(terms, [*signs[1:], signs[0]])


def float32_throughout(terms: Rows, signs: Floats) -> float:
    """Works in binary32, and says that it is binary64."""
    return float(np.float32(right(terms, signs)))


def assignment_flipped(terms: Rows, signs: Floats) -> float:
    """1 is false."""
    return right(terms, [-x for x in signs])
