"""Exact C-approximate barycentric spanners (Awerbuch and Kleinberg 2004; FMR25 appendix on spanners).

::

    1  B <- any basis of the span, in coordinates of the span
    2  for i = 1..rank:  replace the i-th row of B by the vector that maximises |det B|
    3  while some vector x and row i have |det(B with row i replaced by x)| > C |det B|:
    4      replace row i of B by x
    5  return the rows of B

By Cramer's rule ``det(B with row i replaced by x) / det B`` is the i-th coefficient of ``x`` over ``B``.  So when
line 3 finds nothing, every vector is ``sum c_s s`` with ``|c_s| <= C``; each swap multiplies ``|det B|`` by more than
``C``, so there are ``O(rank log_C rank)`` of them.

The listing takes one determinant for each row and vector; the quick form of lines 1 to 5 one matrix of cofactors for
all of them (:mod:`reference.algorithms.parts.barycentric_cofactors`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from operator import attrgetter

from flint import fmpq

from reference.algorithms.parts.barycentric_cofactors import chosen_by_cofactors, pivots
from reference.exact.linalg import Matrix, Vector
from reference.exact.plain import quick
from reference.exact.rational_numbers import RationalLike, rational, rational_text


@dataclass(frozen=True, slots=True)
class BarycentricSpanner:
    """``indices`` of the ``rank`` chosen vectors, over which all others have coefficients of size at most ``C``."""

    indices: tuple[int, ...]
    C: fmpq

    def coefficients(self, vectors: Sequence[Vector]) -> tuple[Vector, ...]:
        """Return the certificate: for each vector its coefficients over the chosen ones."""
        if not self.indices:
            return tuple(Vector(()) for _ in vectors)
        points = _rows(_in_the_span(vectors))
        return (Matrix.of(points) @ Matrix.of(points[i] for i in self.indices).inverse()).rows


def barycentric_spanner(vectors: Sequence[Vector] | Matrix, C: RationalLike = 2) -> BarycentricSpanner:
    """Return a ``C``-approximate barycentric spanner of ``vectors`` (at least one, of equal length), ``C > 1``.

    The vectors may be given as the rows of a matrix.

    Ties go to the first: line 2 takes the first vector at which ``|det B|`` is largest, and lines 3 and 4 the first
    vector, and for it the first row, whose coefficient is largest in size.  Signs play no part, for that of ``det B``
    turns with the order of its rows; nor does a common factor of the vectors.

    >>> import reference as ref
    >>> ref.barycentric_spanner([ref.Vector.of(v) for v in ([1, 0], [3, 1], [0, 2])]).indices
    (1, 2)

    Raises:
        ValueError: if there are no vectors, their lengths differ, or ``C <= 1``.
    """
    bound, count = rational(C), vectors.shape[0] if isinstance(vectors, Matrix) else len(vectors)
    if not count or bound <= 1:
        msg = f"C = {rational_text(bound)}, {count} vectors: needs C > 1 and at least one vector"
        raise ValueError(msg)
    if not isinstance(vectors, Matrix):
        lengths = set(map(len, map(attrgetter("numerators"), vectors)))  # a million: len(v) takes three times as long
        if len(lengths) > 1:
            msg = f"vectors of lengths {sorted(lengths)}: a spanner needs them equally long"
            raise ValueError(msg)
    return BarycentricSpanner(tuple(_chosen(_in_the_span(vectors), bound)), bound)


def chosen_by_determinants(points: Sequence[Vector] | Matrix, C: fmpq) -> list[int]:
    """Return the indices of the rows that the listing returns, for vectors in coordinates of their span."""
    points = _rows(points)
    rank = len(points[0])
    B = list(Matrix.identity(rank).rows)  # 1: unit vectors, each replaced below
    chosen = [-1] * rank

    def volume(i: int, x: Vector) -> fmpq:
        return abs(Matrix.of([*B[:i], x, *B[i + 1 :]]).determinant())

    for i in range(rank):  # 2
        k = max(range(len(points)), key=lambda k: volume(i, points[k]))
        B[i], chosen[i] = points[k], k
    while rank:  # 3
        k, i = max(product(range(len(points)), range(rank)), key=lambda pair: volume(pair[1], points[pair[0]]))
        if volume(i, points[k]) <= C * volume(0, B[0]):
            break
        B[i], chosen[i] = points[k], k  # 4
    return chosen  # 5


_chosen = quick(chosen_by_determinants)(chosen_by_cofactors)


def _in_the_span(vectors: Sequence[Vector] | Matrix) -> Sequence[Vector] | Matrix:
    """Return the vectors in coordinates that tell those of their span apart."""
    kept = pivots(vectors)
    if len(kept) == (vectors.shape[1] if isinstance(vectors, Matrix) else len(vectors[0])):
        return vectors
    return [Vector(tuple(v.numerators[j] for j in kept), v.denominator) for v in _rows(vectors)]


def _rows(vectors: Sequence[Vector] | Matrix) -> Sequence[Vector]:
    return vectors.rows if isinstance(vectors, Matrix) else vectors
