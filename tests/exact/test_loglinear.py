"""Log-linear numbers."""

import re
from fractions import Fraction

import mpmath
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.exact import BadNumber, InexactInput, LogLinear, Undecided, log, loglinear, real_log
from reference.exact.log_linear import factored
from tests.exact.tower import DIGITS, inside, loglinears, mp_loglinear, rationals


def test_hand_worked() -> None:
    assert log(12) == 2 * log(2) + log(3)
    assert log("3/5") == log(3) - log(5)
    assert log(1) == 0
    assert log("9/16") / 2 == log(3) - 2 * log(2)
    assert log("2/3") == LogLinear(fmpq(0), ((2, fmpq(1)), (3, fmpq(-1))))
    assert log(8) / 3 - log(2) == 0
    assert log(6) != log(5)
    assert log(2) < fmpq(7, 10) < log(2) + fmpq(1, 100)
    assert log(2**10) < log(1025)
    assert 1 - log(2) == -(log(2) - 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1/2 + 3*log(2) - log(3/5)", fmpq(1, 2) + 3 * log(2) - log(fmpq(3, 5))),
        ("-log(2)", -log(2)),
        ("+log( 4 )", 2 * log(2)),
        (" 2 * log(2)-1/2 ", 2 * log(2) - fmpq(1, 2)),
        ("log(2)+log(2)", 2 * log(2)),
        ("1e-5 + log(2)", log(2) + fmpq(1, 10**5)),
        ("1e-5*log(2)", log(2) * fmpq(1, 10**5)),
        ("1E+2 - 2.5*log(0.5)", 100 + fmpq(5, 2) * log(2)),
        ("0*log(7)", 0),
        ("1/2", fmpq(1, 2)),
        ("- 1/2 - log(2)", -log(2) - fmpq(1, 2)),
    ],
)
def test_reads(text: str, value: LogLinear | fmpq | int) -> None:
    assert loglinear(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "log()",
        "log(2",
        "log 2",
        "log(2) log(3)",
        "log(2)*3",
        "2*3*log(2)",
        "log(log(2))",
        "+-log(2)",
        "log(2)+",
        "x*log(2)",
        "log(1/0)",
        "log(0)",
        "log(-2)",
        "ln(2)+log(2)",
        "log(2)) ",
        "2log(2)",
        "exp(log(2))",
        "log(2) 1",
        "nan*log(2)",
        "log(\u0663)",
        "\u0663*log(2)",
        "log(2)/",
        "log(2)/1.5",
        "log(2)/log(3)",
        "log(2)/3/4",
        "log(2)/0",
        "log(nan)",
        "1//2*log(2)",
        "log(2)+log(1e99999)",
        "1 2*log(2)",
    ],
)
def test_refuses_text(text: str) -> None:
    with pytest.raises(BadNumber) as caught:
        loglinear(text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


def test_refuses_values_and_sizes() -> None:
    with pytest.raises(InexactInput, match=r"0\.5 is a float"):
        loglinear(0.5)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(BadNumber, match="positive"):
        log(0)
    with pytest.raises(BadNumber, match="positive"):
        log("-1/2")
    with pytest.raises(BadNumber, match="at most 10000 are read"):
        loglinear("log(2)" + "+log(2)" * 10**6)
    with pytest.raises(BadNumber, match="at most 10000 are read"):
        loglinear("log(2) +" + " " * 10**6 + "!")
    with pytest.raises(TypeError):
        log(2) * log(2)  # type: ignore[operator]  # leaves the tower
    with pytest.raises(ZeroDivisionError):
        log(2) / 0


def test_factoring() -> None:
    assert factored(360) == ((2, 3), (3, 2), (5, 1))
    assert factored(1) == ()
    prime = 2**127 - 1
    assert factored(prime**2 * 7) == ((7, 1), (prime, 2))
    assert factored((2**61 - 1) * (2**31 - 1)) == ((2**31 - 1, 1), (2**61 - 1, 1))
    # FLINT 3.6 gives this prime twice
    assert factored(33181 * 79231**2 * 92863) == ((33181, 1), (79231, 2), (92863, 1))
    assert real_log(33181 * 79231**2 * 92863) == log(33181) + log(79231) * 2 + log(92863)
    square_times_prime = (2**31 - 1) ** 2 * (2**61 - 1)
    assert factored(square_times_prime) == ((2**31 - 1, 2), (2**61 - 1, 1))
    assert factored(square_times_prime**2 * 5) == ((5, 1), (2**31 - 1, 4), (2**61 - 1, 2))
    with pytest.raises(Undecided, match="a part of 216 bits that is not factored; use real_log"):
        factored((2**127 - 1) * (2**89 - 1))
    with pytest.raises(BadNumber, match="positive"):
        log("-" + "7" * 9000)
    assert log("1e10000") == 10000 * (log(2) + log(5))


def test_floor_and_ceil_are_exact_at_rationals() -> None:
    for n in (-3, 0, 5):
        x = loglinear(n)
        assert (x.floor(), x.ceil()) == (n, n)
    assert (loglinear("7/2").floor(), loglinear("7/2").ceil()) == (3, 4)
    assert (loglinear("-7/2").floor(), loglinear("-7/2").ceil()) == (-4, -3)
    assert (log(8).floor(), log(8).ceil()) == (2, 3)  # 2.079
    assert ((-log(8)).floor(), (-log(8)).ceil()) == (-3, -2)
    assert (log(2) * 10**60).floor() == 693147180559945309417232121458176568075500134360255254120680


@given(loglinears)
def test_text_round_trip(x: LogLinear) -> None:
    assert loglinear(str(x)) == x
    assert repr(x) == f"loglinear('{x}')"


@given(loglinears, loglinears, loglinears, rationals())
def test_vector_space(x: LogLinear, y: LogLinear, z: LogLinear, q: fmpq) -> None:
    assert (x + y) + z == x + (y + z)
    assert x + y == y + x
    assert (x + y).terms == (y + x).terms
    assert hash((x + y) + z) == hash(x + (y + z))
    assert (x + y) * q == x * q + y * q
    assert x - x == 0
    assert (x - x).terms == ()
    assert q * x == x * q
    assert x + q - q == x
    assert q - x == -(x - q)
    if q != 0:
        assert x * q / q == x


@given(loglinears)
def test_normal_form(x: LogLinear) -> None:
    shifted = (x + log(30)) - log(6) - log(5)
    assert [p for p, _ in shifted.terms] == sorted({p for p, _ in shifted.terms})
    assert all(a != 0 for _, a in shifted.terms)
    assert (shifted.constant, shifted.terms) == (x.constant, x.terms)


@given(loglinears, loglinears)
def test_order_agrees_with_mpmath(x: LogLinear, y: LogLinear) -> None:
    with mpmath.workdps(DIGITS):
        a, b = mp_loglinear(x), mp_loglinear(y)
        assert inside(x.enclosure(100), a)
        if abs(a - b) > mpmath.mpf(10) ** (10 - DIGITS):
            assert (x < y, x > y, x <= y, x >= y) == (a < b, a > b, a < b, a > b)
            assert x != y
        else:
            assert x == y
            assert not x < y
            assert x <= y
        assert x.floor() == int(mpmath.floor(a))
        assert x.ceil() == int(mpmath.ceil(a))
        assert (x - x.floor()).sign() >= 0


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_log_is_a_homomorphism(a: int, b: int) -> None:
    assert log(a * b) == log(a) + log(b)
    assert log(fmpq(a, b)) == log(a) - log(b)
    assert (log(a) < log(b)) == (a < b)


@pytest.mark.parametrize(
    ("text", "value"),
    [("log(2)/3", log(2) / 3), ("1 - 3*log(2)/4", 1 - log(2) * 3 / 4), ("log(5) / 2-1", log(5) / 2 - 1)],
)
def test_a_logarithm_may_be_divided_by_an_integer(text: str, value: LogLinear) -> None:
    assert loglinear(text) == value


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ln(3)", "log(3)"),
        ("2 log(3)", "2*log(3)"),
        ("\N{MINUS SIGN}2*log(3)", "-2*log(3)"),
        ("2\N{MIDDLE DOT}log(3)", "2*log(3)"),
    ],
)
def test_what_was_perhaps_meant(text: str, meant: str) -> None:
    with pytest.raises(BadNumber, match=re.escape(f"; did you mean '{meant}'?")):
        loglinear(text)
    loglinear(meant)


