"""Numbers of an answer: the nearest float, those below and above, decimals, and text that is read back."""

from fractions import Fraction
from math import inf, ldexp

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs_check.conformance.shadow import fractions_of
from reference.conformance.answers import (
    EXACT_INTEGERS,
    LONGEST,
    answer_of,
    exact_text,
    floats_of,
    formats_of,
    hex_text,
)
from reference.conformance.questions import exact_answer
from reference.conformance.vectors import Argument
from reference.exact import exp, log, real, real_log, to_decimal
from reference.exact.reals import enclosed
from reference.exact.text import read

FORMATS = {"binary64": (53, -1074, 1023), "binary32": (24, -149, 127), "bfloat16": (8, -133, 127)}


def neighbours(value: Fraction, precision: int, least: int, top: int) -> tuple[Fraction, Fraction, Fraction]:
    """Return nearest, below and above by integers alone; infinity is a large number here."""
    sign, size = (-1 if value < 0 else 1), abs(value)
    exponent = max(size.numerator.bit_length() - size.denominator.bit_length() - precision - 1, least)
    while size and Fraction(2) ** (exponent + precision) <= size:
        exponent += 1
    unit = Fraction(2) ** exponent
    below = size // unit * unit
    above = below if below == size else below + unit
    half = size - below, above - size
    even = (below / unit) % 2 == 0
    nearest = below if half[0] < half[1] or (half[0] == half[1] and even) else above
    largest = (Fraction(2) ** precision - 1) * Fraction(2) ** (top + 1 - precision)
    beyond = Fraction(2) ** (top + 1)
    below, above = (largest, beyond) if below > largest else (below, beyond if above > largest else above)
    nearest = beyond if size >= largest + Fraction(2) ** (top - precision) else nearest
    ends = sign * below, sign * above
    return sign * nearest, min(ends), max(ends)


def as_fraction(text: str, top: int) -> Fraction:
    value = float.fromhex(text)
    return Fraction(value) if abs(value) != inf else Fraction(2) ** (top + 1) * (1 if value > 0 else -1)


fractions = st.builds(
    lambda p, q, e: Fraction(p, q) * Fraction(2) ** e,
    st.integers(-(2**70), 2**70), st.integers(1, 2**60), st.integers(-160, 160),
)  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
@given(value=fractions)
@settings(max_examples=350)
def test_floats_are_those_that_integers_say(name: str, value: Fraction) -> None:
    found = floats_of(fmpq(value.numerator, value.denominator), name)  # type: ignore[arg-type]  # a format's name
    assert tuple(as_fraction(text, FORMATS[name][2]) for text in found) == neighbours(value, *FORMATS[name])


@given(value=st.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=300)
def test_numpy_rounds_to_binary32_alike_and_a_float_is_its_own_rounding(value: float) -> None:
    exact = fmpq(*value.as_integer_ratio())
    with np.errstate(over="ignore"):
        nearest = float(np.float32(value))
    assert float.fromhex(floats_of(exact, "binary32")[0]) == nearest
    assert [float.fromhex(text) for text in floats_of(exact, "binary64")] == [value] * 3


@given(value=st.floats(allow_nan=False))
def test_hex_texts_are_short_and_read_back(value: float) -> None:
    assert float.fromhex(hex_text(value)) == value
    assert len(hex_text(value)) <= len(value.hex())


def test_a_decimal_refines_where_256_bits_are_not_enough() -> None:
    answer = answer_of(real_log(1 + exp(-800)), ["binary64"], "1.000")
    assert answer.decimal is not None
    assert answer.decimal.startswith("3.66787458417768721345")
    assert answer.decimal.endswith("e-348")
    assert answer.binary64 == ["0x0p+0", "0x0p+0", "0x0.0000000000001p-1022"]


def test_a_mass_that_is_exactly_one_half_is_rational() -> None:
    given: dict[str, Argument] = {"pi": ["1/2", "1/2"], "f": ["3", "3"], "beta": "1", "M": "2", "N": 3}
    assert exact_answer("sampler_law", given) == [fmpq(1, 2), fmpq(1, 2)]


def test_an_enclosed_number_has_no_text_and_keeps_its_decimals() -> None:
    third = enclosed(lambda prec: real(fmpq(1, 3)).enclosure(prec))
    assert exact_text(third) is None
    assert exact_text(real(fmpq(1, 3))) == "1/3"
    assert answer_of(log(2), ["binary64"]).exact == "log(2)"


def test_a_long_text_is_left_out() -> None:
    assert exact_text(fmpq(10) ** LONGEST) is None
    assert exact_text(fmpq(10) ** (LONGEST - 1)) == "1" + "0" * (LONGEST - 1)


def test_integers_that_json_readers_would_round_are_text() -> None:
    assert answer_of(EXACT_INTEGERS - 1, []).value == 2**53 - 1
    assert answer_of(EXACT_INTEGERS, []).value == str(2**53)
    assert answer_of(True, []).value is True


def test_formats_are_derived_and_not_believed() -> None:
    assert formats_of([["1/2", "3"], 7, [1, 2]]) == ["binary64", "binary32", "bfloat16"]
    assert formats_of(["257"]) == ["binary64", "binary32"]
    assert formats_of([[["1/3"]]]) == []
    low = Fraction(1) - Fraction(1, 2**60)
    assert formats_of([str(low)]) == []
    assert formats_of([str(2**1024)]) == []
    assert formats_of([str(Fraction(ldexp(1.0, -1074)))]) == ["binary64"]


@given(value=fractions)
def test_text_is_read_back_as_the_same_number(value: Fraction) -> None:
    number = real(fmpq(value.numerator, value.denominator)) + real_log(1 + exp(1))
    text = exact_text(number)
    assert text is None or read(text) == number
    assert fractions_of(to_decimal(fmpq(7, 4)).text) == Fraction(7, 4)
