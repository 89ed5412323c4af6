"""The certified logistic minimiser: by hand, against mpmath, and its certificate."""

from random import Random
from typing import Any

import mpmath
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.algorithms.parts import newton as module
from reference.algorithms.parts.newton import LogisticMinimiser, logistic_newton
from reference.certificates import LogisticCertificate, LogisticLoss, check
from reference.exact import RationalLike, Undecided, log, loglinear, real
from reference.exact.linalg import Vector
from reference.testing import features, rationals

MP = mpmath.MPContext()
MP.dps = 120


def v(*entries: RationalLike) -> Vector:
    return Vector.of(entries)


def quotient(q: fmpq) -> Any:  # noqa: ANN401 - mpmath is untyped
    return MP.mpf(int(q.p)) / int(q.q)


def peer(data: dict[Vector, int], dimension: int, ridge: fmpq) -> list[Any]:
    """Solve ``grad F = 0`` in mpmath: by bisection in one dimension, else by its own root finder."""
    rows = [([quotient(e) for e in phi], n) for phi, n in data.items()]

    def slope(*theta: Any) -> list[Any]:  # noqa: ANN401 - mpmath is untyped
        out = [quotient(ridge) * t for t in theta]
        for phi, n in rows:
            lost = 1 / (1 + MP.exp(sum(a * b for a, b in zip(phi, theta, strict=True))))
            out = [o - n * lost * a for o, a in zip(out, phi, strict=True)]
        return out

    if dimension == 1:
        reach = 1 + sum(n * abs(phi[0]) for phi, n in rows) / quotient(ridge)
        low, high = -reach, reach
        for _ in range(420):
            middle = (low + high) / 2
            low, high = (middle, high) if slope(middle)[0] < 0 else (low, middle)
        return [low]
    found = MP.findroot(slope, [MP.mpf(0)] * dimension, tol=MP.mpf(10) ** -200, maxsteps=100)
    return list(found)


def certified(data: dict[Vector, int], ridge: fmpq, found: LogisticMinimiser) -> LogisticCertificate:
    certificate = LogisticCertificate(found.theta, found.radius)
    check(LogisticLoss(tuple(data.items()), ridge), certificate)
    return certificate


def test_nothing_and_balance_by_hand() -> None:
    half = fmpq(1, 2)
    assert logistic_newton({}, 2, half, 10) == LogisticMinimiser((fmpq(0), fmpq(0)), fmpq(1, 1024))
    assert logistic_newton({v(1): 3, v(-1): 3, v(0): 7}, 1, half, 10).theta == (fmpq(0),)


def test_two_wins_and_a_loss_by_hand() -> None:
    """Without the ridge log 2; F'' >= 1/2 between, so the ridge 2^-80 moves it by at most 2^-79 log 2."""
    found = logistic_newton({v(1): 2, v(-1): 1}, 1, fmpq(1, 1 << 80), 60)
    assert abs(real(log(2)) - found.theta[0]) < fmpq(1, 1 << 59)
    assert found.parameter == (loglinear(found.theta[0]),)


def test_a_win_by_hand() -> None:
    """Ridge 1/(3 log 2)-like: theta = 1/(ridge (1 + e^theta)); at ridge = 1/100, theta (1 + e^theta) = 100."""
    (theta,) = logistic_newton({v(1): 1}, 1, fmpq(1, 100), 40).theta
    t = quotient(theta)
    assert abs(t * (1 + MP.exp(t)) - 100) < MP.mpf(2) ** -30


DATA = st.integers(1, 2).flatmap(
    lambda d: st.tuples(st.just(d), st.dictionaries(features(d), st.integers(1, 9), min_size=1, max_size=5))
)


@given(DATA, rationals(fmpq(1, 16), 4, 16), st.sampled_from([0, 8, 64, 200]))
@settings(max_examples=30)
def test_mpmath_agrees_and_the_certificate_holds(drawn: tuple[int, dict[Vector, int]], ridge: fmpq, bits: int) -> None:
    d, data = drawn
    found = logistic_newton(data, d, ridge, bits)
    assert found.radius == fmpq(1, 1 << bits)
    distance = MP.sqrt(sum((a - quotient(b)) ** 2 for a, b in zip(peer(data, d, ridge), found.theta, strict=True)))
    assert distance <= MP.mpf(2) ** -bits
    certified(data, ridge, found)


