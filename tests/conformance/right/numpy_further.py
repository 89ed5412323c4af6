"""A right implementation of the kit's further functions of laws in numpy: derivatives, decoders, rejection.

Ratios of masses are taken by ``log1p`` where they are near 1, and what a threshold decides is decided in fractions.  It
shares no code with the package.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import exp, expm1, log1p

import numpy as np

from tests.conformance.right.numpy_arrays import Array, Floats, _check, _finite, _law, _log_ratio, _tilted

name = "numpy, further functions"
format = "binary64"  # noqa: A001 - the protocol's word


def kl_gradient(p: Floats, q: Floats) -> list[float]:
    over, under = _law(p), _law(q)
    return _score(over, _ratios(over, under))


def k3_gradient(p: Floats, q: Floats) -> list[float]:
    over, under = _law(p), _law(q)
    _ratios(over, under)
    unseen = float(np.sum(under[over == 0]))  # the mean of 1 - q/p
    return [float((a - b) - a * unseen) if a > 0 else 0.0 for a, b in zip(over, under, strict=True)]


def objective_gradient(p: Floats, pi: Floats, r: Floats, beta: float) -> list[float]:
    base, scores = _tilted(pi, r, beta)
    policy = _law(p)
    return _score(policy, scores - beta * _ratios(policy, base))


def dpo_gradient(chosen: float, rejected: float, base_chosen: float, base_rejected: float, beta: float) -> list[float]:
    _check(np.isfinite([chosen, rejected, base_chosen, base_rejected, beta]).all() and beta > 0, "numbers, beta > 0")
    margin = beta * ((chosen - base_chosen) - (rejected - base_rejected))
    small = exp(-abs(margin))
    slope = beta * (small if margin > 0 else 1.0) / (1.0 + small)
    return [-slope, slope]


def l1_coverage(pi: Floats, r: Floats, beta: float) -> float:
    base, scores = _tilted(pi, r, beta)
    live = base > 0
    weights = np.exp((scores[live] - np.max(scores[live])) / beta)
    return float(np.dot(base[live], weights * weights) / np.dot(base[live], weights) ** 2)


def best_of_n(pi: Floats, f: Floats, N: int) -> list[float]:
    base, values = _law(pi), _finite(f)
    _check(base.shape == values.shape and N >= 1, "a value for each mass, and N >= 1")
    law, below = [0.0] * len(pi), Fraction(0)
    for y in sorted(range(len(pi)), key=lambda y: (values[y], -y)):
        upto = below + Fraction(pi[y])
        if upto > 0:  # upto^N - below^N, of which the first factor is exact to an ulp
            share = float(Fraction(pi[y]) / upto)
            law[y] = float(upto) ** N * (-expm1(N * log1p(-share)) if share < 1 else 1.0)
        below = upto
    return law


def rejection_failure(pi: Floats, r: Floats, beta: float, M: float, N: int) -> float:
    base, scores = _tilted(pi, r, beta)
    _check(np.isfinite(M) and M > 0 and N >= 0, "M > 0 and N >= 0")
    powers = np.where(base > 0, np.exp((scores - np.max(scores[base > 0])) / beta), 0.0)
    refused = np.maximum(1 - powers / (np.dot(base, powers) * M), 0.0)  # of a trial of each response: none if all are 1
    return float(np.dot(base, refused) ** N)


def residual(p: Floats, q: Floats) -> list[float]:
    over, under = _law(p), _law(q)
    _check(over.shape == under.shape and not np.array_equal(over, under), "two laws that differ, of one length")
    return _normalised(np.maximum(over - under, 0.0))


def top_k(p: Floats, k: int) -> list[float]:
    _check(k >= 1, "k >= 1")
    return _given(_law(p), _descending(p)[:k])


def top_p(p: Floats, share: float) -> list[float]:
    law = _law(p)
    _check(0 < share <= 1, "0 < p <= 1")
    kept: list[int] = []
    for y in _descending(p):
        if sum(Fraction(p[z]) for z in kept) < Fraction(share):
            kept.append(y)
    return _given(law, kept)


def min_p(p: Floats, share: float) -> list[float]:
    law = _law(p)
    _check(0 < share <= 1, "0 < p <= 1")
    threshold = Fraction(share) * Fraction(max(p))
    return _given(law, [y for y, mass in enumerate(p) if Fraction(mass) >= threshold])


def tempered(p: Floats, temperature: float) -> list[float]:
    law = _law(p)
    _check(np.isfinite(temperature) and temperature > 0, "a positive temperature")
    powers = np.exp(_log_ratio(law, np.full(len(law), np.max(law))) / temperature)
    return _normalised(np.where(law > 0, powers, 0.0))


def _ratios(over: Array, under: Array) -> Array:
    _check(over.shape == under.shape and not np.any((over > 0) & (under == 0)), "p on the support of q")
    return _log_ratio(over, under)


def _score(law: Array, values: Array) -> list[float]:
    """``p (values - mean)``, as sums of differences."""
    _check(law.shape == values.shape, "a value for each mass")
    return [float(a * np.dot(law, v - values)) for a, v in zip(law, values, strict=True)]


def _descending(p: Floats) -> list[int]:
    return sorted(range(len(p)), key=lambda y: (-p[y], y))


def _given(law: Array, kept: Sequence[int]) -> list[float]:
    masses = np.zeros(len(law))
    masses[list(kept)] = law[list(kept)]
    return _normalised(masses)


def _normalised(weights: Array) -> list[float]:
    return [float(w) for w in weights / np.sum(weights)]
