"""Wrong versions of the truncated reward differences; each function is one."""

from collections.abc import Sequence

from tests.conformance.right.numpy_arrays import accepts, elliptic
from tests.conformance.right.numpy_bounds import truncated_f as right

Floats = Sequence[float]
Rows = Sequence[Floats]


def _away(candidates: Rows, drawn: Floats) -> list[list[float]]:
    return [[a - b for a, b in zip(row, drawn, strict=True)] for row in candidates]


def _dot(theta: Floats, row: Floats) -> float:
    return sum(a * b for a, b in zip(theta, row, strict=True))


def not_differences(phis: Rows, theta: Floats, candidates: Rows, drawn: Floats, ridge: float, nu: float) -> list[float]:
    """``<theta, phi(y)>``, without what was drawn."""
    right(phis, theta, candidates, drawn, ridge, nu)
    away = _away(candidates, drawn)
    return [0.0 if accepts(phis, v, ridge, nu) else _dot(theta, c) for v, c in zip(away, candidates, strict=True)]


def sign(phis: Rows, theta: Floats, candidates: Rows, drawn: Floats, ridge: float, nu: float) -> list[float]:
    """Drawn minus candidate."""
    return [-x for x in right(phis, theta, candidates, drawn, ridge, nu)]


def no_truncation(phis: Rows, theta: Floats, candidates: Rows, drawn: Floats, ridge: float, nu: float) -> list[float]:
    """Nothing is truncated."""
    right(phis, theta, candidates, drawn, ridge, nu)
    return [_dot(theta, v) for v in _away(candidates, drawn)]


def covers_phi(phis: Rows, theta: Floats, candidates: Rows, drawn: Floats, ridge: float, nu: float) -> list[float]:
    """Asks whether the feature is covered, not the difference."""
    right(phis, theta, candidates, drawn, ridge, nu)
    away = _away(candidates, drawn)
    return [0.0 if accepts(phis, c, ridge, nu) else _dot(theta, v) for v, c in zip(away, candidates, strict=True)]


def strictly_less(phis: Rows, theta: Floats, candidates: Rows, drawn: Floats, ridge: float, nu: float) -> list[float]:
    """A norm of ``nu`` exactly is not covered."""
    found = right(phis, theta, candidates, drawn, ridge, nu)
    return [
        x if elliptic(phis, v, ridge) < nu * nu * (1 - 2.0**-40) else 0.0
        for x, v in zip(found, _away(candidates, drawn), strict=True)
    ]


def nu_not_squared(phis: Rows, theta: Floats, candidates: Rows, drawn: Floats, ridge: float, nu: float) -> list[float]:
    """The squared norm against ``nu``."""
    right(phis, theta, candidates, drawn, ridge, nu)
    return right(phis, theta, candidates, drawn, ridge, nu**0.5)


def clipped(phis: Rows, theta: Floats, candidates: Rows, drawn: Floats, ridge: float, nu: float) -> list[float]:
    """Clips to [-1, 1] in place of truncating."""
    right(phis, theta, candidates, drawn, ridge, nu)
    return [max(-1.0, min(1.0, _dot(theta, v))) for v in _away(candidates, drawn)]


def ridge_missing(phis: Rows, theta: Floats, candidates: Rows, drawn: Floats, ridge: float, nu: float) -> list[float]:
    """The ridge is 1."""
    right(phis, theta, candidates, drawn, ridge, nu)
    return right(phis, theta, candidates, drawn, 1.0, nu)


def kept_outside(phis: Rows, theta: Floats, candidates: Rows, drawn: Floats, ridge: float, nu: float) -> list[float]:
    """What is covered is 0."""
    found = right(phis, theta, candidates, drawn, ridge, nu)
    return [0.0 if x else _dot(theta, v) for x, v in zip(found, _away(candidates, drawn), strict=True)]


def features_ignored(
    phis: Rows, theta: Floats, candidates: Rows, drawn: Floats, ridge: float, nu: float
) -> list[float]:
    """The ellipsoid before any difference was accepted."""
    right(phis, theta, candidates, drawn, ridge, nu)
    return right([], theta, candidates, drawn, ridge, nu)


def minus_infinity(phis: Rows, theta: Floats, candidates: Rows, drawn: Floats, ridge: float, nu: float) -> list[float]:
    """What is not covered is a reward of -1000."""
    found = right(phis, theta, candidates, drawn, ridge, nu)
    away = _away(candidates, drawn)
    return [-1000.0 if accepts(phis, v, ridge, nu) else x for x, v in zip(found, away, strict=True)]
