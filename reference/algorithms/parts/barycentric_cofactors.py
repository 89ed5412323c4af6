"""Barycentric spanners by cofactors: the adjugate of the basis, and one product of integer matrices for all vectors.

What they are is listed in :mod:`reference.algorithms.barycentric`.  When a row is replaced the adjugate changes by a
matrix of rank 1, in ``d^2`` steps.
"""

from collections.abc import Sequence
from contextlib import suppress
from itertools import chain
from math import lcm
from operator import attrgetter

from flint import fmpq, fmpz, fmpz_mat

from reference.algorithms.parts.packed_rows import PackedProduct, PackedRows
from reference.exact.linalg import Matrix, Vector

_MAX_COMMON_BITS = 256
"""Beyond this length of a common denominator each vector keeps its own."""

_FEW = 4
"""So many times the dimension: vectors that are asked first whether they span everything."""

_PACKED = 32
"""Up to this dimension packed rows are quicker than FLINT's product of matrices."""

_NUMERATORS, _DENOMINATOR = attrgetter("numerators"), attrgetter("denominator")
"""There may be a million vectors: a loop that asks each takes twice as long."""


def chosen_by_cofactors(points: Sequence[Vector] | Matrix, C: fmpq) -> list[int]:
    """Return the rows that the listing returns, for vectors in coordinates of their span."""
    table, scales = _cleared(points)
    rank = table.ncols()
    chosen = [-1] * rank
    unit = fmpz_mat(rank, rank, [int(i == j) for i in range(rank) for j in range(rank)])
    basis = _Basis(unit)  # 1: unit vectors, each replaced below
    for i in range(rank):  # 2
        k, _ = _largest((table * basis.cofactors(i)).entries(), scales)
        chosen[i] = k
        basis.replace(i, _row(table, k), scales[k])
    while (swap := _violation(table, scales, basis, C)) is not None:  # 3
        k, i = swap
        chosen[i] = k  # 4
        basis.replace(i, _row(table, k), scales[k])
    return chosen  # 5


class _Basis:
    """Integer rows ``B`` with their denominators: ``adjugate`` is ``det(B) B^-1``.

    It begins with a matrix that is its own inverse.
    """

    def __init__(self, involution: fmpz_mat) -> None:
        self.adjugate, self.determinant = involution, fmpz(1)
        self._scales = [1] * involution.nrows()

    def cofactors(self, i: int) -> fmpz_mat:
        """Return a column ``c`` with ``det(B with row i replaced by x) = <x, c>``."""
        rank = self.adjugate.nrows()
        return fmpz_mat(rank, 1, [self.adjugate[j, i] for j in range(rank)])

    def replace(self, i: int, row: list[int], scale: int) -> None:
        """Replace the i-th row by another that keeps the determinant away from 0 (Sherman and Morrison)."""
        column, products = self.cofactors(i), fmpz_mat([row]) * self.adjugate
        determinant = products[0, i]
        products[0, i] -= self.determinant
        self.adjugate = (determinant * self.adjugate - column * products) / self.determinant  # exactly
        self.determinant, self._scales[i] = determinant, scale

    def scaled(self) -> fmpz_mat:
        """Return ``det(B) B^-1 diag(scales)``: what gives ``det(B)`` times the coefficients over the rows."""
        if set(self._scales) == {1}:
            return self.adjugate
        rank = len(self._scales)
        return self.adjugate * fmpz_mat(
            rank, rank, [scale * int(i == j) for i, scale in enumerate(self._scales) for j in range(rank)]
        )


def pivots(vectors: Sequence[Vector] | Matrix) -> list[int]:
    """Return coordinates that tell the span's vectors apart: pivots of ``X^T X``, which has the row space of ``X``."""
    d = vectors.shape[1] if isinstance(vectors, Matrix) else len(vectors[0])
    if _numerators(vectors, _FEW * d).rank() == d:
        return list(range(d))  # as nearly always: the others are not looked at
    table = _numerators(vectors)
    echelon, _, rank = (table.transpose() * table).rref()
    return [next(j for j in range(d) if echelon[i, j] != 0) for i in range(rank)]


def _cleared(vectors: Sequence[Vector] | Matrix) -> tuple[fmpz_mat | PackedRows, list[int]]:
    """Return integer rows and their denominators: one for all, which then drops out, unless it would be long."""
    if isinstance(vectors, Matrix):
        rows: list[Sequence[int]] = [list(map(int, row)) for row in vectors.integers[0].tolist()]
    else:
        denominators = list(map(_DENOMINATOR, vectors))
        common = lcm(*set(denominators))
        if common.bit_length() > _MAX_COMMON_BITS:
            return _numerators(vectors), denominators
        rows = list(map(_NUMERATORS, vectors))
        if common != 1:
            rows = [[n * (common // q) for n in row] for row, q in zip(rows, denominators, strict=True)]
    if len(rows[0]) <= _PACKED:
        with suppress(OverflowError):
            return PackedRows(rows), [1] * len(rows)
    return fmpz_mat(len(rows), len(rows[0]), list(chain.from_iterable(rows))), [1] * len(rows)


def _numerators(vectors: Sequence[Vector] | Matrix, most: int | None = None) -> fmpz_mat:
    """Return the numerators of the vectors, or of the first of them, as rows."""
    if isinstance(vectors, Matrix):
        table, _ = vectors.integers
        return table if most is None else fmpz_mat([_row(table, k) for k in range(min(most, table.nrows()))])
    rows = [v.numerators for v in vectors[:most]]
    return fmpz_mat(len(rows), len(rows[0]), list(chain.from_iterable(rows)))


def _row(table: fmpz_mat | PackedRows, k: int) -> list[int]:
    return [int(table[k, j]) for j in range(table.ncols())]


def _largest(values: list[fmpz] | PackedProduct, scales: list[int], each: int = 1) -> tuple[int, fmpq]:
    """Return the first place where ``|value| / scale`` is largest, and what it is there.

    A scale is that of ``each`` values in turn.
    """
    if isinstance(values, PackedProduct):  # there is one scale, 1
        first, largest = values.largest()
        return first, fmpq(largest)
    if len(set(scales)) == 1:
        low, high = min(values), max(values)
        size = max(high, -low)
        place = min(values.index(end) for end in (low, high) if abs(end) == size)
    else:
        place = max(range(len(values)), key=lambda k: fmpq(abs(values[k]), scales[k // each]))
    return place, fmpq(abs(values[place]), scales[place // each])


def _violation(table: fmpz_mat | PackedRows, scales: list[int], basis: _Basis, bound: fmpq) -> tuple[int, int] | None:
    """Return the vector and the row with the largest coefficient, if it exceeds ``bound`` in size."""
    if not (rank := table.ncols()):
        return None
    place, size = _largest((table * basis.scaled()).entries(), scales, rank)
    return divmod(place, rank) if size > bound * abs(basis.determinant) else None
