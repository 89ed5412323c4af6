"""Speculative decoding: a token from a draft model, accepted or replaced; the law of what comes out.

::

    1  x ~ d                               the proposal; d is the law that it was really drawn from
    2  accept x with probability min(1, p(x)/q(x))
    3  else draw from (p - q)+, normalised

``p`` is the target's law and ``q`` the one that the draft model is said to have.  If ``d = q`` the result has the law
``p``: nothing is lost.  If every outcome of ``q`` has mass under ``p``, nothing is lost *only* if ``d = q``; in general
the total variation from ``p`` is at most that of ``d`` from ``q``.  The proof is on the page "Transform a law".
Source: Leviathan, Kalman and Matias 2023, Chen et al. 2023 for ``d = q``; the converse is ours.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from reference.exact.expratio import ExpRatio, exp_ratio, ratio_total
from reference.exact.law import Law, LawError, Mass
from reference.model.forms import lowered

T = TypeVar("T", bound=Hashable)


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
        return lowered(ratio_total(self._accepted().values()))

    def law(self) -> Law[T]:
        """Return the law of the outcome.

        Raises:
            LawError: if ``p = q`` and something is proposed that neither ever gives: there is no residual to draw from.
        """
        accepted = self._accepted()
        rejected = 1 - ratio_total(accepted.values())
        if rejected > 0:
            distance = exp_ratio(self.target.total_variation(self.draft))
            if distance == 0:
                msg = "a proposal is rejected where target and draft have equal laws: there is no residual to draw from"
                raise LawError(msg)
            share = exp_ratio(1) if rejected == distance else rejected / distance
            for outcome, mass in self.target.items():
                gain = exp_ratio(mass) - self.draft.mass(outcome)
                if gain > 0:  # the residual is gain / distance
                    accepted[outcome] = accepted[outcome] + gain * share if outcome in accepted else gain * share
        return Law.of((outcome, lowered(mass)) for outcome, mass in accepted.items())

    def loss(self) -> Mass:
        """Return the total variation between the law of the outcome and the target's; 0 if nothing is lost."""
        return self.law().total_variation(self.target)

    def _accepted(self) -> dict[T, ExpRatio]:
        """Return for each outcome the probability that it is proposed and accepted."""
        found = {}
        for outcome, mass in self.drawn_from.items():
            p, q = self.target.mass(outcome), self.draft.mass(outcome)
            if p >= q:
                chance = exp_ratio(mass) if p > 0 else exp_ratio(0)
            else:
                chance = exp_ratio(p) if mass == q else exp_ratio(mass) * p / q
            found[outcome] = chance
        return found
