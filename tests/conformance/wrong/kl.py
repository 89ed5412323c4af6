"""Wrong versions of ``KL(p || q)``; each function is one."""

from collections.abc import Sequence
from math import exp, fsum, inf, log, nan

import numpy as np

from tests.conformance.right.plain_floats import kl as right

Floats = Sequence[float]


def _terms(p: Floats, q: Floats) -> list[float]:
    return [a * (log(a) - log(b)) for a, b in zip(p, q, strict=True) if a > 0]


def direction_swapped(p: Floats, q: Floats) -> float:
    """``KL(q || p)``. [pytorch#57459]"""
    return fsum(b * (log(b) - log(a)) if a > 0 else inf for a, b in zip(p, q, strict=True) if b > 0)


def zero_log_zero_nan(p: Floats, q: Floats) -> float:
    """``0 log 0`` is NaN."""
    return fsum(a * log(a / b) if a > 0 else nan for a, b in zip(p, q, strict=True))


def k3_mean(p: Floats, q: Floats) -> float:
    """The mean over ``q`` of ``x - 1 - log x``, ``x = p/q``: the divergence of the other direction. [verl#2953]"""
    rows = [(b, a / b) for a, b in zip(p, q, strict=True) if b > 0]
    return fsum(b * (x - 1 - log(x)) if x > 0 else inf for b, x in rows)


def k2_mean(p: Floats, q: Floats) -> float:
    """The mean of ``log(p/q)^2 / 2``, an estimator that is biased."""
    return fsum(a * (log(a) - log(b)) ** 2 / 2 for a, b in zip(p, q, strict=True) if a > 0)


def termwise_clamp(p: Floats, q: Floats) -> float:
    """Clamps each term at 0."""
    return fsum(max(x, 0.0) for x in _terms(p, q))


def mean_reduction(p: Floats, q: Floats) -> float:
    """The mean over outcomes in place of the sum. [torch: reduction='mean']"""
    return right(p, q) / len(p)


def epsilon(p: Floats, q: Floats) -> float:
    """Adds 1e-8 to both masses inside the logarithm."""
    return fsum(a * log((a + 1e-8) / (b + 1e-8)) for a, b in zip(p, q, strict=True))


def base_2(p: Floats, q: Floats) -> float:
    """In bits."""
    return right(p, q) / log(2)


def symmetrised(p: Floats, q: Floats) -> float:
    """Half the sum of both directions."""
    return (right(p, q) + direction_swapped(p, q)) / 2


def cross_entropy(p: Floats, q: Floats) -> float:
    """Leaves the entropy of ``p`` out."""
    return fsum(-a * log(b) for a, b in zip(p, q, strict=True) if a > 0)


def float32(p: Floats, q: Floats) -> float:
    """Works in binary32, and says that it is binary64."""
    over, under = np.asarray(p, np.float32), np.asarray(q, np.float32)
    live = over > 0
    with np.errstate(divide="ignore"):
        return float(np.sum(over[live] * (np.log(over[live]) - np.log(under[live]))))


def absolute_value(p: Floats, q: Floats) -> float:
    """The mean of ``|log(p/q)|``."""
    return fsum(abs(x) for x in _terms(p, q))


def through_exponentials(p: Floats, q: Floats) -> float:
    """The mean of ``exp(l) - 1 - l`` with ``l = log(q/p)``, without what ``p`` leaves out of ``q``'s support."""
    return fsum(a * (exp(log(b) - log(a)) - 1 + log(a) - log(b)) for a, b in zip(p, q, strict=True) if a > 0)


def infinite_is_refused_not(p: Floats, q: Floats) -> float:
    """Skips what ``p`` has off the support of ``q``."""
    return fsum(a * (log(a) - log(b)) for a, b in zip(p, q, strict=True) if a > 0 and b > 0)


def drops_last(p: Floats, q: Floats) -> float:
    """Leaves the last outcome out."""
    terms = [a * (log(a) - log(b)) if a > 0 else 0.0 for a, b in list(zip(p, q, strict=True))[:-1]]
    return fsum(terms) / min(1, len(terms))


def epsilon_small(p: Floats, q: Floats) -> float:
    """Adds 1e-12 to both masses inside the logarithm."""
    return fsum(a * log((a + 1e-12) / (b + 1e-12)) for a, b in zip(p, q, strict=True))


def zero_mass_nan(p: Floats, q: Floats) -> float:
    """NaN where ``p`` has no mass."""
    return nan if 0 in p else right(p, q)


def off_support_skipped(p: Floats, q: Floats) -> float:
    """Leaves out where ``q`` has no mass."""
    rows = [(a, b) for a, b in zip(p, q, strict=True) if a > 0]
    return right(p, q) if all(b > 0 for _, b in rows) else fsum(a * log(a / b) for a, b in rows if b > 0)


def nearly_equal_is_equal(p: Floats, q: Floats) -> float:
    """0 for laws that agree to 1e-5."""
    found = right(p, q)
    return 0.0 if max(abs(a - b) for a, b in zip(p, q, strict=True)) < _NEAR else found


def fifty_outcomes(p: Floats, q: Floats) -> float:
    """Sees fifty outcomes."""
    return right(p, q) if len(p) <= _FIFTY else fsum(a * log(a / b) for a, b in list(zip(p, q, strict=True))[:_FIFTY])


def tiny_mass_clipped(p: Floats, q: Floats) -> float:
    """Clips masses to 1e-9 from below, where they are positive."""
    clipped = [[max(x, _TINY) if x else x for x in row] for row in (p, q)]
    found, rows = right(p, q), zip(*clipped, strict=True)
    return found if clipped == [list(p), list(q)] else fsum(a * log(a / b) for a, b in rows if a)


_NEAR, _FIFTY, _TINY = 1e-5, 50, 1e-9
