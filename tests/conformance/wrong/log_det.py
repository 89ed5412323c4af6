"""Wrong versions of ``log det(I + sum phi phi^T / ridge)``; each function is one."""

from collections.abc import Sequence
from math import exp, log, log1p

import numpy as np

from tests.conformance.right.numpy_arrays import Array
from tests.conformance.right.numpy_bounds import log_det as right

Floats = Sequence[float]
Rows = Sequence[Floats]


def _gram(phis: Rows, ridge: float) -> Array:
    right(phis, ridge)
    rows = np.asarray(phis, float)
    found: Array = rows.T @ rows / ridge
    return found


def log_trace(phis: Rows, ridge: float) -> float:
    """The logarithm of 1 and the trace."""
    return log1p(float(np.trace(_gram(phis, ridge))))


def base_2(phis: Rows, ridge: float) -> float:
    """In bits."""
    return right(phis, ridge) / log(2)


def not_normalised(phis: Rows, ridge: float) -> float:
    """``log det(ridge I + ...)``."""
    return right(phis, ridge) + len(phis[0]) * log(ridge)


def diagonal_only(phis: Rows, ridge: float) -> float:
    """The diagonal alone."""
    return float(np.sum(np.log1p(np.diag(_gram(phis, ridge)))))


def log_of_determinant(phis: Rows, ridge: float) -> float:
    """``log(det)``: next to 1 nothing is left."""
    gram = _gram(phis, ridge)
    return float(np.linalg.slogdet(np.eye(len(gram)) + gram)[1])


def determinant_overflows(phis: Rows, ridge: float) -> float:
    """Forms the determinant."""
    gram = _gram(phis, ridge)
    return log(float(np.linalg.det(np.eye(len(gram)) + gram)))


def trace(phis: Rows, ridge: float) -> float:
    """The trace, which bounds it."""
    return float(np.trace(_gram(phis, ridge)))


def no_identity(phis: Rows, ridge: float) -> float:
    """``log det`` of the sum alone."""
    return float(np.linalg.slogdet(_gram(phis, ridge))[1])


def sum_of_norms(phis: Rows, ridge: float) -> float:
    """``sum log(1 + |phi|^2/ridge)``: each as if it were the first."""
    right(phis, ridge)
    return sum(log1p(sum(x * x for x in row) / ridge) for row in phis)


def half(phis: Rows, ridge: float) -> float:
    """Half of it, an information gain."""
    return right(phis, ridge) / 2


def determinant(phis: Rows, ridge: float) -> float:
    """The determinant."""
    return exp(right(phis, ridge))


def nothing_is_zero(phis: Rows, ridge: float) -> float:
    """0 where there are no features, in whatever dimension."""
    return right(phis, ridge) if phis else 0.0


def floored(phis: Rows, ridge: float) -> float:
    """Adds 1e-12, lest the logarithm is 0."""
    return right(phis, ridge) or 1e-12


nothing_is_zero.forgives = True  # type: ignore[attr-defined]  # that is the mistake


def infinite_determinant(phis: Rows, ridge: float) -> float:
    """Infinite where the determinant overflows, and else right."""
    found = right(phis, ridge)
    return found if found < _LARGEST else float("inf")


_LARGEST = 709
