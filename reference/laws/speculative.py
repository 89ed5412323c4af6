"""Speculative decoding: a token from a draft model, accepted or replaced; the law of what comes out.

::

    1  x ~ d                               the proposal; d is the law that it was really drawn from
    2  accept x with probability min(1, p(x)/q(x))
    3  else draw from (p - q)+, normalised

``p`` is the target's law and ``q`` the one that the draft model is said to have.  If ``d = q`` the result has the law
``p``: nothing is lost.  If every outcome of ``q`` and ``d`` has mass under ``p``, nothing is lost *only* if ``d = q``;
in general the total variation from ``p`` is at most that of ``d`` from ``q``.  Proof: the page "Transform a law".
Source: Leviathan, Kalman and Matias 2023, Chen et al. 2023 for ``d = q``; the converse is ours.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from math import prod
from typing import Generic, TypeVar

from reference.exact.expratio import ExpRatio, exp_ratio, ratio_total
from reference.exact.law import Law, LawError, Mass
from reference.model.forms import lowered

T = TypeVar("T", bound=Hashable)

MAX_LAW_TERMS = 10_000_000
"""Laws whose masses have more exponentials together are refused."""


@dataclass(frozen=True)
class SpeculativeStep(Generic[T]):
    """One step: the ``target`` ``p``, the ``draft`` ``q``, and the law of the proposal, ``q`` unless given.

    A proposal with no mass under ``q`` is accepted if it has any under ``p``, as by a quotient in floats.

    >>> import reference as ref
    >>> p, q = ref.Law.of({"a": "1/2", "b": "1/2"}), ref.Law.of({"a": "1/4", "b": "3/4"})
    >>> SpeculativeStep(p, q).law() == p, SpeculativeStep(p, q).acceptance()
    (True, 3/4)
    >>> SpeculativeStep(p, q, proposal=p).law()
    Law({'a': 2/3, 'b': 1/3})
    """

    target: Law[T]
    draft: Law[T]
    proposal: Law[T] | None = None

    @property
    def drawn_from(self) -> Law[T]:
        """The law of the proposal."""
        return self.draft if self.proposal is None else self.proposal

    def accepts(self, outcome: T) -> Mass:
        """Return the probability that this outcome, once proposed, is accepted."""
        p, q = exp_ratio(self.target.mass(outcome)), exp_ratio(self.draft.mass(outcome))
        if p >= q:
            return lowered(exp_ratio(int(p > 0)))
        return lowered(p / q)

    def acceptance(self) -> Mass:
        """Return the probability that the proposal is accepted: ``1 - TV(p, q)`` if it was drawn from ``q``."""
        return lowered(ratio_total(self._accepted().values()) / self._whole)

    def law(self) -> Law[T]:
        """Return the law of the outcome.

        Raises:
            LawError: if ``p = q`` and something is proposed that neither ever gives: there is no residual to draw from;
                if the masses would be sums of too many exponentials.
        """
        masses = self._accepted()
        rejected = self._whole - ratio_total(masses.values())
        if rejected > 0:
            gains = self._gains()
            distance = ratio_total(gains.values())
            if distance == 0:
                msg = "a proposal is rejected where target and draft have equal laws: there is no residual to draw from"
                raise LawError(msg)
            if rejected != distance:  # the masses are to be accepted + rejected * gain / distance
                _check_size(len(masses), rejected, distance)
                masses = {outcome: mass * distance for outcome, mass in masses.items()}
                gains = {outcome: gain * rejected for outcome, gain in gains.items()}
            for outcome, gain in gains.items():
                masses[outcome] = masses[outcome] + gain if outcome in masses else gain
        return Law.weighted(masses, masses.values())

    def loss(self) -> Mass:
        """Return the total variation between the law of the outcome and the target's; 0 if nothing is lost."""
        return self.law().total_variation(self.target)

    @property
    def _whole(self) -> ExpRatio:
        return exp_ratio(self.drawn_from.total) * self.target.total

    def _accepted(self) -> dict[T, ExpRatio]:
        """Return how probably each outcome is proposed and accepted, times ``_whole``."""
        p, q, d = self.target, self.draft, self.drawn_from
        targets = dict(zip(p.outcomes, p.weights, strict=True))
        drafts = dict(zip(q.outcomes, q.weights, strict=True))
        is_as_said = d is q or d == q
        found = {}
        for outcome, proposed in zip(d.outcomes, d.weights, strict=True):
            here, there = targets.get(outcome, 0), drafts.get(outcome, 0)
            if here * q.total >= there * p.total:
                found[outcome] = exp_ratio(proposed) * p.total if here > 0 else exp_ratio(0)
            elif is_as_said:
                found[outcome] = exp_ratio(here) * d.total
            else:
                found[outcome] = exp_ratio(proposed) * here / there * q.total
        return found

    def _gains(self) -> dict[T, ExpRatio]:
        """Return ``(p - q)+``, times the totals of both."""
        p, q = self.target, self.draft
        drafts = dict(zip(q.outcomes, q.weights, strict=True))
        gains = ((x, w * q.total - drafts.get(x, 0) * p.total) for x, w in zip(p.outcomes, p.weights, strict=True))
        return {outcome: exp_ratio(gain) for outcome, gain in gains if gain > 0}


def _check_size(outcomes: int, *factors: ExpRatio) -> None:
    terms = outcomes * prod(factor.numerator.number_of_terms for factor in factors)
    if terms > MAX_LAW_TERMS:
        msg = (
            f"speculative decoding with a draft that was not drawn from its law: the exact masses have about {terms}"
            f" exponentials, more than {MAX_LAW_TERMS}; truncate the laws, or round the masses to rationals"
        )
        raise LawError(msg)
