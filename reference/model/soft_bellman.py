"""The soft Bellman recursion (FMR25 section 5), exactly and without logarithms.

With ``U = 1`` past the last token, the *partition* of a node is ``U(node) = E_{a ~ pi_ref}[exp(r_a/beta) U(child_a)]``,
over supported tokens.  It is an exp-sum at every node, and rational where every ``exp(r_a/beta)`` is.  Then

* ``V_h(x, a_<h) = (rewards on the way to the node) + beta log U(node)``,
* ``Q_h(.a) - Q_h(.a') = r_a - r_a' + beta log(U(child_a) / U(child_a'))``,
* ``pi*_h(a|.) = pi_ref(a|.) exp(r_a/beta) U(child_a) / U(node)``.

A node that many prefixes share is computed once.  Exp-sums may have as many terms as there are sequences; past
:data:`MAX_TERMS` they are not formed: exact questions then raise :class:`SumTooLong`, and ``value`` is enclosed.
"""

from collections.abc import Mapping
from functools import cached_property
from itertools import chain
from math import gcd, lcm
from operator import attrgetter, mul
from typing import Protocol, cast

from flint import arb, ctx, fmpq

from reference.exact.expratio import ExpRatio
from reference.exact.expsum import ExpSum, exp, exp_sum, exp_total
from reference.exact.law import Law, Mass
from reference.exact.reals import Real, enclosed, real, real_log
from reference.model.forms import Form, Plain, integer_weights, lowered
from reference.model.memory import remembered
from reference.model.parts import Edge
from reference.model.problem import Problem
from reference.model.tilt import Tilt

Partition = fmpq | ExpSum
"""``fmpq`` throughout a problem where every ``exp(r/beta)`` is rational, an exp-sum throughout where one is not."""

MAX_TERMS = 1 << 13
"""Exp-sums with more terms than this are not formed."""

MAX_COMMON_BITS = 256
"""Factors ``exp(r/beta)`` are put over one denominator if it is at most this long."""

Fractions = tuple[list[int], list[int]]
"""Numerators and denominators of positive rationals."""


class SumTooLong(ArithmeticError):
    """An exact value was asked for whose exp-sum has more than :data:`MAX_TERMS` terms; names prompt and prefix."""


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
        """Whether every ``exp(r/beta)`` on the support is rational, and with it ``U`` and ``pi*``."""
        return self._integers is not None

    @cached_property
    def _integers(self) -> tuple[list[list[list[int]]], list[Fractions]] | None:
        try:
            return _rational_recursion(self.problem)
        except _IrrationalError:
            return None

    @cached_property
    def _sums(self) -> list[list[ExpSum | None]]:
        return _general_recursion(self.problem)

    def form(self, h: int, i: int) -> Form:
        """Return what ``pi*`` is at a node."""
        return self.tilt(i) if self._is_closed(h) else Plain(self.optimal(h, i), self.problem.base(h, i))

    def tilt(self, i: int) -> Tilt:
        """Return the closed forms of ``pi*`` at node ``i`` of the last layer: the softmax of the rewards there."""
        if i not in self._tilts:
            h = self.problem.horizon - 1
            rewards = tuple(edge.reward for edge in self.problem.supported(h, i))
            self._tilts[i] = Tilt(self.problem.base(h, i), rewards, self.problem.beta)
        return self._tilts[i]

    @cached_property
    def _tilts(self) -> dict[int, Tilt]:
        return {}

    def partition(self, h: int, i: int) -> Partition:
        """Return ``U`` at a node; :class:`SumTooLong` where its exp-sum is not formed."""
        if self._integers is not None:
            above, below = self._integers[1][h]
            return fmpq(above[i], below[i])
        if (value := self._sums[h][i]) is None:
            msg = f"U at {self.problem.where(h, i)} has more than {MAX_TERMS} terms; its value is enclosed only"
            raise SumTooLong(msg)
        return value

    def value(self, h: int, i: int) -> Real:
        """Return ``beta log U``: the soft value still to come, in units of reward; at a root ``V_1 = beta log Z``.

        An enclosed real where the exp-sum is not formed: comparisons of it may be undecided.
        """
        if h + 1 == self.problem.horizon:
            return self.tilt(i).log_partition() * self.problem.beta
        if self._integers is None and self._sums[h][i] is None:
            return enclosed(_ball_log_partition, self.problem, h, i) * self.problem.beta
        return real_log(self.partition(h, i)) * self.problem.beta

    def branch(self, h: int, edge: Edge) -> Partition:
        """Return ``exp(r_a/beta) U(child_a)``: ``exp(Q_h/beta)`` less the rewards on the way to the node."""
        factor = exp(edge.reward / self.problem.beta)
        exact = factor if self._integers is None else factor.as_rational()
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
        if self._integers is not None:
            return Law.weighted(outcomes, self._integers[0][h][i])
        base = integer_weights(self.problem.base(h, i))
        edges = self.problem.supported(h, i)
        return Law.weighted(outcomes, [self.branch(h, e) * w for w, e in zip(base, edges, strict=True)])

    def ratio(self, h: int, i: int, edge: Edge) -> Mass:
        """Return ``pi*_h(a|.)/pi_ref(a|.)`` for a supported edge out of a node."""
        branch, whole = self.branch(h, edge), self.partition(h, i)
        if isinstance(branch, fmpq) and isinstance(whole, fmpq):
            return branch / whole
        return lowered(ExpRatio(branch, whole))

    def _is_closed(self, h: int) -> bool:
        """Whether ``pi*`` in a layer is taken in closed form: in the last one, unless integer weights are at hand."""
        return h + 1 == self.problem.horizon and (h == 0 or self._integers is None)


