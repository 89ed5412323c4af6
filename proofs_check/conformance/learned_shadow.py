"""The second source of what learners fit and return, and of the sides of bounds; see its neighbour ``shadow``."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from mpmath import mp

from proofs_check.conformance.further_shadow import FURTHER_SHADOWS
from proofs_check.conformance.shadow import FIRST_SHADOWS, Num, Rows, dot, ridge_matrix, solved

_FEWER = 12
"""Digits that the gradient of a fit may lack of the working precision."""


def _xpo_loss(
    chosen: Sequence[Num],
    rejected: Sequence[Num],
    base_chosen: Sequence[Num],
    base_rejected: Sequence[Num],
    answered: Sequence[int],
    beta: Num,
    alpha: Num,
) -> Num:
    total = mp.mpf(0)
    for i, side in enumerate(answered):
        margin = beta * (chosen[i] + base_rejected[i] - rejected[i] - base_chosen[i])
        total += mp.log1p(mp.exp(-abs(margin))) + max(-margin, mp.mpf(0))
        total += alpha * beta * (chosen, rejected)[side][i]
    return total


def _xpo_argmin(chosen: Rows, rejected: Rows, *rest: Any, **named: Any) -> int:  # noqa: ANN401 - as the loss
    losses = [_xpo_loss(up, down, *rest, **named) for up, down in zip(chosen, rejected, strict=True)]
    return min(range(len(losses)), key=lambda i: (losses[i], i))


def _preference_fit(phis: Rows, ridge: Num) -> list[Num]:
    """Newton's method, damped while the loss does not fall."""
    theta = [mp.mpf(0)] * len(phis[0])
    while True:
        lost = [1 / (1 + mp.exp(dot(theta, phi))) for phi in phis]
        slope = [
            ridge * t - mp.fsum(p * phi[i] for p, phi in zip(lost, phis, strict=True)) for i, t in enumerate(theta)
        ]
        if max(map(abs, slope)) <= ridge * mp.mpf(10) ** (_FEWER - mp.dps):
            return theta
        near = max(map(abs, slope)) <= ridge * mp.mpf(10) ** -_FEWER  # a loss that falls by so little is not seen to
        spread = [[mp.sqrt(p * (1 - p)) * x for x in phi] for p, phi in zip(lost, phis, strict=True)]
        step, size = solved(ridge_matrix(spread, ridge, len(theta)), slope), mp.mpf(1)
        nearer = _moved(theta, step, size)
        while not near and _fit_loss(phis, ridge, nearer) > _fit_loss(phis, ridge, theta):
            size /= 2
            nearer = _moved(theta, step, size)
        theta = nearer


def _moved(theta: Sequence[Num], step: Sequence[Num], size: Num) -> list[Num]:
    return [t - size * s for t, s in zip(theta, step, strict=True)]


def _fit_loss(phis: Rows, ridge: Num, theta: Sequence[Num]) -> Num:
    return mp.fsum(mp.log1p(mp.exp(-dot(theta, phi))) for phi in phis) + ridge / 2 * dot(theta, theta)


def _spanner_policy(
    pi: Sequence[Num],
    candidates: Rows,
    phis: Rows,
    thetas: Rows,
    beta: Num,
    M: Num,
    N: int,
    ridge: Num,
    nu: Num,
) -> list[Num]:
    law = [mp.mpf(0)] * len(pi)
    for theta in thetas:
        for mass, drawn in zip(pi, candidates, strict=True):
            f = FURTHER_SHADOWS["truncated_f"](phis, theta, candidates, drawn, ridge, nu)
            part = FIRST_SHADOWS["sampler_law"](pi, f, beta, M, N)
            law = [x + mass * y / len(thetas) for x, y in zip(law, part, strict=True)]
    return law


def _spanner_coefficients(vectors: Rows, indices: Sequence[int], phi: Sequence[Num]) -> list[Num]:
    """By orthogonal vectors; off the span the nearest combination, so that inputs have neighbours to all sides."""
    axes: list[list[Num]] = []
    shares: list[list[Num]] = []  # of each vector, along those axes
    for v in [*(vectors[i] for i in indices), phi]:
        rest, along = list(v), list[Num]()
        for axis in axes:
            along.append(dot(rest, axis) / dot(axis, axis))
            rest = [x - along[-1] * y for x, y in zip(rest, axis, strict=True)]
        axes.append(rest)
        shares.append(along)
    *triangle, wanted = shares
    found: list[Num] = []
    for k in reversed(range(len(indices))):
        later = zip(found, triangle[k + 1 :], strict=True)
        found.insert(0, wanted[k] - sum((c * row[k] for c, row in later), start=wanted[k] * 0))
    return found


def _spanner_size_sides(phis: Rows, ridge: Num, nu: Num) -> list[Num]:
    n, d = len(phis), len(phis[0])
    one = ridge / ridge
    growth = one
    for k, phi in enumerate(phis):  # the determinant grows by this factor
        growth *= 1 + dot(phi, solved(ridge_matrix(phis[:k], ridge, d), phi))
    return [(one + nu * nu) ** n, growth, (one + 4 * n / (ridge * d)) ** d]


def _potential_sides(phis: Rows, ridge: Num) -> list[Num]:
    norms = [dot(phi, solved(ridge_matrix(phis[:k], ridge, len(phi)), phi)) for k, phi in enumerate(phis)]
    capped = mp.fsum(min(norm, mp.mpf(1)) for norm in norms)
    return [mp.log(2) * capped, mp.fsum(mp.log1p(norm) for norm in norms)]


def _needle_coverage(k: int, C: Num, m: int, beta: Num) -> Num:
    del k, m
    return C / (1 + (C - 1) * mp.exp(-1 / beta))


def _dnf_soundness(terms: Rows, signs: Sequence[Num], A: Num, L: Num) -> Num:
    value = FURTHER_SHADOWS["dnf_value"](terms, signs)
    short = 1 - L / A ** len(terms[0])
    return value * L / (short + L) + (1 - value) * L / (A * short + L)


LEARNED_SHADOWS: Final[Mapping[str, Callable[..., Any]]] = {
    "xpo_loss": _xpo_loss,
    "xpo_argmin": _xpo_argmin,
    "preference_fit": _preference_fit,
    "spanner_policy": _spanner_policy,
    "spanner_coefficients": _spanner_coefficients,
    "spanner_size_sides": _spanner_size_sides,
    "potential_sides": _potential_sides,
    "needle_coverage": _needle_coverage,
    "dnf_soundness": _dnf_soundness,
}
"""By the names of the kit."""

LEARNED_RATIONAL: Final = frozenset({"spanner_coefficients", "spanner_size_sides", "dnf_soundness"})
"""Those that need only +, -, * and /."""
