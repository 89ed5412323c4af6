"""Wrong versions of how probably all trials of rejection fail; each function is one."""

from collections.abc import Sequence
from math import exp

import numpy as np

from tests.conformance.right.numpy_further import rejection_failure as right
from tests.conformance.right.plain_floats import softmax

Floats = Sequence[float]


def union_bound(pi: Floats, r: Floats, beta: float, M: float, N: int) -> float:
    """``1 - N/M``."""
    right(pi, r, beta, M, N)
    return max(1 - N / M, 0.0)


def exponential_bound(pi: Floats, r: Floats, beta: float, M: float, N: int) -> float:
    """``exp(-N/M)``."""
    right(pi, r, beta, M, N)
    return exp(-N / M)


def inverted(pi: Floats, r: Floats, beta: float, M: float, N: int) -> float:
    """``1/M^N``."""
    right(pi, r, beta, M, N)
    return float(M) ** -N


def coverage_assumed(pi: Floats, r: Floats, beta: float, M: float, N: int) -> float:
    """``(1 - 1/M)^N`` although ``M`` may not cover."""
    right(pi, r, beta, M, N)
    return float((1 - 1 / M) ** N)


def beta_missing(pi: Floats, r: Floats, beta: float, M: float, N: int) -> float:
    """Leaves ``beta`` out."""
    right(pi, r, beta, M, N)
    return right(pi, r, 1.0, M, N)


def float32(pi: Floats, r: Floats, beta: float, M: float, N: int) -> float:
    """The acceptance in binary32."""
    right(pi, r, beta, M, N)
    best = np.asarray(softmax(pi, r, beta), np.float32)
    accepted = np.sum(np.minimum(best, np.float32(M) * np.asarray(pi, np.float32))) / np.float32(M)
    return float((np.float32(1) - np.float32(accepted)) ** N)


def one_trial_more(pi: Floats, r: Floats, beta: float, M: float, N: int) -> float:
    """A trial more."""
    return right(pi, r, beta, M, N) * right(pi, r, beta, M, 1)


def success(pi: Floats, r: Floats, beta: float, M: float, N: int) -> float:
    """How probably one succeeds."""
    return 1 - right(pi, r, beta, M, N)


def unsupported_counted(pi: Floats, r: Floats, beta: float, M: float, N: int) -> float:
    """The largest reward may be off the support."""
    right(pi, r, beta, M, N)
    top = max(r)
    weights = [(p or 1e-3) * exp((x - top) / beta) for p, x in zip(pi, r, strict=True)]
    best = [w / sum(weights) for w in weights]
    return float((1 - sum(min(b, M * p) for b, p in zip(best, pi, strict=True)) / M) ** N)


def not_truncated(pi: Floats, r: Floats, beta: float, M: float, N: int) -> float:
    """Acceptance of ``pi*/pi`` over ``max pi*/pi``, whatever ``M``."""
    right(pi, r, beta, M, N)
    best = softmax(pi, r, beta)
    return float((1 - 1 / max(b / p for b, p in zip(best, pi, strict=True) if p > 0)) ** N)


def near_one(pi: Floats, r: Floats, beta: float, M: float, N: int) -> float:
    """0 where a trial accepts but for 1e-5."""
    return 0.0 if right(pi, r, beta, M, 1) < _NEAR else right(pi, r, beta, M, N)


_NEAR = 1e-5