def plain_partition(problem: Problem, h: int, i: int) -> ExpSum:
    """``U`` by the definition, edge by edge, without sharing, integers or limits: the meaning of the fast paths."""
    if h == problem.horizon:
        return exp(0)
    edges = problem.supported(h, i)
    return exp_total(
        exp_sum([(e.pi_ref, e.reward / problem.beta)]) * plain_partition(problem, h + 1, e.child) for e in edges
    )


class _IrrationalError(Exception):
    """Some ``exp(r/beta)`` on the support is irrational."""


def _factors(problem: Problem) -> Mapping[int, ExpSum]:
    """``exp(r/beta)`` by the identity of ``r``, which the problem holds: rewards repeat, and hashing them is slow."""
    edges = chain.from_iterable(chain.from_iterable(problem.layers))
    rewards = {id(reward): reward for reward in map(attrgetter("reward"), edges)}
    factors = {key: exp(reward / problem.beta) for key, reward in rewards.items()}
    if all(value.is_rational for value in factors.values()):
        return factors
    needed = {id(e.reward) for layer in problem.layers for node in layer for e in node if e.pi_ref > 0}
    return {key: value for key, value in factors.items() if key in needed}


def _rational_recursion(problem: Problem) -> tuple[list[list[list[int]]], list[Fractions]]:
    """Return integer weights of ``pi*`` and ``U``, node by node: integers over one denominator a node.

    With ``exp(r_a/beta) = n_a/F`` and ``U(child_a) = P_a/Q_a`` the branch ``w_a n_a P_a/(T F Q_a)`` becomes an integer
    over ``T F D``, where ``D`` is the least common multiple of the ``Q_a``.
    """
    factors = _RationalFactors(problem)
    all_weights: list[list[list[int]]] = []
    all_values: list[Fractions] = []
    P: list[int] = []
    Q: list[int] = []
    for h in reversed(range(problem.horizon)):
        weights: list[list[int]] = []
        above: list[int] = []
        below: list[int] = []
        F, numerators = factors.F, factors.numerators
        # Base laws are rational by construction; asking again at every node is a fifth of the time.
        laws = cast("tuple[_IntegerLaw, ...]", problem.bases(h))
        supported = [
            node if len(node) == len(base.weights) else problem.supported(h, i)
            for i, (node, base) in enumerate(zip(problem.layers[h], laws, strict=True))
        ]
        rewards = map(attrgetter("reward"), chain.from_iterable(supported)) if F else iter(())
        tops = map(numerators.__getitem__, map(id, rewards))
        for edges, base in zip(supported, laws, strict=True):
            w, whole = base.weights, base.total
            if F:
                here = list(map(mul, w, tops))  # one numerator for each weight: ``w`` runs out first
                whole *= F
            else:
                own, scaled = factors.over_their_own(edges)
                here = [n * top for n, top in zip(w, scaled, strict=True)]
                whole *= own
            if P:
                q = [Q[edge.child] for edge in edges]
                D = lcm(*q)
                here = [n * P[edge.child] * (D // m) for n, edge, m in zip(here, edges, q, strict=True)]
                whole *= D
            total = sum(here)
            shared = gcd(total, whole)
            weights.append(here)
            above.append(total // shared)
            below.append(whole // shared)
        P, Q = above, below
        all_weights.append(weights)
        all_values.append((P, Q))
    return all_weights[::-1], all_values[::-1]


class _RationalFactors:
    """``exp(r/beta)`` on the support, by the identity of ``r``: rewards repeat, and hashing them is slow.

    ``numerators`` are over the common denominator ``F``, which is 0 if it were long; each factor then has its own.
    """

    def __init__(self, problem: Problem) -> None:
        values = _factors(problem)
        if not all(value.is_rational for value in values.values()):
            raise _IrrationalError
        fractions = {key: value.as_rational() for key, value in values.items()}
        self._tops = {key: int(value.p) for key, value in fractions.items()}
        self._bottoms = {key: int(value.q) for key, value in fractions.items()}
        self.F = 1
        for bottom in self._bottoms.values():
            self.F = lcm(self.F, bottom)
            if self.F.bit_length() > MAX_COMMON_BITS:
                self.F = 0
                break
        self.numerators = {key: top * (self.F // self._bottoms[key]) for key, top in self._tops.items()}

    def over_their_own(self, edges: tuple[Edge, ...]) -> tuple[int, list[int]]:
        """Return the least common denominator of the factors of some edges, and their numerators over it."""
        keys = [id(edge.reward) for edge in edges]
        common = lcm(*[self._bottoms[key] for key in keys])
        return common, [self._tops[key] * (common // self._bottoms[key]) for key in keys]


class _IntegerLaw(Protocol):
    weights: tuple[int, ...]
    total: int


def _general_recursion(problem: Problem) -> list[list[ExpSum | None]]:
    """Return ``U`` node by node; ``None`` where it, or ``U`` of a child, has more than :data:`MAX_TERMS` terms."""
    layers: list[list[ExpSum | None]] = []
    below: list[ExpSum | None] | None = None
    factors = _factors(problem)

    def mean(h: int, i: int) -> ExpSum | None:
        weighted: list[ExpSum] = []
        base = problem.base(h, i)
        for w, edge in zip(integer_weights(base), problem.supported(h, i), strict=True):
            child = exp(0) if below is None else below[edge.child]
            if child is None:
                return None
            weighted.append(factors[id(edge.reward)] * child * w)
        total = exp_total(weighted) / sum(integer_weights(base))
        return total if len(total.terms()) <= MAX_TERMS else None

    for h in reversed(range(problem.horizon)):
        below = [mean(h, i) for i in range(len(problem.layers[h]))]
        layers.append(below)
    return layers[::-1]


def _ball_log_partition(prec: int, problem: Problem, h: int, i: int) -> arb:
    with ctx.workprec(prec):
        known = _known_balls(problem)
        if prec not in known:
            known[prec] = _ball_partitions(problem, prec)
        return known[prec][h][i].log()


@remembered
def _known_balls(problem: Problem) -> dict[int, list[list[arb]]]:  # noqa: ARG001 (it is the key)
    """Return the balls of ``U`` found so far, by precision."""
    return {}


def _ball_partitions(problem: Problem, prec: int) -> list[list[arb]]:
    """Return ``U`` in balls: linear in the edges of the graph, whatever the exp-sums would take."""
    layers: list[list[arb]] = []
    below: list[arb] | None = None
    factors = {key: value.enclosure(prec) for key, value in _factors(problem).items()}
    for h in reversed(range(problem.horizon)):
        here = []
        for i in range(len(problem.layers[h])):
            with ctx.workprec(prec):
                terms = (
                    factors[id(e.reward)] * arb(e.pi_ref) * (arb(1) if below is None else below[e.child])
                    for e in problem.supported(h, i)
                )
                here.append(sum(terms, arb(0)))
        below = here
        layers.append(here)
    return layers[::-1]
