"""Wrong versions of the first minimiser of a sum of squares; each function is one."""

from collections.abc import Sequence
from fractions import Fraction

from tests.conformance.right.plain_floats import argmin as right

Floats = Sequence[float]
Rows = Sequence[Floats]


def _losses(phis: Rows, rewards: Floats, thetas: Rows, power: int = 2) -> list[Fraction]:
    exact = [[Fraction(x) for x in row] for row in phis]
    found = []
    for theta in thetas:
        parts = [
            abs(sum(Fraction(a) * b for a, b in zip(theta, row, strict=True)) - Fraction(r)) ** power
            for row, r in zip(exact, rewards, strict=True)
        ]
        found.append(sum(parts, Fraction(0)))
    return found


def ties_to_last(phis: Rows, rewards: Floats, thetas: Rows) -> int:
    """The last minimiser."""
    losses = _losses(phis, rewards, thetas)
    return max(k for k, loss in enumerate(losses) if loss == min(losses))


def argmax(phis: Rows, rewards: Floats, thetas: Rows) -> int:
    """The first maximiser."""
    losses = _losses(phis, rewards, thetas)
    return losses.index(max(losses))


def absolute_loss(phis: Rows, rewards: Floats, thetas: Rows) -> int:
    """The sum of absolute values."""
    losses = _losses(phis, rewards, thetas, power=1)
    return losses.index(min(losses))


def float_loss(phis: Rows, rewards: Floats, thetas: Rows) -> int:
    """Losses in floats."""
    losses = []
    for theta in thetas:
        rows = zip(phis, rewards, strict=True)
        losses.append(sum((sum(a * b for a, b in zip(theta, row, strict=True)) - r) ** 2 for row, r in rows))
    return losses.index(min(losses))


def first(phis: Rows, rewards: Floats, thetas: Rows) -> int:  # noqa: ARG001
    """The first parameter."""
    return 0


def last_pair_dropped(phis: Rows, rewards: Floats, thetas: Rows) -> int:
    """Leaves the last pair out."""
    return right(phis[:-1], rewards[:-1], thetas) if len(phis) > 1 else 0


def counts_from_one(phis: Rows, rewards: Floats, thetas: Rows) -> int:
    """Counts from 1."""
    return right(phis, rewards, thetas) + 1
