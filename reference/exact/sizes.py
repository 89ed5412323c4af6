"""How long a product of powers of exp-sums can be, before it is formed."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import comb, lcm
from typing import NamedTuple

from flint import fmpq

from reference.exact.laurent import MAX_LATTICE, Laurent
from reference.exact.radical import Radical

SumParts = tuple[tuple[Radical, Laurent], ...]
"""What an exp-sum consists of."""

_LEAST_BITS = 512
"""What a term takes, however short its coefficient."""

_MOST_TERMS = 1 << 62
"""Larger numbers of terms are not counted."""

_cap: ContextVar[int] = ContextVar("product_cap", default=1 << 27)


class Size(NamedTuple):
    """Bounds on the number of terms of an exp-sum, and on the bits of a coefficient."""

    terms: int
    bits: int

    @property
    def is_formed(self) -> bool:
        """Whether a sum of this size is formed: see :func:`product_cap`."""
        return self.terms * max(self.bits, _LEAST_BITS) <= _cap.get()

    def __str__(self) -> str:
        return f"up to {_count(self.terms)} terms with coefficients of {_count(self.bits)} bits"


@contextmanager
def product_cap(bits: int) -> Iterator[None]:
    """Within the block, products of exp-sums are formed up to so many bits in all, instead of the default 2^27.

    Raises:
        ValueError: if ``bits`` is negative.
    """
    if bits < 0:
        msg = f"product_cap({bits}): a number of bits cannot be negative"
        raise ValueError(msg)
    token = _cap.set(bits)
    try:
        yield
    finally:
        _cap.reset(token)


def current_product_cap() -> int:
    """Return the cap in bits."""
    return _cap.get()


def span(parts: SumParts) -> fmpq:
    """Return the largest exponent minus the smallest, radicals apart; of a product it is the sum over the factors.

    That is so because the coefficients, sums of radicals, have no zero divisors.
    """
    ends = [part.ends() for _, part in parts]
    return max(fmpq(*high) for _, high in ends) - min(fmpq(*low) for low, _ in ends)


def product_size(factors: Iterable[tuple[int, SumParts, int]]) -> Size:
    """Return bounds for the product of ``sum**power`` over non-zero sums, given by scale and parts."""
    choices, bits, length, step = 1, 0, fmpq(0), 1
    roots: dict[int, int] = {}
    for scale, parts, power in factors:
        count = sum(len(part) for _, part in parts)
        bits += power * (_bits(count, max(part.height_bits() for _, part in parts)) + (scale - 1).bit_length())
        length += span(parts) * power
        for radical, part in parts:
            step = min(lcm(step, part.denominator()), MAX_LATTICE)
            for p, _, b in radical:
                roots[p] = lcm(roots.get(p, 1), b)
        choices = min(choices * multisets(count, power), _MOST_TERMS)
    places = int(-(-length.p // length.q)) * step + 1
    for degree in roots.values():
        places *= degree
    return Size(min(choices, places), bits)


def _bits(count: int, height: int) -> int:
    """Return a bound on the binary logarithm of the sum of so many coefficients of so many bits."""
    return height + count.bit_length() if count > 1 else height if height > 1 else 0


def multisets(count: int, power: int) -> int:
    """Return how many multisets of so many terms there are, or a bound on it that is large."""
    count = max(count, 1)
    few = min(count - 1, power)
    if few > _MANY:
        return _MOST_TERMS
    return min(comb(count + power - 1, few), _MOST_TERMS)


_MANY = 64
"""More than so many free choices are more than :data:`_MOST_TERMS` multisets."""


def _count(n: int) -> str:
    return f"{n}" if n < _MOST_TERMS else "2^62 or more"
