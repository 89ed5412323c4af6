"""Exp-ratios: a field with decidable equality."""

import mpmath
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.exact import ExpRatio, ExpSum, InexactInput, LogLinear, exp, exp_ratio, exp_sum, real
from reference.exact.expratio import ratio_total
from tests.exact.tower import DIGITS, expratios, expsums, inside, mp_expsum, positive_expsums, rationals

E = exp(1)
SQRT2, SQRT3 = exp("1/2*log(2)"), exp("1/2*log(3)")


def test_hand_worked() -> None:
    p = 1 / (1 + exp_ratio(E))
    q = E / (1 + exp_ratio(E))
    assert p + q == 1
    assert (p + q).is_rational
    assert q / p == E
    assert ExpRatio(E**2 - 1, E - 1) == E + 1
    assert ExpRatio(E**2 - 1, E - 1).denominator == 1
    assert ExpRatio(2 * E + 2, 3 * E + 3).as_rational() == fmpq(2, 3)
    assert ExpRatio(E, exp(2)) == exp(-1)
    assert ExpRatio(1, SQRT2) == SQRT2 / 2
    assert ExpRatio(SQRT2 + SQRT3, 2 + SQRT2 * SQRT3) == SQRT2 / 2  # not reduced, and still equal
    assert hash(ExpRatio(SQRT2 + SQRT3, 2 + SQRT2 * SQRT3)) == hash(SQRT2 / 2)
    assert p < q
    assert str(p) == "(1)/(1 + exp(1))"


def test_radicals_on_either_side_of_a_common_factor() -> None:
    above = SQRT2 * (exp(2) - 1)
    below = SQRT3 * (exp(1) - 1)
    assert ExpRatio(above, below) == exp_ratio(SQRT2) / SQRT3 * (exp(1) + 1)
    assert ExpRatio(above, below).denominator == 1


def test_negative_and_zero_denominators() -> None:
    for below in (1 - E, -E - 1, -SQRT2, exp_sum([(-3, fmpq(0))]), SQRT2 - SQRT3, 1 - 2 * exp(-1) * exp(fmpq(1, 2))):
        x = ExpRatio(1, below)
        assert x.denominator > 0
        assert x * below == 1
        assert x.sign() == below.sign()
        assert (x < 0) == (below < 0)
        assert ExpRatio(below, below) == 1
        assert hash(ExpRatio(below * 3, below)) == hash(3)
    for zero in (0, E - E, exp_ratio(0)):
        with pytest.raises(ZeroDivisionError):
            exp_ratio(1) / zero
        with pytest.raises(ZeroDivisionError):
            exp_ratio(0) / zero
    with pytest.raises(ZeroDivisionError):
        exp_ratio(0) ** -1
    assert ExpRatio(0, 1 - E).denominator == 1


def test_powers() -> None:
    x = ExpRatio(SQRT2 + SQRT2 * E, 1 + E + exp(2) * 0)
    assert x**2 == 2
    assert (x**2).is_rational
    y = ExpRatio(SQRT2 + E, SQRT3 + E)
    assert y**0 == 1
    assert y**3 == y * y * y
    assert y**-2 == 1 / (y * y)
    assert hash(y**-2 * y * y) == hash(1)


def test_a_power_that_becomes_rational_is_found() -> None:
    # (a/b)^2 = 2 although a/b is no ratio of polynomials in one radical.
    b = 1 + SQRT3 + E
    x = ExpRatio(SQRT2 * b, b)
    assert (x**2).is_rational
    assert hash(x**2) == hash(2)


def test_equal_ratios_in_different_shapes_hash_alike() -> None:
    a, b, c = 1 + SQRT2 + E, SQRT3 + exp("1/2"), 2 + E * SQRT2
    left, right = ExpRatio(a * c, b * c), ExpRatio(a, b)
    assert left == right
    assert hash(left) == hash(right)
    whole = ExpRatio(a * b, b)
    assert whole == a
    assert a == whole
    assert hash(whole) == hash(a)
    assert left != ExpRatio(a + 1, b)
    assert hash(left) != hash(ExpRatio(a + fmpq(1, 1000), b))


