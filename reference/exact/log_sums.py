"""Sums of logarithms: the sign of ``L + sum_i c_i log s_i`` is that of ``exp(kL) prod s_i^(k c_i) - 1``.

``L`` is log-linear, the ``c_i`` are rational, the ``s_i`` positive exp-sums, and ``k`` makes the powers integers.  With
the negative powers on the other side both products are exp-sums, and those can be compared.  Balls are asked first: a
product is formed only where they do not separate the two sides, and only up to a size
(:func:`~reference.exact.sizes.product_cap`); beyond it sums without radicals are factored over a coprime base
(:mod:`reference.exact.coprimes`).
"""

from contextlib import suppress
from dataclasses import dataclass
from math import gcd, lcm
from typing import NamedTuple

from flint import fmpq

from reference.exact.atoms import LogInt, LogSum
from reference.exact.coprimes import Coprimes, independent, over_coprimes
from reference.exact.expsum import ExpSum, exp_sum
from reference.exact.fast.products import multiplied
from reference.exact.log_linear import ZERO, LogLinear, combination, known_log
from reference.exact.log_terms import Logs, term_of_reference
from reference.exact.number import ExactNumber, Undecided, glance, refine_sign
from reference.exact.rational_numbers import BadNumber
from reference.exact.sizes import Size, current_product_cap, product_size, span

FIRST_LOOK = 256
"""Bits with which the sides are compared before products are formed."""

Factors = tuple[tuple[ExpSum, int], ...]
"""Exp-sums with positive powers."""


class Quotient(NamedTuple):
    """Whether a quotient of exp-sums is a single term, and its logarithm; ``None`` where that is not found out."""

    is_term: bool | None = None
    logarithm: LogLinear | None = None


@dataclass(frozen=True, slots=True)
class PowerProduct:
    """A number ``x`` as ``exp(k x) = exp(linear) prod above / prod below``: written, not formed."""

    k: fmpq
    linear: LogLinear
    above: Factors
    below: Factors

    @staticmethod
    def of(logs: Logs) -> "PowerProduct":
        """Return the sum of logarithms as a product."""
        linear, sums = [(LogLinear(logs.constant), fmpq(1))], []
        for atom, c in logs.terms:
            if isinstance(atom, LogSum):
                sums.append((atom.s, c))
            elif (known := known_log(atom.n)) is not None:
                linear.append((known, c))
            else:
                sums.append((exp_sum([(atom.n, 0)]), c))
        # the powers are integers without a common divisor
        k = fmpq(lcm(*(int(c.q) for _, c in sums)), gcd(*(int(c.p) for _, c in sums)) or 1)
        powers = [(s, int((c * k).p)) for s, c in sums]
        above, below = tuple((s, n) for s, n in powers if n > 0), tuple((s, -n) for s, n in powers if n < 0)
        return PowerProduct(k, combination(linear) * k, above, below)

    @property
    def size(self) -> Size:
        """Bounds for the larger of the two sides."""
        sides = [product_size((s.scale, s.parts, n) for s, n in side) for side in (self.above, self.below)]
        return Size(max(side.terms for side in sides), max(side.bits for side in sides))

    @property
    def is_formed(self) -> bool:
        """Whether the sides are small enough to be formed."""
        return self.size.is_formed

    @property
    def is_decided(self) -> bool:
        """Whether it is sure that a normal form settles whether the number is zero."""
        return self.is_formed or self.spans_differ or self._over_coprimes() is not None

    @property
    def spans_differ(self) -> bool:
        """Whether the ranges of exponents on the two sides are of different lengths: no term times one is the other."""
        above, below = (sum((span(s.parts) * n for s, n in side), fmpq(0)) for side in (self.above, self.below))
        return above != below

    @property
    def is_irrational(self) -> bool:
        """Whether the number is known not to be log-linear, so not rational."""
        return self._quotient.is_term is False

    def logarithm(self) -> LogLinear | None:
        """Return the number if it is log-linear, else ``None``, also where that is not found out."""
        found = self._quotient.logarithm
        return None if found is None else (self.linear + found) / self.k

    def difference(self) -> ExpSum:
        """Return one side minus the other, formed; its sign is that of the number.

        Raises:
            BadNumber: if an exponent is out of bounds.
        """
        return multiplied((*self.above, (exp_sum([(1, self.linear)]), 1))) - multiplied(self.below)

    @property
    def _quotient(self) -> Quotient:
        """What ``prod above / prod below`` is."""
        if not self.above and not self.below:
            return Quotient(is_term=True, logarithm=ZERO)
        sums = [s for s, _ in (*self.above, *self.below) if s.rational is None]
        if len(sums) == 1 or self.spans_differ:  # a power of a sum of several terms has several terms
            return Quotient(is_term=False)
        if self.is_formed:
            with suppress(BadNumber):  # an exponent out of bounds
                return _quotient(multiplied(self.above), multiplied(self.below))
        base = self._over_coprimes()
        return Quotient() if base is None else Quotient(base.cancels, base.unit if base.cancels else None)

    def _over_coprimes(self) -> Coprimes | None:
        return over_coprimes([*self.above, *((s, -n) for s, n in self.below)])


def _quotient(above: ExpSum, below: ExpSum) -> Quotient:
    (c, up), (d, down) = term_of_reference(above), term_of_reference(below)
    if above * exp_sum([(d, down)]) != below * exp_sum([(c, up)]):
        return Quotient(is_term=False)
    ratio = known_log(c / d)
    return Quotient(is_term=True, logarithm=None if ratio is None else ratio + up - down)


def sign_of_logs(number: ExactNumber, logs: Logs) -> int:
    """Return the sign of the number that is the sum of logarithms.

    Raises:
        Undecided: where the product is too large, and enclosures up to the precision cap contain zero.
    """
    if logs.are_of_integers:
        integers = [(atom.n, c) for atom, c in logs.terms if isinstance(atom, LogInt)]
        return refine_sign(number, nonzero=True) if logs.constant != 0 or independent(integers) else 0
    if (seen := glance(number, FIRST_LOOK)) is not None:
        return seen
    product = PowerProduct.of(logs)
    if product.is_formed:
        with suppress(BadNumber):  # an exponent out of bounds
            return product.difference().sign()
    if (value := product.logarithm()) is not None:
        return value.sign()
    if product.is_irrational:
        return refine_sign(number, nonzero=True)
    try:
        return refine_sign(number, nonzero=False)
    except Undecided as error:
        msg = (
            f"{error}; if it is zero, only a product with {product.size} shows that: it is formed within"
            f" product_cap(...), which is {current_product_cap()} bits now"
        )
        raise Undecided(msg) from None
