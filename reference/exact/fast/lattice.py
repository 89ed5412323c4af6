"""Sums of many exponentials with rational exponents, put on their lattice at once: no table of exponents is made.

The meaning is in :mod:`reference.exact.lattice`.
"""

from collections.abc import Sequence
from math import lcm

from flint import fmpq, fmpz_poly

from reference.exact.lattice import common_scale, sum_by_table
from reference.exact.laurent import DENSE_FROM, MAX_LATTICE, SPARSITY, Laurent
from reference.exact.plain import quick


@quick(sum_by_table)
def on_lattice(coefficients: Sequence[int | fmpq], exponents: Sequence[fmpq], bits: int) -> tuple[int, Laurent] | None:
    """Return ``scale, part`` with ``sum c e^q = part/scale``.

    ``None`` where the common denominator of the coefficients is longer than :func:`common_scale` allows, or the places
    lie far apart.  Where few exponents are different, what is made of the places is a table.
    """
    below = [int(q.q) for q in exponents]
    step = lcm(*set(below))
    if step > MAX_LATTICE:
        return None
    places = [int(q.p) * (step // b) for q, b in zip(exponents, below, strict=True)]
    low = min(places)
    if max(places) - low >= SPARSITY * len(places):
        return None
    integers = _integers(coefficients, bits)
    if integers is None:
        return None
    scale, numerators = integers
    part = at_places(numerators, [place - low for place in places], low, step)
    return None if part is None else (scale, part)


def at_places(coefficients: Sequence[int], places: Sequence[int], shift: int, step: int) -> Laurent | None:
    """Return ``sum c exp((shift + place)/step)``, the least place 0; ``None`` where the places lie far apart."""
    length = max(places) + 1
    if length > SPARSITY * len(places) or step > MAX_LATTICE:
        return None
    dense = [0] * length
    for place, c in zip(places, coefficients, strict=True):
        dense[place] += c
    count = length - dense.count(0)
    if count < DENSE_FROM or length > SPARSITY * count:
        kept = ((fmpq(shift + place, step), c) for place, c in enumerate(dense) if c)
        return Laurent({(int(q.p), int(q.q)): c for q, c in kept})
    return Laurent.on_lattice(step, shift, fmpz_poly(dense), count)


def _integers(coefficients: Sequence[int | fmpq], bits: int) -> tuple[int, Sequence[int]] | None:
    """Return a common denominator of the coefficients, and what they are over it; ``None`` if it is too long."""
    if all(type(c) is int for c in coefficients):
        return 1, coefficients  # type: ignore[return-value]  # they are integers
    exact = [fmpq(c) if isinstance(c, int) else c for c in coefficients]
    below = [int(c.q) for c in exact]
    scale = common_scale(below, bits)
    if scale is None:
        return None
    return scale, [int(c.p) * (scale // b) for c, b in zip(exact, below, strict=True)]
