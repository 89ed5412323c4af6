"""Wrong versions of the softmax ``pi exp(r/beta) / Z``; each function is one."""

from collections.abc import Sequence
from math import exp, fsum, inf, log

import numpy as np

from tests.conformance.right.plain_floats import log_partition
from tests.conformance.right.plain_floats import softmax as right

Floats = Sequence[float]


def no_max_shift(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Takes the exponentials as they are: they overflow. [tensorflow#10142]"""
    weights = [p * exp(x / beta) for p, x in zip(pi, r, strict=True)]
    return [w / fsum(weights) for w in weights]


def off_support_mass(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Smooths the base model by 1e-9, and gives mass where it has none."""
    total = fsum(p + 1e-9 for p in pi)
    top = max(r)
    weights = [(p + 1e-9) / total * exp((x - top) / beta) for p, x in zip(pi, r, strict=True)]
    return [w / fsum(weights) for w in weights]


def base_ignored(pi: Floats, r: Floats, beta: float) -> list[float]:
    """The uniform law in place of the base model, on its support."""
    top = max(x for p, x in zip(pi, r, strict=True) if p > 0)
    weights = [exp((x - top) / beta) if p > 0 else 0.0 for p, x in zip(pi, r, strict=True)]
    return [w / fsum(weights) for w in weights]


def temperature_missing(pi: Floats, r: Floats, beta: float) -> list[float]:  # noqa: ARG001
    """Leaves ``beta`` out. [fms-dgt#194]"""
    return right(pi, r, 1.0)


def temperature_twice(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Divides by ``beta`` twice. [RL-Kernel#81]"""
    return right(pi, [x / beta for x in r], beta)


def temperature_inverted(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Takes ``1/beta`` for ``beta``."""
    return right(pi, r, 1 / beta)


def not_normalised(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Leaves ``Z`` out."""
    top = max(x for p, x in zip(pi, r, strict=True) if p > 0)
    return [p * exp((x - top) / beta) if p > 0 else 0.0 for p, x in zip(pi, r, strict=True)]


def flushes_subnormals(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Takes masses below the least normal number for 0, as XLA does on a CPU."""
    return [x if x >= 2.0**-1022 else 0.0 for x in right(pi, r, beta)]


def log_shortcut(pi: Floats, r: Floats, beta: float) -> list[float]:
    """The exponential of a logarithm of masses: large scores lose digits. [scipy: 277 ulp]"""
    whole = log_partition(pi, r, beta)
    return [exp(log(p) + (x - whole) / beta) if p > 0 else 0.0 for p, x in zip(pi, r, strict=True)]


log_shortcut.dies_at = "ulps:16"  # type: ignore[attr-defined]  # what it loses the condition allows


def rounds_to_6(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Rounds masses to six digits."""
    return [round(x, 6) for x in right(pi, r, beta)]


def top_k_ties(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Keeps the three largest masses. [samplers whose default is a top-k]"""
    found = right(pi, r, beta)
    kept = sorted(range(len(found)), key=lambda y: -found[y])[:3]
    total = fsum(found[y] for y in kept)
    return [x / total if y in kept else 0.0 for y, x in enumerate(found)]


def temperature_after_softmax(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Divides the masses by ``beta``."""
    return [x / beta for x in right(pi, r, 1.0)]


def clamped_logits(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Clamps ``r/beta`` to 50 in size."""
    return right(pi, [max(-50.0, min(50.0, x / beta)) * beta for x in r], beta)


def float32_throughout(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Works in binary32, and says that it is binary64."""
    base, scores = np.asarray(pi, np.float32), np.asarray(r, np.float32) / np.float32(beta)
    weights = np.where(base > 0, base * np.exp(scores - scores[base > 0].max()), np.float32(0))
    return [float(x) for x in weights / weights.sum()]


def shift_over_unsupported(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Shifts by a reward that the base model cannot reach: all terms underflow."""
    weights = [p * exp((x - max(r)) / beta) for p, x in zip(pi, r, strict=True)]
    return [w / fsum(weights) for w in weights]


def drops_last(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Leaves the last response out."""
    weights = [*right(pi, r, beta)[:-1], 0.0]
    return [w / fsum(weights) for w in weights]


def overflows(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Keeps the digits of small rewards, and takes exponentials as they are: they overflow."""
    if max(abs(x / beta) for x in r) > _LARGEST:
        return [inf] * len(pi)
    return right(pi, r, beta)


def underflows(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Shifts by a reward that the base model cannot reach, where all terms then underflow."""
    if max(r) - max(x for p, x in zip(pi, r, strict=True) if p > 0) > _LARGEST * beta:
        return [inf] * len(pi)
    return right(pi, r, beta)


def zero_mass_filled(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Puts 1e-9 for a mass of 0."""
    filled = [p or 1e-9 for p in pi]
    return right(pi, r, beta) if filled == list(pi) else _of(filled, r, beta)


def tiny_mass_dropped(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Takes masses below 1e-9 for 0."""
    kept = [p if p >= _TINY else 0.0 for p in pi]
    return right(pi, r, beta) if kept == list(pi) else _of(kept, r, beta)


def fifty_responses(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Sees fifty responses. [transformers' top_k]"""
    return right(pi, r, beta) if len(pi) <= _FIFTY else [*_of(pi[:50], r[:50], beta), *[0.0] * (len(pi) - 50)]


_LARGEST, _TINY, _FIFTY = 700, 1e-9, 50


def _of(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Of masses that need not sum to 1."""
    live = [(p, x) for p, x in zip(pi, r, strict=True) if p > 0]
    top = max(x for _, x in live)
    total = fsum(p * exp((x - top) / beta) for p, x in live)
    return [p * exp((x - top) / beta) / total if p > 0 else 0.0 for p, x in zip(pi, r, strict=True)]


def flushes_small(pi: Floats, r: Floats, beta: float) -> list[float]:
    """Masses below 1e-7 are 0."""
    return [p if p >= _SMALL else 0.0 for p in right(pi, r, beta)]


_SMALL = 1e-7
