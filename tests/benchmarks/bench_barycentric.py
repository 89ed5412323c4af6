"""Exact barycentric spanners: the public function, bare integer matrices, and the textbook loop on ``Fraction``."""

import random
from collections.abc import Sequence
from fractions import Fraction

import c_limit
from flint import fmpq_mat, fmpz, fmpz_mat
from frame import Row, check, compare, cpu, main

from reference.algorithms.barycentric import barycentric_spanner
from reference.exact.linalg import Vector

DIMENSION = 8
C = 2

Rows = list[list[int]]


def rows() -> list[Row]:
    """``C``-approximate barycentric spanners, ``C = 2``, ``d = 8``, integer vectors."""
    return [*_limit_rows(10_000), _bare_row(10_000), _fraction_row(1_000), _large_row(1_000_000, 16)]


def _large_row(count: int, dimension: int) -> Row:
    source = random.Random(count)
    vectors = [Vector(tuple([source.randint(-50, 50) for _ in range(dimension)])) for _ in range(count)]
    start = cpu()
    barycentric_spanner(vectors, C)
    work = f"barycentric spanner, {count:,} vectors, d = {dimension}"
    return Row(work, "60 seconds", cpu() - start, 60, limit=1)


def _bare_row(count: int) -> Row:
    table, vectors = _instance(count)

    def ours() -> tuple[int, ...]:
        return barycentric_spanner(vectors, C).indices

    def bare() -> tuple[int, ...]:
        return _bare(table)

    work = f"barycentric spanner, {count:,} vectors, d = {DIMENSION}"
    check(agree=ours() == bare(), work=work)
    return Row(work, "bare fmpz_mat", *compare(ours, bare), limit=4)


def _limit_rows(count: int) -> list[Row]:
    """Beside sums of products of FLINT's integers, and beside its product of matrices, which takes machine words."""
    table, vectors = _instance(count)
    work = f"barycentric spanner, {count:,} vectors, d = {DIMENSION}"

    def ours() -> tuple[int, ...]:
        return barycentric_spanner(vectors, C).indices

    looped, multiplied = c_limit.spanner(table, C, looped=True), c_limit.spanner(table, C)
    return [
        c_limit.limit_row(work, ours, looped, limit=2.5, how="number by number"),
        c_limit.limit_row(work, ours, multiplied, how="by its product of matrices"),
    ]


def _fraction_row(count: int) -> Row:
    table, vectors = _instance(count)

    def ours() -> tuple[int, ...]:
        return barycentric_spanner(vectors, C).indices

    def textbook() -> tuple[int, ...]:
        return _textbook(table)

    work = f"barycentric spanner, {count:,} vectors, d = {DIMENSION}"
    check(agree=ours() == textbook(), work=work)
    return Row(work, "same algorithm on Fraction", *compare(ours, textbook), limit=50, faster=True)


def _instance(count: int) -> tuple[Rows, list[Vector]]:
    source = random.Random(count)
    table = [[source.randint(-50, 50) for _ in range(DIMENSION)] for _ in range(count)]
    return table, [Vector(tuple(row)) for row in table]


def _bare(table: Rows) -> tuple[int, ...]:
    """Greedy, then swaps, with all determinants of a sweep from one matrix product."""
    x = fmpz_mat(table)
    basis = [[int(i == j) for j in range(DIMENSION)] for i in range(DIMENSION)]
    chosen = [-1] * DIMENSION
    for i in range(DIMENSION):
        adjugate, _ = _adjugate(basis)
        column = fmpz_mat(DIMENSION, 1, [adjugate[j, i] for j in range(DIMENSION)])
        chosen[i], _ = _largest((x * column).entries())
        basis[i] = table[chosen[i]]
    while True:
        adjugate, determinant = _adjugate(basis)
        place, size = _largest((x * adjugate).entries())
        if size <= C * abs(determinant):
            return tuple(chosen)
        k, i = divmod(place, DIMENSION)
        chosen[i], basis[i] = k, table[k]


def _adjugate(basis: Rows) -> tuple[fmpz_mat, fmpz]:
    matrix = fmpz_mat(basis)
    determinant = matrix.det()
    numerators, denominator = fmpq_mat(matrix).inv().numer_denom()
    return numerators * (determinant // denominator), determinant


def _largest(values: list[fmpz]) -> tuple[int, fmpz]:
    low, high = min(values), max(values)
    size = max(high, -low)
    return min(values.index(end) for end in (low, high) if abs(end) == size), size  # the first, whatever its sign


def _textbook(table: Rows) -> tuple[int, ...]:
    """The same choices with ``Fraction`` entries and the inverse by Gauss-Jordan elimination."""
    x = [[Fraction(entry) for entry in row] for row in table]
    basis = [[Fraction(int(i == j)) for j in range(DIMENSION)] for i in range(DIMENSION)]
    chosen = [-1] * DIMENSION
    for i in range(DIMENSION):
        inverse = _inverse(basis)
        column = [row[i] for row in inverse]
        sizes = [_size(row, column) for row in x]
        chosen[i] = max(range(len(x)), key=sizes.__getitem__)
        basis[i] = x[chosen[i]]
    while True:
        columns = list(zip(*_inverse(basis), strict=True))
        sizes = [_size(row, column) for row in x for column in columns]
        place = max(range(len(sizes)), key=sizes.__getitem__)
        if sizes[place] <= C:
            return tuple(chosen)
        k, i = divmod(place, DIMENSION)
        chosen[i], basis[i] = k, x[k]


def _size(row: Sequence[Fraction], column: Sequence[Fraction]) -> Fraction:
    return abs(sum((a * b for a, b in zip(row, column, strict=True)), Fraction(0)))


def _inverse(matrix: list[list[Fraction]]) -> list[list[Fraction]]:
    n = len(matrix)
    work = [[*row, *(Fraction(int(i == j)) for j in range(n))] for i, row in enumerate(matrix)]
    for i in range(n):
        pivot = next(r for r in range(i, n) if work[r][i])
        work[i], work[pivot] = work[pivot], work[i]
        work[i] = [entry / work[i][i] for entry in work[i]]
        for r in range(n):
            if r != i and (factor := work[r][i]):
                work[r] = [a - factor * b for a, b in zip(work[r], work[i], strict=True)]
    return [row[n:] for row in work]


if __name__ == "__main__":
    main(rows)
