"""Projection into ``Theta``: the step of a learner whose fit may leave it.

Into a box every entry is clamped, and the result is the nearest point.  Into a finite set the nearest member is taken,
the one of least index among several.  Into a ball the nearest point is ``theta r/||theta||``, whose factor is seldom
rational: it is rounded down to a multiple of ``2^-bits``, so that the result is in the ball and within ``2^-bits
||theta||`` of the nearest point.
"""

from collections.abc import Callable

from flint import fmpq

from reference.algorithms.parts.optimisers import exhaustive
from reference.exact.reals import Real, real, real_sum
from reference.model.parameter_set import Ball, Box, FiniteSet, ParameterSet, Theta

_BITS = 64
"""Binary digits of the factor that moves a parameter into a ball."""


def projected(parameter_set: ParameterSet, theta: Theta, bits: int = _BITS) -> Theta:
    """Return a point of ``parameter_set`` next to ``theta``; ``theta`` itself if it is there.

    Raises:
        ValueError: if ``theta`` has another dimension.
        TypeError: for a set that is not a ball, a box or finite.
        Undecided: where enclosures cannot order two distances.
    """
    if len(theta) != parameter_set.dimension:
        msg = f"theta has {len(theta)} entries, Theta has dimension {parameter_set.dimension}"
        raise ValueError(msg)
    match parameter_set:
        case Box():
            return tuple(
                max(-bound, min(entry, bound)) for entry, bound in zip(theta, parameter_set.bounds, strict=True)
            )
        case Ball():
            return theta if parameter_set.contains(theta) else _shrunk(theta, parameter_set.radius, bits)
        case FiniteSet():
            return exhaustive(parameter_set.members)(_distance_from(theta))
    msg = f"no projection into {type(parameter_set).__name__}"
    raise TypeError(msg)


def _shrunk(theta: Theta, radius: fmpq, bits: int) -> Theta:
    """Return ``theta k/2^bits`` with the largest ``k`` that keeps it in the ball."""
    norm_squared = real_sum(real(entry) * entry for entry in theta)
    low, high = 0, 1 << bits  # inside; outside
    while high - low > 1:
        middle = (low + high) // 2
        inside = norm_squared * fmpq(middle, 1 << bits) ** 2 <= radius**2
        low, high = (middle, high) if inside else (low, middle)
    return tuple(entry * fmpq(low, 1 << bits) for entry in theta)


def _distance_from(theta: Theta) -> Callable[[Theta], Real]:
    """Return the squared Euclidean distance from ``theta``."""

    def distance(member: Theta) -> Real:
        gaps = [a - b for a, b in zip(member, theta, strict=True)]
        return real_sum(real(gap) * gap for gap in gaps)

    return distance
