"""The softmax law ``pi_f = pi_ref exp(f/beta) / Z_f`` at one prompt, and its closed forms.

Everything is computed from one exp-sum per prompt, so memory stays linear in the number of responses.  Scores are
taken relative to that of the first supported response: the law does not change, and a law whose mass ratios are
rational then has rational weights.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, update_wrapper
from typing import Concatenate, ParamSpec, TypeVar

from flint import arb, fmpq

from reference.exact.expratio import ExpRatio
from reference.exact.expsum import ExpSum, exp, exp_sum, lifted
from reference.exact.law import Law, Mass
from reference.exact.log_linear import LogLinear, log
from reference.exact.log_linears import LogLinears
from reference.exact.plain import cached
from reference.exact.precision import workprec
from reference.exact.rational_numbers import rational_hash
from reference.exact.reals import Real, enclosed, real, real_log
from reference.model.fast.tilted_sums import tilted_sums
from reference.model.forms import Form, lowered, tilted_terms
from reference.model.linear import all_rational, extremes
from reference.model.tilted_sums import TiltedSums

MAX_EXPANDED = 64
"""Sums of at most this many exponentials are multiplied out where an exact quotient needs it."""


MAX_REMEMBERED = 16
"""What softmaxes of at most so many responses answer is remembered: some 10 MB at most."""

P = ParamSpec("P")
R = TypeVar("R")


def _known(compute: "Callable[Concatenate[Tilt, P], R]") -> "Callable[Concatenate[Tilt, P], R]":
    """Remember what equal tilts of few responses answer: algorithms meet the same ones again and again."""
    remembered = cached(4096)(compute)

    def answer(tilt: "Tilt", /, *args: P.args, **kwargs: P.kwargs) -> R:
        return (remembered if len(tilt.scores) <= MAX_REMEMBERED else compute)(tilt, *args, **kwargs)

    return update_wrapper(answer, compute)


@dataclass(frozen=True, eq=False)
class Tilt(Form):
    """``pi_f(.|x)``: the base law, the scores ``f(x,y)`` in the order of its outcomes, and ``beta``."""

    base: Law[int]
    scores: tuple[LogLinear, ...]
    beta: fmpq

    def __eq__(self, other: object) -> bool:
        """Whether all is the same, the order of the outcomes, too."""
        if not isinstance(other, Tilt):
            return NotImplemented
        mine, theirs = self.base, other.base
        same = mine is theirs or (mine.outcomes, mine.weights) == (theirs.outcomes, theirs.weights)
        return same and self.scores == other.scores and self.beta == other.beta

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.base.outcomes, self.base.weights, self.scores, rational_hash(self.beta)))

    @cached_property
    def exponents(self) -> tuple[LogLinear, ...]:
        """``(f(y) - f(y_0))/beta`` with ``y_0`` the first outcome of the base law."""
        return tuple(self._sums.exponents())

    def powers(self, prec: int) -> Iterator[arb]:
        """Yield a ball around each ``exp((f(y) - f(y_0))/beta)``; FLINT's working precision has to be ``prec``."""
        return self._sums.powers(prec)

    @cached_property
    def partition(self) -> ExpSum:
        """``sum w(y) exp((f(y) - f(y_0))/beta)`` over the base weights: ``Z_f`` up to a known factor, their total."""
        return self._sums.whole()

    @cached_property
    def _sums(self) -> TiltedSums:
        return tilted_sums(self.base, self.scores, self.beta)

    @_known
    def log_partition(self) -> Real:
        """``log Z_f = log E_{pi_ref} exp(f/beta)``; log-linear if ``Z_f`` is rational up to one exponential."""
        return real_log(self.partition) - real_log(self.base.total) + self.scores[0] / self.beta

    @_known
    def law(self) -> Law[int]:
        """Return ``pi_f(.|x)``; integer weights where the masses are rational."""
        return Law.weighted(self.base.outcomes, self._weights())

    def kl(self) -> Real:
        """``KL(pi_f || pi_ref) = E_{pi_f}[f]/beta - log Z_f``."""
        return self.mean(self.scores) / self.beta - self.log_partition()

    def value(self, rewards: Sequence[LogLinear], beta: fmpq) -> Real:
        """``E_{pi_f}[r] - beta KL = E_{pi_f}[r - f beta'/beta] + beta' log Z_f``, for any ``beta'``."""
        scores = self.scores if beta == self.beta else [score * (beta / self.beta) for score in self.scores]
        left = [reward - score for reward, score in zip(rewards, scores, strict=True)]
        return self.mean(left) + self.log_partition() * beta

    @_known
    def regret(self, other: Form, beta: fmpq) -> Real:
        """``beta KL(other || pi_f)`` where ``beta`` is that of the scores, without logarithms of masses."""
        same = self._tilts_as(other) if isinstance(other, Tilt) else self.gives(other.law())
        if same:
            return real(0)
        return self.log_partition() * beta - other.value(self.scores, beta)

    def gives(self, law: Law[int]) -> bool:
        """Whether ``law`` is ``pi_f(.|x)``; decided outcome by outcome, and :meth:`law` is not formed."""
        weights = law.weights
        if law.outcomes != self.base.outcomes:
            known = dict(zip(law.outcomes, weights, strict=True))
            if known.keys() != set(self.base.outcomes):
                return False
            weights = tuple([known[y] for y in self.base.outcomes])
        mine, first = self.base.weights[0], weights[0]
        return all(theirs * mine == weight * first for theirs, weight in zip(weights, self._weights(), strict=True))

    def mean(self, values: Sequence[LogLinear]) -> Real:
        """``E_{pi_f}[values]``, values in the order of the outcomes; no law is formed."""
        if all(value == values[0] for value in values):
            return real(values[0])
        if isinstance(values, LogLinears) and (known := values.integers):
            return real(ExpRatio(self._sums.weighted(known), self.partition))
        primes = sorted({p for value in values for p, _ in value.terms})
        total = self._mean([value.constant for value in values])
        for prime in primes:
            column = [next((a for p, a in value.terms if p == prime), fmpq(0)) for value in values]
            total += self._mean(column) * real(log(prime))
        return total

    def ratios(self) -> dict[int, Mass]:
        """``pi_f(y)/pi_ref(y) = exp(f(y)/beta)/Z_f`` by outcome."""
        whole, total = self.partition, self.base.total
        rows = zip(self.base.outcomes, self.exponents, strict=True)
        return {y: lowered(ExpRatio(exp_sum([(1, e)]) * total, whole)) for y, e in rows}

    @_known
    def coverage(self) -> Mass:
        """``max_y pi_f(y)/pi_ref(y) = exp(max f/beta)/Z_f``."""
        top = self._sums.exponent(extremes(self.scores)[1])
        return lowered(ExpRatio(exp_sum([(1, top)]) * self.base.total, self.partition))

    def l1_coverage(self) -> Real:
        """``E_{pi_f}[pi_f/pi_ref] = E_{pi_ref}[exp(2f/beta)]/Z_f^2``.

        An exp-ratio (``.exact``) where ``Z_f^2`` is small, an enclosed real where its expansion would be long.
        """
        total, below = lifted(self.base.total), self.partition
        # Where every exponent is rational, and a score's alone, the terms stay and their exponents double.
        doubled = below.stretched(2) if self.base.is_rational and all_rational(self.exponents) else None
        if doubled is None:
            doubled = exp_sum(tilted_terms(self.base, [e * 2 for e in self.exponents]))
        if len(self.scores) > MAX_EXPANDED:
            return enclosed(_over_square, doubled, total, below)
        return real(ExpRatio(doubled * total, below * below))

    def _tilts_as(self, other: "Tilt") -> bool:
        return (self.scores, self.beta) == (other.scores, other.beta) or self.exponents == other.exponents

    def _weights(self) -> Iterator[ExpSum]:
        """``w(y) exp((f(y) - f(y_0))/beta)``, one by one: where the first ones decide, the others are not formed."""
        for w, e in zip(self.base.weights, self._sums.exponents(), strict=True):
            yield exp_sum([(w, e)]) if isinstance(w, int) else w * exp(e)

    def _mean(self, values: Sequence[fmpq]) -> Real:
        if all(value == values[0] for value in values):
            return real(values[0])
        return real(ExpRatio(self._sums.weighted(values), self.partition))


def _over_square(prec: int, doubled: ExpSum, total: ExpSum, below: ExpSum) -> arb:
    numerator, factor, root = doubled.enclosure(prec), total.enclosure(prec), below.enclosure(prec)
    with workprec(prec):
        return numerator * factor / (root * root)
