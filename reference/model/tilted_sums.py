"""The sums of exponentials that a softmax ``pi_ref exp(f/beta) / Z_f`` is computed from, by their definition.

This is the meaning of :func:`reference.model.fast.tilted_sums.tilted_sums`, which other modules ask.
"""

from collections.abc import Iterator, Sequence

from flint import arb, fmpq

from reference.exact.expsum import ExpSum, exp_sum
from reference.exact.law import Law
from reference.exact.log_linear import LogLinear
from reference.exact.log_linears import Integers
from reference.model.forms import tilted_terms
from reference.model.linear import all_rational

_FEW = 64
"""The exponents of so many responses are kept."""


class TiltedSums:
    """Sums over the responses ``y`` of a base law with weights ``w``, at scores ``f``; ``y_0`` is the first one."""

    def __init__(self, base: Law[int], scores: Sequence[LogLinear], beta: fmpq) -> None:
        self._base, self._scores = base, scores
        self._inverse = 1 / beta
        self._formed: tuple[LogLinear, ...] | None = None  # exponents are asked for again and again: few are kept

    def exponent(self, score: LogLinear) -> LogLinear:
        """Return ``(score - f(y_0))/beta``."""
        return (score - self._scores[0]) * self._inverse

    def exponents(self) -> Iterator[LogLinear]:
        """Yield ``(f(y) - f(y_0))/beta`` for every response."""
        if self._formed is None and len(self._scores) <= _FEW:
            self._formed = tuple(self._each())
        return self._each() if self._formed is None else iter(self._formed)

    def _each(self) -> Iterator[LogLinear]:
        if all_rational(self._scores):
            start, inverse = self._scores[0].constant, self._inverse
            return (LogLinear((score.constant - start) * inverse) for score in self._scores)
        return map(self.exponent, self._scores)

    def powers(self, prec: int) -> Iterator[arb]:
        """Yield a ball around ``exp((f(y) - f(y_0))/beta)`` for every response; ``prec`` is the working precision."""
        for e in self.exponents():
            yield (e.enclosure(prec) if e.terms else arb(e.constant)).exp()

    def whole(self) -> ExpSum:
        """Return ``sum w(y) exp((f(y) - f(y_0))/beta)``."""
        return exp_sum(tilted_terms(self._base, tuple(self.exponents())))

    def weighted(self, values: Sequence[fmpq] | Integers) -> ExpSum:
        """Return ``sum w(y) value(y) exp((f(y) - f(y_0))/beta)``."""
        each = values.rationals() if isinstance(values, Integers) else values
        return exp_sum(tilted_terms(self._base, tuple(self.exponents()), each))
