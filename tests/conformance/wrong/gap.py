"""Wrong versions of ``max J - J(p)``; each function is one."""

from collections.abc import Sequence
from math import exp, fsum, inf, log, nan

import numpy as np

from tests.conformance.right.plain_floats import gap as right
from tests.conformance.right.plain_floats import log_partition, objective, softmax

Floats = Sequence[float]


def beta_missing(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """Leaves the factor ``beta`` of the divergence out."""
    return right(p, pi, r, beta) / beta


def kl_reversed(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """``beta KL(pi* || p)``."""
    best = softmax(pi, r, beta)
    terms = [b * (log(b) - log(a)) if a > 0 else inf for a, b in zip(p, best, strict=True) if b > 0]
    return beta * fsum(terms)


def through_probabilities(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """The divergence from the masses of ``pi*``, which underflow."""
    best = softmax(pi, r, beta)
    return beta * fsum(a * log(a / b) if b > 0 else inf for a, b in zip(p, best, strict=True) if a > 0)


def optimum_of_reward_only(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """Compares with the largest reward."""
    return max(x for b, x in zip(pi, r, strict=True) if b > 0) - objective(p, pi, r, beta)


def negative_clipped_float32(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """The difference of two values in binary32, clipped at 0."""
    return max(0.0, float(np.float32(log_partition(pi, r, beta)) - np.float32(objective(p, pi, r, beta))))


def difference_of_values(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """The difference of two values, which cancels near the optimum."""
    return log_partition(pi, r, beta) - objective(p, pi, r, beta)


def base_ignored(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """An optimum of the uniform base model."""
    top = max(x for b, x in zip(pi, r, strict=True) if b > 0)
    weights = [exp((x - top) / beta) if b > 0 else 0.0 for b, x in zip(pi, r, strict=True)]
    logs = [(x - top) / beta - log(fsum(weights)) for x in r]
    return beta * fsum(a * (log(a) - logs[y]) for y, a in enumerate(p) if a > 0)


def epsilon(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """Adds 1e-8 to both masses inside the logarithm."""
    best = softmax(pi, r, beta)
    return beta * fsum(a * log((a + 1e-8) / (b + 1e-8)) for a, b in zip(p, best, strict=True))


def zero_log_zero_nan(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """``0 log 0`` is NaN."""
    if any(a == 0 for a in p):
        return nan
    return right(p, pi, r, beta)


def relative(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """In units of the base model's gap, which is 0 where all rewards are the same."""
    return right(p, pi, r, beta) * (right(pi, pi, r, beta) / right(pi, pi, r, beta))


def off_support_skipped(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """Leaves out where the base model has no mass."""
    if all(b > 0 or a == 0 for a, b in zip(p, pi, strict=True)):
        return right(p, pi, r, beta)
    inside = [a if b > 0 else 0.0 for a, b in zip(p, pi, strict=True)]
    return right([a / sum(inside) for a in inside], pi, r, beta)


def underflow_is_infinite(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """Infinite where a mass of the optimum underflows, and else right."""
    live = [x for b, x in zip(pi, r, strict=True) if b > 0]
    found = right(p, pi, r, beta)
    return float("inf") if any(a > 0 and max(live) - x > _LARGEST * beta for a, x in zip(p, r, strict=True)) else found


_LARGEST = 745
