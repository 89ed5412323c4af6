"""Functions of the kit about what learners fit, choose and return."""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import product
from typing import Final, get_args

from flint import arb, fmpq

from reference.algorithms.parts.cover import RidgeCover, truncated
from reference.algorithms.parts.newton import logistic_newton
from reference.algorithms.parts.preference_losses import BaseSide, PreferencePair
from reference.conformance.kinds import Function, Input, Value, all_positive, entries_of, equally_long, masses_of
from reference.exact.law import Law
from reference.exact.linalg import Gram, Matrix, Vector
from reference.exact.log_linear import LogLinear, LogLinearLike, loglinear
from reference.exact.precision import workprec
from reference.exact.reals import Real, enclosed, real
from reference.laws import softmax_sampler_law, softmax_sampler_masses, xpo_loss

_Row = Sequence[fmpq]


def sampler_masses(pi: _Row, f: Sequence[LogLinearLike], beta: fmpq, M: fmpq, N: int) -> Sequence[Value]:
    """The law of SoftmaxSampler's response, with ``N`` draws for ``Zhat`` and at most ``N`` trials."""
    equally_long(pi=pi, f=f)
    all_positive(beta=beta)
    setting = Law.of(enumerate(pi)), lambda y: loglinear(f[y]), beta, M, N
    with suppress(ValueError):  # exp(f/beta) is irrational
        return masses_of(softmax_sampler_law(*setting), len(pi))
    return entries_of(softmax_sampler_masses(*setting), len(pi))


def returned_masses(
    pi: _Row,
    candidates: Sequence[Vector],
    phis: Sequence[Vector],
    thetas: Sequence[Vector],
    beta: fmpq,
    M: fmpq,
    N: int,
    ridge: fmpq,
    nu: fmpq,
) -> Sequence[Value]:
    """What SpannerSampling's policy answers: ``theta`` uniform, ``y2`` from ``pi``, then SoftmaxSampler of ``f``.

    ``candidates``: the features of the responses; ``phis``: the accepted differences.
    """
    equally_long(pi=pi, candidates=candidates)
    all_positive(ridge=ridge, nu=nu)
    cover = RidgeCover(Gram.ridge(len(candidates[0]), ridge).with_vectors(phis), ridge, nu)
    if not thetas:
        msg = "no theta"
        raise ValueError(msg)
    law = [real(0)] * len(pi)
    for theta, (mass, drawn) in product(thetas, zip(pi, candidates, strict=True)):
        f = truncated(cover, tuple(map(LogLinear, theta)), drawn)
        answered = sampler_masses(pi, [f(phi) for phi in candidates], beta, M, N)
        law = [total + real(each) * (mass / len(thetas)) for total, each in zip(law, answered, strict=True)]
    return law


def _xpo_loss(
    chosen: _Row,
    rejected: _Row,
    base_chosen: _Row,
    base_rejected: _Row,
    answered: Sequence[int],
    beta: fmpq,
    alpha: fmpq,
) -> Sequence[Value]:
    """DPO's loss, and ``alpha beta log pi(y')``, over pairs; ``answered``: 0 where ``y'`` is the chosen, else 1."""
    return [_xpo(chosen, rejected, base_chosen, base_rejected, answered, beta, alpha)]


def _xpo_argmin(
    chosen: Sequence[Vector],
    rejected: Sequence[Vector],
    base_chosen: _Row,
    base_rejected: _Row,
    answered: Sequence[int],
    beta: fmpq,
    alpha: fmpq,
) -> Sequence[Value]:
    """The first policy, a row each, at which XPO's loss is smallest."""
    equally_long(chosen=chosen, rejected=rejected)
    rows = zip(chosen, rejected, strict=True)
    losses = [_xpo(list(up), list(down), base_chosen, base_rejected, answered, beta, alpha) for up, down in rows]
    return [losses.index(min(losses))]


def _xpo(
    chosen: _Row, rejected: _Row, base: _Row, other: _Row, answered: Sequence[int], beta: fmpq, alpha: fmpq
) -> Real:
    sides = get_args(BaseSide)
    pairs = zip(chosen, rejected, base, other, answered, strict=True)
    losses = (xpo_loss(PreferencePair(*pair), beta, alpha, base=sides[side]) for *pair, side in pairs)
    total: Real | None = None
    for loss in losses:
        total = loss.value if total is None else total + loss.value
    if total is None:
        msg = "no pairs"
        raise ValueError(msg)
    return total


def _preference_fit(phis: Sequence[Vector], ridge: fmpq) -> Sequence[Value]:
    """``argmin sum_i log(1 + exp(-<theta, phi_i>)) + ridge/2 ||theta||^2``; ``phi_i``: preferred minus other."""
    all_positive(ridge=ridge)
    dimension = len(phis[0])
    data = tuple(sorted(Counter(phis).items(), key=lambda item: tuple(item[0])))
    if not any(sum((phi[i] for phi in phis), fmpq(0)) for i in range(dimension)):
        return [real(0)] * dimension  # the gradient vanishes there
    unseen = [all(phi[i] == 0 for phi in phis) for i in range(dimension)]
    return [real(0) if unseen[i] else enclosed(_fitted, data, dimension, ridge, i) for i in range(dimension)]


def _fitted(prec: int, data: tuple[tuple[Vector, int], ...], dimension: int, ridge: fmpq, i: int) -> arb:
    """Return a ball around an entry of the minimiser, by Newton's certificate."""
    found = logistic_newton(dict(data), dimension, ridge, prec)
    with workprec(2 * prec):
        return arb(found.theta[i]) + arb(0, arb(found.radius))


def _spanner_coefficients(vectors: Sequence[Vector], indices: Sequence[int], phi: Vector) -> Sequence[Value]:
    """The coefficients of ``phi`` over the vectors at these indices, in their order."""
    chosen = [vectors[i] for i in indices]
    gram = inner_products_of(chosen)
    if not chosen or gram.determinant() == 0:
        msg = "the vectors at these indices are none, or dependent"
        raise ValueError(msg)
    solved = gram.solve(Vector.of(v.dot(phi) for v in chosen))
    if Matrix.of(chosen).transpose() @ solved != phi:
        msg = "phi is no combination of the chosen vectors"
        raise ValueError(msg)
    return [real(x) for x in solved]


def inner_products_of(chosen: Iterable[Vector]) -> Matrix:
    """Return the inner products of vectors with each other."""
    rows = list(chosen)
    return Matrix.of([[u.dot(v) for v in rows] for u in rows], len(rows))


_PAIRS: Final[dict[str, Input]] = {
    "base_chosen": "numbers", "base_rejected": "numbers", "answered": "integers", "beta": "number", "alpha": "number",
}  # fmt: skip

LEARNED: Final = (
    Function("xpo_loss", {"chosen": "numbers", "rejected": "numbers", **_PAIRS}, "number", _xpo_loss),
    Function("xpo_argmin", {"chosen": "rows", "rejected": "rows", **_PAIRS}, "integer", _xpo_argmin),
    Function("preference_fit", {"phis": "rows", "ridge": "number"}, "numbers", _preference_fit, solves=True),
    Function(
        "spanner_policy",
        {
            "pi": "law", "candidates": "rows", "phis": "rows", "thetas": "rows", "beta": "number", "M": "number",
            "N": "integer", "ridge": "number", "nu": "number",
        },
        "law",
        returned_masses,
    ),
    Function(
        "spanner_coefficients",
        {"vectors": "rows", "indices": "integers", "phi": "numbers"},
        "numbers",
        _spanner_coefficients,
        solves=True,
    ),
)  # fmt: skip
"""In the order of the kit."""
