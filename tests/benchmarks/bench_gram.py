"""The spanner's inner loop, through the public API and written bare on FLINT's integer matrices."""

import random

from flint import fmpz_mat
from frame import Row, check, compare, main

from reference.exact.linalg import Gram, Vector

STEPS = 1000


def rows() -> list[Row]:
    """1,000 spanner steps: norm query, threshold, rank-one update."""
    return [_row(dimension) for dimension in (8, 32)]


def _row(dimension: int) -> Row:
    source = random.Random(dimension)
    features = [[source.randint(-9, 9) for _ in range(dimension)] for _ in range(STEPS)]
    vectors = [Vector(tuple(x)) for x in features]

    def bare() -> int:
        gram = fmpz_mat(dimension, dimension)
        for i in range(dimension):
            gram[i, i] = 1
        determinant, accepted = gram.det(), 0
        for x in features:
            column = fmpz_mat(dimension, 1, x)
            extended = gram + column * column.transpose()
            after = extended.det()
            if (after - determinant) * 2 > determinant:  # the squared norm exceeds 1/2
                gram, determinant, accepted = extended, after, accepted + 1
        return accepted

    def ours() -> int:
        sigma, accepted = Gram.ridge(dimension, 1), 0
        for phi in vectors:
            if sigma.exceeds(phi, "1/2"):
                sigma, accepted = sigma.with_vector(phi), accepted + 1
        return accepted

    work = f"1,000 spanner steps, d = {dimension}"
    check(agree=ours() == bare(), work=work)
    return Row(work, "bare fmpz_mat loop", *compare(ours, bare), limit=3)


if __name__ == "__main__":
    main(rows)
