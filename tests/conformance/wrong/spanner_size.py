"""Wrong versions of the largest spanner that the potential allows; each function is one."""

from fractions import Fraction
from math import log

from tests.conformance.right.numpy_bounds import spanner_size as right


def _largest(d: int, base: float, slope: float) -> int:
    """The last ``n`` with ``base^n <= (1 + slope n)^d``, by logarithms."""
    n = 0
    while (n + 1) * log(base) <= d * log(1 + slope * (n + 1)) * (1 + 1e-14):
        n += 1
    return n


def one_more(d: int, ridge: float, nu: float) -> int:
    """The first ``n`` that is too large."""
    return right(d, ridge, nu) + 1


def nu_not_squared(d: int, ridge: float, nu: float) -> int:
    """``nu`` in place of its square."""
    right(d, ridge, nu)
    return right(d, ridge, nu**0.5)


def one_for_four(d: int, ridge: float, nu: float) -> int:
    """``1 + n/(ridge d)``: features of norm 1, and not their differences."""
    right(d, ridge, nu)
    return _largest(d, 1 + nu * nu, 1 / (ridge * d))


def powers_overflow(d: int, ridge: float, nu: float) -> int:
    """Powers in floats, as long as they are finite."""
    right(d, ridge, nu)
    n = 0
    while n < 10_000 and (1 + nu * nu) ** (n + 1) <= _power(1 + 4 * (n + 1) / (ridge * d), d):
        n += 1
    return n


def _power(x: float, d: int) -> float:
    return min(x**d, 2.0**32)


def strictly_less(d: int, ridge: float, nu: float) -> int:
    """Equality is not allowed."""
    n = right(d, ridge, nu)
    tie = (1 + Fraction(nu) ** 2) ** n == (1 + 4 * Fraction(n) / (Fraction(ridge) * d)) ** d
    return n - 1 if tie and n else n


def first_failure(d: int, ridge: float, nu: float) -> int:
    """One less: it counts from 0 to the last that fits, without it."""
    return right(d, ridge, nu) - 1


def dimension_missing(d: int, ridge: float, nu: float) -> int:
    """``1 + 4n/ridge``."""
    right(d, ridge, nu)
    return _largest(d, 1 + nu * nu, 4 / ridge)


def ridge_missing(d: int, ridge: float, nu: float) -> int:
    """Leaves the ridge out."""
    right(d, ridge, nu)
    return right(d, 1.0, nu)
