"""Wrong versions of the optimum's law of the next token; each function is one."""

from collections.abc import Callable, Sequence

import numpy as np

from tests.conformance.right.numpy_arrays import Array, _tilt
from tests.conformance.right.numpy_trees import _place, _tree
from tests.conformance.right.numpy_trees import token_policy as right

Floats = Sequence[float]
Rows = Sequence[Floats]


def _by(
    values: Callable[[Array, Array], Array], base: Rows, r: Floats, beta: float, prefix: Sequence[int]
) -> list[float]:
    """The tilt of the base model by values of the tokens; ``values`` has laws and values of the step after."""
    right(base, r, beta, prefix)
    layers, _ = _tree(base, r, beta)
    after = np.asarray(r, float)
    for laws in layers[: len(prefix) : -1]:
        after = values(laws, after.reshape(laws.shape))
    place = _place(prefix, len(base[0]))
    laws = layers[len(prefix)]
    return [float(x) for x in _tilt(laws[place], after.reshape(laws.shape)[place] / beta)]


def greedy(base: Rows, r: Floats, beta: float, prefix: Sequence[int]) -> list[float]:
    """Rewards that come at the last token only are not seen before: the base model."""
    return _by(lambda laws, _: np.zeros(len(laws)), base, r, beta, prefix)


def hard_max(base: Rows, r: Floats, beta: float, prefix: Sequence[int]) -> list[float]:
    """Best values that can come."""
    return _by(lambda laws, after: np.max(np.where(laws > 0, after, -np.inf), axis=1), base, r, beta, prefix)


def mean_values(base: Rows, r: Floats, beta: float, prefix: Sequence[int]) -> list[float]:
    """Mean values."""
    return _by(lambda laws, after: np.sum(laws * after, axis=1), base, r, beta, prefix)


def base_ignored(base: Rows, r: Floats, beta: float, prefix: Sequence[int]) -> list[float]:
    """Uniform laws, on their support, in place of the base model."""
    right(base, r, beta, prefix)
    layers, values = _tree(base, r, beta)
    place, laws = _place(prefix, len(base[0])), layers[len(prefix)]
    live = (laws[place] > 0) / np.sum(laws[place] > 0)
    return [float(x) for x in _tilt(live, values[len(prefix) + 1].reshape(laws.shape)[place] / beta)]


def beta_missing(base: Rows, r: Floats, beta: float, prefix: Sequence[int]) -> list[float]:
    """Leaves ``beta`` out."""
    right(base, r, beta, prefix)
    return right(base, r, 1.0, prefix)


def support_ignored(base: Rows, r: Floats, beta: float, prefix: Sequence[int]) -> list[float]:
    """What the base model never says gets 1e-6."""
    right(base, r, beta, prefix)
    mended = [[x or 1e-6 for x in row] for row in base]
    after = np.asarray(r, float)
    width = len(base[0])
    while True:
        size = len(after) // width
        start = (size - 1) // (width - 1)
        laws = np.asarray(mended[start : start + size])
        if size == width ** len(prefix):
            place = _place(prefix, width)
            return [float(x) for x in _tilt(laws[place], after.reshape(laws.shape)[place] / beta)]
        shifted = after.reshape(laws.shape)
        top = np.max(shifted, axis=1, keepdims=True)
        after = (top[:, 0] + beta * np.log(np.sum(laws * np.exp((shifted - top) / beta), axis=1))).ravel()


def no_max_shift(base: Rows, r: Floats, beta: float, prefix: Sequence[int]) -> list[float]:
    """Takes the exponentials as they are."""
    right(base, r, beta, prefix)
    layers, _ = _tree(base, r, beta)
    weights = np.exp(np.asarray(r, float) / beta)
    for laws in layers[: len(prefix) : -1]:
        weights = np.sum(laws * weights.reshape(laws.shape), axis=1)
    place, laws = _place(prefix, len(base[0])), layers[len(prefix)]
    found = laws[place] * weights.reshape(laws.shape)[place]
    return [float(x) for x in found / np.sum(found)]


def prefix_ignored(base: Rows, r: Floats, beta: float, prefix: Sequence[int]) -> list[float]:
    """The law of the first token."""
    right(base, r, beta, prefix)
    return right(base, r, beta, [])


def prefix_reversed(base: Rows, r: Floats, beta: float, prefix: Sequence[int]) -> list[float]:
    """The prefix is read backwards."""
    return right(base, r, beta, prefix[::-1])


def float32_throughout(base: Rows, r: Floats, beta: float, prefix: Sequence[int]) -> list[float]:
    """Works in binary32, and says that it is binary64."""
    return [float(np.float32(x)) for x in right(base, r, beta, prefix)]


def temperature_twice(base: Rows, r: Floats, beta: float, prefix: Sequence[int]) -> list[float]:
    """Divides by ``beta`` once more at the end."""
    right(base, r, beta, prefix)
    return right(base, [x / beta for x in r], beta, prefix)
