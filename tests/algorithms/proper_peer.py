"""A second OnlineDPO, XPO and brute force: plain recursion over outcomes with ``Fraction``, no code in common.

``beta = 1``, and every parameter is an integer multiple of ``log 2`` in each entry: a parameter is its integers, and
``<m, phi>`` is an integer, so that laws are rational.  Objectives are evaluated with 60 digits; what differs by less
than ``10^-40`` is equal, and among equals the first wins.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import mpmath

from tests.algorithms.peer import echelon

Q = Fraction
Member = tuple[int, ...]
Phi = tuple[int, ...]
Committed = tuple[tuple[Member, ...], ...]
Outcome = tuple[Committed, Member]
"""What was committed to, round by round, and what was returned."""
Law = dict[Outcome, Fraction]

DIGITS = mpmath.MPContext()
DIGITS.dps = 60
NEAR = DIGITS.mpf(10) ** -40
LOG_2 = DIGITS.log(2)


@dataclass(frozen=True)
class Table:
    """Everything about an instance: ``rho[x]``, ``pi[x][y]``, ``phi[x][y]``, and ``star`` for ``theta*``."""

    rho: tuple[Fraction, ...]
    pi: tuple[tuple[Fraction, ...], ...]
    phi: tuple[tuple[Phi, ...], ...]
    star: Member
    members: tuple[Member, ...]

    @property
    def zero(self) -> Member:
        return (0,) * len(self.star)

    def chances(self, m: Member, x: int) -> list[Fraction]:
        weights = [p * Q(2) ** dot(m, f) for p, f in zip(self.pi[x], self.phi[x], strict=True)]
        total = sum(weights)
        return [w / total for w in weights]


@dataclass(frozen=True)
class Seen:
    """One round: the prompt, both answers, and whether the first one won (``None`` where rewards are seen)."""

    x: int
    y: int
    z: int
    won: bool | None


def dot(m: Sequence[int], f: Sequence[int]) -> int:
    return sum(a * b for a, b in zip(m, f, strict=True))


def difference(t: Table, s: Seen) -> Phi:
    return tuple(a - b for a, b in zip(t.phi[s.x][s.y], t.phi[s.x][s.z], strict=True))


def rounds(t: Table, first: Member, second: Member, *, compare: bool) -> Iterator[tuple[Seen, Fraction]]:
    for x, rho in enumerate(t.rho):
        for y, p in enumerate(t.chances(first, x)):
            for z, q in enumerate(t.chances(second, x)):
                if not p * q:
                    continue
                if not compare:
                    yield Seen(x, y, z, None), rho * p * q
                    continue
                better = Q(2) ** dot(t.star, t.phi[x][y])
                wins = better / (better + Q(2) ** dot(t.star, t.phi[x][z]))
                yield Seen(x, y, z, won=True), rho * p * q * wins
                yield Seen(x, y, z, won=False), rho * p * q * (1 - wins)


def loss(t: Table, m: Member, s: Seen) -> Any:  # noqa: ANN401 - mpmath is untyped
    d = difference(t, s)
    if s.won is None:
        return ((dot(m, d) - dot(t.star, d)) * LOG_2) ** 2
    return DIGITS.log(1 + DIGITS.mpf(2) ** (-dot(m, d) if s.won else dot(m, d)))


def first_least(members: Sequence[Member], value: Callable[[Member], Any]) -> Member:
    best, lowest = members[0], value(members[0])
    for m in members[1:]:
        found = value(m)
        if found < lowest - NEAR:
            best, lowest = m, found
    return best


Chosen = Callable[[tuple[Seen, ...]], tuple[Member, ...] | None]


def law(t: Table, T: int, chosen: Chosen, returned: Callable[[tuple[Seen, ...]], Member], *, compare: bool) -> Law:
    """Every sequence of outcomes, one after the other; ``chosen`` says what is committed to, ``None`` stops."""
    out: Law = defaultdict(Fraction)

    @cache
    def outcomes(first: Member, second: Member) -> list[tuple[Seen, Fraction]]:
        return list(rounds(t, first, second, compare=compare))

    def go(data: tuple[Seen, ...], committed: Committed, mass: Fraction) -> None:
        thetas = chosen(data) if len(data) < T else None
        if thetas is None:
            out[committed, returned(data)] += mass
            return
        for seen, p in outcomes(thetas[0], thetas[1]):
            go((*data, seen), (*committed, thetas), mass * p)

    go((), (), Q(1))
    return dict(out)


def optimistic(t: Table, T: int, alpha: Fraction | None, *, compare: bool) -> Law:
    """OnlineDPO (``alpha=None``: both answers from ``theta_t``) and XPO."""

    @cache
    def term(m: Member, s: Seen) -> Any:  # noqa: ANN401 - mpmath is untyped
        if not alpha:
            return loss(t, m, s)
        chance = t.chances(m, s.x)[s.z]
        weight = DIGITS.mpf(alpha.numerator) / alpha.denominator
        return loss(t, m, s) + weight * DIGITS.log(DIGITS.mpf(chance.numerator) / chance.denominator)

    def fitted(data: tuple[Seen, ...]) -> Member:
        return first_least(t.members, lambda m: sum((term(m, s) for s in data), DIGITS.mpf(0)))

    known: dict[frozenset[tuple[Seen, int]], Member] = {}

    def remembered(data: tuple[Seen, ...]) -> Member:
        name = frozenset((s, data.count(s)) for s in data)
        if name not in known:
            known[name] = fitted(data)
        return known[name]

    def chosen(data: tuple[Seen, ...]) -> tuple[Member, ...]:
        theta = remembered(data) if data else t.zero
        return theta, (theta if alpha is None else t.zero)

    return law(t, T, chosen, remembered, compare=compare)


def brute(t: Table, T: int) -> Law:
    """Brute force: the chance of something new is a rational number."""

    def spans(data: tuple[Seen, ...]) -> list[tuple[Fraction, ...]]:
        return [tuple(Q(a) for a in difference(t, s)) for s in data]

    @cache
    def rank(*rows: tuple[Fraction, ...]) -> int:
        return len(echelon(rows))

    def value(m: Member, rows: list[tuple[Fraction, ...]]) -> Fraction:
        chance = Q(0)
        for seen, p in rounds(t, m, t.zero, compare=False):
            new = tuple(Q(a) for a in difference(t, seen))
            chance += p * (rank(*rows, new) > rank(*rows))
        return chance

    def chosen(data: tuple[Seen, ...]) -> tuple[Member, ...] | None:
        values = [value(m, spans(data)) for m in t.members]
        best = max(values)
        return None if best == 0 else (t.members[values.index(best)], t.zero)

    def returned(data: tuple[Seen, ...]) -> Member:
        return first_least(t.members, lambda m: sum((loss(t, m, s) for s in data), DIGITS.mpf(0)))

    return law(t, T, chosen, returned, compare=False)
