"""Wrong versions of ``E_{pi*}[pi*/pi]``; each function is one."""

from collections.abc import Sequence
from math import exp, fsum, sqrt

from tests.conformance.right.numpy_further import l1_coverage as right
from tests.conformance.right.plain_floats import coverage, softmax

Floats = Sequence[float]


def largest_ratio(pi: Floats, r: Floats, beta: float) -> float:
    """``max pi*/pi``."""
    return coverage(pi, r, beta)


def base_mean(pi: Floats, r: Floats, beta: float) -> float:
    """The mean under the base law: 1."""
    right(pi, r, beta)
    return 1.0


def chi_squared(pi: Floats, r: Floats, beta: float) -> float:
    """1 less: the divergence chi-squared."""
    return right(pi, r, beta) - 1


def beta_missing(pi: Floats, r: Floats, beta: float) -> float:
    """Leaves ``beta`` out."""
    right(pi, r, beta)
    return right(pi, r, 1.0)


def base_ignored(pi: Floats, r: Floats, beta: float) -> float:
    """The uniform law in place of the base model, on its support."""
    right(pi, r, beta)
    live = [x for p, x in zip(pi, r, strict=True) if p > 0]
    weights = [exp((x - max(live)) / beta) for x in live]
    return len(live) * fsum(w * w for w in weights) / fsum(weights) ** 2


def no_max_shift(pi: Floats, r: Floats, beta: float) -> float:
    """Takes the exponentials as they are: they overflow."""
    right(pi, r, beta)
    second = fsum(p * exp(2 * x / beta) for p, x in zip(pi, r, strict=True))
    return second / fsum(p * exp(x / beta) for p, x in zip(pi, r, strict=True)) ** 2


def unsupported_counted(pi: Floats, r: Floats, beta: float) -> float:
    """Responses that the base model cannot give are given a little."""
    right(pi, r, beta)
    base = [p or 1e-6 for p in pi]
    weights = [p * exp((x - max(r)) / beta) for p, x in zip(base, r, strict=True)]
    return fsum(w * w / p for w, p in zip(weights, base, strict=True)) / fsum(weights) ** 2


def inverted(pi: Floats, r: Floats, beta: float) -> float:
    """``E_pi[pi/pi*]``."""
    best = softmax(pi, r, beta)
    return fsum(p * p / b for p, b in zip(pi, best, strict=True) if b > 0)


def root(pi: Floats, r: Floats, beta: float) -> float:
    """Its root: the norm of the ratios."""
    return sqrt(right(pi, r, beta))


def temperature_inverted(pi: Floats, r: Floats, beta: float) -> float:
    """Takes ``1/beta`` for ``beta``."""
    return right(pi, r, 1 / beta)


def masses_squared(pi: Floats, r: Floats, beta: float) -> float:
    """``sum pi*^2``: the base law is not divided out."""
    return fsum(b * b for b in softmax(pi, r, beta))
