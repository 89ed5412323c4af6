"""Floats of a format: correctly rounded, against Python, numpy and mpmath."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from reference.exact import (
    ExpRatio,
    Undecided,
    enclosed,
    exp,
    log,
    rational,
    real,
    real_log,
    to_decimal,
    to_float,
    ulps,
)
from reference.exact.binary import BINARY_FORMATS, FormatName, Rounding
from tests.exact.tower import expratios, mp_expsum

FLOAT16 = st.integers(0, 0x7BFE).map(lambda bits: float(np.uint16(bits).view(np.float16)))
"""Non-negative finite numbers of binary16 but the largest."""

ROUNDINGS: tuple[Rounding, ...] = ("nearest-even", "nearest-away", "toward-zero", "up", "down")


def fractions(bits: int, exponents: int) -> st.SearchStrategy[Fraction]:
    whole = st.integers(1, 2**bits)
    return st.builds(
        lambda p, q, e, sign: Fraction(p, q) * Fraction(2) ** e * sign,
        whole, whole, st.integers(-exponents, exponents), st.sampled_from((-1, 1)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "format_", "rounding", "expected"),
    [
        ("1/10", "binary64", "nearest-even", 0.1),
        ("65519", "binary16", "nearest-even", 65504.0),
        ("65520", "binary16", "nearest-even", math.inf),  # half-way to what would be next, which is even
        ("65520", "binary16", "toward-zero", 65504.0),
        ("-65519", "binary16", "down", -math.inf),
        ("-65519", "binary16", "up", -65504.0),
        ("2049/2048", "binary16", "nearest-even", 1.0),  # a tie
        ("2049/2048", "binary16", "nearest-away", 1.0009765625),
        ("2051/2048", "binary16", "nearest-even", 1.001953125),
        ("257/256", "bfloat16", "nearest-even", 1.0),
        ("259/256", "bfloat16", "nearest-even", 1.015625),
        ("16777217", "binary32", "nearest-even", 16777216.0),
        ("9007199254740993", "binary64", "nearest-even", 9007199254740992.0),
        ("9007199254740993", "binary64", "up", 9007199254740994.0),
        ("0", "binary64", "up", 0.0),
    ],
)
def test_by_hand(value: str, format_: FormatName, rounding: Rounding, expected: float) -> None:
    assert to_float(rational(value), format_, rounding=rounding) == expected


def test_subnormal_numbers_are_rounded_once() -> None:
    least = fmpq(1) / fmpq(2) ** 1074
    assert [to_float(least * fmpq(k, 4)) / 5e-324 for k in range(9)] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert to_float(exp(-745)) == 5e-324
    assert to_float(exp(-746)) == 0.0
    assert to_float(exp(-746), rounding="up") == 5e-324
    assert to_float(exp(-(10**7))) == 0.0
    assert to_float(exp(-103), "binary32") == 2.0**-149  # e^-103 = 1.34 units


def test_signs_of_zero_and_infinity() -> None:
    assert [math.copysign(1, to_float(value)) for value in (exp(-800), -exp(-800), fmpq(0))] == [1, -1, 1]
    assert [to_float(value) for value in (exp(800), -exp(800))] == [math.inf, -math.inf]
    assert to_float(-real(exp(10**6)), rounding="toward-zero") == -1.7976931348623157e308


@given(fractions(64, 1100))
def test_binary64_is_what_python_rounds_quotients_to(q: Fraction) -> None:
    try:
        expected = q.numerator / q.denominator
    except OverflowError:
        expected = math.inf if q > 0 else -math.inf
    found = to_float(rational(q))
    assert found == expected
    assert math.copysign(1, found) == math.copysign(1, expected)


@given(FLOAT16, st.booleans(), st.integers(-1, 1))
def test_ties_of_binary16_are_those_of_numpy(low: float, negative: bool, aside: int) -> None:  # noqa: FBT001 - drawn
    high = float(np.nextafter(np.float16(low), np.float16(np.inf)))
    middle = (Fraction(low) + Fraction(high)) / 2 + aside * (Fraction(high) - Fraction(low)) / 2**20
    value = -middle if negative else middle
    assert to_float(rational(value), "binary16") == float(np.float16(float(value)))  # middle is exact in binary64
    ends = sorted((-low, -high)) if negative else [low, high]
    assert [to_float(rational(value), "binary16", rounding=r) for r in ("down", "up")] == ends


@given(fractions(40, 140))
def test_binary32_is_as_near_as_any_neighbour(q: Fraction) -> None:
    found = to_float(rational(q), "binary32")
    if math.isinf(found):
        assert abs(q) > Fraction(float(np.finfo(np.float32).max))
        return
    single = np.float32(found)
    assert float(single) == found
    sides = [np.nextafter(single, np.float32(side)) for side in (-np.inf, np.inf)]
    others = [Fraction(float(other)) for other in sides if np.isfinite(other)]
    assert all(abs(Fraction(found) - q) <= abs(other - q) for other in others)


@given(fractions(30, 150), st.sampled_from(tuple(BINARY_FORMATS)), st.sampled_from(ROUNDINGS))
def test_every_rounding_is_next_to_the_number_and_on_its_side(
    q: Fraction, format_: FormatName, rounding: Rounding
) -> None:
    down, found, up = (to_float(rational(q), format_, rounding=r) for r in ("down", rounding, "up"))
    assert down <= found <= up
    assert found in {down, up}
    assert down == -math.inf or Fraction(down) <= q
    assert up == math.inf or q <= Fraction(up)
    if math.isfinite(up) and math.isfinite(down):
        assert (down == up) == (Fraction(down) == q)
        assert ulps(down, rational(q), format_) + ulps(up, rational(q), format_) == (0 if down == up else 1)


@given(expratios)
def test_exp_ratios_agree_with_mpmath(value: ExpRatio) -> None:
    with mpmath.workdps(60):
        expected = mp_expsum(value.numerator) / mp_expsum(value.denominator)
        assert abs(mpmath.mpf(float(value)) - expected) <= abs(expected) * 2**-53 + mpmath.mpf(10) ** -50


@given(st.integers(2, 10**6), st.integers(1, 10**6))
def test_logarithms_agree_with_mpmath(p: int, q: int) -> None:
    with mpmath.workdps(60):
        assert float(log(fmpq(p, q))) == float(mpmath.log(mpmath.mpf(p) / q))
        assert float(real_log(1 + exp(fmpq(p, q)) if p < 100 * q else exp(1))) > 0


def test_a_real_that_may_be_half_way_is_undecided() -> None:
    half_way = enclosed(_half_way)
    with pytest.raises(Undecided, match="rounds"):
        to_float(half_way)
    assert to_float(half_way, "binary32") == 1.0


@given(st.fractions(-750, 0))
@example(Fraction(-745))  # the least positive number
@example(Fraction(-74514, 100))  # nearer to 0
@example(Fraction(-7451, 10))  # nearer to the least positive number
@example(Fraction(-7085, 10))  # subnormal
@example(Fraction(-1, 2**60))  # nearer to 1 than to the number before it
@example(Fraction(-1, 2**53))  # 1 - 2^-53 + 2^-107: the number before 1
@example(Fraction(0))
def test_exponentials_are_nearer_than_to_any_neighbour(value: Fraction) -> None:
    exact = rational(value)
    found = to_float(exp(exact))
    with ctx.workprec(2000):
        distance = abs(arb(exact).exp() - arb(found))
        neighbours = [math.nextafter(found, way * math.inf) for way in (-1, 1)]
        assert all(distance < abs(arb(exact).exp() - arb(other)) for other in neighbours)


def _half_way(prec: int) -> arb:
    with ctx.workprec(2 * prec):
        return arb(fmpq(2**53 + 1, 2**53)) + arb(0, fmpq(1, 2**prec))


def test_ulps_by_hand() -> None:
    assert ulps(1.0, rational("1")) == 0
    assert ulps(math.nextafter(1, 2), rational("1")) == 1
    assert ulps(math.nextafter(1, 0), rational("1")) == fmpq(1, 2)  # below a power of 2 floats are twice as dense
    assert ulps(0.0, fmpq(1) / fmpq(2) ** 1074) == 1
    assert ulps(math.inf, exp(800)) == 0
    assert ulps(math.inf, fmpq(2) ** 1023) == fmpq(2) ** 52
    assert ulps(1.0078125, rational("1"), "bfloat16") == 1
    assert ulps(np.float32(0.1), rational("1/10"), "binary32") < fmpq(1, 2)  # type: ignore[arg-type]  # numpy's, whose types know it not


@given(fractions(50, 900))
def test_what_is_rounded_to_nearest_is_within_half_a_unit(q: Fraction) -> None:
    assert ulps(to_float(rational(q)), rational(q)) <= fmpq(1, 2)


def test_bad_input_is_refused_in_one_line() -> None:
    with pytest.raises(ValueError, match=r"^format 'float64'; one of binary64, binary32, binary16, bfloat16$"):
        to_float(1, "float64")  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ValueError, match=r"^rounding 'even'; one of nearest-even, .*, down$"):
        to_float(1, rounding="even")  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ValueError, match="NaN is not a number"):
        ulps(math.nan, fmpq(1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{log(2):.3f}", "0.693"),
        (f"{log(2):.0000003f}", "0.693"),
        (f"{-log(2):+.1%}", "-69.3%"),
        (f"{exp(1):.5e}", "2.71828e+0"),
        (f"{exp(1):10.2f}|", "      2.72|"),
        (f"{exp(1):010.2f}", "0000002.72"),
        (f"{real(fmpq(5, 2)):.0f} {real(fmpq(7, 2)):.0f}", "2 4"),  # ties to even
        (f"{real(fmpq(1, 2)):f}", "0.500000"),
        (f"{exp(20):,.1f}", "485,165,195.4"),
        (f"{log(2):.3}", "0.693"),
        (f"{exp(1)}", "exp(1)"),
        (f"{log(2):>8}", "  log(2)"),
        (f"{-exp(-9):.2f}", "-0.00"),
    ],
)
def test_format_strings(text: str, expected: str) -> None:
    assert text == expected


@given(fractions(40, 60), st.integers(0, 20))
def test_digits_are_those_of_the_fraction(q: Fraction, digits: int) -> None:
    assert Fraction(f"{real(rational(q)):.{digits}f}") == round(q * 10**digits) / Fraction(10**digits)


@pytest.mark.parametrize("spec", [".3e", "e", "+.2e", ".0e", ".2f", "f", ".3g", ".1%", "08.2f"])
def test_zero_is_written_as_python_writes_it(spec: str) -> None:
    assert format(real(0), spec).replace("e+0", "e+00") == format(0.0, spec)


def test_long_numbers_are_written_or_refused_at_once() -> None:
    assert f"{real(fmpq(1, 3)):.5000f}" == "0." + "3" * 5000
    assert f"{exp(20000):.0f}".startswith(to_decimal(exp(20000), 20).text.replace(".", "")[:19])
    for value, spec in ((exp(10**7), ".2f"), (log(2), ".99999999999999999999f"), (log(2), ".100000e")):
        with pytest.raises(ValueError, match="more than 9,990 digits"):
            format(value, spec)
    with pytest.raises(ValueError, match="a precision goes with"):
        format(log(2), ".3s")


def test_other_specifications_are_refused() -> None:
    with pytest.raises(ValueError, match="format"):
        f"{log(2):d}"


def test_comparison_between_classes_is_still_refused_as_such() -> None:
    with pytest.raises(TypeError, match=r"compare real\(a\) with real\(b\)"):
        _ = log(2) == exp(1)
