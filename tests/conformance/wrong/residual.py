"""Wrong versions of the law proportional to ``max(p - q, 0)``; each function is one."""

from collections.abc import Sequence

import numpy as np

from tests.conformance.right.numpy_further import residual as right

Floats = Sequence[float]


def direction_swapped(p: Floats, q: Floats) -> list[float]:
    """``max(q - p, 0)``."""
    return right(q, p)


def absolute(p: Floats, q: Floats) -> list[float]:
    """``|p - q|``."""
    right(p, q)
    total = sum(abs(a - b) for a, b in zip(p, q, strict=True))
    return [abs(a - b) / total for a, b in zip(p, q, strict=True)]


def not_renormalised(p: Floats, q: Floats) -> list[float]:
    """``max(p - q, 0)`` as it is."""
    right(p, q)
    return [max(a - b, 0.0) for a, b in zip(p, q, strict=True)]


def float32(p: Floats, q: Floats) -> list[float]:
    """Both laws are rounded to binary32 first."""
    right(p, q)
    weights = np.maximum(np.asarray(p, np.float32) - np.asarray(q, np.float32), 0)
    return [float(w) for w in weights / np.sum(weights)]


def zero_over_zero(p: Floats, q: Floats) -> list[float]:
    """Equal laws leave ``p``."""
    return list(p) if list(p) == list(q) and sum(p) == 1 else right(p, q)


def sums_by_tolerance(p: Floats, q: Floats) -> list[float]:
    """Takes masses whose sum is 1 to 1e-9."""
    weights = [max(a - b, 0.0) for a, b in zip(p, q, strict=True)]
    if not (abs(sum(p) - 1) < 1e-9 and abs(sum(q) - 1) < 1e-9) or min(*p, *q) < 0 or not any(weights):
        raise ValueError("no laws")
    return [w / sum(weights) for w in weights]


def target_instead(p: Floats, q: Floats) -> list[float]:
    """``p``: what is rejected is drawn again from the target. [speculative decoding]"""
    right(p, q)
    return list(p)


def ratio(p: Floats, q: Floats) -> list[float]:
    """``p max(1 - q, 0)`` in place of the difference."""
    right(p, q)
    weights = [a * (1 - b) for a, b in zip(p, q, strict=True)]
    return [w / (sum(weights) or 1.0) for w in weights]


def likeliest(p: Floats, q: Floats) -> list[float]:
    """All mass where the difference is largest."""
    differences = right(p, q)
    best = differences.index(max(differences))
    return [float(y == best) for y in range(len(p))]


def draft_instead(p: Floats, q: Floats) -> list[float]:
    """``q``: the draft's draw is kept."""
    right(p, q)
    return list(q)


zero_over_zero.forgives = True  # type: ignore[attr-defined]  # that is the mistake
sums_by_tolerance.forgives = True  # type: ignore[attr-defined]  # that is the mistake


def nearly_equal_is_equal(p: Floats, q: Floats) -> list[float]:
    """All at the last outcome where the laws agree to 1e-9, for nothing seems to be left."""
    found = right(p, q)
    return [0.0] * (len(q) - 1) + [1.0] if max(abs(a - b) for a, b in zip(p, q, strict=True)) < _NEAR else found


_NEAR = 1e-9
