"""A second right implementation of the kit's further functions of laws: plain Python floats, other formulas.

Masses that are given or compared are fractions; sums are exact.  It shares no code with the package, nor with the numpy
programs.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import exp, fsum

from tests.conformance.right.plain_floats import Floats, _finite, _law, _log_ratio, _same, _tilted, _top

name = "plain Python floats, further functions"
format = "binary64"  # noqa: A001 - the protocol's word


def kl_gradient(p: Floats, q: Floats) -> list[float]:
    return _by_logits(p, _logs(p, q))


def k3_gradient(p: Floats, q: Floats) -> list[float]:
    _logs(p, q)
    seen = sum(Fraction(b) for a, b in zip(p, q, strict=True) if a > 0)
    return [float(Fraction(a) * seen - Fraction(b)) if a > 0 else 0.0 for a, b in zip(p, q, strict=True)]


def objective_gradient(p: Floats, pi: Floats, r: Floats, beta: float) -> list[float]:
    _tilted(pi, r, beta)
    logs = _logs(p, pi)
    rewards, costs = _by_logits(p, r), _by_logits(p, logs)
    return [fsum((reward, -beta * cost)) for reward, cost in zip(rewards, costs, strict=True)]


def dpo_gradient(chosen: float, rejected: float, base_chosen: float, base_rejected: float, beta: float) -> list[float]:
    _finite(chosen, rejected, base_chosen, base_rejected, beta)
    if not beta > 0:
        raise ValueError("needs beta > 0")
    margin = beta * fsum((chosen, base_rejected, -rejected, -base_chosen))
    slope = beta / (1 + exp(margin)) if margin < 30 else beta * exp(-margin) / (1 + exp(-margin))
    return [-slope, slope]


def l1_coverage(pi: Floats, r: Floats, beta: float) -> float:
    """The mean of ``pi*/pi`` under ``pi*``."""
    ratios = _ratios(pi, r, beta)
    return fsum(p * ratio * ratio for p, ratio in zip(pi, ratios, strict=True) if p > 0)


def best_of_n(pi: Floats, f: Floats, N: int) -> list[float]:
    _law(pi, "pi")
    _same(pi, f)
    _finite(*f)
    if N < 1:
        raise ValueError("needs N >= 1")
    masses = [Fraction(p) for p in pi]
    law = []
    for y, mass in enumerate(masses):
        worse = sum((masses[z] for z in range(len(f)) if (f[z], -z) < (f[y], -y)), Fraction(0))
        law.append(float((worse + mass) ** N - worse**N))
    return law


def rejection_failure(pi: Floats, r: Floats, beta: float, M: float, N: int) -> float:
    _finite(M)
    ratios = _ratios(pi, r, beta)
    if not M > 0 or N < 0:
        raise ValueError("needs M > 0 and N >= 0")
    refused = fsum(p * (M - ratio) / M for p, ratio in zip(pi, ratios, strict=True) if p > 0 and ratio < M)
    return refused**N


def residual(p: Floats, q: Floats) -> list[float]:
    _law(p, "p")
    _law(q, "q")
    _same(p, q)
    return _given([max(Fraction(a) - Fraction(b), Fraction(0)) for a, b in zip(p, q, strict=True)])


def top_k(p: Floats, k: int) -> list[float]:
    _law(p, "p")
    if k < 1:
        raise ValueError("needs k >= 1")
    kept = _descending(p)[:k]
    return _given([Fraction(mass) if y in kept else Fraction(0) for y, mass in enumerate(p)])


def top_p(p: Floats, share: float) -> list[float]:
    _share(p, share)
    order = _descending(p)
    before = {y: sum(Fraction(p[z]) for z in order[:j]) for j, y in enumerate(order)}
    return _given([Fraction(mass) if before[y] < Fraction(share) else Fraction(0) for y, mass in enumerate(p)])


def min_p(p: Floats, share: float) -> list[float]:
    _share(p, share)
    return _given([Fraction(x) if Fraction(x) >= Fraction(share) * Fraction(max(p)) else Fraction(0) for x in p])


def tempered(p: Floats, temperature: float) -> list[float]:
    _law(p, "p")
    if not 0 < temperature < float("inf"):
        raise ValueError("needs a positive temperature")
    weights = [exp(_log_ratio(x, max(p)) / temperature) if x > 0 else 0.0 for x in p]
    total = fsum(weights)
    return [w / total for w in weights]


def _logs(p: Floats, q: Floats) -> list[float]:
    """The logarithms of ``p/q`` where ``p`` has mass; refuses a ``p`` that leaves the support of ``q``."""
    _law(p, "p")
    _law(q, "q")
    _same(p, q)
    return [_log_ratio(a, b) if a > 0 else 0.0 for a, b in zip(p, q, strict=True)]


def _by_logits(p: Floats, values: Floats) -> list[float]:
    """The covariance of each indicator with the values under ``p``."""
    return [a * fsum(b * (v - w) for b, w in zip(p, values, strict=True)) for a, v in zip(p, values, strict=True)]


def _ratios(pi: Floats, r: Floats, beta: float) -> list[float]:
    """``pi*/pi`` by response."""
    _tilted(pi, r, beta)
    top = _top(pi, r)
    weights = [exp((x - top) / beta) if p > 0 else 0.0 for p, x in zip(pi, r, strict=True)]
    mean = fsum(p * w for p, w in zip(pi, weights, strict=True))
    return [w / mean for w in weights]


def _descending(p: Floats) -> list[int]:
    return sorted(range(len(p)), key=lambda y: -p[y])  # a stable sort: of equal ones the first comes first


def _share(p: Floats, share: float) -> None:
    _law(p, "p")
    if not 0 < share <= 1:
        raise ValueError("needs 0 < p <= 1")


def _given(masses: Sequence[Fraction]) -> list[float]:
    """Masses, renormalised."""
    total = sum(masses)
    if total == 0:
        raise ValueError("nothing is left")
    return [float(mass / total) for mass in masses]
