"""Linear scores ``<theta, phi>`` with a log-linear parameter, at the cost of a few integer dot products."""

from collections.abc import Callable, Iterable, Sequence

from flint import fmpq

from reference.exact.linalg import Vector
from reference.exact.log_linear import ZERO, LogLinear
from reference.exact.log_linears import LogLinears
from reference.exact.plain import cached

_NONE = fmpq(0)

_MANY = 16
"""So many numbers are compared faster over one denominator."""


def linear_score(theta: Sequence[LogLinear]) -> Callable[[Vector], LogLinear]:
    """Return the function ``phi -> <theta, phi>``.

    ``theta`` is split once into its rational part and one rational vector for each prime ``p`` that stands under a
    logarithm, so that no intermediate log-linear numbers are formed.
    """
    return _score_of(tuple(theta))


def each_score(theta: Sequence[LogLinear], features: Sequence[Vector]) -> list[LogLinear]:
    """Return ``<theta, phi>`` for each of the features."""
    return list(map(linear_score(theta), features))


@cached(256)
def _score_of(theta: tuple[LogLinear, ...]) -> Callable[[Vector], LogLinear]:
    rational_part = Vector.of([t.constant for t in theta])
    columns: dict[int, list[fmpq]] = {}
    for i, t in enumerate(theta):
        for p, a in t.terms:
            columns.setdefault(p, [_NONE] * len(theta))[i] = a
    parts = [(p, Vector.of(columns[p])) for p in sorted(columns)]

    def score(phi: Vector) -> LogLinear:
        if phi.is_zero:  # most features of large families
            return ZERO
        entries = phi.numerators
        if phi.denominator == 1 and len(entries) == len(theta) == entries.count(0) + 1 and 1 in entries:
            return theta[entries.index(1)]  # a unit vector, as all tabular features are
        if not parts:
            return LogLinear(rational_part.dot(phi))
        products = [(p, part.dot(phi)) for p, part in parts]
        return LogLinear(rational_part.dot(phi), tuple([(p, a) for p, a in products if a != 0]))

    return score


def all_rational(values: Iterable[LogLinear]) -> bool:
    """Whether no value has logarithms."""
    return not any(value.terms for value in values)


def extremes(values: Sequence[LogLinear]) -> tuple[LogLinear, LogLinear]:
    """Return the least and the greatest of at least one value."""
    known = LogLinears(values) if len(values) >= _MANY and not isinstance(values, LogLinears) else values
    if isinstance(known, LogLinears) and known.integers is not None:
        numerators, below = known.integers
        return LogLinear(fmpq(min(numerators), below)), LogLinear(fmpq(max(numerators), below))
    if all_rational(values):
        constants = [value.constant for value in values]
        return LogLinear(min(constants)), LogLinear(max(constants))
    return min(values), max(values)
