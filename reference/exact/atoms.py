"""Atoms of reals: logarithms of integers and of exp-sums, exponentials, divisors, and what else has enclosures.

A real is a sum of *terms*: products of powers of atoms (monomials), each with an exp-ratio as coefficient.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from flint import arb, fmpq, fmpz

from reference.exact.expratio import ExpRatio
from reference.exact.expsum import ExpSum, exp_sum
from reference.exact.log_linear import ZERO, LogLinear, combination, known_log
from reference.exact.number import sum_text
from reference.exact.plain import cached
from reference.exact.precision import workprec


class Atom(Protocol):
    """A real that is kept as it is; equality and hash are those of how it is written."""

    @property
    def is_nonzero(self) -> bool:
        """Whether it is known not to be zero."""

    def enclosure(self, prec: int) -> arb:
        """Return a ball that contains it."""


Monomial = frozenset[tuple[Atom, int]]
"""A product of powers of different atoms; negative powers are of atoms that are not zero."""

UNIT: Monomial = frozenset()
"""The empty product."""

RealTerms = frozenset[tuple[Monomial, ExpRatio]]
"""The terms of a real as a value that can be hashed."""


@dataclass(frozen=True, slots=True)
class LogInt:
    """``log n`` for an integer ``n >= 2``: a prime, or a part of a large number that was not factored."""

    n: int

    @property
    def is_nonzero(self) -> bool:
        """Always."""
        return True

    def enclosure(self, prec: int) -> arb:
        """Return a ball that contains the logarithm."""
        with workprec(prec):
            return arb(self.n).log()

    def __str__(self) -> str:
        return f"log({fmpz(self.n)})"  # Python's own str() stops at 4,300 digits


@dataclass(frozen=True, slots=True)
class LogSum:
    """``log s`` for a positive exp-sum of two terms or more, of which that of reference is 1; ``tail = s - 1``."""

    s: ExpSum
    tail: ExpSum = field(compare=False)

    def __hash__(self) -> int:
        return self.s.form_hash()

    @property
    def is_nonzero(self) -> bool:
        """Always: no sum of two terms is 1."""
        return True

    def enclosure(self, prec: int) -> arb:
        """Return a ball that contains the logarithm."""
        top, rest = split(self)
        with workprec(prec):
            return top.enclosure(prec) + log1p(rest, prec)

    def __str__(self) -> str:
        return f"log({self.s})"


@dataclass(frozen=True, slots=True)
class Exponential:
    """``e`` to the power of a real."""

    exponent: RealTerms

    @property
    def is_nonzero(self) -> bool:
        """Always."""
        return True

    def enclosure(self, prec: int) -> arb:
        """Return a ball that contains the power."""
        ball = enclosure_of(self.exponent, prec)
        with workprec(prec):
            return ball.exp()

    def __str__(self) -> str:
        return f"exp({terms_text(self.exponent)})"


@dataclass(frozen=True, slots=True)
class Divisor:
    """A real of several terms, known not to be zero: it stands in monomials with negative powers only."""

    whole: RealTerms

    @property
    def is_nonzero(self) -> bool:
        """Always: it was certified when it was divided by."""
        return True

    def enclosure(self, prec: int) -> arb:
        """Return a ball that contains the real."""
        return enclosure_of(self.whole, prec)

    def __str__(self) -> str:
        return f"({terms_text(self.whole)})"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A real known only through ``function(prec, *arguments)``, a ball at every precision."""

    function: Callable[..., arb]
    arguments: tuple[Hashable, ...] = ()
    _hash: int = field(init=False, compare=False, repr=False)  # arguments are often long

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.function, self.arguments)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type["Enclosed"], tuple[Callable[..., arb], tuple[Hashable, ...]]]:
        return Enclosed, (self.function, self.arguments)  # elsewhere the function has another hash

    @property
    def is_nonzero(self) -> bool:
        """Never known."""
        return False

    def enclosure(self, prec: int) -> arb:
        """Return the ball that the function gives."""
        return self.function(prec, *self.arguments)

    def __str__(self) -> str:
        return f"{self.function.__name__}{self.arguments!s:.60}"