@given(DATA, st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_the_order_of_the_data_does_not_matter(drawn: tuple[int, dict[Vector, int]], random: Random) -> None:
    d, data = drawn
    items = list(data.items())
    random.shuffle(items)
    assert logistic_newton(dict(items), d, fmpq(1, 3), 40) == logistic_newton(data, d, fmpq(1, 3), 40)


def test_a_tie_in_rounding_is_broken_alike_in_every_order() -> None:
    """At 0 g = -(5/3 + 1)/2 and H = ridge + (25/9 + 1)/4; ridge makes the step 799643/2^20, and 19 digits are kept."""
    ridge = fmpq(4, 3) * fmpq(1 << 20, 799643) - fmpq(17, 18)
    assert logistic_newton({v("5/3"): 1, v(1): 1}, 1, ridge, 0) == logistic_newton({v(1): 1, v("5/3"): 1}, 1, ridge, 0)


def test_the_first_step_by_hand() -> None:
    """ridge = 1: H^-1 g = (1/2)/(5/4) = 2/5, which is 419430.4/2^20, goes to the nearest multiple; then |g| < 1/4."""
    assert logistic_newton({v(1): 1}, 1, fmpq(1), 2).theta == (fmpq(419430, 1 << 20),)
    assert logistic_newton({v(-1): 1}, 1, fmpq(1), 2).theta == (fmpq(-419430, 1 << 20),)


def test_a_gradient_on_the_target_by_hand() -> None:
    """At 0 it is -phi/2: balls see that 1/2 meets a ridge of 1/2, and do not see that 1/6 meets 1/6."""
    assert logistic_newton({v(1): 1}, 1, fmpq(1, 2), 0).theta == (fmpq(0),)
    assert logistic_newton({v("1/3"): 1}, 1, fmpq(1, 6), 0).theta[0] != 0


def test_full_steps_would_diverge_from_the_start() -> None:
    """The fourth goes from (1.5, 0.2) to (-4.8, -4.4), where F is greater, the fifth to 10^7; halved they arrive."""
    data = {v(2, 30): 2, v(10, -30): 100, v(30, 0): 20, v(2, -3): 1000, v(30, 5): 20, v(-2, -5): 5}
    ridge = fmpq(1, 10**4)
    certified(data, ridge, logistic_newton(data, 2, ridge, 50))


@pytest.mark.parametrize(("n", "scale"), [(1, 10**9), (1 << 60, 1)])
def test_digits_are_added_where_rounding_moves_the_gradient(n: int, scale: int) -> None:
    """Two wins to a loss, of long features or many: scale * theta is log 2, but for ridge/F'' < 2^-58."""
    data = {v(scale): 2 * n, v(-scale): n}
    found = logistic_newton(data, 1, fmpq(1), 20)
    certified(data, fmpq(1), found)
    assert abs(real(log(2)) - found.theta[0] * scale) < fmpq(1, 1 << 20)


def test_a_hessian_near_a_singular_one_is_inverted() -> None:
    """Two data in four dimensions: beside them the Hessian is the ridge, 10^15 times less."""
    data, ridge = {v("3/5", "-7/10", -6, -1): 1, v(6, -7, -4, -9): 1000}, fmpq(1, 10**10)
    certified(data, ridge, logistic_newton(data, 4, ridge, 1))


def test_steps_are_full_where_balls_do_not_see_f_fall() -> None:
    """2^99 empty data add 2^99 log 2 to F, and nothing to its minimiser."""
    data = {v(1): 2, v(-1): 1}
    found = logistic_newton({**data, v(0): 1 << 99}, 1, fmpq(1), 20)
    assert found == logistic_newton(data, 1, fmpq(1), 20)


def test_the_last_steps_double_the_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """2000 bits are 11 doublings of the first."""
    monkeypatch.setattr(module, "MOST_STEPS", 13)
    data = {v(1, 0): 3, v(0, "1/2"): 2, v("-1/2", "1/2"): 1}
    certified(data, fmpq(1, 4), logistic_newton(data, 2, fmpq(1, 4), 2000))


@pytest.mark.parametrize(("ridge", "bits"), [(0, 8), (-1, 8), (1, -1)])
def test_refuses(ridge: int, bits: int) -> None:
    with pytest.raises(ValueError, match=f"ridge = {ridge}, bits = {bits}: needs ridge > 0 and bits >= 0"):
        logistic_newton({v(1): 1}, 1, fmpq(ridge), bits)


def test_data_of_another_dimension() -> None:
    with pytest.raises(ValueError, match="zip"):
        logistic_newton({v(1, 0): 1}, 1, fmpq(1), 8)


def test_out_of_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_STEPS", 2)
    with pytest.raises(Undecided, match="to 64 bits after 2 Newton steps; ask for fewer bits or a larger ridge"):
        logistic_newton({v(1): 9}, 1, fmpq(1, 100), 64)


def test_one_look_is_enough_where_theta_0_is_the_minimiser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_STEPS", 1)
    assert logistic_newton({}, 1, fmpq(1), 8).theta == (fmpq(0),)
    monkeypatch.setattr(module, "MOST_STEPS", 0)
    with pytest.raises(Undecided, match="after 0 Newton steps"):
        logistic_newton({}, 1, fmpq(1), 8)
