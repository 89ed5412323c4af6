"""The regularised Gram matrix ``Sigma = scale I + sum phi phi^T`` and the elliptic norm that goes with it.

This is the definition.  :meth:`Gram.ridge` returns a form that answers the same questions with one integer determinant
each (:mod:`reference.exact.fast.gram`), except under ``plain``.
"""

from collections.abc import Callable, Iterable

from flint import fmpq

from reference.exact.matrix import Matrix, ShapeError, Vector
from reference.exact.rational_numbers import RationalLike, rational


class Gram:
    """``Sigma = scale I + sum phi phi^T``, immutable; equality and hash are those of the matrix ``Sigma``.

    Start from :meth:`ridge` and go on with :meth:`with_vector`.
    """

    __slots__ = ("_sigma",)

    def __init__(self, sigma: Matrix) -> None:
        """Take a symmetric positive definite matrix.  Not for users."""
        self._sigma = sigma

    @staticmethod
    def ridge(dimension: int, scale: RationalLike) -> "Gram":
        """Return ``scale I``; :class:`ValueError` unless ``scale`` is positive."""
        factor = rational(scale)
        if factor <= 0:
            msg = f"the ridge scale must be positive, not {factor}"
            raise ValueError(msg)
        from reference.exact.fast.gram import gram_of  # noqa: PLC0415 - the quick form is made of the definition

        return gram_of(Matrix.identity(dimension, factor))

    @property
    def dimension(self) -> int:
        """The number of rows of ``Sigma``."""
        return self._sigma.shape[0]

    def exceeds(self, phi: Vector, threshold_squared: RationalLike) -> bool:
        """Return whether ``||phi||^2_{Sigma^{-1}} = phi^T Sigma^{-1} phi > threshold_squared``; no norm is formed."""
        self._check(phi)
        return phi.dot(self._sigma.solve(phi)) > rational(threshold_squared)

    def with_vector(self, phi: Vector) -> "Gram":
        """Return ``Sigma + phi phi^T``."""
        self._check(phi)
        return Gram(self._sigma + Matrix.of([phi.scaled(entry) for entry in phi], len(phi)))

    def with_vectors(self, vectors: Iterable[Vector]) -> "Gram":
        """Return ``Sigma`` plus the sum of ``phi phi^T`` over ``vectors``."""
        result: Gram = self
        for phi in vectors:
            result = result.with_vector(phi)
        return result

    def determinant(self) -> fmpq:
        """Return ``det Sigma``."""
        return self._sigma.determinant()

    def matrix(self) -> Matrix:
        """Return ``Sigma`` as a matrix."""
        return self._sigma

    def _check(self, phi: Vector) -> None:
        if len(phi) != self.dimension:
            msg = f"a vector of length {len(phi)} for a Gram matrix of dimension {self.dimension}"
            raise ShapeError(msg)

    def __eq__(self, other: object) -> bool:
        return self.matrix() == other.matrix() if isinstance(other, Gram) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.matrix())

    def __reduce__(self) -> tuple[Callable[..., "Gram"], tuple[Matrix]]:
        return type(self), (self.matrix(),)

    def __repr__(self) -> str:
        return f"Gram({self.matrix()!r})"
