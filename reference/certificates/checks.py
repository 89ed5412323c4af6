"""Certificates and their checkers.

A certificate is data that makes an answer easy to verify.  The checkers use the problem's own numbers and elementary
arithmetic: no algorithm, no softmax, no incremental linear algebra.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq

from reference.exact.expratio import ExpRatio, exp_ratio
from reference.exact.expsum import ExpSum, exp
from reference.exact.linalg import Matrix, Vector
from reference.exact.rational_numbers import rational_text
from reference.model.problem import Problem

Masses = tuple[tuple[fmpq | ExpRatio, ...], ...]
"""For each prompt the probability of each of its responses, base mass zero included."""


class CertificateError(ValueError):
    """The certificate does not prove its answer; the message names the first entry that fails."""


@dataclass(frozen=True, slots=True)
class SpannerCertificate:
    """``vectors[i] = sum_s coefficients[i][s] vectors[indices[s]]`` with coefficients of size at most ``C``."""

    indices: tuple[int, ...]
    C: fmpq
    coefficients: tuple[Vector, ...]


@dataclass(frozen=True, slots=True)
class OptimumCertificate:
    """The claimed optimum's probabilities and, for each prompt, its partition function ``Z(x)``."""

    masses: Masses
    partition: tuple[ExpSum, ...]


@dataclass(frozen=True, slots=True)
class CoverageCertificate:
    """A policy's probabilities, its coverage, and a prompt and response where it is attained."""

    masses: Masses
    value: fmpq | ExpRatio
    prompt: int
    response: int


@dataclass(frozen=True, slots=True)
class SpannerSizeCertificate:
    """The differences accepted in phase 1 of SpannerSampling (ridge mode), in order; ``ridge`` is lambda."""

    accepted: tuple[Vector, ...]
    dimension: int
    ridge: fmpq
    nu: fmpq


def check_spanner(vectors: Sequence[Vector], certificate: SpannerCertificate) -> None:
    """Verify a C-approximate barycentric spanner: independent vectors that represent all others with ``|c| <= C``.

    Raises:
        CertificateError: naming the vector that is not represented, or the coefficient that is too large.
    """
    if not all(0 <= i < len(vectors) for i in certificate.indices):
        raise CertificateError(f"indices {certificate.indices}: there are {len(vectors)} vectors, counted from 0")
    chosen = [vectors[i] for i in certificate.indices]
    gram = Matrix.of(([v.dot(w) for w in chosen] for v in chosen), columns=len(chosen))
    if chosen and gram.determinant() == 0:
        raise CertificateError("the chosen vectors are linearly dependent")
    if len(certificate.coefficients) != len(vectors):
        raise CertificateError(f"{len(certificate.coefficients)} rows of coefficients for {len(vectors)} vectors")
    for i, (vector, row) in enumerate(zip(vectors, certificate.coefficients, strict=True)):
        if len(row) != len(chosen):
            raise CertificateError(f"vector {i}: {len(row)} coefficients for {len(chosen)} chosen vectors")
        rest = vector
        for c, v in zip(row, chosen, strict=True):
            if abs(c) > certificate.C:
                raise CertificateError(f"vector {i}: coefficient {c} exceeds C = {rational_text(certificate.C)}")
            rest = rest - v.scaled(c)
        if not rest.is_zero:
            raise CertificateError(f"vector {i}: the combination misses it by {rest}")