LOG2, LOG3, LOG5 = log(2), log(3), log(5)


@pytest.mark.parametrize(
    ("left", "right", "primes"),
    [
        (LOG2, loglinear(3), (2,)),  # one side without logarithms
        (loglinear(3), LOG2, (2,)),
        (LOG2, LOG3 + LOG5, (2, 3, 5)),  # all of one side first
        (LOG3 + LOG5, LOG2, (2, 3, 5)),
        (LOG2 + LOG5, LOG3, (2, 3, 5)),  # neither
        (LOG2 + LOG3, LOG3 + LOG5, (2, 3, 5)),
        (LOG2 + LOG3, LOG2 + LOG3, (2, 3)),  # the same primes
        (LOG2 + LOG3, LOG2 - LOG3, (2,)),  # one of them cancels
        (LOG2 + LOG3, -LOG2 - LOG3, ()),
        (LOG2 + LOG5, LOG3 - LOG5, (2, 3)),
    ],
)
def test_sums_have_their_primes_in_order(left: LogLinear, right: LogLinear, primes: tuple[int, ...]) -> None:
    total = left + 1 + right
    assert tuple(p for p, _ in total.terms) == primes
    assert left - -right == total - 1
    assert total - right == left + 1
    with mpmath.workdps(DIGITS):
        assert inside(total.enclosure(300), mp_loglinear(left) + mp_loglinear(right) + 1)


@given(loglinears, rationals(), rationals())
def test_order_of_numbers_with_the_same_logarithms_is_that_of_the_constants(value: LogLinear, a: fmpq, b: fmpq) -> None:
    one, other = value + a, value + b
    found = (one < other, one <= other, one > other, one >= other, one == other)
    assert found == (a < b, a <= b, a > b, a >= b, a == b)
    constant = LogLinear(a)
    assert (constant < b, constant <= b, constant > b, constant >= b) == (a < b, a <= b, a > b, a >= b)
    assert (constant > int(b.p), b < constant) == (a > b.p, b < a)
    assert one - other == a - b


def test_numbers_without_logarithms_refuse_floats() -> None:
    for value in (loglinear(1), LOG2):
        with pytest.raises(InexactInput):
            assert value < 0.5
    assert loglinear("1/2") <= Fraction(1, 2)


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(2, 10**3))
def test_equal_numbers_have_equal_hashes(n: int, d: int, c: int) -> None:
    value = loglinear(fmpq(n, d))
    assert hash(value) == hash(fmpq(n, d))
    assert hash(log(c) * fmpq(n, d) + 1 - 1) == hash(log(c) * fmpq(n, d))
    assert hash(log(c) * fmpq(n, d)) != hash(log(c) * fmpq(n, d) + fmpq(1, d))
