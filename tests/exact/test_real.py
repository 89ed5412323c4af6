"""Reals: what is decided, and what is not."""

import pickle

import mpmath
import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.exact import (
    BadNumber,
    ExpRatio,
    ExpSum,
    LogLinear,
    Number,
    Real,
    Undecided,
    enclosed,
    exp,
    exp_ratio,
    exp_sum,
    log,
    precision_cap,
    real,
    real_log,
    real_max,
    real_min,
    real_sum,
)
from reference.exact.reals import real_exp
from tests.exact.tower import (
    DIGITS,
    expratios,
    inside,
    loglinears,
    mp_expsum,
    mp_loglinear,
    positive_expsums,
    rationals,
)

E = exp(1)
SQRT2 = exp("1/2*log(2)")
BIG, BIGGER = (2**127 - 1) * (2**89 - 1), (2**89 - 1) * (2**107 - 1)


def _pi(prec: int) -> arb:
    with ctx.workprec(prec):
        return arb.pi()


PI = enclosed(_pi)


def test_exact_goes_as_low_as_it_can() -> None:
    assert type(real(3).exact) is fmpq
    assert type((real(log(2)) - log(2) + 1).exact) is fmpq
    assert type(real(log(2)).exact) is LogLinear
    assert type(real(E).exact) is ExpRatio
    assert real(E - E).exact == 0
    assert type(real_log(E**2).exact) is fmpq
    assert real_log(E**2) == 2
    assert real_log(8).exact == 3 * log(2)
    assert real_log(ExpRatio(2 * E, 3 * SQRT2)).exact == log(2) / 2 + 1 - log(3)
    assert real_log(1 + E).exact is None
    assert (real_log(1 + E) - real_log(1 + E)).exact == 0
    assert real(E * E).exact == E**2
    assert (real(log(2)) * log(2)).exact is None
    assert PI.exact is None


def test_identities_that_hold_atom_by_atom_are_decided() -> None:
    z = 1 + E
    p = ExpRatio(E, z)
    assert real_log(p) == 1 - real_log(z)
    assert real_log(2 * z) == log(2) + real_log(z)
    assert real_log(z * exp("3/2 + 1/2*log(2)")) == real_log(z) + fmpq(3, 2) + log(2) / 2
    assert (real(log(2)) + 1) ** 2 == real(log(2)) * log(2) + 2 * log(2) + 1
    assert PI * PI - PI**2 == 0
    assert real_log(p) * 3 < 0
    assert (PI + 1) * (PI - 1) == PI**2 - 1


def test_logs_of_sums_with_negative_terms() -> None:
    for s in (E - 1, SQRT2 - 1, 3 - E, exp(2) - E - 1, exp(-1) * 5 - 1, SQRT2 * E - exp("1/2") * 2):
        with ctx.workprec(300):
            direct = s.enclosure(300).log()
            assert (real_log(s).enclosure(300) - direct).contains(0)
            assert abs(real_log(s).enclosure(300) - direct) < arb(2) ** -200
        assert real_log(s * 5) - log(5) == real_log(s)
        assert real_log(s * exp(-7)) + 7 == real_log(s)
    for bad in (0, -1, 1 - E, exp_ratio(0), -E):
        with pytest.raises(BadNumber, match="the argument must be positive"):
            real_log(bad)
    with pytest.raises(BadNumber, match="the argument must be positive"):
        real_log(-(10**5000))


def test_integers_that_are_not_factored() -> None:
    assert real_log(BIG).exact is None
    assert real_log(BIG) + real_log(2**107 - 1) == real_log(BIGGER) + real_log(2**127 - 1)
    assert (real_log(BIG) + log(2**107 - 1) - real_log(BIGGER) - log(2**127 - 1) - 1).sign() == -1
    assert real_log(BIG) != real_log(BIGGER)
    assert real_log(BIG**2 * 3) == 2 * real_log(BIG) + log(3)
    assert real_log(fmpq(BIG, BIGGER)) == log(2**127 - 1) - log(2**107 - 1)
    assert real_log(BIG) != 150
    assert real_log(BIG) > 149
    assert str(real_log(BIG)) == f"log({BIG})"
    assert len(str(real_log(10**5000 + 9))) > 4000  # Python's own str() of such an int raises


