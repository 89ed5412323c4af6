"""Wrong versions of the derivatives of one pair's DPO loss; each function is one."""

from math import exp

import numpy as np

from tests.conformance.right.numpy_further import dpo_gradient as right


def sign(chosen: float, rejected: float, base_chosen: float, base_rejected: float, beta: float) -> list[float]:
    """The loss rises."""
    return [-x for x in right(chosen, rejected, base_chosen, base_rejected, beta)]


def sigma_of_h(chosen: float, rejected: float, base_chosen: float, base_rejected: float, beta: float) -> list[float]:
    """``sigma(h)`` in place of ``sigma(-h)``."""
    return right(-chosen, -rejected, -base_chosen, -base_rejected, beta)


def beta_missing_outside(
    chosen: float, rejected: float, base_chosen: float, base_rejected: float, beta: float
) -> list[float]:
    """``sigma(-h)``, without ``beta``."""
    return [x / beta for x in right(chosen, rejected, base_chosen, base_rejected, beta)]


def beta_missing_inside(
    chosen: float, rejected: float, base_chosen: float, base_rejected: float, beta: float
) -> list[float]:
    """``beta sigma(-h/beta)``."""
    right(chosen, rejected, base_chosen, base_rejected, beta)
    return [beta * x for x in right(chosen, rejected, base_chosen, base_rejected, 1.0)]


def naive_sigmoid(chosen: float, rejected: float, base_chosen: float, base_rejected: float, beta: float) -> list[float]:
    """``1 - 1/(1 + exp(-h))``: it overflows, or is 0."""
    right(chosen, rejected, base_chosen, base_rejected, beta)
    slope = beta * (1 - 1 / (1 + exp(-beta * ((chosen - base_chosen) - (rejected - base_rejected)))))
    return [-slope, slope]


def reference_free(
    chosen: float, rejected: float, base_chosen: float, base_rejected: float, beta: float
) -> list[float]:
    """The base model's log-probabilities are left out."""
    right(chosen, rejected, base_chosen, base_rejected, beta)
    return right(chosen, rejected, 0.0, 0.0, beta)


def swapped(chosen: float, rejected: float, base_chosen: float, base_rejected: float, beta: float) -> list[float]:
    """That of the rejected one first."""
    return right(chosen, rejected, base_chosen, base_rejected, beta)[::-1]


def hinge(chosen: float, rejected: float, base_chosen: float, base_rejected: float, beta: float) -> list[float]:
    """The slope of ``max(1 - h, 0)``."""
    right(chosen, rejected, base_chosen, base_rejected, beta)
    slope = beta if beta * ((chosen - base_chosen) - (rejected - base_rejected)) < 1 else 0.0
    return [-slope, slope]


def chosen_only(chosen: float, rejected: float, base_chosen: float, base_rejected: float, beta: float) -> list[float]:
    """The rejected response is a constant."""
    return [right(chosen, rejected, base_chosen, base_rejected, beta)[0], 0.0]


def by_the_margin(chosen: float, rejected: float, base_chosen: float, base_rejected: float, beta: float) -> list[float]:
    """Both have the sign of the first."""
    return [right(chosen, rejected, base_chosen, base_rejected, beta)[0]] * 2


def float32_throughout(
    chosen: float, rejected: float, base_chosen: float, base_rejected: float, beta: float
) -> list[float]:
    """Works in binary32, and says that it is binary64."""
    return [float(np.float32(x)) for x in right(chosen, rejected, base_chosen, base_rejected, beta)]


def half_missing(chosen: float, rejected: float, base_chosen: float, base_rejected: float, beta: float) -> list[float]:
    """The slope of a squared loss of the probability: twice, with ``sigma(h)``."""
    slope = right(chosen, rejected, base_chosen, base_rejected, beta)[1]
    slope *= 2 * (1 - slope / beta)
    return [-slope, slope]
