"""Log-linear numbers side by side: the scores of the responses to a prompt, one for each outcome of a law."""

from collections.abc import Sequence
from functools import cached_property
from math import lcm
from typing import NamedTuple

from flint import fmpq, fmpq_poly

from reference.exact.log_linear import LogLinear, combination

MOST_COMMON_BITS = 1024
"""Rationals are put over one denominator if it is at most this long."""

_AT_ONCE = 64
"""So many are put over one denominator before its length is looked at."""


class Integers(NamedTuple):
    """Rationals as integers over one positive denominator."""

    numerators: list[int]
    denominator: int

    def rationals(self) -> list[fmpq]:
        """Return the numbers themselves."""
        return [fmpq(n, self.denominator) for n in self.numerators]


class LogLinears(tuple[LogLinear, ...]):  # noqa: SLOT001 (it keeps what it finds out)
    """A tuple of log-linear numbers that knows itself as integers, where it can."""

    @cached_property
    def integers(self) -> Integers | None:
        """The numbers over one denominator; ``None`` if one has logarithms, or the denominator is too long."""
        if any(score.terms for score in self):
            return None
        return over_one_denominator([score.constant for score in self])


def over_one_denominator(values: Sequence[fmpq]) -> Integers | None:
    """Return rationals over their least common denominator, unless it is longer than :data:`MOST_COMMON_BITS`.

    >>> over_one_denominator([fmpq(1, 2), fmpq(-2, 3), fmpq(0)])
    Integers(numerators=[3, -4, 0], denominator=6)
    """
    pieces, common = list[tuple[list[int], int]](), 1
    for start in range(0, len(values), _AT_ONCE):
        # FLINT finds the common denominator of a polynomial's coefficients much faster than Python does.
        piece = values[start : start + _AT_ONCE]
        polynomial = fmpq_poly(piece)
        above = list(map(int, polynomial.numer().coeffs()))
        pieces.append((above + [0] * (len(piece) - len(above)), int(polynomial.denom())))
        common = lcm(common, pieces[-1][1])
        if common.bit_length() > MOST_COMMON_BITS:
            return None
    numerators = list[int]()
    for above, below in pieces:
        stretch = common // below
        numerators += above if stretch == 1 else [n * stretch for n in above]
    return Integers(numerators, common)


def sum_by_terms(weights: Sequence[int], values: Sequence[LogLinear]) -> LogLinear:
    """Return ``sum weight * value``, term by term."""
    return combination(zip(values, map(fmpq, weights), strict=True))
