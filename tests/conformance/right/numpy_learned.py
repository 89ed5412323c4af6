"""A right implementation in numpy of what learners fit, choose and return, and of the sides of bounds.

What is decided (an index, a rank, a tie) is decided in fractions or with 60 digits.  No code is the package's.
"""

from collections.abc import Sequence
from math import exp, log

import mpmath
import numpy as np

from tests.conformance.right.numpy_arrays import (
    Array,
    Floats,
    Rows,
    _check,
    _finite,
    _law,
    _matrix,
    elliptic,
    sampler_law,
)
from tests.conformance.right.numpy_bounds import _family, _formula, _independent, truncated_f

name = "numpy, what learners return"
format = "binary64"  # noqa: A001 - the protocol's word

Ints = Sequence[int]


def xpo_loss(
    chosen: Floats,
    rejected: Floats,
    base_chosen: Floats,
    base_rejected: Floats,
    answered: Ints,
    beta: float,
    alpha: float,
) -> float:
    rows = [_finite(row) for row in (chosen, rejected, base_chosen, base_rejected)]
    _pairs(rows, answered, beta, alpha)
    margin = beta * ((rows[0] - rows[2]) - (rows[1] - rows[3]))
    bonus = np.where(np.asarray(answered) == 0, rows[0], rows[1])
    return float(np.sum(np.logaddexp(0.0, -margin)) + alpha * beta * np.sum(bonus))


def xpo_argmin(
    chosen: Rows,
    rejected: Rows,
    base_chosen: Floats,
    base_rejected: Floats,
    answered: Ints,
    beta: float,
    alpha: float,
) -> int:
    up, down = _matrix(chosen, len(answered)), _matrix(rejected, len(answered))
    _check(0 < len(up) == len(down), "a row of both for each policy")
    _pairs([*up, *down, _finite(base_chosen), _finite(base_rejected)], answered, beta, alpha)
    losses = []
    with mpmath.workdps(60):
        for more, less in zip(up, down, strict=True):
            loss = mpmath.mpf(0)
            for c, r, bc, br, side in zip(more, less, base_chosen, base_rejected, answered, strict=True):
                loss += mpmath.log1p(mpmath.exp(-beta * ((mpmath.mpf(c) - bc) - (mpmath.mpf(r) - br))))
                loss += mpmath.mpf(alpha) * beta * (r if side else c)
            losses.append(loss)
        return min(range(len(losses)), key=losses.__getitem__)


def preference_fit(phis: Rows, ridge: float) -> list[float]:
    rows = _matrix(phis, None)
    _check(np.isfinite(ridge) and ridge > 0, "ridge > 0")
    theta = np.zeros(rows.shape[1])
    for _ in range(100):
        scores = rows @ theta
        lost = np.exp(-np.logaddexp(0.0, scores))
        factor = np.sqrt(lost * np.exp(-np.logaddexp(0.0, -scores)))
        gradient = ridge * theta - rows.T @ lost
        _, triangle = np.linalg.qr(np.vstack([rows * factor[:, None], np.sqrt(ridge) * np.eye(len(theta))]))
        step, size = np.linalg.solve(triangle, np.linalg.solve(triangle.T, gradient)), 1.0
        if np.max(np.abs(step)) > 1e-4:  # a loss that falls by less is not seen to
            while _fit_loss(rows, ridge, theta - size * step) > _fit_loss(rows, ridge, theta):
                size /= 2
        moved = theta - size * step
        if np.array_equal(moved, theta):
            break
        theta = moved
    return [float(x) for x in theta]


def spanner_policy(
    pi: Floats,
    candidates: Rows,
    phis: Rows,
    thetas: Rows,
    beta: float,
    M: float,
    N: int,
    ridge: float,
    nu: float,
) -> list[float]:
    base = _law(pi)
    _check(len(candidates) == len(pi) and len(thetas) > 0, "features of each response, and a theta")
    masses = np.zeros(len(base))
    for theta in thetas:
        for mass, drawn in zip(pi, candidates, strict=True):
            f = truncated_f(phis, theta, candidates, drawn, ridge, nu)
            masses += mass * np.asarray(sampler_law(pi, f, beta, M, N))
    return [float(p) for p in masses / len(thetas)]


def spanner_coefficients(vectors: Rows, indices: Ints, phi: Floats) -> list[float]:
    table, target = _matrix(vectors, len(phi)), _finite(phi)
    _check(len(indices) > 0 and all(0 <= i < len(table) for i in indices), "indices of vectors")
    chosen = table[list(indices)]
    _check(_independent(np.vstack([chosen, target])) == list(range(len(indices))), "phi over independent vectors")
    basis, triangle = np.linalg.qr(chosen.T)
    return [float(x) for x in np.linalg.solve(triangle, basis.T @ target)]


def spanner_size_sides(phis: Rows, ridge: float, nu: float) -> list[float]:
    rows = _matrix(phis, None)
    _check(np.isfinite([ridge, nu]).all() and ridge > 0 and nu > 0, "lambda and nu positive")
    n, d = rows.shape
    growth = float(np.prod([1 + elliptic(phis[:k], phi, ridge) for k, phi in enumerate(phis)]))
    return [(1 + nu * nu) ** n, growth, (1 + 4 * n / (ridge * d)) ** d]


def potential_sides(phis: Rows, ridge: float) -> list[float]:
    _matrix(phis, None)
    _check(np.isfinite(ridge) and ridge > 0, "lambda positive")
    norms = [elliptic(phis[:k], phi, ridge) for k, phi in enumerate(phis)]
    return [log(2) * float(np.sum(np.minimum(norms, 1.0))), float(np.sum(np.log1p(norms)))]


def needle_coverage(k: int, C: float, m: int, beta: float) -> float:
    _family(k, C, m, beta)
    return C / (1 + (C - 1) * exp(-1 / beta))


def dnf_soundness(terms: Rows, signs: Floats, A: float, L: float) -> float:
    literals = _formula(terms, len(signs))
    _check(all(s in {-1, 1} for s in signs) and np.isfinite([A, L]).all(), "signs that are 1 or -1")
    _check(A > 1 and L >= 1 and L * A ** -len(literals[0]) < 0.5, "A > 1, L >= 1, L/A^k < 1/2")
    value = float(np.mean([all(n * signs[abs(n) - 1] > 0 for n in term) for term in literals]))
    rest = 1 - L * A ** -len(literals[0])
    return value * L / (rest + L) + (1 - value) * (L / A) / (rest + L / A)


def _pairs(rows: Sequence[Array], answered: Ints, beta: float, alpha: float) -> None:
    _check({len(row) for row in rows} == {len(answered)} and len(answered) > 0, "rows of one length")
    _check(np.isfinite([beta, alpha]).all() and beta > 0 and alpha >= 0, "beta > 0 and alpha >= 0")
    _check(all(side in {0, 1} for side in answered), "answered: 0 or 1")


def _fit_loss(rows: Array, ridge: float, theta: Array) -> float:
    return float(np.sum(np.logaddexp(0.0, -(rows @ theta))) + ridge / 2 * (theta @ theta))
