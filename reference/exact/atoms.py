"""Atoms of reals: logarithms of integers and of exp-sums, and whatever else has enclosures."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from math import gcd

from flint import arb, ctx, fmpq, fmpz

from reference.exact.expsum import ExpSum


@dataclass(frozen=True, slots=True)
class LogInt:
    """``log n`` for an integer ``n >= 2``: a prime, or a part of a large number that was not factored."""

    n: int

    def enclosure(self, prec: int) -> arb:
        """Return a ball that contains the logarithm."""
        with ctx.workprec(prec):
            return arb(self.n).log()

    def __str__(self) -> str:
        return f"log({fmpz(self.n)})"  # Python's own str() stops at 4,300 digits


@dataclass(frozen=True, slots=True)
class LogSum:
    """``log s`` for a positive exp-sum ``s`` of two terms or more whose first positive term is 1."""

    s: ExpSum

    def enclosure(self, prec: int) -> arb:
        """Return a ball that contains the logarithm."""
        ball = self.s.enclosure(prec)
        with ctx.workprec(prec):
            return ball.log()

    def __str__(self) -> str:
        return f"log({self.s})"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A real known only through ``function(prec, *arguments)``, a ball at every precision."""

    function: Callable[..., arb]
    arguments: tuple[Hashable, ...] = ()

    def enclosure(self, prec: int) -> arb:
        """Return the ball that the function gives."""
        return self.function(prec, *self.arguments)

    def __str__(self) -> str:
        return f"{self.function.__name__}{self.arguments!s:.60}"


Atom = LogInt | LogSum | Enclosed


def independent(terms: list[tuple[int, fmpq]]) -> bool:
    """Whether ``sum c_n log n`` is not zero: exponents over a coprime base of the integers, found by gcds alone."""
    base: list[int] = []
    for n, _ in terms:
        base = _refined(base, n)
    return any(sum((c * _valuation(n, b) for n, c in terms), fmpq(0)) != 0 for b in base)


def _refined(base: list[int], n: int) -> list[int]:
    """Return a pairwise coprime base in which ``n`` and every member of ``base`` factor."""
    base, left = list(base), [n]
    while left:  # not recursive: log 2 against log 2^1000 takes a thousand steps
        n = left.pop()
        for i, b in enumerate(base):
            if (g := gcd(b, n)) > 1:
                del base[i]
                left += [n // g, g, b // g]
                break
        else:
            base += [n] * (n > 1)
    return base


def _valuation(n: int, b: int) -> int:
    count = 0
    while n % b == 0:
        n, count = n // b, count + 1
    return count
