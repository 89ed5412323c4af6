"""Wrong versions of ``beta log sum pi exp(r/beta)``; each function is one."""

from collections.abc import Sequence
from math import exp, fsum, inf, log

import numpy as np

from tests.conformance.right.plain_floats import log_partition as right

Floats = Sequence[float]


def no_max_shift(pi: Floats, r: Floats, beta: float) -> float:
    """Takes the exponentials as they are: they overflow. [tensorflow#10142, uTensor#175]"""
    return beta * log(fsum(p * exp(x / beta) for p, x in zip(pi, r, strict=True)))


def base_ignored(pi: Floats, r: Floats, beta: float) -> float:
    """The uniform law in place of the base model, on its support."""
    live = [x for p, x in zip(pi, r, strict=True) if p > 0]
    top = max(live)
    return top + beta * log(fsum(exp((x - top) / beta) for x in live) / len(live))


def temperature_inverted(pi: Floats, r: Floats, beta: float) -> float:
    """Takes ``1/beta`` for ``beta``."""
    return right(pi, r, 1 / beta)


def temperature_missing(pi: Floats, r: Floats, beta: float) -> float:  # noqa: ARG001
    """Leaves ``beta`` out."""
    return right(pi, r, 1.0)


def temperature_twice(pi: Floats, r: Floats, beta: float) -> float:
    """Divides by ``beta`` twice. [RL-Kernel#81]"""
    return right(pi, [x / beta for x in r], beta)


def temperature_after_softmax(pi: Floats, r: Floats, beta: float) -> float:
    """Leaves ``beta`` out inside, and multiplies by it outside. [prime-rl#697]"""
    return beta * right(pi, r, 1.0)


def log_base_2(pi: Floats, r: Floats, beta: float) -> float:
    """The logarithm to base 2."""
    return right(pi, r, beta) / log(2)


def log_base_10(pi: Floats, r: Floats, beta: float) -> float:
    """The logarithm to base 10."""
    return right(pi, r, beta) / log(10)


def float32_throughout(pi: Floats, r: Floats, beta: float) -> float:
    """Works in binary32, and says that it is binary64."""
    base, scores = np.asarray(pi, np.float32), np.asarray(r, np.float32) / np.float32(beta)
    live = base > 0
    top = scores[live].max()
    return float(np.float32(beta) * (top + np.log(np.sum(base[live] * np.exp(scores[live] - top)))))


def float32_accumulator(pi: Floats, r: Floats, beta: float) -> float:
    """Adds up in binary32. [torch7#418]"""
    top = max(x for p, x in zip(pi, r, strict=True) if p > 0)
    total = np.float32(0)
    for p, x in zip(pi, r, strict=True):
        total += np.float32(p * exp(min((x - top) / beta, 700.0))) if p > 0 else np.float32(0)
    return top + beta * log(float(total))


def shift_not_added_back(pi: Floats, r: Floats, beta: float) -> float:
    """Subtracts the largest reward and forgets it."""
    return right(pi, r, beta) - max(x for p, x in zip(pi, r, strict=True) if p > 0)


def shift_over_unsupported(pi: Floats, r: Floats, beta: float) -> float:
    """Shifts by a reward that the base model cannot reach: all terms underflow."""
    top = max(r)
    return top + beta * log(fsum(p * exp((x - top) / beta) for p, x in zip(pi, r, strict=True)))


def epsilon_in_log(pi: Floats, r: Floats, beta: float) -> float:
    """Adds 1e-8 inside the logarithm."""
    top = max(x for p, x in zip(pi, r, strict=True) if p > 0)
    return top + beta * log(1e-8 + fsum(p * exp((x - top) / beta) for p, x in zip(pi, r, strict=True) if p > 0))


def epsilon_mass(pi: Floats, r: Floats, beta: float) -> float:
    """Adds 1e-12 to each mass, so that none is 0."""
    top = max(r)
    return top + beta * log(fsum((p + 1e-12) * exp((x - top) / beta) for p, x in zip(pi, r, strict=True)))


def mean_not_sum(pi: Floats, r: Floats, beta: float) -> float:
    """Takes the mean over responses of what is already weighted."""
    return right(pi, r, beta) - beta * log(len(pi))


def clamped_logits(pi: Floats, r: Floats, beta: float) -> float:
    """Clamps ``r/beta`` to 50 in size."""
    return right(pi, [max(-50.0, min(50.0, x / beta)) * beta for x in r], beta)


def drops_last(pi: Floats, r: Floats, beta: float) -> float:
    """Leaves the last response out."""
    top = max(x for p, x in zip(pi, r, strict=True) if p > 0)
    rows = list(zip(pi, r, strict=True))[:-1]
    return top + beta * log(fsum(p * exp((x - top) / beta) for p, x in rows if p > 0))


def bfloat16_inputs(pi: Floats, r: Floats, beta: float) -> float:
    """Cuts the rewards to the upper half of binary32."""
    bits = np.asarray(r, dtype=np.float32).view(np.uint32) & np.uint32(0xFFFF0000)
    return right(pi, bits.view(np.float32).astype(float).tolist(), beta)


def log_of_nearly_one(pi: Floats, r: Floats, beta: float) -> float:
    """The logarithm of a sum near 1, where ``log1p`` is needed."""
    top = max(x for p, x in zip(pi, r, strict=True) if p > 0)
    return top + beta * log(fsum(p * exp((x - top) / beta) for p, x in zip(pi, r, strict=True) if p > 0))


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
    return top + beta * log(total)
