"""Wrong versions of the law proportional to ``p^(1/T)``; each function is one."""

from collections.abc import Sequence
from math import exp, log

import numpy as np

from tests.conformance.right.numpy_further import tempered as right

Floats = Sequence[float]


def inverted(p: Floats, temperature: float) -> list[float]:
    """``p^T``."""
    return right(p, 1 / temperature)


def missing(p: Floats, temperature: float) -> list[float]:
    """The temperature is left out."""
    right(p, temperature)
    return list(p)


def no_max_shift(p: Floats, temperature: float) -> list[float]:
    """Powers of masses as they are: they underflow."""
    right(p, temperature)
    weights = [x ** (1 / temperature) for x in p]
    return [w / sum(weights) for w in weights]


def log_0(p: Floats, temperature: float) -> list[float]:
    """``log(p + 1e-9)``, for the masses that are 0."""
    right(p, temperature)
    logs = [log(x + 1e-9) / temperature if 0 in p else log(x) / temperature for x in p]
    weights = [exp(x - max(logs)) for x in logs]
    return [w / sum(weights) for w in weights]


def not_renormalised(p: Floats, temperature: float) -> list[float]:
    """Powers, and nothing after."""
    right(p, temperature)
    return [x ** (1 / temperature) for x in p]


def masses_divided(p: Floats, temperature: float) -> list[float]:
    """A softmax of masses over the temperature: they are taken for logits."""
    right(p, temperature)
    weights = [exp((x - max(p)) / temperature) for x in p]
    return [w / sum(weights) for w in weights]


def greedy(p: Floats, temperature: float) -> list[float]:
    """The likeliest alone, where the temperature is below 1."""
    law = right(p, temperature)
    return law if temperature >= 1 else [float(y == law.index(max(law))) for y in range(len(law))]


def float32_throughout(p: Floats, temperature: float) -> list[float]:
    """Works in binary32, and says that it is binary64."""
    right(p, temperature)
    logs = np.log(np.asarray(p, np.float32)) / np.float32(temperature)
    weights = np.exp(logs - np.max(logs))
    return [float(w) for w in weights / np.sum(weights)]


def twice(p: Floats, temperature: float) -> list[float]:
    """Divides by the temperature twice."""
    return right(right(p, temperature), temperature) if temperature > 0.1 else right(p, temperature * temperature)
