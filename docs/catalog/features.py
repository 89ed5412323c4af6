"""From sentence embeddings to features: a fixed projection, exact, and a rounding with a name."""

import hashlib
import math
from fractions import Fraction

import numpy as np

SKIPPED_BYTE = 255  # 255 of the 256 byte values fall evenly on three entries

Row = tuple[Fraction, ...]
Groups = list[list[Row]]  # prompt by prompt (or prefix by prefix), response by response (or token by token)


def projection(name: str, dimension: int, seed: int, columns: int) -> np.ndarray:
    """Return a {-1, 0, 1} matrix with as many rows as the dimension, from SHAKE-256 (bytes mod 3; 255 is skipped)."""
    size = dimension * columns
    stream = [b for b in hashlib.shake_256(f"{name}/{seed}".encode()).digest(2 * size) if b != SKIPPED_BYTE]
    return np.array(stream[:size], dtype=object).reshape(dimension, columns) % 3 - 1


def cleared(groups: Groups) -> tuple[list[np.ndarray], int]:
    """Return dyadic vectors as arrays of Python integers over one denominator."""
    denominator = max(v.denominator for rows in groups for row in rows for v in row)
    whole = [[[int(v * denominator) for v in row] for row in rows] for rows in groups]
    return [np.array(rows, dtype=object) for rows in whole], denominator


def project(matrix: np.ndarray, groups: list[np.ndarray], denominator: int) -> Groups:
    """Apply an integer matrix to every vector; exact, being integer arithmetic."""
    return [[tuple(Fraction(int(v), denominator) for v in row) for row in rows @ matrix.T] for rows in groups]


def inner(u: Row, v: Row) -> Fraction:
    """Inner product."""
    return sum((a * b for a, b in zip(u, v, strict=True)), Fraction(0))


def floors_on_the_unit_ball(groups: Groups) -> Groups:
    """Divide by the least multiple of 1/16 for which the floors to multiples of 1/64 have norm at most 1."""
    for sixteenths in range(1, 10_000):
        floors = [[tuple(floor(v * 16 / sixteenths, 64) for v in row) for row in rows] for rows in groups]
        if all(inner(row, row) <= 1 for rows in floors for row in rows):
            return floors
    raise AssertionError("features too large")


def small_integers(groups: Groups) -> tuple[Groups, int]:
    """Round to integers, the largest entry to +-2; return them and the least integer that is at least every norm."""
    unit = max(abs(v) for rows in groups for row in rows for v in row) / 2
    rounded = [[tuple(nearest(v / unit, 1) for v in row) for row in rows] for rows in groups]
    largest = max(inner(row, row) for rows in rounded for row in rows)
    return rounded, math.isqrt(math.ceil(largest) - 1) + 1


def floor(value: Fraction, per_unit: int) -> Fraction:
    """Round down to a multiple of 1/per_unit."""
    return Fraction(math.floor(value * per_unit), per_unit)


def nearest(value: Fraction, per_unit: int) -> Fraction:
    """Round to the nearest multiple of 1/per_unit, halves up."""
    return floor(value + Fraction(1, 2 * per_unit), per_unit)
