"""Wrong versions of the derivative of ``E_p[r] - beta KL(p || pi)`` by the logits of ``p``; each function is one."""

from collections.abc import Sequence
from math import log, nan

import numpy as np

from tests.conformance.right.numpy_further import kl_gradient
from tests.conformance.right.numpy_further import objective_gradient as right

Floats = Sequence[float]


def _toward(p: Floats, r: Floats) -> list[float]:
    mean = sum(a * x for a, x in zip(p, r, strict=True))
    return [a * (x - mean) for a, x in zip(p, r, strict=True)]


def no_kl(p: Floats, pi: Floats, r: Floats, beta: float) -> list[float]:
    """The divergence is left out."""
    right(p, pi, r, beta)
    return _toward(p, r)


def plus_kl(p: Floats, pi: Floats, r: Floats, beta: float) -> list[float]:
    """The divergence is added."""
    right(p, pi, r, beta)
    return [x + beta * y for x, y in zip(_toward(p, r), kl_gradient(p, pi), strict=True)]


def no_baseline(p: Floats, pi: Floats, r: Floats, beta: float) -> list[float]:
    """Nothing is taken off."""
    right(p, pi, r, beta)
    return [a * (x - beta * log(a / b)) if a > 0 else 0.0 for a, b, x in zip(p, pi, r, strict=True)]


def beta_missing(p: Floats, pi: Floats, r: Floats, beta: float) -> list[float]:
    """Leaves ``beta`` out."""
    right(p, pi, r, beta)
    return right(p, pi, r, 1.0)


def base_ignored(p: Floats, pi: Floats, r: Floats, beta: float) -> list[float]:
    """The divergence to the uniform law: an entropy bonus."""
    right(p, pi, r, beta)
    values = [x - beta * log(a) if a > 0 else 0.0 for a, x in zip(p, r, strict=True)]
    return _toward(p, values)


def zero_log_zero_nan(p: Floats, pi: Floats, r: Floats, beta: float) -> list[float]:
    """``0 log 0`` is NaN."""
    return [x if a > 0 else nan for a, x in zip(p, right(p, pi, r, beta), strict=True)]


def sign(p: Floats, pi: Floats, r: Floats, beta: float) -> list[float]:
    """Descends."""
    return [-x for x in right(p, pi, r, beta)]


def over_beta(p: Floats, pi: Floats, r: Floats, beta: float) -> list[float]:
    """In units of ``beta``."""
    return [x / beta for x in right(p, pi, r, beta)]


def baseline_uniform(p: Floats, pi: Floats, r: Floats, beta: float) -> list[float]:
    """Takes the mean over responses off, not the mean under ``p``."""
    right(p, pi, r, beta)
    values = [x - beta * log(a / b) if a > 0 else 0.0 for a, b, x in zip(p, pi, r, strict=True)]
    mean = sum(values) / len(values)
    return [a * (x - mean) for a, x in zip(p, values, strict=True)]


def by_masses(p: Floats, pi: Floats, r: Floats, beta: float) -> list[float]:
    """The derivative by the masses."""
    right(p, pi, r, beta)
    return [x - beta * (log(a / b) + 1) if a > 0 else 0.0 for a, b, x in zip(p, pi, r, strict=True)]


def float32_throughout(p: Floats, pi: Floats, r: Floats, beta: float) -> list[float]:
    """Works in binary32, and says that it is binary64."""
    return [float(np.float32(x)) for x in right(p, pi, r, beta)]
