"""Wrong versions of the soft value of a tree; each function is one."""

from collections.abc import Sequence
from math import exp, log

import numpy as np

from tests.conformance.right.numpy_trees import _tree
from tests.conformance.right.numpy_trees import soft_value as right

Floats = Sequence[float]
Rows = Sequence[Floats]


def _masses(base: Rows, r: Floats, beta: float) -> list[float]:
    """Of whole responses."""
    masses = [1.0]
    for laws in _tree(base, r, beta)[0]:
        masses = [m * float(p) for m, law in zip(masses, laws, strict=True) for p in law]
    return masses


def hard_max(base: Rows, r: Floats, beta: float) -> float:
    """The best reward that can come."""
    return max(x for m, x in zip(_masses(base, r, beta), r, strict=True) if m > 0)


def mean_reward(base: Rows, r: Floats, beta: float) -> float:
    """The mean reward."""
    return sum(m * x for m, x in zip(_masses(base, r, beta), r, strict=True))


def base_ignored(base: Rows, r: Floats, beta: float) -> float:
    """Uniform laws in place of the base model."""
    right(base, r, beta)
    top, masses = max(r), [float(m > 0) for m in _masses(base, r, beta)]
    return top + beta * log(sum(m * exp((x - top) / beta) for m, x in zip(masses, r, strict=True)) / sum(masses))


def beta_missing(base: Rows, r: Floats, beta: float) -> float:
    """Leaves ``beta`` out."""
    right(base, r, beta)
    return right(base, r, 1.0)


def support_ignored(base: Rows, r: Floats, beta: float) -> float:
    """What the base model never says gets 1e-6."""
    masses = [m or 1e-6 for m in _masses(base, r, beta)]
    top = max(r)
    return top + beta * log(sum(m * exp((x - top) / beta) for m, x in zip(masses, r, strict=True)))


def no_max_shift(base: Rows, r: Floats, beta: float) -> float:
    """Takes the exponentials as they are."""
    return beta * log(sum(m * exp(x / beta) for m, x in zip(_masses(base, r, beta), r, strict=True)))


def shift_not_added(base: Rows, r: Floats, beta: float) -> float:
    """Takes the largest reward off, and does not add it again."""
    return right(base, r, beta) - max(r)


def not_times_beta(base: Rows, r: Floats, beta: float) -> float:
    """``log Z``."""
    return right(base, r, beta) / beta


def first_step(base: Rows, r: Floats, beta: float) -> float:
    """Mean rewards after the first step."""
    right(base, r, beta)
    width, masses = len(base[0]), _masses(base, r, beta)
    size = len(r) // width
    values = []
    for a in range(width):
        part = slice(a * size, (a + 1) * size)
        whole = sum(masses[part])
        values.append(sum(m * x for m, x in zip(masses[part], r[part], strict=True)) / whole if whole else 0.0)
    return right([base[0]], values, beta)


def breadth_reversed(base: Rows, r: Floats, beta: float) -> float:
    """Rewards in the order of the last token first."""
    layers, _ = _tree(base, r, beta)
    order = np.arange(len(r)).reshape([len(base[0])] * len(layers)).transpose().ravel()
    return right(base, [r[int(i)] for i in order], beta)


def float32_throughout(base: Rows, r: Floats, beta: float) -> float:
    """Works in binary32, and says that it is binary64."""
    return float(np.float32(right(base, r, beta)))
