"""Wrong versions of ``phi^T (ridge I + sum phi_i phi_i^T)^-1 phi``; each function is one."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.conformance.right.plain_floats import elliptic as right

Floats = Sequence[float]
Rows = Sequence[Floats]


def _sigma(phis: Rows, d: int, ridge: float) -> Any:  # noqa: ANN401 - an array
    rows = np.asarray(phis, dtype=float).reshape(len(phis), d)
    return rows.T @ rows + ridge * np.eye(d)


def ridge_missing(phis: Rows, phi: Floats, ridge: float) -> float:  # noqa: ARG001
    """Leaves the ridge out, but for what makes the matrix regular."""
    return right(phis, phi, 2.0**-40)


def ridge_one(phis: Rows, phi: Floats, ridge: float) -> float:  # noqa: ARG001
    """The ridge 1."""
    return right(phis, phi, 1.0)


def ridge_squared(phis: Rows, phi: Floats, ridge: float) -> float:
    """The square of the ridge."""
    return right(phis, phi, ridge * ridge)


def not_squared(phis: Rows, phi: Floats, ridge: float) -> float:
    """The norm, not its square."""
    return float(np.sqrt(right(phis, phi, ridge)))


def sigma_not_inverse(phis: Rows, phi: Floats, ridge: float) -> float:
    """The norm by the matrix, not by its inverse."""
    return float(np.asarray(phi) @ _sigma(phis, len(phi), ridge) @ np.asarray(phi))


def normal_equations(phis: Rows, phi: Floats, ridge: float) -> float:
    """Solves with the matrix itself, whose condition is the square. [numpy, scipy and jax programs]"""
    d = len(phi)
    matrix = [[sum(row[i] * row[j] for row in phis) + ridge * (i == j) for j in range(d)] for i in range(d)]
    return sum(a * b for a, b in zip(phi, _solved(matrix, phi), strict=True))


def _solved(matrix: Rows, right_side: Floats) -> list[float]:
    """Gaussian elimination with pivots.

    LAPACK's last bits depend on the machine, and with them what it fails.
    """
    rows = [[*row, b] for row, b in zip(matrix, right_side, strict=True)]
    n = len(rows)
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(rows[i][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for row in rows[k + 1 :]:
            factor = row[k] / rows[k][k]
            row[k:] = [a - factor * b for a, b in zip(row[k:], rows[k][k:], strict=True)]
    found = [0.0] * n
    for k in reversed(range(n)):
        found[k] = (rows[k][n] - sum(rows[k][j] * found[j] for j in range(k + 1, n))) / rows[k][k]
    return found


def sherman_morrison_drift(phis: Rows, phi: Floats, ridge: float) -> float:
    """Updates the inverse pair by pair, and drifts. [LinUCB libraries]"""
    inverse = np.eye(len(phi)) / ridge
    for row in phis:
        along = inverse @ np.asarray(row)
        inverse -= np.outer(along, along) / (1 + np.asarray(row) @ along)
    return float(np.asarray(phi) @ inverse @ np.asarray(phi))


def sherman_morrison_no_denominator(phis: Rows, phi: Floats, ridge: float) -> float:
    """Updates the inverse without the denominator."""
    inverse = np.eye(len(phi)) / ridge
    for row in phis:
        along = inverse @ np.asarray(row)
        inverse -= np.outer(along, along)
    return float(np.asarray(phi) @ inverse @ np.asarray(phi))


def updated_with_itself(phis: Rows, phi: Floats, ridge: float) -> float:
    """Measures after the pair was added."""
    return right([*phis, phi], phi, ridge)


def diagonal_only(phis: Rows, phi: Floats, ridge: float) -> float:
    """Keeps the diagonal."""
    return float(np.sum(np.asarray(phi) ** 2 / np.diag(_sigma(phis, len(phi), ridge))))


def averaged(phis: Rows, phi: Floats, ridge: float) -> float:
    """The mean of the outer products, not the sum."""
    size = max(len(phis), 1) ** 0.5
    return right([[x / size for x in row] for row in phis], phi, ridge)


def float32(phis: Rows, phi: Floats, ridge: float) -> float:
    """Works in binary32, and says that it is binary64."""
    sigma = _sigma(phis, len(phi), ridge).astype(np.float32)
    target = np.asarray(phi, np.float32)
    return float(target @ np.linalg.solve(sigma, target))


def last_row_dropped(phis: Rows, phi: Floats, ridge: float) -> float:
    """Leaves the last pair out."""
    return right(phis[:-1], phi, ridge)


def ridge_times_n(phis: Rows, phi: Floats, ridge: float) -> float:
    """The ridge times the number of pairs."""
    return right(phis, phi, ridge * max(len(phis), 1))


def of_the_direction(phis: Rows, phi: Floats, ridge: float) -> float:
    """The norm of the unit vector, scaled back: 0 has no direction."""
    size = sum(x * x for x in phi) ** 0.5
    return float(right(phis, [x / size for x in phi], ridge) * size * size)
