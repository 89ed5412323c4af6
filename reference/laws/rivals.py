"""The rivals of a law, family by family: what a stake of 1 on each has become, as a ball around its logarithm.

What a rival is, and why stakes may be added, is in :mod:`reference.laws.bets`.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TypeVar

from flint import arb, fmpq

from reference.exact.law import Law
from reference.exact.precision import workprec
from reference.exact.weights import Weight

T = TypeVar("T", bound=Hashable)

LAGS = (1, 2, 4, 8, 64)
"""How far back a draw is looked for that is repeated."""

HALF = fmpq(1, 2)
PLAN_BITS = 64
LEAST = fmpq(1, 1 << 64)
"""Mixtures around the law treat rarer outcomes as if they were so likely: parameters may be any, and stay short."""

TEMPERATURES = (fmpq(2), *(1 + sign * fmpq(1, 2**j) for j in range(1, 8) for sign in (1, -1)))
UNIFORM_PARTS = tuple(fmpq(1, 4**j) for j in range(6))
REPEATED_PARTS = tuple(fmpq(1, 8**j) for j in range(1, 5))
SPREAD_FACTORS = tuple(8**j for j in range(8))
_SHORT = 4
"""Bits of the parameters of a Dirichlet mixture around the law."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What the bets see: how often each outcome of the law came, in its order, and repeats where draws are in order.

    ``repeats[lag]``: how often each outcome (by index) came that had come ``lag`` draws before, and how many draws had
    another so far before them.
    """

    counts: tuple[int, ...]
    repeats: Mapping[int, tuple[Mapping[int, int], int]] = field(default_factory=dict)

    @property
    def draws(self) -> int:
        """How many draws there were."""
        return sum(self.counts)

    @classmethod
    def of(cls, drawn: Sequence[int], size: int) -> "Tally":
        """Return the tally of draws in their order, given by index among ``size`` outcomes."""
        found = Counter(drawn)
        repeats = {}
        for lag in LAGS:
            if len(drawn) > lag:
                same = Counter(y for y, before in zip(drawn[lag:], drawn, strict=False) if y == before)
                repeats[lag] = (same, len(drawn) - lag)
        return cls(tuple(found[i] for i in range(size)), repeats)


@dataclass(frozen=True)
class Plan:
    """What is fixed before any draw: groups of outcomes as ranges of an order, and the parameters of mixtures."""

    order: tuple[int, ...]
    groups: tuple[tuple[str, bool, int, int], ...]
    parameters: tuple[tuple[fmpq, ...], ...]

    @classmethod
    def of(cls, law: Law[T]) -> "Plan":
        """Return the plan for a law."""
        size = len(law.outcomes)
        balls = positive_balls(law.weights, PLAN_BITS)
        with workprec(PLAN_BITS):
            middles = [ball.mid() for ball in balls]
            whole = sum(middles, arb(0)).mid()
            masses = [(middle / whole).max(arb(LEAST)).mid().fmpq() for middle in middles]
        order = sorted(range(size), key=middles.__getitem__)  # by enclosures: any order that the law fixes will do
        groups: list[tuple[str, bool, int, int]] = []
        length = 2
        while length < size:
            groups += [
                (f"the {length} least likely outcomes", True, 0, length),
                (f"the first {length} outcomes", False, 0, length),
                (f"the last {length} outcomes", False, size - length, size),
            ]
            length *= 2
        parameters = tuple(tuple(_shortened(m * size * spread) for m in masses) for spread in SPREAD_FACTORS)
        return cls(tuple(order), tuple(groups), parameters)


class Stakes:
    """Balls that several families share, at one precision."""

    def __init__(self, law: Law[T], tally: Tally, plan: Plan, prec: int) -> None:
        self.counts, self.draws, self.plan, self.tally = tally.counts, tally.draws, plan, tally
        self.size = len(self.counts)
        self.weights = positive_balls(law.weights, prec)
        self.gammas: dict[fmpq, arb] = {}
        with workprec(prec):
            self.total = sum(self.weights, arb(0))
            self.log_total = self.total.log()
            self.logs = [w.log() - self.log_total for w in self.weights]
            self.drawn = [(i, c) for i, c in enumerate(self.counts) if c]
            self.log_likelihood = sum((self.logs[i] * c for i, c in self.drawn), arb(0))

    def log_gamma(self, a: fmpq) -> arb:
        """``log Gamma(a)``, remembered: few arguments are asked for often."""
        found = self.gammas.get(a)
        if found is None:
            found = self.gammas[a] = arb(a).lgamma()
        return found

    def one_event(self, hits: int, inside: arb, outside: arb) -> arb:
        """The rival that mixes all masses of an event of weight ``inside``, by the arcsine law."""
        misses = self.draws - hits
        mixed = self.log_gamma(hits + HALF) + self.log_gamma(misses + HALF) - self.log_gamma(fmpq(self.draws + 1))
        value = mixed - arb.pi().log()
        if hits:
            value -= (inside.log() - self.log_total) * hits
        if misses:
            value -= (outside.log() - self.log_total) * misses
        return value


def _one_outcome(table: Stakes) -> Iterator[arb]:
    """Each outcome has another mass; the others keep their proportions."""
    before = list(accumulate(table.weights, initial=arb(0)))
    after = list(accumulate(reversed(table.weights), initial=arb(0)))
    different = table.size if table.plan.groups else 1  # of two outcomes each says the same as the other
    for i, hits in enumerate(table.counts[:different]):
        rest = before[i] + after[table.size - 1 - i]
        yield table.one_event(hits, table.weights[i], rest)


def _a_group(table: Stakes) -> Iterator[arb]:
    """The least likely outcomes, the first, the last, 2, 4, 8, .. of them, have another mass together."""
    orders = [range(table.size), table.plan.order]
    rows = []
    for order in orders:
        weights, counts = [table.weights[i] for i in order], [table.counts[i] for i in order]
        rows.append(
            (
                list(accumulate(weights, initial=arb(0))),
                list(accumulate(reversed(weights), initial=arb(0))),
                list(accumulate(counts, initial=0)),
            )
        )
    for _, by_mass, start, end in table.plan.groups:
        below, above, hits = rows[by_mass]
        at_start = start == 0
        inside = below[end] if at_start else above[table.size - start]
        outside = above[table.size - end] if at_start else below[start]
        yield table.one_event(hits[end] - hits[start], inside, outside)


def _any_law(table: Stakes) -> Iterator[arb]:
    """Krichevsky and Trofimov's mixture of all laws on the outcomes."""
    yield _dirichlet(table, [HALF] * table.size, fmpq(table.size, 2))


