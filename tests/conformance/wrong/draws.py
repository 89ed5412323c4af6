"""Wrong versions of ``N = ceil(4 M log(4/delta))``; each function is one."""

from math import ceil, floor, log

import numpy as np

from tests.conformance.right.plain_floats import draws as right


def floors(M: float, delta: float) -> int:
    """Rounds down."""
    return floor(4 * M * log(4 / delta))


def one_more(M: float, delta: float) -> int:
    """One draw more."""
    return right(M, delta) + 1


def one_less(M: float, delta: float) -> int:
    """One draw less."""
    return right(M, delta) - 1


def log2(M: float, delta: float) -> int:
    """The logarithm to base 2."""
    return ceil(4 * M * log(4 / delta) / log(2))


def log_2_over_delta(M: float, delta: float) -> int:
    """``2/delta`` for ``4/delta``."""
    return ceil(4 * M * log(2 / delta))


def no_4(M: float, delta: float) -> int:
    """``M log(4/delta)``."""
    return ceil(M * log(4 / delta))


def float_ceiling(M: float, delta: float) -> int:
    """The formula in floats: off by one where the value is nearly an integer. [19 of 80 vectors, in every language]"""
    return ceil(4 * M * log(4 / delta))


def ceil_inside(M: float, delta: float) -> int:
    """Rounds the logarithm up first."""
    return ceil(4 * M) * ceil(log(4 / delta))


def float32(M: float, delta: float) -> int:
    """Works in binary32."""
    return int(np.ceil(np.float32(4) * np.float32(M) * np.log(np.float32(4) / np.float32(delta))))


def rounds(M: float, delta: float) -> int:
    """Rounds to nearest."""
    return round(4 * M * log(4 / delta))


def any_delta(M: float, delta: float) -> int:
    """Takes parameters outside their range."""
    return right(M, delta) if M >= 1 and 0 < delta <= 1 else max(1, ceil(4 * M * log(4 / max(delta, 1e-9))))


any_delta.forgives = True  # type: ignore[attr-defined]  # that is the mistake


def M_rounded_up(M: float, delta: float) -> int:
    """The ceiling of ``M`` first."""
    return right(ceil(M), delta)


def M_as_short_integer(M: float, delta: float) -> int:
    """``M`` ends at 2^24."""
    return right(min(M, 2.0**24), delta)