_LARGE = 64
"""Below this exponent, the logarithm of a sum of positive terms is not large: its digits show what is added."""


@cached(1024)
def split(log: LogSum) -> tuple[LogLinear, ExpSum]:
    """Return ``L, rest`` with ``log s = L + log(1 + rest)``; ``e^L`` is the term of largest exponent, if large."""
    if all(fmpq(*part.ends()[1]) < _LARGE for _, part in log.s.parts):
        return ZERO, log.tail
    c, exponent = max(log.s.terms(), key=lambda term: term[1].constant)
    if c <= 0 or (top := known_log(c)) is None:
        return ZERO, log.tail
    return top + exponent, log.s * exp_sum([(1 / c, -exponent)]) - 1


def log1p(rest: ExpSum, prec: int) -> arb:
    """Return a ball that contains ``log(1 + rest)``; of good relative precision where that is tiny."""
    ball = rest.enclosure(prec)
    with workprec(prec):
        return ball.log1p()


def enclosure_of(terms: Iterable[tuple[Monomial, ExpRatio]], prec: int) -> arb:
    """Return a ball that contains the sum of the terms, computed with ``prec`` bits.

    What is log-linear is added exactly, so that ``log(1 + e^5000) - 5000`` loses no digits.
    """
    linear: list[tuple[LogLinear, fmpq]] = []
    balls: dict[Atom, arb] = {}
    constant = fmpq(0)
    with workprec(prec):  # once: to set the precision takes longer than a sum
        total = arb(0)
        for monomial, c in terms:
            if c.rational is not None and not monomial:
                constant += c.rational
                continue
            atom, power = next(iter(monomial)) if len(monomial) == 1 else (None, 0)
            if c.rational is not None and power == 1:
                if isinstance(atom, LogSum):
                    top, rest = split(atom)
                    linear.append((top, c.rational))
                    total += log1p(rest, prec) * c.rational
                    continue
                if isinstance(atom, LogInt) and (known := known_log(atom.n)) is not None:
                    linear.append((known, c.rational))
                    continue
            value = c.enclosure(prec)
            for each, k in monomial:
                ball = balls.get(each)
                if ball is None:
                    ball = balls[each] = each.enclosure(prec)
                factor = _power(ball, abs(k))
                value = value * factor if k > 0 else value / factor
            total += value
        return total + (combination(linear) + constant).enclosure(prec)


def _power(ball: arb, power: int) -> arb:
    """Return a power by squaring: ``arb ** int`` goes through log, which fails on balls that contain 0."""
    total = arb(1)
    while power:
        total = total * ball if power & 1 else total
        ball, power = (ball * ball if power > 1 else ball), power >> 1
    return total


def monomial_product(left: Monomial, right: Monomial) -> Monomial:
    """Return the product of two monomials."""
    powers = dict(left)
    for atom, k in right:
        powers[atom] = powers.get(atom, 0) + k
    return frozenset((atom, k) for atom, k in powers.items() if k)


def terms_text(terms: Iterable[tuple[Monomial, ExpRatio]]) -> str:
    """Return the sum of the terms as text that :func:`reference.exact.real` reads, unless something is enclosed only.

    The constant comes first, then by text, so that the order in which a number was built does not show.
    """
    texts = sorted(((_atoms_text(m), c) for m, c in terms), key=lambda t: (len(t[0]), t[0]))
    return sum_text(_term_text(atoms, c) for atoms, c in texts)


def _atoms_text(monomial: Monomial) -> str:
    return "*".join(sorted(str(atom) if k == 1 else f"{atom}^{k}" for atom, k in monomial))


def _term_text(atoms: str, c: ExpRatio) -> str:
    if not atoms:
        return str(c)
    if c == 1:
        return atoms
    if c == -1:
        return f"-{atoms}"
    is_sum = c.denominator.rational == 1 and c.numerator.number_of_terms > 1
    return f"({c})*{atoms}" if is_sum else f"{c}*{atoms}"