def test_immutable_and_strict() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        exp_ratio(1).numerator = E
    with pytest.raises(InexactInput):
        ExpRatio(1, 0.5)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ValueError, match="not rational"):
        ExpRatio(1, 1 + E).as_rational()


def test_large_denominators_are_shared() -> None:
    z = exp_sum((1, fmpq(k, 1000 + k)) for k in range(1, 3000))
    masses = [ExpRatio(exp(fmpq(k, 1000 + k)), z) for k in range(1, 3000)]
    assert masses[0].denominator is masses[1].denominator
    assert ratio_total(masses) == 1


@given(expratios, expratios, expratios)
def test_field(x: ExpRatio, y: ExpRatio, z: ExpRatio) -> None:
    for left, right in (
        (x + y, y + x),
        (x * y, y * x),
        ((x + y) + z, x + (y + z)),
        ((x * y) * z, x * (y * z)),
        (x * (y + z), x * y + x * z),
        ((x - y) + y, x),
        (ratio_total([x, y, z, x]), x + y + z + x),
        (1 - x, -(x - 1)),
    ):
        assert left == right
        assert hash(left) == hash(right)
        assert left.is_rational == right.is_rational
        assert left.denominator > 0
    if x != 0:
        assert x / x == 1
        assert (y / x) * x == y
        assert (1 / x) ** 2 == x**-2
        assert hash(1 / (1 / x)) == hash(x)


@given(expratios, rationals())
def test_rational_shortcuts_agree_with_the_general_path(x: ExpRatio, q: fmpq) -> None:
    above, below = x.numerator, x.denominator
    assert x + q == ExpRatio(above + below * q, below) == q + x
    assert x * q == ExpRatio(above * q, below) == exp_ratio(q) * x
    assert x - q == ExpRatio(above - below * q, below)
    assert (x - x + q).as_rational() == q
    assert (x * q).denominator == (below if q != 0 else 1)
    assert hash(x * 0 + q) == hash(q)


@given(expsums, positive_expsums, positive_expsums)
def test_reduction_keeps_the_value(a: ExpSum, b: ExpSum, c: ExpSum) -> None:
    x = ExpRatio(a * c, b * c)
    assert x.numerator * b == a * x.denominator
    assert x == ExpRatio(a, b)
    assert ExpRatio(-a, -b) == x
    assert ExpRatio(a, -b) == -x
    assert hash(ExpRatio(a, -b)) == hash(-x)
    assert ExpRatio(b * c * fmpq(5, 7), b * c).as_rational() == fmpq(5, 7)
    assert (x == 0) == (a == 0)


@given(expratios, expratios)
def test_value_and_order_agree_with_mpmath(x: ExpRatio, y: ExpRatio) -> None:
    with mpmath.workdps(2 * DIGITS):
        a, b = (mp_expsum(r.numerator) / mp_expsum(r.denominator) for r in (x, y))
        assert inside(x.enclosure(64), a)
        if abs(a - b) > mpmath.mpf(10) ** -DIGITS:
            assert (x < y, x > y, x <= y, x >= y, x == y) == (a < b, a > b, a < b, a > b, False)
        else:
            assert x == y


@given(st.lists(st.tuples(st.integers(1, 9), rationals()), min_size=1, max_size=12))
def test_softmax_masses_sum_to_one(pairs: list[tuple[int, fmpq]]) -> None:
    total = exp_sum((w, r) for w, r in pairs)
    masses = [ExpRatio(exp(LogLinear(r)) * w, total) for w, r in pairs]
    assert sum(masses, exp_ratio(0)) == 1
    assert all(0 < mass <= 1 for mass in masses)
    assert real(masses[0]) * total == exp(LogLinear(pairs[0][1])) * pairs[0][0]


@given(expratios, rationals())
def test_sums_and_multiples_with_rationals(x: ExpRatio, q: fmpq) -> None:
    for found, expected in (
        (x + q, ExpRatio(x.numerator + x.denominator * q, x.denominator)),
        (x * q, ExpRatio(x.numerator * q, x.denominator)),
    ):
        assert found == expected
        assert (str(found), found.rational) == (str(expected), expected.rational)
    assert exp_ratio(q) + x == x + q
    assert exp_ratio(q) * x == x * exp_ratio(q) == x * q
    with pytest.raises(InexactInput):
        x * True
