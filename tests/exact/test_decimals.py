"""Decimals: correctly rounded, and marked when rounded."""

import decimal
from fractions import Fraction

import mpmath
import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.exact import (
    ExpRatio,
    InexactInput,
    Number,
    Undecided,
    bracket,
    enclosed,
    exp,
    log,
    rational,
    real,
    real_log,
    to_decimal,
)
from reference.exact.decimals import floored
from reference.exact.number import refine_floor
from tests.exact.tower import expratios, mp_expsum

E = exp(1)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, 5, "0"),
        (1, 1, "1"),
        ("1/2", 3, "0.5"),
        ("-1/8", 3, "-0.125"),
        ("1/8", 2, "≈0.12"),  # a tie goes to the even digit
        ("3/8", 2, "≈0.38"),
        ("-1/8", 2, "≈-0.12"),
        ("5/2", 1, "≈2"),
        ("7/2", 1, "≈4"),
        ("1/3", 4, "≈0.3333"),
        ("2/3", 4, "≈0.6667"),
        ("999999/1000000", 3, "≈1.00"),  # a carry into a new digit
        ("-19999/10000", 3, "≈-2.00"),
        ("99/10", 1, "≈1e1"),
        ("95/100", 1, "≈1"),  # a tie that carries
        ("1000000", 3, "1000000"),
        ("1234567", 3, "≈1.23e6"),
        ("1234567", 7, "1234567"),
        ("12345678", 7, "≈1.234568e7"),
        ("1e15", 3, "1000000000000000"),
        ("1e16", 3, "1e16"),
        ("-1.5e20", 3, "-1.5e20"),
        ("1e-6", 3, "0.000001"),
        ("1e-7", 3, "1e-7"),
        ("1.25e-7", 2, "≈1.2e-7"),
        ("1e-10000", 3, "1e-10000"),
        ("100/3", 2, "≈33"),
    ],
)
def test_rationals(value: int | str, digits: int, text: str) -> None:
    found = to_decimal(rational(value), digits)
    assert str(found) == text
    assert found.exact == (not text.startswith("≈"))
    assert found.text == text.removeprefix("≈")
    assert str(to_decimal(real(rational(value)), digits)) == text
    assert str(to_decimal(ExpRatio(rational(value) * (E + 1), E + 1), digits)) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (log(2), 6, "≈0.693147"),
        (-log(2), 3, "≈-0.693"),
        (E, 20, "≈2.7182818284590452354"),
        (exp("1/2*log(2)"), 10, "≈1.414213562"),
        (ExpRatio(1, 1 + E), 5, "≈0.26894"),
        (real_log(1 + E), 7, "≈1.313262"),
        (exp(-1000), 4, "≈5.076e-435"),
        (exp(10**6), 4, "≈3.033e434294"),
        (exp(-(10**6)), 4, "≈3.297e-434295"),
        (exp(10), 3, "≈2.20e4"),
        (exp(10), 5, "≈22026"),
        (1 + exp(-200), 5, "≈1.0000"),
        (1 - exp(-200), 5, "≈1.0000"),
        (1 + exp(-(10**6)), 5, "≈1.0000"),
        (1 - exp(-(10**6)), 5, "≈1.0000"),
        (1 + exp(-50), 30, "≈1.00000000000000000000019287498"),
        (1 + exp(-50), 31, "≈1.000000000000000000000192874985"),
        (1 - exp(-50), 30, "≈0.999999999999999999999807125015"),
        (1 - exp(-50), 3, "≈1.00"),
        (10 - exp(-50), 3, "≈10.0"),
        (fmpq(5, 2) + exp(-200), 1, "≈3"),
        (fmpq(5, 2) - exp(-200), 1, "≈2"),
        (fmpq(7, 2) + exp(-9000), 1, "≈4"),
        (fmpq(5, 2) + exp(-9000), 1, "≈3"),  # decided beyond the cap: the answer is known to exist
    ],
)
def test_irrationals(value: Number, digits: int, text: str) -> None:
    found = to_decimal(value, digits)
    assert str(found) == text
    assert not found.exact


def test_cancellation_beyond_the_cap() -> None:
    with ctx.workprec(20000):
        below = fmpq((arb(1).exp() * arb(2) ** 10000).floor().unique_fmpz() or 0) / fmpq(2) ** 10000
    found = to_decimal(E - below, 3)
    assert found.text.endswith(("e-3011", "e-3010", "e-3012"))


def _third(prec: int) -> arb:
    with ctx.workprec(prec):
        return arb(1) / 3


def test_refusals() -> None:
    for digits in (0, -3, 10_001):
        with pytest.raises(ValueError, match=f"digits = {digits}: between 1 and 10000"):
            to_decimal(1, digits)
    with pytest.raises(InexactInput, match="is a float"):
        to_decimal(0.5)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(Undecided, match="undecided at 4096 bits"):
        to_decimal(enclosed(_third) - fmpq(1, 3))
    with pytest.raises(Undecided, match="undecided at 4096 bits: the digits of"):
        to_decimal(enclosed(_third) * 3 + fmpq(1, 2), 1)  # a tie that nobody knows to be one


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6), st.integers(1, 12))
def test_rationals_agree_with_the_decimal_module(p: int, q: int, digits: int) -> None:
    context = decimal.Context(prec=digits, rounding=decimal.ROUND_HALF_EVEN)
    quotient = context.divide(decimal.Decimal(p), decimal.Decimal(q))
    found = to_decimal(fmpq(p, q), digits)
    assert decimal.Decimal(found.text) == quotient
    assert found.exact == (quotient * q == p and len(str(p)) < 20)
    assert rational(found.text) == fmpq(p, q) or not found.exact


@given(expratios, st.integers(1, 30))
def test_irrationals_agree_with_mpmath(x: ExpRatio, digits: int) -> None:
    found = to_decimal(x, digits)
    with mpmath.workdps(100):
        value = mp_expsum(x.numerator) / mp_expsum(x.denominator)
        error = abs(mpmath.mpf(found.text) - value)
        assert error <= abs(value) * mpmath.mpf(10) ** (1 - digits) / 2 * (1 + mpmath.mpf(10) ** -60)
    if not found.exact and found.text.lstrip("-").startswith("0.") is False and "e" not in found.text:
        assert len(found.text.lstrip("-").replace(".", "")) == digits


@given(st.fractions(-30, 30, max_denominator=9).filter(bool), st.integers(0, 25), st.integers(1, 12))
def test_digits_that_are_known_from_a_floor(q: Fraction, places: int, digits: int) -> None:
    value = exp(rational(q))
    units = refine_floor(value * 10**places, decidable=True)
    assert floored(units, places, digits) == (bracket(value, digits) if units >= 10**digits else None)


def test_a_floor_that_ends_in_nines() -> None:
    assert floored(9996, 2, 3) == ("100", "99.9", "100")
    assert floored(9996, 0, 3) == ("1.00e4", "9.99e3", "1.00e4")
    assert floored(99951, 0, 4) == ("9.995e4", "9.995e4", "9.996e4")


@pytest.mark.parametrize("digits", [4_000, 4_001, 4_301, 10_000])
def test_more_digits_than_python_writes_of_an_integer(digits: int) -> None:
    assert bracket(fmpq(1, 3), digits) == (f"0.{'3' * digits}", f"0.{'3' * digits}", f"0.{'3' * (digits - 1)}4")
    assert bracket(fmpq(-200, 3), digits).upper == f"-66.{'6' * (digits - 2)}"
    with mpmath.workdps(digits + 20):
        assert to_decimal(exp(-1), digits).text == mpmath.nstr(mpmath.exp(-1), digits)
