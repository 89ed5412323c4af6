"""Rational numbers at the door."""

import decimal
import re
import time
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq, fmpz
from hypothesis import given
from hypothesis import strategies as st

from reference.exact import BadNumber, InexactInput, rational, rational_text
from reference.exact.rational_numbers import MAX_DIGITS, MAX_EXPONENT, ceiling, floor, quotient_text, rational_sign
from tests.exact.tower import fmpq_of, fractions

big_fractions = st.builds(Fraction, st.integers(-(10**40), 10**40), st.integers(1, 10**40))


@pytest.mark.parametrize(
    ("value", "p", "q"),
    [
        (3, 3, 1),
        ("3", 3, 1),
        ("-3/6", -1, 2),
        ("+3/4", 3, 4),
        ("0.125", 1, 8),
        ("-0.5", -1, 2),
        ("-.5", -1, 2),
        ("5.", 5, 1),
        ("1e-6", 1, 10**6),
        ("1.5E+2", 150, 1),
        ("-0", 0, 1),
        ("  7/2\n", 7, 2),
        (Fraction(6, 8), 3, 4),
        (fmpq(6, 8), 3, 4),
        (fmpz(-5), -5, 1),
    ],
)
def test_reads(value: int | str | Fraction | fmpq | fmpz, p: int, q: int) -> None:
    read = rational(value)
    assert type(read) is fmpq
    assert (int(read.p), int(read.q)) == (p, q)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ".",
        "+",
        "-",
        "e5",
        ".e5",
        "/2",
        "1/",
        "1/-2",
        "1/2/3",
        "1 /2",
        "1_000",
        "0x10",
        "1,5",
        "--1",
        "nan",
        "inf",
        "Infinity",
        "\u0663/4",
        "\uff11",
        "\u00bd",
        "\u22121",
        "1e",
        "1e5.0",
        "1.2/3",
        "1e2/3",
        "log(2)",
        "0b1",
        "1 2",
        "\x001",
    ],
)
def test_refuses_text(text: str) -> None:
    with pytest.raises(BadNumber, match=r"is not an exact number; write an integer, a fraction"):
        rational(text)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (0.1, r"^0\.1 is a float, of value 3602879701896397/36028797018963968; if you mean that, pass Fraction"),
        (np.float64(0.1), r"^0\.1 is a float, of value 3602879701896397/"),
        (float("nan"), r"^nan is not a number; write a finite"),
        (np.float64("nan"), r"^nan is not a number"),
        (float("-inf"), r"^-inf is not a number"),
        (np.float32("inf"), r"^inf is not a number"),
        (np.longdouble("0.5"), r"longdouble is not taken for exact; pass an int"),
        (True, r"^True is a truth value, not a number; write 0 or 1"),
        (None, r"^None of type NoneType is not taken for exact"),
        (1j, r"complex is not taken for exact"),
        (decimal.Decimal("0.1"), r"Decimal is not taken for exact"),
        (b"3", r"bytes is not taken for exact"),
        ([0] * 10**5, r"^\[0, 0.{0,60}\.\.\. of type list"),
    ],
)
def test_refuses_values(value: object, message: str) -> None:
    with pytest.raises(InexactInput, match=message) as caught:
        rational(value)  # type: ignore[arg-type]  # wrong on purpose
    assert len(str(caught.value)) < 200
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize(
    ("value", "kind", "of", "itself", "decimal_meant"),
    [
        (0.1, "float", "3602879701896397/36028797018963968", "0.1", "0.1"),
        # made from 24 bits
        (0.09003057330846786, "float", "12083699/134217728", "0.09003057330846786", "0.09003057330846786"),
        (5e-324, "float", "1/2^1074", "5e-324", "5e-324"),
        (-1e300, "float", "-1681218273811815*2^946", "-1e+300", "-1e+300"),
        (np.float32("0.1"), "float32", "13421773/134217728", "0.10000000149011612", "0.1"),
        (np.float16("65504"), "float16", "65504", "65504.0", str(np.float16("65504"))),  # as numpy writes it
    ],
)
def test_the_advice_names_the_value_of_a_float_and_apart_from_it_the_decimal(
    value: object, kind: str, of: str, itself: str, decimal_meant: str
) -> None:
    assert refusal(value) == (
        f"{decimal_meant} is a {kind}, of value {of}; if you mean that, pass Fraction({itself}); "
        f"if you mean {decimal_meant}, pass the text '{decimal_meant}'"
    )


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        (0.5, "0.5 is a float, of value 1/2; pass Fraction(0.5) or the text '0.5'"),
        (-0.0, "-0.0 is a float, of value 0; pass Fraction(-0.0) or the text '-0.0'"),
        (np.float32("0.5"), "0.5 is a float32, of value 1/2; pass Fraction(0.5) or the text '0.5'"),
    ],
)
def test_where_a_float_is_the_decimal_the_advice_is_shorter(value: object, advice: str) -> None:
    assert refusal(value) == advice


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_who_follows_the_advice_for_a_float_gets_what_it_promises(value: float) -> None:
    follow_the_advice(value, Fraction(value))


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_who_follows_the_advice_for_a_narrow_float_gets_what_it_promises(value: float) -> None:
    follow_the_advice(np.float32(value), Fraction(value))


