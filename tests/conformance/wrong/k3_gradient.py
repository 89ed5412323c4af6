"""Wrong versions of the expected derivative of the estimator k3; each function is one."""

from collections.abc import Sequence
from math import log, nan

import numpy as np

from tests.conformance.right.numpy_further import k3_gradient as right
from tests.conformance.right.numpy_further import kl_gradient

Floats = Sequence[float]


def kl_gradient_instead(p: Floats, q: Floats) -> list[float]:
    """The derivative of ``KL(p || q)``. [huggingface/trl, GRPO]"""
    return kl_gradient(p, q)


def sign(p: Floats, q: Floats) -> list[float]:
    """``q - p``."""
    return [-x for x in right(p, q)]


def no_baseline(p: Floats, q: Floats) -> list[float]:
    """The mean of ``1 - q/p`` is not taken off."""
    right(p, q)
    return [a - b if a > 0 else 0.0 for a, b in zip(p, q, strict=True)]


def off_support_counted(p: Floats, q: Floats) -> list[float]:
    """``p - q`` everywhere: what ``p`` cannot draw is counted, too."""
    right(p, q)
    return [a - b for a, b in zip(p, q, strict=True)]


def zero_log_zero_nan(p: Floats, q: Floats) -> list[float]:
    """``q/p`` is formed where ``p`` has no mass."""
    return [x if a > 0 else nan for a, x in zip(p, right(p, q), strict=True)]


def k1_instead(p: Floats, q: Floats) -> list[float]:
    """The expected derivative of ``log(p/q)``, the draw held fixed: 0."""
    return [0.0 * x for x in right(p, q)]


def k2_instead(p: Floats, q: Floats) -> list[float]:
    """The expected derivative of ``log(p/q)^2 / 2``, which is that of ``KL(p || q)``, not centred."""
    right(p, q)
    return [a * log(a / b) if a > 0 else 0.0 for a, b in zip(p, q, strict=True)]


def with_the_score(p: Floats, q: Floats) -> list[float]:
    """The draw follows the logits: the derivative of the mean of k3."""
    return [x + y for x, y in zip(kl_gradient(p, q), right(p, q), strict=True)]


def eps_smoothed(p: Floats, q: Floats) -> list[float]:
    """``q/(p + 1e-8)``, to be safe."""
    right(p, q)
    ratios = [1 - b / (a + 1e-8) for a, b in zip(p, q, strict=True)]
    mean = sum(a * x for a, x in zip(p, ratios, strict=True))
    return [a * (x - mean) for a, x in zip(p, ratios, strict=True)]


def constant_left_out(p: Floats, q: Floats) -> list[float]:
    """``-q``: without the 1 of ``x - 1 - log x``, and nothing taken off."""
    right(p, q)
    return [-b if a > 0 else 0.0 for a, b in zip(p, q, strict=True)]


def float32_throughout(p: Floats, q: Floats) -> list[float]:
    """Works in binary32, and says that it is binary64."""
    right(p, q)
    law, other = np.asarray(p, np.float32), np.asarray(q, np.float32)
    ratios = np.where(law > 0, 1 - other / np.where(law > 0, law, np.float32(1)), np.float32(0))
    return [float(x) for x in law * (ratios - np.dot(law, ratios))]
