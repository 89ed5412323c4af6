"""Weights and denominators of laws: integers or exp-sums, with denominators kept as products of their factors.

A probability in a tree of draws is a product of weights over a product of totals.  Keeping the totals factored lets
probabilities with different denominators be brought together over a small common one, without division.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import gcd, lcm, prod
from typing import TypeVar

from flint import arb, ctx, fmpq

from reference.exact.expsum import ExpSum, proportion

N = TypeVar("N")

Weight = int | ExpSum
"""A numerator or a total: a non-negative integer or exp-sum."""


@dataclass(frozen=True, slots=True)
class Factored:
    """The positive number ``integer * prod factor**power``."""

    integer: int = 1
    powers: frozenset[tuple[ExpSum, int]] = frozenset()

    def times(self, other: "Weight | Factored") -> "Factored":
        """Return the product with a factor, or with another product."""
        if isinstance(other, int):
            return Factored(self.integer * other, self.powers)
        integer, factors = (other.integer, other.powers) if isinstance(other, Factored) else (1, {(other, 1)})
        powers = dict(self.powers)
        for factor, power in factors:
            powers[factor] = powers.get(factor, 0) + power
        return Factored(self.integer * integer, frozenset(powers.items()))

    def value(self) -> Weight:
        """Return the number; an ``int`` if there is no exp-sum among the factors."""
        return prod((factor**power for factor, power in self.powers), start=self.integer)


def common_multiple(denominators: Sequence[Factored]) -> tuple[Factored, list[Weight]]:
    """Return a common multiple ``D`` and, for each denominator ``d``, the cofactor ``D / d``."""
    integer = lcm(*(d.integer for d in denominators))
    highest: dict[ExpSum, int] = {}
    for d in denominators:
        for factor, power in d.powers:
            highest[factor] = max(power, highest.get(factor, 0))
    cofactors: list[Weight] = []
    for d in denominators:
        mine = dict(d.powers)
        missing = [(factor, power - mine.get(factor, 0)) for factor, power in highest.items()]
        cofactors.append(Factored(integer // d.integer, frozenset((f, k) for f, k in missing if k)).value())
    return Factored(integer, frozenset(highest.items())), cofactors


def balanced_sum(values: Sequence[N], zero: N) -> N:
    """Return the sum, adding in a balanced tree: the sum of many short numbers stays cheap."""
    add: Callable[[N, N], N] = operator.add
    level = list(values)
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [*map(add, level[::2], level[1::2]), *odd]
    return level[0] if level else zero


def coprime(weights: Sequence[int | fmpq]) -> tuple[int, ...]:
    """Return the integers without common divisor that are proportional to positive rationals."""
    scale = lcm(*(int(weight.q) for weight in weights if isinstance(weight, fmpq)))
    integers = [
        int(weight.p) * (scale // int(weight.q)) if isinstance(weight, fmpq) else weight * scale for weight in weights
    ]
    divisor = gcd(*integers)
    return tuple(integers) if divisor == 1 else tuple(n // divisor for n in integers)


def multiples(weights: list[ExpSum]) -> list[fmpq] | None:
    """Return ``weights[i] / weights[0]`` if all are rational, that is if every mass is."""
    first = weights[0]
    ratios = []
    for weight in weights:
        ratio = proportion(weight, first)
        if ratio is None:
            return None
        ratios.append(ratio)
    return ratios


def rounded_sums(weights: Sequence[Weight], total: Weight, bits: int) -> tuple[list[int], list[int]]:
    """Return lower and upper integer bounds of the cumulative masses times ``2^bits``; tight for integer weights."""
    integers = [weight for weight in weights if isinstance(weight, int)]
    if isinstance(total, int) and len(integers) == len(weights):
        sums = [s << bits for s in accumulate(integers)]
        return [s // total for s in sums], [-(-s // total) for s in sums]
    prec = bits // 2 + 32
    while True:
        prec *= 2
        with ctx.workprec(prec):
            balls = [arb(weight) if isinstance(weight, int) else weight.enclosure(prec) for weight in (*weights, total)]
            unit = arb(2) ** bits / balls.pop()
            scaled = [s * unit for s in accumulate(balls)]
            if not all(ball.is_finite() and ball.rad() < 1 for ball in scaled):
                continue
            below = [int(ball.lower().floor().fmpz()) for ball in scaled]
            above = [int(ball.upper().ceil().fmpz()) for ball in scaled]
            return [*below[:-1], 1 << bits], [*above[:-1], 1 << bits]
