"""Weights and denominators of laws: integers or exp-sums, with denominators kept as products of their factors.

A probability in a tree of draws is a product of weights over a product of totals.  Keeping the totals factored lets
probabilities with different denominators be brought together over a small common one, without division.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from math import gcd, lcm, prod
from typing import TypeVar

from flint import fmpq

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


def multiply_out(denominators: Sequence[Factored]) -> tuple[Factored, list[Weight]]:
    """Return a common multiple ``D`` and, for each denominator ``d``, the cofactor ``D / d``: all others multiplied."""
    values = [d.value() for d in denominators]
    others = [prod((*values[:i], *values[i + 1 :])) for i in range(len(values))]
    whole = Factored()
    for d in denominators:
        whole = whole.times(d)
    return whole, others


def sum_in_order(values: Sequence[N], zero: N) -> N:
    """Return the sum, from left to right."""
    add: Callable[[N, N], N] = operator.add
    return reduce(add, values, zero)


def coprime(weights: Sequence[int | fmpq]) -> tuple[int, ...]:
    """Return the integers without common divisor that are proportional to positive rationals."""
    integers = [weight for weight in weights if isinstance(weight, int)]
    if len(integers) < len(weights):
        below = [int(weight.q) if isinstance(weight, fmpq) else 1 for weight in weights]
        above = [int(weight.p) if isinstance(weight, fmpq) else weight for weight in weights]
        scale = lcm(*below)
        integers = above if scale == 1 else [p * (scale // q) for p, q in zip(above, below, strict=True)]
    divisor = gcd(*integers)
    return tuple(integers) if divisor == 1 else tuple([n // divisor for n in integers])


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
