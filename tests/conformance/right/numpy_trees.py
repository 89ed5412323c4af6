"""A right implementation of the kit's functions of token trees in numpy: soft values from the leaves, in logarithms.

It shares no code with the package.
"""

from collections.abc import Sequence

import mpmath
import numpy as np

from tests.conformance.right.numpy_arrays import (
    Array,
    Floats,
    Rows,
    _below_largest,
    _check,
    _finite,
    _law,
    _log_mean,
    _tilt,
)

name = "numpy, token trees"
format = "binary64"  # noqa: A001 - the protocol's word


def soft_value(base: Rows, r: Floats, beta: float) -> float:
    _, values = _tree(base, r, beta)
    return float(values[0][0])


def token_policy(base: Rows, r: Floats, beta: float, prefix: Sequence[int]) -> list[float]:
    layers, values = _tree(base, r, beta)
    _check(len(prefix) < len(layers), "a prefix that a token can follow")
    place = _place(prefix, len(base[0]))
    children = values[len(prefix) + 1].reshape(-1, len(base[0]))[place]
    return [float(p) for p in _tilt(layers[len(prefix)][place], children / beta)]


def chain_log_prob(base: Rows, r: Floats, beta: float, tokens: Sequence[int]) -> float:
    layers, values = _tree(base, r, beta)
    _check(len(tokens) == len(layers), "a token for each step")
    leaf, masses = _place(tokens, len(base[0])), _leaves(layers)
    _check(masses[leaf] > 0, "a response that can come")
    with mpmath.workdps(60):  # by the odds against it: that of nearly 1 keeps its digits
        odds = [p * mpmath.exp(mpmath.mpf(f) / beta) for p, f in zip(masses, values[-1], strict=True)]
        return float(-mpmath.log1p(mpmath.fsum(np.delete(odds, leaf)) / odds[leaf]))


def token_coverage(base: Rows, r: Floats, beta: float) -> float:
    layers, values = _tree(base, r, beta)
    largest, reach = 0.0, np.ones(1, dtype=bool)
    for laws, after in zip(layers, values[1:], strict=True):
        for law, children, seen in zip(laws, after.reshape(laws.shape), reach, strict=True):
            ratios = _tilt(law, children / beta)[law > 0] / law[law > 0]
            largest = max(largest, float(np.max(ratios)) if seen else 0.0)
        reach = (reach[:, None] & (laws > 0)).ravel()
    return largest


def sequence_coverage(base: Rows, r: Floats, beta: float) -> float:
    layers, values = _tree(base, r, beta)
    masses = _leaves(layers)
    return float(1 / np.sum(masses[masses > 0] * np.exp(_below_largest(values[-1][masses > 0], beta))))


def _tree(base: Rows, r: Floats, beta: float) -> tuple[list[Array], list[Array]]:
    """The laws of each step, a row for each prefix; and the soft values of all prefixes, the rewards last."""
    _check(np.isfinite(beta) and beta > 0 and len(base) > 0, "beta > 0, and a law")
    width, rewards = len(base[0]), _finite(r)
    _check(width > 0 and all(len(row) == width for row in base), "laws of one length")
    laws = [_law(row) for row in base]
    layers, count = [], 1
    while laws:
        _check(len(laws) >= count, "a law for each prefix")
        layers.append(np.array(laws[:count]))
        laws, count = laws[count:], count * width
    _check(len(rewards) == count, "a reward for each response")
    values = [rewards]
    for step in reversed(layers):
        children = values[0].reshape(step.shape)
        values.insert(0, np.array([beta * _log_mean(p, v / beta) for p, v in zip(step, children, strict=True)]))
    return layers, values


def _leaves(layers: Sequence[Array]) -> Array:
    """The masses of whole responses."""
    masses = np.ones(1)
    for laws in layers:
        masses = (masses[:, None] * laws).ravel()
    return masses


def _place(tokens: Sequence[int], width: int) -> int:
    place = 0
    for token in tokens:
        _check(0 <= token < width, "tokens of the vocabulary")
        place = place * width + token
    return place
