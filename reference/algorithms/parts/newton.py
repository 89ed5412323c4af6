"""The minimiser of the regularised logistic loss over all real ``theta``, rounded, with a certificate.

::

    F(theta) = sum_D n log(1 + exp(-<theta, phi>)) + (ridge/2) ||theta||^2

    1  theta <- 0
    2  repeat
    3      g <- grad F(theta);  H <- Hess F(theta)
    4      if ||g|| <= ridge 2^-bits, with certainty: return theta
    5      theta <- theta - s H^-1 g, s = 1, 1/2, 1/4, ... while F is greater;  round to multiples of 2^-(bits + guard)

``F`` is strongly convex with constant ``ridge``, so that ``||theta - argmin F|| <= ||grad F(theta)|| / ridge``, which
is at most ``2^-bits`` by line 4.  Nothing else matters, and the steps use midpoints; line 4 is checked again by
:mod:`reference.certificates.logistic`.

Source: Newton's method; the certificate is ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flint import arb, arb_mat, fmpq

from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear
from reference.exact.number import Undecided
from reference.exact.precision import workprec
from reference.exact.rational_numbers import rational_text
from reference.model.parameter_set import Theta

GUARD = 16
"""Binary digits kept beyond ``bits`` and those of the condition number; the arithmetic has twice as many."""

MOST_STEPS = 200
"""Newton's method doubles its digits in each of the last steps; this many are never needed in practice."""


Repeated = list[tuple[Vector, int]]
"""Data with their multiplicities."""


@dataclass(frozen=True, slots=True)
class LogisticMinimiser:
    """A rational ``theta`` with ``||theta - argmin F|| <= radius``."""

    theta: tuple[fmpq, ...]
    radius: fmpq

    @property
    def parameter(self) -> Theta:
        """``theta`` as a parameter."""
        return tuple(LogLinear(entry) for entry in self.theta)


def logistic_newton(data: Mapping[Vector, int], dimension: int, ridge: fmpq, bits: int) -> LogisticMinimiser:
    """Return the minimiser of ``F`` up to ``2^-bits``; ``data``: differences ``phi`` with their multiplicities.

    Raises:
        ValueError: unless ``ridge > 0``: the minimiser of separable data would be at infinity; unless ``bits >= 0``.
        Undecided: if Newton's method has not come there in :data:`MOST_STEPS` steps.
    """
    if ridge <= 0 or bits < 0:
        msg = f"ridge = {rational_text(ridge)}, bits = {bits}: needs ridge > 0 and bits >= 0"
        raise ValueError(msg)
    repeated = sorted(data.items(), key=lambda item: tuple(item[0]))  # in one order: rounding may depend on it
    curvature = sum((n * phi.dot(phi) for phi, n in repeated), ridge)  # at least ||Hess F||: what rounding theta costs
    extra = GUARD + int(curvature / ridge).bit_length()
    with workprec(2 * (bits + extra)):
        target = (arb(ridge) * arb(2) ** -bits) ** 2
        theta = [fmpq(0)] * dimension  # 1
        for _ in range(MOST_STEPS):  # 2
            value, g, H = _derivatives(repeated, theta, ridge)  # 3
            if sum((entry * entry for entry in g), arb(0)) <= target:  # 4
                return LogisticMinimiser(tuple(theta), fmpq(1, 1 << bits))
            step = arb_mat(H).solve(arb_mat([[entry] for entry in g]))
            theta = _shorter(repeated, theta, [step[i, 0] for i in range(dimension)], ridge, value, bits + extra)  # 5
    msg = f"the logistic minimiser to {bits} bits after {MOST_STEPS} Newton steps; ask for fewer bits or a larger ridge"
    raise Undecided(msg)


def _derivatives(data: Repeated, theta: list[fmpq], ridge: fmpq) -> tuple[arb, list[arb], list[list[arb]]]:
    """Return enclosures of ``F``, its gradient and its Hessian."""
    d = range(len(theta))
    value = arb(ridge * sum((t * t for t in theta), fmpq(0)) / 2)
    g = [arb(ridge * t) for t in theta]
    H = [[arb(ridge if i == j else 0) for j in d] for i in d]
    for phi, n in data:
        entries = list(phi)
        odds = arb(-sum((t * e for t, e in zip(theta, entries, strict=True)), fmpq(0))).exp()
        lost = odds / (1 + odds)  # 1 - sigma(<theta, phi>)
        value += n * odds.log1p()
        for i in d:
            g[i] -= n * lost * arb(entries[i])
            for j in d:
                H[i][j] += n * lost * (1 - lost) * arb(entries[i] * entries[j])
    return value, g, H


def _shorter(data: Repeated, theta: list[fmpq], step: list[arb], ridge: fmpq, value: arb, digits: int) -> list[fmpq]:
    """Return ``theta - s step``, rounded, for the first ``s`` not seen to raise ``F``: at last one that rounds to 0."""
    halvings, nearer = 0, [_rounded(t, s, 0, digits) for t, s in zip(theta, step, strict=True)]
    while _derivatives(data, nearer, ridge)[0] > value:
        halvings += 1
        nearer = [_rounded(t, s, halvings, digits) for t, s in zip(theta, step, strict=True)]
    return nearer


def _rounded(start: fmpq, step: arb, halvings: int, digits: int) -> fmpq:
    """Return ``start - step/2^halvings`` rounded to a multiple of ``2^-digits``; from the midpoint of ``step``."""
    mantissa, exponent = step.mid().man_exp()
    moved = start - fmpq(mantissa) * fmpq(2) ** (int(exponent) - halvings)
    scaled = moved * 2**digits + fmpq(1, 2)
    return fmpq(scaled.p // scaled.q, 2**digits)
