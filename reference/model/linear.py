"""Linear scores ``<theta, phi>`` with a log-linear parameter, at the cost of a few integer dot products."""

from collections.abc import Callable, Sequence

from flint import fmpq

from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear
from reference.exact.plain import cached


def linear_score(theta: Sequence[LogLinear]) -> Callable[[Vector], LogLinear]:
    """Return the function ``phi -> <theta, phi>``.

    ``theta`` is split once into its rational part and one rational vector for each prime ``p`` that stands under a
    logarithm, so that no intermediate log-linear numbers are formed.
    """
    return _score_of(tuple(theta))


@cached(256)
def _score_of(theta: tuple[LogLinear, ...]) -> Callable[[Vector], LogLinear]:
    rational_part = Vector.of([t.constant for t in theta])
    primes = sorted({p for t in theta for p, _ in t.terms})
    parts = [(p, Vector.of([dict(t.terms).get(p, fmpq(0)) for t in theta])) for p in primes]

    def score(phi: Vector) -> LogLinear:
        products = [(p, part.dot(phi)) for p, part in parts]
        return LogLinear(rational_part.dot(phi), tuple([(p, a) for p, a in products if a != 0]))

    return score


def extremes(values: Sequence[LogLinear]) -> tuple[LogLinear, LogLinear]:
    """Return the least and the greatest of at least one value."""
    if all(value.is_rational for value in values):
        constants = [value.constant for value in values]
        return LogLinear(min(constants)), LogLinear(max(constants))
    return min(values), max(values)
