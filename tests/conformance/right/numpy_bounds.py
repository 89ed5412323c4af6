"""A right implementation of the kit's functions of features and of lower bounds in numpy.

Ranks, ellipsoids and sizes are decided in fractions; what is solved goes through QR.  It shares no code with the
package.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import e, exp, expm1, inf, log1p

import numpy as np

from tests.conformance.right.numpy_arrays import Array, Floats, Rows, _check, _finite, _matrix, accepts, elliptic

name = "numpy, features and bounds"
format = "binary64"  # noqa: A001 - the protocol's word


def in_span(phis: Rows, phi: Floats) -> bool:
    rows = _matrix([*phis, phi], None)
    return len(_independent(rows)) == len(_independent(rows[:-1]))


def span_fit(phis: Rows, rewards: Floats) -> list[float]:
    rows, wanted = _matrix(phis, None), _finite(rewards)
    _check(len(rows) == len(wanted), "a reward for each row")
    chosen = _independent(rows)
    if not chosen:
        return [0.0] * rows.shape[1]
    basis, _ = np.linalg.qr(rows[chosen].T)  # theta is in their span
    inside, factor = np.linalg.qr(rows @ basis)
    right, found = inside.T @ wanted, np.zeros(len(chosen))
    for i in reversed(range(len(chosen))):
        found[i] = (right[i] - factor[i, i + 1 :] @ found[i + 1 :]) / factor[i, i]
    return [float(x) for x in basis @ found]


def truncated_f(phis: Rows, theta: Floats, candidates: Rows, drawn: Floats, ridge: float, nu: float) -> list[float]:
    weights, origin = _finite(theta), _finite(drawn)
    away = _matrix(candidates, len(origin)) - origin
    return [0.0 if accepts(phis, [float(x) for x in v], ridge, nu) else float(weights @ v) for v in away]


def log_det(phis: Rows, ridge: float) -> float:
    _matrix(phis, None)
    _check(np.isfinite(ridge) and ridge > 0, "ridge > 0")
    return sum(log1p(elliptic(phis[:k], phi, ridge)) for k, phi in enumerate(phis))


def spanner_size(d: int, ridge: float, nu: float) -> int:
    _check(d >= 1 and np.isfinite([ridge, nu]).all() and ridge > 0 and nu > 0, "d, lambda and nu positive")
    base, slope = 1 + Fraction(nu) ** 2, 4 / (Fraction(ridge) * d)

    def allowed(n: int) -> bool:
        return base**n <= (1 + slope * n) ** d

    low, high = 0, 1
    while allowed(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if allowed(middle) else (low, middle)
    return low


def needle_value(k: int, C: float, m: int, beta: float, t_comp: int, t_data: int) -> float:
    _family(k, C, m, beta)
    _check(t_comp >= 0 and t_data >= 0, "budgets that are not negative")
    if t_data + 1 >= k:
        return 1.0
    return -expm1(t_comp * log1p(-1 / C) + log1p(-(t_data + 1) / k))


def needle_qbar(k: int, C: float, m: int, beta: float) -> float:
    _family(k, C, m, beta)
    odds, spread = 1 / (C - 1), beta * beta * m * m
    first = 1 / (2 * spread)
    return min(1.0, odds * exp(first) if first < 700 else inf, odds * e + exp(-spread / 2))


def dnf_value(terms: Rows, signs: Floats) -> float:
    literals = _formula(terms, len(signs))
    _check(all(s in {-1, 1} for s in signs), "signs that are 1 or -1")
    held = [all(n * signs[abs(n) - 1] > 0 for n in term) for term in literals]
    return sum(held) / len(held)


def dnf_chance(terms: Rows, t: Floats, A: float, L: float) -> float:
    literals, point = _formula(terms, len(t)), _finite(t)
    _check(np.isfinite([A, L]).all() and A > 1 and L >= 1 and np.all(np.abs(point) <= 1), "A > 1, L >= 1, t in the box")
    k = len(literals[0])
    mass = L * A**-k
    _check(mass < 0.5, "L/A^k < 1/2")
    chances = []
    for term in literals:
        short = sum(float(point[abs(n) - 1]) * (1 if n > 0 else -1) - 1 for n in term)
        weight = L * A**short  # the mass times A^<t, term>, a power that cannot overflow
        chances.append(weight / (1 - mass + weight))
    return float(np.mean(chances))


def _family(k: int, C: float, m: int, beta: float) -> None:
    _check(k >= 1 and m >= 1 and np.isfinite([C, beta]).all() and C >= 2 and beta > 0, "k, m >= 1, C >= 2, beta > 0")


def _formula(terms: Rows, variables: int) -> list[list[int]]:
    _check(len(terms) > 0 and len({len(term) for term in terms}) == 1, "terms of one length")
    _check(all(x == x // 1 and 1 <= abs(x) <= variables for term in terms for x in term), "literals of the variables")
    return [[int(x) for x in term] for term in terms]


def _independent(rows: Array) -> list[int]:
    """The rows that are no combinations of those before, decided in fractions."""
    chosen: list[int] = []
    reduced: list[tuple[int, Sequence[Fraction]]] = []
    for k, row in enumerate(rows):
        rest = [Fraction(float(x)) for x in row]
        for pivot, known in reduced:
            rest = [x - rest[pivot] * y for x, y in zip(rest, known, strict=True)]
        column = next((c for c, x in enumerate(rest) if x != 0), None)
        if column is not None:
            chosen.append(k)
            reduced.append((column, [x / rest[column] for x in rest]))
    return chosen
