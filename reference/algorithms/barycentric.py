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
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm

from flint import fmpq, fmpz, fmpz_mat

from reference.exact.linalg import Matrix, Vector
from reference.exact.rational_numbers import RationalLike, rational, rational_text

MAX_COMMON_BITS = 256
"""Beyond this length of a common denominator each vector keeps its own."""


@dataclass(frozen=True, slots=True)
class BarycentricSpanner:
    """``indices`` of the ``rank`` chosen vectors, over which all others have coefficients of size at most ``C``."""

    indices: tuple[int, ...]
    C: fmpq

    def coefficients(self, vectors: Sequence[Vector]) -> tuple[Vector, ...]:
        """Return the certificate: for each vector its coefficients over the chosen ones."""
        chosen = [vectors[i] for i in self.indices]
        if not chosen:
            return tuple(Vector(()) for _ in vectors)
        pivots = _pivots(vectors)
        inverse = Matrix.of([v[j] for j in pivots] for v in chosen).inverse()
        return (Matrix.of([v[j] for j in pivots] for v in vectors) @ inverse).rows


def barycentric_spanner(vectors: Sequence[Vector], C: RationalLike = 2) -> BarycentricSpanner:
    """Return a ``C``-approximate barycentric spanner of ``vectors`` (at least one, of equal length), ``C > 1``.

    Ties go to the first: line 2 takes the first vector at which ``|det B|`` is largest, and lines 3 and 4 the first
    vector, and for it the first row, whose coefficient is largest in size.  Signs play no part, for that of ``det B``
    turns with the order of its rows; nor does a common factor of the vectors.

    >>> import reference as ref
    >>> ref.barycentric_spanner([ref.Vector.of(v) for v in ([1, 0], [3, 1], [0, 2])]).indices
    (1, 2)

    Raises:
        ValueError: if there are no vectors, their lengths differ, or ``C <= 1``.
    """
    bound = rational(C)
    if not vectors or bound <= 1:
        msg = f"C = {rational_text(bound)}, {len(vectors)} vectors: needs C > 1 and at least one vector"
        raise ValueError(msg)
    if len({len(v) for v in vectors}) > 1:
        msg = f"vectors of lengths {sorted({len(v) for v in vectors})}: a spanner needs them equally long"
        raise ValueError(msg)
    pivots = _pivots(vectors)
    rank = len(pivots)
    rows, scales = _cleared(vectors, pivots)
    table = fmpz_mat(len(rows), rank, [n for row in rows for n in row])
    chosen = [-1] * rank
    basis = [[int(i == j) for j in range(rank)] for i in range(rank)]  # 1: unit vectors, each replaced below
    basis_scales = [1] * rank
    for i in range(rank):  # 2
        k, _ = _largest((table * _cofactors(basis, i)).entries(), scales)
        chosen[i], basis[i], basis_scales[i] = k, rows[k], scales[k]
    while (swap := _violation(table, scales, basis, basis_scales, bound)) is not None:  # 3
        k, i = swap
        chosen[i], basis[i], basis_scales[i] = k, rows[k], scales[k]  # 4
    return BarycentricSpanner(tuple(chosen), bound)  # 5


def _cleared(vectors: Sequence[Vector], pivots: list[int]) -> tuple[list[list[int]], list[int]]:
    """Return integer rows and their denominators: one for all, which then drops out, unless it would be long."""
    denominators = [v.denominator for v in vectors]
    common = lcm(*denominators)
    if common.bit_length() > MAX_COMMON_BITS:
        return [[v.numerators[j] for j in pivots] for v in vectors], denominators
    return [[v.numerators[j] * (common // v.denominator) for j in pivots] for v in vectors], [1] * len(vectors)


def _pivots(vectors: Sequence[Vector]) -> list[int]:
    """Return coordinates that tell the span's vectors apart: pivots of ``X^T X``, which has the row space of ``X``."""
    d = len(vectors[0])
    table = fmpz_mat(len(vectors), d, [n for v in vectors for n in v.numerators])
    echelon, _, rank = (table.transpose() * table).rref()
    return [next(j for j in range(d) if echelon[i, j] != 0) for i in range(rank)]


def _adjugate(basis: list[list[int]], scales: list[int]) -> tuple[fmpz_mat, fmpz]:
    """Return ``det(B) B^-1 diag(scales)`` and ``det(B)`` for the integer rows ``B``."""
    matrix = fmpz_mat(basis)
    determinant = matrix.det()
    inverse = Matrix(matrix, 1).inverse()
    entries = [int((q * determinant).p) * scale for row in inverse.rows for q, scale in zip(row, scales, strict=True)]
    return fmpz_mat(len(basis), len(basis), entries), determinant


def _cofactors(basis: list[list[int]], i: int) -> fmpz_mat:
    """Return a column ``c`` with ``det(B with row i replaced by x) = <x, c>``."""
    rank = len(basis)
    adjugate, _ = _adjugate(basis, [1] * rank)
    return fmpz_mat(rank, 1, [adjugate[j, i] for j in range(rank)])


def _largest(values: list[fmpz], scales: list[int]) -> tuple[int, fmpq]:
    """Return the first place where ``|value| / scale`` is largest, and what it is there."""
    if len(set(scales)) == 1:
        low, high = min(values), max(values)
        size = max(high, -low)
        place = min(values.index(end) for end in (low, high) if abs(end) == size)
    else:
        place = max(range(len(values)), key=lambda k: fmpq(abs(values[k]), scales[k]))
    return place, fmpq(abs(values[place]), scales[place])


def _violation(
    table: fmpz_mat, scales: list[int], basis: list[list[int]], basis_scales: list[int], bound: fmpq
) -> tuple[int, int] | None:
    """Return the vector and the row with the largest coefficient, if it exceeds ``bound`` in size."""
    if not basis:
        return None
    adjugate, determinant = _adjugate(basis, basis_scales)
    place, size = _largest((table * adjugate).entries(), [scale for scale in scales for _ in basis])
    return divmod(place, len(basis)) if size > bound * abs(determinant) else None
