"""Wrong versions of the sides of the size bound; each function is one."""

from collections.abc import Sequence

import numpy as np

from tests.conformance.right.numpy_learned import spanner_size_sides as right

Floats = Sequence[float]
Rows = Sequence[Floats]


def one_for_four(phis: Rows, ridge: float, nu: float) -> list[float]:
    """``1 + n/(ridge d)``."""
    return [*right(phis, ridge, nu)[:2], (1 + len(phis) / (ridge * len(phis[0]))) ** len(phis[0])]


def product_for_power(phis: Rows, ridge: float, nu: float) -> list[float]:
    """``1 + n nu^2``."""
    return [1 + len(phis) * nu * nu + 1e-9, *right(phis, ridge, nu)[1:]]


def nu_not_squared(phis: Rows, ridge: float, nu: float) -> list[float]:
    """``nu`` in place of its square."""
    return right(phis, ridge, nu**0.5)


def not_normalised(phis: Rows, ridge: float, nu: float) -> list[float]:
    """The determinant itself."""
    first, growth, last = right(phis, ridge, nu)
    return [first, growth * ridge ** len(phis[0]), last]


def dimension_missing(phis: Rows, ridge: float, nu: float) -> list[float]:
    """``1 + 4n/ridge``."""
    return [*right(phis, ridge, nu)[:2], (1 + 4 * len(phis) / ridge) ** len(phis[0])]


def diagonal_only(phis: Rows, ridge: float, nu: float) -> list[float]:
    """The product of the diagonal."""
    growth = np.prod(1 + np.sum(np.asarray(phis) ** 2, axis=0) / ridge)
    first, _, last = right(phis, ridge, nu)
    return [first, float(growth), last]


def by_minors(phis: Rows, ridge: float, nu: float) -> list[float]:
    """The determinant as a difference of products."""
    first, growth, last = right(phis, ridge, nu)
    if len(phis[0]) == 2:
        rows = np.asarray(phis)
        sigma = rows.T @ rows + ridge * np.eye(2)
        growth = float(sigma[0, 0] * sigma[1, 1] - sigma[0, 1] * sigma[1, 0]) / ridge**2
    return [first, growth, last]