def check_optimum(problem: Problem, certificate: OptimumCertificate) -> None:
    """Verify ``pi*``: masses sum to 1 and ``pi(y|x) Z(x) = pi_ref(y|x) exp(r(x,y)/beta)`` for every response.

    These are the first-order conditions of the strictly concave ``J``, so they hold for the optimum only.

    Raises:
        CertificateError: naming the prompt and response.
    """
    _check_shape(problem, certificate.masses)
    if len(certificate.partition) != len(problem.prompts):
        raise CertificateError(f"{len(certificate.partition)} partition functions for {len(problem.prompts)} prompts")
    for x, (masses, z) in enumerate(zip(certificate.masses, certificate.partition, strict=True)):
        total = exp_ratio(0)
        for y, mass in enumerate(masses):
            response = problem.prompts[x].responses[y]
            weight = exp((response.phi.dot_numbers(problem.theta) + problem.baseline(x)) / problem.beta)
            if exp_ratio(mass) * z != weight * response.pi_ref:
                raise CertificateError(f"prompt {x}, response {y}: pi(y) Z differs from pi_ref(y) exp(r/beta)")
            total = total + mass
        if total != 1:
            raise CertificateError(f"prompt {x}: the masses sum to {total}, not to 1")


def check_coverage(problem: Problem, certificate: CoverageCertificate) -> None:
    """Verify ``C_cov``: ``pi(y|x) <= C pi_ref(y|x)`` for every response, with equality at the named one.

    Raises:
        CertificateError: naming the prompt and response.
    """
    _check_shape(problem, certificate.masses)
    for x, masses in enumerate(certificate.masses):
        for y, mass in enumerate(masses):
            if exp_ratio(mass) > exp_ratio(certificate.value) * problem.prompts[x].responses[y].pi_ref:
                raise CertificateError(f"prompt {x}, response {y}: the ratio exceeds {certificate.value!s:.60}")
        if sum(masses, exp_ratio(0)) != 1:
            raise CertificateError(f"prompt {x}: the masses do not sum to 1")
    x, y = certificate.prompt, certificate.response
    if not (0 <= x < len(problem.prompts) and 0 <= y < problem.response_count(x)):
        raise CertificateError(f"there is no prompt {x} with a response {y}")
    base = problem.prompts[x].responses[y].pi_ref
    if base == 0 or exp_ratio(certificate.masses[x][y]) != exp_ratio(certificate.value) * base:
        raise CertificateError(f"prompt {x}, response {y}: the coverage is not attained there")


def check_spanner_size(certificate: SpannerSizeCertificate) -> None:
    """Verify that each difference was rightly accepted and ``(1+nu^2)^n <= det Sigma/lambda^d <= (1+4n/(lambda d))^d``.

    Raises:
        CertificateError: naming the difference or the side of the inequality.
    """
    d, ridge, threshold = certificate.dimension, certificate.ridge, certificate.nu**2
    if d < 1 or ridge <= 0 or certificate.nu <= 0:
        raise CertificateError("the dimension, lambda and nu must be positive")
    sigma = Matrix.identity(d, ridge)
    for i, phi in enumerate(certificate.accepted):
        if len(phi) != d or phi.norm_squared() > 4:  # noqa: PLR2004 - a difference of two vectors of norm at most 1
            raise CertificateError(f"difference {i}: not a difference of two features in dimension {d}")
        if sigma.inverse_quadratic_form(phi) <= threshold:
            raise CertificateError(f"difference {i}: its elliptic norm does not exceed nu, so it is not accepted")
        sigma = sigma + Matrix.of([phi.scaled(entry) for entry in phi])
    n, ratio = len(certificate.accepted), sigma.determinant() / ridge**d
    if (1 + threshold) ** n > ratio:
        raise CertificateError(f"(1+nu^2)^{n} exceeds det Sigma / lambda^{d}")
    if ratio > (1 + 4 * n / (ridge * d)) ** d:
        raise CertificateError(f"det Sigma / lambda^{d} exceeds (1 + 4n/(lambda d))^d")


def _check_shape(problem: Problem, masses: Masses) -> None:
    if len(masses) != len(problem.prompts):
        raise CertificateError(f"masses for {len(masses)} prompts; the problem has {len(problem.prompts)}")
    for x, row in enumerate(masses):
        if len(row) != problem.response_count(x):
            raise CertificateError(f"prompt {x}: {len(row)} masses for {problem.response_count(x)} responses")
        if any(exp_ratio(mass) < 0 for mass in row):
            raise CertificateError(f"prompt {x}: a mass is negative")
