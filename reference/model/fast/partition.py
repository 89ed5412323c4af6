"""The soft Bellman recursion in integers, where every ``exp(r/beta)`` is rational; and in balls, where it is long.

The meaning is :mod:`reference.model.partition`.  Integers over one denominator a node take no exp-sum, no rational and
no greatest common divisor but one for each node.
"""

from collections.abc import Sequence
from itertools import chain
from math import gcd, lcm
from operator import attrgetter, mul
from typing import NamedTuple, Protocol, cast

from flint import arb, fmpq

from reference.exact.expsum import ExpSum, exp
from reference.exact.law import Mass
from reference.exact.log_linear import LogLinear
from reference.exact.plain import quick
from reference.exact.precision import workprec
from reference.model.memory import remembered
from reference.model.partition import Partitions
from reference.model.parts import Edge
from reference.model.problem import Problem

MAX_COMMON_BITS = 256
"""Factors ``exp(r/beta)`` are put over one denominator if it is at most this long."""

Fractions = tuple[list[int], list[int]]
"""Numerators and denominators of positive rationals."""


@quick(Partitions)
def partitions(problem: Problem) -> Partitions:
    """Return ``U`` of every node: in integers where they do, by the definition elsewhere."""
    layers = _layers(problem)
    factors = _factors(problem, layers)
    if problem.is_base_rational and all(value.is_rational for value in factors.values()):
        return IntegerPartitions(problem, layers, RationalFactors(factors))
    return Partitions(problem)


class IntegerPartitions(Partitions):
    """``U`` as integers over one denominator a node, and integer weights of ``pi*``.

    With ``exp(r_a/beta) = n_a/F`` and ``U(child_a) = P_a/Q_a`` the branch ``w_a n_a P_a/(T F Q_a)`` becomes an integer
    over ``T F D``, where ``D`` is the least common multiple of the ``Q_a``.
    """

    def __init__(self, problem: Problem, layers: "Sequence[SupportedLayer]", factors: "RationalFactors") -> None:
        """Run the recursion from the last layer to the first."""
        self.rational = True
        self._weights: list[list[tuple[int, ...]]] = []
        self._values: list[Fractions] = []
        P: list[int] = []
        Q: list[int] = []
        for h, layer in reversed(list(enumerate(layers))):
            weights: list[tuple[int, ...]] = []
            above: list[int] = []
            below: list[int] = []
            F, numerators = factors.F, factors.numerators
            # Base laws are known to be rational here; asking again at every node is a fifth of the time.
            laws = cast("tuple[_IntegerLaw, ...]", problem.bases(h))
            tops = map(numerators.__getitem__, layer.keys)
            for edges, base in zip(layer.nodes, laws, strict=True):
                w, whole = base.weights, base.total
                if F:
                    here = tuple(map(mul, w, tops))  # one numerator for each weight: ``w`` runs out first
                    whole *= F
                else:
                    own, scaled = factors.over_their_own(edges)
                    here = tuple([n * top for n, top in zip(w, scaled, strict=True)])
                    whole *= own
                if P:
                    children = [edge.child for edge in edges]
                    q = [Q[i] for i in children]
                    D = lcm(*q)
                    here = tuple([n * P[i] * (D // m) for n, i, m in zip(here, children, q, strict=True)])
                    whole *= D
                total = sum(here)
                shared = gcd(total, whole)
                weights.append(here)
                above.append(total // shared)
                below.append(whole // shared)
            P, Q = above, below
            self._weights.append(weights)
            self._values.append((P, Q))
        self._weights.reverse()
        self._values.reverse()

    def at(self, h: int, i: int) -> fmpq:
        """Return ``U`` at a node."""
        above, below = self._values[h]
        return fmpq(above[i], below[i])

    def weights(self, h: int, i: int) -> tuple[int, ...]:
        """Return integers proportional to ``pi*`` at a node."""
        return self._weights[h][i]


class SupportedLayer(NamedTuple):
    """The supported edges out of each node of a layer; of all these, one after the other, the reward and its identity.

    The problem holds its rewards, so an identity is one number.  By content each edge would hash a log-linear number;
    the whole recursion then takes 13 times as long.
    """

    nodes: list[Sequence[Edge]]
    rewards: list[LogLinear]
    keys: list[int]


def _layers(problem: Problem) -> list[SupportedLayer]:
    found = []
    for h in range(problem.horizon):
        nodes = _supported(problem, h)
        rewards = list(map(attrgetter("reward"), chain.from_iterable(nodes)))
        found.append(SupportedLayer(nodes, rewards, list(map(id, rewards))))
    return found


def _factors(problem: Problem, layers: Sequence[SupportedLayer]) -> dict[int, ExpSum]:
    """Return ``exp(r/beta)`` by the identity of ``r``."""
    rewards: dict[int, LogLinear] = {}
    for layer in layers:
        rewards.update(zip(layer.keys, layer.rewards, strict=True))
    return {key: exp(reward / problem.beta) for key, reward in rewards.items()}


def _supported(problem: Problem, h: int) -> list[Sequence[Edge]]:
    """Return the supported edges out of each node of a layer; no mass is looked at where the base law has all."""
    return [
        node if len(node) == len(base.outcomes) else problem.supported(h, i)
        for i, (node, base) in enumerate(zip(problem.layers[h], problem.bases(h), strict=True))
    ]


class RationalFactors:
    """``exp(r/beta)`` on the support.

    ``numerators`` are over the common denominator ``F``, which is 0 if it were long; each factor then has its own.
    """

    def __init__(self, values: dict[int, ExpSum]) -> None:
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

    def over_their_own(self, edges: Sequence[Edge]) -> tuple[int, list[int]]:
        """Return the least common denominator of the factors of some edges, and their numerators over it."""
        keys = [id(edge.reward) for edge in edges]
        common = lcm(*[self._bottoms[key] for key in keys])
        return common, [self._tops[key] * (common // self._bottoms[key]) for key in keys]


class _IntegerLaw(Protocol):
    weights: tuple[int, ...]
    total: int


def log_partition_ball(prec: int, problem: Problem, h: int, i: int) -> arb:
    """Return a ball that contains ``log U`` at a node: linear in the edges, whatever the exp-sums would take."""
    with workprec(prec):
        known = _known_balls(problem)
        if prec not in known:
            known[prec] = _ball_partitions(problem, prec)
        return known[prec][h][i].log()


@remembered
def _known_balls(problem: Problem) -> dict[int, list[list[arb]]]:  # noqa: ARG001 (it is the key)
    """Return the balls of ``U`` found so far, by precision."""
    return {}


def _ball(mass: Mass, prec: int) -> arb:
    return arb(mass) if isinstance(mass, fmpq) else mass.enclosure(prec)


def _ball_partitions(problem: Problem, prec: int) -> list[list[arb]]:
    layers: list[list[arb]] = []
    below: list[arb] | None = None
    factors = {key: value.enclosure(prec) for key, value in _factors(problem, _layers(problem)).items()}
    for h in reversed(range(problem.horizon)):
        here = []
        for i in range(len(problem.layers[h])):
            with workprec(prec):
                terms = (
                    factors[id(e.reward)] * _ball(e.pi_ref, prec) * (arb(1) if below is None else below[e.child])
                    for e in problem.supported(h, i)
                )
                here.append(sum(terms, arb(0)))
        below = here
        layers.append(here)
    return layers[::-1]
