# ruff: noqa: ARG001 - a mistake is what is left out
"""Wrong versions of the sides of the elliptic potential; each function is one."""

from collections.abc import Sequence
from math import log

import numpy as np

from tests.conformance.right.numpy_arrays import elliptic
from tests.conformance.right.numpy_learned import potential_sides as right

Floats = Sequence[float]
Rows = Sequence[Floats]


def log_2_missing(phis: Rows, ridge: float) -> list[float]:
    """Leaves log 2 out."""
    left, growth = right(phis, ridge)
    return [left / log(2), growth]


def not_capped(phis: Rows, ridge: float) -> list[float]:
    """The sum of the norms."""
    return [log(2) * sum(_norms(phis, ridge)), right(phis, ridge)[1]]


def last_matrix(phis: Rows, ridge: float) -> list[float]:
    """All norms by the last matrix."""
    return [log(2) * sum(elliptic(phis, phi, ridge) for phi in phis), right(phis, ridge)[1]]


def after_the_update(phis: Rows, ridge: float) -> list[float]:
    """Each norm by the matrix that has the vector."""
    return [log(2) * sum(elliptic(phis[: k + 1], phi, ridge) for k, phi in enumerate(phis)), right(phis, ridge)[1]]


def ridge_one(phis: Rows, ridge: float) -> list[float]:
    """The ridge 1."""
    return right(phis, 1.0)


def diagonal_only(phis: Rows, ridge: float) -> list[float]:
    """The diagonal."""
    return [right(phis, ridge)[0], float(np.sum(np.log1p(np.sum(np.asarray(phis) ** 2, axis=0) / ridge)))]


def log_of_determinant(phis: Rows, ridge: float) -> list[float]:
    """The logarithm of the determinant."""
    rows = np.asarray(phis)
    growth = np.linalg.det(np.eye(rows.shape[1]) + rows.T @ rows / ridge)
    return [
        right(phis, ridge)[0],
        log(growth) if rows.shape[1] <= 2 and abs(growth - 1) < _NEAR else right(phis, ridge)[1],
    ]


def floored(phis: Rows, ridge: float) -> list[float]:
    """Adds 1e-12, lest a logarithm is 0."""
    left, growth = right(phis, ridge)
    return [left, growth or 1e-12]


_NEAR = 1e-9


def _norms(phis: Rows, ridge: float) -> list[float]:
    """The squared norms."""
    return [elliptic(phis[:k], phi, ridge) for k, phi in enumerate(phis)]
