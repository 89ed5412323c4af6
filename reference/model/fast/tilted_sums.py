"""The sums of a softmax of many responses with rational scores: weights are added up on the lattice of the exponents.

No exponent is formed as a number of its own.  The meaning is :mod:`reference.model.tilted_sums`.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from math import gcd
from operator import mul
from typing import NamedTuple, cast

from flint import arb, fmpq

from reference.exact.exp_terms import MANY_TERMS
from reference.exact.expsum import ExpSum, on_one_lattice
from reference.exact.law import Law
from reference.exact.log_linear import LogLinear
from reference.exact.log_linears import Integers, LogLinears, over_one_denominator
from reference.exact.plain import quick
from reference.model.tilted_sums import TiltedSums


@quick(TiltedSums)
def tilted_sums(base: Law[int], scores: Sequence[LogLinear], beta: fmpq) -> TiltedSums:
    """Return the sums: in integers where there are many responses with rational weights and scores."""
    if len(scores) < MANY_TERMS or not base.is_rational:
        return TiltedSums(base, scores, beta)
    integers = (scores if isinstance(scores, LogLinears) else LogLinears(scores)).integers
    return TiltedSums(base, scores, beta) if integers is None else IntegerTiltedSums(base, scores, beta, integers)


class _Places(NamedTuple):
    """Exponents ``(shift + place)/step``, one for each response, the least place 0."""

    places: list[int]
    shift: int
    step: int


class IntegerTiltedSums(TiltedSums):
    """Sums at scores ``n/D``: an exponent is a multiple of the greatest ``u`` that divides all differences."""

    def __init__(self, base: Law[int], scores: Sequence[LogLinear], beta: fmpq, integers: Integers) -> None:
        """Take the scores as integers, too."""
        super().__init__(base, scores, beta)
        self._integers = integers
        self._weights = cast("Sequence[int]", base.weights)

    def powers(self, prec: int) -> Iterator[arb]:
        """Yield a ball around ``exp((f(y) - f(y_0))/beta)`` for every response; ``prec`` is the working precision."""
        del prec
        places, shift, step = self._places
        return ((arb(shift + place) / step).exp() for place in places)

    def whole(self) -> ExpSum:
        """Return ``sum w(y) exp((f(y) - f(y_0))/beta)``."""
        return self._summed(1, self._weights) or super().whole()

    def weighted(self, values: Sequence[fmpq] | Integers) -> ExpSum:
        """Return ``sum w(y) value(y) exp((f(y) - f(y_0))/beta)``."""
        known = values if isinstance(values, Integers) else over_one_denominator(values)
        if known is None:
            return super().weighted(values)
        return self._summed(known.denominator, list(map(mul, self._weights, known.numerators))) or super().weighted(
            values
        )

    def _summed(self, scale: int, coefficients: Sequence[int]) -> ExpSum | None:
        return on_one_lattice(scale, coefficients, *self._places)

    @cached_property
    def _places(self) -> _Places:
        numerators = self._integers.numerators
        least = min(numerators)
        differences = [n - least for n in numerators] if least else numerators
        divisor = gcd(*differences) or 1
        unit = fmpq(divisor, self._integers.denominator) * self._inverse
        stretch, step = int(unit.p), int(unit.q)
        if divisor != 1 or stretch != 1:
            differences = [n // divisor * stretch for n in differences]
        return _Places(differences, -differences[0], step)