def follow_the_advice(value: object, exact: Fraction) -> None:
    """Take the printed advice at its word: the value it names, ``Fraction(...)``, and the text."""
    advice = refusal(value)
    assert len(advice) < 220
    assert "\n" not in advice
    found = re.fullmatch(r"(.*) is a \w+, of value (\S+); .*pass Fraction\((.*?)\).* the text '(.*)'", advice)
    assert found is not None
    assert found[1] == found[4]
    named = re.fullmatch(r"(-?\d+)(?:/2\^(\d+)|\*2\^(\d+)|/(\d+))?", found[2])
    assert named is not None
    assert Fraction(int(named[1])) * 2 ** int(named[3] or 0) / 2 ** int(named[2] or 0) / int(named[4] or 1) == exact
    assert rational(Fraction(float(found[3]))) == fmpq_of(exact)
    decimal_meant = rational(found[4])
    assert decimal_meant == fmpq_of(Fraction(found[1]))
    assert ("if you mean" in advice) == (decimal_meant != fmpq_of(exact))


def refusal(value: object) -> str:
    """Return what is said to a value that is not taken."""
    with pytest.raises(InexactInput) as caught:
        rational(value)  # type: ignore[arg-type]  # wrong on purpose
    return str(caught.value)


@pytest.mark.parametrize("text", ["1/0", "0/0", "-5/000", "9" * 5000 + "/0"])
def test_zero_denominator(text: str) -> None:
    with pytest.raises(BadNumber, match="has denominator zero") as caught:
        rational(text)
    assert len(str(caught.value)) < 100


def test_size_limits() -> None:
    assert rational("9" * MAX_DIGITS) == fmpq(10) ** MAX_DIGITS - 1  # beyond the 4,300 digits of Python's int()
    assert rational(f"1e-{MAX_EXPONENT}") == fmpq(10) ** -MAX_EXPONENT
    start = time.monotonic()
    for text in ("9" * 10**8, " " * 10**8 + "1", "1/" + "3" * 10**8):
        with pytest.raises(BadNumber, match=f"characters; at most {MAX_DIGITS} are read"):
            rational(text)
    for text in (f"1e{MAX_EXPONENT + 1}", f"1e-{MAX_EXPONENT + 1}", "1e999999999999", "1e" + "9" * 5000):
        with pytest.raises(BadNumber, match=r"^decimal exponent .*; at most 10000 either way is read") as caught:
            rational(text)
        assert len(str(caught.value)) < 150
    assert time.monotonic() - start < 5  # generous: a numeral that is really read takes minutes


@given(big_fractions)
def test_agrees_with_fractions(value: Fraction) -> None:
    read = rational(str(value))
    assert read == fmpq_of(value) == rational(value)
    assert rational_text(read) == str(value)
    assert hash(read) == hash(value)


@given(st.integers(-(10**12), 10**12), st.integers(-30, 30))
def test_decimals_agree_with_fractions(digits: int, exponent: int) -> None:
    text = f"{digits}e{exponent}"
    assert rational(text) == fmpq_of(Fraction(text))


@given(st.one_of(fractions(), big_fractions))
def test_floor_and_ceiling(value: Fraction) -> None:
    assert floor(fmpq_of(value)) == value.__floor__()
    assert ceiling(fmpq_of(value)) == value.__ceil__()
    assert type(floor(fmpq_of(value))) is int


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = rational(text)
    except BadNumber as refused:
        assert "\n" not in str(refused)  # noqa: PT017  # either outcome is right; the message has one line
    else:
        assert read == fmpq_of(Fraction(text.strip()))


@given(big_fractions, st.integers(1, 10**30))
def test_the_text_of_a_quotient_is_that_of_the_number(value: Fraction, stretch: int) -> None:
    p, q = value.numerator, value.denominator
    assert quotient_text(p, q) == quotient_text(p * stretch, q * stretch) == rational_text(fmpq(p, q)) == str(value)


@given(fractions(3, 5))
def test_the_sign_is_that_of_the_fraction(q: Fraction) -> None:
    assert rational_sign(fmpq_of(q)) == (q > 0) - (q < 0)
