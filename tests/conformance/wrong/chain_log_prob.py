"""Wrong versions of the log-probability of a whole response; each function is one."""

from collections.abc import Sequence
from math import exp, log

import numpy as np

from tests.conformance.right.numpy_trees import _place, _tree, token_policy
from tests.conformance.right.numpy_trees import chain_log_prob as right

Floats = Sequence[float]
Rows = Sequence[Floats]


def _step(base: Rows, r: Floats, beta: float, tokens: Sequence[int], h: int) -> float:
    return log(token_policy(base, r, beta, tokens[:h])[tokens[h]])


def first_only(base: Rows, r: Floats, beta: float, tokens: Sequence[int]) -> float:
    """The first token only."""
    right(base, r, beta, tokens)
    return _step(base, r, beta, tokens, 0)


def last_only(base: Rows, r: Floats, beta: float, tokens: Sequence[int]) -> float:
    """The last token only."""
    right(base, r, beta, tokens)
    return _step(base, r, beta, tokens, len(tokens) - 1)


def length_normalised(base: Rows, r: Floats, beta: float, tokens: Sequence[int]) -> float:
    """A mean over tokens."""
    return right(base, r, beta, tokens) / len(tokens)


def base_ignored(base: Rows, r: Floats, beta: float, tokens: Sequence[int]) -> float:
    """Uniform laws in place of the base model, on what can come."""
    right(base, r, beta, tokens)
    reach = np.ones(1, dtype=bool)
    for laws in _tree(base, r, beta)[0]:
        reach = (reach[:, None] & (laws > 0)).ravel()
    live = [x for x, seen in zip(r, reach, strict=True) if seen]
    top = max(live)
    return (r[_place(tokens, len(base[0]))] - top) / beta - log(sum(exp((x - top) / beta) for x in live))


def beta_missing(base: Rows, r: Floats, beta: float, tokens: Sequence[int]) -> float:
    """Leaves ``beta`` out."""
    right(base, r, beta, tokens)
    return right(base, r, 1.0, tokens)


def support_ignored(base: Rows, r: Floats, beta: float, tokens: Sequence[int]) -> float:
    """What the base model never says gets 1e-6."""
    right(base, r, beta, tokens)
    masses = np.ones(1)
    for laws in _tree(base, r, beta)[0]:
        masses = (masses[:, None] * np.where(laws > 0, laws, 1e-6)).ravel()
    top, place = max(r), _place(tokens, len(base[0]))
    weights = masses * np.exp((np.asarray(r) - top) / beta)
    return float(np.log(masses[place]) + (r[place] - top) / beta - np.log(np.sum(weights)))


def no_max_shift(base: Rows, r: Floats, beta: float, tokens: Sequence[int]) -> float:
    """Takes the exponentials as they are."""
    right(base, r, beta, tokens)
    weights = np.ones(1)
    for laws in _tree(base, r, beta)[0]:
        weights = (weights[:, None] * laws).ravel()
    weights = weights * np.exp(np.asarray(r) / beta)
    return log(weights[_place(tokens, len(base[0]))] / float(np.sum(weights)))


def minus_infinity(base: Rows, r: Floats, beta: float, tokens: Sequence[int]) -> float:
    """What never comes has the logarithm of 1e-300."""
    try:
        return right(base, r, beta, tokens)
    except ValueError as error:
        if "can come" in str(error):
            return log(1e-300)
        raise


def probability(base: Rows, r: Floats, beta: float, tokens: Sequence[int]) -> float:
    """The probability."""
    return exp(right(base, r, beta, tokens))


def base_model(base: Rows, r: Floats, beta: float, tokens: Sequence[int]) -> float:
    """That of the base model."""
    right(base, r, beta, tokens)
    layers, _ = _tree(base, r, beta)
    return sum(log(layers[h][_place(tokens[:h], len(base[0]))][token]) for h, token in enumerate(tokens))


def log_ratio(base: Rows, r: Floats, beta: float, tokens: Sequence[int]) -> float:
    """The log-ratio to the base model."""
    return right(base, r, beta, tokens) - base_model(base, r, beta, tokens)


def times_beta(base: Rows, r: Floats, beta: float, tokens: Sequence[int]) -> float:
    """In units of reward."""
    return beta * right(base, r, beta, tokens)


def float32_throughout(base: Rows, r: Floats, beta: float, tokens: Sequence[int]) -> float:
    """Works in binary32, and says that it is binary64."""
    return float(np.float32(right(base, r, beta, tokens)))


minus_infinity.forgives = True  # type: ignore[attr-defined]  # that is the mistake
