"""Wrong versions of the largest ratio at one token; each function is one."""

from collections.abc import Sequence
from math import exp, log

import numpy as np

from tests.conformance.right.numpy_arrays import Array
from tests.conformance.right.numpy_trees import _tree
from tests.conformance.right.numpy_trees import sequence_coverage as of_sequences
from tests.conformance.right.numpy_trees import token_coverage as right

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
    values, width = np.asarray(r, float), len(base[0])
    layers: list[Array] = []
    left = [np.asarray(row) for row in base]
    while left:
        layers.append(np.array(left[: width ** len(layers)]))
        left = left[width ** (len(layers) - 1) :]
    largest = 0.0
    for laws in reversed(layers):
        after = values.reshape(laws.shape)
        top = np.max(np.where(laws > 0, after, -np.inf), axis=1)
        z = np.sum(np.where(laws > 0, laws * np.exp((after - top[:, None]) / beta), 0), axis=1)
        largest = max(largest, float(np.max(1 / z)))
        values = top + beta * np.log(z)
    return largest


def sequence_coverage(base: Rows, r: Floats, beta: float) -> float:
    """Of whole responses."""
    return of_sequences(base, r, beta)


def first_token(base: Rows, r: Floats, beta: float) -> float:
    """Of the first token only."""
    right(base, r, beta)
    layers, values = _tree(base, r, beta)
    return max(exp((x - values[0][0]) / beta) for x, p in zip(values[1], layers[0][0], strict=True) if p > 0)


def last_token(base: Rows, r: Floats, beta: float) -> float:
    """Of the last token only."""
    right(base, r, beta)
    layers, values = _tree(base, r, beta)
    width = len(base[0])
    return max(
        _largest(laws, list(after), beta) for laws, after in zip(layers[-1], values[-1].reshape(-1, width), strict=True)
    )


def mean_over_prefixes(base: Rows, r: Floats, beta: float) -> float:
    """The mean over prefixes in place of the largest."""
    right(base, r, beta)
    layers, values = _tree(base, r, beta)
    width = len(base[0])
    found = [
        _largest(law, list(after), beta)
        for laws, step in zip(layers, values[1:], strict=True)
        for law, after in zip(laws, step.reshape(-1, width), strict=True)
    ]
    return sum(found) / len(found)


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
    layers, _ = _tree(base, r, beta)
    weights, largest = np.exp(np.asarray(r, float) / beta), 0.0
    for laws in reversed(layers):
        after = weights.reshape(laws.shape)
        weights = np.sum(laws * after, axis=1)
        largest = max(largest, float(np.max(np.where(laws > 0, after / weights[:, None], 0))))
    return largest


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
