"""The probabilities of many responses at once, as numbers and for people."""

from functools import cached_property
from heapq import nlargest

from flint import arb, fmpq

from reference.exact.decimals import Numerals, enclosing, floored, settled
from reference.exact.expsum import ExpSum, exp
from reference.exact.number import START_PRECISION
from reference.exact.precision import workprec
from reference.exact.reals import Real, enclosed
from reference.exact.weights import Weight
from reference.model.tilt import Tilt

Bounds = Numerals | tuple[None, str, str]
"""A decimal between bounds, or the bounds alone."""


_MORE = 5
"""Digits of an average probability that are found at once beyond those asked for: smaller ones have fewer."""


class Probabilities:
    """The probabilities of one prompt's supported responses; their enclosures share that of the partition function."""

    def __init__(self, tilt: Tilt) -> None:
        self.tilt = tilt
        self._partition: dict[int, arb] = {}

    def enclosure(self, prec: int, i: int) -> arb:
        """Return a ball around the probability of the i-th supported response."""
        if prec not in self._partition:
            self._partition[prec] = self.tilt.partition.enclosure(prec)
        weight, exponent = _ball(self.tilt.base.weights[i], prec), self.tilt.exponents[i].enclosure(prec)
        with workprec(prec):
            return exponent.exp() * weight / self._partition[prec]

    def __getitem__(self, i: int) -> Real:
        return enclosed(_enclosure, self, i)

    def written(self, digits: int) -> list[fmpq | Bounds]:
        """Return every probability: itself where all are rational, else its decimal between bounds."""
        if self._total.is_rational:
            exact = [self.rational(i) for i in range(len(self.tilt.scores))]
            return [enclosing(self[i], digits) if found is None else found for i, found in enumerate(exact)]
        prec, base = START_PRECISION, self.tilt.base
        # All at once, for there may be many: in units of which one of average size has so many digits.
        places = digits + _MORE + len(str(len(base.weights) - 1))
        total, brackets = self.tilt.partition.enclosure(prec), list[fmpq | Bounds]()
        with workprec(prec):
            per_unit = arb(10) ** places / total
            for i, (weight, power) in enumerate(zip(base.weights, self.tilt.powers(prec), strict=True)):
                scaled = power * (weight if isinstance(weight, int) else weight.enclosure(prec))
                units = (scaled * per_unit).floor().unique_fmpz()
                quick = None if units is None else floored(int(units), places, digits)
                quick = quick or settled(scaled / total, prec, digits)
                brackets.append(enclosing(self[i], digits) if quick is None else quick)
        return brackets

    @cached_property
    def positions(self) -> dict[int, int]:
        """Where a response is among the supported ones."""
        return {y: i for i, y in enumerate(self.tilt.base.outcomes)}

    def rational(self, i: int) -> fmpq | None:
        """Return the i-th probability if it is rational."""
        if not self._total.is_rational:
            return None
        weight = exp(self.tilt.exponents[i]) * self.tilt.base.weights[i]
        return weight.as_rational() / self._total.as_rational() if weight.is_rational else None

    @cached_property
    def _total(self) -> ExpSum:
        return self.tilt.partition

    def most_probable(self, most: int) -> list[int]:
        """Return that many supported responses by decreasing probability, as far as 64 bits tell; for display."""
        prec, base = START_PRECISION, self.tilt.base
        with workprec(prec):  # once for all: there may be many
            rows = zip(base.outcomes, base.weights, self.tilt.powers(prec), strict=True)
            sizes = {y: (power * _ball(weight, prec)).mid() for y, weight, power in rows}
            return nlargest(most, sizes, key=sizes.__getitem__)


def _ball(weight: Weight, prec: int) -> arb:
    return arb(weight) if isinstance(weight, int) else weight.enclosure(prec)


def _enclosure(prec: int, probabilities: Probabilities, i: int) -> arb:
    return probabilities.enclosure(prec, i)
