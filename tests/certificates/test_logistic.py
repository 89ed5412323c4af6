"""The certificate of a logistic minimiser: by hand, and what must be refused."""

from dataclasses import replace

import pytest
from flint import fmpq

from reference.algorithms.parts.newton import logistic_newton
from reference.certificates import CertificateError, LogisticCertificate, LogisticLoss, check
from reference.exact.linalg import Vector

ONE, MINUS = Vector.of([1]), Vector.of([-1])
LOSS = LogisticLoss(((ONE, 1),), fmpq(1))
BY_HAND = LogisticCertificate((fmpq(0),), fmpq(1, 2))
"""At 0 the gradient is -1/2: exactly ridge * radius."""

DATA = {Vector.of([1, 0]): 3, Vector.of([0, "1/2"]): 2, Vector.of(["-1/2", "1/2"]): 1}
HONEST = LogisticLoss(tuple(DATA.items()), fmpq(1, 4))


def honest() -> LogisticCertificate:
    found = logistic_newton(DATA, 2, fmpq(1, 4), 50)
    return LogisticCertificate(found.theta, found.radius)


def refused(loss: LogisticLoss, certificate: LogisticCertificate, message: str) -> None:
    with pytest.raises(CertificateError, match=message):
        check(loss, certificate)


def with_radius(radius: fmpq) -> LogisticCertificate:
    return replace(BY_HAND, radius=radius)


def test_by_hand() -> None:
    """Gradients at 0: 1 win: -1/2; the bound must be ridge * radius, met with equality at a ridge of 1 and of 1/3."""
    above, third = fmpq(1, 10**9), replace(LOSS, ridge=fmpq(1, 3))
    check(LOSS, with_radius(fmpq(1, 2) + above))
    refused(LOSS, with_radius(fmpq(1, 2) - above), "the gradient is not shown to be at most")
    check(third, with_radius(fmpq(3, 2) + above))
    refused(third, with_radius(fmpq(3, 2) - above), "not shown")
    refused(replace(LOSS, ridge=fmpq(3)), with_radius(fmpq(1, 6) - above), "not shown")


def test_the_gradient_has_every_part() -> None:
    """2 wins and a loss at 0: -2/2 + 1/2 = -1/2; the ridge adds theta/4; two entries add in squares."""
    above = fmpq(1, 10**9)
    both = replace(LOSS, data=((ONE, 2), (MINUS, 1)))
    check(both, with_radius(fmpq(1, 2) + above))
    refused(both, with_radius(fmpq(1, 2) - above), "not shown")
    nothing = LogisticLoss((), fmpq(1, 4))
    check(nothing, LogisticCertificate((fmpq(3), fmpq(4)), fmpq(5) + above))
    refused(nothing, LogisticCertificate((fmpq(3), fmpq(4)), fmpq(5) - above), "not shown")


def test_an_exact_tie_is_accepted_only_where_balls_decide_it() -> None:
    """1/2 is a ball of no radius; for phi = 1/3 the gradient -1/6 never is, and 2^-3000 above takes all the bits."""
    check(LOSS, BY_HAND)
    third = replace(LOSS, data=((Vector.of(["1/3"]), 1),))
    refused(third, with_radius(fmpq(1, 6)), "not shown")
    check(third, with_radius(fmpq(1, 6) + fmpq(1, 1 << 3000)))
    check(replace(LOSS, data=()), with_radius(fmpq(1, 10**30)))
    check(replace(LOSS, data=((ONE, 1), (MINUS, 1))), with_radius(fmpq(1, 10**30)))


def test_tampering_is_seen() -> None:
    good = honest()
    check(HONEST, good)
    nudge = good.radius * 8
    refused(HONEST, replace(good, theta=(good.theta[0] + nudge, good.theta[1])), "not shown")
    refused(HONEST, replace(good, theta=(good.theta[0], good.theta[1] - nudge)), "not shown")
    refused(HONEST, replace(good, theta=good.theta[::-1]), "not shown")
    refused(HONEST, replace(good, radius=good.radius / 2**40), "not shown")
    refused(replace(HONEST, ridge=HONEST.ridge * 2), good, "not shown")
    (phi, n), *rest = HONEST.data
    refused(replace(HONEST, data=((phi, n + 1), *rest)), good, "not shown")
    refused(replace(HONEST, data=tuple(rest)), good, "not shown")
    refused(replace(HONEST, data=((Vector.of(-e for e in phi), n), *rest)), good, "not shown")


def test_malformed_certificates() -> None:
    refused(replace(LOSS, ridge=fmpq(0)), BY_HAND, "ridge = 0, radius = 1/2: both must be positive")
    refused(replace(LOSS, ridge=fmpq(-1)), BY_HAND, "ridge = -1")
    refused(LOSS, with_radius(fmpq(0)), "radius = 0: both")
    refused(LOSS, with_radius(fmpq(-1)), "radius = -1: both")
    refused(replace(LOSS, data=((ONE, 0),)), BY_HAND, r"data\[0\]: 1 features, 0 times; needs 1, at least once")
    refused(replace(LOSS, data=((ONE, -1),)), BY_HAND, r"data\[0\]: 1 features, -1 times")
    two = replace(LOSS, data=((ONE, 1), (Vector.of([1, 2]), 1)))
    refused(two, BY_HAND, r"data\[1\]: 2 features, 1 times; needs 1")
    refused(LOSS, replace(BY_HAND, theta=(fmpq(0), fmpq(0))), r"data\[0\]: 1 features, 1 times; needs 2")


def test_numbers_too_large_for_balls_prove_nothing() -> None:
    refused(LOSS, replace(BY_HAND, theta=(fmpq(10**40),)), "not shown")
    refused(LOSS, replace(BY_HAND, theta=(fmpq(-(10**40)),)), "not shown")
