"""Wrong versions of ``max pi*/pi``; each function is one."""

from collections.abc import Sequence
from math import exp, fsum, inf, log

import numpy as np

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


def base_ignored(pi: Floats, r: Floats, beta: float) -> float:
    """The uniform law in place of the base model, on its support."""
    live = [x for p, x in zip(pi, r, strict=True) if p > 0]
    return len(live) / fsum(exp((x - max(live)) / beta) for x in live)


def clamped_logits(pi: Floats, r: Floats, beta: float) -> float:
    """Clamps ``r/beta`` to 50 in size."""
    return right(pi, [max(-50.0, min(50.0, x / beta)) * beta for x in r], beta)


def drops_last(pi: Floats, r: Floats, beta: float) -> float:
    """Leaves the last response out."""
    rows = [(p, x) for p, x in list(zip(pi, r, strict=True))[:-1] if p > 0]
    top = max(x for _, x in rows)
    return 1 / fsum(p * exp((x - top) / beta) for p, x in rows)


def float32_throughout(pi: Floats, r: Floats, beta: float) -> float:
    """Works in binary32, and says that it is binary64."""
    base, scores = np.asarray(pi, np.float32), np.asarray(r, np.float32) / np.float32(beta)
    live = base > 0
    return float(1 / np.sum(base[live] * np.exp(scores[live] - scores[live].max())))


def float32_accumulator(pi: Floats, r: Floats, beta: float) -> float:
    """Adds up in binary32."""
    top, total = max(x for p, x in zip(pi, r, strict=True) if p > 0), np.float32(0)
    for p, x in zip(pi, r, strict=True):
        total += np.float32(p * exp((x - top) / beta)) if p > 0 else np.float32(0)
    return 1 / float(total)


def no_max_shift(pi: Floats, r: Floats, beta: float) -> float:
    """Takes the exponentials as they are: they overflow."""
    top = max(x for p, x in zip(pi, r, strict=True) if p > 0)
    return exp(top / beta) / fsum(p * exp(x / beta) for p, x in zip(pi, r, strict=True))


def shift_over_unsupported(pi: Floats, r: Floats, beta: float) -> float:
    """Shifts by a reward that the base model cannot reach: all terms underflow."""
    top, weights = max(r), [p * exp((x - max(r)) / beta) for p, x in zip(pi, r, strict=True)]
    best = max(x for p, x in zip(pi, r, strict=True) if p > 0)
    return exp((best - top) / beta) / fsum(weights)


def temperature_after_softmax(pi: Floats, r: Floats, beta: float) -> float:
    """Divides the masses by ``beta``."""
    return right(pi, r, 1.0) / beta


def temperature_inverted(pi: Floats, r: Floats, beta: float) -> float:
    """Takes ``1/beta`` for ``beta``."""
    return right(pi, r, 1 / beta)


def temperature_twice(pi: Floats, r: Floats, beta: float) -> float:
    """Divides by ``beta`` twice."""
    return right(pi, [x / beta for x in r], beta)


def overflows(pi: Floats, r: Floats, beta: float) -> float:
    """Keeps the digits of small rewards, and takes exponentials as they are: they overflow."""
    if max(abs(x / beta) for x in r) > _LARGEST:
        return inf
    return right(pi, r, beta)


def underflows(pi: Floats, r: Floats, beta: float) -> float:
    """Shifts by a reward that the base model cannot reach, where all terms then underflow."""
    if max(r) - max(x for p, x in zip(pi, r, strict=True) if p > 0) > _LARGEST * beta:
        return inf
    return right(pi, r, beta)


def zero_mass_filled(pi: Floats, r: Floats, beta: float) -> float:
    """Puts 1e-9 for a mass of 0."""
    filled = [p or 1e-9 for p in pi]
    return right(pi, r, beta) if filled == list(pi) else _of(filled, r, beta)


def tiny_mass_dropped(pi: Floats, r: Floats, beta: float) -> float:
    """Takes masses below 1e-9 for 0."""
    kept = [p if p >= _TINY else 0.0 for p in pi]
    return right(pi, r, beta) if kept == list(pi) else _of(kept, r, beta)


def fifty_responses(pi: Floats, r: Floats, beta: float) -> float:
    """Sees fifty responses. [transformers' top_k]"""
    return right(pi, r, beta) if len(pi) <= _FIFTY else _of(pi[:50], r[:50], beta)


_LARGEST, _TINY, _FIFTY = 700, 1e-9, 50


def _of(pi: Floats, r: Floats, beta: float) -> float:
    """Of masses that need not sum to 1."""
    live = [(p, x) for p, x in zip(pi, r, strict=True) if p > 0]
    top = max(x for _, x in live)
    total = fsum(p * exp((x - top) / beta) for p, x in live)
    return 1 / total