def test_undecided() -> None:
    with precision_cap(300), pytest.raises(Undecided, match="undecided at 300 bits"):
        real(PI / 2 - enclosed(_half_pi)).sign()
    with precision_cap(300), pytest.raises(Undecided, match="undecided at 300 bits"):
        real_max([PI / 2, enclosed(_half_pi)])
    assert enclosed(_half_pi) + fmpq(1, 10**100) > PI / 2


def _half_pi(prec: int) -> arb:
    with ctx.workprec(prec):
        return arb(1).atan() * 2


def _nothing(prec: int) -> arb:
    return arb(0, arb(2) ** -prec)


def test_powers_of_an_atom_whose_ball_contains_zero() -> None:
    nothing = enclosed(_nothing)
    assert (nothing**2).enclosure(64).is_finite()
    assert 0 < nothing**2 + 1 < 2
    assert -1 < nothing**3 * 5 < 1


def test_division_and_powers() -> None:
    x = real(log(2)) + PI
    assert x / E * E == x
    assert x / real(E) == x / E
    assert 1 / real(4) == fmpq(1, 4)
    assert log(2) / real(2) == log(2) / 2
    assert E / real(2) == E / 2
    assert x**0 == 1
    assert real(2) ** -2 == fmpq(1, 4)
    with pytest.raises(ZeroDivisionError):
        x / 0
    with pytest.raises(ZeroDivisionError):
        x / (PI - PI)


def test_the_terms_cannot_be_changed() -> None:
    with pytest.raises(TypeError, match="does not support item assignment"):
        PI.terms[frozenset()] = exp_ratio(1)  # type: ignore[index]  # wrong on purpose
    with pytest.raises(TypeError, match="not hashable"):
        hash(real(1))


def test_max_and_min() -> None:
    values: list[Number] = [real(1), log(3), E, PI, fmpq(-1, 2), real_log(1 + E)]
    assert real_max(values) == PI
    assert real_min(values) == fmpq(-1, 2)
    assert real_max([2]) == 2
    assert real_max([PI, PI]) == PI


def test_long_sums_are_linear() -> None:
    values = [real_log(fmpq(k, k + 1)) * fmpq(1, 7) for k in range(1, 2000)]
    assert real_sum(values).exact == -log(2000) / 7
    z = exp_sum((1, fmpq(k, 3)) for k in range(50))
    assert real_sum(real(ExpRatio(exp(fmpq(k, 3)), z)) for k in range(50)) == 1
    assert real_sum([]) == 0


numbers = st.one_of(rationals(), loglinears, expratios, positive_expsums.map(real_log))


@given(numbers, numbers, numbers)
def test_commutative_ring(a: Real, b: Real, c: Real) -> None:
    x, y, z = real(a), real(b), real(c)
    for left, right in (
        (x + y, y + x),
        (x * y, y * x),
        ((x + y) + z, x + (y + z)),
        (x * (y + z), x * y + x * z),
        ((x - y) + y, x),
        (real_sum([x, y, z, x]), x + y + z + x),
        (1 - x, -(x - 1)),
    ):
        assert left == right
        assert not (left - right).terms
    assert (x - x).exact == 0


@given(loglinears, expratios, positive_expsums, rationals())
def test_value_agrees_with_mpmath(a: LogLinear, b: ExpRatio, s: ExpSum, q: fmpq) -> None:
    number = real(a) * b + real_log(s) * q - real(a) * a
    with mpmath.workdps(2 * DIGITS):
        x, y, z = mp_loglinear(a), mp_expsum(b.numerator) / mp_expsum(b.denominator), mpmath.log(mp_expsum(s))
        value = x * y + z * int(q.p) / int(q.q) - x * x
        assert inside(number.enclosure(64), value)
        assert inside(number.enclosure(400), value)
        if abs(value) > mpmath.mpf(10) ** -DIGITS:
            assert number.sign() == mpmath.sign(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (real_log(1 + E) * (1 + E) + 2, "2 + (1 + exp(1))*log(1 + exp(1))"),
        (real(log(2)) * -E, "-exp(1)*log(2)"),
        (real(log(11)) - log(2), "-log(2) + log(11)"),
        (real(1 - E) - log(2) / 2, "1 - exp(1) - 1/2*log(2)"),
        (real_log(3) * ExpRatio(1 - E, 2 + E), "(1/2 - 1/2*exp(1))/(1 + 1/2*exp(1))*log(3)"),
        (real(0), "0"),
    ],
)
def test_texts(value: Real, text: str) -> None:
    assert str(value) == text


