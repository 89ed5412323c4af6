"""Vectors as the rows of an integer matrix, for checks of many at once."""

from collections.abc import Sequence
from math import lcm

from flint import fmpz_mat

from reference.exact.linalg import Vector

Block = tuple[fmpz_mat, int]
"""Vectors as the rows of an integer matrix, over one denominator."""


def integer_rows(vectors: Sequence[Vector], d: int) -> Block:
    """Return vectors of length ``d`` over their least common denominator."""
    common = lcm(*{v.denominator for v in vectors})
    entries = list[int]()
    for v in vectors:
        factor = common // v.denominator
        entries += v.numerators if factor == 1 else [n * factor for n in v.numerators]
    return fmpz_mat(len(vectors), d, entries), common
