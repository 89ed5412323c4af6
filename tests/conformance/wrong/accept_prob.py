"""Wrong versions of ``min(1, exp(f(y)/beta) / (Zhat M))``; each function is one."""

from collections.abc import Sequence
from math import exp, fsum

from tests.conformance.right.plain_floats import accept_prob as right

Floats = Sequence[float]


def no_shift(f: Floats, drawn: Sequence[int], y: int, beta: float, M: float) -> float:
    """Takes the exponentials as they are: they overflow."""
    mean = fsum(exp(f[i] / beta) for i in drawn) / len(drawn)
    return min(1.0, exp(f[y] / beta) / (mean * M))


def not_clipped(f: Floats, drawn: Sequence[int], y: int, beta: float, M: float) -> float:
    """May exceed 1. [speculative decoding]"""
    top = max(f[i] for i in drawn)
    return exp((f[y] - top) / beta) / (fsum(exp((f[i] - top) / beta) for i in drawn) / len(drawn) * M)


def M_missing(f: Floats, drawn: Sequence[int], y: int, beta: float, M: float) -> float:  # noqa: ARG001
    """Leaves ``M`` out."""
    return right(f, drawn, y, beta, 1.0)


def M_twice(f: Floats, drawn: Sequence[int], y: int, beta: float, M: float) -> float:
    """``M`` squared."""
    return right(f, drawn, y, beta, M * M)


def beta_missing(f: Floats, drawn: Sequence[int], y: int, beta: float, M: float) -> float:  # noqa: ARG001
    """Leaves ``beta`` out."""
    return right(f, drawn, y, 1.0, M)


def sum_not_mean(f: Floats, drawn: Sequence[int], y: int, beta: float, M: float) -> float:
    """The sum over the draws in place of their mean."""
    return right(f, drawn, y, beta, M * len(drawn))


def largest_for_mean(f: Floats, drawn: Sequence[int], y: int, beta: float, M: float) -> float:
    """The largest drawn weight in place of the mean."""
    return right(f, [max(drawn, key=lambda i: f[i])], y, beta, M)


def draws_once(f: Floats, drawn: Sequence[int], y: int, beta: float, M: float) -> float:
    """The mean over the responses that came, each once."""
    return right(f, sorted(set(drawn)), y, beta, M)


def clips_the_weight(f: Floats, drawn: Sequence[int], y: int, beta: float, M: float) -> float:
    """Clips before dividing by ``M``."""
    return min(1.0, right(f, drawn, y, beta, 1.0)) / M
