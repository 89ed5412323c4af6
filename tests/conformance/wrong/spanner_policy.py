# ruff: noqa: ARG001 - a mistake is what is left out
"""Wrong versions of the law of SpannerSampling's policy; each function is one."""

from collections.abc import Sequence

import numpy as np

from tests.conformance.right.numpy_arrays import sampler_law, softmax
from tests.conformance.right.numpy_bounds import truncated_f
from tests.conformance.right.numpy_learned import spanner_policy as right

Floats = Sequence[float]
Rows = Sequence[Floats]


def exact_tilt(
    pi: Floats, candidates: Rows, phis: Rows, thetas: Rows, beta: float, M: float, N: int, ridge: float, nu: float
) -> list[float]:
    """The tilt itself in place of SoftmaxSampler."""
    return _mixed(pi, candidates, phis, thetas, beta, M, N, ridge, nu, tilt=True)


def one_trial_fewer(
    pi: Floats, candidates: Rows, phis: Rows, thetas: Rows, beta: float, M: float, N: int, ridge: float, nu: float
) -> list[float]:
    """A draw and a trial fewer."""
    right(pi, candidates, phis, thetas, beta, M, N, ridge, nu)
    return right(pi, candidates, phis, thetas, beta, M, max(N - 1, 1), ridge, nu) if N > 1 else list(pi)


def last_theta(
    pi: Floats, candidates: Rows, phis: Rows, thetas: Rows, beta: float, M: float, N: int, ridge: float, nu: float
) -> list[float]:
    """The last theta."""
    return right(pi, candidates, phis, thetas[-1:], beta, M, N, ridge, nu)


def mean_theta(
    pi: Floats, candidates: Rows, phis: Rows, thetas: Rows, beta: float, M: float, N: int, ridge: float, nu: float
) -> list[float]:
    """The mean of the thetas."""
    mean = [sum(column) / len(thetas) for column in zip(*thetas, strict=True)]
    return right(pi, candidates, phis, [mean], beta, M, N, ridge, nu)


def no_truncation(
    pi: Floats, candidates: Rows, phis: Rows, thetas: Rows, beta: float, M: float, N: int, ridge: float, nu: float
) -> list[float]:
    """``f`` whatever is covered."""
    return right(pi, candidates, phis, thetas, beta, M, N, ridge, 2.0**60)


def first_reference(
    pi: Floats, candidates: Rows, phis: Rows, thetas: Rows, beta: float, M: float, N: int, ridge: float, nu: float
) -> list[float]:
    """The first response is the reference."""
    return _mixed(pi, candidates, phis, thetas, beta, M, N, ridge, nu, drawn=candidates[0])


def no_reference(
    pi: Floats, candidates: Rows, phis: Rows, thetas: Rows, beta: float, M: float, N: int, ridge: float, nu: float
) -> list[float]:
    """Features in place of differences."""
    return _mixed(pi, candidates, phis, thetas, beta, M, N, ridge, nu, drawn=[0.0] * len(candidates[0]))


def nu_not_squared(
    pi: Floats, candidates: Rows, phis: Rows, thetas: Rows, beta: float, M: float, N: int, ridge: float, nu: float
) -> list[float]:
    """``nu`` in place of its square."""
    return right(pi, candidates, phis, thetas, beta, M, N, ridge, nu**0.5)


def strictly_less(
    pi: Floats, candidates: Rows, phis: Rows, thetas: Rows, beta: float, M: float, N: int, ridge: float, nu: float
) -> list[float]:
    """A norm of ``nu^2`` exactly is not covered."""
    return right(pi, candidates, phis, thetas, beta, M, N, ridge, nu * (1 - 2.0**-40))


def beta_missing(
    pi: Floats, candidates: Rows, phis: Rows, thetas: Rows, beta: float, M: float, N: int, ridge: float, nu: float
) -> list[float]:
    """Leaves ``beta`` out."""
    right(pi, candidates, phis, thetas, beta, M, N, ridge, nu)
    return right(pi, candidates, phis, thetas, 1.0, M, N, ridge, nu)


def uniform_reference(
    pi: Floats, candidates: Rows, phis: Rows, thetas: Rows, beta: float, M: float, N: int, ridge: float, nu: float
) -> list[float]:
    """The reference response is uniform on the support."""
    live = [p > 0 for p in pi]
    return _mixed(pi, candidates, phis, thetas, beta, M, N, ridge, nu, weights=[y / sum(live) for y in live])


def ridge_one(
    pi: Floats, candidates: Rows, phis: Rows, thetas: Rows, beta: float, M: float, N: int, ridge: float, nu: float
) -> list[float]:
    """The ridge 1."""
    right(pi, candidates, phis, thetas, beta, M, N, ridge, nu)
    return right(pi, candidates, phis, thetas, beta, M, N, 1.0, nu)


def off_support_mass(
    pi: Floats, candidates: Rows, phis: Rows, thetas: Rows, beta: float, M: float, N: int, ridge: float, nu: float
) -> list[float]:
    """Gives each response at least 1e-9."""
    masses = [max(p, 1e-9) for p in right(pi, candidates, phis, thetas, beta, M, N, ridge, nu)]
    return [p / sum(masses) for p in masses]


def _mixed(
    pi: Floats,
    candidates: Rows,
    phis: Rows,
    thetas: Rows,
    beta: float,
    M: float,
    N: int,
    ridge: float,
    nu: float,
    *,
    drawn: Floats | None = None,
    weights: Floats | None = None,
    tilt: bool = False,
) -> list[float]:
    """The mixture, by one reference, other weights of references, or other samplers."""
    masses = np.zeros(len(pi))
    for theta in thetas:
        for weight, each in zip(weights or pi, candidates, strict=True):
            f = truncated_f(phis, theta, candidates, each if drawn is None else drawn, ridge, nu)
            masses += weight * np.asarray(softmax(pi, f, beta) if tilt else sampler_law(pi, f, beta, M, N))
    return [float(p) for p in masses / len(thetas)]
