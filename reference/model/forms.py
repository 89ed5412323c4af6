"""What a policy is at one context: a law beside the base law, and what follows from both.

A softmax keeps its scores, so that KL, value and coverage have closed forms (:mod:`reference.model.tilt`); any other
law goes through its masses (:class:`Plain`).  What is computed from policies asks a form and not which one it is.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from flint import fmpq

from reference.exact.expratio import ExpRatio, exp_ratio
from reference.exact.expsum import ExpSum
from reference.exact.fast.log_linears import weighted_sum
from reference.exact.law import Law, Mass
from reference.exact.log_linear import LogLinear
from reference.exact.reals import Real, real
from reference.model.checks import ProblemError
from reference.model.comparison import largest
from reference.model.memory import remembered


class Form(ABC):
    """A law ``pi`` of the next token, supported where the base law ``pi_ref`` is."""

    base: Law[int]

    @abstractmethod
    def law(self) -> Law[int]:
        """Return ``pi``."""

    @abstractmethod
    def kl(self) -> Real:
        """``KL(pi || pi_ref)`` in nats."""

    @abstractmethod
    def mean(self, rewards: Sequence[LogLinear]) -> Real:
        """``E_pi[r]``, rewards in the order of the base law."""

    @abstractmethod
    def value(self, rewards: Sequence[LogLinear], beta: fmpq) -> Real:
        """``E_pi[r] - beta KL(pi || pi_ref)``, rewards in the order of the base law."""

    @abstractmethod
    def regret(self, other: "Form", beta: fmpq) -> Real:
        """``beta KL(other || pi)``; exactly 0 where the laws are equal."""

    @abstractmethod
    def ratios(self) -> dict[int, Mass]:
        """``pi/pi_ref`` on the support of ``pi``, by outcome; ``fmpq`` where it is rational."""

    @abstractmethod
    def coverage(self) -> Mass:
        """``max pi/pi_ref``."""

    @abstractmethod
    def l1_coverage(self) -> Real:
        """``E_pi[pi/pi_ref]``."""


@dataclass(frozen=True)
class Plain(Form):
    """A law without closed forms."""

    pi: Law[int]
    base: Law[int]

    def law(self) -> Law[int]:
        """Return the law."""
        return self.pi

    @remembered
    def kl(self) -> Real:
        """``sum pi log(pi/pi_ref)``."""
        return self.pi.kl(self.base)

    def mean(self, rewards: Sequence[LogLinear]) -> Real:
        """``E_pi[r]``, term by term."""
        if self.pi.outcomes == self.base.outcomes and isinstance(self.pi.total, int):
            return real(weighted_sum(cast("Sequence[int]", self.pi.weights), rewards)) / self.pi.total
        known = dict(zip(self.base.outcomes, rewards, strict=True))
        return real(self.pi.expectation(known.__getitem__))

    def value(self, rewards: Sequence[LogLinear], beta: fmpq) -> Real:
        """``E_pi[r] - beta KL``, term by term."""
        return self.mean(rewards) - self.kl() * beta

    def regret(self, other: Form, beta: fmpq) -> Real:
        """``beta KL(other || pi)``, term by term."""
        return other.law().kl(self.pi) * beta

    def ratios(self) -> dict[int, Mass]:
        """``pi/pi_ref``, outcome by outcome."""
        return {y: _over(scaled, self.pi) for y, scaled in self._scaled().items()}

    @remembered
    def coverage(self) -> Mass:
        """``max pi/pi_ref``."""
        if not (self.pi.is_rational and self.base.is_rational):
            return largest(self.ratios().values())
        return lowered(_over(max(self._scaled().values()), self.pi))

    def l1_coverage(self) -> Real:
        """``sum pi^2/pi_ref``."""
        squares = [w * scaled for w, scaled in zip(self.pi.weights, self._scaled().values(), strict=True)]
        return real(_over(_over(sum(squares[1:], squares[0]), self.pi), self.pi))

    def _scaled(self) -> "dict[int, fmpq | ExpSum | ExpRatio]":
        """``pi/pi_ref`` times the total of ``pi``."""
        total = self.base.total
        inverses = {
            y: fmpq(total, w) if isinstance(w, int) and isinstance(total, int) else ExpRatio(total, w)
            for y, w in zip(self.base.outcomes, self.base.weights, strict=True)
        }
        return {y: weight * inverses[y] for y, weight in zip(self.pi.outcomes, self.pi.weights, strict=True)}


def tilted_terms(
    law: Law[int], exponents: Sequence[LogLinear], factors: Sequence[fmpq] | None = None
) -> Iterable[tuple[int | fmpq, LogLinear]]:
    """Return the terms of ``sum_y factor_y w_y exp(e_y)`` over the weights of a law; factors are 1 unless given.

    A weight is an integer, or an exp-sum where the law is a softmax of logits: then each of its terms is one here.
    """
    integers = [w for w in law.weights if isinstance(w, int)]
    if len(integers) < len(law.weights):
        return _terms(law, exponents, [fmpq(1)] * len(exponents) if factors is None else factors)
    if factors is None:
        return zip(integers, exponents, strict=True)
    return ((f * w, e) for w, e, f in zip(integers, exponents, factors, strict=True))


def _terms(
    law: Law[int], exponents: Sequence[LogLinear], factors: Sequence[fmpq]
) -> Iterator[tuple[int | fmpq, LogLinear]]:
    for weight, exponent, factor in zip(law.weights, exponents, factors, strict=True):
        if isinstance(weight, int):
            yield factor * weight, exponent
        else:
            yield from ((factor * c, exponent + own) for c, own in weight.terms())


def rational_weights(law: Law[int], what: str) -> tuple[int, ...]:
    """Return the integer weights of a base law; :class:`ProblemError` for an irrational one: ``what`` needs another."""
    weights = tuple(w for w in law.weights if isinstance(w, int))
    if len(weights) != len(law.weights):
        reason = f"the base law is irrational (a softmax of logits), and {what} takes rational masses"
        raise ProblemError("pi_ref", f"{reason}; round them, and divide by their sum")
    return weights


def lowered(value: ExpRatio | ExpSum | fmpq) -> Mass:
    """Return a rational value as ``fmpq``, any other as an exp-ratio."""
    if isinstance(value, fmpq):
        return value
    ratio = value if isinstance(value, ExpRatio) else ExpRatio(value)
    return ratio.as_rational() if ratio.is_rational else ratio


def times(left: Mass, right: Mass) -> Mass:
    """Return the product, ``fmpq`` where it is rational."""
    if isinstance(left, ExpRatio) or isinstance(right, ExpRatio):
        return lowered(exp_ratio(left) * right)
    return left * right


def _over(value: fmpq | ExpSum | ExpRatio, law: Law[int]) -> Mass:
    if isinstance(value, fmpq) and isinstance(law.total, int):
        return value / law.total
    return exp_ratio(value) / law.total
