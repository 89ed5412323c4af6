"""Sums of logarithms: the sign of ``L + sum_i c_i log s_i`` is that of ``exp(kL) prod s_i^(k c_i) - 1``.

``L`` is log-linear, the ``c_i`` are rational with the common denominator ``k``, the ``s_i`` positive exp-sums.  With
the negative powers on the other side both products are exp-sums, and those can be compared.  Balls are asked first: a
product is formed only where they do not separate the two sides, and only up to a size
(:func:`~reference.exact.sizes.product_cap`); beyond it sums without radicals are factored over a coprime base
(:mod:`reference.exact.coprimes`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import lcm

from flint import fmpq

from reference.exact.atoms import LogInt, LogSum
from reference.exact.coprimes import Coprimes, over_coprimes
from reference.exact.expsum import ExpSum, exp_sum
from reference.exact.fast.products import multiplied
from reference.exact.log_linear import LogLinear, combination, known_log
from reference.exact.number import ExactNumber, Undecided, glance, refine_sign
from reference.exact.rational_numbers import BadNumber
from reference.exact.sizes import Size, current_product_cap, product_size, span

FIRST_LOOK = 256
"""Bits with which the sides are compared before products are formed."""

Factors = tuple[tuple[ExpSum, int], ...]
"""Exp-sums with positive powers."""


@dataclass(frozen=True, slots=True)
class PowerProduct:
    """A number ``x`` as ``exp(k x) = exp(linear) prod above / prod below``: written, not formed."""

    k: int
    linear: LogLinear
    above: Factors
    below: Factors

    @staticmethod
    def of(linear: LogLinear, logs: Iterable[tuple[ExpSum, fmpq]]) -> "PowerProduct":
        """Return ``linear + sum c log s``."""
        listed = list(logs)
        k = lcm(*(int(c.q) for _, c in listed))
        powers = [(s, int((c * k).p)) for s, c in listed]
        above, below = tuple((s, n) for s, n in powers if n > 0), tuple((s, -n) for s, n in powers if n < 0)
        return PowerProduct(k, linear * k, above, below)

    @staticmethod
    def of_atoms(constant: fmpq, terms: Iterable[tuple[LogInt | LogSum, fmpq]]) -> "PowerProduct":
        """Return ``constant + sum c log``."""
        linear, logs = [(LogLinear(constant), fmpq(1))], []
        for atom, c in terms:
            if isinstance(atom, LogSum):
                logs.append((atom.s, c))
            elif (known := known_log(atom.n)) is not None:
                linear.append((known, c))
            else:
                logs.append((exp_sum([(atom.n, 0)]), c))
        return PowerProduct.of(combination(linear), logs)

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
        if len(self.above) + len(self.below) <= 1 or self.spans_differ:
            return bool(self.above or self.below)  # a power of a sum of several terms is no single term
        if self.is_formed:
            above, below = multiplied(self.above).monic()[1], multiplied(self.below).monic()[1]
            return above != below
        base = self._over_coprimes()
        return base is not None and not base.cancels

    def difference(self) -> ExpSum:
        """Return one side minus the other, formed; its sign is that of the number.

        Raises:
            BadNumber: if ``exp(linear)`` is out of bounds.
        """
        return multiplied((*self.above, (exp_sum([(1, self.linear)]), 1))) - multiplied(self.below)

    def logarithm(self) -> LogLinear | None:
        """Return the number if it is log-linear, else ``None``, also where that is not found out."""
        if not self.above and not self.below:
            return self.linear / self.k
        if len(self.above) + len(self.below) == 1 or self.spans_differ:
            return None  # a power of a sum of several terms is no single term
        if not self.is_formed:
            base = self._over_coprimes()
            return (self.linear + base.unit) / self.k if base is not None and base.cancels else None
        (p, above), (q, below) = multiplied(self.above).monic(), multiplied(self.below).monic()
        if above != below:
            return None
        ((c, up),), ((d, down),) = q.terms(), p.terms()
        quotient = known_log(c / d)
        return None if quotient is None else (self.linear + quotient + up - down) / self.k

    def _over_coprimes(self) -> Coprimes | None:
        return over_coprimes([*self.above, *((s, -n) for s, n in self.below)])


def sign_of_logs(number: ExactNumber, product: PowerProduct) -> int:
    """Return the sign of the number that is written as the product.

    Raises:
        Undecided: where the product is too large, and enclosures up to the precision cap contain zero.
    """
    if (seen := glance(number, FIRST_LOOK)) is not None:
        return seen
    if product.is_formed:
        try:
            return product.difference().sign()
        except BadNumber:  # an exponent out of bounds
            pass
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
