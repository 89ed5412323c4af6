"""Products of sums of radicals of one prime: polynomials in ``p^(1/n)``, whose ``n``-th power is ``p``.

The meaning is in :mod:`reference.exact.roots`.
"""

from math import gcd, lcm

from flint import fmpz, fmpz_poly

from reference.exact.laurent import SPARSITY, Laurent
from reference.exact.plain import quick
from reference.exact.radical import Radical
from reference.exact.roots import product_by_pairs
from reference.exact.sizes import SumParts

WORTHWHILE = 8
"""Fewer pairs of radicals are multiplied one by one."""


@quick(product_by_pairs)
def product_of_parts(left: SumParts, right: SumParts) -> dict[Radical, Laurent]:
    """Return the product of ``sum radical * part`` and another."""
    pairs = len(left) * len(right)
    if pairs < WORTHWHILE or not (base := _base([*left, *right], SPARSITY * pairs)):
        return product_by_pairs(left, right)
    p, degree = base
    whole = (_polynomial(left, degree) * _polynomial(right, degree)).coeffs()
    low, high = whole[:degree], whole[degree:]
    for k, c in enumerate(high):  # p^(1 + k/n)
        low[k] += c * p
    return {_radical(p, k, degree): Laurent({_CONSTANT: int(c)}) for k, c in enumerate(low) if c != 0}


_CONSTANT = (0, 1)


def _base(parts: list[tuple[Radical, Laurent]], most: int) -> tuple[int, int] | None:
    """Return ``p`` and ``n`` if all is an integer combination of powers of ``p^(1/n)``, with ``n`` at most ``most``."""
    prime, degree = 0, 1
    for radical, part in parts:
        term = part.monomial
        if term is None or term[0] != _CONSTANT or len(radical) > 1:
            return None
        for p, _, n in radical:
            degree = lcm(degree, n)
            if p != (prime or p) or degree > most:
                return None
            prime = p
    return (prime, degree) if prime else None


def _polynomial(parts: SumParts, degree: int) -> fmpz_poly:
    coefficients = [fmpz(0)] * degree
    for radical, part in parts:
        _, c = part.monomial or (_CONSTANT, 0)
        k = next((a * (degree // n) for _, a, n in radical), 0)
        coefficients[k] = fmpz(c)
    return fmpz_poly(coefficients)


def _radical(p: int, k: int, degree: int) -> Radical:
    divisor = gcd(k, degree)
    return ((p, k // divisor, degree // divisor),) if k else ()
