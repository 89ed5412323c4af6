"""The regularised Gram matrix, asked by one integer determinant a question.

One integer matrix ``G`` over one denominator, so ``Sigma = G / n``.  By the matrix determinant lemma
``||phi||^2_{Sigma^{-1}} = det(Sigma + phi phi^T) / det Sigma - 1``: no inverse, and the updated matrix is at hand if
``phi`` is then accepted.  The meaning is :class:`reference.exact.gram.Gram`.
"""

from collections.abc import Callable
from math import gcd, lcm
from typing import NamedTuple

from flint import fmpq, fmpz, fmpz_mat

from reference.exact.gram import Gram
from reference.exact.matrix import Matrix, Vector
from reference.exact.plain import quick
from reference.exact.rational_numbers import RationalLike, rational


@quick(Gram)
def gram_of(sigma: Matrix) -> Gram:
    """Return the Gram matrix that is ``sigma``, symmetric and positive definite."""
    common = lcm(*(row.denominator for row in sigma.rows))
    numerators = [int(entry * common) for row in sigma.rows for entry in row]
    matrix = fmpz_mat(*sigma.shape, numerators)
    return IntegerGram(matrix, common, matrix.det())


class _Extended(NamedTuple):
    """``Sigma + phi phi^T`` for the vector asked about last."""

    phi: Vector
    matrix: fmpz_mat
    denominator: int
    determinant: fmpz
    before: fmpz
    """The determinant of ``Sigma`` over the same denominator."""


class IntegerGram(Gram):
    """``Sigma`` as integers over one denominator, with its determinant and what was asked about last."""

    __slots__ = ("_denominator", "_determinant", "_extended", "_key", "_matrix")
    _matrix: fmpz_mat
    _denominator: int
    _determinant: fmpz
    _extended: _Extended | None
    _key: tuple[int, ...] | None

    def __init__(self, matrix: fmpz_mat, denominator: int, determinant: fmpz) -> None:
        """Take over ``matrix / denominator`` and the determinant of ``matrix``."""
        self._matrix = matrix
        self._denominator = denominator
        self._determinant = determinant
        self._extended = None
        self._key = None

    @property
    def dimension(self) -> int:
        """The number of rows."""
        return int(self._matrix.nrows())

    def exceeds(self, phi: Vector, threshold_squared: RationalLike) -> bool:
        """Compare ``det(Sigma + phi phi^T)`` with ``(1 + threshold_squared) det Sigma``."""
        extended = self._with(phi)
        threshold = rational(threshold_squared)
        return bool((extended.determinant - extended.before) * threshold.q > extended.before * threshold.p)

    def with_vector(self, phi: Vector) -> Gram:
        """Return ``Sigma + phi phi^T``: it was made when ``phi`` was asked about."""
        extended = self._with(phi)
        return IntegerGram(extended.matrix, extended.denominator, extended.determinant)

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
        d = self._matrix.nrows()
        if len(phi.numerators) != d:
            self._check(phi)
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
        return self.key == other.key if isinstance(other, IntegerGram) else super().__eq__(other)

    def __hash__(self) -> int:
        return hash(self.key)

    def __reduce__(self) -> tuple[Callable[..., Gram], tuple[Matrix]]:
        return gram_of, (self.matrix(),)
