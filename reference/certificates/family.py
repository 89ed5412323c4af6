"""One function for all certificates: the kind of the certificate and that of what it is about choose the checker."""

from dataclasses import dataclass

from reference.certificates.definition import Definition
from reference.certificates.error import CertificateError
from reference.certificates.game import GameCertificate, check_game
from reference.certificates.logistic import LogisticCertificate, LogisticLoss, check_logistic
from reference.certificates.optimal import CoverageCertificate, OptimumCertificate, check_coverage, check_optimum
from reference.certificates.realizability import (
    NotRealizableCertificate,
    RealizableCertificate,
    check_not_realizable,
    check_realizable,
)
from reference.certificates.spanner import (
    SpannerCertificate,
    SpannerSizeCertificate,
    check_spanner,
    check_spanner_size,
)
from reference.exact.rational_numbers import BadNumber
from reference.model.game import Game
from reference.model.linear_problem import LinearProblem
from reference.model.problem import Problem


@dataclass(frozen=True, slots=True)
class SolutionCertificate:
    """What certifies the solution of a linear problem: ``pi*``, the coverage of ``pi*``, a spanner."""

    optimum: OptimumCertificate
    coverage: CoverageCertificate
    spanner: SpannerCertificate


Single = (
    OptimumCertificate
    | CoverageCertificate
    | SpannerCertificate
    | SpannerSizeCertificate
    | RealizableCertificate
    | NotRealizableCertificate
    | GameCertificate
    | LogisticCertificate
)
"""A certificate of one answer."""

Certificate = SolutionCertificate | Single
"""Claimed answer and witness; what it is about is given beside it."""

Subject = Problem | Game | LogisticLoss
"""What a certificate may be about."""


def check(problem: Subject, certificate: Certificate) -> None:
    """Verify that the certificate proves its answer about this problem; return if it does.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> ref.check(p, ref.certify(p).coverage)

    Raises:
        CertificateError: if it does not, naming what is wrong; or if certificates of its kind are about something else.
        Undecided: where the answer rests on irrational numbers that agree as far as enclosures reach.
    """
    try:
        _check(problem, certificate)
    except BadNumber as error:
        raise CertificateError(f"a number of the certificate is too large to be checked: {error}") from None


def _check(problem: Subject, certificate: Certificate) -> None:
    match problem, certificate:
        case LinearProblem(), SolutionCertificate():
            known = Definition(problem)  # what they need is computed once
            check_optimum(known, certificate.optimum)
            check_coverage(known, certificate.coverage)
            check_spanner(known, certificate.spanner)
        case LinearProblem(), OptimumCertificate():
            check_optimum(problem, certificate)
        case LinearProblem(), CoverageCertificate():
            check_coverage(problem, certificate)
        case LinearProblem(), SpannerCertificate():
            check_spanner(problem, certificate)
        case LinearProblem(), SpannerSizeCertificate():
            check_spanner_size(problem, certificate)
        case Problem(), RealizableCertificate():
            check_realizable(problem, certificate.thetas)
        case Problem(), NotRealizableCertificate():
            check_not_realizable(problem, certificate.layer, certificate.terms)
        case Game(), GameCertificate():
            check_game(problem, certificate)
        case LogisticLoss(), LogisticCertificate():
            check_logistic(problem, certificate)
        case _:
            raise CertificateError(f"a {type(certificate).__name__} is not about a {type(problem).__name__}")
