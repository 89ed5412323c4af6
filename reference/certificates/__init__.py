"""Certificates: data that makes an answer easy to verify, and short checkers for them.

:func:`~reference.certificates.family.check` takes what the answer is about and a certificate of any kind.  The checkers
use the problem's own numbers and elementary arithmetic: no algorithm, no softmax, no code in common with what made the
certificate (:mod:`reference.certification` does).
"""

from reference.certificates.document import certificate_json, read_certificate
from reference.certificates.error import CertificateError
from reference.certificates.family import Certificate, SolutionCertificate, Subject, check
from reference.certificates.game import GameCertificate
from reference.certificates.logistic import LogisticCertificate, LogisticLoss
from reference.certificates.optimal import CoverageCertificate, OptimumCertificate
from reference.certificates.realizability import NotRealizableCertificate, RealizableCertificate
from reference.certificates.spanner import SpannerCertificate, SpannerSizeCertificate

__all__ = [
    "Certificate",
    "CertificateError",
    "CoverageCertificate",
    "GameCertificate",
    "LogisticCertificate",
    "LogisticLoss",
    "NotRealizableCertificate",
    "OptimumCertificate",
    "RealizableCertificate",
    "SolutionCertificate",
    "SpannerCertificate",
    "SpannerSizeCertificate",
    "Subject",
    "certificate_json",
    "check",
    "read_certificate",
]
