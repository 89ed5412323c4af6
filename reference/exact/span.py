"""Subspaces of Q^d spanned by the vectors accepted so far."""

from collections.abc import Callable
from math import gcd

from flint import fmpz_mat

from reference.exact.matrix import Matrix, ShapeError, Vector
from reference.exact.plain import quick


class Span:
    """A subspace of Q^d, immutable; equality and hash are those of the subspace (its reduced echelon form).

    ``basis`` holds the vectors that were added and enlarged the subspace, in that order.  Equal spans may have
    different bases: a state whose future uses :meth:`coefficients` must carry the basis as well.
    """

    __slots__ = ("_denominator", "_echelon", "_hash", "_pivots", "ambient_dimension", "basis")
    ambient_dimension: int
    basis: tuple[Vector, ...]
    # The reduced echelon form is _echelon / _denominator: integer rows that have _denominator at their pivots.
    _echelon: tuple[tuple[int, ...], ...]
    _denominator: int
    _pivots: tuple[int, ...]

    def __init__(self, ambient_dimension: int, basis: tuple[Vector, ...]) -> None:
        """Build the span of a linearly independent ``basis``.  Not for users: see :meth:`empty`."""
        self.ambient_dimension = ambient_dimension
        self.basis = basis
        self._hash: int | None = None  # until it is asked for
        entries = [n for v in basis for n in v.numerators]
        echelon, pivot, _ = fmpz_mat(len(basis), ambient_dimension, entries).rref()
        rows = [[int(entry) for entry in row] for row in echelon.tolist()]
        common = gcd(int(pivot), *(entry for row in rows for entry in row)) * (1 if pivot > 0 else -1)
        self._denominator = int(pivot) // common
        self._echelon = tuple(tuple(entry // common for entry in row) for row in rows)
        self._pivots = tuple(next(j for j, entry in enumerate(row) if entry) for row in rows)

    @staticmethod
    def empty(ambient_dimension: int) -> "Span":
        """Return the zero subspace of Q^d."""
        return Span(ambient_dimension, ())

    @property
    def dimension(self) -> int:
        """The dimension of the subspace."""
        return len(self.basis)

    def by_rank(self, phi: Vector) -> bool:
        """Return whether ``phi`` lies in the subspace: the definition, that it leaves the rank as it is."""
        self._check(phi)
        return Matrix.of([*self.basis, phi], self.ambient_dimension).rank() == self.dimension

    @quick(by_rank)
    def contains(self, phi: Vector) -> bool:
        """Return whether ``phi`` lies in the subspace, by the echelon form."""
        self._check(phi)
        # Only the combination with phi's own entries at the pivots can be phi.
        rest = list(phi.numerators)
        if self._denominator != 1:
            rest = [entry * self._denominator for entry in rest]
        for pivot, row in zip(self._pivots, self._echelon, strict=True):
            if factor := phi.numerators[pivot]:
                rest = [entry - factor * r for entry, r in zip(rest, row, strict=True)]
        return not any(rest)

    def with_vector(self, phi: Vector) -> "Span":
        """Return the span of the subspace and ``phi``; the same object if ``phi`` is already inside."""
        return self if self.contains(phi) else Span(self.ambient_dimension, (*self.basis, phi))

    def coefficients(self, phi: Vector) -> Vector | None:
        """Return the ``c`` with ``phi = sum_i c_i basis[i]``, or ``None`` if ``phi`` is outside."""
        if not self.contains(phi):
            return None
        # On the pivot coordinates the basis is square and invertible.
        square = Matrix.of(([v[j] for v in self.basis] for j in self._pivots), self.dimension)
        return square.solve(Vector.of(phi[j] for j in self._pivots))

    def _check(self, phi: Vector) -> None:
        if len(phi.numerators) != self.ambient_dimension:
            msg = f"a vector of length {len(phi)} for a subspace of Q^{self.ambient_dimension}"
            raise ShapeError(msg)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Span):
            return NotImplemented
        mine = (self.ambient_dimension, self._denominator, self._echelon)
        return mine == (other.ambient_dimension, other._denominator, other._echelon)

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash((self.ambient_dimension, self._denominator, self._echelon))
        return self._hash

    def __reduce__(self) -> tuple[Callable[..., "Span"], tuple[int, tuple[Vector, ...]]]:
        return Span, (self.ambient_dimension, self.basis)

    def __repr__(self) -> str:
        return f"Span({self.ambient_dimension}, {self.basis!r})"
