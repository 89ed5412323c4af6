"""The order of masses: by enclosures where they are apart, by exact comparison elsewhere."""

from collections.abc import Iterable
from functools import cmp_to_key

from flint import arb, fmpq

from reference.exact.law import Mass
from reference.exact.plain import quick
from reference.exact.precision import workprec


def largest_by_comparison(values: Iterable[Mass]) -> Mass:
    """Return the largest of at least one mass, by exact comparisons; the first of equal ones."""
    return max(values)


@quick(largest_by_comparison)
def largest(values: Iterable[Mass]) -> Mass:
    """Return the largest of at least one mass: enclosures first, exact comparison among those they do not separate."""
    left = list(values)
    if all(isinstance(value, fmpq) for value in left):
        return max(left)
    for prec in (64, 256, 1024):
        if len(left) == 1:
            break
        balls = [_ball(value, prec) for value in left]
        highest = max(balls, key=arb.lower)
        left = [value for value, ball in zip(left, balls, strict=True) if not ball < highest]
    return max(left)


def ascending(values: Iterable[Mass]) -> list[Mass]:
    """Return masses in ascending order: by enclosures where they are apart, by exact comparison elsewhere."""
    known = [(_ball(value, 64), value) for value in values]

    def order(left: tuple[arb, Mass], right: tuple[arb, Mass]) -> int:
        if left[0] < right[0]:
            return -1
        if left[0] > right[0]:
            return 1
        return (left[1] > right[1]) - (left[1] < right[1])

    return [value for _, value in sorted(known, key=cmp_to_key(order))]


def at_least(left: Mass, right: Mass) -> bool:
    """Return ``left >= right``: by enclosures where they are apart, by exact comparison elsewhere."""
    for prec in (64, 256, 1024):
        ball, other = _ball(left, prec), _ball(right, prec)
        if ball > other or ball < other:
            return bool(ball > other)
        if left is right or isinstance(left, fmpq):
            break
    return bool(left >= right)


def _ball(mass: Mass, prec: int) -> arb:
    if isinstance(mass, fmpq):
        with workprec(prec):
            return arb(mass)
    return mass.enclosure(prec)
