"""Wrong versions of the soundness bound; each function is one."""

from collections.abc import Sequence

from tests.conformance.right.numpy_bounds import dnf_value
from tests.conformance.right.numpy_learned import dnf_soundness as right

Floats = Sequence[float]
Rows = Sequence[Floats]


def no_L(terms: Rows, signs: Floats, A: float, L: float) -> float:
    """Leaves ``L`` out."""
    right(terms, signs, A, L)
    return right(terms, signs, A, 1.0)


def hit_alone(terms: Rows, signs: Floats, A: float, L: float) -> float:
    """Terms that are not satisfied count nothing."""
    value, rest = _parts(terms, signs, A, L)
    return value * L / (rest + L)


def as_at_a_vertex(terms: Rows, signs: Floats, A: float, L: float) -> float:
    """Two literals are false in a term that is not satisfied."""
    value, rest = _parts(terms, signs, A, L)
    return value * L / (rest + L) + (1 - value) * (L / A**2) / (rest + L / A**2)


def any_term(terms: Rows, signs: Floats, A: float, L: float) -> float:
    """One satisfied term is enough."""
    value, rest = _parts(terms, signs, A, L)
    return float(value > 0) * L / (rest + L) + float(value == 0) * (L / A) / (rest + L / A)


def signs_ignored(terms: Rows, signs: Floats, A: float, L: float) -> float:
    """The signs of literals are ignored."""
    return right([[abs(x) for x in term] for term in terms], signs, A, L)


def no_p(terms: Rows, signs: Floats, A: float, L: float) -> float:
    """As if ``p`` were 0."""
    value, _ = _parts(terms, signs, A, L)
    return value * L / (1 + L) + (1 - value) * (L / A) / (1 + L / A)


def set_of_terms(terms: Rows, signs: Floats, A: float, L: float) -> float:
    """A term that stands twice counts once."""
    return right([list(term) for term in dict.fromkeys(map(tuple, terms))], signs, A, L)


def _parts(terms: Rows, signs: Floats, A: float, L: float) -> tuple[float, float]:
    """The value, and ``1 - p``."""
    right(terms, signs, A, L)
    return dnf_value(terms, signs), 1 - L * A ** -len(terms[0])
