"""Sums of exponentials with rational exponents; the quick form is in :mod:`reference.exact.fast.lattice`."""

from collections.abc import Iterable, Sequence
from math import lcm

from flint import fmpq

from reference.exact.laurent import Exponent, Laurent


def sum_by_table(
    coefficients: Sequence[int | fmpq], exponents: Sequence[fmpq], bits: int
) -> tuple[int, Laurent] | None:
    """Return ``scale, part`` with ``sum c e^q = part/scale``, collected term by term.

    ``None`` where the common denominator of the coefficients is longer than :func:`common_scale` allows, or the form
    does not pay.
    """
    exact = [fmpq(c) for c in coefficients]
    scale = common_scale((int(c.q) for c in exact), bits)
    if scale is None:
        return None
    table: dict[Exponent, int] = {}
    for c, q in zip(exact, exponents, strict=True):
        exponent = int(q.p), int(q.q)
        table[exponent] = table.get(exponent, 0) + int(c.p) * (scale // int(c.q))
    return scale, Laurent(table)


def common_scale(denominators: Iterable[int], bits: int) -> int | None:
    """Return the least common multiple, or ``None`` if it has more than ``bits`` and than twice those of the longest.

    Below that, coefficients over it are at most three times as long as on their own.

    >>> common_scale([4, 6], bits=1), common_scale([101, 103, 107, 109], bits=8)
    (12, None)
    """
    different = set(denominators)
    most = max(bits, 2 * max((each.bit_length() for each in different), default=0))
    scale = 1
    for each in different:
        scale = lcm(scale, each)
        if scale.bit_length() > most:
            return None
    return scale