def _near_the_law(table: Stakes) -> Iterator[arb]:
    """Dirichlet mixtures around the law, wide to narrow."""
    for parameters in table.plan.parameters:
        yield _dirichlet(table, parameters, sum(parameters, fmpq(0)))


def _dirichlet(table: Stakes, parameters: Sequence[fmpq], whole: fmpq) -> arb:
    gained = Counter((parameters[i], c) for i, c in table.drawn)
    value = table.log_gamma(whole) - table.log_gamma(whole + table.draws) - table.log_likelihood
    for (a, c), times in gained.items():
        value += (table.log_gamma(a + c) - table.log_gamma(a)) * times
    return value


def _temperature(table: Stakes) -> Iterator[arb]:
    """Masses proportional to ``p^s``: the law at temperature ``1/s``."""
    for s in TEMPERATURES:
        power, above = arb(s), arb(s - 1)
        partition = sum(((value * power).exp() for value in table.logs), arb(0))
        yield table.log_likelihood * above - partition.log() * table.draws


def _uniform(table: Stakes) -> Iterator[arb]:
    """A part of the draws is uniform on the support."""
    for part in UNIFORM_PARTS:
        rest, share = arb(1 - part), table.total * arb(part / table.size)
        values = ((rest + share / table.weights[i]).log() * c for i, c in table.drawn)
        yield sum(values, arb(0))


def _repeats(table: Stakes) -> Iterator[arb]:
    """A part of the draws repeats the one ``lag`` draws before; nothing is laid where the order is unknown."""
    for lag in LAGS:
        same, draws = table.tally.repeats.get(lag, ({}, 0))
        others = draws - sum(same.values())
        for part in REPEATED_PARTS:
            rest, share = arb(1 - part), table.total * arb(part)
            values = ((rest + share / table.weights[i]).log() * c for i, c in same.items())
            yield sum(values, rest.log() * others)


RIVALS = {
    "any law": _any_law,
    "one outcome": _one_outcome,
    "a group": _a_group,
    "near the law": _near_the_law,
    "temperature": _temperature,
    "uniform": _uniform,
    "repeats": _repeats,
}


def against(table: Stakes, outcomes: Sequence[T], law: Law[T], prec: int) -> arb:
    """The rival with this very law; what it lays off the support of the other is lost."""
    places = {outcome: i for i, outcome in enumerate(law.outcomes)}
    weights = positive_balls(law.weights, prec)
    with workprec(prec):
        log_total, value = sum(weights, arb(0)).log(), -table.log_likelihood
        for i, c in table.drawn:
            place = places.get(outcomes[i])
            if place is None:
                return arb("-inf")
            value += (weights[place].log() - log_total) * c
        return value


def positive_balls(weights: Sequence[Weight], prec: int) -> list[arb]:
    """Return balls around positive weights, each with about ``prec`` bits right."""
    with workprec(prec):
        return [arb(w) if isinstance(w, int) else _one_positive(w, prec) for w in weights]


def _one_positive(weight: Weight, prec: int) -> arb:
    bits = prec
    while True:
        ball = arb(weight) if isinstance(weight, int) else weight.enclosure(bits)
        if ball.rel_accuracy_bits() >= prec - 16:
            return ball
        bits *= 2


def _shortened(value: fmpq) -> fmpq:
    """Return a positive number rounded down to a few bits."""
    p, q = int(value.p), int(value.q)
    shift = p.bit_length() - q.bit_length() - _SHORT
    whole = (p >> shift) // q if shift >= 0 else (p << -shift) // q
    return fmpq(whole) * fmpq(2) ** shift
