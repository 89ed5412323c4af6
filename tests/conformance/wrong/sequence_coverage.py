"""Wrong versions of the largest ratio on whole responses; each function is one."""

from collections.abc import Sequence
from math import exp, log

import numpy as np

from tests.conformance.right.numpy_arrays import Array
from tests.conformance.right.numpy_trees import _tree
from tests.conformance.right.numpy_trees import sequence_coverage as right
from tests.conformance.right.numpy_trees import token_coverage as of_tokens

Floats = Sequence[float]
Rows = Sequence[Floats]


def _masses(base: Rows, r: Floats, beta: float) -> Array:
    """Of whole responses."""
    masses = np.ones(1)
    for laws in _tree(base, r, beta)[0]:
        masses = (masses[:, None] * laws).ravel()
    return masses


def _largest(masses: Array, r: Floats, beta: float) -> float:
    live = masses > 0
    top = np.max(np.asarray(r)[live])
    return float(1 / np.sum(masses[live] * np.exp((np.asarray(r)[live] - top) / beta)))


def _of_laws(base: Rows, r: Floats, beta: float) -> float:
    """That of laws that may not sum to 1."""
    masses, left, width = np.ones(1), [list(row) for row in base], len(base[0])
    while left:
        size = len(masses)
        masses, left = (masses[:, None] * np.array(left[:size])).reshape(size * width), left[size:]
    return _largest(masses, r, beta)


def token_coverage(base: Rows, r: Floats, beta: float) -> float:
    """Of tokens."""
    return of_tokens(base, r, beta)


def product_of_layers(base: Rows, r: Floats, beta: float) -> float:
    """The product of the largest ratios of the steps."""
    right(base, r, beta)
    layers, values = _tree(base, r, beta)
    width, total = len(base[0]), 1.0
    for laws, after in zip(layers, values[1:], strict=True):
        total *= max(_largest(law, list(x), beta) for law, x in zip(laws, after.reshape(-1, width), strict=True))
    return total


def at_the_mode(base: Rows, r: Floats, beta: float) -> float:
    """The ratio at the optimum's likeliest response."""
    right(base, r, beta)
    masses = _masses(base, r, beta)
    with np.errstate(divide="ignore"):
        scores = np.log(masses) + (np.asarray(r) - max(r)) / beta
    mode = int(np.argmax(scores))
    live = masses > 0
    top = r[mode]
    return float(1 / np.sum(masses[live] * np.exp((np.asarray(r)[live] - top) / beta)))


def mean(base: Rows, r: Floats, beta: float) -> float:
    """The mean of the ratio under the optimum."""
    right(base, r, beta)
    masses = _masses(base, r, beta)
    top = max(x for x, m in zip(r, masses, strict=True) if m > 0)
    weights = masses * np.exp(np.minimum((np.asarray(r) - top) / beta, 0))
    best = weights / np.sum(weights)
    live = masses > 0
    return float(np.sum(best[live] ** 2 / masses[live]))


def base_ignored(base: Rows, r: Floats, beta: float) -> float:
    """Uniform laws, on their support, in place of the base model."""
    right(base, r, beta)
    mended = [[(x > 0) / sum(y > 0 for y in row) for x in row] for row in base]
    return _of_laws(mended, r, beta)


def beta_missing(base: Rows, r: Floats, beta: float) -> float:
    """Leaves ``beta`` out."""
    right(base, r, beta)
    return right(base, r, 1.0)


def support_ignored(base: Rows, r: Floats, beta: float) -> float:
    """What the base model never says gets 1e-6."""
    right(base, r, beta)
    return _of_laws([[x or 1e-6 for x in row] for row in base], r, beta)


def no_max_shift(base: Rows, r: Floats, beta: float) -> float:
    """Takes the exponentials as they are."""
    right(base, r, beta)
    masses, weights = _masses(base, r, beta), np.exp(np.asarray(r, float) / beta)
    return float(np.max(weights[masses > 0]) / np.sum(masses * weights))


def logarithm(base: Rows, r: Floats, beta: float) -> float:
    """Its logarithm."""
    return log(right(base, r, beta))


def inverted(base: Rows, r: Floats, beta: float) -> float:
    """Of the base model to the optimum."""
    return 1 / right(base, r, beta)


def bound_instead(base: Rows, r: Floats, beta: float) -> float:
    """Its bound, ``exp((max r - min r)/beta)``."""
    right(base, r, beta)
    return exp((max(r) - min(r)) / beta)


def temperature_inverted(base: Rows, r: Floats, beta: float) -> float:
    """Takes ``1/beta`` for ``beta``."""
    right(base, r, beta)
    return right(base, r, 1 / beta)


def float32_throughout(base: Rows, r: Floats, beta: float) -> float:
    """Works in binary32, and says that it is binary64."""
    return float(np.float32(right(base, r, beta)))
