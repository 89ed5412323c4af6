"""Radicals: products ``prod_p p^(a_p)`` over primes with ``0 <= a_p < 1``, and how powers fold into them."""

from collections.abc import Iterable

from flint import arb, fmpq, fmpz

from reference.exact.rational_numbers import BadNumber

Radical = tuple[tuple[int, int, int], ...]
"""``(p, a, b)`` for the factor ``p^(a/b)``, primes ascending, ``0 < a/b < 1`` in lowest terms."""

MAX_FOLDED_BITS = 3_000_000
"""Longer integer powers of primes are refused.  The square of ``exp(10**6)``, which files may ask for, is shorter."""


def folded(powers: Iterable[tuple[int, fmpq]]) -> tuple[fmpq, Radical]:
    """Return ``prod p^a`` as a rational, from the floors of the exponents, times a radical.

    Raises:
        BadNumber: if the rational is absurdly large or small.
    """
    coefficient, radical = fmpq(1), []
    for p, a in powers:
        below = int(a.q)
        whole, rest = divmod(int(a.p), below)
        if whole:
            if abs(whole) * (p**16).bit_length() > 16 * MAX_FOLDED_BITS + abs(whole):
                msg = f"the power {p}^{fmpz(whole)!s:.20} has more than {MAX_FOLDED_BITS} bits"
                raise BadNumber(msg)
            coefficient *= fmpq(p) ** whole
        if rest:
            radical.append((p, rest, below))
    return coefficient, tuple(radical)


def product(left: Radical, right: Radical) -> tuple[Radical, int]:
    """Return the radical of a product and the integer that splits off."""
    if not left or not right:
        return left or right, 1
    total = {p: fmpq(a, b) for p, a, b in left}
    factor = 1
    for p, a, b in right:
        total[p] = total.get(p, fmpq(0)) + fmpq(a, b)
        if total[p] >= 1:
            total[p] -= 1
            factor *= p
    return tuple((p, int(q.p), int(q.q)) for p, q in sorted(total.items()) if q != 0), factor


def ball(radical: Radical) -> arb:
    """Return an enclosure at the precision of the FLINT context."""
    total = arb(0)
    for p, a, b in radical:
        total += arb(p).log() * arb(fmpq(a, b))
    return total.exp()
