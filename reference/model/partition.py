"""The partition of every node: the soft Bellman recursion by its definition (FMR25 section 5), without logarithms.

``U = 1`` past the last token, and ``U(node) = E_{a ~ pi_ref}[exp(r_a/beta) U(child_a)]`` over supported tokens, from
the last layer to the first; a node that many prefixes share is met once.  ``U`` is an exp-sum at every node where
``pi_ref`` is rational, and rational where every ``exp(r_a/beta)`` is, too.  It may have as many terms as there are
sequences: past :data:`MAX_TERMS` it is not formed.

This is the meaning of :func:`reference.model.fast.partition.partitions`, which other modules ask.
"""

from collections.abc import Iterator, Sequence
from math import prod

from flint import fmpq

from reference.exact.expratio import ExpRatio, exp_ratio, ratio_total
from reference.exact.expsum import ExpSum, exp, exp_total
from reference.model.forms import lowered
from reference.model.parts import Edge
from reference.model.problem import Problem

Partition = fmpq | ExpSum | ExpRatio
"""``fmpq`` throughout a problem where ``pi_ref`` and every ``exp(r/beta)`` are rational.

Elsewhere an exp-sum, or a ratio of two at a node from which irrational base laws are met.
"""

MAX_TERMS = 1 << 13
"""Exp-sums with more terms than this are not formed."""


class Partitions:
    """``U`` of every node of a problem, as the definition finds it."""

    def __init__(self, problem: Problem) -> None:
        self._layers = list(reversed(list(_layers(problem))))
        factors = (exp(e.reward / problem.beta) for e in _supported(problem))
        self.rational = problem.is_base_rational and all(factor.is_rational for factor in factors)

    def at(self, h: int, i: int) -> Partition | None:
        """Return ``U`` at node ``i`` of layer ``h``; ``None`` where it, or that of a child, is not formed."""
        value = self._layers[h][i]
        return lowered(value) if self.rational and value is not None else value

    def weights(self, h: int, i: int) -> Sequence[int] | None:
        """Return integers proportional to ``pi*`` at a node, where they are at hand: here never."""
        del h, i
        return None


Formed = ExpSum | ExpRatio | None
"""``U`` as it is formed, or not."""


def _layers(problem: Problem) -> Iterator[list[Formed]]:
    below: list[Formed] | None = None
    for h in reversed(range(problem.horizon)):
        below = [_mean(problem, problem.supported(h, i), below) for i in range(len(problem.layers[h]))]
        yield below


def _mean(problem: Problem, edges: Sequence[Edge], below: Sequence[Formed] | None) -> Formed:
    """Return ``E_{a ~ pi_ref}[exp(r_a/beta) U(child_a)]``."""
    terms = list[ExpSum | ExpRatio]()
    for edge in edges:
        child = exp(0) if below is None else below[edge.child]
        if child is None:
            return None
        terms.append(exp(edge.reward / problem.beta) * child * edge.pi_ref)
    sums = [term for term in terms if isinstance(term, ExpSum)]
    if len(sums) < len(terms):
        return _total([exp_ratio(term) for term in terms])
    total = exp_total(sums)
    return total if len(total.terms()) <= MAX_TERMS else None


def _total(terms: Sequence[ExpRatio]) -> ExpRatio | None:
    """Return the sum, unless its common denominator would be long."""
    factors = {term.denominator: term.denominator.number_of_terms for term in terms}
    if prod(factors.values()) > MAX_TERMS:
        return None
    total = ratio_total(terms)
    return total if total.numerator.number_of_terms <= MAX_TERMS else None


def _supported(problem: Problem) -> Iterator[Edge]:
    return (edge for layer in problem.layers for node in layer for edge in node if edge.pi_ref > 0)
