"""Wrong versions of the acceptance test ``||phi||^2 > nu^2`` of phase 1; each function is one."""

from collections.abc import Sequence
from math import sqrt

from tests.conformance.right.plain_floats import accepts as right
from tests.conformance.right.plain_floats import elliptic

Floats = Sequence[float]
Rows = Sequence[Floats]


def greater_or_equal(phis: Rows, phi: Floats, ridge: float, nu: float) -> bool:
    """Takes a tie."""
    return right(phis, phi, ridge, nu) or elliptic(phis, phi, ridge) >= nu * nu


def nu_not_squared(phis: Rows, phi: Floats, ridge: float, nu: float) -> bool:
    """Compares the square with ``nu``."""
    return elliptic(phis, phi, ridge) > nu


def inverted(phis: Rows, phi: Floats, ridge: float, nu: float) -> bool:
    """Takes what is covered."""
    return not right(phis, phi, ridge, nu)


def tolerance_1e_9(phis: Rows, phi: Floats, ridge: float, nu: float) -> bool:
    """Takes what exceeds by 1e-9 at least."""
    return elliptic(phis, phi, ridge) > nu * nu + 1e-9


def ridge_one(phis: Rows, phi: Floats, ridge: float, nu: float) -> bool:  # noqa: ARG001
    """The ridge 1."""
    return right(phis, phi, 1.0, nu)


def square_root_in_float(phis: Rows, phi: Floats, ridge: float, nu: float) -> bool:
    """Compares the norms in floats."""
    return sqrt(elliptic(phis, phi, ridge)) > nu


def square_in_float(phis: Rows, phi: Floats, ridge: float, nu: float) -> bool:
    """Compares the squares in floats."""
    return elliptic(phis, phi, ridge) > nu * nu


def always(phis: Rows, phi: Floats, ridge: float, nu: float) -> bool:  # noqa: ARG001
    """Takes all."""
    return True


def never(phis: Rows, phi: Floats, ridge: float, nu: float) -> bool:  # noqa: ARG001
    """Takes none."""
    return False
