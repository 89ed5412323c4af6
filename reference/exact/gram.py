"""The regularised Gram matrix ``Sigma = scale I + sum phi phi^T`` and the elliptic norm that goes with it.

One integer matrix ``G`` over one denominator, so ``Sigma = G / n``.  By the matrix determinant lemma
``||phi||^2_{Sigma^{-1}} = det(Sigma + phi phi^T) / det Sigma - 1``: one integer determinant a question, no inverse, and
the updated matrix is at hand if ``phi`` is then accepted.
"""

from collections.abc import Callable, Iterable
from math import gcd, lcm
from typing import NamedTuple

from flint import fmpq, fmpz, fmpz_mat

from reference.exact.matrix import Matrix, ShapeError, Vector, diagonal
from reference.exact.rational_numbers import RationalLike, rational


class _Extended(NamedTuple):
    """``Sigma + phi phi^T`` for the vector asked about last."""

    phi: Vector
    matrix: fmpz_mat
    denominator: int
    determinant: fmpz
    before: fmpz
    """The determinant of ``Sigma`` over the same denominator."""


class Gram:
    """``Sigma = scale I + sum phi phi^T``, immutable; equality and hash are those of the matrix ``Sigma``.

    Start from :meth:`ridge` and go on with :meth:`with_vector`.
    """

    __slots__ = ("_denominator", "_determinant", "_extended", "_key", "_matrix", "dimension")
    dimension: int
    _matrix: fmpz_mat
    _denominator: int
    _determinant: fmpz
    _extended: _Extended | None
    _key: tuple[int, ...] | None

    def __init__(self, matrix: fmpz_mat, denominator: int, determinant: fmpz) -> None:
        """Take over ``matrix / denominator`` and the determinant of ``matrix``.  Not for users."""
        self.dimension = matrix.nrows()
        self._matrix = matrix
        self._denominator = denominator
        self._determinant = determinant
        self._extended = None
        self._key = None

    @staticmethod
    def ridge(dimension: int, scale: RationalLike) -> "Gram":
        """Return ``scale I``; :class:`ValueError` unless ``scale`` is positive."""
        factor = rational(scale)
        if factor <= 0:
            msg = f"the ridge scale must be positive, not {factor}"
            raise ValueError(msg)
        return Gram(diagonal(dimension, int(factor.p)), int(factor.q), factor.p**dimension)

    def exceeds(self, phi: Vector, threshold_squared: RationalLike) -> bool:
        """Return whether ``||phi||^2_{Sigma^{-1}} = phi^T Sigma^{-1} phi > threshold_squared``; no norm is formed."""
        extended = self._with(phi)
        threshold = rational(threshold_squared)
        return bool((extended.determinant - extended.before) * threshold.q > extended.before * threshold.p)

    def with_vector(self, phi: Vector) -> "Gram":
        """Return ``Sigma + phi phi^T``."""
        extended = self._with(phi)
        return Gram(extended.matrix, extended.denominator, extended.determinant)

    def with_vectors(self, vectors: Iterable[Vector]) -> "Gram":
        """Return ``Sigma`` plus the sum of ``phi phi^T`` over ``vectors``."""
        result = self
        for phi in vectors:
            result = result.with_vector(phi)
        return result

    def determinant(self) -> fmpq:
        """Return ``det Sigma``."""
        return fmpq(self._determinant, self._denominator**self.dimension)

    def matrix(self) -> Matrix:
        """Return ``Sigma`` as a matrix."""
        return Matrix(self._matrix, self._denominator)

    @property
    def key(self) -> tuple[int, ...]:
        """A tuple of integers that is equal exactly for equal ``Sigma``: dimension, denominator, upper triangle."""
        if self._key is None:
            rows = [[int(entry) for entry in row] for row in self._matrix.tolist()]
            upper = [entry for i, row in enumerate(rows) for entry in row[i:]]
            common = gcd(self._denominator, *upper)
            self._key = (self.dimension, self._denominator // common, *(entry // common for entry in upper))
        return self._key

    def _with(self, phi: Vector) -> _Extended:
        known = self._extended
        if known is not None and known.phi is phi:
            return known
        d = self.dimension
        if len(phi) != d:
            msg = f"a vector of length {len(phi)} for a Gram matrix of dimension {d}"
            raise ShapeError(msg)
        square = phi.denominator * phi.denominator
        matrix, denominator, before = self._matrix, self._denominator, self._determinant
        if denominator % square:
            common = lcm(denominator, square)
            stretch = common // denominator
            matrix, denominator, before = matrix * stretch, common, before * fmpz(stretch) ** d
        numerators = fmpz_mat(d, 1, phi.numerators)
        update = numerators * numerators.transpose()
        if denominator != square:
            update = update * (denominator // square)
        matrix = matrix + update
        # One entry is enough: an algorithm adds the vector whose norm it has just asked for.
        self._extended = known = _Extended(phi, matrix, denominator, matrix.det(), before)
        return known

    def __eq__(self, other: object) -> bool:
        return self.key == other.key if isinstance(other, Gram) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.key)

    def __reduce__(self) -> tuple[Callable[..., "Gram"], tuple[Matrix]]:
        return _from_matrix, (self.matrix(),)

    def __repr__(self) -> str:
        return f"Gram({self.matrix()!r})"


def _from_matrix(sigma: Matrix) -> Gram:
    common = lcm(*(row.denominator for row in sigma.rows))
    numerators = [int(entry * common) for row in sigma.rows for entry in row]
    matrix = fmpz_mat(*sigma.shape, numerators)
    return Gram(matrix, common, matrix.det())
