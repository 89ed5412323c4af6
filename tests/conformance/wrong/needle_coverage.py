# ruff: noqa: ARG001 - a mistake is what is left out
"""Wrong versions of the coverage of the needle's optimum; each function is one."""

from collections.abc import Sequence
from math import exp

from tests.conformance.right.numpy_learned import needle_coverage as right

Floats = Sequence[float]


def one_over_p(k: int, C: float, m: int, beta: float) -> float:
    """Its bound ``C``."""
    right(k, C, m, beta)
    return C


def exponential_alone(k: int, C: float, m: int, beta: float) -> float:
    """Its bound ``e^(1/beta)``."""
    right(k, C, m, beta)
    return exp(min(1 / beta, 700.0))


def normaliser_of_needle(k: int, C: float, m: int, beta: float) -> float:
    """``e^(1/beta)/(1 + e^(1/beta)/C)``."""
    right(k, C, m, beta)
    return 1 / (exp(-1 / beta) + 1 / C)


def beta_missing(k: int, C: float, m: int, beta: float) -> float:
    """Leaves ``beta`` out."""
    right(k, C, m, beta)
    return right(k, C, m, 1.0)


def beta_inverted(k: int, C: float, m: int, beta: float) -> float:
    """Takes ``1/beta`` for ``beta``."""
    return right(k, C, m, 1 / beta)


def naive_exp(k: int, C: float, m: int, beta: float) -> float:
    """``e^(1/beta)``, which overflows."""
    top = exp(1 / beta)
    return top / (1 - 1 / C + top / C)


def exact_one(k: int, C: float, m: int, beta: float) -> float:
    """Takes ``e^(1/beta)`` for 1 where it is next to it."""
    return 1.0 if 1 / beta < _SMALL else right(k, C, m, beta)


def d_for_k(k: int, C: float, m: int, beta: float) -> float:
    """``C`` times the dimension."""
    return right(k, C * m * m + k, m, beta)


_SMALL = 1e-9
