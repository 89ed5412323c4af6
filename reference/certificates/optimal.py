"""Certificates of the optimum ``pi*``, and of a policy's coverage.

The probabilities of a policy may be listed.  Where they are not, ``pi*(y|x) = pi_ref(y|x) exp(r(x,y)/beta) / Z(x)``
is meant: a prompt with ten thousand responses has a ``Z(x)`` of ten thousand terms, and is listed in one.
"""

from dataclasses import dataclass

from flint import fmpq

from reference.certificates.definition import Definition
from reference.certificates.error import CertificateError
from reference.exact.expratio import ExpRatio, exp_ratio
from reference.exact.expsum import ExpSum, exp
from reference.model.linear_problem import LinearProblem

Masses = tuple[tuple[fmpq | ExpRatio, ...], ...]
"""For each prompt the probability of each of its responses, base mass zero included."""


@dataclass(frozen=True, slots=True)
class OptimumCertificate:
    """Claimed: ``pi*``, with these probabilities if they are listed.  Witness: each partition function ``Z(x)``."""

    partition: tuple[ExpSum | ExpRatio, ...]
    masses: Masses | None = None


@dataclass(frozen=True, slots=True)
class CoverageCertificate:
    """Claimed: the coverage of the policy with these probabilities, of ``pi*`` if none are listed.

    Witness: a prompt and a response where it is attained.
    """

    value: fmpq | ExpRatio
    prompt: int
    response: int
    masses: Masses | None = None


def check_optimum(problem: LinearProblem | Definition, certificate: OptimumCertificate) -> None:
    """Verify ``Z(x) = E_{pi_ref} exp(r/beta)`` and ``pi(y|x) Z(x) = pi_ref(y|x) exp(r(x,y)/beta)``.

    These are the first-order conditions of the strictly concave ``J``, so they hold for the optimum only.

    Raises:
        CertificateError: naming the prompt and response.
    """
    known = Definition.of(problem)
    prompts = known.problem.prompts
    if len(certificate.partition) != len(prompts):
        raise CertificateError(f"{len(certificate.partition)} partition functions for {len(prompts)} prompts")
    for x, z in enumerate(certificate.partition):
        if z != known.partition(x):
            raise CertificateError(f"prompt {x}: Z differs from E_pi_ref exp(r/beta)")
    if certificate.masses is None:
        return
    _check_shape(known.problem, certificate.masses)
    for x, masses in enumerate(certificate.masses):
        for y, mass in enumerate(masses):
            if exp_ratio(mass) * known.partition(x) != known.weight(x, y):
                raise CertificateError(f"prompt {x}, response {y}: pi(y) Z differs from pi_ref(y) exp(r/beta)")


def check_coverage(problem: LinearProblem | Definition, certificate: CoverageCertificate) -> None:
    """Verify ``C_cov``: ``pi(y|x) <= C pi_ref(y|x)`` for every response, with equality at the named one.

    Raises:
        CertificateError: naming the prompt and response.
    """
    known, x, y = Definition.of(problem), certificate.prompt, certificate.response
    prompts = known.problem.prompts
    if not (0 <= x < len(prompts) and 0 <= y < len(prompts[x].responses)):
        raise CertificateError(f"there is no prompt {x} with a response {y}")
    _check_ratios(known, certificate)
    base, C = prompts[x].responses[y].pi_ref, exp_ratio(certificate.value)
    if certificate.masses is None:
        attained = base > 0 and exp(known.exponents(x)[y]) * C.denominator == C.numerator * known.partition(x)
    else:
        attained = base > 0 and exp_ratio(certificate.masses[x][y]) == C * base
    if not attained:
        raise CertificateError(f"prompt {x}, response {y}: the coverage is not attained there")


def _check_ratios(known: Definition, certificate: CoverageCertificate) -> None:
    C, prompts = exp_ratio(certificate.value), known.problem.prompts
    if certificate.masses is None:
        for x in range(len(prompts)):
            # exp(r/beta) / Z <= C for the largest reward
            if exp(known.largest_exponent(x)) * C.denominator > C.numerator * known.partition(x):
                raise CertificateError(f"prompt {x}: the largest ratio exceeds {certificate.value!s:.60}")
        return
    _check_shape(known.problem, certificate.masses)
    for x, masses in enumerate(certificate.masses):
        for y, mass in enumerate(masses):
            if exp_ratio(mass) > C * prompts[x].responses[y].pi_ref:
                raise CertificateError(f"prompt {x}, response {y}: the ratio exceeds {certificate.value!s:.60}")
        if sum(masses, exp_ratio(0)) != 1:
            raise CertificateError(f"prompt {x}: the masses do not sum to 1")


def _check_shape(problem: LinearProblem, masses: Masses) -> None:
    if len(masses) != len(problem.prompts):
        raise CertificateError(f"masses for {len(masses)} prompts; the problem has {len(problem.prompts)}")
    for x, row in enumerate(masses):
        if len(row) != len(problem.prompts[x].responses):
            raise CertificateError(f"prompt {x}: {len(row)} masses for {len(problem.prompts[x].responses)} responses")
        if any(exp_ratio(mass) < 0 for mass in row):
            raise CertificateError(f"prompt {x}: a mass is negative")
