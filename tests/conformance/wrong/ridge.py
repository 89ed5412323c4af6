"""Wrong versions of ridge regression; each function is one."""

from collections.abc import Sequence
from math import fsum

import numpy as np

from tests.conformance.right.plain_floats import ridge as right

Floats = Sequence[float]
Rows = Sequence[Floats]


def ridge_missing(phis: Rows, rewards: Floats, ridge: float) -> list[float]:
    """Least squares of least norm."""
    right(phis, rewards, ridge)  # refuses what is no table
    return [float(x) for x in np.linalg.lstsq(np.asarray(phis, dtype=float), np.asarray(rewards), rcond=None)[0]]


def ridge_times_n(phis: Rows, rewards: Floats, ridge: float) -> list[float]:
    """The mean of the squares, not the sum, beside the ridge."""
    return right(phis, rewards, ridge * len(phis))


def ridge_squared(phis: Rows, rewards: Floats, ridge: float) -> list[float]:
    """The square of the ridge."""
    return right(phis, rewards, ridge * ridge)


def ridge_halved(phis: Rows, rewards: Floats, ridge: float) -> list[float]:
    """A ridge beside half the squares."""
    return right(phis, rewards, ridge * 2)


def sum_of_rewards(phis: Rows, rewards: Floats, ridge: float) -> list[float]:
    """Fits each pair to the sum of all rewards."""
    return right(phis, [fsum(rewards)] * len(rewards), ridge)


def normal_equations(phis: Rows, rewards: Floats, ridge: float) -> list[float]:
    """Solves with ``Phi^T Phi``, whose condition is the square. [numpy and scipy programs]"""
    rows = np.asarray(phis, dtype=float)
    sigma = rows.T @ rows + ridge * np.eye(rows.shape[1])
    return [float(x) for x in np.linalg.solve(sigma, rows.T @ np.asarray(rewards, dtype=float))]


def intercept(phis: Rows, rewards: Floats, ridge: float) -> list[float]:
    """Fits an intercept, too."""
    return right([[*row, 1.0] for row in phis], rewards, ridge)[:-1]


def last_pair_dropped(phis: Rows, rewards: Floats, ridge: float) -> list[float]:
    """Leaves the last pair out."""
    return right(phis[:-1], rewards[:-1], ridge) if len(phis) > 1 else [0.0] * len(phis[0])


def sign(phis: Rows, rewards: Floats, ridge: float) -> list[float]:
    """``r2 - r1``."""
    return [-x for x in right(phis, rewards, ridge)]


def ridge_one(phis: Rows, rewards: Floats, ridge: float) -> list[float]:  # noqa: ARG001
    """The ridge 1."""
    return right(phis, rewards, 1.0)


def rewards_scaled(phis: Rows, rewards: Floats, ridge: float) -> list[float]:
    """Divides the rewards by the largest, and multiplies in the end."""
    size = max(abs(r) for r in rewards)
    return [x * size for x in right(phis, [r / size for r in rewards], ridge)]
