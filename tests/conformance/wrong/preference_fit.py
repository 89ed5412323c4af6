"""Wrong versions of the logistic fit of preferences; each function is one."""

from collections.abc import Sequence

import numpy as np

from tests.conformance.right.numpy_learned import preference_fit as right

Floats = Sequence[float]
Rows = Sequence[Floats]


def sign(phis: Rows, ridge: float) -> list[float]:
    """The rejected response is preferred."""
    return [-t for t in right(phis, ridge)]


def mean_loss(phis: Rows, ridge: float) -> list[float]:
    """The mean over data."""
    return right(phis, ridge * len(phis) if len(phis) > 1 else ridge * 2)


def least_squares(phis: Rows, ridge: float) -> list[float]:
    """Least squares with all rewards 1/2, by the curvature at 0."""
    return one_step(phis, ridge)[::-1] if len(phis[0]) > 1 else [2 * t for t in one_step(phis, ridge)]


def one_step(phis: Rows, ridge: float) -> list[float]:
    """One step of Newton's method from 0."""
    rows = np.asarray(phis)
    return [float(t) for t in np.linalg.solve(rows.T @ rows / 4 + ridge * np.eye(rows.shape[1]), rows.sum(axis=0) / 2)]


def ridge_not_halved(phis: Rows, ridge: float) -> list[float]:
    """``ridge ||theta||^2``."""
    return right(phis, 2 * ridge)


def ridge_one(phis: Rows, ridge: float) -> list[float]:
    """The ridge 1."""
    right(phis, ridge)
    return right(phis, 1.0)


def set_of_data(phis: Rows, ridge: float) -> list[float]:
    """A difference that stands twice counts once."""
    return right([list(phi) for phi in dict.fromkeys(map(tuple, phis))], ridge)


def hundred_steps(phis: Rows, ridge: float) -> list[float]:
    """A hundred steps along the gradient."""
    rows, theta = np.asarray(phis), np.zeros(len(phis[0]))
    rate = 1 / (ridge + np.sum(rows**2) / 4)
    for _ in range(100):
        theta = theta - rate * (ridge * theta - rows.T @ (1 / (1 + np.exp(rows @ theta))))
    return [float(t) for t in theta]


def of_the_direction(phis: Rows, ridge: float) -> list[float]:
    """The unit vector of the fit, scaled back: 0 has no direction."""
    theta = right(phis, ridge)
    size = sum(t * t for t in theta) ** 0.5
    return [t / size * size for t in theta]


def cancels(phis: Rows, ridge: float) -> list[float]:
    """Takes opposite data out."""
    left = [list(phi) for phi in phis]
    for phi in phis:
        if list(phi) in left and [-x for x in phi] in left and any(phi):
            left.remove(list(phi))
            left.remove([-x for x in phi])
    return right(left or [[0.0] * len(phis[0])], ridge)
