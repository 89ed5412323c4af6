"""The certificate of a logistic minimiser: a small gradient of a strongly convex function.

``F(theta) = sum n log(1 + exp(-<theta, phi>)) + (ridge/2) ||theta||^2`` has ``<grad F(u) - grad F(v), u - v> >= ridge
||u - v||^2``.  At its minimiser ``v`` the gradient vanishes, so ``||u - v|| <= ||grad F(u)|| / ridge`` by
Cauchy-Schwarz.
"""

from dataclasses import dataclass

from flint import arb, fmpq

from reference.certificates.error import CertificateError
from reference.exact.linalg import Vector
from reference.exact.precision import workprec
from reference.exact.rational_numbers import rational_text

_PRECISIONS = (128, 512, 2048, 8192)
"""Bits of the balls that are tried."""


@dataclass(frozen=True, slots=True)
class LogisticLoss:
    """The problem: ``F`` for data ``(phi, n)`` with ``n >= 1``."""

    data: tuple[tuple[Vector, int], ...]
    ridge: fmpq


@dataclass(frozen=True, slots=True)
class LogisticCertificate:
    """Claimed: ``||theta - argmin F||_2 <= radius``; ``theta`` is its own witness."""

    theta: tuple[fmpq, ...]
    radius: fmpq


def check_logistic(loss: LogisticLoss, certificate: LogisticCertificate) -> None:
    """Verify ``||grad F(theta)|| <= ridge radius`` with balls.

    Raises:
        CertificateError: if they do not prove it.
    """
    ridge, radius, dimension = loss.ridge, certificate.radius, len(certificate.theta)
    if ridge <= 0 or radius <= 0:
        raise CertificateError(
            f"ridge = {rational_text(ridge)}, radius = {rational_text(radius)}: both must be positive"
        )
    for i, (phi, n) in enumerate(loss.data):
        if len(phi) != dimension or n < 1:
            raise CertificateError(f"data[{i}]: {len(phi)} features, {n} times; needs {dimension}, at least once")
    for bits in _PRECISIONS:
        with workprec(bits):
            size = sum((slope * slope for slope in _gradient(loss, certificate.theta)), arb(0))
            bound = arb((ridge * radius) ** 2)
            if size <= bound:
                return
    raise CertificateError(f"the gradient is not shown to be at most ridge * radius = {rational_text(ridge * radius)}")


def _gradient(loss: LogisticLoss, entries: tuple[fmpq, ...]) -> list[arb]:
    """``ridge theta - sum n phi / (1 + exp(<theta, phi>))``."""
    theta = Vector.of(entries)
    chances = [(phi, n / (1 + arb(theta.dot(phi)).exp())) for phi, n in loss.data]
    return [
        arb(loss.ridge * entry) - sum((arb(phi[i]) * chance for phi, chance in chances), arb(0))
        for i, entry in enumerate(entries)
    ]
