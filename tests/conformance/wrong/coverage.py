"""Wrong versions of ``max pi*/pi``; each function is one."""

from collections.abc import Sequence
from math import exp, fsum, log

from tests.conformance.right.plain_floats import coverage as right
from tests.conformance.right.plain_floats import softmax

Floats = Sequence[float]


def inverted(pi: Floats, r: Floats, beta: float) -> float:
    """``max pi/pi*``."""
    return max(p / best for p, best in zip(pi, softmax(pi, r, beta), strict=True) if p > 0)


def mean(pi: Floats, r: Floats, beta: float) -> float:
    """The mean of ``pi*/pi`` under ``pi*``."""
    return fsum(best * best / p for p, best in zip(pi, softmax(pi, r, beta), strict=True) if p > 0)


def bound_instead(pi: Floats, r: Floats, beta: float) -> float:
    """Its bound, ``exp((max r - min r)/beta)``."""
    live = [x for p, x in zip(pi, r, strict=True) if p > 0]
    return exp((max(live) - min(live)) / beta)


def unsupported_counted(pi: Floats, r: Floats, beta: float) -> float:
    """The largest reward may be off the support."""
    top = max(r)
    return 1 / fsum(p * exp((x - top) / beta) for p, x in zip(pi, r, strict=True))


def no_base(pi: Floats, r: Floats, beta: float) -> float:
    """``max pi*``."""
    return max(softmax(pi, r, beta))


def logarithm(pi: Floats, r: Floats, beta: float) -> float:
    """Its logarithm."""
    return log(right(pi, r, beta))


def at_the_mode(pi: Floats, r: Floats, beta: float) -> float:
    """``pi*/pi`` at the likeliest response of ``pi*``."""
    best = softmax(pi, r, beta)
    mode = max(range(len(pi)), key=best.__getitem__)
    return best[mode] / pi[mode]


def temperature_missing(pi: Floats, r: Floats, beta: float) -> float:  # noqa: ARG001
    """Leaves ``beta`` out."""
    return right(pi, r, 1.0)
