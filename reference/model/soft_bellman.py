"""Soft values and ``pi*`` (FMR25 section 5), from the partitions of the nodes.

With the *partition* ``U(node) = E_{a ~ pi_ref}[exp(r_a/beta) U(child_a)]`` (:mod:`reference.model.partition`),

* ``V_h(x, a_<h) = (rewards on the way to the node) + beta log U(node)``,
* ``Q_h(.a) - Q_h(.a') = r_a - r_a' + beta log(U(child_a) / U(child_a'))``,
* ``pi*_h(a|.) = pi_ref(a|.) exp(r_a/beta) U(child_a) / U(node)``.

Where an exp-sum is too long to be formed, exact questions raise :class:`SumTooLong`, and ``value`` is enclosed.
"""

from functools import cached_property

from flint import fmpq

from reference.exact.expratio import exp_ratio
from reference.exact.expsum import exp
from reference.exact.law import Law, Mass
from reference.exact.log_linears import LogLinears
from reference.exact.reals import Real, enclosed, real, real_log
from reference.model.fast.partition import log_partition_ball, partitions
from reference.model.forms import Form, Plain, lowered
from reference.model.memory import remembered
from reference.model.partition import MAX_TERMS, Partition, Partitions
from reference.model.parts import Edge
from reference.model.problem import Problem
from reference.model.tilt import Tilt


class SumTooLong(ArithmeticError):
    """An exact value was asked for whose exp-sum has too many terms; names prompt and prefix."""


@remembered
def soft_values(problem: Problem) -> "SoftValues":
    """Return the soft values of a problem; remembered with it.

    >>> import reference as ref
    >>> ref.soft_values(ref.load("fair-bits-3")).optimal(0, 0)
    Law({0: 1/5, 1: 4/5})
    """
    return SoftValues(problem)


class SoftValues:
    """``U``, the soft values and ``pi*``, node by node; ``h`` is a layer, ``i`` a node of it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    @property
    def is_log_rational(self) -> bool:
        """Whether ``pi_ref`` and every ``exp(r/beta)`` on the support are rational, and with them ``U`` and ``pi*``."""
        return self._partitions.rational

    @cached_property
    def _partitions(self) -> Partitions:
        return partitions(self.problem)

    def form(self, h: int, i: int) -> Form:
        """Return what ``pi*`` is at a node."""
        return self.tilt(i) if self._is_closed(h) else Plain(self.optimal(h, i), self.problem.base(h, i))

    def tilt(self, i: int) -> Tilt:
        """Return the closed forms of ``pi*`` at node ``i`` of the last layer: the softmax of the rewards there."""
        if i not in self._tilts:
            h = self.problem.horizon - 1
            rewards = LogLinears([edge.reward for edge in self.problem.supported(h, i)])
            self._tilts[i] = Tilt(self.problem.base(h, i), rewards, self.problem.beta)
        return self._tilts[i]

    @cached_property
    def _tilts(self) -> dict[int, Tilt]:
        return {}

    def partition(self, h: int, i: int) -> Partition:
        """Return ``U`` at a node; :class:`SumTooLong` where its exp-sum is not formed."""
        if (value := self._partitions.at(h, i)) is None:
            msg = f"U at {self.problem.where(h, i)} has more than {MAX_TERMS} terms; its value is enclosed only"
            raise SumTooLong(msg)
        return value

    def value(self, h: int, i: int) -> Real:
        """Return ``beta log U``: the soft value still to come, in units of reward; at a root ``V_1 = beta log Z``.

        An enclosed real where the exp-sum is not formed: comparisons of it may be undecided.
        """
        if h + 1 == self.problem.horizon:
            return self.tilt(i).log_partition() * self.problem.beta
        if (value := self._partitions.at(h, i)) is None:
            return enclosed(log_partition_ball, self.problem, h, i) * self.problem.beta
        return real_log(value) * self.problem.beta

    def branch(self, h: int, edge: Edge) -> Partition:
        """Return ``exp(r_a/beta) U(child_a)``: ``exp(Q_h/beta)`` less the rewards on the way to the node."""
        factor = exp(edge.reward / self.problem.beta)
        exact = factor.as_rational() if self.is_log_rational else factor
        return exact if h + 1 == self.problem.horizon else exact * self.partition(h + 1, edge.child)

    def q_value(self, h: int, edge: Edge) -> Real:
        """Return ``Q_h`` of the longer prefix less the rewards on the way to the node, in units of reward."""
        below = self.value(h + 1, edge.child) if h + 1 < self.problem.horizon else real(0)
        return real(edge.reward) + below

    def optimal(self, h: int, i: int) -> Law[int]:
        """Return ``pi*_h`` at a node, a law of the next token; integer weights where it is rational."""
        if self._is_closed(h):
            return self.tilt(i).law()
        outcomes = self.problem.base(h, i).outcomes
        if (integers := self._partitions.weights(h, i)) is not None:
            return Law.weighted(outcomes, integers)
        base, edges = self.problem.base(h, i).weights, self.problem.supported(h, i)
        return Law.weighted(outcomes, [self.branch(h, e) * w for w, e in zip(base, edges, strict=True)])

    def ratio(self, h: int, i: int, edge: Edge) -> Mass:
        """Return ``pi*_h(a|.)/pi_ref(a|.)`` for a supported edge out of a node."""
        branch, whole = self.branch(h, edge), self.partition(h, i)
        if isinstance(branch, fmpq) and isinstance(whole, fmpq):
            return branch / whole
        return lowered(exp_ratio(branch) / exp_ratio(whole))

    def _is_closed(self, h: int) -> bool:
        """Whether ``pi*`` in a layer is taken in closed form: in the last one, unless integer weights are at hand."""
        return h + 1 == self.problem.horizon and (h == 0 or not self.is_log_rational)
