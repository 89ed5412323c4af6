"""Sums of exponentials with rational exponents; the quick form is in :mod:`reference.exact.fast.lattice`."""

from collections.abc import Sequence
from math import lcm

from flint import fmpq

from reference.exact.laurent import Exponent, Laurent


def sum_by_table(
    coefficients: Sequence[int | fmpq], exponents: Sequence[fmpq], bits: int
) -> tuple[int, Laurent] | None:
    """Return ``scale, part`` with ``sum c e^q = part/scale``, collected term by term.

    ``None`` where the common denominator of the coefficients has more than ``bits``, or the form does not pay.
    """
    exact = [fmpq(c) for c in coefficients]
    scale = lcm(*(int(c.q) for c in exact))
    if scale.bit_length() > bits:
        return None
    table: dict[Exponent, int] = {}
    for c, q in zip(exact, exponents, strict=True):
        exponent = int(q.p), int(q.q)
        table[exponent] = table.get(exponent, 0) + int(c.p) * (scale // int(c.q))
    return scale, Laurent(table)
