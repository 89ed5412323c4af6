"""A right implementation of the kit's functions of token trees in numpy: soft values from the leaves, in logarithms.

It shares no code with the package.
"""

from collections.abc import Sequence

import numpy as np

from tests.conformance.right.numpy_arrays import Array, Floats, Rows, _check, _finite, _law, _log_mean, _tilt

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
    leaf = _place(tokens, len(base[0]))
    masses = [layers[h][_place(tokens[:h], len(base[0]))][token] for h, token in enumerate(tokens)]
    _check(min(masses) > 0, "a response that can come")
    return float(np.sum(np.log(masses)) + (values[-1][leaf] - values[0][0]) / beta)


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
    reach = np.ones(1, dtype=bool)
    for laws in layers:
        reach = (reach[:, None] & (laws > 0)).ravel()
    return float(np.exp((np.max(values[-1][reach]) - values[0][0]) / beta))


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


def _place(tokens: Sequence[int], width: int) -> int:
    place = 0
    for token in tokens:
        _check(0 <= token < width, "tokens of the vocabulary")
        place = place * width + token
    return place
