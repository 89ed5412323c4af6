"""The certificate of a logistic minimiser: by hand, and what must be refused."""

from dataclasses import replace

import pytest
from flint import fmpq

from reference.algorithms.newton import logistic_newton
from reference.certificates import CertificateError
from reference.certificates.logistic import LogisticCertificate, check_logistic
from reference.exact.linalg import Vector

ONE, MINUS = Vector.of([1]), Vector.of([-1])
BY_HAND = LogisticCertificate(((ONE, 1),), fmpq(1), (fmpq(0),), fmpq(1, 2))
"""At 0 the gradient is -1/2: exactly ridge * radius."""

DATA = {Vector.of([1, 0]): 3, Vector.of([0, "1/2"]): 2, Vector.of(["-1/2", "1/2"]): 1}


def honest() -> LogisticCertificate:
    found = logistic_newton(DATA, 2, fmpq(1, 4), 50)
    return LogisticCertificate(tuple(DATA.items()), fmpq(1, 4), found.theta, found.radius)


def refused(certificate: LogisticCertificate, message: str) -> None:
    with pytest.raises(CertificateError, match=message):
        check_logistic(certificate)


def test_by_hand() -> None:
    """Gradients at 0: 1 win: -1/2; the bound must be ridge * radius, met with equality at a ridge of 1 and of 1/3."""
    above = fmpq(1, 10**9)
    check_logistic(replace(BY_HAND, radius=fmpq(1, 2) + above))
    refused(replace(BY_HAND, radius=fmpq(1, 2) - above), "the gradient is not shown to be at most")
    check_logistic(replace(BY_HAND, ridge=fmpq(1, 3), radius=fmpq(3, 2) + above))
    refused(replace(BY_HAND, ridge=fmpq(1, 3), radius=fmpq(3, 2) - above), "not shown")
    refused(replace(BY_HAND, ridge=fmpq(3), radius=fmpq(1, 6) - above), "not shown")


def test_the_gradient_has_every_part() -> None:
    """2 wins and a loss at 0: -2/2 + 1/2 = -1/2; the ridge adds theta/4; two entries add in squares."""
    above = fmpq(1, 10**9)
    both = replace(BY_HAND, data=((ONE, 2), (MINUS, 1)))
    check_logistic(replace(both, radius=fmpq(1, 2) + above))
    refused(replace(both, radius=fmpq(1, 2) - above), "not shown")
    nothing = LogisticCertificate((), fmpq(1, 4), (fmpq(3), fmpq(4)), fmpq(5) + above)
    check_logistic(nothing)
    refused(replace(nothing, radius=fmpq(5) - above), "not shown")


def test_an_exact_tie_is_accepted_only_where_balls_decide_it() -> None:
    """1/2 is a ball of no radius; for phi = 1/3 the gradient -1/6 never is, and 2^-3000 above takes all the bits."""
    check_logistic(BY_HAND)
    third = replace(BY_HAND, data=((Vector.of(["1/3"]), 1),), radius=fmpq(1, 6))
    refused(third, "not shown")
    check_logistic(replace(third, radius=fmpq(1, 6) + fmpq(1, 1 << 3000)))
    check_logistic(LogisticCertificate((), fmpq(1), (fmpq(0),), fmpq(1, 10**30)))
    check_logistic(LogisticCertificate(((ONE, 1), (MINUS, 1)), fmpq(1), (fmpq(0),), fmpq(1, 10**30)))


def test_tampering_is_seen() -> None:
    good = honest()
    check_logistic(good)
    nudge = good.radius * 8
    refused(replace(good, theta=(good.theta[0] + nudge, good.theta[1])), "not shown")
    refused(replace(good, theta=(good.theta[0], good.theta[1] - nudge)), "not shown")
    refused(replace(good, theta=good.theta[::-1]), "not shown")
    refused(replace(good, radius=good.radius / 2**40), "not shown")
    refused(replace(good, ridge=good.ridge * 2), "not shown")
    (phi, n), *rest = good.data
    refused(replace(good, data=((phi, n + 1), *rest)), "not shown")
    refused(replace(good, data=tuple(rest)), "not shown")
    refused(replace(good, data=((Vector.of(-e for e in phi), n), *rest)), "not shown")


def test_malformed_certificates() -> None:
    refused(replace(BY_HAND, ridge=fmpq(0)), "ridge = 0, radius = 1/2: both must be positive")
    refused(replace(BY_HAND, ridge=fmpq(-1)), "ridge = -1")
    refused(replace(BY_HAND, radius=fmpq(0)), "radius = 0: both")
    refused(replace(BY_HAND, radius=fmpq(-1)), "radius = -1: both")
    refused(replace(BY_HAND, data=((ONE, 0),)), r"data\[0\]: 1 features, 0 times; needs 1, at least once")
    refused(replace(BY_HAND, data=((ONE, -1),)), r"data\[0\]: 1 features, -1 times")
    refused(replace(BY_HAND, data=((ONE, 1), (Vector.of([1, 2]), 1))), r"data\[1\]: 2 features, 1 times; needs 1")
    refused(replace(BY_HAND, theta=(fmpq(0), fmpq(0))), r"data\[0\]: 1 features, 1 times; needs 2")


def test_numbers_too_large_for_balls_prove_nothing() -> None:
    refused(replace(BY_HAND, theta=(fmpq(10**40),)), "not shown")
    refused(replace(BY_HAND, theta=(fmpq(-(10**40)),)), "not shown")
