"""Wrong versions of the derivative of ``KL(p || q)`` by the logits of ``p``; each function is one."""

from collections.abc import Sequence
from math import log, nan

import numpy as np

from tests.conformance.right.numpy_further import k3_gradient
from tests.conformance.right.numpy_further import kl_gradient as right

Floats = Sequence[float]


def _ratios(p: Floats, q: Floats) -> list[float]:
    right(p, q)
    return [log(a / b) if a > 0 else 0.0 for a, b in zip(p, q, strict=True)]


def no_baseline(p: Floats, q: Floats) -> list[float]:
    """The mean is not taken off."""
    return [a * x for a, x in zip(p, _ratios(p, q), strict=True)]


def direction_swapped(p: Floats, q: Floats) -> list[float]:
    """The derivative of ``KL(q || p)``, ``p - q``."""
    right(p, q)
    return [a - b for a, b in zip(p, q, strict=True)]


def by_masses(p: Floats, q: Floats) -> list[float]:
    """The derivative by the masses."""
    return [x + 1 for x in _ratios(p, q)]


def sign(p: Floats, q: Floats) -> list[float]:
    """Of the other sign."""
    return [-x for x in right(p, q)]


def k3_instead(p: Floats, q: Floats) -> list[float]:
    """The expected derivative of the estimator k3."""
    return k3_gradient(p, q)


def zero_log_zero_nan(p: Floats, q: Floats) -> list[float]:
    """``0 log 0`` is NaN."""
    return [x if a > 0 else nan for a, x in zip(p, right(p, q), strict=True)]


def entropy_only(p: Floats, q: Floats) -> list[float]:
    """The reference law is left out."""
    right(p, q)
    return right(p, [1 / len(p)] * len(p)) if len(p) in {1, 2, 4, 8} else _ratios(p, q)


def eps_smoothed(p: Floats, q: Floats) -> list[float]:
    """``log(p + 1e-8)``, to be safe."""
    ratios = [log((a + 1e-8) / (b + 1e-8)) for a, b in zip(p, q, strict=True)]
    right(p, q)
    mean = sum(a * x for a, x in zip(p, ratios, strict=True))
    return [a * (x - mean) for a, x in zip(p, ratios, strict=True)]


def float32_throughout(p: Floats, q: Floats) -> list[float]:
    """Works in binary32, and says that it is binary64."""
    ratios = np.asarray(_ratios(p, q), np.float32)
    law = np.asarray(p, np.float32)
    return [float(x) for x in law * (ratios - np.dot(law, ratios))]


def reference_by_logits(p: Floats, q: Floats) -> list[float]:
    """The derivative by the logits of ``q``, of which the sign is another."""
    right(p, q)
    return [b - a for a, b in zip(p, q, strict=True)]


def uniform_where_it_vanishes(p: Floats, q: Floats) -> list[float]:
    """Adds a number to nothing, where the derivative is 0."""
    found = right(p, q)
    return found if any(found) else [1e-8] * len(found)