def test_the_text_does_not_show_how_a_number_was_built() -> None:
    parts = [real(log(3)), real_log(1 + E), real(fmpq(1, 2)), -real(log(2))]
    assert str(real_sum(parts)) == str(real_sum(parts[::-1])) == "1/2 - log(2) + log(3) + log(1 + exp(1))"


@given(positive_expsums, rationals(), loglinears)
def test_sums_with_a_ratio_of_one_term_have_one_atom(s: ExpSum, q: fmpq, exponent: LogLinear) -> None:
    factor = q**2 + 1
    difference = real_log(s * exp_sum([(factor, exponent)])) - real_log(s)
    assert difference == log(factor) + exponent
    assert difference.exact is not None


def test_the_term_of_reference_goes_along() -> None:
    # 1 + sqrt(2)/4 is (sqrt(2)/4) (1 + 2 sqrt(2)); the factor puts the radicals in the other order
    assert (real_log(1 + SQRT2 / 4) - real_log(1 + 2 * SQRT2)).exact == log(2) * fmpq(-3, 2)
    # negative terms are passed over
    s = E * SQRT2 - 1 - SQRT2
    assert (real_log(s * SQRT2) - real_log(s)).exact == log(2) / 2


@given(st.integers(1, 10**9), st.integers(1, 10**9), rationals())
def test_log_linear_reals_are_decided(m: int, n: int, q: fmpq) -> None:
    x = real_log(m) * q - real_log(n)
    assert x.exact == log(m) * q - log(n)
    assert x.sign() == (log(m) * q - log(n)).sign()
    assert real_log(m * n) == log(m) + real_log(n)


def _written(value: Real) -> Real:
    """Return the number without the log-linear one that it was made of."""
    return Real(dict(value.terms))


@given(loglinears, loglinears, rationals())
def test_log_linear_reals_are_those_that_are_made_of_terms(a: LogLinear, b: LogLinear, q: fmpq) -> None:
    x, y = real(a), real(b)
    for quick, slow in (
        (x + y, _written(x) + _written(y)),
        (x - y, _written(x) - _written(y)),
        (-x, -_written(x)),
        (x * q, _written(x) * q),
        (x + q, _written(x) + q),
        (real_sum([x, q, y]), real_sum([_written(x), q, _written(y)])),
        (real_sum([x, E, y]), real_sum([_written(x), E, _written(y)])),
    ):
        assert quick.terms == slow.terms
        assert (str(quick), quick.rational, quick.sign()) == (str(slow), slow.rational, slow.sign())
        assert (quick.exact, quick.is_decided, quick.is_irrational) == (slow.exact, slow.is_decided, slow.is_irrational)
        assert str(quick.enclosure(64)) == str(slow.enclosure(64))
        again = pickle.loads(pickle.dumps(quick))  # noqa: S301 - made here
        assert again.terms == quick.terms
    assert real_exp(x) == real_exp(_written(x))
    assert (x < y, x == y) == (a < b, a == b)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_logarithms_of_rationals_are_log_linear(p: int, q: int) -> None:
    value = fmpq(p, q)
    assert real_log(value).linear == log(value)


def test_logarithms_that_are_not_factored_are_not_log_linear() -> None:
    assert real_log(BIG).linear is None
    assert (real_log(BIG) - real_log(BIG)).linear == 0
    assert real_log(BIG) - real_log(BIGGER) > 0


def test_a_cap_below_the_first_precision_holds() -> None:
    difference = PI - fmpq(31416, 10000)
    assert difference.sign() == -1
    with precision_cap(8), pytest.raises(Undecided, match="undecided at 8 bits"):
        difference.sign()
