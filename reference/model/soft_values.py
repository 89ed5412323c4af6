"""The soft Bellman recursion (FMR25 section 5), exactly and without logarithms.

With ``U = 1`` past the last token, the *partition* of a node is ``U(node) = E_{a ~ pi_ref}[exp(r_a/beta) U(child_a)]``,
over supported tokens.  It is an exp-sum at every node, and rational where every ``exp(r_a/beta)`` is.  Then

* ``V_h(x, a_<h) = (rewards on the way to the node) + beta log U(node)``,
* ``Q_h(.a) - Q_h(.a') = r_a - r_a' + beta log(U(child_a) / U(child_a'))``,
* ``pi*_h(a|.) = pi_ref(a|.) exp(r_a/beta) U(child_a) / U(node)``.

A node that many prefixes share is computed once.
"""

from collections.abc import Mapping
from functools import lru_cache, reduce
from operator import add

from flint import fmpq

from reference.exact.expratio import ExpRatio
from reference.exact.expsum import ExpSum, exp
from reference.exact.law import Law, Mass
from reference.exact.real import Real, real_log
from reference.model.tilt import integer_weights, lowered
from reference.model.tokens import Edge, TokenProblem

Partition = fmpq | ExpSum
"""``fmpq`` throughout a problem where every ``exp(r/beta)`` is rational, an exp-sum throughout where one is not."""


@lru_cache(maxsize=16)
def soft_values(problem: TokenProblem) -> "SoftValues":
    """Return the soft values of a problem, computed once."""
    return SoftValues(problem)


class SoftValues:
    """``U``, the soft values and ``pi*``, node by node; ``h`` is a layer, ``i`` a node of it."""

    def __init__(self, problem: TokenProblem) -> None:
        self.problem = problem
        self._factors, self.is_log_rational = _factors(problem)
        self._partitions: list[list[Partition]] = [[] for _ in problem.layers]
        for h in reversed(range(problem.horizon)):
            self._partitions[h] = [self._mean(h, i) for i in range(len(problem.layers[h]))]

    def partition(self, h: int, i: int) -> Partition:
        """Return ``U`` at a node."""
        return self._partitions[h][i]

    def value(self, h: int, i: int) -> Real:
        """Return ``beta log U``: the soft value still to come, in units of reward; at a root ``V_1 = beta log Z``."""
        return real_log(self._partitions[h][i]) * self.problem.beta

    def branch(self, h: int, edge: Edge) -> Partition:
        """Return ``exp(r_a/beta) U(child_a)``: ``exp(Q_h/beta)`` less the rewards on the way to the node."""
        factor = self._factors[id(edge.reward)]
        return factor if h + 1 == self.problem.horizon else factor * self._partitions[h + 1][edge.child]

    def q_value(self, h: int, edge: Edge) -> Real:
        """Return ``Q_h`` of the longer prefix less the rewards on the way to the node, in units of reward."""
        return real_log(self.branch(h, edge)) * self.problem.beta

    def optimal(self, h: int, i: int) -> Law[int]:
        """Return ``pi*_h`` at a node, a law of the next token; integer weights where it is rational."""
        return Law.weighted(self.problem.pi_ref(h, i).outcomes, self._weighted(h, i))

    def ratio(self, h: int, i: int, edge: Edge) -> Mass:
        """Return ``pi*_h(a|.)/pi_ref(a|.)`` for a supported edge out of a node."""
        branch, whole = self.branch(h, edge), self._partitions[h][i]
        if isinstance(branch, fmpq) and isinstance(whole, fmpq):
            return branch / whole
        return lowered(ExpRatio(branch, whole))

    def _mean(self, h: int, i: int) -> Partition:
        weighted = self._weighted(h, i)
        return reduce(add, weighted) / sum(integer_weights(self.problem.pi_ref(h, i)))

    def _weighted(self, h: int, i: int) -> list[Partition]:
        base = self.problem.pi_ref(h, i)
        edges = self.problem.support(h, i)
        return [self.branch(h, edge) * w for w, edge in zip(integer_weights(base), edges, strict=True)]


def _factors(problem: TokenProblem) -> tuple[Mapping[int, Partition], bool]:
    """``exp(r/beta)`` by the identity of ``r``, which the problem holds; and whether all are rational.

    Rewards repeat from edge to edge, and hashing them is slow.
    """
    rewards = {id(e.reward): e.reward for layer in problem.layers for node in layer for e in node if e.pi_ref > 0}
    sums = {key: exp(reward / problem.beta) for key, reward in rewards.items()}
    if all(value.is_rational for value in sums.values()):
        return {key: value.as_rational() for key, value in sums.items()}, True
    return sums, False
