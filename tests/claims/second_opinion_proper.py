"""Proper learners a second time: what they commit to, as a function of what they saw, and laws by enumeration.

A learner is a function from the history to the parameters of the next round, as numbers.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import prod

import mpmath

from tests.claims.second_opinion_dnf import Formulas
from tests.claims.second_opinion_float import Numbers, mp

Shown = tuple[int, tuple[int, ...]]
"""A round's prompt, and its answers."""

History = tuple[Shown, ...]
Decide = Callable[[History], Sequence[Numbers]]

TINY = mp.mpf(10) ** -40
"""Values nearer than this are equal."""


def histories(mine: Formulas, decide: Decide, rounds: int) -> Iterator[tuple[mpmath.mpf, History]]:
    """Yield every history of so many rounds with its probability."""

    def after(mass: mpmath.mpf, history: History, left: int) -> Iterator[tuple[mpmath.mpf, History]]:
        if left == 0:
            yield mass, history
            return
        chances = [mine.answers(theta) for theta in decide(history)]
        for x in range(len(mine.terms)):
            for ys in product((0, 1), repeat=len(chances)):
                share = prod((row[x] if y else 1 - row[x] for row, y in zip(chances, ys, strict=True)), start=mp.mpf(1))
                yield from after(mass * share / len(mine.terms), (*history, (x, ys)), left - 1)

    yield from after(mp.mpf(1), (), rounds)


def draws(decide: Decide, history: History) -> list[tuple[Numbers, int]]:
    """What each draw of a history was committed to, and its answer."""
    found = []
    for t, (_, ys) in enumerate(history):
        found += list(zip(decide(history[:t]), ys, strict=True))
    return found


def hit_chance(mine: Formulas, decide: Decide, rounds: int, T: int) -> mpmath.mpf:
    """The probability that one of the first ``T`` answers is 1: one minus all ways to see zeros."""

    def silent(history: History, left: int) -> mpmath.mpf:
        done = sum(len(ys) for _, ys in history)
        if left == 0 or done >= T:
            return mp.mpf(1)
        rows = [mine.answers(theta) for theta in decide(history)][: T - done]
        zeros = [prod((1 - row[x] for row in rows), start=mp.mpf(1)) for x in range(len(mine.terms))]
        none = (0,) * len(decide(history))
        return mp.fsum(z * silent((*history, (x, none)), left - 1) for x, z in enumerate(zeros)) / len(mine.terms)

    return 1 - silent((), rounds)


def along(phis: Sequence[Numbers], theta: Numbers) -> list[mpmath.mpf]:
    """The part of ``theta`` in the span of ``phis``: the shortest parameter with the same products."""
    units: list[list[mpmath.mpf]] = []
    for phi in phis:
        rest = list(phi)
        for unit in (*units, *units):
            length = mp.fdot(rest, unit)
            rest = [r - length * u for r, u in zip(rest, unit, strict=True)]
        size = mp.sqrt(mp.fdot(rest, rest))
        if size > TINY:
            units.append([r / size for r in rest])
    shares = [mp.fdot(theta, unit) for unit in units]
    return [mp.fsum(s * unit[i] for s, unit in zip(shares, units, strict=True)) for i in range(len(theta))]


def clipped(theta: Numbers, bound: mpmath.mpf) -> list[mpmath.mpf]:
    """The projection into the box."""
    return [max(-bound, min(bound, t)) for t in theta]


def told(mine: Formulas, history: History) -> list[Numbers]:
    """Features of the terms on which two answers of a round differed."""
    return [mine.mine.phi[x][1] for x, ys in history if len(set(ys)) > 1]


def scale(mine: Formulas) -> mpmath.mpf:
    """``beta k log A``: the box's bound."""
    return mine.mine.beta * len(mine.terms[0]) * mp.log(mine.A)


def passive(mine: Formulas) -> Decide:
    zero = [mp.mpf(0)] * len(mine.mine.theta)
    return lambda _: (zero, zero)


def least_squares(mine: Formulas, history: History) -> list[mpmath.mpf]:
    """What interpolation with the smallest norm gives; rewards are those of ``theta*``."""
    return clipped(along(told(mine, history), mine.mine.theta), scale(mine))


def online_dpo(mine: Formulas) -> Decide:
    def decide(history: History) -> Sequence[Numbers]:
        theta = least_squares(mine, history)
        return theta, theta

    return decide


def silent_xpo(mine: Formulas, sweeps: int = 2) -> Decide:
    """XPO while all answers are 0: two passes over the coordinates, from the lowest vertex, on the bonus alone."""
    zero, bound = [mp.mpf(0)] * len(mine.mine.theta), scale(mine)

    def decide(history: History) -> Sequence[Numbers]:
        def bonus(theta: Numbers) -> mpmath.mpf:
            chances = mine.answers(theta)
            return mine.mine.beta * mp.fsum(mp.log(1 - chances[x]) for x, _ in history)

        if not history:
            return zero, zero
        theta = [-bound] * len(zero)
        for _ in range(sweeps):
            before = list(theta)
            for i in range(len(theta)):
                flipped = [*theta[:i], -theta[i], *theta[i + 1 :]]
                if bonus(flipped) < bonus(theta) - TINY:
                    theta = flipped
            if theta == before:
                break
        return theta, zero

    return decide


def silent_brute_force(mine: Formulas) -> Decide:
    """Brute force while all answers are 0: the first vertex whose answers differ most from the base model's."""
    bound, n = scale(mine), len(mine.mine.theta)
    best, most = [-bound] * n, mp.mpf(-1)
    for bits in range(2**n):
        theta = [bound if bits >> v & 1 else -bound for v in range(n)]
        chances = mine.answers(theta)
        worth = mp.fsum(c * (1 - mine.p) + (1 - c) * mine.p for c in chances)
        if worth > most + TINY:
            best, most = theta, worth
    zero = [mp.mpf(0)] * n
    return lambda _: (best, zero)
