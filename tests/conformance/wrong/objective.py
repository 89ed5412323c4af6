"""Wrong versions of ``E_p[r] - beta KL(p || pi)``; each function is one."""

from collections.abc import Sequence
from math import fsum, inf, log, nan

import numpy as np

from tests.conformance.right.plain_floats import kl
from tests.conformance.right.plain_floats import objective as right

Floats = Sequence[float]


def _mean(p: Floats, r: Floats) -> float:
    return fsum(a * x for a, x in zip(p, r, strict=True))


def plus_kl(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """Adds the penalty."""
    return _mean(p, r) + beta * kl(p, pi)


def beta_missing(p: Floats, pi: Floats, r: Floats, beta: float) -> float:  # noqa: ARG001
    """Leaves ``beta`` out."""
    return right(p, pi, r, 1.0)


def beta_inverted(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """Takes ``1/beta`` for ``beta``."""
    return right(p, pi, r, 1 / beta)


def kl_reversed(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """``KL(pi || p)``."""
    terms = [b * (log(b) - log(a)) if a > 0 else inf for a, b in zip(p, pi, strict=True) if b > 0]
    return _mean(p, r) - beta * fsum(terms)


def kl_to_uniform(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """The penalty against the uniform law: an entropy bonus."""
    return _mean(p, r) - beta * fsum(a * log(a * len(pi)) for a in p if a > 0)


def reward_under_base(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """The mean reward of the base model."""
    return _mean(pi, r) - beta * kl(p, pi)


def rewards_centred(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """Subtracts the base model's mean reward."""
    return right(p, pi, r, beta) - _mean(pi, r)


def unsupported_rewards(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """Takes the mean reward over all responses, weighted equally."""
    return _mean([1 / len(p)] * len(p), r) - beta * kl(p, pi)


def epsilon(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """Adds 1e-8 to both masses inside the logarithm."""
    return _mean(p, r) - beta * fsum(a * log((a + 1e-8) / (b + 1e-8)) for a, b in zip(p, pi, strict=True))


def float32(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """Rounds the value to binary32."""
    return float(np.float32(right(p, pi, r, beta)))


def zero_log_zero_nan(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """``0 log 0`` is NaN."""
    return _mean(p, r) - beta * fsum(a * log(a / b) if a > 0 else nan for a, b in zip(p, pi, strict=True))


def off_support_skipped(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """Leaves out where the base model has no mass."""
    if all(b > 0 or a == 0 for a, b in zip(p, pi, strict=True)):
        return right(p, pi, r, beta)
    inside = [a if b > 0 else 0.0 for a, b in zip(p, pi, strict=True)]
    return right([a / sum(inside) for a in inside], pi, r, beta)


def rounded_terms(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    """Rounds to the ninth digit of its terms."""
    value, size = right(p, pi, r, beta), max(abs(x) for x in r)
    return value if abs(value) > size / 8 else round(value / (size or 1), 9) * size
