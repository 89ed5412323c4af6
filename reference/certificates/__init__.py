"""Independent checkers: each verifies an answer from its certificate, with code that is not the one that made it."""

from reference.certificates.checks import (
    CertificateError,
    CoverageCertificate,
    OptimumCertificate,
    SpannerCertificate,
    SpannerSizeCertificate,
    check_coverage,
    check_optimum,
    check_spanner,
    check_spanner_size,
)
from reference.certificates.logistic import LogisticCertificate, check_logistic
from reference.certificates.realizability import check_not_realizable, check_realizable

__all__ = [
    "CertificateError",
    "CoverageCertificate",
    "LogisticCertificate",
    "OptimumCertificate",
    "SpannerCertificate",
    "SpannerSizeCertificate",
    "check_coverage",
    "check_logistic",
    "check_not_realizable",
    "check_optimum",
    "check_realizable",
    "check_spanner",
    "check_spanner_size",
]
