"""What "covered" means in SpannerSampling: the two readings of lines 6, 10 and 12.

*Ridge mode* (FMR25) measures a difference by ``||phi||^2_{Sigma^-1}`` against ``nu^2`` and fits by ridge regression.
*Span mode* (ours, possible only in exact arithmetic) asks whether it lies in the span of the accepted differences and
fits by least squares of minimal norm, which interpolates noiseless data exactly.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self, TypeVar

from flint import fmpq

from reference.exact.linalg import Gram, Matrix, Span, Vector
from reference.exact.log_linear import ZERO, LogLinear
from reference.exact.plain import cached
from reference.model.parameter_set import Theta

Datum = tuple[Vector, LogLinear]
"""A feature difference ``phi(x,y1,y2)`` and the reward difference ``r1 - r2`` observed for it."""


D = TypeVar("D", bound=Hashable)


def counts(data: tuple[D, ...]) -> frozenset[tuple[D, int]]:
    """Return data with their multiplicities and without their order, on which no fit depends."""
    return frozenset(Counter(data).items())


class Cover(Protocol):
    """The accepted differences, seen as a test of later ones; hashable."""

    def covers(self, phi: Vector) -> bool:
        """Whether the difference ``phi`` is explained by the accepted ones (lines 6 and 12)."""

    def with_vector(self, phi: Vector) -> Self:
        """Accept ``phi`` (line 7)."""

    def least_squares(self, data: Sequence[Datum]) -> tuple[LogLinear, ...]:
        """Fit ``theta`` to the data (line 10)."""

    def __hash__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class RidgeCover:
    """``Sigma = lambda I + sum phi phi^T`` and the threshold ``nu^2``.

    >>> import reference as ref
    >>> one = ref.Vector.of([1])
    >>> cover = ref.RidgeCover.empty(1, ref.rational(1), ref.rational("4/5"))
    >>> cover.covers(one), cover.with_vector(one).covers(one)
    (False, True)
    """

    sigma: Gram
    ridge: fmpq = field(hash=False)  # a rational is hashed slowly, and Sigma tells the covers of a run apart
    nu: fmpq = field(hash=False)

    @staticmethod
    def empty(dimension: int, ridge: fmpq, nu: fmpq) -> "RidgeCover":
        """Return ``Sigma = lambda I``."""
        return RidgeCover(Gram.ridge(dimension, ridge), ridge, nu)

    def covers(self, phi: Vector) -> bool:
        """Whether ``||phi||^2_{Sigma^-1} <= nu^2``."""
        return not self.sigma.exceeds(phi, self.nu**2)

    def with_vector(self, phi: Vector) -> "RidgeCover":
        """``Sigma += phi phi^T``."""
        return RidgeCover(self.sigma.with_vector(phi), self.ridge, self.nu)

    def least_squares(self, data: Sequence[Datum]) -> tuple[LogLinear, ...]:
        """Return ``argmin sum (<theta,phi> - (r1-r2))^2 + lambda ||theta||^2``."""
        return _ridge_fit(self.sigma.dimension, self.ridge, counts(tuple(data)))


@dataclass(frozen=True, slots=True)
class SpanCover:
    """The span of the accepted differences.

    >>> import reference as ref
    >>> cover = ref.SpanCover.empty(2).with_vector(ref.Vector.of([1, 0]))
    >>> cover.covers(ref.Vector.of([3, 0])), cover.covers(ref.Vector.of([0, 1]))
    (True, False)
    """

    span: Span

    @staticmethod
    def empty(dimension: int) -> "SpanCover":
        """Return the cover in which only the zero difference is covered."""
        return SpanCover(Span.empty(dimension))

    def covers(self, phi: Vector) -> bool:
        """Whether ``phi`` is in the span."""
        return self.span.contains(phi)

    def with_vector(self, phi: Vector) -> "SpanCover":
        """Extend the span by ``phi``."""
        return SpanCover(self.span.with_vector(phi))

    def least_squares(self, data: Sequence[Datum]) -> tuple[LogLinear, ...]:
        """Return the least-squares ``theta`` of smallest norm: it lies in the span of the data."""
        return _fit_of_smallest_norm(self.span.ambient_dimension, counts(tuple(data)))


@dataclass(frozen=True, slots=True)
class NamedScore:
    """A function of features that is a value: two with equal ``of`` are the same function, now and later."""

    of: Hashable
    function: Callable[[Vector], LogLinear] = field(compare=False)
    _hash: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(self.of))

    def __hash__(self) -> int:
        return self._hash

    def __call__(self, phi: Vector) -> LogLinear:
        """Return the value at ``phi``."""
        return self.function(phi)


@cached(1024)  # runs come to the same covers and parameters, and an exhaustive reading asks again and again
def truncated(cover: Cover, theta: Theta, reference: Vector) -> NamedScore:
    """Return ``f(y) = <theta, phi(x,y) - phi(x,y2)>`` where that difference is covered, else 0 (line 12).

    Its values are remembered.
    """

    @cached(256)
    def f(phi: Vector) -> LogLinear:
        difference = phi - reference
        return difference.dot_numbers(theta) if cover.covers(difference) else ZERO

    return NamedScore((truncated, cover, tuple(theta), reference), f)


CountedData = frozenset[tuple[Datum, int]]


@cached(1024)  # replays of a round solve the same equations again
def _ridge_fit(dimension: int, ridge: fmpq, counted: CountedData) -> tuple[LogLinear, ...]:
    data = _in_some_order(counted)
    gram = Gram.ridge(dimension, ridge).with_vectors(phi for phi, _ in data)
    return gram.matrix().solve_numbers(_moments([phi for phi, _ in data], data, dimension))


@cached(1024)  # as above
def _fit_of_smallest_norm(dimension: int, counted: CountedData) -> tuple[LogLinear, ...]:
    """Return the least-squares ``theta`` in the span of the data.

    With rows ``b_i`` of a basis of that span, ``theta = sum_i w_i b_i`` and the normal equations for ``w`` have
    exactly one solution.
    """
    data = _in_some_order(counted)
    span = Span.empty(dimension)
    for phi, _ in data:
        span = span.with_vector(phi)
    if not span.basis:
        return (ZERO,) * dimension
    seen = [(Vector.of(b.dot(phi) for b in span.basis), r) for phi, r in data]
    gram = Gram.ridge(span.dimension, 1).with_vectors(phi for phi, _ in seen).matrix()
    normal = gram + Matrix.identity(span.dimension, -1)
    w = normal.solve_numbers(_moments([phi for phi, _ in seen], seen, span.dimension))
    columns = Matrix.of(span.basis).transpose().rows
    return tuple(column.dot_numbers(w) for column in columns)


def _in_some_order(counted: CountedData) -> list[Datum]:
    return [datum for datum, times in counted for _ in range(times)]


def _moments(features: Sequence[Vector], data: Sequence[Datum], dimension: int) -> tuple[LogLinear, ...]:
    """Return ``sum phi (r1 - r2)``, one log-linear number per coordinate."""
    if not data:
        return (ZERO,) * dimension
    rewards = [r for _, r in data]
    return tuple(row.dot_numbers(rewards) for row in Matrix.of(features).transpose().rows)
