"""Sums and common denominators of weights, and the bounds by which a seeded draw finds its outcome.

The meanings of the first two are in :mod:`reference.exact.weights`.
"""

import operator
from collections.abc import Callable, Sequence
from itertools import accumulate
from math import lcm
from typing import TypeVar

from flint import arb

from reference.exact.expsum import ExpSum
from reference.exact.plain import quick
from reference.exact.precision import workprec
from reference.exact.weights import Factored, Weight, multiply_out, sum_in_order

N = TypeVar("N")


@quick(multiply_out)
def common_multiple(denominators: Sequence[Factored]) -> tuple[Factored, list[Weight]]:
    """Return a common multiple ``D`` and, for each denominator ``d``, ``D / d``; as small as the factors allow."""
    integer = lcm(*[d.integer for d in denominators])
    if not any(d.powers for d in denominators):  # the common case
        return Factored(integer), [integer // d.integer for d in denominators]
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


@quick(sum_in_order)
def balanced_sum(values: Sequence[N], zero: N) -> N:
    """Return the sum, adding in a balanced tree: the sum of many short numbers stays cheap."""
    add: Callable[[N, N], N] = operator.add
    level = list(values)
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [*map(add, level[::2], level[1::2]), *odd]
    return level[0] if level else zero


def rounded_sums(weights: Sequence[Weight], total: Weight, bits: int) -> tuple[list[int], list[int]]:
    """Return lower and upper integer bounds of the cumulative masses times ``2^bits``; tight for integer weights."""
    integers = [weight for weight in weights if isinstance(weight, int)]
    if isinstance(total, int) and len(integers) == len(weights):
        sums = [s << bits for s in accumulate(integers)]
        return [s // total for s in sums], [-(-s // total) for s in sums]
    prec = bits // 2 + 32
    while True:
        prec *= 2
        with workprec(prec):
            balls = [arb(weight) if isinstance(weight, int) else weight.enclosure(prec) for weight in (*weights, total)]
            unit = arb(2) ** bits / balls.pop()
            scaled = [s * unit for s in accumulate(balls)]
            if not all(ball.is_finite() and ball.rad() < 1 for ball in scaled):
                continue
            below = [int(ball.lower().floor().fmpz()) for ball in scaled]
            above = [int(ball.upper().ceil().fmpz()) for ball in scaled]
            return [*below[:-1], 1 << bits], [*above[:-1], 1 << bits]
