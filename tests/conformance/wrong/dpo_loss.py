"""Wrong versions of the DPO loss; each function is one."""

from collections.abc import Sequence
from math import exp, fsum, log

from tests.conformance.right.plain_floats import dpo_loss as right

Floats = Sequence[float]


def _margins(chosen: Floats, rejected: Floats, base_chosen: Floats, base_rejected: Floats, beta: float) -> list[float]:
    rows = zip(chosen, rejected, base_chosen, base_rejected, strict=True)
    return [beta * ((c - c0) - (d - d0)) for c, d, c0, d0 in rows]


def log_of_sigmoid(chosen: Floats, rejected: Floats, base_chosen: Floats, base_rejected: Floats, beta: float) -> float:
    """The logarithm of a sigmoid, which underflows."""
    margins = _margins(chosen, rejected, base_chosen, base_rejected, beta)
    return -fsum(log(1 / (1 + exp(-h))) for h in margins)


def mean(chosen: Floats, rejected: Floats, base_chosen: Floats, base_rejected: Floats, beta: float) -> float:
    """The mean over pairs."""
    return right(chosen, rejected, base_chosen, base_rejected, beta) / len(chosen)


def sign(chosen: Floats, rejected: Floats, base_chosen: Floats, base_rejected: Floats, beta: float) -> float:
    """Prefers what was rejected."""
    return right(rejected, chosen, base_rejected, base_chosen, beta)


def beta_missing(chosen: Floats, rejected: Floats, base_chosen: Floats, base_rejected: Floats, beta: float) -> float:  # noqa: ARG001
    """Leaves ``beta`` out."""
    return right(chosen, rejected, base_chosen, base_rejected, 1.0)


def hinge(chosen: Floats, rejected: Floats, base_chosen: Floats, base_rejected: Floats, beta: float) -> float:
    """The hinge loss."""
    return fsum(max(0.0, 1 - h) for h in _margins(chosen, rejected, base_chosen, base_rejected, beta))


def reference_free(chosen: Floats, rejected: Floats, base_chosen: Floats, base_rejected: Floats, beta: float) -> float:
    """Leaves the base model out."""
    return right(chosen, rejected, [0.0] * len(base_chosen), [0.0] * len(base_rejected), beta)


def clamped(chosen: Floats, rejected: Floats, base_chosen: Floats, base_rejected: Floats, beta: float) -> float:
    """Clamps the margin to 30 in size."""
    margins = _margins(chosen, rejected, base_chosen, base_rejected, beta)
    return fsum(log(1 + exp(-max(-30.0, min(30.0, h)))) for h in margins)


def log_of_one_plus(chosen: Floats, rejected: Floats, base_chosen: Floats, base_rejected: Floats, beta: float) -> float:
    """``log(1 + exp(-h))``, which is 0 for a large margin."""
    margins = _margins(chosen, rejected, base_chosen, base_rejected, beta)
    return fsum(log(1 + exp(-h)) if h > 0 else log(1 + exp(h)) - h for h in margins)


def squared(chosen: Floats, rejected: Floats, base_chosen: Floats, base_rejected: Floats, beta: float) -> float:
    """IPO's loss."""
    margins = _margins(chosen, rejected, base_chosen, base_rejected, beta)
    return fsum((h / beta - 1 / (2 * beta)) ** 2 for h in margins)
