"""Wrong versions of the bound on how probably a parameter hits; each function is one."""

from math import e, exp, inf

from tests.conformance.right.numpy_bounds import needle_qbar as right


def _bound(odds: float, d: float, beta: float) -> float:
    first = 1 / (2 * d * beta * beta)
    return min(1.0, odds * exp(first) if first < 700 else inf, odds * e + exp(-beta * beta * d / 2))


def m_for_d(k: int, C: float, m: int, beta: float) -> float:
    """``d = m`` in place of ``m^2``."""
    right(k, C, m, beta)
    return _bound(1 / (C - 1), m, beta)


def p_for_odds(k: int, C: float, m: int, beta: float) -> float:
    """``p`` in place of ``p/(1-p)``."""
    right(k, C, m, beta)
    return _bound(1 / C, m * m, beta)


def first_only(k: int, C: float, m: int, beta: float) -> float:
    """The second bound is left out."""
    right(k, C, m, beta)
    return min(1.0, exp(1 / (2 * m * m * beta * beta)) / (C - 1))


def second_only(k: int, C: float, m: int, beta: float) -> float:
    """The first bound is left out."""
    right(k, C, m, beta)
    return min(1.0, e / (C - 1) + exp(-beta * beta * m * m / 2))


def no_one(k: int, C: float, m: int, beta: float) -> float:
    """The bound 1 is left out."""
    right(k, C, m, beta)
    return min(exp(1 / (2 * m * m * beta * beta)) / (C - 1), e / (C - 1) + exp(-beta * beta * m * m / 2))


def largest(k: int, C: float, m: int, beta: float) -> float:
    """The larger of the bounds."""
    right(k, C, m, beta)
    first = exp(1 / (2 * m * m * beta * beta)) / (C - 1)
    return min(1.0, max(first, e / (C - 1) + exp(-beta * beta * m * m / 2)))


def beta_not_squared(k: int, C: float, m: int, beta: float) -> float:
    """``beta`` in place of its square."""
    right(k, C, m, beta)
    return _bound(1 / (C - 1), m * m, beta**0.5)


def no_half(k: int, C: float, m: int, beta: float) -> float:
    """``exp(1/(d beta^2))``."""
    right(k, C, m, beta)
    return min(1.0, exp(1 / (m * m * beta * beta)) / (C - 1), e / (C - 1) + exp(-beta * beta * m * m))


def union_over_k(k: int, C: float, m: int, beta: float) -> float:
    """Times ``k``."""
    return min(1.0, k * right(k, C, m, beta))


def odds_alone(k: int, C: float, m: int, beta: float) -> float:
    """No exponential."""
    right(k, C, m, beta)
    return min(1.0, 1 / (C - 1) + exp(-beta * beta * m * m / 2))


def three_for_e(k: int, C: float, m: int, beta: float) -> float:
    """``3/(C-1)`` in the second bound."""
    right(k, C, m, beta)
    return min(1.0, exp(1 / (2 * m * m * beta * beta)) / (C - 1), 3 / (C - 1) + exp(-beta * beta * m * m / 2))
